"""From a case to what is looked at: targets, sources, what is skipped and why. Pure; asked again for leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scanner.code_accounts import PLATFORM, is_account, login_of
from scanner.domains import host_of, is_inside, split
from scanner.hostnames import DomainError
from scanner.knowledge import Place, place_of
from scanner.knowledge.ordinary import foreign_site
from scanner.model import Case, Claim, Observation, Role, SourceInfo, Target, Why
from scanner.pointers import LAST, PLACES, RANKS, pointer

LEADS_PER_TARGET = 3
LEADS_PER_SCAN = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One source for one target. `skip` is empty, or a slug and words: why it is not asked."""

    target: Target
    source: str
    skip: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asked for: sources to leave out, whether the target may notice, and pictures of the pages."""

    passive: bool = False
    without: frozenset[str] = frozenset()
    screenshots: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """unaddressed: claims that lead to no target, each with the reason. accounts: what stands for an account that a
    claim names on a code platform (one at most): its public record is asked for, the platform gets no verdict."""

    case: Case
    targets: tuple[Target, ...]
    unaddressed: tuple[tuple[Claim, str], ...] = field(default=())
    accounts: tuple[Target, ...] = ()

    @property
    def everything(self) -> tuple[Target, ...]:
        return (*self.targets, *self.accounts)


def plan_case(case: Case) -> Plan:
    """One target a registrable domain, claims and entry addresses gathered, in the order of the claims.

    A claim without an address, or with one on somebody else's platform (a profile page), leads to no target.
    """
    targets: dict[str, Target] = {}
    left: list[tuple[Claim, str]] = []
    for claim in case.claims:
        place, reason = _place_of(claim)
        if place is None:
            left.append((claim, reason))
            continue
        known = targets.get(place.domain, Target(place.domain, platform=place.platform))
        entries = tuple(dict.fromkeys((*known.entries, claim.url)))
        targets[place.domain] = replace(known, claims=(*known.claims, claim), entries=entries)
    return Plan(case, tuple(targets.values()), tuple(left), _accounts(case, targets))


def _accounts(case: Case, targets: Mapping[str, Target]) -> tuple[Target, ...]:
    """The first account on GitHub that a profile claim names, as a target without a verdict."""
    found = [claim.url for claim in case.claims if claim.role is Role.PROFILE and login_of(claim.url)]
    return (Target(PLATFORM, (found[0],), (), Why.LEAD),) if found and PLATFORM not in targets else ()


def _place_of(claim: Claim) -> tuple[Place | None, str]:
    if not claim.url:
        return None, "no address given"
    try:
        place = place_of(claim.url)
    except (DomainError, ValueError) as error:
        return None, str(error)
    return (place, "") if place.domain else (None, place.note)


def steps_for(target: Target, sources: Iterable[tuple[SourceInfo, str]], choice: Choice) -> tuple[Step, ...]:
    """The sources to ask about a target. `sources` pairs each with its own reason to skip this target."""
    steps = []
    for info, own_reason in sources:
        if info.name in choice.without:
            skip = "left-out by --without"
        elif choice.passive and not info.passive:
            skip = "passive leaves out what touches the target"
        elif is_account(target) and info.name != "github":
            skip = "platform-page the platform itself is not judged"
        elif is_inside(target.domain) and not info.touches_target:
            skip = "inside-name names of an inside network are told to nobody"
        else:
            skip = own_reason
        steps.append(Step(target, info.name, skip))
    return tuple(steps)


def leads(
    target: Target, observations: Sequence[Observation], known: Iterable[str], room: int
) -> tuple[Target, ...]:
    """New targets that a claimed target's observations point to, the most telling first: where it redirects and what
    it says it was before, then what was left of another site in its pages.

    Only claimed targets lead anywhere (one level); at most LEADS_PER_TARGET each and `room` in all.
    Observed to compare and date, such targets get no verdict of their own.
    """
    ranked = ranked_leads(target, observations, known)
    return tuple(lead for _, lead in ranked[: max(0, min(LEADS_PER_TARGET, room))])


def ranked_leads(
    target: Target, observations: Iterable[Observation], known: Iterable[str]
) -> list[tuple[int, Target]]:
    """Everything that the observations of a claimed target point to, each with the rank of the most telling place
    it stands in (0 first); of one rank, what stands on most pages first."""
    if target.why is not Why.CLAIM:
        return []
    seen = {target.domain, *known}
    found: dict[str, _Pointed] = {}
    for row in observations:
        place, url = pointer(row)
        lead = _lead(target, place, url) if place in PLACES else None
        if lead is None or lead.domain in seen:
            continue
        pointed = found.setdefault(lead.domain, _Pointed(lead))
        pointed.add(RANKS[place], lead)
    # Redirects and former addresses keep the order in which they were met.
    order = sorted(found.values(), key=lambda one: (one.rank, one.rank > 0 and (-one.times, one.lead.domain)))
    return [(one.rank, one.lead) for one in order]


LEADS_AT_ONCE = frozenset({("website", "redirect"), ("page", "former_domain")})
"""Observations that are followed as soon as they are seen: they are few, and come before all others."""


@dataclass(slots=True)
class _Pointed:
    """One domain that is pointed to, from one place or many."""

    lead: Target
    rank: int = LAST
    times: int = 0

    def add(self, rank: int, lead: Target) -> None:
        if rank < self.rank:
            self.rank, self.lead, self.times = rank, lead, 0
        self.times += rank == self.rank


def _lead(target: Target, place: str, url: str) -> Target | None:
    """The target an address makes; None for what is none, and for somebody else's platform."""
    try:
        host = split(host_of(url))
    except (DomainError, ValueError):
        return None
    if place in ("redirect", "former"):
        why = Why.REDIRECT if place == "redirect" else Why.LEAD
        if not host.registrable or host.platform:
            return None
        return Target(host.registrable, (url,), (), why, target.domain)
    if not foreign_site(host.host, hosted=True):
        return None
    return Target(host.registrable, (url,), (), Why.LEAD, target.domain, host.platform)
