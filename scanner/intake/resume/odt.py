"""ODT as lines: the words, text boxes, and what xlink leads to."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from scanner.intake.resume import package as zipped
from scanner.intake.resume.package import MAX_DEPTH, Package
from scanner.intake.resume.sheet import Sheet, Unreadable, Writer

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"


def read(package: Package) -> Sheet:
    """The lines of headers, footers and body. Raises Unreadable."""
    writer = Writer()
    styles, content = package.part("styles.xml"), package.part("content.xml")
    if package.part("META-INF/manifest.xml") is not None and _encrypted(package):
        raise Unreadable("protected by a password; ask for it without one")
    for root, name in ((styles, "master-styles"), (content, "body")):
        top = root.find(f"{_OFFICE}{name}") if root is not None else None
        if top is not None:
            _blocks(top, writer, 0)
            writer.gap()
    return writer.sheet


def _encrypted(package: Package) -> bool:
    manifest = package.part("META-INF/manifest.xml")
    return manifest is not None and any(node.tag.endswith("}encryption-data") for node in manifest.iter())


def _blocks(parent: Element, writer: Writer, depth: int) -> None:
    if depth > MAX_DEPTH:
        return
    for node in parent:
        if node.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            _paragraph(node, writer, depth)
        elif node.tag == f"{_TABLE}table":
            for row in _rows(node):
                cells = []
                for cell in row:
                    if cell.tag == f"{_TABLE}table-cell":
                        cells.append(Writer())
                        _blocks(cell, cells[-1], depth + 1)
                zipped.row(cells, writer)
        elif node.tag != f"{_TEXT}tracked-changes":
            _blocks(node, writer, depth + 1)


def _rows(table: Element) -> Iterator[Element]:
    for node in table:
        if node.tag == f"{_TABLE}table-row":
            yield node
        elif node.tag in (f"{_TABLE}table-header-rows", f"{_TABLE}table-rows"):
            yield from _rows(node)


def _paragraph(node: Element, writer: Writer, depth: int) -> None:
    boxes: list[Element] = []
    heading = node.tag == f"{_TEXT}h"
    if heading:
        writer.gap()
    writer.heading = heading
    writer.style = node.get(f"{_TEXT}style-name") or ""
    if len(node) == 1 and not (node.text or "").strip():  # all of it in one span
        writer.style += f" {node[0].get(f'{_TEXT}style-name') or ''}"
    _inline(node, writer, boxes, depth)
    writer.end()
    writer.heading, writer.style = False, ""
    for box in boxes:
        _blocks(box, writer, depth + 1)


def _inline(node: Element, writer: Writer, boxes: list[Element], depth: int) -> None:
    writer.add(node.text or "")
    for child in node if depth < MAX_DEPTH else ():
        start = writer.at
        if child.tag == f"{_TEXT}tab":
            writer.add("\t")
        elif child.tag == f"{_TEXT}s":
            writer.add(" ")
        elif child.tag == f"{_TEXT}line-break":
            writer.broken()
        elif child.tag == f"{_DRAW}text-box":
            boxes.append(child)
        elif not child.tag.endswith(("}annotation", "}binary-data", "}note", "}title", "}desc")):
            _inline(child, writer, boxes, depth + 1)
        if child.tag in (f"{_TEXT}a", f"{_DRAW}a") and child.get(_HREF):
            writer.link(min(start, writer.at), child.get(_HREF) or "")
        writer.add(child.tail or "")
