"""Text of strangers on our pages: escaped, cut, and with every character visible that would hide or turn others.

All of it passes `shown` (a filter of the templates) or `cell`; nothing of a site is ever markup or an address to click.
"""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup, escape

MOST = 400
"""Characters of one value that are shown, where a page does not ask for more."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_STACK = 3
"""Combining marks on one letter that a language uses; more of them write over what stands around."""
_MARKS = re.compile("\x02([^\x02\x03]*)\x03")


def visible(text: object, most: int = MOST, *, lines: bool = False) -> str:
    """The text with control, format and stacked characters spelled out, cut after `most` characters of it.

    lines: keep line breaks and tabs.

    >>> visible("Acme\\u202e\\x1b[2J LLC"), visible("a\\nb"), visible("a\\nb", lines=True), visible("abcdef", 3)
    ('Acme⟨U+202E⟩⟨U+001B⟩[2J LLC', 'a⟨U+000A⟩b', 'a\\nb', 'abc…')
    """
    whole = str(text)
    cut = whole[:most]
    if lines:
        cut = cut.replace("\r\n", "\n")
    if not cut.isascii() or not cut.isprintable():
        cut = "".join(_spelled(cut, lines))
    return cut + "…" if len(whole) > most else cut


def _spelled(text: str, lines: bool) -> list[str]:
    found: list[str] = []
    stacked = 0
    for char in text:
        category = unicodedata.category(char)
        stacked = stacked + 1 if category in ("Mn", "Me") else 0
        if (category in _HIDDEN and not (lines and char in "\n\t")) or stacked > _STACK:
            found.append(f"⟨U+{ord(char):04X}⟩")
        else:
            found.append(char)
    return found


def shown(text: object, most: int = MOST) -> Markup:
    """A stranger's text for a page; one that could run from right to left on its own, so that it turns nothing else.

    >>> shown("<script>alert(1)</script>"), shown("\u05d0")
    (Markup('&lt;script&gt;alert(1)&lt;/script&gt;'), Markup('<bdi>\u05d0</bdi>'))
    """
    if text is None or text == "":
        return Markup("")
    line = escape(visible(text, most))
    return line if line.isascii() else Markup("<bdi>{}</bdi>").format(line)


def marked(snippet: str) -> Markup:
    """A piece of found text; what stands between U+0002 and U+0003 is marked, and nothing else in it counts.

    >>> marked("\\x02gauges\\x03 <b>")
    Markup('<bdi><mark>gauges</mark> &lt;b&gt;</bdi>')
    """
    parts: list[Markup] = []
    end = 0
    snippet = re.sub(r"[\r\n\t]+", " ", snippet)
    for found in _MARKS.finditer(snippet):
        parts += [_piece(snippet[end : found.start()]), Markup("<mark>{}</mark>").format(visible(found[1]))]
        end = found.end()
    parts.append(_piece(snippet[end:]))
    return Markup("<bdi>{}</bdi>").format(Markup("").join(parts))


def _piece(text: str) -> Markup:
    return escape(visible(text, 2000))


def day(moment: object) -> str:
    """The day of a stored date, as precisely as it is known.

    >>> day("2015-03-14T09:00:00Z"), day("2015"), day(None)
    ('2015-03-14', '2015', '')
    """
    return str(moment or "")[:10]


def minute(moment: object) -> str:
    """A stored moment for people, UTC.

    >>> minute("2015-03-14T09:00:00Z")
    '2015-03-14 09:00'
    """
    return str(moment or "")[:16].replace("T", " ")


def reason(text: object) -> str:
    """A stored reason (a fixed slug, then free text) for people: a slug that stands alone becomes words.

    >>> reason("nothing-to-look-into"), reason("older than the firm it looks like")
    ('nothing to look into', 'older than the firm it looks like')
    """
    whole = str(text or "")
    return whole if " " in whole else whole.replace("-", " ")
