"""A résumé's bytes to its claims: the one function that a worker process runs."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from scanner.intake.casefile import parse
from scanner.intake.resume import dates, drawn, markup, office, pdf, plain
from scanner.intake.resume.record import MARKDOWN, MARKUP, Drawn, Reading
from scanner.intake.resume.sheet import Scanned, Sheet, Unreadable

NOTHING = "no employer and no address found in it; give a case file"


def read_bytes(payload: bytes) -> bytes:
    """For `scanner.parse`: payload is the file's ending, a NUL byte, its bytes; answer is a Reading for `unpack`."""
    ending, _, raw = payload.partition(b"\0")
    return msgspec.msgpack.encode(read(ending.decode("utf-8", "replace").lower(), raw))


def read(ending: str, raw: bytes) -> Reading:
    """Read one résumé; `ending` is its file's, as `.pdf`. What can't be read is a Reading with a problem, in words that
    hold none of its text."""
    try:
        if not raw.strip():
            raise Unreadable("an empty file")
        if ending == ".json" or raw.lstrip()[:1] == b"{":
            return _json(raw)
        sheet = _sheet(ending, raw)
        reading = replace(drawn.draw(sheet), scanned=sheet.scanned)
    except Scanned as error:
        return Reading(problem=str(error), scanned=True)
    except Unreadable as error:
        return Reading(problem=str(error))
    finally:
        dates.forget()
    if not reading.claims:
        return Reading(notes=reading.notes, problem=NOTHING)
    return reading


def _sheet(ending: str, raw: bytes) -> Sheet:
    if raw[:1024].lstrip().startswith(b"%PDF"):
        return pdf.read(raw)
    if raw.startswith(b"PK"):
        return office.read(raw)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("an old Word document, or one with a password; save it as DOCX or PDF without one")
    if raw.startswith(b"{\\rtf"):
        raise Unreadable("a rich text document; save it as DOCX or PDF")
    if raw[:4] in (b"\x89PNG", b"GIF8", b"RIFF") or raw.startswith((b"\xff\xd8\xff", b"II*\0", b"MM\0*")):
        raise Scanned(
            "a picture; no text recognition is built in: install Tesseract, run it through OCR, or give the addresses"
        )
    if ending == ".pdf":
        raise Unreadable("damaged, or no PDF at all; ask for it again")
    if ending in (".docx", ".odt"):
        raise Unreadable("damaged: the file is not a whole zip; ask for it again, as PDF")
    start = raw[:512].lstrip().lower()
    if ending in MARKUP or start.startswith((b"<!doctype html", b"<html")):
        return markup.read_html(raw)
    if ending in MARKDOWN:
        return markup.read_markdown(raw)
    return plain.read(raw)


def _json(raw: bytes) -> Reading:
    """JSON Resume, whose fields are named: nothing in it is guessed."""
    intake = parse(name := "resume.json", raw)
    if any(not case.id.startswith("resume-") for case in intake.cases):
        return Reading(problem="a case file, no résumé; give it with --case")
    claims = tuple(Drawn(claim) for case in intake.cases for claim in case.claims)
    notes = tuple(str(problem).removeprefix(f"{name}: ") for problem in (*intake.problems, *intake.notes))
    if not claims:
        return Reading(problem=notes[0] if notes else NOTHING)
    return Reading(claims, notes=notes)
