"""Registration records in the layouts of country registries, chosen by top-level domain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone

from scanner.world.names import Names
from scanner.world.whois_text import THIN, Facts, gtld, lines


def _uk(f: Facts) -> str:
    day = "%d-%b-%Y"
    parts = ["", "    Domain name:", f"        {f.name}", ""]
    if f.holder:
        parts += ["    Registrant:", f"        {f.holder}", ""]
    if f.reg.registrar:
        parts += ["    Registrar:", f"        {f.reg.registrar} [Tag = {f.handle}]", ""]
    parts.append("    Relevant dates:")
    for label, date in (
        ("Registered on", f.reg.created),
        ("Expiry date", f.reg.expires),
        ("Last updated", f.reg.updated),
    ):
        if date:
            parts.append(f"        {label}: {f.date(date, day)}")
    parts += [
        "",
        "    Registration status:",
        "        Registered until expiry date.",
        "",
        "    Name servers:",
    ]
    parts += [f"        {server}" for server in f.servers] or ["        No name servers listed."]
    parts += [
        "",
        f"    WHOIS lookup made at {f.now:%H:%M:%S} {f.now.strftime(day)}",
        "",
        "-- ",
        "This WHOIS information is provided for free by the central registry",
        "for .uk domain names.",
        "",
    ]
    return "\r\n".join(parts)


def _de(f: Facts) -> str:
    """DENIC tells neither creation nor holder on port 43: a silence that is no sign of anything."""
    head = "% Restricted rights.\r\n%\r\n% Terms and Conditions of Use\r\n%\r\n\r\n"
    rows: list[tuple[str, str] | str] = [("Domain", f.name), *[("Nserver", server) for server in f.servers]]
    rows += [
        ("Status", "connect"),
        ("Changed", f.date(f.reg.updated or f.reg.created, "%Y-%m-%dT%H:%M:%S+00:00")),
    ]
    return head + lines(*rows)


def _fr(f: Facts) -> str:
    iso = "%Y-%m-%dT%H:%M:%SZ"
    head = (
        "%%\r\n%% This is the AFNIC Whois server.\r\n%%\r\n"
        "%% complete date format: YYYY-MM-DDThh:mm:ssZ\r\n%%\r\n\r\n"
    )
    holder = f"{f.handle}-FRNIC"
    record = lines(
        ("domain", f.name),
        ("status", "ACTIVE"),
        ("eppstatus", "active"),
        ("hold", "NO"),
        ("holder-c", holder),
        ("registrar", f.reg.registrar),
        ("Expiry Date", f.date(f.reg.expires, iso)),
        ("created", f.date(f.reg.created, iso)),
        ("last-update", f.date(f.reg.updated, iso)),
        ("source", "FRNIC"),
        width=29,
    )
    hosts = lines(*[("nserver", server) for server in f.servers], ("source", "FRNIC"), width=29)
    contact = lines(
        ("nic-hdl", holder),
        ("type", "ORGANIZATION" if f.organisation else "PERSON"),
        ("contact", f.holder or "Ano Nymous"),
        ("country", f.country),
        ("e-mail", f.email),
        ("registrar", f.reg.registrar),
        ("anonymous", "NO" if f.holder else "YES"),
        ("source", "FRNIC"),
        width=29,
    )
    return f"{head}{record}\r\n{hosts}\r\n{contact}\r\n"


def _br(f: Facts) -> str:
    head = (
        "\r\n% Copyright (c) Nic.br\r\n%  The use of the data below is only permitted as described in\r\n"
        f"%  full by the terms of use.\r\n%  {f.now:%Y-%m-%dT%H:%M:%S}-03:00 - IP: 192.0.2.1\r\n\r\n"
    )
    created = f.date(f.reg.created, "%Y%m%d")
    rows: list[tuple[str, str] | str] = [
        ("domain", f.name),
        ("owner", f.holder),
        ("country", f.country),
        ("owner-c", f.handle),
    ]
    rows += [("nserver", server) for server in f.servers]
    rows += [
        ("created", f"{created} #{int(f.handle, 16)}" if created else ""),
        ("changed", f.date(f.reg.updated, "%Y%m%d")),
        ("expires", f.date(f.reg.expires, "%Y%m%d")),
        ("status", "published"),
        ("provider", f"{f.reg.registrar.upper()} ({int(f.handle, 16) % 999})" if f.reg.registrar else ""),
    ]
    return (
        head
        + lines(*rows, width=12)
        + "\r\n% Security and mail abuse issues should also be addressed to cert.br\r\n"
    )


def _jp(f: Facts) -> str:
    tokyo = timezone(timedelta(hours=9))
    day = "%Y/%m/%d"
    rows = [
        ("[Domain Name]", f.name.upper()),
        ("[Registrant]", f.holder),
        *[("[Name Server]", s) for s in f.servers],
    ]
    rows += [
        ("[Created on]", f.date(f.reg.created, day)),
        ("[Expires on]", f.date(f.reg.expires, day)),
        ("[Status]", "Active"),
    ]
    if f.reg.updated:
        rows.append(("[Last Updated]", f"{f.reg.updated.first.astimezone(tokyo):%Y/%m/%d %H:%M:%S} (JST)"))
    body = "".join(f"{label:<32}{value}\r\n" for label, value in rows if value)
    head = (
        "[ JPRS database provides information on network administration. Its use is    ]\r\n"
        "[ restricted to network administration purposes.                              ]\r\n\r\n"
    )
    return head + "Domain Information:\r\n" + body + "\r\n"


def _ru(f: Facts) -> str:
    iso = "%Y-%m-%dT%H:%M:%SZ"
    free = f.reg.expires.first + timedelta(days=31) if f.reg.expires else None
    rows: list[tuple[str, str] | str] = [
        ("domain", f.name.upper()),
        *[("nserver", s + ".") for s in f.servers],
    ]
    rows += [("state", "REGISTERED, DELEGATED, VERIFIED"), ("org", f.organisation)]
    rows += [
        ("person", "Private Person" if not f.organisation else ""),
        ("registrar", f.reg.registrar.upper()),
    ]
    rows += [("created", f.date(f.reg.created, iso)), ("paid-till", f.date(f.reg.expires, iso))]
    rows += [("free-date", f"{free:%Y-%m-%d}" if free else ""), ("source", "TCI")]
    return (
        "% TCI Whois Service. Terms of use:\r\n\r\n"
        + lines(*rows, width=14)
        + f"\r\nLast updated on {f.now.strftime(iso)}\r\n\r\n"
    )


def _eu(f: Facts) -> str:
    """EURid publishes no dates on port 43 either."""
    parts = [
        f"% The WHOIS service offered by EURid\r\n%\r\n% WHOIS {f.name}",
        f"Domain: {f.name}",
        "Script: LATIN",
        "",
        "Registrant:",
        "        NOT DISCLOSED!",
        "        Visit www.eurid.eu for the web-based WHOIS.",
        "",
    ]
    if f.reg.registrar:
        parts += [
            "Registrar:",
            f"        Name: {f.reg.registrar}",
            f"        Website: https://www.{Names.registrar_whois(f.reg.registrar).partition('.')[2]}",
            "",
        ]
    parts += [
        "Name servers:",
        *[f"        {server}" for server in f.servers],
        "",
        "Please visit www.eurid.eu for more info.",
        "",
    ]
    return "\r\n".join(parts)


def _nl(f: Facts) -> str:
    parts = [f"Domain name: {f.name}", "Status:      active", ""]
    if f.reg.registrar:
        parts += ["Registrar:", f"   {f.reg.registrar}", ""]
    parts += ["DNSSEC:      no", "", "Domain nameservers:", *[f"   {server}" for server in f.servers], ""]
    parts += [f"Creation Date: {f.date(f.reg.created, '%Y-%m-%d')}", ""] if f.reg.created else []
    parts += [f"Updated Date: {f.date(f.reg.updated, '%Y-%m-%d')}", ""] if f.reg.updated else []
    return "\r\n".join([*parts, "Record maintained by: SIDN BV", ""])


def _it(f: Facts) -> str:
    stamp = "%Y-%m-%d %H:%M:%S"
    head = lines(
        ("Domain", f.name),
        ("Status", "ok"),
        ("Signed", "no"),
        ("Created", f.date(f.reg.created, stamp)),
        ("Last Update", f.date(f.reg.updated, stamp)),
        ("Expire Date", f.date(f.reg.expires, "%Y-%m-%d")),
        width=19,
    )
    parts = [head, "Registrant", f"  Organization:     {f.holder or 'hidden'}", ""]
    if f.reg.registrar:
        parts += [
            "Registrar",
            f"  Organization:     {f.reg.registrar}",
            f"  Name:             {f.handle}-REG",
            "",
        ]
    return "\r\n".join([*parts, "Nameservers", *[f"  {server}" for server in f.servers], ""])


_COUNTRY: dict[str, Callable[[Facts], str]] = {
    "uk": _uk,
    "de": _de,
    "fr": _fr,
    "re": _fr,
    "br": _br,
    "jp": _jp,
    "ru": _ru,
    "su": _ru,
    "eu": _eu,
    "nl": _nl,
    "it": _it,
}


def registry_text(f: Facts) -> str:
    """The registry's record of a registered name, in the layout of its TLD."""
    writer = _COUNTRY.get(f.tld)
    return writer(f) if writer else gtld(f, thin=f.tld in THIN and bool(f.reg.registrar))
