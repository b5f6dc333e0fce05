"""Who may come in, what is said when the database can't be shown, and that it is only read."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasette.app import Datasette

from scanner.browse import serving
from scanner.browse.evidence import close_readers
from scanner.cli.browse import browse
from scanner.store import Store
from scanner.store.schema import VERSION
from tests.browse.conftest import Get, filled
from tests.store.samples import CASE, FINDINGS, FRONT, NOW, VERDICTS, begin, fill

RUN = "from scanner.cli import main; main()"
TOKEN = "correct-horse-battery-staple"


def said(*arguments: str) -> tuple[int, str]:
    """Exit code and what the command says, for calls that end by themselves."""
    result = CliRunner().invoke(browse, list(arguments))
    return result.exit_code, result.output


def one_line(output: str) -> bool:
    return output.count("\n") == 1 and "Traceback" not in output


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ------------------------------------------------------------------------------------------- who asks


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.com"])
def test_given_another_address_without_signing_in_then_one_line_and_exit_2(database: Path, host: str) -> None:
    code, output = said("--db", str(database), "--host", host)
    assert code == 2
    assert one_line(output)
    assert "--token-file" in output


def test_given_an_allow_block_and_no_plugin_that_signs_in_then_another_address_is_refused(
    tmp_path: Path, database: Path
) -> None:
    (tmp_path / "open.json").write_text('{"title": "x"}')
    (tmp_path / "shut.yaml").write_text("allow: {id: root}\n")
    for name in ("open.json", "shut.yaml"):
        code, output = said("--db", str(database), "--host", "0.0.0.0", "--metadata", str(tmp_path / name))
        assert (code, one_line(output)) == (2, True), output


@pytest.mark.parametrize("text", ["", "short", "with\ttabs and more than enough of them"])
def test_given_a_token_that_can_be_guessed_then_one_line_and_exit_2(
    tmp_path: Path, database: Path, text: str
) -> None:
    (tmp_path / "token").write_text(text)
    code, output = said("--db", str(database), "--host", "0.0.0.0", "--token-file", str(tmp_path / "token"))
    assert (code, one_line(output)) == (2, True), output


def test_given_a_token_then_another_address_may_be_listened_on() -> None:
    serving.refuse_open_doors("0.0.0.0", serving.Access(TOKEN))
    serving.refuse_open_doors("127.0.0.1", serving.Access())


async def test_given_a_token_then_pages_are_shown_to_who_has_it_and_to_nobody_else(database: Path) -> None:
    client = serving.datasette_for(database, serving.Access(TOKEN), hosts=None).client
    for path in (
        "/",
        "/-/case/cand-0142",
        "/findings/pages.json",
        "/-/evidence/1",
        "/-/search?q=front",
        "/findings",
    ):
        assert (await client.get(path)).status_code == 403, path
        browser = await client.get(path, headers={"accept": "text/html"})
        assert browser.headers["location"].endswith("/-/sign-in"), path
        assert (await client.get(path, headers={"authorization": "Bearer wrong"})).status_code == 403, path
        assert (await client.get(path, headers={"authorization": f"Bearer {TOKEN}"})).status_code == 200, path


async def test_given_a_token_behind_a_proxy_of_this_machine_then_its_name_is_answered_and_strangers_see_nothing(
    database: Path,
) -> None:
    given = serving.Access(TOKEN)
    hosts = serving.hosts_of("127.0.0.1", given)
    datasette = serving.datasette_for(database, given, hosts=hosts)
    await serving.refuse_open_pages(datasette)
    headers = {"host": "lab.example", "authorization": f"Bearer {TOKEN}"}
    assert (await datasette.client.get("/", headers=headers)).status_code == 200
    assert (await datasette.client.get("/", headers={"host": "lab.example"})).status_code == 403
    assert serving.hosts_of("127.0.0.1", serving.Access()) == {"127.0.0.1", "localhost", "[::1]"}


async def test_given_the_form_when_the_token_is_sent_then_a_cookie_signs_in(database: Path) -> None:
    client = serving.datasette_for(database, serving.Access(TOKEN), hosts=None).client
    form = await client.get("/-/sign-in")
    csrf = re.search(r'name="csrftoken" value="([^"]+)"', form.text)
    assert csrf
    cookies = {"ds_csrftoken": form.cookies["ds_csrftoken"]}
    wrong = await client.post("/-/sign-in", data={"token": "x", "csrftoken": csrf[1]}, cookies=cookies)
    assert wrong.status_code == 403
    assert "ds_actor" not in wrong.cookies
    right = await client.post("/-/sign-in", data={"token": TOKEN, "csrftoken": csrf[1]}, cookies=cookies)
    assert "HttpOnly" in right.headers["set-cookie"]
    assert (await client.get("/", cookies={"ds_actor": right.cookies["ds_actor"]})).status_code == 200
    from_elsewhere = await client.post("/-/sign-in", data={"token": TOKEN}, cookies=cookies)
    assert from_elsewhere.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example"])
async def test_given_a_name_that_is_not_this_machine_then_nothing_is_shown(get: Get, host: str) -> None:
    answer = await get("/", host=host)
    assert answer.status_code == 421
    assert "cand-0142" not in answer.text


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1:9", "[::1]:9"])
async def test_given_a_name_of_this_machine_then_the_page_is_shown(get: Get, host: str) -> None:
    assert (await get("/", host=host)).status_code == 200


# ------------------------------------------------------------------------------------- only for reading


async def test_given_a_scan_that_writes_meanwhile_then_the_pages_show_it(tmp_path: Path) -> None:
    path = filled(tmp_path / "findings.db")
    client = serving.datasette_for(path).client
    with Store(path) as store:
        scan = begin(store, CASE, NOW + timedelta(days=1))
        with store.writing() as conn:  # a transaction that is open while the page is made
            conn.execute("update targets set last_seen = '2030' where domain = ?", (FRONT,))
            answer = await client.get("/", headers={"host": "localhost"})
        assert answer.status_code == 200
        assert "running" in answer.text
        store.finish(scan)
    assert "running, begun" not in (await client.get("/", headers={"host": "localhost"})).text


async def test_given_a_writer_that_commits_all_the_time_then_every_page_is_shown(tmp_path: Path) -> None:
    path = filled(tmp_path / "findings.db")
    datasette = serving.datasette_for(path)
    done = threading.Event()

    def write() -> int:
        scans = 0
        with Store(path) as store:
            while not done.is_set():
                scan = begin(store, CASE, NOW + timedelta(days=1, minutes=scans))
                fill(store, scan)
                store.save_results(scan, FINDINGS, VERDICTS)
                store.finish(scan)
                scans += 1
        return scans

    pages = ("/", "/-/case/cand-0142", "/-/target/front.example", "/-/map/front.example", "/-/finding/1",
             "/-/evidence/1", "/-/search?q=team", "/findings/observations", "/findings/what_is_new.csv")  # fmt: skip
    writer = asyncio.create_task(asyncio.to_thread(write))
    try:
        for _ in range(5):
            for page in pages:
                answer = await datasette.client.get(page, headers={"host": "localhost"})
                assert answer.status_code == 200, (page, answer.text)
    finally:
        done.set()
        scans = await writer
        await close_readers(datasette)
    assert scans > 1


async def test_given_a_statement_that_writes_then_it_is_refused(get: Get, database: Path) -> None:
    before = digest(database)
    for sql in ("delete+from+cases", "update+cases+set+label=1", "attach+'/tmp/x.db'+as+x"):
        assert (await get(f"/findings?sql={sql}")).status_code == 400
    assert digest(database) == before


def test_given_a_folder_nobody_may_write_then_it_is_read_as_it_stands(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sqlite3.connect

    def connect(name: str, *args: object, **kwargs: object) -> sqlite3.Connection:
        if str(name).endswith("?mode=ro"):
            raise sqlite3.OperationalError("unable to open database file")
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(serving.sqlite3, "connect", connect)
    assert serving._check_live(database) is False


# ------------------------------------------------------------------------- what can be wrong with a file


def older(path: Path) -> None:
    with sqlite3.connect(filled(path)) as conn:
        conn.execute(f"pragma user_version = {VERSION - 1}")


def newer(path: Path) -> None:
    with sqlite3.connect(filled(path)) as conn:
        conn.execute(f"pragma user_version = {VERSION + 1}")


def damaged(path: Path) -> None:
    filled(path)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def another(path: Path) -> None:
    with sqlite3.connect(path) as conn:
        conn.execute("create table bookmarks (url)")


WRONG = {
    "missing": (lambda path: None, "no such database"),
    "older": (older, "older falsefront"),
    "newer": (newer, "update falsefront"),
    "damaged": (damaged, "damaged"),
    "another": (another, "not a falsefront database"),
    "text": (
        lambda path: path.write_text("no database at all, but long enough to look"),
        "not a SQLite database",
    ),
    "folder": (lambda path: path.mkdir(), "is a folder"),
}


@pytest.mark.parametrize("what", WRONG)
def test_given_a_file_that_cannot_be_shown_then_one_line_and_exit_1(tmp_path: Path, what: str) -> None:
    make, words = WRONG[what]
    make(tmp_path / "findings.db")
    code, output = said("--db", str(tmp_path / "findings.db"))
    assert (code, one_line(output)) == (1, True), output
    assert words in output


def test_given_a_database_that_another_holds_alone_then_one_line_and_exit_1(tmp_path: Path) -> None:
    path = filled(tmp_path / "findings.db")
    with sqlite3.connect(path, isolation_level=None) as conn:
        conn.execute("pragma journal_mode = delete")
        conn.execute("begin exclusive")
        code, output = said("--db", str(path))
        conn.execute("rollback")
    assert (code, one_line(output)) == (1, True), output
    assert "locked" in output


async def test_given_a_question_that_takes_too_long_then_one_line_stands_on_the_page_and_nothing_on_the_terminal(
    get: Get, capfd: pytest.CaptureFixture[str]
) -> None:
    endless = "with+recursive+n(x)+as+(select+1+union+all+select+x%2B1+from+n)+select+count(*)+from+n"
    answer = await get(f"/findings?sql={endless}&_timelimit=20")
    assert answer.status_code == 400
    assert "Ask for less" in answer.text
    assert "locals" not in "".join(capfd.readouterr())


async def test_given_a_database_that_breaks_while_it_is_shown_then_one_line_stands_on_the_page(
    tmp_path: Path,
) -> None:
    path = filled(tmp_path / "findings.db")
    client = serving.datasette_for(path).client
    damaged_bytes = b"\xff" * path.stat().st_size
    path.write_bytes(damaged_bytes)
    answer = await client.get("/", headers={"host": "localhost"})
    assert answer.status_code == 503
    assert "SQLite database" in answer.text
    assert "Traceback" not in answer.text


# ---------------------------------------------------------------------------------- the command, for real


def test_given_the_command_when_it_starts_then_it_says_where_and_ctrl_c_ends_it(database: Path) -> None:
    import signal
    import urllib.request

    command = [sys.executable, "-c", RUN, "--db", str(database), "browse", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines = ""
        while "}" not in lines:
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            lines += line
        address = json.loads(lines)["address"]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert b"What needs me today?" in answer.read()
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert "Traceback" not in errors
    if os.name == "posix":
        assert process.returncode == 0


async def test_given_a_plain_datasette_beside_falsefront_then_addresses_are_text_there_too(
    database: Path,
) -> None:
    from datasette.plugins import pm

    from scanner.browse import plugin

    if not pm.is_registered(plugin):
        pm.register(plugin, "falsefront")
    answer = await Datasette(files=[str(database)]).client.get("/findings/pages")
    assert 'href="https://front' not in answer.text
    assert "https://front.example/hostile" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_given_an_older_database_in_a_plain_datasette_then_it_says_how_to_bring_it_up_to_date(
    tmp_path: Path,
) -> None:
    path = filled(tmp_path / "findings.db")
    with sqlite3.connect(path) as conn:
        for table in ("sweep_domains", "sweeps"):
            conn.execute(f"drop table {table}")
        conn.execute(f"pragma user_version = {VERSION - 1}")
    client = Datasette(files=[str(path)]).client
    for page in ("/", "/-/case/cand-0142", "/-/target/front.example"):
        answer = await client.get(page)
        assert answer.status_code == 503, page
        assert "any scan or rescore brings it up to date" in answer.text, page
    assert (await client.get("/findings/pages")).status_code == 200


async def test_given_a_datasette_over_another_database_then_the_plugin_stays_out_of_it(
    tmp_path: Path,
) -> None:
    another(tmp_path / "other.db")
    client = Datasette(files=[str(tmp_path / "other.db")]).client
    answer = await client.get("/")
    assert "What needs me today?" not in answer.text
    assert "content-security-policy" not in answer.headers
