"""How well and how fast pages are read, on the corpus of real pages beside the project.

    python benchmarks/pages.py [CORPUS]

Prints how page states are told apart (a table for each set, what was expected against what was said), and pages
a second for the whole observer, on one process and on two. Names of sites and people are not printed.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scanner.model import About, Evidence
from scanner.observe import website

FETCHED = datetime(2026, 6, 1, tzinfo=UTC)
ABOUT = About("site.example", ("https://site.example/",), as_of=FETCHED)
EXPECTED = {
    "parked_ads": {"parked"},
    "parked_for_sale": {"for-sale"},
    "seized_by_law_enforcement": {"seized-banner"},
    "default_server_page": {"default"},
    "default_hosting_page": {"default"},
    "default_framework_page": {"default"},
    "default_cms_page": {"default"},
    "coming_soon": {"coming-soon"},
    "maintenance": {"maintenance"},
    "under_construction": {"coming-soon", "template"},
    "unfilled_template": {"template"},
    "proxy_error_page": {"error"},
    "server_error_page": {"error"},
    "real_content_misleading_title": {"content"},
}
SHORT = {
    "content",
    "empty-app",
    "empty",
}  # fragments and script shells of honest sites have little or no text


@dataclass(frozen=True, slots=True)
class Scored:
    """One page: the set it belongs to, what it is labelled, what was said, and whether that is right."""

    group: str
    label: str
    said: str
    right: bool


def evidence(body: bytes, url: str = "https://site.example/") -> Evidence:
    """A page of the corpus as it would have been fetched; `.http` files are whole messages already."""
    block = (
        body if body.startswith(b"HTTP/") else b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    )
    return Evidence(url, "application/http;msgtype=response", FETCHED, block)


def state(body: bytes, url: str = "https://site.example/") -> str:
    """What the observer calls this page."""
    page = website.observe(evidence(body, url), ABOUT).page
    return page.state if page else "none"


def score_pages(corpus: Path) -> list[Scored]:
    """Labelled pages that are not content, and hard negatives (corpus/pages)."""
    scored = []
    for line in (corpus / "pages" / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        said = state((corpus / case["path"]).read_bytes())
        scored.append(Scored("pages", case["label"], said, said in EXPECTED[case["label"]]))
    return scored


def score_sites(corpus: Path) -> list[Scored]:
    """Pages of honest sites (corpus/sites): content; a script shell or a fragment may be empty; demos template."""
    scored = []
    for site, path, url in site_pages(corpus):
        said = state(path.read_bytes(), url)
        entry = url == "https://site.example/"
        if site["kind"] == "template_demo":
            wanted = {"template"}
        else:
            wanted = SHORT if site.get("spa_shell") or not entry else {"content"}
        scored.append(Scored("sites", f"{site['kind']}{'' if entry else ' (inner)'}", said, said in wanted))
    return scored


def site_pages(corpus: Path) -> Iterator[tuple[dict[str, object], Path, str]]:
    """(site, file, URL it is given) of every HTML page of corpus/sites."""
    for line in (corpus / "sites" / "sites.jsonl").read_text(encoding="utf-8").splitlines():
        site = json.loads(line)
        root = corpus / site["path"]
        if root.is_file():
            yield site, root, "https://site.example/"
            continue
        for path in sorted(root.rglob("*.htm*")):
            inner = path.relative_to(root).as_posix()
            yield site, path, "https://site.example/" + ("" if inner == site["entry"] else inner)


def table(scored: list[Scored]) -> str:
    """Label, pages, right, and what was said, one row a label."""
    rows = [f"{'label':34} {'pages':>5} {'right':>5}  said"]
    for label in sorted({entry.label for entry in scored}):
        some = [entry for entry in scored if entry.label == label]
        said = ", ".join(f"{name} {count}" for name, count in Counter(e.said for e in some).most_common())
        rows.append(f"{label:34} {len(some):5} {sum(e.right for e in some):5}  {said}")
    rows.append(f"{'all':34} {len(scored):5} {sum(e.right for e in scored):5}")
    return "\n".join(rows)


def observe_all(blocks: list[tuple[bytes, str]], rounds: int) -> int:
    """Observe every page `rounds` times; how many pages that were."""
    for _ in range(rounds):
        for body, url in blocks:
            website.observe(evidence(body, url), ABOUT)
    return rounds * len(blocks)


def main() -> None:
    """Print the tables and the speed."""
    default = Path(__file__).resolve().parents[2] / "shared" / "corpus"
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    if not (corpus / "README.md").is_file():
        sys.exit(f"{corpus}: no corpus of real pages there; give its folder as the argument")
    print(table(score_pages(corpus)), "\n")
    print(table(score_sites(corpus)), "\n")
    blocks = [(path.read_bytes(), url) for _, path, url in site_pages(corpus)]
    size = sum(len(body) for body, _ in blocks) / len(blocks)
    observe_all(blocks, 1)  # loads seeds and number plans
    start, used = time.perf_counter(), time.process_time()
    pages = observe_all(blocks, 5)
    took, used = time.perf_counter() - start, time.process_time() - used
    print(f"{len(blocks)} pages of {size:,.0f} bytes on average")
    print(
        f"one process    {pages / took:7.0f} pages/s  ({1000 * used / pages:.2f} ms of processor time a page)"
    )
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(observe_all, [blocks] * 2, [1] * 2))
        start = time.perf_counter()
        pages = sum(pool.map(observe_all, [blocks] * 2, [5] * 2))
        print(f"two processes  {pages / (time.perf_counter() - start):7.0f} pages/s")


if __name__ == "__main__":
    main()
