"""Sites of a world: files, redirects, statuses and misbehaviour, over plain clients."""

from __future__ import annotations

import asyncio
import zlib

import aiohttp
import pytest

from scanner.world import sites

WORLD = """
now: 2024-06-01
domains:
  acme.com:
    site:
      dir: sites/a
      paths:
        "/old": {redirect: /new, status: 302}
        "/gone": {redirect: "https://other.com/x?y=1"}
        "/broken": {status: 500}
        "/about": {headers: {X-One: exact}}
        "/*": {headers: {Server: Apache, X-One: all}}
        "/slow*": {behaviour: slow}
        "/latin": {file: latin.html, headers: {Content-Type: text/html; charset=iso-8859-1}}
    hosts:
      www: {redirect: "https://acme.com/"}
      plain: {dir: sites/a, http: redirect}
      tlsonly: {dir: sites/a, http: none}
  moved.com: {site: {redirect: "https://acme.com/new?a=b"}}
  down.com: {site: {status: 503}}
  slow.com: {site: {dir: sites/a, behaviour: slow}}
  endless.com: {site: {behaviour: endless}}
  bomb.com: {site: {behaviour: bomb}}
  loop.com: {site: {behaviour: loop}}
  challenge.com: {site: {behaviour: challenge}}
  refuse.com: {site: {behaviour: refuse}}
  hole.com: {site: {behaviour: blackhole}}
  notls.com: {site: sites/a, tls: {none: true}}
  nosite.com: {dns: {A: [95.217.77.1]}}
  shared-one.com: {dns: {A: [95.217.66.1]}, site: {behaviour: refuse}}
  shared-two.com: {dns: {A: [95.217.66.1]}, site: sites/a}
"""
FILES = {
    "latin.html": "<p>Müller</p>".encode("latin-1"),
    "sites/a/404.html": "<h1>lost</h1>",
    "sites/a/style.css": "p{}",
    "sites/a/with space.html": "space",
    "sites/a/users/jane.json": '{"login": "jane"}',
    "sites/a/users/jane/repos.json": "[]",
    "secret.txt": "outside the site",
}


@pytest.fixture
def web(world):
    return lambda: world(WORLD, files=FILES)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("path", "status", "kind", "words"),
    [
        ("/", 200, "text/html; charset=utf-8", b"Home"),
        ("/index.html", 200, "text/html; charset=utf-8", b"Home"),
        ("/about", 200, "text/html; charset=utf-8", b"About"),
        ("/about.html?x=1", 200, "text/html; charset=utf-8", b"About"),
        ("/team", 200, "text/html; charset=utf-8", b"Team"),
        ("/team/", 200, "text/html; charset=utf-8", b"Team"),
        ("/logo.png", 200, "image/png", b"\x89PNG"),
        ("/style.css", 200, "text/css; charset=utf-8", b"p{}"),
        ("/robots.txt", 200, "text/plain; charset=utf-8", b"Disallow: /private"),
        ("/users/jane", 200, "application/json; charset=utf-8", b"login"),
        ("/users/jane/repos?page=1", 200, "application/json; charset=utf-8", b"[]"),
        ("/with%20space", 200, "text/html; charset=utf-8", b"space"),
        ("/sitemap.xml", 404, "text/html; charset=utf-8", b"lost"),
        ("/nothing/here", 404, "text/html; charset=utf-8", b"lost"),
        ("/latin", 200, "text/html; charset=iso-8859-1", "Müller".encode("latin-1")),
    ],
)
async def test_files_answer_the_same_on_both_ports(web, scheme, path, status, kind, words):
    async with web() as box:
        got, headers, body = await box.get(f"{scheme}://acme.com{path}")
    assert (got, headers["content-type"]) == (status, kind)
    assert words in body


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/%2e%2e/secret.txt", "/..\\secret.txt", "//etc/passwd", "/a\0b",
     "/team/../../secret.txt", "/" + "x" * 5000, "/C:/secret.txt"],
)  # fmt: skip
def test_no_path_leaves_the_folder(tmp_path, path):
    # given a file beside the site, and a link in the site that leads to it
    (tmp_path / "site").mkdir()
    (tmp_path / "secret.txt").write_text("outside")
    (tmp_path / "site" / "link.txt").symlink_to(tmp_path / "secret.txt")
    site = sites.Site(folder=tmp_path / "site")
    # then no spelling reaches it
    assert sites.answer(site, "http", "acme.com", path).status == 404
    assert sites.answer(site, "http", "acme.com", "/link.txt").status == 404


