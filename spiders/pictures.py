"""The pictures of a site, when its pages have been read: the last thing asked, with what time and bytes are left.

A picture that can't be had or read is no loss to speak of: nothing here changes how the visit ended.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from scanner.model import Observed, Status
from spiders.album import Album, Wanted
from spiders.entry import fact
from spiders.visit import Failed, Kind, NotAllowed, Visit

AT_ONCE = 2
SECONDS = 16.0  # for all of them: thirty at half a second between two
SPARED_SECONDS = 2.0  # of the visit, for what comes after
MOST_FAILURES = 4  # without an answer, or one that says no; then no more are asked for
MOST_UNREADABLE = 2  # each may cost a worker, which the other sites wait for


@dataclass(slots=True)
class Gallery:
    """One site's pictures being fetched."""

    visit: Visit
    album: Album
    failures: int = 0
    unreadable: int = 0

    async def run(self) -> None:
        """Ask for the best pictures, two at a time, until the means for them are used up."""
        if not len(self.album) or self.visit.halted:
            return
        clock = self.visit.clock
        room = min(clock.scale(SECONDS), self.visit.seconds_left - clock.scale(SPARED_SECONDS))
        lanes = [asyncio.ensure_future(self._lane()) for _ in range(AT_ONCE)]
        try:
            async with asyncio.timeout(max(room, 0)):
                await asyncio.gather(*lanes)
        except TimeoutError:
            pass  # what has come is kept
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)

    async def _lane(self) -> None:
        while self._may() and (wanted := self.album.next()) is not None:
            await self._one(wanted)

    def _may(self) -> bool:
        visit = self.visit
        return (
            not visit.halted
            and visit.pictures_left > 0
            and visit.room(Kind.PICTURE) > 0
            and self.failures < MOST_FAILURES
            and self.unreadable < MOST_UNREADABLE
        )

    async def _one(self, wanted: Wanted) -> None:
        try:
            answer = await self.visit.ask(wanted.url, Kind.PICTURE)
        except NotAllowed:
            return
        except Failed:
            self.failures += 1
            return
        if answer.status != 200 or answer.evidence.truncated:
            self.failures += answer.status in (401, 403, 429) or answer.status >= 500
            self.visit.keep(answer.evidence, Observed())
            return
        observed = await self.visit.observe(answer.evidence)
        self.unreadable += observed.status is Status.UNPARSED
        rows = tuple(row for row in observed.observations if row.kind == "picture")
        if rows:
            where = {"url": wanted.url, "page": wanted.page, "alt": wanted.alt}
            value = json.dumps(where, ensure_ascii=False, sort_keys=True)
            rows = (*rows, fact("picture", value, answer.evidence.digest))
        self.visit.keep(answer.evidence, Observed(rows))
