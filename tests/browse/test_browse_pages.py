"""Each page says what it should, with everything of a site as text."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scanner.browse.canned import QUERIES
from scanner.browse.csv_cells import Cells
from scanner.browse.described import described
from scanner.browse.guard import POLICY
from scanner.store.describe import TABLES
from scanner.store.schema import CONTRACT, VIEWS
from tests.browse.conftest import Get


def one(database: Path, query: str) -> int:
    with sqlite3.connect(database) as conn:
        return int(conn.execute(query).fetchone()[0])


def every_page(database: Path) -> list[str]:
    """Our pages and Datasette's, over everything that is hostile in the database."""
    finding = one(database, "select id from findings where check_id = 'page.hostile'")
    evidence = one(database, "select evidence_id from pages where url like '%hostile'")
    ours = [
        "/",
        "/-/case/cand-0142",
        "/-/target/front.example",
        "/-/map/front.example",
        f"/-/finding/{finding}",
        f"/-/evidence/{evidence}",
        "/-/search?q=gauges",
        "/-/search?q=%3Cscript%3E",
        "/nothing-here",
    ]
    tables = [f"/findings/{name}" for name in (*CONTRACT, *VIEWS, "page_texts")]
    queries = [f"/findings/{name}" for name in QUERIES]
    row = one(database, "select id from pages where url like '%hostile'")
    free = "/findings?sql=select+url,title,'https://evil.example/'+as+a+from+pages"
    return [*ours, "/findings", f"/findings/pages/{row}", free, *tables, *queries]


async def test_given_hostile_texts_when_any_page_is_shown_then_no_script_no_foreign_link_and_nothing_hidden(
    get: Get, database: Path
) -> None:
    shown = 0
    for path in every_page(database):
        answer = await get(path)
        assert answer.status_code in (200, 404), (path, answer.text[:300])
        page = LexborHTMLParser(answer.text)
        assert not page.css("script, img, iframe, object, embed, base, style"), path
        for node in page.css("*"):
            for name, value in (node.attributes or {}).items():
                assert not name.startswith("on"), (path, name)
                if name in ("href", "src", "action", "xlink:href", "data"):
                    local = value is not None and (value.startswith(("/", "#", "?", "data:,")) or value == "")
                    local = local or bool(re.match(r"http://(?:localhost|127\.0\.0\.1)/", value or ""))
                    assert local, (path, value)
        assert not set(answer.text) & {"\u202e", "\x1b", "\x02", "\x03"}, path
        shown += "⟨U+202E⟩" in answer.text
    assert shown > 8  # that the pages did hold it


async def test_given_any_page_then_it_tells_nobody_and_runs_nothing(get: Get, database: Path) -> None:
    for path in [*every_page(database), "/-/falsefront.css", "/findings/pages.json", "/findings/pages.csv"]:
        headers = (await get(path)).headers
        assert headers["content-security-policy"] == POLICY, path
        assert headers["referrer-policy"] == "no-referrer", path
        assert headers["x-content-type-options"] == "nosniff", path


async def test_given_a_title_of_10_kb_then_it_is_cut_everywhere(get: Get, database: Path) -> None:
    for path in every_page(database):
        assert "x" * 1200 not in (await get(path)).text, path


async def test_given_the_front_page_then_the_worst_stands_first_and_silence_is_said(get: Get) -> None:
    text = (await get("/")).text
    assert text.index("cand-0142") < text.index("cand-other")
    assert "On a public list" in text
    assert "Not judged yet" in text
    assert "asked us to wait" in text


async def test_given_a_level_when_the_front_page_is_narrowed_then_only_those_cases_stand_there(
    get: Get,
) -> None:
    assert "cand-other" not in (await get("/?level=known")).text
    assert "cand-0142" not in (await get("/?level=unjudged")).text
    assert (await get("/?level=nonsense&skip=99999999999999")).status_code == 200


async def test_given_a_case_then_claims_verdicts_years_and_steps_stand_there_and_no_other_case(
    get: Get,
) -> None:
    text = (await get("/-/case/cand-0142")).text
    for said in (
        "Front Soft LLC",
        "https://front.example/team",
        "Look the firm up in the company register.",
        "Which address did the firm use in 2015?",
        '<svg class="timeline"',
        "The same as a table",
        "2015-03",
    ):
        assert said in text, said
    for other in ("cand-other", "secret.example", "a secret label"):
        assert other not in text, other


