"""What knowledge costs: opening a database with a million indicators, looking them up, and comparing names.

    python -m benchmarks.knowledge            # about a minute, most of it making the database
    python -m benchmarks.knowledge --entries 100000 --names 5000

Wanted (issue 4): a million indicators open in 1 s and 300 MB, 100,000 exact look-ups a second, 2,000 names of
organisations a second against 20,000 listed ones with 5 ms at the 95th percentile. The look-ups are made in a process
of its own, so that what making the database took is not counted.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.table import load
from scanner.knowledge.indicators import Indicator
from scanner.knowledge.matching import Alias, NameIndex
from scanner.store import Store

CONSONANTS = (
    "b",
    "d",
    "f",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "z",
    "ch",
    "sh",
    "kr",
    "st",
)
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in "aeiou"]
ENDINGS = (
    "Trading Co., Ltd",
    "LLC",
    "Technology Company",
    "Shipping Corp",
    "GmbH",
    "General Corporation",
    "OOO",
    "Inc",
)


def peak_mb() -> float:
    """The most memory this process has had; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1024


def entries(count: int) -> Iterator[Indicator]:
    for number in range(count):
        kind, value = ("domain", f"firm-{number}.com") if number % 10 else ("mail", f"hr@firm-{number}.com")
        yield Indicator(kind, value, published="2024-01-15", note="made up for measuring")


def look_up(database: Path, count: int, queries: int) -> dict[str, float]:
    """Opens the database and asks; half of the questions have an answer."""
    before, start = peak_mb(), time.perf_counter()
    with Store(database, readonly=True) as store:
        store.is_known("domain", "firm-1.com")
        opened = time.perf_counter() - start
        order = random.Random(7)
        asked = [f"firm-{order.randrange(2 * count)}.com" for _ in range(queries)]
        start = time.perf_counter()
        found = sum(store.is_known("domain", name) for name in asked)
        seconds = time.perf_counter() - start
    assert found, "nothing was found: the measurement is wrong"
    return {
        "open with first answer, s": opened,
        "exact look-ups a second": queries / seconds,
        "memory of the process, MB": peak_mb(),
        "of that before opening, MB": before,
    }


def name(order: random.Random) -> str:
    words = (
        "".join(order.choices(SYLLABLES, k=order.randint(2, 4))).title() for _ in range(order.randint(1, 2))
    )
    return f"{' '.join(words)} {order.choice(ENDINGS)}"


def garbled(text: str, order: random.Random) -> str:
    """One vowel is another one."""
    places = [place for place, letter in enumerate(text) if letter in "aeiou"]
    place = order.choice(places)
    return text[:place] + order.choice("aeiou") + text[place + 1 :]


def compare_names(count: int, queries: int) -> dict[str, float]:
    order = random.Random(11)
    listed = [name(order) for _ in range(count)]
    start = time.perf_counter()
    index = NameIndex(Alias(place, text) for place, text in enumerate(listed))
    built = time.perf_counter() - start
    asked = [garbled(order.choice(listed), order) if k % 4 == 0 else name(order) for k in range(queries)]
    times: list[float] = []
    hits = 0
    for text in asked:
        start = time.perf_counter()
        hits += bool(index.organisations(text))
        times.append(time.perf_counter() - start)
    return {
        "name index built, s": built,
        "names compared a second": queries / sum(times),
        "95th percentile, ms": statistics.quantiles(times, n=20)[-1] * 1000,
        "longest, ms": max(times) * 1000,
        "garbled and found, share": hits / max(1, queries // 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=200_000)
    parser.add_argument("--names", type=int, default=20_000)
    parser.add_argument("--database", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.database:
        show(look_up(given.database, given.entries, given.queries))
        return
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "findings.db"
        start = time.perf_counter()
        with Store(database) as store:
            store.replace_feed("measured", "csv", entries(given.entries), "2024-02-01")
        print(f"{'taken in, s':<34} {time.perf_counter() - start:>12,.2f}")
        print(f"{'database, MB':<34} {database.stat().st_size / 1e6:>12,.1f}")
        again = [sys.executable, "-m", "benchmarks.knowledge", "--database", str(database)]
        subprocess.run([*again, "--entries", str(given.entries), "--queries", str(given.queries)], check=True)
    show(compare_names(given.names, 10_000))
    print(load())


def show(figures: dict[str, float]) -> None:
    for what, figure in figures.items():
        print(f"{what:<34} {figure:>12,.2f}")


if __name__ == "__main__":
    main()
