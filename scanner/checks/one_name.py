"""Whether two sites with one text go by one name: as a firm with two addresses does, and an imitation of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from scanner.checks.facts import Subject
from scanner.model import Observation


def go_by_one_name(subject: Subject, other: str, passages: Sequence[Observation]) -> bool:
    """Whether this site names the other one's address openly, and both go by one name: the shared text names the
    claimed organisation on either side, or one address's own label stands in the other's. So it is with one firm's
    two addresses, and with an imitation that keeps the name: which of them can't be told from here."""
    facts = subject.facts
    left = {row.value.split(" ", 2)[1] for row in facts.all("page", "left_over")}
    if other not in left and other not in facts.values("page", "acknowledged_domain"):
        return False
    ours, theirs = _label(subject.domain), _label(other)
    shorter, longer = sorted((ours, theirs), key=len)
    if len(shorter) >= _TELLING_LABEL and shorter in longer:
        return True
    names = {_words(claim.organisation) for claim in subject.target.claims}
    shown = [json.loads(row.value) for row in passages]
    return any(
        all(f" {name} " in f" {_words(one[side])} " for side in ("ours", "theirs"))
        for name in names
        for one in shown
        if len(name) >= _TELLING_NAME
    )


_TELLING_LABEL, _TELLING_NAME = 5, 4  # characters from which it is somebody's name
_LEGAL = frozenset((
    "inc", "llc", "ltd", "limited", "gmbh", "ag", "ug", "kg", "plc", "corp", "corporation", "co", "company", "pvt",
    "pty", "sarl", "sas", "srl", "spa", "bv", "nv", "oy", "ab", "as", "aps", "sro", "ooo", "llp", "group", "the",
))  # fmt: skip
_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> str:
    """Folded words of a text or of an organisation's name, legal forms left out."""
    return " ".join(word for word in _WORD.findall(text.casefold()) if word not in _LEGAL)


def _label(domain: str) -> str:
    return domain.partition(".")[0].replace("-", "")
