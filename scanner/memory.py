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

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # as malloc.h has them
_LARGE = 128 * 1024  # bytes; where glibc begins, before it raises the bound


def _of_glibc(name: str) -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        found: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):  # musl has none, and needs none
        return None
    return found


def one_heap() -> bool:
    """From now on the threads of this process share one heap; those that have one of their own keep it. Large pieces
    stand apart: of an encrypted connection's buffer of 256 KB only what it used is memory, and it goes when the
    connection goes. False where the platform has no call for it."""
    option = _of_glibc("mallopt")
    if option is None:
        return False
    given = ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, _LARGE))
    return all(option(ctypes.c_int(name), ctypes.c_int(value)) == 1 for name, value in given)


_TRIM = _of_glibc("malloc_trim")


def give_back() -> bool:
    """Hands free memory back to the system, some milliseconds long; False where the platform has no call for it.

    ctypes lets go of the interpreter's lock meanwhile: run it in a thread, and the loop goes on.
    """
    if _TRIM is None:
        return False
    _TRIM(ctypes.c_size_t(0))
    return True
