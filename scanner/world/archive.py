"""web.archive.org of a world: the CDX server, replay, and the availability API of archive.org."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs

from scanner.world import cdx
from scanner.world.names import ARCHIVE_HOST
from scanner.world.sites import Answer
from scanner.world.words import Domain, World

_REPLAY = re.compile(r"/web/(\d{1,14}|\*)?(id_|if_|im_|js_|cs_|fw_|oe_)?/?(.+)", re.DOTALL)
_WEB = f"https://{ARCHIVE_HOST}/web"
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_BUSY = (
    b"<html><head><title>429 Too Many Requests</title></head><body><h1>429 Too Many Requests</h1>\n"
    b"You have sent too many requests in a given amount of time.\n</body></html>\n"
)
_BLOCKED = b"org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error\n"


class Archive:
    """`ask` is the service the web server calls."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self.world, self.clock = world, clock

    def ask(self, host: str, target: str) -> tuple[Answer, bool, str]:
        path, _, query = target.partition("?")
        if path.rstrip("/") in ("/cdx/search/cdx", "/cdx/search", "/cdx"):
            return self._cdx(query)
        if path.rstrip("/") == "/wayback/available":
            return self._available(query)
        if found := _REPLAY.fullmatch(target):
            return self._replay(found[1] or "", found[2] or "", re.sub(r"^(https?:)/+", r"\1//", found[3]))
        return Answer(404, b"<html><body>Not found</body></html>", dict(_HTML)), False, ""

    def _domain(self, host: str) -> Domain | None:
        """The listed domain, also one that only the archive remembers."""
        rest = host.lower()
        while rest:
            if rest in self.world.domains:
                return self.world.domains[rest]
            rest = rest.partition(".")[2]
        return None

    def _held(self, url: str) -> tuple[list[cdx.Capture], tuple[Answer, bool, str] | None]:
        """The captures for an address, or the fault that stands before them."""
        name = cdx.asked_host(url)
        domain = self._domain(name)
        if domain is None:
            return [], None
        fault = domain.archive.fault
        if fault == "timeout":
            return [], (Answer(), True, domain.name)
        if fault == "throttled":
            return [], (Answer(429, _BUSY, _HTML | {"Retry-After": "60"}), False, domain.name)
        if fault == "refused":
            return [], (Answer(403, _BLOCKED, dict(_TEXT)), False, domain.name)
        return cdx.captures(domain, self.clock()), None

    def _cdx(self, query: str) -> tuple[Answer, bool, str]:
        many = parse_qs(query, keep_blank_values=True)
        ask = {name: values[-1] for name, values in many.items()}
        name = cdx.asked_host(ask.get("url", ""))
        if not name:
            return Answer(400, b"Either a url or a urlkey param is required\n", dict(_TEXT)), False, ""
        found, fault = self._held(ask["url"])
        if fault:
            return fault
        try:
            rows = cdx.select(found, ask, many)
        except ValueError as error:
            return Answer(400, f"{error}\n".encode(), dict(_TEXT)), False, name
        if ask.get("showNumPages") == "true":
            return Answer(200, b"1\n", dict(_TEXT)), False, name
        if ask.get("output") == "json":
            body = "[" + ",\n".join(json.dumps(row) for row in rows) + "]\n"
            return Answer(200, body.encode(), {"Content-Type": "application/json"}), False, name
        return (
            Answer(200, "".join(" ".join(row) + "\n" for row in rows[1:]).encode(), dict(_TEXT)),
            False,
            name,
        )

    def _available(self, query: str) -> tuple[Answer, bool, str]:
        many = parse_qs(query)
        url = many.get("url", [""])[-1]
        found, fault = self._held(url)
        if fault:
            return fault
        wanted = many.get("timestamp", [f"{self.clock():%Y%m%d%H%M%S}"])[-1]
        capture = cdx.nearest(found, url, wanted) if wanted.isdigit() else None
        snapshots = {}
        if capture:
            snapshots["closest"] = {
                "status": str(capture.status),
                "available": True,
                "url": f"http://{ARCHIVE_HOST}/web/{capture.timestamp}/{capture.original}",
                "timestamp": capture.timestamp,
            }
        body = json.dumps({"url": url, "archived_snapshots": snapshots}).encode()
        return Answer(200, body, {"Content-Type": "application/json"}), False, cdx.asked_host(url)

    def _replay(self, stamp: str, modifier: str, url: str) -> tuple[Answer, bool, str]:
        name = cdx.asked_host(url)
        found, fault = self._held(url)
        if fault:
            return fault
        wanted = stamp if stamp.isdigit() else f"{self.clock():%Y%m%d%H%M%S}"
        capture = cdx.nearest(found, url, wanted)
        if capture is None:
            page = (
                "<html><head><title>Wayback Machine</title></head><body><p>Hrm.</p>"
                f"<p>Wayback Machine has not archived that URL.</p><p>{html.escape(url)}</p></body></html>"
            )
            return Answer(404, page.encode(), dict(_HTML)), False, name
        original = capture.original
        if stamp != capture.timestamp:
            where = f"https://{ARCHIVE_HOST}/web/{capture.timestamp}{modifier}/{original}"
            return Answer(302, b"", {"Location": where} | _HTML), False, name
        return _replayed(capture, modifier, original), False, name


def _replayed(capture: cdx.Capture, modifier: str, original: str) -> Answer:
    moment = datetime.strptime(capture.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    date = format_datetime(moment, usegmt=True)
    body, kind = capture.body, capture.mimetype
    headers = {
        "Content-Type": kind + ("; charset=utf-8" if kind.startswith("text/") else ""),
        "memento-datetime": date,
        "link": f'<{original}>; rel="original", <{_WEB}/timemap/link/{original}>; rel="timemap"; '
        f'type="application/link-format", <{_WEB}/{original}>; rel="timegate"',
        "x-archive-src": f"world-{capture.timestamp[:8]}.warc.gz",
        "x-archive-orig-date": date,
        "x-archive-orig-server": "nginx",
        "x-archive-orig-content-type": kind,
        "x-archive-orig-content-length": str(len(body)),
    }
    if capture.redirect:
        headers["x-archive-orig-location"] = capture.redirect
        headers["Location"] = f"https://{ARCHIVE_HOST}/web/{capture.timestamp}{modifier}/{capture.redirect}"
    if kind == "text/html" and not modifier and body:
        body = re.sub(rb"(?i)(<head[^>]*>)", rb"\1" + _TOOLBAR, body, count=1)
    return Answer(capture.status, body, headers)


_TOOLBAR = (
    b'<script src="https://web-static.archive.org/_static/js/bundle-playback.js"></script>\n'
    b"<!-- End Wayback Rewrite JS Include -->\n"
)
