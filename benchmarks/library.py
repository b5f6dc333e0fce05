"""What the library costs. Run: `python -m benchmarks.library [--pages 10000,100000] [--peers SITE_PACKAGES]`

Pages are made: words by rank as in real text (Zipf), a third of them in set phrases that pages share, a cookie notice
on every fourth, lengths as on real pages; every real page of ../shared/corpus is mixed in. Timed is `Library.add`
alone, not the making. Asked for are pages of the library with a tenth of the words replaced, a third of a page lifted
into another page, and pages the library doesn't know. A cold query opens the library anew after the system was told to
drop the file's pages from memory. With `--peers`, datasketch's and rensa's MinHash-LSH from that folder get the same
shingles and queries; their bands are set so that they find as many of the edited pages.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import itertools
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import copies
from scanner.library import Library, Text
from scanner.likeness.shingles import text_print
from scanner.model import Date

WORDS = 60_000
PHRASES = 20_000
PER_SITE = 8  # pages
SEEN = Date("2021-03-01")
NOTICE = (
    "we use cookies to make this site work and to see how it is used by choosing accept you agree to "
    "this you can change your choice at any time in the settings at the foot of the page"
)


class Pages:
    """Makes page number n, the same on every call."""

    def __init__(self, real: Sequence[Text]) -> None:
        rng = np.random.default_rng(1)
        known = sorted({token for text in real for row in text.tokens for token in row if token.isalpha()})
        made = ("".join(rng.choice(list("bcdfglmnprst"), 2)) + "aeiou"[i % 5] + str(i) for i in range(WORDS))
        self.vocabulary = np.array((known + list(itertools.islice(made, WORDS)))[:WORDS], dtype=object)
        rng.shuffle(self.vocabulary)
        # Zipf's law as measured on large corpora: exponent 1 for the first 5,000 words, 2 behind them
        # (Ferrer i Cancho and Solé 2001, "Two regimes in the frequency of words").
        rank = np.arange(WORDS) + 2.7
        weights = 1 / np.where(rank < 5000, rank, rank**2 / 5000)
        self._words = np.cumsum(weights / weights.sum())
        lengths = rng.integers(3, 7, PHRASES)
        self._phrases = [self.draw(rng, int(n)) for n in lengths]
        weights = 1 / (np.arange(PHRASES) + 5.0)
        self._phrase = np.cumsum(weights / weights.sum())
        self.real = list(real)

    def draw(self, rng: np.random.Generator, count: int) -> list[str]:
        places = np.minimum(np.searchsorted(self._words, rng.random(count)), WORDS - 1)
        drawn: list[str] = self.vocabulary[places].tolist()
        return drawn

    def page(self, number: int) -> Text:
        if number % 50 == 7 and number // 50 < len(self.real):
            return self.real[number // 50]
        rng = np.random.default_rng(number)
        wanted = int(np.clip(rng.lognormal(5.75, 0.6), 60, 3000))  # median 314 words, as main texts have
        rows: list[list[str]] = [NOTICE.split()] if number % 4 == 0 else []
        while wanted > 0:
            length = int(rng.integers(8, 80))
            row = self.draw(rng, length * 2 // 3)
            phrases = np.minimum(np.searchsorted(self._phrase, rng.random(length // 13 + 1)), PHRASES - 1)
            for place, phrase in zip(rng.integers(0, len(row) + 1, len(phrases)), phrases, strict=True):
                row[place:place] = self._phrases[phrase]
            rows.append(row)
            wanted -= len(row)
        return given(rows, f"site{number // PER_SITE}.example", number)

    def batches(self, count: int, size: int = 2048) -> Iterator[list[Text]]:
        for start in range(0, count, size):
            yield [self.page(number) for number in range(start, min(start + size, count))]


def given(rows: Sequence[Sequence[str]], domain: str, number: int) -> Text:
    passages = tuple(" ".join(row).capitalize() + "." for row in rows)
    return Text(
        f"https://{domain}/{number}", domain, passages, tuple(tuple(row) for row in rows), SEEN, "crawl"
    )


@dataclass(frozen=True, slots=True)
class Query:
    kind: str  # "tenth replaced", "third lifted", "unknown"
    text: Text
    original: str  # address of the page it was made from, "" when unknown


def queries(pages: Pages, count: int, each: int) -> list[Query]:
    made: list[Query] = []
    rng = random.Random(5)
    for number in rng.sample(range(count), each):
        page = pages.page(number)
        new = iter(pages.draw(np.random.default_rng(number + 1), 4000))
        rows = [[next(new, word) if rng.random() < 0.1 else word for word in row] for row in page.tokens]
        made.append(Query("tenth replaced", given(rows, "front.example", number), page.url))
        unknown = pages.page(10**7 + number)
        made.append(Query("unknown", replace(unknown, domain="front.example"), ""))
        third = page.tokens[: max(len(page.tokens) // 3, 2)]
        made.append(
            Query("third lifted", given([*unknown.tokens, *third], "front.example", number), page.url)
        )
    return made


@dataclass(frozen=True, slots=True)
class Cost:
    name: str
    pages: int
    per_second: float
    bytes_a_page: float
    warm: tuple[float, float]  # ms, median and 95 in 100
    cold: tuple[float, float]
    memory: float  # MB, the most the process held, generator included
    found: dict[str, float]


def library_cost(pages: Pages, count: int, each: int, folder: Path) -> Cost:
    path = folder / f"library{count}.db"
    path.unlink(missing_ok=True)
    spent = 0.0
    with Library(path) as library:
        for batch in pages.batches(count):
            started = time.perf_counter()
            library.add(batch)
            spent += time.perf_counter() - started
        started = time.perf_counter()
        library.optimise()
        spent += time.perf_counter() - started
    asked = queries(pages, count, each)
    with Library(path, readonly=True) as library:
        for query in asked[:30]:
            library.search(query.text)
        warm, found = _ask(asked, lambda query: [match.url for match in library.search(query.text)])
    cold = []
    for query in asked[: max(60, each // 4)]:
        _evict(path)
        started = time.perf_counter()
        with Library(path, readonly=True) as library:
            library.search(query.text)
        cold.append(1000 * (time.perf_counter() - started))
    size = path.stat().st_size / count
    return Cost(
        "falsefront", count, count / spent, size, _quantiles(warm), _quantiles(cold), _memory(), found
    )


def _ask(
    asked: Sequence[Query], search: Callable[[Query], list[str]]
) -> tuple[list[float], dict[str, float]]:
    took: list[float] = []
    right: dict[str, list[bool]] = {}
    for query in asked:
        started = time.perf_counter()
        urls = search(query)
        took.append(1000 * (time.perf_counter() - started))
        right.setdefault(query.kind, []).append(query.original in urls if query.original else not urls)
    return took, {kind: sum(each) / len(each) for kind, each in right.items()}


def _evict(path: Path) -> None:
    """Asks the system to drop the file from memory, so that the next read comes from the disk."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _quantiles(took: Sequence[float]) -> tuple[float, float]:
    return float(np.median(took)), float(np.quantile(took, 0.95))


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# ------------------------------------------------------------------------------------------------ peers


