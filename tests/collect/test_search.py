"""A team's own search service: three sentences out, addresses in, the key kept nowhere; off unless set up."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli import group
from scanner.collect.base import Job, Outcome
from scanner.collect.search import JsonSearch, SearchConfigError, collect, leads
from scanner.egress import EgressError, Network, NetworkConfig
from scanner.model import About, Evidence, Observation, Observed, Status, Target, Why
from scanner.parse import ParsePool

COPIES = Path(__file__).parents[1] / "worlds" / "copies"
ADDRESS = "93.184.216.34"  # routed to the server below
SERVICE = JsonSearch(f"http://{ADDRESS}/v1?q={{phrase}}", ("hits.*.url",), "X-Key", "very-secret-7")
TARGET = Target("front.example", ("https://front.example/",))


class Service:
    """A search service on loopback: answers what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, bytes]):
        self.answers = list(answers)
        self.asked: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        status, body = self.answers.pop(0)
        writer.write(
            b"HTTP/1.1 %d x\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(body)) + body
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def network_to(service: Service) -> AsyncIterator[Network]:
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    routes = f'[routes]\n"80" = "127.0.0.1:{port}"\n'
    async with server, Network(NetworkConfig.parse(f"pace = false\n{routes}", Path())) as network:
        yield network


async def searched(
    service: Service, *phrases: str, search: JsonSearch = SERVICE
) -> tuple[Outcome, list[Observation], list[tuple[Evidence, Observed | None]]]:
    kept: list[tuple[Evidence, Observed | None]] = []
    async with network_to(service) as network, ParsePool(1) as pool:
        keep: Callable[[Evidence, Observed | None], None] = lambda e, o: kept.append((e, o))  # noqa: E731
        job = Job("search", TARGET, network, pool, About(TARGET.domain), keep)
        try:
            outcome, rows = await collect(job, search, phrases)
        except EgressError as error:
            outcome, rows = Outcome(error.status, error.reason), []
    return outcome, rows, kept


def hits(*urls: object) -> tuple[int, bytes]:
    return 200, json.dumps({"hits": [{"url": url} for url in urls]}).encode()


async def test_each_phrase_is_asked_for_in_quotes_and_what_several_found_comes_first() -> None:
    # given a service that finds our own site, a profile, two other sites, and something that is no address
    service = Service(
        hits(
            "https://front.example/a", "https://www.linkedin.com/company/x", "https://one-soft.example/b", 7
        ),
        hits("https://two-soft.example/", "https://one-soft.example/c", "javascript:alert(1)"),
        hits(),
    )
    outcome, rows, kept = await searched(service, "Herons & pumps", "b", "c", "a fourth that is never sent")
    assert outcome == Outcome(Status.OK)
    assert [row.value for row in rows] == [
        "https://one-soft.example/b", "https://one-soft.example/c", "https://two-soft.example/"]  # fmt: skip
    assert [(lead.domain, lead.why, lead.from_domain) for lead in leads(rows, TARGET)] == [
        ("one-soft.example", Why.LEAD, "front.example"), ("two-soft.example", Why.LEAD, "front.example")]  # fmt: skip
    assert len(service.asked) == 3
    assert service.asked[0].startswith("GET /v1?q=%22Herons%20%26%20pumps%22 HTTP/1.1")
    assert len(kept) == 3


async def test_the_key_is_sent_and_kept_nowhere() -> None:
    service = Service((200, b'{"hits": [], "echo": "very-secret-7"}'))
    _, _, ((evidence, _),) = await searched(service, "a")
    assert "X-Key: very-secret-7" in service.asked[0]
    assert b"very-secret" not in evidence.request + evidence.block + evidence.uri.encode()
    assert b"(not kept)" in evidence.request


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((429, b"slow down"), Status.THROTTLED),
        ((401, b"who are you"), Status.REFUSED),
        ((500, b""), Status.UNREACHABLE),
        ((200, b"<html>no json</html>"), Status.UNPARSED),
        ((200, b"[" * 200_000), Status.UNPARSED),
    ],
)
async def test_a_service_that_fails_is_a_status_and_not_asked_again(
    answer: tuple[int, bytes], status: Status
) -> None:
    service = Service(answer)
    outcome, rows, kept = await searched(service, "a", "b", "c")
    assert (outcome.status, rows, len(kept), len(service.asked)) == (status, [], 1, 1)


