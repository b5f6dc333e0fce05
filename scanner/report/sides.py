"""What the two values of a finding are called: most set a claim against the record, and some set two other things
beside each other."""

from __future__ import annotations

USUAL = ("Claimed", "On record")
_ON_SITE = ("Claimed", "On the site")
_SAME_KIND = ("Here", "There")
_LISTED = ("Named", "On the list")

FAMILIES = {"copy": _SAME_KIND, "contact": _ON_SITE, "identity": _ON_SITE, "safety": _ON_SITE}
"""Where the values of a whole family are of another kind."""

CHECKS = {
    "coherence.shared-text": ("Claimed", "Seen at"),
    "contact.earlier-place": USUAL,
    "contact.place-then": USUAL,
    "history.page-claims-too-early": ("The pages say", "On record"),
    "history.young-content": ("Stated", "In the archive"),
    "history.archived-pages": ("Today", "In the archive"),
    "infrastructure.delegation-differs": ("One side", "Other side"),
    "infrastructure.front-identifier": ("On the site", "Published"),
    "known.listed-contact": ("On the site", "Published"),
    "known.listed-domain": ("Claimed", "On the list"),
    "known.listed-officer": _LISTED,
    "known.listed-organisation": _LISTED,
    "known.name-family": ("Claimed", "On the list"),
    "profile.rewritten-authors": _SAME_KIND,
    "seizure.banner": ("The page names", "Also seen"),
}


def called(check_id: str) -> tuple[str, str]:
    """The names of a finding's values `claimed` and `observed`.

    >>> called("history.claim-before-life"), called("copy.later-copy")
    (('Claimed', 'On record'), ('Here', 'There'))
    """
    return CHECKS.get(check_id) or FAMILIES.get(check_id.partition(".")[0], USUAL)
