"""World and case files from elsewhere: bombs, depth without end, and paths that lead out of their folder."""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from scanner.evaluate import evaluate_world
from scanner.intake import parse
from scanner.world.loader import load
from scanner.world.words import WorldError


def laughs(levels: int = 9) -> str:
    """Aliases of aliases: a kilobyte that unfolds to nine to the ninth."""
    lines = ["  a.com: {dns: {TXT: &a [x, x, x, x, x, x, x, x, x]}}"]
    names = "abcdefghijklmnop"
    for before, name in pairwise(names[: levels + 1]):
        lines.append(f"  {name}.com: {{dns: {{TXT: &{name} [{', '.join([f'*{before}'] * 9)}]}}}}")
    return "domains:\n" + "\n".join(lines)


BOMBS = {
    "aliases": laughs(),
    "itself": "domains: &a\n  x: *a\n",
    "brackets": "domains: " + "[" * 100_000,
    "braces": "domains: " + "{a: " * 50_000,
    "dashes": "domains:\n" + "- " * 100_000 + "a",
    "questions": "? " * 100_000 + "a",
    "indentation": "".join(" " * depth + "a:\n" for depth in range(2500)),
    "quotes": '"' * 100_000,
    "tag": "domains: !!python/object/apply:os.system [exit]",
    "binary": "\x00\x01",
    "anchors": "".join(f"&a{n} " for n in range(50_000)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_world_that_is_a_bomb_is_one_line(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a world file made to fill memory or the stack, when it is loaded, then it is refused in one line
    monkeypatch.setattr("scanner.world.raw.MOST_VALUES", 100_000)
    (tmp_path / "world.yaml").write_text(BOMBS[name])
    started = time.process_time()
    with pytest.raises(WorldError) as refused:
        load(tmp_path)
    assert time.process_time() - started < 3
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("name", BOMBS)
def test_a_case_file_that_is_a_bomb_is_a_few_lines(name: str) -> None:
    started = time.process_time()
    for file in ("case.yaml", "case.json", "case.csv"):
        intake = parse(file, BOMBS[name].replace("domains", "claims").encode())
        assert not [claim for case in intake.cases for claim in case.claims]
        assert intake.problems
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "text",
    [
        "labels: {../secret.yaml: {}}",
        "labels: {/etc/hostname: {}}",
        "labels: {cases/../../secret.yaml: {}}",
        "labels: {cases/a.yaml: {after: [../secret.yaml]}}",
        "domains: {x.com: {site: ../outside}}",
        "domains: {x.com: {site: {dir: /etc}}}",
        "domains: {x.com: {registration: {whois_file: ../secret.yaml}}}",
        "domains: {x.com: {archive: [{at: 2020, url: /, file: ../secret.yaml}]}}",
        'domains: {x.com: {site: {redirect: "https://y.com/\\r\\nSet-Cookie: a=b"}}}',
        'domains: {x.com: {site: {dir: s, paths: {/*: {headers: {"A\\r\\nB": c}}}}}}',
        'domains: {x.com: {site: {dir: s, paths: {/*: {headers: {A: "b\\r\\nC: d"}}}}}}',
        "now: 9999-12-31",
        "now: 0001-01-01",
    ],
)
def test_what_a_world_names_lies_inside_it(tmp_path: Path, text: str) -> None:
    # Given a world beside somebody's files, when it names one of those, then it is refused
    world = tmp_path / "world"
    (world / "s").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "secret.yaml").write_text("case: secret")
    (world / "world.yaml").write_text(text)
    with pytest.raises(WorldError):
        load(world)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_do_not_lead_out_of_a_world(tmp_path: Path) -> None:
    world = tmp_path / "world"
    (world / "cases").mkdir(parents=True)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "index.html").write_text("private")
    (tmp_path / "private.yaml").write_text("case: private\nclaims: []")
    (world / "site").symlink_to(tmp_path / "private")
    (world / "cases" / "a.yaml").symlink_to(tmp_path / "private.yaml")
    # Given links to a folder and a file outside, when the world names them, then neither is followed
    (world / "world.yaml").write_text("domains: {x.com: {site: site}}")
    with pytest.raises(WorldError, match="out of the world"):
        load(world)
    (world / "world.yaml").write_text("domains: {}")
    assert load(world).cases == ()


@pytest.mark.parametrize(
    "text",
    ["deadline_scale: 0", "deadline_scale: nan", laughs(3) + "\nlabels: [x]", "labels: {a: {least: no}}"],
)
async def test_a_world_that_can_not_be_served_is_one_case_that_failed(tmp_path: Path, text: str) -> None:
    # Given a broken world among those to be evaluated, when its turn comes, then the others' turns come too
    (tmp_path / "world.yaml").write_text(text)
    (outcome,) = await evaluate_world(tmp_path, tmp_path, None)
    assert (outcome.level, outcome.ok) == ("error", False)
    assert outcome.reason
