"""Makes résumés with themes of JSON Resume: `python -m benchmarks.resumes.themes.making FOLDER --themes THEMES`.

THEMES holds one folder a theme (a package with its `package.json`) and a `node_modules` with what they need; see
README.md beside this file. Node and Chromium make the pages, without a network. FOLDER gets `dev` and `held`, each with
its documents and `expected.json`: half of the themes are to learn from, half only to measure with.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import yaml
from selectolax.lexbor import LexborHTMLParser

from benchmarks.resumes.themes.truth import Shown, Unclear, truth
from benchmarks.resumes.written import CHROMIUM

HERE = Path(__file__).parent
_LISTS = (
    "work", "volunteer", "education", "awards", "certificates", "publications", "skills", "languages", "interests",
    "references", "projects",
)  # fmt: skip
# Style sheets that pages take from other servers, and where a package has them.
_STYLES = (
    (r"bootstrap(?:@|/|\.min\.css\?v=)3[\d.]*/", "bootstrap3/dist/css/bootstrap.min.css"),
    (r"bootstrap[@/]4[\w.-]*/", "bootstrap4/dist/css/bootstrap.min.css"),
    (r"bootstrap[@/]5[\d.]*/", "bootstrap5/dist/css/bootstrap.min.css"),
    (r"font-awesome/4", "font-awesome/css/font-awesome.min.css"),
    (r"font-awesome/[56]|fontawesome\.com/rel|fontawesome-free", "@fortawesome/fontawesome-free/css/all.min.css"),
    (r"foundation/6", "foundation-sites/dist/css/foundation.min.css"),
    (r"tachyons@4", "tachyons/css/tachyons.min.css"),
)  # fmt: skip


def people() -> list[dict[str, Any]]:
    """Everybody, with every list there, and with the names that fields had in the first version of the format too."""
    rows: list[dict[str, Any]] = yaml.load((HERE / "people.yaml").read_text("utf-8"), yaml.BaseLoader)
    for person in rows:
        for name in _LISTS:
            person.setdefault(name, [])
        if "url" in person["basics"]:
            person["basics"]["website"] = person["basics"]["url"]
        for post in (*person["work"], *person["volunteer"]):
            if "name" in post:
                post["company"] = post["name"]
            if "url" in post:
                post["website"] = post["url"]
            if not post.get("endDate"):
                post.pop("endDate", None)
        for row in person["publications"]:
            row["website"] = row.get("url", "")
    return rows


def half_of(theme: str) -> str:
    """Which half a theme belongs to, for good.

    >>> half_of("even") in ("dev", "held")
    True
    """
    return ("dev", "held")[hashlib.sha256(theme.encode()).digest()[0] % 2]


def make(folder: Path, themes: Path) -> Counter[str]:
    """Makes the documents; how many of each half, and why others were left out."""
    everybody, tally = people(), Counter[str]()
    truths: dict[str, dict[str, Any]] = {"dev": {}, "held": {}}
    names = sorted(path.parent.name for path in themes.glob("*/package.json"))
    with tempfile.TemporaryDirectory() as scratch:
        for at, theme in enumerate(names):
            half = half_of(theme)
            (folder / half).mkdir(parents=True, exist_ok=True)
            for turn in (0, 1):
                person = everybody[(at * 3 + turn * 5) % len(everybody)]
                ending = "html" if turn and at % 3 == 0 else "pdf"
                out = folder / half / f"{theme}-{person['id']}.{ending}"
                try:
                    shown = _made(themes, theme, person, out, Path(scratch))
                    truths[half][out.name] = {"theme": theme, **truth(person, shown)}
                    tally[half] += 1
                except Unclear as why:
                    out.unlink(missing_ok=True)
                    tally[str(why)] += 1
                    print(f"{theme} ({half}), {person['id']}: left out, {why}", file=sys.stderr)
    for half, rows in truths.items():
        text = json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / half / "expected.json").write_text(text, "utf-8")
    return tally


def _made(themes: Path, theme: str, person: dict[str, Any], out: Path, scratch: Path) -> Shown:
    """One document, and what it shows. Raises Unclear where the theme fails."""
    given, page = scratch / "person.json", scratch / "page.html"
    given.write_text(json.dumps(person, ensure_ascii=False), "utf-8")
    page.unlink(missing_ok=True)
    command = ["node", str(HERE / "render.js"), str(themes / theme), str(given), str(page)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Unclear("the theme does not render") from None
    text = page.read_text("utf-8")
    if out.suffix == ".html":
        out.write_text(text, "utf-8")
        return _of_markup(text)
    page.write_text(_with_styles(text, themes), "utf-8")
    print_to_pdf(page, out, scratch)
    if not out.exists():
        raise Unclear("the browser does not print it")
    return _of_pdf(out)


def _with_styles(text: str, themes: Path) -> str:
    """The page with the well-known style sheets of other servers taken from `node_modules`."""

    def near(found: re.Match[str]) -> str:
        for pattern, path in _STYLES:
            file = themes / "node_modules" / path
            if found[2].endswith(".css") and re.search(pattern, found[2]) and file.exists():
                return f"{found[1]}{file.resolve().as_uri()}"
        return found[0]

    return re.sub(r"(<link\b[^>]*?href=[\"']?)((?:https?:)?//[^\"' >]+)", near, text)


def print_to_pdf(page: Path, out: Path, scratch: Path) -> None:
    """As a browser prints it."""
    command = ["chromium", *CHROMIUM, f"--user-data-dir={scratch / 'profile'}", "--virtual-time-budget=3000",
               f"--print-to-pdf={out}", page.as_uri()]  # fmt: skip
    subprocess.run(command, check=False, capture_output=True, timeout=180)


def _of_markup(text: str) -> Shown:
    tree = LexborHTMLParser(text)
    links = tuple(node.attributes.get("href") or "" for node in tree.css("a[href]"))
    for node in tree.css("script,style,noscript,template,svg,title"):
        node.decompose()
    return Shown(tree.body.text(separator=" ") if tree.body else "", links)


def _of_pdf(file: Path) -> Shown:
    """Text in the order in which it was drawn, and targets of links."""
    document = pypdfium2.PdfDocument(file)
    texts, links = [], []
    for page in document:
        texts.append(page.get_textpage().get_text_range())
        links += _links_of(document, page)
    document.close()
    return Shown("\n".join(texts), tuple(links))


def _links_of(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> list[str]:
    found, place, link = [], ctypes.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, place, link):
        action = raw.FPDFLink_GetAction(link)
        size = raw.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
        if size:
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(document, action, buffer, size)
            found.append(buffer.value.decode("utf-8", "replace"))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--themes", type=Path, required=True, help="folder with one folder a theme")
    options = parser.parse_args()
    lacking = [program for program in ("node", "chromium") if shutil.which(program) is None]
    if lacking:
        sys.exit(f"not installed, so nothing was made: {', '.join(lacking)}")
    if not options.themes.is_dir():
        sys.exit(f"{options.themes}: no such folder; README.md of this set says what belongs in it")
    for words, count in sorted(make(options.folder.resolve(), options.themes.resolve()).items()):
        print(f"{words}: {count}")
