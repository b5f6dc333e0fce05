"""A database as scans leave it, with what a hostile site would write into it, behind Datasette's own client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from scanner.browse import serving
from scanner.browse.evidence import close_readers
from scanner.model import Attempt, Case, Observation, Observed, PageText, Status
from scanner.store import Store
from tests.store.samples import (
    CREATED,
    FINDINGS,
    FRONT,
    HTTP,
    LEAD,
    NOW,
    OTHER,
    PAGE,
    SINCE,
    VERDICTS,
    begin,
    fill,
    finding,
    record_attempt,
)

HOSTILE = "<script>alert(1)</script>\u202egnp.exe\x1b[2J" + '"><img src=x onerror=alert(1)>' + "x" * 10_000
MARKUP = HTTP.block + b"<script src='https://evil.example/a.js'></script>\xe2\x80\xae since 2009 \x1b[31m"

Get = Callable[..., Awaitable[Any]]


def filled(path: Path) -> Path:
    """Two cases: one with everything in it, hostile texts among it, and one that shares a mailbox with it."""
    with Store(path) as store:
        scan = begin(store)
        fill(store, scan)
        page = replace(HTTP, uri="https://front.example/hostile", block=MARKUP)
        seen = Observed(
            (
                Observation("page", "title", HOSTILE, "website", evidence=page.digest),
                Observation("contact", "social", "https://evil.example/?me", "website", evidence=page.digest),
                structs.replace(SINCE, evidence=page.digest),
            ),
            page=replace(PAGE, url="https://front.example/hostile", title=HOSTILE, evidence=page.digest),
            text=PageText(("Gauges for rivers \x02and\x03 <b>harbours</b>.",), ()),
        )
        record_attempt(store, scan, FRONT, Attempt("website", Status.OK, "", NOW, 90), [(page, seen)])
        record_attempt(store, scan, OTHER, Attempt("rdap", Status.THROTTLED, "429 <b>slow</b>", NOW, 5))
        facts = (
            *FINDINGS,
            finding(check_id="page.hostile", observed=HOSTILE, support=(seen.observations[0], CREATED)),
        )
        store.save_results(scan, facts, VERDICTS)
        store.set_links(
            scan,
            [
                (FRONT, "secret.example", "mail", "jobs@front.example", 1.0),
                (FRONT, LEAD, "name_servers", "https://evil.example/", 0.2),
            ],
        )
        store.finish(scan)
        other = begin(store, Case("cand-other", "a secret label"))
        store.finish(other)
    return path


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("browse") / "findings.db")


@pytest.fixture
async def get(database: Path) -> AsyncIterator[Get]:
    """`await get(path)`: the answer of `falsefront browse` to that path."""
    datasette = serving.datasette_for(database)

    async def answer(path: str, **headers: str) -> Any:
        return await datasette.client.get(path, headers={"host": "127.0.0.1", **headers})

    yield answer
    await close_readers(datasette)
