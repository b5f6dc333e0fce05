"""Text from outside, made harmless for a terminal or a file that may be shown in one."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from scanner.hostnames import to_display

# What moves a cursor, hides text or turns its direction round, as far as json.dumps lets it through: DEL and
# C1 controls, format characters, line separators, half characters, tags.
_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def plain(text: object) -> str:
    """Text from outside as one harmless line: no control, format or line-breaking characters reach a terminal."""
    return "".join(
        c if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029" else "\ufffd" for c in str(text)
    )


def named(domain: object) -> str:
    """A domain for people: as it stands in DNS, with its own script beside it where that misleads nobody.

    >>> named("acme.example"), named("xn--bcher-kva.example")
    ('acme.example', 'xn--bcher-kva.example (bücher.example)')
    """
    name = str(domain)
    shown = to_display(name)
    return plain(name if shown == name else f"{name} ({shown})")


def json_text(value: Any) -> str:
    """A JSON document without a newline at its end; the characters a terminal obeys are written as escapes."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    return _HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], text)
