"""World files as plain trees of text, and a strict reader over them.

Every scalar is text (`0142`, `NO`, `2015` stay what they are); only an unquoted `null`, `~` or nothing at all
is None, since that is how `changes` remove a key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import idna
import yaml

from scanner.model import Date
from scanner.world.words import WorldError

Tree = dict[str, Any]  # str | None | list | Tree: recursive types gain nothing here, Reader checks each step
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
MOST_DEPTH = 50
MOST_VALUES = 5_000_000  # ten thousand domains hold under a million
_MOST_BRACKETS = 1000  # opened and not closed, those in texts counted too
_BRACKET = re.compile(r"[\[\]{}]")
_RUN = re.compile(r"(?:[-?:][ \t]+){300}|^[ \t]{2000}", re.MULTILINE)  # compact nesting, and indentation
_TRUE, _FALSE = frozenset(("true", "yes", "on")), frozenset(("false", "no", "off"))


try:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]  # libyaml: ten times as fast, not everywhere

    class _Loader(CParser):
        """Composes nodes without asking what type a scalar looks like."""

        def resolve(self, kind: object, value: object, implicit: object) -> str:
            return ""

        def descend_resolver(self, parent: object, index: object) -> None:
            return None

        def ascend_resolver(self) -> None:
            return None

except ImportError:
    _Loader = yaml.BaseLoader  # type: ignore[assignment, misc]


def read_tree(path: Path) -> Tree:
    """The mapping in a YAML file. Raises WorldError with file and line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise WorldError(f"{path}: no such file; a world is a folder with a world.yaml") from None
    except OSError as error:
        raise WorldError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise WorldError(f"{path}: not UTF-8 text") from None
    if _too_deep(text):
        raise WorldError(f"{path}: nested over {MOST_DEPTH} levels deep")
    loader: Any = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        raise WorldError(f"{path}: {' '.join(str(error).split())}") from None
    finally:
        loader.dispose()
    tree = {} if node is None else _Folder(path).plain(node, 0)
    if not isinstance(tree, dict):
        raise WorldError(f"{path}: must be a mapping with `domains`")
    return tree


def _too_deep(text: str) -> bool:
    """An upper bound on how deep it nests, without parsing: libyaml follows any depth, and crashes at some."""
    if _RUN.search(text):
        return True
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        if depth > _MOST_BRACKETS:
            return True
    return False


