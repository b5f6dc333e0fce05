"""Registration texts in the layouts of real registries, chosen by top-level domain (bytes, as they leave port 43)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from hashlib import sha256

from scanner.model import Date
from scanner.world.names import Names
from scanner.world.rdap_ids import iana_id, registry_id
from scanner.world.words import Domain, Registration

THIN = frozenset(("com", "net"))
_LATIN_1 = frozenset(("br", "de", "fr", "ch", "li", "dk", "fi", "se", "at", "es", "it"))
_REDACTED = "REDACTED FOR PRIVACY"


def encoding(tld: str) -> str:
    """What the registry of a TLD writes: some old ones still Latin-1."""
    return "latin-1" if tld in _LATIN_1 else "utf-8"


def iana(tld: str, server: str) -> str:
    """The answer of the root: which server to ask."""
    return (
        "% IANA WHOIS server\r\n% for more information on IANA, visit http://www.iana.org\r\n"
        "% This query returned 1 object\r\n\r\n"
        f"refer:        {server}\r\n\r\ndomain:       {tld.upper()}\r\n\r\n"
        f"organisation: Registry of .{tld}\r\n\r\nwhois:        {server}\r\n\r\n"
        "status:       ACTIVE\r\nremarks:      Registration information: "
        f"https://nic.{tld}.test\r\n\r\ncreated:      1985-01-01\r\nchanged:      2023-12-07\r\nsource:       IANA\r\n\r\n"
    )


def iana_nothing(query: str) -> str:
    return (
        "% IANA WHOIS server\r\n% for more information on IANA, visit http://www.iana.org\r\n"
        "% This query returned 0 objects.\r\n%\r\n"
        f"% You queried for {query} but this server does not have\r\n% any data for {query}.\r\n"
    )


def throttled(tld: str) -> str:
    if tld == "uk":
        return "\r\n    Error for query.\r\n\r\n    the WHOIS query quota for 203.119.23.4 has been exceeded\r\n    and will be replenished in 600 seconds\r\n\r\n"
    if tld == "de":
        return "% Error: 55000000002 Connection refused; access control limit exceeded\r\n"
    if tld == "br":
        return "\r\n% Query rate limit exceeded. Reduced information.\r\n% Query rate limit exceeded\r\n"
    return "WHOIS LIMIT EXCEEDED - SEE WWW.PIR.ORG/WHOIS FOR DETAILS\r\n" if tld == "org" else (
        "Your connection limit exceeded. Please slow down and try again later.\r\n"
    )  # fmt: skip


def denied() -> str:
    return "% access denied\r\n%ERROR:201: access denied for this address\r\n"


def retired(tld: str, rdap: bool) -> str:
    """A registry that no longer runs WHOIS (allowed for gTLDs since 2025-01-28): neither a record nor its absence."""
    where = f" Please use RDAP: https://{Names.rdap_host(tld)}/" if rdap else ""
    return f"The registry of .{tld} does not provide registration data on port 43.{where}\r\n"


def no_match(name: str, tld: str, now: datetime) -> str:
    """What a registry says of a name it doesn't hold."""
    upper = name.upper()
    stamp = f">>> Last update of whois database: {now:%Y-%m-%dT%H:%M:%SZ} <<<\r\n"
    texts = {
        "de": f"Domain: {name}\r\nStatus: free\r\n",
        "uk": f'\r\n    No match for "{name}".\r\n\r\n    This domain name has not been registered.\r\n\r\n'
        f"    WHOIS lookup made at {now:%H:%M:%S %d-%b-%Y}\r\n\r\n",
        "fr": "%%\r\n%% This is the AFNIC Whois server.\r\n%%\r\n\r\n%% NOT FOUND\r\n\r\n",
        "br": f"% Copyright (c) Nic.br\r\n\r\n% No match for {name}\r\n\r\n",
        "jp": "[ JPRS database provides information on network administration. ]\r\n\r\nNo match!!\r\n",
        "ru": "% TCI Whois Service.\r\n\r\nNo entries found for the selected source(s).\r\n\r\n"
        f"Last updated on {now:%Y-%m-%dT%H:%M:%SZ}\r\n",
        "eu": f"% WHOIS {name}\r\nDomain: {name}\r\nScript: LATIN\r\n\r\nStatus: AVAILABLE\r\n",
        "nl": f"{name} is free\r\n",
        "it": f"Domain:             {name}\r\nStatus:             AVAILABLE\r\n",
        "pl": f"\r\nNo information available about domain name {name} in the Registry NASK database.\r\n",
        "ch": "We do not have an entry in our database matching your query.\r\n",
        "at": "% Copyright (c)2024 by NIC.AT (1)\r\n\r\n% nothing found\r\n",
        "org": f"Domain not found.\r\n{stamp}",
        "us": f"No Data Found\r\n{stamp}",
    }
    return texts.get(tld, f'No match for "{upper}".\r\n{stamp}')


