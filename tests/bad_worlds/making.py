"""Small unlabelled worlds of trouble, made on the spot, and one scan of all that stands in them."""

from __future__ import annotations

import asyncio
import json
import random
import tomllib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scanner.egress import NetworkConfig
from scanner.intake import case_from_urls
from scanner.report import document
from scanner.session import Session
from scanner.store import ScanRecord, Store, StoredEvidence
from scanner.world import serve

WORDS = "We have built accounting software for small firms in Austin, and look after it for years. " * 8
REGISTERED = {"created": "2015-03-14", "registrar": "Harbour Names Inc."}
Files = Mapping[str, str | bytes]


def page(title: str, body: str = WORDS, head: str = "") -> str:
    """A plain page of a small firm."""
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
        f"<body><h1>{title}</h1><p>{body}</p></body></html>"
    )


def own_words(name: str, count: int = 120) -> str:
    """Text that no other site has: likeness between the sites of one test is not what it is about."""
    chance = random.Random(name)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er")]
    return " ".join("".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(count)) + ". "


def write_world(folder: Path, domains: Mapping[str, Any], files: Files, **top: Any) -> Path:
    """A world folder. `files` are paths below it; `sites/firm` is always there, an ordinary site."""
    for name, content in {"sites/firm/index.html": page("Firm"), **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    world = {"now": "2024-06-01", "deadline_scale": 1, "domains": dict(domains), **top}
    (folder / "world.yaml").write_text(yaml.safe_dump(world, sort_keys=False), encoding="utf-8")
    return folder


class Canary:
    """A server on this machine that nothing may ever reach. `met` holds the first bytes of whoever did."""

    def __init__(self) -> None:
        self.met: list[bytes] = []
        self.port = 0

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await reader.readline()
        self.met.append(line)
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<title>secret</title>secret")
        await writer.drain()
        writer.close()

    @classmethod
    @asynccontextmanager
    async def listening(cls) -> AsyncIterator[Canary]:
        canary = cls()
        async with await asyncio.start_server(canary._greet, "127.0.0.1", 0) as server:
            canary.port = server.sockets[0].getsockname()[1]
            yield canary


@asynccontextmanager
async def served(
    folder: Path, adapt: Callable[[dict[str, Any]], None] = lambda file: None
) -> AsyncIterator[NetworkConfig]:
    """The world's network, its file changed by `adapt` before it is read."""
    async with serve(folder) as world:
        file = tomllib.loads(world.network_toml)
        adapt(file)
        yield NetworkConfig.parse("".join(f"{key} = {_toml(value)}\n" for key, value in file.items()), folder)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value)


@dataclass
class Seen:
    """What a scan stored of one target."""

    row: Mapping[str, Any]
    values: Mapping[tuple[str, str, str], tuple[str, ...]]
    evidence: tuple[StoredEvidence, ...]
    titles: tuple[str, ...]

    def status(self, source: str) -> str:
        return str(self._attempt(source)["status"])

    def reason(self, source: str) -> str:
        return str(self._attempt(source)["reason"])

    def said(self, source: str, kind: str, name: str) -> tuple[str, ...]:
        """Values of the observations of one name."""
        return self.values.get((source, kind, name), ())

    @property
    def statuses(self) -> dict[str, str]:
        return {row["source"]: row["status"] for row in self.row["attempts"]}

    def _attempt(self, source: str) -> Mapping[str, Any]:
        rows: list[Mapping[str, Any]] = self.row["attempts"]
        return next(row for row in rows if row["source"] == source)


@dataclass
class Result:
    """One scan of one case."""

    document: dict[str, Any]
    targets: dict[str, Seen]

    def __getitem__(self, domain: str) -> Seen:
        return self.targets[domain]


async def scan(config: NetworkConfig, database: Path, urls: Iterable[str]) -> Result:
    """Scan bare addresses through the same code as the command line, and read back what was stored."""
    [case] = case_from_urls(urls).cases
    async with Session(config, database) as session:
        record = await session.scan(case)
    with Store(database, readonly=True) as store:
        found = document.of_scan(store, record)
        json.dumps(found)  # a report is plain data
        return Result(
            found,
            {
                row["domain"]: Seen(
                    row,
                    _values(store, record, row["domain"]),
                    tuple(store.evidence_of(record, row["domain"])),
                    tuple(p.title for p in store.pages(record, row["domain"])),
                )
                for row in found["targets"]
            },
        )


def _values(store: Store, record: ScanRecord, domain: str) -> dict[tuple[str, str, str], tuple[str, ...]]:
    found: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in store.observations(record, domain):
        key = (row.source, row.kind, row.name)
        found[key] = (*found.get(key, ()), row.value)
    return found