async def test_given_a_case_of_several_addresses_then_each_result_question_and_step_says_whose_it_is(
    get: Get,
) -> None:
    page = LexborHTMLParser((await get("/-/case/cand-0142")).text)
    verdict = page.css_first(".verdict p")
    assert verdict is not None
    assert " ".join(verdict.text().split()).endswith("This is said of front.example.")
    said = [" ".join(item.text().split()) for item in page.css(".columns li")]
    assert "Look the firm up in the company register. (front.example)" in said
    assert "Which address did the firm use in 2015? (front.example)" in said
    assert len(said) <= 10
    # the address that needs a person stands before one of which too little was seen
    shown = [link.text() for link in page.css("section.target h3 a.domain")]
    assert shown.index("front.example") < shown.index("other.example")


async def test_given_an_address_then_facts_by_source_findings_pages_links_and_scans_stand_there(
    get: Get,
) -> None:
    text = (await get("/-/target/front.example")).text
    for said in (
        "registration created",
        "198.51.7.1",
        "The claim begins before the domain was registered.",
        "secret.example",
        "jobs@front.example",
        "https://front.example/hostile",
        "cand-0142",
    ):
        assert said in text, said
    assert (await get("/-/target/FRONT.example")).status_code == 200
    assert (await get("/-/target/other.test")).status_code == 404
    assert (await get("/-/target/front.example?scan=none")).status_code == 404


async def test_given_a_finding_then_the_value_is_marked_in_its_evidence(get: Get, database: Path) -> None:
    number = one(database, "select id from findings where check_id = 'history.before_registration'")
    text = (await get(f"/-/finding/{number}")).text
    assert "The firm may have used another address before." in text
    assert re.search(r"<mark>[^<]+</mark>", text)


async def test_given_evidence_of_each_kind_then_it_is_text(get: Get, database: Path) -> None:
    with sqlite3.connect(database) as conn:
        kinds = dict(conn.execute("select media_type, id from evidence group by media_type").fetchall())
    for kind, number in kinds.items():
        answer = await get(f"/-/evidence/{number}")
        assert answer.status_code == 200, kind
        assert '<pre tabindex="0">' in answer.text, kind


async def test_given_a_changed_evidence_file_then_the_page_says_so(tmp_path: Path, database: Path) -> None:
    from scanner.browse import serving
    from scanner.browse.evidence import close_readers
    from tests.browse.conftest import filled

    copy = filled(tmp_path / "findings.db")
    for file in (tmp_path / "evidence").glob("*.gz"):
        file.write_bytes(b"x" * file.stat().st_size)
    datasette = serving.datasette_for(copy)
    answer = await datasette.client.get("/-/evidence/1", headers={"host": "localhost"})
    await close_readers(datasette)
    assert answer.status_code == 200
    assert "The stored bytes can&#39;t be read" in answer.text


async def test_given_sites_with_one_text_then_the_map_shows_it_first_from_either_side(tmp_path: Path) -> None:
    from scanner.browse import serving
    from scanner.browse.evidence import close_readers
    from tests.browse.conftest import filled

    # given a text on two sites, one of them never looked at, and rows that another lab's file may hold
    path = filled(tmp_path / "findings.db")
    values = ('{"domain": "original.example", "words": 168, "sites": 2}', '{"domain": 7', '{"words": 9}')
    with sqlite3.connect(path) as conn:
        conn.executemany(
            "insert into observations (scan_id, target_id, kind, name, value, source, precision, bound) "
            "select 1, id, 'copy', 'match', ?, 'library', 'day', 'at' from targets where domain = 'front.example'",
            [(value,) for value in values],
        )
    # when the maps are asked for; then each names the other, and the text stands above what is less rare
    datasette = serving.datasette_for(path)
    headers = {"host": "127.0.0.1"}
    pages = [
        (await datasette.client.get(f"/-/map/{name}.example", headers=headers))
        for name in ("front", "original")
    ]
    await close_readers(datasette)
    assert [page.status_code for page in pages] == [200, 200]
    for page, other in zip(pages, ("original.example", "front.example"), strict=True):
        rows = [
            " ".join(row.text(separator=" ").split()) for row in LexborHTMLParser(page.text).css("tbody tr")
        ]
        assert f"{other} text 168 words 1.00" in rows[:2]


