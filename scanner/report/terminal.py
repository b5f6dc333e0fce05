"""The report in a terminal: verdict first, the facts that carried it, what could not be seen, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scanner.model import Status
from scanner.report import shared
from scanner.report.sides import called
from scanner.report.text import named, plain
from scanner.reuse import first_came

COLOURS = {
    "known": "bold white on red",
    "contradicted": "bold red",
    "review": "bold yellow",
    "not-enough": "bold blue",
    "nothing-found": "bold green",
}
WORDS = {
    "known": "KNOWN",
    "contradicted": "CONTRADICTED",
    "review": "REVIEW",
    "not-enough": "NOT ENOUGH",
    "nothing-found": "NOTHING FOUND",
}
LIMITS = (
    "A clean result clears nobody: sites are checked here, not people, and real engineers rent out identities. "
    "A finding accuses nobody: every one has an innocent explanation to rule out first."
)
FACTS_SHOWN, STEPS_SHOWN = 5, 5

Document = Mapping[str, Any]


def show(document: Document, console: Console) -> None:
    """Prints one case's report."""
    _heading(document, console)
    for target in document["targets"]:
        _target(target, console)
    if document["findings"]:
        console.print(Text("\nAcross the addresses of this case", style="bold"))
        for finding in document["findings"]:
            statement(finding, console)
    _without_address(document.get("unaddressed", ()), console)
    _next_steps(document, console)


def limits(console: Console) -> None:
    """What no result can say."""
    console.print()
    console.print(Text(LIMITS, style="dim"))


