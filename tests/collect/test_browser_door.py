"""What a browser itself says of its network: nothing was dialled but our proxy, no name looked up, no datagram sent.

Chromium's own network log is read for it (`--log-net-log`), so that what nobody listens for counts as well.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.collect import chromium
from scanner.collect.devtools import Pipe
from scanner.egress import BrowserProxy, Network, NetworkConfig
from scanner.model import Status
from scanner.world import serve

needs_browser = pytest.mark.skipif(
    not chromium.find(), reason="needs Chromium, Chrome or Edge (Debian: apt install chromium)"
)
PAGE = """<!doctype html><title>Asks everybody</title><h1>A page</h1>
<link rel=dns-prefetch href="//prefetched.names.example"><link rel=preconnect href="https://preconnected.names.example">
<link rel=prefetch href="https://read-ahead.names.example/"><a href="https://linked.names.example/" ping="https://ping.names.example">on</a>
<img src="http://192.168.1.1/router.png"><img src="http://[fd00::1]/six.png"><img src="http://169.254.169.254/latest/">
<script>
fetch("https://fetched.names.example/x", {mode: "no-cors"}).catch(() => {});
for (const url of ["wss://socket.names.example/s", "ws://10.0.0.1/s"]) try { new WebSocket(url) } catch {}
try { new WebTransport("https://quic.names.example:443/") } catch {}
const peer = new RTCPeerConnection({iceServers: [{urls: "stun:stun.names.example:3478"}, {urls: "stun:10.0.0.1:3478"},
    {urls: "turn:turn.names.example:3478?transport=udp", username: "a", credential: "b"}]});
peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
</script>"""
WORLD = "now: 2024-06-01\ndeadline_scale: 1\ndomains:\n  asks.example: {site: asks}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "asks").mkdir()
    (tmp_path / "asks" / "index.html").write_text(PAGE)
    (tmp_path / "world.yaml").write_text(WORLD)
    with tempfile.TemporaryDirectory(prefix="fft-", dir="/tmp") as profiles:
        monkeypatch.setattr(tempfile, "tempdir", profiles)
        yield tmp_path


async def ended(pipe: Pipe) -> None:
    """The browser, at our word, so that it writes its log to the end."""
    pipe.post("Browser.close", {})
    assert pipe._listening is not None
    await pipe._listening


def logged(path: Path) -> tuple[set[str], list[tuple[str, dict[str, Any]]]]:
    """The names of all events the browser can log, and those it did, each with its parameters."""
    log = json.loads(path.read_text("utf-8"))
    names = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    found = [(names[event["type"]], event.get("params")) for event in log["events"]]
    return set(names.values()), [(name, what if isinstance(what, dict) else {}) for name, what in found]


@needs_browser
async def test_nothing_is_dialled_but_the_proxy_and_no_name_is_looked_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a page that asks for names and inside addresses in every way a page can
    log = folder / "net.json"
    monkeypatch.setattr(chromium, "_FLAGS", (*chromium._FLAGS, f"--log-net-log={log}"))
    async with serve(folder) as served:
        config = NetworkConfig.parse(served.network_toml, folder)
        async with (
            Network(config) as network,
            BrowserProxy(network) as proxy,
            chromium.window(chromium.find(), proxy, opens=20, loads=8, any_certificate=True) as window,
        ):
            # when it is opened
            seen = await window.visit("https://asks.example/", dom=False)
            await ended(window._pipe)
    assert seen.picture
    known, events = logged(log)
    # then every connection went to the proxy
    dialled = {str(what["address"]) for name, what in events if name == "TCP_CONNECT_ATTEMPT" and what}
    assert dialled == {f"127.0.0.1:{proxy.port}"}
    # no name was looked up by the browser, and not one byte left as a datagram
    silent = {"HOST_RESOLVER_MANAGER_JOB", "HOST_RESOLVER_SYSTEM_TASK", "DNS_TRANSACTION", "UDP_BYTES_SENT"}
    assert silent <= known, "the log calls them otherwise by now"
    assert not {name for name, _ in events} & silent
    # what the page asked for came to the door, where inside addresses end
    asked = {one.host: one.status for one in proxy.refused}
    assert asked["fetched.names.example"] is Status.ABSENT
    assert asked["socket.names.example"] is Status.ABSENT
    for inside in ("192.168.1.1", "10.0.0.1", "169.254.169.254", "fd00::1"):
        assert asked[inside] is Status.BLOCKED, inside
