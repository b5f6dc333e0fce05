"""DOCX as lines: the words, hyperlinks by relationship, by field and behind pictures."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from scanner.intake.resume import package as zipped
from scanner.intake.resume.package import MAX_DEPTH, Package, R, W
from scanner.intake.resume.sheet import Sheet, Writer

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FIELD = re.compile(r"HYPERLINK\s+(?:\\\w\s+)*\"?([^\"\s]+)", re.IGNORECASE)


def read(package: Package) -> Sheet:
    """The lines of headers, body, footnotes and footers. Raises Unreadable."""
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


def _face(paragraph: Element) -> str:
    """How the words of a paragraph are set, where all of them are set alike."""
    faces = {
        " ".join(
            f"{mark.tag.removeprefix(W)}={mark.get(f'{W}val') or ''}"
            for mark in run.find(f"{W}rPr") or ()
            if mark.tag.removeprefix(W) in ("b", "i", "u", "caps", "smallCaps", "sz", "color", "rStyle")
        )
        for run in paragraph.iter(f"{W}r")
        if any((text.text or "").strip() for text in run.findall(f"{W}t"))
    }
    return faces.pop() if len(faces) == 1 else ""


class _DocxPart:
    def __init__(self, root: Element, relations: dict[str, str], writer: Writer) -> None:
        self.root, self.relations, self.writer = root, relations, writer
        self.bold = False
        self.fields: list[list[Any]] = []  # [instruction, where its text begins or None]

    def read(self) -> None:
        self._blocks(self.root, 0)

    def _blocks(self, parent: Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        for node in parent:
            if node.tag == f"{W}p":
                self._paragraph(node, depth)
            elif node.tag == f"{W}tbl":
                self._table(node, depth)
            elif node.tag != f"{_MC}Fallback":
                self._blocks(node, depth + 1)

    def _paragraph(self, node: Element, depth: int) -> None:
        style = node.find(f"{W}pPr/{W}pStyle")
        name = (style.get(f"{W}val") or "") if style is not None else ""
        boxes: list[Element] = []
        self.writer.heading = name.lower().startswith(
            ("heading", "berschrift", "überschrift", "titre", "title")
        )
        self.writer.bullet = node.find(f"{W}pPr/{W}numPr") is not None or "list" in name.lower()
        if self.writer.heading:
            self.writer.gap()
        self.writer.style = f"{name} {_face(node)}"
        self._inline(node, boxes, depth)
        self.writer.end()
        self.writer.heading = self.writer.bullet = False
        self.writer.style = ""
        for box in boxes:
            self._blocks(box, depth + 1)

    def _table(self, table: Element, depth: int) -> None:
        for row in table.findall(f"{W}tr") if depth < 4 else ():
            cells = [cell for cell in row if cell.tag == f"{W}tc"]
            zipped.row([self._apart(cell, depth) for cell in cells], self.writer)

    def _apart(self, cell: Element, depth: int) -> Writer:
        part = _DocxPart(cell, self.relations, Writer())
        for node in cell:
            if node.tag == f"{W}p":
                part._paragraph(node, depth + 1)
            elif node.tag == f"{W}tbl":
                part._table(node, depth + 1)
            elif node.tag == f"{W}sdt":
                part._blocks(node, depth + 1)
        return part.writer

    def _inline(self, parent: Element, boxes: list[Element], depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        for node in parent:
            tag = node.tag
            if tag == f"{W}t":
                self.writer.add(node.text or "")
            elif tag == f"{W}tab" and parent.tag == f"{W}r":
                self.writer.add("\t")
            elif tag in (f"{W}br", f"{W}cr"):
                self.writer.broken()
            elif tag == f"{W}noBreakHyphen":
                self.writer.add("-")
            elif tag == f"{W}instrText":
                if self.fields:
                    self.fields[-1][0] += node.text or ""
            elif tag == f"{W}fldChar":
                self._field(node.get(f"{W}fldCharType") or "")
            elif tag == f"{W}hyperlink":
                start = self.writer.at
                self._inline(node, boxes, depth + 1)
                self._linked(start, self.relations.get(node.get(f"{R}id") or "", ""))
            elif tag == f"{W}fldSimple":
                start = self.writer.at
                self._inline(node, boxes, depth + 1)
                found = _FIELD.search(node.get(f"{W}instr") or "")
                self._linked(start, found[1] if found else "")
            elif tag == f"{_A}hlinkClick":
                self._linked(self.writer.at, self.relations.get(node.get(f"{R}id") or "", ""))
            elif tag == f"{W}txbxContent":
                boxes.append(node)
            elif tag not in (f"{_MC}Fallback", f"{W}del", f"{W}pPr", f"{W}rPr"):
                if tag == f"{W}r":
                    self._weighed(node)
                self._inline(node, boxes, depth + 1)

    def _weighed(self, run: Element) -> None:
        """Marks where bold type begins or ends."""
        mark = run.find(f"{W}rPr/{W}b")
        bold = mark is not None and mark.get(f"{W}val") not in ("0", "false")
        if any((text.text or "").strip() for text in run.findall(f"{W}t")):
            if bold != self.bold:
                self.writer.turn()
            self.bold = bold

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
