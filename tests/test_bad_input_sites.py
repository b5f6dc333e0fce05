"""Sites, name servers and registries that fail, lie or drown us: each ends as a typed attempt, and the rest goes on."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest

from scanner.collect import SOURCES
from tests.bad_worlds.making import REGISTERED, Result, own_words, page, scan, served, write_world

LATIN_WHOIS = """\
% Registre
domain:      latin.example
status:      ACTIVE
holder:      Société Générale des Écrous
registrar:   Enregistré à Orléans SARL
created:     2009-02-03T00:00:00Z
Expiry Date: 2030-02-03T00:00:00Z
""".encode("latin-1")
LIMIT_WHOIS = b"% Query rate limit exceeded. Your access is blocked for 24 hours.\r\n"
RAMBLING_WHOIS = b"\x00\xff\xfe<html><body>Welcome to our router login</body></html>\r\n" * 40
SITE = "sites/firm"
FIRM = {"registration": REGISTERED, "site": SITE}
WHOIS = {"via": "whois"}

BROKEN = (
    b"<html><head><title>Br\x00oken & <b>bold</title><title>twice</head></title><body>" + b"<div><p><table><tr>" * 60
    + b"<a href='http://[::1'>x</a><a href='//'>y</a><a href='javascript:alert(1)'>z</a>"
    + b"<script>while(1){}</script><img src=data:;base64,AAAA><p>" + own_words("broken").encode()
    + bytes(range(256)) * 4 + b"<!-- never closed"
)  # fmt: skip
WIDE = page("Größe & Co", "Größe. " + own_words("wide"))
QUICK: dict[str, object] = {
    "fine.example": FIRM,
    "servfail.example": {"registration": REGISTERED, "dns": {"fault": "servfail"}},
    "dnsrefused.example": {"registration": REGISTERED, "dns": {"fault": "refused"}},
    "refuse.example": {"registration": REGISTERED, "site": {"behaviour": "refuse"}},
    "expired.example": {**FIRM, "tls": {"expired": True}},
    "untrusted.example": {**FIRM, "tls": {"untrusted": True}},
    "wrongname.example": {**FIRM, "tls": {"names": ["somebody-else.example"]}},
    "notls.example": {**FIRM, "tls": {"none": True}},
    "down.example": {"registration": REGISTERED, "site": {"status": 500}},
    "busy.example": {"registration": REGISTERED, "site": {"status": 503}},
    "huge.example": {"registration": REGISTERED, "site": "sites/huge"},
    "bomb.example": {"registration": REGISTERED, "site": {"behaviour": "bomb"}},
    "loop.example": {"registration": REGISTERED, "site": {"behaviour": "loop"}},
    "charset.example": {
        "registration": REGISTERED,
        "site": {"dir": "sites/latin", "paths": {"/*": {"headers": {"Content-Type": "text/html; charset=klingon"}}}},
    },
    "wide.example": {
        "registration": REGISTERED,
        "site": {"dir": "sites/wide", "paths": {"/*": {"headers": {"Content-Type": "text/html; charset=utf-8"}}}},
    },
    "broken.example": {"registration": REGISTERED, "site": "sites/broken"},
    "deep.example": {"registration": REGISTERED, "site": "sites/deep"},
    "empty.example": {"registration": REGISTERED, "site": "sites/empty"},
    "binary.example": {"registration": REGISTERED, "site": "sites/binary"},
    "latin.example": {"registration": {**WHOIS, "whois_file": "latin.txt"}, "site": SITE},
    "limit.example": {"registration": {**WHOIS, "whois_file": "limit.txt"}, "site": SITE},
    "ramble.example": {"registration": {**WHOIS, "whois_file": "ramble.txt"}, "site": SITE},
    "hushed.example": {"registration": {**WHOIS, "whois_file": "nothing.txt"}, "site": SITE},
    "banned.example": {"registration": {"via": "throttled"}, "site": SITE},
    "denied.example": {"registration": {"via": "refused"}, "site": SITE},
    "logless.example": {**FIRM, "archive": {"fault": "throttled"}, "ct": {"fault": "refused"}},
}  # fmt: skip
FILES: dict[str, str | bytes] = {
    "sites/huge/index.html": page("Huge", "All about our firm. " * 640_000),
    "sites/latin/index.html": page("Größe", "Größe. " + own_words("latin")).encode("latin-1"),
    "sites/wide/index.html": WIDE.encode("utf-16"),
    "sites/broken/index.html": BROKEN,
    "sites/deep/index.html": page("Deep", "<div><p><table><tr>" * 30_000 + own_words("deep")),
    "sites/empty/index.html": b"",
    "sites/binary/index.html": random.Random(1).randbytes(128_000),
    "latin.txt": LATIN_WHOIS,
    "limit.txt": LIMIT_WHOIS,
    "ramble.txt": RAMBLING_WHOIS,
    "nothing.txt": b"",
}  # fmt: skip
SLOW: dict[str, object] = {
    "fine.example": FIRM,
    "dnstimeout.example": {"registration": REGISTERED, "dns": {"fault": "timeout"}},
    "blackhole.example": {"registration": REGISTERED, "site": {"behaviour": "blackhole"}},
    "endless.example": {"registration": REGISTERED, "site": {"behaviour": "endless"}},
    "slow.example": {"registration": REGISTERED, "site": {"behaviour": "slow"}},
    "silent.example": {"registration": {"via": "timeout"}, "site": SITE, "archive": {"fault": "timeout"},
                       "ct": {"fault": "timeout"}},
}  # fmt: skip


async def _all(folder: Path, domains: dict[str, object], *more: str, scale: float = 1) -> Result:
    own = {f"sites/{name}/index.html": page(name, own_words(name)) for name in domains}
    sites = {
        name: json.loads(json.dumps(row).replace(SITE, f"sites/{name}")) for name, row in domains.items()
    }
    write_world(folder / "world", sites, {**FILES, **own}, deadline_scale=scale)
    async with served(folder / "world") as config:
        return await scan(config, folder / "findings.db", [*domains, *more])


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One scan of everything that fails at once."""
    return asyncio.run(_all(tmp_path_factory.mktemp("quick"), QUICK, "unknown.example"))


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One scan of everything that never ends, with short deadlines."""
    return asyncio.run(_all(tmp_path_factory.mktemp("slow"), SLOW, scale=0.05))


@pytest.mark.parametrize(
    ("domain", "source", "status", "reason"),
    [
        # the name
        ("unknown.example", "dns", "absent", "nxdomain"),
        ("unknown.example", "rdap", "absent", "not-registered"),
        ("unknown.example", "website", "absent", "nxdomain"),
        ("servfail.example", "dns", "unreachable", "servfail"),
        ("servfail.example", "website", "unreachable", "servfail"),
        ("dnsrefused.example", "dns", "refused", "dns-refused"),
        # the connection
        ("refuse.example", "website", "unreachable", "connection-refused"),
        ("refuse.example", "tls", "unreachable", "connection-refused"),
        ("expired.example", "website", "ok", "certificate not trusted"),
        ("untrusted.example", "website", "ok", "certificate not trusted"),
        ("wrongname.example", "website", "ok", "certificate not trusted"),
        ("notls.example", "website", "ok", "plain-http after connection-refused"),
        ("notls.example", "tls", "unreachable", "connection-refused"),
        # the answer
        ("down.example", "website", "unreachable", "status 500"),
        ("busy.example", "website", "unreachable", "status 503"),
        ("loop.example", "website", "unreachable", "redirect-loop"),
        ("huge.example", "website", "ok", "pages 1"),
        ("bomb.example", "website", "ok", "pages 1"),
        ("broken.example", "website", "ok", "pages 1"),
        ("deep.example", "website", "ok", "pages 1"),
        ("empty.example", "website", "ok", "pages 1"),
        # registries
        ("latin.example", "whois", "ok", ""),
        ("limit.example", "whois", "throttled", "limit"),
        ("ramble.example", "whois", "unparsed", "unreadable"),
        ("hushed.example", "whois", "unreachable", "server-unavailable"),
        ("banned.example", "rdap", "throttled", "http-429"),
        ("banned.example", "whois", "throttled", "limit"),
        ("denied.example", "rdap", "refused", "http-403"),
        ("denied.example", "whois", "refused", "denied"),
        # services
        ("logless.example", "ct", "refused", "http-403"),
        ("logless.example", "archive", "throttled", "http-429"),
    ],
)
def test_what_fails_is_typed(quick: Result, domain: str, source: str, status: str, reason: str) -> None:
    assert quick[domain].status(source) == status
    assert quick[domain].reason(source).startswith(reason)


@pytest.mark.parametrize(
    ("domain", "source", "statuses"),
    [
        ("dnstimeout.example", "dns", {"timeout"}),
        ("dnstimeout.example", "website", {"timeout"}),
        ("blackhole.example", "website", {"timeout"}),
        ("blackhole.example", "tls", {"timeout"}),
        ("slow.example", "website", {"timeout"}),
        ("silent.example", "rdap", {"timeout"}),
        ("silent.example", "whois", {"timeout"}),
        ("silent.example", "ct", {"timeout"}),
        ("silent.example", "archive", {"timeout"}),
        # An endless page is read up to its limit, or to the deadline where the machine is slow.
        ("endless.example", "website", {"ok", "timeout"}),
    ],
)
def test_what_never_ends_is_ended(slow: Result, domain: str, source: str, statuses: set[str]) -> None:
    assert slow[domain].status(source) in statuses


@pytest.mark.parametrize("world", ["quick", "slow"])
def test_no_trouble_of_theirs_is_ours_or_stops_the_scan(world: str, request: pytest.FixtureRequest) -> None:
    result: Result = request.getfixturevalue(world)
    assert result.document["status"] == "partial"
    assert len(result.targets) == len(QUICK) + 1 if world == "quick" else len(SLOW)
    for domain, seen in result.targets.items():
        assert "error" not in seen.statuses.values(), domain
        assert set(seen.statuses) >= set(SOURCES), domain
    # given silence of every kind, then nothing of it is held against a site
    for domain, seen in result.targets.items():
        assert seen.row["level"] in ("nothing-found", "not-enough"), domain
        raised = [f for f in seen.row["findings"] if f["score"] > 0 and f["check_id"] != "mail.none"]
        assert not [f for f in raised if f["strength"] in ("decisive", "strong", "medium")], domain


def test_names_in_latin_1_arrive_whole(quick: Result) -> None:
    found = quick["latin.example"]
    assert found.said("whois", "registration", "created") == ("2009-02-03T00:00:00Z",)
    assert found.said("whois", "registration", "registrant_organisation") == ("Société Générale des Écrous",)


@pytest.mark.parametrize("domain", ["limit.example", "ramble.example", "hushed.example", "banned.example"])
def test_a_registry_that_says_nothing_gives_no_dates_and_no_absence(quick: Result, domain: str) -> None:
    for source in ("rdap", "whois"):
        assert not quick[domain].said(source, "registration", "created")
        assert not quick[domain].said(source, "registration", "state")


@pytest.mark.parametrize(
    ("domain", "state"),
    [
        ("fine.example", "content"),
        ("huge.example", "content"),
        ("charset.example", "content"),
        ("wide.example", "content"),
        ("broken.example", "content"),
        ("bomb.example", "empty"),
        ("empty.example", "empty"),
        ("down.example", "error"),
    ],
)
def test_what_a_page_holds_is_told_apart(quick: Result, domain: str, state: str) -> None:
    assert quick[domain].said("website", "website", "state") == (state,)


@pytest.mark.parametrize("domain", ["charset.example", "wide.example"])
def test_a_wrong_charset_does_not_garble_the_page(quick: Result, domain: str) -> None:
    assert quick[domain].titles[0].startswith("Größe")


def test_no_page_is_kept_beyond_its_limit(quick: Result) -> None:
    """A page is cut and the cut is on record; a bomb is stored as the few bytes that came."""
    [page] = [
        row.evidence for row in quick["huge.example"].evidence if row.evidence.uri == "https://huge.example/"
    ]
    assert len(page.block) <= (4 << 20) + 4096
    assert page.truncated == "length"
    [bomb] = [
        row.evidence for row in quick["bomb.example"].evidence if row.evidence.uri == "https://bomb.example/"
    ]
    assert len(bomb.block) < 1 << 20
