"""The room for hostile bytes: what comes back, what is refused, what happens to a worker that goes wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from scanner.parse import ParseFailed, ParsePool, process

HERE = Path(__file__).parent
ALLOW = ("tests",)


@pytest_asyncio.fixture(params=[process.Pair, process.Pipes])
async def pool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ParsePool]:
    """One worker; over the socket pair that POSIX systems use, and over the pipes of Windows."""
    if request.param is process.Pair and sys.platform == "win32":
        pytest.skip("Windows can't hand a socket pair on")
    monkeypatch.setattr(process, "LINK", request.param)
    async with ParsePool(1, allow=ALLOW) as running:
        yield running


async def failure(pool: ParsePool, function: str, payload: bytes = b"") -> str:
    with pytest.raises(ParseFailed) as caught:
        await pool.run(f"tests.parse_functions:{function}", payload)
    return caught.value.reason


async def test_bytes_go_in_and_bytes_come_out_also_large_and_empty_ones(pool: ParsePool) -> None:
    assert await pool.run("tests.parse_functions:upper", b"acme") == b"ACME"
    assert await pool.run("tests.parse_functions:echo", b"") == b""
    megabytes = os.urandom(5 << 20)
    assert await pool.run("tests.parse_functions:echo", megabytes) == megabytes


async def test_given_a_started_pool_then_start_returned_before_any_worker_was_ready() -> None:
    pool = ParsePool(1, allow=ALLOW)
    with pytest.raises(StopIteration):  # it ran to its end without waiting once
        pool.start().send(None)
    assert await pool.run("tests.parse_functions:upper", b"x") == b"X"
    await pool.close()


async def test_given_two_workers_then_two_items_run_side_by_side() -> None:
    async with ParsePool(2, allow=ALLOW) as pool:
        never = asyncio.create_task(pool.run("tests.parse_functions:hang", b""))
        await asyncio.sleep(0)
        pid = int(await pool.run("tests.parse_functions:pid", b""))
        assert not never.done()
        assert pid != os.getpid()
    with pytest.raises(ParseFailed):
        await never


@pytest.mark.parametrize(
    "action",
    [
        "open_socket",
        "resolve",
        "database",
        "process",
        "shell",
        "write_new",
        "write_low",
        "append",
        "remove",
        "fork",
    ],
)
async def test_a_worker_refuses_network_database_processes_and_writing(action: str) -> None:
    async with ParsePool(1, allow=ALLOW) as pool:
        reason = await failure(pool, "forbidden", action.encode())
    assert reason.startswith("error PermissionError: a parse worker")
    assert "parse-worker-was-here" not in os.listdir()


async def test_a_worker_may_read_and_import(pool: ParsePool) -> None:
    assert (await pool.run("tests.parse_functions:read", b"")).startswith(b'"""Functions')
    assert await pool.run("tests.parse_functions:import_late", b"") == b"wave"


async def test_given_a_function_that_raises_then_its_words_come_back_and_the_worker_stays(
    pool: ParsePool,
) -> None:
    before = await pool.run("tests.parse_functions:pid", b"")
    assert await failure(pool, "fail") == "error KeyError: 'what the parser said'"
    assert (await failure(pool, "nest")).startswith("error RecursionError")
    assert (await failure(pool, "leave")).startswith("error SystemExit")
    assert await failure(pool, "text") == "error tests.parse_functions:text gave str, not bytes"
    assert (await failure(pool, "no_such_function")).startswith("error AttributeError")
    assert await pool.run("tests.parse_functions:pid", b"") == before


async def test_given_a_worker_that_dies_then_the_item_failed_and_a_new_worker_serves(pool: ParsePool) -> None:
    before = await pool.run("tests.parse_functions:pid", b"")
    assert await failure(pool, "die") == "died with exit code 7"
    after = await pool.run("tests.parse_functions:pid", b"")
    assert after != before


async def test_given_a_worker_that_dies_between_two_items_then_the_next_is_served_by_a_new_one(
    pool: ParsePool,
) -> None:
    before = int(await pool.run("tests.parse_functions:pid", b""))
    os.kill(before, signal.SIGTERM)
    assert int(await pool.run("tests.parse_functions:pid", b"")) != before


