"""Identity, mills, safety and reach: each fires on its facts, and not where one honest fact stands beside them."""

from __future__ import annotations

import json

import pytest

from scanner.model import Bound, Date, Observation, Role, Strength
from tests.checks.conftest import Run, archived, created, employer, fact

CONTENT = fact("page", "state", "content https://acme-soft.example/")
SECOND = fact("page", "state", "content https://acme-soft.example/about")


def site_name(name: str) -> Observation:
    return fact("page", "site_name", name)


def notice(words: str) -> Observation:
    return fact("history", "copyright", words, "2019")


@pytest.mark.parametrize(
    "name",
    [
        "Acme Soft",
        "ACME",
        "AcmeSoft GmbH",
        "AS",
        "Acme Softe Ltd",
        "アクメソフト",
        "The Acme Group",
        "Softacme Acme",
    ],
)
def test_names_that_can_be_the_claimed_one_are_no_other_organisation(run: Run, name: str) -> None:
    assert run("identity.other-organisation", site_name(name)) == ()


def test_another_name_is_weak_and_medium_where_notices_and_domain_agree(run: Run) -> None:
    id = "identity.other-organisation"
    other = (site_name("Larkfield Media"), notice("© 2019 Larkfield Media LLC"))
    [weak] = run(id, site_name("Larkfield Media"))
    [own_domain] = run(id, *other)
    [medium] = run(id, *other, domain="larkfield-media.example")
    [moved] = run(
        id, *other, fact("page", "former_domain", "acme-soft.example"), domain="larkfield-media.example"
    )
    assert [f.strength for f in (weak, own_domain, medium, moved)] == [
        Strength.WEAK,
        Strength.WEAK,
        Strength.MEDIUM,
        Strength.WEAK,
    ]
    assert medium.claimed == "Acme Soft"
    assert run(id, *other, site_name("Acme Soft by Larkfield")) == (), "one name that fits is enough"
    assert run(id, *other, claims=[employer(role=Role.PORTFOLIO)]) == (), "a portfolio speaks for a person"
    assert run(id, notice("© 2019")) == (), "a notice without a name names nobody"


def test_a_name_that_fits_speaks_for_the_claim(run: Run) -> None:
    [found] = run("identity.organisation-named", site_name("ACME Soft LLC"))
    assert found.score < 0
    assert run("identity.organisation-named", site_name("Larkfield")) == ()


def offer(kind: str, words: str) -> Observation:
    return fact("mill", kind, words)


@pytest.mark.parametrize(
    ("id", "kind"), [("identity.made-up-experience", "interview"), ("identity.accounts-for-rent", "account")]
)
def test_one_offer_is_medium_and_two_different_ones_strong(run: Run, id: str, kind: str) -> None:
    one, two = offer(kind, "first of its words"), offer(kind, "other words")
    [medium] = run(id, one, offer(kind, "First of its words"))
    [strong] = run(id, one, two)
    assert (medium.strength, strong.strength) == (Strength.MEDIUM, Strength.STRONG)
    assert run(id, one, two, claims=[employer(role=Role.PROFILE)]) == ()
    assert run(id) == ()


def test_a_site_that_mainly_confirms_employment_is_medium_and_one_page_of_many_nothing(run: Run) -> None:
    id = "identity.mainly-verification"
    phrases = (
        offer("verification", "we confirm former employees"),
        offer("verification", "verification desk"),
    )
    [found] = run(id, CONTENT, *phrases)
    assert found.strength is Strength.MEDIUM
    others = [
        Observation("page", "state", f"content https://x/{n}", "website", evidence=f"sha256:{n}")
        for n in "abc"
    ]
    assert run(id, CONTENT, *others, *phrases) == ()
    assert run(id, CONTENT, phrases[0]) == ()


def test_free_mail_is_weak_for_firms_and_nothing_for_people(run: Run) -> None:
    id = "contact.free-mail"
    free, own = (
        fact("contact", "mail", "acme.soft@gmail.com"),
        fact("contact", "mail", "info@acme-soft.example"),
    )
    short = fact("contact", "mail", "acme@mailinator.com")
    [weak] = run(id, free)
    [medium] = run(id, short, own)
    assert (weak.strength, medium.strength) == (Strength.WEAK, Strength.MEDIUM)
    assert run(id, free, own) == ()
    assert run(id, free, claims=[employer(role=Role.PORTFOLIO)]) == ()
    assert run(id, free, platform="github.io") == ()


@pytest.mark.parametrize(
    ("mail", "near"),
    [
        ("jo@acme-soft.co", True),
        ("jo@acmesoft.example", True),
        ("jo@acne-soft.example", True),
        ("jo@ibm.example", False),
    ],
)
def test_mail_on_another_domain_is_context_and_near_spellings_are_said(
    run: Run, mail: str, near: bool
) -> None:
    [found] = run("contact.mail-elsewhere", fact("contact", "mail", mail))
    assert found.strength is Strength.CONTEXT
    assert ("almost like" in found.statement) is near
    assert run("contact.mail-elsewhere", fact("contact", "mail", "jo@mail.acme-soft.example")) == ()


