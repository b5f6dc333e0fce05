"""GitHub's public record of an account, over the real door against the labelled world."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.collect import github
from scanner.egress import Network, NetworkConfig
from scanner.egress.quotas import RATES
from scanner.model import Claim, Role, Status, Target, Why
from scanner.parse import ParsePool
from scanner.world import serve
from tests.collect.collecting import Collected, Field, OpenWorld

WORLD = Path(__file__).parents[1] / "worlds" / "profiles"
PORTFOLIO = Target("dorian-kell.example", ("https://dorian-kell.example/",))
TOKEN = "ghp_0123456789abcdefghijKLMNOPQRSTUVwxyz"


@asynccontextmanager
async def labelled(*, pace: bool = False) -> AsyncIterator[Field]:
    async with serve(WORLD) as served:
        config = replace(NetworkConfig.parse(served.network_toml, WORLD), pace=pace)
        async with Network(config) as network:
            yield Field(network, ParsePool(1), served.log)


def asked(field: Field) -> list[str]:
    return [
        what.partition("api.github.com")[2] for what in field.questions("http") if "api.github.com" in what
    ]


def everything_kept(seen: Collected) -> bytes:
    return b"".join(evidence.request + evidence.block for evidence, _ in seen.kept)


async def test_an_account_its_repositories_their_first_commits_and_where_else_they_stand() -> None:
    async with labelled() as field:
        seen = await field.collect("github", PORTFOLIO, "dkell-dev")
        questions = asked(field)
    assert (seen.outcome.status, seen.outcome.reason) == (Status.OK, "")
    assert seen.values("profile", "account_created") == ["dkell-dev User"]
    assert seen.dates("profile", "account_created") == ["2021-09-14T11:02:03Z"]
    histories = [json.loads(value)["repo"] for value in seen.values("profile", "history")]
    assert histories == ["dkell-dev/ledger-engine", "dkell-dev/notes", "mvanholt/ledger"]
    assert len(questions) == 7 <= github.REQUESTS
    assert all(evidence.uri.startswith(f"{github.API}/") for evidence, _ in seen.kept)


async def test_no_name_and_no_mailbox_of_an_author_becomes_an_observation() -> None:
    async with labelled() as field:
        seen = await field.collect("github", PORTFOLIO, "dkell-dev")
    stated = "\n".join(row.value for row in seen.rows).lower()
    for personal in ("mieke", "van holt", "dorian@", "dorian kell"):
        assert personal in everything_kept(seen).decode().lower()  # the evidence is what came
        assert personal not in stated


async def test_a_long_history_is_read_at_its_end_in_one_step() -> None:
    async with labelled() as field:
        seen = await field.collect("github", PORTFOLIO, "tvale-eng")
        pages = [
            one for one in asked(field) if "tvale-eng/orbit-router/commits" in one or "/repositories/" in one
        ]
    [history] = [json.loads(v) for v in seen.values("profile", "history") if "tvale-eng" in v]
    assert history["commits"] == 5
    assert len(pages) == 2


async def test_a_search_that_many_answer_is_followed_no_further() -> None:
    async with labelled() as field:
        await field.collect("github", PORTFOLIO, "noor-codes")
        assert not [one for one in asked(field) if "-learns" in one]


async def test_without_an_account_nothing_is_asked() -> None:
    async with labelled() as field:
        seen = await field.collect("github", PORTFOLIO)
        assert asked(field) == []
    assert (seen.outcome.status, seen.outcome.reason.split()[0]) == (Status.SKIPPED, "no-account")


async def test_an_account_that_is_gone_is_absent() -> None:
    async with labelled() as field:
        seen = await field.collect("github", PORTFOLIO, "bramble-old")
    assert seen.outcome.status is Status.ABSENT
    assert seen.rows == []


async def test_a_spent_hour_is_throttled_says_until_when_and_is_heeded() -> None:
    # given a platform that says so, and a network that keeps to operators' limits
    async with labelled(pace=True) as field:
        seen = await field.collect("github", PORTFOLIO, "qharrow")
        assert seen.outcome.status is Status.THROTTLED
        assert seen.outcome.reason == "rate-limit until 2024-06-01T01:00:00Z"
        # when another account comes up before that, then it isn't asked about
        before = len(asked(field))
        again = await field.collect("github", PORTFOLIO, "dkell-dev")
        assert again.outcome.status is Status.THROTTLED
        assert len(asked(field)) == before


async def test_a_limit_in_the_middle_keeps_what_was_seen(world: OpenWorld, tmp_path: Path) -> None:
    # given a platform that answers about the account and then wants no more questions
    yaml = """
        now: 2024-06-01
        domains:
          github.com:
            hosts:
              api:
                dir: api
                paths: {"/users/jane/repos": {status: 429}}
    """
    (tmp_path / "api" / "users").mkdir(parents=True)
    (tmp_path / "api" / "users" / "jane.json").write_text(
        '{"login":"jane","type":"User","created_at":"2015-01-02T03:04:05Z"}'
    )
    async with world(yaml) as field:
        seen = await field.collect("github", PORTFOLIO, "jane")
    assert (seen.outcome.status, seen.outcome.reason) == (Status.OK, "partial rate-limit")
    assert seen.values("profile", "account_created") == ["jane User"]


async def test_a_next_page_at_another_host_is_not_asked_for(world: OpenWorld, tmp_path: Path) -> None:
    # given an answer that names a page elsewhere as its last one
    yaml = """
        now: 2024-06-01
        domains:
          trap.example: {site: site}
          github.com:
            hosts:
              api:
                dir: api
                paths: {"/repos/*": {headers: {Link: '<https://trap.example/commits?page=2>; rel="last"'}}}
    """
    (tmp_path / "api" / "users" / "jane").mkdir(parents=True)
    made = '"created_at":"2015-01-02T03:04:05Z"'
    (tmp_path / "api" / "users" / "jane.json").write_text(f'{{"login":"jane","type":"User",{made}}}')
    repository = f'[{{"full_name":"jane/tool","size":9,"fork":false,{made}}}]'
    (tmp_path / "api" / "users" / "jane" / "repos.json").write_text(repository)
    async with world(yaml) as field:
        seen = await field.collect("github", PORTFOLIO, "jane")
        assert any("/repos/jane/tool/commits" in one for one in asked(field))
        assert not [what for what in field.questions("http") if "trap.example" in what]
    assert seen.outcome.status is Status.OK


async def test_a_network_without_the_platform_has_no_attempt(world: OpenWorld) -> None:
    async with world("{now: 2024-06-01, domains: {acme.example: {site: site}}}") as field:
        seen = await field.collect("github", PORTFOLIO, "dkell-dev")
    assert (seen.outcome.status, seen.outcome.reason.split()[0]) == (Status.SKIPPED, "no-service")


async def test_a_token_is_sent_and_stands_in_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(github.TOKEN, TOKEN)
    async with labelled() as field:
        seen = await field.collect("github", PORTFOLIO, "dkell-dev")
    assert seen.outcome.status is Status.OK
    assert all(b"authorization: ***" in evidence.request.lower() for evidence, _ in seen.kept)
    assert TOKEN.encode() not in everything_kept(seen)


async def test_a_setting_that_is_no_token_is_said_and_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(github.TOKEN, "two words\r\nX-Other: 1")
    async with labelled() as field:
        seen = await field.collect("github", PORTFOLIO, "dkell-dev")
        assert asked(field) == []
    assert seen.outcome.status is Status.ERROR
    assert "two words" not in seen.outcome.reason


def test_one_account_fits_into_what_the_hourly_limit_allows_at_once() -> None:
    rate, burst = RATES[github.QUOTA]
    assert burst >= github.REQUESTS
    assert rate * 3600 + burst <= 60


def test_only_portfolios_and_claimed_accounts_are_looked_at() -> None:
    def target(role: Role) -> Target:
        return Target("a.example", claims=(Claim(role, "https://a.example"),))

    assert github.plan(target(Role.PORTFOLIO)) == ""
    assert github.plan(Target("github.com", ("https://github.com/jane",), why=Why.LEAD)) == ""
    for role in (Role.EMPLOYER, Role.SCHOOL, Role.OFFER):
        assert github.plan(target(role)).startswith("not-needed")
    assert github.plan(Target("github.com", claims=(Claim(Role.OFFER, "https://github.com"),)))
