"""crt.sh answers in, observations out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from scanner.model import About, Bound, Evidence, Observed, Status
from scanner.observe import observe

WHEN = datetime(2024, 6, 1, tzinfo=UTC)


def entry(logged: str, names: str, **more: Any) -> dict[str, Any]:
    """An object in crt.sh's own shape."""
    return {
        "issuer_ca_id": 183267,
        "issuer_name": "C=US, O=Let's Encrypt, CN=R3",
        "common_name": names.split("\n")[0],
        "name_value": names,
        "id": 6675112233,
        "entry_timestamp": logged,
        "not_before": "2022-05-04T00:00:00",
        "not_after": "2022-08-02T00:00:00",
        "serial_number": "03a1b2c3",
        "result_count": 2,
        **more,
    }


def read(
    body: Any,
    status: int = 200,
    headers: str = "Content-Type: application/json",
    domain: str = "acme.example",
) -> Observed:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    block = f"HTTP/1.1 {status} X\r\n{headers}\r\n\r\n".encode() + payload
    evidence = Evidence(
        f"https://crt.sh/?q={domain}&output=json", "application/http;msgtype=response", WHEN, block
    )
    return observe("ct", evidence, About(domain, as_of=WHEN))


def rows(observed: Observed, name: str) -> list[str]:
    return [row.value for row in observed.observations if row.name == name]


def test_first_and_last_sight_are_bounds() -> None:
    observed = read(
        [
            entry("2023-02-01T10:00:00.5", "acme.example", issuer_name="CN=Second", serial_number="02"),
            entry("2022-05-04T12:34:56.789", "acme.example\nwww.acme.example", serial_number="01"),
        ]
    )
    first, last = observed.observations[:2]
    assert (first.name, str(first.starts), first.bound) == (
        "first_logged",
        "2022-05-04T12:34:56Z",
        Bound.NOT_AFTER,
    )
    assert first.value == "C=US, O=Let's Encrypt, CN=R3"
    assert (last.name, str(last.starts), last.bound, last.value) == (
        "last_logged",
        "2023-02-01T10:00:00Z",
        Bound.AT,
        "CN=Second",
    )
    assert observed.status is None


def test_precertificate_and_certificate_count_once() -> None:
    same = [
        entry("2022-05-04T12:00:00", "acme.example", id=1),
        entry("2022-05-04T12:00:01", "acme.example", id=2),
    ]
    assert rows(read(same), "certificates") == ["1"]
    assert rows(
        read([*same, entry("2023-01-01T00:00:00", "acme.example", serial_number="ff")]), "certificates"
    ) == ["2"]


def test_names_are_those_of_the_domain_fifty_at_most_the_shortest_first() -> None:
    names = "\n".join(["mail@acme.example", "ACME.example", "notacme.example", "*.acme.example"])
    many = "\n".join(f"host{number:03}.deep.acme.example" for number in range(80))
    found = rows(read([entry("2022-05-04T12:00:00", names), entry("2022-06-01T00:00:00", many)]), "name")
    assert found[:2] == ["acme.example", "*.acme.example"]
    assert len(found) == 50
    assert "notacme.example" not in found


def test_entries_of_another_domain_or_without_a_time_say_nothing() -> None:
    # a subdomain on a platform must not inherit the platform's own certificate
    shared = entry("2016-01-01T00:00:00", "*.github.io\ngithub.io")
    untimed = entry("2019-01-01T00:00:00", "jane.github.io", entry_timestamp=None)
    observed = read([shared, untimed], domain="jane.github.io")
    assert observed.observations == ()
    assert observed.status is Status.UNPARSED


def test_nothing_logged_is_absent() -> None:
    assert read([]).status is Status.ABSENT


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (429, "", b"", Status.THROTTLED),
        (503, "Retry-After: 30", b"", Status.THROTTLED),
        (503, "", b"<html>Service Unavailable</html>", Status.UNREACHABLE),
        (502, "Content-Type: text/html", b"<html><title>502 Bad Gateway</title></html>", Status.UNREACHABLE),
        (404, "", b"<html>", Status.UNREACHABLE),
        (403, "", b"", Status.REFUSED),
        (
            200,
            "Content-Type: text/html",
            b"<html>The requested search will take too long</html>",
            Status.UNPARSED,
        ),
        (200, "", b"{}", Status.UNPARSED),
        (200, "", b"[" * 100_000, Status.UNPARSED),
        (302, "Location: /login", b"", Status.UNPARSED),
    ],
)
def test_what_is_no_answer_is_typed_and_says_nothing(
    status: int, headers: str, body: bytes, expected: Status
) -> None:
    observed = read(body, status, headers)
    assert (observed.status, observed.observations) == (expected, ())
    assert observed.reason


def test_of_an_answer_cut_short_what_came_counts() -> None:
    whole = json.dumps(
        [
            entry("2022-05-04T12:00:00", "acme.example"),
            entry("2023-05-04T12:00:00", "acme.example", serial_number="9"),
        ]
    ).encode()
    observed = read(whole[:-40])
    assert rows(observed, "certificates") == ["1"]
    assert (observed.status, observed.reason) == (None, "cut-short")
    # one that was cut before the first entry ended is not an empty log
    assert read(whole[:40]).status is Status.UNPARSED


@pytest.mark.parametrize(
    "odd", [None, 7, "text", [], {"name_value": 5}, {"name_value": "acme.example", "entry_timestamp": "soon"}]
)
def test_odd_entries_are_left_out(odd: Any) -> None:
    observed = read([odd, entry("2022-05-04T12:00:00", "acme.example")])
    assert rows(observed, "certificates") == ["1"]
