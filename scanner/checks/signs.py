"""Earliest signs of life, side by side: what every dated source can say of the domain and of its content."""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Facts, Scene, Subject
from scanner.model import Observation, Strength

BOUNDS = (
    ("registered", "registration", "created"),
    ("registered anew", "registration", "reregistered"),
    ("first certificate logged by", "ct", "first_logged"),
    ("first archived by", "archive", "first_capture"),
)
"""A registration date is a point in time; a first certificate and a first capture only say "by then"."""


def first_content(facts: Facts) -> Observation | None:
    """The earliest capture that held a page: the address answered with content by then."""
    held = [row for row in facts.all("archive", "capture") if row.value.startswith("200 text/html")]
    return Facts.of(held).earliest("archive", "capture")


@check(
    "history.earliest-signs",
    strength=Strength.CONTEXT,
    needs=("registration/created", "ct/first_logged", "archive/first_capture", "archive/capture"),
    texts=Texts(
        innocent="Every source begins late for some honest sites: archives miss many, "
        "certificates were rare before 2016.",
        ask="Since when has the organisation used this address, and which one did it have before?",
        next_step="Compare these dates with the claimed period.",
    ),
    idea="Domain and content have ages of their own: a domain can be old and its content new (red flags 2, 3).",
)
def earliest_signs(subject: Subject, scene: Scene) -> Result:
    """The earliest dated signs of the domain and of its content, from every source that answered.

    Said for the record: each is a bound with its source. A source that is missing here gave no date,
    which says nothing.
    """
    rows = [(words, row) for words, kind, name in BOUNDS if (row := subject.facts.earliest(kind, name))]
    content = first_content(subject.facts)
    if content is not None:
        rows.append(("content by", content))
    if not rows:
        return NoEvidence("no source answered with a date")
    listed = "; ".join(f"{words} {row.starts.day} ({row.source})" for words, row in rows if row.starts)
    return [
        Hit(
            f"Earliest dated signs of {subject.domain}: {listed}.",
            observed=listed,
            support=tuple(row for _, row in rows),
        )
    ]
