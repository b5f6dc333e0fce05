"""How surely copies are found, and nothing else is. Run: `python -m benchmarks.copies [--made N] [--all-kinds]`

Three measurements over real pages (../shared/corpus):
labelled pairs: pages people made from one theme or from one another's text, each pair compared with nothing known
  ("alone") and with the other members of its family in the library ("family known");
edited copies: real pages with words replaced, sections shuffled, parts lifted, look-alike letters, put to a library
  that holds all originals;
unrelated pairs: every pair of a few thousand pages by different makers, exactly, with nothing known. Real pages are
  too few for ten million pairs, so most are made: words in the order real pages put them (each word drawn by the two
  before it), which share more phrases with one another than real pages do.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from scanner.library import Library, Text
from scanner.likeness import masking
from scanner.likeness.compare import STRONG_SHARE, Alike, compare, kind_of
from scanner.likeness.shingles import TextPrint, text_print
from scanner.model import Date
from scanner.observe.page import document, main_text

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
FOUND = (Alike.STRONG, Alike.PARTIAL)
LOOKALIKE = str.maketrans("aceopxyiAEOPCTBHKM", "асеорхуіАЕОРСТВНКМ")  # Latin -> Cyrillic
NOWHERE = Date("2020-01-01")


@dataclass(frozen=True, slots=True)
class Made:
    """A page of the corpus: its text as the library takes it, who made it, and which theme it is of."""

    text: Text
    maker: str
    family: str
    demo: float  # share of its words that is the theme's demo text


# ------------------------------------------------------------------------------------------------ real pages


def read_page(path: Path, domain: str) -> Text:
    """The masked main text of one HTML file, as if it stood on that domain."""
    html = path.read_text(encoding="utf-8", errors="replace")
    page = document.read(f"https://{domain}/", 200, [], html)
    logos = [alt for source, alt in page.images if "logo" in (source + alt).lower()]
    names = masking.names_of(domain, page.title, [page.metas.get("og:site_name", "")], logos)
    return text_of(tuple(block.text for block in main_text.passages(page)), domain, names, page.url)


def text_of(passages: tuple[str, ...], domain: str, names: masking.Names, url: str = "") -> Text:
    tokens = tuple(masking.tokens(passage, names) for passage in passages)
    return Text(url or f"https://{domain}/", domain, passages, tokens, NOWHERE, "crawl")


def clones(corpus: Path) -> dict[str, Made]:
    found = {}
    for row in _rows(corpus / "clones" / "clone_members.jsonl"):
        domain = row["id"].replace("/", "-").replace("_", "-").lower() + ".example"
        text = read_page(corpus / row["path"], domain)
        found[row["id"]] = Made(text, row["owner"], row["family"], row["template_demo_fraction"])
    return found


def sites(corpus: Path) -> list[Made]:
    found = []
    for row in _rows(corpus / "sites" / "sites.jsonl"):
        folder = corpus / row["path"]
        domain = row["id"].lower().replace("_", "-") + ".example"
        for path in sorted(folder.rglob("*.html")) if folder.is_dir() else [folder]:
            demo = 1.0 if row["kind"] == "template_demo" else 0.0
            found.append(Made(read_page(path, domain), row["id"], _theme(row["id"]), demo))
    return found


def _theme(name: str) -> str:
    """The theme a site of the corpus is of, by its id ("" for a site of its own): some stand among the clones."""
    plain = name.lower().replace("startbootstrap-", "sb").replace("-", "")
    return next((family for family in _FAMILIES if family in plain), "")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


# ------------------------------------------------------------------------------------------------ labelled pairs


def labelled(corpus: Path, folder: Path) -> dict[tuple[str, str, str], Counter[Alike]]:
    """(label, expected strength, what is known) -> how many pairs came out as which kind.

    A pair is judged the stronger way round, as a scan would that has either page before it.
    """
    members = clones(corpus)
    shapes = {name: text_print(made.text.tokens, made.text.domain) for name, made in members.items()}
    counts: dict[tuple[str, str, str], Counter[Alike]] = defaultdict(Counter)
    families: dict[str, Library] = {}
    for family in sorted({made.family for made in members.values()}):
        families[family] = Library(folder / f"{family}.db")
        families[family].add(_one_an_owner(members.values(), family))
    for row in _rows(corpus / "clones" / "clone_pairs.jsonl"):
        a, b = row["a"], row["b"]
        ways = [
            (shapes[one], shapes[two], families[members[one].family].weight(members[one].text))
            for one, two in ((a, b), (b, a))
        ]
        key = row["label"], row["expected_strength"]
        alone = [kind_of(compare(one, two)) for one, two, _ in ways]
        known = [kind_of(compare(one, two, weight)) for one, two, weight in ways]
        counts[*key, "alone"][min(alone, key=list(Alike).index)] += 1
        counts[*key, "family known"][min(known, key=list(Alike).index)] += 1
    for library in families.values():
        library.close()
    return dict(counts)


def _one_an_owner(members: Iterable[Made], family: str) -> list[Text]:
    """One domain an owner, so that a person's several versions don't count as several sites."""
    return [
        replace(made.text, domain=made.text.domain)
        for made in {made.maker: made for made in members if made.family == family}.values()
    ]


# ------------------------------------------------------------------------------------------------ edited copies

Edit = Callable[[random.Random, tuple[str, ...], "Supply"], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Supply:
    """What a copyist takes instead: words of other pages, and passages of an unrelated page."""

    words: Sequence[str]
    passages: Sequence[str]


def replaced(rate: float) -> Edit:
    def edit(rng: random.Random, passages: tuple[str, ...], supply: Supply) -> tuple[str, ...]:
        def word(old: str) -> str:
            return rng.choice(supply.words) if rng.random() < rate else old

        return tuple(" ".join(word(old) for old in passage.split()) for passage in passages)

    return edit


def shuffled(rng: random.Random, passages: tuple[str, ...], supply: Supply) -> tuple[str, ...]:
    return tuple(rng.sample(passages, len(passages)))


def lifted(rng: random.Random, passages: tuple[str, ...], supply: Supply) -> tuple[str, ...]:
    """A third of the page (60 words at least) in the middle of an unrelated one."""
    start, taken, wanted = rng.randrange(len(passages)), list[str](), sum(map(_size, passages)) / 3
    for passage in passages[start:] + passages[:start]:
        if sum(map(_size, taken)) >= max(wanted, 60):
            break
        taken.append(passage)
    middle = len(supply.passages) // 2
    return (*supply.passages[:middle], *taken, *supply.passages[middle:])


def lookalikes(rng: random.Random, passages: tuple[str, ...], supply: Supply) -> tuple[str, ...]:
    """Half of the words with Cyrillic letters, some with a zero-width space inside."""

    def word(old: str) -> str:
        if rng.random() < 0.5:
            old = old.translate(LOOKALIKE)
        return old[:2] + "\u200b" + old[2:] if rng.random() < 0.2 else old

    return tuple(" ".join(word(old) for old in passage.split()) for passage in passages)


def joined(rng: random.Random, passages: tuple[str, ...], supply: Supply) -> tuple[str, ...]:
    """Shuffled, a tenth of the words replaced, and neighbours run together into one block."""
    edited = replaced(0.1)(rng, shuffled(rng, passages, supply), supply)
    return tuple(" ".join(edited[at : at + 2]) for at in range(0, len(edited), 2))


def _size(passage: str) -> int:
    return len(passage.split())


EDITS: dict[str, Edit] = {
    "5 % of words": replaced(0.05),
    "10 % of words": replaced(0.1),
    "20 % of words": replaced(0.2),
    "30 % of words": replaced(0.3),
    "sections shuffled": shuffled,
    "a third lifted": lifted,
    "look-alike letters": lookalikes,
    "shuffled, 10 %, joined": joined,
}


@dataclass(frozen=True, slots=True)
class Edited:
    copies: int
    found: int  # the original is among the matches as strong or partial
    strong: int  # it is as strong
    wrong: int  # a page by another maker is as strong


def originals(corpus: Path) -> list[Made]:
    """Pages with 120 words and more of somebody's own (no themes' demo pages); of a person's versions the first."""
    seen: set[str] = set()
    kept: list[Made] = []
    for made in [*(one for one in sites(corpus) if not one.family), *clones(corpus).values()]:
        if sum(map(len, made.text.tokens)) < 120 or made.demo > 0.2 or (made.demo and made.maker in seen):
            continue
        seen.add(made.maker)
        kept.append(made)
    return kept


