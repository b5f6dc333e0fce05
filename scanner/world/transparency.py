"""crt.sh of a world: the certificates logged for a domain, as its JSON output gives them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from scanner.model import Precision
from scanner.world.sites import Answer
from scanner.world.words import Logged, World

_BUSY = (
    b"<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body>\r\n"
    b"<center><h1>429 Too Many Requests</h1></center>\r\n</body>\r\n</html>\r\n"
)
_HTML = {"Content-Type": "text/html; charset=UTF-8"}


class TransparencyLog:
    """`ask` is the service the web server calls."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self.world, self.clock = world, clock
        self._by_name: dict[str, list[Logged]] = {}

    def ask(self, host: str, target: str) -> tuple[Answer, bool, str]:
        query = parse_qs(target.partition("?")[2])
        wanted = next(
            (query[key][-1] for key in ("q", "identity", "Identity", "dNSName", "CN") if key in query), ""
        )
        name = wanted.lower().lstrip("%").lstrip(".").rstrip(".")
        if not name:
            return (
                Answer(200, b"<html><body>crt.sh | Certificate Search</body></html>", dict(_HTML)),
                False,
                "",
            )
        fault = self._fault(name)
        if fault == "timeout":
            return Answer(), True, name
        if fault == "throttled":
            return Answer(429, _BUSY, _HTML | {"Retry-After": "60"}), False, name
        if fault == "refused":
            return Answer(403, b"<html><body>Forbidden</body></html>", dict(_HTML)), False, name
        if query.get("output", [""])[-1] != "json":
            return Answer(200, b"<html><body>crt.sh | Certificates</body></html>", dict(_HTML)), False, name
        once = query.get("deduplicate", [""])[-1] == "Y"
        rows = self._rows(name, below=wanted.startswith("%."), once=once)
        if query.get("exclude", [""])[-1] == "expired":
            now = f"{self.clock():%Y-%m-%dT%H:%M:%S}"
            rows = [row for row in rows if str(row["not_after"]) > now]
        return Answer(200, json.dumps(rows).encode(), {"Content-Type": "application/json"}), False, name

    def _index(self) -> dict[str, list[Logged]]:
        """Certificates by each name they hold and every domain above it."""
        if not self._by_name:
            for domain in self.world.domains.values():
                for entry in domain.ct.entries:
                    suffixes = {s for host in entry.names for s in _suffixes(host)}
                    for suffix in suffixes:
                        self._by_name.setdefault(suffix, []).append(entry)
        return self._by_name

    def _fault(self, name: str) -> str:
        known = (self.world.domains[s] for s in _suffixes(name) if s in self.world.domains)
        return next((domain.ct.fault for domain in known), "")

    def _rows(self, name: str, *, below: bool, once: bool) -> list[dict[str, object]]:
        """Newest first, two rows a certificate (itself and its precertificate), or one."""
        now = self.clock()
        entries = [
            entry
            for entry in self._index().get(name, [])
            if entry.logged.first <= now and any(_under(host, name, below) for host in entry.names)
        ]
        rows = [row for entry in entries for row in _pair(entry, name, now)[: 1 if once else 2]]
        rows.sort(key=lambda row: (str(row["entry_timestamp"]), str(row["id"])), reverse=True)
        return rows


def _suffixes(name: str) -> list[str]:
    """The name and every domain above it."""
    labels = name.split(".")
    return [".".join(labels[n:]) for n in range(len(labels))]


def _under(host: str, name: str, below: bool) -> bool:
    return host.endswith("." + name) or (host == name and not below)


def _pair(entry: Logged, name: str, now: datetime) -> list[dict[str, object]]:
    day = entry.logged.precision is not Precision.SECOND
    digest = hashlib.sha256(f"{entry.logged} {entry.names} {entry.issuer}".encode()).digest()
    # A day in the file is that day's first hour here, so that nothing seems older than the file says.
    logged = entry.logged.first + timedelta(seconds=digest[0] * 10 + 60 if day else 0)
    logged = min(logged, max(now, entry.logged.first))
    start = entry.not_before.first if entry.not_before else entry.logged.first
    end = entry.not_after.first if entry.not_after else start + timedelta(days=90) - timedelta(seconds=1)
    number = 4_000_000_000 + int.from_bytes(digest[:4]) * 2
    common: dict[str, object] = {
        "issuer_ca_id": 16418 + sum(entry.issuer.encode()) % 300_000,
        "issuer_name": entry.issuer,
        "common_name": entry.names[0],
        "name_value": "\n".join(host for host in sorted(entry.names) if name in host),
    }
    rows = []
    for offset in (1, 0):
        rows.append(
            common
            | {
                "id": number + offset,
                "entry_timestamp": f"{logged + timedelta(milliseconds=137 * offset):%Y-%m-%dT%H:%M:%S.%f}"[
                    :23
                ],
                "not_before": f"{start:%Y-%m-%dT%H:%M:%S}",
                "not_after": f"{end:%Y-%m-%dT%H:%M:%S}",
                "serial_number": "03" + digest[:17].hex(),
                "result_count": 2 + offset,
            }
        )
    return rows
