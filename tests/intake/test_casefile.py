"""Case files and JSON Resume: contents, and contents made to hurt."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.intake import parse, parse_bytes, read_case, unpack
from scanner.intake.casefile import MAX_BYTES
from scanner.model import Case, Claim, Date, Period, Role

CASE = """\
case: cand-0142
label: "backend engineer, req 881"
claims:
  - role: employer
    organisation: Acme Soft LLC
    url: https://acmesoft.example
    starts: 2015-03
    ends: 2019-06
    place: Austin, TX, US
  - {role: portfolio, url: https://jane.example}
"""
EXPECTED = Case(
    "cand-0142",
    "backend engineer, req 881",
    (
        Claim(
            Role.EMPLOYER,
            "https://acmesoft.example/",
            "Acme Soft LLC",
            Period(Date("2015-03"), Date("2019-06")),
            "Austin, TX, US",
        ),
        Claim(Role.PORTFOLIO, "https://jane.example/"),
    ),
)


def said(name: str, raw: bytes | str) -> list[str]:
    """The problems of a file, as printed."""
    return [str(problem) for problem in parse(name, raw.encode() if isinstance(raw, str) else raw).problems]


def test_the_case_file_of_the_contract_reads_as_it_says() -> None:
    intake = parse("jane.yaml", CASE.encode())
    assert intake.cases == (EXPECTED,)
    assert intake.problems == ()


def test_json_and_yaml_say_the_same() -> None:
    document = {
        "case": "cand-0142",
        "label": "backend engineer, req 881",
        "claims": [
            {"role": "employer", "organisation": "Acme Soft LLC", "url": "https://acmesoft.example",
             "starts": "2015-03", "ends": "2019-06", "place": "Austin, TX, US"},
            {"role": "portfolio", "url": "https://jane.example", "organisation": None},
        ],
    }  # fmt: skip
    assert parse("jane.json", json.dumps(document).encode()).cases == (EXPECTED,)
    assert parse("jane.txt", json.dumps(document).encode()).cases == (EXPECTED,)


def test_scalars_stay_text() -> None:
    text = (
        "case: 0142\nlabel: NO\nclaims:\n - {role: employer, organisation: 1e3, starts: 2015, ends: 2016}\n"
    )
    (case,) = parse("a.yaml", text.encode()).cases
    assert (case.id, case.label, case.claims[0].organisation) == ("0142", "NO", "1e3")
    number = b'{"case": 142, "claims": [{"role": "employer", "organisation": 1.50, "starts": 2015}]}'
    (case,) = parse("a.json", number).cases
    assert (case.id, case.claims[0].organisation, str(case.claims[0].period.starts)) == (
        "142",
        "1.50",
        "2015",
    )


def test_a_bad_claim_is_reported_with_its_line_and_the_rest_goes_on() -> None:
    text = """\
case: a
colour: red
claims:
  - {role: boss, url: acme.example}
  - {role: employer}
  - {url: acme.example}
  - just text
  - {role: employer, organisation: Kept, url: "javascript:alert(1)", starts: 2019, ends: 2015}
  - {role: reference, url: jane@gmail.com}
  - {role: employer, url: good.example, size: 7}
  - {role: employer, organisation: [a], url: list.example}
"""
    intake = parse("a.yaml", text.encode())
    assert [claim.organisation or claim.url for claim in intake.cases[0].claims] == [
        "Kept",
        "https://good.example/",
        "https://list.example/",
    ]
    assert intake.cases[0].claims[0].period == Period()
    problems = said("a.yaml", text)
    wanted = [(1, "colour"), (4, "boss"), (5, "neither url nor"), (6, "no role"), (7, "not a mapping"),
              (8, "javascript"), (8, "ends before"), (9, "gmail.com"), (10, "size"), (11, "not text")]  # fmt: skip
    for line, word in wanted:
        assert any(f"line {line}" in problem and word in problem for problem in problems), (line, word)
    assert len(problems) == 10


def test_a_profile_page_is_kept_as_a_claim_and_noted() -> None:
    intake = parse("a.yaml", b"case: a\nclaims:\n - {role: employer, url: github.com/jane}\n")
    assert intake.cases[0].claims == (Claim(Role.EMPLOYER, "https://github.com/jane"),)
    assert "GitHub" in str(intake.notes[0])
    assert not intake.problems


@pytest.mark.parametrize("wrong", ["a b", "x" * 65, "a/b", "ä", "../x", "a\\nb"])
def test_a_case_id_outside_the_pattern_is_refused(wrong: str) -> None:
    intake = parse("a.json", json.dumps({"case": wrong, "claims": []}).encode())
    assert intake.cases == ()
    assert "is not allowed" in str(intake.problems[0])


def test_a_file_without_a_case_id_is_named_after_itself() -> None:
    intake = parse("jane roe.yaml", b"claims:\n - {role: employer, organisation: Acme}\n")
    assert intake.cases[0].id == "jane-roe"
    assert "no `case`" in str(intake.problems[0])


BILLION = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(20)
)


@pytest.mark.parametrize(
    ("name", "raw", "word"),
    [
        ("a.yaml", BILLION.encode(), "aliases"),
        ("a.yaml", b"case: &x a\nclaims: []", "aliases"),
        ("a.yaml", b"[" * 200_000, "levels deep"),
        ("a.yaml", b"{a: " * 200_000, "levels deep"),
        ("a.json", b"[" * 200_000, "levels deep"),
        ("a.json", b'{"a":' * 300 + b"1" + b"}" * 300, "levels deep"),
        ("a.yaml", b"- a\n" * 150_000, "values"),
        ("a.json", b"[" + b"1," * 150_000 + b"1]", "values"),
        ("a.yaml", b"x" * (MAX_BYTES + 1), "MB"),
        ("a.yaml", bytes(range(256)), "binary"),
        ("a.yaml", b"\x81\x8d\x8f", "UTF-8"),
        ("a.yaml", b"%PDF-1.7", "a PDF"),
        ("cv.docx", b"PK\x03\x04", "office"),
        ("a.yaml", b"a: b: c", "line 1"),
        ("a.yaml", b"a: 1\n---\nb: 2\n", "document without `case`"),
        ("a.yaml", b"? [a]\n: b\n", "key that is no text"),
        ("a.yaml", b"", "empty"),
        ("a.yaml", b"\x01", "not YAML"),
        ("a.yaml", b"just a sentence", "no mapping"),
        ("a.json", b'{"case": ', "line 1"),
        ("a.json", b'{"case": "a", "claims": {}}', "not a list"),
        ("a.yaml", b"!!python/object/apply:os.system [x]", "no mapping"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"one,two\n1,2\n", "no column `role`"),
        ("a.csv", b"role,role\n1,2\n", "twice"),
    ],
)
def test_a_hostile_file_is_one_clear_line_and_no_case(name: str, raw: bytes, word: str) -> None:
    started = time.process_time()
    problems = said(name, raw)
    assert time.process_time() - started < 5
    assert len(problems) == 1
    assert word in problems[0]
    assert problems[0].isprintable()
    assert all(not case.claims for case in parse(name, raw).cases)


def test_control_and_direction_characters_do_not_survive() -> None:
    raw = b'{"case":"a","claims":[{"role":"employer","organisation":"a\\u202eb\\u0000c\\ud800\\u001b[31m"}]}'
    assert parse("a.json", raw).cases[0].claims[0].organisation == "a b c [31m"


def test_a_long_text_is_cut_and_said() -> None:
    raw = json.dumps({"case": "a", "claims": [{"role": "employer", "organisation": "x" * 300}]})
    assert len(parse("a.json", raw.encode()).cases[0].claims[0].organisation) == 200
    assert "cut to 200" in said("a.json", raw)[0]


def test_too_many_claims_end_the_reading_and_are_said() -> None:
    raw = "role,organisation\n" + "".join(f"employer,firm {number}\n" for number in range(10_500))
    intake = parse("a.csv", raw.encode())
    assert len(intake.cases[0].claims) == 10_000
    assert "over 10000 claims" in str(intake.problems[-1])


def test_problems_are_counted_rather_than_listed_without_end() -> None:
    intake = parse("a.csv", b"role,organisation\n" + b"boss,x\n" * 5000)
    assert len(intake.problems) == 1001
    assert str(intake.problems[-1]) == "a.csv: 4000 more problems"


def test_a_worker_s_answer_is_the_same_intake() -> None:
    assert unpack(parse_bytes(b"jane.yaml\0" + CASE.encode())) == parse("jane.yaml", CASE.encode())
    with pytest.raises(ValueError, match=r"truncated|Expected|trailing|malformed"):
        unpack(b"\xc1")


def test_files_on_disk_are_read_and_what_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CASE, "utf-8")
    assert read_case(tmp_path / "a.yaml").cases == (EXPECTED,)
    assert "no such file" in str(read_case(tmp_path / "none.yaml").problems[0])
    assert "directory" in str(read_case(tmp_path).problems[0])


RESUME = {
    "basics": {
        "name": "Jane Roe",
        "email": "jane@private.example",
        "phone": "+1 555 0100",
        "url": "https://jane.example",
        "profiles": [
            {"network": "GitHub", "username": "jane", "url": "https://github.com/jane"},
            {"network": "X"},
        ],
    },
    "work": [
        {
            "name": "Acme",
            "url": "acme.example",
            "startDate": "2015-03-01",
            "endDate": "2019",
            "location": "Austin",
        },
        {"company": "Old", "website": "http://old.example", "startDate": "2010", "endDate": "Present"},
        "nonsense",
    ],
    "education": [{"institution": "Uni", "startDate": "2005", "endDate": "2009"}],
    "certificates": [
        {"name": "C", "issuer": "Institute", "date": "2020-01", "url": "https://credly.com/badges/1"}
    ],
    "projects": [{"name": "P", "url": "p.github.io"}, {"name": "no address"}],
}


def test_a_json_resume_gives_its_claims_and_nothing_of_who_makes_them() -> None:
    intake = parse("resume.json", json.dumps(RESUME).encode())
    (case,) = intake.cases
    assert case.id.startswith("resume-")
    assert len(case.id) == len("resume-") + 8
    assert case.label == ""
    assert [
        (claim.role.value, claim.organisation, claim.url, str(claim.period)) for claim in case.claims
    ] == [
        ("portfolio", "", "https://jane.example/", "? to ?"),
        ("profile", "", "https://github.com/jane", "? to ?"),
        ("employer", "Acme", "https://acme.example/", "2015-03-01 to 2019"),
        ("employer", "Old", "http://old.example/", "2010 to present"),
        ("portfolio", "", "https://p.github.io/", "? to ?"),
        ("school", "Uni", "", "2005 to 2009"),
        ("certificate", "Institute", "https://credly.com/badges/1", "2020-01 to ?"),
    ]
    for private in ("Roe", "private.example", "555"):
        assert private not in repr(intake)
    assert [str(problem) for problem in intake.problems] == ["resume.json: work[2]: not an object; left out"]


def case_to_yaml(case: Case) -> str:
    """The case as a careful person would write it down."""
    claims = []
    for claim in case.claims:
        row = {
            "role": claim.role.value,
            "organisation": claim.organisation,
            "url": claim.url,
            "starts": str(claim.period.starts or ""),
            "ends": claim.period.end_text,
            "place": claim.place,
        }
        claims.append({key: value for key, value in row.items() if value})
    document = {"case": case.id, **({"label": case.label} if case.label else {}), "claims": claims}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000)


@given(
    label=st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30),
    claims=st.lists(
        st.builds(
            Claim,
            role=st.sampled_from(Role),
            url=st.sampled_from(["", "https://acme.example/", "https://xn--bcher-kva.example:8443/a?b=c"]),
            organisation=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30),
            period=st.sampled_from(
                [
                    Period(),
                    Period(Date("2015")),
                    Period(Date("2015-03"), Date("2019-06-30")),
                    Period(ongoing=True),
                ]
            ),
            place=st.sampled_from(["", "NO", "~", "null", "0142", "a: b", "- x", "#c", "'", '"']),
        ),
        unique=True,
        max_size=4,
    ),
)
@settings(max_examples=150, deadline=None)
def test_a_case_written_as_yaml_reads_back_to_itself(label: str, claims: list[Claim]) -> None:
    case = Case("a-1", label, tuple(claims))
    assert parse("a.yaml", case_to_yaml(case).encode()).cases == (case,)


@given(st.binary(max_size=300), st.sampled_from(["a.yaml", "a.json", "a.csv", "a"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_cases_or_one_line_problems(raw: bytes, name: str) -> None:
    intake = parse(name, raw)
    assert unpack(parse_bytes(name.encode() + b"\0" + raw)) == intake
    assert all(str(problem).isprintable() for problem in (*intake.problems, *intake.notes))
