"""What is said of a name without asking anybody, and which lines of a list are none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanner.knowledge import Knowledge, OwnKnowledge
from scanner.knowledge.indicators import Indicator
from scanner.knowledge.own import Listing, Overrule
from scanner.sweep.likes import Firm, LikeError, Likes
from scanner.sweep.lines import LONGEST, lines
from scanner.sweep.offline import Offline

FIRM = "harrowgate.com"


def alike(domain: str, *firms: str) -> str:
    found = Likes(Firm.of(firm) for firm in firms or (FIRM,)).of(domain)
    return found.how if found else ""


@pytest.mark.parametrize(
    ("domain", "how"),
    [
        ("harrowgate.net", "ending"),
        ("harrowgate.co.uk", "ending"),
        ("harr0wgate.com", "spelling"),
        ("harrow-gate.com", "spelling"),
        ("harrovvgate.io", "spelling"),
        ("xn--" + "hаrrowgate".encode("punycode").decode() + ".com", "spelling"),
        ("xn--" + "härrowgate".encode("punycode").decode() + ".com", "spelling"),
        ("harrowgatte.com", "edit"),
        ("harorwgate.com", "edit"),
        ("harrowgate-careers.com", "affix"),
        ("harrowgatejobs.com", "affix"),
        ("myharrowgate.com", "affix"),
    ],
)
def test_look_alikes_are_found_by_what_makes_them_so(domain: str, how: str) -> None:
    assert alike(domain) == how


@pytest.mark.parametrize(
    "domain",
    [
        "harrowgate.com",  # the firm itself
        "harrow.com",
        "harrowgatewick-bakery.com",  # another word
        "narrowgauge.com",
        "gate.com",
        "xn--" + "ходор".encode("punycode").decode() + ".com",  # another script, and no look-alike
    ],
)
def test_names_that_only_resemble_are_let_pass(domain: str) -> None:
    assert alike(domain) == ""


def test_short_names_are_like_nothing_but_themselves_elsewhere() -> None:
    assert alike("acne.com", "acme.com") == ""
    assert alike("acme.net", "acme.com") == "ending"
    assert alike("macmeow.com", "acme.com") == ""


def test_a_firm_may_be_named_instead_of_addressed() -> None:
    assert alike("harrowgate.com", "Harrowgate Ltd.") == "ending"
    with pytest.raises(LikeError, match="no word in it"):
        Firm.of("Web Agency")


def test_knowledge_of_the_day_and_a_teams_own_are_told_with_their_source() -> None:
    offline = Offline(Knowledge.load(datetime(2024, 6, 1, tzinfo=UTC)), Likes(()))
    entry = Indicator("domain", "oakmill.com", "reported", "front_company", "", "", True, "", "")
    own = OwnKnowledge.of([Listing("own", entry)])
    rank, facts = offline.facts("oakmill.com", own)
    assert rank > 0
    assert [fact.text for fact in facts] == ["on your own list (reported front_company)"]
    # when the team overrules it, it stays told and is not looked into
    own = OwnKnowledge.of([Listing("own", entry)], [Overrule("oakmill.com", "a client", "2024-01-01")])
    rank, facts = offline.facts("oakmill.com", own)
    assert (rank, facts[-1].text) == (0, "your team overrules the lists: a client")


def test_a_list_that_was_not_public_yet_says_nothing() -> None:
    early = Offline(Knowledge.load(datetime(2020, 1, 1, tzinfo=UTC)), Likes(()))
    late = Offline(Knowledge.load(datetime(2024, 6, 1, tzinfo=UTC)), Likes(()))
    assert early.facts("once-seized.example", OwnKnowledge()) == (0, [])
    assert late.facts("once-seized.example", OwnKnowledge())[0] > 0


def test_a_stem_counts_only_beside_filling_words() -> None:
    offline = Offline(Knowledge.load(datetime(2024, 6, 1, tzinfo=UTC)), Likes(()))
    assert offline.facts("foxcloudhub.com", OwnKnowledge())[0] > 0
    assert offline.facts("foxglove-gardens.com", OwnKnowledge()) == (0, [])


def test_lines_are_read_as_people_write_them(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(
        b"\xef\xbb\xbf# exported\nDomain;Owner\nACME.com;x\nhttps://www.Acme.co.uk/a?b\n"
        b'"shop.acme.io",1\nhxxp://evil[.]acme.org\njane.github.io\nB\xc3\xbccher.com\nacme.com.\n'
    )
    found = [line.domain or line.problem for line in lines(file)]
    assert found == [
        "acme.com", "acme.co.uk", "acme.io", "acme.org", "jane.github.io", "xn--bcher-kva.com", "acme.com",
    ]  # fmt: skip


def test_in_a_table_the_domain_may_stand_in_any_column(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        'Vendor,Website\nAcme Ltd,https://www.acme.com/x\nNobody Ltd,none\n"Oak, Mill",oakmill.com\n'
    )
    assert [line.domain for line in lines(file)] == ["acme.com", "", "oakmill.com"]


def test_rubbish_is_numbered_and_stops_nothing(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(
        b"co.uk\n\x00\x01\n" + b"a" * 3 * LONGEST + b".com\nacme..com\nprinter.local\n-\n=1+1\nlast.com"
    )
    found = list(lines(file))
    assert [(line.number, line.domain) for line in found if line.domain] == [(8, "last.com")]
    assert [line.number for line in found if line.problem] == [1, 2, 3, 4, 5, 6, 7]
    assert all("\n" not in line.problem and len(line.problem) <= 200 for line in found)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to a child")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stopped_from_outside_it_says_so_and_exits_130(tmp_path: Path, sent: signal.Signals) -> None:
    # given a resolver that never answers, and patience
    (tmp_path / "network.toml").write_text('resolver = ["127.0.0.1:9"]\nroutes = { "443" = "refuse" }\n')
    (tmp_path / "list.txt").write_text("".join(f"name{number}.com\n" for number in range(50)))
    words = ["sweep", "list.txt", "--network", "network.toml", "--db", "f.db"]
    with subprocess.Popen(
        [sys.executable, "-c", "from scanner.cli import main; main()", *words],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert process.stderr.readline().startswith("offline: 50 domains")
        process.send_signal(sent)
        rest = process.stderr.read()
        assert process.wait(20) == 130
    assert rest == "Interrupted. What was found is stored in f.db; the same command goes on with it.\n"
