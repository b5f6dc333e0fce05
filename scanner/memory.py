"""Memory that was let go of, given back to the system.

glibc keeps what a program has freed for its next allocations, in pieces that hardly ever fit: over a thousand targets
the heap of a scan grew by a third with nothing in it. Every thread that asks for memory gets a heap of its own, each
with its own gaps: of a scan's helpers, which take turns at the interpreter's lock anyway, that was another sixth.
Elsewhere the system's own allocator does this by itself.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h


def _of_glibc(name: str) -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):  # musl has none, and needs none
        return None
    return found


def one_heap() -> bool:
    """From now on the threads of this process share one heap; those that have one of their own keep it. False where the
    platform has no call for it."""
    option = _of_glibc("mallopt")
    return option is not None and option(ctypes.c_int(_ARENA_MAX), ctypes.c_int(1)) == 1


_TRIM = _of_glibc("malloc_trim")


def give_back() -> bool:
    """Hands free memory back to the system, some milliseconds long; False where the platform has no call for it.

    ctypes lets go of the interpreter's lock meanwhile: run it in a thread, and the loop goes on.
    """
    if _TRIM is None:
        return False
    _TRIM(ctypes.c_size_t(0))
    return True
