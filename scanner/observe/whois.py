"""What a WHOIS answer says."""

from __future__ import annotations

from urllib.parse import urlsplit

from scanner.model import About, Evidence, Observed, Status
from scanner.observe.registration import Registration, parse_whois
from scanner.observe.registration.rows import observed


def observe(evidence: Evidence, about: About) -> Observed:
    """One answer on port 43: of the root, a registry, or a registrar it names."""
    server = urlsplit(evidence.uri).hostname or ""
    found = parse_whois(about.domain, evidence.block, server)
    if found.state == "registered" and _is_suffix(found, about.domain):
        # The root's record of the top-level domain, with the registry's own dates (`.com`: 1985).
        return Observed()
    if evidence.truncated and found.state != "registered":
        return Observed(status=Status.UNPARSED, reason=f"truncated {evidence.truncated}")
    return observed(found, "whois", evidence)


def _is_suffix(found: Registration, domain: str) -> bool:
    """Whether the record is about a suffix of the name (U- or A-labels), not about the name."""
    name = found.domain
    try:
        ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return bool(ascii_name) and domain.endswith("." + ascii_name)