async def test_without_a_sentence_nothing_is_asked() -> None:
    service = Service()
    outcome, rows, _ = await searched(service)
    assert (outcome.status, rows, service.asked) == (Status.SKIPPED, [], [])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("url = 7", "must be an http"),
        ('url = "https://s.example/"\nresults = ["a"]', "{phrase}"),
        ('url = "ftp://s.example/{phrase}"\nresults = ["a"]', "must be an http"),
        ('url = "https://s.example/{phrase}"', "list of paths"),
        ('url = "https://s.example/{phrase}"\nresults = ["$..x"]', "list of paths"),
        ('url = "https://s.example/{phrase}"\nresults = ["a"]\nheader = "X"', "go together"),
        ('url = "https://s.example/{phrase}"\nresults = ["a"]\nheader = "X\\r\\nY"\nkey = "K"', "go together"),
        ('url = "http://s.example/{phrase}"\nresults = ["a"]\nheader = "X"\nkey = "K"', "https alone"),
        ('url = "https://s.example/{phrase}"\nresults = ["a"]\nheader = "X"\nkey = "UNSET_KEY"', "holds no key"),
        ('url = "https://s.example/{phrase}"\nresults = ["a"]\ncolour = "red"', "unknown key colour"),
        ("url = ", "not TOML"),
    ],
)  # fmt: skip
def test_settings_that_say_too_little_are_one_line(
    text: str, what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("UNSET_KEY", raising=False)
    with pytest.raises(SearchConfigError) as error:
        JsonSearch.parse(text)
    assert what in str(error.value)
    (tmp_path / "s.toml").write_text(text)
    result = CliRunner().invoke(
        group(), ["scan", "https://a.example", "--dry-run", "--search-config", str(tmp_path / "s.toml")]
    )
    assert result.exit_code == 1
    assert result.stderr.startswith(f"falsefront: {tmp_path / 's.toml'}: ")


def _world(tmp_path: Path) -> list[str]:
    """The world of copies with a search service that knows the original; settings for it."""
    shutil.copytree(COPIES, tmp_path / "world")
    (tmp_path / "world" / "sites" / "find").mkdir()
    (tmp_path / "world" / "sites" / "find" / "v1.json").write_bytes(
        hits("https://brackenholt.example/about", "https://quillvex.example/about")[1]
    )
    path = tmp_path / "world" / "world.yaml"
    path.write_text(
        path.read_text("utf-8").replace("domains:\n", "domains:\n  find.example: {site: sites/find}\n", 1)
    )
    (tmp_path / "s.toml").write_text(
        'url = "https://find.example/v1.json?q={phrase}"\nresults = ["hits.*.url"]\nheader = "Authorization"\n'
        'value = "Bearer {key}"\nkey = "FIND_KEY"\n'
    )
    return [
        "scan",
        "https://quillvex.example",
        "--world",
        str(tmp_path / "world"),
        "--db",
        str(tmp_path / "f.db"),
    ]


def test_what_it_finds_is_compared_and_dated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a front alone, an empty library, and a service that knows where its text came from
    arguments = _world(tmp_path)
    without = CliRunner().invoke(group(), [*arguments, "--json"])
    monkeypatch.setenv("FIND_KEY", "very-secret-7")
    monkeypatch.setenv("FALSEFRONT_SEARCH", str(tmp_path / "s.toml"))
    result = CliRunner().invoke(group(), [*arguments, "--new", "--json"])
    # then alone nothing is found, and with the service the copy is, dated on both sides
    assert not any(
        finding["check_id"].startswith("copy.later")
        for finding in json.loads(without.stdout)["targets"][0]["findings"]
    )
    document = json.loads(result.stdout)
    front, original = document["targets"]
    assert any(finding["check_id"] == "copy.later-copy" for finding in front["findings"])
    assert (original["domain"], original["why"], original["level"]) == ("brackenholt.example", "lead", None)
    assert [row["status"] for row in front["attempts"] if row["source"] == "search"] == ["ok"]
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert b"very-secret" not in file.read_bytes()


def test_it_is_off_and_listed_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [*_world(tmp_path), "--dry-run", "--json"]
    monkeypatch.setenv("FIND_KEY", "k")

    def row(*more: str) -> dict[str, object]:
        document = json.loads(CliRunner().invoke(group(), [*arguments, *more]).stdout)
        (found,) = [step for step in document["steps"] if step["source"] == "search"]
        return dict(found)

    off = row()
    assert str(off["skip"]).startswith("off no search service")
    assert (off["seen_by"], off["touches_target"]) == (["search operator"], False)
    on = ("--search-config", str(tmp_path / "s.toml"))
    assert row(*on)["skip"] == ""
    assert str(row(*on, "--without", "search")["skip"]).startswith("left-out")