class Facts:
    """One registration as a text writer needs it: no blanks where a real registry always says something."""

    def __init__(self, domain: Domain, registration: Registration, now: datetime) -> None:
        self.name, self.tld, self.now = domain.name, domain.name.rpartition(".")[2], now
        self.reg = registration
        hidden = registration.redacted
        self.organisation = "" if hidden else registration.registrant.organisation
        self.person = "" if hidden else registration.registrant.name
        self.email = "" if hidden else registration.registrant.email
        self.country = registration.registrant.country
        self.holder = self.organisation or self.person
        self.servers = registration.nameservers or (domain.zone.records.get("NS", ()) if domain.zone else ())
        self.servers = tuple(server.rstrip(".").lower() for server in self.servers)
        self.handle = sha256(domain.name.encode()).hexdigest()[:6].upper()

    def date(self, date: Date | None, pattern: str) -> str:
        return date.first.strftime(pattern) if date else ""


def lines(*rows: tuple[str, str] | str, width: int = 0) -> str:
    """`label: value` rows; a pair without value is left out, plain text stands as it is."""
    out = []
    for row in rows:
        if isinstance(row, str):
            out.append(row)
        elif row[1]:
            out.append(f"{row[0] + ':':<{width}} {row[1]}" if width else f"{row[0]}: {row[1]}")
    return "\r\n".join(out) + "\r\n"


