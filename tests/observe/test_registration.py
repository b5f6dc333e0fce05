"""WHOIS texts in registries' layouts, dates, and hostile input. All names are invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model import Bound
from scanner.observe.registration import parse_rdap, parse_whois
from scanner.observe.registration.dates import parse_date
from scanner.observe.registration.redaction import epp_status, is_empty, is_notice

UK = """
    Domain name:
        acme.co.uk

    Registrant:
        Acme Soft Ltd

    Registrar:
        Sample Registrar Limited t/a Sample [Tag = SAMPLE]
        URL: http://www.sample.example

    Relevant dates:
        Registered on: before Aug-1996
        Expiry date:  04-Feb-2025
        Last updated:  20-Jan-2024

    Registration status:
        Registered until expiry date.

    Name servers:
        ns1.acme.co.uk      192.0.2.1
        ns2.sample.example

    WHOIS lookup made at 13:35:07 01-May-2024
"""
JP = """
[ JPRS database provides information on network administration. Its use is    ]
Domain Information:
[Domain Name]                   ACME.JP
[Registrant]                    Acme Co., Ltd.
[Name Server]                   ns1.acme.jp
[Name Server]                   ns2.acme.jp
[Signing Key]
[Created on]                    2001/05/14
[Expires on]                    2025/05/31
[Status]                        Active
[Last Updated]                  2024/06/01 04:52:02 (JST)
"""
RPSL = """%%
%% This is the AFNIC Whois server.
%%
domain:      acme.fr
status:      ACTIVE
holder-c:    AS1-FRNIC
registrar:   SAMPLE SAS
Expiry Date: 30/12/2025
created:     27/07/2000
last-update: 30/12/2023
source:      FRNIC

ns-list:     NSL1-FRNIC
nserver:     ns1.acme.fr
nserver:     ns2.acme.fr

registrar:   SAMPLE SAS
country:     FR
created:     01/01/1999

nic-hdl:     AS1-FRNIC
type:        ORGANIZATION
contact:     Acme Soft
country:     FR
changed:     01/01/2022 nic@example.test
"""
IT = """
Domain:             acme.it
Status:             ok
Created:            2008-01-24 15:40:37
Last Update:        2010-06-07 18:50:20
Expire Date:        2011-01-24

Registrant
  Organization:     Acme srl
  Created:          2001-01-01 00:00:00

Registrar
  Organization:     Sample s.r.l.
  Name:             SAMPLE-REG

Nameservers
  ns1.acme.it
"""
KR = """query : acme.kr

