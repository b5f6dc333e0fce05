"""Makes the résumés: `python -m benchmarks.resumes.making FOLDER`. Tools that are not installed are named and left out.

Each document `NAME.EXT` has its expected values in `expected.json`: addresses, and employers with their periods.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from benchmarks.resumes import layouts, plain, word, written
from benchmarks.resumes.wording import expected

HERE = Path(__file__).parent
TOOLS = {"chromium": "chromium", "soffice": "soffice", "latex": "pdflatex"}
# name of the person, layout, form of the dates, how it is made
DOCUMENTS = (
    ("en-ada", "classic", "long", "chromium.pdf"),
    ("en-ada", "sidebar", "short", "chromium.pdf"),
    ("en-ada", "icons", "number", "chromium.pdf"),
    ("en-ada", "classic", "short", "latex.pdf"),
    ("en-ada", "split", "short", "latex.pdf"),
    ("en-ada", "stacked", "long", "soffice.docx"),
    ("en-ada", "fields", "short", "word.docx"),
    ("en-bram", "title_first", "years", "chromium.pdf"),
    ("en-bram", "grid", "year", "soffice.odt"),
    ("en-bram", "compact", "year", "plain.txt"),
    ("en-bram", "stacked", "year", "markdown.md"),
    ("en-bram", "boxes", "year", "word.docx"),
    ("en-chen", "table", "short", "soffice.pdf"),
    ("en-chen", "classic", "since", "page.html"),
    ("en-chen", "sidebar", "long", "soffice.pdf"),
    ("en-chen", "split", "number", "plain.txt"),
    ("de-dora", "table", "number", "chromium.pdf"),
    ("de-dora", "classic", "since", "soffice.odt"),
    ("de-dora", "sidebar", "number", "latex.pdf"),
    ("fr-elsa", "classic", "long", "soffice.docx"),
    ("fr-elsa", "sidebar", "long", "chromium.pdf"),
    ("fr-elsa", "title_first", "since", "page.html"),
    ("es-fermin", "stacked", "long", "chromium.pdf"),
    ("es-fermin", "classic", "short", "soffice.pdf"),
    ("it-giada", "icons", "short", "soffice.docx"),
    ("it-giada", "table", "number", "soffice.odt"),
    ("pt-heitor", "title_first", "long", "soffice.pdf"),
    ("pt-heitor", "classic", "long", "markdown.md"),
    ("nl-ilse", "compact", "long", "chromium.pdf"),
    ("nl-ilse", "sidebar", "number", "soffice.docx"),
    ("pl-jan", "stacked", "number", "latex.pdf"),
    ("pl-jan", "table", "long", "soffice.docx"),
    ("ru-kira", "classic", "long", "chromium.pdf"),
    ("ru-kira", "grid", "number", "soffice.pdf"),
    ("uk-lesia", "stacked", "long", "soffice.odt"),
    ("uk-lesia", "sidebar", "number", "chromium.pdf"),
    ("tr-mert", "classic", "long", "chromium.pdf"),
    ("tr-mert", "compact", "number", "page.html"),
    ("ja-nao", "table", "long", "soffice.docx"),
    ("ja-nao", "stacked", "long", "page.html"),
    ("zh-lin", "classic", "long", "soffice.odt"),
    ("zh-lin", "compact", "long", "markdown.md"),
    ("ko-min", "stacked", "long", "soffice.docx"),
    ("ko-min", "title_first", "long", "page.html"),
    ("ru-kira", "grid", "number", "chromium.pdf"),
    ("en-ada", "grid", "long", "chromium.pdf"),
    ("uk-lesia", "grid", "long", "chromium.pdf"),
)
# Layouts that were written after the reader: its first figures on them are in the README of this folder.
LATER = (
    ("en-ada", "labelled", "long", "soffice.docx"),
    ("en-ada", "dates_first", "short", "chromium.pdf"),
    ("en-ada", "right_sidebar", "short", "chromium.pdf"),
    ("en-bram", "italic_line", "year", "soffice.pdf"),
    ("en-bram", "centred", "year", "chromium.pdf"),
    ("en-chen", "dates_first", "number", "page.html"),
    ("en-chen", "italic_line", "long", "soffice.odt"),
    ("en-chen", "labelled", "iso", "soffice.pdf"),
    ("de-dora", "right_sidebar", "number", "chromium.pdf"),
    ("de-dora", "dates_first", "long", "soffice.docx"),
    ("fr-elsa", "centred", "long", "soffice.pdf"),
    ("fr-elsa", "italic_line", "number", "chromium.pdf"),
    ("es-fermin", "right_sidebar", "short", "chromium.pdf"),
    ("it-giada", "dates_first", "long", "chromium.pdf"),
    ("pt-heitor", "italic_line", "short", "soffice.docx"),
    ("nl-ilse", "centred", "number", "page.html"),
    ("pl-jan", "dates_first", "number", "soffice.pdf"),
    ("ru-kira", "italic_line", "long", "soffice.docx"),
    ("uk-lesia", "right_sidebar", "long", "chromium.pdf"),
    ("tr-mert", "dates_first", "long", "soffice.odt"),
    ("ja-nao", "italic_line", "long", "soffice.odt"),
    ("zh-lin", "dates_first", "long", "page.html"),
    ("ko-min", "centred", "long", "soffice.docx"),
)


def people() -> dict[str, dict[str, Any]]:
    rows = yaml.load((HERE / "people.yaml").read_text("utf-8"), yaml.BaseLoader)
    for person in rows:
        for job in person["work"]:
            job["url"] = "" if job["url"] in ("null", "") else job["url"]
    return {person["id"]: person for person in rows}


def name_of(row: tuple[str, str, str, str]) -> str:
    person, layout, form, made = row
    tool, _, ending = made.partition(".")
    return f"{person}-{layout.replace('_', '-')}-{form}-{tool}.{ending}"


def truth(person: dict[str, Any], form: str) -> dict[str, Any]:
    """What a careful reader finds."""
    urls = [
        *person["links"],
        *(job["url"] for job in person["work"]),
        *(p["url"] for p in person["projects"]),
    ]
    return {
        "urls": sorted({url for url in urls if url}),
        "employers": [
            [job["org"], expected(job["from"], form), expected(job["to"], form)] for job in person["work"]
        ],
    }


def make(folder: Path, rows: tuple[tuple[str, str, str, str], ...] = DOCUMENTS + LATER) -> list[str]:
    """Makes what the tools at hand can make, and says which tools are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    everybody = people()
    truths: dict[str, Any] = {}
    missing = [tool for tool, program in TOOLS.items() if shutil.which(program) is None]
    with tempfile.TemporaryDirectory() as scratch:
        office: dict[str, list[Path]] = {}
        for row in rows:
            key, layout, form, made = row
            tool = made.partition(".")[0]
            if tool in missing:
                continue
            person, out = everybody[key], folder / name_of(row)
            truths[out.name] = {"person": key, **truth(person, form)}
            if tool == "soffice":
                page = Path(scratch) / f"{out.stem}.html"
                text = layouts.page(person, layout, form).replace("</b><span>", "</b> &nbsp; &nbsp; <span>")
                page.write_text(text, "utf-8")
                office.setdefault(out.suffix[1:], []).append(page)
            else:
                _one(person, layout, form, tool, out, Path(scratch))
        for ending, pages in office.items():
            _office(pages, ending, folder, Path(scratch))
        if rows == DOCUMENTS + LATER:
            truths |= written.make(folder, Path(scratch), missing)
    (folder / "expected.json").write_text(
        json.dumps(truths, ensure_ascii=False, indent=1, sort_keys=True), "utf-8"
    )
    return missing


