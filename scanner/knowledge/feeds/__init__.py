"""Feeds as others publish them (CSV, STIX 2.1, MISP), read into indicators.

Each module has functions from bytes to bytes for a worker process: what comes in is a stranger's. A feed that can't
be read as a whole raises `FeedError`, one line; single indicators that name nothing usable are left out and told.
"""

from __future__ import annotations

import msgspec

from scanner.knowledge.indicators import Indicator

MOST_ENTRIES = 2_000_000
MOST_TOLD = 5
"""Reasons for leaving something out that are told one by one; the rest is a number."""


class FeedError(ValueError):
    """A feed can't be used; the message is one line: where and what."""


class Read(msgspec.Struct):
    """What a feed, or a piece of it, says. left: how many entries were left out; why: the first few reasons."""

    entries: list[Indicator] = []
    left: int = 0
    why: list[str] = []

    def leave(self, reason: str) -> None:
        self.left += 1
        if len(self.why) < MOST_TOLD:
            self.why.append(reason)


def packed(read: Read) -> bytes:
    return msgspec.msgpack.encode(read)


def unpacked(data: bytes) -> Read:
    return msgspec.msgpack.decode(data, type=Read)
