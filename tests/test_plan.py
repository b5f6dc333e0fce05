"""From claims to targets and steps: what is looked at, what is left alone and why."""

from __future__ import annotations

from scanner.collect import SOURCES
from scanner.model import Case, Claim, Observation, Role, Target, Why
from scanner.plan import Choice, leads, plan_case, steps_for


def claim(url: str, role: Role = Role.EMPLOYER) -> Claim:
    return Claim(role, url, "Acme")


def skipped(target: Target, choice: Choice | None = None) -> dict[str, str]:
    steps = steps_for(target, [(s.INFO, s.plan(target)) for s in SOURCES.values()], choice or Choice())
    return {step.source: step.skip for step in steps if step.skip}


def test_one_target_a_registrable_domain_with_all_its_claims() -> None:
    plan = plan_case(
        Case("c", "", (claim("https://acme.example/a"), claim("https://www.acme.example/b", Role.REFERENCE)))
    )
    [target] = plan.targets
    assert target.domain == "acme.example"
    assert target.entries == ("https://acme.example/a", "https://www.acme.example/b")
    assert len(target.claims) == 2


def test_claims_without_a_site_are_kept_with_the_reason() -> None:
    plan = plan_case(
        Case("c", "", (claim(""), claim("https://github.com/jane"), claim("https://jane.github.io/")))
    )
    assert [target.domain for target in plan.targets] == ["jane.github.io"]
    assert plan.targets[0].platform == "github.io"
    assert plan.unaddressed[0][1] == "no address given"
    assert "platform" in plan.unaddressed[1][1]


def test_passive_asks_only_what_the_owner_cannot_notice() -> None:
    left = set(SOURCES) - set(skipped(Target("acme.example"), Choice(passive=True)))
    assert left == {"rdap", "whois", "ct", "archive"}


def test_names_of_an_inside_network_are_told_to_nobody() -> None:
    for name in ("wiki.corp", "localhost", "printer.local", "hidden.onion"):
        assert {"rdap", "whois", "ct", "archive"} <= set(skipped(Target(name)))
    assert "ct" not in skipped(Target("corp.example"))


def test_only_claimed_targets_lead_anywhere_and_not_without_end() -> None:
    hops = [
        Observation("website", "redirect", f"https://acme.example/ -> https://next{n}.example/", "website")
        for n in range(9)
    ]
    found = leads(Target("acme.example"), hops, ["next0.example"], room=10)
    assert [(lead.domain, lead.why) for lead in found] == [
        (f"next{n}.example", Why.REDIRECT) for n in (1, 2, 3)
    ]
    assert len(leads(Target("acme.example"), hops, [], room=1)) == 1
    assert leads(Target("other.example", why=Why.LEAD), hops, [], room=10) == ()
