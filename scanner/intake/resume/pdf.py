"""PDF as lines: words by their places on the page, columns one after the other, link annotations on the words they
cover. PDFium reads it, which is what Chromium opens strangers' files with; no script of a document is run."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from scanner.intake.resume import codes
from scanner.intake.resume.columns import reading_order
from scanner.intake.resume.letters import Box, Letter, as_seen, is_tex, letter_of
from scanner.intake.resume.ruled import borders_of, dots_of, grid_of, lines_of
from scanner.intake.resume.sheet import MAX_LINES, Line, Link, Scanned, Sheet, Unreadable, trimmed
from scanner.intake.resume.word import Word, words_of

MAX_PAGES = 20
MAX_CHARS = 40_000  # of one page
LARGEST_ICON = 48.0  # points
_ICON = "\ufffc"

PICTURES = (
    "holds pictures of text and no text (a scan); no text recognition is built in: install Tesseract, run it through "
    "OCR (for example ocrmypdf), ask for the original, or give the addresses"
)


@dataclass(slots=True)
class _Area:
    left: float
    bottom: float
    right: float
    top: float
    url: str
    used: bool = False

    def covers(self, word: Word) -> bool:
        """Whether the middle of a word stands on it."""
        x, y = (word.left + word.right) / 2, (word.bottom + word.top) / 2
        return self.left <= x <= self.right and self.bottom <= y <= self.top


def read(data: bytes) -> Sheet:
    """The lines of the first MAX_PAGES pages. Raises Unreadable for what is protected, damaged or holds pictures
    alone."""
    document = _opened(data)
    try:
        sheet = Sheet()
        pages = len(document)
        pictures = 0
        found: list[str] = []
        for number in range(min(pages, MAX_PAGES)):
            pictures += _page(document, number, sheet, found)
            if len(sheet.lines) > MAX_LINES:
                break
    finally:
        document.close()
    if pages > MAX_PAGES:
        sheet.notes.append(
            f"{pages} pages: the first {MAX_PAGES} were read, pages {MAX_PAGES + 1} to {pages} left out"
        )
    bare = sum(len(line.text) for line in sheet.lines) < 20 and not any(line.links for line in sheet.lines)
    if bare and not (found and pictures):
        if pictures:
            raise Scanned(PICTURES)
        raise Unreadable("holds no text; ask for the original")
    codes.add(sheet, found)
    if bare:
        sheet.scanned = True
        sheet.notes.append(PICTURES)
    return sheet


def _opened(data: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise Unreadable("protected by a password; ask for it without one") from error
        raise Unreadable("damaged, or no PDF at all; ask for it again") from error


def _page(document: Any, number: int, sheet: Sheet, found: list[str]) -> int:
    """Adds the lines of one page, and the addresses of its codes to `found`; answers how many pictures stand on it."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        sheet.notes.append(f"page {number + 1} is damaged and was left out")
        return 0
    try:
        words = words_of(_letters(page))
        areas = _areas(document, page)
        words += _icons(words, areas)
        words += _before_items(dots_of(page), words)
        found += codes.of_page(page)
        item = 0.0  # where the words of the list item under way begin
        for words_ in _in_order(page, words):
            line = _line(words_, areas)
            left = words_[0][1].left
            if line.bullet and len(words_) > 1:
                item = words_[1][1].left if len(words_[0][1].text) <= 2 else left
            elif item and not line.gap and left > item - 2:
                line.bullet = line.goes_on = True
            else:
                item = 0.0
            sheet.lines.append(line)
        for area in areas:  # a link with no word on it that is no icon: it may lie over half a page
            if not area.used:
                sheet.lines.append(Line("", [Link(0, 0, area.url)])) if not _beside(sheet, area) else None
        return sum(
            1 for place in range(min(raw.FPDFPage_CountObjects(page.raw), 500))
            if raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page.raw, place)) == raw.FPDF_PAGEOBJ_IMAGE
        )  # fmt: skip
    finally:
        page.close()


def _in_order(page: Any, words: list[Word]) -> list[list[tuple[str, Word]]]:
    """Lines in reading order; those of a ruled table by its cells."""
    grid = grid_of(page)
    inside = [word for word in words if grid is not None and grid.holds(word)]
    rows = lines_of(grid, inside) if grid is not None and inside else None
    if grid is None or rows is None:
        return reading_order(words, borders_of(page))
    others = [word for word in words if not grid.holds(word)]
    above = [word for word in others if word.bottom > grid.ys[0]]
    below = [word for word in others if word.bottom <= grid.ys[0]]
    return [*reading_order(above), *rows, *reading_order(below)]


def _beside(sheet: Sheet, area: _Area) -> bool:
    """Whether the same link stands on words of the page anyway."""
    return any(link.url == area.url for line in sheet.lines for link in line.links)


