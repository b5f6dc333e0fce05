"""Fixtures every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real inputs that lies beside the project; tests that need it skip where it is missing."""
    if not (CORPUS / "README.md").is_file():
        pytest.skip("the corpus of real inputs (../shared/corpus) is not here")
    return CORPUS