def _one(person: dict[str, Any], layout: str, form: str, tool: str, out: Path, scratch: Path) -> None:
    if tool == "page":
        out.write_text(layouts.page(person, layout, form), "utf-8")
    elif tool == "chromium":
        page = scratch / f"{out.stem}.html"
        page.write_text(layouts.page(person, layout, form), "utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
        ]
        _run(["chromium", *options, f"--user-data-dir={scratch / 'profile'}", "--no-pdf-header-footer",
              f"--print-to-pdf={out}", page.as_uri()], scratch)  # fmt: skip
    elif tool == "latex":
        (scratch / f"{out.stem}.tex").write_text(plain.latex(person, layout, form), "utf-8")
        _run(["pdflatex", "-interaction=batchmode", "-no-shell-escape", f"{out.stem}.tex"], scratch)
        shutil.copy(scratch / f"{out.stem}.pdf", out)
    elif tool == "markdown":
        out.write_text(plain.markdown(person, layout, form), "utf-8")
    elif tool == "plain":
        out.write_text(plain.text(person, layout, form), "utf-8")
    else:
        out.write_bytes(word.document(person, layout, form))


def _office(pages: list[Path], ending: str, folder: Path, scratch: Path) -> None:
    filters = {"docx": "docx:MS Word 2007 XML", "odt": "odt:writer8", "pdf": "pdf:writer_pdf_Export"}
    profile = f"-env:UserInstallation={(scratch / 'office').as_uri()}"
    _run(["soffice", profile, "--headless", "--infilter=HTML (StarWriter)", "--convert-to", filters[ending],
          "--outdir", str(folder), *map(str, pages)], scratch)  # fmt: skip


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=180)


if __name__ == "__main__":
    lacking = make(Path(sys.argv[1]))
    print(f"made in {sys.argv[1]}" + (f"; not installed: {', '.join(lacking)}" if lacking else ""))
