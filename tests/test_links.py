"""The graph between targets, cases and known fronts, and what of it one candidate's report may show."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.knowledge import Knowledge
from scanner.knowledge.indicators import Indicator, spelled
from scanner.links import KINDS, write_down
from scanner.model import (
    Case,
    Claim,
    Evidence,
    Level,
    Observation,
    Observed,
    Page,
    Role,
    Strength,
    Target,
    Why,
)
from scanner.rarity import COMMON
from scanner.report import document
from scanner.score import judge_scan
from scanner.store import ScanRecord, Store

NOW = datetime(2024, 6, 1, tzinfo=UTC)
KNOWLEDGE = Knowledge.load(NOW)
Facts = Mapping[str, Sequence[tuple[str, str, str]]]

NIGHT: Facts = {
    "quellbridge.example": [
        ("contact", "mail", "desk@quellbridge.example"),
        ("contact", "phone", "+441174960231"),
        ("contact", "address", "1200 Market Street, Suite 410, Austin, TX 78701"),
        ("identifier", "analytics", "google-analytics G-7QX2TNW9LA"),
    ],
    "norvane.example": [
        ("contact", "mail", "desk@quellbridge.example"),
        ("contact", "phone", "+441174960299"),
        ("contact", "address", "1200 Market St, #412, Austin, TX 78701"),
        ("identifier", "analytics", "google-analytics G-7QX2TNW9LA"),
    ],
    "tarnlight.example": [("contact", "mail", "norvane.hr@postbox.test")],
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "findings.db") as opened:
        yield opened


def scanned(store: Store, case: str, facts: Facts, leads: Sequence[str] = ()) -> ScanRecord:
    """A scan that found these facts, up to where it is judged."""
    claims = {domain: Claim(Role.EMPLOYER, f"https://{domain}") for domain in facts if domain not in leads}
    targets = [
        Target(domain, (f"https://{domain}",), (claims[domain],))
        if domain in claims
        else Target(domain, (f"https://{domain}",), why=Why.LEAD, from_domain=next(iter(claims)))
        for domain in facts
    ]
    record = store.begin_scan(
        Case(case, "", tuple(claims.values())),
        targets,
        as_of=NOW,
        passive=False,
        tool_version="0",
        knowledge_version=KNOWLEDGE.version,
    )
    for domain, rows in facts.items():
        store.add_observations(record, domain, [Observation(*row, "website") for row in rows])
    write_down(store, record, KNOWLEDGE)
    return record


def written(store: Store, record: ScanRecord) -> set[tuple[str, str, str, str]]:
    rows = store.observation_rows(record).fetchall()
    return {(row[0], row[1], row[2], row[3]) for row in rows if row[1] in KINDS}


def shared(store: Store, record: ScanRecord) -> set[tuple[str, str, str]]:
    return {
        (domain, name, json.loads(value)["domain"])
        for domain, kind, name, value in written(store, record)
        if kind == "shared"
    }


# ------------------------------------------------------------------------------------- within one case


def test_what_targets_of_a_case_share_is_linked_and_written_down(store: Store) -> None:
    record = scanned(store, "night", NIGHT)
    links = {(a, b, kind) for a, b, kind, _, _ in store.links(record)}
    pair = ("norvane.example", "quellbridge.example")
    assert links == {
        (*pair, "mail"),
        (*pair, "analytics"),
        (*pair, "building"),
        (*pair, "near-room"),  # suite 410 next to suite 412
        (*pair, "near-phone"),
        (*pair, "mail-host"),  # a mailbox kept at the other site
        ("norvane.example", "tarnlight.example", "mail-name"),  # a mailbox with the other's name
    }
    assert shared(store, record) >= {
        ("norvane.example", "mail", "quellbridge.example"),
        ("quellbridge.example", "mail", "norvane.example"),
        ("norvane.example", "mail-name", "tarnlight.example"),
        ("tarnlight.example", "mail-name", "norvane.example"),
    }
    assert ("norvane.example", "rarity", "mail", "2 desk@quellbridge.example") in written(store, record)


def test_likenesses_show_both_sides_and_weigh_less_than_what_is_the_same(store: Store) -> None:
    links = {kind: (value, rarity) for _, _, kind, value, rarity in store.links(scanned(store, "n", NIGHT))}
    assert links["near-phone"][0] == "+441174960231 ~ +441174960299"
    assert links["near-room"][0] == "1200 market street 78701 #410 ~ 1200 market street 78701 #412"
    exact = min(links["mail"][1], links["analytics"][1])
    assert all(links[kind][1] < exact for kind in ("near-phone", "near-room", "mail-name", "mail-host"))


def test_done_again_it_changes_nothing(store: Store) -> None:
    record = scanned(store, "night", NIGHT)
    before = list(store.conn.iterdump())
    write_down(store, record, KNOWLEDGE)
    assert list(store.conn.iterdump()) == before


def test_judging_again_asks_nothing_and_moves_no_link(store: Store) -> None:
    # given a case, and then another that makes its mailbox common
    record = scanned(store, "night", NIGHT)
    first = judge_scan(store, record, KNOWLEDGE)
    rows, links = written(store, record), store.links(record)
    mailbox = NIGHT["norvane.example"][0]
    for number in range(COMMON):
        scanned(store, f"later-{number}", {f"later-{number}.example": [mailbox]})
    # when the first is judged again, then it stands as it did
    assert judge_scan(store, record, KNOWLEDGE) == first
    assert (written(store, record), store.links(record)) == (rows, links)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(sorted(NIGHT)))
def test_the_order_of_targets_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[str]
) -> None:
    with Store(tmp_path_factory.mktemp("links") / "findings.db") as store:
        record = scanned(store, "night", {domain: NIGHT[domain] for domain in order})
        plain = scanned(store, "other-order", NIGHT)
        assert store.links(record) == store.links(plain)
        assert written(store, record) == written(store, plain)
        one, other = judge_scan(store, record, KNOWLEDGE), judge_scan(store, plain, KNOWLEDGE)
        assert [f for f in one.findings if not f.domain] == [f for f in other.findings if not f.domain]


def test_a_lead_is_linked_and_stands_in_no_finding(store: Store) -> None:
    record = scanned(store, "night", NIGHT, leads=["norvane.example"])
    assert any("norvane.example" in link[:2] for link in store.links(record))
    assert not shared(store, record)


# --------------------------------------------------------------------------------- beyond one case


def test_links_to_another_case_stand_in_the_table_and_in_no_report(store: Store) -> None:
    # given two candidates whose employers share a mailbox, an account and a building
    one, other = "brackwater.example", "pellmoor.example"
    common = [("contact", "mail", "desk@postbox.test"), NIGHT["norvane.example"][3]]
    first = scanned(store, "first", {one: [*common, NIGHT["quellbridge.example"][2]]})
    second = scanned(store, "second", {other: [*common, NIGHT["norvane.example"][2]]})
    assert {link[2] for link in store.links(second)} == {"mail", "analytics", "building", "near-room"}
    # when the second is judged, then nothing it shows names the first, or says that there is one
    judge_scan(store, second, KNOWLEDGE)
    shown = document.of_scan(store, second)
    assert one not in json.dumps(shown)
    assert not [f for f in store.load_findings(second) if f.family.value == "coherence"]
    assert {kind for _, kind, _, _ in written(store, second)} == {"rarity"}
    assert store.links(first) == []  # what came later is the later scan's to say


OTHER_CASES: list[Facts] = [
    {"elsewhere.example": NIGHT["norvane.example"]},
    {"stranger.example": [("contact", "mail", "hello@stranger.example")]},
    {f"shop-{number}.example": [NIGHT["norvane.example"][3]] for number in range(8)},
    {f"office-{number}.example": [NIGHT["norvane.example"][2]] for number in range(25)},
]


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from(OTHER_CASES), max_size=4))
def test_what_other_cases_hold_never_raises_a_level(
    tmp_path_factory: pytest.TempPathFactory, before: list[Facts]
) -> None:
    # given any cases in the database, when one more is judged, then it stands no worse than in an empty one
    with Store(tmp_path_factory.mktemp("alone") / "findings.db") as store:
        alone = judge_scan(store, scanned(store, "night", NIGHT), KNOWLEDGE)
    with Store(tmp_path_factory.mktemp("beside") / "findings.db") as store:
        for number, facts in enumerate(before):
            scanned(store, f"other-{number}", facts)
        beside = judge_scan(store, scanned(store, "night", NIGHT), KNOWLEDGE)
    assert beside.verdicts[-1].level.rank <= alone.verdicts[-1].level.rank
    assert alone.verdicts[-1].level is Level.REVIEW  # two independent ties: the comparison says something


def test_many_sites_with_one_value_are_linked_by_nothing(store: Store) -> None:
    mailbox = ("contact", "mail", "hello@everybodys.example")
    for number in range(COMMON + 2):
        record = scanned(store, f"case-{number}", {f"site-{number:02}.example": [mailbox]})
    assert store.links(record) == []
    assert {row[3].partition(" ")[0] for row in written(store, record)} == {str(COMMON + 2)}


def test_a_resume_full_of_one_mailbox_makes_it_no_commoner(store: Store) -> None:
    # given ten claimed employers with one mailbox, which nobody else has
    mailbox = ("contact", "phone", "+441174960231")
    record = scanned(store, "mill", {f"mill-{number}.example": [mailbox] for number in range(10)})
    assert {json.loads(row[3])["rarity"] for row in written(store, record) if row[1] == "shared"} == {0.9}


def test_whom_a_privacy_policy_names_is_no_contact_of_the_firm(store: Store) -> None:
    # given two firms whose pages of policy name one authority, and whose imprints name a mailbox each shares
    def page(record: ScanRecord, domain: str, path: str, mail: str) -> None:
        evidence = Evidence(f"https://{domain}/{path}", "text/html", NOW, f"{domain} {path}".encode())
        seen = Observation("contact", "mail", mail, "website", evidence=evidence.digest)
        read = Page(evidence.uri, 200, "content", path, evidence=evidence.digest)
        attempt = store.open_attempt(record, domain, "website", NOW)
        store.keep(attempt, evidence, Observed((seen,), page=read))

    record = scanned(store, "case", {"nordkai.example": [], "moorbahn.example": []})
    for domain in ("nordkai.example", "moorbahn.example"):
        page(record, domain, "privacy-policy", "complaints@region-data-office.example")
        page(record, domain, "imprint", "office@holding.example")
    write_down(store, record, KNOWLEDGE)
    assert [link[2:4] for link in store.links(record)] == [("mail", "office@holding.example")]


def test_known_fronts_are_linked_once_their_identifier_is_public(store: Store) -> None:
    account = ("identifier", "analytics", "matomo 7@stats.once-seized.example")
    record = scanned(store, "case", {"saltbarrow.example": [account]})
    assert store.links(record) == [
        ("once-seized.example", "saltbarrow.example", "analytics", "matomo 7@stats.once-seized.example", 1.0)
    ]
    write_down(store, record, Knowledge.load(datetime(2020, 1, 1, tzinfo=UTC)))
    assert store.links(record) == []


def test_an_account_on_the_teams_own_list_is_strong_unless_many_have_it(store: Store) -> None:
    # given a team that lists the account of a front it met
    kind, value = spelled("analytics google-analytics G-7QX2TNW9LA")
    store.add_own([Indicator(kind, value, note="front of case 17")], "2024-05-01")
    account = NIGHT["norvane.example"][3]
    record = scanned(store, "case", {"saltbarrow.example": [account]})
    # when a site carries it, then that is strong; and medium where it stands on many
    [one] = [
        f for f in judge_scan(store, record, KNOWLEDGE).findings if f.check_id.endswith("front-identifier")
    ]
    assert (one.strength, one.claimed) == (Strength.STRONG, "analytics account google-analytics G-7QX2TNW9LA")
    assert "front of case 17" in one.observed
    for number in range(COMMON):
        record = scanned(store, f"more-{number}", {f"more-{number}.example": [account]})
    [one] = [
        f for f in judge_scan(store, record, KNOWLEDGE).findings if f.check_id.endswith("front-identifier")
    ]
    assert one.strength is Strength.MEDIUM


def test_links_and_values_go_with_their_scan(store: Store) -> None:
    record = scanned(store, "night", NIGHT)
    with store.writing() as conn:
        conn.execute("delete from scans where id = ?", (record.id,))
    for table in ("links", "shareable", "observations"):
        assert store.conn.execute(f"select count(*) from {table}").fetchone() == (0,)


# ------------------------------------------------------------------------------------------- at scale


def test_counting_stays_quick_beside_ten_thousand_domains(store: Store) -> None:
    # given a database of 10,000 domains: some values of their own, some that all of them have
    kinds = ("analytics", "tag", "verification", "form_endpoint", "phone", "mail", "key", "address")
    many = store.begin_scan(
        Case("many"),
        [Target(f"site-{number:05}.example") for number in range(10_000)],
        as_of=NOW,
        passive=False,
        tool_version="0",
        knowledge_version="0",
    )
    store.set_shareable(
        many,
        {
            f"site-{number:05}.example": [
                *((kind, f"{kind}-{number}") for kind in kinds),
                ("favicon", f"icon-{number % 50}"),
                ("room", f"1 long street 12345 #{number}"),
                ("building", "1 long street 12345"),
                ("generator", "WordPress 6.4"),
                ("phone", f"+44117{number:06}"),
            ]
            for number in range(10_000)
        },
    )
    facts: Facts = {
        f"new-{number}.example": [
            ("identifier", "analytics", f"analytics-{number}"),
            ("identifier", "favicon", f"icon-{number}"),
            ("contact", "address", f"1 Long Street, Suite {number}, 12345 Town"),
            ("contact", "phone", f"+44117{number:06}"),
            ("contact", "mail", f"mail-{number}"),
            ("website", "generator", "WordPress 6.4"),
            *(("identifier", "tag", f"own {place}") for place in range(30)),
        ]
        for number in range(20)
    }
    # when one more is counted, then it takes no longer than 20 ms
    spent = []
    for number, (domain, rows) in enumerate(facts.items()):
        record = scanned(store, f"new-{number}", {})
        store.add_targets(record, [Target(domain)])
        store.add_observations(record, domain, [Observation(*row, "website") for row in rows])
        begun = time.process_time()
        write_down(store, record, KNOWLEDGE)
        spent.append(time.process_time() - begun)
    assert quantiles(spent, n=20)[-1] <= 0.020 * 2  # twice: the machine may be busy with other things
    plan = store.conn.execute(
        "explain query plan select count(*) from (select distinct target_id from shareable "
        "where kind = 'tag' and value = 'x' limit 21)"
    ).fetchall()
    assert any("COVERING INDEX" in row[3] for row in plan)
    print(f"p50 {1000 * sorted(spent)[10]:.1f} ms, p95 {1000 * quantiles(spent, n=20)[-1]:.1f} ms")