def edited(corpus: Path, folder: Path, rounds: int = 1) -> dict[str, Edited]:
    sources = originals(corpus)
    makers = {made.text.domain: made.maker for made in sources}
    themes = {made.maker: made.family for made in sources}
    words = [word for made in sources for passage in made.text.passages for word in passage.split()]
    words = [word for word in words if len(word) <= 20]  # no sentences of scripts that part no words
    names = masking.names_of("front.example", "Front", [], [])
    results = {}
    with Library(folder / "originals.db") as library:
        library.add(made.text for made in sources)
        for name, edit in EDITS.items():
            tally: Counter[str] = Counter()
            for number, made in enumerate(sources * rounds):
                rng = random.Random(f"{name}/{number}")
                other = rng.choice([one for one in sources if one.maker != made.maker])
                copy = text_of(
                    edit(rng, made.text.passages, Supply(words, other.text.passages)), "front.example", names
                )
                kinds: dict[str, set[Alike]] = defaultdict(set)
                for match in library.search(copy):
                    kinds[makers[match.domain]].add(match.kind)
                tally["copies"] += 1
                tally["found"] += bool(kinds[made.maker] & set(FOUND))
                tally["strong"] += Alike.STRONG in kinds[made.maker]
                hosts = {made.maker, other.maker} if edit is lifted else {made.maker}
                akin = {themes[host] for host in hosts} - {""}  # people of one theme share some of its text
                tally["wrong"] += any(
                    Alike.STRONG in kind and maker not in hosts and themes[maker] not in akin
                    for maker, kind in kinds.items()
                )
            results[name] = Edited(tally["copies"], tally["found"], tally["strong"], tally["wrong"])
    return results


