"""What several cases of one run ask alike is asked once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from scanner.collect import Outcome
from scanner.model import Case, Claim, Evidence, Observed, Period, Role, Status, Target
from scanner.plan import plan_case
from scanner.sharing import Keep, Shared, question

URL = "https://acme.example/"


def case(name: str, url: str = URL, role: Role = Role.EMPLOYER, period: Period = Period()) -> Case:  # noqa: B008
    return Case(name, "", (Claim(role, url, "Acme", period),))


def target(of: Case) -> Target:
    return plan_case(of).targets[0]


def evidence() -> Evidence:
    return Evidence(URL, "text/html", datetime(2024, 6, 1, tzinfo=UTC), b"a page")


class Source:
    """Counts how often it was asked; waits until it is let go."""

    def __init__(self) -> None:
        self.asked = 0
        self.go = asyncio.Event()

    async def __call__(self, keep: Keep) -> Outcome:
        self.asked += 1
        await self.go.wait()
        keep(evidence(), Observed())
        return Outcome(Status.OK)


async def test_two_cases_that_ask_the_same_both_get_the_first_answer() -> None:
    # given two cases with one address; when both ask its site at once; then it is asked once and kept twice
    cases = [case("a"), case("b")]
    shared, source = Shared(cases), Source()
    kept: dict[str, list[Evidence]] = {"a": [], "b": []}
    asking = [
        asyncio.create_task(
            shared.ask(one.id, "website", target(one), lambda e, o, name=one.id: kept[name].append(e), source)
        )
        for one in cases
    ]
    source.go.set()
    outcomes = await asyncio.gather(*asking)
    assert source.asked == 1
    assert [outcome.status for outcome in outcomes] == [Status.OK, Status.OK]
    assert kept["a"] == kept["b"] == [evidence()]
    # and nothing is held when the last has it
    assert shared._answers == {}


async def test_a_first_one_that_is_stopped_leaves_the_question_to_the_next() -> None:
    cases = [case("a"), case("b")]
    shared, source = Shared(cases), Source()
    kept: list[Evidence] = []
    first = asyncio.create_task(shared.ask("a", "website", target(cases[0]), lambda e, o: None, source))
    second = asyncio.create_task(
        shared.ask("b", "website", target(cases[1]), lambda e, o: kept.append(e), source)
    )
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    source.go.set()
    assert (await second).status is Status.OK
    assert source.asked == 2
    assert kept == [evidence()]


async def test_a_case_that_ends_early_lets_go_of_what_was_held_for_it() -> None:
    cases = [case("a"), case("b")]
    shared, source = Shared(cases), Source()
    source.go.set()
    await shared.ask("a", "website", target(cases[0]), lambda e, o: None, source)
    assert shared._answers
    shared.done("b")
    assert not shared._answers


@pytest.mark.parametrize(
    ("source", "other", "same"),
    [
        ("rdap", case("b", "https://acme.example/team", Role.VENDOR), True),
        ("dns", case("b", "https://acme.example/team"), True),
        ("dns", case("b", "https://www.acme.example/"), False),
        ("website", case("b", "https://acme.example/team"), False),
        ("website", case("b", URL, Role.PORTFOLIO), False),
        ("website", case("b", "http://acme.example/"), False),
    ],
)
def test_only_what_would_fetch_the_same_is_the_same_question(source: str, other: Case, same: bool) -> None:
    assert (question(source, target(case("a"))) == question(source, target(other))) is same
