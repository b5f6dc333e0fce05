from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.memory import give_back


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])


needs_glibc = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or not sys.platform.startswith("linux"),
    reason="only glibc holds memory back",
)


@needs_glibc
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


_THREADS = """
import re, sys, threading
from scanner.memory import one_heap
if sys.argv[1] == "one":
    assert one_heap()
met, held = threading.Barrier(5), []
def work():
    held.append([bytearray(40_000) for _ in range(50)])
    met.wait()
    met.wait()
for _ in range(4):
    threading.Thread(target=work).start()
met.wait()
reserved = 0  # what glibc sets aside for a thread's heap to grow: most of 64 MB that nobody may touch yet
for line in open("/proc/self/maps"):
    begin, end, mode = re.match("([0-9a-f]+)-([0-9a-f]+) (....)", line).groups()
    reserved += mode == "---p" and int(end, 16) - int(begin, 16) > 32 << 20
met.wait()
print(reserved)
"""


@needs_glibc
def test_threads_share_one_heap() -> None:
    def heaps(how: str) -> int:
        command = [sys.executable, "-c", _THREADS, how]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert heaps("each") > 0
    assert heaps("one") == 0
