"""What a web archive's index says of a site, and a capture's bytes as the site's own answer.

Evidence is the HTTP answer of a Wayback CDX query (`output=json`): an array of arrays of text, field names
first, `[]` when nothing is held. A capture proves that the address answered then: the first one bounds
the site's beginning from above (`not-after`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from scanner.domains import same_site
from scanner.model import About, Bound, Date, Evidence, Observation, Observed, Status
from scanner.observe import website
from scanner.observe.http_message import split

BODY_LIMIT = 10 << 20
MOST_CAPTURES = 100
_LONGEST = 1024
_STAMP = re.compile(r"\d{14}\Z")
_REPLAY = re.compile(r"/web/(\d{14})(?:[a-z]{2}_)?/(.+)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Capture:
    """One row of the index. `status` is "-" and `mimetype` `warc/revisit` where the same bytes came again."""

    at: Date
    url: str
    status: str
    mimetype: str
    digest: str


def observe(evidence: Evidence, about: About) -> Observed:
    """Rows of one index answer, or what a replayed capture held.

    `absent` comes from the query for the whole site alone (`matchType=domain` or `host`), since a home page
    without captures leaves the other pages open.
    """
    status, _, body = split(evidence.block, BODY_LIMIT)
    if (page := as_page(evidence)) is not None:
        return _held(page, evidence, about)
    if status != 200:
        return _failure(status, body)
    try:
        rows = json.loads(body.decode("utf-8", "replace").strip() or "[]")
        captures = _captures(rows)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        return Observed(status=Status.UNPARSED, reason=f"not-an-index {type(error).__name__}")
    captures = [capture for capture in captures if same_site(_absolute(capture.url), about.domain)]
    if not captures:
        if len(rows) > 1:
            return Observed(status=Status.UNPARSED, reason="not-an-index no row of this site")
        return Observed(status=Status.ABSENT if _whole_site(evidence.uri) else None, reason="no-captures")
    return Observed(tuple(_rows(captures, evidence)))


TOLD = {
    ("page", "site_name"): "site_name",
    ("page", "former_name"): "former_name",
    ("page", "language"): "language",
    ("page", "text"): "text",
    ("history", "copyright"): "copyright",
    ("person", "officer"): "officer",
    ("contact", "mail"): "mail",
    ("contact", "social"): "social",
    ("contact", "phone"): "phone",
    ("contact", "phone_country"): "phone_country",
    ("contact", "address"): "address",
    ("contact", "country"): "country",
    ("identifier", "analytics"): "identifier",
    ("identifier", "tag"): "identifier",
    ("identifier", "verification"): "identifier",
    ("identifier", "pixel"): "identifier",
    ("identifier", "form_endpoint"): "identifier",
}
"""What is kept of a captured page, by what the page observer calls it, under which name of kind `archived`: the page
may be another owner's, so none of it may pass for what the site says today."""
MOST_OF_A_NAME = 10


def _held(page: Evidence, replayed: Evidence, about: About) -> Observed:
    """What the page that was captured held, each row dated by the capture."""
    if moved := _moved(page, about):
        value = f"{page.uri} -> {moved}"[:_LONGEST]
        at = Date.of(page.fetched_at)
        return Observed(
            (Observation("archive", "redirected", value, "archive", at, evidence=replayed.digest),)
        )
    seen = website.observe(page, about)
    if seen.page is None or not same_site(_absolute(page.uri), about.domain):
        return Observed()  # the archive followed an old redirect to somebody else's page
    at, digest = Date.of(page.fetched_at), replayed.digest

    def row(kind: str, name: str, value: str) -> Observation:
        return Observation(kind, name, value[:_LONGEST], "archive", at, evidence=digest)

    rows = [row("archive", "held", f"{seen.page.state} {page.uri}")]
    if seen.page.state in website.HOLDS_TEXT:
        rows += _told(seen, row)
    return Observed(tuple(rows))


def _moved(page: Evidence, about: About) -> str:
    """Where the captured answer of this site led, when that is another site; "" for none."""
    status, headers, _ = split(page.block)
    where = next((value for name, value in headers if name == "location"), "")
    goal = urljoin(_absolute(page.uri), where)
    if not 300 <= status < 400 or not where or not goal.startswith(("http://", "https://")):
        return ""
    own = same_site(_absolute(page.uri), about.domain)
    return goal if own and not same_site(goal, about.domain) else ""


def _told(seen: Observed, row: Callable[[str, str, str], Observation]) -> Iterator[Observation]:
    if seen.page is not None and seen.page.title:
        yield row("archived", "title", seen.page.title)
    counts: Counter[str] = Counter()
    for value, name in dict.fromkeys(
        (each.value, TOLD[each.kind, each.name])
        for each in seen.observations
        if (each.kind, each.name) in TOLD
    ):
        counts[name] += 1
        if counts[name] <= MOST_OF_A_NAME:
            yield row("archived", name, value)


def _failure(status: int, body: bytes) -> Observed:
    """429 and 503 are the archive's limits; 403 with a text is a site it must not show."""
    reason = f"http-{status}"
    if status in (429, 503):
        return Observed(status=Status.THROTTLED, reason=reason)
    if status in (401, 403, 451):
        blocked = b"blocked site" in body[:4096].lower() or b"robotaccesscontrol" in body[:4096].lower()
        return Observed(status=Status.REFUSED, reason="blocked-site" if blocked else reason)
    if status >= 500:
        return Observed(status=Status.UNREACHABLE, reason=reason)
    return Observed(status=Status.UNPARSED, reason=reason)


