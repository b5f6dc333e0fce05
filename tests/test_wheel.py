"""The installed package has all it needs: seeds, templates and the sample world are in the wheel, and it runs there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("scanner", "spiders", "seeds")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout without any network, unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--no-build-isolation", "--quiet",
            "--disable-pip-version-check", "--wheel-dir", str(folder),
        ],
        check=True,
    )  # fmt: skip
    [wheel] = folder.glob("falsefront-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_every_file_of_the_packages_is_in_the_wheel_and_nothing_else(unpacked: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("not a git checkout: which files belong to it can't be told")
    wanted = {name for name in tracked.stdout.split("\0") if name and (ROOT / name).exists()}
    there = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert wanted - there == set()
    assert {name.partition("/")[0] for name in there} - {*PACKAGES} == {
        next(path.name for path in unpacked.glob("*.dist-info"))
    }


def test_it_scans_the_sample_world_from_there(unpacked: Path, tmp_path: Path) -> None:
    code = (
        "import scanner, sys; print(scanner.__file__, file=sys.stderr); from scanner.cli import main; main()"
    )
    case = unpacked / "scanner" / "world" / "sample" / "cases" / "seized.yaml"
    done = subprocess.run(
        [sys.executable, "-c", code, "--world", "sample", "scan", "--case", str(case), "--json", "--quiet"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stderr.splitlines()[0]).is_relative_to(unpacked)
    assert json.loads(done.stdout)["level"] == "known"
    assert (tmp_path / "findings.db").exists()
