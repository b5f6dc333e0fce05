"""RDAP and WHOIS evidence as observations and attempt statuses; HTTP answers taken apart."""

from __future__ import annotations

import gzip
import json
import zlib
from datetime import UTC, datetime

import brotli  # type: ignore[import-untyped]
import pytest

from scanner.model import About, Evidence, Observed, Status
from scanner.observe import observe
from scanner.observe.http_message import BODY_LIMIT, split

NOW = datetime(2024, 6, 1, tzinfo=UTC)
ABOUT = About("acme.test", as_of=NOW)
RECORD = {
    "objectClassName": "domain",
    "ldhName": "ACME.TEST",
    "handle": "D1-TEST",
    "status": ["client transfer prohibited", "active"],
    "events": [
        {"eventAction": "registration", "eventDate": "2001-02-03T04:05:06Z"},
        {"eventAction": "reregistration", "eventDate": "2019-02-03T04:05:06Z"},
        {"eventAction": "Expiration", "eventDate": "2030-02-03T04:05:06+02:00"},
        {"eventAction": "transfer", "eventDate": "2020-02-03T04:05:06Z"},
        {"eventAction": "last update of RDAP database", "eventDate": "2024-05-05T00:00:00Z"},
    ],
    "nameservers": [{"ldhName": "NS1.ACME.TEST."}],
    "secureDNS": {"delegationSigned": True},
    "links": [{"rel": "related", "type": "application/rdap+json", "href": "https://rdap.sample.example/domain/acme.test"}],
    "entities": [
        {"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Sample, Inc."]]],
         "publicIds": [{"type": "IANA Registrar ID", "identifier": "999"}]},
        {"roles": ["Registrant"], "vcardArray": ["vcard", [
            ["fn", {}, "text", "REDACTED FOR PRIVACY"], ["org", {}, "text", "Acme Soft LLC"],
            ["adr", {"cc": "us"}, "text", ["", "", "", "", "", "", ""]]]]},
    ],
}  # fmt: skip


def http(
    status: int, body: bytes, *headers: str, uri: str = "https://rdap.test/domain/acme.test"
) -> Evidence:
    head = "\r\n".join([f"HTTP/1.1 {status} X", *headers]).encode() + b"\r\n\r\n"
    return Evidence(uri, "application/http;msgtype=response", NOW, head + body)


def values(seen: Observed, name: str) -> list[str]:
    return [row.value for row in seen.observations if row.name == name]


def test_given_a_registries_answer_when_observed_then_the_vocabulary_is_written() -> None:
    evidence = http(200, json.dumps(RECORD).encode())
    seen = observe("rdap", evidence, ABOUT)
    assert values(seen, "created") == ["2001-02-03T04:05:06Z"]
    assert values(seen, "reregistered") == ["2019-02-03T04:05:06Z"]
    assert values(seen, "expires") == ["2030-02-03T02:05:06Z"]
    assert values(seen, "transferred") == ["2020-02-03T04:05:06Z"]
    assert values(seen, "updated") == []
    assert values(seen, "status") == ["clientTransferProhibited", "active"]
    assert values(seen, "nameserver") == ["ns1.acme.test"]
    assert values(seen, "registrar") == ["Sample, Inc."]
    assert values(seen, "registrar_iana_id") == ["999"]
    assert values(seen, "registrant_organisation") == ["Acme Soft LLC"]
    assert values(seen, "registrant_name") == []
    assert values(seen, "registrant_country") == ["US"]
    assert values(seen, "registrar_server") == ["https://rdap.sample.example"]
    assert values(seen, "dnssec") == ["signed"]
    assert (seen.status, seen.reason) == (Status.REDACTED, "owner-withheld")
    assert {row.evidence for row in seen.observations} == {evidence.digest}


def test_given_the_registrars_answer_when_observed_then_only_the_holder_is_taken() -> None:
    body = json.dumps(RECORD).encode()
    seen = observe(
        "rdap", http(200, body, uri="https://rdap.sample.example/domain/acme.test#registrar"), ABOUT
    )
    assert {row.name for row in seen.observations} == {
        "registrant_organisation",
        "registrant_country",
        "redacted",
    }


