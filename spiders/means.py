"""What a crawler works with: the door to the internet and the pool of parsers.

Scrapy builds its components from a crawler, so the two are kept by crawler. Inside a scan they are the scan's
own; `scrapy crawl` makes them from the network file its settings or the environment name.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from scanner.egress import Network, NetworkConfig
from scanner.parse import ParsePool


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    network: Network
    parse: ParsePool


_OF: WeakKeyDictionary[Crawler, Means] = WeakKeyDictionary()


def give(crawler: Crawler, means: Means) -> None:
    """Let this crawler's components work with these."""
    _OF[crawler] = means


def of(crawler: Crawler) -> Means:
    """What the crawler was given. Raises LookupError before that: nothing is fetched by another door."""
    try:
        return _OF[crawler]
    except KeyError:
        raise LookupError(
            "this crawler has no network: it must be started by an engine or a spider of ours"
        ) from None


def network_file(settings: BaseSettings) -> NetworkConfig | None:
    """The network file `-s FALSEFRONT_NETWORK=FILE` or the environment names; None is the real internet."""
    name = settings.get("FALSEFRONT_NETWORK") or os.environ.get("FALSEFRONT_NETWORK")
    return NetworkConfig.load(Path(name)) if name else None
