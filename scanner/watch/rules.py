"""Whom to tell of which changes: the rules file (TOML), read strictly. Pure.

timezone = "Europe/Dublin"              # for quiet hours and digests; default UTC

[channels.team]                         # any name
kind = "mail"                           # mail, webhook or chat
server = "mail.example:587"
security = "starttls"                   # starttls, tls or none
user = "watch"
password_env = "WATCH_PASSWORD"         # secrets stand in the environment, not in this file
from = "watch@example.com"
to = ["hiring@example.com"]

[channels.hook]
kind = "webhook"
url = "https://soar.example/in"         # or url_env
secret_env = "HOOK_SECRET"              # signs the body

[channels.room]
kind = "chat"
url_env = "CHAT_URL"                    # an apprise address, slack://… msteams://… mmost://…

[[rules]]
name = "grave"
to = ["team", "room"]
kinds = ["default"]                     # kinds of `falsefront diff`, or the groups default and all
level = "review"                        # only where the case has at least this level
cases = ["cand-*"]
digest = "daily"                        # daily or weekly (Mondays), at 08:00; left out: at once
quiet = "20:00-07:00"                   # held back until it ends
show = ["address", "values"]            # beside the case id; also label
"""

from __future__ import annotations

import fnmatch
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scanner.model import Level
from scanner.watch.changes import KINDS

QUIETLY = frozenset(
    {"contacts", "officers", "names", "identifiers", "firms-named", "text-edited", "certificate-issuer"}
    | {"certificate-trust", "mail-rules", "addresses", "renewed", "dates"}
)
"""Kinds that stand in `diff` and the feed, and that nobody wants to be woken for."""
DEFAULT = frozenset(KINDS) - QUIETLY
DIGEST_AT = time(8)
SHOWS = frozenset({"address", "values", "label"})

_CHANNEL_KEYS = {
    "mail": {"kind", "server", "security", "user", "password_env", "from", "to"},
    "webhook": {"kind", "url", "url_env", "secret_env"},
    "chat": {"kind", "url", "url_env"},
}
_RULE_KEYS = {"name", "to", "kinds", "level", "cases", "digest", "quiet", "show"}


