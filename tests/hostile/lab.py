"""A whole scan of a small hostile world, and what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scanner.egress import NetworkConfig
from scanner.model import Case, Claim, Observation, Period, Role, Status
from scanner.model import Date as Day
from scanner.parse import ParsePool
from scanner.plan import Choice
from scanner.report import document
from scanner.session import Session
from scanner.store import Store
from scanner.world import serve
from scanner.world.log import Event

WORDS = "We have built accounting software for small firms in Austin, and look after it for years. " * 8


def html(body: str = "", head: str = "", title: str = "Acme") -> str:
    """A page with enough text to be one."""
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
        f"<body><h1>{title}</h1><p>{WORDS}</p>{body}</body></html>"
    )


def write_world(folder: Path, domains: Mapping[str, Any], sites: Mapping[str, Mapping[str, str]]) -> Path:
    """A world folder below `folder`: `sites` by name, as file name -> text; `domains` as in world.yaml."""
    world = folder / "world"
    for name, files in sites.items():
        for path, text in files.items():
            target = world / "sites" / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    world.mkdir(exist_ok=True)
    (world / "world.yaml").write_text(yaml.safe_dump({"now": "2024-06-01", "domains": dict(domains)}))
    return world


def employer(url: str, starts: str = "2015-03", ends: str = "2019-06", **more: Any) -> Claim:
    period = Period(Day(starts), Day(ends)) if starts else Period()
    return Claim(Role.EMPLOYER, url, more.get("organisation", "Acme"), period, more.get("place", ""))


def registered(created: str, **more: Any) -> dict[str, Any]:
    return {"via": "rdap", "created": created, "registrar": "Example Registrar", **more}


@dataclass
class Scanned:
    """The JSON report, the rows behind it, and what the world was asked."""

    report: dict[str, Any]
    observations: dict[str, tuple[Observation, ...]]
    statuses: dict[tuple[str, str], Status]
    log: Sequence[Event]
    database: Path

    def level(self, domain: str) -> str:
        return next(str(t["level"]) for t in self.report["targets"] if t["domain"] == domain)

    def findings(self, domain: str) -> dict[str, dict[str, Any]]:
        """By check id; of several, the last."""
        target = next(t for t in self.report["targets"] if t["domain"] == domain)
        return {finding["check_id"]: finding for finding in target["findings"]}

    def rows(self, domain: str, kind: str, name: str) -> list[str]:
        return [o.value for o in self.observations[domain] if (o.kind, o.name) == (kind, name)]


async def scan(
    folder: Path,
    pool: ParsePool,
    domains: Mapping[str, Any],
    sites: Mapping[str, Mapping[str, str]],
    *claims: Claim,
    case: Case | None = None,
    choice: Choice | None = None,
) -> Scanned:
    """One case over that world into a database below `folder`."""
    world = write_world(folder, domains, sites)
    database = folder / "findings.db"
    async with serve(world) as served:
        config = NetworkConfig.parse(served.network_toml, world)
        async with Session(config, database, choice=choice, parse=pool) as session:
            record = await session.scan(case or Case("hostile", "", tuple(claims)))
        log = list(served.log)
    with Store(database, readonly=True) as store:
        targets = [target.domain for target in store.targets(record)]
        return Scanned(
            document.of_scan(store, record),
            {domain: store.observations(record, domain) for domain in targets},
            {(d, a.source): a.status for d, rows in store.attempts(record).items() for a in rows},
            log,
            database,
        )
