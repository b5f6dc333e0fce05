"""The Datasette plugin: our pages, and addresses of sites as text on Datasette's own.

Found by every Datasette of the environment falsefront is installed in (entry point `datasette`). Where none of the
databases is a findings database it does nothing.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils.asgi import Request, Response
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup

from scanner.browse import access, evidence, opened, pages, spoken, sweeps, today
from scanner.browse.answers import path_of
from scanner.browse.canned import QUERIES
from scanner.browse.changed import values_of
from scanner.browse.described import described
from scanner.browse.guard import App, Message, Receive, Scope, Send, guarded
from scanner.browse.shown import day, marked, minute, reason, shown, visible
from scanner.report import html_words
from scanner.report.text import named
from scanner.store.describe import VIEWS
from scanner.store.schema import CONTRACT

if TYPE_CHECKING:  # Datasette loads its plugins while it is being imported itself
    from datasette.app import Datasette

_HERE = Path(__file__).parent
_LOG = logging.getLogger(__name__)
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_CASE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LISTS = frozenset({"before", "after", "sources", "likes"})
"""Columns that hold a JSON list of texts."""
_NUMBERED = {"evidence_id": "evidence", "finding_id": "finding"}
_STYLE = "/-/falsefront.css"
_LARGE = 100_000_000
"""Bytes of a database from which on rows of views aren't counted."""


View = Callable[["Datasette", Request], Awaitable[Response]]


def _ours(datasette: Datasette) -> bool:
    return bool(opened.databases(datasette))


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    if not _ours(datasette):
        return []
    views: list[tuple[str, View]] = [
        (r"^/$", today.today),
        (r"^/-/case/(?P<case>[^/]+)$", pages.case),
        (r"^/-/target/(?P<domain>[^/]+)$", pages.target),
        (r"^/-/map/(?P<domain>[^/]+)$", pages.link_map),
        (r"^/-/finding/(?P<id>[0-9]{1,18})$", evidence.finding),
        (r"^/-/evidence/(?P<id>[0-9]{1,18})$", evidence.evidence),
        (r"^/-/sweep/(?P<sweep>[^/]+)$", sweeps.sweep),
        (r"^/-/search$", pages.search),
        (r"^/-/sign-in$", access.sign_in),
        (r"^/-/metadata(\.json)?$", access.metadata),
    ]
    return [*views, (rf"^{re.escape(_STYLE)}$", _style)]


async def _style() -> Response:
    return Response(_css(), content_type="text/css; charset=utf-8", headers={"cache-control": "max-age=3600"})


@functools.cache
def _css() -> str:
    return (_HERE / "falsefront.css").read_text("utf-8")


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    if not _ours(datasette):
        return
    loader = env.loader
    assert loader is not None
    env.loader = ChoiceLoader([FileSystemLoader(_HERE / "templates"), loader])
    env.filters.update(shown=shown, visible=visible, marked=marked, day=day, minute=minute, reason=reason)
    env.filters["named"] = _named
    env.globals.update(
        falsefront_path=lambda kind, name: datasette.urls.path(path_of(kind, name)),
        falsefront_style=datasette.urls.path(_STYLE),
        falsefront_database=opened.databases(datasette)[0].name,
        falsefront_words=html_words,
        falsefront_tables={name: one.get("description", "") for name, one in described()["tables"].items()},
        falsefront_contract=frozenset(CONTRACT),
    )


@functools.lru_cache(4096)
def _named(domain: str) -> Markup:
    """A domain with its own script beside it, where that misleads nobody."""
    return shown(named(domain))


@hookimpl(trylast=True)  # outermost: what another plugin answers by itself gets our headers too
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    def wrap(app: App) -> App:
        if not _ours(datasette):
            return app
        return _closing(guarded(app, lambda: opened.told(datasette).hosts), datasette)

    return wrap


def _closing(app: App, datasette: Datasette) -> App:
    """The app, which ends its reader of evidence when the server ends, and counts no rows of a view over a large
    database: that takes a second where its first page takes none."""
    views = {
        datasette.urls.table(one.name, view): Path(str(one.path))
        for one in opened.databases(datasette)
        for view in VIEWS
    }

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_large(views.get(scope["path"])):
            given = scope["query_string"]
            scope = {**scope, "query_string": given + (b"&" if given else b"") + b"_nocount=1"}

        async def received() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await evidence.close_readers(datasette)
            return message

        await app(scope, received if scope["type"] == "lifespan" else receive, send)

    return answer


