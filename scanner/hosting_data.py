"""Address ranges that ship with the program: whose network an address is in, and where it is registered.

The publisher's CSV files are packed into one file a table (`seeds/hosting/build.py`), so that a worker
process opens both in well under 100 ms and 15 MB, without a database library. A table is a step function:
sorted first addresses, and beside each the index of its label (0 for "nothing known").

File layout, gzip around all of it: one line of JSON (the header), then for each family `v4`, `v6` the first
addresses (unsigned 32 bit; for IPv6 the upper 64 bits of the address), then the label indexes (unsigned 16 or
32 bit), then the labels as UTF-8 lines. All numbers little-endian.
"""

from __future__ import annotations

import gzip
import io
import ipaddress
import json
import sys
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from typing import Final

from scanner import refreshed

FORMAT: Final = 1
BOUNDS: Final = {
    "networks": {"v4": (250_000, 1_200_000), "v6": (50_000, 800_000), "labels": (50_000, 250_000)},
    "countries": {"v4": (60_000, 800_000), "v6": (20_000, 500_000), "labels": (200, 260)},
}
"""Fewest and most rows a table may have, so that an empty or exploding feed can't ship."""


class HostingDataError(ValueError):
    """A packed table that is damaged, of another format, or far from its usual size."""


class RangeTable:
    """Labels by address: `table.find("8.8.8.8")` gives `15169 Google LLC`, or "" when nothing is known."""

    __slots__ = ("_labels", "_offsets", "_starts", "_values", "header")

    def __init__(self, packed: bytes, *, name: str = "") -> None:
        """Raises HostingDataError. With `name`, the counts of BOUNDS are asserted."""
        try:
            stream = gzip.GzipFile(
                fileobj=io.BytesIO(packed)
            )  # column by column: half the memory at its peak
            self.header: dict[str, str | int] = json.loads(stream.readline(4096))
            if self.header["format"] != FORMAT:
                raise HostingDataError(f"table of format {self.header['format']}, expected {FORMAT}")
            self._starts: dict[int, array[int]] = {}
            self._values: dict[int, array[int]] = {}
            for version, code in ((4, "I"), (6, "Q")):
                count = int(self.header[f"v{version}"])
                self._starts[version] = _column(stream, code, count)
                self._values[version] = _column(stream, str(self.header["code"]), count)
            self._offsets = _column(stream, "I", int(self.header["labels"]) + 1)
            self._labels = stream.read(self._offsets[-1])
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
            if isinstance(error, HostingDataError):
                raise
            raise HostingDataError(f"damaged table: {error}") from error
        if name:
            check_counts(name, self.header)

    def find(self, address: str) -> str:
        """The label of the range the address (text) lies in, else ""; raises ValueError for no address."""
        parsed = ipaddress.ip_address(address)
        key = int(parsed) if parsed.version == 4 else int(parsed) >> 64
        index = bisect_right(self._starts[parsed.version], key) - 1
        return "" if index < 0 else self._label(self._values[parsed.version][index])

    def _label(self, value: int) -> str:
        return self._labels[self._offsets[value] : self._offsets[value + 1]].decode("utf-8", "replace")


def _column(stream: gzip.GzipFile, code: str, count: int) -> array[int]:
    column: array[int] = array(code)
    column.frombytes(stream.read(count * column.itemsize))
    if len(column) != count:
        raise HostingDataError("table ends early")
    if sys.byteorder == "big":
        column.byteswap()
    return column


def check_counts(name: str, counts: dict[str, str | int]) -> None:
    """Raises HostingDataError when a table's row counts are outside BOUNDS."""
    for part, (least, most) in BOUNDS[name].items():
        if not least <= int(counts[part]) <= most:
            raise HostingDataError(f"{name}: {counts[part]} rows of {part}, expected {least} to {most}")


# -------------------------------------------------------------------------------------------- packing


def pack(rows: Iterable[tuple[str, str, str]], about: dict[str, str]) -> bytes:
    """Rows (first address, last address, label) as the bytes of a packed table.

    `about` (publisher, licence, date …) goes into the header. Rows may come in any order; where two overlap,
    the later start wins from there on. IPv6 is kept to 64 bits: nothing smaller is routed between operators.
    """
    labels: dict[str, int] = {"": 0}
    families: dict[int, list[tuple[int, int, int]]] = {4: [], 6: []}
    for first_text, last_text, label in rows:
        first, last = ipaddress.ip_address(first_text), ipaddress.ip_address(last_text)
        shift = 0 if first.version == 4 else 64
        value = labels.setdefault(label, len(labels))
        families[first.version].append((int(first) >> shift, int(last) >> shift, value))
    code = "H" if len(labels) < 65_536 else "I"
    columns = b""
    header: dict[str, str | int] = {"format": FORMAT, "code": code, "labels": len(labels), **about}
    for version, width in ((4, "I"), (6, "Q")):
        starts, values = _steps(families[version], limit=2**32 if version == 4 else 2**64)
        header[f"v{version}"] = len(starts)
        columns += _little(array(width, starts)) + _little(array(code, values))
    texts = [label.encode() for label in labels]
    offsets = [0]
    for text in texts:
        offsets.append(offsets[-1] + len(text))
    columns += _little(array("I", offsets)) + b"".join(texts)
    head = json.dumps(header, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    return gzip.compress(head + columns, compresslevel=9, mtime=0)


def _steps(rows: list[tuple[int, int, int]], limit: int) -> tuple[list[int], list[int]]:
    """Ranges as a step function: gaps become value 0, neighbours with one value become one step."""
    steps: dict[int, int] = {0: 0}
    for first, last, value in sorted(rows):
        steps[first] = value
        if last + 1 < limit:
            steps[last + 1] = 0
    starts: list[int] = []
    values: list[int] = []
    for start in sorted(steps):
        if not values or values[-1] != steps[start]:
            starts.append(start)
            values.append(steps[start])
    return starts, values


def _little(column: array[int]) -> bytes:
    if sys.byteorder == "big":
        column = column[:]
        column.byteswap()
    return column.tobytes()


# ------------------------------------------------------------------------------------ what is shipped


@cache
def networks() -> RangeTable:
    """Labels `ASN ORGANISATION`. Loaded at first use."""
    return _shipped("networks")


@cache
def countries() -> RangeTable:
    """Labels are ISO 3166-1 codes of the country the block is registered in. Loaded at first use."""
    return _shipped("countries")


def _shipped(name: str) -> RangeTable:
    return RangeTable(refreshed.read("seeds", f"hosting/{name}.bin.gz"), name=name)
