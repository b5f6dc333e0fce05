"""Where a scan looks beside what was claimed, once the claimed sites are read: what their pages carry of another site.

A name without an address, and an identifier, lead only where this library, this database or, of names, a shipped list
of firms knows whose they are; what was found there is written down (`lead/*`), so that a report can say why a site was
looked at. A lead accuses nobody: neither the site that points, nor the one that is pointed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache

from scanner.copies import Shelf
from scanner.domains import split
from scanner.hostnames import DomainError
from scanner.knowledge.ordinary import foreign_site
from scanner.knowledge.originals import LISTS, Original, load_originals
from scanner.likeness import names_of
from scanner.model import Observation, Target
from scanner.plan import ranked_leads
from scanner.rarity import TRAITS, is_rare, shareable
from scanner.store import AsyncStore, ScanRecord, Store

_POINTING = (
    ("page", "left_over"),
    ("page", "left_over_name"),
    *(("identifier", name) for name in ("analytics", "tag", "pixel", "verification", "form_endpoint")),
)
_MOST_NAMES = 12
_MOST_IDENTIFIERS = 20
_MOST_SITES = 3
"""Domains of one name or with one identifier from which it says nothing any more: it is anybody's."""
_SHORTEST = 5  # letters of a name that can be looked for


def labels(name: str) -> tuple[str, ...]:
    """First labels of domains that a site of that name may have, without and with hyphens.

    >>> labels("Bracken Holt GmbH")
    ('bracken-holt', 'bracken-holt-gmbh', 'brackenholt', 'brackenholtgmbh')
    """
    found = set()
    for brand in names_of("", "", [name], []).brands:
        words = brand.split()
        found |= {label for mark in ("", "-") if len(label := mark.join(words)) >= _SHORTEST}
    return tuple(sorted(label for label in found if label.isascii()))


async def seen_elsewhere(
    domain: str, rows: Sequence[Observation], store: AsyncStore, shelf: Shelf, as_of: datetime
) -> tuple[Observation, ...]:
    """`lead/*` rows of a claimed target: sites that go by a name left in its pages, or had one of its identifiers.
    What more than a few domains have leads nowhere; nor does a list that was not public on the day `as_of`."""
    found: dict[str, None] = {}
    left = [row.value for row in rows if (row.kind, row.name) == ("page", "left_over_name")]
    names = {name: place for place, _, name in (value.partition(" ") for value in sorted(set(left)))}
    for name, place in list(names.items())[:_MOST_NAMES]:
        wanted = labels(name)
        sites = {*await shelf.called(wanted), *await store.call(_called, wanted), *listed(wanted, as_of)}
        for other in _few(sites, domain):
            found[f"same_name\0{other} {place} {name}"] = None
    for kind, value, others in await store.call(_sharing, domain, rows):
        for other in _few(others, domain):
            found[f"same_identifier\0{other} {kind} {value}"] = None
    parts = (text.split("\0") for text in found)
    return tuple(Observation("lead", name, value, "library") for name, value in parts)


def _few(sites: Iterable[str], domain: str) -> list[str]:
    own = sorted(site for site in sites if site != domain and foreign_site(site, hosted=True))
    return own if len(own) <= _MOST_SITES else []


def _called(store: Store, wanted: Sequence[str]) -> set[str]:
    """Domains scanned before whose own label is one of these; the store knows them without hyphens."""
    plain = {label.replace("-", "") for label in wanted}
    found = {name for label in plain for name in store.domains_with("brand", label, _MOST_SITES + 1)}
    return {name for name in found if label_of(name).replace("-", "") in plain}


def listed(wanted: Iterable[str], as_of: datetime) -> set[str]:
    """Domains of firms on the shipped lists (`library crawl --list`) that go by one of these labels, by their name
    there or by their address."""
    firms = _firms()
    found = {firm for label in wanted for firm in firms.get(label, ())}
    return {firm.domain for firm in found if firm.published.first <= as_of}


@cache
def _firms() -> Mapping[str, tuple[Original, ...]]:
    found: dict[str, dict[Original, None]] = {}
    for name in sorted(LISTS):
        for firm in load_originals(name)[0]:
            for label in (label_of(firm.domain), *labels(firm.name)):
                found.setdefault(label, {})[firm] = None
    return {label: tuple(firms) for label, firms in found.items()}


def label_of(domain: str) -> str:
    """The label a registrable domain was given by its owner.

    >>> label_of("acme-soft.co.uk"), label_of("jane.github.io")
    ('acme-soft', 'jane')
    """
    try:
        host = split(domain)
    except DomainError:
        return ""
    return host.registrable.removesuffix(f".{host.suffix}")


def _sharing(store: Store, domain: str, rows: Sequence[Observation]) -> list[tuple[str, str, list[str]]]:
    """Identifiers of a site that travel with its markup and stand on few other domains of this database."""
    found = []
    for one in shareable(domain, rows):
        trait = TRAITS[one.kind]
        if trait.private and trait.copied and is_rare(one.kind, 2):
            sites = store.domains_with(one.kind.value, one.value, _MOST_SITES + 2)
            if others := [site for site in sites if site != domain]:
                found.append((one.kind.value, one.value, others))
    return found[:_MOST_IDENTIFIERS]


def in_order(
    claimed: Sequence[Target],
    rows: Mapping[str, Sequence[Observation]],
    known: Iterable[str],
) -> list[Target]:
    """Every lead of the claimed targets, the most telling of the whole scan first."""
    seen = frozenset(known)
    ranked = [
        (rank, place, number, lead)
        for number, target in enumerate(claimed)
        for place, (rank, lead) in enumerate(ranked_leads(target, rows.get(target.domain, ()), seen))
    ]
    return [lead for *_, lead in sorted(ranked, key=lambda entry: entry[:3])]


def left_overs(store: Store, record: ScanRecord) -> dict[str, list[Observation]]:
    """What a scan's targets point with, by domain, in the order in which it was stored."""
    found: dict[str, list[Observation]] = {}
    for domain, row in store.observations_named(record, _POINTING):
        found.setdefault(domain, []).append(row)
    return found
