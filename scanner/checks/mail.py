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
    asked = {row.value for row in subject.facts.all("dns", "answered")}
    if attempt is None or attempt.status is not Status.OK or "MX" not in asked:
        return NoEvidence("the question for mail exchangers was not answered")
    records = subject.facts.all("dns", "mx")
    null = [row for row in records if row.value in ("0 .", "0 ")]
    if records and not null:
        return ()
    words = "refuses all mail (null MX)" if null else "has no mail exchanger"
    return [Hit(f"{subject.domain} {words}.", observed=words, support=tuple(null))]