@pytest.mark.parametrize(
    "words",
    [
        "gauges",
        '"rivers',
        "front",
        "NEAR(",
        "* AND",
        "AND",
        "OR NOT",
        "a:b",
        "a*",
        "^a",
        "-",
        "(a",
        "'",
        '""',
        "cand-0142",
        "%",
        "\0",
        "\U0001f600",
        '\U0001f600 AND "',
        "\ufeff",
        "é" * 3000,
        "{a b}:c",
        "\\",
    ],
)
async def test_given_any_words_when_they_are_searched_then_there_is_an_answer(get: Get, words: str) -> None:
    answer = await get(f"/-/search?q={quote(words)}")
    assert answer.status_code == 200
    if words == "gauges":
        assert "<mark>Gauges</mark>" in answer.text
    if words in ("front", "cand-0142"):
        assert f"/{words}" in answer.text


@pytest.mark.parametrize(
    "words", ["https://www.front.example/team?a=1", "FRONT.example", "ront.exam", "Front Soft"]
)
async def test_given_an_address_as_it_was_copied_or_a_firm_then_it_is_found(get: Get, words: str) -> None:
    text = (await get(f"/-/search?q={quote(words)}")).text
    found = "/-/case/cand-0142" if words == "Front Soft" else "/-/target/front.example"
    assert f'href="{found}"' in text


def test_given_a_question_then_no_table_and_no_view_has_its_name() -> None:
    assert not set(QUERIES) & {*TABLES, *VIEWS}  # Datasette shows the question, and the view can't be reached


async def test_given_a_canned_query_then_it_has_csv(get: Get) -> None:
    for name in QUERIES:
        answer = await get(f"/findings/{name}.csv")
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].startswith("text/plain"), name
    assert "throttled" in (await get("/findings/throttled_sources.csv")).text


async def test_given_a_value_that_a_spreadsheet_could_run_when_csv_is_taken_then_it_is_text(get: Get) -> None:
    sql = quote(
        "select '=HYPERLINK(\"x\")' as a, -2.5 as b, '@x' as c, 'a,' || char(10) || '=b' as d, -1 as e"
    )
    rows = list(csv.reader(io.StringIO((await get(f"/findings.csv?sql={sql}")).text, newline="")))
    assert rows == [["a", "b", "c", "d", "e"], ['\'=HYPERLINK("x")', "-2.5", "'@x", "a,\n=b", "-1"]]


@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=3), max_size=6), st.integers(1, 7))
def test_given_any_csv_in_any_pieces_then_its_cells_are_the_same_but_for_apostrophes(
    rows: list[list[str]], size: int
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    given_bytes = buffer.getvalue().encode("utf-8", "surrogatepass")
    cells = Cells()
    pieces = [cells.feed(given_bytes[at : at + size]) for at in range(0, len(given_bytes), size)]
    made = b"".join([*pieces, cells.feed(b"", last=True)]).decode()
    out = list(csv.reader(io.StringIO(made, newline="")))
    assert [[cell if cell == old else cell.removeprefix("'") for cell, old in zip(a, b, strict=True)]
            for a, b in zip(out, rows, strict=True)] == rows  # fmt: skip
    for row in out:
        assert not any(cell.lstrip().startswith(("=", "@")) for cell in row)


async def test_given_tables_then_they_have_words_facets_and_names_of_what_they_point_to(get: Get) -> None:
    text = (await get("/findings/attempts")).text
    assert "One try at one source for one target." in text
    assert 'class="facet-info' in text
    assert 'href="/-/target/front.example"' in text
    assert "12&nbsp;ms" in text


async def test_given_every_facet_then_its_column_has_an_index(database: Path) -> None:
    with sqlite3.connect(database) as conn:
        for table, about in described()["tables"].items():
            names = [row[1] for row in conn.execute(f"pragma index_list({table})")]
            first = {conn.execute(f"pragma index_info({name})").fetchone()[2] for name in names}
            assert set(about.get("facets", ())) <= first, table


async def test_given_a_column_that_is_not_there_then_it_is_the_askers_mistake(get: Get) -> None:
    assert (await get("/findings/pages.json?_sort=nothing")).status_code == 400


async def test_given_a_facet_nobody_indexed_then_it_is_refused(get: Get) -> None:
    assert (await get("/findings/observations?_facet=value")).status_code == 400
