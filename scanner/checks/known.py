"""Known: is this very address on a public list?"""

from __future__ import annotations

from dataclasses import replace

from scanner.checks.base import Hit, NoEvidence, Result, Texts, case_check, check
from scanner.checks.claims import dated_claims, named
from scanner.checks.facts import Facts, Scene, Subject
from scanner.domains import registrable, split
from scanner.knowledge import ListedDomain, Listing, Overrule
from scanner.knowledge.indicators import keys_of_url
from scanner.model import Date, Level, Observation, Strength

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
    version=2,
    strength=Strength.STRONG,
    needs=("registration/created",),
    texts=Texts(
        innocent="The candidate may have worked there in good faith, before anything was known; lists err as well.",
        ask="How did you find this organisation, and who paid you there?",
        next_step="Read the published notice, and settle with your legal or security team how to go on.",
    ),
    idea="Court documents and official announcements name the seized domains; teams and feeds know more.",
)
def listed_domain(subject: Subject, scene: Scene) -> Result:
    """This exact address is on a public list of seized or reported sites, on a feed you took in, or on your own list.

    Gives the level `known` where an authority announced the seizure and the name was not registered anew
    afterwards. A vendor's report, a feed and your own entries are a strong finding at most. Entries marked as context
    only, and names registered anew after the date of the entry, are context: a once-listed name may belong to someone
    new. It is strong where the claim begins before the date of the entry, for then the earlier holder is claimed.
    Where you have overruled the lists for a domain (`knowledge overrule`), all of this is context, with your reason.
    """
    entry = scene.knowledge.entry(subject.domain)
    listings = _listings(subject, scene)
    if entry is None and not listings:
        return NoEvidence("the address is on no list")
    hits = [] if entry is None else [_on_public_list(subject, entry)]
    hits += [_on_own_list(subject, listing) for listing in listings]
    overrule = subject.own.overrule(subject.domain)
    return hits if overrule is None else [_overruled(hit, overrule) for hit in hits]


def _on_public_list(subject: Subject, entry: ListedDomain) -> Hit:
    created = subject.facts.earliest("registration", "created")
    when = entry.seized or entry.published
    anew = _registered_anew(subject.facts, when)
    what = f"{entry.status} {when or ''}".strip()
    if anew is not None:
        return _once_listed(subject, anew, when, what, entry.source, counts=entry.counts_as_front)
    support = (created,) if created else ()
    if not entry.counts_as_front:
        words = f"{subject.domain} is named in a report about something else ({entry.kind})."
        return Hit(words, observed=entry.source, support=support, strength=Strength.CONTEXT)
    if entry.authoritative:
        return Hit(
            f"{subject.domain} is on a public list of seized sites ({what}).",
            observed=entry.source,
            support=support,
            strength=Strength.DECISIVE,
            level=Level.KNOWN,
        )
    words = f"{subject.domain} is named in a published report ({what})."
    return Hit(words, observed=entry.source, support=support)


def _listings(subject: Subject, scene: Scene) -> list[Listing]:
    """What the team's lists say of the domain, and of the very addresses that were opened."""
    keys = dict.fromkeys(
        [("domain", subject.domain), *(k for url in subject.target.entries for k in keys_of_url(url))]
    )
    return [listing for key in keys for listing in scene.knowledge.listings(subject.own, *key)]


def _on_own_list(subject: Subject, listing: Listing) -> Hit:
    """What a feed, or the team itself, says: strong at most, whatever they call it."""
    entry = listing.indicator
    when = Date(entry.published) if entry.published else None
    what = f"{entry.status} {entry.published}".strip()
    source = "; ".join(part for part in (listing.whose, entry.reference, entry.note) if part)
    anew = _registered_anew(subject.facts, when) if entry.kind == "domain" else None
    if anew is not None and when is not None:
        return _once_listed(subject, anew, when, what, source, counts=entry.counts)
    created = subject.facts.earliest("registration", "created")
    return Hit(
        f"{entry.value} is on {listing.whose} ({what}{'' if entry.counts else ', as context only'}).",
        observed=source,
        support=(created,) if created else (),
        strength=Strength.STRONG if entry.counts else Strength.CONTEXT,
    )


def _overruled(hit: Hit, overrule: Overrule) -> Hit:
    return replace(
        hit,
        statement=f"{hit.statement.removesuffix('.')}; overruled here on {overrule.decided}: {overrule.reason}",
        strength=Strength.CONTEXT,
        level=None,
    )


