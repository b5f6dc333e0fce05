"""Contact: by which means can the claimed organisation be reached, and whose are they?"""

from __future__ import annotations

from functools import cache

import phonenumbers

from scanner.checks.base import Hit, NoEvidence, Result, Texts, check
from scanner.checks.facts import Scene, Subject
from scanner.checks.identity import FIRM_ROLES
from scanner.domains import split
from scanner.hostnames import DomainError
from scanner.knowledge import mail_kind
from scanner.model import Strength

THROUGH_A_REGISTER = (
    "Find the organisation's number in a company register or an old directory, and use that; contacts here belong "
    "to whoever runs this site."
)
_KINDS = {
    "FIXED_LINE": "landline",
    "MOBILE": "mobile",
    "FIXED_LINE_OR_MOBILE": "landline or mobile",
    "TOLL_FREE": "freephone",
    "PREMIUM_RATE": "premium rate",
    "SHARED_COST": "shared cost",
    "VOIP": "internet telephony",
    "PERSONAL_NUMBER": "personal number",
    "UAN": "company-wide number",
}
_REACHED = ("mail", "phone", "address")


@cache
def base_of(host: str) -> str:
    """The registrable domain of a mail host, the host itself where there is none."""
    try:
        return split(host).registrable or host
    except DomainError:
        return host


def _firm(subject: Subject) -> bool:
    return not subject.target.platform and any(claim.role in FIRM_ROLES for claim in subject.target.claims)


@check(
    "contact.free-mail",
    strength=Strength.WEAK,
    needs=("contact/mail",),
    texts=Texts(
        innocent="Small firms everywhere run on free mail, and some use it for applications only.",
        ask="Which mail address did the organisation write to you from?",
        next_step=THROUGH_A_REGISTER,
    ),
    idea="Firms with a site of their own, reached at free mail only (red flag 20, published cases of references).",
)
def free_mail(subject: Subject, scene: Scene) -> Result:
    """Every mailbox on a claimed firm's pages is with a free mail provider.

    Weak; medium where one is with a provider of mailboxes that last for minutes. A candidate's own mail and a
    portfolio's say nothing and aren't looked at.
    """
    mails = subject.facts.values("contact", "mail")
    if not mails or not _firm(subject):
        return NoEvidence("no mailbox was seen, or no firm is claimed")
    kinds = {mail: mail_kind(mail.rpartition("@")[2]) for mail in mails}
    short = [mail for mail in mails if kinds[mail] == "disposable"]
    if not short and not all(kinds.values()):
        return ()
    what = "with a provider of short-lived mailboxes" if short else "with a free provider"
    shown = (short or list(mails))[:3]
    return [
        Hit(
            f"{'A mailbox' if short else 'Every mailbox'} on the pages of {subject.domain} is {what}.",
            observed=", ".join(shown),
            support=tuple(row for row in subject.facts.all("contact", "mail") if row.value in shown),
            strength=Strength.MEDIUM if short else Strength.WEAK,
        )
    ]


@check(
    "contact.mail-elsewhere",
    strength=Strength.CONTEXT,
    needs=("contact/mail",),
    texts=Texts(
        innocent="Firms write from a parent's, an older or a shorter domain, and name partners on their pages.",
        ask="From which mail domain did the organisation write to its staff?",
        next_step="Look the other domain up beside this one: who runs it, and since when.",
    ),
    idea="Mail domains near a real firm's, or left over from another site (red flags 9 and 19).",
)
def mail_elsewhere(subject: Subject, scene: Scene) -> Result:
    """Mailboxes on the pages lie on other domains than the site's own, as a fact; one that differs from it by an
    ending or a letter is named first."""
    own = base_of(subject.domain)
    rows = [
        row
        for row in subject.facts.all("contact", "mail")
        if (base := base_of(row.value.rpartition("@")[2])) != own and not mail_kind(base)
    ]
    if not rows or subject.target.platform:
        return NoEvidence("no mailbox on another domain was seen")
    domains = sorted(
        {base_of(row.value.rpartition("@")[2]) for row in rows}, key=lambda name: (not _near(name, own), name)
    )
    near = f", which is spelled almost like {own}" if _near(domains[0], own) else ""
    return [
        Hit(
            f"Mailboxes on the pages lie on {', '.join(domains[:3])}{near}.",
            observed=", ".join(sorted({row.value for row in rows})[:5]),
            support=tuple(rows),
        )
    ]


def _near(one: str, other: str) -> bool:
    """The same label under another ending, or one letter more, less or other.

    >>> _near("acme-soft.co", "acme-soft.com"), _near("acmesoft.com", "acme-soft.com"), _near("acme.com", "ibm.com")
    (True, True, False)
    """
    ours, theirs = one.partition(".")[0], other.partition(".")[0]
    if ours == theirs:
        return True
    if abs(len(ours) - len(theirs)) > 1 or min(len(ours), len(theirs)) < 5:
        return False
    short, long = sorted((ours, theirs), key=len)
    at = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at:] == long[at + 1 :] if len(short) < len(long) else short[at + 1 :] == long[at + 1 :]


