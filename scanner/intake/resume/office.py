"""DOCX or ODT, told apart by their parts."""

from __future__ import annotations

from scanner.intake.resume import codes, docx, odt
from scanner.intake.resume.package import Package
from scanner.intake.resume.sheet import Sheet, Unreadable


def read(raw: bytes) -> Sheet:
    """The lines of either. Raises Unreadable."""
    package = Package(raw)
    if "word/document.xml" in package.names:
        return _with_codes(docx.read(package), package, "word/media/")
    if "content.xml" in package.names:
        return _with_codes(odt.read(package), package, "Pictures/")
    kind = next((k for k in ("xl/", "ppt/") if any(name.startswith(k) for name in package.names)), "")
    what = "a spreadsheet" if kind == "xl/" else "slides" if kind else "a zip"
    raise Unreadable(f"{what}, not a résumé; give PDF, DOCX, ODT, HTML, Markdown, plain text or JSON Resume")


def _with_codes(sheet: Sheet, package: Package, folder: str) -> Sheet:
    codes.add(sheet, codes.of_pictures(package.pictures(folder)))
    return sheet
