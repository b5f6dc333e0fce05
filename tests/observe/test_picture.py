"""One picture: what it looks like, and that hostile ones cost little and say nothing."""

from __future__ import annotations

import json
import struct
import time
import zlib
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageEnhance, ImageOps

from scanner.model import About, Evidence, Observed, Status
from scanner.observe import PRELOAD, observe, observe_in
from scanner.observe.picture import MOST_PIXELS, is_icon, looks
from scanner.parse import ParsePool
from tests.drawing import encoded, logo, scene

NOW = datetime(2024, 6, 1, tzinfo=UTC)
ABOUT = About("acme.example", as_of=NOW)


def bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def answer(body: bytes, url: str = "https://acme.example/team.jpg", kind: str = "image/jpeg") -> Evidence:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode()
    return Evidence(url, "application/http;msgtype=response", NOW, head + body)


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG file that states a size, with whatever data."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack("!I", len(content)) + name + content + struct.pack("!I", zlib.crc32(name + content))
        )

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_is_told_in_every_format(format: str) -> None:
    found = looks(encoded(scene(1), format))
    assert found is not None
    assert (found.format, found.width, found.height) == (format, 320, 220)
    original = looks(encoded(scene(1)))
    assert original is not None
    assert bits(found.hash, original.hash) <= 6


@pytest.mark.parametrize("seed", range(20))
def test_a_mirrored_scaled_brightened_copy_has_nearly_the_mirror_hash(seed: int) -> None:
    original = looks(encoded(scene(seed), quality=80))
    copy = ImageEnhance.Brightness(ImageOps.mirror(scene(seed)).resize((500, 344))).enhance(1.1)
    found = looks(encoded(copy, quality=40))
    assert original is not None
    assert found is not None
    assert bits(original.mirror, found.hash) <= 6
    assert bits(original.hash, found.mirror) <= 6


def test_unrelated_scenes_are_far_apart_in_both_orientations() -> None:
    hashes = []
    for seed in range(60):
        found = looks(encoded(scene(seed)))
        assert found is not None
        hashes += [(seed, found.hash), (seed, found.mirror)]
    nearest = min(bits(one, other) for a, one in hashes for b, other in hashes if a < b)
    assert nearest > 20


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (300, 200), "navy"),
        Image.linear_gradient("L").resize((300, 200)),
        logo(1),
        Image.new("RGBA", (300, 200), (0, 0, 0, 0)),
    ],
    ids=["one-colour", "gradient", "logo", "see-through"],
)
def test_a_plain_picture_has_no_fingerprint(picture: Image.Image) -> None:
    found = looks(encoded(picture, "PNG"))
    assert found is not None
    assert (found.hash, found.mirror) == ("", "")


def test_a_thumbnail_is_no_picture() -> None:
    assert looks(encoded(scene(1, 119, 300))) is None
    assert looks(encoded(scene(1, 120, 120))) is not None


