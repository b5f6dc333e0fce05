"""Content codings: undone within a size, never an exception."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.coding import ACCEPT_ENCODING, codings, decode

zstd = pytest.importorskip("backports.zstd")

LIMIT = 1 << 20
BARE = zlib.compressobj(9, zlib.DEFLATED, -15)
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("text", [b"", b"x", b"hello " * 1000, bytes(range(256)) * 3000])
def test_what_was_packed_comes_back(coding: str, text: bytes) -> None:
    assert decode(PACKERS[coding](text), [coding], LIMIT) == (text, "")


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_is_cut_at_the_limit_without_growing_past_it(coding: str) -> None:
    bomb = PACKERS[coding](bytes(40 << 20))
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    body, cut = decode(bomb, [coding], LIMIT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(body), cut) == (LIMIT, "length")
    assert peak < 12 << 20


@pytest.mark.parametrize("outer", PACKERS)
def test_a_bomb_inside_a_coding_is_cut_too(outer: str) -> None:
    body, cut = decode(PACKERS[outer](gzip.compress(bytes(50 << 20))), ["gzip", outer], LIMIT)
    assert (len(body), cut) == (LIMIT, "length")


@pytest.mark.parametrize("coding", PACKERS)
def test_exactly_the_limit_is_whole_and_one_more_is_cut(coding: str) -> None:
    assert decode(PACKERS[coding](b"x" * 1000), [coding], 1000) == (b"x" * 1000, "")
    assert decode(PACKERS[coding](b"x" * 1001), [coding], 1000) == (b"x" * 1000, "length")


def test_two_codings_are_undone_in_order_and_three_are_refused() -> None:
    twice = brotli.compress(gzip.compress(b"deep"))
    assert decode(twice, ["gzip", "br"], LIMIT) == (b"deep", "")
    thrice = gzip.compress(twice)
    assert decode(thrice, ["gzip", "br", "gzip"], LIMIT) == (thrice, "encoding")


@pytest.mark.parametrize("coding", [*PACKERS, "rot13"])
def test_a_plain_body_with_a_false_label_stays_as_it_came(coding: str) -> None:
    page = b"<html>plain, whatever the header says</html>"
    assert decode(page, [coding], LIMIT) == (page, "encoding")


def test_a_coding_that_is_named_twice_and_was_applied_once_is_undone_once() -> None:
    assert decode(gzip.compress(b"page"), ["gzip", "gzip"], LIMIT) == (b"page", "encoding")


@pytest.mark.parametrize("coding", PACKERS)
def test_a_stream_that_is_cut_short_gives_what_came_and_says_so(coding: str) -> None:
    text = bytes(range(256)) * 2000
    packed = PACKERS[coding](text)
    body, cut = decode(packed[: len(packed) // 2], [coding], LIMIT)
    assert cut == "encoding"
    assert text.startswith(body)


def test_a_deflate_stream_without_its_wrapper_is_read_too() -> None:
    packed = BARE.compress(b"bare " * 500) + BARE.flush()
    assert decode(packed, ["deflate"], LIMIT) == (b"bare " * 500, "")


def test_several_gzip_members_and_zstd_frames_are_one_body() -> None:
    assert decode(gzip.compress(b"one ") + gzip.compress(b"two"), ["gzip"], LIMIT) == (b"one two", "")
    assert decode(zstd.compress(b"one ") + zstd.compress(b"two"), ["zstd"], LIMIT) == (b"one two", "")


def test_bytes_after_a_gzip_body_are_ignored() -> None:
    assert decode(gzip.compress(b"one") + b"\0\0padding", ["gzip"], LIMIT) == (b"one", "")


def test_a_zstd_window_larger_than_http_allows_is_refused() -> None:
    options = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    packer = zstd.ZstdCompressor(options=options)
    wide = packer.compress(bytes(1 << 20)) + packer.flush()
    assert decode(wide, ["zstd"], 4 << 20)[1] == "encoding"


def test_the_header_lists_codings_in_the_order_they_were_applied() -> None:
    assert codings("GZIP , br") == ["gzip", "br"]
    assert codings("identity") == codings("") == []
    assert "zstd" in ACCEPT_ENCODING


@given(st.binary(max_size=300), st.lists(st.sampled_from([*PACKERS, "rot13"]), max_size=3))
def test_no_bytes_raise_and_none_pass_the_limit(body: bytes, applied: list[str]) -> None:
    decoded, cut = decode(body, applied, 100)
    assert len(decoded) <= 100
    assert cut in ("", "length", "encoding")
