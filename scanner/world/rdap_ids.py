"""Numbers that registries give, made from names so that they stay the same."""

from __future__ import annotations

import hashlib

# IANA registrar ids, https://www.iana.org/assignments/registrar-ids (looked up by folded name).
_KNOWN = {
    "namecheap": 1068,
    "godaddycom": 146,
    "tucows": 69,
    "tucowsdomains": 69,
    "gandi": 81,
    "gandisas": 81,
    "markmonitor": 292,
    "publicdomainregistry": 303,
    "pdr": 303,
    "enom": 48,
    "networksolutions": 2,
    "porkbun": 1861,
    "dynadot": 472,
    "namesilo": 1479,
    "ovhsas": 433,
    "ionos": 83,
    "ionosse": 83,
    "namecom": 625,
    "hostingerooperations": 1636,
    "keysystems": 269,
    "cloudflare": 1910,
    "squarespacedomains": 895,
}
_FORMS = ("inc", "llc", "ltd", "gmbh", "limited", "uab", "se", "corp")


def iana_id(registrar: str) -> int:
    """The IANA id of a registrar: the real one where known, else a stable number above those given out."""
    folded = "".join(c for c in registrar.lower() if c.isalnum())
    for form in ("", *_FORMS):
        if (known := _KNOWN.get(folded.removesuffix(form))) is not None:
            return known
    return 8000 + int.from_bytes(hashlib.sha256(folded.encode()).digest()[:4]) % 1900


def registry_id(domain: str) -> str:
    """A registry domain id in Verisign's manner."""
    number = int.from_bytes(hashlib.sha256(b"roid " + domain.encode()).digest()[:4])
    tld = domain.rpartition(".")[2].upper()
    return f"{number}_DOMAIN_{tld}-VRSN" if tld in ("COM", "NET") else f"D{number:010d}-{tld[:6]}"
