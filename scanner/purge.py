"""Removing cases: rows, evidence, reports, what they brought into the library, and the free space all that leaves.

The rows go in one transaction that also writes down what is still to be done; whatever stops the rest, any later purge
goes on with it. What others brought too stays: texts and pictures another scan or crawl saw, sites another case names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from scanner.library import Library, LibraryError, OlderLibraryError
from scanner.store import Store, StoreError, purging
from scanner.store.purging import Outline, Step
from scanner.store.records import iso


@dataclass(frozen=True, slots=True)
class Purged:
    """What went with a case, or would. texts, pictures: of the library; None where they can't be counted before it is
    brought up to date."""

    case: str
    rows: dict[str, int]
    files: tuple[str, ...]
    reports: tuple[str, ...]
    elsewhere: tuple[str, ...]
    texts: int | None
    pictures: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A case that stays, and why."""

    case: str
    why: str


Told = Callable[[str], None]
_STEPS = {
    purging.FILE: "removing evidence files",
    purging.REPORT: "removing reports",
    purging.LIBRARY: "forgetting its texts and pictures in the library",
    purging.TIDY: "clearing free space",
}


def outlined(store: Store, library: Path, case: str) -> Purged:
    """What `purge` would remove. StoreError where it would not; nothing is changed."""
    return _with_library(purging.outline(store, case), library)


def purge(store: Store, library: Path, cases: Sequence[str], told: Told = lambda _: None) -> list[Purged]:
    """Removes these cases, and all that earlier purges left. told: is told of each kind of step before it is done.

    Raises StoreError or LibraryError; what was begun is gone on with next time. A case that is held, or of which a scan
    is running, stops it before anything of that case was touched.
    """
    done = []
    for case in cases:
        before = outlined(store, library, case)
        told("removing rows")
        after = purging.remove_rows(store, case)
        done.append(replace(before, rows=after.rows, files=after.files, reports=after.reports))
    finish(store, library, told)
    return done


def finish(store: Store, library: Path, told: Told = lambda _: None) -> bool:
    """Does what purges left to do. False where there was nothing."""
    steps = purging.steps_left(store)
    said = ""
    for step in steps:
        if _STEPS.get(step.step, "") != said:
            said = _STEPS.get(step.step, "")
            told(said)
        try:
            _do(step, store, library)
        except LibraryError as error:
            raise StoreError(
                f"{error}; the rows of the case are gone: run `falsefront purge` once more for the rest"
            ) from error
        purging.step_done(store, step)
    if steps:
        purging.empty_journal(store)
    return bool(steps)


def purge_sweep(store: Store, library: Path, sweep: str, told: Told = lambda _: None) -> list[Purged]:
    """Removes a list that was swept and the cases it led to, as `purge` does: the cases first, so that what was begun
    is gone on with by giving the same id again."""
    _, cases = purging.sweep_rows(store, sweep)
    for case in cases:
        purging.outline(store, case)  # one that is held stops all of it, before anything went
    done = purge(store, library, cases, told)
    rows = purging.remove_sweep(store, sweep)
    finish(store, library, told)
    return [*done, Purged(sweep, rows, (), (), (), 0, 0)]


def outlined_sweep(store: Store, library: Path, sweep: str) -> list[Purged]:
    """What `purge_sweep` would remove."""
    rows, cases = purging.sweep_rows(store, sweep)
    return [*(outlined(store, library, case) for case in cases), Purged(sweep, rows, (), (), (), 0, 0)]


def purge_old_sweeps(
    store: Store, library: Path, now: datetime, keep_days: int, *, dry_run: bool
) -> list[Purged]:
    """Removes lists last gone through more than so many days ago; the cases they led to go by their own age."""
    done = []
    for sweep in purging.old_sweeps(store, iso(now - timedelta(days=keep_days))):
        rows = purging.sweep_rows(store, sweep)[0] if dry_run else purging.remove_sweep(store, sweep)
        done.append(Purged(sweep, rows, (), (), (), 0, 0))
    if done and not dry_run:
        finish(store, library)
    return done


def out_of_date(store: Store, now: datetime, keep_days: int) -> tuple[list[str], list[Kept]]:
    """Cases whose newest scan began more than so many days ago, oldest first; and those among them that stay."""
    limit = now - timedelta(days=keep_days)
    newest = {scan.case_id: scan.started_at for scan in store.scans()}  # oldest first: the last one stays
    old = sorted((at, case) for case, at in newest.items() if at < limit)
    kept = [Kept(case, why) for _, case in old if (why := purging.why_kept(store, case))]
    stays = {one.case for one in kept}
    return [case for _, case in old if case not in stays], kept


def _do(step: Step, store: Store, library: Path) -> None:
    if step.step in (purging.FILE, purging.REPORT):
        purging.remove_files(store, step)
    elif step.step == purging.LIBRARY:
        if library.exists():
            with Library(library) as held:
                held.forget(step.what)
    elif step.step == purging.TIDY:
        if library.exists():
            with Library(library) as held:
                held.tidy()
        purging.tidy(store)


def _with_library(found: Outline, library: Path) -> Purged:
    texts: int | None = 0
    pictures: int | None = 0
    try:
        if library.exists():
            with Library(library, readonly=True) as held:
                texts, pictures = held.brought(found.case)
    except OlderLibraryError:
        texts = pictures = None
    return Purged(found.case, found.rows, found.files, found.reports, found.elsewhere, texts, pictures)
