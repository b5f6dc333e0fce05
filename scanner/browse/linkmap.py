"""A map of what a site has in common with others: who stands on it, and where each stands. Drawn by a template.

The site is in the middle, those it shares something with on the first ring, those they share something with on the
second; the rarest come first, so that a common name server never pushes a shared mailbox off the map.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST_NODES = 200
SIZE = 1000.0
"""Width and height of the drawing, in its own units."""
MOST_EDGES = 400
"""Lines drawn, the rarest: a name server that all share would draw each to each."""
CROWDED = 80
"""Lines from which on they are drawn thin."""
_STAGGERED = 60
"""Addresses on a ring from which on every second and third steps inwards, so that none covers the next."""
_LABELLED = 36
_UPRIGHT = 12
"""Labels of a ring that stand level; with more of them they are turned, so that none covers the next."""
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Link:
    """Two domains, and what they share. rarity: 1 for a private value on two domains, falling to 0."""

    a: str
    b: str
    kind: str
    value: str
    rarity: float
    scans: int = 1

    def other(self, domain: str) -> str:
        return self.b if self.a == domain else self.a


@dataclass(frozen=True, slots=True)
class Node:
    """x, y in the drawing; `anchor` and `turn` for its label. label: "" where there is no room for one."""

    domain: str
    ring: int
    x: float
    y: float
    rarity: float
    label: str = ""
    anchor: str = "middle"
    turn: float = 0.0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two nodes, and its width; `said` is what they share."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    said: str


@dataclass(frozen=True, slots=True)
class Map:
    """box: the part of the drawing that holds something, as SVG has it."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int

    @property
    def crowded(self) -> bool:
        return len(self.edges) > CROWDED

    @property
    def box(self) -> str:
        inner = sum(node.ring == 1 for node in self.nodes)
        outer = sum(node.ring == 2 for node in self.nodes)
        if outer:
            return "-160 -160 1320 1320" if outer <= _LABELLED else "-20 -20 1040 1040"
        if inner <= _UPRIGHT:
            return "-160 220 1320 560"
        return "-20 -20 1040 1040" if inner <= _LABELLED else "40 40 920 920"


def nearest(centre: str, links: Iterable[Link], most: int = MOST_NODES - 1) -> list[str]:
    """The other side of links of `centre`, the rarest first, each once."""
    ranked = sorted(links, key=lambda link: (-link.rarity, link.other(centre)))
    return list(dict.fromkeys(link.other(centre) for link in ranked))[:most]


def draw(centre: str, links: Sequence[Link]) -> Map:
    """The map around `centre`, MOST_NODES domains at most. Never raises; without links it holds the centre alone."""
    by_pair: dict[tuple[str, str], list[Link]] = {}
    for link in links:
        by_pair.setdefault((link.a, link.b), []).append(link)
    first = nearest(centre, (link for link in links if centre in (link.a, link.b)))
    second = _second(centre, first, links, MOST_NODES - 1 - len(first))
    spots = {centre: (0, 0.0, "")}
    for number, domain in enumerate(first):
        spots[domain] = (1, _angle(number, len(first)), centre)
    _spread(spots, second)
    strongest: dict[str, float] = {}
    for link in links:
        for domain in (link.a, link.b):
            strongest[domain] = max(strongest.get(domain, 0.0), link.rarity)
    nodes = tuple(_nodes(spots, strongest, by_pair))
    places = {node.domain: node for node in nodes}
    joined = [pair for pair in by_pair if pair[0] in places and pair[1] in places]
    joined.sort(key=lambda pair: (centre not in pair, -max(link.rarity for link in by_pair[pair]), pair))
    edges = tuple(_edge(places[a], places[b], by_pair[a, b]) for a, b in joined[:MOST_EDGES])
    everyone = {domain for link in links for domain in (link.a, link.b)} | {centre}
    return Map(nodes, edges, len(everyone - set(spots)))


def _second(centre: str, first: Sequence[str], links: Iterable[Link], room: int) -> dict[str, str]:
    """domain -> the neighbour it is drawn beside, the rarest first."""
    inner = set(first)
    found: dict[str, str] = {}
    for link in sorted(links, key=lambda link: (-link.rarity, link.a, link.b)):
        for near, far in ((link.a, link.b), (link.b, link.a)):
            if (
                near in inner
                and far not in inner
                and far != centre
                and far not in found
                and len(found) < room
            ):
                found[far] = near
    return found


def _spread(spots: dict[str, tuple[int, float, str]], second: Mapping[str, str]) -> None:
    """The second ring in the order of the first, so that lines seldom cross."""
    ordered = sorted(second, key=lambda domain: (spots[second[domain]][1], domain))
    for number, domain in enumerate(ordered):
        spots[domain] = (2, _angle(number, len(ordered)), second[domain])


def _radius(ring: int, number: int, inner: int, outer: int) -> float:
    """Far out where no label needs the room."""
    if ring == 0:
        return 0.0
    if ring == 1:
        count, full = inner, 230.0 if outer or inner <= _LABELLED else 440.0
    else:
        count, full = outer, 420.0 if outer <= _LABELLED else 500.0
    if count <= _STAGGERED:
        return full
    steps = next(
        steps for steps in (3, 4, 5, 7) if count % steps != 1
    )  # so that the last is no step of the first
    return full - number % steps * 34


def _angle(number: int, of: int) -> float:
    """From the right, clockwise; a half step on where a label would stand straight above the middle."""
    return 2 * math.pi * number / of + (math.pi / of if of % 4 == 0 else 0.0)


def _nodes(
    spots: Mapping[str, tuple[int, float, str]],
    strongest: Mapping[str, float],
    by_pair: Mapping[tuple[str, str], Sequence[Link]],
) -> Iterator[Node]:
    outer = sum(ring == 2 for ring, _, _ in spots.values())
    inner = sum(ring == 1 for ring, _, _ in spots.values())
    for number, (domain, (ring, angle, near)) in enumerate(spots.items()):
        radius = _radius(ring, number, inner, outer)
        x, y = SIZE / 2 + radius * math.cos(angle), SIZE / 2 + radius * math.sin(angle)
        room = ring == 0 or (inner if ring == 1 else outer) <= _LABELLED
        left = ring > 0 and math.cos(angle) < -1e-9
        level = (inner if ring == 1 else outer) <= _UPRIGHT
        turn = math.degrees(angle) + (180 if left else 0) if ring and not level else 0.0
        shared = by_pair.get((min(domain, near), max(domain, near)), ())
        yield Node(
            domain,
            ring,
            round(x, 1),
            round(y, 1),
            strongest.get(domain, 0.0),
            _short(domain, 40 if not ring else _LETTERS) if room else "",
            "middle" if not ring else "end" if left else "start",
            round(turn, 1),
            f"{domain}: {_said(shared)}" if shared else domain,
        )


def _edge(one: Node, other: Node, shared: Sequence[Link]) -> Edge:
    width = round(1 + 4 * max(link.rarity for link in shared), 1)
    return Edge(one.x, one.y, other.x, other.y, width, f"{one.domain} and {other.domain}: {_said(shared)}")


def _said(shared: Sequence[Link]) -> str:
    words = [
        f"{link.kind} {link.value[:60]}"
        for link in sorted(shared, key=lambda link: (-link.rarity, link.kind))
    ]
    return "; ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def _short(domain: str, most: int) -> str:
    return domain if len(domain) <= most else f"{domain[: most - 1]}…"
