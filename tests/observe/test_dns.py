"""DNS messages in, observations out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.zone
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model import About, Evidence, Observed, Status
from scanner.observe import observe
from scanner.observe.dns import probe_name

WHEN = datetime(2024, 6, 1, tzinfo=UTC)
ABOUT = About("acme.example", as_of=WHEN)


def wire(
    name: str,
    rdtype: str,
    *records: tuple[str, str, str],
    rcode: int = dns.rcode.NOERROR,
    flags: int = 0,
    options: tuple[dns.edns.Option, ...] = (),
) -> bytes:
    """A response to (name, rdtype) with answer records (owner, type, text)."""
    query = dns.message.make_query(name, rdtype, use_edns=0)
    answer = dns.message.make_response(query, recursion_available=True)
    answer.flags |= flags
    answer.set_rcode(dns.rcode.Rcode(rcode))
    if options:
        answer.use_edns(0, options=list(options))
    for owner, kind, text in records:
        answer.answer.append(dns.rrset.from_text(owner + ".", 300, "IN", kind, text))
    return answer.to_wire()


def read(name: str, rdtype: str, block: bytes, about: About = ABOUT) -> Observed:
    evidence = Evidence(f"dns:{name}?type={rdtype}", "application/dns-message", WHEN, block)
    observed = observe("dns", evidence, about)
    assert all(row.evidence == evidence.digest and row.source == "dns" for row in observed.observations)
    return observed


def pairs(observed: Observed, kind: str = "dns") -> set[tuple[str, str]]:
    return {(row.name, row.value) for row in observed.observations if row.kind == kind}


def ask(rdtype: str, *texts: str, name: str = "acme.example", about: About = ABOUT) -> Observed:
    return read(name, rdtype, wire(name, rdtype, *((name, rdtype, text) for text in texts)), about)


def test_an_address_gives_existence_the_row_and_its_hosting() -> None:
    observed = ask("A", "162.0.229.10")
    assert pairs(observed) == {("exists", "yes"), ("answered", "A"), ("a", "162.0.229.10")}
    assert pairs(observed, "hosting") == {("asn", "22612 Namecheap, Inc."), ("country", "US")}
    assert observed.status is None


def test_a_shared_platform_is_named_beside_its_network() -> None:
    observed = ask("AAAA", "2606:4700::1111")
    assert ("aaaa", "2606:4700::1111") in pairs(observed)
    assert ("platform", "Cloudflare") in pairs(observed, "hosting")


def test_mail_name_servers_and_caa_are_lower_case_without_trailing_dot() -> None:
    assert ("mx", "10 mx1.privateemail.com") in pairs(ask("MX", "10 MX1.PrivateEmail.com."))
    assert ("ns", "dns1.registrar-servers.com") in pairs(ask("NS", "DNS1.registrar-servers.com."))
    assert ("caa", '0 issue "letsencrypt.org"') in pairs(ask("CAA", '0 issue "letsencrypt.org"'))


def test_null_mx_stays_a_root_and_no_mx_is_an_answer_without_records() -> None:
    assert pairs(ask("MX", "0 .")) == {("answered", "MX"), ("mx", "0 .")}
    assert pairs(ask("MX")) == {("answered", "MX")}


def test_soa_fields() -> None:
    observed = ask("SOA", "ns1.acme.example. Hostmaster.acme.example. 2024050101 7200 3600 1209600 300")
    assert {
        ("soa_mname", "ns1.acme.example"),
        ("soa_rname", "hostmaster.acme.example"),
        ("soa_serial", "2024050101"),
    } <= (pairs(observed))


def test_txt_strings_are_joined_and_spf_is_told_from_look_alikes() -> None:
    observed = ask("TXT", '"v=spf1 include:a.exam" "ple -all"', '"v=spf10 nothing"', '"verification=1"')
    assert ("spf", "v=spf1 include:a.example -all") in pairs(observed)
    assert len([row for row in observed.observations if row.name == "spf"]) == 1
    assert ("txt", "verification=1") in pairs(observed)


def test_text_of_a_stranger_stays_text() -> None:
    observed = ask("TXT", '"\\000\\255<script>"')
    assert ("txt", "\\x00\\xff<script>") in pairs(observed)


def test_dmarc_counts_only_at_its_own_name_and_with_its_own_tag() -> None:
    name = "_dmarc.acme.example"
    assert pairs(ask("TXT", '"v=DMARC1; p=reject"', name=name)) == {("dmarc", "v=DMARC1; p=reject")}
    assert pairs(ask("TXT", '"a wildcard answers here too"', name=name)) == set()
    # an absent policy is no row, and never the domain's own absence
    missing = read(name, "TXT", wire(name, "TXT", rcode=dns.rcode.NXDOMAIN))
    assert (missing.observations, missing.status) == ((), None)


@pytest.mark.parametrize(
    ("rcode", "records", "expected"),
    [
        (dns.rcode.NXDOMAIN, (), {("wildcard", "no")}),
        (dns.rcode.NOERROR, ("162.0.229.10",), {("wildcard", "yes")}),
        (dns.rcode.NOERROR, (), {("wildcard", "no")}),
        (dns.rcode.SERVFAIL, (), set()),
    ],
)
def test_wildcard_probe(rcode: int, records: tuple[str, ...], expected: set[tuple[str, str]]) -> None:
    name = probe_name("acme.example")
    block = wire(name, "A", *((name, "A", text) for text in records), rcode=rcode)
    observed = read(name, "A", block)
    assert pairs(observed) == expected
    assert pairs(observed, "hosting") == set()
    assert observed.status is None


def test_the_probe_is_the_same_every_time_and_different_for_every_domain() -> None:
    assert probe_name("acme.example") == probe_name("acme.example") != probe_name("other.example")
    assert probe_name("acme.example").endswith(".acme.example")


@pytest.mark.parametrize(
    ("rcode", "status", "exists"),
    [
        (dns.rcode.NXDOMAIN, Status.ABSENT, {("exists", "no")}),
        (dns.rcode.SERVFAIL, Status.UNREACHABLE, set()),
        (dns.rcode.REFUSED, Status.REFUSED, set()),
    ],
)
def test_failures_of_the_address_question_are_typed(
    rcode: int, status: Status, exists: set[tuple[str, str]]
) -> None:
    observed = read("acme.example", "A", wire("acme.example", "A", rcode=rcode))
    assert observed.status is status
    assert observed.reason
    assert pairs(observed) == exists


@pytest.mark.parametrize("rdtype", ["CAA", "MX", "TXT", "SOA"])
def test_another_question_that_fails_does_not_fail_the_domain(rdtype: str) -> None:
    observed = read("acme.example", rdtype, wire("acme.example", rdtype, rcode=dns.rcode.SERVFAIL))
    assert (observed.status, observed.observations) == (None, ())


def test_www_that_does_not_exist_says_nothing_of_the_domain() -> None:
    observed = read("www.acme.example", "A", wire("www.acme.example", "A", rcode=dns.rcode.NXDOMAIN))
    assert (observed.status, observed.observations) == (None, ())


def test_alias_chain_in_order_and_the_address_at_its_end() -> None:
    block = wire(
        "www.acme.example",
        "A",
        ("cname.vercel-dns.com", "A", "76.76.21.21"),
        ("www.acme.example", "CNAME", "Acme.vercel.app."),
        ("acme.vercel.app", "CNAME", "cname.vercel-dns.com."),
        ("unrelated.example", "A", "8.8.8.8"),
    )
    observed = read("www.acme.example", "A", block)
    values = [(row.name, row.value) for row in observed.observations if row.kind == "dns"]
    assert values == [("cname", "acme.vercel.app"), ("cname", "cname.vercel-dns.com"), ("a", "76.76.21.21")]
    assert [row.value for row in observed.observations if row.name == "platform"].count("Vercel") >= 1


def test_an_alias_loop_ends() -> None:
    block = wire(
        "acme.example", "A", ("acme.example", "CNAME", "b.example."), ("b.example", "CNAME", "acme.example.")
    )
    assert ("cname", "b.example") in pairs(read("acme.example", "A", block))


@pytest.mark.parametrize("address", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.0.1"])
def test_a_private_address_is_a_fact_of_its_own_and_has_no_hosting(address: str) -> None:
    observed = ask("A", address)
    assert ("blocked_address", address) in pairs(observed)
    assert pairs(observed, "hosting") == set()


def test_a_platform_suffix_is_named() -> None:
    about = About("jane.github.io", platform="github.io", as_of=WHEN)
    observed = ask("A", "185.199.108.153", name="jane.github.io", about=about)
    assert pairs(observed, "hosting") >= {("platform", "GitHub Pages")}


def test_parking_name_servers() -> None:
    assert pairs(ask("NS", "ns1.sedoparking.com.", "ns2.sedoparking.com."), "hosting") == {
        ("parking", "Sedo")
    }


def test_dnssec_is_said_only_where_the_resolver_says_it() -> None:
    validated = read("acme.example", "A", wire("acme.example", "A", flags=dns.flags.AD))
    assert ("dnssec", "authenticated") in pairs(validated)
    bogus = wire(
        "acme.example",
        "A",
        rcode=dns.rcode.SERVFAIL,
        options=(dns.edns.EDEOption(dns.edns.EDECode.DNSSEC_BOGUS, "bad signature"),),
    )
    assert ("dnssec", "bogus") in pairs(read("acme.example", "A", bogus))
    # a missing flag is silence
    assert not any(name == "dnssec" for name, _ in pairs(ask("A", "162.0.229.10")))


@pytest.mark.parametrize("block", [b"", b"\x00" * 11, b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 200])
def test_garbage_is_unparsed(block: bytes) -> None:
    assert read("acme.example", "A", block).status is Status.UNPARSED


def test_an_answer_to_another_question_is_unparsed() -> None:
    block = wire("other.example", "A", ("other.example", "A", "8.8.8.8"))
    assert read("acme.example", "A", block).status is Status.UNPARSED


@given(st.binary(max_size=300), st.integers(0, 60))
def test_no_bytes_crash_the_reader(noise: bytes, cut: int) -> None:
    whole = wire("acme.example", "TXT", ("acme.example", "TXT", '"v=spf1 -all"'))
    for block in (noise, whole[:cut], whole[: len(whole) - cut] + noise):
        assert read("acme.example", "TXT", block).status in (None, Status.UNPARSED)


def test_every_record_of_real_zone_files_is_read(corpus: Path) -> None:
    # given dnspython's example zone, one answer for each name and type in it
    text = (corpus / "dns" / "zones" / "dnspython_example").read_text("utf-8")
    # (up to the service bindings at its end, one of which this version of dnspython refuses)
    lines = text.splitlines()
    text = "\n".join(lines[: next(number for number, line in enumerate(lines) if "SVCB" in line)])
    zone = dns.zone.from_text(text, "example.", relativize=False, check_origin=False)
    read_types = set()
    for name, node in zone.nodes.items():
        for rdataset in node:
            host, rdtype = name.to_text(omit_final_dot=True), dns.rdatatype.to_text(rdataset.rdtype)
            query = dns.message.make_query(name, rdataset.rdtype)
            answer = dns.message.make_response(query)
            rrset = dns.rrset.from_rdata_list(name, 300, list(rdataset))
            answer.answer.append(rrset)
            observed = read(host.lower(), rdtype, answer.to_wire(), About(host.lower(), as_of=WHEN))
            assert observed.status is None, (host, rdtype)
            if rdtype in ("A", "AAAA", "NS", "MX", "TXT", "CAA"):
                assert {row.name for row in observed.observations} & {rdtype.lower()}, (host, rdtype)
                read_types.add(rdtype)
    # then the types this source asks for were among them
    assert {"A", "AAAA", "NS", "MX", "TXT"} <= read_types
