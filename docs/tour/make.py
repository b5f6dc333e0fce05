"""Takes the pictures of the tour anew (`make tour`): the sample world is scanned, its report and pages are opened in
the Chromium, Chrome or Edge of this machine. No network is used. Without a browser it says so and changes nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from io import BytesIO, StringIO
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from scanner.collect.chromium import MISSING, find

HERE = Path(__file__).parent
PROGRAM = Path(sys.executable).with_name("falsefront")
SAMPLE = HERE.parents[1] / "scanner" / "world" / "sample"
WIDTH = 1000  # pixels
COLOURS = 64  # of a picture: text and flat areas need no more, and it is a third of the size
MOST = 1_000_000  # bytes of all pictures together
COLUMNS = 96


def main() -> int:
    browser = find()
    if not browser:
        print(f"make tour: no browser here; {MISSING}. The pictures stay as they are.")
        return 1
    with tempfile.TemporaryDirectory(prefix="falsefront-") as folder:
        pictures = taken(browser, Path(folder))
    total = sum(map(len, pictures.values()))
    if total > MOST:
        print(f"make tour: {total} bytes of pictures, and {MOST} are allowed. Nothing was changed.")
        return 1
    for name, picture in pictures.items():
        (HERE / f"{name}.png").write_bytes(picture)
        print(f"docs/tour/{name}.png  {len(picture) / 1000:.0f} kB")
    return 0


def taken(browser: str, folder: Path) -> dict[str, bytes]:
    """Name -> PNG."""
    world = folder / "world"
    shutil.copytree(SAMPLE, world)
    settings = (world / "world.yaml").read_text("utf-8")
    # the world's short deadlines are for tests; a busy machine must not show in the pictures
    (world / "world.yaml").write_text(settings.replace("deadline_scale: 0.1", "deadline_scale: 1"), "utf-8")
    scanned = ran(folder, "scan", "--world", str(world), "--case", str(world / "cases" / "front.yaml"))
    ran(folder, "scan", "--world", str(world))
    ran(folder, "report", "sample-mixed", "-o", "report.html")
    # what stands below the verdict is in the report; a screenful is enough here
    until = next(i for i, line in enumerate(scanned.splitlines()) if "for the record" in line)
    first = "\n".join(scanned.splitlines()[:until])
    found = {
        "scan": terminal(browser, folder, f"$ falsefront scan --case candidate.yaml\n{first}\n  …"),
        "next": terminal(browser, folder, f"$ falsefront\n{ran(folder)}"),
        "report": picture(browser, folder, (folder / "report.html").as_uri(), 1300),
    }
    with subprocess.Popen(
        [PROGRAM, "browse"], cwd=folder, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as served:
        assert served.stderr is not None
        address = re.search(r"http://[^\s/]+", served.stderr.readline())
        assert address is not None
        try:
            for name, path, height in (
                ("today", "/", 1150),
                ("case", "/-/case/sample-mixed", 1300),
            ):
                found[name] = picture(browser, folder, address[0] + path, height)
        finally:
            served.send_signal(signal.SIGINT)
    return found


def ran(folder: Path, *arguments: str) -> str:
    """What a command prints, with its colours."""
    settings = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [PROGRAM, *arguments], cwd=folder, env={**os.environ, **settings, "PATH": path},
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"make tour: falsefront {' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


def terminal(browser: str, folder: Path, text: str) -> bytes:
    """Coloured output as it stands in a terminal."""
    console = Console(
        record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Text.from_ansi(text))
    page = folder / "terminal.html"
    code = (
        "<!doctype html><meta charset=utf-8><style>{stylesheet} body {{background: {background}; color: {foreground};"
        " margin: 18px}} pre {{font: 14px/1.35 'DejaVu Sans Mono', monospace}}</style><pre>{code}</pre>"
    )
    page.write_text(console.export_html(theme=MONOKAI, code_format=code), encoding="utf-8")
    return picture(browser, folder, page.as_uri(), 60 + 19 * (text.count("\n") + 1), width=900)


def picture(browser: str, folder: Path, address: str, height: int, width: int = WIDTH) -> bytes:
    """The upper part of a page."""
    file = folder / "shot.png"
    flags = [
        "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars",
        f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{height}", f"--screenshot={file}",
    ]  # fmt: skip
    if sys.platform == "linux" and os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium starts as root in no other way; the pages are our own
    subprocess.run([browser, *flags, address], check=True, capture_output=True, timeout=120)
    out = BytesIO()
    with Image.open(file) as shot:
        shot.convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
