"""The certificate log of a world against the format of crt.sh's JSON that NOTES describe."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime

import pytest

KEYS = {
    "issuer_ca_id", "issuer_name", "common_name", "name_value", "id", "entry_timestamp", "not_before", "not_after",
    "serial_number", "result_count",
}  # fmt: skip
WORLD = """
now: 2024-06-01
domains:
  acme.com:
    site: sites/a
    ct:
      - {logged: 2022-05-04, names: [acme.com, www.acme.com, elsewhere.org]}
      - {logged: 2023-06-01T10:20:30Z, names: [shop.acme.com], issuer: "C=AT, O=ZeroSSL, CN=ZeroSSL ECC"}
      - {logged: 2030-01-01, names: [acme.com]}
  none.com: {site: sites/a}
  busy.com: {ct: {fault: throttled}}
  shut.com: {ct: {fault: refused}}
  silent.com: {ct: {fault: timeout}}
"""


async def found(box, query):
    status, headers, body = await box.get(f"https://crt.sh/?{query}&output=json")
    assert (status, headers["content-type"]) == (200, "application/json")
    return json.loads(body)


async def test_rows_have_the_fields_of_crt_sh(world):
    async with world(WORLD) as box:
        rows = await found(box, "q=acme.com")
    assert len(rows) == 4, "two certificates up to now, each with its precertificate"
    for row in rows:
        assert set(row) == KEYS
        assert {type(row[key]) for key in ("issuer_ca_id", "id", "result_count")} == {int}
        for key in ("entry_timestamp", "not_before", "not_after"):
            assert datetime.fromisoformat(row[key]).tzinfo is None
        int(row["serial_number"], 16)
    assert [row["entry_timestamp"] for row in rows] == sorted(
        (r["entry_timestamp"] for r in rows), reverse=True
    )
    assert len({row["id"] for row in rows}) == 4
    assert len({row["serial_number"] for row in rows}) == 2
    young, old = rows[0], rows[-1]
    assert young["entry_timestamp"] == "2023-06-01T10:20:30.137"
    assert young["issuer_name"] == "C=AT, O=ZeroSSL, CN=ZeroSSL ECC"
    assert old["name_value"] == "acme.com\nwww.acme.com", "only names that match, newline-joined"
    assert old["common_name"] == "acme.com"
    # a day without a time is never earlier than the day itself
    assert old["entry_timestamp"][:10] == old["not_before"][:10] == "2022-05-04"


@pytest.mark.parametrize(
    ("query", "count"),
    [("q=%25.acme.com", 4), ("q=shop.acme.com", 2), ("q=none.com", 0), ("q=unlisted.com", 0), ("q=cme.com", 0),
     ("q=acme.com&deduplicate=Y", 2), ("q=acme.com&exclude=expired", 0), ("identity=acme.com", 4), ("q=ACME.com", 4)],
)  # fmt: skip
async def test_questions(world, query, count):
    async with world(WORLD) as box:
        assert len(await found(box, query)) == count


async def test_faults(world):
    async with world(WORLD) as box:
        for name, code in (("busy.com", 429), ("shut.com", 403)):
            status, headers, body = await box.get(f"https://crt.sh/?q={name}&output=json")
            assert (status, headers["content-type"].partition(";")[0]) == (code, "text/html")
            assert b"<html>" in body
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(box.get("https://crt.sh/?q=silent.com&output=json"), 0.2)
