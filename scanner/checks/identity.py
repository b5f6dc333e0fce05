"""Identity: do the pages speak as the organisation that is claimed?"""

from __future__ import annotations

from scanner import firm_names
from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Facts, Scene, Subject
from scanner.checks.organisations import comparable, fits_domain, may_be_one
from scanner.model import Claim, Observation, Role, Strength

FIRM_ROLES = frozenset((Role.EMPLOYER, Role.VENDOR, Role.REFERENCE))
"""Claims of an organisation, whose site speaks for it."""


def names_on_pages(facts: Facts) -> dict[str, list[Observation]]:
    """Names the pages give whose they are, with what says so: site name, legal name, copyright notice."""
    found: dict[str, list[Observation]] = {}
    for name in ("site_name", "legal_name"):
        for row in facts.all("page", name):
            found.setdefault(row.value, []).append(row)
    for row in facts.all("history", "copyright"):
        if holder := firm_names.holder(row.value):
            found.setdefault(holder, []).append(row)
    return found


def _firms(subject: Subject) -> list[Claim]:
    return [claim for claim in subject.target.claims if claim.role in FIRM_ROLES and claim.organisation]


@check(
    "identity.organisation-named",
    strength=Strength.CONTEXT,
    needs=("page/site_name", "page/legal_name", "history/copyright"),
    texts=Texts(
        innocent="This speaks for the claim; anybody can put a name on a page, so it weighs little.",
        ask="Under which name did the organisation employ you or work with you?",
        next_step="Nothing to do; look the name up in the company register of its place if you need more.",
    ),
    idea="Pages that speak as the claimed organisation are what an honest claim leads to (what lowers suspicion).",
)
def organisation_named(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: site name, legal notice or copyright line can mean the claimed organisation."""
    names = names_on_pages(subject.facts)
    hits = []
    for claim in _firms(subject):
        fitting = [
            name
            for name in sorted(names)
            if comparable(claim.organisation, name) and may_be_one(claim.organisation, name)
        ]
        if fitting:
            hits.append(
                Hit(
                    f"The pages speak as {fitting[0]}, which fits the claim of {claim.organisation}.",
                    claimed=claim.organisation,
                    observed="; ".join(fitting[:4]),
                    support=tuple(row for name in fitting for row in names[name]),
                    lowers=True,
                )
            )
    return hits


@check(
    "identity.other-organisation",
    strength=Strength.WEAK,
    needs=("page/site_name", "page/legal_name", "history/copyright", "page/former_domain"),
    texts=Texts(
        innocent="Brands and legal names differ, firms are renamed or bought, and agencies leave their own name "
        "in notices.",
        ask="Under which names did the organisation trade while you were there?",
        next_step="Look both names up in the company register of the claimed place; one may own the other.",
    ),
    idea="Sites lent to a claim still speak as somebody else (red flags 5 and 9; legal notices of another firm).",
)
def other_organisation(subject: Subject, scene: Scene) -> Result:
    """All names the pages give whose they are belong to another organisation than the claimed one.

    Weak by itself. Medium where two kinds of notice (site name, legal name, copyright line) agree on one other
    name, the domain fits that name and not the claimed one, and the pages name no earlier address of theirs.
    Names in another script than the claimed one aren't compared, and one name that fits is enough for silence.
    """
    names = names_on_pages(subject.facts)
    if not names:
        return NoEvidence("the pages do not say whose they are")
    hits = []
    for claim in _firms(subject):
        if not all(comparable(claim.organisation, name) for name in names):
            continue
        if any(may_be_one(claim.organisation, name) for name in names):
            continue
        hits.append(
            Hit(
                f"The pages speak as {_listed(names)}; the claim says {claim.organisation}.",
                claimed=claim.organisation,
                observed="; ".join(sorted(names)[:4]),
                support=tuple(row for name in sorted(names) for row in names[name]),
                strength=Strength.MEDIUM if _settled(subject, claim, names) else Strength.WEAK,
            )
        )
    return hits


def _listed(names: dict[str, list[Observation]]) -> str:
    return " and ".join(" ".join(name.split()[:6]) for name in sorted(names)[:2])


def _settled(subject: Subject, claim: Claim, names: dict[str, list[Observation]]) -> bool:
    """Whether the pages, the notices and the domain all belong to one other organisation."""
    kinds = {row.name for rows in names.values() for row in rows}
    first, *rest = sorted(names)
    agree = all(may_be_one(first, other) for other in rest)
    return (
        len(kinds) > 1
        and agree
        and fits_domain(first, subject.domain)
        and not fits_domain(claim.organisation, subject.domain)
        and not subject.facts.all("page", "former_domain")
        and not subject.target.platform
    )


@check(
    "identity.legal-name",
    strength=Strength.CONTEXT,
    needs=("page/legal_name",),
    texts=Texts(
        innocent="Brands and legal names differ more often than not.",
        ask="Under which legal name did the organisation employ you?",
        next_step="Look the legal name up in the company register of its place, and compare the year it was founded.",
    ),
    idea="A legal name can be looked up where a brand can't (red flag 1: a register entry before the claim).",
)
def legal_name(subject: Subject, scene: Scene) -> Result:
    """The legal names in notices on the pages, as a fact for the reader: they can be looked up in a register."""
    rows = subject.facts.all("page", "legal_name")
    if not rows:
        return NoEvidence("no legal name was seen")
    names = "; ".join(subject.facts.values("page", "legal_name")[:4])
    return [
        Hit(
            f"Legal names in notices on the pages: {' '.join(names.split()[:20])}.",
            observed=names,
            support=rows,
        )
    ]


@check(
    "identity.furniture",
    strength=Strength.CONTEXT,
    needs=("page/furniture",),
    texts=Texts(
        innocent="Firms sell things and keep news sections; a theme may bring a cart that nobody uses.",
        ask="What did the organisation do besides what its site sells?",
        next_step="Read the pages and see whether they describe the work that is claimed.",
    ),
    idea="Shops and news sites bought whole have had a firm's pages put among theirs.",
)
def furniture(subject: Subject, scene: Scene) -> Result:
    """A firm's site with the furniture of a shop or of a newspaper, as a fact for the reader."""
    rows = subject.facts.all("page", "furniture")
    if not rows or not any(claim.role in FIRM_ROLES for claim in subject.target.claims):
        return NoEvidence("nothing of the kind was seen, or no firm is claimed")
    kinds = " and ".join({"shop": "a shop", "news": "a news site"}.get(row, row) for row in _values(rows))
    return [Hit(f"The pages carry the furniture of {kinds}.", observed=kinds, support=rows)]


@check(
    "identity.languages",
    strength=Strength.CONTEXT,
    needs=("page/language",),
    texts=Texts(
        innocent="Sites are written for their customers; a language tag is often a template's default.",
        ask="Which markets did the organisation serve?",
        next_step="Nothing to do: a language says nothing about anybody.",
    ),
    idea="Said for the reader who wants to open the site; language never counts (trap T8).",
)
def languages(subject: Subject, scene: Scene) -> Result:
    """The language tags of the pages, as a fact for the reader. They never count for or against anything."""
    rows = subject.facts.all("page", "language")
    if not rows:
        return NoEvidence("no page states its language")
    tags = ", ".join(_values(rows))
    return [Hit(f"Language tags of the pages: {tags}.", observed=tags, support=rows)]


def _values(rows: tuple[Observation, ...]) -> list[str]:
    return sorted({row.value for row in rows})
