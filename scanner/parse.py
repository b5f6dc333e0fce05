"""Worker processes for hostile bytes: run a pure function, named `module:function`, with limits.

Bytes go in, bytes come out, length-prefixed; nothing a worker says is ever unpickled. A worker may import
and compute. It may not open sockets, databases or processes, nor write files: an audit hook refuses, and
where the system has resource limits they back it up. One that dies or overruns is killed and replaced.

What this is not: a sandbox against code running in the worker. It keeps parsers' mistakes (bombs, quadratic
patterns, crashes, external entities) from reaching the scan.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import json
import math
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, BinaryIO

MOST_BYTES = 64 << 20  # of one payload or one result
START_SECONDS = 60.0
WALL_PER_CPU = 3  # a busy machine gives a worker less than a core; verdicts must not depend on that
ALLOWED = ("scanner.observe", "scanner.intake", "tests")

_REQUEST = struct.Struct("!II")  # bytes of the function's name, bytes of the payload
_REPLY = struct.Struct("!cI")  # outcome, bytes that follow
_OK, _ERROR, _MEMORY, _LARGE, _READY = b"K", b"E", b"M", b"L", b"R"
_BOOT = (
    "import signal;signal.signal(signal.SIGINT,signal.SIG_IGN);"
    "import sys,json;options=json.loads(sys.argv[1]);sys.path[:]=options['path'];"
    "from scanner.parse import serve;serve(options)"
)


class ParseFailed(Exception):  # noqa: N818 - said as a sentence, like the errors of egress
    """No result. `reason` is a slug, then free text: `died`, `timeout`, `memory`, `error`, `too-large`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ParsePool:
    """Runs functions on bytes in worker processes, at most `workers` at once, first come first served.

    memory_mb: address space of a worker, where the system can limit it. seconds: CPU time for one item
    (wall time may be three times that). preload: modules imported before the first item. allow: packages
    whose functions may be run.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        memory_mb: int = 512,
        seconds: float = 5.0,
        preload: tuple[str, ...] = (),
        allow: tuple[str, ...] = ALLOWED,
    ) -> None:
        self._count = workers or min(2, os.cpu_count() or 1)
        self._seconds = seconds
        self._allow = allow
        self._options = {
            "memory": memory_mb << 20,
            "seconds": seconds,
            "preload": list(preload),
            "allow": list(allow),
        }
        self._workers: list[_Worker] = []
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._warming: list[asyncio.Task[Any]] = []
        self._threads: ThreadPoolExecutor | None = None
        self._closed = False

    async def start(self) -> None:
        """Start the workers in the background; the first `run` waits for one."""
        if self._threads is None and not self._closed:
            self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="parse")
            self._workers = [_Worker(self._options) for _ in range(self._count)]
            self._warming = [self._spawn(self._warm(worker)) for worker in self._workers]

    async def ready(self) -> None:
        """Wait until every worker has imported what it needs, so that no deadline pays for that."""
        await self.start()
        await asyncio.gather(*(asyncio.shield(task) for task in self._warming))

    async def run(self, function: str, payload: bytes) -> bytes:
        """The result of `function` (`package.module:name`, bytes to bytes) on `payload`.

        Raises ParseFailed when it died, overran time or memory, or raised; ValueError for a function that is
        not in an allowed package. A caller that stops waiting leaves the item to end by itself.
        """
        _check(function, self._allow)
        if len(payload) > MOST_BYTES:
            raise ParseFailed(f"too-large payload of {len(payload)} bytes")
        await self.start()
        worker = await self._idle.get()
        if self._closed:
            self._idle.put_nowait(worker)
            raise RuntimeError("the parse pool is closed")
        result: bytes = await asyncio.shield(self._spawn(self._item(worker, function, payload)))
        return result

    async def _item(self, worker: _Worker, function: str, payload: bytes) -> bytes:
        try:
            used = worker.items
            try:
                return await self._try(worker, function, payload)
            except ParseFailed as failure:
                # What earlier items left behind in a worker must not decide about this one.
                if not used or failure.reason.partition(" ")[0] not in ("died", "memory") or self._closed:
                    raise
            return await self._try(worker, function, payload)
        finally:
            self._idle.put_nowait(worker)

    async def _try(self, worker: _Worker, function: str, payload: bytes) -> bytes:
        if not worker.alive():
            await self._within(START_SECONDS, worker, worker.start)
        outcome, result = await self._within(
            self._seconds * WALL_PER_CPU, worker, worker.exchange, function, payload
        )
        if outcome == _OK:
            return bytes(result)
        words = result.decode("utf-8", "replace")
        if outcome == _MEMORY:
            worker.kill()
            raise ParseFailed("memory")
        raise ParseFailed(f"too-large {words}" if outcome == _LARGE else f"error {words}")

    async def _within(self, seconds: float, worker: _Worker, call: Callable[..., Any], *args: Any) -> Any:
        """A blocking call on its thread; a worker that takes too long is killed, which ends the call."""
        assert self._threads is not None
        waiting = asyncio.get_running_loop().run_in_executor(self._threads, call, *args)
        done, _ = await asyncio.wait({waiting}, timeout=seconds)
        if not done:
            worker.kill()
            await asyncio.wait({waiting})
            waiting.exception()
            raise ParseFailed(f"timeout after {seconds:g} s")
        return waiting.result()

    async def _warm(self, worker: _Worker) -> None:
        try:
            # One that does not start is tried again, and reported, by the item that needs it.
            with contextlib.suppress(ParseFailed):
                await self._within(START_SECONDS, worker, worker.start)
        finally:
            self._idle.put_nowait(worker)

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # nobody may be waiting any more

    async def close(self) -> None:
        """Kill the workers, whatever they are doing."""
        self._closed = True
        for worker in self._workers:
            worker.close()
        if self._tasks:
            await asyncio.wait(set(self._tasks))
        for worker in self._workers:
            worker.drop()
        if self._threads is not None:
            self._threads.shutdown()

    async def __aenter__(self) -> ParsePool:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class _Worker:
    """One process and its pipes, driven from one thread at a time; `kill` may be called from another."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = {**options, "path": [os.path.abspath(entry) for entry in sys.path]}
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self.items = 0

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process and wait until it is ready. Raises ParseFailed."""
        self.drop()
        if self._closed:
            raise ParseFailed("died the pool is closed")
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own text
                [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, json.dumps(self._options)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_bare_environment(),
            )
        except OSError as error:
            raise ParseFailed(f"died worker can't be started: {error}") from error
        self.items = 0
        if self._closed:
            self.kill()
        outcome, _ = self._receive(self._process)
        if outcome != _READY:
            raise ParseFailed("died worker did not get ready")

    def exchange(self, function: str, payload: bytes) -> tuple[bytes, bytes]:
        """Send one item, wait for its result. Raises ParseFailed when the process ends instead."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        self.items += 1
        name = function.encode()
        try:
            process.stdin.write(_REQUEST.pack(len(name), len(payload)) + name)
            process.stdin.write(payload)
            process.stdin.flush()
        except OSError:
            raise _ended_badly(process) from None
        return self._receive(process)

    def _receive(self, process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
        assert process.stdout is not None
        head = process.stdout.read(_REPLY.size)
        if len(head) < _REPLY.size:
            raise _ended_badly(process)
        outcome, size = _REPLY.unpack(head)
        if size > MOST_BYTES:
            self.kill()
            raise ParseFailed("too-large result")
        body = process.stdout.read(size)
        if len(body) < size:
            raise _ended_badly(process)
        return outcome, body

    def kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.kill()
                self._process.wait()

    def close(self) -> None:
        self._closed = True
        self.kill()

    def drop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()


def _ended_badly(process: subprocess.Popen[bytes]) -> ParseFailed:
    process.kill()
    code = process.wait()
    if code == -getattr(signal, "SIGXCPU", 0):
        return ParseFailed("timeout of CPU time")
    return ParseFailed(f"died with signal {-code}" if code < 0 else f"died with exit code {code}")


def _bare_environment() -> dict[str, str]:
    """No tokens, no proxies; Windows can't start Python without its root folder."""
    kept = ("SYSTEMROOT", "LD_LIBRARY_PATH", "TZ")
    return {"LC_ALL": "C.UTF-8"} | {name: os.environ[name] for name in kept if name in os.environ}


def _check(function: str, allow: tuple[str, ...] | list[str]) -> tuple[str, str]:
    module, colon, name = function.partition(":")
    if not colon or not any(module == prefix or module.startswith(prefix + ".") for prefix in allow):
        raise ValueError(f"{function!r} is not a function of {', '.join(allow)}")
    return module, name


# ------------------------------------------------------------------------------------- inside the worker


def serve(options: dict[str, Any]) -> None:
    """The worker's life: take its pipes, warm up, lock itself in, then one item after the other."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)  # a library that prints or asks must not talk into the pipes
    os.dup2(nothing, 1)
    for module in options["preload"]:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    sys.dont_write_bytecode = True
    _limit("RLIMIT_AS", options["memory"])
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_CORE", 0)
    sys.addaudithook(_refuse)
    gc.collect()
    gc.freeze()
    _send(sink, _READY, b"")
    while len(head := source.read(_REQUEST.size)) == _REQUEST.size:
        name_size, size = _REQUEST.unpack(head)
        function, payload = source.read(name_size).decode(), source.read(size)
        _grant_cpu(options["seconds"])
        _send(sink, *_answer(function, payload, options["allow"]))
    os._exit(0)  # the parent is gone, or done with us


def _answer(function: str, payload: bytes, allow: list[str]) -> tuple[bytes, bytes]:
    try:
        module, name = _check(function, allow)
        result = getattr(importlib.import_module(module), name)(payload)
        if not isinstance(result, bytes):
            return _ERROR, f"{function} gave {type(result).__name__}, not bytes".encode()
        if len(result) > MOST_BYTES:
            return _LARGE, f"result of {len(result)} bytes".encode()
        return _OK, result
    except MemoryError:
        return _MEMORY, b""
    except BaseException as error:  # whatever a parser raises is an answer
        words = f"{type(error).__name__}: {error}"
        return _ERROR, words[:500].encode("utf-8", "replace")


def _send(sink: BinaryIO, outcome: bytes, body: bytes) -> None:
    sink.write(_REPLY.pack(outcome, len(body)) + body)
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
