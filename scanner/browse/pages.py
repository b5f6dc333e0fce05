"""Case, target, map and search. Every page is one function: read rows, hand them to a template."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from datasette.utils import escape_fts
from datasette.utils.asgi import NotFound, Request, Response

from scanner.browse import history, queries
from scanner.browse.answers import Asked, Row, grouped, path_of
from scanner.browse.changed import told, told_of
from scanner.browse.drawn import axis, bar, lines, spots
from scanner.browse.linkmap import MOST_NODES, Link, draw, nearest
from scanner.browse.shown import MOST
from scanner.browse.sweeps import swept
from scanner.domains import host_of
from scanner.hostnames import DomainError, to_ascii
from scanner.report import document, html_facts, html_timeline
from scanner.report.html_steps import asks_of, steps_of
from scanner.report.html_words import LEVELS
from scanner.store import ScanRecord, Store

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST_FACTS = 400
MOST_LINKS = 400
"""Rows of the table beside a map."""
MOST_TIMELINES = 12
_ORDER = [*LEVELS, ""]


async def case(datasette: Datasette, request: Request) -> Response:
    """One case: what it claims, each address with its verdict, the years, what to do next. No other case's name."""
    asked = await Asked.allowed(datasette, request)
    name, uid = asked.part("case"), asked.arg("scan")
    found = await asked.stored(lambda store: _case(store, name, uid))
    if found is None:
        raise NotFound(f"No such case{' or scan' if uid else ''}.")
    scans = await asked.rows(queries.CASE_SCANS, [name])
    reused = grouped(_aged(await asked.rows(queries.REUSED, [found["record"].id])), "domain")
    watched = await asked.rows(queries.WATCHES, {"case": name, "late": ""})
    return await asked.page(
        "falsefront_case.html",
        scans=scans,
        newest=scans[0]["uid"],
        changes=told(await asked.rows(queries.CHANGES_OF, {"case": name})),
        watch=watched[0] if watched else None,
        reused=reused,
        **found,
    )


def _case(store: Store, name: str, uid: str) -> dict[str, Any] | None:
    record = (
        next((scan for scan in store.scans(name) if scan.uid == uid), None)
        if uid
        else store.latest_scan(name)
    )
    if record is None:
        return None
    found = document.of_scan(store, record)
    _number(store, record, found)
    facts = html_facts.of_scan(store, record)
    drawn = {
        domain: html_timeline.draw(
            claims, facts.rows.get(domain, ()), facts.attempts.get(domain, ()), record.as_of
        )
        for domain, claims in list(facts.claims.items())[:MOST_TIMELINES]
        if claims
    }
    standing = _standing(found)
    found["targets"].sort(key=lambda row: _ORDER.index(row["level"] or ""))  # what needs a person first
    judged = [row for row in found["targets"] if row["level"]]
    return {
        "case": found,
        "about": [row["domain"] for row in judged if row["level"] == found["level"]]
        if len(judged) > 1
        else [],
        "record": record,
        "claims": store.case(record).claims,
        "timelines": drawn,
        "steps": steps_of([(one["next_step"], domain) for domain, one in standing], found["unaddressed"]),
        "asks": asks_of([(one["ask"], domain) for domain, one in standing], found["unaddressed"]),
    }


def _number(store: Store, record: ScanRecord, found: dict[str, Any]) -> None:
    """The ids of findings, for links: the document itself speaks without them."""
    rows = store.findings_of(record)
    ids = {(row["domain"], row["check_id"], row["statement"], row["claimed"]): row["id"] for row in rows}
    for domain, findings in [(t["domain"], t["findings"]) for t in found["targets"]] + [
        ("", found["findings"])
    ]:
        for one in findings:
            one["number"] = ids.get((domain, one["check_id"], one["statement"], one["claimed"]))


