"""Messages on their way out: each tried until it is taken, with longer and longer waits; given up after a day or so.

A message counts its try before it is sent. When the process dies in between, it goes out again under the same key
(Message-ID, Idempotency-Key), by which whoever receives it can tell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scanner.egress.messages import MailServer, NotSentError, chat, post, send_mail
from scanner.store import AsyncStore, Store
from scanner.watch.rules import Channel, Rules, RulesError
from scanner.watch.watches import iso, moment

MOST_TRIES = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
SOUND = timedelta(days=8)
"""No message waits longer on purpose (a weekly digest); one that seems to was dated by a clock that was set back."""
LIMITS = "A change is a fact about an address, and accuses nobody; each can have an innocent reason."
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one channel: of one case, or a digest of several."""

    ids: tuple[int, ...]
    key: str
    rules: str
    channel: str
    contents: tuple[dict[str, Any], ...]
    tries: int


def waiting(store: Store, now: datetime) -> list[Letter]:
    """What is to be sent now, oldest first; those of one digest as one letter."""
    rows = store._dicts("select * from messages where sent_at is null and dead_at is null order by id")
    due = [row for row in rows if _is_due(row, now)]
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in due:
        alone = row["key"] if not row["digest"] else ""
        groups.setdefault((row["rules"], row["channel"], row["digest"], alone), []).append(row)
    return [
        Letter(
            tuple(row["id"] for row in group),
            hashlib.sha256("\n".join(row["key"] for row in group).encode()).hexdigest()[:32],
            group[0]["rules"],
            group[0]["channel"],
            tuple(json.loads(row["content"]) for row in group),
            max(row["tries"] for row in group),
        )
        for group in groups.values()
    ]


def _is_due(row: dict[str, Any], now: datetime) -> bool:
    due = moment(row["due_at"])
    assert due is not None
    return due <= now or due > now + SOUND


def trying(store: Store, letter: Letter, now: datetime) -> bool:
    """Counts a try before it is made, and sets when the next one would be. False where another sender was faster."""
    wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(letter.tries, 16)))
    with store.writing():
        if all(letter.key != one.key for one in waiting(store, now)):
            return False
        _set(store, letter, "tries = ?, due_at = ?", letter.tries + 1, iso(now + wait))
    return True


def sent(store: Store, letter: Letter, now: datetime, remark: str = "") -> None:
    _set(store, letter, "sent_at = ?, problem = ?", iso(now), remark)


def not_sent(store: Store, letter: Letter, now: datetime, problem: str) -> None:
    """Keeps why; the last try makes it a dead letter."""
    dead = iso(now) if letter.tries + 1 >= MOST_TRIES else None
    _set(store, letter, "problem = ?, dead_at = ?", problem[:300], dead)


def _set(store: Store, letter: Letter, what: str, *values: object) -> None:
    with store.writing() as conn:
        conn.executemany(
            f"update messages set {what} where id = ?",  # noqa: S608 - constants above
            [(*values, number) for number in letter.ids],
        )


def revive(store: Store, now: datetime) -> int:
    """Puts dead letters back. Returns how many."""
    with store.writing() as conn:
        return conn.execute(
            "update messages set dead_at = null, tries = 0, due_at = ? where dead_at is not null", (iso(now),)
        ).rowcount


def counts(store: Store) -> dict[str, int]:
    """How many messages wait, and how many were given up."""
    row = store.conn.execute(
        "select coalesce(sum(dead_at is null), 0), coalesce(sum(dead_at is not null), 0) from messages "
        "where sent_at is null"
    ).fetchone()
    return {"waiting": int(row[0]), "dead": int(row[1])}


def dead(store: Store) -> list[dict[str, Any]]:
    """Letters that were given up: id, case_id, channel, tries, dead_at, problem."""
    return store._dicts(
        "select id, case_id, channel, tries, dead_at, problem from messages where dead_at is not null order by id"
    )


async def send_all(store: AsyncStore, now: datetime) -> list[str]:
    """Sends what is due. Returns a line for each letter that did not go out; those are tried again later."""
    problems = []
    opened: dict[str, Rules] = {}
    for letter in await store.call(waiting, now):
        if not await store.call(trying, letter, now):
            continue
        try:
            if letter.rules not in opened:
                opened[letter.rules] = Rules.load(Path(letter.rules))
            channel = opened[letter.rules].channels.get(letter.channel)
            if channel is None:
                raise RulesError(f"{letter.rules} has no channel {letter.channel} any more")
            remark = await deliver(channel, letter.contents, letter.key)
        except (NotSentError, RulesError) as error:
            await store.call(not_sent, letter, now, str(error))
            problems.append(
                f"{letter.channel}: not sent ({error}); tried {letter.tries + 1} of {MOST_TRIES} times"
            )
        else:
            await store.call(sent, letter, now, remark)
            if remark:
                problems.append(f"{letter.channel}: sent, but {remark}")
    return problems


async def deliver(channel: Channel, contents: Sequence[dict[str, Any]], key: str) -> str:
    """Gives one letter to its channel. Returns what a person should know of it though it was sent, "" as a rule. Raises
    NotSentError, and RulesError for a secret that is not there."""
    subject, text = subject_of(contents), text_of(contents)
    settings = channel.settings
    if channel.kind == "mail":
        host, _, port = str(settings["server"]).rpartition(":")
        server = MailServer(
            host.strip("[]"),
            int(port),
            str(settings.get("security", "starttls")),
            str(settings.get("user", "")),
            channel.secret("password"),
        )
        return await send_mail(server, str(settings["from"]), settings["to"], subject, text, key)
    if channel.kind == "webhook":
        body = json.dumps({"falsefront": 1, "subject": subject, "cases": list(contents)}, ensure_ascii=False)
        await post(channel.secret("url"), body.encode(), key, secret=channel.secret("secret"))
    else:
        await chat(channel.secret("url"), subject, text)
    return ""


def subject_of(contents: Sequence[dict[str, Any]]) -> str:
    """`falsefront: cand-0142: the site is gone`; of several only their number."""
    changes = [change for content in contents for change in content["changes"]]
    if len(contents) > 1:
        return f"falsefront: {len(changes)} changes of {len(contents)} watched cases"
    what = changes[0]["what"] if len(changes) == 1 else f"{len(changes)} changes"
    return f"falsefront: {contents[0]['case']}: {what}"


def text_of(contents: Sequence[dict[str, Any]]) -> str:
    """The letter as plain text."""
    lines: list[str] = []
    for content in contents:
        label = f" ({content['label']})" if content.get("label") else ""
        lines.append(
            f"{content['case']}{label}" + (f", level {content['level']}" if content["level"] else "")
        )
        for change in content["changes"]:
            where = f"{change['address']}: " if change.get("address") else ""
            lines.append(f"  - {where}{change['what']} (first seen {change['seen'][:10]})")
            for name, key in (("before", "before"), ("now", "after")):
                if key in change:
                    lines.append(f"      {name}: {_values(change[key])}")
        lines += [f"  falsefront diff {content['case']}", ""]
    return "\n".join([*lines, LIMITS, ""])


def _values(values: Sequence[str]) -> str:
    shown = ", ".join(" ".join(str(value).split())[:200] for value in values[:_SHOWN]) or "none"
    return shown + (f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else "")
