"""A name in other hands: what today's pages say when the claimed organisation had left the address before."""

from __future__ import annotations

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.claims import dated_claims, ended_before, named
from scanner.checks.facts import Scene, Subject
from scanner.checks.one_business import Record, organisation_claims, over_years, seen_then
from scanner.firm_names import telling
from scanner.model import Bound, Strength
from scanner.wording import quoted

TODAYS_PAGES = (
    "contact.free-mail",
    "contact.no-direct-contact",
    "contact.phone-country",
    "contact.placeholders",
    "copy.later-copy",
    "copy.shared-pictures",
    "copy.two-addresses",
    "copy.undated-likeness",
    "history.young-content",
    "identity.accounts-for-rent",
    "identity.left-over-name",
    "identity.made-up-experience",
    "identity.mainly-verification",
    "identity.one-contact-many-firms",
    "identity.other-organisation",
    "identity.praise-for-another",
    "mail.no-mail-setup",
    "mail.parked",
)
"""What is read from today's pages and mail setup, and so concerns whoever has the address now. Not among them: lists,
identifiers of listed fronts and seizures, for whose hands a name came into matters; and the reader's own safety."""


@check(
    "history.another-holder-since",
    strength=Strength.CONTEXT,
    needs=("archive/held", "archived/site_name", "archived/text", "page/text", "registration/created"),
    texts=Texts(
        innocent="This speaks for the claim: names of closed firms lapse, and others buy them.",
        ask="Do you know what became of the organisation and of its web address?",
        next_step="Look the organisation up in the company register; today's site tells nothing about it.",
    ),
    idea="Lapsed names of real firms are bought by others: what stands there then isn't theirs (red flag 7).",
)
def another_holder_since(subject: Subject, scene: Scene) -> Result:
    """Speaks for the claim: the claimed organisation was at the address in the claimed years, and the name was
    registered anew after all claims on it had ended, by somebody whose site has nothing in common with it.

    The archive must show the organisation in two different years of each claim, the first of them within two years of
    its beginning. Then what today's pages say, offer or copy is somebody else's, and is set aside. Never
    where today's site or a capture since carries the organisation's name, contacts, accounts or text: whoever shows a
    dead firm's pages again is not a stranger to the claim.
    """
    claims, organisations = list(dated_claims(subject)), organisation_claims(subject)
    created = subject.facts.earliest("registration", "created")
    if created is None or created.starts is None or created.bound is not Bound.AT:
        return NoEvidence("no registration date was given")
    if not claims or len(claims) != len(subject.target.claims) or len(organisations) != len(claims):
        return NoEvidence("not every claim on the address is dated and of an organisation")
    since = created.starts
    record = Record.of(subject)
    if record.now is None or not telling(record.now.called()):
        return NoEvidence("today's site was not read, or does not say whose it is")
    today = len(record.pages)
    hits = []
    for claim, start in claims:
        pages, days = seen_then(subject, record, claim, start)
        kept = {n for n in record.own(claim) if n == today or record.pages[n].at.last >= since.first}
        if kept or not ended_before(claim, since) or not over_years(days, start):
            return ()
        hits.append(
            Hit(
                f"{subject.domain} was registered anew on {since.day}, after the claimed time, and shows another "
                f"name today ({quoted(record.now.called())}).",
                claimed=named(claim),
                observed=f"{quoted(pages[0].called())} archived {days[0].day} to {days[-1].day}",
                support=(created, *(row for page in pages for row in page.rows if row.name in _CITED)),
                defeats=TODAYS_PAGES,
                lowers=True,
            )
        )
    return hits


_CITED = ("held", "title", "site_name", "copyright")
