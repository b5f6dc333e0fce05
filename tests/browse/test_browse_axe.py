"""Every kind of page before axe-core and an HTML validator, as a browser shows it: wide, narrow, dark."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from scanner.browse import serving
from scanner.browse.evidence import close_readers
from tests.browse.conftest import filled
from tests.report.test_html_browser import AXE, BROWSER, INSTALL, VALIDATE, axe

CSS = Path(serving.__file__).with_name("falsefront.css")
PATHS = {
    "today": "/?level=all",
    "case": "/-/case/cand-0142",
    "target": "/-/target/front.example",
    "map": "/-/map/front.example",
    "finding": "/-/finding/{finding}",
    "evidence": "/-/evidence/1",
    "search": "/-/search?q=gauges",
    "sweep": "/-/sweep/sweep-00000001",
    "missing": "/-/nothing",
    "tables": "/findings",
    "table": "/findings/findings?strength=strong",
    "view": "/findings/latest_verdicts",
    "row": "/findings/targets/1",
    "question": "/findings/throttled_sources",
    "sql": "/findings?sql=select+*+from+pages",
}
LOOKS = {
    "wide": (),
    "narrow": ("--window-size=500,900",),
    "dark": ("--blink-settings=preferredColorScheme=0",),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the other tests have, and a swept list."""
    path = filled(tmp_path_factory.mktemp("axe") / "findings.db")
    with sqlite3.connect(path) as conn:
        conn.execute(
            "insert into sweeps values ('sweep-00000001', 'l.txt', '[]', '2024', '2024', null, 2, 1, 0, '[]', '{}')"
        )
        conn.execute(
            "insert into sweep_domains (sweep_id, domain, line, rank, asked, done, next, reason, facts, registered, "
            "level) values ('sweep-00000001', 'n.example', 1, 5, 3, 1, 2, 'timeout', "
            """'[{"kind": "like", "text": "x"}]', '', '')"""
        )
    return path


async def page_of(database: Path, name: str) -> str:
    """The page as one file: with its style inside, since a browser reads it from a disk here."""
    with sqlite3.connect(database) as conn:
        (finding,) = conn.execute("select id from findings where check_id = 'page.hostile'").fetchone()
    datasette = serving.datasette_for(database)
    answer = await datasette.client.get(PATHS[name].format(finding=finding), headers={"host": "localhost"})
    await close_readers(datasette)
    assert answer.status_code == (404 if name == "missing" else 200)
    link = '<link rel="stylesheet" href="/-/falsefront.css">'
    assert link in answer.text
    return str(answer.text.replace(link, f"<style>{CSS.read_text('utf-8')}</style>"))


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.skipif(not AXE.is_file(), reason=f"no axe-core here ({INSTALL})")
@pytest.mark.parametrize(
    ("name", "look"),
    [*((name, "wide") for name in PATHS), *((name, "narrow") for name in ("today", "target", "table", "map")),
     *((name, "dark") for name in ("today", "target", "sweep"))],
)  # fmt: skip
async def test_axe_finds_nothing(database: Path, tmp_path: Path, name: str, look: str) -> None:
    found = axe(tmp_path, await page_of(database, name), *LOOKS[look])
    assert found["violations"] == []
    assert found["passes"] > 15


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")
@pytest.mark.skipif(not VALIDATE.is_file(), reason=f"no html-validate here ({INSTALL})")
async def test_the_markup_is_valid(database: Path, tmp_path: Path) -> None:
    # Matters of taste, but for a long title, which is a case's own id.
    rules = dict.fromkeys(("void-style", "long-title", "no-raw-characters", "no-trailing-whitespace"), "off")
    config = {"root": True, "extends": ["html-validate:recommended"], "rules": rules}
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(config))
    for name in PATHS:
        (tmp_path / f"{name}.html").write_text(await page_of(database, name), "utf-8")
    command = ["node", str(VALIDATE), "--formatter", "text", *(f"{name}.html" for name in PATHS)]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
