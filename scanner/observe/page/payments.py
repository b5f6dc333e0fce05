"""Payment addresses on a page: crypto addresses whose checksum holds, and personal payment links.

Checksums: Base58Check (Bitcoin, Tron), Bech32 and Bech32m (BIP 173, BIP 350), EIP-55 (Ethereum; an address all in
one case carries no checksum and counts only beside a word of payment).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE58_WORD = re.compile(r"[13T](?<![0-9A-Za-z/=_+-][13T])[1-9A-HJ-NP-Za-km-z]{25,34}(?![0-9A-Za-z])")
_BECH32_WORD = re.compile(
    r"(?<![0-9A-Za-z])(?:bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})(?![0-9A-Za-z])"
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
    """`bitcoin 1…`, `ethereum 0x…`, `tron T…`, `paypal https://…`: each once, ten at most."""
    found: dict[str, None] = {}
    if "0x" in text:
        for match in _HEX_WORD.finditer(text):
            address = match.group(0)
            near = text[max(0, match.start() - 80) : match.end() + 40]
            if _eip55(address) or (address[2:].lower() == address[2:] and _PAYING.search(near)):
                found[f"ethereum {address.lower()}"] = None
    if "bc1" in text or "BC1" in text:
        for match in _BECH32_WORD.finditer(text):
            if _bech32(match.group(0).lower()):
                found[f"bitcoin {match.group(0).lower()}"] = None
    for match in _BASE58_WORD.finditer(text):
        service = _base58(match.group(0))
        if service:
            found[f"{service} {match.group(0)}"] = None
    for href in hrefs:
        link = _LINK.match(href)
        if link:
            name = link.group(1).lower().partition("/")[0].removesuffix(".com").removesuffix(".me")
            found[f"{name} https://{link.group(1)}"] = None
    return list(found)[:_MOST]


@lru_cache(maxsize=1024)
def _base58(text: str) -> str:
    """The coin of a Base58Check address, "" when the checksum fails or the version is another's."""
    number = 0
    for char in text:
        number = number * 58 + _BASE58.index(char)
    if number.bit_length() > 200:
        return ""
    raw = number.to_bytes(25, "big")
    if hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] != raw[21:]:
        return ""
    zeros = len(text) - len(text.lstrip("1"))
    if zeros != len(raw) - len(raw.lstrip(b"\0")):
        return ""
    return {0x00: "bitcoin", 0x05: "bitcoin", 0x41: "tron"}.get(raw[0], "")


def _bech32(text: str) -> bool:
    values = [_BECH32.find(char) for char in text[3:]]
    if min(values) < 0:
        return False
    check = 1
    for value in [ord(c) >> 5 for c in "bc"] + [0] + [ord(c) & 31 for c in "bc"] + values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check == (1 if values[0] == 0 else 0x2BC830A3)


@lru_cache(maxsize=1024)
def _eip55(address: str) -> bool:
    """Whether a mixed-case address carries its own checksum (EIP-55)."""
    digits = address[2:]
    if digits in (digits.lower(), digits.upper()):
        return False
    digest = keccak256(digits.lower().encode("ascii")).hex()
    return all(
        not char.isalpha() or char.isupper() == (int(nibble, 16) >= 8)
        for char, nibble in zip(digits, digest, strict=False)
    )


_MASK = (1 << 64) - 1


def keccak256(data: bytes) -> bytes:
    """Keccak-256 with the original padding, as Ethereum uses it (hashlib's sha3_256 pads otherwise).

    >>> keccak256(b"").hex()[:16]
    'c5d2460186f7233c'
    """
    rate = 136
    padded = bytearray(data) + b"\x01"
    padded += b"\0" * (-len(padded) % rate)
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), rate):
        for index in range(rate // 8):
            word = int.from_bytes(padded[start + 8 * index : start + 8 * index + 8], "little")
            lanes[index % 5][index // 5] ^= word
        lanes = _keccak_f(lanes)
    return b"".join(lanes[index % 5][index // 5].to_bytes(8, "little") for index in range(4))


def _keccak_f(a: list[list[int]]) -> list[list[int]]:
    register = 1
    for _ in range(24):
        c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
        d = [c[(x + 4) % 5] ^ _rotate(c[(x + 1) % 5], 1) for x in range(5)]
        a = [[a[x][y] ^ d[x] for y in range(5)] for x in range(5)]
        x, y, current = 1, 0, a[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, a[x][y] = a[x][y], _rotate(current, (step + 1) * (step + 2) // 2)
        for y in range(5):
            t = [a[x][y] for x in range(5)]
            for x in range(5):
                a[x][y] = t[x] ^ (~t[(x + 1) % 5] & _MASK & t[(x + 2) % 5])
        for j in range(7):
            register = ((register << 1) ^ ((register >> 7) * 0x71)) % 256
            if register & 2:
                a[0][0] ^= 1 << ((1 << j) - 1)
    return a


def _rotate(value: int, by: int) -> int:
    by %= 64
    return ((value << by) | (value >> (64 - by))) & _MASK if by else value
