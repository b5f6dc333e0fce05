"""What registries and registrars write on port 43: their refusals, and the layout ICANN prescribes."""

from __future__ import annotations

from datetime import datetime
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
        f"https://nic.{tld}.test\r\n\r\ncreated:      1985-01-01\r\nchanged:      2023-12-07\r\n"
        "source:       IANA\r\n\r\n"
    )


def iana_nothing(query: str) -> str:
    return (
        "% IANA WHOIS server\r\n% for more information on IANA, visit http://www.iana.org\r\n"
        "% This query returned 0 objects.\r\n%\r\n"
        f"% You queried for {query} but this server does not have\r\n% any data for {query}.\r\n"
    )


def throttled(tld: str) -> str:
    """What a registry says to one who asks too often."""
    texts = {
        "uk": "\r\n    Error for query.\r\n\r\n    the WHOIS query quota for 192.0.2.1 has been exceeded\r\n"
        "    and will be replenished in 600 seconds\r\n\r\n",
        "de": "% Error: 55000000002 Connection refused; access control limit exceeded\r\n",
        "br": "\r\n% Query rate limit exceeded. Reduced information.\r\n% Query rate limit exceeded\r\n",
        "org": "WHOIS LIMIT EXCEEDED - SEE WWW.PIR.ORG/WHOIS FOR DETAILS\r\n",
    }
    return texts.get(tld, "Your connection limit exceeded. Please slow down and try again later.\r\n")


def denied() -> str:
    return "% access denied\r\n%ERROR:201: access denied for this address\r\n"


def retired(tld: str, rdap: bool) -> str:
    """A registry that no longer runs WHOIS (allowed for gTLDs since 2025-01-28):
    neither a record nor its absence.
    """
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
    """ICANN's layout: thin registries (com, net) name no registrant;
    `registrar_server` writes the registrar's half.
    """
    iso = "%Y-%m-%dT%H:%M:%SZ"
    reg = f.reg
    expiry = "Registrar Registration Expiration Date" if registrar_server else "Registry Expiry Date"
    indent = "   " if thin else ""
    rows: list[tuple[str, str] | str] = [
        ("Domain Name", f.name.upper() if thin else f.name),
        ("Registry Domain ID", registry_id(f.name)),
        ("Registrar WHOIS Server", Names.registrar_whois(reg.registrar) if reg.registrar else ""),
        (
            "Registrar URL",
            f"http://www.{Names.registrar_whois(reg.registrar).partition('.')[2]}" if reg.registrar else "",
        ),
        ("Updated Date", f.date(reg.updated, iso)),
        ("Creation Date", f.date(reg.created, iso)),
        (expiry, f.date(reg.expires, iso)),
        ("Registrar", reg.registrar),
        ("Registrar IANA ID", str(iana_id(reg.registrar)) if reg.registrar else ""),
        *[("Domain Status", f"{status} https://icann.org/epp#{status}") for status in reg.status or ("ok",)],
    ]
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
        + f">>> Last update of whois database: {f.now.strftime(iso)} <<<\r\n\r\n"
        + "For more information on Whois status codes, please visit https://icann.org/epp\r\n\r\n"
        + "NOTICE: This information is provided for the sole purpose of assisting in obtaining\r\n"
        + "information about domain name registration records.\r\n"
    )