@pytest.mark.parametrize(
    "body",
    [
        png(50_000, 50_000),
        png(50_000, 50_000, zlib.compress(bytes(20_000_000))),
        png(65_535, MOST_PIXELS // 65_535 + 1),
        encoded(scene(1))[:-900],
        encoded(scene(1), "PNG")[:3000],
        encoded(scene(1), "WEBP")[:2000],
        encoded(scene(1), "GIF")[:2000],
        png(300, 200, zlib.compress(b"\0" * 10)),
        b"\xff\xd8\xff" + b"\0" * 400,
        b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 40,
        b"GIF89a" + b"\xff" * 60,
        b"<svg xmlns='http://www.w3.org/2000/svg' width='300' height='300'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 300 300\n",
        encoded(scene(1), "BMP"),
        encoded(scene(1), "TIFF"),
        b"",
    ],
    ids=lambda body: body[:8].hex() + f"-{len(body)}",
)
def test_a_bomb_a_torn_or_a_foreign_file_says_nothing_at_once(body: bytes) -> None:
    started = time.process_time()
    assert looks(body) is None
    assert observe("website", answer(body), ABOUT) == Observed()
    assert time.process_time() - started < 1


def test_of_ten_thousand_frames_the_first_alone_is_read() -> None:
    first = encoded(scene(3).quantize(64), "GIF")
    # Each further frame is a copy of the first one's image block.
    block = first[first.index(b"\x2c", 13 + 3 * 128) : -1]
    film = first[:-1] + b"\x21\xf9\x04\x00\x01\x00\x00\x00".join([b"", *[block[:400]] * 10_000]) + b"\x3b"
    started = time.process_time()
    found = looks(film)
    assert found is not None
    still = looks(first)
    assert still is not None
    assert found.hash == still.hash
    assert time.process_time() - started < 1


def test_a_picture_with_a_page_inside_is_a_picture_and_no_page() -> None:
    body = (
        encoded(scene(4)) + b"<!doctype html><html><body><script>alert(1)</script><p>text</p></body></html>"
    )
    observed = observe("website", answer(body, kind="text/html"), ABOUT)
    assert observed.page is None
    assert observed.links == ()
    assert [row.name for row in observed.observations] == ["seen"]


def test_what_is_asked_for_as_a_picture_and_sent_as_a_page_says_nothing() -> None:
    body = b"<!doctype html><title>Not found</title><p>We were founded in 1990. Call +1 512 555 0100.</p>"
    assert observe("website", answer(body, kind="text/html"), ABOUT) == Observed()


def test_the_row_of_a_picture_holds_what_it_is_found_by() -> None:
    body = encoded(scene(5))
    (row,) = observe("website", answer(body), ABOUT).observations
    what = json.loads(row.value)
    assert (row.kind, row.name, row.source) == ("picture", "seen", "website")
    assert str(row.starts) == "2024-06-01T00:00:00Z"
    assert (what["format"], what["width"], what["height"]) == ("JPEG", 320, 220)
    assert len(what["hash"]) == len(what["mirror"]) == 32
    assert len(what["digest"]) == 64
    assert len(what["sha1"]) == 32


def test_a_favicon_stays_an_identifier_and_a_valley_is_none() -> None:
    body = encoded(scene(6, 180, 180), "PNG")
    (row,) = observe(
        "website", answer(body, "https://acme.example/apple-touch-icon.png", "image/png"), ABOUT
    ).observations
    assert (row.kind, row.name) == ("identifier", "favicon")
    (row,) = observe(
        "website", answer(body, "https://acme.example/silicon.png", "image/png"), ABOUT
    ).observations
    assert (row.kind, row.name) == ("picture", "seen")
    assert is_icon("https://acme.example/favicons/a.png")


async def test_a_locked_worker_reads_pictures_and_survives_bombs() -> None:
    """Given workers without files and sockets, when good and hostile pictures come, then the good ones are read."""
    async with ParsePool(1, preload=PRELOAD) as pool:
        for format in ("JPEG", "PNG", "GIF", "WEBP"):
            good = await observe_in(pool, "website", answer(encoded(scene(7), format)), ABOUT)
            assert [row.name for row in good.observations] == ["seen"], format
        large = encoded(Image.effect_noise((4000, 3000), 60).convert("RGB"), quality=30)
        assert (await observe_in(pool, "website", answer(large), ABOUT)).status is None
        bomb = await observe_in(pool, "website", answer(png(50_000, 50_000, b"x" * 1000)), ABOUT)
        assert bomb == Observed()
        flat = Image.new("RGBA", (3400, 3500), (9, 9, 9, 3))
        seen = await observe_in(pool, "website", answer(encoded(flat, "PNG"), kind="image/png"), ABOUT)
        assert seen.status in (None, Status.UNPARSED)
        again = await observe_in(pool, "website", answer(encoded(scene(8))), ABOUT)
        assert [row.name for row in again.observations] == ["seen"]
