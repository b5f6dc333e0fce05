"""What a scan's targets have in common with each other, with those of other cases, and with known fronts.

The database is asked once, after the sources have answered: on how many registrable domains each value stands, and on
which. The counts, and what claimed targets of this case share, are written down as the scan's own observations; checks
and `rescore` read those and ask nothing again. All else goes to the table `links` alone, which no report reads: what
two candidates have in common is for analysts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from scanner.knowledge import Knowledge
from scanner.knowledge.identifiers import load_identifiers
from scanner.model import Observation, Page, Why
from scanner.rarity import (
    COMMON,
    SHAREABLE_KINDS,
    TRAITS,
    Kind,
    Value,
    brand,
    counted_row,
    mail_host,
    mail_name,
    shareable,
    shared_row,
    weight,
)
from scanner.rooms import near
from scanner.store import ScanRecord, Store

KINDS = ("rarity", "shared")
"""Kinds of observation written here."""
_POLICY = re.compile(
    r"privacy|cookie|gdpr|dsgvo|datenschutz|terms[ -]?(?:of|and|&|$)|conditions|confidentialit|privacidad|privacidade"
    r"|riservatezza|prywatno|\bavg\b|\bagb\b|disclaimer|data[ -]protection"
)
_NEAR_DIGITS = 2
_LONG_ENOUGH = 10
"""Digits and sign of a telephone number from which its last two can be a block of one subscriber."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One value that a target has in common with another domain; `ours` and `theirs` differ for a likeness."""

    kind: Kind
    other: str
    ours: str
    theirs: str
    rarity: float

    @property
    def value(self) -> str:
        return " ~ ".join(sorted({self.ours, self.theirs}))


def write_down(store: Store, record: ScanRecord, knowledge: Knowledge) -> None:
    """Counts, common values of the case, and links of one scan, in one transaction. Doing it again changes nothing."""
    with store.writing():
        targets = store.targets(record)
        values = {t.domain: shareable(t.domain, _own_rows(store, record, t.domain)) for t in targets}
        store.set_shareable(record, {domain: _stored(domain, own) for domain, own in values.items()})
        claimed = {target.domain for target in targets if target.why is Why.CLAIM}
        links: dict[tuple[str, str, str, str], float] = {}
        inside = _inside({domain: own for domain, own in values.items() if domain in claimed})
        for domain, own in values.items():
            most = {value: COMMON + 1 + len(inside.get(value, ())) for value in own}
            counts = {value: store.count_domains(value.kind, value.value, most[value]) for value in own}
            alike = sorted(set(_alike(store, domain, own)))
            found = [*_exact(store, domain, counts), *alike]
            rows = [counted_row(value, n) for value, n in counts.items() if n > 1]
            if domain in claimed:
                rows += _in_case(domain, counts, inside)
                rows += [_row(one) for one in alike if one.other in claimed]
            store.replace_kinds(record, domain, KINDS, rows)
            for one in (*found, *_with_fronts(own, knowledge, domain)):
                a, b = sorted((domain, one.other))
                key = (a, b, one.kind.value, one.value)
                links[key] = min(one.rarity, links.get(key, 1.0))
        store.set_links(record, [(*key, rarity) for key, rarity in sorted(links.items())])


def _own_rows(store: Store, record: ScanRecord, domain: str) -> list[Observation]:
    """A target's facts, without the contacts on its pages of policy: those name the authority that hears complaints,
    the host and the analytics firm, and firms of one region name the same."""
    policies = {p.evidence for p in store.pages(record, domain) if p.evidence and _POLICY.search(_words(p))}
    rows = store.observations(record, domain, *SHAREABLE_KINDS)
    return [row for row in rows if row.kind != "contact" or row.evidence not in policies]


def _words(page: Page) -> str:
    return f"{urlsplit(page.url).path} {page.title}".casefold()


def _inside(values: Mapping[str, tuple[Value, ...]]) -> dict[Value, list[str]]:
    """Which claimed targets of the case have a value."""
    found: dict[Value, list[str]] = {}
    for domain, own in values.items():
        for value in own:
            found.setdefault(value, []).append(domain)
    return found


