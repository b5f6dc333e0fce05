"""Generated pages say what the code says; every command helps."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli import COMMANDS, group
from scanner.cli.docs import pages
from scanner.cli.settings import ENVIRONMENT, NETWORK_FILE
from scanner.egress import NetworkConfig

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", ["CHECKS.md", "COMMANDS.md", "SETTINGS.md", "TABLES.md"])
def test_generated_pages_have_not_drifted(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == pages()[name], "run `make docs`"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_and_stands_in_the_docs(name: str) -> None:
    result = CliRunner().invoke(group(), [name, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5
    assert f"falsefront {name}" in (DOCS / "COMMANDS.md").read_text("utf-8")


def test_every_setting_stands_in_the_table_and_every_row_is_a_setting() -> None:
    read = {
        name
        for path in (ROOT / "scanner").rglob("*.py")
        if path.name != "settings.py"
        for name in re.findall(r"\"(FALSEFRONT_[A-Z_]+)\"", path.read_text("utf-8"))
    }
    assert read == {name for name in ENVIRONMENT if name.startswith("FALSEFRONT_")}
    assert list(NETWORK_FILE) == [field.name for field in fields(NetworkConfig)]


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
