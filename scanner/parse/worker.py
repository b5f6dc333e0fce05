"""Inside a worker process: its life, its limits, and the form of what goes over the wire."""

from __future__ import annotations

import contextlib
import gc
import importlib
import math
import os
import struct
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO

MOST_BYTES = 64 << 20  # of one payload or one result

REQUEST = struct.Struct("!II")  # bytes of the function's name, bytes of the payload
REPLY = struct.Struct("!cI")  # outcome, bytes that follow
OK, ERROR, MEMORY, LARGE, READY = b"K", b"E", b"M", b"L", b"R"


class ParseFailed(Exception):  # noqa: N818 - said as a sentence, like the errors of egress
    """No result. `reason` is a slug, then free text: `died`, `timeout`, `memory`, `error`, `too-large`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def serve(options: dict[str, Any]) -> None:
    """The worker's life: take its pipes, warm up, lock itself in, then one item after the other."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)  # a library that prints or asks must not talk into the pipes
    os.dup2(nothing, 1)
    for name in options["preload"]:
        _preload(*name.split(":"))
    sys.dont_write_bytecode = True
    _limit("RLIMIT_AS", options["memory"])
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_CORE", 0)
    sys.addaudithook(_refuse)
    gc.collect()
    gc.freeze()
    _send(sink, READY, b"")
    while len(head := source.read(REQUEST.size)) == REQUEST.size:
        name_size, size = REQUEST.unpack(head)
        function, payload = source.read(name_size).decode(), source.read(size)
        _grant_cpu(options["seconds"])
        _send(sink, *_answer(function, payload, options["allow"]))
    os._exit(0)  # the parent is gone, or done with us


def check(function: str, allow: Sequence[str]) -> tuple[str, str]:
    """Module and name of a function that may be run. Raises ValueError for any other."""
    module, colon, name = function.partition(":")
    if not colon or not any(module == prefix or module.startswith(prefix + ".") for prefix in allow):
        raise ValueError(f"{function!r} is not a function of {', '.join(allow)}")
    return module, name


def _preload(module: str, function: str = "") -> None:
    with contextlib.suppress(ImportError):
        found = importlib.import_module(module)
        if function:
            getattr(found, function)()


def _answer(function: str, payload: bytes, allow: list[str]) -> tuple[bytes, bytes]:
    try:
        module, name = check(function, allow)
        result = getattr(importlib.import_module(module), name)(payload)
        if not isinstance(result, bytes):
            return ERROR, f"{function} gave {type(result).__name__}, not bytes".encode()
        if len(result) > MOST_BYTES:
            return LARGE, f"result of {len(result)} bytes".encode()
        return OK, result
    except MemoryError:
        return MEMORY, b""
    except BaseException as error:  # whatever a parser raises is an answer
        words = f"{type(error).__name__}: {error}"
        return ERROR, words[:500].encode("utf-8", "replace")


def _send(sink: BinaryIO, outcome: bytes, body: bytes) -> None:
    sink.write(REPLY.pack(outcome, len(body)) + body)
    sink.flush()


def _limit(name: str, value: int) -> None:
    """A soft and hard limit, where the system has one of that name."""
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError, OSError, AttributeError):
            resource.setrlimit(getattr(resource, name), (value, value))


def _grant_cpu(seconds: float) -> None:
    """So much CPU time from now on; the system ends the process when it is used up (whole seconds)."""
    if sys.platform != "win32":
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = math.ceil(usage.ru_utime + usage.ru_stime + seconds)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (spent, resource.getrlimit(resource.RLIMIT_CPU)[1]))


_REFUSED = frozenset(
    """subprocess.Popen os.system os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile pty.spawn
    os.startfile/2 sqlite3.connect os.remove os.rename os.rmdir os.mkdir os.link os.symlink os.truncate
    os.chmod os.chown os.utime os.setxattr os.removexattr os.kill os.killpg os.putenv webbrowser.open
    ctypes.dlopen syslog.syslog tempfile.mkstemp tempfile.mkdtemp shutil.rmtree shutil.move""".split()  # noqa: SIM905
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook. PermissionError, since importlib takes that for a folder it can't write to."""
    if event == "open":
        if isinstance(args[2], int) and args[2] & _WRITING:
            raise PermissionError(f"a parse worker writes no files: {args[0]!r}")
    elif event.startswith("socket.") or event in _REFUSED:
        if event == "ctypes.dlopen" and args[0] is None:
            return  # what `import ctypes` itself does
        raise PermissionError(f"a parse worker may not: {event}")