class RulesError(ValueError):
    """A rules file that can't be used; one line that says what and where."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One endpoint; the settings are those of its kind, as they stand in the file."""

    name: str
    kind: str
    settings: Mapping[str, Any]

    def secret(self, key: str, env: Mapping[str, str] = os.environ) -> str:
        """A setting that may stand in the environment, under the name that KEY_env gives. Raises RulesError."""
        name = str(self.settings.get(f"{key}_env", ""))
        if not name:
            return str(self.settings.get(key, ""))
        if name not in env:
            raise RulesError(f"channel {self.name}: the environment has no {name}")
        return env[name]


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    to: tuple[str, ...]
    kinds: frozenset[str] = DEFAULT
    level: Level | None = None
    cases: tuple[str, ...] = ("*",)
    digest: str = ""
    quiet: tuple[time, time] | None = None
    show: frozenset[str] = frozenset()
    zone: tzinfo = UTC

    def wants(self, case: str, kind: str, level: str) -> bool:
        """Whether it is about this kind of change of this case. level: of the case, "" for not judged."""
        if kind not in self.kinds or not any(fnmatch.fnmatchcase(case, pattern) for pattern in self.cases):
            return False
        return self.level is None or (level != "" and Level(level).rank >= self.level.rank)

    def due(self, now: datetime) -> datetime:
        """When a message made now is to go out."""
        return self._awake(self._digested(now))

    def _digested(self, now: datetime) -> datetime:
        if not self.digest:
            return now
        here = now.astimezone(self.zone)
        at = datetime.combine(here.date(), DIGEST_AT, self.zone)
        while at < here or (self.digest == "weekly" and at.weekday() != 0):
            at = datetime.combine(at.date() + timedelta(days=1), DIGEST_AT, self.zone)
        return at.astimezone(UTC)

    def _awake(self, now: datetime) -> datetime:
        if self.quiet is None:
            return now
        begin, end = self.quiet
        here = now.astimezone(self.zone)
        clock = here.time().replace(tzinfo=None)
        quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
        if not quiet:
            return now
        day = here.date() + timedelta(days=1 if clock >= end else 0)
        return datetime.combine(day, end, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Rules:
    channels: Mapping[str, Channel] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Rules:
        """Raises RulesError, also when the file can't be read."""
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RulesError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
        return cls.parse(text, str(path))

    @classmethod
    def parse(cls, text: str, where: str = "rules") -> Rules:
        try:
            tree = tomllib.loads(text)
            return _rules(tree)
        except (tomllib.TOMLDecodeError, RulesError) as error:
            raise RulesError(f"{where}: {' '.join(str(error).split())}") from error


def _rules(tree: Mapping[str, Any]) -> Rules:
    _only("the file", tree, {"timezone", "channels", "rules"})
    zone = _zone(tree.get("timezone", "UTC"))
    channels = {
        name: _channel(name, value) for name, value in _table("channels", tree.get("channels", {})).items()
    }
    listed = tree.get("rules", [])
    if not isinstance(listed, list) or not listed:
        raise RulesError("it has no [[rules]]")
    rules = tuple(_rule(number, value, channels, zone) for number, value in enumerate(listed, 1))
    if len({rule.name for rule in rules}) < len(rules):
        raise RulesError("two rules have the same name")
    return Rules(channels, rules)


def _zone(name: object) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RulesError(f"timezone: {name!r} is not known here") from error


def _channel(name: str, value: object) -> Channel:
    where = f"channels.{name}"
    settings = _table(where, value)
    kind = settings.get("kind")
    if kind not in _CHANNEL_KEYS:
        raise RulesError(f"{where}: kind must be one of {', '.join(_CHANNEL_KEYS)}")
    _only(where, settings, _CHANNEL_KEYS[kind])
    if kind == "mail":
        _mail(where, settings)
    elif not ("url" in settings) ^ ("url_env" in settings):
        raise RulesError(f"{where}: needs url or url_env")
    elif (
        kind == "webhook"
        and "url" in settings
        and urlsplit(str(settings["url"])).scheme not in ("http", "https")
    ):
        raise RulesError(f"{where}: url must begin with https:// or http://")
    return Channel(name, kind, settings)


def _mail(where: str, settings: Mapping[str, Any]) -> None:
    missing = [key for key in ("server", "from", "to") if not settings.get(key)]
    if missing:
        raise RulesError(f"{where}: needs {', '.join(missing)}")
    host, _, port = str(settings["server"]).rpartition(":")
    if not host or not port.isdecimal():
        raise RulesError(f"{where}: server is HOST:PORT, as mail.example:587")
    if settings.get("security", "starttls") not in ("starttls", "tls", "none"):
        raise RulesError(f"{where}: security must be starttls, tls or none")
    addresses = [settings["from"], *_texts(f"{where}.to", settings["to"])]
    if any("@" not in str(one) or set(str(one)) & set("\r\n") for one in addresses):
        raise RulesError(f"{where}: from and to are mail addresses")


def _rule(number: int, value: object, channels: Mapping[str, Channel], zone: tzinfo) -> Rule:
    where = f"rule {number}"
    row = _table(where, value)
    _only(where, row, _RULE_KEYS)
    to = _texts(f"{where}: to", row.get("to", []))
    unknown = [name for name in to if name not in channels]
    if not to or unknown:
        raise RulesError(
            f"{where}: to must name channels" + (f"; there is no {unknown[0]!r}" if unknown else "")
        )
    digest = row.get("digest", "")
    if digest not in ("", "daily", "weekly"):
        raise RulesError(f"{where}: digest must be daily or weekly")
    show = frozenset(_texts(f"{where}: show", row.get("show", [])))
    if show - SHOWS:
        raise RulesError(f"{where}: show takes {', '.join(sorted(SHOWS))}")
    return Rule(
        str(row.get("name", where)),
        tuple(to),
        _kinds(where, row.get("kinds", ["default"])),
        _level(where, row.get("level", "")),
        tuple(_texts(f"{where}: cases", row.get("cases", ["*"]))),
        digest,
        _quiet(where, row.get("quiet", "")),
        show,
        zone,
    )


def _kinds(where: str, value: object) -> frozenset[str]:
    found: set[str] = set()
    for name in _texts(f"{where}: kinds", value):
        if name not in KINDS and name not in ("default", "all"):
            raise RulesError(f"{where}: no kind {name!r}; there are default, all, {', '.join(KINDS)}")
        found |= DEFAULT if name == "default" else set(KINDS) if name == "all" else {name}
    return frozenset(found)


def _level(where: str, value: object) -> Level | None:
    if value == "":
        return None
    try:
        return Level(str(value))
    except ValueError:
        raise RulesError(f"{where}: level must be one of {', '.join(Level)}") from None


def _quiet(where: str, value: object) -> tuple[time, time] | None:
    if value == "":
        return None
    begin, _, end = str(value).partition("-")
    try:
        hours = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError:
        raise RulesError(f"{where}: quiet is HH:MM-HH:MM") from None
    if hours[0] == hours[1] or any(hour.tzinfo for hour in hours):
        raise RulesError(f"{where}: quiet is HH:MM-HH:MM, and not the whole day")
    return hours


def _table(where: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RulesError(f"{where} must be a table")
    return value


def _texts(where: str, value: object) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RulesError(f"{where} must be a list of texts")
    return value


def _only(where: str, row: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(row) - known)
    if unknown:
        raise RulesError(f"{where}: unknown key {unknown[0]!r} (known: {', '.join(sorted(known))})")
