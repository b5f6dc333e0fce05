"""The resolver of a world, asked with dnspython's own resolver and messages."""

from __future__ import annotations

import asyncio
import ipaddress

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import pytest

LONG = "v=spf1 " + " ".join(f"ip4:95.217.{n}.1" for n in range(60)) + ' "quoted" \\ -all'
WORLD = f"""
now: 2024-06-01
domains:
  acme.com:
    registration: {{created: 2020-01-02, nameservers: [ns1.reg.test, ns2.reg.test]}}
    dns:
      A: [95.217.1.2, 95.217.1.3]
      AAAA: ["2a01:4f9::1"]
      MX: ["10 mx1.post.test", "20 mx2.post.test."]
      TXT: ["v=spf1 -all", '{LONG}']
      CAA: ['0 issue "letsencrypt.org"']
    site: sites/a
    hosts:
      www: sites/a
      blog: {{site: sites/a, dns: {{CNAME: [pages.host.com]}}}}
      out: {{dns: {{CNAME: [nowhere.gone.com]}}}}
      _dmarc: {{dns: {{TXT: ["v=DMARC1; p=none"]}}}}
      a.deep: sites/a
      "*.shop": {{redirect: "https://acme.com/"}}
      self: {{dns: {{CNAME: [self.acme.com]}}}}
  host.com: {{hosts: {{pages: {{dns: {{A: [95.217.9.9]}}}}}}}}
  wild.com: {{site: sites/a, hosts: {{"*": sites/a}}}}
  mailonly.com: {{dns: {{MX: ["10 mx.mailonly.com"]}}, site: sites/a}}
  empty.com: {{dns: {{A: []}}, site: sites/a}}
  remembered.com: {{archive: [{{at: 2010-01-01, site: sites/a}}]}}
  servfail.com: {{dns: {{fault: servfail}}, site: sites/a, hosts: {{www: sites/a}}}}
  refused.com: {{dns: {{fault: refused}}}}
  nxdomain.com: {{dns: {{fault: nxdomain}}}}
  timeout.com: {{dns: {{fault: timeout}}}}
  alias.com: {{dns: {{CNAME: [inner.alias.com]}}}}
"""


async def ask(box, name, kind, *, edns=True, tcp=False):
    query = dns.message.make_query(name, kind, use_edns=edns, payload=1232 if edns else None)
    send = dns.asyncquery.tcp if tcp else dns.asyncquery.udp
    return await send(query, "127.0.0.1", port=box.dns_port, timeout=2)


async def values(box, name, kind):
    return sorted(record.to_text() for record in await box.resolver().resolve(name + ".", kind))


async def test_records_of_every_type(world):
    async with world(WORLD) as box:
        assert await values(box, "acme.com", "A") == ["95.217.1.2", "95.217.1.3"]
        assert await values(box, "acme.com", "AAAA") == ["2a01:4f9::1"]
        assert await values(box, "acme.com", "MX") == ["10 mx1.post.test.", "20 mx2.post.test."]
        assert await values(box, "acme.com", "CAA") == ['0 issue "letsencrypt.org"']
        assert await values(box, "acme.com", "NS") == ["ns1.reg.test.", "ns2.reg.test."]
        assert await values(box, "_dmarc.acme.com", "TXT") == ['"v=DMARC1; p=none"']
        (soa,) = await box.resolver().resolve("acme.com.", "SOA")
        assert soa.mname.to_text() == "ns1.reg.test."


async def test_long_text_arrives_whole(world):
    # given a text record of over 255 bytes with quotes and a backslash; when it is read
    async with world(WORLD) as box:
        answer = await box.resolver().resolve("acme.com.", "TXT")
    # then its strings join to the words of the file
    assert sorted(b"".join(record.strings).decode() for record in answer) == sorted(["v=spf1 -all", LONG])


async def test_hosts_have_the_apex_addresses_unless_they_have_their_own(world):
    async with world(WORLD) as box:
        assert await values(box, "www.acme.com", "A") == ["95.217.1.2", "95.217.1.3"]
        assert await values(box, "a.deep.acme.com", "AAAA") == ["2a01:4f9::1"]
        answer = await box.resolver().resolve("blog.acme.com.", "A")
        assert [rrset.to_text() for rrset in answer.response.answer] == [
            "blog.acme.com. 300 IN CNAME pages.host.com.",
            "pages.host.com. 300 IN A 95.217.9.9",
        ]


async def test_nothing_of_that_type_is_told_from_no_such_name(world):
    async with world(WORLD) as box:
        for name, kind, rcode, owner in (
            ("host.com", "A", "NOERROR", "host.com."),  # listed, no address
            ("www.acme.com", "MX", "NOERROR", "acme.com."),
            ("deep.acme.com", "A", "NOERROR", "acme.com."),  # an empty non-terminal
            ("nope.acme.com", "A", "NXDOMAIN", "acme.com."),
            ("deep.nope.acme.com", "A", "NXDOMAIN", "acme.com."),
            ("unlisted.com", "A", "NXDOMAIN", "com."),
            ("remembered.com", "A", "NXDOMAIN", "com."),  # only the archive knows it
            ("com", "A", "NOERROR", "com."),
            ("host.zzz", "A", "NXDOMAIN", "zzz."),
        ):
            answer = await ask(box, name, kind)
            assert dns.rcode.to_text(answer.rcode()) == rcode, name
            assert answer.answer == []
            (authority,) = answer.authority
            assert (authority.rdtype, authority.name.to_text()) == (dns.rdatatype.SOA, owner), name


