"""A scan killed in the middle of writing loses nothing that was committed, and is gone on with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scanner.model import Status
from scanner.store import ScanStatus, Store
from scanner.store.evidence import WarcWriter
from tests.store.samples import CASE, FRONT, HTTP, NOW, begin

ROOT = Path(__file__).resolve().parents[2]

# Keeps fetches for ever, and says so after each commit.
WRITING = """
import sys
from dataclasses import replace
from msgspec import structs
from tests.store.samples import FRONT, HTTP, NOW, SINCE, begin
from scanner.model import Observed
from scanner.store import Store

with Store(sys.argv[1]) as store:
    attempt = store.open_attempt(begin(store), FRONT, "website", NOW)
    for number in range(10**9):
        page = replace(HTTP, block=HTTP.block + b"%d" % number + bytes(range(256)) * 400)
        seen = structs.replace(SINCE, value=str(number), evidence=page.digest)
        store.keep(attempt, page, Observed((seen,)))
        print(number, flush=True)
"""

# The same in an event loop, many calls to a transaction, and never a word: killed wherever it is.
WRITING_ASYNC = """
import asyncio, sys
from dataclasses import replace
from msgspec import structs
from tests.store.samples import CASE, FRONT, HTTP, NOW, PLANNED, SINCE, TARGETS
from scanner.model import Observed
from scanner.store import AsyncStore, Store

async def main():
    async with await AsyncStore.open(sys.argv[1]) as store:
        scan = await store.call(Store.begin_scan, CASE, TARGETS, as_of=NOW, passive=False,
                                tool_version="0.1.0", knowledge_version="k", planned=PLANNED)
        attempt = store.open_attempt(scan, FRONT, "website", NOW)
        for number in range(10**9):
            page = replace(HTTP, block=HTTP.block + b"%d" % number + bytes(range(256)) * 40)
            store.keep(attempt, page, Observed((structs.replace(SINCE, value=str(number), evidence=page.digest),)))
            await store.drained()
            if number % 50 == 0:
                await store.flush()
                print(number, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("code", [WRITING, WRITING_ASYNC], ids=["sync", "async"])
@pytest.mark.parametrize("lines", [1, 3, 8])
def test_given_a_scan_killed_while_it_writes_when_opened_again_then_rows_and_records_agree_and_it_goes_on(
    database: Path, code: str, lines: int
) -> None:
    # given: a process that writes, killed after it has committed so much
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(database)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    committed = [int(child.stdout.readline()) for _ in range(lines)][-1]
    child.kill()
    child.communicate()
    # when
    with Store(database) as store:
        found = store.find_resumable(CASE.id, CASE.claims, NOW)
        assert found is not None
        assert found.status is ScanStatus.INTERRUPTED
        scan = store.resume(found)
        # then: what was committed is there, each fact with its record, and the attempt is to be tried again
        stored = list(store.evidence_of(scan))
        facts = store.observations(scan, FRONT)
        assert [fact.evidence for fact in facts] == [one.evidence.digest for one in stored]
        assert [fact.value for fact in facts] == [str(number) for number in range(len(facts))]
        assert len(facts) > committed
        assert store.attempts(scan)[FRONT][0].status is Status.ERROR
        assert store.attempts(scan)[FRONT][0].reason.startswith("unfinished ")
        # and it can be written to
        attempt = store.open_attempt(scan, FRONT, "website", NOW)
        number = store.keep(attempt, HTTP)
        store.close_attempt(attempt, Status.OK)
        assert store.read_evidence(number) == HTTP
        store.finish(scan, ended_at=NOW)
    with (database.parent / scan.warc_file).open("rb") as file:
        blocks = [one.content_stream().read() for one in ArchiveIterator(file, check_digests="raise")]
    assert blocks[-2] == HTTP.block.partition(b"\r\n\r\n")[2]
    assert not list((database.parent / "evidence").glob("*.lock"))


def test_given_a_record_torn_by_the_kill_when_resumed_then_it_is_cut_and_the_rest_stays(
    database: Path,
) -> None:
    with Store(database) as store:
        scan = begin(store)
        attempt = store.open_attempt(scan, FRONT, "website", NOW)
        store.keep(attempt, HTTP)
    path = database.parent / scan.warc_file
    whole = path.read_bytes()
    # one whole record whose row was never committed, and half of another
    other = WarcWriter(path.with_name("other.warc.gz"), software="x", started_at=NOW)
    place = other.append(HTTP)
    other.close()
    member = other.path.read_bytes()[place.offset : place.offset + place.length]
    path.write_bytes(whole + member + member[: len(member) // 2])
    with Store(database) as store:
        scan = store.resume(scan)
        assert path.read_bytes() == whole + member
        assert len(list(store.evidence_of(scan))) == 1
