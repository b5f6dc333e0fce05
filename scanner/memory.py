"""Memory that was let go of, given back to the system.

glibc keeps what a program has freed for its next allocations, in pieces that hardly ever fit: over a thousand targets
the heap of a scan grew by a third with nothing in it. Elsewhere the system's own allocator does this by itself.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable


def _trimmer() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # musl has none, and needs none
        return None
    trim.argtypes, trim.restype = [ctypes.c_size_t], ctypes.c_int

    def give_back() -> None:
        trim(0)

    return give_back


_TRIM = _trimmer()


def give_back() -> bool:
    """Hands free memory back to the system, some milliseconds long; False where the platform has no call for it.

    ctypes lets go of the interpreter's lock meanwhile: run it in a thread, and the loop goes on.
    """
    if _TRIM is None:
        return False
    _TRIM()
    return True
