"""The guides do what they say: each file they show is written, each command is run in the sample world, offline."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from scanner.cli import group
from scanner.world import SAMPLE

ROOT = Path(__file__).parents[1]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
WORLD = ROOT / "tests" / "worlds" / "praise"
PROGRAM = Path(sys.executable).with_name("falsefront")

_FENCE = re.compile(r"^( *)```(\w+)(?: (\S+))?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """kind: console, or of which kind the file is. name: of a file, "" for none."""

    kind: str
    name: str
    text: str


def blocks(page: Path) -> list[Block]:
    found = []
    for indent, kind, name, text in _FENCE.findall(page.read_text("utf-8")):
        lines = [line.removeprefix(indent) for line in text.splitlines()]
        found.append(Block(kind, name, "\n".join(lines) + "\n"))
    return found


def commands(block: Block) -> list[tuple[str, list[str], int]]:
    """(command, lines it must print in this order, exit code) of a console block."""
    found: list[tuple[str, list[str], int]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], [], 0))
        elif code := re.fullmatch(r"\[exit (\d+)\]", line):
            found[-1] = (*found[-1][:2], int(code[1]))
        elif line.strip():
            found[-1][1].append(line)
    return found


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample world, served once for all guides, with the deadlines of the real network: machines may be busy."""
    folder = tmp_path_factory.mktemp("network")
    file, world = folder / "network.toml", folder / "world"
    shutil.copytree(SAMPLE, world)
    settings = (world / "world.yaml").read_text("utf-8")
    (world / "world.yaml").write_text(settings.replace("deadline_scale: 0.1", "deadline_scale: 1"), "utf-8")
    with subprocess.Popen([PROGRAM, "world", world, "--network-out", file], stdout=subprocess.PIPE) as served:
        assert served.stdout is not None
        assert served.stdout.readline()  # it says where it is once it is there
        yield file
        served.send_signal(signal.SIGTERM)


def test_there_is_a_guide_for_each_use() -> None:
    assert {page.stem for page in GUIDES} == {
        "one-resume", "a-list", "every-week", "browse", "write-a-check", "several-machines",
    }  # fmt: skip
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    assert all(f"guides/{page.name}" in index for page in GUIDES)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_the_commands_of_a_guide_run_and_print_what_it_shows(
    page: Path, network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FALSEFRONT_NETWORK", str(network))
    run = 0
    for block in blocks(page):
        if block.name:
            (tmp_path / block.name).write_text(block.text, encoding="utf-8")
        if block.kind == "console":
            for command, lines, code in commands(block):
                output, ended = _ran(command.replace("WORLD", str(WORLD)), tmp_path)
                assert ended == code, f"{command}\n{output}"
                _in_order(lines, output, command)
                run += 1
    assert run, "no command to run"


def _ran(command: str, folder: Path) -> tuple[str, int]:
    """What a command prints (stdout, stderr) and how it ends. `> FILE` at its end works as in a shell."""
    words = shlex.split(command)
    assert words[0] == "falsefront", command
    target = None
    if words[-2] == ">":
        target, words = folder / words[-1], words[:-2]
    if words[1] == "browse" and "--host" not in words:
        return _browsed(words[1:], folder), 0
    done = CliRunner().invoke(group(), words[1:])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    if target is None:
        return done.stdout + done.stderr, done.exit_code
    target.write_text(done.stdout, encoding="utf-8")
    return done.stderr, done.exit_code


def _browsed(words: list[str], folder: Path) -> str:
    """Serves, opens the front page, ends it; what it said."""
    with subprocess.Popen([PROGRAM, *words], cwd=folder, stderr=subprocess.PIPE, text=True) as served:
        assert served.stderr is not None
        said = served.stderr.readline()
        address = re.search(r"http://\S+", said)
        assert address is not None, said
        try:
            assert b"cand-0142" in _fetched(address[0])
        finally:
            served.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
    return said


def _fetched(address: str) -> bytes:
    """The page; it is bound before it is said, and answers as soon as it is up."""
    with urlopen(address, timeout=30) as answer:
        return bytes(answer.read())


def _in_order(lines: list[str], output: str, command: str) -> None:
    rest = output
    for line in lines:
        place = rest.find(line.strip())
        assert place >= 0, f"{command}\ndoes not print: {line}\nbut:\n{output}"
        rest = rest[place + len(line.strip()) :]


def test_the_check_of_the_guide_is_one(tmp_path: Path) -> None:
    [code] = [
        block for block in blocks(ROOT / "docs" / "guides" / "write-a-check.md") if block.name == "no_spf.py"
    ]
    (tmp_path / code.name).write_text(code.text, encoding="utf-8")
    shown = "\nimport sys; sys.argv = ['falsefront', 'checks', 'mail.no-spf']\nfrom scanner.cli import main; main()\n"
    done = subprocess.run(
        [sys.executable, "-c", f"import no_spf{shown}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.startswith("mail.no-spf  (version 1, context)"), done.stderr
    assert "Many small firms never set up SPF." in done.stdout


def test_the_readme_shows_what_the_sample_prints(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FALSEFRONT_NETWORK", str(network))
    monkeypatch.setenv("COLUMNS", "80")
    [shown] = [block for block in blocks(ROOT / "README.md") if block.kind == "text"]
    output, _ = _ran(f"falsefront scan --case {SAMPLE / 'cases' / 'front.yaml'}", tmp_path)
    printed = "\n".join(line.rstrip() for line in output.splitlines())
    assert shown.text in printed + "\n"
