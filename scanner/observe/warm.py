"""What a new worker reads before its first real item: made-up answers, one of each kind.

Patterns are compiled, seeds read and trust anchors loaded at the first item of their kind; for a page that takes
fifty times as long as the page itself. No site's answer should wait for it.
"""

from __future__ import annotations

import contextlib
import ssl
from datetime import UTC, datetime

import dns.message
import dns.rrset
import msgspec

from scanner.model import About, Evidence
from scanner.observe import observe, robots, tls

_NOW = datetime(2024, 6, 1, tzinfo=UTC)
_ABOUT = About("warm.invalid", ("https://warm.invalid/",), as_of=_NOW)
_HTTP = "application/http;msgtype=response"
_PAGE = (
    b"<!doctype html><html lang=en><head><title>x</title><link rel=canonical href=https://a.example/>"
    b"</head><body><nav><a href=/about>About</a></nav><p>We have"
    b" worked since 2009, formerly old-warm.invalid. Call +1 512 555 0100, mail x@warm.invalid, 1 Main Street, Austin,"
    b" TX 78701.</p><a href=https://www.linkedin.com/company/x>x</a><form action=/send><textarea name=message>"
    b"</textarea></form><footer>Copyright 2010-2020 Warm Ltd</footer></body></html>"
)
_CERTIFICATE = b"""-----BEGIN CERTIFICATE-----
MIIBODCB3qADAgECAgEBMAoGCCqGSM49BAMCMBcxFTATBgNVBAMMDHdhcm0uaW52
YWxpZDAeFw0yNDAxMDEwMDAwMDBaFw0zNDAxMDEwMDAwMDBaMBcxFTATBgNVBAMM
DHdhcm0uaW52YWxpZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFuzaRoNHJkA
Ks1OL7ke6O9IGUkKlimCfca080suOUR4s4HrOZbErLpzXAhJlM9ToQmK7reEwQ0K
mAqkJ8gRTwOjGzAZMBcGA1UdEQQQMA6CDHdhcm0uaW52YWxpZDAKBggqhkjOPQQD
AgNJADBGAiEAsoLChgvl541dkuxFxcqNDu/bW/tdU6wo6cAiQyfw6HUCIQDhZGig
368dtkE/HwEnAN/q490DVZYI3yykAYN19BaUiw==
-----END CERTIFICATE-----
"""


def up() -> None:
    """Read one answer of each kind; that one can't be read is no reason for a worker not to start."""
    for source, evidence in _samples():
        with contextlib.suppress(Exception):
            observe(source, evidence, _ABOUT)
    with contextlib.suppress(Exception):
        rules = _http(
            "text/plain", b"User-agent: *\nDisallow: /x\nSitemap: https://warm.invalid/sitemap.xml\n"
        )
        robots.judge(msgspec.msgpack.encode(robots.Question(rules, ["https://warm.invalid/x"])))
    with contextlib.suppress(Exception):
        tls.trust_of([ssl.PEM_cert_to_DER_cert(_CERTIFICATE.decode())], "warm.invalid", _NOW)


def _samples() -> list[tuple[str, Evidence]]:
    json = "application/json"
    rdap = b"""{"objectClassName": "domain", "ldhName": "WARM.INVALID", "status": ["active"], "events":
        [{"eventAction": "registration", "eventDate": "2014-03-01T00:00:00Z"}], "entities": [{"roles": ["registrar"],
        "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Warm"]]]}]}"""
    rows = b"""[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],
        ["invalid,warm)/","20140501000000","http://warm.invalid/","text/html","200","AAAA","1000"]]"""
    return [
        ("website", Evidence("https://warm.invalid/", _HTTP, _NOW, _http("text/html", _PAGE))),
        ("rdap", Evidence("https://rdap.invalid/domain/warm.invalid", _HTTP, _NOW, _http(json, rdap))),
        (
            "archive",
            Evidence("https://archive.invalid/cdx?url=warm.invalid%2F", _HTTP, _NOW, _http(json, rows)),
        ),
        ("ct", Evidence("https://log.invalid/?q=warm.invalid", _HTTP, _NOW, _http(json, b"[]"))),
        ("tls", Evidence("tls://warm.invalid:443", "application/x-pem-file", _NOW, _CERTIFICATE)),
        *(_dns(*record) for record in _RECORDS),
    ]


_RECORDS = (
    ("A", "1.1.1.1"),
    ("AAAA", "2606:4700::1111"),
    ("NS", "ns1.warm.invalid."),
    ("MX", "10 mx.warm.invalid."),
    ("TXT", '"v=spf1 -all"'),
    ("SOA", "ns1.warm.invalid. x.warm.invalid. 1 7200 3600 1209600 3600"),
    ("CAA", '0 issue "ca.invalid"'),
)


def _dns(rdtype: str, value: str) -> tuple[str, Evidence]:
    answer = dns.message.make_response(dns.message.make_query("warm.invalid.", rdtype))
    answer.answer.append(dns.rrset.from_text("warm.invalid.", 300, "IN", rdtype, value))
    return "dns", Evidence(
        f"dns:warm.invalid?type={rdtype}", "application/dns-message", _NOW, answer.to_wire()
    )


def _http(kind: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
