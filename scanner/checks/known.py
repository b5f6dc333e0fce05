"""Known: is this very address on a public list?"""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, case_check, check
from scanner.checks.claims import dated_claims, named
from scanner.checks.facts import Facts, Scene, Subject
from scanner.domains import split
from scanner.knowledge import ListedDomain
from scanner.model import Level, Observation, Strength

GENERIC = frozenset(
    [
        "the",
        "my",
        "our",
        "your",
        "get",
        "go",
        "cloud",
        "hub",
        "sun",
        "studio",
        "studios",
        "soft",
        "software",
        "tech",
        "technology",
        "technologies",
        "group",
        "groups",
        "solution",
        "solutions",
        "service",
        "services",
        "dev",
        "digital",
        "labs",
        "lab",
        "web",
        "net",
        "online",
        "global",
        "systems",
        "team",
        "works",
        "it",
    ]
)
"""Words that fill up a firm's name. A label made of a family's stem and these belongs to the family; a label
with any other word in it ("foxglove", "firefox") does not."""


@check(
    "known.listed-domain",
    strength=Strength.STRONG,
    needs=("registration/created",),
    texts=Texts(
        innocent="The candidate may have worked there in good faith, before anything was known.",
        ask="How did you find this organisation, and who paid you there?",
        next_step="Read the published notice, and settle with your legal or security team how to go on.",
    ),
    idea="Court documents and official announcements name the seized domains.",
)
def listed_domain(subject: Subject, scene: Scene) -> Result:
    """This exact registrable domain is on a public list of seized or reported sites.

    Gives the level `known` where an authority announced the seizure and the name was not registered anew
    afterwards. A vendor's report is a strong finding. Entries marked as context only, and names registered
    anew after the date of the entry, are context: a once-seized name may belong to someone new. It is strong
    where the claim begins before the date of the entry, for then the earlier holder is claimed.
    """
    entry = scene.knowledge.entry(subject.domain)
    if entry is None:
        return NoEvidence("the domain is on no list")
    created = subject.facts.earliest("registration", "created")
    anew = _registered_anew(subject.facts, entry)
    when = entry.seized or entry.published
    what = f"{entry.status} {when or ''}".strip()
    if anew is not None:
        return [_once_listed(subject, entry, anew, what)]
    support = (created,) if created else ()
    if not entry.counts_as_front:
        words = f"{subject.domain} is named in a report about something else ({entry.kind})."
        return [Hit(words, observed=entry.source, support=support, strength=Strength.CONTEXT)]
    if entry.authoritative:
        return [
            Hit(
                f"{subject.domain} is on a public list of seized sites ({what}).",
                observed=entry.source,
                support=support,
                strength=Strength.DECISIVE,
                level=Level.KNOWN,
            )
        ]
    return [
        Hit(
            f"{subject.domain} is named in a published report ({what}).",
            observed=entry.source,
            support=support,
        )
    ]


def _once_listed(subject: Subject, entry: ListedDomain, anew: Observation, what: str) -> Hit:
    """A name in new hands is nothing against them, unless the claim is about the time before."""
    listed = entry.seized or entry.published
    since = anew.starts.day if anew.starts else ""
    earlier = [claim for claim, start in dated_claims(subject) if start.surely_before(listed)]
    return Hit(
        f"{subject.domain} was once {what} and has been registered anew on {since}: someone else may hold it now"
        + ("; the claim begins in the time before." if earlier else "."),
        claimed="; ".join(named(claim) for claim in earlier),
        observed=f"{entry.source}; registered {since}",
        support=(anew,),
        strength=Strength.STRONG if earlier and entry.counts_as_front else Strength.CONTEXT,
    )


def _registered_anew(facts: Facts, entry: ListedDomain) -> Observation | None:
    when = entry.seized or entry.published
    created = facts.earliest("registration", "created")
    if when is None or created is None or created.starts is None:
        return None
    return created if when.surely_before(created.starts) else None


@case_check(
    "known.name-family",
    strength=Strength.MEDIUM,
    needs=(),
    texts=Texts(
        innocent="Names share words: brands use one stem for several products, and a stem may be common in a trade.",
        ask="How are these organisations related to each other?",
        next_step="Check in company registers whether the organisations have a common owner.",
    ),
    idea="Nine of seventeen domains seized in October 2023 share one stem (red flag 29).",
)
def name_family(scene: Scene) -> Result:
    """Two or more addresses of one case carry the name stem of a seized family and nothing else of their own.

    A label counts only if it is made of the stem and of filling words ("cloud", "studio", "hub"). One such
    name is nothing; several from one résumé are medium.
    """
    hits = []
    for family in scene.knowledge.name_families():
        members = sorted(domain for domain in scene.claimed if _of_family(domain, family.stem))
        if len(members) > 1:
            listed = ", ".join(sorted(family.domains)[:3])
            hits.append(
                Hit(
                    f"Several addresses of this case share the name stem “{family.stem}” with a seized family.",
                    claimed=", ".join(members),
                    observed=f"seized: {listed} and others",
                )
            )
    return hits


def _of_family(domain: str, stem: str) -> bool:
    label = split(domain).registrable.partition(".")[0].replace("-", "")
    head, found, tail = label.partition(stem)
    return (
        bool(found) and _generic(head) and _generic(tail.removeprefix("es").removeprefix("y"))
    ) or label == stem


def _generic(text: str) -> bool:
    """True when the text is empty or wholly made of filling words."""
    if not text:
        return True
    return any(_generic(text[len(word) :]) for word in GENERIC if text.startswith(word))
