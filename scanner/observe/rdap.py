"""What an RDAP answer says (RFC 7480 for the statuses, 9083 for the body)."""

from __future__ import annotations

from scanner.model import About, Evidence, Observed, Status
from scanner.observe.http_message import split
from scanner.observe.registration import Registration, parse_rdap
from scanner.observe.registration.rdap_json import MOST_BYTES
from scanner.observe.registration.rows import REGISTRAR_HOP, observed


def observe(evidence: Evidence, about: About) -> Observed:
    """One HTTP answer of a registry, or of the registrar it names."""
    status, headers, body = split(evidence.block, MOST_BYTES + 1)
    if 300 <= status < 400:
        return Observed()  # a redirect says nothing; where it led is evidence of its own
    if status == 200:
        found = parse_rdap(about.domain, body)
        if found.domain and found.domain.isascii() and found.domain != about.domain:
            found = Registration(reason=f"about another name: {found.domain}"[:120])
        return observed(found, "rdap", evidence)
    if evidence.uri.endswith(REGISTRAR_HOP):
        return Observed()  # the registry has answered; its registrar need not
    return _refused(status, headers, body, evidence)


def _refused(status: int, headers: list[tuple[str, str]], body: bytes, evidence: Evidence) -> Observed:
    reason = f"http-{status}"
    if status == 404:
        kind = next((value.lower() for name, value in headers if name == "content-type"), "")
        if body.strip() and "html" in kind:
            # Some web server's page: the RDAP service has moved, which says nothing about the name.
            return Observed(status=Status.UNPARSED, reason="unreadable a web page with status 404")
        return observed(Registration(state="available", reason=reason), "rdap", evidence)
    if status == 429:
        return Observed(status=Status.THROTTLED, reason=reason)
    if status in (401, 403, 451):
        return Observed(status=Status.REFUSED, reason=reason)
    if status >= 500:
        return Observed(status=Status.UNREACHABLE, reason=reason)
    return Observed(status=Status.UNPARSED, reason=reason if status else "unreadable not an HTTP answer")