async def test_given_items_for_later_then_those_somebody_waits_for_come_first(pool: ParsePool) -> None:
    order: list[bytes] = []

    async def item(name: bytes, later: bool) -> None:
        order.append(await pool.run("tests.parse_functions:echo", name, later=later))

    await asyncio.gather(item(b"first", True), item(b"last", True), item(b"soon", False))
    assert order == [b"soon", b"first", b"last"]


async def test_given_items_sent_ahead_then_one_that_dies_takes_no_other_with_it(pool: ParsePool) -> None:
    # given a pool whose worker has three items in hand, the second of which ends it
    pool._ahead = 2
    names = [b"%d" % number for number in range(6)]
    waiting = [pool.run("tests.parse_functions:echo", name) for name in names]
    waiting.insert(1, pool.run("tests.parse_functions:die", b""))
    first, died, *others = await asyncio.gather(*waiting, return_exceptions=True)
    # then it alone failed, and those sent behind it were asked of the next process
    assert str(died) == "died with exit code 7"
    assert [first, *others] == names


async def test_given_items_sent_ahead_then_each_has_its_own_time() -> None:
    async with ParsePool(1, allow=ALLOW, seconds=0.3, ahead=3) as pool:
        names = ("echo", "hang", "spin", "echo")
        waiting = [pool.run(f"tests.parse_functions:{name}", b"x") for name in names]
        before, hung, spun, behind = await asyncio.gather(*waiting, return_exceptions=True)
    assert (before, behind) == (b"x", b"x")
    assert str(hung).startswith("timeout")
    assert str(spun).startswith("timeout")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="address space is limited on Linux")
async def test_given_an_item_that_hoards_memory_then_those_sent_behind_it_are_asked_of_another() -> None:
    async with ParsePool(1, allow=ALLOW, memory_mb=300, ahead=2) as pool:
        waiting = [pool.run(f"tests.parse_functions:{name}", b"on") for name in ("hoard", "upper", "upper")]
        hoarded, *others = await asyncio.gather(*waiting, return_exceptions=True)
    assert str(hoarded) == "memory"
    assert others == [b"ON", b"ON"]


async def test_given_large_items_sent_ahead_then_all_of_them_arrive(pool: ParsePool) -> None:
    """More than the way to a worker holds, both ways."""
    pool._ahead = 2
    megabytes = [os.urandom(1 << 20) for _ in range(5)]
    echoed = await asyncio.gather(*(pool.run("tests.parse_functions:echo", each) for each in megabytes))
    assert echoed == megabytes


async def test_given_a_reply_that_claims_too_much_then_too_large() -> None:
    """A worker that was taken over may write what it likes."""
    heard: list[tuple[bytes, bytes]] = []
    replies = process.Replies(heard.append)
    for byte in b"K\x00\x00\x00\x01xK\xff\xff\xff\xff":
        replies.feed(bytes([byte]))
    assert heard == [(b"K", b"x"), (b"", b"too-large result")]


@pytest.mark.skipif(sys.platform == "win32", reason="signals end processes on POSIX")
async def test_given_a_crash_in_native_code_then_died_with_its_signal(pool: ParsePool) -> None:
    assert await failure(pool, "crash") == "died with signal 11"


@pytest.mark.parametrize("function", ["spin", "hang"])
async def test_given_an_item_that_never_ends_then_timeout_and_a_new_worker_serves(function: str) -> None:
    async with ParsePool(1, allow=ALLOW, seconds=0.3) as pool:
        await pool.run("tests.parse_functions:echo", b"warm")
        assert (await failure(pool, function)).startswith("timeout")
        assert await pool.run("tests.parse_functions:upper", b"on") == b"ON"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="address space is limited on Linux")
async def test_given_an_item_that_hoards_memory_then_memory_and_a_new_worker_serves() -> None:
    async with ParsePool(1, allow=ALLOW, memory_mb=300) as pool:
        assert await failure(pool, "hoard") == "memory"
        assert await pool.run("tests.parse_functions:upper", b"on") == b"ON"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="address space is limited on Linux")
