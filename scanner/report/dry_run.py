"""What a scan would ask, and who would see the question: for people who must know before it happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scanner.collect import Source
from scanner.model import Case
from scanner.plan import Choice, plan_case, steps_for
from scanner.report.text import named, plain


def as_dict(case: Case, sources: Mapping[str, Source], choice: Choice) -> dict[str, Any]:
    """Targets, the sources planned for each, and what each source learns."""
    plan = plan_case(case)
    rows = []
    for target in plan.everything:
        for step in steps_for(target, [(s.INFO, s.plan(target)) for s in sources.values()], choice):
            info = sources[step.source].INFO
            rows.append(
                {
                    "domain": target.domain,
                    "source": step.source,
                    "asks": info.asks,
                    "seen_by": [who for who in info.seen_by if not (choice.passive and who == "registrar")],
                    "touches_target": info.touches_target,
                    "skip": step.skip,
                }
            )
    return {
        "case": case.id,
        "targets": [
            {"domain": t.domain, "entries": list(t.entries), "platform": t.platform} for t in plan.everything
        ],
        "steps": rows,
        "unaddressed": [
            {"role": c.role.value, "organisation": c.organisation, "url": c.url, "reason": why}
            for c, why in plan.unaddressed
        ],
    }


def _words(reason: str) -> str:
    """A reason as a person reads it: its slug without dashes."""
    slug, _, rest = reason.partition(" ")
    return f"{slug.replace('-', ' ')} {rest}".strip()


def show(case: Case, sources: Mapping[str, Source], choice: Choice, console: Console) -> None:
    """The same as a table a person reads before anything is asked."""
    plan = as_dict(case, sources, choice)
    console.print(Text(f"Case {plain(case.id)}: nothing has been asked yet.", style="bold"))
    for target in plan["targets"]:
        table = Table(title=named(target["domain"]), title_justify="left", box=None, padding=(0, 2, 0, 0))
        for column in ("source", "asks for", "who sees it", "the site can notice"):
            table.add_column(column)
        for row in (row for row in plan["steps"] if row["domain"] == target["domain"]):
            if row["skip"]:
                table.add_row(
                    row["source"], Text(f"skipped: {_words(row['skip'])}", style="dim"), "nobody", "no"
                )
            else:
                noticed = "yes" if row["touches_target"] else "no"
                table.add_row(row["source"], row["asks"], ", ".join(row["seen_by"]), noticed)
        console.print()
        console.print(table)
    for claim in plan["unaddressed"]:
        name = plain(claim["organisation"] or claim["url"])
        console.print(Text(f"\n{name}: no site to look at ({plain(claim['reason'])})"))
    console.print(
        Text("\nNo name, label or résumé text is ever sent; sources see addresses only.", style="dim")
    )
