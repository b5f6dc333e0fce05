"""The main text of real pages: speed, words and furniture beside trafilatura and resiliparse, in one run.

    python -m benchmarks.main_text [CORPUS]

Words: of the words trafilatura gives (with their counts), how many each one gives, over all pages and as the mean over
pages; and how many of each one's words trafilatura gives. A page from which trafilatura takes nothing has no say.
Furniture: words that the page's own text cannot account for, because they stand only (or more often) in the frame. The
frame is nav, footer, cookie and consent elements, header elements outside article and main, their ARIA roles, and lines
that stand on 60 % or more of a site's pages (three pages or more). "Mastheads kept" calls a header with a heading or a
paragraph the page's own. Peers that are not installed are left out. Names of sites are not printed.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from benchmarks.table import load, table
from scanner.observe.page import document, main_text

Extract = Callable[[str], str]
FRAME = (
    "nav, footer, [role=navigation], [role=contentinfo], [role=banner], [class*=cookie], [id*=cookie], "
    "[class*=consent], [id*=consent], header"
)
_WORD = re.compile(r"[^\W_]+")
_ROUNDS = 3
_REPEATED_SHARE = 0.6  # of a site's pages, from which on a line belongs to the frame


@dataclass(slots=True)
class Page:
    """One HTML page of the corpus, and how many words of its own and of its frame it holds."""

    site: str
    html: str
    lines: list[str] = field(default_factory=list)
    own: Counter[str] = field(default_factory=Counter)
    own_with_mastheads: Counter[str] = field(default_factory=Counter)


def words(text: str) -> Counter[str]:
    """Words of a text, lower case, with their counts."""
    return Counter(_WORD.findall(text.replace("\u00ad", "").lower()))


def ours(html: str) -> str:
    """Main text of a page, parsing included."""
    return "\n".join(passage.text for passage in main_text.of_tree(main_text.parsed(html)))


def peers() -> dict[str, Extract]:
    """The extractors that are installed, ours first."""
    found: dict[str, Extract] = {"falsefront (with parsing)": ours}
    try:
        trafilatura = importlib.import_module("trafilatura")
        found["trafilatura"] = lambda html: trafilatura.extract(html, include_comments=False) or ""
        found["trafilatura (fast)"] = lambda html: (
            trafilatura.extract(html, include_comments=False, fast=True) or ""
        )
    except ImportError:
        print("trafilatura is not installed: left out")
    try:
        html2text = importlib.import_module("resiliparse.extract.html2text")
        found["resiliparse (main content)"] = lambda html: html2text.extract_plain_text(
            html, main_content=True
        )
    except ImportError:
        print("resiliparse is not installed: left out")
    found["selectolax (all text)"] = lambda html: getattr(LexborHTMLParser(html).body, "text", str)()
    return found


def read(corpus: Path) -> list[Page]:
    """The pages of corpus/sites with what is their own and what is frame."""
    pages = []
    for line in (corpus / "sites" / "sites.jsonl").read_text(encoding="utf-8").splitlines():
        site = json.loads(line)
        path = corpus / site["path"]
        for file in [path] if path.is_file() else sorted(path.rglob("*.htm*")):
            if file.suffix in (".html", ".htm"):
                pages.append(Page(site["id"], file.read_text(encoding="utf-8", errors="replace")))
    _tell_frame(pages)
    return pages


def _in_lines(html: str) -> LexborHTMLParser:
    """A page without what no reader sees, a form feed before each block: words of two blocks are two words."""
    tree = LexborHTMLParser(document._BLOCK.sub("\f<", html))
    tree.strip_tags(document._UNSEEN, recursive=True)
    return tree


def _tell_frame(pages: list[Page]) -> None:
    standing: dict[str, Counter[str]] = {}
    count = Counter(page.site for page in pages)
    for page in pages:
        body = _in_lines(page.html).body
        page.lines = document.into_lines(body.text()) if body is not None else []
        standing.setdefault(page.site, Counter()).update(set(page.lines))
    for page in pages:
        often = {
            line
            for line in page.lines
            if count[page.site] >= 3 and standing[page.site][line] >= _REPEATED_SHARE * count[page.site]
        }
        page.own = _outside_frame(page.html, often, mastheads=False)
        page.own_with_mastheads = _outside_frame(page.html, often, mastheads=True)


def _outside_frame(html: str, often: set[str], *, mastheads: bool) -> Counter[str]:
    tree = _in_lines(html)
    inside = {node.mem_id for node in tree.css("article header, main header")}
    for node in tree.css(FRAME):
        if node.tag == "header" and (node.mem_id in inside or (mastheads and node.css("h1, h2, h3, p"))):
            continue
        if node.tag not in ("html", "body"):
            node.decompose()
    body = tree.body
    lines = document.into_lines(body.text()) if body is not None else []
    return words("\n".join(line for line in lines if line not in often))


def fastest(jobs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Processor seconds of each job: the best of some rounds taken in turn, so that other work hits all alike."""
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(_ROUNDS):
        for name, job in jobs.items():
            start = time.process_time()
            job()
            best[name] = min(best[name], time.process_time() - start)
    return best


