"""What is passed on: valid for the readers of others, the same each time, and nothing of the case."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import stix2
from click.testing import CliRunner
from pymisp import MISPEvent
from stix2validator import ValidationOptions, validate_string

from scanner.cli import group
from scanner.knowledge.feeds import unpacked
from scanner.knowledge.feeds.stix import read_bundle
from scanner.model import (
    Case,
    Claim,
    Date,
    Family,
    Finding,
    Level,
    Period,
    Role,
    Strength,
    Target,
    Verdict,
)
from scanner.report import misp, sites, stix
from scanner.store import ScanRecord, Store
from tests.store.samples import NOW

EMPLOYER = Claim(
    Role.EMPLOYER,
    "https://front.test/",
    "Quimbolt Systems LLC",
    Period(Date("2015-03"), Date("2019-06")),
    "Austin, TX, US",
)
PORTFOLIO = Claim(Role.PORTFOLIO, "https://jane-quimperley.test/")
CASE = Case("cand-0142", "Jane Quimperley, req 881", (EMPLOYER, PORTFOLIO))
LISTED, CONTRADICTED, ODD, PLAIN, OWN, HUB = (
    "listed.test", "front.test", "odd.test", "plain.test", "jane-quimperley.test", "github.com",
)  # fmt: skip
SECRETS = ("cand-0142", "Quimperley", "quimperley", "881", "Quimbolt", "Austin", "2015-03", "2019-06", "2015")


def finding(domain: str, statement: str, **changes: Any) -> Finding:
    made = Finding(
        "history.claim-before-life", 1, Family.HISTORY, Strength.STRONG, statement,
        claimed="Quimbolt Systems LLC: 2015-03 to 2019-06", observed="registered 2022-05-03 (rdap)", domain=domain,
    )  # fmt: skip
    return replace(made, **changes)


FINDINGS = (
    finding(CONTRADICTED, "The claim begins 2015-03, but front.test was registered only on 2022-05-03."),
    finding(CONTRADICTED, "The pages name no street.", check_id="contact.none", strength=Strength.WEAK),
    finding(
        CONTRADICTED,
        "Its text stood on older.test before.",
        check_id="copy.later-copy",
        observed="Quimbolt was there",
    ),
    finding(
        CONTRADICTED, "Set aside by something else.", check_id="mail.none", defeated_by="history.continuity"
    ),
    finding(LISTED, "listed.test is on a list.", check_id="known.seized", level=Level.KNOWN, claimed=""),
    finding(ODD, "Quimbolt is not named on odd.test.", check_id="no.such-check", observed=""),
    finding(PLAIN, "Nothing much.", strength=Strength.STRONG, defeated_by="x"),
    finding(
        "",
        "Two claimed organisations share one mailbox.",
        check_id="coherence.shared",
        family=Family.COHERENCE,
    ),
)
LEVELS = {
    LISTED: Level.KNOWN, CONTRADICTED: Level.CONTRADICTED, ODD: Level.REVIEW, PLAIN: Level.NOTHING_FOUND,
    OWN: Level.REVIEW, HUB: Level.CONTRADICTED,
}  # fmt: skip


@dataclass
class Made:
    store: Store
    record: ScanRecord
    path: Path


@pytest.fixture
def made(tmp_path: Path) -> Any:
    """A judged scan with a site of every level, the candidate's own page and a platform among them."""
    path = tmp_path / "findings.db"
    with Store(path) as store:
        targets = [
            Target(domain, (f"https://{domain}/",), (PORTFOLIO if domain == OWN else EMPLOYER,))
            for domain in LEVELS
        ]
        record = store.begin_scan(
            CASE, targets, as_of=NOW, passive=False, tool_version="0.1.0", knowledge_version="x"
        )
        record = store.finish(record, "complete", NOW + timedelta(minutes=2))
        verdicts = [Verdict(domain, level, 1.0, 3, 4, "x", ()) for domain, level in LEVELS.items()]
        store.save_results(record, FINDINGS, [*verdicts, Verdict("", Level.KNOWN, 1.0, 3, 4, "x", ())])
        yield Made(store, record, path)


def bundle(made: Made) -> dict[str, Any]:
    return stix.bundle(sites.sites(made.store, made.record))


def of_kind(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in found["objects"] if one["type"] == kind]


