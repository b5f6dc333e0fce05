"""The network file: where the internet is, for this run (TOML; without one, the real internet).

What this file itself names (`resolver`, targets of `routes`) is trusted; what an answer names never is.
"""

from __future__ import annotations

import contextlib
import ipaddress
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from scanner.address_space import IPNetwork

Endpoint = tuple[str, int]
Route = Endpoint | Literal["refuse", "blackhole"]


class ConfigError(ValueError):
    """A network file that can't be used; the message is one line that says what and where."""


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """The contract's network file. The defaults are the real internet.

    now: where the network's clock starts, else real time.
    resolver: DNS servers as (address, port); empty means the system's.
    whois: WHOIS host per top-level domain, and `default`.
    routes: (logical address or "", port) to a (physical address, port), "refuse" or "blackhole".
    deadline_scale: multiplies every deadline.
    """

    now: datetime | None = None
    resolver: tuple[Endpoint, ...] = ()
    rdap_bootstrap: str = "https://data.iana.org/rdap/dns.json"
    whois: Mapping[str, str] = field(default_factory=lambda: {"default": "whois.iana.org"})
    archive: str = "https://web.archive.org"
    ct: str = "https://crt.sh"
    ca_file: Path | None = None
    routes: Mapping[tuple[str, int], Route] = field(default_factory=dict)
    allow: tuple[IPNetwork, ...] = ()
    pace: bool = True
    deadline_scale: float = 1.0

    @classmethod
    def load(cls, path: Path | str) -> NetworkConfig:
        """Read a network file. Raises ConfigError, also when it can't be read."""
        try:
            text = Path(path).read_text("utf-8")
        except OSError as error:
            raise ConfigError(f"{path}: can't be read: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path}: not UTF-8 text") from error
        try:
            return cls.parse(text, Path(path).resolve().parent)
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from error

    @classmethod
    def parse(cls, text: str, base: Path) -> NetworkConfig:
        """Parse TOML text; `ca_file` is relative to `base`. Raises ConfigError.

        >>> NetworkConfig.parse('resolver = ["9.9.9.9"]', Path(".")).resolver
        (('9.9.9.9', 53),)
        """
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"not TOML: {error}") from error
        values: dict[str, Any] = {}
        for key, value in raw.items():
            if key == "proxy":
                raise ConfigError("proxy: sending traffic through a proxy is not supported; remove the key")
            if key not in _READERS:
                raise ConfigError(f"unknown key {key!r} (known: {', '.join(sorted(_READERS))})")
            try:
                values[key] = _READERS[key](value, base)
            except (ValueError, TypeError) as error:
                raise ConfigError(f"{key}: {error}") from error
        return cls(**values)

    def whois_server(self, tld: str) -> str:
        """The WHOIS host for a top-level domain: its own entry, or `default`; "" when there is neither."""
        return self.whois.get(tld.lower().strip("."), self.whois.get("default", ""))

    def route(self, address: str, port: int) -> Route | None:
        """Where a logical address and port are really dialled; None when the file has no route for them."""
        return self.routes.get((address, port), self.routes.get(("", port)))


def _now(value: object, _: Path) -> datetime:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = datetime.fromisoformat(value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime):
        raise ValueError("must be a time like 2024-06-01T00:00:00Z")
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def endpoint(text: object, default_port: int = 0) -> Endpoint:
    """(address, port) from `127.0.0.1:53`, `[::1]:53`, `::1:53`, or a bare address with a default port."""
    if not isinstance(text, str):
        raise ValueError(f"must be ADDRESS:PORT, not {text!r}")
    bare = text.strip("[]") if not text.startswith("[") or text.endswith("]") else text
    if default_port:
        try:
            return str(ipaddress.ip_address(bare)), default_port
        except ValueError:
            pass
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"must be ADDRESS:PORT, not {text!r}")
    host = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        return str(ipaddress.ip_address(host)), int(port)
    except ValueError:
        raise ValueError(f"{host!r} is not an IP address (names are not looked up here)") from None


def _resolver(value: object, _: Path) -> tuple[Endpoint, ...]:
    entries = [value] if isinstance(value, str) else value
    if not isinstance(entries, list):
        raise ValueError('must be a list like ["127.0.0.1:5353"]')
    return tuple(endpoint(entry, 53) for entry in entries)


def _web(value: object, _: Path) -> str:
    if (
        not isinstance(value, str)
        or urlsplit(value).scheme not in ("http", "https")
        or not urlsplit(value).netloc
    ):
        raise ValueError(f"must be an http(s) address, not {value!r}")
    return value.rstrip("/")


def _whois(value: object, _: Path) -> dict[str, str]:
    if isinstance(value, str):
        value = {"default": value}
    if not isinstance(value, dict) or not all(isinstance(host, str) and host for host in value.values()):
        raise ValueError('must be a table like { default = "whois.iana.org" }')
    return {str(tld).lower().strip(".") or "default": host for tld, host in value.items()}


def _ca_file(value: object, base: Path) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a path")
    path = base / value
    if not path.is_file():
        raise ValueError(f"no such file: {path}")
    return path


def _routes(value: object, _: Path) -> dict[tuple[str, int], Route]:
    if not isinstance(value, dict):
        raise ValueError('must be a table like { "443" = "127.0.0.1:8443" }')
    routes: dict[tuple[str, int], Route] = {}
    for key, target in value.items():
        source = ("", int(key)) if key.isdigit() and 0 < int(key) < 65536 else endpoint(key)
        if target in ("refuse", "blackhole"):
            routes[source] = target
        else:
            routes[source] = endpoint(target)
    return routes


def _allow(value: object, _: Path) -> tuple[IPNetwork, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValueError('must be a list of networks like ["10.1.0.0/16"]')
    return tuple(ipaddress.ip_network(entry) for entry in value)


def _pace(value: object, _: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _scale(value: object, _: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
        raise ValueError(f"must be a number above 0, not {value!r}")
    return float(value)


_READERS: dict[str, Callable[[object, Path], Any]] = {
    "now": _now,
    "resolver": _resolver,
    "rdap_bootstrap": _web,
    "whois": _whois,
    "archive": _web,
    "ct": _web,
    "ca_file": _ca_file,
    "routes": _routes,
    "allow": _allow,
    "pace": _pace,
    "deadline_scale": _scale,
}
