"""Mail: can the organisation receive mail at its address?"""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.model import Role, Status, Strength


@check(
    "mail.no-mail-setup",
    strength=Strength.WEAK,
    needs=("dns/mx", "dns/exists"),
    texts=Texts(
        innocent="Many firms use one address for the web site and another for mail.",
        ask="Which mail address did the organisation use for its staff?",
        next_step="Compare with a mail or document from the claimed time, if one exists.",
    ),
    idea="A company's name without mail exchangers (red flag 21).",
)
def no_mail_setup(subject: Subject, scene: Scene) -> Result:
    """The claimed firm's domain cannot receive mail: no mail exchanger, or a null one.

    Only where the name service answered for the domain and the claim is an employer or vendor. Weak alone.
    """
    if subject.target.platform or not any(
        c.role in (Role.EMPLOYER, Role.VENDOR) for c in subject.target.claims
    ):
        return NoEvidence("not claimed as a firm, or under a shared platform")
    attempt = subject.attempts.get("dns")
    asked = tuple(row for row in subject.facts.all("dns", "answered") if row.value == "MX")
    if attempt is None or attempt.status is not Status.OK or not asked:
        return NoEvidence("the question for mail exchangers was not answered")
    records = subject.facts.all("dns", "mx")
    null = [row for row in records if row.value in ("0 .", "0 ")]
    if records and not null:
        return ()
    words = "refuses all mail (null MX)" if null else "has no server that takes mail (no MX record)"
    return [Hit(f"{subject.domain} {words}.", observed=words, support=tuple(null) or asked)]


PARKED = (
    "above.com", "bodis.com", "parkingcrew.net", "sedoparking.com", "sedo.com", "parklogic.com",
    "uniregistrymarket.link", "dan.com", "afternic.com", "hugedomains.com",
)  # fmt: skip
"""Parking and for-sale services (seeds/hosting/parking.yaml) whose hosts take the mail of names nobody uses."""

FREE = {
    "zoho": "Zoho", "yandex": "Yandex", "improvmx": "ImprovMX", "mail.ru": "Mail.ru", "protonmail": "Proton",
    "migadu": "Migadu", "cloudflare.net": "Cloudflare routing", "forwardemail": "Forward Email",
}  # fmt: skip
"""Providers that also serve a whole domain without a fee."""

LARGE = {
    "google.com": "Google Workspace", "googlemail.com": "Google Workspace", "outlook.com": "Microsoft 365",
    "privateemail.com": "Namecheap Private Email", "secureserver.net": "GoDaddy", "emailsrvr.com": "Rackspace",
    "messagingengine.com": "Fastmail", "mimecast.com": "Mimecast", "pphosted.com": "Proofpoint",
    "hostinger.com": "Hostinger", "titan.email": "Titan", "ovh.net": "OVH", "ionos.com": "IONOS",
}  # fmt: skip


@check(
    "mail.set-up",
    strength=Strength.CONTEXT,
    needs=("dns/mx", "dns/spf", "dns/dmarc"),
    texts=Texts(
        innocent="Every provider serves honest firms; many never set up SPF or DMARC.",
        ask="Which mail address did you have there, or did people of the organisation write from?",
        next_step="Nothing to do by itself.",
    ),
    idea="Who carries the mail, and whether SPF and DMARC are there, says little (red flag 21).",
)
def set_up(subject: Subject, scene: Scene) -> Result:
    """Who carries the domain's mail, and whether it states SPF and DMARC, as facts for the reader."""
    records = [row for row in subject.facts.all("dns", "mx") if row.value not in ("0 .", "0 ")]
    if not records:
        return NoEvidence("no mail exchanger was seen")
    hosts = sorted({row.value.rpartition(" ")[2] for row in records})
    carriers = sorted({_carrier(host) for host in hosts})
    policy = [name.upper() for name in ("spf", "dmarc") if subject.facts.all("dns", name)]
    stated = f"; states {' and '.join(policy)}" if policy else ""
    return [
        Hit(
            f"Mail for {subject.domain} goes to {', '.join(carriers[:4])}{stated}.",
            observed=", ".join(hosts[:6]),
            support=(*records, *subject.facts.all("dns", "spf"), *subject.facts.all("dns", "dmarc")),
        )
    ]


def _carrier(host: str) -> str:
    """The provider by name, or the host.

    >>> _carrier("aspmx.l.google.com"), _carrier("mx.zoho.eu"), _carrier("mx.acme.example")
    ('Google Workspace', 'Zoho (has a free plan)', 'mx.acme.example')
    """
    for ending, name in LARGE.items():
        if host == ending or host.endswith(f".{ending}"):
            return name
    free = next((name for part, name in FREE.items() if f".{part}" in f".{host}"), "")
    return f"{free} (has a free plan)" if free else host


@check(
    "mail.parked",
    strength=Strength.WEAK,
    needs=("dns/mx",),
    texts=Texts(
        innocent="A firm that closed or moved leaves its old name with a parking service.",
        ask="Which mail address did the organisation use for its staff?",
        next_step="Compare with a mail or document from the claimed time, if one exists.",
    ),
    idea="Mail that goes to a parking service reaches nobody (red flag 21).",
)
def parked(subject: Subject, scene: Scene) -> Result:
    """The mail of a claimed present firm goes to a parking service. Weak, and only where the claim runs on."""
    rows = [
        row
        for row in subject.facts.all("dns", "mx")
        if any(f".{row.value.rpartition(' ')[2]}".endswith(f".{name}") for name in PARKED)
    ]
    current = [
        claim
        for claim in subject.target.claims
        if claim.role in (Role.EMPLOYER, Role.VENDOR) and claim.period.ongoing
    ]
    if not rows or not current:
        return NoEvidence("no such exchanger was seen, or the claim is of the past")
    hosts = ", ".join(sorted({row.value.rpartition(" ")[2] for row in rows}))
    return [Hit(f"Mail for {subject.domain} goes to a parking service.", observed=hosts, support=tuple(rows))]
