"""The sites of a case as one MISP event: for your organisation only, tagged tlp:amber and not published, so that a
person looks before it goes further. Ids are made of what the event says: the same findings give the same bytes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from scanner.report.sites import LIMIT, SENTENCES, Site

OURS = uuid.uuid5(uuid.NAMESPACE_URL, "falsefront/misp")
INFO = "Web sites whose public record does not fit what is said of them"
_UNDEFINED, _INITIAL, _OWN_ORGANISATION, _INHERIT = "4", "0", "0", "5"


def event(sites: Sequence[Site], scan: str, day: datetime) -> dict[str, Any]:
    """An event as MISP's core format has it. scan, day: which scan it is about; it has no attribute where no site may
    be passed on."""
    rows = [row for site in sites for row in _attributes(site)]
    stamp = _stamp(max((site.seen for site in sites), default=day))
    return {
        "Event": {
            "uuid": _name([scan, rows]),
            "info": INFO,
            "date": day.astimezone(UTC).date().isoformat(),
            "timestamp": stamp,
            "published": False,
            "threat_level_id": _UNDEFINED,
            "analysis": _INITIAL,
            "distribution": _OWN_ORGANISATION,
            "Orgc": {"name": "falsefront", "uuid": _name("organisation")},
            "Tag": [{"name": "tlp:amber", "colour": "#FFC000"}],
            "Attribute": rows,
        }
    }


def _attributes(site: Site) -> list[dict[str, Any]]:
    domain = _attribute(
        site,
        "domain",
        "Network activity",
        site.domain,
        f"{SENTENCES[site.level]} {LIMIT}",
        detects=site.blockable,
    )
    facts = [_attribute(site, "text", "Other", text, f"{site.domain}: {check}") for check, text in site.facts]
    return [domain, *facts]


def _attribute(
    site: Site, kind: str, category: str, value: str, comment: str, *, detects: bool = False
) -> dict[str, Any]:
    content = {
        "type": kind,
        "category": category,
        "value": value,
        "comment": comment,
        "to_ids": detects,
        "disable_correlation": kind != "domain",
        "distribution": _INHERIT,
        "timestamp": _stamp(site.seen),
    }
    return {"uuid": _name([site.scan, content]), **content}


def _name(content: Any) -> str:
    return str(uuid.uuid5(OURS, json.dumps(content, sort_keys=True)))


def _stamp(moment: datetime) -> str:
    return str(int(moment.timestamp()))
