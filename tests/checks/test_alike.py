"""Names cut from one cloth: weak, and nothing for those who say that they belong together."""

from __future__ import annotations

import pytest

from scanner.model import Strength
from tests.checks.test_coherence import claim, found, linking, together


@pytest.mark.parametrize(
    ("domains", "stem"),
    [
        (("mycobaltwolf.example", "cobaltwolfstudio.example"), "cobaltwolf"),
        (("cobalt-wolf-hub.example", "thecobaltwolf.test", "cobaltwolftech.example"), "cobaltwolf"),
        (("cobaltwolf.example", "cobaltwolf.test"), ""),  # one name under two endings
        (("cobaltwolf.example", "cobaltwolverine.example"), ""),  # another word
        (("cloudhealth.example", "healthlabs.example"), ""),  # an ordinary word of firms' names
        (("cloudhub.example", "hubcloud.example"), ""),  # nothing but filling words
        (("mygo.example", "gotech.example"), ""),
    ],
)
def test_names_cut_from_one_cloth(domains: tuple[str, ...], stem: str) -> None:
    hits = found({}, *(claim(domain) for domain in domains))
    assert ("coherence.name-family" in hits) == bool(stem)
    if stem:
        hit = hits["coherence.name-family"]
        assert f"“{stem}”" in hit.statement
        assert hit.strength is Strength.WEAK
        assert str(len(domains)) in hit.statement


def test_sisters_that_say_so_may_be_named_alike() -> None:
    one, other = "mycobaltwolf.example", "cobaltwolfstudio.example"
    rows = together(linking(one, other), linking(other, one))
    assert "coherence.name-family" not in found(rows, claim(one), claim(other))
