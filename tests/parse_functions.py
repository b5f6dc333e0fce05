"""Functions the parse pool's tests run inside worker processes."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable


def echo(payload: bytes) -> bytes:
    return payload


def upper(payload: bytes) -> bytes:
    return payload.upper()


def pid(payload: bytes) -> bytes:
    return str(os.getpid()).encode()


def spin(payload: bytes) -> bytes:
    while True:
        pass


def hang(payload: bytes) -> bytes:
    time.sleep(3600)
    return payload


def hoard(payload: bytes) -> bytes:
    kept = []
    while True:
        kept.append(bytearray(16 << 20))


def hoard_once_used(payload: bytes) -> bytes:
    """Leaks 300 MB, then a second item can't get its own 300 MB in the same worker."""
    _LEAK.append(bytearray(300 << 20))
    return b"done"


_LEAK: list[bytearray] = []


def die(payload: bytes) -> bytes:
    os._exit(7)


def crash(payload: bytes) -> bytes:
    import signal

    signal.raise_signal(signal.SIGSEGV)
    return payload


def fail(payload: bytes) -> bytes:
    raise KeyError("what the parser said")


def leave(payload: bytes) -> bytes:
    raise SystemExit(3)


def nest(payload: bytes) -> bytes:
    import json

    json.loads("[" * 100_000)
    return payload


def chatter(payload: bytes) -> bytes:
    print("words into the pipe", flush=True)
    sys.stdout.flush()
    os.write(1, b"more words")
    return b"clean"


def text(payload: bytes) -> bytes:
    return "text"  # type: ignore[return-value]


def huge(payload: bytes) -> bytes:
    return bytes(65 << 20)


def environment(payload: bytes) -> bytes:
    return "\n".join(sorted(os.environ)).encode()


def loaded(payload: bytes) -> bytes:
    return "\n".join(sorted(sys.modules)).encode()


def _open_socket() -> None:
    socket.socket()


def _resolve() -> None:
    socket.getaddrinfo("localhost", 80)


def _database() -> None:
    sqlite3.connect(":memory:")


def _process() -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def _shell() -> None:
    os.system("true")


def _write_new() -> None:
    open("parse-worker-was-here", "w").close()


def _write_low() -> None:
    os.open("parse-worker-was-here", os.O_WRONLY | os.O_CREAT)


def _append() -> None:
    open(__file__, "a").close()


def _remove() -> None:
    os.remove(__file__)


def _fork() -> None:
    if hasattr(os, "fork"):
        os.fork()
    else:
        raise PermissionError("no fork here")


FORBIDDEN: dict[str, Callable[[], None]] = {
    action.__name__.strip("_"): action
    for action in (
        _open_socket,
        _resolve,
        _database,
        _process,
        _shell,
        _write_new,
        _write_low,
        _append,
        _remove,
        _fork,
    )
}


def forbidden(payload: bytes) -> bytes:
    """Do the named forbidden thing, and say that it worked."""
    FORBIDDEN[payload.decode()]()
    return b"it worked"


def read(payload: bytes) -> bytes:
    with open(__file__, "rb") as file:
        return file.read(32)


def import_late(payload: bytes) -> bytes:
    """Import something not loaded yet, as an observer does on its first item."""
    import wave

    return wave.__name__.encode()