async def test_an_alias_to_an_unknown_name_is_shown(world):
    async with world(WORLD) as box:
        answer = await ask(box, "out.acme.com", "A")
        loop = await ask(box, "self.acme.com", "A")
    assert dns.rcode.to_text(answer.rcode()) == "NXDOMAIN"
    assert answer.answer[0].to_text() == "out.acme.com. 300 IN CNAME nowhere.gone.com."
    assert dns.rcode.to_text(loop.rcode()) == "SERVFAIL"


async def test_an_apex_that_is_an_alias_to_a_missing_name_of_its_own_zone_is_answered(world):
    # many real zones are made like that, though DNS forbids it
    async with world(WORLD) as box:
        answer = await ask(box, "alias.com", "A")
    assert dns.rcode.to_text(answer.rcode()) == "NXDOMAIN"
    assert [rrset.rdtype for rrset in answer.answer] == [dns.rdatatype.CNAME]
    assert [rrset.rdtype for rrset in answer.authority] == [dns.rdatatype.SOA]


async def test_wildcards_answer_for_unlisted_names_only_below_them(world):
    async with world(WORLD) as box:
        assert await values(box, "any.shop.acme.com", "A") == ["95.217.1.2", "95.217.1.3"]
        assert await box.a("random-x1.wild.com") == await box.a("wild.com")
        assert await box.a("two.labels.wild.com") == await box.a("wild.com")
        assert await box.a("any.acme.com") == []


async def test_a_site_without_dns_has_one_public_address_from_its_name(world):
    async with world(WORLD) as box:
        first = await box.a("wild.com")
        assert await box.a("mailonly.com") != first  # `dns` that says nothing of addresses: likewise
        assert await box.a("empty.com") == []  # an empty list says: none
    async with world(WORLD) as again:
        assert await again.a("wild.com") == first
    assert len(first) == 1


async def test_every_address_is_ordinary_and_public(world):
    # given the world's own hosts and derived addresses; then a strict policy would let each pass
    async with world(WORLD) as box:
        hosts = [
            "data.iana.test",
            "whois.iana.test",
            "web.archive.org",
            "crt.sh",
            "rdap.com.test",
            "whois.com.test",
        ]
        addresses = [
            address for host in [*hosts, "wild.com", "mailonly.com"] for address in await box.a(host)
        ]
    assert len(addresses) == len(hosts) + 2
    assert len(set(addresses)) == len(addresses)
    for address in map(ipaddress.ip_address, addresses):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved


@pytest.mark.parametrize(
    ("name", "rcode"),
    [
        ("servfail.com", "SERVFAIL"), ("www.servfail.com", "SERVFAIL"), ("refused.com", "REFUSED"),
        ("nxdomain.com", "NXDOMAIN"),
    ],
)  # fmt: skip
async def test_faults_have_their_own_codes(world, name, rcode):
    async with world(WORLD) as box:
        answer = await ask(box, name, "A")
    assert dns.rcode.to_text(answer.rcode()) == rcode
    assert answer.answer == []


@pytest.mark.parametrize("tcp", [False, True])
async def test_a_dead_server_gives_no_answer(world, tcp):
    async with world(WORLD) as box:
        query = dns.message.make_query("timeout.com", "A")
        send = dns.asyncquery.tcp if tcp else dns.asyncquery.udp
        with pytest.raises(dns.exception.Timeout):
            await send(query, "127.0.0.1", port=box.dns_port, timeout=0.2)


async def test_a_big_answer_is_cut_over_udp_and_whole_over_tcp(world):
    async with world(WORLD) as box:
        small = await ask(box, "acme.com", "TXT", edns=False)
        edns = await ask(box, "acme.com", "TXT")
        tcp = await ask(box, "acme.com", "TXT", tcp=True)
    assert small.flags & dns.flags.TC
    assert small.answer == []
    assert edns.edns == 0
    assert not tcp.flags & dns.flags.TC
    assert len(tcp.answer[0]) == 2


async def test_tcp_answers_many_questions_on_one_connection(world):
    async with world(WORLD) as box:
        reader, writer = await asyncio.open_connection("127.0.0.1", box.dns_port)
        for kind in ("A", "MX", "CAA"):
            wire = dns.message.make_query("acme.com", kind).to_wire()
            writer.write(len(wire).to_bytes(2) + wire)
            length = int.from_bytes(await reader.readexactly(2))
            answer = dns.message.from_wire(await reader.readexactly(length))
            assert answer.answer[0].rdtype == dns.rdatatype.from_text(kind)
        writer.close()


async def test_the_question_comes_back_letter_for_letter(world):
    # given a client that mixes letter case against forged answers; then it sees its own spelling
    async with world(WORLD) as box:
        answer = await ask(box, "aCmE.CoM", "A")
    assert str(answer.question[0].name) == "aCmE.CoM."
    assert str(answer.answer[0].name) == "aCmE.CoM."
