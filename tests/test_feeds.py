"""Feeds: read in workers, put in place at once or not at all; whatever is wrong with one, the old knowledge stays."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scanner.egress import Network, NetworkConfig
from scanner.knowledge.indicators import BadIndicatorError, Indicator, keys_of_url, spelled
from scanner.parse import ParsePool
from scanner.refresh import RefreshError
from scanner.refresh.feeds import Taken, Wanted, readers, take
from scanner.store import Store
from scanner.world import serve

DAY = "2024-06-01"
MONERO = "4AdUndXHHZ6cfufTMvppY6JwXNouMBzSkbLYfpAV5Usx3skxNgYeYTRj5UzqtReoS44qo9mtmXCqY45DJ852K5Jv2684Rge"
UUID = "5c1b2f6e-3d64-4a39-9d3e-0a0a0a0a0a0a"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A database that holds a feed `list` of one entry."""
    (tmp_path / "db").mkdir()
    with Store(tmp_path / "db" / "findings.db") as store:
        store.replace_feed("list", "csv", [Indicator("domain", "old-entry.com")], DAY)
        yield store


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[ParsePool]:
    async with readers() as started:
        yield started


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def taken(store: Store, pool: ParsePool, path: Path | str, **how: Any) -> Taken:
    async with Network(NetworkConfig()) as network:
        return await take(Wanted(str(path), **{"name": "list", **how}), store, pool, network, DAY)


def values(store: Store) -> list[str]:
    names = ("old-entry.com", "first-one.com", "second-one.com", "third-one.com", "shared-one.com")
    return [name for name in names if store.is_known("domain", name)]


def bundle(*objects: dict[str, Any]) -> str:
    return json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects})


def indicator(number: int, pattern: str, **more: Any) -> dict[str, Any]:
    moment = "2024-02-01T00:00:00.000Z"
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{number}", "created": moment,
        "modified": moment, "valid_from": moment, "pattern": pattern, "pattern_type": "stix", **more,
    }  # fmt: skip


def event(*attributes: dict[str, Any], **more: Any) -> str:
    rows = [{"to_ids": True, "category": "Network activity", **row} for row in attributes]
    return json.dumps(
        {"Event": {"uuid": UUID, "info": "An event", "date": "2024-03-05", "Attribute": rows, **more}}
    )


# -------------------------------------------------------------------------------------------- what is read


async def test_a_table_replaces_what_the_feed_said_and_tells_the_difference(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "\ufeffdomain,published,status,relevance,note\n"
        "# a remark\nFirst-One.com.,2024-01-05,seized,,taken\nsecond-one.com,,,adjacent,\n",
        "utf-8",
    )
    # when it is only tried
    tried = await taken(store, pool, path, dry_run=True)
    assert (tried.diff.added, tried.diff.removed) == (2, 1)
    assert values(store) == ["old-entry.com"]
    # when it is taken in
    done = await taken(store, pool, path)
    assert done.diff == tried.diff
    assert values(store) == ["first-one.com", "second-one.com"]
    listed = store.known_about([("domain", "first-one.com"), ("domain", "second-one.com")])
    assert listed.about("domain", "first-one.com")[0].indicator.status == "seized"
    assert not listed.about("domain", "second-one.com")[0].indicator.counts
    # when nothing has changed, nothing changes
    version = store.own_version()
    assert (await taken(store, pool, path)).diff.nothing
    assert store.own_version() == version


