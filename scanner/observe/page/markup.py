"""Markup taken back to what people write, before a parser sees it.

An HTML parser looks up its stack of open elements at most tags, repairs open formatting in each new block, and
compares each attribute of a tag with all before it. So a page of a few megabytes made for the purpose costs hours
or gigabytes, without one error in it. Here such a page loses tags, never text: elements deeper than browsers nest
(512), formatting opened and never closed, attributes by the hundred, and every tag after the first sixty thousand.

What is open is counted as the HTML standard's tree construction would, wrong on the side of too much: an end tag
that may be ignored closes nothing. Tags, comments and raw text are told apart exactly as its tokenizer does, since
an end tag that is none (in a comment, in a quoted attribute) would make the count too small.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

MOST_DEPTH = 256
MOST_FORMATTING = 8  # <b>, <i> … open at once; each one is opened anew in every paragraph that follows
MOST_TAGS = 60_000  # the largest of 111 real pages has under 10,000
MOST_ATTRIBUTES = 200  # of one tag
_FEW_TAGS, _SHORT = 3000, 100_000  # a page with less of both is cheap whatever it holds
_LONG_TAG = 4000  # characters; shorter ones can't hold too many attributes

_SPACE = "\t\n\f\r "
_ATTRIBUTE = (
    rf"[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^{_SPACE}>]++|(?=>)))?+"
)
_TAG = re.compile(rf"<(?:(/?)([a-zA-Z][^{_SPACE}/>]*+)((?:[{_SPACE}/]++|{_ATTRIBUTE})*+>)?+|(!--)|[!?/])")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_COMMENT_END = re.compile("--!?>")

_RAW = {
    name: re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}
_UNCOUNTED = frozenset(
    # void, or closed by the next of their kind and by whatever surrounds them, which is counted
    """area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr
    track wbr""".split()  # noqa: SIM905
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())  # noqa: SIM905
_CLOSING = frozenset(
    # an end tag of these closes what is open inside them
    """address article aside blockquote button center details dialog dir div dl fieldset figcaption figure footer
    header hgroup listing main menu nav ol pre search section select summary ul object table form""".split()  # noqa: SIM905
)
_WALLS = frozenset({"table", "caption", "template", "object", "applet", "marquee"})  # … but not through these
_MOST_SEARCHES = 3000  # for an element to close that lies deeper; later ones close nothing


def tamed(html: str) -> str:
    """The page with as much markup as a parser can be trusted with; the same text when that is all of it."""
    if len(html) < _SHORT and html.count("<") < _FEW_TAGS:
        return html
    return "".join(_Tamer(html).parts())


class _Tamer:
    """One pass over the tags of a page."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()  # of _open
        self._dangling: Counter[str] = Counter()  # formatting whose block was closed round it
        self._formatting = 0  # of both
        self._dropped: Counter[str] = Counter()  # start tags left out, whose end tags go too
        self._searches = 0
        self._tags = 0
        self._roots: set[str] = set()

    def parts(self) -> Iterator[str]:
        html, position, copied = self._html, 0, 0
        while match := _TAG.search(html, position):
            slash, name, rest, comment = match.groups()
            if name is None:
                position = self._after_comment(match.end(), comment)
                if position < 0:
                    break
                continue
            if rest is None:
                yield html[copied : match.start()]  # a tag without an end swallows the page
                return
            position = match.end()
            name = name.lower() if name.isascii() else name
            self._tags += 1
            if name in _UNCOUNTED and len(rest) <= _LONG_TAG and self._tags <= MOST_TAGS:
                continue
            instead = self._end(name) if slash else self._start(name, rest)
            if instead is not None:
                yield html[copied : match.start()]
                yield instead
                copied = position
            if not slash and name in _RAW:
                end = _RAW[name].search(html, position)
                inside = html[position : end.start() if end else len(html)]
                yield html[copied:position]
                if self._tags <= MOST_TAGS:
                    # "<!--" and "<script" in a script hide its first end tag; nothing we read depends on them.
                    hides = name == "script" and "<script" in inside.lower()
                    yield inside.replace("<!--", "<!__") if hides else inside
                copied = position = position + len(inside)
            elif name == "plaintext":
                break
        yield html[copied:]

    def _after_comment(self, start: int, comment: str | None) -> int:
        """Where the comment, declaration or bogus tag ends, -1 where it swallows the rest."""
        html = self._html
        if comment is None:
            return html.find(">", start) + 1 or -1
        for short in (">", "->"):
            if html.startswith(short, start):
                return start + len(short)
        end = _COMMENT_END.search(html, start)
        return end.end() if end else -1

    def _start(self, name: str, rest: str) -> str | None:
        """What stands for a start tag: None for itself."""
        if self._tags > MOST_TAGS:
            return "\f"
        if name in ("html", "body"):
            if name in self._roots:
                return ""  # its attributes would be added to those of the first
            self._roots.add(name)
        elif name in _RAW:
            if self._counts["select"] and name != "script":
                return "<wbr>"  # ignored there, so that its content would be markup
        elif name in ("svg", "math"):
            # Inside them other rules hold for tags and raw text; their text isn't read in either form.
            self._push("object")
            return "<object>"
        elif name not in _UNCOUNTED:
            if len(self._open) >= MOST_DEPTH or (name in _FORMATTING and self._formatting >= MOST_FORMATTING):
                self._dropped[name] += 1
                return "" if name in _FORMATTING else "\f"
            self._push(name)
        if len(rest) > _LONG_TAG:
            attributes = sum(1 for _ in _ATTRIBUTES.finditer(rest, 0, len(rest) - 1))
            if attributes > MOST_ATTRIBUTES:
                return f"<{name}>"
        return None

    def _push(self, name: str) -> None:
        self._open.append(name)
        self._counts[name] += 1
        self._formatting += name in _FORMATTING

    def _end(self, name: str) -> str | None:
        if self._tags > MOST_TAGS:
            return "\f"
        if name in ("svg", "math"):
            self._close("object")
            return "</object>"
        if self._dropped[name]:
            self._dropped[name] -= 1
            return "" if name in _FORMATTING else "\f"
        self._close(name)
        return None

    def _close(self, name: str) -> None:
        if self._open and self._open[-1] == name:
            self._pop()
            self._formatting -= name in _FORMATTING
        elif self._dangling[name]:
            self._dangling[name] -= 1
            self._formatting -= 1
        elif name in _CLOSING and self._counts[name] and self._searches < _MOST_SEARCHES:
            self._close_outer(name)

    def _close_outer(self, name: str) -> None:
        """Close an element and what is open in it. Formatting inside stays: it is opened anew behind."""
        self._searches += 1
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place] == name:
                for inner in self._open[place + 1 :]:
                    self._dangling[inner] += inner in _FORMATTING
                while len(self._open) > place:
                    self._pop()
                return
            if self._open[place] in _WALLS:
                return

    def _pop(self) -> None:
        self._counts[self._open.pop()] -= 1
