"""What `falsefront` alone says: what to do next, by what the database holds."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.report.standing import Standing

HINT = """\
falsefront finds out whether the sites on a résumé are what they claim to be.

  falsefront scan https://acmesoft.example            one address
  falsefront scan --resume cv.pdf --dry-run           what a résumé claims, to correct before anything is asked
  falsefront scan --case candidate.yaml               a case with claims and dates
  falsefront scan --dry-run --case candidate.yaml     what would be asked, and who would see it
  falsefront scan --world sample                      the sample cases, without any network
  falsefront doctor                                   what works from here

`falsefront --help` lists all commands, `falsefront COMMAND --help` explains one."""

WORDS = {
    "known": "known",
    "contradicted": "contradicted",
    "review": "for review",
    "not-enough": "too little seen",
    "nothing-found": "nothing found",
    "": "not judged yet",
}


def program() -> str:
    """How this program is called from here, for commands a person can copy."""
    called = Path(sys.argv[0])
    if called.suffix == ".py" or called.name in ("-c", "-m"):  # python -m, a test: nobody types that path
        return "falsefront"
    if shutil.which(called.name) or not called.is_file():
        return called.stem
    with contextlib.suppress(ValueError):
        return str(called.absolute().relative_to(Path.cwd()))
    return str(called)


def next_steps(database: Path, *, named: bool = False) -> str:
    """Where nothing was scanned yet, how to begin; else how the database stands and what to do with it. named: the
    database was given with --db, so that the commands shown name it too."""
    hint = HINT.replace("  falsefront", f"  {program()}").replace("`falsefront", f"`{program()}")
    if not database.exists():
        return hint
    # what a database needs is loaded where there is one: the first call of all answers at once
    from scanner.report.standing import standing
    from scanner.report.text import plain
    from scanner.store import Store, StoreError, readable

    try:
        with readable(database), Store(database, readonly=True) as store:
            stands = standing(store, datetime.now(UTC))
    except StoreError as error:
        return f"{plain(error)}\n\n{hint}"
    if not stands.cases:
        return f"{plain(database)} holds no case yet.\n\n{hint}"
    option = f" --db {shlex.quote(str(database))}" if named else ""
    return "\n".join(map(plain, _lines(stands, str(database), option)))


def _lines(stands: Standing, database: str, option: str) -> list[str]:
    """For a database that holds cases."""
    counts = ", ".join(
        f"{stands.levels[level]} {words}" for level, words in WORDS.items() if stands.levels.get(level)
    )
    cases = "1 case" if stands.cases == 1 else f"{stands.cases} cases"
    lines = [f"{database} holds {cases}: {counts}.", ""]
    if stands.first:
        lines.append("What needs a person first:")
        lines += [f"  {WORDS[level]:<14}{case}" for case, level in stands.first]
        lines.append("")
    case = stands.first[0][0] if stands.first else stands.newest
    steps = [(f"report {case} --format html{option}", "one page to read, print and pass on")]
    steps.append((f"browse --open{option}", "all of it in a browser"))
    if stands.due:
        steps.append((f"watch run{option}", f"{stands.due} watched {_cases(stands.due)} due"))
    steps.append((f"scan --case candidate.yaml{option}", "the next case"))
    width = min(50, max(len(command) for command, _ in steps))
    lines += [f"  {program()} {command:<{width}}  {words}" for command, words in steps]
    if stands.unfinished:
        lines += ["", f"{stands.unfinished} {_cases(stands.unfinished)} stopped before the end of the scan;"]
        lines[-1] += " the same scan command goes on within a day."
    if stands.partial:
        lines += ["", f"{stands.partial} {_cases(stands.partial)} missing the answer of some source;"]
        lines[-1] += " the same scan command asks those again within a day."
    return [*lines, "", f"`{program()} --help` lists all commands."]


def _cases(number: int) -> str:
    return "case is" if number == 1 else "cases are"
