"""`falsefront report --format html`: where the page goes, and what it never overwrites."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scanner.cli import group
from scanner.report import html

posix = pytest.mark.skipif(os.name != "posix", reason="needs a terminal device and file modes")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(group(), [str(argument) for argument in arguments])


def at_a_terminal(sample: Path, folder: Path) -> tuple[int, str]:
    """The command with a terminal for its stdout: exit code and stderr."""
    ours, theirs = os.openpty()
    program = "from scanner.cli import main; main()"
    arguments = ["report", "sample-front", "--format", "html", "--db", str(sample)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            stdout=theirs,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment,
            text=True,
            check=False,
        )
    finally:
        os.close(theirs)
        os.close(ours)
    return done.returncode, done.stderr


def test_into_a_pipe_goes_the_page_itself(sample: Path, tmp_path: Path) -> None:
    result = run("report", "sample-front", "--format", "html", "--db", sample)
    assert result.exit_code == 0
    assert result.stdout.startswith("<!DOCTYPE html>\n<html lang=")
    assert result.stdout.endswith("</html>\n")
    assert result.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_a_named_file_says_the_format_by_its_ending(sample: Path, tmp_path: Path) -> None:
    result = run("report", "sample-front", "-o", "front.html", "--db", sample)
    assert (result.exit_code, result.output) == (0, "")
    page = (tmp_path / "front.html").read_text("utf-8")
    assert page == run("report", "sample-front", "--format", "html", "-o", "-", "--db", sample).stdout
    assert html.MARK in page


def test_the_digest_on_the_page_is_that_of_the_json_report(sample: Path) -> None:
    data = run("report", "sample-front", "--format", "json", "--db", sample).stdout
    page = run("report", "sample-front", "--format", "html", "--db", sample).stdout
    assert f"sha256:{hashlib.sha256(data.encode()).hexdigest()}" in page


@posix
def test_at_a_terminal_the_page_becomes_a_private_file_that_the_next_one_replaces(
    sample: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        code, said = at_a_terminal(sample, tmp_path)
        assert code == 0, said
        assert "Open it in a browser" in said
    [path] = tmp_path.iterdir()
    assert path.name == "sample-front.html"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Website evidence report" in path.read_text("utf-8")


@posix
@pytest.mark.parametrize("link", [False, True])
def test_nothing_but_such_a_page_is_replaced_unasked(sample: Path, tmp_path: Path, link: bool) -> None:
    # given a file of that name that is somebody's own, or a link to one
    mine = tmp_path / ("own.html" if link else "sample-front.html")
    mine.write_text("my own notes")
    if link:
        (tmp_path / "sample-front.html").symlink_to(mine)
    # when the report is made, then it is left alone, in one line that says what to do
    code, said = at_a_terminal(sample, tmp_path)
    assert code == 1
    assert (
        said == "falsefront: sample-front.html is there and was not made by `report`; name a file with -o\n"
    )
    assert mine.read_text() == "my own notes"


@posix
def test_a_new_named_file_is_for_its_owner_alone(sample: Path, tmp_path: Path) -> None:
    run("report", "sample-front", "--format", "html", "-o", "x", "--db", sample)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o600


def test_a_folder_that_can_not_be_written_is_one_line(sample: Path) -> None:
    result = run("report", "sample-front", "-o", "nowhere/x.html", "--db", sample)
    assert result.exit_code == 1
    assert result.stderr.startswith("falsefront: nowhere/x.html: No such file")


def test_a_report_needs_nothing_that_scans() -> None:
    # what a scan needs (Scrapy, the sources) takes longer to load than a report takes to write
    heavy = "{'scrapy', 'scanner.session', 'scanner.collect', 'scanner.checks', 'scanner.egress', 'scanner.world'}"
    code = f"import sys, scanner.cli.report; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout.strip() == "[]"
