"""Pictures of pages: of which sites a scan takes one, when, and where the text that scripts write is read too.

Claimed sites come first, once each has been read; after the comparison come those that share text with one of them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from scanner.collect import ASKED_FOR
from scanner.collect.screenshot import NO_ENTRY
from scanner.means import Means
from scanner.model import Attempt, Status, Target, Why
from scanner.plan import Step, steps_for
from scanner.store import ScanRecord, Store

_NO_PAGE = frozenset({Status.ABSENT, Status.BLOCKED, Status.UNREACHABLE, Status.TIMEOUT})


class Run(Protocol):
    """The scan this is a part of. earlier: how attempts ended, of a scan that goes on."""

    means: Means
    record: ScanRecord

    @property
    def known(self) -> Mapping[str, Target]: ...

    @property
    def earlier(self) -> Mapping[str, Mapping[str, Attempt]]: ...


class Picturing:
    """Of one scan. `unrendered`: sites whose entry page has no text before its scripts ran."""

    def __init__(self, run: Run, attempt: Callable[[Step], Awaitable[Attempt]]) -> None:
        self.run = run
        self.attempt = attempt
        self.unrendered: set[str] = set()

    async def take(self, step: Step, website: asyncio.Task[Attempt] | None) -> None:
        """One attempt, after the site's own: whether there is a page, and one without text, is known by then."""
        run, domain = self.run, step.target.domain
        read = await website if website is not None else run.earlier.get(domain, {}).get("website")
        if skip := step.skip or reason_not_to(read):
            await self.attempt(Step(step.target, step.source, skip))
            return
        if await run.means.store.call(unrendered, run.record, domain):
            self.unrendered.add(domain)
        async with run.means.browsers:  # the wait is no part of the attempt
            await self.attempt(step)

    async def originals(self) -> None:
        """The other side of each likeness too, where this scan looked at it: a report shows both."""
        run = self.run
        if not run.means.choice.screenshots:
            return
        async with asyncio.TaskGroup() as group:
            for target in await run.means.store.call(copied_from, run.record, run.known):
                sources = [(source.INFO, source.plan(target)) for source in ASKED_FOR.values()]
                for step in steps_for(target, sources, run.means.choice):
                    group.create_task(self.take(step, None))


def reason_not_to(website: Attempt | None) -> str:
    """Why a browser would see no more than the crawl did, as a reason to skip; "" where it may.

    >>> reason_not_to(Attempt("website", Status.TIMEOUT)) == NO_ENTRY, reason_not_to(None)
    (True, '')
    """
    return NO_ENTRY if website is not None and website.status in _NO_PAGE else ""


def unrendered(store: Store, record: ScanRecord, domain: str) -> bool:
    """Whether the site's entry page is a shell that only scripts fill."""
    rows = store.observations(record, domain)
    return any((row.kind, row.name, row.value) == ("website", "state", "empty-app") for row in rows)


def copied_from(store: Store, record: ScanRecord, known: Mapping[str, Target]) -> list[Target]:
    """The scan's leads that share text with a claimed site and have no picture in this scan yet, by name."""
    attempts = store.attempts(record)
    named: set[str] = set()
    for target in known.values():
        if target.why is Why.CLAIM:
            rows = store.observations(record, target.domain)
            found = (json.loads(row.value) for row in rows if (row.kind, row.name) == ("copy", "match"))
            named |= {str(match["domain"]) for match in found}
    return [
        known[domain]
        for domain in sorted(named & known.keys())
        if known[domain].why is not Why.CLAIM
        and not any(
            attempt.source == "screenshot" and attempt.status.answered for attempt in attempts.get(domain, ())
        )
    ]
