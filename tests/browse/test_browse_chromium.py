"""In a real browser: nothing of a site runs, nothing is asked for elsewhere, and the page is drawn."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
RUN = "from scanner.cli import main; main()"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on the PATH")


@pytest.fixture(scope="module")
def address(database: Path) -> Iterator[str]:
    """Where `falsefront browse` answers."""
    command = [sys.executable, "-c", RUN, "--db", str(database), "browse", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines = ""
        while "}" not in lines:
            lines += process.stdout.readline() or pytest.fail("browse ended before it said where it is")
        yield json.loads(lines)["address"].rstrip("/")
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def asked_elsewhere() -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that refuses and writes down: a browser asks it for everything but loopback."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    asked.append(peer.recv(4096))

        threading.Thread(target=take, daemon=True).start()
        yield server.getsockname()[1], asked


def browser(tmp_path: Path, proxy: int, url: str, *what: str) -> str:
    flags = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
        "--disable-component-update", "--disable-sync", "--hide-scrollbars", f"--user-data-dir={tmp_path / 'profile'}",
        f"--proxy-server=http://127.0.0.1:{proxy}",
    ]  # fmt: skip
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, *flags, *what, url], capture_output=True, text=True, timeout=90, check=False
    )
    return done.stdout


def test_given_hostile_pages_when_a_browser_opens_them_then_nothing_runs_and_nothing_is_asked_for(
    address: str, database: Path, tmp_path: Path, asked_elsewhere: tuple[int, list[bytes]]
) -> None:
    proxy, asked = asked_elsewhere
    with sqlite3.connect(database) as conn:
        (evidence,) = conn.execute("select evidence_id from pages where url like '%hostile'").fetchone()
    for path in ("/-/target/front.example", f"/-/evidence/{evidence}", "/findings/pages"):
        page = browser(tmp_path, proxy, address + path, "--dump-dom")
        assert "⟨U+202E⟩" in page, path
        assert "&lt;script" in page, path
        assert "<script" not in page, path
    assert not [line for line in asked if b"evil.example" in line or b"front.example" in line]


@pytest.mark.parametrize("width", [1280, 500])
def test_given_the_map_when_a_browser_draws_it_then_it_is_styled_and_not_empty(
    address: str, tmp_path: Path, asked_elsewhere: tuple[int, list[bytes]], width: int
) -> None:
    picture = tmp_path / "map.png"
    url = f"{address}/-/map/front.example"
    browser(tmp_path, asked_elsewhere[0], url, f"--screenshot={picture}", f"--window-size={width},900")
    with Image.open(picture) as drawn:
        colours = drawn.convert("RGB").getcolors(1 << 24) or []
        assert drawn.width == width
    assert len(colours) > 20
    assert (31, 85, 165) in {colour for _, colour in colours}  # the dots of addresses that were looked at
