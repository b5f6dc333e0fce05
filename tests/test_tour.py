"""The tour's pictures: there, small, each shown; and a clear word where they can't be taken."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image

DOCS = Path(__file__).parents[1] / "docs"


def test_each_picture_of_the_tour_is_there_small_and_described() -> None:
    shown = re.findall(r"!\[([^\]]*)\]\((tour/\S+?)\)", (DOCS / "TOUR.md").read_text("utf-8"))
    pictures = sorted((DOCS / "tour").glob("*.png"))
    assert sorted(DOCS / path for _, path in shown) == pictures
    assert all(len(words) > 15 for words, _ in shown)
    assert sum(path.stat().st_size for path in pictures) <= 1_000_000
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.width >= 800
            assert len(picture.convert("L").getcolors() or ()) > 8  # something is on it


def test_without_a_browser_the_tour_says_so_and_leaves_the_pictures(tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (DOCS / "tour").iterdir()}
    done = subprocess.run(
        [sys.executable, DOCS / "tour" / "make.py"],
        env={**os.environ, "FALSEFRONT_BROWSER": str(tmp_path / "none")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("make tour: no browser here; install Chromium")
    assert {path: path.stat().st_mtime_ns for path in (DOCS / "tour").iterdir()} == before