async def test_given_a_worker_that_leaked_then_the_next_item_is_tried_again_in_a_fresh_one() -> None:
    async with ParsePool(1, allow=ALLOW, memory_mb=512) as pool:
        assert await pool.run("tests.parse_functions:hoard_once_used", b"") == b"done"
        assert await pool.run("tests.parse_functions:hoard_once_used", b"") == b"done"


async def test_given_a_result_that_is_too_large_then_too_large(pool: ParsePool) -> None:
    assert (await failure(pool, "huge")).startswith("too-large")
    with pytest.raises(ParseFailed, match="too-large payload"):
        await pool.run("tests.parse_functions:echo", bytes(65 << 20))


async def test_given_a_function_that_prints_then_the_result_is_clean(pool: ParsePool) -> None:
    assert await pool.run("tests.parse_functions:chatter", b"") == b"clean"


async def test_only_functions_of_the_allowed_packages_run() -> None:
    async with ParsePool(1, allow=("scanner.observe",)) as pool:
        for name in ("os:system", "tests.parse_functions:echo", "scanner.observed:x", "scanner.observe", ""):
            with pytest.raises(ValueError, match="is not a function of"):
                await pool.run(name, b"")


async def test_a_worker_sees_no_secrets_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    async with ParsePool(1, allow=ALLOW) as pool:
        assert b"GITHUB_TOKEN" not in await pool.run("tests.parse_functions:environment", b"")


async def test_preloaded_modules_are_there_and_a_missing_one_does_no_harm() -> None:
    async with ParsePool(1, allow=ALLOW, preload=("colorsys", "scanner.observe.none_such")) as pool:
        modules = (await pool.run("tests.parse_functions:loaded", b"")).decode().split("\n")
    assert "colorsys" in modules
    assert not {"scrapy", "aiohttp", "asyncio", "dns", "numpy", "scanner.egress"} & set(modules)


async def test_given_a_caller_that_gives_up_then_the_worker_serves_the_next(pool: ParsePool) -> None:
    await pool.run("tests.parse_functions:echo", b"warm")
    impatient = asyncio.create_task(pool.run("tests.parse_functions:echo", bytes(1 << 20)))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await pool.run("tests.parse_functions:upper", b"next") == b"NEXT"


@pytest.mark.parametrize("ahead", [0, 1])
async def test_given_a_busy_pool_that_is_closed_then_items_fail_and_processes_are_gone(ahead: int) -> None:
    pool = ParsePool(1, allow=ALLOW)
    pid = int(await pool.run("tests.parse_functions:pid", b""))
    pool._ahead = ahead
    working = asyncio.create_task(pool.run("tests.parse_functions:hang", b""))
    queued = asyncio.create_task(pool.run("tests.parse_functions:echo", b""))
    await asyncio.sleep(0)
    await pool.close()
    with pytest.raises(ParseFailed, match="died"):
        await working
    with pytest.raises(RuntimeError, match="closed"):
        await queued
    if sys.platform != "win32":
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_given_a_parent_that_is_killed_then_its_workers_end() -> None:
    code = (
        "import asyncio,sys\nfrom scanner.parse import ParsePool\n"
        "async def main():\n"
        "    pool = ParsePool(1, allow=('tests',))\n"
        "    print((await pool.run('tests.parse_functions:pid', b'')).decode(), flush=True)\n"
        "    sys.stdin.read()\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(HERE.parent)!r})\n{code}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    worker = Path("/proc") / parent.stdout.readline().decode().strip()
    assert worker.exists()
    parent.kill()
    parent.communicate()
    end = time.monotonic() + 10
    while worker.exists() and "Z (zombie)" not in (worker / "status").read_text() and time.monotonic() < end:
        os.sched_yield()
    assert not worker.exists() or "Z (zombie)" in (worker / "status").read_text()


async def test_a_call_costs_little(pool: ParsePool) -> None:
    """Not a benchmark: a hundred calls far below what a slow machine needs, so that a pool that starts a
    process a call, or polls, fails."""
    await pool.run("tests.parse_functions:echo", b"warm")
    began = time.monotonic()
    for _ in range(100):
        await pool.run("tests.parse_functions:echo", b"x" * 20_000)
    assert time.monotonic() - began < 3.0
