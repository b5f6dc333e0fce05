"""Generated pages say what the code says; every command helps."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli import COMMANDS, group
from scanner.cli.docs import pages

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", ["CHECKS.md", "COMMANDS.md", "TABLES.md"])
def test_generated_pages_have_not_drifted(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == pages()[name], "run `make docs`"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_stands_in_the_docs(name: str) -> None:
    result = CliRunner().invoke(group(), [name, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5
    assert f"falsefront {name}" in (DOCS / "COMMANDS.md").read_text("utf-8")


def test_every_observation_kind_in_the_docs_is_used_in_the_code() -> None:
    code = "".join(path.read_text("utf-8") for path in (DOCS.parent / "scanner").rglob("*.py"))
    for line in (DOCS / "OBSERVATIONS.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[4] not in ("source", "---", ""):
            for name in cells[1].split(","):
                assert f'"{name.strip()}"' in code, f"{cells[0]}/{name.strip()} is written nowhere"
