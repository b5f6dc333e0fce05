"""What goes into the library and what comes out, as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.likeness.compare import Alike, Likeness
from scanner.model import Date


class LibraryError(Exception):
    """A library that can't be read or written; the message is one line for a person."""


class OlderLibraryError(LibraryError):
    """A library of an older version, opened for reading only: opened for writing once, it is brought up to date."""


@dataclass(frozen=True, slots=True)
class Text:
    """The main text of one page as somebody saw it.

    passages: as they read. tokens: the masked tokens of each passage, in the same order. first_seen: when
    that text was seen. seen_in: who brought it: `crawl`, `warc`, `archive`, or `scan:CASE`. text_digest: of
    the passages, in any spelling; two texts of one domain with the same digest are the same text ("": made
    from the passages).
    """

    url: str
    domain: str
    passages: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]
    first_seen: Date
    seen_in: str
    text_digest: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """How many texts were new, and how many the library knew already (their earliest date is kept)."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class SharedText:
    """Two passages that share text, to be shown side by side.

    ours, theirs: the passages as they read. words: words of ours found there. run: the longest unbroken run,
    in words. ours_number, theirs_number: which passages of their pages these are.
    """

    ours: str
    theirs: str
    words: int
    run: int
    ours_number: int
    theirs_number: int


@dataclass(frozen=True, slots=True)
class Match:
    """A page of the library that shares text with the query.

    containment: share of the query's rare shingles found there; contained: share of that page's shingles
    found in the query. words: words of the query found there, in shared passages that are rare. kind: what kind of
    likeness that is. first_seen, seen_in: the earliest sight of that very text and its source. passages: longest first.
    sites: on how many other sites that rare text is known to stand, this one among them.
    """

    url: str
    domain: str
    first_seen: Date
    seen_in: str
    containment: float
    contained: float
    words: int
    passages: tuple[SharedText, ...]
    kind: Alike
    likeness: Likeness
    sites: int = 1


@dataclass(frozen=True, slots=True)
class Reuse:
    """How much of a page is text that stands on many unrelated domains (theme demo text, notices).

    words: tokens of the page in such text; share: of all its tokens. domains: on how many others that text
    typically is (0: known from the background list alone, or there is none). examples: some of them.
    """

    words: int
    share: float
    domains: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts: texts, domains, shingles looked up by, background shingles; bytes on disk; the earliest sight
    ("" when empty); texts per source (`scan` for all cases together)."""

    texts: int
    domains: int
    postings: int
    background: int
    bytes: int
    earliest: str
    sources: tuple[tuple[str, int], ...]
