# ruff: noqa: E501 - sources of documents
"""Makes them: `python -m benchmarks.resumes.classes.making FOLDER`, into `FOLDER/dev` and `FOLDER/held`.

Needs TeX Live with its extra classes (pdflatex, lualatex), LibreOffice, and for its themes `rendercv` on the path; what
isn't there is left out. Which half a layout is in is decided by its name.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.resumes.classes import latex, office, themes
from benchmarks.resumes.classes.filler import PEOPLE, Row, truth

NARROW = ("iria", "jagna")  # their dates fit where a class leaves little room
WHO = {"curve": NARROW, "simplecv": NARROW, "cv-sty": ("iria", "hanno"), "ecv": ("wren", "obi")}
OFFICE = {"odt": "odt:writer8", "docx": "docx:MS Word 2007 XML", "pdf": "pdf:writer_pdf_Export"}


def half(layout: str) -> str:
    return "held" if hashlib.sha256(layout.encode()).digest()[0] % 2 else "dev"


def people(layout: str) -> tuple[str, str]:
    if layout in WHO:
        return WHO[layout]
    at, keys = hashlib.sha256(layout.encode()).digest()[1], list(PEOPLE)
    return keys[at % 8], keys[(at + 3) % 8]


def expected(layout: str, person: Row) -> Row:
    """The addresses that this layout shows, and the posts."""
    few = {"moderncv": 2, "komacv": 0}  # komacv sets what follows a name without white
    shown = person["links"][: few.get(layout.partition("-")[0], 1)]
    rows = person["posts"] + (person["projects"] if layout.startswith(("moderncv", "rendercv")) else [])
    urls = {*shown, *(row["url"] for row in rows if row.get("url"))}
    return {"layout": layout, "urls": sorted(urls), "employers": truth(person)["employers"]}


def make(folder: Path) -> None:
    truths: dict[str, dict[str, Row]] = {"dev": {}, "held": {}}
    for part in truths:
        (folder / part).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for layout in (*latex.LAYOUTS, *office.LAYOUTS, *(f"rendercv-{theme}" for theme in themes.THEMES)):
            for who in people(layout):
                for out in _made(
                    layout, PEOPLE[who], folder / half(layout) / f"{layout}-{who}", Path(scratch)
                ):
                    truths[half(layout)][out.name] = expected(layout, PEOPLE[who])
    for part, rows in truths.items():
        text = json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / part / "expected.json").write_text(text, "utf-8")


def _made(layout: str, person: Row, out: Path, scratch: Path) -> list[Path]:
    work = Path(tempfile.mkdtemp(dir=scratch))
    if layout in latex.LAYOUTS:
        engine, source = latex.LAYOUTS[layout]
        (work / "cv.tex").write_text(source(person), "utf-8")
        for _ in range(2):
            _run([engine, "-interaction=nonstopmode", "-no-shell-escape", "cv.tex"], work)
    elif layout in office.LAYOUTS:
        if not (office.TEMPLATES / office.LAYOUTS[layout][0]).exists():
            return []
        office.write(layout, person, work / "cv.odt")
        for kind in OFFICE.values():
            _run(["soffice", f"-env:UserInstallation={(scratch / 'office').as_uri()}", "--headless", "--convert-to", kind,
                  "--outdir", "made", "cv.odt"], work)  # fmt: skip
        made = {ending: work / "made" / f"cv.{ending}" for ending in OFFICE}
        return [
            _kept(file, out.with_name(f"{out.name}.{ending}"))
            for ending, file in made.items()
            if file.exists()
        ]
    else:
        (work / "cv.yaml").write_text(themes.source(layout.partition("-")[2], person), "utf-8")
        _run(["rendercv", "render", "cv.yaml", "-nomd", "-nohtml", "-nopng"], work)
    return [_kept(file, out.with_name(f"{out.name}.pdf")) for file in list(work.rglob("*.pdf"))[:1]]


def _kept(file: Path, out: Path) -> Path:
    shutil.copy(file, out)
    return out


def _run(command: list[str], folder: Path) -> None:
    if shutil.which(command[0]):
        subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=180)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
