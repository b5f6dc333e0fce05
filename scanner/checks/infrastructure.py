"""Infrastructure: where the site runs and who answers for its name. Context: cheap hosting is everybody's."""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.model import Strength

SPEAKS_OF_NOBODY = Texts(
    innocent="Hosting says little: thousands of honest sites share every host.",
    ask="Did the organisation run servers of its own or use a provider, as far as you know?",
    next_step="Nothing to do by itself.",
)


@check(
    "infrastructure.hosting",
    strength=Strength.CONTEXT,
    needs=("hosting/asn", "hosting/country", "hosting/platform"),
    texts=SPEAKS_OF_NOBODY,
    idea="Hosting networks recur among fronts, and among honest firms far more often (red flags 23, 26).",
)
def hosting(subject: Subject, scene: Scene) -> Result:
    """Where the address is hosted, as a fact for the reader.

    Behind a content network, a site builder or another shared platform the network and its country say
    nothing, and only the platform is named.
    """
    platforms = subject.facts.all("hosting", "platform")
    networks = subject.facts.all("hosting", "asn")
    if platforms:
        names = ", ".join(subject.facts.values("hosting", "platform"))
        return [
            Hit(f"Hosted behind {names}: the network says nothing more.", observed=names, support=platforms)
        ]
    if not networks:
        return NoEvidence("no address was seen")
    apart = (value.partition(" ") for value in subject.facts.values("hosting", "asn"))
    names = ", ".join(f"{name} (AS{number})" for number, _, name in apart)
    countries = ", ".join(subject.facts.values("hosting", "country"))
    return [
        Hit(
            f"Hosted by {names}" + (f"; addresses registered in {countries}." if countries else "."),
            observed=names,
            support=(*networks, *subject.facts.all("hosting", "country")),
        )
    ]


@check(
    "infrastructure.delegation-differs",
    strength=Strength.CONTEXT,
    needs=("dns/ns", "registration/nameserver"),
    texts=Texts(
        innocent="A move between providers in progress, or a registry record that lags behind.",
        ask="Has the organisation moved its web site or changed its provider lately, as far as you know?",
        next_step="Scan again in a few days and see whether the two agree.",
    ),
    idea="The parent's delegation and the zone's own name servers belong together (seizure signals, S-A).",
)
def delegation_differs(subject: Subject, scene: Scene) -> Result:
    """The zone's own name servers and those the registry holds have none in common."""
    zone, registry = (
        set(subject.facts.values("dns", "ns")),
        set(subject.facts.values("registration", "nameserver")),
    )
    if not zone or not registry:
        return NoEvidence("one of the two was not seen")
    if zone & registry:
        return ()
    return [
        Hit(
            f"The registry delegates {subject.domain} to other name servers than the zone names.",
            claimed=f"registry: {', '.join(sorted(registry))}",
            observed=f"zone: {', '.join(sorted(zone))}",
            support=(*subject.facts.all("registration", "nameserver"), *subject.facts.all("dns", "ns")),
        )
    ]


@check(
    "infrastructure.private-address",
    strength=Strength.WEAK,
    needs=("dns/blocked_address",),
    texts=Texts(
        innocent="A left-over test record, or a name meant for use inside an office.",
        ask="Was this address used inside the organisation only, or by customers as well?",
        next_step="Ask your network team to look at the record; do not open the address from inside your network.",
    ),
    idea="Names that point inside a private network are a known trick against those who fetch them.",
)
def private_address(subject: Subject, scene: Scene) -> Result:
    """The name service gives an address inside a private or special network, which was not opened."""
    rows = subject.facts.all("dns", "blocked_address")
    if not rows:
        return ()
    values = ", ".join(subject.facts.values("dns", "blocked_address"))
    return [Hit(f"{subject.domain} points to an address that is not public.", observed=values, support=rows)]
