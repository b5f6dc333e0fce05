"""Pages as a front's owner may serve them, and how long reading one may take."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from scanner.model import About, Evidence, Observed
from scanner.observe import observe

DOMAIN = "acme-front.example"
ABOUT = About(DOMAIN, (f"https://{DOMAIN}/",), as_of=datetime(2024, 6, 1, tzinfo=UTC))
MEGABYTE = 1 << 20


def answer(
    body: bytes | str,
    *,
    uri: str = f"https://{DOMAIN}/",
    status: str = "200 OK",
    media_type: str = "text/html; charset=utf-8",
    head: str = "",
) -> Evidence:
    """An HTTP answer as evidence holds it."""
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    top = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{head}\r\n".encode("utf-8", "surrogatepass")
    return Evidence(uri, "application/http;msgtype=response", ABOUT.as_of, top + raw)


def filled(unit: str, size: int = MEGABYTE) -> str:
    """The unit over and over, `size` characters of it; `%d` in it counts."""
    if "%d" not in unit:
        return unit * (size // len(unit))
    return "".join(unit % number for number in range(size // len(unit)))


def seconds_for(source: str, evidence: Evidence) -> tuple[Observed, float]:
    """What it says, and the processor time that took."""
    started = time.process_time()
    observed = observe(source, evidence, ABOUT)
    return observed, time.process_time() - started


def html_page(body: str = "") -> str:
    """A page with enough words to be one."""
    words = "We build and look after accounting software for small firms in Austin. " * 10
    return f"<!doctype html><title>Acme</title><body><h1>Acme</h1><p>{words}</p>{body}</body>"