def run(*arguments: object) -> Any:
    result = CliRunner().invoke(group(), [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_the_bundle_is_valid_by_the_oasis_validator_and_read_by_the_library(made: Made) -> None:
    text = json.dumps(bundle(made))
    checked = validate_string(text, ValidationOptions(version="2.1"))
    assert checked.is_valid, [str(error) for error in checked.errors]
    # ids of version 5 (warning 103), so that they are the same each time; nothing else
    assert all("{103}" in said for said in checked.warnings)
    read = stix2.parse(text, allow_custom=False)
    assert len(read.objects) == len(bundle(made)["objects"])


def test_only_sites_from_review_up_are_passed_on_and_only_sure_ones_may_detect(made: Made) -> None:
    found = bundle(made)
    assert [one["value"] for one in of_kind(found, "domain-name")] == [CONTRADICTED, LISTED, ODD]
    assert [one["name"] for one in of_kind(found, "indicator")] == [CONTRADICTED, LISTED]
    assert len(of_kind(found, "observed-data")) == 3
    assert all(stix._AMBER["id"] in one["object_marking_refs"] for one in found["objects"] if "value" in one)


def test_nothing_of_the_case_leaves(made: Made) -> None:
    # Given statements that repeat what the case claims
    for text in (json.dumps(bundle(made)), json.dumps(event(made))):
        # Then none of it is passed on; what was observed of the site is
        without_ids = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)  # of chance digits
        assert not [secret for secret in SECRETS if secret in without_ids]
        assert "registered 2022-05-03 (rdap)" in text
        assert "begins before the address shows any sign of life" in text
        assert "Its text stood on older.test before." in text
        assert "Set aside" not in text
        assert "share one mailbox" not in text


def test_the_same_findings_give_the_same_bytes_and_another_scan_other_ids(made: Made) -> None:
    assert json.dumps(bundle(made)) == json.dumps(bundle(made))
    assert json.dumps(event(made)) == json.dumps(event(made))
    found = sites.sites(made.store, made.record)
    other = [replace(site, scan="another") for site in found]
    ours = {one["id"] for one in stix.bundle(found)["objects"]}
    theirs = {one["id"] for one in stix.bundle(other)["objects"]}
    same = {one.partition("--")[0] for one in ours & theirs}
    assert same == {"identity", "marking-definition", "domain-name"}


def test_our_own_reader_of_feeds_takes_the_bundle_in(made: Made) -> None:
    read = unpacked(read_bundle(json.dumps(bundle(made)).encode()))
    assert [entry.value for entry in read.entries] == [CONTRADICTED, LISTED]


def test_a_name_that_could_end_the_pattern_can_not_be_a_site(made: Made) -> None:
    site = sites.sites(made.store, made.record)[0]
    assert sites._nameable(site.domain, Level.KNOWN, set())
    assert not sites._nameable("x' OR domain-name:value = 'y.test", Level.KNOWN, set())


def event(made: Made) -> dict[str, Any]:
    return misp.event(sites.sites(made.store, made.record), made.record.uid, made.record.started_at)


def test_pymisp_opens_the_event(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event(made)))
    read = MISPEvent()
    read.load_file(path)
    domains = {row.value: row.to_ids for row in read.attributes if row.type == "domain"}
    assert domains == {CONTRADICTED: True, LISTED: True, ODD: False}
    assert read.published is False
    assert int(read.distribution) == 0
    assert [tag.name for tag in read.tags] == ["tlp:amber"]
    assert len({row.uuid for row in read.attributes}) == len(read.attributes)
    assert read.to_json()


def test_a_case_with_nothing_to_pass_on_gives_valid_empty_ones(made: Made) -> None:
    checked = validate_string(
        json.dumps(stix.bundle(())), ValidationOptions(version="2.1", disabled="uuid-check")
    )
    assert checked.is_valid
    read = MISPEvent()
    read.from_dict(**misp.event((), made.record.uid, NOW))
    assert not read.attributes


@pytest.mark.parametrize("form", ["stix", "misp"])
def test_the_command_writes_them_and_notes_it(made: Made, tmp_path: Path, form: str) -> None:
    for name in ("a.json", "b.json"):
        assert (
            run("report", CASE.id, "--format", form, "-o", tmp_path / name, "--db", made.path).exit_code == 0
        )
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    (first, _) = json.loads(run("audit", "--db", made.path, "--json").stdout)
    assert first["action"] == "export"
    assert first["counts"] == {"format": form}
    gone = run("report", "nobody", "--format", form, "--db", made.path)
    assert gone.exit_code == 1
    assert "holds no case 'nobody'" in gone.stderr
