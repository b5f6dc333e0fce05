"""The command line as a person meets it: what is said, where it is said, and how it ends."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scanner.cli import group
from tests.bad_worlds.making import write_world

SAMPLE = Path(__file__).parents[1] / "scanner" / "world" / "sample"
OLD = {"registration": {"created": "1998-01-01", "registrar": "Harbour Names Inc."}, "site": "sites/firm"}
YOUNG = {
    "registration": {"created": "2023-01-01"},
    "site": "sites/firm",
    "archive": [{"at": "2023-02-01", "site": "sites/firm"}],
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An old firm, a young one, and one whose registry asks to wait."""
    later = {"registration": {"via": "throttled"}, "site": "sites/firm"}
    domains = {"old.example": OLD, "young.example": YOUNG, "later.example": later}
    return write_world(tmp_path_factory.mktemp("world"), domains, {})


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command runs in an empty folder, where `findings.db` would be made."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FALSEFRONT_NETWORK", raising=False)


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(group(), [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def lines(result: Result) -> list[str]:
    return result.stderr.splitlines()


def document(result: Result) -> Any:
    """The one JSON document on stdout. Anything else there fails."""
    return json.loads(result.stdout)


# ------------------------------------------------------------------------------------- what can't be meant


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scan"], "nothing to scan: give an address or --case FILE"),
        (["scan", "--bogus"], "No such option"),
        (["scna"], "No such command 'scna'. Did you mean 'scan'?"),
        (["xyzzy"], "No such command 'xyzzy'. `falsefront --help` lists all commands."),
        (["scan", "acme.example", "--without", "dns,foo"], "no source foo; there are dns, rdap, whois"),
        (["scan", "acme.example", "--fail-on", "bad"], "'bad' is not one of 'known', 'contradicted'"),
        (["scan", "acme.example", "--now", "2024-01-01"], "--now goes with --world"),
        (["--now", "2024-01-01", "scan", "acme.example"], "--now goes with --world"),
        (["scan", "--world", "sample", "--now", "soon"], "Invalid value for --now: not a date: 'soon'"),
        (["--network", __file__, "scan", "--world", "sample"], "give it or --network, not both"),
        (["scan", "--case", "gone.yaml"], "'gone.yaml' does not exist"),
        (["scan", "--case", "."], "'.' is a directory"),
        (["scan", "acme.example", "--network", "gone.toml"], "'gone.toml' does not exist"),
        (["scan", "--world", "gone"], "'gone' does not exist"),
        (["report"], "Missing argument 'CASE'"),
        (["evaluate", ".", "--as-of", "soon"], "not a date: 'soon'"),
    ],
)
def test_what_can_not_be_meant_is_usage_and_exit_2(arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert not Path("findings.db").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["report", "nobody"], "findings.db: no such database; run a scan first, or give another --db"),
        (["rescore"], "findings.db: no such database; run a scan first, or give another --db"),
        (["checks", "nope.nope"], "there is no check 'nope.nope': `falsefront checks` lists them"),
        (["evaluate", "."], ".: no world.yaml in or below it"),
        (["world", "."], "world.yaml: no such file; a world is a folder with a world.yaml"),
        (["scan", "--world", "."], "world.yaml: no such file; a world is a folder with a world.yaml"),
        (["scan", "--world", SAMPLE, "--now", "0900"], "now: 900 is no year a world can stand in (1971 to 2200)"),
        (["scan", "acme.example", "--db", "no/such/f.db"], "no/such: no such folder; make it, or give another --db"),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_one_line_and_exit_1(arguments: list[str], line: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert lines(result) == [f"falsefront: {line}"]
    assert result.stdout == ""
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 1", "unknown key 'colour' (known: allow, archive"),
        ("colour", "not TOML"),
        ('resolver = ["nowhere"]', "resolver"),
        ('routes = { "80" = "sideways" }', "sideways"),
        ('deadline_scale = "fast"', "deadline_scale"),
    ],
)
def test_a_network_file_that_is_wrong_is_one_line(text: str, words: str) -> None:
    Path("n.toml").write_text(text)
    result = run("scan", "acme.example", "--network", "n.toml")
    assert result.exit_code == 1
    [line] = lines(result)
    assert line.startswith("falsefront: n.toml: ")
    assert words in line


def test_no_command_shows_what_there_is() -> None:
    result = run()
    assert result.exit_code == 0
    assert "falsefront scan https://acmesoft.example" in result.stdout


# --------------------------------------------------------------------------------------------- case files


