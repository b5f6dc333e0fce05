"""The registration parsers on peers' fixtures: floors below which no change may fall."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from scanner.observe.registration import parse_rdap

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "registration.py"
FLOORS = {
    ("created", "handwritten"): 0.97, ("created", "golden"): 0.96,
    ("updated", "handwritten"): 0.97, ("updated", "golden"): 0.95,
    ("expires", "handwritten"): 0.99, ("expires", "golden"): 0.99,
    ("registrar", "handwritten"): 0.95, ("registrar", "golden"): 0.96,
    ("nameservers", "handwritten"): 0.97, ("nameservers", "golden"): 0.99,
}  # fmt: skip


@pytest.fixture(scope="module")
def scored(corpus: Path) -> Any:
    return runpy.run_path(str(BENCHMARK))["score"](corpus)


@pytest.mark.parametrize(("field", "trust"), FLOORS)
def test_given_peers_answers_when_read_then_fields_match(scored: Any, field: str, trust: str) -> None:
    assert scored.fields[field, trust][1] > 100  # the corpus is all there
    assert scored.ratio(field, trust) >= FLOORS[field, trust]


def test_given_peers_answers_when_read_then_states_are_told_apart(scored: Any) -> None:
    assert scored.state_accuracy >= 0.98
    assert scored.states["throttled"][0] == scored.states["throttled"][1] > 0
    assert scored.states["reserved"][0] == scored.states["reserved"][1] > 0


def test_given_peers_answers_when_read_then_nothing_crashes(scored: Any) -> None:
    assert not scored.crashes


def test_given_a_throttled_or_registered_answer_when_read_then_it_is_never_called_available(
    scored: Any,
) -> None:
    # A wrong "available" would say that an employer's domain is gone.
    assert [miss for miss in scored.misses if miss[0] == "state" and miss[3] == "available"] == []


def test_given_rdap_objects_when_read_then_they_match_what_the_json_says(corpus: Path) -> None:
    rows = (corpus / "rdap" / "rdap_cases.jsonl").read_text("utf-8").splitlines()
    checked = 0
    for case in (json.loads(row) for row in rows):
        expected = case["expected"]
        found = parse_rdap(expected.get("domain") or "example.com", case["raw"].encode())
        data = json.loads(case["raw"]) if case["parses"] else None
        if not (isinstance(data, dict) and data.get("objectClassName") == "domain" and data.get("ldhName")):
            assert found.state != "registered", case["id"]
            continue
        checked += 1
        assert found.state == "registered", case["id"]
        for name in ("created", "updated", "expires"):
            assert str(getattr(found, name) or "")[:10] == (expected.get(f"{name}_date") or ""), case["id"]
        assert set(found.nameservers) == set(expected.get("nameservers") or ()), case["id"]
        assert found.registrar == (expected.get("registrar") or ""), case["id"]
        assert found.registrar_iana_id == (expected.get("registrar_iana_id") or ""), case["id"]
    assert checked >= 20
