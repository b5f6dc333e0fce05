"""Real pages for benchmarks: those of ../shared/corpus/sites, read where they lie and never kept.

Two sets. `as_they_are`: each site of the index with the files that are there; most of the pages its links name are
not, so most answers are short 404s. `gathered`: the same HTML pages, 24 to a site, their links within the site
turned to each other, so that all answers are real pages.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
GATHERED = 24  # pages of a gathered site: what a walk reads at most, its entry with it
_HREF = re.compile(rb"""(<a\s[^>]*?href\s*=\s*)(?:"([^"#]*)"|'([^'#]*)')""", re.IGNORECASE)
Files = dict[str, bytes]
"""Bodies by path; "/" is the home page."""


def need_corpus() -> None:
    """Ends the program with one line where the pages are not there."""
    if not (CORPUS / "sites" / "sites.jsonl").exists():
        sys.exit(f"{CORPUS / 'sites'} is missing: this benchmark reads the real pages in it")


def as_they_are() -> list[Files]:
    """Each site whose path begins with `sites/`; the others are copies of one template."""
    return list(_sites())


def _sites() -> Iterator[Files]:
    for line in (CORPUS / "sites" / "sites.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row["path"].startswith("sites/"):
            continue
        place = CORPUS / row["path"]
        files = [place] if place.is_file() else [path for path in sorted(place.rglob("*")) if path.is_file()]
        base = place.parent if place.is_file() else place
        found = {"/" + path.relative_to(base).as_posix(): path.read_bytes() for path in files}
        yield found | {"/": found["/" + row["entry"]]}


def gathered() -> list[Files]:
    """All HTML pages, dealt out so that long and short ones mix; the last few make no whole site and are left."""
    pages = [path.read_bytes() for path in sorted((CORPUS / "sites").rglob("*.html"))]
    many = len(pages) // GATHERED
    return [_linked(pages[number::many][:GATHERED]) for number in range(many)]


def _linked(pages: list[bytes]) -> Files:
    names = ["/", *(f"/page{number}.html" for number in range(1, len(pages)))]
    found: Files = {}
    for number, (name, page) in enumerate(zip(names, pages, strict=True)):
        found[name] = _turned(page, names, number)
    # The home page names them all: how many of the others a page of the corpus links to is chance.
    menu = "".join(f'<a href="{name}">{name[1:-5]}</a> ' for name in names[1:])
    found["/"] = found["/"].replace(b"</body>", f"<nav>{menu}</nav></body>".encode(), 1)
    return found


def _turned(page: bytes, names: list[str], number: int) -> bytes:
    """Links within the site lead to its pages in turn; those to other sites, mail and phones stay."""
    turn = number

    def other(match: re.Match[bytes]) -> bytes:
        nonlocal turn
        target = match[2] or match[3] or b""
        if not target or b":" in target or target.startswith(b"//"):
            return match[0]
        turn += 1
        return match[1] + b'"' + names[turn % len(names)].encode() + b'"'

    return _HREF.sub(other, page)
