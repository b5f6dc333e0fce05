"""Copy: whose text is this? Likeness has a direction, and without dates it has none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Facts, Scene, Subject, first_sights
from scanner.checks.one_name import go_by_one_name
from scanner.checks.relatives import leads_here, one_certificate, related
from scanner.model import Observation, Role, Strength

MARGIN = timedelta(days=30)
"""Two dates closer than this give no direction: firms publish on two addresses within weeks."""
APART = timedelta(days=180)
"""First captures alone (each only "by then") give a direction when they lie this far apart."""

MANY_SITES = 8
"""Known sites with a text from which it may be a theme's that no list here has: alone it then contradicts nobody."""

STRONG, PARTIAL, WEAK, TEMPLATE, UNFILLED = "strong", "partial", "weak", "template", "unfilled"

TEXTS = Texts(
    innocent="The same agency may have written both sites, the firms may be related, text was licensed to both, or a "
    "template's own text was left in.",
    ask="Who wrote the texts of this site, and is the organisation related to the other one named here?",
    next_step="Read both pages side by side, and ask the other firm through a number found in a company register.",
)


@dataclass(frozen=True, slots=True)
class Side:
    """When a text can be said to have stood on one side.

    by: it was there by then. since: not before then. first: `by` is the first capture of the page, so that a
    look further back was taken and found nothing; a text that was only seen by us, or before which captures
    could not be read, may have stood there for any time.
    """

    by: Observation | None = None
    since: Observation | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A text of this site that another site has too, with what is known of both sides' dates."""

    match: Observation
    what: dict[str, Any]
    ours: Side
    theirs: Side
    passages: tuple[Observation, ...]

    @property
    def other(self) -> str:
        return str(self.what["domain"])

    @property
    def on_many(self) -> bool:
        """Whether so many known sites have the text that a theme may have brought it."""
        return int(self.what.get("sites", 1)) >= MANY_SITES

    def shown(self, side: str) -> str:
        """The longest shared passage on one side, with its address and the date it was there by."""
        dated = getattr(self, side).by
        how = "archived" if dated and dated.source == "captures" else "first seen"
        when = f" ({how} {dated.starts.day})" if dated and dated.starts else " (undated)"
        text = json.loads(self.passages[0].value)[side] if self.passages else ""
        return f"{self.what[side]}{when}: {text}".removesuffix(": ")


def pairs_of(subject: Subject, scene: Scene) -> Iterator[Pair]:
    """Every likeness the scan wrote down for this target, strongest other site first."""
    for match in subject.facts.all("copy", "match"):
        what = json.loads(match.value)
        other = what["domain"]
        passages = [
            row for row in subject.facts.all("copy", "passage") if json.loads(row.value)["domain"] == other
        ]
        passages.sort(key=lambda row: (-json.loads(row.value)["words"], row.value))
        theirs = _side(subject.facts, "theirs", other, scene.others.get(other, Facts.of(())))
        yield Pair(match, what, _side(subject.facts, "ours", other, subject.facts), theirs, tuple(passages))


def _side(facts: Facts, side: str, other: str, own: Facts) -> Side:
    """facts: where the scan wrote what it saw of the text; own: the registration and sights of that side's domain."""
    mark = f"{side} {other} "

    def marked(name: str) -> list[Observation]:
        return [row for row in facts.all("copy", name) if row.value.startswith(mark)]

    unseen = marked("unseen")
    by = Facts.of(marked("seen")).earliest("copy", "seen")
    lower = [
        (row.starts.first, row) for row in (*unseen, *_registered(own)) if row.starts and _before(row, by)
    ]
    looked = by is not None and by.source == "captures"
    first = looked and not any(_before(row, by) for row in (*unseen, *marked("unread")))
    return Side(by, max(lower, key=lambda pair: pair[0])[1] if lower else None, first)


def _registered(facts: Facts) -> tuple[Observation, ...]:
    """The registration as a lower bound: no text stood there before, unless the name was in use earlier."""
    created = facts.earliest("registration", "created")
    if created is None or created.starts is None:
        return ()
    used = any(
        s.date.surely_before(created.starts) for s in first_sights(facts) if s.operator != "registration"
    )
    return () if used else (created,)


def _before(row: Observation, by: Observation | None) -> bool:
    return row.starts is not None and (by is None or by.starts is None or row.starts.first <= by.starts.last)


