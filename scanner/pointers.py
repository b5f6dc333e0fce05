"""Observations that name another site, and where each names it: one reading for whoever plans, checks and reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scanner.domains import same_site
from scanner.model import Observation

RANKED: tuple[Mapping[str, str], ...] = (
    {"redirect": "it redirects there", "former": "it names it as its earlier address"},
    {
        "canonical": "the page's canonical address names it",
        "og-url": "the page's og:url names it",
        "base": "the page's base address names it",
        "saved-from": "a trace of what saved the page names it",
    },
    {"mail": "its mail links lead there", "identifier": "an identifier of the site was seen there before"},
    {"form": "its forms are sent there"},
    {"json-ld": "its structured data gives it as its own address"},
    {
        "head-link": "its feed or short link lies there",
        "api": "its scripts call it",
        "source-map": "its scripts name it as their source",
        "menu": "its menu leads there",
    },
    {
        "og-image": "the page's og:image lies there",
        "image": "its pictures lie there",
        "asset": "its scripts or styles lie there",
        "name": "a logo, a picture's file name or a notice carries its name",
    },
    {"comment": "a comment in the page names it", "humans": "its humans.txt names it"},
)
PLACES = {place: words for group in RANKED for place, words in group.items()}
"""Places that lead to another site, with the reason a report gives."""
RANKS = {place: rank for rank, group in enumerate(RANKED) for place in group}
LAST = len(RANKED)
POINTING = (
    ("website", "redirect"),
    ("page", "former_domain"),
    ("page", "left_over"),
    ("lead", "same_name"),
    ("lead", "same_identifier"),
)
"""What is read here, as (kind, name)."""
_WHOLE = frozenset(
    {"canonical", "og-url", "base", "saved-from"}
)  # their address is that of the page's original


def because(domain: str, observations: Iterable[Observation]) -> str:
    """Why a target's observations led to another domain, in words; "" where they name none."""
    best = ""
    for row in observations:
        place, url = pointer(row)
        if place in PLACES and same_site(url, domain) and (not best or RANKS[place] < RANKS[best]):
            best = place
    return PLACES.get(best, "")


def pointer(row: Observation) -> tuple[str, str]:
    """The place an observation names another site in, and the address it names; ("", "") for any other."""
    key = (row.kind, row.name)
    if key == ("website", "redirect"):
        return "redirect", row.value.rpartition(" -> ")[2]
    if key == ("page", "former_domain"):
        return "former", f"https://{row.value}/"
    if key == ("page", "left_over"):
        place, _, rest = row.value.partition(" ")
        domain, _, seen = rest.partition(" ")
        return place, _entry(domain, seen) if place in _WHOLE else f"https://{domain}/"
    if row.kind == "lead":
        return row.name.removeprefix("same_"), f"https://{row.value.partition(' ')[0]}/"
    return "", ""


def _entry(domain: str, seen: str) -> str:
    """Where to begin on a site: at the page that was named, without what follows its path."""
    url = seen.partition("#")[0].partition("?")[0]
    url = url if "://" in url else f"https://{url}"
    return url if url.startswith(("https://", "http://")) and same_site(url, domain) else f"https://{domain}/"
