"""A search service's JSON answer: the addresses at the places its settings name. Runs in a worker process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

MOST = 50
LONGEST = 2000  # characters of an address


def addresses(payload: bytes) -> bytes:
    """payload: a JSON list of paths, a line break, the answer. A JSON list of http(s) addresses, best first.

    Raises ValueError for an answer that is no JSON.

    >>> addresses(b'["hits.*.url"]\\n{"hits": [{"url": "https://a.example/"}, {"url": 7}, {}]}')
    b'["https://a.example/"]'
    """
    paths, _, answer = payload.partition(b"\n")
    document = json.loads(answer)
    found: dict[str, None] = {}
    for path in json.loads(paths):
        for value in _at(document, path.split(".")):
            if isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) <= LONGEST:
                found[value] = None
    return json.dumps(list(found)[:MOST]).encode()


def _at(value: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield value
    elif steps[0] == "*":
        for item in value if isinstance(value, list) else ():
            yield from _at(item, steps[1:])
    elif isinstance(value, dict) and steps[0] in value:
        yield from _at(value[steps[0]], steps[1:])
