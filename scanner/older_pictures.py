"""Pictures that another site showed once and has changed or taken down since.

The archive's index tells the very bytes of its captured pictures without a question more (`scanner.shared_pictures`).
What was scaled, encoded anew or mirrored has other bytes: for that a captured picture must be fetched, a turn of the
archive's quota each. So only a few are, of sites there is a reason to look at: first those that go by the name of a
picture of ours, then, where the site shares text or pictures already, the earliest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from scanner.collect.archive import SpentError, Turns, capture
from scanner.egress import EgressError, Network
from scanner.library import Picture
from scanner.model import About, Evidence, Observation, Status
from scanner.observe import observe_in
from scanner.observe.archive import as_page
from scanner.parse import ParsePool
from scanner.shared_pictures import ARCHIVE, is_called_common, pictures_of

MOST = 4
"""Captured pictures fetched for one target; redirects within the archive count."""
_ENDING = re.compile(r"\.(?:jpe?g|jfif|png|gif|webp)\Z", re.IGNORECASE)
_ADDED = re.compile(
    r"(?:[-_](?:\d{2,4}x\d{2,4}|scaled|small|large|thumb|flip(?:ped)?|mirror(?:ed)?|copy)|@[23]x)+\Z"
)
_LEAST_NAME = 3  # letters: shorter names are numbers


@dataclass(frozen=True, slots=True)
class Seen:
    """A captured picture that was fetched: its bytes as the archive gave them, and what it looks like (None for what
    is no picture, or too small)."""

    evidence: Evidence
    picture: Picture | None


def worth_a_turn(
    ours: Sequence[Picture],
    captured: Mapping[str, Iterable[Observation]],
    shown: Collection[str],
    sharing: Collection[str],
) -> list[tuple[str, Observation]]:
    """(site, row of its index) of at most MOST captured pictures, the most telling first.

    ours: the target's pictures. captured: what the index holds of each other site that may be looked at. shown:
    digests, as an archive lists them, of pictures that are known already: the target's, and what the sites show
    today. sharing: sites that share something with the target.
    """
    names = {name for picture in ours if picture.hash and (name := _name(picture.url))}
    ranked = []
    for domain, rows in captured.items():
        for digest, row in _first_of_each(rows).items():
            url = row.value.split(" ", 3)[3]
            alike = _name(url) in names
            if digest not in shown and (alike or domain in sharing) and not is_called_common(url):
                ranked.append((not alike, str(row.starts), domain, url, row))
    ranked.sort(key=lambda one: one[:4])
    return [(domain, row) for _, _, domain, _, row in ranked[:MOST]] if names else []


async def look(
    network: Network, parse: ParsePool, wanted: Sequence[tuple[str, Observation]], found: list[Seen]
) -> tuple[Status, str]:
    """Fetches them into `found`, each as it comes; how it ended. One that the archive does not have after all ends
    nothing."""
    turns, missed = Turns(MOST), ""
    for domain, row in wanted:
        if row.starts is None:
            continue
        url, at = row.value.split(" ", 3)[3], row.starts.first.strftime("%Y%m%d%H%M%S")
        try:
            evidence = await capture(network, url, at, turns)
        except SpentError:
            break
        except EgressError as error:
            if error.status in (Status.THROTTLED, Status.TIMEOUT):  # the next one would fare no better
                return error.status, error.reason
            missed = missed or f"partial picture {error.reason}"
            continue
        found.append(Seen(evidence, await _looked_at(parse, evidence, domain)))
    return Status.OK, missed


async def _looked_at(parse: ParsePool, evidence: Evidence, domain: str) -> Picture | None:
    page = as_page(evidence)
    if page is None:
        return None
    observed = await observe_in(parse, "website", page, About(domain, pictures=True))
    return next(iter(pictures_of(observed, domain, ARCHIVE)), None)


def _first_of_each(rows: Iterable[Observation]) -> dict[str, Observation]:
    """The first capture of each picture, by its digest."""
    found: dict[str, Observation] = {}
    for row in rows:
        words = row.value.split(" ", 3)
        if len(words) < 4 or row.starts is None or words[0] != "200" or not words[1].startswith("image/"):
            continue
        known = found.get(words[2])
        if known is None or known.starts is None or row.starts.last < known.starts.last:
            found[words[2]] = row
    return found


def _name(url: str) -> str:
    """What a picture is called, without what programs add to it; "" for a number or the like.

    >>> _name("https://a.example/img/Team-Harbour-300x200.jpg"), _name("https://b.example/IMG_0042.jpg")
    ('team-harbour', '')
    """
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:  # an archive keeps addresses that no one can open
        return ""
    name = _ADDED.sub("", _ENDING.sub("", path.rpartition("/")[2].lower()))
    letters = sum(letter.isalpha() for letter in name)
    return name if letters > _LEAST_NAME else ""