def test_left_over_contacts_are_medium_only_where_nothing_real_stands_beside_them(run: Run) -> None:
    id = "contact.placeholders"
    left = (
        fact("contact", "placeholder", "mail your@email.com"),
        fact("contact", "placeholder", "phone 555-5550123"),
    )
    [medium] = run(id, *left)
    [weak] = run(id, *left, fact("contact", "phone", "+15123004417"))
    [one] = run(id, left[0])
    assert [f.strength for f in (medium, weak, one)] == [Strength.MEDIUM, Strength.WEAK, Strength.WEAK]


def test_no_direct_contact_needs_two_pages_that_were_read(run: Run) -> None:
    id = "contact.no-direct-contact"
    [form] = run(id, CONTENT, SECOND, fact("contact", "form", "yes"))
    [chat] = run(id, CONTENT, SECOND, fact("contact", "messenger", "telegram https://t.me/acme"))
    assert "only a form" in form.statement
    assert "only a messenger" in chat.statement
    assert run(id, CONTENT) == ()
    assert (
        run(id, fact("page", "state", "challenge https://x/"), fact("page", "state", "empty-app https://x/a"))
        == ()
    )
    assert run(id, CONTENT, SECOND, fact("contact", "address", "1 Mill Lane")) == ()


def test_what_applicants_are_asked_decides_how_much_it_weighs(run: Run) -> None:
    id = "safety.remote-control"
    [asked] = run(id, fact("safety", "remote_control", "asked share your id"))
    [install] = run(id, fact("safety", "remote_control", "install have it"))
    assert (asked.strength, install.strength) == (Strength.STRONG, Strength.WEAK)
    support = fact("safety", "remote_control", "support give our technician the id")
    assert run(id, support) == ()
    assert run("safety.remote-support", support)[0].strength is Strength.CONTEXT


@pytest.mark.parametrize("name", ["command", "download", "archive_password"])
def test_on_pages_about_jobs_files_and_commands_are_medium_else_context(run: Run, name: str) -> None:
    id = f"safety.{name.replace('_', '-')}"
    [page] = run(id, fact("safety", name, "page exe https://x.example/a.exe"))
    [hiring] = run(
        id, fact("safety", name, "page exe https://x/a.exe"), fact("safety", name, "hiring exe https://x/b")
    )
    assert (page.strength, hiring.strength) == (Strength.CONTEXT, Strength.MEDIUM)


def passage(ours: str, theirs: str) -> Observation:
    value = json.dumps({"domain": "larkwell.example", "words": 30, "ours": ours, "theirs": theirs})
    return Observation("copy", "passage", value, "library")


TEXT = (
    "moved the ledger in eleven nights while the boats kept sailing and taught four pursers to read the log"
)


@pytest.mark.parametrize(
    ("ours", "theirs", "fires"),
    [
        (f"Ronan Kell {TEXT}", TEXT, True),
        (f"在宁 {TEXT}", TEXT, False),  # a script without capitals shows no name
        (TEXT, f"Ronan Kell {TEXT}", False),  # the name was taken out
        (TEXT.replace("eleven", "nine"), TEXT, False),
        (f"also {TEXT}", TEXT, False),
        (TEXT, TEXT, False),
    ],
)
def test_a_name_put_into_a_sentence_and_nothing_else(run: Run, ours: str, theirs: str, fires: bool) -> None:
    assert bool(run("copy.name-injected", passage(ours, theirs))) is fires


def test_registration_facts_are_context_and_need_their_dates(run: Run) -> None:
    expires = fact("registration", "expires", "2025-01-02", "2025-01-02")
    [short] = run("registration.short-period", created("2024-01-02"), expires)
    assert run("registration.short-period", created("2014-01-02"), expires) == ()
    [changed] = run(
        "registration.recent-change",
        created("2014-01-02"),
        fact("registration", "updated", "x", "2024-05-20"),
    )
    assert (
        run(
            "registration.recent-change",
            created("2024-01-02"),
            fact("registration", "updated", "x", "2024-05-20"),
        )
        == ()
    )
    [anew] = run("registration.registered-anew", created("2020-01-02"), archived("2011-05-01"))
    assert run("registration.registered-anew", created("2010-01-02"), archived("2011-05-01")) == ()
    [named] = run("registration.privacy", fact("registration", "registrant_organisation", "Acme Soft LLC"))
    [withheld] = run("registration.privacy", fact("registration", "redacted", "registrant"))
    before_1996 = Observation(
        "registration", "created", "1996", "whois", Date("1996-08"), None, Bound.NOT_AFTER, "sha256:00"
    )
    assert (
        run("registration.short-period", before_1996, fact("registration", "expires", "1996-12", "1996-12"))
        == ()
    )
    found = (short, changed, anew, named, withheld)
    assert {finding.strength for finding in found} == {Strength.CONTEXT}


@pytest.mark.parametrize(
    ("mx", "ends", "fires"),
    [
        ("10 mail.above.com", "present", True),
        ("10 mail.above.com", "2019-06", False),
        ("10 mail.notabove.com", "present", False),
    ],
)
def test_parked_mail_speaks_of_present_firms_only(run: Run, mx: str, ends: str, fires: bool) -> None:
    assert bool(run("mail.parked", fact("dns", "mx", mx), claims=[employer(ends=ends)])) is fires
