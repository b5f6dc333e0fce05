"""Copies: who was first, from every mixture of dated and undated sides, and who may say that sites belong together."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.checks import Facts, Scene, Subject, table
from scanner.knowledge import Knowledge
from scanner.model import Bound, Case, Finding, Observation, Role, Strength, Target
from tests.checks.conftest import DOMAIN, NOW, Run, employer, fact

OTHER = "elder-soft.example"
BOUNDS = {"seen": Bound.NOT_AFTER, "unseen": Bound.NOT_BEFORE, "unread": Bound.AT}


def match(other: str = OTHER, kind: str = "strong", words: int = 200, sites: int = 1) -> Observation:
    ours, theirs = f"https://{DOMAIN}/a", f"https://{other}/b"
    what = {"kind": kind, "domain": other, "ours": ours, "theirs": theirs, "words": words, "sites": sites}
    return fact("copy", "match", json.dumps(what), source="library")


def passage(other: str = OTHER) -> Observation:
    what = {"domain": other, "words": 40, "ours": "Our stacks of beech.", "theirs": "Their stacks of beech."}
    return fact("copy", "passage", json.dumps(what), source="library")


def at(side: str, name: str, date: str, other: str = OTHER, source: str = "captures") -> Observation:
    """What one capture of one side showed; source `library`: seen by us or by whoever filled the library."""
    return fact("copy", name, f"{side} {other} https://page.example/", date, source, BOUNDS[name])


def registered(date: str) -> Observation:
    return fact("registration", "created", date, date)


def strengths(found: tuple[Finding, ...]) -> list[Strength]:
    return [finding.strength for finding in found]


# ------------------------------------------------------------------------------------------------ direction

HARD = [
    # the text stood there before this name was registered
    ([at("theirs", "seen", "2012-01-01")], registered("2022-01-01")),
    # the library's own sight is a date as good as a capture
    ([at("theirs", "seen", "2012-01-01", source="library")], registered("2022-01-01")),
    # this page held another text after the text had been seen there
    ([at("theirs", "seen", "2012-01-01"), at("ours", "unseen", "2018-01-01")], registered("2006-01-01")),
]  # fmt: skip


@pytest.mark.parametrize(("dated", "record"), HARD)
@pytest.mark.parametrize(("kind", "strength"), [("strong", Strength.DECISIVE), ("partial", Strength.STRONG)])
def test_a_text_that_can_not_have_stood_here_before_is_a_later_copy(
    run: Run, dated: list[Observation], record: Observation, kind: str, strength: Strength
) -> None:
    found = run("copy.later-copy", match(kind=kind), passage(), record, *dated)
    assert strengths(found) == [strength]
    assert OTHER in found[0].statement
    assert "Their stacks of beech." in found[0].observed
    assert "Our stacks of beech." in found[0].claimed
    assert not run("copy.undated-likeness", match(kind=kind), record, *dated)
    assert not run("copy.earlier-original", match(kind=kind), record, *dated)


def test_first_captures_far_apart_are_strong_and_never_decisive(run: Run) -> None:
    facts = [
        match(),
        at("theirs", "seen", "2012-01-01"),
        at("ours", "seen", "2019-01-01"),
        registered("2001-01-01"),
    ]
    assert strengths(run("copy.later-copy", *facts)) == [Strength.STRONG]
    assert not run("copy.undated-likeness", *facts)


UNDECIDED = {
    "no dates at all": [],
    "only theirs is dated": [at("theirs", "seen", "2012-01-01")],
    "only ours is dated": [at("ours", "seen", "2012-01-01")],
    "we saw both, long apart, and nobody looked further back": [
        at("theirs", "seen", "2012-01-01", source="library"), at("ours", "seen", "2024-06-01", source="library")],
    "theirs archived, ours only seen today": [
        at("theirs", "seen", "2012-01-01"), at("ours", "seen", "2024-06-01", source="library")],
    "an older capture of ours could not be read": [
        at("theirs", "seen", "2012-01-01"), at("ours", "unread", "2009-01-01"), at("ours", "seen", "2019-01-01")],
    "ours came between two captures, theirs was there in between": [
        at("theirs", "seen", "2015-01-01"), at("ours", "unseen", "2010-01-01"), at("ours", "seen", "2019-01-01")],
    "weeks apart": [at("theirs", "seen", "2019-01-01"), at("ours", "seen", "2019-02-20")],
    "the same day": [at("theirs", "seen", "2019-01-01"), at("ours", "seen", "2019-01-01")],
    "registered days after the text was seen there": [
        at("theirs", "seen", "2019-01-01"), registered("2019-01-20")],
}  # fmt: skip


@pytest.mark.parametrize("facts", UNDECIDED.values(), ids=UNDECIDED)
def test_without_dates_that_decide_a_likeness_has_no_direction(run: Run, facts: list[Observation]) -> None:
    assert not run("copy.later-copy", match(), *facts)
    assert not run("copy.earlier-original", match(), *facts)
    assert strengths(run("copy.undated-likeness", match(), *facts)) == [Strength.MEDIUM]
    assert strengths(run("copy.undated-likeness", match(kind="partial"), *facts)) == [Strength.WEAK]


def test_a_name_in_use_before_its_registration_gives_no_lower_bound(run: Run) -> None:
    # given a lapsed name, registered anew in 2022, that the archive knows since 2005
    used = fact("archive", "first_capture", "http://x/", "2005-01-01", bound=Bound.NOT_AFTER)
    facts = [match(), at("theirs", "seen", "2012-01-01"), registered("2022-01-01"), used]
    assert not run("copy.later-copy", *facts)


def test_the_older_site_is_told_that_it_was_first_and_never_coloured(run: Run) -> None:
    facts = [match(), at("ours", "seen", "2012-01-01"), registered("2006-01-01")]
    others = {OTHER: [registered("2021-01-01")]}
    (found,) = run("copy.earlier-original", *facts, others=others)
    assert found.score <= 0
    assert not run("copy.later-copy", *facts, others=others)
    assert not run("copy.undated-likeness", *facts, others=others)


@pytest.mark.parametrize("kind", ["template", "unfilled", "nothing"])
def test_text_that_many_have_accuses_nobody(run: Run, kind: str) -> None:
    facts = [match(kind=kind), at("theirs", "seen", "2012-01-01"), registered("2022-01-01")]
    assert not run("copy.later-copy", *facts)
    assert not run("copy.undated-likeness", *facts)
    assert len(run("copy.template-text", *facts)) == (kind != "nothing")


def test_left_over_demo_text_is_told_from_a_notice(run: Run) -> None:
    def reuse(kind: str) -> Observation:
        return fact(
            "copy", "template", json.dumps({"kind": kind, "words": 90, "share": 0.9}), source="library"
        )

    assert "left in place" in run("copy.template-text", reuse("unfilled"))[0].statement
    assert "many sites share" in run("copy.template-text", reuse("template"))[0].statement
    assert not run("copy.template-text")


# -------------------------------------------------------------------------------------------------- kinship

DATED = (at("theirs", "seen", "2012-01-01"), registered("2022-01-01"))


def linking(to: str = DOMAIN) -> Observation:
    return fact("page", "acknowledged_domain", to)


def redirecting(to: str) -> Observation:
    return fact("website", "redirect", f"https://{OTHER}/ -> {to}")


def certificate(*names: str, trust: str = "trusted") -> list[Observation]:
    """What a site serves."""
    return [fact("tls", "trust", trust), *(fact("tls", "name", name) for name in names)]


@pytest.mark.parametrize(
    "word",
    [
        [linking()],
        [redirecting(f"https://{DOMAIN}/")],
        [redirecting(f"https://www.{DOMAIN}/x")],
        certificate(OTHER, f"www.{OTHER}", DOMAIN),
        certificate(f"*.{OTHER}", f"*.{DOMAIN}", "third.example"),
    ],
)
def test_the_other_site_may_acknowledge_this_one(run: Run, word: list[Observation]) -> None:
    (found,) = run("copy.related-sites", match(), *DATED, others={OTHER: word})
    assert found.defeats == ("copy.later-copy", "copy.undated-likeness")
    assert found.score <= 0


@pytest.mark.parametrize(
    ("own", "others"),
    [
        ([linking(OTHER)], {}),
        ([fact("website", "redirect", f"https://{DOMAIN}/ -> https://{OTHER}/")], {}),
        ([], {OTHER: [linking("elsewhere.example")]}),
        ([], {OTHER: [redirecting(f"https://{DOMAIN}.evil.example/")]}),
        ([], {OTHER: [redirecting(f"https://not{DOMAIN}/")]}),
        ([], {"third.example": [linking()]}),
        # a certificate that this site serves, one nobody vouches for, and one of a network for many strangers
        (certificate(OTHER, DOMAIN), {}),
        ([], {OTHER: certificate(OTHER, DOMAIN, trust="self-signed")}),
        ([], {OTHER: certificate(OTHER, DOMAIN, *(f"tenant{n}.example" for n in range(4)))}),
        ([], {OTHER: certificate(OTHER, f"{DOMAIN}.evil.example")}),
        ([], {"third.example": certificate(OTHER, DOMAIN)}),
    ],
)
def test_nobody_else_can(run: Run, own: list[Observation], others: dict[str, list[Observation]]) -> None:
    assert not run("copy.related-sites", match(), *DATED, *own, others=others)
    assert run("copy.later-copy", match(), *DATED, *own, others=others)


def test_a_relative_does_not_excuse_what_a_stranger_had_first(run: Run) -> None:
    # given a sister that leads here, and a stranger with the same text, seen long before
    sister = "sister-soft.example"
    facts = [match(), match(sister), *DATED, at("theirs", "seen", "2011-01-01", sister)]
    others = {sister: [linking()]}
    (copy,) = run("copy.later-copy", *facts, others=others)
    assert OTHER in copy.statement
    (related,) = run("copy.related-sites", *facts, others=others)
    assert related.defeats == ()
    assert sister in related.statement


def test_a_later_stranger_does_not_spoil_what_a_relative_says(run: Run) -> None:
    # given a renamed firm whose old site leads here, and one that took the text from it afterwards
    magpie = "magpie.example"
    facts = [
        match(),
        match(magpie),
        *DATED,
        at("ours", "seen", "2022-02-01", magpie),
        at("theirs", "seen", "2023-09-01", magpie),
    ]
    others = {OTHER: [linking()], magpie: [registered("2023-06-01")]}
    assert not run("copy.later-copy", *facts, others=others)
    assert not run("copy.undated-likeness", *facts, others=others)
    assert run("copy.earlier-original", *facts, others=others)


# ----------------------------------------------------------------------------------------------- both orders

KNOWLEDGE = Knowledge.load(NOW)
years = st.integers(1998, 2024)
rows = st.lists(st.tuples(st.sampled_from(["seen", "unseen", "unread"]), years, st.booleans()), max_size=4)
sides = st.tuples(rows, st.none() | years, st.none() | years)
Rows = list[tuple[str, int, bool]]
OneSide = tuple[Rows, int | None, int | None]


def about(domain: str, registration: int | None, capture: int | None) -> list[Observation]:
    facts = [registered(f"{registration}-03-01")] if registration else []
    if capture:
        facts.append(fact("archive", "first_capture", domain, f"{capture}-04-01", bound=Bound.NOT_AFTER))
    return facts


def judged(ours: OneSide, theirs: OneSide, kind: str) -> dict[str, tuple[Finding, ...]]:
    copies = [
        at(side, name, f"{year}-02-01", source="library" if by_us and name == "seen" else "captures")
        for side, (seen, _, _) in (("ours", ours), ("theirs", theirs))
        for name, year, by_us in seen
    ]
    own = Facts.of([match(kind=kind), *copies, *about(DOMAIN, *ours[1:])])
    subject = Subject(Target(DOMAIN), own, {}, NOW)
    scene = Scene(Case("c"), KNOWLEDGE, NOW, {OTHER: Facts.of(about(OTHER, *theirs[1:]))}, (DOMAIN,))
    return {entry.id: entry.findings(subject, scene) for entry in table() if entry.id.startswith("copy.")}


@given(sides, sides, st.sampled_from(["strong", "partial"]))
def test_swapping_the_sides_swaps_copy_and_original(one: OneSide, other: OneSide, kind: str) -> None:
    there, back = judged(one, other, kind), judged(other, one, kind)
    assert len(there["copy.later-copy"]) == len(back["copy.earlier-original"])
    assert len(there["copy.earlier-original"]) == len(back["copy.later-copy"])
    assert len(there["copy.undated-likeness"]) == len(back["copy.undated-likeness"])
    # exactly one of the three is said, and the older one is never coloured
    said = [id for id, found in there.items() if found and id != "copy.related-sites"]
    assert len(said) == 1
    assert all(finding.score <= 0 for finding in there["copy.earlier-original"])


@given(rows, st.none() | years, st.none() | years)
def test_two_sides_alike_in_every_date_have_no_direction(
    seen: Rows, registration: int | None, capture: int | None
) -> None:
    side = (seen, registration, capture)
    assert list(filter(None, judged(side, side, "strong").values())) == [
        judged(side, side, "strong")["copy.undated-likeness"]
    ]


def test_a_portfolio_with_another_s_text_is_never_contradicted_by_that_alone(run: Run) -> None:
    facts = [match(), passage(), at("theirs", "seen", "2012-01-01"), registered("2022-01-01")]
    assert strengths(run("copy.later-copy", *facts, claims=[employer(role=Role.PORTFOLIO)])) == [
        Strength.STRONG
    ]
    assert strengths(run("copy.later-copy", *facts, claims=[employer()])) == [Strength.DECISIVE]


@pytest.mark.parametrize(
    ("role", "few", "many"),
    [(Role.EMPLOYER, Strength.DECISIVE, Strength.STRONG), (Role.PORTFOLIO, Strength.STRONG, Strength.MEDIUM)],
)
def test_a_text_on_many_sites_may_be_a_themes_and_contradicts_nobody_alone(
    run: Run, role: Role, few: Strength, many: Strength
) -> None:
    dated = [passage(), at("theirs", "seen", "2012-01-01"), registered("2022-01-01")]
    claims = [employer(role=role)]
    assert strengths(run("copy.later-copy", match(sites=7), *dated, claims=claims)) == [few]
    (found,) = run("copy.later-copy", match(sites=41), *dated, claims=claims)
    assert found.strength is many
    # and how many have it is said
    assert "41 known sites have this text." in found.statement
    # undated it weighs no more than before, on a person's own site less
    (found,) = run("copy.undated-likeness", match(sites=41), passage(), claims=claims)
    assert found.strength is (Strength.WEAK if role is Role.PORTFOLIO else Strength.MEDIUM)


def test_what_an_earlier_version_wrote_down_is_judged_as_it_was(run: Run) -> None:
    what = json.loads(match().value)
    del what["sites"]
    old = fact("copy", "match", json.dumps(what), source="library")
    found = run(
        "copy.later-copy", old, passage(), at("theirs", "seen", "2012-01-01"), registered("2022-01-01")
    )
    assert strengths(found) == [Strength.DECISIVE]