def _in_case(
    domain: str, counts: Mapping[Value, int], inside: Mapping[Value, list[str]]
) -> Iterator[Observation]:
    """What a target shares with other claimed ones. It weighs by the domains outside the case: that a résumé names
    ten firms with one mailbox makes the mailbox no commoner."""
    for value, domains in counts.items():
        among = inside[value]
        rarity = weight(value.kind, domains - len(among) + 2)
        if 1 < len(among) <= COMMON and rarity > 0:
            for other in among:
                if other != domain:
                    yield shared_row(value.kind, other, value.value, value.value, rarity)


def _row(one: Found) -> Observation:
    return shared_row(one.kind, one.other, one.ours, one.theirs, one.rarity)


def _stored(domain: str, values: tuple[Value, ...]) -> list[tuple[str, str]]:
    """What others can find a target by: its values, its own name, and what its mailboxes name."""
    mails = [value.value for value in values if value.kind is Kind.MAIL]
    named = {("site", domain), ("brand", brand(domain))}
    named |= {(Kind.MAIL_NAME.value, mail_name(mail)) for mail in mails}
    named |= {(Kind.MAIL_HOST.value, mail_host(mail)) for mail in mails}
    return [(v.kind.value, v.value) for v in values] + sorted(pair for pair in named if pair[1])


def _exact(store: Store, domain: str, counts: Mapping[Value, int]) -> Iterator[Found]:
    for value, domains in counts.items():
        rarity = weight(value.kind, domains)
        if 1 < domains <= COMMON and rarity > 0:
            for other in store.domains_with(value.kind, value.value, COMMON):
                if other != domain:
                    yield Found(value.kind, other, value.value, value.value, rarity)


def _alike(store: Store, domain: str, values: tuple[Value, ...]) -> Iterator[Found]:
    for value in values:
        if value.kind is Kind.ROOM:
            yield from _neighbours(store, domain, value, Kind.NEAR_ROOM, value.value.rpartition("#")[0] + "#")
        elif value.kind is Kind.PHONE and len(value.value) >= _LONG_ENOUGH:
            yield from _neighbours(store, domain, value, Kind.NEAR_PHONE, value.value[:-_NEAR_DIGITS])
        elif value.kind is Kind.MAIL:
            name, host = mail_name(value.value), mail_host(value.value)
            yield from _mirrored(store, domain, Kind.MAIL_NAME, name, "brand")
            yield from _mirrored(store, domain, Kind.MAIL_HOST, host, "site")
    yield from _mirrored(store, domain, Kind.MAIL_NAME, brand(domain), Kind.MAIL_NAME.value)
    yield from _mirrored(store, domain, Kind.MAIL_HOST, domain, Kind.MAIL_HOST.value)


def _neighbours(store: Store, domain: str, value: Value, kind: Kind, prefix: str) -> Iterator[Found]:
    """Values of the same building, or of the same block of numbers, on other domains."""
    block = store.values_below(value.kind, prefix, COMMON + 1)
    rarity = weight(kind, len({other for _, other in block}))
    if len(block) > COMMON or rarity == 0:
        return
    for theirs, other in block:
        same_block = len(theirs) == len(value.value) if kind is Kind.NEAR_PHONE else near(value.value, theirs)
        if other != domain and theirs != value.value and same_block:
            yield Found(kind, other, value.value, theirs, rarity)


def _mirrored(store: Store, domain: str, kind: Kind, name: str, where: str) -> Iterator[Found]:
    """A mailbox here that names another site, or one there that names this."""
    others = store.domains_with(where, name, COMMON + 1) if name else []
    rarity = weight(kind, len(others) + 1)
    if len(others) <= COMMON and rarity > 0:
        yield from (Found(kind, other, name, name, rarity) for other in others if other != domain)


def _with_fronts(values: tuple[Value, ...], knowledge: Knowledge, domain: str) -> Iterator[Found]:
    fronts = load_identifiers().by_value
    for value in values:
        for one in fronts.get((value.kind.value, value.value), ()):
            if one.domain != domain and knowledge.entry(one.domain) is not None:
                yield Found(value.kind, one.domain, value.value, value.value, TRAITS[value.kind].weight)
