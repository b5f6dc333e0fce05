"""Is this name one on a list? Blocked by a token index, so that a name meets a few of twenty thousand; then scored.

What comes out is a likeness of names and nothing more: many firms and very many people share theirs. Who uses it needs
a second fact.

rapidfuzz scores; rigour and nomenklatura were left out: they compile ICU at installation, and the little they would
add here (legal forms, Cyrillic) stands in `spelling`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from scanner.knowledge.spelling import PLACES, core, distinctive, skeleton, words

ALIKE = 90.0
"""Likeness from which two spellings pass for one (0 to 100): one letter in ten."""
GARBLED = 75.0
"""Likeness that is enough where the skeletons are equal, as in Chunyong and Chinyong (87.5)."""
SHORT = 5
"""Names with fewer distinctive letters are common: too many firms have them."""
EXACT = 7
"""Names with fewer letters must be the same in each: at that length one letter makes another word. (Of 37,842 names of
real providers and firms six were like a listed one before, none is since.)"""
MOST_ALIKE = 400
"""Entries that may share a key; a key of more tells nothing and is passed over where there is a better one."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One spelling of an entry. entry: its place in the list it was made from. person: people have no legal forms,
    and their names come in any order. common: too many share it to mean anything by itself."""

    entry: int
    text: str
    person: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A name and the alias it is like. score: 0 to 100, of the words that tell names apart."""

    alias: Alias
    score: float


@dataclass(frozen=True, slots=True)
class _Form:
    """A name as it is compared: `joined` without spaces in its own order, `ordered` with its words sorted."""

    joined: str
    ordered: str
    skeleton: str
    keys: tuple[str, ...]
    whole: str  # every word of the core, sorted: what a common name is compared by


class NameIndex:
    """Aliases by key. Building takes about 30 µs an alias."""

    def __init__(self, aliases: Iterable[Alias], common_words: frozenset[str] = frozenset()) -> None:
        """common_words: ordinary words; an organisation's name made of them alone is common."""
        self._common_words = common_words
        self._aliases: list[tuple[Alias, _Form]] = []
        self._people: dict[str, list[int]] = {}
        self._firms: dict[str, list[int]] = {}
        for alias in aliases:
            form = _person(alias.text) if alias.person else _firm(alias.text)
            if form is None:
                continue
            if not alias.person and not alias.common and self._is_common(alias.text):
                alias = Alias(alias.entry, alias.text, common=True)
            table = self._people if alias.person else self._firms
            for key in form.keys:
                table.setdefault(key, []).append(len(self._aliases))
            self._aliases.append((alias, form))

    def __len__(self) -> int:
        return len(self._aliases)

    def organisations(self, name: str) -> tuple[Match, ...]:
        """Listed organisations of that name, the best alias of each, most alike first."""
        return self._matches(_firm(name), self._firms)

    def people(self, name: str) -> tuple[Match, ...]:
        """Listed people of that name. A single word is nobody's name."""
        return self._matches(_person(name), self._people)

    def _is_common(self, name: str) -> bool:
        telling = distinctive(core(name))
        letters = sum(letter.isalpha() for word in telling for letter in word)
        return letters < SHORT or all(word in self._common_words or not word.isalpha() for word in telling)

    def _matches(self, form: _Form | None, table: dict[str, list[int]]) -> tuple[Match, ...]:
        if form is None:
            return ()
        best: dict[int, Match] = {}
        for place in _candidates(form.keys, table):
            alias, other = self._aliases[place]
            score = _whole_score(form, other) if alias.common else _score(form, other)
            if score and (alias.entry not in best or score > best[alias.entry].score):
                best[alias.entry] = Match(alias, round(score, 1))
        return tuple(sorted(best.values(), key=lambda match: (-match.score, match.alias.entry)))


def _candidates(keys: Sequence[str], table: dict[str, list[int]]) -> list[int]:
    found = [places for key in keys if (places := table.get(key))]
    telling = [places for places in found if len(places) <= MOST_ALIKE] or [
        min(found, key=len) if found else []
    ]
    return sorted({place for places in telling for place in places[: MOST_ALIKE * 5]})


def _score(one: _Form, other: _Form) -> float:
    if min(len(one.joined), len(other.joined)) < EXACT:
        return 100.0 if one.ordered == other.ordered or one.joined == other.joined else 0.0
    raw = max(
        fuzz.ratio(one.joined, other.joined, score_cutoff=GARBLED),
        fuzz.ratio(one.ordered, other.ordered, score_cutoff=GARBLED),
    )
    if raw >= ALIKE:
        return raw
    return raw if raw and one.skeleton == other.skeleton and len(one.skeleton) > 1 else 0.0


def _whole_score(one: _Form, other: _Form) -> float:
    """A common name has to be the same in every word."""
    return fuzz.ratio(one.whole, other.whole, score_cutoff=95.0)


def _firm(name: str) -> _Form | None:
    whole = core(name)
    telling = distinctive(whole) or tuple(word for word in whole if word not in PLACES)
    joined = "".join(telling)
    if len(joined) < 3:
        return None
    return _form(telling, joined, whole)


def _person(name: str) -> _Form | None:
    """Family name and given names in one pile: which is which nobody says."""
    parts = words(name)
    if len(parts) < 2 or len("".join(parts)) < 5:
        return None
    return _form(parts, "".join(parts), parts)


def _form(telling: tuple[str, ...], joined: str, whole: tuple[str, ...]) -> _Form:
    bones = tuple(skeleton(word) for word in telling)
    ordered = sorted(telling)
    keys = {f"s:{bone}" for bone in bones if len(bone) > 1}
    keys |= {f"p:{word[:4]}" for word in telling if len(word) > 3}
    keys |= {f"s:{skeleton(joined)}", f"p:{joined[:4]}", f"o:{''.join(ordered)}"}
    return _Form(
        joined,
        "".join(ordered),
        "".join(sorted("".join(bones))),
        tuple(sorted(keys)),
        " ".join(sorted(whole)),
    )
