"""A text as stored: passages and masked tokens, small.

Most masked tokens are the words of the passage in lower case, so only the places where they differ are
written. The whole is packed with zstd, with a dictionary learnt from the library's own first pages (short
pages shrink by half again with one).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 9
DICTIONARY_BYTES = 110 * 1024
TRAIN_FROM = 300  # texts; with fewer there is nothing to learn from
MOST_BYTES = 64 << 20  # of one unpacked text: what a damaged or hostile record can cost
AHEAD = 12  # words looked ahead to find where tokens and words agree again

_WORD = re.compile(r"\w+")
Unpacked = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


class PackError(ValueError):
    """Bytes that are not a stored text."""


def encode(passages: Sequence[str], tokens: Sequence[Sequence[str]]) -> bytes:
    """Passages and tokens as msgpack, not yet compressed. They need not be of the same number."""
    pairs = zip(passages, tokens, strict=False)
    patches = [_patch(words(passage), row) for passage, row in pairs]
    patches += [[0, 0, *row] for row in tokens[len(passages) :]]
    return msgspec.msgpack.encode((passages, len(tokens), patches))


def decode(raw: bytes) -> Unpacked:
    """The passages and tokens that `encode` was given; PackError for anything else."""
    try:
        passages, count, patches = msgspec.msgpack.decode(
            raw, type=tuple[list[str], int, list[list[int | str]]]
        )
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PackError(str(error)) from error
    rows = []
    for number in range(min(count, len(patches))):
        base = words(passages[number]) if number < len(passages) else []
        rows.append(tuple(_patched(base, patches[number])))
    return tuple(passages), tuple(rows)


def words(passage: str) -> list[str]:
    """The words masked tokens are most often the same as."""
    return _WORD.findall(passage.lower())


def _patch(base: list[str], tokens: Sequence[str]) -> list[int | str]:
    """What makes the tokens of the words: [keep, drop, insert…, keep, drop, insert…]; [] for no change."""
    if base == list(tokens):
        return []
    patch: list[int | str] = []
    at = there = kept = 0
    while there < len(tokens) or at < len(base):
        if at < len(base) and there < len(tokens) and base[at] == tokens[there]:
            at, there, kept = at + 1, there + 1, kept + 1
            continue
        drop, insert = _resume(base, at, tokens, there)
        patch += [kept, drop, *tokens[there : there + insert]]
        at, there, kept = at + drop, there + insert, 0
    return patch


def _resume(base: list[str], at: int, tokens: Sequence[str], there: int) -> tuple[int, int]:
    """How many words and tokens to pass over until both agree again (to the end, when they don't)."""
    for far in range(1, 2 * AHEAD):
        for drop in range(max(0, far - AHEAD), min(far, AHEAD) + 1):
            one, two = at + drop, there + far - drop
            if one < len(base) and two < len(tokens) and base[one] == tokens[two]:
                return drop, far - drop
    return len(base) - at, len(tokens) - there


def _patched(base: list[str], patch: list[int | str]) -> list[str]:
    if not patch:
        return base
    made: list[str] = []
    at = place = 0
    while place < len(patch):
        keep, drop = patch[place], patch[place + 1] if place + 1 < len(patch) else 0
        if not isinstance(keep, int) or not isinstance(drop, int):
            raise PackError("a patch of masked tokens that says nothing")
        made += base[at : at + keep]
        at, place = at + keep + drop, place + 2
        while place < len(patch) and isinstance(patch[place], str):
            made.append(str(patch[place]))
            place += 1
    return made + base[at:]


class Packer:
    """Compresses with the newest dictionary, decompresses with the one a text was packed with.

    A packed text begins with one byte: 0 for no dictionary, else the dictionary's number.
    """

    def __init__(self, dictionaries: dict[int, bytes] | None = None) -> None:
        self._dictionaries: dict[int, Any] = {}
        self.newest = 0
        for number, data in (dictionaries or {}).items():
            self.learn(number, data)

    def learn(self, number: int, data: bytes) -> None:
        self._dictionaries[number] = zstd.ZstdDict(data)
        self.newest = max(self.newest, number)

    def pack(self, raw: bytes) -> bytes:
        if self.newest == 0:
            return b"\0" + zstd.compress(raw, LEVEL)
        chosen = self._dictionaries[self.newest].as_digested_dict
        return bytes([self.newest]) + zstd.compress(raw, LEVEL, zstd_dict=chosen)

    def unpack(self, packed: bytes) -> bytes:
        """PackError for bytes that were not packed here or are larger than any text."""
        if not packed or (packed[0] and packed[0] not in self._dictionaries):
            raise PackError("packed with a dictionary that isn't there")
        chosen = self._dictionaries[packed[0]] if packed[0] else None
        try:
            opened = zstd.ZstdDecompressor(zstd_dict=chosen)
            raw: bytes = opened.decompress(packed[1:], max_length=MOST_BYTES)
        except zstd.ZstdError as error:
            raise PackError(str(error)) from error
        if not opened.eof:
            raise PackError("a text that is cut off or too large")
        return raw


def train(samples: Sequence[bytes]) -> bytes | None:
    """A dictionary learnt from encoded texts, or None when they are too few or too much alike."""
    if len(samples) < TRAIN_FROM:
        return None
    try:
        data: bytes = zstd.train_dict(samples, DICTIONARY_BYTES).dict_content
    except zstd.ZstdError:
        return None
    return data
