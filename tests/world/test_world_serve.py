"""Starting, stopping, waiting and the network file."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import aiohttp
import pytest

import scanner.world
from scanner.world import WorldError, load, serve
from scanner.world.__main__ import main

WORLD = "now: 2024-06-01T12:00:00Z\ndefaults: {latency_ms: 30, registration_ms: 50}\ndomains:\n"
SITE = WORLD + "  acme.com: {site: sites/a, registration: {created: 2020, registrar: One}}\n"


def _is_certificate(path: str) -> bool:
    return Path(path).is_file() and Path(path).read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")


async def test_the_network_file_is_the_contracts(write):
    async with serve(write(SITE)) as served:
        network = tomllib.loads(served.network_toml)
        assert _is_certificate(network["ca_file"])
    assert set(network) == {
        "now", "resolver", "rdap_bootstrap", "whois", "archive", "ct", "ca_file", "routes", "allow", "pace",
        "deadline_scale",
    }  # fmt: skip
    assert network["now"] == "2024-06-01T12:00:00Z"
    assert (network["pace"], network["deadline_scale"], network["allow"]) == (False, 0.1, [])
    assert {"80", "443", "43"} <= set(network["routes"])
    assert all(value.startswith("127.0.0.1:") for value in network["routes"].values())


async def test_when_the_block_ends_nothing_listens(write):
    async with serve(write(SITE)) as served:
        network = tomllib.loads(served.network_toml)
    for target in [*network["routes"].values(), *network["resolver"]]:
        host, _, port = target.rpartition(":")
        with socket.socket() as probe:
            assert probe.connect_ex((host, int(port))) != 0
    assert not _is_certificate(network["ca_file"])


async def test_it_ends_while_clients_hang(world):
    text = (
        WORLD.replace("30", "0") + "  silent.com: {site: {behaviour: blackhole}, archive: {fault: timeout}}\n"
    )
    async with world(text) as box:
        hanging = asyncio.ensure_future(box.get("https://web.archive.org/cdx/search/cdx?url=silent.com"))
        await asyncio.wait([hanging], timeout=0.1)
        assert not hanging.done()
    # leaving the block has ended it
    with pytest.raises((aiohttp.ClientError, OSError)):
        await asyncio.wait_for(hanging, 1)


async def test_every_answer_waits_and_says_so_in_the_log(world, tmp_path):
    # given 30 ms before every answer and 50 more from registries; when each service is asked once
    path = tmp_path / "log.jsonl"
    async with world(SITE, log=path) as box:
        await box.get("http://acme.com/about")
        await box.get("https://rdap.com.test/domain/acme.com")
        await box.whois("whois.com.test", "acme.com")
        events = list(box.served.log)
    # then the log holds what was waited for, by service and connection
    waits = {(event.service, event.what): round(event.waited * 1000) for event in events}
    assert waits["http", "GET http://acme.com/about"] == 30
    assert waits["rdap", "GET https://rdap.com.test/domain/acme.com"] == 80
    assert waits["whois", "registry"] == 80
    assert waits["dns", "A"] == 30
    assert waits["connect", "http"] == waits["connect", "https"] == waits["connect", "whois registry"] == 30
    assert all(event.end - event.start >= event.waited - 0.002 for event in events)
    assert {event.domain for event in events if event.service in ("dns", "rdap", "whois")} >= {"acme.com"}
    http = [event for event in events if event.what.startswith("GET http://")]
    connect = [event for event in events if event.what == "http"]
    assert http[0].connection == connect[0].connection > 0
    written = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["what"] for row in written] == [event.what for event in events]
    assert set(written[0]) == {"start", "end", "service", "what", "domain", "waited", "connection"}


async def test_answers_wait_side_by_side(world):
    # when ten pages are asked for at once; then their waits overlap in the log
    async with world(SITE.replace("30", "80")) as box:
        await asyncio.gather(*(box.get(f"http://acme.com/about?{n}") for n in range(10)))
        pages = [event for event in box.served.log if event.service == "http"]
    assert max(page.start for page in pages) < min(page.end for page in pages)


async def test_now_starts_the_clock_elsewhere(write):
    folder = write(SITE + "changes: [{at: 2025-01-01, domains: {new.com: {site: sites/a}}}]\n")
    async with serve(folder, now="2025-03-01") as served:
        assert tomllib.loads(served.network_toml)["now"] == "2025-03-01T00:00:00Z"
        assert sorted(served.world.domains) == ["acme.com", "new.com"]
    with pytest.raises(WorldError, match="now"):
        async with serve(folder, now="soon"):
            pass


async def test_two_worlds_run_side_by_side(world):
    async with world(SITE) as one, world(SITE.replace("acme", "other")) as two:
        assert await one.a("acme.com")
        assert not await two.a("acme.com")
        assert (await two.get("https://other.com/"))[0] == 200


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a child process")
def test_in_a_process_of_its_own(write, tmp_path):
    # given the module run as a program; when it is interrupted
    network = tmp_path / "network.toml"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "scanner.world",
            str(write(SITE)),
            "--network-out",
            str(network),
            "--now",
            "2024-07-01",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "serving" in process.stdout.readline()
        found = tomllib.loads(network.read_text())
        assert found["now"] == "2024-07-01T00:00:00Z"
        host, _, port = found["routes"]["80"].rpartition(":")
        with socket.create_connection((host, int(port)), 5) as client:
            client.sendall(b"GET /about HTTP/1.1\r\nHost: acme.com\r\nConnection: close\r\n\r\n")
            assert client.makefile("rb").read().startswith(b"HTTP/1.1 200 OK\r\n")
        process.send_signal(signal.SIGINT)
        # then it ends cleanly, without a traceback
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.communicate()


def test_a_bad_world_is_one_line_on_stderr(write, capsys):
    assert main([str(write("domians: {}"))]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "domians" in error


def test_the_world_imports_nothing_of_ours_but_the_model():
    # given every module of the package; then its imports of ours are the model and the package itself
    for path in Path(scanner.world.__file__).parent.glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("from scanner", "import scanner")):
                assert line.startswith(("from scanner.model", "from scanner.world")), (path.name, line)


def test_ten_thousand_domains_are_read_without_opening_a_site(write, monkeypatch):
    folder = write(WORLD + "".join(f"  f{n}.com: {{site: sites/a, tls: {{}}}}\n" for n in range(10_000)))
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    assert len(load(folder).domains) == 10_000
