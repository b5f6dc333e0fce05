"""Data files that a user has refreshed: kept in the user's own folder, read in place of the shipped ones.

An installed package may not be writable, and shipped files stay as they were tested. `FALSEFRONT_DATA` names
another folder; an empty value switches refreshed files off.
"""

from __future__ import annotations

import os
import sys
from importlib import resources
from pathlib import Path


def folder() -> Path | None:
    """Where refreshed files lie; None when they are switched off."""
    named = os.environ.get("FALSEFRONT_DATA")
    if named is not None:
        return Path(named) if named else None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "falsefront"


def read(package: str, name: str) -> bytes:
    """The bytes of a data file: the refreshed one where there is one, else the shipped one of `package`."""
    own = folder()
    if own is not None and (own / name).is_file():
        return (own / name).read_bytes()
    return resources.files(package).joinpath(name).read_bytes()


def write(name: str, data: bytes) -> Path:
    """Puts a refreshed file in place, whole or not at all. Raises OSError, also when switched off."""
    own = folder()
    if own is None:
        raise OSError("refreshed data is switched off (FALSEFRONT_DATA is empty)")
    path, new = own / name, own / f"{name}.new"
    path.parent.mkdir(parents=True, exist_ok=True)
    new.write_bytes(data)
    new.replace(path)
    return path
