"""Coherence: do the organisations of one résumé hang together in ways that separate employers don't?

Case-wide, and about addresses only. What two firms say of themselves comes first: sisters that link each other, an
elder that names the younger and a name that leads to another are no finding. Nor is what a web agency, a shared host, a
co-working building or a theme gives to all its customers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from scanner.checks.base import Hit, NoEvidence, Result, Texts, case_check
from scanner.checks.facts import Scene
from scanner.checks.kinship import (
    ACCOUNTS,
    CONTACTS,
    HOUR,
    PERSONAL,
    Firms,
    Kin,
    Pair,
    agency,
    kin,
    lowered,
    pairs,
    registered,
)
from scanner.model import Observation, Strength
from scanner.rarity import Kind, Shared

TOGETHER = 3
"""So many separate employers with one mailbox or telephone, or of one hour's registrations, have no ordinary story."""
NEAR = (Kind.NEAR_ROOM, Kind.NEAR_PHONE, Kind.MAIL_NAME, Kind.MAIL_HOST, Kind.ROOM)

ASK = "How are these organisations related, and who could confirm your time at each of them?"
REGISTER = "Check in company registers who owns each organisation, and ask each through a number found there."


@case_check(
    "coherence.shared-contact",
    version=2,
    strength=Strength.MEDIUM,
    needs=("shared/mail", "shared/phone", "shared/messenger", "shared/payment"),
    texts=Texts(
        innocent="One may have bought the other, one owner may have both, or an answering service serves both.",
        ask=ASK,
        next_step=REGISTER,
    ),
    idea="Firms that should have nothing to do with each other share mailbox or telephone (red flag 17).",
)
def shared_contact(scene: Scene) -> Result:
    """Two claimed organisations give the same mailbox, telephone, messenger or payment address.

    Medium for one such thing: firms are bought, and one owner has several. Strong where the two hang together in a
    second, independent way too (an account, registrations within an hour), or where three of them share it. One step
    less where only one side says that they belong together or their names begin alike; nothing where both say so,
    where one redirects to the other, or where the elder names the younger. A mailbox at a third party's domain that
    both sites link is their agency's.
    """
    return _shared(scene, CONTACTS)


@case_check(
    "coherence.shared-account",
    strength=Strength.MEDIUM,
    needs=(
        "shared/analytics",
        "shared/tag",
        "shared/pixel",
        "shared/verification",
        "shared/form_endpoint",
        "shared/key",
    ),
    texts=Texts(
        innocent="The same freelancer or agency may have built both sites and used one account for its customers.",
        ask="Are these organisations related, or did one person or agency look after both sites, as far as you know?",
        next_step=REGISTER,
    ),
    idea="Private accounts on sites that should be strangers tie them to one hand (red flags 13, 17).",
)
def shared_account(scene: Scene) -> Result:
    """The pages of two claimed organisations carry one private account: analytics, tag, pixel, verification token,
    form endpoint or certificate key.

    Medium by itself, for whoever builds sites for several firms may use one account. Strong with a second,
    independent tie, as in `coherence.shared-contact`. Nothing where both sites link the same third site from
    their frame, as an agency's clients do, or where the two say that they belong together. What many
    addresses of the database carry is no private account.
    """
    return _shared(scene, ACCOUNTS)


def _shared(scene: Scene, kinds: frozenset[Kind]) -> Result:
    firms = Firms.of(scene)
    if len(firms.claims) < 2:
        return NoEvidence("fewer than two claimed organisations have an address")
    found: dict[tuple[Kind, str], list[tuple[Pair, Shared]]] = {}
    for pair in pairs(firms):
        for one in pair.shared:
            if one.kind in kinds and pair.kin is not Kin.RELATED and pair.sign(one):
                found.setdefault((one.kind, one.ours), []).append((pair, one))
    return [_hit(firms, kind, value, found[kind, value]) for kind, value in sorted(found)]