def _once_listed(
    subject: Subject, anew: Observation, when: Date, what: str, source: str, *, counts: bool
) -> Hit:
    """A name in new hands is nothing against them, unless the claim is about the time before."""
    since = anew.starts.day if anew.starts else ""
    earlier = [claim for claim, start in dated_claims(subject) if start.surely_before(when)]
    return Hit(
        f"{subject.domain} was once {what} and has been registered anew on {since}: someone else may hold it now"
        + ("; the claim begins in the time before." if earlier else "."),
        claimed="; ".join(named(claim) for claim in earlier),
        observed=f"{source}; registered {since}",
        support=(anew,),
        strength=Strength.STRONG if earlier and counts else Strength.CONTEXT,
    )


def _registered_anew(facts: Facts, when: Date | None) -> Observation | None:
    created = facts.earliest("registration", "created")
    if when is None or created is None or created.starts is None:
        return None
    return created if when.surely_before(created.starts) else None


@check(
    "known.listed-contact",
    version=2,
    strength=Strength.MEDIUM,
    needs=("contact/mail", "contact/phone", "contact/payment", "registration/registrant_email"),
    texts=Texts(
        innocent="A page may quote a listed contact, and a number or mailbox may have passed to somebody else.",
        ask="Which mailbox and number did you use to reach this organisation?",
        next_step="Ask whoever published the list, and compare with contacts from a company register.",
    ),
    idea="Fronts share mailboxes and numbers (red flag 17); feeds list them beside domains.",
)
def listed_contact(subject: Subject, scene: Scene) -> Result:
    """A mailbox, telephone number or payment address of the site is on a list: its registrant's, or the only one given.

    Medium then. Where the pages give other contacts as well it is context: articles about listed sites quote their
    contacts. A mailbox counts when it is listed itself or stands on a listed domain; a payment address (Bitcoin,
    Ethereum, Tron, Monero, with a checksum that holds) when exactly that address is listed.
    """
    hits = []
    for name, rows in (
        ("registrant", subject.facts.all("registration", "registrant_email")),
        ("mail", subject.facts.all("contact", "mail")),
        ("phone", subject.facts.all("contact", "phone")),
        ("payment", subject.facts.all("contact", "payment")),
    ):
        kind = "mail" if name == "registrant" else name
        values = sorted({row.value for row in rows})
        listed = {
            value: source for value in values if (source := _contact_source(subject, scene, kind, value))
        }
        for value, source in listed.items():
            own = name == "registrant" or len(values) == len(listed)
            hits.append(
                Hit(
                    f"{value}, "
                    + (f"the {name} of this site" if name == "registrant" else "given on its pages")
                    + f", is on a list ({source}).",
                    observed=f"{value}: {source}",
                    support=tuple(row for row in rows if row.value == value),
                    strength=Strength.MEDIUM if own else Strength.CONTEXT,
                )
            )
    return hits


def _contact_source(subject: Subject, scene: Scene, kind: str, value: str) -> str:
    """Which list names this contact, or the domain of this mailbox; "" for none that counts."""
    value = value.lower() if kind == "mail" else value
    domain = registrable(value.rpartition("@")[2]) if kind == "mail" else ""
    if domain == subject.domain or subject.own.overrule(domain):
        return ""  # the domain's own entry says it all
    keys = [(kind, value), *([("domain", domain)] if domain else [])]
    for key in keys:
        for listing in scene.knowledge.listings(subject.own, *key):
            if listing.indicator.counts:
                return f"{listing.whose}: {key[1]}"
    entry = scene.knowledge.entry(domain) if domain else None
    if entry is not None and entry.counts_as_front:
        return f"{entry.source}: {entry.domain}"
    return ""


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
        members = sorted(domain for domain in scene.claimed if of_family(domain, family.stem))
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


def of_family(domain: str, stem: str) -> bool:
    """Whether a name is made of a family's stem and filling words.

    >>> of_family("acme-cloud.example", "acme"), of_family("acmeville.example", "acme")
    (True, False)
    """
    label = split(domain).registrable.partition(".")[0].replace("-", "")
    head, found, tail = label.partition(stem)
    return (bool(found) and fills(head) and fills(tail.removeprefix("es").removeprefix("y"))) or label == stem


def fills(text: str) -> bool:
    """True when the text is empty or wholly made of filling words.

    >>> fills("mycloud"), fills("mycloudy"), fills("")
    (True, False, True)
    """
    if not text:
        return True
    return any(fills(text[len(word) :]) for word in GENERIC if text.startswith(word))