class _Folder:
    """Nodes to plain values. An alias unfolds to a value of its own, so that they are counted and not followed
    into themselves."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = 0

    def plain(self, node: yaml.Node, depth: int) -> Any:
        self._values += 1
        if depth > MOST_DEPTH or self._values > MOST_VALUES:
            what = (
                f"nested over {MOST_DEPTH} levels deep"
                if depth > MOST_DEPTH
                else f"over {MOST_VALUES} values"
            )
            raise WorldError(f"{self._path}:{node.start_mark.line + 1}: {what}, aliases unfolded")
        if isinstance(node, yaml.ScalarNode):
            return None if node.value in _NULL and not node.style else node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, depth + 1) for item in node.value]
        tree: Tree = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise WorldError(f"{self._path}:{key.start_mark.line + 1}: a key must be plain text")
            if key.value in tree:
                raise WorldError(
                    f"{self._path}:{key.start_mark.line + 1}: key {key.value!r} stands here twice"
                )
            tree[key.value] = self.plain(value, depth + 1)
        return tree


def merge(base: Tree, change: Tree) -> Tree:
    """`base` with `change` in it: mappings merge, lists and scalars replace, None removes.

    Neither is touched.
    """
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = merge(old if isinstance(old, dict) else {}, value)
        else:
            merged[key] = value
    return merged


def ascii_name(text: str, where: str) -> str:
    """A host name as lower-case A-labels without a trailing dot; `*` and `_` labels pass."""
    name = text.strip().rstrip(".").lower()
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise WorldError(f"{where}: {text!r} is no host name ({error})") from None
    if not name or " " in name or "/" in name or ".." in name or len(name) > 253:
        raise WorldError(f"{where}: {text!r} is no host name")
    return name


@dataclass(frozen=True)
class Place:
    """The folder of a world, and what was already found in it: ten thousand domains may share a site."""

    directory: Path
    paths: dict[tuple[str, bool], Path] = field(default_factory=dict)
    dates: dict[str, Date] = field(default_factory=dict)


class Reader:
    """One mapping of the file, and where it stands; every getter converts or raises WorldError."""

    __slots__ = ("place", "tree", "where")

    def __init__(self, tree: object, where: str, place: Place) -> None:
        if not isinstance(tree, dict):
            raise WorldError(f"{where}: must be a mapping, not {tree!r}")
        self.tree: Mapping[str, Any] = tree
        self.where = where
        self.place = place

    def __contains__(self, key: str) -> bool:
        return self.tree.get(key) is not None

    def only(self, *keys: str) -> None:
        """Raises for a key that isn't one of these."""
        for key in self.tree:
            if key not in keys:
                raise WorldError(f"{self.where}: unknown key {key!r} (known: {', '.join(keys)})")

    def at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def fail(self, key: str, problem: str) -> WorldError:
        return WorldError(f"{self.at(key)}: {problem}")

    def child(self, key: str) -> Reader:
        value = self.tree.get(key)
        return Reader({} if value is None else value, self.at(key), self.place)

    def children(self, key: str) -> list[Reader]:
        """A list of mappings."""
        value = self.tree.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fail(key, "must be a list of mappings")
        return [Reader(item, f"{self.at(key)}[{n}]", self.place) for n, item in enumerate(value)]

    def text(self, key: str, default: str = "") -> str:
        value = self.tree.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.fail(key, "must be one value, not a list or mapping")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of text; a single value counts as a list of one."""
        value = self.tree.get(key)
        items = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in items):
            raise self.fail(key, "must be a list of plain values")
        return tuple(items)

    def choice(self, key: str, allowed: tuple[str, ...], default: str = "") -> str:
        value = self.text(key, default)
        if value != default and value not in allowed:
            raise self.fail(key, f"{value!r} is not one of {', '.join(allowed)}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.text(key).lower()
        if value and value not in _TRUE | _FALSE:
            raise self.fail(key, f"{value!r} is neither true nor false")
        return value in _TRUE if value else default

    def number(self, key: str, default: float = 0.0) -> float:
        value = self.text(key)
        try:
            number = float(value) if value else default
        except ValueError:
            raise self.fail(key, f"{value!r} is no number") from None
        if not 0 <= number < 1e9:
            raise self.fail(key, f"{value!r} must be zero or more")
        return number

    def status(self, key: str) -> int:
        """An HTTP status, 0 where none is given."""
        number = self.number(key)
        if number and not (number.is_integer() and 200 <= number <= 599):
            raise self.fail(key, f"{self.text(key)!r} is no HTTP status")
        return int(number)

    def date(self, key: str) -> Date | None:
        value = self.text(key)
        if not value:
            return None
        if (known := self.place.dates.get(value)) is not None:
            return known
        try:
            return self.place.dates.setdefault(value, Date(value))
        except ValueError as error:
            raise self.fail(key, str(error)) from None

    def moment(self, key: str) -> datetime | None:
        """The first moment of a date, aware UTC."""
        date = self.date(key)
        return date.first if date else None

    def path(self, key: str, *, folder: bool) -> Path | None:
        """An existing file or folder inside the world's folder."""
        value = self.text(key)
        if not value:
            return None
        found = _inside(self.place, value, folder=folder)
        if isinstance(found, str):
            raise self.fail(key, found)
        return found


def inside(path: Path, folder: Path) -> bool:
    """Whether a path, links followed, lies in a folder: a world may come from elsewhere."""
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


def _inside(place: Place, text: str, *, folder: bool) -> Path | str:
    """`text` below the world's folder, or what is wrong with it; a world names nothing outside."""
    if (text, folder) in place.paths:
        return place.paths[text, folder]
    relative = PurePosixPath(text)
    if relative.is_absolute() or ".." in relative.parts or "\\" in text or ":" in text:
        return f"{text!r} must lie inside the world's folder"
    path = place.directory.joinpath(*relative.parts)
    if not (path.is_dir() if folder else path.is_file()):
        return f"no {'folder' if folder else 'file'} {text!r} beside world.yaml"
    if not inside(path, place.directory):
        return f"{text!r} leads out of the world's folder"
    place.paths[text, folder] = path
    return path
