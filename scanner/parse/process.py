"""A worker process as the pool sees it: started, asked, ended; and the way bytes take to it and back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol, cast

from scanner.parse.worker import MOST_BYTES, READY, REPLY, REQUEST, ParseFailed

_BOOT = (
    "import signal;signal.signal(signal.SIGINT,signal.SIG_IGN);"
    "import sys,json;options=json.loads(sys.argv[1]);sys.path[:]=options['path'];"
    "from scanner.parse.worker import serve;serve(options)"
)
_CHUNK = 1 << 16

Reply = tuple[bytes, bytes]
"""Outcome and body; an empty outcome means that the process has closed its end."""
UNTOUCHED: Reply = (b"U", b"")
"""For what was asked behind an item that the process ended with: it never came to it, or nobody heard of it."""


class Worker:
    """One process, or the place where the next one will stand. Used from the loop's thread alone."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._popen: subprocess.Popen[bytes] | None = None
        self._link: Link | None = None
        self._asked: deque[_Asked] = deque()  # in the order in which it will answer
        self._closed = False
        self.held = 0  # the pool's count: items it was given, and a start that is under way
        self.alive = False
        self.items = 0

    async def start(self, seconds: float) -> None:
        """A new process, ready for its first item. Raises ParseFailed."""
        await self.end()
        if not self._closed:
            try:
                self._popen, self._link = await asyncio.shield(asyncio.to_thread(_open, self._options))
            except OSError as error:
                raise ParseFailed(f"died worker can't be started: {error}") from error
        if self._closed or self._link is None:
            await self.end()
            raise ParseFailed("died the pool is closed")
        loop = asyncio.get_running_loop()
        first: asyncio.Future[Reply] = loop.create_future()
        self._asked.append((_nothing, first.set_result))
        self.items = 0
        self._link.start(loop, Replies(self._told))
        timer = loop.call_later(seconds, self.kill)
        outcome, _ = await first
        timer.cancel()
        if outcome != READY:
            await self.end()
            raise ParseFailed("died worker did not get ready")
        self.alive = True

    def ask(
        self, function: str, payload: bytes, begun: Callable[[], None], told: Callable[[Reply], None]
    ) -> None:
        """One item, behind those it was asked before. On the loop `begun` is called when their replies are there,
        then `told` with its own, each once; `told` alone with UNTOUCHED where it has to be asked of another."""
        assert self._link is not None
        self.items += 1
        self._asked.append((begun, told))
        if len(self._asked) == 1:
            begun()
        name = function.encode()
        self._link.send(REQUEST.pack(len(name), len(payload)) + name + payload)

    def _told(self, reply: Reply) -> None:
        if not reply[0]:
            self.alive = False
        if not self._asked:
            return
        _, told = self._asked.popleft()
        if not reply[0]:
            self._give_back()
        elif self._asked:
            begun, _ = self._asked[0]
            begun()
        told(reply)

    def _give_back(self) -> None:
        """Says of everything asked that it was not done, the last one first, so that each goes before the next."""
        while self._asked:
            _, told = self._asked.pop()
            told(UNTOUCHED)

    def kill(self) -> None:
        """At once; the end of its stream is told later."""
        if self._popen is not None:
            with contextlib.suppress(OSError):
                self._popen.kill()

    def close(self) -> None:
        """No process from now on; whoever expects something is told that nothing comes."""
        self._closed = True
        self.kill()
        self._told((b"", b""))

    async def end(self) -> str:
        """Make sure that there is no process, and say how it ended."""
        popen, self._popen = self._popen, None
        link, self._link = self._link, None
        self.alive = False
        if link is not None:
            link.close()
        self._give_back()
        if popen is None:
            return "died"
        popen.kill()
        code = await asyncio.shield(asyncio.to_thread(popen.wait))
        if code == -getattr(signal, "SIGXCPU", 0):
            return "timeout of CPU time"
        return f"died with signal {-code}" if code < 0 else f"died with exit code {code}"


_Asked = tuple[Callable[[], None], Callable[[Reply], None]]


def _nothing() -> None:
    """Nobody waits for a start to begin."""


def _open(options: dict[str, Any]) -> tuple[subprocess.Popen[bytes], Link]:
    command = [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, json.dumps(options)]
    return LINK.open(command)


def _bare_environment() -> dict[str, str]:
    """No tokens, no proxies; Windows can't start Python without its root folder."""
    kept = ("SYSTEMROOT", "LD_LIBRARY_PATH", "TZ")
    return {"LC_ALL": "C.UTF-8"} | {name: os.environ[name] for name in kept if name in os.environ}