def gtld(f: Facts, *, thin: bool, registrar_server: bool = False) -> str:
    """ICANN's layout: thin registries (com, net) name no registrant; `registrar_server` writes the registrar's half."""
    iso = "%Y-%m-%dT%H:%M:%SZ"
    reg = f.reg
    expiry = "Registrar Registration Expiration Date" if registrar_server else "Registry Expiry Date"
    indent = "   " if thin else ""
    rows: list[tuple[str, str] | str] = [
        ("Domain Name", f.name.upper() if thin else f.name),
        ("Registry Domain ID", registry_id(f.name)),
        ("Registrar WHOIS Server", Names.registrar_whois(reg.registrar) if reg.registrar else ""),
        ("Registrar URL", f"http://www.{Names.registrar_whois(reg.registrar).partition('.')[2]}" if reg.registrar else ""),
        ("Updated Date", f.date(reg.updated, iso)),
        ("Creation Date", f.date(reg.created, iso)),
        (expiry, f.date(reg.expires, iso)),
        ("Registrar", reg.registrar),
        ("Registrar IANA ID", str(iana_id(reg.registrar)) if reg.registrar else ""),
        *[("Domain Status", f"{status} https://icann.org/epp#{status}") for status in reg.status or ("ok",)],
    ]  # fmt: skip
    if not thin:
        hidden = _REDACTED if reg.redacted else ""
        rows += [
            ("Registrant Name", f.person or hidden),
            ("Registrant Organization", f.organisation or hidden),
            ("Registrant Country", f.country),
            ("Registrant Email", f.email or hidden),
        ]
    rows += [("Name Server", server.upper() if thin else server) for server in f.servers]
    rows.append(("DNSSEC", "unsigned"))
    body = "".join(indent + line + "\r\n" for line in lines(*rows).splitlines())
    return (
        body
        + f"{indent}URL of the ICANN Whois Inaccuracy Complaint Form: https://www.icann.org/wicf/\r\n"
        + f">>> Last update of {'WHOIS' if registrar_server else 'whois'} database: {f.now.strftime(iso)} <<<\r\n\r\n"
        + "For more information on Whois status codes, please visit https://icann.org/epp\r\n\r\n"
        + "NOTICE: This information is provided for the sole purpose of assisting in obtaining\r\n"
        + "information about domain name registration records.\r\n"
    )


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
    parts += ["", f"    WHOIS lookup made at {f.now:%H:%M:%S} {f.now.strftime(day)}", "", "-- ",
              "This WHOIS information is provided for free by the central registry", "for .uk domain names.", ""]  # fmt: skip
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
    head = "%%\r\n%% This is the AFNIC Whois server.\r\n%%\r\n%% complete date format: YYYY-MM-DDThh:mm:ssZ\r\n%%\r\n\r\n"
    holder = f"{f.handle}-FRNIC"
    record = lines(
        ("domain", f.name), ("status", "ACTIVE"), ("eppstatus", "active"), ("hold", "NO"), ("holder-c", holder),
        ("registrar", f.reg.registrar), ("Expiry Date", f.date(f.reg.expires, iso)),
        ("created", f.date(f.reg.created, iso)), ("last-update", f.date(f.reg.updated, iso)), ("source", "FRNIC"),
        width=29,
    )  # fmt: skip
    hosts = lines(*[("nserver", server) for server in f.servers], ("source", "FRNIC"), width=29)
    contact = lines(
        ("nic-hdl", holder), ("type", "ORGANIZATION" if f.organisation else "PERSON"),
        ("contact", f.holder or "Ano Nymous"), ("country", f.country), ("e-mail", f.email),
        ("registrar", f.reg.registrar), ("anonymous", "NO" if f.holder else "YES"), ("source", "FRNIC"), width=29,
    )  # fmt: skip
    return f"{head}{record}\r\n{hosts}\r\n{contact}\r\n"


def _br(f: Facts) -> str:
    head = f"\r\n% Copyright (c) Nic.br\r\n%  The use of the data below is only permitted as described in\r\n%  full by the terms of use.\r\n%  {f.now:%Y-%m-%dT%H:%M:%S}-03:00 - IP: 203.119.23.4\r\n\r\n"
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
    head = "[ JPRS database provides information on network administration. Its use is    ]\r\n[ restricted to network administration purposes.                              ]\r\n\r\n"
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
    parts = [f"% The WHOIS service offered by EURid\r\n%\r\n% WHOIS {f.name}", f"Domain: {f.name}", "Script: LATIN", "",
             "Registrant:", "        NOT DISCLOSED!", "        Visit www.eurid.eu for the web-based WHOIS.", ""]  # fmt: skip
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
        ("Domain", f.name), ("Status", "ok"), ("Signed", "no"), ("Created", f.date(f.reg.created, stamp)),
        ("Last Update", f.date(f.reg.updated, stamp)), ("Expire Date", f.date(f.reg.expires, "%Y-%m-%d")), width=19,
    )  # fmt: skip
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
    "uk": _uk, "de": _de, "fr": _fr, "re": _fr, "br": _br, "jp": _jp, "ru": _ru, "su": _ru, "eu": _eu, "nl": _nl,
    "it": _it,
}  # fmt: skip


def registry_text(f: Facts) -> str:
    """The registry's record of a registered name, in the layout of its TLD."""
    writer = _COUNTRY.get(f.tld)
    return writer(f) if writer else gtld(f, thin=f.tld in THIN and bool(f.reg.registrar))
