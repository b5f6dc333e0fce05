"""The map as SVG in one piece: a template that writes a thousand small pieces takes a tenth of a second over them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from markupsafe import Markup

from scanner.browse.linkmap import Edge, Node
from scanner.browse.shown import visible

_LINE = Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{}"><title>{}</title></line>')
_NODE = Markup('<g class="{}"><circle cx="{}" cy="{}" r="{}"/>{}<title>{}</title></g>')
_NAME = Markup('<text x="{}" y="{}" dx="{}" dy="5" transform="rotate({} {} {})" text-anchor="{}">{}</text>')
_CENTRE = Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>')
_LINK = Markup('<a href="{}">{}</a>')
_SIZES = (16, 10, 7)


def lines(edges: Iterable[Edge]) -> Markup:
    """All lines; what two addresses share stands in the title of theirs."""
    return Markup("").join(
        _LINE.format(one.x1, one.y1, one.x2, one.y2, one.width, visible(one.said, 300)) for one in edges
    )


def spots(
    nodes: Iterable[Node], seen: Container[str], listed: Container[str], path_of: Callable[[str], str]
) -> Markup:
    """All addresses: those looked at here lead to their pages (`path_of`), none to the site itself."""
    return Markup("").join(_spot(one, one.domain in seen, one.domain in listed, path_of) for one in nodes)


def _spot(node: Node, seen: bool, listed: bool, path_of: Callable[[str], str]) -> Markup:
    classes = f"node ring-{node.ring}{' listed' if listed else ''}{'' if seen else ' unseen'}"
    said = visible(node.said, 300) + (" (on a list)" if listed else "")
    drawn = _NODE.format(classes, node.x, node.y, _SIZES[node.ring], _name(node), said)
    return _LINK.format(path_of(node.domain), drawn) if seen else drawn


def _name(node: Node) -> Markup:
    name = visible(node.label, 60)
    if not name:
        return Markup("")
    if node.ring == 0:
        return _CENTRE.format(node.x, node.y - 26, name)
    away = -14 if node.anchor == "end" else 14
    return _NAME.format(node.x, node.y, away, node.turn, node.x, node.y, node.anchor, name)
