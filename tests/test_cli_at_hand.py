"""What lies at hand: completion, colours, quiet, examples in every help, and what to do next."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from scanner.cli import COMMANDS, SHORT, group
from tests.bad_worlds.making import write_world

ROOT = Path(__file__).parents[1]
PROGRAM = Path(sys.executable).with_name("falsefront")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")

CASE = """case: c-1
claims:
- {role: employer, organisation: Young Firm, url: young.example, starts: 2010, ends: 2012}
"""
YOUNG = {
    "registration": {"created": "2023-01-01"},
    "site": "sites/firm",
    "archive": [{"at": "2023-02-01", "site": "sites/firm"}],
}
LATER = {"registration": {"via": "throttled"}, "site": "sites/firm"}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a world and `findings.db` of two cases: one contradicted, one with sources that were silent."""
    folder = tmp_path_factory.mktemp("at-hand")
    world = write_world(folder / "world", {"young.example": YOUNG, "later.example": LATER}, {})
    (folder / "c.yaml").write_text(CASE)
    for given in (["--case", str(folder / "c.yaml")], ["later.example"]):
        common = ["--world", str(world), "--db", str(folder / "findings.db")]
        done = CliRunner().invoke(group(), ["scan", *common, *given])
        assert done.exit_code == 0, done.output
    return folder


