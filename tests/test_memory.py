from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from scanner.memory import give_back


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or not sys.platform.startswith("linux"),
    reason="only glibc holds memory back",
)
def test_what_was_freed_below_something_kept_goes_back_to_the_system() -> None:
    # Given 100 MB in pieces that malloc serves from its heap, and a piece at the end that keeps the heap's top in place
    pieces = [bytearray(64 * 1024) for _ in range(1600)]
    last = bytearray(64 * 1024)
    full = _resident()

    # When all but the last are let go of, and the rest is given back
    pieces.clear()
    assert give_back()

    # Then most of it is the system's again
    assert full - _resident() > 0.8 * 1600 * 64 * 1024 / 4096
    assert len(last) == 64 * 1024


def test_it_says_whether_there_is_anything_to_call() -> None:
    assert give_back() is (platform.libc_ver()[0] == "glibc")