async def test_payment_addresses_come_in_from_tables_and_misp_in_one_spelling(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    coin = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    (tmp_path / "list.csv").write_text(f"payment\nbitcoin:{coin}\n", "utf-8")
    (tmp_path / "event.json").write_text(event({"type": "btc", "value": coin}), "utf-8")
    for name in ("list.csv", "event.json"):
        assert (await taken(store, pool, tmp_path / name)).entries == 1
        assert store.is_known("payment", f"bitcoin {coin}")
    # given wallets as OpenCTI writes them, one of a coin that can't be checked: the others are taken
    bad = indicator(3, "[cryptocurrency-wallet:value = 'LP98Q2gPZ9gUhoL5fDji357HPRHxVqWh6j']")
    wallets = bundle(
        indicator(1, f"[cryptocurrency-wallet:value = '{coin}']"),
        indicator(2, f"[x-opencti-cryptocurrency-wallet:value = '{MONERO}']"),
        bad,
    )
    (tmp_path / "bundle.json").write_text(wallets, "utf-8")
    (tmp_path / "xmr.json").write_text(event({"type": "xmr", "value": MONERO}), "utf-8")
    both = await taken(store, pool, tmp_path / "bundle.json")
    assert (both.entries, both.left) == (2, 1)
    assert (await taken(store, pool, tmp_path / "xmr.json")).entries == 1
    assert store.is_known("payment", f"monero {MONERO}")
    # given one whose checksum does not hold, in a table kept by hand: nothing is taken
    (tmp_path / "list.csv").write_text(f"payment\n{coin[:-1]}b\n", "utf-8")
    with pytest.raises(RefreshError, match=r"line 2: .* checksum does not hold; the old"):
        await taken(store, pool, tmp_path / "list.csv")


async def test_a_plain_list_of_addresses_needs_no_header(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    path = tmp_path / "names.txt"
    path.write_text("first-one.com\nhxxps://second-one[.]com/\n", "utf-8")
    await taken(store, pool, path)
    assert values(store) == ["first-one.com", "second-one.com"]


async def test_a_bundle_gives_addresses_campaigns_and_dates(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(
        bundle(
            indicator(1, "[domain-name:value = 'first-one.com' OR url:value = 'https://second-one.com/apply']"),
            indicator(2, "[email-addr:value = 'HR@third-one.com']", valid_until="2024-05-01T00:00:00Z"),
            indicator(3, "[domain-name:value = 'shared-one.com']", revoked=True),
            {"type": "campaign", "id": "campaign--1", "name": "Fox"},
            {
                "type": "relationship", "relationship_type": "indicates", "source_ref": "indicator--1",
                "target_ref": "campaign--1",
            },
            {"type": "report", "id": "report--1", "published": "2024-04-01T00:00:00Z", "object_refs": ["indicator--1"]},
            {"type": "x-unknown", "pattern": 5, "name": [1]},
        ),
        "utf-8",
    )  # fmt: skip
    done = await taken(store, pool, path)
    assert (done.format, done.entries, done.left) == ("stix", 3, 1)
    known = store.known_about(
        [
            ("domain", "first-one.com"),
            ("mail", "hr@third-one.com"),
            *keys_of_url("http://second-one.com/apply/"),
        ]
    )
    first = known.about("domain", "first-one.com")[0].indicator
    assert (first.published, first.note, first.status) == ("2024-04-01", "Fox", "reported")
    assert known.about("mail", "hr@third-one.com")[0].indicator.until == "2024-05-01"
    assert known.about("url", "second-one.com/apply")
    assert not store.is_known("domain", "shared-one.com")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("[domain-name:value = 'co.kr']", "bare public suffix"),
        ("[domain-name:value = 'github.io']", "platform"),
        ("[url:value = 'https://www.google.com/']", "most visited"),
        ("[domain-name:value LIKE '%soft.com']", "no exact address"),
        ("[domain-name:value != 'first-one.com']", "no exact address"),
        ("[domain-name:value = 'a-one.com' AND url:value = 'http://b-one.com/x']", "several things"),
        ("[ipv4-addr:value = '198.51.100.3']", "no exact address"),
        ("[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']", "exact address"),
    ],
)
async def test_what_names_no_single_address_is_left_out_and_told(
    store: Store, pool: ParsePool, tmp_path: Path, pattern: str, why: str
) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(
        bundle(indicator(1, "[domain-name:value = 'first-one.com']"), indicator(2, pattern)), "utf-8"
    )
    done = await taken(store, pool, path)
    assert (done.entries, done.left) == (1, 1)
    assert why in done.why[0]


async def test_the_newest_version_of_an_indicator_counts(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    path = tmp_path / "bundle.json"
    newer = indicator(1, "[domain-name:value = 'second-one.com']", modified="2024-03-01T00:00:00.000Z")
    path.write_text(bundle(newer, indicator(1, "[domain-name:value = 'first-one.com']")), "utf-8")
    await taken(store, pool, path)
    assert values(store) == ["second-one.com"]


async def test_an_event_gives_what_is_meant_for_detection(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    path = tmp_path / "event.json"
    path.write_text(
        event(
            {"type": "domain|ip", "value": "first-one.com|198.51.100.3"},
            {"type": "domain", "value": "second-one.com", "to_ids": False},
            {"type": "domain", "value": "third-one.com", "deleted": True},
            Object=[
                {"name": "x", "Attribute": [{"type": "email", "value": "hr@shared-one.com", "to_ids": True}]}
            ],
            publish_timestamp="1709683200",
        ),
        "utf-8",
    )
    done = await taken(store, pool, path)
    assert (done.format, done.entries, done.left) == ("misp", 2, 1)
    assert values(store) == ["first-one.com"]
    listed = store.known_about([("domain", "first-one.com")]).about("domain", "first-one.com")[0].indicator
    assert (listed.published, listed.note) == ("2024-03-06", "An event")


async def test_a_manifest_leads_to_its_events(store: Store, pool: ParsePool, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(
        json.dumps({UUID: {"info": "An event", "date": "2024-03-05"}}), "utf-8"
    )
    (tmp_path / f"{UUID}.json").write_text(event({"type": "hostname", "value": "www.first-one.com"}), "utf-8")
    assert (await taken(store, pool, tmp_path)).entries == 1
    assert values(store) == ["first-one.com"]


async def test_one_address_of_two_events_is_public_since_the_earlier(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(
        bundle(
            indicator(1, "[domain-name:value = 'shared-one.com']", created="2024-05-01T00:00:00Z"),
            indicator(2, "[domain-name:value = 'shared-one.com']", created="2023-05-01T00:00:00Z"),
        ),
        "utf-8",
    )
    await taken(store, pool, path)
    listed = store.known_about([("domain", "shared-one.com")]).about("domain", "shared-one.com")
    assert [one.indicator.published for one in listed] == ["2023-05-01"]


# ----------------------------------------------------------------------------------- what is refused whole

BAD = {
    "empty": ("list.csv", b"", "no address"),
    "header only": ("list.csv", b"domain,note\n", "no address"),
    "no column": ("list.csv", b"firm,country\nAcme,US\n", "line 1: no column"),
    "utf-16": ("list.csv", "domain\nfirst-one.com\n".encode("utf-16"), "not UTF-8"),
    "latin-1": ("list.csv", "domain,note\nfirst-one.com,Müller\n".encode("latin-1"), "line 2: not UTF-8"),
    "null byte": ("list.csv", b"domain\nfirst\0-one.com\n", "line 2: a null byte"),
    "suffix": ("list.csv", b"domain\nfirst-one.com\nco.kr\n", "line 3: co.kr is a bare public suffix"),
    "platform": ("list.csv", b"domain\ngithub.io\n", "a platform"),
    "address": ("list.csv", b"domain\n198.51.100.7\n", "IP address"),
    "date": ("list.csv", b"domain,published\nfirst-one.com,soon\n", "no date"),
    "status": ("list.csv", b"domain,status\nfirst-one.com,guilty\n", "not one of"),
    "twice": ("list.csv", b"domain\nfirst-one.com\nFIRST-one.com\n", "first-one.com stands there twice"),
    "contradiction": (
        "list.csv",
        b"domain,status\nfirst-one.com,seized\nfirst-one.com,reported\n",
        "once as seized",
    ),
    "quote": ("list.csv", b'domain,note\nfirst-one.com,"open\n', "line"),
    "half a bundle": ("b.json", b'{"type": "bundle", "objects": [', "no STIX bundle"),
    "not a bundle": ("b.json", b'{"type": "report"}', "no STIX bundle"),
    "wrong type": ("b.json", b'{"type": "bundle", "objects": {"a": 1}}', "no STIX bundle"),
    "deep": ("b.json", b'{"type":"bundle","objects":' + b"[" * 100_000, "no STIX bundle"),
    "half an indicator": ("b.json", b'{"type":"bundle","objects":[{"type":"indicator","id":5}]}', "object 1"),
    "two of one moment": (
        "b.json",
        bundle(
            indicator(1, "[domain-name:value = 'first-one.com']"),
            indicator(1, "[domain-name:value = 'b-one.com']"),
        ).encode(),
        "indicator--1 stands there twice",
    ),
    "nothing usable": ("b.json", bundle(indicator(1, "[file:size = 3]")).encode(), "no address"),
    "no event": ("e.json", b'{"Event": []}', "no MISP event"),
    "missing event": ("manifest.json", json.dumps({UUID: {}}).encode(), "missing beside it"),
    "a path for an event": (
        "manifest.json",
        json.dumps({UUID: {}, "../../etc/passwd": {}}).encode(),
        "something that is no event",
    ),
}


@pytest.mark.parametrize("case", BAD)
async def test_a_feed_with_anything_wrong_changes_nothing_and_says_why(
    store: Store, pool: ParsePool, tmp_path: Path, case: str
) -> None:
    name, content, why = BAD[case]
    (tmp_path / name).write_bytes(content)
    version = store.own_version()
    with pytest.raises(RefreshError, match="the old knowledge stays") as error:
        await taken(store, pool, tmp_path / name)
    assert why in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 600
    assert values(store) == ["old-entry.com"]
    assert store.own_version() == version


async def test_a_duplicate_far_apart_is_found_too(store: Store, pool: ParsePool, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = [f"name-{number}.com" for number in range(15_000)]
    path.write_text("\n".join(["domain", *rows, "name-7.com"]), "utf-8")
    with pytest.raises(RefreshError, match=r"name-7\.com stands there twice"):
        await taken(store, pool, path)


async def test_a_bundle_of_200_mb_is_refused_before_it_is_read(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.write(b'{"type": "bundle", "objects": [')
        file.truncate(200 << 20)  # a sparse file: the size is what matters
    with pytest.raises(RefreshError, match="over 64 MB of JSON; split it"):
        await taken(store, pool, path)
    assert values(store) == ["old-entry.com"]


async def test_a_feed_that_shrinks_or_explodes_needs_a_word(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["domain", *(f"name-{n}.com" for n in range(100))]), "utf-8")
    await taken(store, pool, path)
    path.write_text("domain\nfirst-one.com\n", "utf-8")
    with pytest.raises(RefreshError, match=r"1 entries, expected 50 to 1000, it had 100.*--expect"):
        await taken(store, pool, path)
    assert store.is_known("domain", "name-3.com")
    await taken(store, pool, path, expect=(1, 10))
    assert values(store) == ["first-one.com"]


async def test_a_long_feed_locks_nobody_out_while_it_is_read(store: Store) -> None:
    def entries() -> Iterator[Indicator]:
        yield Indicator("domain", "first-one.com")
        # when another process writes meanwhile
        with Store(store.path, wait=0.1) as other:
            other.add_own([Indicator("domain", "third-one.com")], DAY)
        yield Indicator("domain", "second-one.com")

    store.replace_feed("list", "csv", entries(), DAY)
    assert values(store) == ["first-one.com", "second-one.com", "third-one.com"]


async def test_a_feed_may_not_be_called_as_ones_own_list(
    store: Store, pool: ParsePool, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("domain\nfirst-one.com\n", "utf-8")
    with pytest.raises(RefreshError, match="is what your own entries are called"):
        await taken(store, pool, path, name="")


# ------------------------------------------------------------------------------------- through the one door


@asynccontextmanager
async def door(folder: Path, site: dict[str, Any]) -> AsyncIterator[Network]:
    """A small world whose `feeds.example` serves `folder/site`."""
    world = {"now": DAY, "domains": {"feeds.example": site, "inside.example": {"dns": {"A": ["127.0.0.1"]}}}}
    (folder / "world.yaml").write_text(json.dumps(world), "utf-8")
    async with serve(folder) as served:
        config = replace(NetworkConfig.parse(served.network_toml, folder), pace=False)
        async with Network(config) as network:
            yield network


async def test_a_feed_is_fetched_with_its_events(store: Store, pool: ParsePool, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "manifest.json").write_text(json.dumps({UUID: {}}), "utf-8")
    (tmp_path / "site" / f"{UUID}.json").write_text(
        event({"type": "domain", "value": "first-one.com"}), "utf-8"
    )
    async with door(tmp_path, {"site": "site"}) as network:
        wanted = Wanted("https://feeds.example/manifest.json", "list")
        done = await take(wanted, store, pool, network, DAY)
    assert (done.format, done.entries) == ("misp", 1)
    assert values(store) == ["first-one.com"]


@pytest.mark.parametrize(
    "goal",
    [
        "http://127.0.0.1/list.csv",
        "http://[::1]/",
        "https://inside.example/",
        "file:///etc/passwd",
        "http://169.254.169.254/",
    ],
)
async def test_a_feed_that_redirects_inside_is_stopped_at_the_door(
    store: Store, pool: ParsePool, tmp_path: Path, goal: str
) -> None:
    async with door(tmp_path, {"site": {"redirect": goal}}) as network:
        with pytest.raises(RefreshError, match="the old knowledge stays") as error:
            await take(Wanted("https://feeds.example/list.csv", "list"), store, pool, network, DAY)
    assert "\n" not in str(error.value)
    assert values(store) == ["old-entry.com"]


@pytest.mark.parametrize(
    "site", [{"site": {"status": 503}}, {"site": {"behaviour": "refuse"}}, {"site": {"behaviour": "loop"}}]
)
async def test_a_feed_that_can_not_be_had_changes_nothing(
    store: Store, pool: ParsePool, tmp_path: Path, site: dict[str, Any]
) -> None:
    async with door(tmp_path, site) as network:
        with pytest.raises(RefreshError, match="the old knowledge stays"):
            await take(Wanted("https://feeds.example/list.csv", "list"), store, pool, network, DAY)
    assert values(store) == ["old-entry.com"]


# ------------------------------------------------------------------------------------------- one spelling


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("WWW.Acme-Soft.example", ("domain", "acme-soft.example")),
        ("jobs.acme-soft.example", ("host", "jobs.acme-soft.example")),
        ("https://acme-soft.example/a/?b=1", ("url", "acme-soft.example/a?b=1")),
        ("bücher-haus.example", ("domain", "xn--bcher-haus-9db.example")),
        ("jane.github.io", ("domain", "jane.github.io")),
        ("+1 (604) 243-7330", ("phone", "+16042437330")),
        ("HR[@]acme-soft[.]example", ("mail", "hr@acme-soft.example")),
    ],
)
async def test_an_address_has_one_spelling(text: str, found: tuple[str, str]) -> None:
    assert spelled(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "com",
        "co.uk",
        "vercel.app",
        "a b.com",
        "ftp://x-y.com/",
        "javascript:x/",
        "@",
        "+12",
        "[::1]",
        "\x00",
    ],
)
async def test_what_names_nobody_or_everybody_is_no_indicator(text: str) -> None:
    with pytest.raises(BadIndicatorError):
        spelled(text)