def _earlier(one: Observation | None, other: Observation | None, margin: timedelta) -> bool:
    if one is None or other is None or one.starts is None or other.starts is None:
        return False
    return one.starts.surely_before(other.starts, margin)


def surely_first(one: Side, other: Side) -> bool:
    """The text stood on one side before it can have stood on the other."""
    return _earlier(one.by, other.since, MARGIN)


def likely_first(one: Side, other: Side) -> bool:
    """The text was seen on one side long before the first capture of the other, and nothing speaks against it."""
    return other.first and _earlier(one.by, other.by, APART) and not surely_first(other, one)


def was_first(one: Side, other: Side) -> bool:
    return surely_first(one, other) or likely_first(one, other)


def alike(subject: Subject, scene: Scene) -> list[Pair]:
    """The pairs that share text of somebody's own. Where some of the other sites lead here themselves, the
    rest: what an acknowledged relative has explains nothing of what a stranger has, and the other way round."""
    pairs = [pair for pair in pairs_of(subject, scene) if pair.what["kind"] in (STRONG, PARTIAL)]
    strangers = [pair for pair in pairs if not related(subject, scene, pair.other)]
    return strangers or pairs


def named_alike(subject: Subject, pair: Pair) -> bool:
    """Whether both sites of a pair go by one name, and this one names the other's address openly."""
    return go_by_one_name(subject, pair.other, pair.passages)


PERSONAL = frozenset({Role.PORTFOLIO, Role.PROFILE})
"""Roles of a person's own site."""


def is_personal(subject: Subject) -> bool:
    """Whether all that is claimed of a site is that it is a person's own."""
    roles = {claim.role for claim in subject.target.claims}
    return bool(roles) and roles <= PERSONAL


@check(
    "copy.later-copy",
    version=3,
    strength=Strength.STRONG,
    needs=("copy/match", "copy/seen", "copy/unseen", "registration/created", "page/left_over"),
    texts=TEXTS,
    idea="Every front described in public carried another firm's text with the brand swapped (red flag 8).",
)
def later_copy(subject: Subject, scene: Scene) -> Result:
    """Long passages of this site stood on another, named site first.

    Decisive only for a strong likeness that is dated on both sides: the other site had the text before it
    can have stood here (before this name was registered, or before a capture of this page without it).
    Strong where only the first sights of both sides give the order, half a year apart; a partial likeness
    counts one step less. On a portfolio it is strong at most, and so it is for a text that eight known sites or more
    have (both: medium): people leave a theme's demo text in place, and not every theme is known here. Two sites that
    go by one name are `copy.two-addresses`.
    """
    personal = is_personal(subject)
    hits = []
    for pair in alike(subject, scene):
        whole = pair.what["kind"] == STRONG
        if surely_first(pair.theirs, pair.ours):
            strength = Strength.DECISIVE if whole and not personal and not pair.on_many else Strength.STRONG
        elif likely_first(pair.theirs, pair.ours):
            strength = Strength.STRONG if whole else Strength.MEDIUM
        else:
            continue
        if personal and pair.on_many:
            strength = Strength.MEDIUM
        if not named_alike(subject, pair):
            hits.append(shown_hit(subject, pair, f"{pair.other} had it first", strength))
    return hits


@check(
    "copy.undated-likeness",
    version=3,
    strength=Strength.MEDIUM,
    needs=("copy/match",),
    texts=TEXTS,
    idea="A likeness without dates has no direction: it must never turn against the older site (trap T1).",
)
def undated_likeness(subject: Subject, scene: Scene) -> Result:
    """Long passages stand on another site too, and the dates do not say who had them first.

    Medium for a strong likeness, weak for a partial one, and for a portfolio's text that eight known sites or more
    have: a theme may have brought it. It never says that this site copied. Two sites that go by one name are
    `copy.two-addresses`.
    """
    personal = is_personal(subject)
    hits = []
    for pair in alike(subject, scene):
        if was_first(pair.theirs, pair.ours) or was_first(pair.ours, pair.theirs):
            continue
        if named_alike(subject, pair):
            continue
        weak = pair.what["kind"] != STRONG or (personal and pair.on_many)
        strength = Strength.WEAK if weak else Strength.MEDIUM
        hits.append(shown_hit(subject, pair, "who had it first can't be told", strength))
    return hits


