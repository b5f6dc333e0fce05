"""Knowledge: what the shipped lists say, what a day may know, and that a broken list does not load."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.domains import registrable
from scanner.knowledge import Kind, Knowledge, KnowledgeError, mail_kind, place_of
from scanner.knowledge.reader import shipped

FRONTS = "fronts/doj_2023_10_it_firms.yaml"
_FOLDERS = ("fronts", "sanctions", "seizure", "mail", "addresses", "originals", "rarity")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the shipped lists that a test may break."""
    for folder in _FOLDERS:
        shutil.copytree(Path(str(shipped())) / folder, tmp_path / folder)
    return tmp_path


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# ----------------------------------------------------------------------------------- what it says


def test_a_seized_domain_has_its_dates_and_its_source(knowledge: Knowledge) -> None:
    entry = knowledge.entry("FoxySunStudio.com.")
    assert entry is not None
    assert (entry.status, entry.kind, str(entry.seized), str(entry.published)) == (
        "seized",
        "front_company",
        "2023-10-17",
        "2023-10-18",
    )
    assert entry.authoritative
    assert entry.counts_as_front
    assert "justice.gov" in entry.source_url
    assert "FBI" in entry.by


def test_only_the_exact_registrable_domain_is_listed(knowledge: Knowledge) -> None:
    for other in ("foxysunstudio.net", "www.foxysunstudio.com", "oxysunstudio.com", "com", ""):
        assert knowledge.entry(other) is None


def test_a_date_is_kept_as_precisely_as_the_sources_gave_it(knowledge: Knowledge) -> None:
    entry = knowledge.entry("upworksell.com")
    assert entry is not None
    assert (str(entry.seized), str(entry.published), entry.kind) == ("2024-05", "2024-05-16", "facilitator")


def test_vendor_lists_are_never_authoritative_and_context_never_counts_as_a_front(
    knowledge: Knowledge,
) -> None:
    reported = [entry for entry in knowledge.domains() if entry.status == "reported"]
    assert len(reported) == 14
    assert not any(entry.authoritative for entry in reported)
    assert {entry.domain for entry in reported if entry.counts_as_front} == {
        "starglowventures.com",
        "ccwaterfall.com",
    }
    for name in ("celasllc.com", "detankwar.com", "pointdnt.com", "blocktestingto.com"):
        entry = knowledge.entry(name)
        assert entry is not None
        assert not entry.counts_as_front


def test_the_demonstration_entry_says_so_and_stands_on_a_reserved_name(knowledge: Knowledge) -> None:
    entry = knowledge.entry("once-seized.example")
    assert entry is not None
    assert entry.demonstration
    assert entry.authoritative
    assert (str(entry.seized), str(entry.published)) == ("2022-03-10", "2022-03-10")
    assert "emonstration" in entry.source
    assert [one.domain for one in knowledge.domains() if one.demonstration] == ["once-seized.example"]


def test_every_entry_names_who_says_so(knowledge: Knowledge) -> None:
    for entry in knowledge.domains():
        assert registrable(entry.domain) == entry.domain
        assert entry.source
        assert entry.source_url.startswith("https://")
        assert entry.publisher
        assert entry.confidence
        assert (entry.status == "seized") == bool(entry.seized) == bool(entry.by)


@pytest.mark.parametrize(
    ("as_of", "known"),
    [
        ("2022-03-09", []),
        ("2022-03-10", ["once-seized.example"]),
        ("2023-10-17", ["once-seized.example"]),
        ("2023-10-18", ["foxvsun.com", "once-seized.example"]),
        ("2024-05-15", ["foxvsun.com", "once-seized.example"]),
        ("2024-05-16", ["foxvsun.com", "once-seized.example", "upworksell.com"]),
    ],
)
def test_a_day_knows_only_what_was_public_on_it(as_of: str, known: list[str]) -> None:
    view = Knowledge.load(day(as_of))
    asked = ("foxvsun.com", "once-seized.example", "upworksell.com")
    assert [name for name in asked if view.entry(name)] == known
    assert all(
        str(row.published) <= as_of for row in view.rows() if row.kind.startswith(("domain:", "name-family"))
    )


def test_an_entry_dated_by_month_is_public_when_the_month_has_passed() -> None:
    assert Knowledge.load(day("2023-11-29")).entry("blocktestingto.com") is None
    assert Knowledge.load(day("2023-11-30")).entry("blocktestingto.com") is not None


