"""Which addresses a stored robots.txt answer lets us ask for (RFC 9309); pure, run in worker processes.

protego reads the rules. The file is a stranger's: 500 KiB of it count, as the RFC allows (§2.5).
"""

from __future__ import annotations

import msgspec
from protego import Protego

from scanner.observe.http_message import split

AGENT = "falsefront"  # the product token robots.txt files name us by
LIMIT = 500 << 10  # bytes of the decoded file
MOST_SITEMAPS = 5


class Question(msgspec.Struct):
    """block: the HTTP answer as stored. urls: absolute addresses of the origin it speaks for."""

    block: bytes
    urls: list[str]


class Answer(msgspec.Struct):
    """One flag an address, in the order asked; the site maps the file names."""

    allowed: list[bool]
    sitemaps: list[str]


def judge(payload: bytes) -> bytes:
    """A Question as msgpack in, an Answer as msgpack out."""
    question = msgspec.msgpack.decode(payload, type=Question)
    _, _, body = split(question.block, LIMIT)
    rules = Protego.parse(body.decode("utf-8-sig", "replace"))
    allowed = [bool(rules.can_fetch(url, AGENT)) for url in question.urls]
    return msgspec.msgpack.encode(Answer(allowed, list(rules.sitemaps)[:MOST_SITEMAPS]))