def _hit(firms: Firms, kind: Kind, value: str, rows: Sequence[tuple[Pair, Shared]]) -> Hit:
    domains = {side for pair, _ in rows for side in (pair.a, pair.b)}
    strongest = max((pair.strength for pair, _ in rows), key=lambda strength: strength.rank)
    strangers = {side for pair, _ in rows if pair.kin is Kin.STRANGERS for side in (pair.a, pair.b)}
    if kind in CONTACTS and len(strangers) >= TOGETHER:
        strongest = Strength.STRONG
    words = rows[0][1].trait.words
    return Hit(
        f"{len(domains)} claimed organisations share one {words}: {', '.join(sorted(domains))}.",
        claimed=firms.names(domains),
        observed=value,
        support=_support(firms, domains, kind, value),
        strength=strongest,
    )


def _support(firms: Firms, domains: Iterable[str], kind: Kind, value: str) -> tuple[Observation, ...]:
    """The scan's own rows of what is shared, of each side."""
    return tuple(
        one.row
        for domain in sorted(domains)
        for one in firms.shared(domain)
        if one.kind is kind and one.ours == value and one.domain in firms.claims
    )


@case_check(
    "coherence.near-contact",
    strength=Strength.WEAK,
    needs=("shared/near-room", "shared/near-phone", "shared/mail-name", "shared/mail-host", "shared/room"),
    texts=Texts(
        innocent="Co-working and office buildings house hundreds of firms, and numbers are given out in blocks.",
        ask="Where did each of these organisations have its office?",
        next_step="Look up the registered offices of both in the company register.",
    ),
    idea="Neighbouring rooms, a mailbox with another firm's name: people see it, strings don't (red flag 17).",
)
def near_contact(scene: Scene) -> Result:
    """Contacts of two claimed organisations lie close together: the same room, rooms a few doors apart, telephone
    numbers that differ in their last two digits, or a mailbox named like, or kept at, the other site.

    Always weak: each is ordinary in a shared building, under one telephone system, or between a firm and the one
    that looks after its mail. Nothing where the two say that they belong together.
    """
    firms = Firms.of(scene)
    hits = []
    for pair in pairs(firms):
        for one in pair.shared:
            if one.kind in NEAR and one.rarity > 0 and pair.kin is Kin.STRANGERS and not pair.agency:
                hits.append(
                    Hit(
                        f"{pair.a} and {pair.b} stand close together: {one.trait.words}.",
                        claimed=firms.names((pair.a, pair.b)),
                        observed=" and ".join(sorted({one.ours, one.theirs})),
                        support=(one.row,),
                    )
                )
    return hits


@case_check(
    "coherence.shared-name-servers",
    strength=Strength.WEAK,
    needs=("shared/name_servers",),
    texts=Texts(
        innocent="A small host or web agency gives all its customers the same name servers.",
        ask="Did one person or agency look after the web sites of both organisations, as far as you know?",
        next_step="Nothing to do by itself; read it beside what else the two share.",
    ),
    idea="The same unusual pair of name servers under addresses that should be strangers.",
)
def shared_name_servers(scene: Scene) -> Result:
    """Two claimed organisations have the same set of name servers, and it is neither one of the many that registrars,
    hosts and DNS services give to everybody nor common in this database.

    Weak: a small host is enough to explain it. Nothing for clients of one web agency and for firms that say that they
    belong together.
    """
    firms = Firms.of(scene)
    return [
        Hit(
            f"{pair.a} and {pair.b} have the same, uncommon name servers.",
            claimed=firms.names((pair.a, pair.b)),
            observed=one.ours,
            support=_support(firms, (pair.a, pair.b), one.kind, one.ours),
        )
        for pair in pairs(firms)
        for one in pair.shared
        if one.kind is Kind.NAME_SERVERS and one.rare and pair.kin is not Kin.RELATED and not pair.agency
    ]


