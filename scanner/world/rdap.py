"""RDAP of a world (RFC 9083, 9537): bootstrap, registries, and the registrars they link to.

`com` and `net` are thin, as in reality: the registry names the registrar and links to its RDAP server, which
knows the registrant. Where a registration can't be read by RDAP (`via: whois`, `via: none`) the registry
answers 501, since 404 would say there is no such domain; a top-level domain all of whose registrations are
like that is missing from the bootstrap file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from scanner.model import Date
from scanner.world.names import Names
from scanner.world.rdap_ids import iana_id, registry_id
from scanner.world.whois_text import THIN
from scanner.world.words import Domain, Registration, World

CONFORMANCE = ["rdap_level_0", "icann_rdap_response_profile_1", "icann_rdap_technical_implementation_guide_1"]
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class RdapAnswer:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    silent: bool = False  # via: timeout


class Rdap:
    def __init__(self, world: World, names: Names) -> None:
        self.world = world
        self.registries = {names.rdap_host(tld): tld for tld in names.tlds}
        self.registrars = {names.registrar_rdap(registrar): registrar for registrar in names.registrars}
        vias: dict[str, set[str]] = {}
        for domain in world.domains.values():
            if domain.registration:
                vias.setdefault(domain.name.rpartition(".")[2], set()).add(domain.registration.via)
        self.covered = [tld for tld in names.tlds if not vias.get(tld) or vias[tld] - {"whois", "none"}]

    def bootstrap(self) -> bytes:
        """IANA's file (RFC 9224)."""
        services = [[[tld], [f"https://{Names.rdap_host(tld)}/"]] for tld in self.covered]
        return json.dumps(
            {
                "description": "RDAP bootstrap file for Domain Name System registrations",
                "publication": f"{self.world.now:%Y-%m-%dT%H:%M:%SZ}",
                "services": services,
                "version": "1.0",
            },
            indent=2,
        ).encode()

    def answer(self, host: str, path: str) -> RdapAnswer:
        """The answer of a registry or registrar to `/domain/NAME`."""
        if path.strip("/") == "help":
            return RdapAnswer(200, _bytes({"rdapConformance": CONFORMANCE, "notices": [_TERMS]}))
        found = re.fullmatch(r"/domain/([^/]+)/?", path)
        if not found:
            return _error(404 if path.startswith(("/nameserver/", "/entity/")) else 400, "Unknown query")
        name = found[1].lower().rstrip(".")
        domain = self.world.domains.get(name)
        registration = domain.registration if domain else None
        wrong = self.registries.get(host) not in (None, name.rpartition(".")[2])
        if domain is None or registration is None or wrong:
            return _error(404, "Not Found", f"The server has no information about {name}.")
        if fault := _fault(registration.via):
            return fault
        if host in self.registrars:
            if self.registrars[host] != registration.registrar:
                return _error(404, "Not Found")
            return RdapAnswer(
                200, _bytes(self._domain(domain, registration, host, thin=False, related=False))
            )
        thin = name.rpartition(".")[2] in THIN and bool(registration.registrar)
        related = bool(registration.registrar)
        return RdapAnswer(200, _bytes(self._domain(domain, registration, host, thin=thin, related=related)))

    def _domain(self, domain: Domain, reg: Registration, host: str, *, thin: bool, related: bool) -> Json:
        url = f"https://{host}/domain/{domain.name}"
        links = [{"value": url, "rel": "self", "href": url, "type": "application/rdap+json"}]
        if related:
            at = f"https://{Names.registrar_rdap(reg.registrar)}/domain/{domain.name}"
            links.append({"value": at, "rel": "related", "href": at, "type": "application/rdap+json"})
        answer: Json = {
            "objectClassName": "domain",
            "handle": registry_id(domain.name),
            "ldhName": domain.name.upper() if thin else domain.name,
            "links": links,
            "status": [rdap_status(status) for status in reg.status] or ["active"],
            "entities": [
                *([_registrar(reg.registrar)] if reg.registrar else []),
                *([] if thin else [_holder(reg)]),
            ],
            "events": self._events(reg),
            "secureDNS": {"delegationSigned": False},
            "nameservers": [
                {"objectClassName": "nameserver", "ldhName": server.upper() if thin else server}
                for server in _servers(domain, reg)
            ],
            "rdapConformance": [*CONFORMANCE, *(["redacted"] if reg.redacted and not thin else [])],
            "notices": [_TERMS, _CODES],
        }
        if reg.redacted and not thin:
            answer["redacted"] = _REDACTIONS
        return answer

    def _events(self, reg: Registration) -> list[Json]:
        dated = (("registration", reg.created), ("expiration", reg.expires), ("last changed", reg.updated))
        events: list[Json] = [
            {"eventAction": what, "eventDate": _instant(date)} for what, date in dated if date
        ]
        return [
            *events,
            {
                "eventAction": "last update of RDAP database",
                "eventDate": f"{self.world.now:%Y-%m-%dT%H:%M:%SZ}",
            },
        ]


