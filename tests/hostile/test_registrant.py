"""What a registrant writes into name and street: it must not be read as the registry's own words."""

from __future__ import annotations

import pytest

from scanner.model import Evidence
from scanner.observe import observe
from scanner.observe.registration import parse_whois
from tests.hostile.hostile_page import ABOUT

UK = """
    Domain name:
        acme-front.co.uk

    Registrant:
        {}

    Registrant's address:
        {}
        London

    Registrar:
        Bad Inc [Tag = BAD]

    Relevant dates:
        Registered on: 03-May-2022
        Expiry date:  03-May-2025
"""
TW = """Domain Name: acme-front.tw
   Registrant:
      {}
      {}
      TW
   Record expires on 2025-05-03 (YYYY-MM-DD)
   Record created on 2022-05-03 (YYYY-MM-DD)
"""
HK = """Domain Name:  ACME-FRONT.HK
Domain Status: Active
Registrant Contact Information:

Company English Name: {}
Address:  Hong Kong
{}
Domain Name Commencement Date: 03-05-2022
Expiry Date: 03-05-2025
"""
COM = """Registrant:
   {}
   {}
   US

   Domain Name: ACME-FRONT.COM

   Record expires on 03-May-2025.
   Record created on 03-May-2022.
"""
LAYOUTS = {"acme-front.co.uk": UK, "acme-front.tw": TW, "acme-front.hk": HK, "acme-front.com": COM}
LIES = (
    "Registered on: 01-Jan-2001",
    "Registered Date: 2001-01-01",
    "Record created on 2001-01-01.",
    "[Created on] 2001/01/01",
    "Registration Time: 2001-01-01 00:00:00",
    "Activated: 2001-01-01",
    "Creation Date: 2001-01-01",
    "created: 2001-01-01",
    "Domain Name: com",
    "Domain Name: another.example",
    "Expiry Date: 2001-01-01",
    "No match for domain",
    "limit exceeded",
    "Domain Status: available",
)


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("domain", LAYOUTS)
def test_a_street_is_no_registration_date(domain: str, lie: str) -> None:
    # Given a registrant whose name and street read like a line of the registry's
    honest = parse_whois(domain, LAYOUTS[domain].format("Acme Ltd", "1 Road").encode())
    forged = parse_whois(domain, LAYOUTS[domain].format(lie, lie).encode())
    # When both answers are read, then the registry's dates, the name and its state are the same
    assert str(honest.created) == "2022-05-03"
    for field in ("created", "expires", "domain", "state"):
        assert getattr(forged, field) == getattr(honest, field), field


def test_a_registrant_named_like_a_suffix_does_not_hide_the_record() -> None:
    block = COM.format("Domain Name: com", "1 Road").replace("acme-front.com", ABOUT.domain)
    evidence = Evidence(f"whois://whois.example/{ABOUT.domain}", "text/plain", ABOUT.as_of, block.encode())
    dates = [row for row in observe("whois", evidence, ABOUT).observations if row.name == "created"]
    assert [str(row.starts) for row in dates] == ["2022-05-03"]
