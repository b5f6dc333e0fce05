"""Fixtures every test may use."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell ignores SIGINT in what it starts in the background, and children inherit that: then no Ctrl-C
    # of a test would reach the process it is meant for.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is no fault of the code; what may not be slow has a test that says so.
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real inputs that lies beside the project; tests that need it skip where it is missing."""
    if not (CORPUS / "README.md").is_file():
        pytest.skip("the corpus of real inputs (../shared/corpus) is not here")
    return CORPUS
