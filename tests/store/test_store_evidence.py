"""Evidence files: any WARC tool reads them, nothing in them can be changed unseen, a torn end is cut."""

from __future__ import annotations

import errno
import gzip
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from scanner.model import Evidence
from scanner.store import DiskFullError, EvidenceError, Store
from scanner.store.evidence import Place, WarcWriter, check_whole, cut_unfinished, read
from tests.store.samples import DNS, EVERY_KIND, FRONT, HTTP, NOW, WHOIS, begin


def writer(path: Path, checked: int = 0) -> WarcWriter:
    return WarcWriter(path, software="falsefront/0.1.0", started_at=NOW, checked=checked)


def write(path: Path, *evidence: Evidence) -> list[Place]:
    warc = writer(path)
    places = [warc.append(one) for one in evidence]
    warc.close()
    return places


def records(path: Path) -> list[tuple[str, dict[str, str], bytes]]:
    """(type, headers, block) of every record as warcio sees it, its digests checked."""
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True, check_digests="raise"):
            block = record.content_stream().read()
            assert record.digest_checker.passed in (True, None)
            found.append((record.rec_type, dict(record.rec_headers.headers), block))
    return found


@pytest.mark.parametrize("evidence", EVERY_KIND, ids=lambda e: e.uri)
def test_given_a_fetch_when_written_and_read_then_it_is_the_same_to_the_byte(
    tmp_path: Path, evidence: Evidence
) -> None:
    path = tmp_path / "evidence" / "scan.warc.gz"
    places = write(path, DNS, evidence, DNS)
    assert read(path, places[1], digest=evidence.digest, request=True) == evidence


