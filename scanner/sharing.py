"""Several cases in one run: what two of them ask alike is asked once, and its answer copied into both.

A copy is kept as the scan's own evidence with its first date, so that purging one case takes nothing from another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable

from scanner.collect import ASKED_FOR, SOURCES, Outcome
from scanner.collect.base import entry_host
from scanner.model import Case, Evidence, Observed, Target
from scanner.plan import plan_case
from scanner.reuse import OF_THE_NAME

Keep = Callable[[Evidence, Observed | None], None]
_NEVER = frozenset({"github", "search"})
"""What they are asked depends on what else the case holds."""
_OF_THE_HOSTS = frozenset({"dns", "tls"})


class Shared:
    """Answers of one run that more than one of its cases waits for; each is held until the last has it."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._users: dict[Hashable, set[str]] = {}
        self._answers: dict[Hashable, _Answer] = {}
        for case in cases:
            for target in plan_case(case).targets:
                for source in (*SOURCES, *ASKED_FOR):
                    self._users.setdefault(question(source, target), set()).add(case.id)
        self._users = {key: users for key, users in self._users.items() if len(users) > 1}

    async def ask(
        self,
        case: str,
        source: str,
        target: Target,
        keep: Keep,
        collect: Callable[[Keep], Awaitable[Outcome]],
    ) -> Outcome:
        """How `collect` ended, run by whoever of the cases comes first; what it kept is kept for each.

        A first one that is stopped leaves the question to the next.
        """
        key = question(source, target)
        users = self._users.get(key, set())
        if source in _NEVER or case not in users:
            return await collect(keep)
        answer = self._answers.get(key)
        while answer is not None:
            await answer.ended.wait()
            if answer.outcome is not None:
                for evidence, observed in answer.kept:
                    keep(evidence, observed)
                self._leave(key, case)
                return answer.outcome
            answer = self._answers.get(key) if self._answers.get(key) is not answer else None
        answer = self._answers[key] = _Answer()
        try:
            answer.outcome = await collect(answer.keeping(keep))
            return answer.outcome
        finally:
            answer.ended.set()
            self._leave(key, case)

    def done(self, case: str) -> None:
        """The case asks nothing any more."""
        for key in [key for key, users in self._users.items() if case in users]:
            self._leave(key, case)

    def _leave(self, key: Hashable, case: str) -> None:
        users = self._users.get(key, set())
        users.discard(case)
        if not users:
            self._users.pop(key, None)
            self._answers.pop(key, None)


class _Answer:
    def __init__(self) -> None:
        self.kept: list[tuple[Evidence, Observed | None]] = []
        self.ended = asyncio.Event()
        self.outcome: Outcome | None = None

    def keeping(self, keep: Keep) -> Keep:
        def both(evidence: Evidence, observed: Observed | None) -> None:
            self.kept.append((evidence, observed))
            keep(evidence, observed)

        return both


def question(source: str, target: Target) -> Hashable:
    """What a source is asked about a target: the same for two cases when the same would be fetched."""
    if source in OF_THE_NAME:
        return source, target.domain
    if source in _OF_THE_HOSTS:
        return source, target.domain, target.platform, frozenset(map(entry_host, target.entries))
    roles = frozenset(claim.role for claim in target.claims)
    if source in ("website", *ASKED_FOR):
        return source, target.domain, target.platform, target.entries, roles
    years = frozenset((claim.role, claim.period) for claim in target.claims)
    return source, target.domain, target.platform, target.entries, years
