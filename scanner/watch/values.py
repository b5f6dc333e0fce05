"""Values of facts: how they are read, when two are the same, and what a person reads of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from scanner.sketch import Band, band

NOTHING = "none"
"""Answered: there is no such record."""


def senders(record: str) -> str:
    """An SPF record, whatever the order of its parts.

    >>> senders("v=spf1  mx include:_spf.example.net -all") == senders("v=spf1 include:_spf.example.net mx -all")
    True
    """
    version, *parts = record.lower().split()
    return " ".join([version, *sorted(parts)])


def policy(record: str) -> str:
    """What a DMARC record asks receivers to do; where reports go is no policy.

    >>> policy("v=DMARC1; rua=mailto:d@example.com; p=reject")
    'p=reject'
    """
    tags = (tag.strip().lower().replace(" ", "") for tag in record.split(";"))
    return " ".join(sorted(tag for tag in tags if tag.startswith(("p=", "sp=", "pct=")))) or NOTHING


_FORMS = re.compile(r"\b(inc|llc|ltd|limited|gmbh|corp|co|company|corporation|sarl|sas|bv|ag|srl|pty|plc)\b")
DATES_APART = 2  # days: a registry's day depends on its time zone


def same(fact: str, one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two readings of a fact say the same.

    >>> same("registrar", frozenset({"NameCheap, Inc."}), frozenset({"NAMECHEAP INC"}))
    True
    """
    if one == other:
        return True
    if fact == "addresses":  # a round robin answers with some of many
        return bool(one & other)
    if len(one) != 1 or len(other) != 1:
        return False
    before, after = next(iter(one)), next(iter(other))
    if fact in ("registrar", "registrant", "certificate-owner", "certificate-issuer"):
        return _bare(before) == _bare(after)
    if fact in ("created", "expires"):
        return _days_apart(before, after) <= DATES_APART
    if fact == "text":
        return band(before, after) in (Band.SAME, Band.UNKNOWN)
    return False


def _bare(name: str) -> str:
    return "".join(c for c in _FORMS.sub("", name.casefold().replace(".", "")) if c.isalnum())


def _days_apart(one: str, other: str) -> float:
    try:
        return abs((datetime.fromisoformat(one) - datetime.fromisoformat(other)).days)
    except ValueError:  # a month or a year: the same when one begins with the other
        return 0 if one.startswith(other) or other.startswith(one) else 1000


def words_of(fact: str, values: Iterable[str]) -> tuple[str, ...]:
    """The values as a person reads them; a text's sketch becomes its length.

    >>> words_of("text", ["120 118 AAAA"])
    ('text of 120 words',)
    """
    if fact == "text":
        return tuple(f"text of {value.split(' ')[0]} words" for value in values)
    return tuple(sorted(values))
