"""Which of many phrases a page can hold, told from its words alone: looking for hundreds of phrases in the text of each
page costs more than parsing it, and most pages hold none.

A phrase leaves a trace in words of every text that holds it: its middle words stand there by themselves, its first
word ends one, its last word begins one. What was found out of a word is kept, for pages share their words.
"""

from __future__ import annotations

from collections.abc import Iterable

from scanner.observe.page.document import Document

MOST_KEPT = 30_000  # words
_HEAD = 3
_LONGEST = 40  # characters of a word that is kept


class Hints:
    """A group of phrases (lower case, single spaces) that pages are asked for."""

    def __init__(self, phrases: Iterable[str]) -> None:
        # By the longest trace of each, the rarest as a rule: few pages have to look at the others.
        self._by_trace: dict[str, list[tuple[int, str, frozenset[str]]]] = {}
        known: set[str] = set()
        for number, phrase in enumerate(dict.fromkeys(phrases)):
            traces = _traces_of(phrase)
            known.update(traces)
            self._by_trace.setdefault(max(traces, key=len), []).append((number, phrase, frozenset(traces)))
        self._first = frozenset(self._by_trace)
        _TRACES.learn(frozenset(known))

    def possible(self, page: Document) -> list[str]:
        """The phrases that may be in the page's text, in the order they were given: no other is."""
        if page.traces is None or page.traces[0] != len(_TRACES.known):
            page.traces = len(_TRACES.known), _TRACES.of(page.vocabulary)
        found = page.traces[1]
        met = [entry for trace in self._first & found for entry in self._by_trace[trace] if entry[2] <= found]
        return [phrase for _, phrase, _ in sorted(met)] if met else []

    def present(self, page: Document) -> list[str]:
        """The phrases that are in `page.plain`."""
        return [phrase for phrase in self.possible(page) if phrase in page.plain]


class _Traces(dict[str, frozenset[str]]):
    """Word -> the traces it bears, found out when asked. A trace is a word, with a space where it must be whole."""

    def __init__(self) -> None:
        super().__init__()
        self.known: frozenset[str] = frozenset()
        self._bare: set[str] = set()  # words that bear none: most of a page's
        self._by_head: dict[str, list[str]] = {}  # the first three characters of a trace -> all that begin so
        self._tiny: list[str] = []

    def learn(self, traces: frozenset[str]) -> None:
        self.known |= traces
        self.clear()
        self._bare.clear()
        self._tiny = sorted(trace for trace in self.known if len(trace) < _HEAD)
        self._by_head = {}
        for trace in sorted(self.known):
            self._by_head.setdefault(trace[:_HEAD], []).append(trace)

    def of(self, words: frozenset[str]) -> frozenset[str]:
        return frozenset[str]().union(*map(self.__getitem__, words - self._bare))

    def __missing__(self, word: str) -> frozenset[str]:
        whole, heads = f" {word} ", self._by_head
        found = {trace for trace in self._tiny if trace in whole}
        for at in range(len(word)):
            if (head := whole[at : at + _HEAD]) in heads:
                found.update(trace for trace in heads[head] if whole.startswith(trace, at))
        bears = frozenset(found)
        if len(word) <= _LONGEST:
            if len(self) + len(self._bare) >= MOST_KEPT:
                self.clear()
                self._bare.clear()
            if bears:
                self[word] = bears
            else:
                self._bare.add(word)
        return bears


_TRACES = _Traces()


def _traces_of(phrase: str) -> list[str]:
    """The words of a phrase, each with a space on the side where a text must have one too.

    >>> _traces_of("old "), _traces_of("we have moved")
    (['old '], ['we ', ' have ', ' moved'])
    """
    words = phrase.split()
    return [
        (" " if place or phrase[0].isspace() else "")
        + word
        + (" " if place < len(words) - 1 or phrase[-1].isspace() else "")
        for place, word in enumerate(words)
    ]
