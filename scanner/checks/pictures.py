"""Copy, by pictures: which other site shows the pictures of this one. Whole pictures are compared; no face is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.copy import PERSONAL
from scanner.checks.facts import Facts, Scene, Subject, first_sights
from scanner.checks.relatives import one_certificate, related
from scanner.model import Observation, Strength

SEVERAL = 3
"""Rare pictures shared with one other site that are no accident: two firms can buy the same picture, rarely three."""
FEW = 2
APART = timedelta(days=180)
"""How much earlier something must surely be to give an order; firms that open together may share an agency."""
LISTED = 3
PHOTO = "photo"
_SIDES = ("registration/created", "archive/first_capture", "ct/first_logged")

TEXTS = Texts(
    innocent="The same agency, photographer or stock library may have served both, or the firms may be related.",
    ask="Where are the pictures on this site from, and is the organisation related to the other one named here?",
    next_step="Look at both pages side by side, and search the web for the pictures in both orientations.",
)


@dataclass(frozen=True, slots=True)
class Shared:
    """The pictures of this site that one other site shows. dates: the earliest sight of each picture of either side,
    by `SIDE URL`: by an archive, a crawl, a WARC or a scan."""

    other: str
    rows: tuple[Observation, ...]
    dates: Mapping[str, Observation]

    def by(self, side: str) -> list[Observation]:
        """The earliest sight of each picture on one side."""
        found = (self.dates.get(f"{side} {json.loads(row.value)[side]}") for row in self.rows)
        return [row for row in found if row is not None]

    def shown(self, side: str) -> str:
        """Addresses of the first pictures on one side, each with the date it was there by."""
        listed = []
        for what in [json.loads(row.value) for row in self.rows[:LISTED]]:
            sight = self.dates.get(f"{side} {what[side]}")
            words = "undated"
            if sight is not None and sight.starts is not None:
                words = f"{'archived' if sight.name == 'archived' else 'first seen'} {sight.starts.day}"
            words += ", mirrored" if side == "theirs" and what["mirrored"] else ""
            words += f", on {what[f'{side}_page']}" if what[f"{side}_page"] else ""
            listed.append(f"{what[side]} ({words})")
        return "; ".join(listed)


def shared_of(subject: Subject) -> Iterator[Shared]:
    """Other sites with rare pictures of this one, by name. Logos, stock, theme and plain pictures are left out."""
    by_site: dict[str, list[Observation]] = {}
    for row in subject.facts.all("picture", "shared"):
        what = json.loads(row.value)
        if what["kind"] == PHOTO:
            by_site.setdefault(what["domain"], []).append(row)
    sights = [*subject.facts.all("picture", "archived"), *subject.facts.all("picture", "sight")]
    for other in sorted(by_site):
        dates: dict[str, Observation] = {}
        for row in sights:
            side, domain, url = row.value.split(" ", 2)
            known = dates.get(f"{side} {url}")
            if domain == other and (known is None or _last(row) < _last(known)):
                dates[f"{side} {url}"] = row
        yield Shared(other, tuple(by_site[other]), dates)


def _last(row: Observation) -> datetime:
    return row.starts.last if row.starts else datetime.max.replace(tzinfo=UTC)


def _oldest(facts: Facts) -> Observation | None:
    """The earliest dated sign of a site, from whoever saw it."""
    sights = first_sights(facts)
    return min(sights, key=lambda sight: sight.date.last).observation if sights else None


def _is_older(one: Observation | None, other: Observation | None) -> bool:
    if one is None or other is None or one.starts is None or other.starts is None:
        return False
    return one.starts.surely_before(other.starts, APART)


@check(
    "copy.shared-pictures",
    strength=Strength.WEAK,
    needs=("picture/shared", "picture/sight", "picture/archived", *_SIDES),
    texts=TEXTS,
    idea="Fronts take team and office pictures from other firms, often mirrored (pictures, red flags 8 and 9).",
)
def shared_pictures(subject: Subject, scene: Scene) -> Result:
    """Rare pictures of this site stand on another, unrelated one too.

    One shared picture is context: both may have bought it. Two or more are weak. Medium are three or more that
    were seen on the other site half a year before any dated sign of this one; never on a portfolio, since people
    leave a theme's pictures in place. Pictures that four other sites show, logos, stock and theme pictures by name
    or place and plain ones count for nothing, nor does any where this site is the older one or showed them before
    the other's first sign.
    """
    hits = []
    roles = {claim.role for claim in subject.target.claims}
    personal = bool(roles) and roles <= PERSONAL
    ours = _oldest(subject.facts)
    for shared in shared_of(subject):
        if related(subject, scene, shared.other):
            continue
        theirs = _oldest(scene.others.get(shared.other, Facts.of(())))
        count = len(shared.rows)
        before = [row for row in shared.by("theirs") if _is_older(row, ours)]
        strength = Strength.WEAK if count >= FEW else Strength.CONTEXT
        order = "which site had it first can't be told" if count == 1 else "who had them first can't be told"
        if _is_older(ours, theirs) or any(_is_older(row, theirs) for row in shared.by("ours")):
            strength, order = Strength.CONTEXT, f"{subject.domain} is the older site"
        elif len(before) >= SEVERAL and not personal:
            strength, order = Strength.MEDIUM, f"{shared.other} had them first"
        words = "1 picture" if count == 1 else f"{count} pictures"
        dates = tuple(row for row in (ours, theirs) if row is not None)
        hits.append(
            Hit(
                f"{words} of {subject.domain} stand{'s' if count == 1 else ''} on {shared.other} too; {order}.",
                claimed=shared.shown("ours"),
                observed=shared.shown("theirs"),
                support=(*shared.rows, *shared.by("ours"), *shared.by("theirs"), *dates),
                strength=strength,
            )
        )
    return hits


@check(
    "copy.related-pictures",
    version=2,
    strength=Strength.CONTEXT,
    needs=("picture/shared", "website/redirect", "page/acknowledged_domain", "tls/name", "tls/trust"),
    texts=Texts(
        innocent="This speaks for the site: the other one acknowledges it.",
        ask="How are the two organisations related?",
        next_step="Check in a company register that both belong together.",
    ),
    idea="Sister firms and rebrands show the same pictures and say so (innocent explanations of red flag 8).",
)
def related_pictures(subject: Subject, scene: Scene) -> Result:
    """Speaks for the site: the site with the same pictures redirects or links here, or serves a certificate of few
    names that names both, so both belong together.

    Only what the other site says counts; pictures shared with a third stay what they are.
    """
    found = list(shared_of(subject))
    if not found:
        return NoEvidence("no rare picture of this site was seen elsewhere")
    return [
        Hit(
            f"{shared.other} shows the same pictures and acknowledges this site: the two belong together.",
            observed=shared.shown("theirs"),
            support=(*shared.rows, *one_certificate(subject, scene, shared.other)),
            lowers=True,
        )
        for shared in found
        if related(subject, scene, shared.other)
    ]


@check(
    "copy.common-pictures",
    strength=Strength.CONTEXT,
    needs=("picture/common",),
    texts=Texts(
        innocent="Themes, stock libraries and partner programmes give one picture to many sites.",
        ask="Where are the pictures on this site from, as far as you know?",
        next_step="Nothing to do by itself.",
    ),
    idea="Shared stock and theme pictures are no link (red flag 13, trap T2).",
)
def common_pictures(subject: Subject, scene: Scene) -> Result:
    """Pictures of this site that many other sites show: a theme's, a stock library's or a partner's. No link."""
    rows = subject.facts.all("picture", "common")
    if not rows:
        return ()
    listed = [json.loads(row.value) for row in rows]
    most = max(listed, key=lambda what: (what["sites"], what["ours"]))
    words = "one picture" if len(rows) == 1 else f"{len(rows)} pictures"
    return [
        Hit(
            f"{subject.domain} shows {words} that many sites have.",
            observed=f"{most['ours']} (on {most['sites']} other sites known here)",
            support=rows,
        )
    ]
