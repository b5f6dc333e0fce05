"""Payment addresses on a page: crypto addresses whose checksum holds, and personal payment links.

An Ethereum address all in one case carries no checksum and counts only beside a word of payment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from scanner.coins import coins, one_case

_BASE58_WORD = re.compile(r"[13T](?<![0-9A-Za-z/=_+-][13T])[1-9A-HJ-NP-Za-km-z]{25,34}(?![0-9A-Za-z])")
_BECH32_WORD = re.compile(
    r"(?<![0-9A-Za-z])(?:bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})(?![0-9A-Za-z])"
)
_MONERO_WORD = re.compile(
    r"[48](?<![0-9A-Za-z/=_+-][48])(?:[1-9A-HJ-NP-Za-km-z]{94}|[1-9A-HJ-NP-Za-km-z]{105})(?![0-9A-Za-z])"
)
_HEX_WORD = re.compile(r"(?<![0-9A-Za-z])0x[0-9a-fA-F]{40}(?![0-9A-Za-z])")
_PAYING = re.compile(
    r"\b(?:eth|ethereum|erc-?20|usdt|usdc|bep-?20|bnb|donat\w*|wallet|tip|pay\w*|send)\b", re.I
)
_LINK = re.compile(
    r"https?://(?:www\.)?((?:paypal\.me|paypal\.com/paypalme|cash\.app|venmo\.com|revolut\.me|buymeacoffee\.com|"
    r"ko-fi\.com|wise\.com/pay/me|payoneer\.com/pay|boosty\.to|qiwi\.com/n|yoomoney\.ru/to)/[\w$.@%/-]{2,60})",
    re.IGNORECASE,
)
_MOST = 10


def payments(text: str, hrefs: Iterable[str]) -> list[str]:
    """`bitcoin 1…`, `ethereum 0x…`, `tron T…`, `monero 4…`, `paypal https://…`: each once, ten at most."""
    found: dict[str, None] = {}
    if "0x" in text:
        for match in _HEX_WORD.finditer(text):
            near = text[max(0, match.start() - 80) : match.end() + 40]
            address = match.group(0)
            if not one_case(address) or (address == address.lower() and _PAYING.search(near)):
                found[coins(address)] = None
    if "bc1" in text or "BC1" in text:
        found.update((coins(match.group(0)), None) for match in _BECH32_WORD.finditer(text))
    found.update((coins(match.group(0)), None) for match in _BASE58_WORD.finditer(text))
    found.update((coins(match.group(0)), None) for match in _MONERO_WORD.finditer(text))
    found.pop("", None)
    for href in hrefs:
        link = _LINK.match(href)
        if link:
            name = link.group(1).lower().partition("/")[0].removesuffix(".com").removesuffix(".me")
            found[f"{name} https://{link.group(1)}"] = None
    return list(found)[:_MOST]
