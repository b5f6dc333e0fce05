"""Firms that are praised on a page: "the Acme Soft team delivered on time". A lifted testimonial keeps the name of the
firm it was written for. Facts only: whose name it is, the check asks."""

from __future__ import annotations

import re

from scanner.model import Observation
from scanner.observe.page.document import Document
from scanner.observe.page.hints import Hints
from scanner.observe.page.phrases import lines_that_may
from scanner.observe.page.rows import placeholders, row

MOST = 8
_LONGEST_LINE = 1200
_CAPITAL = r"[^\W\d_a-zß-ÿ][\w&.'-]{1,24}"
_WORDS = (
    "Soft|Software|Softwares|Tech|Technology|Technologies|Labs?|Solutions|Systems|Digital|Studios?|Agency|Media|"
    "Consulting|Consultancy|Inc|LLC|Ltd|GmbH|IT|Apps|Interactive|Infotech|InfoTech|Works|Group|Devs|Developers|Team"
)
# A name that can only be a firm's: it ends in such a word, or is written in one piece as brands are.
_FIRM = (
    rf"(?:{_CAPITAL} ){{1,3}}(?:{_WORDS})\b|{_CAPITAL}(?:[Ss]oft|[Tt]ech|[Ll]abs|[Ww]are|[Ww]orks)\b"
    r"|[A-Z][a-z]{2,15}[A-Z][a-zA-Z]{2,15}"
)
_VERBS = (
    "delivered|exceeded|understood|built|developed|designed|helped|provided|did|took|made|went|came|turned|handled|"
    "has been|have been|has|have|was|were|is|are|really|always|truly"
)
_PRAISED = (
    re.compile(
        r"\b(?:[Ww]ork(?:ed|ing)? with|recommend(?:ing)?|[Tt]hanks? to|[Tt]hank|hired?|[Hh]iring|chose|[Cc]hoosing|"
        r"engaged|trust|partner(?:ed|ing)? with|pleased with|happy with|impressed (?:by|with)) (?:the )?(?:team at )?"
        rf"({_FIRM})"
    ),
    re.compile(
        rf"\b(?:team|developers|engineers|designers|people|folks|everyone|guys) (?:at|of|from) ({_FIRM})"
    ),
    re.compile(rf"({_FIRM})(?:['’]s?)? (?:team|developers|engineers|designers|people|staff)\b"),
    re.compile(rf"(?<=[a-z,;“\"] )({_FIRM}) (?:{_VERBS})\b"),
)
_HINT = re.compile(rf"(?:{_WORDS})\b|[a-z][A-Z]|(?:soft|tech|labs|ware|works)\b")
_WELL = (
    "recommend recommended pleased pleasure professional professionals excellent great amazing fantastic outstanding "
    "impressed impressive exceeded thank thanks happy delighted quality reliable trust trusted best wonderful superb "
    "responsive expertise exactly beyond"
)
_OPINION = frozenset(_WELL.split())
_HINTS = Hints(sorted(_OPINION))
_STEMS = (
    "recommend",
    "pleas",
    "thank",
    "impress",
    "great",
    "excellent",
    "professional",
    "happy",
    "exceed",
    "trust",
)
_MARKS = str.maketrans(',.;:!?“”"', "         ")
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|us|[Mm]y|me)\b")
_QUOTED = re.compile(r"[“”\"«»„]")


def praise(page: Document) -> list[Observation]:
    """`page/praised` rows, `NAME: SENTENCE`, MOST at most: where somebody speaks well, in the first person, of a firm.

    A name counts only where it can be no person's: with a word that firms have in their names, or written in one
    piece with a capital inside.
    """
    found: dict[str, str] = {}
    if not any(word in page.plain for word in _STEMS):
        return []
    for line in lines_that_may(page, _HINTS):
        if len(found) >= MOST:
            break
        if not 40 <= len(line) <= _LONGEST_LINE or _OPINION.isdisjoint(
            line.translate(_MARKS).lower().split()
        ):
            continue
        if not _FIRST_PERSON.search(line) or not _HINT.search(line):
            continue
        for pattern in _PRAISED:
            for match in pattern.finditer(line):
                name = " ".join(match.group(1).removeprefix("The ").split()).removesuffix(" Team")
                if name.lower() not in placeholders("names"):
                    found.setdefault(f"{name}: {_around(line, match)}", name)
    return [row(page, "page", "praised", value) for value in list(found)[:MOST]]


def _around(line: str, match: re.Match[str]) -> str:
    """The words round a match, 160 characters at most, cut at spaces."""
    begin, end = max(0, match.start() - 70), min(len(line), match.end() + 70)
    text = line[begin:end]
    if begin:
        text = text.partition(" ")[2]
    if end < len(line):
        text = text.rpartition(" ")[0]
    return _QUOTED.sub("", text).strip()
