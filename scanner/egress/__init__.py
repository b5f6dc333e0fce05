"""The one door to the internet: resolver, address policy, dialer, HTTP, quotas, clock.

Nothing else in the project opens a socket.
"""

from scanner.egress.config import ConfigError, NetworkConfig
from scanner.egress.errors import (
    Blocked,
    DialRefused,
    EgressError,
    Garbled,
    NameAbsent,
    Refused,
    Throttled,
    TimedOut,
    TooLarge,
    Unreachable,
    typed,
)
from scanner.egress.http import REDIRECTS, DoorResponse, HttpAnswer, canonical, evidence_of, open_session
from scanner.egress.network import USER_AGENT, Connection, Network
from scanner.egress.proxy import BrowserProxy
from scanner.egress.quotas import MemoryQuotas, Quotas, retry_after
from scanner.egress.resolver import DnsAnswer

__all__ = [
    "Network",
    "NetworkConfig",
    "ConfigError",
    "BrowserProxy",
    "Connection",
    "DnsAnswer",
    "HttpAnswer",
    "DoorResponse",
    "canonical",
    "evidence_of",
    "open_session",
    "REDIRECTS",
    "typed",
    "EgressError",
    "Blocked",
    "Refused",
    "Unreachable",
    "TimedOut",
    "NameAbsent",
    "TooLarge",
    "Garbled",
    "Throttled",
    "DialRefused",
    "Quotas",
    "MemoryQuotas",
    "retry_after",
    "USER_AGENT",
]
