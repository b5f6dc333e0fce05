"""Drawings as SVG in one piece: a template that writes a thousand small pieces takes a tenth of a second over them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import datetime

from markupsafe import Markup

from scanner.browse.history import Span
from scanner.browse.linkmap import Edge, Node
from scanner.browse.shown import visible

_LINE = Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{}"><title>{}</title></line>')
_NODE = Markup('<g class="{}"><circle cx="{}" cy="{}" r="{}"/>{}<title>{}</title></g>')
_NAME = Markup('<text x="{}" y="{}" dx="{}" dy="5" transform="rotate({} {} {})" text-anchor="{}">{}</text>')
_CENTRE = Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>')
_LINK = Markup('<a href="{}" aria-label="{}">{}</a>')
_SPAN = Markup('<rect class="{}" x="{}%" y="3" width="{}%" height="12"><title>{}</title></rect>')
_TICK = Markup('<line x1="{0}%" x2="{0}%" y1="14" y2="20"/>')
_DAY = Markup('<text x="{}%" y="11" text-anchor="{}">{}</text>')
_SIZES = (16, 10, 7)


def lines(edges: Iterable[Edge]) -> Markup:
    """All lines; what two addresses share stands in the title of theirs."""
    return Markup("").join(
        _LINE.format(one.x1, one.y1, one.x2, one.y2, one.width, visible(one.said, 300)) for one in edges
    )


def spots(
    nodes: Iterable[Node], seen: Container[str], listed: Container[str], path_of: Callable[[str], str]
) -> Markup:
    """All addresses: those looked at here lead to their pages (`path_of`), none to the site itself. Those with a name
    come last, so that no dot covers one."""
    ordered = sorted(nodes, key=lambda node: node.label != "")
    return Markup("").join(_spot(one, one.domain in seen, one.domain in listed, path_of) for one in ordered)


def _spot(node: Node, seen: bool, listed: bool, path_of: Callable[[str], str]) -> Markup:
    classes = f"node ring-{node.ring}{' listed' if listed else ''}{'' if seen else ' unseen'}"
    said = visible(node.said, 300) + (" (on a list)" if listed else "")
    drawn = _NODE.format(classes, node.x, node.y, _SIZES[node.ring], _name(node), said)
    return _LINK.format(path_of(node.domain), said, drawn) if seen else drawn


def _name(node: Node) -> Markup:
    name = visible(node.label, 60)
    if not name:
        return Markup("")
    if node.ring == 0:
        return _CENTRE.format(node.x, node.y - 26, name)
    away = -14 if node.anchor == "end" else 14
    return _NAME.format(node.x, node.y, away, node.turn, node.x, node.y, node.anchor, name)


def axis(moments: Sequence[datetime]) -> Markup:
    """The scans of a history: a tick each, the first and the last with their day."""
    ticks = Markup("").join(_TICK.format(_at(one, moments)) for one in moments)
    first, last = moments[0].date(), moments[-1].date()
    return ticks + _DAY.format(0, "start", first) + _DAY.format(96, "end", last)


def bar(spans: Sequence[Span], moments: Sequence[datetime]) -> Markup:
    """One fact over those scans; between two values lies the time in which it changed."""
    drawn = []
    for number, span in enumerate(spans):
        x, end = _at(span.first, moments), _at(span.last, moments)
        if span is spans[-1] and not span.silent:
            end = 100.0
        said = f"{visible(span.said, 200)}: seen {span.scans} times, {span.first:%Y-%m-%d} to {span.last:%Y-%m-%d}"
        drawn.append(_SPAN.format(f"span-{number % 3}", x, round(max(end - x, 0.8), 2), said))
    return Markup("").join(drawn)


def _at(moment: datetime, moments: Sequence[datetime]) -> float:
    """In percent of the width; the last scan stands a little before the end, so that what it saw can be seen."""
    whole = (moments[-1] - moments[0]).total_seconds()
    return round(96 * (moment - moments[0]).total_seconds() / whole, 2) if whole > 0 else 0.0