def rdap_status(epp: str) -> str:
    """`clientTransferProhibited` is `client transfer prohibited` in RDAP, `ok` is `active` (RFC 8056)."""
    if epp == "ok":
        return "active"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", epp).lower()


def _servers(domain: Domain, reg: Registration) -> list[str]:
    servers = reg.nameservers or (domain.zone.records.get("NS", ()) if domain.zone else ())
    return [server.rstrip(".").lower() for server in servers]


def _instant(date: Date) -> str:
    return f"{date.first:%Y-%m-%dT%H:%M:%SZ}"


def _registrar(name: str) -> Json:
    number = str(iana_id(name))
    abuse: Json = {
        "objectClassName": "entity",
        "roles": ["abuse"],
        "vcardArray": _vcard(("email", {}, "text", f"abuse@{Names.registrar_rdap(name).partition('.')[2]}")),
    }
    return {
        "objectClassName": "entity",
        "handle": number,
        "roles": ["registrar"],
        "publicIds": [{"type": "IANA Registrar ID", "identifier": number}],
        "vcardArray": _vcard(fn=name),
        "entities": [abuse],
    }


def _holder(reg: Registration) -> Json:
    """The registrant as a jCard; what is withheld leaves an empty value, as RFC 9537 shows it."""
    person, hidden = reg.registrant, reg.redacted
    rows: list[tuple[str, Json, str, object]] = []
    if person.organisation and not hidden:
        rows.append(("org", {}, "text", person.organisation))
    if person.country:
        rows.append(("adr", {"cc": person.country}, "text", ["", "", "", "", "", "", ""]))
    if person.email and not hidden:
        rows.append(("email", {}, "text", person.email))
    return {
        "objectClassName": "entity",
        "roles": ["registrant"],
        "vcardArray": _vcard(*rows, fn="" if hidden else person.name),
    }


def _vcard(*rows: tuple[str, Json, str, object], fn: str = "") -> list[object]:
    return ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", fn], *[list(row) for row in rows]]]


def _redaction(name: str, path: str, method: str) -> Json:
    key = "postPath" if method == "emptyValue" else "prePath"
    return {
        "name": {"type": name},
        key: path,
        "pathLang": "jsonpath",
        "method": method,
        "reason": {"description": "Server policy"},
    }


_AT = "$.entities[?(@.roles[0]=='registrant')].vcardArray[1]"
_REDACTIONS = [
    _redaction("Registrant Name", f"{_AT}[?(@[0]=='fn')][3]", "emptyValue"),
    _redaction("Registrant Organization", f"{_AT}[?(@[0]=='org')]", "removal"),
    _redaction("Registrant Email", f"{_AT}[?(@[0]=='email')]", "removal"),
]
_TERMS: Json = {
    "title": "Terms of Service",
    "description": ["Service subject to Terms of Use."],
    "links": [{"rel": "terms-of-service", "href": "https://www.registry.test/terms", "type": "text/html"}],
}
_CODES: Json = {
    "title": "Status Codes",
    "description": ["For more information on domain status codes, please visit https://icann.org/epp"],
    "links": [{"rel": "glossary", "href": "https://icann.org/epp", "type": "text/html"}],
}


def _fault(via: str) -> RdapAnswer | None:
    if via == "throttled":
        return _error(429, "Too Many Requests", "Rate limit exceeded.", ("Retry-After", "120"))
    if via == "refused":
        return _error(403, "Forbidden", "Access denied.")
    if via == "timeout":
        return RdapAnswer(200, b"", silent=True)
    if via in ("whois", "none"):
        return _error(501, "Not Implemented", "This registration is not available by RDAP.")
    return None


def _error(status: int, title: str, text: str = "", *headers: tuple[str, str]) -> RdapAnswer:
    body: Json = {"errorCode": status, "title": title, "rdapConformance": CONFORMANCE}
    if text:
        body["description"] = [text]
    return RdapAnswer(status, _bytes(body), headers)


def _bytes(body: Json) -> bytes:
    return json.dumps(body).encode()
