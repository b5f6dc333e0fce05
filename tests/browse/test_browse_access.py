"""Who sees what where people sign in through a plugin of Datasette's, and what a table that is closed takes with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from datasette import hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import Response

from scanner.browse import serving
from scanner.browse.canned import QUERIES
from scanner.browse.guard import POLICY
from scanner.store.schema import VIEWS
from tests.browse.conftest import Get

HTML = {"accept": "text/html"}
OURS = (
    "/",
    "/-/case/cand-0142",
    "/-/target/front.example",
    "/-/map/front.example",
    "/-/finding/1",
    "/-/evidence/1",
    "/-/sweep/sweep-00000001",
    "/-/search?q=front",
)
DATA = (
    "/findings/cases.json",
    "/findings/pages.csv",
    "/findings.json?sql=select+1",
    "/findings/what_is_new.csv",
)


@pytest.fixture
def signing_in() -> Iterator[ModuleType]:
    """A plugin as those that sign people in: a header names who asks, a link leads to its form."""
    plugin = ModuleType("a_plugin_that_signs_in")

    @hookimpl
    def actor_from_request(request: Any) -> dict[str, Any] | None:
        name = request.headers.get("x-name")
        return {"id": name} if name else None

    @hookimpl
    def menu_links(actor: Any) -> list[dict[str, str]]:
        return [] if actor else [{"href": "/-/login", "label": "Log in"}]

    @hookimpl
    def asgi_wrapper() -> Any:
        def wrap(app: Any) -> Any:
            async def answer(scope: Any, receive: Any, send: Any) -> None:
                if scope.get("path") == "/answered-by-the-plugin":
                    await Response.text("Who are you?", status=401).asgi_send(send)
                else:
                    await app(scope, receive, send)

            return answer

        return wrap

    for hook in (actor_from_request, menu_links, asgi_wrapper):
        setattr(plugin, hook.__name__, hook)
    pm.register(plugin, plugin.__name__)
    yield plugin
    pm.unregister(plugin)


def client(database: Path, metadata: dict[str, Any]) -> Any:
    return serving.datasette_for(database, serving.Access(metadata=metadata), hosts=None).client


LEAD = {"allow": {"id": "lead"}}


async def test_given_a_plugin_that_signs_in_then_who_is_not_allowed_sees_no_page_of_any_kind(
    database: Path, signing_in: ModuleType
) -> None:
    asked = client(database, LEAD)
    for path in (*OURS, *DATA, "/findings", "/findings/cases", "/-/metadata.json", "/-/databases.json"):
        for headers in ({}, HTML, {"x-name": "intern"}, {"x-name": "intern", **HTML}):
            answer = await asked.get(path, headers=headers)
            assert answer.status_code == 403, (path, headers)
            assert "cand-0142" not in answer.text, path
            assert answer.headers["content-security-policy"] == POLICY, path
            assert answer.headers["referrer-policy"] == "no-referrer", path
        expected = 404 if "sweep" in path else 200
        assert (await asked.get(path, headers={"x-name": "lead"})).status_code == expected, path


async def test_given_who_has_not_signed_in_then_the_page_says_where_to(
    database: Path, signing_in: ModuleType
) -> None:
    answer = await client(database, LEAD).get("/", headers=HTML)
    assert "You have not signed in." in answer.text
    assert 'href="/-/login"' in answer.text
    refused = await client(database, LEAD).get("/", headers={"x-name": "intern", **HTML})
    assert "Your account may not see this database." in refused.text
    assert 'href="/-/login"' not in refused.text


async def test_given_a_plugin_that_is_told_passwords_then_no_reader_sees_them(
    database: Path, signing_in: ModuleType
) -> None:
    told = {"some-plugin": {"lead_password_hash": "pbkdf2$secret"}}
    given = {**LEAD, "plugins": told, "databases": {"findings": {"plugins": told}}}
    for path in ("/-/metadata.json", "/-/metadata", "/-/settings.json", "/-/plugins.json", "/"):
        answer = await client(database, given).get(path, headers={"x-name": "lead"})
        assert answer.status_code == 200, path
        assert "pbkdf2" not in answer.text, path
    assert (await client(database, given).get("/-/metadata.json")).status_code == 403


async def test_given_an_answer_of_another_plugin_then_it_carries_our_headers_too(
    database: Path, signing_in: ModuleType
) -> None:
    answer = await client(database, LEAD).get("/answered-by-the-plugin")
    assert answer.status_code == 401
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_given_a_table_that_is_closed_then_nothing_made_of_it_can_be_read(
    database: Path, signing_in: ModuleType
) -> None:
    asked = client(database, {"databases": {"findings": {"tables": {"claims": LEAD}}}})
    closed = [
        *OURS,
        "/findings/claims",
        "/findings/claims.json",
        "/findings.json?sql=select+*+from+claims",
        "/findings/page_texts_fts",
        *(f"/findings/{name}.json" for name in (*VIEWS, *QUERIES)),
    ]
    for path in closed:
        assert (await asked.get(path, headers={"x-name": "intern"})).status_code == 403, path
    assert (await asked.get("/findings/cases", headers={"x-name": "intern"})).status_code == 200
    for path in ("/", "/findings/latest_verdicts.json", "/findings.json?sql=select+1"):
        assert (await asked.get(path, headers={"x-name": "lead"})).status_code == 200, path


async def test_given_a_plugin_that_closes_a_table_then_our_pages_close_too(
    database: Path, signing_in: ModuleType
) -> None:
    @hookimpl
    def permission_allowed(action: str, resource: Any) -> bool | None:
        return False if action == "view-table" and resource[1] == "evidence" else None

    closing = ModuleType("a_plugin_that_closes")
    closing.permission_allowed = permission_allowed  # type: ignore[attr-defined]
    pm.register(closing, closing.__name__)
    try:
        asked = client(database, {})
        assert (await asked.get("/-/evidence/1")).status_code == 403
        assert (await asked.get("/findings/cases")).status_code == 200
    finally:
        pm.unregister(closing)
    assert (await asked.get("/-/evidence/1")).status_code == 200


OPEN = {
    "a database": {**LEAD, "databases": {"findings": {"allow": True}}},
    "a table": {**LEAD, "databases": {"findings": {"tables": {"pages": {"allow": True}}}}},
    "a question": {
        **LEAD,
        "databases": {"findings": {"queries": {"mine": {"sql": "select * from cases", "allow": True}}}},
    },
}


@pytest.mark.parametrize("what", OPEN)
async def test_given_metadata_that_opens_a_part_to_all_then_another_address_is_refused(
    database: Path, signing_in: ModuleType, what: str
) -> None:
    given = serving.Access(metadata=OPEN[what])
    serving.refuse_open_doors("0.0.0.0", given)  # the block at the top alone looks shut
    datasette = serving.datasette_for(database, given, hosts=None)
    with pytest.raises(serving.BrowseError, match="would show findings"):
        await serving.refuse_open_pages(datasette)
    await serving.refuse_open_pages(serving.datasette_for(database, given))  # this machine alone


async def test_given_metadata_that_is_shut_then_another_address_is_not_refused(
    database: Path, signing_in: ModuleType
) -> None:
    given = serving.Access(metadata=LEAD)
    serving.refuse_open_doors("0.0.0.0", given)
    await serving.refuse_open_pages(serving.datasette_for(database, given, hosts=None))


@pytest.mark.parametrize(
    "path",
    ["/-/evidence/..%2f..%2fetc%2fpasswd", "/-/evidence/1%2f..", "/-/evidence/999999999999999999", "/-/finding/-1",
     "/-/case/..%2f..", "/-/case/%00", "/-/target/%2e%2e", "/-/sweep/..%2f", "/-/map/%ff", "/-/finding/1.5"],
)  # fmt: skip
async def test_given_a_path_that_leads_elsewhere_then_there_is_no_such_page(get: Get, path: str) -> None:
    answer = await get(path)
    if answer.status_code == 302:  # Datasette spells a path without % before it says that it isn't there
        assert answer.headers["location"].startswith("/-/")
        answer = await get(answer.headers["location"])
    assert answer.status_code == 404
