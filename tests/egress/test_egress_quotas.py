"""Turns at an operator: a fake clock, no waiting in tests."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from scanner.egress import MemoryQuotas, Network, NetworkConfig, Throttled, retry_after
from scanner.egress.clock import Clock
from scanner.egress.quotas import RATES

NOW = datetime(2024, 6, 1, tzinfo=UTC)


class Ticks:
    """A clock that moves when told, and makes asyncio.sleep tell it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self._yield = asyncio.sleep
        patch.setattr("scanner.egress.network.asyncio.sleep", self._sleep)

    def __call__(self) -> float:
        return self.now

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await self._yield(0)


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Ticks:
    return Ticks(monkeypatch)


@pytest.fixture
def network(ticks: Ticks) -> Network:
    return Network(NetworkConfig(), clock=Clock(NOW, monotonic=ticks))


async def test_a_registry_is_asked_once_a_second_and_each_on_its_own(network: Network, ticks: Ticks) -> None:
    for _ in range(4):
        await network.take("rdap:rdap.verisign.com")
    assert sum(ticks.slept) == pytest.approx(3)
    before = ticks.now
    await network.take("rdap:rdap.nominet.uk")
    await network.take("whois:whois.verisign-grs.com")
    assert ticks.now == before


@pytest.mark.parametrize(
    ("key", "questions", "seconds"),
    [("archive", 28, 60), ("ct", 31, 60), ("github", 60, 3600), ("other:x", 61, 60)],
)
async def test_the_rates_are_the_published_ones(
    network: Network, ticks: Ticks, key: str, questions: int, seconds: float
) -> None:
    for _ in range(questions):
        await network.take(key, patience=1e9)
    assert sum(ticks.slept) == pytest.approx(seconds)


async def test_a_pause_fills_the_bucket_no_further_than_its_burst(ticks: Ticks) -> None:
    quotas = MemoryQuotas(ticks)
    ticks.now += 1e6
    granted = 0
    while await quotas.take("archive") == 0:
        granted += 1
    assert granted == RATES["archive"][1]


async def test_a_refused_question_is_not_counted(ticks: Ticks) -> None:
    quotas = MemoryQuotas(ticks)
    assert await quotas.take("rdap:x") == 0
    waits = [await quotas.take("rdap:x") for _ in range(50)]
    assert waits == [pytest.approx(1)] * 50
    ticks.now += 1
    assert await quotas.take("rdap:x") == 0


async def test_callers_are_served_in_order_and_one_that_gives_up_costs_no_turn(
    network: Network, ticks: Ticks
) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        await network.take("rdap:x")
        served.append(number)

    tasks = [asyncio.create_task(ask(number)) for number in range(5)]
    await asyncio.sleep(0)
    tasks[3].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert served == [0, 1, 2, 4]
    assert ticks.now == pytest.approx(1003)


async def test_retry_after_silences_an_operator_and_a_long_one_is_throttled(
    network: Network, ticks: Ticks
) -> None:
    network.penalise("rdap:x", 20)
    await network.take("rdap:x")
    assert ticks.now == pytest.approx(1020)
    network.penalise("rdap:x", 3600)
    with pytest.raises(Throttled, match="quota rdap:x for 3600 s"):
        await network.take("rdap:x")
    await network.take("rdap:y")


async def test_a_shorter_or_senseless_penalty_never_shortens_a_longer_one(ticks: Ticks) -> None:
    quotas = MemoryQuotas(ticks)
    for seconds in (100.0, 5.0, -1.0, float("nan"), float("inf")):
        quotas.penalise("x", seconds)
    assert await quotas.take("x") == pytest.approx(100)
    quotas.penalise("y", 1e12)
    assert await quotas.take("y") == pytest.approx(86400)


async def test_a_network_without_pace_never_waits(ticks: Ticks) -> None:
    network = Network(NetworkConfig(pace=False), clock=Clock(NOW, monotonic=ticks))
    network.penalise("rdap:x", 1e6)
    for _ in range(100):
        await network.take("rdap:x")
    assert ticks.slept == []


async def test_full_buckets_are_forgotten(ticks: Ticks) -> None:
    quotas = MemoryQuotas(ticks)
    for number in range(5000):
        await quotas.take(f"rdap:{number}")
        ticks.now += 2
    assert len(quotas._buckets) < 4200


async def test_another_store_of_quotas_can_take_over() -> None:
    class Elsewhere:
        def __init__(self) -> None:
            self.asked: list[tuple[str, float]] = []

        async def take(self, key: str) -> float:
            self.asked.append((key, 1))
            return 0.0

        def penalise(self, key: str, seconds: float) -> None:
            self.asked.append((key, seconds))

    elsewhere = Elsewhere()
    network = Network(NetworkConfig(), quotas=elsewhere)
    await network.take("ct")
    network.penalise("ct", 9)
    assert elsewhere.asked == [("ct", 1), ("ct", 9)]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Sat, 01 Jun 2024 00:02:00 GMT", 120.0),
        ("Fri, 31 May 2024 00:00:00 GMT", 0.0),
        ("Sat, 01 Jun 2024 00:02:00 -0000", 120.0),
        ("9" * 400, 999999999.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
        ("Sat, 99 Jun 2024 00:02:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds
