"""Case in, verdicts out. One asyncio loop runs a scan; `rescore` is the same judging over stored observations.

Sources run side by side, each under its own deadline. A source that fails is a row, not an exception. Whatever
arrives is stored as it comes, so that a deadline, Ctrl-C or a kill loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

from scanner import __version__
from scanner.code_accounts import is_account, login_of, own_account
from scanner.collect import ASKED_FOR, SOURCES, Job, Outcome, github
from scanner.collect.base import Keep
from scanner.comparing import Comparing
from scanner.copies import text_of
from scanner.egress import EgressError, NameAbsent
from scanner.library import Picture, Text
from scanner.links import write_down
from scanner.means import Means, cause_of
from scanner.memory import give_back
from scanner.model import About, Attempt, Case, Evidence, Observed, Status, Target, Why
from scanner.observe import observe_in
from scanner.picturing import Picturing
from scanner.plan import (
    LEADS_AT_ONCE,
    LEADS_PER_SCAN,
    LEADS_PER_TARGET,
    Step,
    leads,
    plan_case,
    steps_for,
)
from scanner.reuse import earlier_answer, was_reused
from scanner.score import store_verdicts
from scanner.shared_pictures import pictures_of
from scanner.store import OpenAttempt, ScanRecord, ScanStatus, Store, StoreError

DECIDES_ITSELF = frozenset({"dns", "website", "github", "screenshot"})
"""Sources with many answers a target: their collector knows how the attempt ended. For the others the one
answer's text may say more than its status ("limit exceeded" in an ordinary WHOIS answer)."""


ASKS_THE_TARGET = frozenset({"dns", "tls", "website", "screenshot"})
"""Sources that ask the target's own hosts; the others ask somebody else about it."""


HAS_TEXT = frozenset({"website", "screenshot"})
"""Sources whose pages have main text, which the library is asked about."""


TARGETS_A_SWEEP = 25
"""After so many targets, memory they let go of is given back: a long list needs no more than a short one."""


async def scan(case: Case, means: Means) -> ScanRecord:
    """Runs or resumes a scan of a case and returns its row; findings and verdicts stand in the store.

    Raises CancelledError (Ctrl-C) after what was collected has been stored and the scan marked interrupted.
    """
    return await _Scan(case, means).run()


class _Scan:
    def __init__(self, case: Case, means: Means):
        self.case = case
        self.means = means
        self.known: dict[str, Target] = {}
        self.leads = 0
        self.record: ScanRecord
        # Of a scan that goes on: what is still to be asked of a target, and how the rest ended.
        self.pending: dict[str, set[str]] = {}
        self.earlier: dict[str, dict[str, Attempt]] = {}
        self.texts: dict[str, list[Text]] = {}
        self.ended = 0  # targets
        self.pictures: dict[str, list[Picture]] = {}
        self.accounts: dict[str, str] = {}  # on a code platform, by target

    async def run(self) -> ScanRecord:
        store = self.means.store
        targets = await self._begun()
        self.picturing = Picturing(self, self._step)
        self.comparing = Comparing(self, sum(target.why is Why.CLAIM for target in targets))
        try:
            async with asyncio.TaskGroup() as group:
                self.group = group
                for target in targets:
                    self._start(target)
            if self.means.shelf is not None:
                with self.comparing.may_fail():
                    await self.comparing.compare(self.means.shelf)
                await self.comparing.tell()
                await self.picturing.originals()
            await store.call(write_down, self.record, self.means.knowledge)
            await store.call(store_verdicts, self.record, self.means.knowledge)
        except BaseException as error:
            # Ctrl-C, or a store that can't be written: what has been stored stays, and the same command goes on.
            with contextlib.suppress(
                StoreError
            ):  # then the next start finds it left behind, and says the same
                await asyncio.shield(self._finish(ScanStatus.INTERRUPTED))
            if (cause := cause_of(error)) is not error:
                raise cause from error
            raise
        return await self._finish(None)

    async def _finish(self, status: ScanStatus | None) -> ScanRecord:
        return await self.means.store.call(Store.finish, self.record, status, self.means.network.now())

    # ------------------------------------------------------------------------------------------- begin

    async def _begun(self) -> Sequence[Target]:
        """Begins whole or not at all: a Ctrl-C while the first rows are written leaves no scan that seems to run."""
        beginning = asyncio.ensure_future(self._begin())
        try:
            return await asyncio.shield(beginning)
        except asyncio.CancelledError:
            await beginning
            await self._finish(ScanStatus.INTERRUPTED)
            raise

    async def _begin(self) -> Sequence[Target]:
        means = self.means
        now = means.network.now()
        plan = plan_case(self.case)
        store = means.store
        if not means.again:
            found = await store.call(
                Store.find_resumable, self.case.id, self.case.claims, now, passive=means.choice.passive
            )
            if found is not None:
                return await self._resume(found)
        self.known = {target.domain: target for target in plan.everything}
        self.record = await store.call(
            Store.begin_scan,
            self.case,
            plan.everything,
            as_of=now,
            passive=means.choice.passive,
            tool_version=__version__,
            knowledge_version=means.knowledge.version,
            planned=[
                (step.target.domain, step.source)
                for target in plan.everything
                for step in self._steps(target)
            ],
        )
        means.progress.planned(plan.everything)
        return plan.everything

    async def _resume(self, found: ScanRecord) -> Sequence[Target]:
        store = self.means.store
        self.record = await store.call(Store.resume, found)
        stored = await store.call(Store.targets, self.record)
        attempts = await store.call(Store.attempts, self.record)
        self.known = {target.domain: target for target in stored}
        self.leads = sum(target.why is not Why.CLAIM and not is_account(target) for target in stored)
        self.earlier = {domain: {a.source: a for a in rows} for domain, rows in attempts.items()}
        self.pending = {target.domain: set() for target in stored}
        for domain, source in await store.call(Store.pending, self.record):
            self.pending[domain].add(source)
        unfinished = [target for target in stored if self.pending[target.domain]]
        self.means.progress.planned(unfinished)
        return unfinished

    def _steps(self, target: Target) -> tuple[Step, ...]:
        wanted = dict(SOURCES)
        begun = "screenshot" in self.pending.get(target.domain, ())  # asked for when the scan was begun
        if (self.means.choice.screenshots and target.why is Why.CLAIM) or begun:
            wanted |= ASKED_FOR
        return steps_for(target, [(s.INFO, s.plan(target)) for s in wanted.values()], self.means.choice)

    # ------------------------------------------------------------------------------------ one target

    def _start(self, target: Target) -> None:
        self.group.create_task(self._target(target), name=target.domain)

    async def _target(self, target: Target) -> None:
        async with self.means.slots:
            wanted = self.pending.get(target.domain)
            steps = {s.source: s for s in self._steps(target) if wanted is None or s.source in wanted}
            whois, account = steps.pop("whois", None), steps.pop("github", None)
            picture = steps.pop("screenshot", None)
            async with asyncio.TaskGroup() as group:
                tasks = {name: group.create_task(self._step(step)) for name, step in steps.items()}
                if whois is not None:
                    group.create_task(self._whois(whois, tasks.get("rdap")))
                if account is not None:
                    group.create_task(self._account(account, tasks.get("website")))
                if picture is not None:
                    group.create_task(self.picturing.take(picture, tasks.get("website")))
        self.means.progress.ended(target.domain)
        self.ended += 1
        if self.ended % TARGETS_A_SWEEP == 0:
            await asyncio.to_thread(give_back)

    async def _whois(self, step: Step, rdap: asyncio.Task[Attempt] | None) -> None:
        """WHOIS is asked only where RDAP gave no answer."""
        attempt = await rdap if rdap is not None else self.earlier.get(step.target.domain, {}).get("rdap")
        if (
            attempt is not None
            and not step.skip
            and attempt.status.answered
            and "no-dates" not in attempt.reason
        ):
            step = Step(step.target, step.source, "not-needed answered by rdap")
        await self._step(step)

    async def _account(self, step: Step, website: asyncio.Task[Attempt] | None) -> None:
        """A code platform is asked once the site has been read: which account is its own stands there."""
        if website is not None:
            await website
        if not step.skip:
            self.accounts[step.target.domain] = await self._account_of(step.target)
            if not self.accounts[step.target.domain]:
                step = Step(step.target, step.source, github.NO_ACCOUNT)
        await self._step(step)

    async def _account_of(self, target: Target) -> str:
        """The account a claim names, or the site gives as its own; "" for one that is asked about already."""
        if is_account(target):
            return next((login for url in target.entries if (login := login_of(url))), "")
        rows = await self.means.store.call(Store.observations, self.record, target.domain)
        login = own_account(row.value for row in rows if (row.kind, row.name) == ("contact", "social"))
        claimed = {
            login_of(url) for other in self.known.values() for url in other.entries if is_account(other)
        }
        return "" if login in claimed or login in self.accounts.values() else login

    async def _step(self, step: Step) -> Attempt:
        """One attempt, from first row to last: opened, fed while it runs, closed with how it ended."""
        means, target = self.means, step.target
        started, clock = means.network.now(), means.network.monotonic()
        open_attempt = means.store.open_attempt(self.record, target.domain, step.source, started)
        if step.skip:
            outcome = Outcome(Status.SKIPPED, step.skip)
        elif step.source == "website" and means.engine is None:
            outcome = Outcome(Status.SKIPPED, "no crawl engine")
        else:
            means.progress.asking(target.domain, step.source)
            outcome = await self._collect(target, step.source, open_attempt)
        if step.source == "website" and target.why is Why.CLAIM:
            self.comparing.site_read()
        ms = round((means.network.monotonic() - clock) * 1000)
        means.store.close_attempt(open_attempt, outcome.status, outcome.reason, ms)
        means.progress.answered(target.domain, step.source, outcome.status, outcome.reason)
        return Attempt(step.source, outcome.status, outcome.reason, started, ms)

    async def _collect(self, target: Target, source: str, open_attempt: OpenAttempt) -> Outcome:
        keeper = _Keeper(self, target, source, open_attempt)

        async def ask(keep: Keep) -> Outcome:
            job = Job(
                source,
                target,
                self.means.network,
                self.means.parse,
                keeper.about,
                keep,
                passive=self.means.choice.passive,
                engine=self.means.engine,
                account=self.accounts.get(target.domain, "") if source == "github" else "",
                render=target.domain in self.picturing.unrendered,
            )
            return await self._within_deadline(source, job)

        keeper.start()
        try:
            outcome = await self._reuse(target, source, keeper) or await self._once(
                target, source, keeper, ask
            )
        finally:
            await keeper.finish()
        if self.means.shelf is not None and source in HAS_TEXT:
            with self.comparing.may_fail():
                await self.means.shelf.add(self.texts.pop(target.domain, []))
                await self.means.shelf.wall.add(self.pictures.pop(target.domain, []))
        if source not in DECIDES_ITSELF and outcome.status is Status.OK and keeper.refined is not None:
            outcome = keeper.refined if not was_reused(outcome.reason) else outcome
        return outcome

    async def _once(
        self, target: Target, source: str, keeper: _Keeper, ask: Callable[[Keep], Awaitable[Outcome]]
    ) -> Outcome:
        """Asked by this case, or by another of the same run that asks the same."""
        shared = self.means.shared
        if shared is None or target.why is not Why.CLAIM:
            return await ask(keeper.keep)
        return await shared.ask(self.case.id, source, target, keeper.keep, ask)

    async def _reuse(self, target: Target, source: str, keeper: _Keeper) -> Outcome | None:
        """The young answer of an earlier scan, kept as this scan's own; None where the source is to be asked."""
        means = self.means
        if means.fresh or source in ASKED_FOR or not SOURCES[source].INFO.fresh_days:
            return None
        info, now = SOURCES[source].INFO, means.network.now()
        found = await means.store.call(earlier_answer, self.record, target, info, now)
        if found is None:
            return None
        for evidence in found.evidence:
            keeper.keep(evidence, None)
        return Outcome(found.status, found.reason)

    async def _within_deadline(self, source: str, job: Job) -> Outcome:
        asked = SOURCES.get(source) or ASKED_FOR[source]
        info = asked.INFO
        try:
            async with asyncio.timeout(self.means.network.scale(info.deadline)):
                return await asked.collect(job)
        except TimeoutError:
            return Outcome(Status.TIMEOUT, f"deadline no full answer within {info.deadline:g} s")
        except NameAbsent as error:
            # Only of the target's own hosts does it say anything that they do not exist.
            status = Status.ABSENT if source in ASKS_THE_TARGET else Status.UNREACHABLE
            return Outcome(status, error.reason)
        except EgressError as error:
            return Outcome(error.status, error.reason)
        except Exception as error:  # our fault, typed as such: one source must not end the scan
            return Outcome(Status.ERROR, f"internal {type(error).__name__}: {error}"[:200])

    # ------------------------------------------------------------------------------------------- leads

    def follow(self, target: Target, observed: Observed) -> None:
        """Starts where a site redirects and what it was before as soon as it is seen, within the limits on leads.
        Other leads wait until the claimed sites are read: the most telling come first."""
        rows = [row for row in observed.observations if (row.kind, row.name) in LEADS_AT_ONCE]
        if rows:
            self.take(target, leads(target, rows, self.known, LEADS_PER_SCAN - self.leads))

    def take(self, target: Target, found: Sequence[Target]) -> None:
        room = LEADS_PER_TARGET - sum(t.from_domain == target.domain for t in self.known.values())
        for lead in found[: max(0, min(room, LEADS_PER_SCAN - self.leads))]:
            self.known[lead.domain] = lead
            self.leads += 1
            self.group.create_task(self._follow(lead))

    async def _follow(self, lead: Target) -> None:
        planned = [(lead.domain, step.source) for step in self._steps(lead)]
        await self.means.store.call(Store.add_targets, self.record, [lead], planned)
        await self._target(lead)


class _Keeper:
    """Takes what a collector keeps: has it observed in a worker where that is still to do, and stores it.

    A queue and one task an attempt: the collector never waits for the database, and memory stays bounded by
    what is under way.
    """

    def __init__(self, scan: _Scan, target: Target, source: str, open_attempt: OpenAttempt):
        self.scan = scan
        self.target = target
        self.source = source
        self.open_attempt = open_attempt
        texts = source in HAS_TEXT and scan.means.shelf is not None
        self.about = About(target.domain, target.entries, target.platform, scan.record.as_of, texts, texts)
        self.queue: asyncio.Queue[tuple[Evidence, Observed | None] | None] = asyncio.Queue()
        self.refined: Outcome | None = None
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.task = asyncio.create_task(self._work())
        # A store that fails is said once, by whoever waits; nobody may be waiting when the scan is stopping.
        self.task.add_done_callback(lambda task: task.cancelled() or task.exception())

    def keep(self, evidence: Evidence, observed: Observed | None) -> None:
        self.queue.put_nowait((evidence, observed))

    async def finish(self) -> None:
        """Waits until everything kept so far is stored, also while the scan is being cancelled."""
        assert self.task is not None
        self.queue.put_nowait(None)
        await asyncio.shield(self.task)

    async def _work(self) -> None:
        means = self.scan.means
        while (item := await self.queue.get()) is not None:
            evidence, observed = item
            if observed is None:
                observed = await observe_in(means.parse, self.source, evidence, self.about, later=True)
            if observed.status is not None:
                self.refined = Outcome(observed.status, observed.reason)
            means.store.keep(self.open_attempt, evidence, observed)
            await means.store.drained()
            text = text_of(observed, evidence, self.target.domain, f"scan:{self.scan.case.id}")
            if text is not None:
                self.scan.texts.setdefault(self.target.domain, []).append(text)
            if pictures := pictures_of(observed, self.target.domain, f"scan:{self.scan.case.id}"):
                self.scan.pictures.setdefault(self.target.domain, []).extend(pictures)
            self.scan.follow(self.target, observed)
