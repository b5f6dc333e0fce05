"""The tables of `falsefront sweep`, in words."""

from __future__ import annotations

TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "sweeps": (
        "Beside the contract: long lists that were swept (`falsefront sweep`).",
        {
            "id": "`sweep-` and 8 hex digits over the list and the firms it was compared with",
            "file": "name of the list",
            "likes": "firms its names were compared with, a JSON list",
            "begun_at": "when it was begun",
            "read_at": "when the list was read to its end; empty before",
            "ended_at": "when a run last came to its end; empty before",
            "lines": "lines that were read, without empty ones and comments",
            "repeated": "lines that name a domain which stood there before",
            "rubbish": "lines that name no domain",
            "problems": "the first of those: line and why, a JSON list",
            "dates": "when the firms' own domains were registered, JSON; `<=` before what is a latest date",
        },
    ),
    "sweep_domains": (
        "Beside the contract: the domains of those lists, which stages looked at them, and why they went no further.",
        {
            "sweep_id": "list it stands on",
            "domain": "registrable domain",
            "line": "line it stands on first",
            "rank": "order in which they are looked at and shown; 0 for nothing to look into. No measure of anything",
            "asked": "stages that asked about it, a sum of 1 offline, 2 DNS, 4 registration, 8 pages",
            "done": "stages that got an answer, likewise",
            "next": "the stage it waits for, likewise; 0 when it goes no further",
            "reason": "why it goes no further, or why a stage got no answer: a slug, then words",
            "facts": "what was seen, a JSON list of kind and text",
            "registered": "when the registry says it was registered; `<=` before what is a latest date",
            "case_id": "case of the scan of its pages; empty without one",
            "level": "level that scan gave it; empty without one",
        },
    ),
}
