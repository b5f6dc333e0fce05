"""Which values are notices that something was withheld, and which are EPP status codes.

A privacy notice is no name: 86–90 % of registrants are hidden today, so it must never be compared with one.
"""

from __future__ import annotations

import re

_NOTICE = re.compile(
    r"redacted|withheld|not[ -]disclosed|undisclosed|not shown|not displayed|non[- ]?public|hidden|"
    r"\bgdpr\b|data protect|protected data|statutory masking|masked|privacy|privado|proxy|whois ?guard|"
    r"whois ?agent|whois ?protect|private whois|perfect ?privacy|contact privacy|identity protect|id ?shield|"
    r"registration private|private registration|domains? by proxy|private person|"
    r"on behalf of|anonymi[sz]ed|anonymous|ano nymous|see privacyguardian|"
    r"visit (?:www|whois|https?)|select (?:request|contact)|query the rdds|web[- ]?based whois|"
    r"not available from registry|data not available|confidential|protégé|diffusion restreinte|"
    r"restricted access|not released|unavailable due|see at www|details are available",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"[\s.\-–_*/!?]*(?:n/?a|none|null|nil|not applicable|not\.defined|not defined|unknown|no data|not set|"
    r"undefined|empty|nan|not assigned)?[\s.\-–_*/!?]*",
    re.IGNORECASE,
)
_NATURAL = {"individual", "natural person", "private person", "fyzická osoba", "particulier", "person"}

_CODES = """
active addPeriod autoRenewPeriod clientDeleteProhibited clientHold clientRenewProhibited clientTransferProhibited
clientUpdateProhibited inactive linked ok pendingCreate pendingDelete pendingRenew pendingRestore pendingTransfer
pendingUpdate redemptionPeriod renewPeriod serverDeleteProhibited serverHold serverRenewProhibited
serverTransferProhibited serverUpdateProhibited transferPeriod
"""
_EPP = {code.lower(): code for code in _CODES.split()}


def is_notice(text: str) -> bool:
    """True when the text says that a value is withheld."""
    short = text[:300]
    return bool(_NOTICE.search(short)) or short.strip().lower() in _NATURAL


def is_empty(text: str) -> bool:
    """True for the many spellings of "nothing here"."""
    return len(text) < 60 and bool(_EMPTY.fullmatch(text))


def epp_status(text: str) -> str:
    """The EPP code in camelCase where the text is one in any spelling, else the text as recorded.

    >>> epp_status("client transfer prohibited"), epp_status("CLIENT_TRANSFER_PROHIBITED"), epp_status("connect")
    ('clientTransferProhibited', 'clientTransferProhibited', 'connect')
    """
    return _EPP.get(re.sub(r"[\s_-]", "", text).lower(), text)