def falsefront(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program itself, with nothing of this machine's own colour settings."""
    settings = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env={**settings, "TERM": "xterm-256color", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


# ----------------------------------------------------------------------------------------------- what to do next


def test_without_a_database_the_first_call_says_how_to_begin(tmp_path: Path) -> None:
    told = falsefront(tmp_path)
    assert told.returncode == 0
    assert "scan --resume cv.pdf --dry-run" in told.stdout
    assert list(tmp_path.iterdir()) == []  # and makes nothing


def test_with_a_database_it_says_what_needs_a_person_and_the_next_command(scanned: Path) -> None:
    told = falsefront(scanned)
    assert told.stdout.startswith("findings.db holds 2 cases: 1 contradicted, ")
    assert "What needs a person first:\n  contradicted  c-1\n" in told.stdout
    assert "report c-1 --format html " in told.stdout
    assert "1 case is missing the answer of some source" in told.stdout
    # and a database that was named stands in the commands
    elsewhere = falsefront(scanned.parent, "--db", str(scanned / "findings.db"))
    assert f"browse --open --db {scanned / 'findings.db'}" in elsewhere.stdout


def test_a_file_that_is_no_database_is_said_and_the_way_in_is_still_shown(tmp_path: Path) -> None:
    (tmp_path / "findings.db").write_text("not a database")
    told = falsefront(tmp_path)
    assert told.returncode == 0
    assert told.stdout.startswith("findings.db")
    assert "Traceback" not in told.stdout + told.stderr
    assert "scan --case candidate.yaml" in told.stdout


# ------------------------------------------------------------------------------------------ colours, plain, quiet


@pytest.mark.parametrize(
    ("environment", "options", "coloured"),
    [
        ({}, [], False),  # a pipe
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
        ({"FORCE_COLOR": "1"}, ["--no-colour"], False),
        ({"FORCE_COLOR": "1"}, ["--plain"], False),
    ],
)
def test_colours_are_for_terminals_and_for_who_asks(
    scanned: Path, environment: dict[str, str], options: list[str], coloured: bool
) -> None:
    told = falsefront(scanned, "report", "c-1", *options, **environment)
    assert told.returncode == 0
    colours = [code for code in COLOUR.findall(told.stdout) if re.search(r"\b3[0-7]|\b4[0-7]", code)]
    assert bool(colours) is coloured


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("options", "coloured"), [([], True), (["--plain"], False)])
def test_on_a_terminal_the_report_is_coloured_unless_it_is_to_be_plain(
    scanned: Path, options: list[str], coloured: bool
) -> None:
    import pty

    shown = bytearray()
    here, there = pty.openpty()
    settings = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    with subprocess.Popen(
        [PROGRAM, "report", "c-1", *options], cwd=scanned, stdout=there, env={**settings, "TERM": "xterm"}
    ):
        os.close(there)
        try:
            while block := os.read(here, 65536):
                shown += block
        except OSError:  # the other end was closed
            pass
    os.close(here)
    assert b"CONTRADICTED" in shown
    assert (b"\x1b[" in shown) is coloured


def test_plain_leaves_long_lines_whole(scanned: Path) -> None:
    narrow = falsefront(scanned, "report", "c-1", COLUMNS="60").stdout
    plain = falsefront(scanned, "report", "c-1", "--plain", COLUMNS="60").stdout
    said = "The firm may have used another address then: a rebrand, a merger, a move from .com to .io, or a name that"
    assert said in plain
    assert said not in narrow


def test_quiet_leaves_results_and_what_went_wrong(scanned: Path) -> None:
    again = ("scan", "--world", str(scanned / "world"), "later.example", "--new", "--fresh", "--db", "q.db")
    told = falsefront(scanned, *again)
    assert "Next " in told.stdout
    assert "later.example" in told.stderr
    quiet = falsefront(scanned, *again, "--quiet")
    assert "Website evidence report" in quiet.stdout
    assert "Next " not in quiet.stdout
    assert quiet.stderr.splitlines() == [
        line for line in told.stderr.splitlines() if "the scan is partial; no answer from" in line
    ]


# -------------------------------------------------------------------------------------------------- completion


def completed(folder: Path, words: str, shell: str = "bash") -> list[str]:
    """What stands in for the last word; the shells' own protocol."""
    parts = words.split(" ")
    asked = {
        "bash": {"COMP_WORDS": words, "COMP_CWORD": str(len(parts) - 1)},
        "zsh": {"COMP_WORDS": words, "COMP_CWORD": str(len(parts) - 1)},
        "fish": {"COMP_WORDS": words, "COMP_CWORD": parts[-1]},
    }[shell]
    told = falsefront(folder, _FALSEFRONT_COMPLETE=f"{shell}_complete", **asked)
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


def test_commands_options_cases_and_checks_are_completed(scanned: Path) -> None:
    assert completed(scanned, "falsefront s") == ["plain,scan", "plain,sweep"]
    assert completed(scanned, "falsefront watch re") == ["plain,remove", "plain,resend"]
    assert "plain,--format" in completed(scanned, "falsefront report --f")
    assert completed(scanned, "falsefront report c") == ["plain,c-1"]
    assert "plain,c-1" not in completed(scanned, f"falsefront --db {scanned / 'nothing.db'} report c")
    assert "plain,history.continuity" in completed(scanned, "falsefront checks history.con")
    assert len(completed(scanned, "falsefront ")) == len(COMMANDS)


def test_zsh_and_fish_get_each_command_with_its_words(scanned: Path) -> None:
    assert completed(scanned, "falsefront sc", "zsh") == ["plain", "scan", SHORT["scan"].replace(":", "\\:")]
    assert completed(scanned, "falsefront sc", "fish")[0].startswith("plain")
    assert any(SHORT["scan"] in line for line in completed(scanned, "falsefront sc", "fish"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_each_shell_is_printed_and_read_by_it(tmp_path: Path, shell: str) -> None:
    told = falsefront(tmp_path, "completion", shell)
    assert told.returncode == 0
    assert "_FALSEFRONT_COMPLETE" in told.stdout
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed: its script was printed but not read by it")
    file = tmp_path / "script"
    file.write_text(told.stdout)
    assert subprocess.run([shell, "-n", file], capture_output=True, text=True).stderr == ""


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_with_the_line_of_the_help(scanned: Path) -> None:
    script = (
        'eval "$(falsefront completion bash)"; complete -p falsefront >/dev/null || exit 9; '
        'COMP_WORDS=(falsefront report c); COMP_CWORD=2; _falsefront_completion falsefront; echo "${COMPREPLY[@]}"'
    )
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=scanned,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.returncode) == ("c-1\n", 0), done.stderr


def test_the_shell_is_taken_from_where_one_is(tmp_path: Path) -> None:
    assert "fish_complete" in falsefront(tmp_path, "completion", SHELL="/usr/bin/fish").stdout
    unknown = falsefront(tmp_path, "completion", SHELL="/bin/dash")
    assert unknown.returncode == 2
    assert "give a shell: bash, zsh, fish" in unknown.stderr


# ---------------------------------------------------------------------------------------------------- the help


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and subcommand with its whole name."""
    root = group()
    context = click.Context(root, info_name="falsefront")
    for name in COMMANDS:
        found = root.get_command(context, name)
        assert found is not None
        yield name, found
        if isinstance(found, click.Group):
            for sub in found.list_commands(context):
                inner = found.get_command(context, sub)
                assert inner is not None
                yield f"{name} {sub}", inner


EVERY = dict(commands())


@pytest.mark.parametrize("name", sorted(EVERY))
def test_every_help_has_an_example_that_the_command_line_takes(name: str, tmp_path: Path) -> None:
    told = CliRunner().invoke(group(), [*name.split(), "--help"])
    examples = [
        line.strip()
        for line in told.output.splitlines()
        if line.startswith("    falsefront ") or "$(false" in line
    ]
    mine = [line for line in examples if f"falsefront {name}" in line]
    assert mine, f"`falsefront {name} --help` shows no example"
    for line in mine:
        words = re.split(r" {2,}| > | \| ", line.partition("falsefront ")[2])[0].split()
        command = EVERY[" ".join(words[:2]) if " ".join(words[:2]) in EVERY else words[0]]
        known = {option for one in command.params for option in one.opts + one.secondary_opts}
        used = {word for word in words if word.startswith("-") and word != "-"}
        assert used <= known, f"{line}: no such option"


def test_the_list_of_commands_is_whole_and_loads_none_of_them() -> None:
    assert list(SHORT) == list(COMMANDS)
    code = (
        "import sys; from click.testing import CliRunner; from scanner.cli import group; "
        "print(CliRunner().invoke(group(), ['--help']).output); "
        "print([name for name in sys.modules if name in ('scrapy', 'numpy', 'aiohttp', 'scanner.session')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