@check(
    "copy.earlier-original",
    strength=Strength.CONTEXT,
    needs=("copy/match", "copy/seen"),
    texts=Texts(
        innocent="This speaks for the site: its text stood here before it stood elsewhere.",
        ask="Who wrote the texts of this site, as far as you know?",
        next_step="Nothing to do; the firm may like to know that its text stands elsewhere.",
    ),
    idea="The copied firms are victims: a likeness must never colour the older site (trap T1).",
)
def earlier_original(subject: Subject, scene: Scene) -> Result:
    """Speaks for the site: another site carries its text, and this one had it first."""
    return [
        Hit(
            f"{pair.other} carries text of {subject.domain}; it stood here first.",
            claimed=pair.shown("ours"),
            observed=pair.shown("theirs"),
            support=_support(pair),
            lowers=True,
        )
        for pair in alike(subject, scene)
        if was_first(pair.ours, pair.theirs)
    ]


@check(
    "copy.related-sites",
    version=2,
    strength=Strength.CONTEXT,
    needs=("copy/match", "website/redirect", "page/acknowledged_domain", "tls/name", "tls/trust"),
    texts=Texts(
        innocent="This speaks for the site: the other one acknowledges it.",
        ask="How are the two organisations related?",
        next_step="Check in a company register that both belong together.",
    ),
    idea="Sister firms, rebrands and agencies share text and say so (innocent explanations of red flag 8).",
)
def related_sites(subject: Subject, scene: Scene) -> Result:
    """Speaks for the site: the site with the same text redirects or links here, or serves a certificate of few names
    that names both, so both belong together.

    Only what the other site says counts. It sets the likeness to that site aside, never one to a third.
    """
    pairs = [pair for pair in pairs_of(subject, scene) if pair.what["kind"] in (STRONG, PARTIAL)]
    if not pairs:
        return NoEvidence("no likeness to another site was seen")
    own = [pair for pair in pairs if related(subject, scene, pair.other)]
    if not own:
        return ()
    names = ", ".join(sorted({pair.other for pair in own}))
    leads = all(leads_here(subject, scene, pair.other) for pair in own)
    how = "leads here itself" if leads else "leads here or serves one certificate for both"
    certificates = [row for pair in own for row in one_certificate(subject, scene, pair.other)]
    return [
        Hit(
            f"{names} carries the same text and {how}: the sites belong together.",
            observed=names,
            support=(*(pair.match for pair in own), *certificates),
            defeats=("copy.later-copy", "copy.undated-likeness") if len(own) == len(pairs) else (),
            lowers=True,
        )
    ]


@check(
    "copy.template-text",
    strength=Strength.CONTEXT,
    needs=("copy/template", "copy/match"),
    texts=Texts(
        innocent="Sites made from one template share its demo text and legal phrases.",
        ask="Was this site made from a template, as far as you know?",
        next_step="Nothing to do by itself.",
    ),
    idea="Shared public themes are no link (red flag 13, trap T2).",
)
def template_text(subject: Subject, scene: Scene) -> Result:
    """What is shared with other sites is text that many have: a template's demo text, legal or cookie phrases."""
    rows = [*subject.facts.all("copy", "template"), *subject.facts.all("copy", "match")]
    kinds = {row: json.loads(row.value)["kind"] for row in rows}
    support = tuple(row for row in rows if kinds[row] in (TEMPLATE, UNFILLED))
    if not support:
        return ()
    left = any(kinds[row] == UNFILLED for row in support)
    words = "demo text of a template was left in place" if left else "text that many sites share stands here"
    return [Hit(f"{subject.domain}: {words}.", observed=words, support=support)]


def shown_hit(subject: Subject, pair: Pair, order: str, strength: Strength) -> Hit:
    many = f" {pair.what['sites']} known sites have this text." if pair.on_many else ""
    return Hit(
        f"{pair.what['words']} words of {subject.domain} stand on {pair.other} too; {order}.{many}",
        claimed=pair.shown("ours"),
        observed=pair.shown("theirs"),
        support=_support(pair),
        strength=strength,
    )


def _support(pair: Pair) -> tuple[Observation, ...]:
    sides = (pair.ours.by, pair.ours.since, pair.theirs.by, pair.theirs.since)
    rows = (pair.match, *sides, *pair.passages[:3])
    return tuple(row for row in rows if row is not None)
