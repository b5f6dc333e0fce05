"""The sample world scanned once, for all tests of the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli import group
from scanner.report import document, html, html_facts
from scanner.store import Store


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every case of the sample world."""
    database = tmp_path_factory.mktemp("sample") / "findings.db"
    result = CliRunner().invoke(group(), ["scan", "--world", "sample", "--db", str(database)])
    assert result.exit_code == 0, result.output
    return database


@pytest.fixture(scope="session")
def pages(sample: Path) -> Mapping[str, str]:
    """case id -> its page."""
    with Store(sample, readonly=True) as store:
        records = {str(case["id"]): store.latest_scan(str(case["id"])) for case in store.cases()}
        return {
            case: html.render(document.of_scan(store, record), html_facts.of_scan(store, record))
            for case, record in records.items()
            if record is not None
        }
