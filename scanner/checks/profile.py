"""Profile: what a code platform's own record of an account says beside the claims of the case.

Case-wide, since an account belongs to no firm's address. Only two sides of one comparison count: years claimed and the
day the platform made the account; a repository and an older one of another owner. Names of authors are compared as
digests between those two repositories alone, never with a claim, a site or a candidate. Dates of commits are whatever
their author's machine said, so they carry nothing by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scanner.checks.base import Hit, NoEvidence, Result, Texts, case_check
from scanner.checks.facts import Facts, Scene
from scanner.model import Date, Observation, Role, Strength

YEAR = timedelta(days=365)
YOUNG = YEAR
"""An account made within this of the scan is a young one."""
LONG = 5 * YEAR
"""Claimed years that go back this far before a young account."""
SAME_STATES = 3
"""So many early states in common are no template: those share one, or two."""
ACTIVE_YEARS = 3
WORK = frozenset({Role.EMPLOYER, Role.VENDOR, Role.REFERENCE})


@dataclass(frozen=True, slots=True)
class Account:
    """One person's account as the platform records it, with what was read of its repositories."""

    login: str
    made: Date
    row: Observation
    facts: Facts

    def own(self, name: str) -> tuple[tuple[Observation, dict[str, Any]], ...]:
        """Rows of `profile/NAME` about this account's repositories, by name."""
        rows = [(row, read(row)) for row in self.facts.all("profile", name)]
        return tuple(
            sorted(
                ((row, value) for row, value in rows if owner(value["repo"]) == self.login),
                key=lambda one: str(one[1]["repo"]),
            )
        )


def read(row: Observation) -> dict[str, Any]:
    """The JSON of a row of ours."""
    value = json.loads(row.value)
    assert isinstance(value, dict)
    return value


def owner(repository: str) -> str:
    """The account a repository belongs to."""
    return repository.partition("/")[0].lower()


def accounts(scene: Scene) -> Iterator[Account]:
    """The persons' accounts that were read, by login. An organisation's says nothing of anybody's years."""
    for domain in sorted(scene.others):
        facts = scene.others[domain]
        for row in facts.all("profile", "account_created"):
            login, _, kind = row.value.partition(" ")
            if kind == "User" and row.starts is not None:
                yield Account(login.lower(), row.starts, row, facts)


def first_work(scene: Scene) -> Date | None:
    """The earliest claimed start of work."""
    starts = [
        claim.period.starts
        for claim in scene.case.claims
        if claim.role in WORK and claim.period.starts is not None
    ]
    return min(starts, key=lambda date: (date.first, date.text), default=None)


ASK = "Since when have you published code, and where did you publish it before?"
NEXT = "Ask in a conversation about one of the repositories: why it was built so, and what was hard about it."


@case_check(
    "profile.account-age",
    strength=Strength.CONTEXT,
    needs=("profile/account_created", "profile/history"),
    texts=Texts(
        innocent="Commits keep their dates when old work is moved in, and an account can be made at any time.",
        ask=ASK,
        next_step=NEXT,
    ),
    idea="Accounts that are younger than the commits they show (red flag 30).",
)
def account_age(scene: Scene) -> Result:
    """When the platform made an account that a claim or a portfolio names, and from when to when the oldest commits of
    the repositories that were read are dated.

    Context for good: commits dated before the account are what moving from another platform looks like, and
    git lets anybody set any date.
    """
    found = list(accounts(scene))
    if not found:
        return NoEvidence("no person's account was read")
    return [_age(account) for account in found]


