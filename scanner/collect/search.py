"""A web search with three rare sentences of a site, for teams that have a search service. Off unless set up.

The service's answer is read where a settings file says (TOML, `--search-config FILE` or FALSEFRONT_SEARCH):

    url = "https://api.search.example/v1/web?count=10&q={phrase}"   # {phrase}: the sentence, quoted and escaped
    results = ["web.results.*.url"]      # where the addresses stand in the JSON answer; * is every item of a list
    header = "Authorization"             # optional: the header that carries the key,
    value = "Bearer {key}"               # how ("{key}" when not given),
    key = "SEARCH_KEY"                   # and the environment variable that holds it

What it finds becomes leads: sites that are looked at to compare and date, never judged. The key is sent in that one
header alone, over the one door, and is blotted out of what is kept.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from scanner.collect.base import Job, Outcome, operator
from scanner.domains import host_of, registrable
from scanner.egress import HttpAnswer, Network
from scanner.knowledge import Kind, place_of
from scanner.model import Evidence, Observation, Observed, SourceInfo, Status, Target, Why
from scanner.parse import ParseFailed, ParsePool

SETTING = "FALSEFRONT_SEARCH"
MOST_PHRASES = 3
MOST_RESULTS = 10  # of one phrase
MOST_BYTES = 1 << 20
SECONDS = 15.0
PENALTY = 60.0  # seconds of silence after 429 without a Retry-After
OFF = "off no search service is set up (--search-config FILE)"
INFO = SourceInfo(
    name="search",
    seen_by=("search operator",),
    deadline=60.0,
    passive=True,
    asks="up to three sentences of the site's text",
)
_KEYS = {"url", "results", "header", "value", "key"}
_PATH = re.compile(r"(?:[\w-]+|\*)(?:\.(?:[\w-]+|\*))*")
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


class SearchConfigError(ValueError):
    """A settings file that can't be used; the message is one line for a person."""


class Search(Protocol):
    """A search service. Another one than JSON over HTTP is another class with this method."""

    async def ask(
        self, phrase: str, network: Network, parse: ParsePool
    ) -> tuple[Evidence, list[str], Status]:
        """One search for exactly this phrase: what came back, the addresses found, best first, and how it ended.

        Raises EgressError.
        """


