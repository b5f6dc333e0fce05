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
