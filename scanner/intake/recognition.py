"""Text recognition, where the machine has Tesseract: it gets grey pictures of our own making, and writes no file."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil

SECONDS = 60.0  # of one page, of wall clock; an ordinary one takes three
MOST_TEXT = 200_000  # characters of one page
MOST_LANGUAGES = 6
_KEPT = ("PATH", "SYSTEMROOT", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "TEMP", "TMP")


class NotRecognisedError(Exception):
    """The program failed or took too long. One line that holds nothing of the text."""


def program() -> str:
    """Where Tesseract is, "" where there is none."""
    return shutil.which("tesseract") or ""


async def languages() -> str:
    """The languages that are installed, as Tesseract takes them: `deu+eng`. Raises NotRecognisedError."""
    said = await _run("--list-langs")
    names = [line.strip() for line in said.splitlines()[1:]]
    known = [name for name in names if name and name not in ("osd", "equ") and "/" not in name]
    if not known:
        raise NotRecognisedError("Tesseract has no language installed")
    return "+".join(known[:MOST_LANGUAGES])


async def text_of(picture: bytes, spoken: str) -> str:
    """What stands in one PNG file. Raises NotRecognisedError."""
    wide = ("-c", "preserve_interword_spaces=1")  # what stands apart stays apart
    return (await _run("stdin", "stdout", "-l", spoken, *wide, given=picture))[:MOST_TEXT]


async def _run(*arguments: str, given: bytes = b"") -> str:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(
            program(),
            *arguments,
            stdin=pipe,
            stdout=pipe,
            stderr=nothing,
            env=environment | {"OMP_THREAD_LIMIT": "1"},
        )
    except OSError as error:
        raise NotRecognisedError(f"Tesseract can't be started ({type(error).__name__})") from error
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await process.communicate(given)
    except TimeoutError as error:
        raise NotRecognisedError(f"Tesseract took over {SECONDS:g} s") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        raise NotRecognisedError(f"Tesseract failed with exit status {process.returncode}")
    return said.decode("utf-8", "replace")
