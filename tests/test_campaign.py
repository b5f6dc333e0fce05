"""One text under many names in whole scans: the firm that wrote it is found among its copies."""

from __future__ import annotations

from pathlib import Path

from scanner.egress import NetworkConfig
from scanner.intake import read_case
from scanner.session import Session
from scanner.store import Store
from scanner.world import load, serve

WORLD = Path(__file__).parent / "worlds" / "campaign"
CASE = "cases/a-front-among-many.yaml"


async def test_the_firm_that_wrote_a_text_is_named_among_a_dozen_fronts(tmp_path: Path) -> None:
    # given a library in which the original and eleven fronts were crawled on one day
    known = load(WORLD).labels[CASE].library
    assert len(known) == 12
    # when another front is scanned, which may look at three sites beside it
    async with serve(WORLD) as world:
        config = NetworkConfig.parse(world.network_toml, WORLD)
        async with Session(config, tmp_path / "f.db", again=True) as session:
            await session.fill_library(known)
            record = await session.scan(read_case(WORLD / CASE).cases[0])
    with Store(tmp_path / "f.db", readonly=True) as store:
        findings = [row for row in store.findings_of(record) if row["domain"] == "lontressa.example"]
        targets = [target.domain for target in store.targets(record)]
    # then the original is one of them, it had the text first, and how many have it is said
    assert "stavewright.example" in targets
    assert len(targets) == 4
    copied = [row["statement"] for row in findings if row["check_id"] == "copy.later-copy"]
    (of_original,) = [one for one in copied if "stavewright.example had it first" in one]
    assert of_original.endswith("12 known sites have this text.")
    assert not any(row["check_id"] == "copy.template-text" for row in findings)
