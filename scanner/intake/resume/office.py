"""DOCX and ODT as lines: the words, hyperlinks by relationship, by field and behind pictures. Nothing in them runs."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from scanner.intake.resume.sheet import Sheet, Unreadable, Writer

MAX_MEMBERS = 2_000
MAX_UNPACKED = 24 << 20  # bytes of XML that are read, of one member and of all
MAX_DEPTH = 200
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = (
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_FIELD = re.compile(r"HYPERLINK\s+(?:\\\w\s+)*\"?([^\"\s]+)", re.IGNORECASE)


class Package:
    """The parts of a zip file, none unpacked beyond the limits."""

    def __init__(self, raw: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
            self.names = self._zip.namelist()
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise Unreadable("damaged: the file is not a whole zip; ask for it again, as PDF") from error
        if len(self.names) > MAX_MEMBERS:
            raise Unreadable(
                f"holds {len(self.names)} parts; a résumé has a few dozen, over {MAX_MEMBERS} are not read"
            )
        self._left = MAX_UNPACKED

    def part(self, name: str) -> Element | None:
        """The root of an XML part; None where there is none. Raises Unreadable."""
        if name not in self.names:
            return None
        try:
            with self._zip.open(name) as stream:
                data = stream.read(self._left + 1)
        except RuntimeError as error:  # zipfile's word for an encrypted member
            raise Unreadable("protected by a password; ask for it without one") from error
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise Unreadable("damaged: a part of it can't be unpacked; ask for it again, as PDF") from error
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable(f"unpacks to over {MAX_UNPACKED >> 20} MB; a résumé is a few hundred kilobytes")
        for strict, usual in zip(_STRICT, (_W[1:-1], _R[1:-1]), strict=True):
            data = data.replace(strict.encode(), usual.encode())
        try:
            root: Element = fromstring(data, forbid_dtd=True)
        except DefusedXmlException as error:
            raise Unreadable("holds a document type or entities, which no résumé needs; not read") from error
        except (ParseError, ValueError, LookupError) as error:
            raise Unreadable("damaged: a part of it is no XML; ask for it again, as PDF") from error
        return root


def read(raw: bytes) -> Sheet:
    """DOCX or ODT, told apart by their parts. Raises Unreadable."""
    package = Package(raw)
    if "word/document.xml" in package.names:
        return _docx(package)
    if "content.xml" in package.names:
        return _odt(package)
    kind = next((k for k in ("xl/", "ppt/") if any(name.startswith(k) for name in package.names)), "")
    what = "a spreadsheet" if kind == "xl/" else "slides" if kind else "a zip"
    raise Unreadable(f"{what}, not a résumé; give PDF, DOCX, ODT, HTML, Markdown, plain text or JSON Resume")


# -------------------------------------------------------------------------------------------------- DOCX


def _docx(package: Package) -> Sheet:
    writer = Writer()
    names = sorted(name for name in package.names if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name))
    heads = [name for name in names if "header" in name]
    for name in (*heads, "word/document.xml", "word/footnotes.xml", *(n for n in names if n not in heads)):
        root = package.part(name)
        if root is not None:
            _DocxPart(root, _relations(package, name), writer).read()
            writer.gap()
    return writer.sheet


def _relations(package: Package, name: str) -> dict[str, str]:
    folder, _, file = name.rpartition("/")
    root = package.part(f"{folder}/_rels/{file}.rels")
    if root is None:
        return {}
    return {
        row.get("Id", ""): row.get("Target", "")
        for row in root
        if row.get("Type", "").endswith("/hyperlink") and row.get("TargetMode") == "External"
    }


class _DocxPart:
    def __init__(self, root: Element, relations: dict[str, str], writer: Writer) -> None:
        self.root, self.relations, self.writer = root, relations, writer
        self.fields: list[list[Any]] = []  # [instruction, where its text begins or None]

    def read(self) -> None:
        self._blocks(self.root, 0)

    def _blocks(self, parent: Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        for node in parent:
            if node.tag == f"{_W}p":
                self._paragraph(node, depth)
            elif node.tag == f"{_W}tbl":
                self._table(node, depth)
            elif node.tag != f"{_MC}Fallback":
                self._blocks(node, depth + 1)

    def _paragraph(self, node: Element, depth: int) -> None:
        style = node.find(f"{_W}pPr/{_W}pStyle")
        name = (style.get(f"{_W}val") or "") if style is not None else ""
        boxes: list[Element] = []
        self.writer.heading = name.lower().startswith(
            ("heading", "berschrift", "überschrift", "titre", "title")
        )
        self.writer.bullet = node.find(f"{_W}pPr/{_W}numPr") is not None or "list" in name.lower()
        if self.writer.heading:
            self.writer.gap()
        self._inline(node, boxes, depth)
        self.writer.end()
        self.writer.heading = self.writer.bullet = False
        for box in boxes:
            self._blocks(box, depth + 1)

    def _table(self, table: Element, depth: int) -> None:
        for row in table.findall(f"{_W}tr") if depth < 4 else ():
            cells = [cell for cell in row if cell.tag == f"{_W}tc"]
            _row([self._apart(cell, depth) for cell in cells], self.writer)

    def _apart(self, cell: Element, depth: int) -> Writer:
        part = _DocxPart(cell, self.relations, Writer())
        for node in cell:
            if node.tag == f"{_W}p":
                part._paragraph(node, depth + 1)
            elif node.tag == f"{_W}tbl":
                part._table(node, depth + 1)
            elif node.tag == f"{_W}sdt":
                part._blocks(node, depth + 1)
        return part.writer

    def _inline(self, parent: Element, boxes: list[Element], depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        for node in parent:
            tag = node.tag
            if tag == f"{_W}t":
                self.writer.add(node.text or "")
            elif tag == f"{_W}tab" and parent.tag == f"{_W}r":
                self.writer.add("\t")
            elif tag in (f"{_W}br", f"{_W}cr"):
                self.writer.end()
            elif tag == f"{_W}noBreakHyphen":
                self.writer.add("-")
            elif tag == f"{_W}instrText":
                if self.fields:
                    self.fields[-1][0] += node.text or ""
            elif tag == f"{_W}fldChar":
                self._field(node.get(f"{_W}fldCharType") or "")
            elif tag == f"{_W}hyperlink":
                start = self.writer.at
                self._inline(node, boxes, depth + 1)
                self._linked(start, self.relations.get(node.get(f"{_R}id") or "", ""))
            elif tag == f"{_W}fldSimple":
                start = self.writer.at
                self._inline(node, boxes, depth + 1)
                found = _FIELD.search(node.get(f"{_W}instr") or "")
                self._linked(start, found[1] if found else "")
            elif tag == f"{_A}hlinkClick":
                self._linked(self.writer.at, self.relations.get(node.get(f"{_R}id") or "", ""))
            elif tag == f"{_W}txbxContent":
                boxes.append(node)
            elif tag not in (f"{_MC}Fallback", f"{_W}del", f"{_W}pPr", f"{_W}rPr"):
                self._inline(node, boxes, depth + 1)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append(["", None])
        elif kind == "separate" and self.fields:
            self.fields[-1][1] = self.writer.at
        elif kind == "end" and self.fields:
            words, start = self.fields.pop()
            found = _FIELD.search(words)
            if found:
                self._linked(
                    start if start is not None and start <= self.writer.at else self.writer.at, found[1]
                )

    def _linked(self, start: int, url: str) -> None:
        if url:
            self.writer.link(min(start, self.writer.at), url)


# --------------------------------------------------------------------------------------------------- ODT


def _odt(package: Package) -> Sheet:
    writer = Writer()
    styles, content = package.part("styles.xml"), package.part("content.xml")
    if package.part("META-INF/manifest.xml") is not None and _encrypted(package):
        raise Unreadable("protected by a password; ask for it without one")
    for root, name in ((styles, "master-styles"), (content, "body")):
        top = root.find(f"{_OFFICE}{name}") if root is not None else None
        if top is not None:
            _odt_blocks(top, writer, 0)
            writer.gap()
    return writer.sheet


def _encrypted(package: Package) -> bool:
    manifest = package.part("META-INF/manifest.xml")
    return manifest is not None and any(node.tag.endswith("}encryption-data") for node in manifest.iter())


def _odt_blocks(parent: Element, writer: Writer, depth: int) -> None:
    if depth > MAX_DEPTH:
        return
    for node in parent:
        if node.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            _odt_paragraph(node, writer, depth)
        elif node.tag == f"{_TABLE}table":
            for row in _odt_rows(node):
                cells = []
                for cell in row:
                    if cell.tag == f"{_TABLE}table-cell":
                        cells.append(Writer())
                        _odt_blocks(cell, cells[-1], depth + 1)
                _row(cells, writer)
        elif node.tag != f"{_TEXT}tracked-changes":
            _odt_blocks(node, writer, depth + 1)


def _odt_rows(table: Element) -> Iterator[Element]:
    for node in table:
        if node.tag == f"{_TABLE}table-row":
            yield node
        elif node.tag in (f"{_TABLE}table-header-rows", f"{_TABLE}table-rows"):
            yield from _odt_rows(node)


def _odt_paragraph(node: Element, writer: Writer, depth: int) -> None:
    boxes: list[Element] = []
    heading = node.tag == f"{_TEXT}h"
    if heading:
        writer.gap()
    writer.heading = heading
    _odt_inline(node, writer, boxes, depth)
    writer.end()
    writer.heading = False
    for box in boxes:
        _odt_blocks(box, writer, depth + 1)


def _odt_inline(node: Element, writer: Writer, boxes: list[Element], depth: int) -> None:
    writer.add(node.text or "")
    for child in node if depth < MAX_DEPTH else ():
        start = writer.at
        if child.tag == f"{_TEXT}tab":
            writer.add("\t")
        elif child.tag == f"{_TEXT}s":
            writer.add(" ")
        elif child.tag == f"{_TEXT}line-break":
            writer.end()
        elif child.tag == f"{_DRAW}text-box":
            boxes.append(child)
        elif not child.tag.endswith(("}annotation", "}binary-data", "}note", "}title", "}desc")):
            _odt_inline(child, writer, boxes, depth + 1)
        if child.tag in (f"{_TEXT}a", f"{_DRAW}a") and child.get(_HREF):
            writer.link(min(start, writer.at), child.get(_HREF) or "")
        writer.add(child.tail or "")


# ------------------------------------------------------------------------------------------------- tables


def _row(cells: list[Writer], writer: Writer) -> None:
    """One row. Dates beside a post are read across; two long columns one after the other."""
    sheets = [cell.sheet for cell in cells if cell.sheet.lines]
    if len(sheets) > 1 and sorted(len(sheet.lines) for sheet in sheets)[-2] > 3:
        for sheet in sheets:
            writer.gap()
            writer.sheet.lines += sheet.lines
        return
    firsts = [sheet.lines[0] for sheet in sheets]
    if not firsts:
        return
    writer.heading = any(line.heading for line in firsts) and len(firsts) == 1
    writer.bullet = all(line.bullet for line in firsts)
    for place, line in enumerate(firsts):
        if place:
            writer.add("\t")
        start = writer.at
        writer.add(line.text)
        for link in line.links:
            writer.link_at(start + link.start, start + link.end, link.url)
    writer.end()
    writer.heading = writer.bullet = False
    for sheet in sheets:
        writer.sheet.lines += sheet.lines[1:]
