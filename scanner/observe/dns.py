"""What one DNS message says: records, existence, mail policy, wildcard, DNSSEC, and the hosting behind it.

Evidence is the wire message with uri `dns:NAME?type=TYPE` (RFC 4501). Which rows are written depends on the
name that was asked: the domain itself, `_dmarc.` below it, the wildcard probe, or another host of the site.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, unquote

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from scanner.address_space import is_public
from scanner.model import About, Evidence, Observation, Observed, Status
from scanner.observe import hosting

MOST_RECORDS = 100  # of one kind from one answer
MOST_CNAMES = 16
_TEXT = 4096
# What a validating resolver adds to SERVFAIL when the zone's signatures are wrong (RFC 8914 §4.7-4.13).
_BOGUS = frozenset({6, 7, 8, 9, 10, 11, 12})


def probe_name(domain: str) -> str:
    """A name below the domain that nobody has: deterministic, so that a resumed scan asks the same question.

    >>> probe_name("acme.example")
    'ff-54667cc7be62.acme.example'
    """
    return f"ff-{hashlib.sha256(domain.encode()).hexdigest()[:12]}.{domain}"


def observe(evidence: Evidence, about: About) -> Observed:
    """Rows of the message.

    `status` is set by the question for the domain's own address alone: `absent` for NXDOMAIN, `unreachable`
    for SERVFAIL, `refused` for REFUSED. Any other question may fail by itself.
    """
    host, rdtype = _asked(evidence.uri)
    try:
        message = dns.message.from_wire(evidence.block, ignore_trailing=True, raise_on_truncation=False)
    except (dns.exception.DNSException, ValueError, IndexError) as error:
        return Observed(status=Status.UNPARSED, reason=f"bad-message {type(error).__name__}")
    if not _answers(message, host, rdtype):
        return Observed(status=Status.UNPARSED, reason="bad-message it answers another question")
    reader = _Reader(message, evidence.digest)
    rcode = message.rcode()
    if host == probe_name(about.domain):
        return Observed(tuple(reader.wildcard(rcode, rdtype)))
    if host == f"_dmarc.{about.domain}":
        return Observed(tuple(reader.dmarc(host)))
    if host != about.domain:
        return Observed(tuple(reader.host(host, rdtype)))
    rows = (*reader.apex(host, rdtype, rcode, about.platform), *reader.host(host, rdtype))
    status, reason = _status(rcode) if rdtype == "A" else (None, "")
    return Observed(rows, status=status, reason=reason)


def _asked(uri: str) -> tuple[str, str]:
    """Host (lower case) and record type of a `dns:` URI."""
    path, _, query = uri.removeprefix("dns:").partition("?")
    fields = parse_qs(query.replace(";", "&"))
    rdtype = next((values[0] for key, values in fields.items() if key.lower() == "type"), "A")
    return unquote(path.rpartition("/")[2]).lower().rstrip("."), rdtype.upper()


def _answers(message: dns.message.Message, host: str, rdtype: str) -> bool:
    if not message.question:  # some servers leave it out of an error answer
        return message.rcode() != dns.rcode.NOERROR
    question = message.question[0]
    return _host(question.name) == host and dns.rdatatype.to_text(question.rdtype) == rdtype


def _status(rcode: int) -> tuple[Status | None, str]:
    if rcode == dns.rcode.NXDOMAIN:
        return Status.ABSENT, "nxdomain"
    if rcode == dns.rcode.REFUSED:
        return Status.REFUSED, "dns-refused"
    if rcode == dns.rcode.NOERROR:
        return None, ""
    return Status.UNREACHABLE, dns.rcode.to_text(dns.rcode.Rcode(rcode)).lower()


class _Reader:
    """The rows of one message."""

    def __init__(self, message: dns.message.Message, evidence: str) -> None:
        self._message = message
        self._evidence = evidence

    def apex(self, host: str, rdtype: str, rcode: int, platform: str) -> Iterator[Observation]:
        """What is said once a domain: existence, DNSSEC, and the records that only count there."""
        if rdtype == "A":
            if rcode in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
                yield self._row("exists", "yes" if rcode == dns.rcode.NOERROR else "no")
            yield from self._dnssec(rcode)
            if rcode == dns.rcode.NOERROR:
                yield from hosting.of_platform(platform, self._evidence)
        if rcode == dns.rcode.NOERROR:
            yield self._row("answered", rdtype)
        records = self._records(host, rdtype)
        if rdtype == "SOA":
            for record in records[:1]:
                yield self._row("soa_mname", _host(record.mname))
                yield self._row("soa_rname", _host(record.rname))
                yield self._row("soa_serial", str(record.serial))
        elif rdtype == "TXT":
            yield from self._txt(records)
        elif rdtype in ("NS", "MX", "CAA"):
            values = sorted({_value(rdtype, record) for record in records})[:MOST_RECORDS]
            yield from (self._row(rdtype.lower(), value) for value in values)
            if rdtype == "NS":
                yield from hosting.of_name_servers(values, self._evidence)

    def host(self, host: str, rdtype: str) -> Iterator[Observation]:
        """Addresses and the CNAME chain of any host of the site."""
        if rdtype not in ("A", "AAAA", "CNAME"):
            return
        chain = self._chain(host)
        yield from (self._row("cname", name) for name in chain)
        yield from hosting.of_cnames(chain, self._evidence)
        if rdtype == "CNAME":
            return
        addresses = [record.address for record in self._records(chain[-1] if chain else host, rdtype)]
        for address in addresses:
            yield self._row(rdtype.lower(), address)
            if not is_public(address):
                yield self._row("blocked_address", address)
        yield from hosting.of_addresses(addresses, self._evidence)

    def wildcard(self, rcode: int, rdtype: str) -> Iterator[Observation]:
        """`yes` when a name nobody has gets an answer; nothing when the question failed or was left open."""
        if rcode == dns.rcode.NXDOMAIN:
            yield self._row("wildcard", "no")
        elif rcode == dns.rcode.NOERROR:
            found = any(rrset.rdtype in _HOST_TYPES for rrset in self._message.answer)
            if found or rdtype == "A":
                yield self._row("wildcard", "yes" if found else "no")

    def dmarc(self, host: str) -> Iterator[Observation]:
        """The policy record; a wildcard TXT that is none counts for nothing (RFC 7489 §6.6.3)."""
        name = (self._chain(host) or [host])[-1]
        for record in self._records(name, "TXT"):
            text = _text(record.strings)
            if text.lower().replace(" ", "").startswith("v=dmarc1"):
                yield self._row("dmarc", text)

    def _txt(self, records: Iterable[Any]) -> Iterator[Observation]:
        for record in records:
            text = _text(record.strings)
            yield self._row("txt", text)
            if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 "):
                yield self._row("spf", text)

    def _dnssec(self, rcode: int) -> Iterator[Observation]:
        """A flag that is missing proves nothing: the resolver may not validate. So no `unsigned` here."""
        if self._message.flags & dns.flags.AD:
            yield self._row("dnssec", "authenticated")
        elif rcode == dns.rcode.SERVFAIL and any(
            isinstance(option, dns.edns.EDEOption) and option.code in _BOGUS
            for option in self._message.options
        ):
            yield self._row("dnssec", "bogus")

    def _chain(self, host: str) -> list[str]:
        """Targets of the CNAMEs from `host` on, in order; a loop ends where it closes."""
        aliases: dict[str, str] = {}
        for rrset in self._message.answer:
            if rrset.rdtype == dns.rdatatype.CNAME and len(rrset):
                aliases.setdefault(_host(rrset.name), _host(rrset[0].target))
        chain: list[str] = []
        while (target := aliases.get(host)) is not None and target not in chain and len(chain) < MOST_CNAMES:
            chain.append(target)
            host = target
        return chain

    def _records(self, host: str, rdtype: str) -> list[Any]:
        """Records of that type under that name; what a server adds under other names is not looked at."""
        wanted = dns.rdatatype.from_text(rdtype)
        found: list[Any] = []
        for rrset in self._message.answer:
            if rrset.rdtype == wanted and _host(rrset.name) == host:
                found.extend(rrset)
        return found[:MOST_RECORDS]

    def _row(self, name: str, value: str) -> Observation:
        return Observation("dns", name, value, "dns", evidence=self._evidence)


_HOST_TYPES = (dns.rdatatype.A, dns.rdatatype.AAAA, dns.rdatatype.CNAME)


def _value(rdtype: str, record: Any) -> str:
    if rdtype == "NS":
        return _host(record.target)
    if rdtype == "MX":
        return f"{record.preference} {_host(record.exchange)}"
    return str(record.to_text())[:_TEXT]


def _host(name: dns.name.Name) -> str:
    """Lower case, without trailing dot; the root stays `.`."""
    return name.to_text(omit_final_dot=True).lower() if name != dns.name.root else "."


def _text(strings: Iterable[bytes]) -> str:
    """The strings of a TXT record as one text, as its readers join them."""
    return b"".join(strings)[:_TEXT].decode("utf-8", "backslashreplace").replace("\x00", "\\x00")
