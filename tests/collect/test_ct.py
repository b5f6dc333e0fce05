"""The certificate log source against a world."""

from __future__ import annotations

import pytest

from scanner.collect.ct import INFO, plan
from scanner.model import Status, Target
from tests.collect.collecting import OpenWorld


async def test_first_and_last_sight_from_one_question(world: OpenWorld) -> None:
    yaml = """
        now: 2024-06-01
        domains:
          acmesoft.com:
            ct: [{logged: 2022-05-04, names: [acmesoft.com, www.acmesoft.com]},
                 {logged: 2024-02-01, names: [acmesoft.com]}]
    """
    async with world(yaml) as field:
        seen = await field.collect("ct", "acmesoft.com")
        assert len(field.questions("ct")) == 1
    assert seen.outcome.status is Status.OK
    assert seen.dates("ct", "first_logged")[0].startswith("2022-05-04")
    assert seen.dates("ct", "last_logged")[0].startswith("2024-02-01")
    assert seen.values("ct", "certificates") == ["2"]
    assert seen.values("ct", "name") == ["acmesoft.com", "www.acmesoft.com"]


async def test_an_empty_log_is_absent(world: OpenWorld) -> None:
    async with world("{now: 2024-06-01, domains: {acmesoft.com: {site: site}}}") as field:
        seen = await field.collect("ct", "acmesoft.com")
    assert [given.status for _, given in seen.kept] == [Status.ABSENT]


@pytest.mark.parametrize(("fault", "status"), [("throttled", Status.THROTTLED), ("refused", Status.REFUSED)])
async def test_a_log_that_says_no_is_typed(world: OpenWorld, fault: str, status: Status) -> None:
    async with world(f"{{now: 2024-06-01, domains: {{acmesoft.com: {{ct: {{fault: {fault}}}}}}}}}") as field:
        seen = await field.collect("ct", "acmesoft.com")
    assert [given.status for _, given in seen.kept] == [status]
    assert seen.rows == []


async def test_a_silent_log_is_a_timeout(world: OpenWorld) -> None:
    yaml = "{now: 2024-06-01, deadline_scale: 0.02, domains: {acmesoft.com: {ct: {fault: timeout}}}}"
    async with world(yaml) as field:
        seen = await field.collect("ct", "acmesoft.com")
    assert seen.outcome.status is Status.TIMEOUT
    assert seen.rows == []


async def test_a_throttled_log_is_left_alone_for_as_long_as_it_asked(world: OpenWorld) -> None:
    # given a network that keeps to operators' limits
    yaml = "{now: 2024-06-01, pace: true, domains: {acmesoft.com: {ct: {fault: throttled}}}}"
    async with world(yaml) as field:
        await field.collect("ct", "acmesoft.com")
        # when another target comes up while Retry-After (60 s) runs
        again = await field.collect("ct", "acmesoft.com")
        # then it is not asked
        assert len(field.questions("ct")) == 1
    assert again.outcome.status is Status.THROTTLED


def test_the_log_sees_the_question_the_owner_does_not() -> None:
    assert INFO.seen_by == ("log",)
    assert INFO.passive
    assert INFO.dated
    assert not INFO.touches_target
    assert plan(Target("93.184.216.34"))
    assert not plan(Target("acme.example"))
