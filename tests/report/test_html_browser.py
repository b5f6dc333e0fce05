"""The page in a real browser and before a real validator. Both are optional: what is missing is skipped and named."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scanner.report import html as report
from tests.report.making import document, facts, target
from tests.report.test_html import HOSTILE, full
from tests.report.test_html_brief import PAIR, pictured

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
MODULES = Path(os.environ.get("FALSEFRONT_NODE_MODULES", Path(__file__).parent / "node_modules"))
AXE = MODULES / "axe-core" / "axe.min.js"
VALIDATE = MODULES / "html-validate" / "bin" / "html-validate.mjs"
INSTALL = "npm install --prefix tests/report, or FALSEFRONT_NODE_MODULES"

browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium here")


def chromium(folder: Path, page: str, *arguments: str) -> str:
    """What a headless Chromium says of a page, in a profile of its own."""
    path = folder / "page.html"
    path.write_text(page, "utf-8")
    assert BROWSER is not None
    quiet = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
    )
    command = [BROWSER, *quiet, f"--user-data-dir={folder / 'profile'}", *arguments, path.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def hostile() -> str:
    return full(" ".join(text for text in HOSTILE if "\ud800" not in text))


def copies() -> str:
    """A page with all that a likeness brings: passages, pictures of both sides, one that stands further up, a browser's
    text, and more addresses than a first page names."""
    other = {**PAIR, "domain": "acme.example"}
    known = pictured("acme.example", "old.example")
    known.rendered = {"acme.example": [1]}
    more = [target(f"{'very-long-' * 6}{n}.example", level="nothing-found", findings=[]) for n in range(4)]
    old = target("old.example", level="nothing-found", shared=[other], findings=[])
    return report.render(document(target(shared=[PAIR]), old, *more), known)


def axe(folder: Path, page: str, *arguments: str) -> Any:
    """axe-core's findings. Our policy lets no script run, so the one that looks comes in a copy without the policy."""
    without = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    script = AXE.read_text("utf-8").replace("</script", "<\\/script")
    asks = (
        "axe.run(document).then(found => {const line = document.createElement('pre'); line.id = 'axe-said';"
        "line.textContent = JSON.stringify({violations: found.violations.map(v => [v.id, v.nodes.map(n => n.html)]),"
        "passes: found.passes.length}); document.body.append(line)})"
    )
    looked = without.replace("</body>", f"<script>{script}</script><script>{asks}</script></body>")
    said = chromium(folder, looked, "--virtual-time-budget=20000", *arguments, "--dump-dom")
    found = re.search(r'<pre id="axe-said">(.*?)</pre>', said, re.DOTALL)
    assert found, "axe did not come to an end"
    return json.loads(html.unescape(found[1]))


@browser
@pytest.mark.skipif(not AXE.is_file(), reason=f"no axe-core here ({INSTALL})")
@pytest.mark.parametrize(
    ("case", "look"),
    [
        ("sample-throttled", ()),
        ("hostile", ()),
        ("empty", ()),
        ("sample-mixed", ()),
        ("sample-mixed", ("--blink-settings=preferredColorScheme=0",)),
        ("sample-mixed", ("--window-size=500,900",)),
        ("copies", ()),
        ("copies", ("--blink-settings=preferredColorScheme=0",)),
    ],
    ids=["throttled", "hostile", "empty", "mixed", "dark", "narrow", "copies", "copies-dark"],
)
def test_axe_finds_nothing(
    case: str, look: tuple[str, ...], pages: Mapping[str, str], tmp_path: Path
) -> None:
    empty = report.render(document(level="not-enough"), facts())
    made = {"hostile": hostile, "empty": lambda: empty, "copies": copies}
    page = pages[case] if case in pages else made[case]()
    found = axe(tmp_path, page, *look)
    assert found["violations"] == []
    assert found["passes"] > 20


@browser
@pytest.mark.parametrize("case", ["hostile", "copies", "sample-mixed", "sample-throttled"])
def test_nothing_is_wider_than_a_phone(case: str, pages: Mapping[str, str], tmp_path: Path) -> None:
    # given a page in a frame as wide as a phone
    page = pages.get(case) or {"hostile": hostile, "copies": copies}[case]()
    asks = (
        "const said = document.createElement('pre'); said.id = 'wide'; const seen = frame.contentDocument;"
        "said.textContent = [seen.documentElement.scrollWidth, seen.querySelectorAll('h1').length];"
        "document.body.append(said)"
    )
    framed = (
        f'<!DOCTYPE html><body><iframe id="frame" width="390" height="844" style="border:0" onload="{asks}"'
        f' srcdoc="{html.escape(page)}"></iframe></body>'
    )
    # when it is drawn, then there is nothing to scroll sideways to
    found = re.search(r'<pre id="wide">(\d+),1</pre>', chromium(tmp_path, framed, "--dump-dom"))
    assert found, "the frame was not read"
    assert int(found[1]) <= 390


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")
@pytest.mark.skipif(not VALIDATE.is_file(), reason=f"no html-validate here ({INSTALL})")
def test_the_markup_is_valid(pages: Mapping[str, str], tmp_path: Path) -> None:
    # void-style and no-raw-characters are matters of taste; a long title is a case's own id
    rules = {"void-style": "off", "long-title": "off"}
    config = {"root": True, "extends": ["html-validate:recommended"], "rules": rules}
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(config))
    for name, page in {**pages, "hostile": hostile(), "copies": copies()}.items():
        (tmp_path / f"{name}.html").write_text(page, "utf-8")
    node = shutil.which("node") or ""
    command = [
        node,
        str(VALIDATE),
        "--formatter=text",
        *(str(path) for path in sorted(tmp_path.glob("*.html"))),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@browser
def test_the_policy_lets_the_style_in_and_no_script(pages: Mapping[str, str], tmp_path: Path) -> None:
    # given a page into which somebody managed to put a script
    page = pages["sample-front"].replace(
        "</main>", "<p id=mark>still</p><script>mark.textContent = 'ran'</script></main>"
    )
    # when a browser shows it, then the script has not run
    assert '<p id="mark">still</p>' in chromium(tmp_path, page, "--dump-dom")


@browser
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext here")
def test_it_prints_to_a_few_pages_with_everything_on_them(pages: Mapping[str, str], tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    chromium(tmp_path, pages["sample-front"], "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    text = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True
    ).stdout
    sheets = text.split("\f")
    assert "Website evidence report" in sheets[0]
    assert "Ask on the call" in sheets[0], "the first sheet holds the result and what to do"
    assert "Settle it without the candidate" in sheets[0]
    assert "clears nobody" in text
    assert "sha256:" in text
    assert 3 <= len(sheets) <= 12
