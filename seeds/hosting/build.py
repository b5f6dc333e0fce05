"""Packs the publisher's CSV files into `networks.bin.gz` and `countries.bin.gz`.

    python -m seeds.hosting.build --date 2026-06-17 --asn-v4 asn-ipv4.csv --asn-v6 asn-ipv6.csv \
        --country-v4 asn-country-ipv4.csv --country-v6 asn-country-ipv6.csv [--out DIR]

The rows of the publisher are `first address, last address, AS number, organisation` and
`first address, last address, ISO country code`. `falsefront knowledge refresh hosting` calls `build` with the
bytes it fetched from URLS. A table far from its usual size is refused, and the old one stays.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from scanner.hosting_data import HostingDataError, RangeTable, pack

PUBLISHER = "ip-location-db, https://github.com/sapics/ip-location-db"
_RELEASES = "https://github.com/sapics/ip-location-db/releases/download/latest/"
URLS = {
    "asn-v4": _RELEASES + "origin-asn-ipv4.csv",
    "asn-v6": _RELEASES + "origin-asn-ipv6.csv",
    "country-v4": _RELEASES + "user-country-ipv4.csv",
    "country-v6": _RELEASES + "user-country-ipv6.csv",
}
"""Where the publisher documents its daily files since 2026-06-18 (PDDL); the shipped tables are older."""
REFRESHED_LICENCE = "PDDL-1.0"


def build(files: dict[str, bytes], *, date: str, licence: str = REFRESHED_LICENCE) -> dict[str, bytes]:
    """File name -> packed bytes, from the CSV bytes under the keys of URLS.

    date: ISO day of the data. Raises HostingDataError for a damaged file or counts outside the bounds.
    """
    about = {"publisher": PUBLISHER, "licence": licence, "date": date}
    tables = {
        "networks": pack(_networks([*_rows(files["asn-v4"], 4), *_rows(files["asn-v6"], 4)]), about),
        "countries": pack(
            _countries([*_rows(files["country-v4"], 3), *_rows(files["country-v6"], 3)]), about
        ),
    }
    for name, packed in tables.items():
        RangeTable(packed, name=name)
    return {f"{name}.bin.gz": packed for name, packed in tables.items()}


def _rows(data: bytes, columns: int) -> Iterator[list[str]]:
    for number, row in enumerate(csv.reader(io.StringIO(data.decode("utf-8", "replace"))), 1):
        if len(row) != columns:
            raise HostingDataError(f"line {number}: {len(row)} columns, expected {columns}")
        yield row


def _networks(rows: list[list[str]]) -> Iterator[tuple[str, str, str]]:
    """One name a network: the publisher sometimes has several, the most frequent is kept."""
    named: dict[str, Counter[str]] = {}
    for _, _, number, name in rows:
        named.setdefault(number, Counter())[" ".join(name.split())] += 1
    label = {number: f"{number} {names.most_common(1)[0][0]}".strip() for number, names in named.items()}
    for first, last, number, _ in rows:
        yield first, last, label[number]


def _countries(rows: Iterable[list[str]]) -> Iterator[tuple[str, str, str]]:
    for first, last, code in rows:
        if len(code) == 2 and code.isalpha() and code.upper() != "ZZ":
            yield first, last, code.upper()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m seeds.hosting.build", description="Pack hosting tables.")
    for key, url in URLS.items():
        parser.add_argument(f"--{key}", required=True, metavar="FILE.csv", help=f"as published at {url}")
    parser.add_argument("--date", required=True, help="day of the data, YYYY-MM-DD")
    parser.add_argument("--licence", default=REFRESHED_LICENCE)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    options = parser.parse_args(arguments)
    try:
        files = {key: Path(getattr(options, key.replace("-", "_"))).read_bytes() for key in URLS}
        tables = build(files, date=options.date, licence=options.licence)
        for name, packed in tables.items():
            (options.out / name).write_bytes(packed)
            print(f"{options.out / name}: {len(packed):,} bytes, {RangeTable(packed).header}")
    except (OSError, ValueError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
