"""What of the material that was at hand stands in `seeds/`: counted, with a reason for what doesn't."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.knowledge import Knowledge
from scanner.knowledge.platforms import DISPOSABLE, FREE_HOSTING, FREE_MAIL, LINK_PAGES, POPULAR, SHORTENERS
from scanner.knowledge.reader import read_lines

README = Path("seeds/README.md")


@pytest.fixture(scope="session")
def published(corpus: Path) -> Path:
    folder = corpus.parent / "knowledge"
    if not folder.is_dir():
        pytest.skip("the published material is not here (../shared/knowledge)")
    return folder


def _read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def test_every_published_domain_is_listed_and_none_counts_for_more_than_it_was(published: Path) -> None:
    listed = {entry.domain: entry for entry in Knowledge.load().domains() if not entry.demonstration}
    records = {record["domain"]: record for record in _read(published / "fronts.yaml")["records"]}
    assert set(listed) == set(records)
    for domain, record in records.items():
        entry = listed[domain]
        assert (entry.kind, entry.status) == (record["kind"], record["status"]), domain
        assert record["reported"].startswith(str(entry.published)), (
            domain
        )  # never earlier, never more precise
        assert str(entry.seized or "") == record.get("seized", ""), domain
        assert entry.confidence, domain
        assert entry.source_url, domain
        aside = record.get("relevance", "").startswith(("adjacent", "exclude"))
        assert entry.counts_as_front == (not aside), domain


def test_every_designated_name_is_listed_with_its_aliases_and_places(published: Path) -> None:
    listed = {entry.name: entry for entry in Knowledge.load().designated()}
    for record in _read(published / "sanctions.yaml")["designated"]:
        entry = listed[record["name"]]
        assert record["designated"].startswith(str(entry.designated)), entry.name
        aliases = {alias for alias in record.get("aliases", ()) if not alias.endswith(")")}
        assert aliases <= set(entry.aliases), entry.name
        assert set(record.get("addresses", ())) <= set(entry.addresses), entry.name


def test_people_merely_charged_are_on_no_list(published: Path) -> None:
    material = _read(published / "sanctions.yaml")
    designated = {record["name"] for record in material["designated"]}
    charged = {name for group in material["charged_not_sanctioned"] for name in group["people"]}
    listed = {name for entry in Knowledge.load().designated() for name in (entry.name, *entry.aliases)}
    assert len(charged) > 30
    assert listed & charged <= designated


def test_the_readme_says_of_every_list_what_became_of_it(corpus: Path) -> None:
    words = README.read_text("utf-8")
    lists = {path.stem for path in (corpus / "lists").iterdir() if path.name != "MANIFEST.json"}
    assert len(lists) > 40
    assert sorted(name for name in lists if name not in words) == []


@pytest.mark.parametrize(
    ("name", "taken", "least"),
    [
        ("disposable_email_blocklist.txt", (DISPOSABLE,), 1.0),
        ("misp_disposable-email.txt", (DISPOSABLE,), 0.999),
        ("npm_free_email_domains.txt", (FREE_MAIL, DISPOSABLE), 0.999),
        ("maltrail_free_web_hosting.txt", (FREE_HOSTING,), 0.96),
        ("misp_url-shortener.txt", (SHORTENERS,), 1.0),
        ("misp_link-in-bio.txt", (LINK_PAGES, SHORTENERS), 1.0),
        ("misp_tranco10k.txt", (POPULAR,), 0.98),
    ],
)
def test_a_list_was_taken_over_whole_but_for_bare_suffixes(
    corpus: Path, name: str, taken: tuple[str, ...], least: float
) -> None:
    rows = csv.reader((corpus / "lists" / name).read_text("utf-8").splitlines())
    given = {row[0].strip().lower() for row in rows if row and not row[0].startswith(("#", "//"))}
    ours = {entry for path in taken for entry in read_lines(path).entries}
    assert len(given & ours) >= least * len(given)