@case_check(
    "coherence.registered-together",
    version=2,
    strength=Strength.MEDIUM,
    needs=("registration/created", "registration/registrar"),
    texts=Texts(
        innocent="One owner may have ordered the names of two firms at once; a registry's import can date many alike.",
        ask="Which web or mail address did each of these organisations use when you began there?",
        next_step=REGISTER,
    ),
    idea="Names of made-up employers are bought in one sitting; second-precise registration times show it.",
)
def registered_together(scene: Scene) -> Result:
    """Addresses of claimed organisations were registered with one registrar within a day of each other.

    Within an hour, both records telling the second, for organisations whose claims begin at least a year apart:
    medium for two, for an owner may rename two firms in one sitting; two random names meet so in about one pair of
    a hundred thousand. Strong for three, or where two also share a private account or contact, unless both link the
    same third site from their frame, as units of a group and clients of an agency do. Within a day, or with claims
    that begin together: weak. One step less where one side names the other; nothing where both do, or where
    anything was seen of the address before that date: then the record isn't its beginning.
    """
    firms = Firms.of(scene)
    near = [pair for pair in pairs(firms) if pair.together is not None and pair.kin is not Kin.RELATED]
    ordered, rest = [pair for pair in near if pair.one_order], [pair for pair in near if not pair.one_order]
    return [
        *(_ordered(firms, group, Strength.MEDIUM) for group in _groups(ordered)),
        *(_ordered(firms, group, Strength.WEAK) for group in _groups(rest)),
    ]


def _ordered(firms: Firms, group: Sequence[Pair], least: Strength) -> Hit:
    domains = sorted({side for pair in group for side in (pair.a, pair.b)})
    rows = [row for domain in domains if (row := registered(firms.facts(domain))) is not None]
    strength = max((lowered(least, pair.kin) for pair in group), key=lambda one: one.rank)
    if least is Strength.MEDIUM:
        strangers = {side for pair in group if pair.kin is Kin.STRANGERS for side in (pair.a, pair.b)}
        tied = max((pair.strength for pair in group), key=lambda one: one.rank)
        strength = Strength.STRONG if len(strangers) >= TOGETHER else tied
    within = (
        "an hour" if all(pair.together is not None and pair.together <= HOUR for pair in group) else "a day"
    )
    return Hit(
        f"{len(domains)} claimed organisations have addresses that one registrar registered within {within}.",
        claimed=firms.names(domains),
        observed="; ".join(f"{domain} {row.starts}" for domain, row in zip(domains, rows, strict=True)),
        support=tuple(rows),
        strength=strength,
    )


def _groups(found: Sequence[Pair]) -> list[list[Pair]]:
    """Pairs that hang together over a common firm, in the order of their first domain."""
    leads: dict[str, str] = {}

    def group_of(domain: str) -> str:
        while (above := leads.setdefault(domain, domain)) != domain:
            leads[domain] = leads.get(above, above)
            domain = above
        return domain

    for pair in found:
        leads[group_of(pair.a)] = group_of(pair.b)
    groups: dict[str, list[Pair]] = {}
    for pair in sorted(found, key=lambda one: (one.a, one.b)):
        groups.setdefault(group_of(pair.a), []).append(pair)
    return list(groups.values())


@case_check(
    "coherence.shared-text",
    strength=Strength.WEAK,
    needs=("copy/match",),
    texts=Texts(
        innocent="One writer or agency may have worked for both, or both sites began from one theme's texts.",
        ask="Are these organisations related, or did one person or agency write for both, as far as you know?",
        next_step="Read both pages side by side; ask each organisation through a number found in a company register.",
    ),
    idea="The same testimonial or biography on several employers of one résumé (red flag 11).",
)
def shared_text(scene: Scene) -> Result:
    """The sites of two claimed organisations of one résumé carry the same passages of rare text.

    Medium for whole pages, weak for single passages; who had them first plays no part here, and is said by the copy
    checks. Nothing for clients of one agency, or where the two say that they belong together.
    """
    firms = Firms.of(scene)
    found: dict[tuple[str, str], tuple[int, str, Observation]] = {}
    for domain in firms.claims:
        for row in firms.facts(domain).all("copy", "match"):
            what = json.loads(row.value)
            other = str(what["domain"])
            if what["kind"] in ("strong", "partial") and other in firms.claims:
                both = min(domain, other), max(domain, other)
                found[both] = max(
                    found.get(both, (0, "", row)), (int(what["words"]), row.value, row), key=_most
                )
    return [hit for both in sorted(found) if (hit := _same_text(firms, *both, found[both][2])) is not None]


