"""What counts as a change between scans, and what never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scanner.model import Attempt, Observation, Status
from scanner.sketch import sketch
from scanner.watch.changes import KINDS, Change, follow
from scanner.watch.facts import Sight, facts

DAY = timedelta(days=1)
START = datetime(2024, 1, 8, 9, tzinfo=UTC)
WORDS = "we mend nets and sails in a loft above the ice house and deliver to boats by hand cart every evening at six "
OTHER = (
    "play roulette with a double bonus on the first deposit and live dealers around the clock until it falls "
)


def obs(kind: str, name: str, *values: str, source: str = "dns") -> list[Observation]:
    return [Observation(kind, name, value, source) for value in values]


def text(words: str) -> list[Observation]:
    return obs("page", "text", sketch([(words * 4).split()]), source="website")


def sight(day: float, *rows: list[Observation], level: str = "", **ended: str) -> Sight:
    """ended: source=`status`, or `status reason`."""
    attempts = []
    for source, said in {"dns": "ok", "rdap": "ok", "website": "ok", **ended}.items():
        status, _, reason = said.partition(" ")
        attempts.append(Attempt(source, Status(status), reason))
    return Sight(
        "acme.example",
        f"s{day}",
        START + day * DAY,
        tuple(attempts),
        tuple(row for group in rows for row in group),
        level,
    )


def kinds(*sights: Sight) -> list[str]:
    return [change.kind for change in follow(sights).changes]


def state(value: str) -> list[Observation]:
    return obs("website", "state", value, source="website")


def test_a_registrar_counts_at_once_and_another_spelling_of_it_never() -> None:
    # given the registry's own record
    def registrar(name: str) -> list[Observation]:
        return obs("registration", "registrar", name, source="rdap")

    # then another spelling is none, another registrar is one, with both values and both dates
    assert kinds(sight(0, registrar("NameCheap, Inc.")), sight(7, registrar("NAMECHEAP INC"))) == []
    (change,) = follow([sight(0, registrar("Gandi SAS")), sight(7, registrar("Dynadot Inc"))]).changes
    assert isinstance(change, Change)
    assert (change.kind, change.before, change.after, change.sources) == (
        "registrar",
        ("Gandi SAS",),
        ("Dynadot Inc",),
        ("rdap",),
    )
    assert (change.before_at, change.after_at, change.confirmed_at) == (
        START,
        START + 7 * DAY,
        START + 7 * DAY,
    )


@pytest.mark.parametrize("silence", ["throttled", "timeout", "unreachable", "refused", "error"])
def test_silence_is_no_change_whatever_it_lasts(silence: str) -> None:
    # given a site that was seen, then weeks without an answer from anybody
    seen = sight(0, state("content"), obs("dns", "a", "185.26.120.11"), text(WORDS), level="nothing-found")
    quiet = [
        sight(n * 7, level="not-enough", dns=silence, rdap=silence, website=silence) for n in range(1, 9)
    ]
    # then nothing changed, and nothing waits to be confirmed
    found = follow([seen, *quiet, seen])
    assert (found.changes, found.unconfirmed) == ((), ())


def test_gone_needs_two_looks_apart() -> None:
    here, away = sight(0, state("content")), {"dns": "absent", "website": "absent"}
    # given two looks an hour apart, it is only unconfirmed
    found = follow([here, sight(7, **away), sight(7.04, **away)])
    assert (found.changes, [c.kind for c in found.unconfirmed]) == ((), ["gone"])
    # given a night between them, it is gone; when it answers again for a day, it is back
    assert kinds(here, sight(7, **away), sight(8, **away)) == ["gone"]
    assert kinds(
        here, sight(7, **away), sight(8, **away), sight(20, state("content")), sight(21, state("content"))
    ) == ["gone", "back"]
    # given one night without the name, nothing happened
    assert kinds(here, sight(7, **away), sight(8, state("content"))) == []


def test_a_seizure_notice_counts_at_once() -> None:
    notice = obs("seizure", "banner", "this website has been seized", source="website")
    assert kinds(sight(0, state("content")), sight(7, state("seized-banner"), notice)) == ["seized"]


def test_what_takes_turns_is_not_confirmed_and_what_stays_is() -> None:
    def host(name: str) -> list[Observation]:
        return obs("hosting", "asn", f"64500 {name}")

    turns = [sight(n * 7, host("One AB" if n % 2 else "Two AB")) for n in range(12)]
    assert kinds(*turns) == []
    # given that it stays for a second look, it moved; when it comes back, that is marked as a return
    found = follow(
        [
            sight(0, host("One AB")),
            sight(7, host("Two AB")),
            sight(8, host("Two AB")),
            sight(14, host("One AB")),
            sight(15, host("One AB")),
        ]
    )
    assert [(c.kind, c.returned) for c in found.changes] == [("hosting", False), ("hosting", True)]


def test_a_reused_answer_confirms_nothing() -> None:
    first, then = (obs("tls", "trust", value, source="tls") for value in ("trusted", "expired"))
    again = {"tls": "ok reused 2024-01-15T09:00:00Z"}
    assert kinds(sight(0, first, tls="ok"), sight(7, then, tls="ok"), sight(8, then, **again)) == []
    assert kinds(sight(0, first, tls="ok"), sight(7, then, tls="ok"), sight(8, then, tls="ok")) == [
        "certificate-trust"
    ]


def test_a_text_is_compared_in_bands() -> None:
    content = state("content")
    footer = text(WORDS.replace("six", "seven"))
    assert kinds(sight(0, content, text(WORDS)), sight(7, content, footer), sight(14, content, footer)) == []
    replaced = [
        sight(0, content, text(WORDS)),
        sight(7, content, text(OTHER)),
        sight(8, content, text(OTHER)),
    ]
    assert kinds(*replaced) == ["text"]


def test_who_may_send_its_mail_is_a_fact_and_the_order_of_its_parts_is_none() -> None:
    def mail(spf: str, dmarc: str) -> list[Observation]:
        return obs("dns", "answered", "TXT") + obs("dns", "spf", spf) + obs("dns", "dmarc", dmarc)

    before = mail("v=spf1 mx include:_spf.mailer.example -all", "v=DMARC1; p=none; rua=mailto:a@acme.example")
    shuffled = mail(
        "v=spf1 include:_spf.mailer.example mx -all", "v=DMARC1; rua=mailto:b@acme.example; p=none"
    )
    after = mail("v=spf1 include:_spf.bulk.example ~all", "v=DMARC1; p=reject")
    assert kinds(sight(0, before), sight(7, shuffled), sight(14, shuffled)) == []
    assert kinds(sight(0, before), sight(7, after), sight(14, after)) == ["mail-rules", "mail-rules"]
    # given a question that had no answer: nothing is said
    assert kinds(sight(0, before), sight(7), sight(14)) == []
    # given that it was answered, and there is no such record any more
    none = obs("dns", "answered", "TXT")
    found = follow([sight(0, before), sight(7, none), sight(14, none)]).changes
    assert [(change.fact, change.after) for change in found] == [("spf", ("none",))]


def test_contacts_come_and_go_one_by_one() -> None:
    def mails(*values: str) -> list[Observation]:
        return [*state("content"), *obs("contact", "mail", *values, source="website")]

    # given a page with the second address that is sometimes not reached, and a third one that stays
    found = follow(
        [
            sight(0, mails("a@x.example", "b@x.example")),
            sight(7, mails("a@x.example")),
            sight(14, mails("a@x.example", "b@x.example", "c@x.example")),
            sight(21, mails("a@x.example", "c@x.example")),
        ]
    )
    # then only the third one is new
    (change,) = found.changes
    assert (change.kind, set(change.after) - set(change.before)) == ("contacts", {"mail c@x.example"})
    assert [c.kind for c in found.unconfirmed] == ["contacts"]


def test_a_level_counts_only_where_the_same_sources_answered() -> None:
    full, less = sight(0, level="review"), sight(7, level="nothing-found", rdap="throttled")
    assert kinds(full, less, sight(14, level="review")) == []
    assert kinds(full, sight(7, level="nothing-found")) == ["verdict"]
    assert kinds(full, sight(7, level="known", rdap="throttled")) == ["verdict"]  # a list needs no answers
    assert kinds(full, sight(7, level="not-enough")) == []


def test_a_name_registered_anew_is_not_a_renewal() -> None:
    def record(created: str, expires: str) -> list[Observation]:
        return [
            *obs("registration", "created", created, source="rdap"),
            *obs("registration", "expires", expires, source="rdap"),
        ]

    renewed = [
        sight(0, record("2010-08-01", "2024-08-01")),
        sight(7, record("2010-08-01T09:00:00Z", "2025-08-01")),
    ]
    assert kinds(*renewed) == ["renewed"]
    lapsed = [
        sight(0, record("2010-08-01", "2024-08-01")),
        sight(7, rdap="absent"),
        sight(8, rdap="absent"),
        sight(60, record("2024-03-01", "2025-03-01")),
        sight(61, record("2024-03-01", "2025-03-01")),
    ]
    assert kinds(*lapsed) == ["lapsed", "re-registered"]


def test_a_withheld_owner_is_no_other_owner() -> None:
    named = obs("registration", "registrant_organisation", "Acme Soft LLC", source="rdap")
    hidden = obs("registration", "redacted", "registrant", source="rdap")
    assert kinds(sight(0, named), sight(7, hidden, rdap="redacted"), sight(14, named)) == []


def test_unreadable_values_are_compared_as_they_stand() -> None:
    odd = obs("registration", "created", "before 1996", source="rdap")
    assert facts(sight(0, odd))["created"].values == {"before 199"}
    assert kinds(sight(0, odd), sight(7, odd)) == []


def test_every_kind_has_words_and_stands_once() -> None:
    assert all(KINDS.values())
    assert len(set(KINDS.values())) == len(KINDS)


def test_what_rdap_says_is_not_compared_with_what_whois_says() -> None:
    def record(source: str, registrar: str, created: str) -> list[Observation]:
        return [
            *obs("registration", "registrar", registrar, source=source),
            *obs("registration", "created", created, source=source),
        ]

    rdap, whois = record("rdap", "Gandi SAS", "2010-08-01"), record("whois", "GANDI-ASIA", "2010-09-11")
    moved = record("rdap", "Dynadot Inc", "2010-08-01"), record("whois", "Dynadot Inc", "2010-09-11")
    silent, asked = {"rdap": "throttled", "whois": "ok"}, {"rdap": "ok", "whois": "skipped"}
    # given a registry that sometimes answers by WHOIS alone, nothing changes
    assert kinds(sight(0, rdap, **asked), sight(7, whois, **silent), sight(14, rdap, **asked)) == []
    # given that it moves, that is told once, whichever says so first
    assert kinds(
        sight(0, rdap, **asked),
        sight(7, whois, **silent),
        sight(14, moved[1], **silent),
        sight(21, moved[0], **asked),
        sight(28, moved[1], **silent),
    ) == ["registrar"]


def test_a_further_name_is_no_other_name() -> None:
    def names(*values: str) -> list[Observation]:
        return [*state("content"), *obs("page", "site_name", *values, source="website")]

    further = [
        sight(0, names("Acme")),
        sight(7, names("Acme", "Acme Soft")),
        sight(8, names("Acme", "Acme Soft")),
    ]
    assert kinds(*further) == ["names"]
    other = [sight(0, names("Acme")), sight(7, names("Bolt")), sight(8, names("Bolt"))]
    assert kinds(*other) == ["site-name"]


def test_a_round_robin_is_no_change_and_a_move_is() -> None:
    def at(*addresses: str) -> list[Observation]:
        return obs("dns", "a", *addresses)

    some = [at("185.0.0.1", "185.0.0.2"), at("185.0.0.2", "185.0.0.9"), at("185.0.0.1", "185.0.0.7")]
    assert kinds(*(sight(n * 7, rows) for n, rows in enumerate(some * 3))) == []
    assert kinds(sight(0, some[0]), sight(7, at("185.0.0.8")), sight(8, at("185.0.0.8"))) == ["addresses"]


def test_another_version_of_the_tool_that_reads_pages_otherwise_is_no_change_of_the_site() -> None:
    # given a page that an update reads otherwise, and nothing else new
    old = [state("content"), text(WORDS), obs("contact", "mail", "a@acme.example", source="website")]
    new = [state("content"), text(OTHER), obs("contact", "mail", "b@acme.example", source="website")]
    before = [replace(sight(day, *old), tool="0.1") for day in (0, 7)]
    after = [replace(sight(day, *new), tool="0.2") for day in (14, 21, 28)]
    assert kinds(*before, *after) == []
    # then what changes after it is one again, and what the registry says was one all along
    moved = [replace(one, tool="0.2") for one in (sight(35, *old), sight(42, *old))]
    assert sorted(kinds(*before, *after, *moved)) == ["contacts", "text"]
    registrars = [obs("registration", "registrar", name, source="rdap") for name in ("One AB", "Two AB")]
    assert kinds(
        replace(sight(0, registrars[0]), tool="0.1"), replace(sight(7, registrars[1]), tool="0.2")
    ) == ["registrar"]