def shared(one: Counter[str], other: Counter[str]) -> int:
    """Words two texts have in common, with their counts."""
    return (one & other).total()


def row(texts: list[Counter[str]], reference: list[Counter[str]], pages: list[Page]) -> list[object]:
    """Recall and precision against the reference, their means, furniture two ways."""
    judged = [(text, other) for text, other in zip(texts, reference, strict=True) if other]
    both = sum(shared(text, other) for text, other in judged)
    recall = both / sum(other.total() for _, other in judged)
    precision = both / max(1, sum(text.total() for text, _ in judged))
    mean = sum(shared(text, other) / other.total() for text, other in judged) / len(judged)
    own = sum(shared(text, page.own) for text, page in zip(texts, pages, strict=True))
    all_own = sum(page.own.total() for page in pages)
    total = sum(text.total() for text in texts)
    frame = sum((text - page.own).total() for text, page in zip(texts, pages, strict=True))
    kept = sum((text - page.own_with_mastheads).total() for text, page in zip(texts, pages, strict=True))
    return [
        f"{recall:.3f}",
        f"{mean:.3f}",
        f"{precision:.3f}",
        f"{own / all_own:.3f}",
        f"{frame / total:.4f}",
        f"{kept / total:.4f}",
        total,
    ]


def main() -> None:
    corpus = (
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared" / "corpus"
    )
    pages = read(corpus)
    found = peers()
    texts = {name: [extract(page.html) for page in pages] for name, extract in found.items()}
    counts = {name: [words(text) for text in group] for name, group in texts.items()}
    reference = counts.get("trafilatura") or [page.own for page in pages]
    trees = [main_text.parsed(page.html) for page in pages]
    jobs: dict[str, Callable[[], object]] = {
        name: lambda extract=extract: [extract(page.html) for page in pages]  # type: ignore[misc]
        for name, extract in found.items()
    }
    jobs["falsefront (page already parsed)"] = lambda: [main_text.of_tree(tree) for tree in trees]
    times = fastest(jobs)
    counts["falsefront (page already parsed)"] = [
        words("\n".join(passage.text for passage in main_text.of_tree(tree))) for tree in trees
    ]
    base = times.get("trafilatura", 0.0)
    print(f"{len(pages)} pages of {len({page.site for page in pages})} sites, {load()}")
    table(
        [
            "",
            "ms/page",
            "x traf.",
            "recall",
            "mean",
            "precision",
            "own text",
            "furniture",
            "mastheads kept",
            "words",
        ],
        [
            [name, times[name] / len(pages) * 1000, base / times[name], *row(counts[name], reference, pages)]
            for name in sorted(counts, key=lambda name: times[name])
        ],
    )


if __name__ == "__main__":
    main()
