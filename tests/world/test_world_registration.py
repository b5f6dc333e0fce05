"""RDAP and WHOIS of a world, read by python-whois and compared with recorded answers of real registries."""

from __future__ import annotations

import asyncio
import json
import warnings

import pytest
from whois.parser import WhoisEntry

REG = (
    "{{via: {via}, created: 2012-05-03, updated: 2024-01-02, expires: 2025-05-04, registrar: 'NameCheap, Inc.', "
    "registrant: {{organisation: 'Acme Söft GmbH', name: 'R. Wyn', country: DE, email: office@acme.test}}, "
    "status: [clientTransferProhibited, serverHold], nameservers: [ns1.reg.test, NS2.reg.test.]}}"
)
TLDS = ("com", "org", "uk", "de", "fr", "br", "jp", "ru", "eu", "nl", "it")
WORLD = (
    "now: 2024-06-01\ndomains:\n"
    + "".join(f"  acme.{tld}: {{registration: {REG.format(via='both')}}}\n" for tld in TLDS)
    + f"""  secret.com:
    registration: {{via: both, created: 2020-01-02, registrar: Gandi SAS, redacted: true,
                   registrant: {{organisation: Hidden Ltd, name: Hidden, country: FR, email: h@h.test}}}}
  thick.info: {{registration: {REG.format(via="rdap")}}}
  whoisonly.com: {{registration: {REG.format(via="whois")}}}
  whoisonly.cc: {{registration: {REG.format(via="whois")}}}
  nobody.com: {{registration: {{via: none, created: 2020-01-01}}}}
  busy.com: {{registration: {{via: throttled}}}}
  busy.uk: {{registration: {{via: throttled}}}}
  shut.com: {{registration: {{via: refused}}}}
  silent.com: {{registration: {{via: timeout}}}}
  raw.kz: {{registration: {{whois_file: raw.txt}}}}
  bare.com: {{registration: {{created: 2021}}}}
  unregistered.com: {{site: sites/a}}
"""
)
RAW = "Domain Name: raw.kz\r\nOrganization: Müller\r\n".encode("latin-1")


@pytest.fixture
def registry(world):
    return lambda **options: world(WORLD, files={"raw.txt": RAW}, **options)


async def domain(box, name, host=None):
    status, headers, body = await box.get(
        f"https://{host or 'rdap.' + name.rpartition('.')[2] + '.test'}/domain/{name}"
    )
    return status, headers, json.loads(body)


# ------------------------------------------------------------------------------------------------- RDAP


async def test_the_bootstrap_file_has_the_form_of_ianas(registry, corpus):
    # given IANA's own file; then ours has its keys, and every base ends in a slash
    real = json.loads((corpus / "rdap/bootstrap/iana_dns.json").read_text(encoding="utf-8"))
    async with registry() as box:
        _, headers, body = await box.get(box.network["rdap_bootstrap"])
    ours = json.loads(body)
    assert set(real) <= set(ours)
    assert headers["content-type"] == "application/json"
    bases = {tld: bases for tlds, bases in ours["services"] for tld in tlds}
    assert bases["com"] == ["https://rdap.com.test/"]
    assert all(base.startswith("https://") and base.endswith("/") for urls in bases.values() for base in urls)
    assert "cc" not in bases, "all of its registrations are via whois"
    assert "net" in bases, "an unlisted name there is answered with 404"