class Replies:
    """Puts replies together from what comes in pieces."""

    def __init__(self, told: Callable[[Reply], None]) -> None:
        self._told = told
        self._held = bytearray()

    def feed(self, data: bytes) -> None:
        """An empty piece is the end."""
        if not data:
            self._told((b"", b""))
            return
        self._held += data
        while len(self._held) >= REPLY.size:
            outcome, size = REPLY.unpack_from(self._held)
            if size > MOST_BYTES:
                self._told((b"", b"too-large result"))
                return
            if len(self._held) < REPLY.size + size:
                return
            body = bytes(self._held[REPLY.size : REPLY.size + size])
            del self._held[: REPLY.size + size]
            self._told((outcome, body))


# ------------------------------------------------------------------------------------------------- links


class Link(Protocol):
    """The way bytes take to a worker and back, without the loop ever waiting."""

    @classmethod
    def open(cls, command: list[str]) -> tuple[subprocess.Popen[bytes], Link]: ...

    def start(self, loop: asyncio.AbstractEventLoop, replies: Replies) -> None: ...

    def send(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class Pair:
    """A socket pair that the loop itself watches: no thread that would have to wait for its turn to run."""

    def __init__(self, ours: socket.socket) -> None:
        self._ours = ours
        self._left = memoryview(b"")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._replies: Replies | None = None

    @classmethod
    def open(cls, command: list[str]) -> tuple[subprocess.Popen[bytes], Link]:
        ours, theirs = socket.socketpair()
        with theirs:
            ours.setblocking(False)
            fd = theirs.fileno()
            try:
                popen = subprocess.Popen(  # noqa: S603 - our own interpreter, our own text
                    command, stdin=fd, stdout=fd, stderr=subprocess.DEVNULL, env=_bare_environment()
                )
            except OSError:
                ours.close()
                raise
        return popen, cls(ours)

    def start(self, loop: asyncio.AbstractEventLoop, replies: Replies) -> None:
        self._loop, self._replies = loop, replies
        loop.add_reader(self._ours, self._readable)

    def send(self, data: bytes) -> None:
        self._left = memoryview(bytes(self._left) + data if self._left else data)
        self._writable()

    def _writable(self) -> None:
        assert self._loop is not None
        try:
            while self._left:
                self._left = self._left[self._ours.send(self._left) :]
        except (BlockingIOError, InterruptedError):
            self._loop.add_writer(self._ours, self._writable)
            return
        except OSError:  # it is gone: its end is told by the reading side
            self._left = memoryview(b"")
        self._loop.remove_writer(self._ours)

    def _readable(self) -> None:
        assert self._loop is not None
        assert self._replies is not None
        try:
            data = self._ours.recv(_CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._loop.remove_reader(self._ours)
        self._replies.feed(data)

    def close(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._ours)
            self._loop.remove_writer(self._ours)
        self._ours.close()


class Pipes:
    """Pipes and two threads, where the loop can't watch what a process inherits (Windows)."""

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        self._popen = popen
        self._sending: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    @classmethod
    def open(cls, command: list[str]) -> tuple[subprocess.Popen[bytes], Link]:
        popen = subprocess.Popen(  # noqa: S603 - our own interpreter, our own text
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_bare_environment(),
            bufsize=0,
        )
        return popen, cls(popen)

    def start(self, loop: asyncio.AbstractEventLoop, replies: Replies) -> None:
        self._threads = [
            threading.Thread(target=self._write, daemon=True),
            threading.Thread(target=self._read, args=(loop, replies), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, data: bytes) -> None:
        self._sending.put(data)

    def _write(self) -> None:
        pipe = cast(BinaryIO, self._popen.stdin)
        while (data := self._sending.get()) is not None:
            left = memoryview(data)
            with contextlib.suppress(OSError):  # it is gone: its end is told by the reading side
                while left:
                    left = left[pipe.write(left) :]
        with contextlib.suppress(OSError):
            pipe.close()

    def _read(self, loop: asyncio.AbstractEventLoop, replies: Replies) -> None:
        pipe = cast(BinaryIO, self._popen.stdout)
        data = b"x"
        while data:
            try:
                data = pipe.read(_CHUNK)
            except OSError:
                data = b""
            with contextlib.suppress(RuntimeError):  # the loop is gone, and with it whoever waited
                loop.call_soon_threadsafe(replies.feed, data)
        pipe.close()

    def close(self) -> None:
        self._sending.put(None)


LINK: type[Pair] | type[Pipes] = Pipes if sys.platform == "win32" else Pair
