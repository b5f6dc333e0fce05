"""Cases as the YAML of a case file, with what a person should look at as comments. `--case` reads it back unchanged."""

from __future__ import annotations

import re

from scanner.domains import host_of, registrable
from scanner.intake.resume.record import Reading
from scanner.model import Claim, Role
from scanner.wording import one_line

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*[A-Za-z0-9._/-]|[A-Za-z0-9]")
_URL = re.compile(r"https?://[A-Za-z0-9._~%/?=&+-]+")
_ESCAPED = {'"': '\\"', "\\": "\\\\"}
_ASKS = {
    Role.EMPLOYER: "the firm's web address",
    Role.REFERENCE: "the web address of the referee's firm",
    Role.SCHOOL: "the school's web address",
}


def case_text(case: str, label: str, reading: Reading, digest: str) -> str:
    """One case as a YAML document.

    digest: of the résumé, in hex; it stands in a comment. Each doubt stands as a comment above its claim.
    """
    lines = [
        "# Read from a résumé; nothing has been asked yet. Correct it, then: falsefront scan --case FILE",
        f"# SHA-256 of the résumé: {digest}",
        *(f"# note: {one_line(note)}" for note in reading.notes),
        f"case: {case}",
        *((f"label: {_scalar(label)}",) if label else ()),
        "claims:" if reading.claims else "claims: []",
    ]
    for one in reading.claims:
        lines += [f"  # please check: {one_line(doubt)}" for doubt in one.doubts]
        ask = asked_for(one.claim)
        lines += [f"  # no address: ask for {ask}"] if ask else []
        lines += _claim(one.claim)
    if reading.hints:
        lines.append(
            "# Mail addresses of these domains stand in it; if one is a firm's site, add it to its claim:"
        )
        lines += [f"#   {_comment(domain)}" for domain in reading.hints]
    if reading.left_out:
        lines.append(f"# {len(reading.left_out)} addresses over the limit were left out:")
        lines += [f"#   {_comment(url)}" for url in reading.left_out]
    return "\n".join(lines) + "\n"


def asked_for(claim: Claim) -> str:
    """What to ask for where a claim has no address, "" where it has one or needs none."""
    return "" if claim.url else _ASKS.get(claim.role, "")


def summary(reading: Reading) -> list[str]:
    """What a person should know before a scan, one line each: what was left out, doubted, or has no address."""
    found = [*reading.notes]
    if reading.left_out:
        sites = list(dict.fromkeys(registrable(host_of(url) or "") or url for url in reading.left_out))
        more = f" and {len(sites) - 12} more" if len(sites) > 12 else ""
        found.append(
            f"{len(reading.left_out)} addresses over the limit were left out: {', '.join(sites[:12])}{more}; "
            "--dry-run lists them all"
        )
    lacking = [one.claim.organisation for one in reading.claims if asked_for(one.claim)]
    if lacking:
        names = ", ".join(lacking[:8]) + (f" and {len(lacking) - 8} more" if len(lacking) > 8 else "")
        found.append(f"no address stands beside {names}; ask for the organisation's web address")
    doubted = sum(bool(one.doubts) for one in reading.claims)
    if doubted:
        claims = "1 claim was" if doubted == 1 else f"{doubted} claims were"
        found.append(f"{claims} read with doubt; --dry-run marks them")
    return found


def _claim(claim: Claim) -> list[str]:
    rows = [
        ("role", claim.role.value),
        ("organisation", claim.organisation),
        ("url", claim.url),
        ("starts", str(claim.period.starts or "")),
        ("ends", claim.period.end_text),
        ("place", claim.place),
    ]
    said = [f"{name}: {_scalar(value)}" for name, value in rows if value]
    return [f"  - {said[0]}", *(f"    {line}" for line in said[1:])]


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) or _URL.fullmatch(text):
        return text
    return '"' + "".join(_character(char) for char in text) + '"'


def _character(char: str) -> str:
    if char in _ESCAPED:
        return _ESCAPED[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _comment(text: str) -> str:
    return one_line(text)
