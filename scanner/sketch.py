"""A text as one short line, so that two texts can be likened long after both were read.

The line holds the least of the hashes of the text's shingles (a bottom-k sketch): whoever has two such lines can
estimate how much of the shorter text stands in the longer one. It is no text: nothing can be read back from it.
Pure Python and a hash of the standard library, so that it is the same on every machine and may be made in a worker
that is shut in.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from enum import StrEnum
from zlib import crc32

KEPT = 128
"""Hashes kept. The estimate is then off by 0.03 or so where a tenth is shared; 700 characters in all."""
WIDTH = 3  # tokens of a shingle, as in `scanner.likeness.shingles`
LEAST_WORDS = 40
"""A text of fewer is a menu or a notice: it is not likened to anything."""
SAME = 0.6  # share of the shorter text
EDITED = 0.15
_BYTES = 4


class Band(StrEnum):
    """How two texts of one address stand to each other. UNKNOWN: one of them is too short to tell by."""

    SAME = "same"
    EDITED = "edited"
    OTHER = "other"
    UNKNOWN = "unknown"


def sketch(passages: Iterable[Sequence[str]]) -> str:
    """The line for a text given as masked tokens, passage by passage; "" for one without a whole shingle.

    `WORDS SHINGLES HASHES`: tokens, different shingles, base64 of the least hashes. A shingle with two masked tokens
    is left out: any two sites have those.

    >>> sketch([("we", "bake", "bread")]).split()[:2]
    ['3', '1']
    """
    found: set[int] = set()
    words = 0
    for tokens in passages:
        words += len(tokens)
        for shingle in map(" ".join, zip(tokens, tokens[1:], tokens[2:], strict=False)):
            if shingle.count("‹") < 2:
                found.add(crc32(shingle.encode("utf-8", "surrogatepass")))
    if not found:
        return ""
    least = b"".join(number.to_bytes(_BYTES, "big") for number in sorted(found)[:KEPT])
    return f"{words} {len(found)} {base64.b64encode(least).decode('ascii')}"


def band(one: str, other: str) -> Band:
    """How the texts of two sketches stand to each other; UNKNOWN where one is no sketch, or of a short text."""
    share = contained(one, other)
    if share is None:
        return Band.UNKNOWN
    return Band.SAME if share >= SAME else Band.EDITED if share >= EDITED else Band.OTHER


def contained(one: str, other: str) -> float | None:
    """About how much of the text with fewer shingles stands in the other, 0 to 1; None where it can't be told."""
    ours, theirs = _read(one), _read(other)
    if ours is None or theirs is None:
        return None
    (size, mine), (their_size, their) = ours, theirs
    union = sorted(mine | their)[:KEPT]
    shared = sum(hash_ in mine and hash_ in their for hash_ in union) / len(union)
    both = shared / (1 + shared) * (size + their_size)
    return min(1.0, both / min(size, their_size))


def _read(line: str) -> tuple[int, set[bytes]] | None:
    parts = line.split(" ")
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return None
    try:
        data = base64.b64decode(parts[2], validate=True)
    except (ValueError, binascii.Error):
        return None
    size = int(parts[1][:9])
    hashes = {data[at : at + _BYTES] for at in range(0, len(data) - _BYTES + 1, _BYTES)}
    return (size, hashes) if int(parts[0][:9]) >= LEAST_WORDS and size and hashes else None
