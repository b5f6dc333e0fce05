"""Zipped XML of strangers: unpacked within limits, parsed without document types. Nothing in it runs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from scanner.intake.resume.sheet import Unreadable, Writer

MAX_MEMBERS = 2_000
MAX_UNPACKED = 24 << 20  # bytes of XML that are read, of one member and of all
MAX_PICTURE = 8 << 20
MAX_DEPTH = 200
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = (
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)


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
        for strict, usual in zip(_STRICT, (W[1:-1], R[1:-1]), strict=True):
            data = data.replace(strict.encode(), usual.encode())
        try:
            root: Element = fromstring(data, forbid_dtd=True)
        except DefusedXmlException as error:
            raise Unreadable("holds a document type or entities, which no résumé needs; not read") from error
        except (ParseError, ValueError, LookupError) as error:
            raise Unreadable("damaged: a part of it is no XML; ask for it again, as PDF") from error
        return root

    def pictures(self, folder: str) -> Iterator[bytes]:
        """The PNG and JPEG files below a folder, as far as they can be unpacked."""
        for name in self.names:
            if name.startswith(folder) and name.lower().endswith((".png", ".jpg", ".jpeg")):
                try:
                    with self._zip.open(name) as stream:
                        data = stream.read(min(MAX_PICTURE, self._left) + 1)
                except (
                    zipfile.BadZipFile,
                    zlib.error,
                    RuntimeError,
                    ValueError,
                    OSError,
                    NotImplementedError,
                    EOFError,
                ):
                    continue
                self._left -= len(data)
                if self._left > 0 and len(data) <= MAX_PICTURE:
                    yield data


def row(cells: list[Writer], writer: Writer) -> None:
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
