"""Identity: what of another site was left in this one's pages. By itself it says nothing: anybody can name an innocent
firm in a page, and firms have parents, agencies and second addresses."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.copy import alike, named_alike, shown_hit, was_first
from scanner.checks.facts import Scene, Subject
from scanner.checks.relatives import related
from scanner.model import Observation, Strength
from scanner.pointers import LAST, RANKS, because, pointer

SHOWN = 3
_TELLING = RANKS["canonical"]


@check(
    "identity.left-over-name",
    strength=Strength.CONTEXT,
    needs=("page/left_over", "lead/same_name", "lead/same_identifier", "copy/match"),
    texts=Texts(
        innocent="A parent, an agency, a trial address, a template or a second domain of one firm leaves such names; "
        "anybody can also write an innocent firm's name into a page.",
        ask="How is the organisation related to the other address named here?",
        next_step="Read both sites side by side; ask the other firm through a number found in a company register.",
    ),
    idea="Left-over names of the copied firm stood in published fronts (red flag 9); framing must not work (trap T1).",
)
def left_over_name(subject: Subject, scene: Scene) -> Result:
    """A page names another site where its own address or name would stand.

    Context alone. Weak where long passages of this site stood on that other site first and the two do not call
    themselves the same: then the name fits what the texts show. It never says anything of the site that is named.
    """
    rows = _named(subject)
    if not rows:
        return NoEvidence("no name of another site was seen in the pages")
    copied = {
        pair.other
        for pair in alike(subject, scene)
        if was_first(pair.theirs, pair.ours) and not named_alike(subject, pair)
    }
    hits = []
    for other, support in sorted(
        rows.items(), key=lambda item: (item[0] not in copied, _rank(item[1]), item[0])
    ):
        if other not in copied and _rank(support) > _TELLING:
            continue
        seen = sorted(support, key=lambda row: (_rank((row,)), row.value))
        hits.append(
            Hit(
                f"{subject.domain} carries a trace of {other}: {because(other, support)}.",
                observed=_shown(seen[0]),
                support=tuple(seen[:SHOWN]),
                strength=Strength.WEAK if other in copied else Strength.CONTEXT,
            )
        )
    return hits[:SHOWN]


def _named(subject: Subject) -> Mapping[str, list[Observation]]:
    """Other sites that are named, each with the rows that name it."""
    found: dict[str, list[Observation]] = {}
    for row in subject.facts.all("page", "left_over"):
        found.setdefault(row.value.split(" ", 2)[1], []).append(row)
    for name in ("same_name", "same_identifier"):
        for row in subject.facts.all("lead", name):
            found.setdefault(row.value.partition(" ")[0], []).append(row)
    return found


def _shown(row: Observation) -> str:
    """The place and what stands there."""
    place, _, rest = row.value.partition(" ")
    return f"{place}: {rest.partition(' ')[2] or rest}" if row.kind == "page" else row.value


def _rank(rows: list[Observation] | tuple[Observation, ...]) -> int:
    return min((RANKS.get(pointer(row)[0], LAST) for row in rows), default=LAST)


@check(
    "copy.two-addresses",
    strength=Strength.MEDIUM,
    needs=("copy/match", "copy/seen", "page/left_over", "page/acknowledged_domain"),
    texts=Texts(
        innocent="Many firms answer at two addresses with the same pages, and say at one of them that it stands at "
        "the other.",
        ask="Which of the two addresses does the organisation use for its mail and its contracts?",
        next_step="Look in a company register which address the organisation gives, and ask it through a number "
        "found there whether the other is its own.",
    ),
    idea="A lookalike address that keeps the real firm's name (red flag 19), and one owner's two domains, look alike.",
)
def two_addresses(subject: Subject, scene: Scene) -> Result:
    """The site's text stands at another address too, both go by one name, and this site names the other openly.

    One organisation's two addresses look like this, and so does an imitation that keeps the name: medium where the
    other address had the text first, weak without such dates, nothing where this one had it first or where the
    other leads here itself.
    """
    hits = []
    for pair in alike(subject, scene):
        if (
            related(subject, scene, pair.other)
            or not named_alike(subject, pair)
            or was_first(pair.ours, pair.theirs)
        ):
            continue
        first = was_first(pair.theirs, pair.ours)
        order = f"both go by one name, {pair.other} {'had it first' if first else 'without dates'}"
        hits.append(shown_hit(subject, pair, order, Strength.MEDIUM if first else Strength.WEAK))
    return hits
