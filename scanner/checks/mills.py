"""Identity, where a site sells made-up experience: references, letters, interviews sat for others, accounts to rent."""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.checks.identity import FIRM_ROLES
from scanner.checks.weights import Weight
from scanner.model import Observation, Role, Strength

_LENT = FIRM_ROLES | {Role.SCHOOL, Role.CERTIFICATE, Role.PORTFOLIO, Role.OFFER}
_SHOWN = 18  # words of an offer in a statement

MILL = Weight(
    40,
    "a prior: pages that offer this are rare (S3, red flags 35 and 36), and two offers in its own words leave little "
    "room for a page that only talks about it",
)


@check(
    "identity.made-up-experience",
    strength=Strength.STRONG,
    weight=MILL,
    needs=("mill/reference", "mill/interview"),
    texts=Texts(
        innocent="The page may describe such offers to warn of them, or belong to a firm that checks references "
        "for employers.",
        ask="What did the organisation do for its customers, and who could confirm your work there independently?",
        next_step="Read the page with the quoted words, and ask for proof of employment from elsewhere.",
    ),
    idea="Sites that sell references, experience letters and interviews sat by others (red flags 34 to 36).",
)
def made_up_experience(subject: Subject, scene: Scene) -> Result:
    """The claimed site offers references, experience letters or interviews sat by somebody else.

    Strong where the pages make two such offers in different words, medium for one. Articles, terms, pages that
    warn of such offers, background-check firms and HR pages use other verbs and don't fire.
    """
    return _offers(
        subject,
        (*subject.facts.all("mill", "reference"), *subject.facts.all("mill", "interview")),
        "offer references or interviews made to order",
    )


@check(
    "identity.accounts-for-rent",
    strength=Strength.STRONG,
    weight=MILL,
    needs=("mill/account",),
    texts=Texts(
        innocent="Resellers and tutorials about account management use similar words.",
        ask="What was your work for this organisation, and on which platform were you paid?",
        next_step="Read the page with the quoted words before anything else, and decide with your security team.",
    ),
    idea="A seized site sold and rented freelance accounts to people who worked under other names (red flag 35).",
)
def accounts_for_rent(subject: Subject, scene: Scene) -> Result:
    """The claimed site sells or rents accounts of freelance, payment or profile services, or identities.

    Strong where the pages make two such offers in different words, medium for one.
    """
    return _offers(subject, subject.facts.all("mill", "account"), "sell or rent accounts or identities")


def _offers(subject: Subject, rows: tuple[Observation, ...], what: str) -> Result:
    if not any(claim.role in _LENT for claim in subject.target.claims):
        return NoEvidence("nothing is claimed that the site speaks for")
    offers = sorted({row.value.casefold() for row in rows})
    if not offers:
        return ()
    longest = max((row.value for row in rows), key=lambda value: (len(value), value))
    return [
        Hit(
            f"Pages of {subject.domain} {what}: “{_cut(longest)}”.",
            observed="; ".join(sorted({row.value for row in rows}))[:600],
            support=rows,
            strength=Strength.STRONG if len(offers) > 1 else Strength.MEDIUM,
        )
    ]


@check(
    "identity.mainly-verification",
    strength=Strength.MEDIUM,
    needs=("mill/verification", "page/state"),
    texts=Texts(
        innocent="Firms that closed keep one page so that former staff can be confirmed; others publish their HR desk.",
        ask="What else did the organisation publish, and who besides this desk could confirm your time there?",
        next_step="Look the organisation up in a company register, and reach it through a number found there.",
    ),
    idea="Sites that mainly confirm employment exist to answer one call (reference mills).",
)
def mainly_verification(subject: Subject, scene: Scene) -> Result:
    """Half of the site's pages or more say that it confirms the employment of its own former staff.

    Two such phrases in different words are needed. A firm with one HR page among others, firms that verify for
    other employers, and universities do not fire. Medium: it can't make a level by itself.
    """
    rows = subject.facts.all("mill", "verification")
    pages = [row for row in subject.facts.all("page", "state") if row.value.startswith("content ")]
    if not rows or not any(claim.role in FIRM_ROLES for claim in subject.target.claims):
        return NoEvidence("nothing of the kind was seen, or no firm is claimed")
    about = {row.evidence for row in rows}
    phrases = {row.value.casefold() for row in rows}
    if len(phrases) < 2 or len(about) * 2 < len({row.evidence for row in pages}):
        return ()
    longest = max((row.value for row in rows), key=lambda value: (len(value), value))
    return [
        Hit(
            f"{len(about)} of {len(pages)} pages are about confirming employment: “{_cut(longest)}”.",
            observed="; ".join(sorted(phrases))[:600],
            support=rows,
        )
    ]


@check(
    "identity.one-contact-many-firms",
    strength=Strength.MEDIUM,
    needs=("mill/one_contact",),
    texts=Texts(
        innocent="Groups list their firms with one switchboard, and accountants list the firms they serve.",
        ask="How are the firms on that page related to each other?",
        next_step="Look the named firms up in company registers and compare owners and addresses.",
    ),
    idea="One phone or mailbox that answers for several unrelated firms (red flag 17).",
)
def one_contact(subject: Subject, scene: Scene) -> Result:
    """One number or mailbox stands under three firms or more, on a page that sells or confirms experience.

    Only looked for on pages with such an offer, so that a group's list of its firms says nothing.
    """
    rows = subject.facts.all("mill", "one_contact")
    return [
        Hit(
            f"On one page of {subject.domain}, {row.value.partition(': ')[0]} stands under "
            f"{row.value.count(';') + 1} different firms.",
            observed=row.value,
            support=(row,),
        )
        for row in rows[:1]
    ]


def _cut(words: str) -> str:
    parts = words.split()
    return " ".join(parts[:_SHOWN]) + (" …" if len(parts) > _SHOWN else "")
