"""GitHub: what the platform's public record says of an account, and of up to three of its repositories.

1. The account: since when it exists, whether it is a person's or an organisation's.
2. Its repositories, the oldest first.
3. Of up to three that aren't forks: the oldest commits.
4. Whether an early state of such a repository also stands in an older one of another owner (a search for the digest of
   that state, never for a name), and the oldest commits of that one.

At most REQUESTS questions an account. Without a log-in the platform answers 60 an hour; a token of the reader's own
(FALSEFRONT_GITHUB_TOKEN) raises that. It is sent to the API's host alone and stands in no evidence. The account's owner
isn't told who reads public pages.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scanner.code_accounts import is_account
from scanner.collect.base import Job, Outcome
from scanner.egress import EgressError, HttpAnswer, NameAbsent
from scanner.model import Observation, Observed, Role, SourceInfo, Status, Target

API = "https://api.github.com"
TOKEN = "FALSEFRONT_GITHUB_TOKEN"  # noqa: S105 - the name of the variable that may hold one
QUOTA, QUOTA_WITH_TOKEN = "github", "github-token"
REQUESTS = 12  # an account: as many as the quota allows at once after a pause
REPOSITORIES = 3
EARLY = 3
"""The state that is looked for elsewhere is the third: first ones are often a template's, and thousands share them."""
MOST_BYTES = 2 << 20
SECONDS = 15.0  # for one answer
PATIENCE = 20.0  # a longer wait for the hourly quota is `throttled`, and another scan's business
PENALTY = 60.0  # seconds of silence after a limit that names no end
INFO = SourceInfo(
    name="github",
    seen_by=("platform",),
    deadline=90.0,
    passive=True,
    asks="account name, its repositories, digest of an early state",
    dated=True,
)
NO_ACCOUNT = "no-account no GitHub account of its own is named"
_TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,255}\Z")
_LAST = re.compile(r'<([^<>]{1,400})>; ?rel="last"')


def plan(target: Target) -> str:
    if is_account(target) or any(claim.role is Role.PORTFOLIO for claim in target.claims):
        return ""
    return "not-needed only accounts that a portfolio or a claim names are looked at"


async def collect(job: Job) -> Outcome:
    """Keeps the answers; what fails after the account itself was seen makes it partial."""
    if not job.account:
        return Outcome(Status.SKIPPED, NO_ACCOUNT)
    token = os.environ.get(TOKEN, "")
    if token and not _TOKEN.match(token):
        return Outcome(Status.ERROR, f"bad-setting {TOKEN} holds no token")
    asking = _Asking(job, token)
    try:
        await asking.ask(f"/users/{job.account}", essential=True)
    except NameAbsent:
        return Outcome(Status.SKIPPED, f"no-service {urlsplit(API).hostname} is not part of this network")
    except StoppedError as stopped:
        return Outcome(stopped.status, stopped.reason)
    try:
        await _repositories(job, asking)
    except (StoppedError, EgressError) as error:
        return Outcome(Status.OK, f"partial {error.reason}"[:200])
    return Outcome(Status.OK)


class StoppedError(Exception):
    """No further question may or should be asked: how the last one ended."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(slots=True)
class _Asking:
    """One account's questions, counted."""

    job: Job
    token: str
    left: int = REQUESTS

    async def ask(self, path: str, *, essential: bool = False) -> Observed:
        """One answer, read in a worker and kept. Raises StoppedError where the platform wants no more questions, and,
        if it is essential, where it is no answer."""
        return (await self.ask_for(path, essential=essential))[0]

    async def ask_for(self, path: str, *, essential: bool = False) -> tuple[Observed, HttpAnswer]:
        """The same, with the answer itself for its headers."""
        job = self.job
        if self.left <= 0:
            raise StoppedError(Status.SKIPPED, f"own-limit {REQUESTS} questions an account")
        self.left -= 1
        key = QUOTA_WITH_TOKEN if self.token else QUOTA
        await job.network.take(key, patience=PATIENCE)
        url = path if path.startswith(API + "/") else API + path
        try:
            answer = await job.network.http(
                url, headers=self._headers(), max_bytes=MOST_BYTES, timeout=SECONDS, redirects=1
            )
        except EgressError as error:
            if error.evidence is not None:
                job.keep(error.evidence, Observed())
            raise
        for hop in answer.hops:
            job.keep(hop.evidence, Observed())
        if (wait := pause(answer)) is not None:
            job.network.penalise(key, wait)
        observed = await job.observe(answer.evidence)
        job.keep(answer.evidence, observed)
        if observed.status in (Status.THROTTLED, Status.REFUSED) or (
            essential and observed.status is not None
        ):
            raise StoppedError(observed.status or Status.UNPARSED, observed.reason)
        return observed, answer

    def _headers(self) -> Mapping[str, str]:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        return headers | ({"Authorization": f"Bearer {self.token}"} if self.token else {})


