"""Opens the database for reading, puts Datasette over it, and listens where that is safe."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import socket
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from datasette.app import Datasette
from datasette.plugins import DEFAULT_PLUGINS, pm
from datasette.utils import actor_matches_allow

from scanner.browse import access, opened, plugin
from scanner.store import NotADatabaseError, Store, StoreError
from scanner.store.errors import spoken

SETTINGS: dict[str, Any] = {
    "allow_facet": False,  # those of `described`, each with an index; another could read a million rows
    "suggest_facets": False,
    "facet_time_limit_ms": 250,
    "sql_time_limit_ms": 2500,
    "allow_download": False,
    "truncate_cells_html": 300,
    "num_sql_threads": 3,
    "default_page_size": 50,
}
_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


class BrowseError(Exception):
    """Why it can't be served; one line. `usage`: what was asked for is not allowed."""

    def __init__(self, line: str, *, usage: bool = False) -> None:
        super().__init__(line)
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Access:
    """token: what signs readers in, "" for none. metadata: of Datasette and its plugins (`allow`, `plugins`)."""

    token: str = ""
    metadata: dict[str, Any] | None = None


def datasette_for(
    path: Path, given: Access | None = None, *, hosts: frozenset[str] | None = _NAMES
) -> Datasette:
    """Datasette over one findings database, for reading alone. hosts: names it answers to; None for any.

    Raises `StoreError` where the file is missing, locked, damaged, or of another version.
    """
    given = given or Access()
    writable = _check(path)
    if not pm.is_registered(plugin):
        pm.register(plugin, "falsefront")
    metadata = dict(given.metadata or {})
    if given.token:
        metadata.setdefault("allow", access.ALLOW)
    files = {"files": [str(path)]} if writable else {"immutables": [str(path)]}
    datasette = Datasette(**files, metadata=metadata, settings=SETTINGS)
    opened.tell(datasette, opened.Told(given.token, hosts))
    return datasette


def _check(path: Path) -> bool:
    """Opens and closes it. Whether SQLite can follow a scan that writes to it meanwhile; where the folder can't be
    written it is read as it stands."""
    if set(str(path)) & set("?#%"):
        raise NotADatabaseError(f"{path}: a name with ? # or % can't be served; copy or rename it")
    with Store(path, readonly=True, wait=2.0) as store, spoken(path, 2.0):
        for table in ("cases", "targets", "attempts", "findings", "verdicts", "links", "page_texts"):
            store.conn.execute(f"select * from {table} order by rowid desc limit 1").fetchone()  # noqa: S608
    return _check_live(path)


def _check_live(path: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as conn:
            conn.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return False
    return True


# ---------------------------------------------------------------------------------------- who may see it


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_token(path: Path | None) -> str:
    """The token of a file, or of FALSEFRONT_BROWSE_TOKEN; "" for none. Raises `BrowseError` for one that is short."""
    if path is None:
        token = os.environ.get("FALSEFRONT_BROWSE_TOKEN", "").strip()
        where = "FALSEFRONT_BROWSE_TOKEN"
    else:
        where = str(path)
        try:
            token = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BrowseError(f"{path}: {getattr(error, 'strerror', None) or 'is not text'}") from error
        if not token:
            raise BrowseError(f"{path}: holds no token", usage=True)
    if token and (len(token) < access.SHORTEST or not token.isascii() or not token.isprintable()):
        raise BrowseError(
            f"{where}: a token needs {access.SHORTEST} printable ASCII characters or more "
            '(python3 -c "import secrets; print(secrets.token_urlsafe())" makes one)',
            usage=True,
        )
    return token


def read_metadata(path: Path | None) -> dict[str, Any] | None:
    """Datasette's metadata file, JSON or YAML. Raises `BrowseError`."""
    if path is None:
        return None
    try:
        text = path.read_text("utf-8")
        found = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BrowseError(
            f"{path}: {getattr(error, 'strerror', None) or 'is no readable JSON or YAML'}"
        ) from error
    if not isinstance(found, dict):
        raise BrowseError(f"{path}: is no mapping")
    return found


def refuse_open_doors(host: str, given: Access) -> None:
    """Raise `BrowseError` where others could come in without signing in.

    A token is enough. So is a plugin that signs people in, with an `allow` block that leaves out who isn't. What that
    comes to is asked for once more when it is served (`refuse_open_pages`).
    """
    if is_loopback(host) or given.token:
        return
    allow = (given.metadata or {}).get("allow")
    shut = allow is not None and not actor_matches_allow(None, allow)
    if not shut or not _signing_in():
        raise BrowseError(
            f"--host {host} would show the database to others: give --token-file, or --metadata with an `allow` block "
            "and a Datasette plugin that signs people in",
            usage=True,
        )


def _signing_in() -> list[str]:
    """Names of installed plugins that say who somebody is, without Datasette's own and ours."""
    own = {*DEFAULT_PLUGINS, plugin.__name__}
    found = [one.plugin for one in pm.hook.actor_from_request.get_hookimpls()]
    return sorted(str(one.__name__) for one in found if getattr(one, "__name__", "") not in own)


# ------------------------------------------------------------------------------------------- listening


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any free one. Raises `BrowseError`."""
    try:
        infos = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = infos[0]
        bound = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise BrowseError(f"--host {host}: {getattr(error, 'strerror', None) or error}") from error
    try:
        if os.name == "posix":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(128)  # who is told the address at once waits a moment, and is not refused
    except OSError as error:
        bound.close()
        raise BrowseError(f"{host} port {port}: {error.strerror or error}; give another --port") from error
    return bound


def address_of(bound: socket.socket) -> str:
    """Where a browser finds it."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def hosts_of(host: str, given: Access) -> frozenset[str] | None:
    """The names it answers to: on loopback its own; any where signing in guards it, beyond this machine or, with a
    token, behind a proxy that speaks TLS. A cookie goes to the name that set it alone."""
    return _NAMES | {host.lower()} if is_loopback(host) and not given.token else None


async def refuse_open_pages(datasette: Datasette) -> None:
    """Raise `BrowseError` where it answers to any name and something could be seen without signing in, whatever allows
    that: a block further down in the metadata, or a plugin."""
    found = await access.open_to_strangers(datasette) if opened.told(datasette).hosts is None else ""
    if found:
        raise BrowseError(
            f"this would show {found} to who has not signed in: an `allow` in the metadata or a plugin opens it",
            usage=True,
        )


async def serve(datasette: Datasette, bound: socket.socket, said: Callable[[], None]) -> None:
    """Until Ctrl-C; `said` is called once it answers to nobody it should not. Raises `BrowseError`."""
    import uvicorn

    await refuse_open_pages(datasette)
    said()
    config = uvicorn.Config(
        datasette.app(), log_level="warning", access_log=False, server_header=False, lifespan="on"
    )
    await uvicorn.Server(config).serve(sockets=[bound])


__all__ = [
    "Access", "BrowseError", "StoreError", "address_of", "datasette_for", "hosts_of", "is_loopback", "listen",
    "read_metadata", "read_token", "refuse_open_doors", "refuse_open_pages", "serve",
]  # fmt: skip
