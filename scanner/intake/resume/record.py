"""What is kept of a résumé, and which files are read as one. Imports no reader: those are for worker processes."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from scanner.model import Claim

READER = "scanner.intake.resume.reading"
"""The module whose `read_bytes` a worker process runs."""

SCANNED = "scanner.intake.resume.scanned"
"""The module whose `pages` draws a scan for text recognition, likewise."""

MAX_BYTES = 20_000_000
MARKUP = (".html", ".htm", ".xhtml")
MARKDOWN = (".md", ".markdown", ".mdown")
KINDS = frozenset((".pdf", ".docx", ".odt", ".txt", ".text", ".json", *MARKUP, *MARKDOWN))
"""Endings of files that are read as résumés in a folder."""
ALIKE = frozenset(
    (".doc", ".docm", ".dotx", ".rtf", ".ott", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
)
"""Endings that a résumé may have as well: each such file in a folder is named, not passed over in silence."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One claim, and why a person should look at it before anything is fetched."""

    claim: Claim
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is kept of a résumé. hints: domains of mail addresses that may be a firm's. left_out: addresses beyond
    MAX_ADDRESSES. notes: how it was read, one sentence each, without a word of its text. problem: why nothing could
    be read. scanned: its text is in pictures; what stands here was read without it."""

    claims: tuple[Drawn, ...] = ()
    hints: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    scanned: bool = False


def unpack(answer: bytes) -> Reading:
    """The Reading that a worker answered with. Raises ValueError for anything else."""
    return msgspec.msgpack.decode(answer, type=Reading)


def unpack_pages(answer: bytes) -> list[bytes]:
    """The pictures that a worker answered with. Raises ValueError for anything else."""
    return msgspec.msgpack.decode(answer, type=list[bytes])