def _most(match: tuple[int, str, Observation]) -> tuple[int, str]:
    return match[0], match[1]


def _same_text(firms: Firms, a: str, b: str, row: Observation) -> Hit | None:
    said = kin(firms, a, b)
    if said is Kin.RELATED or agency(firms, a, b):
        return None
    what = json.loads(row.value)
    return Hit(
        f"{what['words']} words stand on the sites of two claimed organisations, {a} and {b}.",
        claimed=firms.names((a, b)),
        observed=f"{what['ours']} and {what['theirs']}",
        support=(row,),
        strength=lowered(Strength.MEDIUM if what["kind"] == "strong" else Strength.WEAK, said),
    )


@case_check(
    "coherence.own-employer",
    strength=Strength.WEAK,
    needs=("shared/mail", "shared/phone", "shared/analytics", "shared/verification", "shared/form_endpoint"),
    texts=Texts(
        innocent="People build the site of a firm they work for, and founders use one mailbox for both.",
        ask="Did you found this organisation, or build its web site?",
        next_step="Check in the company register who owns and represents the organisation.",
    ),
    idea="A personal site and a claimed employer in one hand (red flags 5, 17).",
)
def own_employer(scene: Scene) -> Result:
    """A personal site of the case and a claimed organisation share a private account or contact.

    Weak: founders and those who built their firm's site have it honestly. Nothing where one links the other.
    """
    firms, own = Firms.of(scene), Firms.of(scene, PERSONAL)
    hits = []
    for domain in own.claims:
        for one in own.shared(domain):
            linked = {
                *own.facts(domain).values("page", "acknowledged_domain"),
                *firms.facts(one.domain).values("page", "acknowledged_domain"),
            }
            if one.domain not in firms.claims or domain in firms.claims or {domain, one.domain} & linked:
                continue
            if one.rare and one.trait.private:
                hits.append(
                    Hit(
                        f"The personal site {domain} and {one.domain} share one {one.trait.words}.",
                        claimed=firms.names((one.domain,)),
                        observed=one.ours,
                        support=(one.row,),
                    )
                )
    return hits


@case_check(
    "coherence.related-firms",
    strength=Strength.CONTEXT,
    needs=("page/acknowledged_domain", "website/redirect", "registration/created"),
    texts=Texts(
        innocent="This speaks for the claims: the organisations say themselves that they belong together.",
        ask="How do these organisations belong together, and for which of them did you work?",
        next_step="Check in a company register that both belong together.",
    ),
    idea="Sister firms, rebrands and takeovers explain what two sites share (innocent explanations of red flag 17).",
)
def related_firms(scene: Scene) -> Result:
    """Speaks for the claims: organisations that share something also say that they belong together.

    Both link each other, one redirects to the other, the elder names the younger, or one name covers both.
    """
    firms = Firms.of(scene)
    return [
        Hit(
            f"{pair.a} and {pair.b} say themselves that they belong together.",
            claimed=firms.names((pair.a, pair.b)),
            observed=", ".join(sorted({one.trait.words for one in pair.shared})) or "registered together",
            support=tuple(one.row for one in pair.shared),
            lowers=True,
        )
        for pair in pairs(firms)
        if pair.kin is Kin.RELATED and (pair.together is not None or any(one.rare for one in pair.shared))
    ]
