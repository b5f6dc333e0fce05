"""The résumés in `written/`, each of which was written by hand as its author would: sources to documents."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent / "written"
CHROMIUM = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--no-pdf-header-footer",
)  # fmt: skip
_FILTERS = {"docx": "docx:MS Word 2007 XML", "odt": "odt:writer8", "pdf": "pdf:writer_pdf_Export"}


def make(folder: Path, scratch: Path, missing: list[str]) -> dict[str, Any]:
    """Makes in `folder` what the tools that aren't missing can make; what stands in each, by file name."""
    truths: dict[str, Any] = {}
    office: dict[str, list[Path]] = {}
    for row in yaml.load((HERE / "index.yaml").read_text("utf-8"), yaml.BaseLoader):
        source = HERE / row["file"]
        tool, _, ending = row["made"].partition(".")
        if tool in missing:
            continue
        out = folder / f"{source.stem}.{ending or source.suffix[1:]}"
        truths[out.name] = {"set": row["set"], "urls": row["urls"], "employers": row["employers"]}
        if tool == "soffice":
            office.setdefault(ending, []).append(source)
        elif tool:
            _made(tool, source, out, scratch)
        else:
            shutil.copy(source, out)
    for ending, pages in office.items():
        profile = f"-env:UserInstallation={(scratch / 'office').as_uri()}"
        _run(["soffice", profile, "--headless", "--infilter=HTML (StarWriter)", "--convert-to", _FILTERS[ending],
              "--outdir", str(folder), *map(str, pages)], scratch)  # fmt: skip
    return truths


def _made(tool: str, source: Path, out: Path, scratch: Path) -> None:
    if tool == "chromium":
        _run(["chromium", *CHROMIUM, f"--user-data-dir={scratch / 'profile'}", f"--print-to-pdf={out}",
              source.as_uri()], scratch)  # fmt: skip
    else:
        shutil.copy(source, scratch)
        for _ in range(2):  # links and columns find their places the second time
            _run(["pdflatex", "-interaction=batchmode", "-no-shell-escape", source.name], scratch)
        shutil.copy(scratch / f"{source.stem}.pdf", out)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=180)
