"""What can be said of a name without asking anybody: lists, name families, look-alikes."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.checks.known import of_family
from scanner.hostnames import to_display
from scanner.knowledge import Knowledge, ListedDomain, OwnKnowledge
from scanner.sweep.likes import Likeness, Likes

SEIZED, LISTED, LIKE, FAMILY, PARKED = 90, 80, 50, 40, 10
"""Order in which people and later stages see names; never shown, and no measure of anything else."""
_HOW = {
    "spelling": "the letters look the same",
    "ending": "the same name with another ending",
    "edit": "a letter or two differ",
    "affix": "that name with a word added",
}
_HOW_RANK = {"spelling": 9, "edit": 6, "affix": 3, "ending": 0}


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence about a name. kind: `listed`, `context`, `like`, `family`, later `seized`, `parked`, `mail`,
    `registered`, `direction`. about: for `like`, the firm as the user gave it."""

    kind: str
    text: str
    about: str = ""

    def as_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "text": self.text, **({"about": self.about} if self.about else {})}


class Offline:
    """Knowledge of one day, and the firms a user names."""

    def __init__(self, knowledge: Knowledge, likes: Likes) -> None:
        self._knowledge = knowledge
        self._likes = likes
        self._listed = {entry.domain: entry for entry in knowledge.domains()}
        self._families = knowledge.name_families()

    def facts(self, domain: str, own: OwnKnowledge) -> tuple[int, list[Fact]]:
        """Rank (0: nothing to look into) and facts. own: what the team knows by itself of this name, at least."""
        rank, facts = 0, []
        if (entry := self._listed.get(domain)) is not None:
            facts.append(_shipped(entry))
            rank = (SEIZED if entry.authoritative else LISTED) if entry.counts_as_front else LISTED // 2
        for listing in self._knowledge.listings(own, "domain", domain) if own else ():
            what = " ".join(filter(None, (listing.indicator.status, listing.indicator.category)))
            facts.append(Fact("listed", f"on {listing.whose}" + (f" ({what})" if what else "")))
            rank = max(rank, LISTED if listing.indicator.counts else LISTED // 2)
        if rank and own and (overrule := own.overrule(domain)) is not None:
            facts.append(Fact("context", f"your team overrules the lists: {overrule.reason}"))
            rank = 0
        for family in self._families:
            if family.stem in domain and domain not in family.domains and of_family(domain, family.stem):
                rank = max(rank, FAMILY)
                facts.append(
                    Fact("family", f"its name is built like a listed family of names (“{family.stem}”)")
                )
        likeness = self._likes.of(domain)
        if likeness is not None:
            rank = max(rank, LIKE + _HOW_RANK[likeness.how])
            facts.append(_like(domain, likeness))
        return rank, facts


def _shipped(entry: ListedDomain) -> Fact:
    when = f" on {entry.seized}" if entry.seized else ""
    what = f"{entry.status}{when}" + (f" by {entry.by}" if entry.by else "")
    return Fact("listed", f"on the list “{entry.source}”: {what} (published {entry.published})")


def _like(domain: str, likeness: Likeness) -> Fact:
    shown = to_display(domain)
    spelled = f" (shown as {shown})" if shown != domain else ""
    given = likeness.firm.given
    return Fact("like", f"looks like {given}{spelled}: {_HOW[likeness.how]}", about=given)