@pytest.mark.parametrize(
    ("status", "body", "kind", "expected"),
    [
        (404, b"", "", Status.ABSENT),
        (404, b"{}", "application/rdap+json", Status.ABSENT),
        (404, b"<html>", "text/html", Status.UNPARSED),
        (429, b"", "", Status.THROTTLED),
        (403, b"", "", Status.REFUSED),
        (401, b"", "", Status.REFUSED),
        (500, b"", "", Status.UNREACHABLE),
        (400, b"", "", Status.UNPARSED),
        (302, b"", "", None),
    ],
)
def test_given_an_http_status_when_observed_then_it_is_typed(
    status: int, body: bytes, kind: str, expected: Status | None
) -> None:
    seen = observe("rdap", http(status, body, f"Content-Type: {kind}"), ABOUT)
    assert seen.status is expected
    assert bool(seen.observations) is (expected is Status.ABSENT)


def test_given_a_service_that_iana_does_not_list_when_it_says_404_then_nothing_is_said_of_the_name() -> None:
    seen = observe("rdap", http(404, b"", uri="https://rdap.test/domain/acme.test#unlisted"), ABOUT)
    assert (seen.status, seen.observations) == (Status.UNPARSED, ())


def whois(text: str, truncated: str = "") -> Evidence:
    return Evidence("whois://whois.test/acme.test", "text/plain", NOW, text.encode(), truncated=truncated)


def test_given_the_roots_record_of_the_suffix_when_observed_then_it_is_not_the_names() -> None:
    seen = observe("whois", whois("domain: TEST\nrefer: whois.nic.test\ncreated: 1985-01-01\n"), ABOUT)
    assert seen == Observed()


def test_given_an_answer_cut_short_when_it_says_nothing_then_it_is_no_absence() -> None:
    assert observe("whois", whois("No match for acme.test\n"), ABOUT).status is Status.ABSENT
    seen = observe("whois", whois("No match for acme.test\n", truncated="time"), ABOUT)
    assert (seen.status, seen.observations) == (Status.UNPARSED, ())


def test_given_control_characters_when_observed_then_they_are_gone() -> None:
    seen = observe(
        "whois", whois("domain: acme.test\nregistrar: Evil\x1b[31m \x07Inc\ncreated: 2020-01-02\n"), ABOUT
    )
    assert values(seen, "registrar") == ["Evil [31m  Inc"]


def test_given_before_a_year_when_observed_then_the_date_is_a_bound() -> None:
    seen = observe("whois", whois("Domain Name: acme.test\nRegistered On: Before 2001\n"), ABOUT)
    (row,) = [row for row in seen.observations if row.name == "created"]
    assert (str(row.starts), row.bound.value) == ("2001", "not-after")


# ------------------------------------------------------------------------------------ HTTP answers

BODY = b"hello " * 1000


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("identity", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("br", brotli.compress(BODY)),
        ("gzip, br", brotli.compress(gzip.compress(BODY, mtime=0))),
    ],
    ids=("identity", "gzip", "zlib", "deflate", "br", "gzip and br"),
)
def test_given_a_content_coding_when_split_then_it_is_undone(coding: str, body: bytes) -> None:
    status, headers, decoded = split(http(200, body, f"Content-Encoding: {coding}").block)
    assert (status, decoded) == (200, BODY)
    assert headers == [("content-encoding", coding)]


def test_given_a_bomb_when_split_then_it_ends_at_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * (64 << 20)))
    assert len(split(http(200, bomb, "Content-Encoding: gzip, gzip").block)[2]) == BODY_LIMIT
    assert split(http(200, b"x", "Content-Encoding: gzip, gzip, gzip").block)[2] == b"x"


def test_given_a_broken_coding_when_split_then_what_could_be_read_stays() -> None:
    whole = gzip.compress(bytes(range(256)) * 400)
    part = split(http(200, whole[: len(whole) // 2], "Content-Encoding: gzip").block)[2]
    assert (bytes(range(256)) * 400).startswith(part)
    assert split(http(200, b"plain", "Content-Encoding: gzip").block)[2] == b"plain"
    assert split(b"no http at all") == (0, [], b"no http at all")
