"""A line of an entry's head taken apart: post, organisation, place, as separators and prepositions part them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scanner.domains import has_known_ending, host_of
from scanner.intake.resume.cities import CITIES
from scanner.intake.resume.sheet import Line
from scanner.intake.resume.words import AS, AT, COUNTRY, FORM, LABELS, REMOTE, TERMS, TITLE

_STRONG = re.compile(
    r"\t+|(?<=\w{3})-\s+(?=[^\W\da-z])|\s+[–—-](?=[^\W\da-z])"
    r"|\s+[|•·∙●▪/‖｜]\s+|\s+[–—―-]{1,3}\s+|[–—｜|](?=\s)|;\s+|\s{3,}|　+|[|]"
)
_COMMA = re.compile(r"\s*[,、，]\s*")
_BETWEEN = re.compile(
    r"(?<=[\u3040-\u30ff\u3400-\u9fff）])[ ](?=\S)|(?<=\S)[ ](?=[\u3040-\u30ff\u3400-\u9fff])"
)
"""A space beside a Chinese or Japanese character: it parts two things, for these scripts set none between words."""
_AT_SURELY = re.compile(r"^[^\W\d_][\w &/-]{2,40} (?:at|bei|beim|chez|presso|hos) [^\W\da-z]")
_PARTNERS = re.compile(
    rf"[^\W\d_]\w+ (?:&|and|und|et|y|e|och|og|en|i) [^\W\d_]\w+(?:\s(?:{FORM.pattern}))?$", re.IGNORECASE
)
_ONLY_FORM = re.compile(rf"(?:{FORM.pattern})(?:\s*(?:{FORM.pattern}))*\.?", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_URLISH = re.compile(
    r"(?:https?://|www\.)\S+|\bhttps?:/*(?=$|[\s)\]])|\S+@\S+\.\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(r"^(\s*[^\W\d][\w ]{2,40}?)\s*\([^)]{1,20}\)\s*[:：]")  # a label with a remark
ICONS = re.compile(
    r"[\ue000-\uf8ff\u2190-\u21ff\u2600-\u27bf\u200e\u200f\u2066-\u2069]+|(?<!\S)[a-z]+(?:_[a-z]+)+(?!\S)"
)
"""Marks of direction, and pictures from a typeface: signs of their own, or the names that such a typeface turns into
a sign ("open_in_new")."""
_EDGES = " \t\u3000.,:;|•·–—-/()[]（）\"“”„«»*_'"


@dataclass(slots=True)
class Piece:
    """A stretch of a line that says one thing. cluster: counts the parts that strong separators make.
    style: how it is set, empty where that is not known. gap: its line stands apart from the one before. merged: put
    together again from parts between commas."""

    text: str
    line: int
    cluster: int = 0
    linked: bool = False
    after_at: bool = False
    in_brackets: bool = False
    is_place: bool = False
    label: str = ""
    style: str = ""
    gap: bool = False
    merged: bool = False


def pieces_of(line: Line, number: int, cut: tuple[int, int] | None) -> list[Piece]:
    """The pieces of a line, the characters of `cut` (its dates) left out."""
    line = replace(line, text=ICONS.sub(_blank, line.text))
    text = line.text
    named = [
        text[link.start : link.end].strip(_EDGES)
        for link in line.links
        if re.match(r"https?:", link.url, re.IGNORECASE) and link.end > link.start
    ]
    text = _turned(line)
    if cut is not None:
        text = text[: cut[0]] + "\t" + text[cut[1] :]
    text = _BETWEEN.sub("\t", _URLISH.sub("\t", text))
    for name in named:
        if "." in name and " " not in name and has_known_ending(name.partition("/")[0]):
            text = text.replace(name, "\t")  # a link that shows its own address names nobody
    for link in line.links:
        host = (host_of(link.url) or "").removeprefix("www.")
        if host and re.search(rf"(?<![\w.@-]){re.escape(host)}(?![\w-])", text):
            text = text.replace(host, "\t")  # nor does the host that the words of a link show
    text = re.sub(r"[(（\[]\s*[)）\]]", "\t", text)
    text = _EXPLAINED.sub(r"\1:", text)
    found: list[Piece] = []
    for cluster, part in enumerate(_STRONG.split(text)):
        found += _cluster(part, number, cluster)
    for piece in found:
        piece.style, piece.gap = line.style, line.gap
        piece.linked = any(
            name and (name in piece.text or piece.text in name) and len(name) < 80 for name in named
        )
    return [piece for piece in found if piece.text]


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _turned(line: Line) -> str:
    """The text of a line with a strong separator where bold type ends or begins once, and words alone stand on both
    sides: "Lead Developer" in bold before "Acme" in plain type."""
    text = line.text
    if len(line.turns) != 1 or not 1 < line.turns[0] < len(text) or text[line.turns[0] - 1] != " ":
        return text
    left, right = text[: line.turns[0] - 1], text[line.turns[0] :]
    parted = left[-1:].isalnum() or left.endswith((".", ")", "»"))
    if not parted or not right[:1].isalnum() or right[:1].islower() or _ONLY_FORM.match(right):
        return text
    return f"{left}\t{right}"


def _cluster(part: str, number: int, cluster: int) -> list[Piece]:
    label = ""
    for name, pattern in LABELS:
        if match := pattern.match(part):
            label, part = name, part[match.end() :]
            break
    inside = [match[1] for match in _BRACKETS.finditer(part) if not _ONLY_FORM.fullmatch(match[1].strip())]
    if not re.search(r"\(주\)|（株）", part):
        part = _BRACKETS.sub(" ", part) if inside else part
    sides = AT.split(part, maxsplit=1) if label == "" else [part]
    told = AS.match(part)
    if told is not None:
        sides = [told["post"], told["firm"]]
    elif (
        len(sides) == 2
        and sides[0].strip()
        and not TITLE.search(sides[0])
        and "@" not in part
        and not _AT_SURELY.search(part)
    ):
        sides = [part]
    found: list[Piece] = []
    for side, words in enumerate(sides):
        for place, text in enumerate(_by_comma(words)):
            found.append(Piece(text.strip(_EDGES) + _dot(text), number, cluster, label=label))
            found[-1].after_at = side == 1 and place == 0
    for words in inside:
        for text in _by_comma(words):
            found.append(Piece(text.strip(_EDGES), number, cluster, in_brackets=True))
    _mark_places(found)
    return found


def _dot(text: str) -> str:
    """The full stop that belongs to a legal form ("Inc.", "Ltd.", "S.A.") stays."""
    return "." if re.search(r"(?:\b(?:inc|ltd|corp|co|pvt)|\.[a-z])\.\s*$", text, re.IGNORECASE) else ""


def _by_comma(text: str) -> list[str]:
    """Split at commas, but not before a legal form ("Acme Soft, Inc.") or within partners ("Pell, Dun & Sons")."""
    parts: list[str] = []
    for part in _COMMA.split(text):
        single = parts and len(parts[-1].split()) == 1 and not TITLE.search(parts[-1])
        partners = single and _PARTNERS.match(part.strip())
        form = _ONLY_FORM.fullmatch(part.strip()) and not re.fullmatch(
            r"\s*[A-Z]{2}\s*", part
        )  # "Calgary, AB"
        if parts and (partners or form):
            parts[-1] += f", {part.strip()}"
        else:
            parts.append(part)
    return [part for part in parts if part.strip(_EDGES)]


def _mark_places(found: list[Piece]) -> None:
    """A country, a known city, and what stands before a country."""
    for at, piece in enumerate(found):
        text = piece.text
        if TERMS.fullmatch(text):
            piece.label = "other"
        country = COUNTRY.fullmatch(text) is not None
        if piece.label == "other" or (FORM.search(text) and not country) or piece.after_at:
            continue
        known = (
            text.lower() in CITIES
            or REMOTE.fullmatch(text)
            or all(word.lower() in CITIES for word in re.split(r"\s*[/&]\s*|\s+-\s+", text))
        )
        if known or country or piece.label == "place" or REMOTE.search(text):
            piece.is_place = True
            before = found[at - 1] if at else None
            if country and before and len(before.text.split()) <= 3 and at >= 1:
                # "Austin, TX" is a place; of "Acme, US" the first word is none.
                before.is_place = at >= 2 or before.text.lower() in CITIES or len(found) == 2
                before.is_place = (
                    before.is_place and not TITLE.search(before.text) and not FORM.search(before.text)
                )