@check(
    "contact.placeholders",
    strength=Strength.WEAK,
    needs=("contact/placeholder",),
    texts=Texts(
        innocent="A theme's own details are easily overlooked in a corner of a page.",
        ask="How did the organisation's customers reach it?",
        next_step=THROUGH_A_REGISTER,
    ),
    idea="Sites put up in a hurry keep the theme's phone, street and mailbox (red flag 14).",
)
def placeholders(subject: Subject, scene: Scene) -> Result:
    """Where a claimed firm's own contacts belong, the theme's still stand: 555 numbers, 123 Main St, your@email.

    Weak; medium where two kinds or more are there and no real mailbox, number or address is.
    """
    rows = subject.facts.all("contact", "placeholder")
    if not rows or not _firm(subject):
        return NoEvidence("none was seen, or no firm is claimed")
    values = subject.facts.values("contact", "placeholder")
    kinds = {value.partition(" ")[0] for value in values}
    bare = not any(subject.facts.all("contact", name) for name in _REACHED)
    return [
        Hit(
            f"The pages of {subject.domain} still show a theme's contacts{' and none of its own' if bare else ''}.",
            observed=", ".join(values[:5]),
            support=rows,
            strength=Strength.MEDIUM if bare and len(kinds) > 1 else Strength.WEAK,
        )
    ]


@check(
    "contact.no-direct-contact",
    strength=Strength.WEAK,
    needs=(
        "contact/mail",
        "contact/phone",
        "contact/address",
        "contact/form",
        "contact/messenger",
        "page/state",
    ),
    texts=Texts(
        innocent="Many sites give only a form to keep spam away, or a messenger, as is usual in many places.",
        ask="How did customers and staff reach the organisation?",
        next_step=THROUGH_A_REGISTER,
    ),
    idea="Only a form, or only a messenger, on a firm's site (red flags 6, 14 and 37).",
)
def no_direct_contact(subject: Subject, scene: Scene) -> Result:
    """A claimed firm's pages give no mailbox, phone number or postal address: only a form, a messenger or nothing.

    Said only where two pages with content or more were read. Weak; thin portfolios are not looked at.
    """
    pages = [row for row in subject.facts.all("page", "state") if row.value.startswith("content ")]
    if len(pages) < 2 or not _firm(subject):
        return NoEvidence("fewer than two pages were read, or no firm is claimed")
    if any(subject.facts.all("contact", name) for name in _REACHED):
        return ()
    chats, forms = subject.facts.all("contact", "messenger"), subject.facts.all("contact", "form")
    only = "only a messenger" if chats else "only a form" if forms else "no way to reach anyone"
    return [
        Hit(
            f"{len(pages)} pages of {subject.domain} give {only}.",
            observed=", ".join(row.value for row in chats[:3]) or only,
            support=(*chats, *forms, *pages),
        )
    ]


@check(
    "contact.phones",
    strength=Strength.CONTEXT,
    needs=("contact/phone", "contact/phone_country"),
    texts=Texts(
        innocent="Most small firms use internet telephony or a mobile number.",
        ask="On which number did you reach the organisation's office?",
        next_step="Compare with a number found in a company register; numbers here belong to whoever runs this site.",
    ),
    idea="Kind and region of a number, for whoever compares it (red flags 16 and 18).",
)
def phones(subject: Subject, scene: Scene) -> Result:
    """The numbers on the pages with their region and kind (landline, mobile, internet telephony), as facts."""
    rows = subject.facts.all("contact", "phone")
    if not rows:
        return NoEvidence("no number was seen")
    listed = "; ".join(_described(number) for number in subject.facts.values("contact", "phone")[:4])
    return [Hit(f"Phone numbers on the pages: {listed}.", observed=listed, support=rows)]


@cache
def _described(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    kind = _KINDS.get(
        phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(parsed)), "kind unknown"
    )
    region = phonenumbers.region_code_for_number(parsed) or "no region"
    return f"{number} ({region}, {kind})"


@check(
    "contact.shared-office",
    strength=Strength.CONTEXT,
    needs=("contact/shared_office",),
    texts=Texts(
        innocent="Registered agents, mail forwarding and co-working are how thousands of honest firms get an address.",
        ask="Where did people of the organisation sit and meet?",
        next_step="Look the legal name up in the register; the address of an agent tells nothing more.",
    ),
    idea="Addresses that are mail drops (red flag 15): normal for young firms, so context.",
)
def shared_office(subject: Subject, scene: Scene) -> Result:
    """The postal address on the pages is one that a service lends to many: a registered agent, mail forwarding,
    co-working."""
    rows = subject.facts.all("contact", "shared_office")
    if not rows:
        return NoEvidence("no such address was seen")
    what = sorted({row.value.partition(":")[0] for row in rows})
    return [
        Hit(
            f"The address on the pages is shared by many firms ({'; '.join(what[:3])}).",
            observed=rows[0].value,
            support=rows,
        )
    ]


@check(
    "contact.payment",
    strength=Strength.CONTEXT,
    needs=("contact/payment",),
    texts=Texts(
        innocent="Projects take donations, and firms in that field are paid so.",
        ask="How were you paid?",
        next_step="Compare the addresses with those your payroll or compliance team knows.",
    ),
    idea="Payment addresses are exact and can be compared (red flag 38); accepting crypto is nobody's fault.",
)
def payment(subject: Subject, scene: Scene) -> Result:
    """Payment addresses on the pages, as facts; a coin's address counts only where its checksum holds."""
    rows = subject.facts.all("contact", "payment")
    if not rows:
        return NoEvidence("no payment address was seen")
    values = subject.facts.values("contact", "payment")
    kinds = ", ".join(sorted({value.partition(" ")[0] for value in values}))
    return [Hit(f"Payment addresses on the pages: {kinds}.", observed="; ".join(values[:5]), support=rows)]
