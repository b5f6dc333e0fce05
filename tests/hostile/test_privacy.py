"""What leaves the machine: addresses, and nothing else of the case; with `--passive` nothing the owner sees."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scanner.model import Case
from scanner.parse import ParsePool
from scanner.plan import Choice
from tests.hostile.lab import Scanned, employer, html, registered, scan

pytestmark = pytest.mark.asyncio(loop_scope="session")
FRONT = "acme-front.com"
SECRETS = ("zebrafinch", "quokkaman", "numbatville", "wombatcorp")
MENU = '<nav><a href="/team">Team</a><a href="https://partner.com/x">Partner</a></nav><img src="https://pixel.com/p.gif">'
DOMAINS = {
    FRONT: {
        "registration": registered("2022-05-03", nameservers=[f"ns1.{FRONT}"]),
        "site": "sites/front",
        "archive": [{"at": "2022-08-01", "site": "sites/front"}],
        "ct": [{"logged": "2022-05-04", "names": [FRONT]}],
    },
    "partner.com": {"registration": registered("2010-01-01"), "site": "sites/front"},
    "pixel.com": {"registration": registered("2010-01-01"), "site": "sites/front"},
}
SITES = {"front": {"index.html": html(MENU), "team.html": html()}}


async def scanned(folder: Path, pool: ParsePool, *, passive: bool = False) -> Scanned:
    claim = employer(f"https://{FRONT}/", organisation=SECRETS[3], place=SECRETS[2])
    case = Case(f"case-{SECRETS[0]}", f"label {SECRETS[1]}", (claim,))
    return await scan(folder, pool, DOMAINS, SITES, case=case, choice=Choice(passive=passive))


async def test_nothing_of_the_case_but_its_addresses_leaves(tmp_path: Path, pool: ParsePool) -> None:
    # Given a case whose id, label, organisation and place are words that stand nowhere else
    found = await scanned(tmp_path, pool)
    # When every question the world was asked, and every request head that was sent, is searched
    asked = [f"{event.service} {event.what} {event.domain}".lower() for event in found.log]
    (warc,) = (tmp_path / "evidence").glob("*.warc.gz")
    with warc.open("rb") as file:
        kept = [
            (r.rec_type, r.raw_stream.read().lower()) for r in ArchiveIterator(file, no_record_parse=True)
        ]
    heads = [block for kind, block in kept if kind == "request"]
    # Then none of those words is there, nor in the evidence file itself, which may be handed on
    assert len(asked) > 20
    assert len(heads) > 5
    for secret in SECRETS:
        assert not [line for line in asked if secret in line]
        assert not [kind for kind, block in kept if secret.encode() in block]


async def test_requests_say_who_asks_and_nothing_of_where_from(tmp_path: Path, pool: ParsePool) -> None:
    # Given a scan of a site with pages behind its first
    await scanned(tmp_path, pool)
    (warc,) = (tmp_path / "evidence").glob("*.warc.gz")
    with warc.open("rb") as file:
        heads = [
            r.raw_stream.read().decode()
            for r in ArchiveIterator(file, no_record_parse=True)
            if r.rec_type == "request"
        ]
    # When the heads are read, then their fields are few and known: no referrer, no cookie, no proxy, no language
    # of this machine
    names = {line.partition(":")[0].lower() for head in heads for line in head.splitlines()[1:] if line}
    assert names <= {"host", "user-agent", "accept", "accept-encoding", "accept-language", "connection"}
    agents = {line for head in heads for line in head.splitlines() if line.lower().startswith("user-agent")}
    assert len(agents) == 1
    assert "falsefront" in agents.pop()


async def test_only_the_claimed_site_is_visited(tmp_path: Path, pool: ParsePool) -> None:
    # Given a site that links to a partner and loads a picture from elsewhere, when it is scanned
    found = await scanned(tmp_path, pool)
    # Then neither was asked: who only stands on a page isn't told of the scan
    web = {event.domain for event in found.log if event.service == "http"}
    assert FRONT in web
    assert not {domain for domain in web if "partner" in domain or "pixel" in domain}
    looked_up = {event.domain.rstrip(".") for event in found.log if event.service == "dns"}
    assert not {name for name in looked_up if name.endswith(("partner.com", "pixel.com"))}


async def test_a_passive_scan_asks_nothing_the_owner_can_see(tmp_path: Path, pool: ParsePool) -> None:
    # Given a front that runs its own name servers, so that any question about its names reaches it
    found = await scanned(tmp_path, pool, passive=True)
    # When the scan was passive, then no name of its was looked up and no connection went to it
    for event in found.log:
        assert not (event.service == "dns" and FRONT in event.what.lower()), event
        assert not (event.service in ("http", "connect") and FRONT in f"{event.domain} {event.what}"), event
    answered = {source for (_, source), status in found.statuses.items() if status.answered}
    assert answered == {"rdap", "ct", "archive"}


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
async def test_all_files_of_a_scan_are_for_their_owner_alone(tmp_path: Path, pool: ParsePool) -> None:
    await scanned(tmp_path, pool)
    made = [Path(folder) / name for folder, _, names in os.walk(tmp_path) for name in names]
    files = [path for path in made if "world" not in path.parts]
    assert {path.name.partition(".")[2] for path in files} >= {"db", "warc.gz"}
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in files}
    assert set(modes.values()) == {"0o600"}, modes