def peer_cost(name: str, pages: Pages, count: int, each: int) -> Cost:
    """MinHash-LSH of another library, in memory, over the same shingles: 128 permutations in 64 bands of 2, which
    finds a pair of Jaccard 0.3 with 99.8 % and one of 0.1 with 47 %."""
    module = importlib.import_module(name)
    index, sign, insert, query = (_datasketch if name == "datasketch" else _rensa)(module)
    held, spent = _held(), 0.0
    urls: list[str] = []
    for batch in pages.batches(count):
        shapes = [text_print(text.tokens).hashes.tolist() for text in batch]
        started = time.perf_counter()
        for text, hashes in zip(batch, shapes, strict=True):
            insert(index, len(urls), sign([str(number) for number in hashes]))
            urls.append(text.url)
        spent += time.perf_counter() - started
    asked = queries(pages, count, each)

    def search(asked: Query) -> list[str]:
        hashes = text_print(asked.text.tokens).hashes.tolist()
        return [urls[number] for number in query(index, sign([str(one) for one in hashes]))]

    warm, found = _ask(asked, search)
    grown = (_held() - held) / count * 1024 * 1024
    return Cost(name, count, count / spent, grown, _quantiles(warm), (0, 0), _memory(), found)


def _datasketch(module: Any) -> tuple[Any, Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    def sign(hashes: list[str]) -> Any:
        made = module.MinHash(num_perm=128)
        made.update_batch([one.encode() for one in hashes])
        return made

    def insert(index: Any, number: int, signed: Any) -> None:
        index.insert(number, signed, check_duplication=False)

    return module.MinHashLSH(num_perm=128, params=(64, 2)), sign, insert, lambda index, s: index.query(s)


def _rensa(module: Any) -> tuple[Any, Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    def sign(hashes: list[str]) -> Any:
        made = module.RMinHash(num_perm=128, seed=42)
        made.update(hashes)
        return made

    def insert(index: Any, number: int, signed: Any) -> None:
        index.insert(number, signed)

    index = module.RMinHashLSH(threshold=0.12, num_perm=128, num_bands=64)
    return index, sign, insert, lambda index, s: index.query(s)


def _held() -> float:
    """MB of memory this process holds now."""
    gc.collect()
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return _memory()


# ------------------------------------------------------------------------------------------------ printing


def show(cost: Cost) -> None:
    found = ", ".join(f"{kind} {share:.3f}" for kind, share in sorted(cost.found.items()))
    cold = f"{cost.cold[0]:6.1f} / {cost.cold[1]:6.1f}" if cost.cold[0] else "(in memory)    "
    print(
        f"{cost.name:11} {cost.pages:9,} pages  {cost.per_second:7,.0f} pages/s  {cost.bytes_a_page:6,.0f} B a page  "
        f"query ms, median / p95: warm {cost.warm[0]:6.2f} / {cost.warm[1]:6.2f}  cold {cold}  "
        f"most memory {cost.memory:5.0f} MB\n{'':11} right answers: {found}",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--pages", default="10000,100000")
    parser.add_argument("--queries", type=int, default=300, help="of each of the three kinds")
    parser.add_argument("--peers", default="", help="site-packages folder with datasketch and rensa")
    parser.add_argument("--only", default="", help="falsefront, datasketch or rensa alone")
    options = parser.parse_args()
    real: list[Text] = []
    if (copies.CORPUS / "README.md").is_file():
        real = [made.text for made in copies.originals(copies.CORPUS)]
    else:
        print("the corpus of real pages (../shared/corpus) is not here: made pages only", file=sys.stderr)
    pages = Pages(real)
    if options.peers:
        sys.path.append(options.peers)
    with tempfile.TemporaryDirectory() as folder:
        for count in (int(number) for number in options.pages.split(",")):
            if options.only in ("", "falsefront"):
                show(library_cost(pages, count, options.queries, Path(folder)))
            for name in ("datasketch", "rensa"):
                if options.only not in ("", name) or not options.peers:
                    continue
                try:
                    show(peer_cost(name, pages, count, options.queries))
                except ImportError:
                    print(f"{name}: not installed in {options.peers}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