def test_as_of_needs_a_time_zone(knowledge: Knowledge) -> None:
    with pytest.raises(ValueError, match="time zone"):
        knowledge.as_of(datetime(2024, 1, 1))  # noqa: DTZ001  the very mistake


def test_name_families_are_known_from_the_day_their_names_were(knowledge: Knowledge) -> None:
    assert {family.stem: len(family.domains) for family in knowledge.name_families()} == {
        "fox": 9,
        "jinyang": 2,
    }
    assert knowledge.as_of(day("2023-10-17")).name_families() == ()


@pytest.mark.parametrize(
    ("name_server", "agency", "kind"),
    [
        ("ns1.fbi.seized.gov", "FBI", "seizure"),
        ("NS2.FBI.SEIZED.GOV.", "FBI", "seizure"),
        ("ns1.usss.seized.gov", "U.S. Secret Service", "seizure"),
        ("ns1.unheard.seized.gov", "U.S. government", "seizure"),
        ("ns1.seizedservers.com", "ICE/HSI", "seizure"),
        ("ns1.usssdomainseizure.com", "U.S. Secret Service", "seizure"),
        ("ns911a.microsoftinternetsafety.net", "Microsoft Digital Crimes Unit", "sinkhole"),
        ("x.sinkhole.shadowserver.org", "Shadowserver Foundation", "sinkhole"),
        ("sinkhole-01.shadowserver.org", "Shadowserver Foundation", "sinkhole"),
    ],
)
def test_seizure_zones_name_their_agency(
    knowledge: Knowledge, name_server: str, agency: str, kind: str
) -> None:
    zone = knowledge.seizure_zone(name_server)
    assert zone is not None
    assert (zone.agency, zone.kind, zone.strength, zone.needs_banner) == (agency, kind, "strong", False)


@pytest.mark.parametrize(
    "name_server",
    ["seized.gov", "ns1.fbi.seized.gov.evil.example", "ns1.notseized.gov", "ns.shadowserver.org",
     "alice.ns.cloudflare.com", "www.microsoftinternetsafety.net", "", "."],
)  # fmt: skip
def test_other_name_servers_are_no_seizure(knowledge: Knowledge, name_server: str) -> None:
    assert knowledge.seizure_zone(name_server) is None


def test_the_shared_pair_is_weak_needs_both_and_a_banner(knowledge: Knowledge) -> None:
    pair = ("jocelyn.ns.cloudflare.com", "plato.ns.cloudflare.com")
    assert knowledge.seizure_zones(pair[:1]) == ()
    (zone,) = knowledge.seizure_zones([pair[1].upper() + ".", pair[0], "ns1.acme.example"])
    assert (zone.strength, zone.needs_banner, zone.together) == ("weak", True, True)


def test_zones_hold_on_any_day(knowledge: Knowledge) -> None:
    assert knowledge.as_of(day("2000-01-01")).seizure_zone("ns1.fbi.seized.gov") is not None


def test_banner_words_and_days(knowledge: Knowledge) -> None:
    assert "this domain has been seized" in {
        word.text for word in knowledge.banner_words() if word.weight == "notice"
    }
    assert [str(one.date) for one in knowledge.as_of(day("2024-06-01")).seizure_days()] == [
        "2023-10-17",
        "2024-05",
    ]


def test_designated_names_are_dated_and_demonstrations_are_told(knowledge: Knowledge) -> None:
    designated = [one for one in knowledge.designated() if not one.demonstration]
    assert len(designated) == 59
    assert designated[0].number == "24977"
    assert "SILVER STAR CHINA" in designated[0].aliases
    assert len(knowledge.as_of(day("2024-06-01")).designated()) < 59
    assert {"Example"} <= {
        word for one in knowledge.designated() if one.demonstration for word in one.name.split()
    }


def test_nobody_is_listed_for_a_charge_alone() -> None:
    """Charged people have no second fact on record: their names could only ever mark others of that name."""
    assert not [path for path in Path(str(shipped())).rglob("*.yaml") if "charged" in path.name]


def test_rows_have_a_natural_key_and_a_source(knowledge: Knowledge) -> None:
    rows = knowledge.rows()
    assert len({(row.kind, row.value, row.source) for row in rows}) == len(rows) > 90
    assert all(row.source for row in rows)


