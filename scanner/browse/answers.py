"""What every page of ours does: find the database, check who asks, read rows, render a template."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, unquote

from datasette.utils.asgi import NotFound, Request, Response

from scanner.browse import access, opened
from scanner.store import Store

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

T = TypeVar("T")
Row = dict[str, Any]


class Asked:
    """One request for one of our pages."""

    def __init__(self, datasette: Datasette, request: Request) -> None:
        """Raises NotFound where Datasette was given no findings database."""
        found = opened.databases(datasette)
        if not found:
            raise NotFound("No findings database here.")
        self.datasette, self.request, self.database = datasette, request, found[0]

    @classmethod
    async def allowed(cls, datasette: Datasette, request: Request) -> Asked:
        """Raises Forbidden for who may not see the database, or not all of it."""
        asked = cls(datasette, request)
        await access.ensure(datasette, request.actor, asked.database.name)
        return asked

    def part(self, name: str) -> str:
        """A part of the path, as it was before it was quoted."""
        return unquote(str(self.request.url_vars[name]))

    def arg(self, name: str) -> str:
        """A value of the query string, "" where there is none."""
        return str(self.request.args.get(name) or "")[:500]

    async def rows(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Row]:
        """All rows, in Datasette's own reading threads and within its time limit."""
        found = await self.database.execute(sql, values)
        return [dict(row) for row in found.rows]

    async def stored(self, read: Callable[[Store], T]) -> T:
        """What `read` makes of the store, in a thread. Raises `StoreError`s."""
        return await asyncio.to_thread(_with_store, self.database, read)

    async def page(self, template: str, **context: Any) -> Response:
        """An HTML answer."""
        context.setdefault("database", self.database.name)
        html = await self.datasette.render_template(template, context, request=self.request)
        return Response.html(html)

    async def count(self, sql: str) -> int:
        """The one number a statement gives."""
        return int((await self.database.execute(sql)).single_value() or 0)


def _with_store(database: Database, read: Callable[[Store], T]) -> T:
    assert database.path is not None
    with Store(Path(database.path), readonly=True, wait=2.0) as store:
        return read(store)


def path_of(kind: str, name: object) -> str:
    """The path of one of our pages.

    >>> path_of("target", "acme.example"), path_of("case", "a/b")
    ('/-/target/acme.example', '/-/case/a%2Fb')
    """
    return f"/-/{kind}/{quote(str(name), safe='')}"


def grouped(rows: Sequence[Row], key: str) -> dict[Any, list[Row]]:
    """Rows by the value of one column, in their order."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found