도메인이름                  : acme.kr
등록일                      : 2012. 05. 19.
사용 종료일                 : 2025. 05. 19.
등록대행자                  : 견본(주)(http://sample.example)

Registered Date             : 2012. 05. 19.
Authorized Agency           : Sample Corp.(http://sample.example)
Primary Name Server
   Host Name                : ns1.acme.kr
"""
THIN_WITH_HOSTS = """
   Server Name: ACME.COM.IS.A.HOST.EXAMPLE
   Registrar: WRONG REGISTRAR
   Whois Server: whois.wrong.example

   Domain Name: ACME.COM
   Registrar: SAMPLE REGISTRAR, INC.
   Whois Server: whois.sample.example
   Name Server: NS1.ACME.COM
   Status: clientTransferProhibited https://icann.org/epp#clientTransferProhibited
   Updated Date: 13-mar-2007
   Creation Date: 20-feb-2000
   Expiration Date: 20-feb-2010

>>> Last update of whois database: Thu, 26 Jun 2008 21:39:08 EDT <<<

NOTICE: The expiration date displayed in this record is the date the
registrar's sponsorship of the domain name registration in the registry is
currently set to expire. Users may consult the sponsoring
registrar.  Users exceeding query limits will be blocked.
"""


def test_given_indented_sections_uk_when_read_then_all_fields() -> None:
    found = parse_whois("acme.co.uk", UK)
    assert (str(found.created), found.created_bound) == ("1996-08", Bound.NOT_AFTER)
    assert (str(found.expires), str(found.updated)) == ("2025-02-04", "2024-01-20")
    assert found.registrar.startswith("Sample Registrar Limited")
    assert found.nameservers == ("ns1.acme.co.uk", "ns2.sample.example")
    assert found.registrant_organisation == "Acme Soft Ltd"
    assert found.state == "registered"


def test_given_brackets_jp_when_read_then_local_time_becomes_utc() -> None:
    found = parse_whois("acme.jp", JP)
    assert (str(found.created), str(found.expires)) == ("2001-05-14", "2025-05-31")
    assert str(found.updated) == "2024-05-31T19:52:02Z"
    assert found.nameservers == ("ns1.acme.jp", "ns2.acme.jp")
    assert found.status == ("active",)


def test_given_rpsl_blocks_when_read_then_contact_dates_are_not_the_domains() -> None:
    found = parse_whois("acme.fr", RPSL)
    assert (str(found.created), str(found.updated), str(found.expires)) == (
        "2000-07-27",
        "2023-12-30",
        "2025-12-30",
    )
    assert found.registrar == "SAMPLE SAS"
    assert (found.registrant_organisation, found.registrant_country) == ("Acme Soft", "FR")
    assert found.nameservers == ("ns1.acme.fr", "ns2.acme.fr")


def test_given_sections_it_when_read_then_the_registrars_full_name_and_the_domains_dates() -> None:
    found = parse_whois("acme.it", IT)
    assert (str(found.created), found.registrar) == ("2008-01-24", "Sample s.r.l.")
    assert found.registrant_organisation == "Acme srl"
    assert found.nameservers == ("ns1.acme.it",)


def test_given_two_languages_kr_when_read_then_the_latin_name_is_taken() -> None:
    found = parse_whois("acme.kr", KR)
    assert (str(found.created), str(found.expires)) == ("2012-05-19", "2025-05-19")
    assert found.registrar == "Sample Corp."


def test_given_hosts_that_begin_like_the_name_when_read_then_only_the_name_counts() -> None:
    found = parse_whois("acme.com", THIN_WITH_HOSTS, "whois.verisign-grs.com")
    assert found.registrar == "SAMPLE REGISTRAR, INC."
    assert found.registrar_server == "whois.sample.example"
    assert found.status == ("clientTransferProhibited",)
    assert str(found.created) == "2000-02-20"


@pytest.mark.parametrize(
    ("text", "encoding", "domain", "registrar"),
    [
        ("domain: a.pl\nregistrar: Łódź Nazwy\ncreated: 2020.01.02\n", "iso8859-2", "a.pl", "Łódź Nazwy"),
        (
            "[Domain Name] A.JP\n[登録者名] 株式会社アクメ\n[登録年月日] 2001/05/14\n",
            "iso2022_jp",
            "a.jp",
            "",
        ),
        ("Domain Name: a.cn\nSponsoring Registrar: 样品公司\n", "gb18030", "a.cn", "样品公司"),
        ("domain: A.RU\nregistrar: Образец\n", "koi8-r", "a.ru", "Образец"),
        ("domain: a.br\nregistrar: São João\n", "latin-1", "a.br", "São João"),
    ],
)
def test_given_a_registries_own_encoding_when_read_then_the_letters_are_right(
    text: str, encoding: str, domain: str, registrar: str
) -> None:
    found = parse_whois(domain, text.encode(encoding))
    assert found.state == "registered"
    assert found.registrar == registrar


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ('No match for "ACME.COM".\n', "available"),
        ("Domain: acme.de\nStatus: free\n", "available"),
        ("%% No entries found in the database.\n", "available"),
        ("%% Too many requests...\n%%\n%% No entries found in the AFNIC Database.\n", "throttled"),
        ("You have exceeded your quota of queries.\n", "throttled"),
        ("WHOIS LIMIT EXCEEDED - SEE WWW.EXAMPLE FOR DETAILS\n", "throttled"),
        ("the WHOIS query quota for 192.0.2.1 has been exceeded\nand will be replenished later\n", "throttled"),
        ("Access to this service is rate limited. For more information, please\nsee https://a.example/\n", "unknown"),
        ("Access denied\n", "refused"),
        ("query_status: 440 Request Denied\n", "refused"),
        ("Reserved by ICM Registry\n", "reserved"),
        ("Domain: acme.it\nStatus: RESERVED\n", "reserved"),
        ("Server too busy, try again later\n", "unavailable"),
        ("", "unavailable"),
        ("<html><body>It works</body></html>", "unknown"),
        ("hello\n", "unknown"),
        # legal prose that mentions everything decides nothing
        ("Users who exceed the limit of queries, which is not to be\nfound in the database, will be blocked by us\n",
         "unknown"),
    ],
)  # fmt: skip
def test_given_a_text_without_a_record_when_read_then_the_state(text: str, state: str) -> None:
    assert parse_whois("acme.com", text).state == state


def test_given_an_answer_with_a_limit_in_its_terms_when_registered_then_it_counts() -> None:
    text = "domain: acme.be\nRegistered: Tue Dec 12 2000\n\n% Excessive querying is blocked.\n"
    found = parse_whois("acme.be", text)
    assert (found.state, str(found.created)) == ("registered", "2000-12-12")


def test_given_privacy_notices_when_read_then_they_are_no_names() -> None:
    text = (
        "Domain Name: acme.com\nCreation Date: 2020-01-02T03:04:05Z\nRegistrant Name: REDACTED FOR PRIVACY\n"
        "Registrant Organization: Privacy service provided by Withheld for Privacy ehf\nRegistrant Country: IS\n"
        "Registrant Email: Please query the RDDS service of the Registrar of Record\n"
    )
    found = parse_whois("acme.com", text)
    assert (found.registrant_name, found.registrant_organisation, found.registrant_email) == ("", "", "")
    assert found.registrant_country == "IS"
    assert set(found.redacted) >= {"registrant", "registrant_name", "registrant_organisation"}


def test_given_a_withheld_date_when_read_then_it_is_said_to_be_withheld() -> None:
    found = parse_whois(
        "acme.bg", "DOMAIN NAME: acme.bg\nactivated on: see at www.register.bg\nDNSSEC: Inactive\n"
    )
    assert found.created is None
    assert "created" in found.redacted


@pytest.mark.parametrize(
    ("text", "tld", "date"),
    [
        ("2018-08-28T09:00:00.0Z", "com", "2018-08-28T09:00:00Z"),
        ("2018-08-28 09:00:00", "it", "2018-08-28"),  # no zone: the day as recorded
        ("2003-03-17 12:20:05", "cn", "2003-03-17T04:20:05Z"),
        ("2007-10-04 13:40:19+03", "ua", "2007-10-04T10:40:19Z"),
        ("2003-08-18 11:20:09 (GMT+0:00)", "kz", "2003-08-18T11:20:09Z"),
        ("27-Apr-2001", "edu", "2001-04-27"),
        ("21-March-2002", "ie", "2002-03-21"),
        ("Fri Mar 29 22:03:53 GMT 2002", "net", "2002-03-29T22:03:53Z"),
        ("Monday 20th Oct 2014", "uk", "2014-10-20"),
        ("May 22 2002", "is", "2002-05-22"),
        ("2001-Aug-23.", "tr", "2001-08-23"),
        ("30.6.2006", "fi", "2006-06-30"),
        ("04/06/2003", "lu", "2003-06-04"),
        ("04/06/2003", "com", "2003-04-06"),
        ("12/18/2001", "tk", "2001-12-18"),
        ("20120730164230", "ua", "2012-07-30"),
        ("19961206 #24302", "br", "1996-12-06"),
        ("2012. 05. 19.", "kr", "2012-05-19"),
        ("1262304000", "com", "2010-01-01T00:00:00Z"),
        ("2020-02-30", "com", None),
        ("1970-01-01T00:00:00Z", "ws", None),
        ("2999-12-31", "hr", None),
        ("see at www.register.bg", "bg", None),
        ("", "com", None),
    ],
)
def test_given_a_registries_date_when_read_then_utc_and_its_precision(
    text: str, tld: str, date: str | None
) -> None:
    assert (str(parse_date(text, tld)) if date else parse_date(text, tld)) == date


def test_notices_and_codes() -> None:
    assert is_notice("Not shown, please visit www.dnsbelgium.be for webbased whois.")
    assert not is_notice("Acme Soft LLC")
    assert is_empty("***N/A***")
    assert not is_empty("Nan Industries")
    assert epp_status("client transfer prohibited") == "clientTransferProhibited"
    assert epp_status("connect") == "connect"


@pytest.mark.parametrize(
    "unit", ["a.", " ", "a: ", "[a] ", "registrar:\n", "a@", "status: a,", "contact: x\n\n"]
)
@pytest.mark.parametrize("domain", ["a.com", "a.uk", "a.hk", "a.ua"])
def test_given_64_kb_of_one_pattern_when_read_then_in_bounded_time(unit: str, domain: str) -> None:
    begun = time.process_time()
    parse_whois(domain, "registrar: x\n" + unit * (64_000 // len(unit)))
    assert time.process_time() - begun < 3  # quadratic readings take minutes


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(["a.com", "a.jp", "a.cn", "a.ru", "a.kr", "a.tw"]))
def test_given_any_bytes_when_read_then_nothing_is_raised(raw: bytes, domain: str) -> None:
    parse_whois(domain, raw)
    parse_rdap(domain, raw)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["ldhName", "events", "eventAction", "eventDate", "entities", "roles", "vcardArray",
                             "nameservers", "status", "links", "secureDNS", "redacted", "publicIds"]),
            inner, max_size=5),
        max_leaves=30,
    )
)  # fmt: skip
def test_given_any_json_when_read_then_nothing_is_raised(data: object) -> None:
    import json

    parse_rdap("a.com", json.dumps(data).encode())
    parse_rdap(
        "a.com", json.dumps({"objectClassName": "domain", "ldhName": "a.com", "entities": data}).encode()
    )
