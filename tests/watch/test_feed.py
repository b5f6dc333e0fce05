"""The Atom feed, held against the schema of RFC 4287 (appendix B) with what strangers put into it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from scanner.watch.feed import NAMESPACE, atom

NOW = datetime(2024, 6, 1, 9, tzinfo=UTC)
SCHEMA = f"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{NAMESPACE}"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="feed"><interleave>
    <oneOrMore><ref name="author"/></oneOrMore>
    <ref name="id"/><ref name="title"/><ref name="updated"/>
    <optional><element name="link"><attribute name="href"><data type="anyURI"/></attribute></element></optional>
    <zeroOrMore><element name="entry"><interleave>
      <ref name="id"/><ref name="title"/><ref name="updated"/>
      <zeroOrMore><element name="category"><attribute name="term"/><empty/></element></zeroOrMore>
      <element name="content"><attribute name="type"><choice><value>text</value><value>html</value></choice></attribute>
        <text/></element>
    </interleave></element></zeroOrMore>
  </interleave></element></start>
  <define name="author"><element name="author"><element name="name"><text/></element></element></define>
  <define name="id"><element name="id"><data type="anyURI"><param name="minLength">10</param></data></element></define>
  <define name="title"><element name="title"><data type="string">
    <param name="minLength">1</param></data></element></define>
  <define name="updated"><element name="updated"><data type="dateTime"/></element></define>
</grammar>"""


def row(number: int, **other: Any) -> dict[str, Any]:
    return {
        "id": number, "case_id": "cand-0142", "domain": "acme.example", "kind": "registrar", "fact": "registrar",
        "before": json.dumps(["One"]), "after": json.dumps(["Two"]), "after_at": "2024-05-01T00:00:00Z",
        "confirmed_at": f"2024-05-0{number}T00:00:00Z", "scan": f"scan-{number}", **other,
    }  # fmt: skip


def read(text: str) -> Any:
    tree = etree.fromstring(text.encode())
    schema = etree.RelaxNG(etree.fromstring(SCHEMA))
    assert schema.validate(tree), schema.error_log
    return tree


def entries(text: str, name: str) -> list[str]:
    return [entry.findtext(f"{{{NAMESPACE}}}{name}") for entry in read(text).iter(f"{{{NAMESPACE}}}entry")]


def test_a_feed_is_valid_whatever_a_registry_writes() -> None:
    # given markup, the end of a CDATA, control characters, half a character and a byte that XML has no place for
    hostile = "<script>alert(1)</script>]]>&amp;\x00\x1b[31m\ud800\uffff \u202eevil"
    rows = [row(1, after=json.dumps([hostile]), domain="<b>.example"), row(2)]
    text = atom(rows, NOW, values=True)
    assert "<script>" not in text
    assert "now: <script>alert(1)</script>]]>&amp;[31m \u202eevil" in entries(text, "content")[0]
    assert entries(text, "title")[0] == "cand-0142: <b>.example: the registrar changed"
    text.encode("utf-8")


def test_an_empty_feed_is_valid() -> None:
    assert entries(atom([], NOW), "id") == []


def test_the_schema_refuses_what_the_standard_refuses() -> None:
    whole = atom([row(1)], NOW)
    schema = etree.RelaxNG(etree.fromstring(SCHEMA))
    for wrong in (
        whole.replace("2024-05-01T00:00:00Z</updated>", "yesterday</updated>"),
        whole.replace("<author><name>falsefront</name></author>", ""),
        whole.replace("</title>", "</title><title>two</title>", 1),
    ):
        assert wrong != whole
        assert not schema.validate(etree.fromstring(wrong.encode()))


def test_ids_stay_and_no_two_changes_share_one() -> None:
    first = entries(atom([row(1), row(2)], NOW, origin="uid-a"), "id")
    assert len(set(first)) == 2
    assert entries(atom([row(2), row(1)], NOW, origin="uid-a", values=True), "id") == first[::-1]
    # and the feeds of two databases are two
    ids = [read(atom([], NOW, origin=one)).findtext(f"{{{NAMESPACE}}}id") for one in ("uid-a", "uid-b")]
    assert len(set(ids)) == 2
    assert all(one.startswith("urn:uuid:") for one in ids)


def test_without_values_nothing_but_case_and_kind_is_said() -> None:
    text = atom([row(1, domain="jane-roe.example", after=json.dumps(["Jane Roe"]))], NOW)
    assert "jane" not in text.lower()
