"""YAML and JSON as text only, with line numbers and limits: the files come from strangers.

No implicit types (`0142`, `NO`, `2015` stay text), no anchors or aliases (a kilobyte of them can unfold to
gigabytes), no tags with meaning, bounded depth and size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from scanner.intake.found import FileError

MAX_DEPTH = 20
MAX_NODES = 100_000
_PARSER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(slots=True)
class Node:
    """A scalar (`text`), a list (`items`) or a mapping (`fields`); `line` counts from 1, 0 = not known
    (JSON).

    twice: keys that stood there more than once (the first one is kept).
    """

    line: int = 0
    text: str | None = None
    items: list[Node] | None = None
    fields: dict[str, Node] | None = None
    twice: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self.text == "" and self.items is None and self.fields is None


def read_yaml(text: str) -> list[Node]:
    """The documents of a file, at least one, parted by lines of `---`. Raises FileError, one line."""
    try:
        return _Builder(yaml.parse(text, Loader=_PARSER)).documents()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}: " if mark else ""
        raise FileError(f"{place}not YAML ({error.problem or error.context})") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise FileError(f"not YAML ({' '.join(str(error).split())[:120]})") from None


class _Builder:
    """Folds parser events into nodes without ever following an alias."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.nodes = 0

    def documents(self) -> list[Node]:
        roots: list[Node] = []
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                roots.append(Node(event.start_mark.line + 1 if event.start_mark else 1, text=""))
            elif isinstance(event, yaml.NodeEvent):
                roots[-1:] = [self.node(event, 0)]
        return roots or [Node(1, text="")]

    def node(self, event: Any, depth: int) -> Node:
        line = event.start_mark.line + 1
        self.nodes += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise FileError(f"line {line}: anchors and aliases (& and *) are not read; write the value out")
        if depth > MAX_DEPTH:
            raise FileError(f"line {line}: nested over {MAX_DEPTH} levels deep")
        if self.nodes > MAX_NODES:
            raise FileError(f"line {line}: over {MAX_NODES} values")
        if isinstance(event, yaml.ScalarEvent):
            return Node(line, text=event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(
                line, items=[self.node(child, depth + 1) for child in self.until(yaml.SequenceEndEvent)]
            )
        return self.mapping(line, depth)

    def mapping(self, line: int, depth: int) -> Node:
        fields: dict[str, Node] = {}
        twice: list[str] = []
        for event in self.until(yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if key.text is None:
                raise FileError(f"line {key.line}: a key that is no text")
            if key.text in fields:
                twice.append(key.text)
            fields.setdefault(key.text, value)
        return Node(line, fields=fields, twice=twice)

    def until(self, end: type) -> Iterator[Any]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield event


class _Pairs(list[tuple[str, Any]]):
    """An object as its pairs, to tell it from an array and to see keys that stand there twice."""


def read_json(text: str) -> Node:
    """Raises FileError, one line. Numbers stay as written; null counts as not there."""
    try:
        raw = json.loads(
            text, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str
        )  # numbers stay as written
    except json.JSONDecodeError as error:
        raise FileError(f"line {error.lineno}: not JSON ({error.msg})") from None
    except RecursionError:
        raise FileError(f"nested over {MAX_DEPTH} levels deep") from None
    return _JsonBuilder().node(raw, 0)


class _JsonBuilder:
    def __init__(self) -> None:
        self.nodes = 0

    def node(self, raw: Any, depth: int) -> Node:
        self.nodes += 1
        if depth > MAX_DEPTH:
            raise FileError(f"nested over {MAX_DEPTH} levels deep")
        if self.nodes > MAX_NODES:
            raise FileError(f"over {MAX_NODES} values")
        if isinstance(raw, _Pairs):
            fields: dict[str, Node] = {}
            twice = []
            for key, value in raw:
                if key in fields:
                    twice.append(key)
                fields.setdefault(key, self.node(value, depth + 1))
            return Node(fields=fields, twice=twice)
        if isinstance(raw, list):
            return Node(items=[self.node(value, depth + 1) for value in raw])
        return Node(text={None: "", True: "true", False: "false"}.get(raw, str(raw)))
