"""What GitHub's REST API says of an account, its repositories and their oldest commits.

Evidence is the JSON answer of `/users/LOGIN`, `/users/LOGIN/repos`, `/repos/OWNER/NAME`, a list of commits, or
`/search/commits?q=tree:DIGEST` (https://docs.github.com/rest). Names and mailboxes of authors are not written down:
only digests of them, keyed by the target, so that two repositories can be compared and nobody can be looked up, and
the domains of the mailboxes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs, urlsplit

from msgspec import structs

from scanner.model import About, Bound, Date, Evidence, Observation, Observed, Status
from scanner.observe.http_message import split

BODY_LIMIT = 4 << 20
MOST_REPOSITORIES = 40
MOST_TREES = 20
MOST_DOMAINS = 5
COMMON = 5
"""A state that stands with more owners than this is a template's, a course's or a mirror's: it tells nothing."""
_NAME = re.compile(r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}\Z")
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_OF_COMMIT = re.compile(r"/repos/([^/]{1,39}/[^/]{1,100})/(?:git/)?commits/")
_MAIL_DOMAIN = re.compile(r"[a-z0-9.-]{3,100}\Z")
_NEXT = re.compile(r'rel="next"')
_LIMITED = (b"rate limit", b"abuse detection")


def observe(evidence: Evidence, about: About) -> Observed:
    """Rows of one answer; an account or repository that isn't there is `absent`, a limit `throttled`."""
    status, fields, body = split(evidence.block, BODY_LIMIT)
    headers = dict(fields)
    if status != 200:
        return _failure(status, headers, body)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        return Observed(status=Status.UNPARSED, reason=f"not-json {type(error).__name__}")
    address = urlsplit(evidence.uri)
    parts = [part for part in address.path.split("/") if part]
    rows = tuple(_rows(answer, parts, address.query, bool(_NEXT.search(headers.get("link", ""))), about))
    if not rows and isinstance(answer, dict) and parts[:1] != ["search"]:
        return Observed(status=Status.UNPARSED, reason="not-understood the answer isn't what was asked for")
    return Observed(tuple(structs.replace(row, evidence=evidence.digest) for row in rows))


def _failure(status: int, headers: Mapping[str, str], body: bytes) -> Observed:
    """403 is a limit where the headers or the words say so, else a refusal."""
    limited = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
    words = body[:4096].lower()
    if status == 429 or (status == 403 and (limited or any(word in words for word in _LIMITED))):
        return Observed(status=Status.THROTTLED, reason=f"rate-limit{_until(headers)}")
    if status in (404, 410, 409):  # 409: a repository without any commit
        return Observed(status=Status.ABSENT, reason=f"http-{status}")
    if status in (401, 403, 451):
        return Observed(status=Status.REFUSED, reason=f"http-{status}")
    return Observed(status=Status.UNREACHABLE if status >= 500 else Status.UNPARSED, reason=f"http-{status}")


def _until(headers: Mapping[str, str]) -> str:
    reset = headers.get("x-ratelimit-reset", "")
    if reset.isascii() and reset.isdigit() and len(reset) <= 11:
        return f" until {Date.of(datetime.fromtimestamp(int(reset), UTC))}"
    return ""


def _rows(answer: Any, parts: list[str], query: str, more: bool, about: About) -> Iterator[Observation]:
    """By what was asked: the path of the address says it."""
    if parts[:1] == ["search"] and isinstance(answer, dict):
        yield from _same_tree(answer, query)
    elif isinstance(answer, list) and parts[-1:] == ["commits"]:
        if not more:  # pages are newest first: the one without a next one ends with the first commit
            yield from _history([item for item in answer if isinstance(item, dict)], about)
    elif isinstance(answer, list) and parts[-1:] == ["repos"]:
        listed = [row for item in answer if isinstance(item, dict) for row in _repository(item)]
        yield from listed[:MOST_REPOSITORIES]
    elif isinstance(answer, dict) and parts[:1] == ["users"]:
        yield from _account(answer)
    elif isinstance(answer, dict):
        yield from _repository(answer)


def _account(answer: dict[str, Any]) -> Iterator[Observation]:
    login, kind, made = answer.get("login"), answer.get("type"), _date(answer.get("created_at"))
    if isinstance(login, str) and re.fullmatch(r"[A-Za-z0-9-]{1,39}", login) and made is not None:
        kind = kind if kind in ("User", "Organization") else "other"
        yield _row("account_created", f"{login} {kind}", made)
        count = answer.get("public_repos")
        if isinstance(count, int) and 0 <= count < 10**7:
            yield _row("repositories", str(count))


