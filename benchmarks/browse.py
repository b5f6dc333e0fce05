"""How long a page of `falsefront browse` takes on a large database. Run: `python -m benchmarks.browse [OBSERVATIONS]`

Makes a database of generated rows (default: 1,000,000 observations, about 7,000 addresses in 3,000 cases, one of them
scanned weekly for a year, and a swept list of 100,000 names), asks for
every kind of page through Datasette's own ASGI client, and prints median and 95th percentile, and the processor time of
a page: on a machine that does other things too, that is what it really takes. The promise is 300 ms.
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from scanner.browse.canned import QUERIES
from scanner.browse.evidence import close_readers
from scanner.browse.serving import datasette_for
from scanner.model import Evidence
from scanner.store import Store
from scanner.store.evidence import WarcWriter

FACTS_A_TARGET, TARGETS_A_SCAN, ROUNDS = 150, 2, 12
PROMISE = 300.0
SOURCES = ("dns", "rdap", "tls", "ct", "archive", "website")
KINDS = tuple(
    ("registration", "created")
    if n == 1
    else (("dns", "archive", "contact", "page", "website")[n % 5], f"name_{n}")
    for n in range(30)
)
LEVELS = ("nothing-found",) * 12 + ("not-enough",) * 4 + ("review",) * 3 + ("contradicted", "known")
WORDS = ("gauge", "river", "harbour", "software", "delivery", "team", "cloud", "invoice", "design", "studio", "remote",
         "ledger", "bridge", "valve")  # fmt: skip
START = datetime(2024, 1, 1, tzinfo=UTC)


def main(observations: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "findings.db"
        began = time.perf_counter()
        fill(path, observations)
        size = path.stat().st_size / 1e6
        print(f"{observations:,} observations made in {time.perf_counter() - began:.0f} s, {size:,.0f} MB\n")
        asyncio.run(measure(path))


def fill(path: Path, observations: int) -> None:
    """Rows as scans leave them, in one transaction."""
    chance = random.Random(7)
    Store(path).close()
    targets = max(TARGETS_A_SCAN, observations // FACTS_A_TARGET)
    offset, length, digest = _warc(path)
    with closing(sqlite3.connect(path)) as conn:
        conn.executemany(
            "insert into targets (domain, first_seen, last_seen) values (?, '2024', '2024')",
            [(f"{WORDS[n % 14]}-{n}.example",) for n in range(targets)],
        )
        for number in range(targets // TARGETS_A_SCAN):
            _scan(conn, chance, number, (offset, length, digest))
        _texts(conn, chance, targets)
        _links(conn, chance, targets)
        _year(conn, chance, targets)
        _sweep(conn, chance)
        conn.commit()


def _warc(path: Path) -> tuple[int, int, str]:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"<p>gauges for rivers</p>" * 2000
    evidence = Evidence("https://a.example/", "application/http;msgtype=response", START, page)
    writer = WarcWriter(path.parent / "evidence" / "one.warc.gz", software="benchmark", started_at=START)
    place = writer.append(evidence)
    writer.close()
    return place.offset, place.length, evidence.digest


def _scan(conn: sqlite3.Connection, chance: random.Random, number: int, stored: tuple[int, int, str]) -> None:
    """One case with one scan of its two addresses."""
    scan, case, moment = (
        number + 1,
        f"case-{number}",
        (START + timedelta(minutes=number)).isoformat()[:19] + "Z",
    )
    level = chance.choice(LEVELS)
    conn.execute("insert into cases values (?, 'engineer', ?)", (case, moment))
    status = chance.choice(("complete",) * 8 + ("partial", "interrupted"))
    conn.execute(
        "insert into scans values (?, ?, ?, ?, ?, ?, ?, '0.1.0', '1', 0)",
        (scan, f"01900000-{number:08d}", case, moment, moment, moment, status),
    )
    for position in range(TARGETS_A_SCAN):
        target = number * TARGETS_A_SCAN + position + 1
        _target(conn, chance, scan, target, case, moment, level, stored)
    verdict = (
        "insert into verdicts (scan_id, target_id, case_id, level, score, answered, planned, summary) values "
    )
    conn.execute(verdict + "(?, null, ?, ?, 1.0, 10, 12, 'A sentence.')", (scan, case, level))


def _target(
    conn: sqlite3.Connection,
    chance: random.Random,
    scan: int,
    target: int,
    case: str,
    moment: str,
    level: str,
    stored: tuple[int, int, str],
) -> None:
    conn.execute("insert into scan_targets values (?, ?, 'claim', null)", (scan, target))
    details = "insert into target_details values (?, ?, ?, '', '[]', ?)"
    conn.execute(details, (scan, target, target % TARGETS_A_SCAN, json.dumps([target % TARGETS_A_SCAN])))
    claim = "insert into claims (case_id, target_id, role, url, organisation, starts, place) values "
    number = conn.execute(
        claim + "(?, ?, 'employer', 'https://a.example', 'Acme', '2015-03', '')", (case, target)
    ).lastrowid
    conn.execute("insert into scan_claims values (?, ?, ?, 1)", (scan, target % TARGETS_A_SCAN, number))
    evidence = 0
    for source in SOURCES:
        status = chance.choice(("ok",) * 9 + ("throttled", "timeout"))
        attempt = conn.execute(
            "insert into attempts (scan_id, target_id, source, status, reason, started_at, ms) "
            "values (?, ?, ?, ?, '', ?, 90)",
            (scan, target, source, status, moment),
        ).lastrowid
        offset, length, digest = stored
        evidence = (
            conn.execute(
                "insert into evidence (scan_id, attempt_id, digest, uri, media_type, fetched_at, warc_file, "
                "warc_offset, length) values (?, ?, ?, 'https://a.example/', 'application/http;msgtype=response', ?, "
                "'evidence/one.warc.gz', ?, ?)",
                (scan, attempt, digest, moment, offset, length),
            ).lastrowid
            or 0
        )
    conn.executemany(
        "insert into observations (scan_id, target_id, kind, name, value, starts, precision, bound, source, "
        "evidence_id) values (?, ?, ?, ?, ?, ?, 'day', 'at', ?, ?)",
        list(_facts(chance, scan, target, evidence)),
    )
    for n in range(6):
        finding = conn.execute(
            "insert into findings (scan_id, target_id, check_id, check_version, family, strength, score, statement, "
            "claimed, observed, innocent, ask, next_step, evidence_ids, defeated_by) values "
            "(?, ?, ?, 1, 'history', ?, 1, 'A statement of some length about an address.', '2015', '2022', "
            "'x', 'y', 'z', '[]', '')",
            (
                scan,
                target,
                f"history.check-{n}",
                ("strong", "medium", "weak", "context", "context", "context")[n],
            ),
        ).lastrowid
        conn.execute("insert into support values (?, ?, ?, 'observed')", (finding, None, evidence))
    verdict = (
        "insert into verdicts (scan_id, target_id, case_id, level, score, answered, planned, summary) values "
    )
    conn.execute(verdict + "(?, ?, ?, ?, 1.0, 5, 6, 'A sentence.')", (scan, target, case, level))
    share = "insert into shareable values (?, ?, ?, ?)"
    conn.execute(share, (scan, target, "analytics", f"UA-{chance.randrange(20000)}-1"))
    conn.execute(share, (scan, target, "mail", f"jobs@{chance.randrange(30000)}.example"))


def _facts(chance: random.Random, scan: int, target: int, evidence: int) -> Iterator[tuple[Any, ...]]:
    for n in range(FACTS_A_TARGET):
        kind, name = KINDS[n % len(KINDS)]
        date = f"20{chance.randrange(10, 24)}-0{chance.randrange(1, 9)}-11"
        yield scan, target, kind, name, f"value {n} of {target}", date, SOURCES[n % len(SOURCES)], evidence


def _texts(conn: sqlite3.Connection, chance: random.Random, targets: int) -> None:
    """Three pages an address, 200 words each."""
    for target in range(1, targets + 1):
        for n in range(3):
            digest, title = f"sha256:{target}-{n}", " ".join(chance.choices(WORDS, k=4))
            text = " ".join(
                chance.choices(WORDS, k=190) + [f"rare{chance.randrange(9999)}" for _ in range(10)]
            )
            scan = (target - 1) // TARGETS_A_SCAN + 1
            page = conn.execute(
                "insert into pages (scan_id, target_id, url, status, title, text_digest, words, first_seen) "
                "values (?, ?, ?, 200, ?, ?, 200, '2024')",
                (scan, target, f"https://a.example/{n}", title, digest),
            ).lastrowid
            conn.execute("insert into page_details values (?, 'content', 'en')", (page,))
            row = conn.execute(
                "insert into page_texts (text_digest, title, text) values (?, ?, ?)", (digest, title, text)
            ).lastrowid
            conn.execute(
                "insert into page_texts_fts (rowid, title, text) values (?, ?, ?)", (row, title, text)
            )


def _copied(ours: str, theirs: str) -> str:
    """What a scan writes down of a shared text."""
    what = {
        "kind": "strong",
        "domain": theirs,
        "ours": f"https://{ours}/about",
        "theirs": f"https://{theirs}/about",
    }
    return json.dumps({**what, "words": 168, "containment": 0.9, "contained": 0.9, "sites": 2})


def _links(conn: sqlite3.Connection, chance: random.Random, targets: int) -> None:
    """Ten an address, a text that every second one has from another, and a hub that shares something with thousands."""
    names = [name for (name,) in conn.execute("select domain from targets order by id")]
    rows = []
    for n, name in enumerate(names):
        for other in [names[0], *chance.choices(names, k=9)]:
            if other != name:
                a, b = sorted((name, other))
                rows.append(
                    (n // TARGETS_A_SCAN + 1, a, b, "mail", f"m{chance.randrange(99999)}", chance.random())
                )
    conn.executemany("insert into links (scan_id, a, b, kind, value, rarity) values (?, ?, ?, ?, ?, ?)", rows)
    texts = [
        (
            n // TARGETS_A_SCAN + 1,
            n + 1,
            _copied(names[n], chance.choice(names)),
        )
        for n in range(0, len(names), 2)
    ]
    conn.executemany(
        "insert into observations (scan_id, target_id, kind, name, value, source, precision, bound) "
        "values (?, ?, 'copy', 'match', ?, 'library', 'day', 'at')",
        texts,
    )


def _year(conn: sqlite3.Connection, chance: random.Random, targets: int) -> None:
    """The first case scanned every week, and what changed at it and a thousand others."""
    first, level = targets // TARGETS_A_SCAN + 1, "nothing-found"
    for week in range(52):
        scan, moment = first + week, (START + timedelta(weeks=week, days=400)).isoformat()[:19] + "Z"
        conn.execute(
            "insert into scans values (?, ?, 'case-0', ?, ?, ?, 'complete', '0.1.0', '1', 0)",
            (scan, f"01950000-{week:08d}", moment, moment, moment),
        )
        conn.execute("insert into scan_targets values (?, 1, 'claim', null)", (scan,))
        for source in SOURCES:
            conn.execute(
                "insert into attempts (scan_id, target_id, source, status, reason, started_at, ms) "
                "values (?, 1, ?, 'ok', '', ?, 90)",
                (scan, source, moment),
            )
        facts = [
            *(("dns", "ns", f"ns{n}.host{week // 9}.example", "dns") for n in range(4)),
            ("dns", "answered", "NS", "dns"),
            ("registration", "registrar", f"Registrar {week // 20}", "rdap"),
            ("website", "state", "content", "website"),
            *(("contact", "mail", f"m{n}@host{week // 13}.example", "website") for n in range(20)),
            *(("page", f"other_{n}", f"value {n}", "website") for n in range(FACTS_A_TARGET)),
        ]
        conn.executemany(
            "insert into observations (scan_id, target_id, kind, name, value, precision, bound, source) "
            "values (?, 1, ?, ?, ?, 'day', 'at', ?)",
            [(scan, *fact) for fact in facts],
        )
        for target in (1, None):
            conn.execute(
                "insert into verdicts (scan_id, target_id, case_id, level, score, answered, planned, summary) "
                "values (?, ?, 'case-0', ?, 0, 6, 6, 'A sentence.')",
                (scan, target, level),
            )
    for n in range(20_000):
        moment = (START + timedelta(days=400, minutes=chance.randrange(52 * 10080))).isoformat()[:19] + "Z"
        conn.execute(
            "insert into changes (case_id, domain, kind, fact, before, after, before_at, after_at, confirmed_at, scan, "
            "sources, returned, noticed_at) values (?, 'river-1.example', 'registrar', ?, '[\"a\"]', ?, ?, ?, ?, 'x', "
            "'[\"rdap\"]', 0, ?)",
            (f"case-{n % 1000}", f"fact {n}", f'["{n}"]', moment, moment, moment, moment),
        )


def _sweep(conn: sqlite3.Connection, chance: random.Random) -> None:
    conn.execute(
        "insert into sweeps values ('sweep-00000001', 'names.txt', '[\"acme.example\"]', '2024-01-01T00:00:00Z', "
        "'2024-01-01T00:00:00Z', null, 100000, 0, 0, '[]', '{}')"
    )
    facts = '[{"kind": "like", "text": "looks like acme.example: a letter or two differ"}]'
    rows = []
    for n in range(100_000):
        rank, step = (chance.randrange(1, 99), 8) if n % 50 == 0 else (0, 0)
        reason = "" if rank else "nothing-to-look-into"
        rows.append((f"n{n}.example", n, rank, 7, 7, step, reason, facts if rank else "[]"))
    conn.executemany(
        "insert into sweep_domains (sweep_id, domain, line, rank, asked, done, next, reason, facts, registered, level) "
        "values ('sweep-00000001', ?, ?, ?, ?, ?, ?, ?, ?, '', '')",
        rows,
    )


async def measure(path: Path) -> None:
    """Every kind of page, over different rows; the first round warms what a server has warm."""
    datasette = datasette_for(path)
    chance = random.Random(3)
    every: list[float] = []
    with closing(sqlite3.connect(path)) as conn:
        names = [name for (name,) in conn.execute("select domain from targets")]
        findings = conn.execute("select max(id) from findings").fetchone()[0]
    kinds: dict[str, Callable[[], str]] = {
        "front page": lambda: "/",
        "front page, one level": lambda: "/?level=contradicted",
        "front page, deep": lambda: "/?skip=1000",
        "case": lambda: f"/-/case/case-{chance.randrange(len(names) // TARGETS_A_SCAN)}",
        "target": lambda: f"/-/target/{chance.choice(names)}",
        "target over a year": lambda: f"/-/target/{names[0]}",
        "case over a year": lambda: "/-/case/case-0",
        "sweep of 100,000": lambda: "/-/sweep/sweep-00000001",
        "finding with evidence": lambda: f"/-/finding/{chance.randrange(1, findings)}",
        "map": lambda: f"/-/map/{chance.choice(names[1:])}",
        "map of a hub": lambda: f"/-/map/{names[0]}",
        "search, rare word": lambda: f"/-/search?q=rare{chance.randrange(9999)}",
        "search, two common words": lambda: "/-/search?q=river+cloud",
        "database": lambda: "/findings",
        **{
            f"table {name}": partial("/findings/{}".format, name)
            for name in (
                "observations", "attempts", "evidence", "findings", "verdicts", "scans", "pages", "links", "page_texts",
                "latest_verdicts", "open_findings", "last_attempts", "timeline", "site_pages",
            )
        },
        "observations of a target": lambda: f"/findings/observations?target_id={chance.randrange(1, len(names))}",
        "row of a target": lambda: f"/findings/targets/{chance.randrange(1, len(names))}",
        **{f"query {name}": partial("/findings/{}".format, name) for name in QUERIES},
    }  # fmt: skip
    print(f"{'page':<50}{'median ms':>10}{'p95 ms':>10}{'cpu ms':>10}")
    for kind, address in kinds.items():
        took, used = [], time.process_time()
        for _ in range(ROUNDS + 1):
            began = time.perf_counter()
            answer = await datasette.client.get(address(), headers={"host": "localhost"})
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, (kind, answer.status_code, answer.text[-900:])
        cpu = (time.process_time() - used) * 1000 / len(took)
        took = sorted(took[1:])
        p95 = took[int(len(took) * 0.95)]
        every += took
        print(
            f"{kind:<50}{statistics.median(took):>10.0f}{p95:>10.0f}{cpu:>10.0f}{'  slow' if p95 > PROMISE else ''}"
        )
    every.sort()
    print(f"\nall pages: p95 {every[int(len(every) * 0.95)]:.0f} ms (promise {PROMISE:.0f})")
    await close_readers(datasette)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