async def test_redirects_go_exactly_where_the_file_says(web):
    async with web() as box:
        for url, status, where in (
            ("http://acme.com/old", 302, "/new"),
            ("https://acme.com/gone", 301, "https://other.com/x?y=1"),
            ("https://moved.com/", 301, "https://acme.com/new?a=b"),
            ("https://moved.com/robots.txt", 301, "https://acme.com/new?a=b"),
            ("http://www.acme.com/x", 301, "https://acme.com/"),
            ("http://plain.acme.com/team?x=1", 301, "https://plain.acme.com/team?x=1"),
            ("https://loop.com/some?where", 302, "/some?where"),
        ):
            got, headers, _ = await box.get(url)
            assert (got, headers["location"]) == (status, where), url
        assert (await box.get("https://plain.acme.com/team"))[0] == 200


async def test_statuses_and_headers_by_path(web):
    async with web() as box:
        assert (await box.get("https://acme.com/broken"))[0] == 500
        assert (await box.get("http://down.com/any"))[0] == 503
        _, headers, _ = await box.get("https://acme.com/team")
        assert (headers["server"], headers["x-one"]) == ("Apache", "all")
        _, headers, _ = await box.get("https://acme.com/about")
        assert (headers["server"], headers["x-one"]) == ("Apache", "exact")
        _, headers, _ = await box.get("https://shared-two.com/")
        assert headers["server"] == "nginx"
        assert headers["date"].startswith("Sat, 01 Jun 2024 00:0")


async def test_a_challenge_is_told_by_its_header(web):
    async with web() as box:
        for path in ("/", "/robots.txt"):
            status, headers, body = await box.get(f"https://challenge.com{path}")
            assert (status, headers["cf-mitigated"]) == (403, "challenge")
            assert b"Just a moment" in body


async def test_head_and_other_methods(web):
    async with web() as box:
        async with box.http.head("https://acme.com/") as answer:
            assert (answer.status, await answer.read()) == (200, b"")
            assert int(answer.headers["Content-Length"]) > 10
        async with box.http.post("https://acme.com/", data=b"x") as answer:
            assert answer.status == 405


async def test_slow_sends_one_byte_and_waits(web):
    # when a slow page is opened; then its first byte is there, and the second isn't
    async with web() as box, box.http.get("https://slow.com/") as answer:
        assert await answer.content.readany() == b"<"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(answer.content.readany(), 0.2)


async def test_endless_goes_on(web):
    async with web() as box, box.http.get("http://endless.com/") as answer:
        read = 0
        while read < 3_000_000:
            read += len(await answer.content.readany())
        assert "Content-Length" not in answer.headers


def test_the_bomb_is_small_and_unpacks_to_a_gigabyte():
    # given the gzip; when it is unpacked in pieces
    packed = sites.bomb()
    unpacker = zlib.decompressobj(31)
    size, rest = 0, packed
    while rest or not unpacker.eof:
        piece = unpacker.decompress(rest, 1 << 24)
        rest = unpacker.unconsumed_tail
        size += len(piece)
        if not piece and not rest:
            break
    # then zlib itself has checked its length and checksum
    assert unpacker.eof
    assert size == sites.BOMB_BYTES == 1_000_000_000
    assert len(packed) <= 1_000_000


async def test_the_bomb_comes_as_a_compressed_page(web):
    async with web() as box:
        status, headers, body = await box.get("http://bomb.com/")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert body == sites.bomb()


async def test_refusing_hosts_have_routes_that_say_so(web):
    async with web() as box:
        for host, port, target in (
            ("refuse.com", 80, "refuse"), ("refuse.com", 443, "refuse"), ("hole.com", 443, "blackhole"),
            ("notls.com", 443, "refuse"), ("nosite.com", 80, "refuse"),
        ):  # fmt: skip
            (address,) = await box.a(host)
            assert box.route(address, port) == target, host
        (address,) = await box.a("notls.com")
        assert box.route(address, 80) == box.network["routes"]["80"]
        assert (await box.get("http://notls.com/"))[0] == 200


async def test_on_a_shared_address_only_the_refusing_host_is_cut(web):
    async with web() as box:
        assert "95.217.66.1:80" not in box.network["routes"]
        assert (await box.get("https://shared-two.com/"))[0] == 200
        for url in ("http://shared-one.com/", "https://shared-one.com/", "http://tlsonly.acme.com/"):
            with pytest.raises(aiohttp.ClientError):
                await box.get(url)
        assert (await box.get("https://tlsonly.acme.com/"))[0] == 200


async def test_a_host_the_server_does_not_know_gets_nothing(web):
    async with web() as box:
        with pytest.raises(aiohttp.ClientError):
            await box.get("http://acme.com/", headers={"Host": "unlisted.com"})