def test_mail_providers_are_context() -> None:
    assert (mail_kind("Gmail.com"), mail_kind("0-mail.com"), mail_kind("acme.example")) == (
        "free",
        "disposable",
        "",
    )


def test_places() -> None:
    assert place_of("https://github.com/jane").kind is Kind.PROFILE
    assert place_of("https://github.com/").domain == "github.com"
    assert place_of("https://jane.github.io/").platform == "github.io"


def test_loading_what_a_scan_needs_is_fast() -> None:
    from scanner.knowledge import _load

    registrable("warm.example")
    best = 1.0
    for _ in range(5):
        _load.cache_clear()
        started = time.perf_counter()
        Knowledge.load()
        best = min(best, time.perf_counter() - started)
    assert best < 0.05


# ------------------------------------------------------------------------------ provenance and checks


def test_the_shipped_lists_pass_their_own_check(knowledge: Knowledge) -> None:
    report, problems = Knowledge.check()
    assert problems == []
    assert len(report) == len(knowledge.listing()) > 18
    for line, seed in zip(report, knowledge.listing(), strict=True):
        assert line.startswith(seed.path)
        assert seed.licence in line
        assert seed.source in line
        assert str(seed.retrieved) in line


def test_another_byte_is_another_version(seeds: Path) -> None:
    before = Knowledge.load(root=seeds).version
    assert len(before) == 12
    again = seeds.parent / "again"
    shutil.copytree(seeds, again)
    assert Knowledge.load(root=again).version == before
    third = seeds.parent / "third"
    shutil.copytree(seeds, third)
    path = third / "mail" / "free_mail.txt"
    path.write_bytes(path.read_bytes() + b"one-more.example\n")
    assert Knowledge.load(root=third).version != before


