"""Identity: testimonials that praise another firm than the one whose pages they stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.checks.organisations import fits_domain, may_be_one
from scanner.model import Observation, Role, Strength

ENOUGH = 2
"""Sentences that praise the same other firm: one is a slip of the pen, or a client who means a partner."""


@check(
    "identity.praise-for-another",
    strength=Strength.MEDIUM,
    needs=("page/praised",),
    texts=Texts(
        innocent="A firm that was renamed or taken over keeps its old testimonials; people show praise for a team they "
        "worked in.",
        ask="How does the organisation belong to the firm that its testimonials praise?",
        next_step="Look for these sentences on the other firm's site, and compare since when each has held them.",
    ),
    idea="Lifted testimonials still name the firm they were written for (red flags 8 and 13).",
)
def praise_for_another(subject: Subject, scene: Scene) -> Result:
    """The pages carry praise of a firm, by name, and the name is not the site's.

    Medium where two sentences praise the same other firm and none praises this one; weak for a single sentence, and
    on a portfolio, where praise for a former team is an ordinary thing to show. Nothing where the name can be the
    organisation's own: as claimed, as the site calls itself or once did, or as its address.
    """
    rows = subject.facts.all("page", "praised")
    if not rows:
        return NoEvidence("no sentence that praises a firm was seen")
    own = _own(subject)
    by_name: dict[str, list[Observation]] = {}
    for row in rows:
        by_name.setdefault(row.value.partition(": ")[0], []).append(row)
    if any(_is_own(name, own, subject.domain) for name in by_name):
        return []
    firm = any(claim.role in (Role.EMPLOYER, Role.VENDOR, Role.REFERENCE) for claim in subject.target.claims)
    merged = sorted(_merged(by_name).items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Hit(
            f"Testimonials on {subject.domain} praise another firm, {name}.",
            claimed=", ".join(claim.organisation for claim in subject.target.claims if claim.organisation),
            observed="; ".join(f"“{sentence}”" for sentence in sentences[:2]),
            support=tuple(support[:3]),
            strength=Strength.MEDIUM if firm and len(sentences) >= ENOUGH else Strength.WEAK,
        )
        for name, support in merged[:1]
        if (sentences := list(dict.fromkeys(row.value.partition(": ")[2] for row in support)))
    ]


def _own(subject: Subject) -> Sequence[str]:
    facts = subject.facts
    names = [claim.organisation for claim in subject.target.claims if claim.organisation]
    for name in ("site_name", "former_name", "legal_name", "title"):
        names += [row.value for row in facts.all("page", name)]
    names += [row.value for row in facts.all("archived", "site_name")]
    return names


def _is_own(name: str, own: Sequence[str], domain: str) -> bool:
    return fits_domain(name, domain) or any(may_be_one(name, other) for other in own)


def _merged(by_name: Mapping[str, list[Observation]]) -> dict[str, list[Observation]]:
    """Spellings of one firm together, under the commonest."""
    found: dict[str, list[Observation]] = {}
    for name in sorted(by_name, key=lambda one: (-len(by_name[one]), one)):
        key = next((other for other in found if may_be_one(other, name)), name)
        found.setdefault(key, []).extend(by_name[name])
    return found
