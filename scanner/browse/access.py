"""Who may see the pages, where a token is asked for: a form to sign in, and a header for scripts."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from scanner.browse import opened

if TYPE_CHECKING:
    from datasette.app import Datasette

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
