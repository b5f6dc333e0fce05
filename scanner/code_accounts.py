"""Which account on a code platform an address names. Only GitHub's: its public record answers without a log-in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from scanner.domains import host_of
from scanner.model import Target, Why

PLATFORM = "github.com"
SEVERAL = 3
"""More accounts than this on one site are other people's: a team, a list, a directory."""
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}\Z")
_NOT_ACCOUNTS = frozenset(
    re.findall(
        r"[\w-]+",
        "about account apps blog codespaces collections contact customer-stories dashboard enterprise events explore"
        " features gist home issues join login logout marketplace new notifications organizations orgs pricing pulls"
        " readme search security sessions settings signup site sponsors stars team teams topics trending watching",
    )
)


def login_of(url: str) -> str:
    """The account an address on GitHub belongs to, in lower case; "" for any other address.

    >>> login_of("https://github.com/Jane-Doe/tool"), login_of("https://github.com/features"), login_of("https://a.example/x")
    ('jane-doe', '', '')
    """
    try:
        if host_of(url) not in (PLATFORM, f"www.{PLATFORM}"):
            return ""
        first = urlsplit(url).path.lstrip("/").split("/")[0]
    except ValueError:
        return ""
    return first.lower() if _LOGIN.match(first) and first.lower() not in _NOT_ACCOUNTS else ""


def is_account(target: Target) -> bool:
    """Whether a target stands for an account that a claim names; the platform itself is not looked at."""
    return target.domain == PLATFORM and target.why is Why.LEAD


def own_account(socials: Iterable[str]) -> str:
    """Of the accounts a site gives as its own (values of `contact/social`), the one on GitHub that it names most
    often; "" where it names none, or more than a few.

    >>> own_account(["github https://github.com/jane", "x https://x.com/jane"])
    'jane'
    """
    counted = Counter(
        login
        for service, _, url in (value.partition(" ") for value in socials)
        if service == "github" and (login := login_of(url))
    )
    if not counted or len(counted) > SEVERAL:
        return ""
    return min(counted, key=lambda login: (-counted[login], login))
