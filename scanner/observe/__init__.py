"""Evidence in, observations out: pure functions, one module a source, run in worker processes.

`observe` is what rescoring and tests call; `observe_in` runs the same function in the pool.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from scanner.model import About, Evidence, Observed, Status
from scanner.parse import ParseFailed

if TYPE_CHECKING:
    from scanner.parse import ParsePool

SOURCES = ("dns", "rdap", "whois", "tls", "ct", "archive", "website", "github", "screenshot")
"""Sources with an observer module of that name; hosting is observed from dns answers."""

CRAWL = "website"
"""Kind of what a crawl says (redirects, robots, the entry's state): no single answer holds it."""

PRELOAD = ("scanner.observe.warm:up",)
"""For `ParsePool`: workers that have read an answer of each kind before their first one."""


@dataclass(frozen=True, slots=True)
class _Task:
    source: str
    evidence: Evidence
    about: About


_encode = msgspec.msgpack.Encoder().encode
_decode_task = msgspec.msgpack.Decoder(_Task).decode
_decode_observed = msgspec.msgpack.Decoder(Observed).decode


def observe(source: str, evidence: Evidence, about: About) -> Observed:
    """What this piece of evidence says. Raises ValueError for a source without an observer."""
    if source not in SOURCES:
        raise ValueError(f"no observer for source {source!r}")
    observed = importlib.import_module(f"scanner.observe.{source}").observe(evidence, about)
    assert isinstance(observed, Observed)
    return observed


def work(payload: bytes) -> bytes:
    """`observe` with msgpack on both sides: what a worker process runs."""
    task = _decode_task(payload)
    return _encode(observe(task.source, task.evidence, task.about))


def judged_by(payload: bytes) -> bytes:
    """`work`, without what a page says to a crawl alone (where it leads, its text and pictures), and without what
    only a crawl as a whole can say (CRAWL)."""
    task = _decode_task(payload)
    observed = observe(task.source, task.evidence, task.about)
    rows = tuple([row for row in observed.observations if row.kind != CRAWL])
    return _encode(replace(observed, observations=rows, links=(), text=None, pictures=()))


async def observe_in(
    pool: ParsePool,
    source: str,
    evidence: Evidence,
    about: About,
    *,
    later: bool = False,
    work: str = "work",
) -> Observed:
    """`observe` in a worker process; one that dies or overruns gives `unparsed` with the reason.

    later: nobody's next question waits for the answer (see `ParsePool.run`). work: `judged_by` for less.
    """
    payload = _encode(_Task(source, evidence, about))
    try:
        return _decode_observed(await pool.run(f"scanner.observe:{work}", payload, later=later))
    except ParseFailed as failure:
        return Observed(status=Status.UNPARSED, reason=failure.reason)
    except msgspec.DecodeError as error:
        return Observed(status=Status.UNPARSED, reason=f"answer {error}")
