"""What GitHub's answers say; whatever else comes back says nothing and breaks nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model import About, Evidence, Observed, Status
from scanner.observe import observe

NOW = datetime(2024, 6, 1, tzinfo=UTC)
API = "https://api.github.com"
SHA = "a" * 40


def answer(
    path: str, body: Any, status: int = 200, headers: str = "", domain: str = "jane.example"
) -> Observed:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    block = f"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n{headers}\r\n".encode() + raw
    evidence = Evidence(API + path, "application/http;msgtype=response", NOW, block)
    return observe("github", evidence, About(domain, as_of=NOW))


def commit(
    tree: str = SHA, name: Any = "Jane", mail: Any = "jane@mail.example", date: Any = "2015-01-02T03:04:05Z"
) -> Any:
    return {
        "sha": "b" * 40,
        "url": f"{API}/repos/jane/tool/commits/{'b' * 40}",
        "commit": {"author": {"name": name, "email": mail, "date": date}, "tree": {"sha": tree}},
    }


def history(*commits: Any, **more: Any) -> dict[str, Any]:
    [row] = [
        r
        for r in answer("/repos/jane/tool/commits", list(commits), **more).observations
        if r.name == "history"
    ]
    value = json.loads(row.value)
    assert isinstance(value, dict)
    return value


def test_commits_are_read_oldest_first_and_states_that_repeat_count_once() -> None:
    trees = [letter * 40 for letter in "cba"]  # newest first, as the platform lists them
    value = history(commit(trees[0]), commit(trees[0]), commit(trees[1]), commit(trees[2]))
    assert [tree for tree, *_ in value["trees"]] == trees[::-1]
    assert value["commits"] == 4


def test_digests_of_one_author_agree_within_a_target_and_in_no_other() -> None:
    [[_, who, mail]] = history(commit(name=" JANE  Doe ", mail="Jane@Mail.example"))["trees"]
    assert [[SHA, who, mail]] == history(commit(name="jane doe", mail="jane@mail.example"))["trees"]
    assert [[SHA, who, mail]] != history(commit(name="jane doe"), domain="other.example")["trees"]


def test_a_page_with_older_ones_behind_it_is_no_history() -> None:
    more = 'Link: <https://api.github.com/repositories/1/commits?page=2>; rel="next"\r\n'
    assert answer("/repos/jane/tool/commits", [commit()], headers=more).observations == ()


@pytest.mark.parametrize(
    "date", ["1970-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "soon", None, 12, "2015-02-31T00:00:00Z"]
)
def test_a_date_that_none_can_be_is_left_out(date: object) -> None:
    [row] = answer("/repos/jane/tool/commits", [commit(date=date)]).observations
    assert row.starts is None


def test_a_search_counts_owners_and_only_the_state_that_was_asked_for() -> None:
    def item(repo: str, tree: str) -> Any:
        return {"commit": {"tree": {"sha": tree}}, "repository": {"full_name": repo}}

    path = f"/search/commits?q=tree:{SHA}&sort=committer-date"
    few = answer(path, {"total_count": 2, "items": [item("a/x", SHA), item("b/y", "f" * 40)]}).observations
    assert json.loads(few[0].value) == {"tree": SHA, "common": False, "repos": ["a/x"]}
    many = answer(path, {"total_count": 6, "items": [item(f"o{n}/x", SHA) for n in range(6)]}).observations
    assert json.loads(many[0].value)["common"]
    cut = answer(path, {"total_count": 9000, "items": [item("a/x", SHA)]}).observations
    assert json.loads(cut[0].value)["common"]


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (403, "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1717203600\r\n", b"{}", Status.THROTTLED),
        (429, "", b"{}", Status.THROTTLED),
        (403, "", b'{"message":"You have exceeded a secondary rate limit."}', Status.THROTTLED),
        (403, "X-RateLimit-Remaining: 12\r\n", b'{"message":"Forbidden"}', Status.REFUSED),
        (401, "", b'{"message":"Bad credentials"}', Status.REFUSED),
        (404, "", b'{"message":"Not Found"}', Status.ABSENT),
        (409, "", b'{"message":"Git Repository is empty."}', Status.ABSENT),
        (502, "", b"<html>", Status.UNREACHABLE),
        (200, "", b"<html>", Status.UNPARSED),
        (200, "", b"[" * 100_000, Status.UNPARSED),
        (200, "", b"{}", Status.UNPARSED),
        (429, f"X-RateLimit-Reset: {'9' * 11}\r\n", b"", Status.THROTTLED),
    ],
)
def test_every_other_answer_is_typed(status: int, headers: str, body: bytes, expected: Status) -> None:
    observed = answer("/users/jane", body, status, headers)
    assert observed.status is expected
    assert observed.observations == ()


@pytest.mark.parametrize(
    "name", ["../../etc", "jane/<script>", "jane/a b", "a" * 60 + "/x", "jane/x\n", 7, None]
)
def test_a_name_that_is_none_makes_no_row(name: object) -> None:
    raw = {"full_name": name, "created_at": "2015-01-02T03:04:05Z", "size": 1, "fork": False}
    assert answer("/users/jane/repos", [raw]).observations == ()


def test_what_one_answer_can_state_is_bounded() -> None:
    repos = [{"full_name": f"jane/r{n}", "created_at": "2015-01-02T03:04:05Z"} for n in range(5000)]
    assert len(answer("/users/jane/repos", repos).observations) == 40
    commits = [commit(f"{n:040x}", mail=f"x@m{n}.example") for n in range(3000)]
    [row] = answer("/repos/jane/tool/commits", commits).observations
    assert len(row.value) < 4000


KEYS = (
    *("sha", "commit", "tree", "author", "name", "email", "date", "url", "full_name", "created_at", "items"),
    *("total_count", "repository", "size", "fork", "login", "type"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(
    JSON,
    st.sampled_from(
        [
            "/users/j",
            "/users/j/repos",
            "/repos/j/t",
            "/repos/j/t/commits",
            f"/search/commits?q=tree:{SHA}",
            "/",
            "//",
        ]
    ),
)
def test_no_json_breaks_the_observer(body: Any, path: str) -> None:
    for row in answer(path, body).observations:
        assert row.kind == "profile"
        assert len(row.value) < 8000