def test_given_every_kind_when_read_by_warcio_then_types_headers_and_digests_are_right(
    tmp_path: Path,
) -> None:
    path = tmp_path / "scan.warc.gz"
    write(path, *EVERY_KIND)
    found = records(path)
    assert [kind for kind, _, _ in found] == [
        "warcinfo", "resource", "resource", "resource", "response", "request", "response",
    ]  # fmt: skip
    info, dns, whois, _, response, request, _ = found
    assert b"falsefront/0.1.0" in info[2]
    assert dns[1]["WARC-Target-URI"] == "dns:front.example?type=A"
    assert dns[1]["Content-Type"] == "application/dns-message"
    assert whois[2] == WHOIS.block
    assert response[1]["WARC-Block-Digest"] == HTTP.digest
    assert response[1]["WARC-IP-Address"] == "2606:4700::1111"
    assert response[1]["WARC-Truncated"] == "length"
    assert request[1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
    assert request[2] == HTTP.request


def test_given_every_kind_when_warcio_checks_the_file_then_it_passes(tmp_path: Path) -> None:
    path = tmp_path / "scan.warc.gz"
    write(path, *EVERY_KIND)
    check = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout
    assert check.stdout.count("digest pass") == len(EVERY_KIND) + 1
    assert "fail" not in check.stdout


def test_given_a_record_then_it_is_one_gzip_member_at_its_offset(tmp_path: Path) -> None:
    path = tmp_path / "scan.warc.gz"
    place = write(path, DNS, HTTP)[1]
    member = gzip.decompress(path.read_bytes()[place.offset : place.offset + place.length])
    assert member.startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")
    assert HTTP.block in member


hostile = st.binary(max_size=300)
heads = st.sampled_from(
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200\r\n\r\n", b"HTTP/2 200\r\n", b"ICY 200 OK\r\n"]
)


@settings(max_examples=150, deadline=None)
@given(head=heads, block=hostile, request=hostile, uri=st.text(max_size=60))
def test_given_hostile_bytes_when_written_then_every_tool_still_reads_the_whole_file(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, block: bytes, request: bytes, uri: str
) -> None:
    path = tmp_path_factory.mktemp("hostile") / "scan.warc.gz"
    evidence = Evidence(
        "http://front.example/" + uri, HTTP.media_type, NOW, head + block, request, "198.51.7.1"
    )
    places = write(path, evidence, WHOIS)
    assert read(path, places[0], digest=evidence.digest).block == evidence.block
    with path.open("rb") as file:
        seen = [record.content_stream().read() for record in ArchiveIterator(file, check_digests="raise")]
    assert seen[-1] == WHOIS.block


def test_given_an_address_with_line_breaks_then_it_adds_no_header(tmp_path: Path) -> None:
    path = tmp_path / "scan.warc.gz"
    write(
        path, replace(DNS, uri="dns:a\r\nWARC-Truncated: length\r\n\r\nGET", media_type="text/plain\r\nX: y")
    )
    _, headers, _ = records(path)[1]
    assert headers["WARC-Target-URI"] == "dns:a%0D%0AWARC-Truncated:%20length%0D%0A%0D%0AGET"
    assert "WARC-Truncated" not in headers
    assert "X" not in headers


def test_given_a_file_cut_anywhere_when_opened_again_then_only_the_torn_record_goes(tmp_path: Path) -> None:
    path = tmp_path / "scan.warc.gz"
    places = write(path, DNS, WHOIS)
    whole = path.read_bytes()
    keep = places[1].offset
    for end in range(keep, len(whole)):
        path.write_bytes(whole[:end])
        assert cut_unfinished(path) == keep
        assert path.read_bytes() == whole[:keep]
    path.write_bytes(whole)
    assert cut_unfinished(path) == len(whole)


@pytest.mark.parametrize("tail", [b"\x00" * 4096, b"\x1f\x8b\x08garbage", b"x"])
def test_given_a_torn_end_of_bytes_never_written_when_opened_then_it_is_cut(
    tmp_path: Path, tail: bytes
) -> None:
    path = tmp_path / "scan.warc.gz"
    write(path, DNS)
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    writer(path).close()
    assert path.read_bytes() == whole


def test_given_a_damaged_record_that_has_a_row_when_opened_then_nothing_is_dropped(tmp_path: Path) -> None:
    # given: a file whose first record was damaged on the disk, and a row that says where the last one ends
    path = tmp_path / "scan.warc.gz"
    places = write(path, DNS, HTTP)
    damaged = bytearray(path.read_bytes())
    damaged[places[0].offset + 30] ^= 0xFF
    path.write_bytes(damaged)
    # when it is opened for more
    warc = writer(path, checked=places[1].offset + places[1].length)
    warc.append(WHOIS)
    warc.close()
    # then the good record is still there, and the damaged one is told apart from it
    assert read(path, places[1]) == replace(HTTP, request=b"")
    with pytest.raises(EvidenceError, match=r"scan\.warc\.gz at byte"):
        read(path, places[0])


def test_given_a_record_that_was_replaced_when_read_then_the_digest_tells(tmp_path: Path) -> None:
    path = tmp_path / "scan.warc.gz"
    place = write(path, replace(DNS, block=b"something else"))[0]
    with pytest.raises(EvidenceError, match="the file was changed"):
        read(path, place, digest=DNS.digest)


def test_given_bytes_whose_own_digest_is_wrong_when_read_then_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.warc.gz"
    place = write(path, DNS)[0]
    member = gzip.decompress(path.read_bytes()[place.offset :]).replace(b"wire", b"evil")
    path.write_bytes(forged := gzip.compress(member))
    with pytest.raises(EvidenceError, match="the file was changed"):
        read(path, Place(0, len(forged)))


def test_given_a_request_that_was_replaced_when_the_whole_is_checked_then_its_digest_tells(
    tmp_path: Path,
) -> None:
    # given a response and the request that led to it, which no row names
    path = tmp_path / "x.warc.gz"
    [place] = write(path, HTTP)
    check_whole(path)
    at = place.offset + place.length
    # when the request is packed again with other words
    request = gzip.decompress(path.read_bytes()[at:])
    path.write_bytes(path.read_bytes()[:at] + gzip.compress(request.replace(b"GET ", b"PUT ")))
    # then the response still reads, and the check of all records tells
    assert read(path, place).block == HTTP.block
    with pytest.raises(EvidenceError, match=f"at byte {at}: the stored bytes are not those of the digest"):
        check_whole(path)


def test_given_a_file_cut_anywhere_when_the_whole_is_checked_then_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    write(path, HTTP, DNS)
    whole = path.read_bytes()
    ends = {path.read_bytes().find(b"\x1f\x8b\x08", at) for at in range(1, len(whole))} | {len(whole)}
    for length in (1, 20, len(whole) // 2, len(whole) - 1):
        assert length not in ends
        path.write_bytes(whole[:length])
        with pytest.raises(EvidenceError):
            check_whole(path)


def test_given_no_file_when_read_then_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="No such file") as error:
        read(tmp_path / "gone.warc.gz", Place(0, 10))
    assert "\n" not in str(error.value)


def test_given_a_response_without_request_then_the_next_pair_is_not_mistaken_for_it(tmp_path: Path) -> None:
    path = tmp_path / "scan.warc.gz"
    places = write(path, replace(HTTP, request=b""), HTTP)
    assert read(path, places[0], request=True).request == b""
    assert read(path, places[1], request=True).request == HTTP.request


def test_given_bytes_that_can_not_be_written_then_no_row_names_them(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Evidence first, then its row: after a crash between the two a row would point at nothing."""
    with Store(database) as store:
        scan = begin(store)
        attempt = store.open_attempt(scan, FRONT, "dns", NOW)

        def full(self: WarcWriter) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(WarcWriter, "flush", full)
            with pytest.raises(DiskFullError):
                store.keep(attempt, DNS)
        assert store.conn.execute("select count(*) from evidence").fetchone() == (0,)


def test_given_a_full_disk_when_a_file_is_begun_then_no_empty_one_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: WarcWriter) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "scan.warc.gz"
    with monkeypatch.context() as patched:
        patched.setattr(WarcWriter, "flush", full)
        with pytest.raises(OSError, match="No space"):
            WarcWriter(path, software="falsefront", started_at=NOW)
    assert not path.exists()