def swap(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


ENTRY = "  - {domain: ktsolution.tech}\n"


@pytest.mark.parametrize(
    ("path", "change", "word"),
    [
        (FRONTS, swap(ENTRY, ""), "16 entries, expected 17 to 17"),
        (FRONTS, swap(ENTRY, ENTRY + "  - {domain: acme.com}\n"), "18 entries, expected 17 to 17"),
        (FRONTS, lambda text: text.split("entries:")[0] + "entries: []\n", "0 entries"),
        (FRONTS, swap(ENTRY, "  - {domain: co.kr}\n"), "bare public suffix"),
        (FRONTS, swap(ENTRY, "  - {domain: github.io}\n"), "bare public suffix"),
        (FRONTS, swap(ENTRY, "  - {domain: www.acme.com}\n"), "exact registrable"),
        (FRONTS, swap(ENTRY, "  - {domain: ACME.com}\n"), "exact registrable"),
        (FRONTS, swap(ENTRY, "  - {domain: foxvsun.com}\n"), "stands on doj-2023-10-it-firms already"),
        (FRONTS, swap(ENTRY, "  - {domain: acme.com, status: reported}\n"), "reported, yet"),
        (FRONTS, swap(ENTRY, "  - {domain: upworksell.com}\n"), "stands on doj-2023-10-it-firms already"),
        (FRONTS, swap(ENTRY, "  - {domain: acme.example}\n"), "reserved name"),
        (FRONTS, swap(ENTRY, "  - {domain: a..b}\n"), "empty label"),
        (FRONTS, swap(ENTRY, "  - {domain: acme.com, colour: red}\n"), "unknown key colour"),
        (FRONTS, swap(ENTRY, "  - just text\n"), "not a list of mappings"),
        (FRONTS, swap("published: 2023-10-18", "published: 2023-10-16"), "before it was seized"),
        (FRONTS, swap("published: 2023-10-18", "published: soon"), "not a date"),
        (FRONTS, swap("published: 2023-10-18\n", ""), "`published` is missing"),
        (FRONTS, swap("seized: 2023-10-17\n", ""), "`seized` is missing"),
        (FRONTS, swap("status: seized", "status: suspected"), "not one of"),
        (FRONTS, swap("kind: front_company", "kind: villain"), "not one of"),
        (FRONTS, swap("authoritative: true", "authoritative: perhaps"), "not true or false"),
        (FRONTS, swap("licence:", "license:"), "lacks licence"),
        (FRONTS, swap("retrieved: 2026-11-23", "retrieved:"), "lacks retrieved"),
        (FRONTS, swap("count: {min: 17, max: 17}", "count: {min: 0, max: 17}"), "minimum above 0"),
        (FRONTS, swap("count: {min: 17, max: 17}\n", ""), "count"),
        (FRONTS, swap("entries:", "entries: ["), "not YAML"),
        ("fronts/demo.yaml", swap("once-seized.example", "once-seized.com"), "only reserved names"),
        ("fronts/applejeus_2018_2020.yaml", swap("relevance: adjacent", "relevance: some"), "relevance"),
        ("fronts/unit42_2023_11.yaml", swap("blocktestingto.com", "foxvsun.com"), "as seized, here as reported"),
        ("fronts/name_families.yaml", swap("jinyang.asia", "edenprogram.com"), "does not fit the family"),
        ("fronts/name_families.yaml", swap("jinyang.asia, ", ""), "does not fit the family"),
        ("seizure/name_servers.yaml", swap("kind: seizure", "kind: arrest"), "not one of"),
        ("seizure/name_servers.yaml", swap("strength: weak", "strength: strong"), "is not strong"),
        ("seizure/name_servers.yaml", swap("plato.ns.cloudflare.com", "plato.example"), "no zone of its hosts"),
        ("seizure/banner_words.yaml", swap("this domain has", "This domain has"), "lower case"),
        ("seizure/dates.yaml", swap("2023-10-17", "2023-17-10"), "date"),
        ("sanctions/designated.yaml", swap("number: 24978", "number: 24977"), "stands there twice"),
        ("sanctions/designated.yaml", swap("type: entity", "type: dragon"), "not one of"),
        ("sanctions/designated.yaml", swap("[sdn_csv, sentinel", "[hearsay, sentinel"), "does not explain"),
        ("sanctions/demo.yaml", swap('name: "Example LLC"', 'name: "Acme LLC"'), "demonstration"),
        ("sanctions/designated.yaml", swap('name: "Alis LLC"', 'name: "Alis Example LLC"'), "demonstration"),
        ("addresses/profiles.yaml", swap("domain: behance.net", "domain: www.behance.net"), "another domain"),
        ("mail/free_mail.txt", lambda text: "\n".join(text.splitlines()[:9]), "1 entries, expected"),
        ("mail/free_mail.txt", lambda text: text + "\n".join(f"m{n}.example" for n in range(3000)), "8787 entries"),
        ("mail/disposable.txt", lambda text: text + "co.uk\n", "bare public suffix"),
        ("mail/disposable.txt", lambda text: text + "<script>\n", "no host name"),
        ("addresses/shorteners.txt", lambda text: text + "bit.ly\n", "twice"),
        ("addresses/shorteners.txt", swap("# licence: CC0-1.0\n", ""), "lacks licence"),
    ],
)  # fmt: skip
def test_a_changed_list_is_refused_in_one_line(
    seeds: Path, path: str, change: Callable[[str], str], word: str
) -> None:
    """Given a shipped list with one thing wrong, when all are checked, then exactly that file is named."""
    file = seeds / path
    before = file.read_text("utf-8")
    after = change(before)
    assert after != before
    file.write_text(after, "utf-8", newline="\n")
    _, problems = Knowledge.check(seeds)
    assert len(problems) == 1
    assert "\n" not in problems[0]
    assert path.split("/")[0] in problems[0]
    assert word in problems[0]
    if path.split("/")[0] in ("fronts", "seizure"):
        with pytest.raises(KnowledgeError):
            Knowledge.load(root=seeds)


def test_a_missing_and_an_oversized_file_are_said(seeds: Path) -> None:
    (seeds / "seizure" / "dates.yaml").unlink()
    (seeds / "mail" / "disposable.txt").write_bytes(b"a" * 5_000_000)
    (seeds / "mail" / "free_mail.txt").write_bytes(b"\xff\xfe")
    _, problems = Knowledge.check(seeds)
    assert [problem.split(":")[0] for problem in problems] == [
        "seizure/dates.yaml",
        "mail/free_mail.txt",
        "mail/disposable.txt",
    ]


def test_an_empty_folder_of_lists_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no such folder"):
        Knowledge.load(root=tmp_path)
    (tmp_path / "fronts").mkdir()
    with pytest.raises(KnowledgeError, match="no list of domains"):
        Knowledge.load(root=tmp_path / ".")
