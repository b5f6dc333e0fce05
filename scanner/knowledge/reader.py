"""Seed files: a header that says where a list comes from and how long it may be, then its entries.

A list that is empty, or has exploded, or lost its provenance, does not load: a feed that went wrong
upstream must never become evidence. YAML is read without implicit types, so `NO`, `0142` and `2015` stay
what they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from scanner.model import Date

_HEADER = ("title", "publisher", "source", "licence", "retrieved")
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MAX_BYTES = 4_000_000


class KnowledgeError(ValueError):
    """A seed file can't be used; the message is one line: which file, what, and the bounds it broke."""


@dataclass(frozen=True, slots=True)
class SeedList:
    """One seed file. `path` is relative to `seeds/`; `least`/`most` bound the number of entries."""

    path: str
    name: str
    title: str
    publisher: str
    source: str
    licence: str
    retrieved: Date
    least: int
    most: int
    head: Mapping[str, Any]
    entries: tuple[Any, ...]

    @property
    def published(self) -> str:
        """The day the list as a whole became public, "" where its entries carry their own."""
        return str(self.head.get("published", ""))


@cache
def shipped() -> Traversable:
    """The `seeds` folder: package data, so that an installed wheel finds it too."""
    return resources.files("seeds")


def read_yaml(path: str, root: Path | None = None) -> SeedList:
    """Read `seeds/<path>`: a mapping with the header keys, `count: {min, max}` and a list `entries`.

    Raises KnowledgeError.
    """
    raw = _bytes(path, root)
    try:
        head = yaml.load(raw, Loader=_LOADER)  # noqa: S506  BaseLoader makes nothing but text
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{path}: not YAML ({' '.join(str(error).split())[:160]})") from None
    if not isinstance(head, dict):
        raise KnowledgeError(f"{path}: not a mapping")
    entries = head.pop("entries", None)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise KnowledgeError(f"{path}: `entries` is not a list of mappings")
    count = head.get("count")
    if not isinstance(count, dict):
        raise KnowledgeError(f"{path}: no `count: {{min, max}}`")
    return _checked(path, head, str(count.get("min", "")), str(count.get("max", "")), tuple(entries))


def read_lines(path: str, root: Path | None = None) -> SeedList:
    """Read `seeds/<path>`: `# key: value` header lines (with `count: MIN-MAX`), then one entry a line.

    Raises KnowledgeError.
    """
    try:
        lines = _bytes(path, root).decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise KnowledgeError(f"{path}: not UTF-8") from None
    head: dict[str, str] = {}
    for line in lines:
        if not line.startswith("#"):
            break
        key, colon, value = line[1:].partition(":")
        if colon and " " not in key.strip():
            head[key.strip()] = value.strip()
    entries = tuple(line for line in lines if line and not line.startswith("#"))
    least, _, most = head.get("count", "").partition("-")
    return _checked(path, head, least, most, entries)


def _checked(path: str, head: Mapping[str, Any], least: str, most: str, entries: tuple[Any, ...]) -> SeedList:
    missing = [key for key in ("list", *_HEADER) if not head.get(key)]
    if missing:
        raise KnowledgeError(f"{path}: header lacks {', '.join(missing)}")
    if not (least.isdigit() and most.isdigit() and 0 < int(least) <= int(most)):
        raise KnowledgeError(
            f"{path}: `count` needs a minimum above 0 and a maximum, not {least!r} to {most!r}"
        )
    if not int(least) <= len(entries) <= int(most):
        raise KnowledgeError(f"{path}: {len(entries)} entries, expected {least} to {most}; not loaded")
    title, publisher, source, licence = (str(head[key]) for key in _HEADER[:4])
    retrieved = date(head, "retrieved", path)
    assert retrieved is not None
    return SeedList(
        path,
        str(head["list"]),
        title,
        publisher,
        source,
        licence,
        retrieved,
        int(least),
        int(most),
        head,
        entries,
    )


def _bytes(path: str, root: Path | None) -> bytes:
    file = (root or shipped()).joinpath(*path.split("/"))
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"{path}: can't be read ({error.__class__.__name__})") from None
    if len(raw) > MAX_BYTES:
        raise KnowledgeError(f"{path}: {len(raw)} bytes, {MAX_BYTES} at most; not loaded")
    return raw


# ------------------------------------------------------------------------------- fields of an entry


def keys(entry: Mapping[str, Any], allowed: Iterable[str], where: str) -> None:
    """Refuse keys nobody reads: a typing mistake would silently drop a fact."""
    unknown = sorted(set(entry) - set(allowed))
    if unknown:
        raise KnowledgeError(f"{where}: unknown key {', '.join(unknown)}")


def text(entry: Mapping[str, Any], key: str, where: str, *, needed: bool = False) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        raise KnowledgeError(f"{where}: `{key}` is not text")
    if needed and not value.strip():
        raise KnowledgeError(f"{where}: `{key}` is missing")
    return " ".join(value.split())


def texts(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
        raise KnowledgeError(f"{where}: `{key}` is not a list of texts")
    return tuple(value)


def one_of(entry: Mapping[str, Any], key: str, choices: Iterable[str], where: str) -> str:
    value = text(entry, key, where, needed=True)
    if value not in set(choices):
        raise KnowledgeError(f"{where}: `{key}` is {value!r}, not one of {', '.join(sorted(choices))}")
    return value


def flag(entry: Mapping[str, Any], key: str, where: str) -> bool:
    value = text(entry, key, where)
    if value not in ("", "true", "false"):
        raise KnowledgeError(f"{where}: `{key}` is {value!r}, not true or false")
    return value == "true"


def date(entry: Mapping[str, Any], key: str, where: str, *, needed: bool = False) -> Date | None:
    value = text(entry, key, where, needed=needed)
    if not value:
        return None
    try:
        return Date(value)
    except ValueError as error:
        raise KnowledgeError(f"{where}: `{key}`: {error}") from None


def digest(root: Path | None = None) -> str:
    """Twelve hex digits over every seed file's path and bytes: another byte is another knowledge version."""
    total = hashlib.sha256()
    for name, file in sorted(_files(root or shipped(), "")):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{name}\0{content}\n".encode())
    return total.hexdigest()[:12]


def files(folder: str, ending: str, root: Path | None = None) -> list[str]:
    """Paths below `seeds/<folder>` with that ending, sorted."""
    base = (root or shipped()).joinpath(*folder.split("/"))
    if not base.is_dir():
        raise KnowledgeError(f"{folder}: no such folder")
    return sorted(name for name, _ in _files(base, folder + "/") if name.endswith(ending))


def _files(folder: Traversable, prefix: str) -> Iterable[tuple[str, Traversable]]:
    for child in folder.iterdir():
        if child.is_dir():
            if child.name != "__pycache__":
                yield from _files(child, f"{prefix}{child.name}/")
        elif not child.name.endswith((".py", ".pyc")):
            yield prefix + child.name, child