def _letters(page: Any) -> list[Letter | None]:
    """What is written on a page, None for the spaces in it. PDFium guesses spaces too; here the places decide."""
    text = page.get_textpage()
    try:
        count = min(text.count_chars(), MAX_CHARS)
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        loose = raw.FS_RECTF()
        rows: list[tuple[int, Box, Box, float, str] | None] = []
        for place in range(count):
            code = raw.FPDFText_GetUnicode(text.raw, place)
            if not code or raw.FPDFText_IsGenerated(text.raw, place) == 1:
                continue
            if letter_of(code, tex=False).isspace():
                rows.append(None)
            elif raw.FPDFText_GetCharBox(text.raw, place, left, right, bottom, top):
                size = raw.FPDFText_GetFontSize(text.raw, place) or (top.value - bottom.value)
                box = (left.value, bottom.value, right.value, top.value)
                wide = box
                if raw.FPDFText_GetLooseCharBox(text.raw, place, loose) and loose.right > loose.left:
                    wide = (loose.left, box[1], loose.right, box[3])  # with the letter's own white beside it
                rows.append((code, box, wide, size, _style(text.raw, place, size)))
    finally:
        text.close()
    tex = is_tex([row[0] if row else 0x20 for row in rows if not row or row[4].startswith(" ")])
    letters = [
        Letter(char, *row[1:])
        if row and (char := letter_of(row[0], tex and row[4].startswith(" ")))
        else None
        for row in rows
        if not row or letter_of(row[0], tex=False)
    ]
    return as_seen(letters)


def _style(text: Any, place: int, size: float) -> str:
    """Typeface, size and colour of a character."""
    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(text, place, name, 128, ctypes.c_int())
    shade = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFText_GetFillColor(text, place, *shade)
    colour = " ".join(str(part.value) for part in shade)
    return f"{name.value.decode('utf-8', 'replace')} {size:.1f} {colour}"


def _areas(document: Any, page: Any) -> list[_Area]:
    """Link annotations that lead out of the document."""
    place, link = ctypes.c_int(0), raw.FPDF_LINK()
    box = raw.FS_RECTF()
    areas: list[_Area] = []
    while raw.FPDFLink_Enumerate(page.raw, place, link) and len(areas) < 2_000:
        action = raw.FPDFLink_GetAction(link)
        if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
            continue
        size = raw.FPDFAction_GetURIPath(document.raw, action, None, 0)
        if not 1 < size < 8192 or not raw.FPDFLink_GetAnnotRect(link, box):
            continue
        buffer = ctypes.create_string_buffer(size)
        raw.FPDFAction_GetURIPath(document.raw, action, buffer, size)
        url = buffer.value.decode("utf-8", "replace").strip()
        left, right = sorted((box.left, box.right))
        bottom, top = sorted((box.bottom, box.top))
        areas.append(_Area(left - 1, bottom - 1, right + 1, top + 1, url))
    return areas


def _icons(words: list[Word], areas: list[_Area]) -> list[Word]:
    """Links that lie on no word, as words without letters: they belong to what stands beside them."""
    known = {area.url for area in areas if any(map(area.covers, words))}
    return [
        Word(
            _ICON,
            area.left + 1,
            area.bottom + 1,
            area.right - 1,
            area.top - 1,
            min(area.top - area.bottom, 12.0),
        )
        for area in areas
        if area.url not in known and max(area.right - area.left, area.top - area.bottom) <= LARGEST_ICON
    ]


def _before_items(dots: list[Word], words: list[Word]) -> list[Word]:
    """Of drawn dots those that stand right before a word, on its level, with no other dot near."""
    found = []
    for dot in dots:
        level = (dot.bottom + dot.top) / 2
        beside = [
            word for word in (*words, *dots)
            if word is not dot and word.bottom - 2 <= level <= word.top + 2 and -14 < dot.right - word.left < 26
        ]  # fmt: skip
        after = [word for word in beside if 1 < word.left - dot.right < 14]
        if len(beside) == len(after) and len(after) >= 1 and all(word.style != "dot" for word in after):
            found.append(dot)
    return found


def _line(words: list[tuple[str, Word]], areas: list[_Area]) -> Line:
    """A line from its words and the space before each; links on the words whose middle they cover."""
    text = ""
    spans: dict[str, Link] = {}
    links: list[Link] = []
    turns: list[int] = []
    before = ""
    for space, word in words:
        text += space
        start = len(text)
        if before and word.style and _look(word.style) != _look(before):
            turns.append(start)
        before = word.style
        text += word.text.replace(_ICON, "")
        for area in areas:
            if area.covers(word):
                area.used = True
                known = spans.get(area.url)
                if known is not None and text[known.end : start].strip() == "":
                    known.end = len(text)
                else:
                    spans[area.url] = Link(start, len(text), area.url)
                    links.append(spans[area.url])
    styles = {word.style for _, word in words}
    style = styles.pop() if len(styles) == 1 else ""
    return trimmed(Line(text, links, gap=words[0][1].gap, style=style, turns=tuple(turns)))


def _look(style: str) -> tuple[bool, str]:
    """What of a typeface parts a line: whether it is bold, and its colour. Sizes differ within words, faces too."""
    return _weight(style), " ".join(style.split(" ")[-4:])


def _weight(style: str) -> bool:
    """Whether the name of a typeface says that it is bold."""
    return re.search(r"bold|black|heavy|semib|cmbx|sfbx|-bd|demi", style, re.IGNORECASE) is not None