def test_a_bad_row_is_reported_with_its_line_and_the_rest_goes_on(world: Path) -> None:
    Path("c.csv").write_text(
        "case,role,organisation,url,starts,ends\n"
        "cand-1,employer,Old Firm,https://old.example,2001-03,2019-06\n"
        "cand-1,boss,Foo,https://foo.example,2015,2016\n"
        "cand-2,employer,Young Firm,https://young.example,2023-05,present\n"
        "cand 3,employer,Q,https://q.example,,\n"
        'cand-2,employer,"broken,https://x.example,,\n'
    )
    result = run("scan", "--case", "c.csv", "--world", world, "--json")
    assert result.exit_code == 0
    assert [case["case"] for case in document(result)] == ["cand-1", "cand-2"]
    said = lines(result)
    assert said[0].startswith("c.csv: line 3: role 'boss' is not known; left out. Roles: employer, vendor")
    assert said[1].startswith("c.csv: line 5: case id 'cand 3' is not allowed")
    assert said[2].startswith("c.csv: line 6: broken quotes")


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("empty.yaml", b"", "empty.yaml: an empty file"),
        ("none.yaml", b"case: x\nclaims: []\n", "none.yaml: "),
        ("cv.pdf", b"%PDF-1.7 ...", "cv.pdf: a PDF, no case file; a résumé is given with --resume"),
        ("binary.yaml", bytes(range(256)), "binary.yaml: binary, not text; give YAML, JSON, CSV or JSON Resume"),
        ("words.yaml", b"Dear Sir or Madam", "words.yaml: no mapping with `case` and `claims`"),
        ("cut.json", b'{"case": "x", "claims": [', "cut.json: "),
        ("deep.json", b"[" * 100_000, "deep.json: "),
        ("bomb.yaml", b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nclaims: *c\n", "bomb.yaml: "),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_case_is_said_and_exit_1(name: str, content: bytes, line: str) -> None:
    Path(name).write_bytes(content)
    result = run("scan", "--case", name)
    assert result.exit_code == 1
    said = lines(result)
    assert said[0].startswith(line)
    assert (
        said[-1] == "falsefront: nothing to scan: nothing that was given holds an address or an organisation"
    )
    assert not Path("findings.db").exists()


def test_a_file_that_can_not_be_read_never_lets_the_worlds_own_cases_in(world: Path) -> None:
    Path("empty.yaml").touch()
    result = run("scan", "--case", "empty.yaml", "--world", SAMPLE)
    assert result.exit_code == 1
    assert result.stdout == ""


def test_two_files_with_one_case_id_are_not_made_one_person(world: Path) -> None:
    Path("a.yaml").write_text("case: cand-1\nclaims: [{role: employer, url: 'https://old.example'}]")
    Path("b.yaml").write_text("case: cand-1\nclaims: [{role: employer, url: 'https://young.example'}]")
    result = run(
        "scan", "--case", "a.yaml", "--case", "b.yaml", "--case", "a.yaml", "--world", world, "--json"
    )
    assert result.exit_code == 0
    assert [target["domain"] for target in document(result)["targets"]] == ["old.example"]
    assert (
        lines(result)[0]
        == "b.yaml: case cand-1 stands in a.yaml too, with other claims; left out: give it another id"
    )


def test_a_claim_without_an_address_is_kept_as_such(world: Path) -> None:
    Path("a.yaml").write_text("case: cand-1\nclaims: [{role: employer, organisation: Acme Soft LLC}]")
    result = run("scan", "--case", "a.yaml", "--world", world)
    assert result.exit_code == 0
    assert "Acme Soft LLC (employer): no address given" in result.stdout
    assert "Ask for the organisation's web address" in result.stdout


def test_a_resume_full_of_odd_links() -> None:
    odd = [
        "hxxps://old[.]example", "javascript:alert(1)", "info@old.example", "ftp://x.example", "", "http://",
        "file:///etc/passwd", "https://user:secret@old.example:8443/x?y#z", "foo", "http://[::1", "jane@gmail.com",
        "https://www.linkedin.com/in/jane", "bücher.example", "127.0.0.1", "old.example.", "\x1b[31mred.example",
    ]  # fmt: skip
    result = run("scan", "--dry-run", "--json", *odd)
    assert result.exit_code == 0
    plan = document(result)
    assert [target["domain"] for target in plan["targets"]] == [
        "old.example",
        "xn--bcher-kva.example",
        "127.0.0.1",
    ]
    assert plan["unaddressed"][0]["url"] == "https://www.linkedin.com/in/jane"
    said = "\n".join(lines(result))
    for number in (2, 4, 5, 6, 7, 9, 10, 11, 16):
        assert f"address {number}: " in said
    assert "secret" not in result.stdout + said
    assert "\x1b" not in result.stdout + said
    assert "note: 'https://old.example:8443/x?y': the user name before @ was dropped" in said


def test_three_hundred_addresses_are_one_plan() -> None:
    result = run("scan", "--dry-run", "--json", *(f"https://site-{n}.example/about" for n in range(300)))
    assert result.exit_code == 0
    assert len(document(result)["targets"]) == 300


# -------------------------------------------------------------------------------------- what is printed


def test_common_options_stand_before_or_after(world: Path) -> None:
    before = run("--world", world, "--json", "--db", "f.db", "--now", "2024-07-01", "scan", "old.example")
    after = run(
        "scan", "old.example", "--now", "2024-07-01", "--db", "f.db", "--json", "--world", world, "--new"
    )
    mixed = run(
        "--now", "2024-07-01", "--json", "scan", "old.example", "--db", "f.db", "--world", world, "--new"
    )
    for result in (before, after, mixed):
        assert result.exit_code == 0, result.stderr
        assert document(result)["as_of"].startswith("2024-07-01T")
    assert not Path("findings.db").exists()


def test_one_case_is_an_object_and_several_a_list(world: Path) -> None:
    Path("two.csv").write_text("case,role,url\na,employer,old.example\nb,employer,young.example\n")
    one = run("scan", "old.example", "--world", world, "--json")
    assert set(document(one)) >= {"case", "scan", "status", "level", "targets", "findings", "not_seen"}
    assert document(one)["case"].startswith("urls-")
    two = run("scan", "--case", "two.csv", "--world", world, "--json")
    assert [case["case"] for case in document(two)] == ["a", "b"]
    # and --dry-run keeps to the same
    assert document(run("scan", "old.example", "--dry-run", "--json"))["case"] == document(one)["case"]
    assert len(document(run("scan", "--case", "two.csv", "--dry-run", "--json"))) == 2


def test_progress_and_gaps_go_to_stderr(world: Path) -> None:
    result = run("scan", "later.example", "--world", world, "--json")
    assert result.exit_code == 0  # partial, said on stderr
    assert document(result)["status"] == "partial"
    case = document(result)["case"]
    assert f"{case}: the scan is partial; no answer from: rdap (throttled), whois (throttled)" in lines(
        result
    )
    assert any(line.startswith("later.example ") and "✗ rdap (throttled)" in line for line in lines(result))


def test_the_report_says_in_words_what_could_not_be_seen(world: Path) -> None:
    result = run("scan", "later.example", "nowhere.example", "--world", world)
    text = " ".join(result.stdout.split())
    assert "registry (rdap): asks us to wait (throttled: http-429)" in text
    assert "Some sources gave no answer (listed below). The same command asks them again." in text
    assert "does not exist a host of this name (dns) a registration of this name (rdap)" in text


@pytest.mark.parametrize(
    ("level", "code"),
    [("known", 0), ("contradicted", 3), ("nothing-found", 3)],
)
def test_fail_on_follows_the_fold(world: Path, level: str, code: int) -> None:
    Path("c.yaml").write_text(
        "case: c\nclaims:\n- {role: employer, organisation: Young, url: young.example, starts: 2010, ends: 2012}\n"
        "- {role: employer, organisation: Old, url: old.example, starts: 2010, ends: 2012}"
    )
    result = run("scan", "--case", "c.yaml", "--world", world, "--fail-on", level, "--json")
    assert document(result)["level"] == "contradicted"
    assert result.exit_code == code


def test_a_dry_run_asks_nothing_and_writes_nothing(world: Path) -> None:
    result = run("scan", "old.example", "--dry-run", "--without", "ct", "--passive", "--world", world)
    assert result.exit_code == 0
    assert "nothing has been asked yet" in result.stdout
    text = " ".join(result.stdout.split())
    assert "rdap domain name registry no" in text  # the registrar would be one more to know
    assert "ct skipped: left out by --without" in text
    assert "website skipped: passive leaves out" in text
    assert list(Path().iterdir()) == []


def test_commands_to_copy_are_quoted_and_on_one_line(world: Path, tmp_path: Path) -> None:
    folder = (
        tmp_path
        / "a folder [red] with a name that is long enough to be broken by any table of eighty columns"
    )
    folder.mkdir()
    result = run("scan", "old.example", "--world", world, "--db", folder / "f.db")
    assert result.exit_code == 0, result.stderr
    assert any(line.endswith(f"--db '{folder / 'f.db'}'") for line in result.stdout.splitlines())


# ------------------------------------------------------------------------------------- the other commands


@pytest.fixture(scope="module")
def scanned(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one case that is contradicted."""
    folder = tmp_path_factory.mktemp("scanned")
    case = folder / "c.yaml"
    case.write_text("case: cand-1\nclaims: [{role: employer, url: young.example, starts: 2010, ends: 2012}]")
    assert run("scan", "--case", case, "--world", world, "--db", folder / "f.db").exit_code == 0
    return folder / "f.db"


def test_report_in_every_format(scanned: Path) -> None:
    assert "CONTRADICTED" in run("report", "cand-1", "--db", scanned).stdout
    found = document(run("report", "cand-1", "--db", scanned, "--format", "json"))
    assert found == document(run("--json", "report", "cand-1", "--db", scanned))
    assert run("report", "cand-1", "--db", scanned, "--format", "csv").stdout.startswith("case,domain,level,")
    saved = run("report", "cand-1", "--db", scanned, "--format", "json", "-o", "out.json")
    assert (saved.exit_code, saved.stdout) == (0, "")
    assert json.loads(Path("out.json").read_text(encoding="utf-8")) == found


def test_a_report_of_nobody_names_who_there_is(scanned: Path) -> None:
    result = run("report", "cand-2", "--db", scanned)
    assert result.exit_code == 1
    assert lines(result) == [f"falsefront: {scanned} holds no case 'cand-2'; it has: cand-1"]


@pytest.mark.parametrize("observe", [[], ["--observe"]])
def test_rescore_says_that_nothing_moved(scanned: Path, observe: list[str]) -> None:
    result = run("rescore", "--db", scanned, *observe)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("1 case")
    assert result.stdout.rstrip().endswith("0 changed")
    [change] = document(run("rescore", "cand-1", "--db", scanned, "--json", *observe))
    assert (change["before"], change["after"], change["moved"]) == ("contradicted", "contradicted", False)


def test_rescore_of_nobody_names_who_there_is(scanned: Path) -> None:
    result = run("rescore", "cand-2", "--db", scanned)
    assert result.exit_code == 1
    assert lines(result) == [f"falsefront: {scanned} holds no case 'cand-2'; it has: cand-1"]


def test_checks_and_knowledge_are_listed() -> None:
    assert "history.claim-before-life" in run("checks").stdout
    page = run("checks", "history.claim-before-life").stdout
    assert "Innocent explanation" in page
    [entry] = document(run("checks", "history.claim-before-life", "--json"))
    assert entry["id"] == "history.claim-before-life"
    assert "fronts/demo.yaml" in run("knowledge", "list").stdout
    assert document(run("knowledge", "list", "--json"))
    check = run("knowledge", "check")
    assert (check.exit_code, check.stderr) == (0, "")


def test_evaluate_counts_what_was_met(world: Path, tmp_path: Path) -> None:
    cases = {
        "cases/c.yaml": "case: c\nclaims: [{role: employer, url: young.example, starts: 2010, ends: 2012}]"
    }
    label = {"least": "contradicted", "most": "contradicted"}
    write_world(tmp_path / "good", {"young.example": YOUNG}, cases, labels={"cases/c.yaml": label})
    write_world(tmp_path / "missed", {"young.example": YOUNG}, cases,
                labels={"cases/c.yaml": {"most": "nothing-found", "must": ["seizure.*"]}})  # fmt: skip
    result = run("evaluate", tmp_path, "--json")
    assert result.exit_code == 0
    found = {row["world"]: row for row in document(result)["cases"]}
    assert [row["ok"] for row in found.values()].count(True) == 1
    [missed] = [row for row in found.values() if not row["ok"]]
    assert (missed["level"], missed["must_missing"]) == ("contradicted", ["seizure.*"])
    assert run("evaluate", tmp_path / "missed", "--strict").exit_code == 1


def test_doctor_says_what_works(world: Path, scanned: Path) -> None:
    result = run("doctor", "--world", world, "--db", scanned)
    assert result.exit_code == 0
    answers = {
        row["what"]: row for row in document(run("doctor", "--world", world, "--db", scanned, "--json"))
    }
    for what in ("database", "knowledge", "resolver", "rdap", "whois", "archive", "certificate log"):
        assert answers[what]["works"], what


# -------------------------------------------------------------------------------------------- no network


def test_without_any_network_a_scan_ends_at_once_with_too_little(tmp_path: Path) -> None:
    # given a resolver that nobody answers at, and no route anywhere
    Path("dead.toml").write_text('resolver = ["127.0.0.1:9"]\nroutes = {"1" = "refuse"}\npace = false\n')
    result = run("scan", "acme.example", "--network", "dead.toml", "--json")
    assert result.exit_code == 0
    found = document(result)
    assert (found["status"], found["level"]) == ("partial", "not-enough")
    assert {row["status"] for row in found["not_seen"]} == {"unreachable"}
    assert found["targets"][0]["answered"] == 0
    assert "No source answered at all: `falsefront doctor` says what works from here." in lines(result)
    # and doctor names what is missing and what to do about it
    answers = {row["what"]: row for row in document(run("doctor", "--network", "dead.toml", "--json"))}
    assert [row for row in answers if not answers[row]["works"] and row != "browser"] == [
        "resolver", "rdap", "whois", "archive", "certificate log",
    ]  # fmt: skip
    assert "connection-refused" in answers["resolver"]["says"]
    assert "check the internet connection" in answers["resolver"]["says"]


# ------------------------------------------------------------------------------------ hostile characters

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe\u2066\u200b\r\x00"


def test_what_a_terminal_obeys_never_reaches_it(tmp_path: Path) -> None:
    """Given escapes, control characters and turned directions in a title, a registrar, an organisation, a claim."""
    whois = (
        f"Domain Name: NASTY.EXAMPLE\nRegistry Domain ID: 1\nRegistrar: Evil {ESCAPES} Registrar\n"
        f"Creation Date: 2023-01-01T00:00:00Z\nRegistrant Organization: Org {ESCAPES} Inc\n"
    )
    nasty = {
        "registration": {"via": "whois", "whois_file": "whois.txt"},
        "site": "sites/nasty",
        "archive": [{"at": "2023-02-01", "site": "sites/nasty"}],
    }
    html = f"<title>Title {ESCAPES}</title><h1>Since 1987{ESCAPES}</h1><p>{'Words of a firm. ' * 40}</p>"
    folder = write_world(
        tmp_path / "w", {"nasty.example": nasty}, {"sites/nasty/index.html": html, "whois.txt": whois}
    )
    case = {
        "case": "c",
        "label": f"label {ESCAPES}",
        "claims": [
            {
                "role": "employer", "organisation": f"Org {ESCAPES} Inc", "url": "https://nasty.example",
                "starts": "2010", "ends": "2012", "place": f"Place {ESCAPES}",
            },
            {"role": "employer", "organisation": f"Other {ESCAPES}"},
        ],
    }  # fmt: skip
    Path("c\x1b[31m.json").write_text(json.dumps(case))
    outputs = [
        run("scan", "--case", "c\x1b[31m.json", "--world", folder),
        run("scan", "--case", "c\x1b[31m.json", "--world", folder, "--json", "--new"),
        run("scan", "--case", "c\x1b[31m.json", "--dry-run"),
        run("report", "c"),
        run("report", "c", "--format", "json"),
        run("report", "c", "--format", "csv"),
    ]
    # a rescore that moves something prints statements as well
    with sqlite3.connect("findings.db") as conn:
        conn.execute("UPDATE findings SET statement = 'was: ' || ?", (ESCAPES,))
    outputs.append(run("rescore", "c"))
    assert "1 changed" in outputs[-1].stdout
    for result in outputs:
        assert result.exit_code == 0, result.stderr
        for text in (result.stdout, result.stderr):
            found = {char for char in text if char in set(ESCAPES) - set("]0;owned[2J31mgnp.exe")}
            assert not found - {"\n"}, [hex(ord(char)) for char in found]
    # and what was said is still there, in the report's data
    assert any("Evil" in f["statement"] for f in document(outputs[4])["targets"][0]["findings"])


@pytest.mark.parametrize("encoding", ["ascii"])
def test_json_stays_whole_where_stdout_is_no_utf_8(tmp_path: Path, encoding: str) -> None:
    """Given a console of another encoding, as pipes have it on Windows."""
    Path("c.yaml").write_text(
        "case: c\nlabel: Zoë Ł\nclaims: [{role: employer, organisation: Łódź}]", encoding="utf-8"
    )
    Path("dead.toml").write_text('resolver = ["127.0.0.1:9"]\nroutes = {"1" = "refuse"}\n')
    for arguments in (
        ["scan", "--case", "c.yaml", "--network", "dead.toml", "--json"],
        ["report", "c", "--json"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", "from scanner.cli import main; main()", *arguments],
            capture_output=True, timeout=60, env={**os.environ, "PYTHONIOENCODING": encoding},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout.decode(encoding))["label"] == "Zoë Ł"


def test_a_reader_that_goes_away_at_once_is_no_fault_of_ours() -> None:
    command = [sys.executable, "-c", "from scanner.cli import main; main()"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=30)