def _age(account: Account) -> Hit:
    histories = [(row, value) for row, value in account.own("history") if row.starts is not None]
    rows = tuple(row for row, _ in histories)
    before = sum(row.starts.surely_before(account.made) for row in rows if row.starts is not None)
    dated = sorted({row.starts.day for row in rows if row.starts is not None})
    words = f"The account {account.login} on GitHub was made on {account.made.day}"
    if dated:
        words += (
            f"; the oldest commit in {_count(len(rows), 'repository', 'repositories')} is dated {dated[0]}"
        )
    if before:
        words += f", and {_count(before, 'begins', 'begin')} before the account"
    return Hit(
        f"{words}.",
        observed=f"account made {account.made.day}" + (f", oldest commit {dated[0]}" if dated else ""),
        support=(account.row, *rows),
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


@case_check(
    "profile.young-account",
    strength=Strength.WEAK,
    needs=("profile/account_created",),
    texts=Texts(
        innocent="People make an account late, make a new one for applications, or worked where all code is private.",
        ask=ASK,
        next_step=NEXT,
    ),
    idea="Accounts that are far younger than the claimed work (red flag 30).",
)
def young_account(scene: Scene) -> Result:
    """A named account was made within a year of the scan, and claimed work began five years or more before it.

    Weak for good: it never makes a level. Set aside where another named account shows years of activity.
    """
    start = first_work(scene)
    if start is None:
        return NoEvidence("no claim of work has a date")
    found = [
        account
        for account in accounts(scene)
        if scene.as_of - account.made.first < YOUNG and start.surely_before(account.made, LONG)
    ]
    return [
        Hit(
            f"The account {account.login} on GitHub was made on {account.made.day};"
            f" claimed work begins in {start.year}.",
            claimed=f"work since {start}",
            observed=f"account made {account.made.day}",
            support=(account.row,),
        )
        for account in found
    ]


@case_check(
    "profile.rewritten-authors",
    strength=Strength.MEDIUM,
    needs=("profile/history", "profile/repository", "profile/same_tree"),
    texts=Texts(
        innocent="One person may have had both accounts, changed name or mailbox, or taken the work over from its"
        " first author.",
        ask="Which parts of this repository did you write, and how does it relate to the older one?",
        next_step="Compare the early commits of both repositories side by side, and ask about the design of one part.",
    ),
    idea="Repositories cloned with the author swapped in (red flag 31).",
)
def rewritten_authors(scene: Scene) -> Result:
    """The early history of a repository of a named account is, state by state, that of another owner's repository which
    the platform made earlier, under other author names and mailboxes throughout.

    At least three successive states have to be the same, byte for byte: a template, a course or a generator gives
    one. Nothing for forks (the platform names their origin), for histories that keep an author's name or mailbox, or
    where more than a few owners have the state. Which came first is what the platform recorded for both, never
    the dates of commits, which anybody can set.
    """
    found = list(accounts(scene))
    if not found:
        return NoEvidence("no person's account was read")
    return [hit for account in found for hit in _rewritten(account)]


def _rewritten(account: Account) -> Iterator[Hit]:
    rows = [(row, read(row)) for row in account.facts.all("profile", "history")]
    others = sorted(
        ((row, value) for row, value in rows if owner(value["repo"]) != account.login),
        key=lambda one: str(one[1]["repo"]),
    )
    for row, ours in account.own("history"):
        for other, theirs in others:
            same = _same_states(ours["trees"], theirs["trees"])
            if same < SAME_STATES or _common(account.facts, ours["trees"]):
                continue
            made, theirs_made = _made(account.facts, ours["repo"]), _made(account.facts, theirs["repo"])
            if made is not None and theirs_made is not None and theirs_made[1].surely_before(made[1]):
                yield Hit(
                    f"The first {same} states of {ours['repo']} are those of {theirs['repo']},"
                    f" which GitHub has had since {theirs_made[1].day}, under other authors.",
                    claimed=f"{ours['repo']}, on GitHub since {made[1].day}",
                    observed=f"{theirs['repo']}, on GitHub since {theirs_made[1].day}",
                    support=(row, other, made[0], theirs_made[0]),
                )


def _made(facts: Facts, name: str) -> tuple[Observation, Date] | None:
    """When the platform made a repository; None for a fork, and where that wasn't seen."""
    for row in facts.all("profile", "repository"):
        value = read(row)
        if value["repo"].lower() == name.lower() and row.starts is not None:
            return None if value["fork"] else (row, row.starts)
    return None


def _same_states(ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]]) -> int:
    """How many early states both have, in the same order and with no author in common; 0 where one is."""
    place, same = 0, 0
    names: tuple[set[str], set[str]] = set(), set()
    states = [tree for tree, *_ in theirs]
    for tree, who, mail in ours:
        if tree in states[place:]:
            place = states.index(tree, place) + 1
            same += 1
            names[0].update(filter(None, (who, mail)))
            names[1].update(filter(None, theirs[place - 1][1:]))
    return 0 if names[0] & names[1] or not names[0] or not names[1] else same


def _common(facts: Facts, trees: Sequence[Sequence[str]]) -> bool:
    """Whether one of these states is known to stand with many owners."""
    states = {tree for tree, *_ in trees}
    return any(
        (value := read(row))["common"] and value["tree"] in states
        for row in facts.all("profile", "same_tree")
    )


@case_check(
    "profile.long-activity",
    strength=Strength.CONTEXT,
    needs=("profile/account_created", "profile/repository"),
    texts=Texts(
        innocent="This speaks for the claim; it doesn't show who used the account, for accounts can be lent or bought.",
        ask="Which of these repositories shows your work best?",
        next_step="Talk about one of the older repositories with the candidate.",
    ),
    idea="Years of public work are hard to make up afterwards: the platform records when repositories were made.",
)
def long_activity(scene: Scene) -> Result:
    """The platform made the account no later than a year into the claimed work, and repositories of its own in at least
    three different years since.

    Speaks for the claim, and sets aside that another account is young. By the platform's record of accounts and
    repositories, not by dates of commits.
    """
    start = first_work(scene)
    if start is None:
        return NoEvidence("no claim of work has a date")
    return [
        Hit(
            f"The account {account.login} on GitHub is from {account.made.day}, with own repositories made in"
            f" {len(years)} different years.",
            claimed=f"work since {start}",
            observed=f"account made {account.made.day}, repositories in {', '.join(map(str, years))}",
            support=(account.row, *rows),
            defeats=("profile.young-account",),
        )
        for account in accounts(scene)
        if account.made.first <= start.last + YEAR
        for rows in [tuple(row for row, value in account.own("repository") if not value["fork"])]
        for years in [sorted({row.starts.year for row in rows if row.starts is not None})]
        if len(years) >= ACTIVE_YEARS
    ]
