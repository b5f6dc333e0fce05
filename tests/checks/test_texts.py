"""What every check says to a person: complete, short, neutral."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.checks import Check, Facts, Hit, Scene, Subject, table
from scanner.checks.weights import LOWERS
from scanner.knowledge import Knowledge
from scanner.model import Case, Strength, Target

ACCUSING = re.compile(
    r"\b(fraud\w*|fake\w*|liar\w*|lied|lying|suspect\w*|suspicious|scam\w*|guilty|criminal\w*"
    r"|cheat\w*|deceiv\w*|deception|dishonest\w*|bogus|sham|forged|forgery|thief|thieves|crook\w*|con artist\w*"
    r"|perpetrat\w*|malicious\w*|threat actor\w*|bad actor\w*|north korea\w*|dprk|impostor\w*)\b",
    re.IGNORECASE,
)
VIA_THE_SITE = re.compile(
    r"(call|write to|mail|phone|contact|ask|reach|ring)\w* (the |a |its |any )?"
    r"(number|mailbox|address|phone|contact|form)s?"
    r".{0,40}\b(on|from|given on|found on) (the|this|its) (site|page)s?"
    r"|(its|the site's|the page's) own (number|mailbox|phone|contact|form)",
    re.I,
)
NEUTRAL = re.compile(r"\b(why did you|admit|confess|explain yourself|really|honestly|prove)\b", re.IGNORECASE)


@pytest.mark.parametrize("entry", table(), ids=lambda entry: entry.id)
def test_texts_are_complete_short_and_neutral(entry: Check) -> None:
    for text in (entry.innocent, entry.ask, entry.next_step):
        assert text
        assert len(text.split()) <= 35
        assert not ACCUSING.search(text)
        assert not VIA_THE_SITE.search(text)
    assert entry.ask.endswith("?"), "one question"
    assert entry.ask.count("?") == 1
    assert not NEUTRAL.search(entry.ask)
    assert len(entry.text.split()) > 8, "the docstring is the page a user reads"
    assert entry.idea
    assert entry.id.startswith(f"{entry.family.value}.")


def test_statements_in_the_code_accuse_nobody() -> None:
    folder = Path(__file__).parents[2] / "scanner"
    for path in [*folder.glob("checks/*.py"), *folder.glob("report/*.py"), folder / "verdict.py"]:
        assert not ACCUSING.search(path.read_text("utf-8")), path.name


def test_what_lowers_suspicion_is_context_whatever_its_check_weighs() -> None:
    # given a strong check that found something in favour of the claim
    strong = replace(table()[0], strength=Strength.STRONG, on_case=None)
    lowering = replace(strong, on_target=lambda subject, scene: [Hit("It fits.", defeats=("history.x",))])
    # when it is made a finding, then it can weigh nothing against anybody
    now = datetime(2024, 6, 1, tzinfo=UTC)
    subject = Subject(Target("acme.example"), Facts.of(()), {}, now)
    [finding] = lowering.findings(subject, Scene(Case("c"), Knowledge.load(now), now))
    assert finding.strength is Strength.CONTEXT
    assert finding.score == LOWERS
