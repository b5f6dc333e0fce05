"""What no report may say, whatever was found: read over our own words in a rendered page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

ACCUSING = re.compile(
    r"\b(fraud\w*|fake\w*|liar\w*|lied|lying|suspect\w*|suspicious|scam\w*|guilt\w*|criminal\w*|cheat\w*|deceiv\w*"
    r"|deception|dishonest\w*|bogus|sham|forged|forgery|thief|thieves|crook\w*|con artist\w*|perpetrat\w*|malicious\w*"
    r"|threat actor\w*|bad actor\w*|north korea\w*|dprk|impost\w*|red flags?|offender\w*|culprit\w*|accus\w*)\b",
    re.IGNORECASE,
)
PERCENT_OF_GUILT = re.compile(
    r"\d\s*(%|per ?cent)|\b(probabilit\w+|likelihood|risk score|confidence|odds|chance) (of|that|is)\b",
    re.IGNORECASE,
)
VIA_THE_SITE = re.compile(
    r"(call|write to|mail|phone|contact|ask|reach|ring)\w* (the |a |its |any )?"
    r"(number|mailbox|address|phone|contact|form)s?.{0,40}\b(on|from|given on|found on) (the|this|its) (site|page)s?"
    r"|(its|the site's|the page's) own (number|mailbox|phone|contact|form)",
    re.IGNORECASE,
)
ADVICE = ".box, .fact dd, .limits"
"""Where the page tells somebody what to do."""


def own_words(page: str, part: str = "body") -> str:
    """The text of a page without what came from elsewhere (it stands in `bdi`, the appendix and the style)."""
    tree = LexborHTMLParser(page)
    for node in tree.css("bdi, style, .appendix, .made"):
        node.decompose()
    return " ".join(" ".join(node.text(separator=" ").split()) for node in tree.css(part))


def faults(page: str) -> Iterator[str]:
    """Every place where our own words break a rule."""
    text, advice = own_words(page), own_words(page, ADVICE)
    for rule, pattern, words in (
        ("accuses", ACCUSING, text),
        ("gives a percentage", PERCENT_OF_GUILT, text),
        ("verifies through the site", VIA_THE_SITE, advice),
    ):
        for found in pattern.finditer(words):
            yield f"{rule}: …{words[max(0, found.start() - 60) : found.end() + 30]}…"
    for found in re.finditer(
        r"""(?:href|src|action|xlink:href|srcset|poster)\s*=\s*["']?([^"'\s>]*)""", page
    ):
        if not found[1].startswith(("#", "data:image/")):
            yield f"leads out of the page: {found[0][:80]}"
