"""Coherence, what people see at a glance: names cut from one cloth."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice

from scanner.checks.base import Hit, NoEvidence, Result, Texts, case_check
from scanner.checks.facts import Facts, Scene
from scanner.checks.kinship import Firms, Kin, agency, kin
from scanner.checks.known import fills
from scanner.domains import split
from scanner.firm_names import telling
from scanner.knowledge.spelling import distinctive
from scanner.model import Observation, Strength

_THERE = (("registration", "created"), ("ct", "first_logged"), ("website", "state"))
"""What shows that an address of such a name is there; the first that was answered is cited."""
SHORTEST = 4
"""Letters of a stem: shorter ones meet by chance."""


@case_check(
    "coherence.name-family",
    strength=Strength.WEAK,
    needs=("registration/created", "ct/first_logged", "website/state"),
    texts=Texts(
        innocent="Brands use one stem for several firms, and a word can be in fashion in a trade.",
        ask="Do these organisations belong together, as far as you know?",
        next_step="Check in company registers whether the organisations have a common owner.",
    ),
    idea="Names of one campaign were cut from one cloth: one stem over several words and endings (red flag 29).",
)
def name_family(scene: Scene) -> Result:
    """The addresses of two claimed organisations or more are made of one stem and filling words ("cloud", "studio",
    "hub"), and nothing else.

    Always weak, for sister firms are named so. Nothing where they say that they belong together, where the stem is an
    ordinary word of firms' names, or where one of the two addresses is the other's under another ending.
    """
    firms = Firms.of(scene)
    if len(firms.claims) < 2:
        return NoEvidence("fewer than two claimed organisations have an address")
    cores = {domain: frozenset(_cores(domain)) for domain in firms.claims}
    found: dict[str, set[str]] = {}
    for a, b in combinations(firms.claims, 2):
        stem = max(cores[a] & cores[b], key=lambda core: (len(core), core), default="")
        if stem and kin(firms, a, b) is not Kin.RELATED and not agency(firms, a, b):
            found.setdefault(stem, set()).update((a, b))
    return [
        Hit(
            f"Addresses of {len(domains)} claimed organisations are made of the stem “{stem}” and filling words.",
            claimed=firms.names(domains),
            observed=", ".join(sorted(domains)),
            support=tuple(row for domain in sorted(domains) for row in _there(firms.facts(domain))),
        )
        for stem, domains in sorted(found.items())
    ]


def _there(facts: Facts) -> tuple[Observation, ...]:
    rows = (row for kind, name in _THERE for row in facts.all(kind, name))
    return tuple(islice(rows, 1))


def _cores(domain: str) -> Iterator[str]:
    """What may be the stem of a name: what is left of its label when filling words at both ends are taken away.

    >>> sorted(_cores("my-cobaltwolf-studio.example"))
    ['cobaltwolf', 'cobaltwolfstudio', 'mycobaltwolf', 'mycobaltwolfstudio']
    """
    label = split(domain).registrable.partition(".")[0].replace("-", "")
    ends = [end for end in range(SHORTEST, len(label) + 1) if fills(label[end:])]
    for start in (start for start in range(len(label)) if fills(label[:start])):
        for end in ends:
            core = label[start:end]
            if len(core) >= SHORTEST and not fills(core) and telling(core) and distinctive((core,)):
                yield core
