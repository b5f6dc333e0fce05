"""Whose text and pictures are these: the part of a scan that asks the library, follows what it names, and dates both
sides.

It comes after the claimed sites are read. What is found stands as the scan's own observations of source `library`, so
that judging asks no index.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from scanner import older_pictures, phrases
from scanner.collect import Job, Outcome, search
from scanner.copies import Likeness, Shelf, datings, lead_to, worth_a_look, written, written_reuse
from scanner.dating import Purse, Shared, captures_kept
from scanner.egress import EgressError
from scanner.leads import in_order, left_overs, seen_elsewhere
from scanner.library import LibraryError, Picture
from scanner.means import TARGETS_AT_ONCE, Means, cause_of
from scanner.model import About, Attempt, Evidence, Observation, Observed, Status, Target, Why
from scanner.plan import LEADS_PER_SCAN
from scanner.shared_pictures import Shared as SharedPictures
from scanner.shared_pictures import archived_pictures
from scanner.store import ScanRecord, Store

CAPTURES_DEADLINE = 150.0
"""Seconds for the captures of one target's likenesses: most of it is waiting for the archive's quota."""


class Run(Protocol):
    """The scan this is a part of. group: where new targets are started; known: all targets so far."""

    means: Means
    record: ScanRecord
    group: asyncio.TaskGroup
    leads: int

    @property
    def known(self) -> Mapping[str, Target]: ...

    @property
    def earlier(self) -> Mapping[str, Mapping[str, Attempt]]: ...

    def take(self, target: Target, found: Sequence[Target]) -> None: ...


class Comparing:
    """Of one scan. lost: why the library can't be used, "" while it can."""

    def __init__(self, run: Run, sites: int):
        self.run = run
        self.lost = run.means.lost
        self._sites_left = sites  # claimed ones that have not been read yet
        self._pictures: dict[str, SharedPictures] = {}
        self._captured: dict[str, list[Observation]] = {}  # pictures that the archive's index lists, by site
        self._phrases: dict[str, list[str]] = {}
        self._elsewhere: dict[str, tuple[Observation, ...]] = {}  # why names and identifiers led on

    @contextlib.contextmanager
    def may_fail(self) -> Iterator[None]:
        """A library that can't be read or written ends no scan: what it would have said is missing, and said so."""
        try:
            yield
        except BaseException as error:
            if not isinstance(cause := cause_of(error), LibraryError):
                raise
            self.lost = self.lost or str(cause)

    async def tell(self) -> None:
        """An attempt at the library for each claimed target where it failed, now or before this scan went on."""
        for target in [target for target in self.run.known.values() if target.why is Why.CLAIM]:
            if self.lost or "library" in self.run.earlier.get(target.domain, {}):
                store, now = self.run.means.store, self.run.means.network.now()
                attempt = store.open_attempt(self.run.record, target.domain, "library", now)
                status = Status.ERROR if self.lost else Status.OK
                store.close_attempt(attempt, status, f"unusable {self.lost}" if self.lost else "", 0)

    def site_read(self) -> None:
        """One claimed site less to read. After the last, leads are followed beside the sources that still run,
        mostly a registry's slow answer. Only in small cases: what the library answers is held until it is needed."""
        self._sites_left -= 1
        if (
            self._sites_left == 0
            and self.run.means.shelf is not None
            and len(self.run.known) <= TARGETS_AT_ONCE
        ):
            self.run.group.create_task(self._lead_on_early(self.run.means.shelf))

    async def _lead_on_early(self, shelf: Shelf) -> None:
        with self.may_fail():
            await self._lead_on(shelf)

    async def compare(self, shelf: Shelf) -> None:
        """Asks the library for the claimed targets' texts, looks at the sites it names, and dates both sides."""
        claimed = [target for target in self.run.known.values() if target.why is Why.CLAIM]
        self._phrases = {target.domain: await shelf.phrases(target.domain) for target in claimed}
        if self.run.means.search is not None and "search" not in self.run.means.choice.without:
            async with asyncio.TaskGroup() as group:
                self.run.group = group
                for target in claimed:
                    group.create_task(self._search(target, self.run.means.search))
        async with asyncio.TaskGroup() as group:
            self.run.group = group
            await self._lead_on(shelf)
        found = {target.domain: await shelf.likenesses(target.domain) for target in claimed}
        self._pictures = {target.domain: await shelf.wall.shared(target.domain) for target in claimed}
        captures = (("archive", "capture"),)
        rows = await self.run.means.store.call(Store.observations_named, self.run.record, captures)
        for domain, row in rows:
            if row.value.partition(" ")[2].startswith("image/"):
                self._captured.setdefault(domain, []).append(row)
        if kept := archived_pictures(rows):
            for domain, shared in self._pictures.items():
                self._pictures[domain] = shared.with_archived(await shelf.wall.of(domain), kept)
        async with asyncio.TaskGroup() as group:
            for target in claimed:
                group.create_task(self._write_down(target, found.pop(target.domain), shelf))
        shelf.let_go()

    async def _lead_on(self, shelf: Shelf) -> None:
        """Starts what the library knows to be alike, then what is left of other sites in the claimed ones' pages.
        In this order: shared text is worth more than any name, and decoys must not take the room of an original."""
        store = self.run.means.store
        claimed = [target for target in self.run.known.values() if target.why is Why.CLAIM]
        for target in claimed:
            alike = [lead_to(one, target) for one in worth_a_look(await shelf.likenesses(target.domain))]
            alike += (await shelf.wall.shared(target.domain)).leads(target)
            self.run.take(target, [lead for lead in alike if lead.domain not in self.run.known])
        if "website" in self.run.means.choice.without or self.run.leads >= LEADS_PER_SCAN:
            return
        rows = await store.call(left_overs, self.run.record)
        for target in claimed:
            here = rows.setdefault(target.domain, [])
            self._elsewhere[target.domain] = await seen_elsewhere(
                target.domain, here, store, shelf, self.run.record.as_of
            )
            here += self._elsewhere[target.domain]
        for lead in in_order(claimed, rows, self.run.known):
            if lead.domain not in self.run.known:
                self.run.take(self.run.known[lead.from_domain], [lead])

    async def _search(self, target: Target, service: search.Search) -> None:
        """One attempt at the team's search service with the target's rarest sentences; what it finds are leads."""
        means = self.run.means
        started, clock = means.network.now(), means.network.monotonic()
        attempt = means.store.open_attempt(self.run.record, target.domain, "search", started)
        about = About(target.domain, target.entries, target.platform, self.run.record.as_of)

        def keep(evidence: Evidence, observed: Observed | None) -> None:
            means.store.keep(attempt, evidence, observed)

        means.progress.asking(target.domain, "search")
        job = Job("search", target, means.network, means.parse, about, keep)
        rows: Sequence[Observation] = ()
        try:
            async with asyncio.timeout(means.network.scale(search.INFO.deadline)):
                outcome, rows = await search.collect(job, service, self._phrases[target.domain])
        except TimeoutError:
            outcome = Outcome(Status.TIMEOUT, f"deadline no full answer within {search.INFO.deadline:g} s")
        except EgressError as error:
            absent = error.status is Status.ABSENT  # of the service's host, which says nothing of the target
            outcome = Outcome(Status.UNREACHABLE if absent else error.status, error.reason)
        ms = round((means.network.monotonic() - clock) * 1000)
        means.store.close_attempt(attempt, outcome.status, outcome.reason, ms)
        means.progress.answered(target.domain, "search", outcome.status, outcome.reason)
        self.run.take(
            target, [lead for lead in search.leads(rows, target) if lead.domain not in self.run.known]
        )

    async def _write_down(self, target: Target, found: Sequence[Likeness], shelf: Shelf) -> None:
        pairs = [(one, await shelf.shared(one)) for one in found]
        rows = [row for one, shared in pairs for row in written(one, shared)]
        if (reuse := await shelf.reused(target.domain)) is not None:
            rows.append(written_reuse(*reuse))
        pictures = self._pictures.pop(target.domain)
        rows += await self._told(pictures)
        rows += phrases.written(self._phrases.pop(target.domain))
        rows += self._elsewhere.pop(target.domain, ())
        await self._replace(target, rows)
        if "archive" in self.run.means.choice.without:
            return
        worth = [(one, shared) for wanted in worth_a_look(found) for one, shared in pairs if one is wanted]
        wanted = await self._older(
            target, {*pictures.domains, *(one.match.domain for one, _ in worth)}, shelf
        )
        if worth or wanted:
            older = await self._date(target, worth, wanted)
            more = pictures.with_older(await shelf.wall.of(target.domain), older)
            if more != pictures:
                rows = [row for row in rows if row.kind != "picture"] + await self._told(more)
                await self._replace(target, rows)

    async def _told(self, pictures: SharedPictures) -> list[Observation]:
        """What is written down of pictures, dated by what the scan saw of both sides."""
        known = [domain for domain in pictures.domains if domain in self.run.known]
        call = self.run.means.store.call
        return list(
            pictures.written(
                {domain: await call(Store.observations, self.run.record, domain) for domain in known}
            )
        )

    async def _replace(self, target: Target, rows: Sequence[Observation]) -> None:
        observed = [Observed(tuple(rows))]
        await self.run.means.store.call(
            Store.replace_observations, self.run.record, target.domain, observed, sources=("library",)
        )

    async def _older(
        self, target: Target, sharing: Collection[str], shelf: Shelf
    ) -> list[tuple[str, Observation]]:
        """Captured pictures of other sites of the case, and of those this one led to, that are worth a turn."""
        sites = {
            domain: self._captured[domain]
            for domain, other in self.run.known.items()
            if domain != target.domain
            and domain in self._captured
            and (other.why is Why.CLAIM or other.from_domain == target.domain or domain in sharing)
        }
        if not sites or not (ours := await shelf.wall.of(target.domain)):
            return []
        shown = {picture.sha1 for picture in ours}
        for domain in sites:
            shown.update(picture.sha1 for picture in await shelf.wall.of(domain))
        return older_pictures.worth_a_turn(ours, sites, shown, sharing)

    async def _date(
        self,
        target: Target,
        pairs: Sequence[tuple[Likeness, Shared]],
        wanted: Sequence[tuple[str, Observation]],
    ) -> list[tuple[Picture, str]]:
        """One attempt at source `captures`: since when each side has held the shared text, then pictures other sites
        had once (`wanted`). Gives the pictures, each with the digest of its evidence."""
        means, store = self.run.means, self.run.means.store
        started, clock = means.network.now(), means.network.monotonic()
        attempt = store.open_attempt(self.run.record, target.domain, "captures", started)
        means.progress.asking(target.domain, "captures")
        status, reason, purse = Status.OK, "", Purse()
        seen: list[older_pictures.Seen] = []
        purse.remember(await store.call(captures_kept, self.run.record, target.domain))
        try:
            async with asyncio.timeout(means.network.scale(CAPTURES_DEADLINE)):
                for dating in (
                    side for pair in pairs for side in datings(*pair, means.network, means.parse, purse)
                ):
                    if dating.domain not in self.run.known:
                        continue
                    rows = await store.call(Store.observations, self.run.record, dating.domain)
                    dated, ended, why = await dating.run(rows)
                    for one in dated:
                        store.keep(attempt, one.evidence, one.observed)
                    if not ended.answered:
                        status, reason = ended, why
                    elif ended is Status.OK and status is Status.OK:
                        reason = reason or why
                if status is Status.OK:
                    status, why = await older_pictures.look(means.network, means.parse, wanted, seen)
                    reason = why if status is not Status.OK else reason or why
        except TimeoutError:
            status, reason = Status.TIMEOUT, f"deadline no full answer within {CAPTURES_DEADLINE:g} s"
        ms = round((means.network.monotonic() - clock) * 1000)
        for each in seen:
            store.keep(attempt, each.evidence, Observed())
        store.close_attempt(attempt, status, reason, ms)
        means.progress.answered(target.domain, "captures", status, reason)
        return [(each.picture, each.evidence.digest) for each in seen if each.picture is not None]