def _standing(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Undefeated findings against the claims, each with its domain ("" for the case), the strongest first."""
    order = ("decisive", "strong", "medium", "weak")
    every = [(target["domain"], one) for target in found["targets"] for one in target["findings"]]
    every += [("", one) for one in found["findings"]]
    counted = [
        (domain, one) for domain, one in every
        if not one["defeated_by"] and one["strength"] in order and one["score"] > 0
    ]  # fmt: skip
    return sorted(
        counted, key=lambda row: (order.index(row[1]["strength"]), -row[1]["score"], row[1]["check_id"])
    )


async def target(datasette: Datasette, request: Request) -> Response:
    """One address: all facts by source, the scans that looked at it, findings, pages, and what it shares."""
    asked = await Asked.allowed(datasette, request)
    row = await _target(asked)
    swept_in = swept(await asked.rows(queries.SWEPT, [row["domain"]]))
    if row["id"] is None:
        return await asked.page("falsefront_swept.html", target=row, swept=swept_in)
    scans = await asked.rows(queries.TARGET_SCANS, [row["id"]])
    wanted = asked.arg("scan")
    judged = next(
        (one for one in scans if one["level"]), scans[0] if scans else None
    )  # not one that just began
    scan = next((one for one in scans if one["uid"] == wanted), None) if wanted else judged
    if scan is None:
        raise NotFound("No such scan of this address.")
    which = {"scan": scan["id"], "target": row["id"]}
    lived = await asked.stored(lambda store: history.of_target(store, row["id"], row["domain"]))
    facts = await asked.rows(queries.OBSERVATIONS, {**which, "size": MOST_FACTS + 1})
    return await asked.page(
        "falsefront_target.html",
        target=row,
        scans=scans,
        scan=scan,
        attempts=_aged(await asked.rows(queries.TARGET_ATTEMPTS, which)),
        findings=await asked.rows(queries.TARGET_FINDINGS, which),
        facts=grouped(facts[:MOST_FACTS], "source"),
        more_facts=len(facts) > MOST_FACTS,
        site=await asked.rows(queries.TARGET_PAGES, which),
        links=await asked.rows(queries.LINKS, {"domain": row["domain"], "size": 15}),
        lived=lived,
        axis=axis,
        bar=bar,
        changes=told_of(lived.changes),
        waiting=told_of(lived.waiting),
        swept=swept_in,
    )


def _aged(attempts: list[Row]) -> list[Row]:
    """With `age`: days from the first coming of an answer to the scan that took it over."""
    for row in attempts:
        asked_at, came = row["started_at"], row["first_came"]
        both = asked_at and came
        row["age"] = (datetime.fromisoformat(asked_at) - datetime.fromisoformat(came)).days if both else None
    return attempts


async def link_map(datasette: Datasette, request: Request) -> Response:
    """What a site has in common with others, drawn and as a table."""
    asked = await Asked.allowed(datasette, request)
    centre = asked.part("domain")
    own = await asked.rows(queries.LINKS, {"domain": centre, "size": 2 * MOST_LINKS})
    own = await _with_texts(asked, own, [centre], 2 * MOST_LINKS)
    known = await asked.rows(queries.HAS_TARGET, [centre])
    if not own and not known:
        raise NotFound("No such address here.")
    direct = [Link(**row) for row in own]
    near = nearest(centre, direct)
    around = {"domains": json.dumps(near), "size": 3 * MOST_LINKS}
    rows = await asked.rows(queries.LINKS_OF, around) if direct else []
    further = [Link(**row) for row in await _with_texts(asked, rows, near, 3 * MOST_LINKS)]
    links = list(dict.fromkeys([*direct, *further]))
    drawn = draw(centre, links)
    named = {"domains": json.dumps([node.domain for node in drawn.nodes])}
    targets = {row["domain"] for row in await asked.rows(queries.KNOWN_TARGETS, named)}
    listed = {row["value"] for row in await asked.rows(queries.LISTED, named)}
    return await asked.page(
        "falsefront_map.html",
        centre=centre,
        map=drawn,
        lines=lines(drawn.edges),
        spots=spots(drawn.nodes, targets, listed, lambda name: datasette.urls.path(path_of("target", name))),
        links=links[:MOST_LINKS],
        more_links=len(links) > MOST_LINKS,
        most=MOST_NODES,
        targets=targets,
    )


async def _with_texts(asked: Asked, links: list[Row], domains: list[str], size: int) -> list[Row]:
    """The links and, before those as rare, the texts that sites share with others."""
    texts = (
        await asked.rows(queries.TEXTS_OF, {"domains": json.dumps(domains), "size": size}) if domains else []
    )
    return sorted([*texts, *links], key=lambda row: -row["rarity"])


async def search(datasette: Datasette, request: Request) -> Response:
    """Words of pages, addresses and cases."""
    asked = await Asked.allowed(datasette, request)
    words = asked.arg("q").strip()
    pages: list[Row] = []
    targets: list[Row] = []
    cases: list[Row] = []
    if words:
        query = escape_fts(words.replace("\0", " "))
        pages = await asked.rows(queries.SEARCH, {"query": query}) if query.strip('" ') else []
        targets = await asked.rows(queries.SEARCH_TARGETS, {"part": _host(words)})
        like = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        cases = await asked.rows(queries.SEARCH_CASES, {"query": words, "words": f"%{like}%"})
    return await asked.page(
        "falsefront_search.html", q=words, pages=pages, targets=targets, cases=cases, most=MOST
    )


def _host(words: str) -> str:
    """The part of a name to look for: of an address somebody pasted its host, as the database spells it.

    >>> _host("https://www.acme.example/about"), _host("Acme"), _host("müller.example")
    ('acme.example', 'acme', 'xn--mller-kva.example')
    """
    found = (host_of(words) if "/" in words else words).lower().removeprefix("www.")
    try:
        return to_ascii(found) if "." in found else found
    except DomainError:
        return found


async def _target(asked: Asked) -> Row:
    """The address; `id` None for one that only a sweep met. Raises NotFound."""
    try:
        name = to_ascii(asked.part("domain"))
    except DomainError:
        raise NotFound("No such address here.") from None
    found = await asked.rows(queries.TARGET, [name])
    if not found and await asked.rows(queries.SWEPT, [name]):
        return {"id": None, "domain": name}
    if not found:
        raise NotFound("No such address here.")
    return found[0]
