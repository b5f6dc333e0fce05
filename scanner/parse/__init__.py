"""Worker processes for hostile bytes: run a pure function, named `module:function`, with limits.

Bytes go in, bytes come out, length-prefixed; nothing a worker says is ever unpickled. A worker may import
and compute. It may not open sockets, databases or processes, nor write files: an audit hook refuses, and
where the system has resource limits they back it up. One that dies or overruns is killed and replaced.

What this is not: a sandbox against code running in the worker. It keeps parsers' mistakes (bombs, quadratic
patterns, crashes, external entities) from reaching the scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scanner.parse.worker import MOST_BYTES, ParseFailed

if TYPE_CHECKING:
    from scanner.parse.pool import ParsePool

__all__ = ["MOST_BYTES", "ParseFailed", "ParsePool"]


def __getattr__(name: str) -> Any:
    """The pool when it is asked for: a worker imports this package too, and has no use for asyncio's 8 MB."""
    if name != "ParsePool":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from scanner.parse.pool import ParsePool

    return ParsePool
