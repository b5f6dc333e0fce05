"""The registries' words: which label means which field, which header opens which section.

Labels are compared without case, punctuation, trailing numbers and bracketed notes; bilingual ones
("Data de registo / Creation Date") match by either half. A *weak* label (`created`, `changed`, `status`) also
stands in contact and registrar blocks, where it says nothing about the domain.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TRIM = re.compile(r"\([^()]{0,40}\)|[\s_\-./\\]+")
_NUMBERED = re.compile(r"\A\d{1,2}[a-z]?\.\s+")
_TAIL = re.compile(r"[ #]*\d{1,2}\Z")

_FIELDS = {
    "domain": (
        "domain|domain name|domainname|nombre de dominio|dominio|nome de dominio|도메인이름|"
        "complete domain name|domain name ace|ascii|トメイン名"
    ),
    "created": (
        "creation date|created|created on|created date|create date|creation|domain create date|"
        "domain created|domain registration date|registered|registered on|registered date|"
        "registration date|registration time|date registered|record created|record created on|"
        "domain record activated|entry created|first registration date|registration|assigned|"
        "activated|activated on|activation date|commencement date|domain name commencement date|"
        "domain dateregistered|fecha de registro|fecha de creacion|fecha de activacion|"
        "data de registo|data de criacao|등록일|登録年月日|created at|domain record created|date approved|"
        "acivated|domain creation date|date created|date de creation|registered at|reg date|"
        "original created|creation time|date of registration|domain registered|insertion date|"
        "registration start date|delegated|delegation date|record creation date|дата регистрации|"
        "creado|registrado"
    ),
    "updated": (
        "updated date|updated|updated on|last updated|last updated on|last updated date|"
        "last update|last modified|last modified on|last modified date|modified|modified on|"
        "modified date|modification date|changed|last changed|last change|changed on|"
        "domain last updated date|domain datelastmodified|record last updated on|record last updated|"
        "record modified on|record last modified|entry updated|update date|update time|changed date|"
        "fecha de actualizacion|ultima actualizacion|fecha de modificacion|최근 정보 변경일|最終更新|"
        "domain record last updated|date modified|last update date|last update time|last updated at|"
        "updated at|modification|date updated|record changed on|record changed|"
        "derniere modification|domain last updated|domain updated|date de modification"
    ),
    "expires": (
        "expiration date|expiry date|expires|expires on|expire date|expire|expiry|expires at|"
        "registry expiry date|registrar registration expiration date|registrar expiration date|"
        "domain expiration date|domain expires|domain expire date|exp date|paid till|renewal date|"
        "renewal|validity|valid until|valid till|record expires on|record expires|expiration time|"
        "expiration|fecha de vencimiento|fecha de expiracion|fecha de corte|data de expiracao|"
        "사용 종료일|有効期限|expires date|domain name expiration date|expired date|expired|record expired|"
        "date renewal|record will expire on|domain currently expires|expiration on|date expires|"
        "domain datebilleduntil|registration end date|date d expiration|expire on|domain expiry date|"
        "valid date|paid until|registry expiration date|expiring|renewal on|domain expiry|"
        "registration expiration date|registration expiry date"
    ),
    "registrar": (
        "registrar|registrar name|sponsoring registrar|registered through|registrar organization|"
        "domain registrar|current registrar|current registar|registrar handle|"
        "registration service provided by|registration service provider|authorized agency|"
        "registered by|등록대행자|account name|registrador|registrar company|sponsoring registrar name|"
        "sponsoring registrar organization|sponsoring registrar organisation|registrar organisation|"
        "registrar organization name|mnt by|registrar company name|entidade gestora|регистратор|"
        "registrar handle name|agent name|organizacion registradora"
    ),
    "registrar_iana_id": ("registrar iana id|sponsoring registrar iana id"),
    "registrar_server": ("registrar whois server|whois server|whois tcp uri|whois"),
    "registrar_url": (
        "registrar url|registrar website|referral url|registration url|sponsoring registrar url|"
        "registrar url registration services|registrar homepage|url|website|www|web|webseite"
    ),
    "registry_id": ("registry domain id|domain id|roid|registry id|norid handle|domain handle|handle id"),
    "nameserver": (
        "name server|name servers|nserver|nserver name|nameserver|nameservers|ns|dns|dns server|"
        "dns servers|primary server|secondary server|host name|hostname|domain nameservers|"
        "domain servers|domain servers in listed order|domain name servers|servers|ns name|"
        "primary nameserver|secondary nameserver|primary name server|secondary name server|호스트이름|"
        "nameserver name|name server information|ネームサーハ|name servers information|"
        "nameserver information|servidor dns|servidores de nombre|nombre de servidor|"
        "nameservers in listed order|name servers in listed order|nserver fqdn|dns primario|"
        "dns secundario|servidor de nombre de dominio|servidores de nombres de dominio|master|slave|"
        "primary dns|secondary dns|primary hostname|secondary hostname|host|primary ns|"
        "secondary ns|authoritative name servers|listed name servers|ns server|dns name|"
        "servidor dns primario|servidor dns secundario|current nameservers|current name servers|"
        "domain server|ns1 hostname|ns2 hostname|ns3 hostname|ns4 hostname|"
        "domain name servers listed in order|servidor de nombres de dominio"
    ),
    "status": (
        "status|domain status|state|registration status|query status|flags|ren status|"
        "renewal status|domaintype|domain state|eppstatus|epp status|estado|ステータス|状態|status code|"
        "등록정보 보호|ren status code|estatus del dominio|domain name status|publishes|registrar status|"
        "holder type status"
    ),
    "dnssec": ("dnssec|domain signed|signed|secure delegation|signing key"),
    "registrant_organisation": (
        "registrant organization|registrant organisation|registrant company|registrant company name|"
        "owner organization|owner organisation|owner orgname|registrant contact organisation|"
        "registrant contact organization|registrant internationalized organization|org name|"
        "organisation name|organization name|holder organization|registrant org|"
        "organisation using domain name|registered for|domain owner|company english name|"
        "domain holder organization|owner company|registrant contact company|"
        "registrant contact organisation name"
    ),
    "registrant_name": (
        "registrant name|registrant contact name|owner name|holder name|"
        "registrant internationalized name|registrant person|registrant contact"
    ),
    "registrant_country": (
        "registrant country|registrant country code|owner country|registrant country economy|"
        "registrant internationalized country|registrant contact country|org country|"
        "registrant address country|holder country|registrant country region"
    ),
    "registrant_email": (
        "registrant email|registrant e mail|owner email|holder email|registrant contact email|"
        "owner e mail|registrant contact e mail|registrant email address"
    ),
    "registrant": (
        "registrant|domain holder|holder|owner|titular|holder of domain name|등록인|org|"
        "organisation|organization|owner contact|administered by|登録者名|organisation english|descr|"
        "person|contact name|registrant information"
    ),
}

_SECTIONS = {
    "registrant": (
        "registrant|registrant contact|registrant contact information|registrant contact details|"
        "owner|owner contact|holder|holder of domain name|domain holder|titular|"
        "organization using domain name|organisation using domain name|registrant information|"
        "registrant details|domain owner|registered for|owner information|titular registrant|"
        "registrant s address|registrant address|registrant organization|registrant type|propietario|"
        "organisation|domain name holder|registrant contact s|titular del dominio"
    ),
    "admin": (
        "admin|administrative contact|admin contact|administrator|administrative|"
        "admin contact information|administrative contact details|administrative contact agent|"
        "administrative contacts|administrative contact s|admin contacts|contacto administrativo|"
        "admin contact s|administrative contact information|admin c|contacto tecnico administrativo|"
        "onsite s|onsite|responsavel administrativo|administrativt kontakt"
    ),
    "tech": (
        "tech|technical contact|technical contacts|technical|technical contact s|"
        "technical contact information|technical contact details|contacto tecnico|tech contact|"
        "tech contact information|tech c|responsavel tecnico|responsavel tecnico tech contact|"
        "technical contact agent|registrar technical contacts|tech contacts|tech contact s|zone c|"
        "zone contact|zone contact s"
    ),
    "billing": (
        "billing contact|billing contact information|billing contact details|billing contact s|"
        "billing|contacto financiero|contacto de cobranza|entidade gestora billing contact|"
        "contacto de cobro|billing contacts|reseller|reseller information|resellers|"
        "public security contact"
    ),
    "registrar": (
        "registrar|registrar information|current registrar|sponsoring registrar|registrar details|"
        "registration service provider|registrar contact information|agent|registrar contact details|"
        "registered by|registrador|registrar of record|registrar contact"
    ),
    "nameservers": (
        "name servers|nameservers|dns servers|domain servers|domain servers in listed order|"
        "domain nameservers|nservers|name server information|name servers information|name server|"
        "servers|nameserver information|primary name server|secondary name server|"
        "domain name servers|nameservers in listed order|servidores de nombre|nameserver|dns|"
        "name servers in listed order|nameserver s|servidores de nombres de dominio|1차 네임서버 정보|"
        "2차 네임서버 정보|네임서버 정보|authoritative name servers|listed name servers|"
        "servidor s de nombres de dominio|delegation|name servers list|current nameservers|"
        "current name servers|domain name servers listed in order|servidor de nombres de dominio|"
        "domain host information|dns information|servidor es de nombres de dominio"
    ),
    "dates": (
        "relevant dates|record dates|dates|additional information|important dates|additional info|"
        "renewal date|entry updated|entry created|first registration date|registered|expires|"
        "creation date"
    ),
    "status": ("registration status|flags|status|domain status|keys|domain state"),
    "domain": ("domain|domain name|domain information|details|domain details|domain name information"),
    "whois": ("whois"),
}


def _unaccented(text: str) -> str:
    """Latin letters without their accents; other scripts stay composed."""
    if text.isascii():
        return text
    letters = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(letters))


def normal(label: str) -> str:
    """A label without case, punctuation, notes in brackets and trailing numbers.

    >>> normal("Creation Date (dd/mm/yyyy)"), normal("ns_name_01"), normal("paid-till")
    ('creation date', 'ns name', 'paid till')
    """
    plain = _NUMBERED.sub("", _unaccented(label.lower()))
    text = _TRIM.sub(" ", plain).strip(" :*'\"#!").replace("'", " ").replace("’", " ")
    return _TAIL.sub("", " ".join(text.split())) or text


_WEAK = {
    "created", "changed", "modified", "registered", "updated", "last updated", "last update", "expires", "expire",
    "last modified", "status", "state", "domain", "created on", "updated on", "registration date", "updated date",
    "created date", "last changed", "whois", "url", "website", "www", "web", "handle id", "creation date",
    "org", "organisation", "organization", "person", "descr", "org name", "organization name", "host",
    "organisation name", "account name", "mnt by", "contact name", "modification date", "registrar", "dns", "domain id",
    "registrant", "holder", "owner", "titular", "signed", "renewal", "name server", "registration status",
}  # fmt: skip


def _flatten(table: dict[str, str]) -> dict[str, str]:
    return {normal(word): name for name, words in table.items() for word in words.split("|")}


_FIELD_OF = _flatten(_FIELDS)
_SECTION_OF = _flatten(_SECTIONS)


@lru_cache(maxsize=4096)
def field_of(label: str) -> str:
    """The field a label names, "" when it is none we read."""
    return _either(label, _FIELD_OF) or ""


@lru_cache(maxsize=4096)
def section_of(label: str) -> str | None:
    """The section a header opens, None when it is no header."""
    return _either(label, _SECTION_OF) if len(label) <= 80 else None


@lru_cache(maxsize=4096)
def is_weak(label: str) -> bool:
    """True for a label that also describes contacts and registrars."""
    return normal(label) in _WEAK


def _either(label: str, table: dict[str, str]) -> str | None:
    found = table.get(normal(label))
    if found is None and "/" in label:
        found = next((table[word] for half in label.split("/") if (word := normal(half)) in table), None)
    return found
