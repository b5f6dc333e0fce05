"""The sites of a case as a STIX 2.1 bundle, marked TLP:AMBER.

Every site is a `domain-name` with `observed-data` and a `note` for each fact; one that may serve for detection has an
`indicator` too. Ids are made of what the objects say (UUID version 5), so that the same findings give the same bytes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from scanner.report.sites import LIMIT, SENTENCES, Site

OURS = uuid.uuid5(uuid.NAMESPACE_URL, "falsefront/stix")
_OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c23-fed01197cb13")  # STIX 2.1, section 2.9
_AMBER: dict[str, Any] = {  # STIX 2.1, section 7.2.1.4
    "type": "marking-definition",
    "spec_version": "2.1",
    "id": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "created": "2017-01-20T00:00:00.000Z",
    "definition_type": "tlp",
    "name": "TLP:AMBER",
    "definition": {"tlp": "amber"},
}
_SINCE = "2024-01-01T00:00:00.000Z"
IDENTITY: dict[str, Any] = {
    "type": "identity",
    "spec_version": "2.1",
    "id": f"identity--{uuid.uuid5(OURS, 'identity')}",
    "created": _SINCE,
    "modified": _SINCE,
    "name": "falsefront",
    "description": "A tool that compares what is said of web sites with the public record.",
    "identity_class": "system",
}


def bundle(sites: Sequence[Site]) -> dict[str, Any]:
    """A STIX bundle; with no site to pass on, it holds the identity alone."""
    objects = [IDENTITY, *([_AMBER] if sites else [])]
    for site in sites:
        objects += _objects(site)
    return {"type": "bundle", "id": f"bundle--{_name(objects)}", "objects": objects}


def _objects(site: Site) -> list[dict[str, Any]]:
    number = uuid.uuid5(_OBSERVABLES, json.dumps({"value": site.domain}, separators=(",", ":")))
    domain: dict[str, Any] = {
        "type": "domain-name",
        "spec_version": "2.1",
        "id": f"domain-name--{number}",
        "value": site.domain,
    }
    domain["object_marking_refs"] = [_AMBER["id"]]
    seen = _made(
        site,
        "observed-data",
        first_observed=_moment(site.since),
        last_observed=_moment(site.seen),
        number_observed=1,
        object_refs=[domain["id"]],
    )
    about = [domain["id"], seen["id"]]
    more = []
    if site.blockable:
        indicator = _made(
            site,
            "indicator",
            name=site.domain,
            description=f"{SENTENCES[site.level]} {LIMIT}",
            indicator_types=["anomalous-activity"],
            pattern=f"[domain-name:value = '{site.domain}']",
            pattern_type="stix",
            valid_from=_moment(site.since),
        )
        based = {"relationship_type": "based-on", "source_ref": indicator["id"], "target_ref": seen["id"]}
        more = [indicator, _made(site, "relationship", **based)]
        about.append(indicator["id"])
    texts = [(site.level.value, f"{SENTENCES[site.level]} {LIMIT}"), *site.facts]
    notes = [_made(site, "note", abstract=what, content=text, object_refs=about) for what, text in texts]
    return [domain, seen, *more, *notes]


def _made(site: Site, kind: str, **what: Any) -> dict[str, Any]:
    """An object of ours. Two scans never share one: whoever takes both in must not see two versions of one thing."""
    content = {
        "type": kind,
        "spec_version": "2.1",
        "created_by_ref": IDENTITY["id"],
        "created": _moment(site.seen),
        "modified": _moment(site.seen),
        "object_marking_refs": [_AMBER["id"]],
        **what,
    }
    return {"id": f"{kind}--{_name([site.scan, content])}", **content}


def _name(content: Any) -> uuid.UUID:
    return uuid.uuid5(OURS, json.dumps(content, sort_keys=True))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
