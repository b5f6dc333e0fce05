"""Who may see what: a token with a form to sign in and a header for scripts, and what follows from a table that is
closed to somebody.

Datasette asks of each table alone. Our pages, views and questions are made of many, so a table that is closed to a
reader closes them too, and with them free SQL: what can't be seen there can't be read out here.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Forbidden, Request, Response

from scanner.browse import opened
from scanner.store.describe import TABLES, VIEWS

if TYPE_CHECKING:
    from datasette.app import Datasette

Actor = dict[str, Any] | None
READER = {"id": "reader"}
ALLOW = {"id": [READER["id"], "root"]}
SHORTEST = 24
"""Characters of a token: nobody guesses it, however often they try."""


def actor_of(datasette: Datasette, request: Request) -> dict[str, Any] | None:
    """The reader, for a request that carries the token (`Authorization: Bearer …`)."""
    token = opened.told(datasette).token
    kind, _, given = (request.headers.get("authorization") or "").partition(" ")
    if token and kind.lower() == "bearer" and _same(given.strip(), token):
        return dict(READER)
    return None


async def ensure(datasette: Datasette, actor: Actor, database: str) -> None:
    """Raise Forbidden for who may not see the database, or not all of it."""
    try:
        await datasette.ensure_permissions(actor, [("view-database", database), "view-instance"])
    except Forbidden:
        said = "Your account may not see this database." if actor else "You have not signed in."
        raise Forbidden(said) from None
    if await part_hidden(datasette, actor, database):
        raise Forbidden("Some tables are closed to you; this page is made of several.")


async def part_hidden(datasette: Datasette, actor: Actor, database: str) -> bool:
    """Whether one of our tables is closed to this reader."""
    if not _asked_by_table(datasette, database):
        return False
    for table in TABLES:
        if await datasette.permission_allowed(actor, "view-table", (database, table), default=None) is False:
            return True
    return False


def _asked_by_table(datasette: Datasette, database: str) -> bool:
    """Whether anything could answer otherwise for one table than for the next."""
    from datasette.plugins import DEFAULT_PLUGINS, pm  # it loads our plugin, and with it this module

    tables = datasette.metadata("tables", database=database) or {}
    if any("allow" in about for about in tables.values()):
        return True
    own = {*DEFAULT_PLUGINS, "scanner.browse.plugin"}
    hooks = pm.hook.permission_allowed.get_hookimpls()
    return any(getattr(hook.plugin, "__name__", "") not in own for hook in hooks)


async def made_of_hidden(datasette: Datasette, actor: Actor, action: str, resource: Any) -> bool | None:
    """False for a view, a question or free SQL where a table is closed to the reader; None says nothing."""
    database, name = resource if isinstance(resource, tuple) else (resource, "")
    known = datasette.databases.get(database)
    if known is None or not opened.is_ours(known):
        return None
    if action == "view-table" and name not in VIEWS and "_fts" not in name:
        return None
    return False if await part_hidden(datasette, actor, database) else None


async def metadata(datasette: Datasette, request: Request) -> Response:
    """Datasette's page of its metadata without what plugins are told: digests of passwords stand there."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    return Response.json(_without_plugins(datasette.metadata() or {}))


def _without_plugins(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    return {name: _without_plugins(value) for name, value in found.items() if name != "plugins"}


async def open_to_strangers(datasette: Datasette) -> str:
    """What somebody who has not signed in could see, "" for nothing."""
    await datasette.invoke_startup()
    for name, database in datasette.databases.items():
        shown = [*await database.table_names(), *await database.view_names()]
        queries = await datasette.get_canned_queries(name, None)
        asked = [("view-table", (name, one)) for one in shown]
        asked += [("view-query", (name, one)) for one in queries]
        for action, resource in asked:
            permissions = [(action, resource), ("view-database", name), "view-instance"]
            if await _allowed(datasette, permissions):
                return f"{resource[0]}/{resource[1]}"
    return "the list of databases" if await _allowed(datasette, ["view-instance"]) else ""


async def _allowed(datasette: Datasette, permissions: Sequence[Any]) -> bool:
    try:
        await datasette.ensure_permissions(None, permissions)
    except Forbidden:
        return False
    return True


async def sign_in(datasette: Datasette, request: Request) -> Response:
    """The form, and what becomes of it: a signed cookie that no script can read."""
    token = opened.told(datasette).token
    if not token:
        return Response.redirect(datasette.urls.instance())
    wrong = False
    if request.method == "POST":
        given = (await request.post_vars()).get("token", "")
        if _same(given.strip(), token):
            answer = Response.redirect(datasette.urls.instance())
            answer.set_cookie(
                "ds_actor", datasette.sign({"a": dict(READER)}, "actor"), httponly=True, samesite="lax"
            )
            return answer
        wrong = True
    html = await datasette.render_template("falsefront_sign_in.html", {"wrong": wrong}, request=request)
    return Response.html(html, status=403 if wrong else 200)


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())