@dataclass(frozen=True, slots=True)
class JsonSearch:
    """A service that answers GET with JSON, as the settings file describes it."""

    url: str
    results: tuple[str, ...]
    header: str = ""
    value: str = ""

    @classmethod
    def load(cls, path: Path) -> JsonSearch:
        """Reads a settings file; the key is taken from the environment now. Raises SearchConfigError."""
        try:
            return cls.parse(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise SearchConfigError(f"{path}: can't be read: {error}") from error
        except SearchConfigError as error:
            raise SearchConfigError(f"{path}: {error}") from error

    @classmethod
    def parse(cls, text: str) -> JsonSearch:
        """The same from text. Raises SearchConfigError."""
        try:
            given = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SearchConfigError(f"not TOML: {error}") from error
        if unknown := sorted(set(given) - _KEYS):
            raise SearchConfigError(f"unknown key {', '.join(unknown)}")
        url, paths = given.get("url", ""), given.get("results", [])
        if not isinstance(url, str) or urlsplit(url).scheme not in ("https", "http") or "{phrase}" not in url:
            raise SearchConfigError("`url` must be an http(s) address with {phrase} in it")
        if not isinstance(paths, list) or not paths or not all(map(_is_path, paths)):
            raise SearchConfigError('`results` must be a list of paths such as "web.results.*.url"')
        header, form, key = (str(given.get(name, "")) for name in ("header", "value", "key"))
        if (
            bool(header) != bool(key)
            or (header and not _NAME.fullmatch(header))
            or (form and "{key}" not in form)
        ):
            raise SearchConfigError("`header` and `key` go together, and `value` holds {key}")
        if header and urlsplit(url).scheme != "https":
            raise SearchConfigError("a key is sent over https alone")
        secret = os.environ.get(key, "") if key else ""
        if key and not (secret and secret.isprintable()):
            raise SearchConfigError(f"the environment variable {key} holds no key")
        return cls(url, tuple(paths), header, (form or "{key}").replace("{key}", secret) if header else "")

    async def ask(
        self, phrase: str, network: Network, parse: ParsePool
    ) -> tuple[Evidence, list[str], Status]:
        quota = f"search:{operator(self.url)}"
        await network.take(quota)
        answer = await network.http(
            self.url.replace("{phrase}", quote(f'"{phrase}"', safe="")),
            headers={self.header: self.value} if self.header else None,
            max_bytes=MOST_BYTES,
            timeout=SECONDS,
        )
        evidence = self._blotted(answer.evidence)
        status = _status(answer)
        if status is Status.THROTTLED:
            network.penalise(quota, answer.retry_after or PENALTY)
        if status is not Status.OK:
            return evidence, [], status
        payload = json.dumps(self.results).encode() + b"\n" + answer.body
        try:
            found = json.loads(await parse.run("scanner.observe.search:addresses", payload))
        except ParseFailed:
            return evidence, [], Status.UNPARSED
        return evidence, found[:MOST_RESULTS], Status.OK

    def _blotted(self, evidence: Evidence) -> Evidence:
        """Without the key: evidence is kept, and handed on."""
        if not self.value:
            return evidence
        secret = self.value.encode("utf-8", "replace")
        return replace(
            evidence,
            request=evidence.request.replace(secret, b"(not kept)"),
            block=evidence.block.replace(secret, b"(not kept)"),
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """What a person is told of this source before it is asked."""

    on: bool
    INFO: SourceInfo = INFO

    def plan(self, target: Target) -> str:
        return "" if self.on else OFF

    collect: Callable[[Job], Awaitable[Outcome]] | None = None


async def collect(job: Job, search: Search, phrases: Sequence[str]) -> tuple[Outcome, list[Observation]]:
    """Asks for each phrase and keeps every answer with the addresses it holds (`search/result`).

    Returns how it ended and those addresses: what several phrases found first. Raises EgressError.
    """
    if not phrases:
        return Outcome(Status.SKIPPED, "no-phrases no long sentence of the site's own was read"), []
    rows: list[Observation] = []
    ended = Status.OK
    for phrase in phrases[:MOST_PHRASES]:
        evidence, found, status = await search.ask(phrase, job.network, job.parse)
        own = [
            Observation("search", "result", url, "search", evidence=evidence.digest)
            for url in _sites(found, job.target.domain)
        ]
        job.keep(evidence, Observed(tuple(own)))
        rows += own
        if status is not Status.OK:
            ended = status
            break  # a service that refuses or asks for silence is not asked again
    times = Counter(registrable(host_of(row.value)) for row in rows)
    rows.sort(key=lambda row: -times[registrable(host_of(row.value))])
    return Outcome(ended, "" if ended is Status.OK else "search the service gave no result list"), rows


def leads(rows: Iterable[Observation], target: Target) -> list[Target]:
    """The sites found, as leads of a claimed target: looked at to compare and to date."""
    return [
        Target(registrable(host_of(row.value)), (row.value,), (), Why.LEAD, target.domain)
        for row in _first_of_each(rows)
    ]


def _first_of_each(rows: Iterable[Observation]) -> list[Observation]:
    found: dict[str, Observation] = {}
    for row in rows:
        found.setdefault(registrable(host_of(row.value)), row)
    return list(found.values())


def _sites(urls: Iterable[str], own: str) -> list[str]:
    """The addresses of other sites, one a site; no profiles, shorteners, platforms."""
    found: dict[str, str] = {}
    for url in urls:
        try:
            place = place_of(url)
        except ValueError:
            continue
        if place.kind is Kind.SITE and place.domain != own and not place.platform:
            found.setdefault(place.domain, url)
    return list(found.values())


def _status(answer: HttpAnswer) -> Status:
    if answer.status == 200:
        return Status.OK
    if answer.status == 429:
        return Status.THROTTLED
    return Status.REFUSED if answer.status in (401, 402, 403) else Status.UNREACHABLE


def _is_path(path: Any) -> bool:
    return isinstance(path, str) and bool(_PATH.fullmatch(path))