def overview(documents: Sequence[Document], console: Console) -> None:
    """Several cases in one table, what needs a person first."""
    grid = Table(title="All cases", title_justify="left", box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in ("level", "case", "addresses", "not seen"):
        grid.add_column(column, overflow="fold")
    order = list(WORDS)
    for document in sorted(documents, key=lambda d: (order.index(d["level"]), -d["score"], d["case"])):
        level, missing = document["level"], len(document["not_seen"])
        claimed = [target["domain"] for target in document["targets"] if target["level"]]
        grid.add_row(
            Text(WORDS[level], style=COLOURS[level]),
            plain(document["case"]),
            plain(", ".join(claimed)),
            str(missing or ""),
        )
    console.print()
    console.print(grid)


def _heading(document: Document, console: Console) -> None:
    level = document["level"]
    label = f" ({plain(document['label'])})" if document.get("label") else ""
    console.print()
    console.print(Text(f"Website evidence report: {plain(document['case'])}{label}", style="bold"))
    console.print(Text.assemble((WORDS[level], COLOURS[level]), "  ", plain(document["summary"])))
    if document["status"] != "complete":
        console.print(Text(_status_words(document), style="yellow"))


def _status_words(document: Document) -> str:
    words = _STATUS_WORDS[document["status"]]
    if document["status"] == "partial" and any(
        Status(row["status"]).worth_retrying for row in document["not_seen"]
    ):
        words += " The same command asks them again."
    return words


_STATUS_WORDS = {
    "partial": "Some sources gave no answer (listed below).",
    "interrupted": "The scan was interrupted. The same command goes on where it stopped.",
    "running": "The scan is still running.",
}


def _origin(target: Document) -> str:
    """Why a target without a verdict was looked at."""
    if target["why"] == "claim":
        return "not judged yet"
    return f"also looked at, to compare, from {named(target['from'])}: {target['because']}"


def _target(target: Document, console: Console) -> None:
    level = target["level"]
    console.print()
    if level is None:
        console.print(Text(f"{named(target['domain'])}  {_origin(target)}", style="dim"))
    else:
        console.print(
            Text.assemble(
                (named(target["domain"]), "bold"),
                "  ",
                (WORDS[level], COLOURS[level]),
                f"  {target['answered']} of {target['planned']} sources answered",
            )
        )
    if level == "not-enough":
        _row(2, 17, "", target["summary"], console)
    counting = [f for f in target["findings"] if not f["defeated_by"]]
    carried = [f for f in counting if f["score"] > 0]
    for finding in carried[:FACTS_SHOWN]:
        statement(finding, console)
    if len(carried) > FACTS_SHOWN:
        console.print(f"  … and {len(carried) - FACTS_SHOWN} weaker ones: falsefront report --format json")
    _list("speaks for it", [f["statement"] for f in counting if f["score"] < 0], console)
    set_aside(target["findings"], console)
    _list("for the record", [f["statement"] for f in counting if f["score"] == 0], console)
    _list("does not exist", [_ABSENT[s] for s in _absent(target) if s in _ABSENT], console)
    shared.show(target, console)
    _list("asked earlier", _reused(target), console)
    _list("could not be seen", [_not_seen(row) for row in target["not_seen"]], console)


# Where a source's "no such thing" says something about the address itself. That nobody archived a site, or
# logged a certificate, is no such statement.
_ABSENT = {
    "dns": "a host of this name (dns)",
    "rdap": "a registration of this name (rdap)",
    "whois": "a registration of this name (whois)",
    "website": "the page that was given (website)",
    "github": "the account that is named (github)",
}
_SOURCES = {
    "dns": "name servers (dns)",
    "rdap": "registry (rdap)",
    "whois": "registry (whois)",
    "tls": "certificate (tls)",
    "ct": "certificate log (ct)",
    "archive": "web archive (archive)",
    "github": "record of the account (github)",
    "screenshot": "picture of the page (screenshot)",
    "captures": "archived pages (captures)",
    "search": "your search service (search)",
    "library": "library of originals (library)",
}
_SILENCE = {
    "throttled": "asks us to wait",
    "refused": "refuses to answer",
    "blocked": "not connected to, on purpose",
    "timeout": "no answer in time",
    "unreachable": "can't be reached",
    "unparsed": "the answer can't be read",
    "error": "a fault of ours",
}


def _absent(target: Document) -> list[str]:
    return [row["source"] for row in target["attempts"] if row["status"] == "absent"]


def _reused(target: Document) -> list[str]:
    """Sources whose young answer to an earlier scan was used again, with its date."""
    rows = [(row["source"], first_came(row["reason"])) for row in target["attempts"]]
    return [
        f"{_SOURCES.get(source, source)}: its answer of {day} was used again (--fresh asks anew)"
        for source, day in rows
        if day
    ]


def statement(finding: Document, console: Console) -> None:
    mark = {"decisive": "!!", "strong": "!", "medium": "•", "weak": "·"}.get(finding["strength"], " ")
    grid = Table.grid()
    grid.add_column(width=5)
    grid.add_column()
    grid.add_row(Text(f"  {mark}", style="bold"), Text(plain(finding["statement"])))
    console.print(grid)
    first, second = called(finding["check_id"])
    for name, key in ((first.lower(), "claimed"), (second.lower(), "observed"), ("could be", "innocent")):
        if finding[key]:
            _labelled(name, finding[key], console)


def set_aside(findings: Iterable[Document], console: Console) -> None:
    """The findings that count for nothing, each with the check that says why."""
    rows = [f"{f['statement']} ({f['defeated_by']})" for f in findings if f["defeated_by"]]
    _list("set aside", rows, console)


def silent(rows: Iterable[Document], console: Console) -> None:
    """Sources that gave no answer, each with its target."""
    _list("could not be seen", [f"{named(row['domain'])}, {_not_seen(row)}" for row in rows], console)


def _labelled(name: str, text: object, console: Console) -> None:
    _row(5, 15, name, text, console)


def _row(indent: int, width: int, name: str, text: object, console: Console) -> None:
    """A dim name and, beside it, text that wraps within its own column."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=indent + width)
    grid.add_column()
    grid.add_row(Text(" " * indent + name, style="dim"), Text(plain(text)))
    console.print(grid)


def _list(name: str, lines: Sequence[str], console: Console) -> None:
    for position, line in enumerate(dict.fromkeys(lines)):
        _row(2, 17, name if position == 0 else "", line, console)


def _not_seen(row: Document) -> str:
    source = _SOURCES.get(row["source"], row["source"])
    if row["reason"].startswith("unfinished"):
        return f"{source}: not finished when the scan stopped"
    detail = f"{row['status']}: {row['reason']}" if row["reason"] else row["status"]
    return f"{source}: {_SILENCE.get(row['status'], 'no answer')} ({detail})"


def _without_address(claims: Iterable[Document], console: Console) -> None:
    rows = list(claims)
    if not rows:
        return
    console.print(Text("\nClaims that lead to no site of their own", style="bold"))
    for claim in rows:
        name = claim["organisation"] or claim["url"] or claim["role"]
        console.print(
            Padding(
                Text(f"{plain(name)} ({claim['role']}): {plain(claim['reason'])}"), (0, 0, 0, 2), expand=False
            )
        )
    if any(claim["organisation"] and not claim["url"] for claim in rows):
        console.print(
            Padding(
                Text("Ask for the organisation's web address and a register entry.", style="dim"),
                (0, 0, 0, 2),
            )
        )


def _next_steps(document: Document, console: Console) -> None:
    """Questions and steps of the findings that count, strongest first, each once."""
    rows = [f for t in document["targets"] for f in t["findings"]] + list(document["findings"])
    rows = sorted((f for f in rows if not f["defeated_by"] and f["score"] > 0), key=lambda f: -f["score"])
    for title, key in (("Ask", "ask"), ("Check next, without the candidate", "next_step")):
        lines = list(dict.fromkeys(f[key] for f in rows if f[key]))[:STEPS_SHOWN]
        if lines:
            console.print(Text(f"\n{title}", style="bold"))
            for number, line in enumerate(lines, 1):
                _row(2, 2, f"{number}.", line, console)
