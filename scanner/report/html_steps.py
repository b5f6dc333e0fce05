"""What to ask and what to do next: of the facts that count, strongest first, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanner.report import html_words as words
from scanner.report.text import named

STEPS_SHOWN, FEWEST, NAMES_SHOWN = 5, 2, 3

Told = Iterable[tuple[str, str]]
"""A question or a step ("" for none), and the domain it is about ("" for the case)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A question or a step, and the addresses it is about, `more` of them unnamed."""

    text: str
    about: tuple[str, ...] = ()
    more: int = 0


def asks_of(told: Told, unaddressed: Sequence[Mapping[str, str]]) -> tuple[Step, ...]:
    """Five questions at most, and general ones where the facts give fewer than two."""
    names = _without_address(unaddressed)
    return _filled(_once(told), _step(words.ADDRESS_ASK, names) if names else None, words.GENERAL_ASKS)


def steps_of(told: Told, unaddressed: Sequence[Mapping[str, str]]) -> tuple[Step, ...]:
    """Five steps at most, likewise; to look an organisation up is said once."""
    names = _without_address(unaddressed)
    general = words.GENERAL_STEPS[1 if names else 0 :]
    return _filled(_once(told), _step(words.ADDRESS_STEP, names) if names else None, general)


def _once(told: Told) -> list[Step]:
    """Each text once, with the domains it is about."""
    about: dict[str, dict[str, None]] = {}
    for text, domain in told:
        if text:
            about.setdefault(text, {}).update({named(domain): None} if domain else {})
    return [_step(text, tuple(domains)) for text, domains in about.items()]


def _step(text: str, about: tuple[str, ...]) -> Step:
    return Step(text, about[:NAMES_SHOWN], max(0, len(about) - NAMES_SHOWN))


def _filled(found: list[Step], last: Step | None, general: Sequence[str]) -> tuple[Step, ...]:
    """At most STEPS_SHOWN; organisations without an address keep a place among them."""
    kept = [*found[: STEPS_SHOWN - 1], last] if last is not None else found[:STEPS_SHOWN]
    more = [Step(text) for text in general if all(text != step.text for step in kept)]
    return (*kept, *more[: max(0, FEWEST - len(kept))])


def _without_address(unaddressed: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    names = [claim["organisation"] for claim in unaddressed if claim["organisation"] and not claim["url"]]
    return tuple(dict.fromkeys(names))
