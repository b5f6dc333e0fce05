"""What is new, as an Atom feed (RFC 4287). Pure: rows in, text out."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from scanner.store import Store
from scanner.watch.changes import KINDS
from scanner.watch.watches import iso

NAMESPACE = "http://www.w3.org/2005/Atom"
MOST = 200
_VALUES = 6
_NO_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")


def newest(store: Store, most: int = MOST) -> list[dict[str, Any]]:
    """The newest changes of watched cases, newest first."""
    return store._dicts(
        "select * from changes order by confirmed_at desc, case_id, domain, id limit ?", (most,)
    )


def origin(store: Store) -> str:
    """What tells this database's feed from another's: the uid of its first scan, "" while there is none."""
    return str(store.conn.execute("select coalesce(min(uid), '') from scans").fetchone()[0])


def atom(rows: Sequence[dict[str, Any]], now: datetime, *, origin: str = "", values: bool = False) -> str:
    """The feed. An entry has the case id and the kind of change; with `values` the address and both values too.
    Ids stay the same from one feed to the next, so that a reader shows nothing twice."""
    ElementTree.register_namespace("", NAMESPACE)
    feed = ElementTree.Element(f"{{{NAMESPACE}}}feed")
    _add(feed, "title", "falsefront: what is new")
    _add(feed, "id", _urn(f"feed {origin}"))
    _add(feed, "updated", max((row["confirmed_at"] for row in rows), default=iso(now)))
    _add(_add(feed, "author", ""), "name", "falsefront")
    for row in rows:
        entry = _add(feed, "entry", "")
        where = f" {row['domain']}:" if values and row["domain"] else ""
        _add(entry, "title", f"{row['case_id']}:{where} {KINDS.get(row['kind'], row['kind'])}")
        key = [row[name] for name in ("case_id", "domain", "fact", "after", "scan")]
        _add(entry, "id", _urn(json.dumps(key)))
        _add(entry, "updated", row["confirmed_at"])
        _add(entry, "category", "").set("term", row["kind"])
        _add(entry, "content", _content(row, values)).set("type", "text")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _content(row: dict[str, Any], values: bool) -> str:
    lines = [f"First seen {row['after_at'][:10]}, confirmed {row['confirmed_at'][:10]}."]
    if values:
        lines += [f"before: {_shown(row['before'])}", f"now: {_shown(row['after'])}"]
    return "\n".join([*lines, f"falsefront diff {row['case_id']}"])


def _shown(text: str) -> str:
    values = [str(value) for value in json.loads(text)]
    return ", ".join(values[:_VALUES]) or "none"


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    # XML 1.0 has no place for control characters and halves of characters, whatever a registry sends.
    element.text = "".join(c for c in text if c == "\n" or (c >= " " and not _NO_TEXT.match(c)))
    return element


def _urn(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return "urn:uuid:" + "-".join(
        (digest[:8], digest[8:12], "8" + digest[13:16], "8" + digest[17:20], digest[20:32])
    )
