"""Accounts on a code platform: what is weighed, and all that must not be."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from scanner.checks import Facts, Scene, case_findings
from scanner.knowledge import Knowledge
from scanner.model import Case, Claim, Date, Finding, Level, Observation, Period, Role, Strength
from scanner.verdict import defeat, level_of
from tests.checks.conftest import NOW, fact

SITE = "jane.example"
STATES = [letter * 40 for letter in "abcde"]
THEM = ("name-them", "mail-them")
US = ("name-us", "mail-us")


def account(made: str = "2021-09-14T11:02:03Z", kind: str = "User", login: str = "jane") -> Observation:
    return fact("profile", "account_created", f"{login} {kind}", made, "github")


def repository(name: str, made: str, fork: bool = False) -> Observation:
    value = json.dumps({"repo": name, "fork": fork, "size": 10})
    return fact("profile", "repository", value, made, "github")


def history(
    name: str, who: tuple[str, str], states: Sequence[str] = STATES, at: str = "2016-03-01"
) -> Observation:
    value = json.dumps({"repo": name, "trees": [[state, *who] for state in states]})
    return fact("profile", "history", value, at, "github")


def swapped() -> dict[str, Observation]:
    """A repository whose early states are an older one's, under other authors."""
    return {
        "account": account(),
        "ours": history("jane/tool", US),
        "theirs": history("them/tool", THEM),
        "our day": repository("jane/tool", "2021-09-20"),
        "their day": repository("them/tool", "2016-03-01"),
    }


def found(rows: Sequence[Observation], starts: str = "2016-02", domain: str = SITE) -> dict[str, Finding]:
    claim = Claim(Role.EMPLOYER, "https://firm.example", "Firm", Period(Date(starts) if starts else None))
    others = {domain: Facts.of(rows), "firm.example": Facts.of(())}
    scene = Scene(Case("c", "", (claim,)), Knowledge.load(NOW), NOW, others, ("firm.example",))
    return {one.check_id: one for one in defeat(case_findings(scene))}


REWRITTEN = "profile.rewritten-authors"


def test_an_older_repository_s_history_under_other_authors_is_medium_and_names_both() -> None:
    finding = found(list(swapped().values()))[REWRITTEN]
    assert finding.strength is Strength.MEDIUM
    assert "jane/tool" in finding.claimed
    assert "2021-09-20" in finding.claimed
    assert "them/tool" in finding.observed
    assert "2016-03-01" in finding.observed
    assert len(finding.support) == 4
    assert level_of([finding]) is Level.NOTHING_FOUND  # by itself it makes no level


@pytest.mark.parametrize(
    "change",
    [
        {
            "theirs": history("them/tool", US)
        },  # the same author: moved between own accounts, or cloned as it is
        {"theirs": history("them/tool", (US[0], THEM[1]))},  # a new mailbox
        {"theirs": history("them/tool", (THEM[0], US[1]))},  # a new name
        {"theirs": history("them/tool", ("", ""))},  # no author to compare with
        {"theirs": history("them/tool", THEM, STATES[:2])},  # a template's first steps
        {"theirs": history("them/tool", THEM, STATES[::-1])},  # the same states in another order
        {"their day": repository("them/tool", "2023-01-01")},  # theirs is the later one
        {"their day": repository("them/other", "2016-03-01")},  # not known since when it is there
        {"our day": repository("jane/tool", "2021-09-20", fork=True)},  # the platform says where it is from
        {"account": account(kind="Organization")},
        {
            "common": fact(
                "profile", "same_tree", json.dumps({"tree": STATES[2], "common": True, "repos": []})
            )
        },
    ],
)
def test_what_honest_repositories_have_in_common_is_nothing(change: dict[str, Observation]) -> None:
    assert REWRITTEN not in found(list({**swapped(), **change}.values()))


def test_the_older_repository_s_owner_is_never_the_one_spoken_of() -> None:
    # given the account of the one whose work was taken
    rows = {**swapped(), "account": account(login="them")}
    assert REWRITTEN not in found(list(rows.values()))


@pytest.mark.parametrize(
    ("made", "starts", "fires"),
    [
        ("2024-02-01T00:00:00Z", "2016-02", True),
        ("2024-02-01T00:00:00Z", "2020-02", False),  # not that much earlier
        ("2023-02-01T00:00:00Z", "2010-02", False),  # not that young
        ("2024-02-01T00:00:00Z", "", False),  # nothing dated is claimed
    ],
)
def test_a_young_account_beside_long_work_is_weak(made: str, starts: str, fires: bool) -> None:
    findings = found([account(made)], starts)
    assert ("profile.young-account" in findings) is fires
    assert all(one.strength.rank <= Strength.WEAK.rank for one in findings.values())


def test_years_of_activity_set_a_second_young_account_aside() -> None:
    rows = [
        account("2015-01-01T00:00:00Z", login="old"),
        account("2024-03-01T00:00:00Z", login="new"),
        *(repository(f"old/r{year}", f"{year}-05-01") for year in (2015, 2018, 2021)),
    ]
    findings = found(rows)
    assert findings["profile.young-account"].defeated_by == "profile.long-activity"
    assert findings["profile.long-activity"].score < 0


def test_forks_and_dates_of_commits_are_no_activity() -> None:
    rows = [
        account("2015-01-01T00:00:00Z"),
        *(repository(f"jane/r{year}", f"{year}-05-01", fork=True) for year in (2015, 2018, 2021)),
        history("jane/r2015", US, at="2012-01-01"),
    ]
    assert "profile.long-activity" not in found(rows)


def test_commits_before_the_account_are_said_and_not_weighed() -> None:
    rows = [account("2022-11-05T09:00:00Z"), history("jane/loom", US, at="2013-01-11")]
    finding = found(rows)["profile.account-age"]
    assert finding.strength is Strength.CONTEXT
    assert "1 begins before the account" in finding.statement
    assert set(found(rows)) == {"profile.account-age"}
