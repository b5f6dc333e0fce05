"""Seizure: has an authority taken the name? Decided from name servers; a banner alone proves nothing."""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.model import Level, Observation, Strength

LOCKS = frozenset({"serverTransferProhibited", "serverUpdateProhibited", "serverDeleteProhibited"})

TEXTS = Texts(
    innocent="The candidate may have worked there in good faith before the seizure.",
    ask="When did you last have contact with this organisation, and through whom?",
    next_step="Look for the authority's own notice, and settle with your legal or security team how to go on.",
)


def _served_by(subject: Subject) -> tuple[Observation, ...]:
    return (*subject.facts.all("dns", "ns"), *subject.facts.all("registration", "nameserver"))


@check(
    "seizure.name-servers",
    version=2,
    strength=Strength.DECISIVE,
    needs=("dns/ns", "registration/nameserver"),
    texts=TEXTS,
    idea="Seized names are delegated to the agencies' zones (seizure signals, S-A).",
)
def name_servers(subject: Subject, scene: Scene) -> Result:
    """The name is delegated to name servers that authorities use for seized domains.

    Looks at the registry's delegation and at the zone's own name servers. A seizure zone in either gives the
    level `known`; where only the zone names it while the registry still holds other servers, the statement
    says so, since the record of a registry can lag and a zone is its owner's to write. A sinkhole zone (a
    civil order, or a security firm's) is a strong finding. The state is never carried over to a twin under
    another ending.
    """
    rows = _served_by(subject)
    if not rows:
        return NoEvidence("no name server was seen")
    registry = subject.facts.all("registration", "nameserver")
    hits = []
    for zone in scene.knowledge.seizure_zones(row.value for row in rows):
        inside = tuple(row for row in rows if zone.holds(row.value))
        if zone.needs_banner or not inside:
            continue
        seized = zone.kind == "seizure"
        delegated = not registry or any(row in inside for row in registry)
        hits.append(
            Hit(
                f"{subject.domain} is under name servers used for {'seized domains' if seized else 'a sinkhole'} "
                f"({zone.agency})" + ("." if delegated else "; the registry still holds other name servers."),
                observed=", ".join(sorted({f"{row.value} ({row.source})" for row in inside})),
                support=inside,
                strength=Strength.DECISIVE if seized else Strength.STRONG,
                level=Level.KNOWN if seized else None,
            )
        )
    return hits


@check(
    "seizure.banner",
    strength=Strength.CONTEXT,
    needs=("seizure/banner", "registration/status"),
    texts=Texts(
        innocent="Copies of seizure pages circulate as pranks; a registry lock is also a paid service.",
        ask="Do you know what happened to this web site?",
        next_step="Look for an announcement by the authority the page names, on that authority's own site.",
    ),
    idea="Banner text alone is no proof: it is easily copied (seizure signals, S-B and traps).",
)
def banner(subject: Subject, scene: Scene) -> Result:
    """The page shows the words of a seizure notice.

    Context by itself, and on any page but the one the address opens: articles quote such notices. Strong
    where a second layer agrees: the registry itself has locked the name against transfer, update and
    deletion, or the name servers are ones seen on seized names before.
    """
    rows = subject.facts.all("seizure", "banner")
    if not rows:
        return NoEvidence("no such words on the pages")
    locks = [row for row in subject.facts.all("registration", "status") if row.value in LOCKS]
    servers = _served_by(subject)
    zones = [
        zone for zone in scene.knowledge.seizure_zones(row.value for row in servers) if zone.needs_banner
    ]
    shared = tuple(row for row in servers if any(zone.holds(row.value) for zone in zones))
    locked = len({row.value for row in locks}) == len(LOCKS)
    agreeing = tuple(locks) if locked else shared
    if "seized-banner" not in subject.facts.values("website", "state"):
        agreeing = ()
    agrees = (
        ", and the registry has locked the name."
        if locked
        else ", and its name servers are ones of seized names."
    )
    layer = ", ".join(sorted({row.value for row in agreeing})) or "nothing else"
    return [
        Hit(
            f"{subject.domain} shows a seizure notice"
            + (agrees if agreeing else "; nothing else confirms it."),
            claimed=rows[0].value,
            observed=layer,
            support=(rows[0], *agreeing),
            strength=Strength.STRONG if agreeing else Strength.CONTEXT,
        )
    ]