async def _repositories(job: Job, asking: _Asking) -> None:
    """Steps 2 to 4. Raises StoppedError or EgressError where they end early."""
    listed = await asking.ask(
        f"/users/{job.account}/repos?type=owner&sort=created&direction=asc&per_page=100", essential=True
    )
    found: list[str] = []
    for name in telling(listed.observations):
        tree = early_tree(await _oldest_commits(asking, name))
        if not tree:
            continue
        query = f"/search/commits?q=tree:{tree}&sort=committer-date&order=asc&per_page=30"
        found += elsewhere((await asking.ask(query)).observations, job.account)
    for name in list(dict.fromkeys(found))[:1]:  # one is enough to compare with
        await asking.ask(f"/repos/{name}", essential=True)
        await _oldest_commits(asking, name)


async def _oldest_commits(asking: _Asking, name: str) -> tuple[Observation, ...]:
    """The page of a repository's commits that ends with the first one: often the only page."""
    observed, answer = await asking.ask_for(f"/repos/{name}/commits?per_page=100")
    last = _LAST.search(answer.header("link")[:4096])
    if last is None or not last.group(1).startswith(API + "/"):
        return observed.observations
    return (await asking.ask(last.group(1))).observations


def pause(answer: HttpAnswer) -> float | None:
    """Seconds of silence that an answer asks for: its Retry-After, or until the hourly limit begins anew."""
    limited = answer.status in (403, 429)
    if limited and answer.retry_after is not None:
        return answer.retry_after
    if answer.header("x-ratelimit-remaining").strip() == "0":
        reset = answer.header("x-ratelimit-reset").strip()
        if reset.isascii() and reset.isdigit() and len(reset) <= 11:
            wait = (datetime.fromtimestamp(int(reset), UTC) - answer.fetched_at).total_seconds()
            return max(wait, 1.0)
        return PENALTY
    return PENALTY if answer.status == 429 else None


def telling(rows: Iterable[Observation]) -> list[str]:
    """The repositories that are read: no forks (the platform itself names where they come from), nothing empty, no
    archive of settings; the oldest, and of the others the largest."""
    own = [
        (row.starts.text if row.starts else "", value)
        for row in rows
        if row.name == "repository" and not (value := _read(row.value))["fork"] and value["size"] > 0
    ]
    own = [(made, value) for made, value in own if not _SETTINGS.search(value["repo"])]
    oldest = sorted(own, key=lambda one: (one[0], one[1]["repo"]))[:1]
    others = sorted(
        (one for one in own if one not in oldest), key=lambda one: (-one[1]["size"], one[1]["repo"])
    )
    return [value["repo"] for _, value in (*oldest, *others)][:REPOSITORIES]


_SETTINGS = re.compile(r"/\.?(?:dotfiles|config|settings|github)\Z", re.IGNORECASE)


def early_tree(rows: Iterable[Observation]) -> str:
    """The state that is looked for elsewhere: the third; "" for a history without that many."""
    for row in rows:
        if row.name == "history":
            trees = list(dict.fromkeys(tree for tree, _, _ in _read(row.value)["trees"]))
            return trees[EARLY - 1] if len(trees) >= EARLY else ""
    return ""


def elsewhere(rows: Iterable[Observation], account: str) -> list[str]:
    """Repositories of other owners that a search found, the oldest commit first; none where many have it."""
    for row in rows:
        if row.name == "same_tree":
            value = _read(row.value)
            return (
                [] if value["common"] else [n for n in value["repos"] if n.split("/")[0].lower() != account]
            )
    return []


def _read(value: str) -> dict[str, Any]:
    """The value of a row that our own observer wrote."""
    read = json.loads(value)
    assert isinstance(read, dict)
    return read
