"""robots.txt by RFC 9309: whose answer opens, whose closes, and that no file breaks the parser."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest

from scanner.model import Evidence, Observed, Status
from scanner.observe.robots import LIMIT, Answer, Question, judge
from scanner.parse import ParsePool
from spiders import robots
from spiders.visit import Failed, Fetched, Kind, Visit

HERE = "https://acme.example"


@pytest.fixture
async def pool() -> AsyncIterator[ParsePool]:
    async with ParsePool(workers=1) as parse:
        yield parse


def rules_text(text: str | bytes, *urls: str) -> Answer:
    """What the function that runs in the worker says of a file served with 200."""
    body = text if isinstance(text, bytes) else text.encode()
    payload = msgspec.msgpack.encode(Question(b"HTTP/1.1 200 OK\r\n\r\n" + body, list(urls)))
    return msgspec.msgpack.decode(judge(payload), type=Answer)


Reply = tuple[int, str] | tuple[int, str, str] | Failed


def visit_with(replies: dict[str, Reply]) -> tuple[Visit, list[str]]:
    """A visit whose server gives these answers (status, body, location) by address; and what was asked."""
    asked: list[str] = []

    async def fetch(url: str, kind: Kind, verify: bool) -> Fetched:
        assert kind is Kind.ROBOTS
        asked.append(url)
        reply = replies[url]
        if isinstance(reply, Failed):
            raise reply
        status, body, *to = reply
        block = f"HTTP/1.1 {status} x\r\n\r\n{body}".encode()
        evidence = Evidence(url, "application/http;msgtype=response", datetime.now(UTC), block)
        return Fetched(url, status, {"location": to[0]} if to else {}, evidence, kind)

    def keep(evidence: Evidence, observed: Observed | None = None) -> None:
        """Nothing is stored here."""

    visit = SimpleNamespace(ask=lambda url, kind: fetch(url, kind, True), keep=keep)
    return cast(Visit, visit), asked


def test_the_group_that_names_us_wins_and_the_longest_rule_decides() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: FalseFront\nDisallow: /private\nAllow: /private/open\n"
    answer = rules_text(text, f"{HERE}/", f"{HERE}/private/x", f"{HERE}/private/open/y")
    assert answer.allowed == [True, False, True]


def test_wildcards_ends_byte_order_mark_and_sitemaps_are_read() -> None:
    text = b"\xef\xbb\xbfUser-agent: *\nDisallow: /*.php$\nSitemap: https://acme.example/map.xml\n"
    answer = rules_text(text, f"{HERE}/a.php", f"{HERE}/a.php?x", f"{HERE}/b")
    assert answer.allowed == [False, True, True]
    assert answer.sitemaps == [f"{HERE}/map.xml"]


def test_a_page_in_place_of_the_file_has_no_rules() -> None:
    """Given a script shell that answers every path with 200 and HTML, then nothing is disallowed."""
    assert rules_text("<!doctype html><html><body>Disallow: /</body></html>", f"{HERE}/x").allowed == [True]


def test_only_half_a_megabyte_counts() -> None:
    """Given a rule behind 500 KiB of comment, then it is not read."""
    text = "User-agent: *\n" + "#" * LIMIT + "\nDisallow: /\n"
    assert rules_text(text, f"{HERE}/x").allowed == [True]


def test_real_and_hostile_files_are_read_in_time(corpus: Path) -> None:
    files = sorted((corpus / "hostile" / "robots").glob("*")) + sorted(
        (corpus / "hostile" / "robots_large").glob("*")
    )
    assert len(files) > 60
    for file in files:
        begun = time.process_time()
        answer = rules_text(file.read_bytes(), f"{HERE}/", f"{HERE}/about")
        assert len(answer.allowed) == 2, file.name
        assert time.process_time() - begun < 4, file.name


async def test_4xx_means_no_rules_and_5xx_or_silence_closes(pool: ParsePool) -> None:
    """Given each kind of answer, when rules are asked for, then RFC 9309 §2.3.1 decides."""
    url = f"{HERE}/robots.txt"
    cases: list[tuple[Reply, bool]] = [
        ((404, "Disallow: /"), True),
        ((403, ""), True),
        ((410, ""), True),
        ((503, "User-agent: *\nDisallow:"), False),
        ((500, ""), False),
        (Failed(Status.TIMEOUT, "timeout after 10 s"), False),
        (Failed(Status.UNREACHABLE, "connection-refused"), False),
        ((200, "User-agent: *\nDisallow: /admin"), True),
        ((200, "User-agent: *\nDisallow: /"), False),
        ((200, ""), True),
    ]
    for reply, may in cases:
        visit, _ = visit_with({url: reply})
        rules = await robots.ask(visit, pool, HERE)
        assert (await rules.allow([f"{HERE}/about"])) == {f"{HERE}/about": may}, reply


async def test_a_redirected_file_is_followed_five_times_at_most(pool: ParsePool) -> None:
    moved: dict[str, Reply] = {
        f"{HERE}/robots.txt": (301, "", "https://www.acme.example/robots.txt"),
        "https://www.acme.example/robots.txt": (200, "User-agent: *\nDisallow: /"),
    }
    visit, asked = visit_with(moved)
    rules = await robots.ask(visit, pool, HERE)
    assert await rules.allow([f"{HERE}/x"]) == {f"{HERE}/x": False}
    assert len(asked) == 2

    visit, asked = visit_with({f"{HERE}/robots.txt": (302, "", f"{HERE}/robots.txt")})
    rules = await robots.ask(visit, pool, HERE)
    assert len(asked) == 6
    assert await rules.allow([f"{HERE}/x"]) == {f"{HERE}/x": True}


async def test_a_file_the_parser_cannot_take_closes_the_site() -> None:
    """Given a worker that ran out of time on the file, then nothing beyond the entry is asked for."""
    async with ParsePool(workers=1, seconds=0.001) as parse:
        rules = robots.Rules(
            parse, block=b"HTTP/1.1 200 OK\r\n\r\n" + b"User-agent: *\nDisallow: /*a*b*c\n" * 20_000
        )
        assert await rules.allow([f"{HERE}/x"]) == {f"{HERE}/x": False}
        assert rules.closed.startswith("robots-unreadable")