# ------------------------------------------------------------------------------------------------ unrelated pairs


class Writer:
    """Makes pages whose words follow one another as on real ones: each is drawn by the two before it, and in every
    fourth place by one before it alone. Where only one page is in a language, most words have one follower, and two
    made pages would be copies of that page's passage: after LONGEST_TAKEN words of a real page in their order another
    passage is begun, so that pages made apart are unrelated."""

    LONGEST_TAKEN = 15

    def __init__(self, texts: Iterable[Text]) -> None:
        self._real: set[tuple[str, ...]] = set()
        self._two: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._one: dict[str, list[str]] = defaultdict(list)
        self._first: list[tuple[str, str]] = []
        self._lengths: list[tuple[int, ...]] = []
        for text in texts:
            rows = [row for row in text.tokens if len(row) > 2]
            if not rows:
                continue
            self._lengths.append(tuple(len(row) for row in rows))
            for row in rows:
                self._first.append((row[0], row[1]))
                self._real |= {
                    row[at : at + self.LONGEST_TAKEN] for at in range(len(row) - self.LONGEST_TAKEN + 1)
                }
                for before, last, after in zip(row, row[1:], row[2:], strict=False):
                    self._two[before, last].append(after)
                    self._one[last].append(after)

    def page(self, rng: random.Random) -> tuple[tuple[str, ...], ...]:
        return tuple(self._passage(rng, length) for length in rng.choice(self._lengths))

    def _passage(self, rng: random.Random, length: int) -> tuple[str, ...]:
        row = list(rng.choice(self._first))
        while len(row) < length:
            after = self._two.get((row[-2], row[-1])) if rng.random() < 0.75 else self._one.get(row[-1])
            if after and tuple(row[-self.LONGEST_TAKEN :]) not in self._real:
                row.append(rng.choice(after))
            else:
                row += rng.choice(self._first)
        return tuple(row[:length])


@dataclass(frozen=True, slots=True)
class Unrelated:
    pages: int
    real: int
    pairs: int
    compared: int  # pairs that share 12 shingles or more; fewer can't cover 35 words
    kinds: tuple[tuple[str, int], ...]
    real_kinds: tuple[tuple[str, int], ...]  # among the pairs of two real pages