def _is_large(path: Path | None) -> bool:
    try:
        return path is not None and path.stat().st_size > _LARGE
    except OSError:
        return False


@hookimpl
def get_metadata(datasette: Datasette, key: str, database: str, table: str) -> dict[str, Any]:
    said = _described()
    return {
        "databases": {
            # Anew each time: Datasette merges what a team's own metadata says into it.
            one.name: {**said, "tables": {name: dict(about) for name, about in said["tables"].items()}}
            for one in opened.databases(datasette)
        }
    }


@functools.cache
def _described() -> dict[str, Any]:
    """Asked for some dozen times a page."""
    return described()


@hookimpl
def canned_queries(datasette: Datasette, database: str) -> dict[str, Any] | None:
    ours = any(one.name == database for one in opened.databases(datasette))
    return {name: dict(query) for name, query in QUERIES.items()} if ours else None


@hookimpl(tryfirst=True)
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Text as text, with nothing hidden in it and no address to click; our own pages behind names of ours."""
    label = value["label"] if isinstance(value, dict) else value
    if column in _NUMBERED and value and opened.is_ours(datasette.databases[database]):
        number, kind = value["value"] if isinstance(value, dict) else value, _NUMBERED[column]
        return Markup('<a href="{}">{} {}</a>').format(
            datasette.urls.path(path_of(kind, number)), kind, number
        )
    if not isinstance(label, str) or not label:
        return None
    kind = _kind_of(column, label, table)
    plain = label.isascii() and label.isprintable() and not label.startswith('["')
    if not kind and "://" not in label and plain:
        return None  # Datasette escapes and cuts it, and makes a link of nothing without a scheme
    if not opened.is_ours(datasette.databases[database]):
        return None
    if label.startswith('["') and column in _LISTS:
        label = ", ".join(values_of(label))
    text = shown(label, int(datasette.setting("truncate_cells_html")) or 2000)
    if kind:
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(path_of(kind, label)), text)
    return None if isinstance(value, dict) else text


def _kind_of(column: str, text: str, table: str | None) -> str:
    """Which page of ours a cell leads to, "" for none."""
    if column in ("domain", "target_id", "from_target_id") and _DOMAIN.fullmatch(text):
        return "target"
    if column in ("a", "b") and table == "links" and _DOMAIN.fullmatch(text):
        return "map"
    if column == "sweep_id" and _CASE.fullmatch(text):
        return "sweep"
    return "case" if column in ("case", "case_id") and _CASE.fullmatch(text) else ""


@hookimpl
def actor_from_request(datasette: Datasette, request: Request) -> dict[str, Any] | None:
    return access.actor_of(datasette, request)


@hookimpl
def permission_allowed(
    datasette: Datasette, actor: access.Actor, action: str, resource: Any
) -> Awaitable[bool | None] | None:
    if action not in ("view-table", "view-query", "execute-sql"):
        return None
    return access.made_of_hidden(datasette, actor, action, resource)


@hookimpl(tryfirst=True)
def forbidden(datasette: Datasette, request: Request, message: str) -> Response | None:
    """A browser is led to the form, where a token signs in; a script gets a line; else as Datasette does."""
    token = opened.told(datasette).token
    if "text/html" in (request.headers.get("accept") or ""):
        lead = token and not request.actor
        return Response.redirect(datasette.urls.path("/-/sign-in")) if lead else None
    if not _ours(datasette):
        return None
    line = "Forbidden: send the token as `Authorization: Bearer TOKEN`." if token else f"Forbidden: {message}"
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": line, "status": 403}, status=403)
    return Response.text(f"{line}\n", status=403)


@hookimpl(hookwrapper=True)
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Generator[None, Any, None]:
    """One clear line, in place of Datasette's own hook: that one prints every variable on the way, and what was read
    with them. What nobody foresaw goes to the log of whoever runs this."""
    outcome = yield
    if not _ours(datasette):
        return

    async def answer() -> Response:
        status, line = spoken.said(datasette, exception)
        if status == 500:
            _LOG.error("%s", request.path, exc_info=exception)
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": line, "status": status}, status=status)
        html = await datasette.render_template(
            "error.html", {"status": status, "error": line}, request=request
        )
        return Response.html(html, status=status)

    outcome.force_result([answer])
