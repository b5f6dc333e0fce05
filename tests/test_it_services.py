"""The shipped list of firms whose sites are crawled as originals: each has its source, and none a place elsewhere."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli import group
from scanner.cli.library import forecast
from scanner.knowledge import Kind, Knowledge, KnowledgeError, place_of
from scanner.knowledge.originals import LISTS, load_originals
from seeds.originals.build import domains_in, held_against

OPEN = {"CC0-1.0", "MIT"}


def test_every_entry_names_a_source_whose_licence_lets_it_ship() -> None:
    sites, seed = load_originals("it-services")
    assert seed.least <= len(sites) <= seed.most
    assert [site.domain for site in sites] == sorted(site.domain for site in sites)
    sources = Counter((site.source, site.licence) for site in sites)
    assert len(sources) == 3  # one licence a source
    assert {licence for _, licence in sources} <= OPEN
    for source, _ in sources:
        repository, _, commit = source.partition("@")
        assert repository.count("/") == 1
        assert len(commit) == 12
        assert f"https://github.com/{repository}" in Path("NOTICE").read_text("utf-8")


def test_only_sites_of_their_own_none_of_them_on_a_list_of_fronts() -> None:
    # given the places people share (profiles, shorteners, hosting) and the fronts that are known
    fronts = {listed.domain for listed in Knowledge.load().domains()}
    for site in load_originals("it-services")[0]:
        place = place_of(f"https://{site.domain}/")
        assert (place.kind, place.domain, place.platform) == (Kind.SITE, site.domain, ""), site
        assert site.domain not in fronts


def test_none_is_among_the_most_visited_sites(corpus: Path) -> None:
    visited = set((corpus / "lists" / "misp_tranco10k.txt").read_text("utf-8").split())
    assert not visited & {site.domain for site in load_originals("it-services")[0]}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("co.uk,Nobody,a/b@c,MIT,2020", "no registrable domain"),
        ("www.acme-soft.example,Acme,a/b@c,MIT,2020", "no registrable domain"),
        ("acme-soft.example,Acme,a/b@c,MIT,2020\nacme-soft.example,Acme,a/b@c,MIT,2020", "twice"),
        ("acme-soft.example,Acme,,MIT,2020", "has not all of"),
        ("acme-soft.example,Acme,a/b@c,MIT,lately", "lately"),
    ],
)
def test_a_line_that_says_too_little_is_refused(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / LISTS["it-services"]
    path.parent.mkdir()
    path.write_text(
        "# list: x\n# title: x\n# publisher: x\n# source: x\n# licence: x\n# retrieved: 2026-11-23\n"
        f"# count: 1-9\ndomain,name,source,licence,published\n{line}\n"
    )
    with pytest.raises(KnowledgeError, match=what):
        load_originals("it-services", tmp_path)


def test_a_newer_copy_of_a_source_is_held_against_the_list(tmp_path: Path) -> None:
    # given a copy that names two of ours, one new firm, a profile and a shortener, and no others
    (tmp_path / "README.md").write_text(
        "- [Viget](http://viget.com)\n- [Tighten](https://tighten.co/x)\n- [New](https://www.newfirm-soft.com/)\n"
        "- [on LinkedIn](https://www.linkedin.com/company/viget) https://bit.ly/abc http://[broken\n"
    )
    assert domains_in(tmp_path) == {"viget.com", "tighten.co", "newfirm-soft.com"}
    lines = list(held_against("it-services", {"kjbrum/web-agencies-worldwide": tmp_path}))
    assert "new newfirm-soft.com kjbrum/web-agencies-worldwide" in lines
    assert not any("viget.com" in line for line in lines)
    gone = sum(line.startswith("gone ") for line in lines)
    ours = [s for s in load_originals("it-services")[0] if s.source.startswith("kjbrum/")]
    assert gone == len(ours) - 2


def test_the_command_tells_what_it_costs_before_it_starts(tmp_path: Path) -> None:
    def said(*arguments: str) -> list[str]:
        result = CliRunner().invoke(
            group(), ["library", "crawl", *arguments, "--dry-run", "--db", str(tmp_path / "x.db")]
        )
        assert result.exit_code == 0, result.stderr
        return result.stderr.splitlines()

    total = len(load_originals("it-services")[0])
    first, second = said("--list", "it-services")
    assert first.startswith("it-services: ")
    assert "CC0-1.0, MIT" in first
    assert second == forecast(total, total, total)
    assert said("--list", "it-services", "--limit", "5")[-1].startswith(f"5 of {total} sites to crawl (")
    assert not list(tmp_path.iterdir())


def test_a_file_or_a_list_not_both_and_not_none() -> None:
    for arguments in ([], ["--list", "it-services", __file__]):
        result = CliRunner().invoke(group(), ["library", "crawl", *arguments])
        assert result.exit_code == 2
        assert "give a FILE, or --list NAME" in result.stderr


def test_the_file_is_plain_csv() -> None:
    lines = Path("seeds/originals/it_services.csv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert {tuple(row) for row in rows} == {("domain", "name", "source", "licence", "published")}
