"""Addresses of crypto money whose checksum holds: what was mistyped, cut or made up is none.

Checksums: Base58Check (Bitcoin, Tron), Bech32 and Bech32m (BIP 173, BIP 350), EIP-55 (Ethereum; an address all in
one case carries no checksum), Monero's own Base58 in blocks with four bytes of Keccak-256.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE58_ADDRESS = re.compile(r"[13T][1-9A-HJ-NP-Za-km-z]{25,34}\Z")
_BECH32_ADDRESS = re.compile(r"(?:bc1[02-9ac-hj-np-z]{11,71}|BC1[02-9AC-HJ-NP-Z]{11,71})\Z")
_HEX_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}\Z")
_MONERO_ADDRESS = re.compile(r"(?:[48][1-9A-HJ-NP-Za-km-z]{94}|4[1-9A-HJ-NP-Za-km-z]{105})\Z")
_MONERO_BLOCKS = {11: 8, 7: 5, 6: 4}
"""Characters of a block and the bytes they stand for: whole ones, then the last of a plain and of a longer address."""
_MONERO_PREFIXES = {18: 69, 19: 77, 42: 69}
"""First byte of an address of the main network (plain, with a payment id, subaddress), and its bytes."""


def looks_like_coins(text: str) -> bool:
    """Whether a text has the form of such an address, whatever its checksum says.

    >>> looks_like_coins("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), looks_like_coins("acme-soft.example")
    (True, False)
    """
    forms = (_HEX_ADDRESS, _BECH32_ADDRESS, _BASE58_ADDRESS, _MONERO_ADDRESS)
    return any(form.match(text) for form in forms)


def coins(address: str) -> str:
    """`bitcoin 1…`, `ethereum 0x…`, `tron T…`, `monero 4…` in the one spelling that is compared; "" where no checksum
    holds.

    An Ethereum address all in one case is taken as it stands: it has none to hold.

    >>> coins("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"), coins("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb")
    ('bitcoin bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', '')
    """
    if _HEX_ADDRESS.match(address):
        return f"ethereum {address.lower()}" if one_case(address) or eip55(address) else ""
    if _BECH32_ADDRESS.match(address):
        return f"bitcoin {address.lower()}" if _bech32(address.lower()) else ""
    if _MONERO_ADDRESS.match(address):
        return f"monero {address}" if _monero(address) else ""
    coin = _base58(address) if _BASE58_ADDRESS.match(address) else ""
    return f"{coin} {address}" if coin else ""


def one_case(address: str) -> bool:
    """Whether a hexadecimal address is written without the mixed case that would be its checksum."""
    digits = address[2:]
    return digits in (digits.lower(), digits.upper())


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


@lru_cache(maxsize=1024)
def _monero(text: str) -> bool:
    """Whether a Monero address of the main network carries its checksum: Base58 in blocks of eleven characters, each
    eight bytes, unlike Bitcoin's one long number (https://docs.getmonero.org/public-address/)."""
    raw = b""
    for start in range(0, len(text), 11):
        block = text[start : start + 11]
        number = 0
        for char in block:
            number = number * 58 + _BASE58.index(char)
        size = _MONERO_BLOCKS[len(block)]
        if number >> (8 * size):
            return False
        raw += number.to_bytes(size, "big")
    known = _MONERO_PREFIXES.get(raw[0]) == len(raw)
    return known and keccak256(raw[:-4])[:4] == raw[-4:]


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
def eip55(address: str) -> bool:
    """Whether a mixed-case address carries its own checksum (EIP-55)."""
    if one_case(address):
        return False
    digits = address[2:]
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