def unrelated(corpus: Path, made: int, strong_only: bool = False) -> Unrelated:
    """Every pair of pages by different makers, real ones and `made` made ones, with nothing known of rarity.

    strong_only: of pairs that share less of either page than a strong likeness needs, the kind isn't asked: ten
    million pairs then take seconds, not an hour.
    """
    real = [one for one in sites(corpus) if not one.family and not one.demo]
    real += {one.maker: one for one in clones(corpus).values() if one.demo <= 0.2}.values()
    writer = Writer(one.text for one in real)
    shapes = [text_print(one.text.tokens, one.maker) for one in real]
    families = [one.family for one in real]
    for number in range(made):
        shapes.append(text_print(writer.page(random.Random(number)), f"made{number}.example"))
        families.append("")
    shared = _shared_counts(shapes)
    owner = np.unique([shape.domain for shape in shapes], return_inverse=True)[1]
    family = np.unique(families, return_inverse=True)[1]
    apart = (owner[:, None] != owner) & ((family[:, None] != family) | (family == family[families.index("")]))
    upper = np.triu(apart, 1)
    kinds: Counter[str] = Counter()
    real_kinds: Counter[str] = Counter()
    wanted = upper & (shared >= 12)
    if strong_only:
        sizes = np.array([len(np.unique(shape.hashes)) for shape in shapes])
        wanted &= shared >= STRONG_SHARE * np.minimum(sizes[:, None], sizes)
    close = np.argwhere(wanted)
    for one, two in close.tolist():
        kind = min(
            (kind_of(compare(shapes[x], shapes[y], passages=False)) for x, y in ((one, two), (two, one))),
            key=list(Alike).index,
        )
        kinds[kind] += 1
        if two < len(real):
            real_kinds[kind] += 1
    return Unrelated(
        len(shapes),
        len(real),
        int(upper.sum()),
        len(close),
        tuple(sorted(kinds.items())),
        tuple(sorted(real_kinds.items())),
    )


_FAMILIES = ("bchiang7v4", "nisarhassan", "sbagency", "sbcreative", "sbresume", "simplefolio", "soumyajit")


def _shared_counts(shapes: Sequence[TextPrint]) -> np.ndarray[Any, np.dtype[np.uint16]]:
    """How many distinct shingles each two pages share."""
    own = [np.unique(shape.hashes) for shape in shapes]
    hashes = np.concatenate(own)
    pages = np.repeat(np.arange(len(own)), [len(one) for one in own])
    order = np.argsort(hashes, kind="stable")
    hashes, pages = hashes[order], pages[order]
    counts = np.zeros((len(own), len(own)), dtype=np.uint16)
    for group in np.split(pages, np.flatnonzero(np.diff(hashes)) + 1):
        if len(group) > 1:
            counts[np.ix_(group, group)] += 1
    return counts


# ------------------------------------------------------------------------------------------------ printing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--made", type=int, default=4600, help="made pages among the unrelated ones")
    parser.add_argument(
        "--all-kinds", action="store_true", help="count the weaker likenesses of unrelated pairs too: an hour"
    )
    parser.add_argument("--rounds", type=int, default=1, help="copies of each page and edit")
    options = parser.parse_args()
    if not (CORPUS / "README.md").is_file():
        print("the corpus of real inputs (../shared/corpus) is not here: nothing to measure", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        print("Labelled pairs (kind of likeness, the stronger way round)")
        print(
            f"{'label':20} {'expected':18} {'what is known':14} {'n':>4}  "
            + " ".join(f"{k:>9}" for k in Alike)
        )
        for key, count in sorted(labelled(CORPUS, Path(folder)).items()):
            cells = " ".join(f"{count[kind]:9}" for kind in Alike)
            print(f"{key[0]:20} {key[1]:18} {key[2]:14} {count.total():4}  {cells}")
        print("\nEdited copies of real pages, searched in a library of all originals")
        for name, row in edited(CORPUS, Path(folder), options.rounds).items():
            print(
                f"{name:24} n {row.copies:5}  found {row.found / row.copies:.4f}  as strong "
                f"{row.strong / row.copies:.4f}  another maker's page as strong: {row.wrong}"
            )
    started = time.perf_counter()
    result = unrelated(CORPUS, options.made, strong_only=not options.all_kinds)
    print(
        f"\nUnrelated pairs, nothing known of rarity: {result.pairs:,} pairs of {result.pages:,} pages "
        f"({result.real:,} real) in {time.perf_counter() - started:.0f} s; strong: "
        f"{dict(result.kinds).get(Alike.STRONG, 0)}"
    )
    if options.all_kinds:
        print(
            f"  {result.compared:,} share 12 shingles or more and were compared: {dict(result.kinds)}; of two real "
            f"pages: {dict(result.real_kinds)}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
