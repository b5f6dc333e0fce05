"""Worker processes for hostile bytes: run a pure function, named `module:function`, with limits.

Bytes go in, bytes come out, length-prefixed; nothing a worker says is ever unpickled. A worker may import
and compute. It may not open sockets, databases or processes, nor write files: an audit hook refuses, and
where the system has resource limits they back it up. One that dies or overruns is killed and replaced.

What this is not: a sandbox against code running in the worker. It keeps parsers' mistakes (bombs, quadratic
patterns, crashes, external entities) from reaching the scan.
"""

from scanner.parse.pool import ALLOWED, ParsePool
from scanner.parse.process import ParseFailed
from scanner.parse.worker import MOST_BYTES

__all__ = ["ALLOWED", "MOST_BYTES", "ParseFailed", "ParsePool"]
