"""Copy: a name put into sentences that stand elsewhere without it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.model import Observation, Strength

_WORD = re.compile(r"[^\W_][\w'’&-]*")
_LEAST = 12  # words that both passages share
_MOST_NAMES = 4
_MOST_WORDS = 5  # of one name


@check(
    "copy.name-injected",
    strength=Strength.CONTEXT,
    needs=("copy/passage",),
    texts=Texts(
        innocent="Agencies reuse their sentences from client to client, and templates have a place for the name.",
        ask="Who wrote these texts, and for whom first?",
        next_step="Read both passages side by side; the finding about the copy itself says who had them first.",
    ),
    idea="Names put into sentences that elsewhere exist without them (copied texts, red flags 8 and 10).",
)
def name_injected(subject: Subject, scene: Scene) -> Result:
    """A shared passage is the other site's, word for word, but for a name put in. It adds to the statement of the
    copy and weighs nothing by itself; whose name it is plays no part."""
    rows = subject.facts.all("copy", "passage")
    if not rows:
        return NoEvidence("no shared passage was written down")
    hits: list[Hit] = []
    for row in rows:
        what = json.loads(row.value)
        names = list(put_in(what["ours"], what["theirs"]))
        if names and not hits:
            hits.append(
                Hit(
                    f"A passage shared with {what['domain']} differs only by what was put in: “{'”, “'.join(names)}”.",
                    claimed=what["ours"],
                    observed=what["theirs"],
                    support=(row, *_matches(subject, what["domain"])),
                )
            )
    return hits


def _matches(subject: Subject, domain: str) -> tuple[Observation, ...]:
    """The rows that name the pages on which both passages stand."""
    rows = subject.facts.all("copy", "match")
    return tuple(row for row in rows if json.loads(row.value)["domain"] == domain)


def put_in(ours: str, theirs: str) -> Iterator[str]:
    """The names our passage has and theirs lacks, where nothing else differs; nothing otherwise.

    >>> text = "has built the payment system of a large bank and leads a team of twelve engineers in three cities"
    >>> list(put_in("Jane Doe " + text, text)), list(put_in(text.replace("twelve", "nine"), text))
    (['Jane Doe'], [])
    """
    mine, other = _WORD.findall(ours)[:400], _WORD.findall(theirs)[:400]
    changes = SequenceMatcher(
        None, [word.casefold() for word in mine], [word.casefold() for word in other], autojunk=False
    ).get_opcodes()
    shared = sum(end - start for tag, start, end, _, _ in changes if tag == "equal")
    differing = [(tag, mine[start:end]) for tag, start, end, _, _ in changes if tag != "equal"]
    if shared < _LEAST or not differing or len(differing) > _MOST_NAMES:
        return
    if all(tag == "delete" and len(words) <= _MOST_WORDS and _is_name(words) for tag, words in differing):
        yield from dict.fromkeys(" ".join(words) for _, words in differing)


def _is_name(words: list[str]) -> bool:
    """Capitals on every word: names of people and brands, in scripts that have capitals."""
    return all(word[0].isupper() for word in words)
