"""Registration answers, RDAP and WHOIS, as one `Registration`: pure, bounded, never raising on input."""

from scanner.observe.registration.rdap_json import parse_rdap
from scanner.observe.registration.record import Registration, State
from scanner.observe.registration.whois_text import parse_whois

__all__ = ["Registration", "State", "parse_rdap", "parse_whois"]
