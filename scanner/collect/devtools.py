"""The wire to a browser: DevTools messages over a pair of pipes."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

MOST_MESSAGE = 24 << 20


class BrowserError(Exception):
    """The browser did not start, went away, or said what it should not: no fault of the site. One line."""


class Pipe:
    """DevTools messages: JSON, each ended by a zero byte; answers by number, events to whoever listens."""

    def __init__(self) -> None:
        self.hear: Any = lambda name, params: None
        self._reader = asyncio.StreamReader(limit=MOST_MESSAGE)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0
        self._listening: asyncio.Task[None] | None = None

    async def open(self, fd_in: int, fd_out: int) -> None:
        loop = asyncio.get_running_loop()
        self._in, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(self._reader), os.fdopen(fd_in, "rb", 0)
        )
        self._out, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(fd_out, "wb", 0))
        self._listening = asyncio.create_task(self._listen())

    def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            self._in.close()
            self._out.close()

    def post(self, method: str, params: dict[str, Any], session: str = "") -> asyncio.Future[dict[str, Any]]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        future = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be waiting
        if self._listening is None or self._listening.done():
            future.set_exception(BrowserError("the browser ended"))
            return future
        self._waiting[self._number] = future
        self._out.write(json.dumps(message).encode() + b"\0")
        return future

    async def _listen(self) -> None:
        said = "the browser ended"
        try:
            while True:
                message = json.loads((await self._reader.readuntil(b"\0"))[:-1])
                if "id" not in message:
                    self.hear(message.get("method", ""), message.get("params", {}))
                elif (future := self._waiting.pop(message["id"], None)) is not None and not future.done():
                    if "error" in message:
                        future.set_exception(BrowserError(str(message["error"].get("message", ""))[:200]))
                    else:
                        future.set_result(message.get("result", {}))
        except asyncio.LimitOverrunError:
            said = "the browser's answer is too large"
        except (EOFError, OSError, ValueError):
            """It went away; whoever waits is told."""
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(BrowserError(said))