def _captures(rows: Any) -> list[Capture]:
    """The rows in order of time. Raises when it is no such table; a single broken row is left out."""
    if not isinstance(rows, list):
        raise ValueError("no table")
    if not rows:
        return []
    column = {str(name): index for index, name in enumerate(rows[0])}
    at, url = column["timestamp"], column["original"]
    found = []
    for row in rows[1:]:
        if not isinstance(row, list) or len(row) != len(rows[0]):
            continue
        date = _date(str(row[at]))
        if date is not None:
            fields = (str(row[column[name]]) if name in column else "-" for name in _FIELDS)
            found.append(Capture(date, str(row[url])[:_LONGEST], *fields))
    return sorted(found, key=lambda capture: (capture.at.text, capture.url))


_FIELDS = ("statuscode", "mimetype", "digest")


def _date(stamp: str) -> Date | None:
    if not _STAMP.match(stamp):
        return None
    y, m, d, hh, mm, ss = stamp[:4], stamp[4:6], stamp[6:8], stamp[8:10], stamp[10:12], stamp[12:]
    try:
        return Date(f"{y}-{m}-{d}T{hh}:{mm}:{ss}Z")
    except ValueError:
        return None


def _absolute(url: str) -> str:
    """Old rows name an address without its scheme."""
    return url if "://" in url else f"http://{url}"


def _whole_site(uri: str) -> bool:
    return parse_qs(urlsplit(uri).query).get("matchType", [""])[0] in ("domain", "host")


def _rows(captures: list[Capture], evidence: Evidence) -> Iterator[Observation]:
    def row(name: str, value: str, at: Date | None = None, bound: Bound = Bound.AT) -> Observation:
        return Observation(
            "archive", name, value, "archive", starts=at, bound=bound, evidence=evidence.digest
        )

    yield row("first_capture", captures[0].url, captures[0].at, Bound.NOT_AFTER)
    yield row("last_capture", captures[-1].url, captures[-1].at)
    yield row("captures", str(len(captures)))
    for capture in _telling(_resolved(captures)):
        yield row(
            "capture", f"{capture.status} {capture.mimetype} {capture.digest} {capture.url}", capture.at
        )


def _resolved(captures: list[Capture]) -> list[Capture]:
    """Revisits with the status and type of the capture whose bytes they repeat."""
    known: dict[tuple[str, str], Capture] = {}
    found = []
    for capture in captures:
        key = (capture.url.partition("://")[2], capture.digest)
        if capture.status == "-" and key in known:
            capture = replace(capture, status=known[key].status, mimetype=known[key].mimetype)
        known.setdefault(key, capture)
        found.append(capture)
    return found


def _telling(captures: list[Capture]) -> list[Capture]:
    """Each change of content of an address, and its first capture in every year.

    A page that stays the same for years is continuity, not silence. Over the limit, changes are thinned out
    before years, evenly.
    """
    yearly: list[Capture] = []
    changes: list[Capture] = []
    digest: dict[str, str] = {}
    years: set[tuple[str, int]] = set()
    for capture in captures:
        page = capture.url.partition("://")[2].removeprefix("www.")
        if (page, capture.at.year) not in years:
            years.add((page, capture.at.year))
            yearly.append(capture)
        elif digest.get(page) != capture.digest:
            changes.append(capture)
        digest[page] = capture.digest
    kept = _thinned(yearly, MOST_CAPTURES)
    kept += _thinned(changes, MOST_CAPTURES - len(kept))
    return sorted(kept, key=lambda capture: (capture.at.text, capture.url))


def _thinned(captures: list[Capture], most: int) -> list[Capture]:
    """At most `most` of them, first and last included, evenly spread."""
    if len(captures) <= most:
        return captures
    if most < 2:
        return captures[:most]
    return [captures[index * (len(captures) - 1) // (most - 1)] for index in range(most)]


# ---------------------------------------------------------------------------------------------- captures


def as_page(evidence: Evidence) -> Evidence | None:
    """A replayed capture as the site's own answer at that time, ready for the website observer; None when the
    answer is no capture (the archive's own error page, a redirect within it).

    The archive sends the site's headers as `x-archive-orig-*` (content coding already undone), its own beside
    them; the page's address and time stand in the replay address.
    """
    found = _REPLAY.search(evidence.uri)
    status, headers, body = split(evidence.block)
    date = _date(found.group(1)) if found else None
    if found is None or date is None or not any(name == "memento-datetime" for name, _ in headers):
        return None
    prefix = "x-archive-orig-"
    original = [(name.removeprefix(prefix), value) for name, value in headers if name.startswith(prefix)]
    named = {name for name, _ in original}
    if "content-type" not in named:
        original += [(name, value) for name, value in headers if name == "content-type"]
    dropped = ("content-encoding", "transfer-encoding", "content-length")
    lines = [f"{name}: {value}" for name, value in original if name not in dropped]
    head = "\r\n".join([f"HTTP/1.1 {status} archived", *lines]).encode("latin-1", "replace")
    return replace(
        evidence, uri=found.group(2), fetched_at=date.first, block=head + b"\r\n\r\n" + body, request=b""
    )