def _repository(answer: dict[str, Any]) -> Iterator[Observation]:
    """One repository: when the platform made it, when it was last pushed to."""
    name, made = answer.get("full_name"), _date(answer.get("created_at"))
    if not isinstance(name, str) or not _NAME.match(name) or made is None:
        return
    size = answer.get("size")
    value: dict[str, object] = {"repo": name, "fork": answer.get("fork") is True}
    value["size"] = size if isinstance(size, int) and 0 <= size < 10**9 else 0
    for key in ("parent", "source", "template_repository"):
        other = answer.get(key)
        other = other.get("full_name") if isinstance(other, dict) else None
        if isinstance(other, str) and _NAME.match(other):
            value[key] = other
    yield _row("repository", _json(value), made, _date(answer.get("pushed_at")))


def _history(commits: list[dict[str, Any]], about: About) -> Iterator[Observation]:
    """The oldest page of a repository's commits: its first states, and who is named as their author (digests)."""
    read = [one for commit in reversed(commits) if (one := _commit(commit, about)) is not None]
    name = next((name for commit in commits if (name := _name_of(commit))), "")
    if not read or not name:
        return
    trees: list[tuple[str, str, str]] = []
    for _, _, tree, who, mail, _ in read:
        if not trees or trees[-1][0] != tree:
            trees.append((tree, who, mail))
    dates = sorted((date for _, date, *_ in read if date is not None), key=lambda date: date.first)
    value = {
        "repo": name,
        "root": read[0][0],
        "commits": len(read),
        "names": len({one[3] for one in read}),
        "mails": len({one[4] for one in read}),
        "mail_domains": sorted({one[5] for one in read if one[5]})[:MOST_DOMAINS],
        "trees": trees[:MOST_TREES],
        "years": sorted({date.year for date in dates}),
    }
    yield _row("history", _json(value), dates[0] if dates else None, dates[-1] if dates else None)


def _commit(raw: dict[str, Any], about: About) -> tuple[str, Date | None, str, str, str, str] | None:
    """(commit, author's date, tree, digest of the name, digest of the mailbox, its domain)."""
    sha, commit = raw.get("sha"), raw.get("commit")
    if not isinstance(sha, str) or not _SHA.match(sha) or not isinstance(commit, dict):
        return None
    tree, author = commit.get("tree"), commit.get("author")
    digest = tree.get("sha") if isinstance(tree, dict) else None
    if not isinstance(digest, str) or not _SHA.match(digest) or not isinstance(author, dict):
        return None
    name, mail = _text(author.get("name")), _text(author.get("email"))
    domain = mail.rpartition("@")[2]
    domain = domain if "@" in mail and _MAIL_DOMAIN.match(domain) else ""
    return (sha, _date(author.get("date")), digest, _digest(name, about), _digest(mail, about), domain)


def _text(value: Any) -> str:
    return " ".join(value[:200].casefold().split()) if isinstance(value, str) else ""


def _digest(text: str, about: About) -> str:
    key = about.domain.encode()[:64]
    return blake2b(text.encode("utf-8", "replace"), key=key, digest_size=8).hexdigest() if text else ""


def _name_of(raw: dict[str, Any]) -> str:
    """The repository a commit stands in, from its own address."""
    url = raw.get("url")
    found = _OF_COMMIT.search(url[:400]) if isinstance(url, str) else None
    return found.group(1) if found and _NAME.match(found.group(1)) else ""


def _same_tree(answer: dict[str, Any], query: str) -> Iterator[Observation]:
    """Where else the state that was asked for stands; `common` where many have it, or the search saw only a part."""
    tree = (parse_qs(query).get("q") or [""])[0].removeprefix("tree:")
    items, total = answer.get("items"), answer.get("total_count")
    if not _SHA.match(tree) or not isinstance(items, list) or not isinstance(total, int):
        return
    found: dict[str, None] = {}
    for item in items[:100]:
        if not isinstance(item, dict) or _tree_of(item) != tree:
            continue
        repository = item.get("repository")
        name = repository.get("full_name") if isinstance(repository, dict) else None
        if isinstance(name, str) and _NAME.match(name):
            found[name] = None
    owners = {name.split("/")[0].lower() for name in found}
    common = len(owners) > COMMON or total > len(items)
    yield _row("same_tree", _json({"tree": tree, "common": common, "repos": list(found)[: COMMON * 2]}))


def _tree_of(item: dict[str, Any]) -> str:
    commit = item.get("commit")
    tree = commit.get("tree") if isinstance(commit, dict) else None
    sha = tree.get("sha") if isinstance(tree, dict) else None
    return sha if isinstance(sha, str) else ""


def _date(value: Any) -> Date | None:
    """A moment as the API writes it; git allows any date, and one before 1970 or of the far future is none."""
    try:
        date = Date(value) if isinstance(value, str) and len(value) <= 32 else None
    except ValueError:
        return None
    return date if date is not None and 1970 < date.year < 2200 else None


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def _row(name: str, value: str, starts: Date | None = None, ends: Date | None = None) -> Observation:
    return Observation("profile", name, value, "github", starts=starts, ends=ends, bound=Bound.AT)