def shape(value):
    """The types below each key, so that two answers can be compared in form."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return type(value)


async def test_an_rdap_answer_is_rfc_9083(registry):
    async with registry() as box:
        status, headers, answer = await domain(box, "acme.org")
    assert (status, headers["content-type"]) == (200, "application/rdap+json")
    assert answer["objectClassName"] == "domain"
    assert answer["ldhName"] == "acme.org"
    assert answer["status"] == ["client transfer prohibited", "server hold"]
    assert {event["eventAction"]: event["eventDate"] for event in answer["events"]} == {
        "registration": "2012-05-03T00:00:00Z",
        "expiration": "2025-05-04T00:00:00Z",
        "last changed": "2024-01-02T00:00:00Z",
        "last update of RDAP database": "2024-06-01T00:00:00Z",
    }
    assert [server["ldhName"] for server in answer["nameservers"]] == ["ns1.reg.test", "ns2.reg.test"]
    assert {server["objectClassName"] for server in answer["nameservers"]} == {"nameserver"}
    assert answer["secureDNS"] == {"delegationSigned": False}
    assert answer["rdapConformance"][0] == "rdap_level_0"
    by_role = {role: entity for entity in answer["entities"] for role in entity["roles"]}
    assert by_role["registrar"]["publicIds"] == [{"type": "IANA Registrar ID", "identifier": "1068"}]
    for entity in by_role.values():
        kind, properties = entity["vcardArray"]
        assert (kind, properties[0]) == ("vcard", ["version", {}, "text", "4.0"])
        assert all(len(row) >= 4 and isinstance(row[1], dict) for row in properties)
    card = {row[0]: row for row in by_role["registrant"]["vcardArray"][1]}
    assert (card["fn"][3], card["org"][3], card["email"][3]) == (
        "R. Wyn",
        "Acme Söft GmbH",
        "office@acme.test",
    )
    assert card["adr"][1]["cc"] == "DE"
    assert len(card["adr"][3]) == 7


async def test_rdap_keys_have_the_types_of_recorded_answers(registry, corpus):
    # given recorded answers of real registries for domains
    recorded = []
    for line in (corpus / "rdap/rdap_cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["real_registry_response"] and case["parses"]:
            answer = json.loads(case["raw"])
            if answer.get("objectClassName") == "domain":
                recorded.append(answer)
    assert len(recorded) > 5
    async with registry() as box:
        _, _, answer = await domain(box, "acme.com")
    # then every key of ours that a registry uses too has a value of the same type, and events likewise
    for key, value in answer.items():
        types = {type(real[key]) for real in recorded if key in real}
        assert not types or type(value) in types, key
    events = {frozenset(event) for real in recorded for event in real["events"]}
    assert {frozenset(event) for event in answer["events"]} <= events
    actions = {event["eventAction"] for real in recorded for event in real["events"]}
    assert {event["eventAction"] for event in answer["events"]} <= actions
    statuses = {status for real in recorded for status in real.get("status", [])}
    assert "client transfer prohibited" in statuses & set(answer["status"])


async def test_com_is_thin_and_links_to_the_registrar(registry):
    async with registry() as box:
        _, _, answer = await domain(box, "acme.com")
        assert [entity["roles"] for entity in answer["entities"]] == [["registrar"]]
        (related,) = [link for link in answer["links"] if link["rel"] == "related"]
        assert related["type"] == "application/rdap+json"
        status, _, body = await box.get(related["href"])
    # then the registrar's own server knows the registrant
    assert status == 200
    roles = {role for entity in json.loads(body)["entities"] for role in entity["roles"]}
    assert roles == {"registrar", "registrant"}
    assert not [link for link in json.loads(body)["links"] if link["rel"] == "related"]


async def test_redaction_is_marked_as_rfc_9537_says_and_shows_nothing(registry):
    async with registry() as box:
        status, _, answer = await domain(box, "secret.com", "rdap.gandi-sas-registrar.test")
    assert status == 200
    assert "redacted" in answer["rdapConformance"]
    assert {row["name"]["type"] for row in answer["redacted"]} >= {"Registrant Name", "Registrant Email"}
    assert {row["method"] for row in answer["redacted"]} <= {"removal", "emptyValue", "partialValue"}
    assert "Hidden" not in json.dumps(answer)
    assert "h@h.test" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("name", "status"),
    [("unregistered.com", 404), ("unlisted.com", 404), ("unlisted.net", 404), ("busy.com", 429), ("shut.com", 403),
     ("whoisonly.com", 501), ("nobody.com", 501)],
)  # fmt: skip
async def test_rdap_refusals_are_typed(registry, name, status):
    async with registry() as box:
        got, headers, body = await domain(box, name)
    assert (got, body["errorCode"]) == (status, status)
    assert body["title"]
    assert ("retry-after" in headers) == (status == 429)


async def test_a_silent_registry_gives_no_answer(registry):
    async with registry() as box:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(box.get("https://rdap.com.test/domain/silent.com"), 0.3)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(box.whois("whois.com.test", "silent.com"), 0.3)


async def test_what_is_not_in_the_file_is_not_in_the_answer(registry):
    async with registry() as box:
        _, _, answer = await domain(box, "bare.com")
    assert [event["eventAction"] for event in answer["events"]] == [
        "registration",
        "last update of RDAP database",
    ]
    assert "redacted" not in answer


# ------------------------------------------------------------------------------------------------ WHOIS


def parsed(name, raw, encoding="utf-8"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return WhoisEntry.load(name, raw.decode(encoding).replace("\r\n", "\n"))  # as its samples are kept


def day(value):
    first = value[0] if isinstance(value, list) else value
    return f"{first:%Y-%m-%d}" if first else None


@pytest.mark.parametrize(
    ("tld", "created", "expires"),
    [
        ("com", "2012-05-03", "2025-05-04"), ("org", "2012-05-03", "2025-05-04"), ("uk", "2012-05-03", "2025-05-04"),
        ("fr", "2012-05-03", "2025-05-04"), ("br", "2012-05-03", "2025-05-04"), ("jp", "2012-05-03", "2025-05-04"),
        ("ru", "2012-05-03", "2025-05-04"), ("it", "2012-05-03", "2025-05-04"), ("nl", "2012-05-03", None),
        ("de", None, None), ("eu", None, None),
    ],
)  # fmt: skip
async def test_python_whois_reads_each_layout(registry, tld, created, expires):
    # given a registration under a TLD with its own layout; when python-whois reads the answer
    async with registry() as box:
        raw = await box.whois(f"whois.{tld}.test", f"acme.{tld}")
    entry = parsed(f"acme.{tld}", raw, "latin-1" if tld in ("fr", "br", "de", "it") else "utf-8")
    # then it finds the dates this registry publishes, and the name servers
    assert day(entry.get("creation_date")) == created
    assert day(entry.get("expiration_date")) == expires
    servers = entry.get("name_servers") or []
    servers = servers if isinstance(servers, list) else servers.split()
    assert {server.lower().rstrip(".") for server in servers} >= {"ns1.reg.test", "ns2.reg.test"}


@pytest.mark.parametrize("tld", ["com", "org", "uk", "fr", "it"])
async def test_python_whois_reads_the_registrar(registry, tld):
    async with registry() as box:
        raw = await box.whois(f"whois.{tld}.test", f"acme.{tld}")
    entry = parsed(f"acme.{tld}", raw, "latin-1")
    assert "namecheap" in str(entry.get("registrar")).lower()


async def test_some_registries_write_latin_1(registry):
    async with registry() as box:
        raw = await box.whois("whois.br.test", "acme.br")
        utf8 = await box.whois("whois.org.test", "acme.org")
    assert "Acme Söft GmbH".encode("latin-1") in raw
    assert "Acme Söft GmbH".encode() in utf8


async def test_the_root_refers_to_the_registry_and_com_on_to_the_registrar(registry):
    async with registry() as box:
        root = (await box.whois(box.network["whois"]["default"], "acme.com")).decode()
        (refer,) = [line.split()[1] for line in root.splitlines() if line.startswith("refer:")]
        thin = (await box.whois(refer, "domain acme.com")).decode()
        (server,) = [line.split(": ")[1] for line in thin.splitlines() if "Registrar WHOIS Server" in line]
        full = await box.whois(server, "acme.com")
        nothing = (await box.whois(box.network["whois"]["default"], "acme.zzz")).decode()
    assert "Registrant" not in thin
    entry = parsed("acme.com", full)
    assert entry.get("org") == "Acme Söft GmbH"
    assert day(entry.get("creation_date")) == "2012-05-03"
    assert "refer:" not in nothing


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("unlisted.com", b'No match for "UNLISTED.COM"'), ("unregistered.com", b"No match for"),
        ("unlisted.uk", b'No match for "unlisted.uk"'), ("unlisted.de", b"Status: free"), ("unlisted.net", b"No match"),
        ("busy.com", b"limit exceeded"), ("busy.uk", b"quota"), ("shut.com", b"access denied"),
        ("nobody.com", b"does not provide"), ("thick.info", b"Please use RDAP"),
    ],
)  # fmt: skip
async def test_whois_refusals_and_absence_are_told_apart(registry, name, words):
    async with registry() as box:
        text = await box.whois(f"whois.{name.rpartition('.')[2]}.test", name)
    assert words in text
    assert b"Creation Date" not in text


async def test_a_raw_file_is_sent_byte_for_byte(registry):
    async with registry() as box:
        assert await box.whois("whois.kz.test", "raw.kz") == RAW


async def test_registry_options_and_spellings_are_understood(registry):
    async with registry() as box:
        for server, query in (
            ("de", "-T dn,ace acme.de"),
            ("jp", "acme.jp/e"),
            ("com", "=ACME.com."),
            ("ru", "Acme.RU"),
        ):
            text = (await box.whois(f"whois.{server}.test", query)).lower()
            assert b"ns1.reg.test" in text, query
