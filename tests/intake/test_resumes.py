"""Résumés in every format to claims: what is found, what is doubted, what is refused."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.resumes.scoring import score_file
from scanner.intake import parse, writing
from scanner.intake.resume import codes, dates
from scanner.intake.resume.reading import read
from scanner.intake.resume.record import Reading
from scanner.model import Role
from tests.intake import making_documents as making

HERE = Path(__file__).parent / "resumes"
TRUTHS = json.loads((HERE / "expected.json").read_text("utf-8"))


def text(*lines: str) -> Reading:
    return read(".txt", "\n".join(lines).encode())


def urls(reading: Reading) -> list[str]:
    return [one.claim.url for one in reading.claims if one.claim.url]


def posts(reading: Reading) -> list[tuple[str, str]]:
    return [
        (one.claim.organisation, str(one.claim.period))
        for one in reading.claims
        if one.claim.role is Role.EMPLOYER
    ]


# ----------------------------------------------------------------------------------------- real documents


@pytest.mark.parametrize("name", sorted(TRUTHS))
def test_a_document_made_by_a_real_tool_gives_its_addresses_and_posts(name: str) -> None:
    # given a résumé of an invented person; when it is read; then every address and every post with its dates is there
    scores = score_file(HERE / name, TRUTHS[name])
    assert scores["urls"].missed == []
    assert scores["urls"].wrong == []
    assert scores["employers"].missed == []
    assert scores["employers"].wrong == []


@pytest.mark.parametrize("name", sorted(TRUTHS))
def test_the_case_file_of_a_document_is_read_back_unchanged(name: str) -> None:
    # given what was read; when it is written as a case file and read as one; then it is the same, claim for claim
    reading = read(Path(name).suffix, (HERE / name).read_bytes())
    written = writing.case_text("resume-00000000", 'req 881: "back end"', reading, "0" * 64)
    intake = parse("case.yaml", written.encode())
    assert intake.problems == ()
    (case,) = intake.cases
    assert case.id == "resume-00000000"
    assert case.label == 'req 881: "back end"'
    assert case.claims == tuple(one.claim for one in reading.claims)


# -------------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["see https://acme.example/very-long-",
          "path/of/pages"], ["https://acme.example/very-long-path/of/pages"]),
        (["https://acme.example/team/", "engineering/2021"], ["https://acme.example/team/engineering/2021"]),
        (["https://acme.", "example/team"], ["https://acme.example/team"]),
        (["www.acme-", "soft.example"], ["https://www.acme-soft.example/"]),
        (["Site: https://acme.example/", "Built the whole shop"], ["https://acme.example/"]),
        (["https://acme.example/a,",
          "https://other.example/b"], ["https://acme.example/a", "https://other.example/b"]),
        (["(acme.example/work)"], ["https://acme.example/work"]),
        (["hxxps://acme[.]example/x"], ["https://acme.example/x"]),
        (["https://acme.example/@", "Built the shop"], ["https://acme.example/@"]),
        (["https://blog.example/", "@jane/notes-", "on-queues-and-their-", "consumers"],
         ["https://blog.example/@jane/notes-on-queues-and-their-consumers"]),
        (["tern-and-", "pike.example/about"], ["https://tern-and-pike.example/about"]),
        (["Built a state-", "pike.example/about"], ["https://pike.example/about"]),
    ],
)  # fmt: skip
def test_an_address_is_found_whole(lines: list[str], expected: list[str]) -> None:
    assert urls(text("Links", *lines)) == expected


def test_products_files_and_mail_are_no_addresses() -> None:
    # given words that look like names of sites; when read; then none becomes a claim, and a firm's mail only a hint
    reading = text(
        "Projects", "https://jane.example", "Skills", "Node.js, ASP.NET, Socket.io, main.py, README.md, deploy.sh",
        "References", "Write to cto@harbourfirm.example or someone@gmail.com",
    )  # fmt: skip
    assert urls(reading) == ["https://jane.example/"]
    assert reading.hints == ("harbourfirm.example",)


def test_words_that_show_another_site_than_they_lead_to_are_both_kept_and_marked() -> None:
    page = b"<h2>Projects</h2><p><a href='https://elsewhere.example/x'>https://acme.example</a></p>"
    reading = read(".html", page)
    assert sorted(urls(reading)) == ["https://acme.example/", "https://elsewhere.example/x"]
    assert all(one.doubts for one in reading.claims)


def test_three_hundred_links_are_cut_and_the_rest_is_named() -> None:
    # given a résumé with 300 addresses; when read; then the employer's stays, and it says which were left out
    many = [f"https://site{number}.example/" for number in range(300)]
    reading = text("Projects", *many, "Experience", "Acme Soft LLC, 2015 - 2019", "https://acmesoft.example")
    assert len(urls(reading)) == 60
    assert "https://acmesoft.example/" in urls(reading)
    assert len(reading.left_out) == 241
    line = next(line for line in writing.summary(reading) if "left out" in line)
    assert line.startswith("241 addresses over the limit were left out: site59.example, ")
    assert all(url in writing.case_text("a", "", reading, "") for url in reading.left_out)


# ---------------------------------------------------------------------------------------------- QR codes

CARD = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Quill;Ottoline\nTEL:+99555010022\nEMAIL:o@quill.example\n"
    "URL:https://card.example/o\nEND:VCARD"
)


def test_a_code_on_a_page_is_read_whether_picture_or_drawing() -> None:
    # given a page with a drawn code, and a scan with a code in it; when read; then both addresses are there, and a note
    lines = ("Experience", "Acme Soft LLC, 2015 - 2019")
    square = making.code("https://quill.example/code", 1)
    drawing = making.pdf([making.written(*lines) + b"\n" + making.drawn(square, 400, 500, 3)])
    reading = read(".pdf", drawing)
    assert urls(reading) == ["https://quill.example/code"]
    assert posts(reading) == [("Acme Soft LLC", "2015 to 2019")]
    assert "1 address was read from a QR code: see whose it is" in reading.notes
    scan = read(".pdf", making.picture_pdf(making.code("https://quill.example/code")))
    assert urls(scan) == ["https://quill.example/code"]
    assert any("a scan" in note for note in scan.notes)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_code_in_a_documents_pictures_is_read(form: str) -> None:
    picture = making.picture_file(making.code("https://quill.example/code"), form)
    name = {"PNG": "word__media__a.png", "JPEG": "word__media__a.jpeg"}[form]
    body = making.paragraphs("Experience", "Acme Soft LLC, 2015 - 2019")
    assert urls(read(".docx", making.docx(body, **{name: picture}))) == ["https://quill.example/code"]


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_a_code_that_a_page_holds_is_read_and_nothing_is_fetched(ending: str) -> None:
    # given a page with a code in it, one elsewhere and one that is no base64; when read; then the first one's address
    held = base64.b64encode(making.picture_file(making.code("https://quill.example/code"))).decode()
    page = (
        f"<h2>Experience</h2><p>Acme Soft LLC, 2015 - 2019</p><img src='data:image/png;base64,{held}'>"
        "<img src='https://elsewhere.example/code.png'><img src='data:image/png;base64,%%%'>"
    )
    reading = read(ending, page.encode())
    assert urls(reading) == ["https://quill.example/code"]
    assert posts(reading) == [("Acme Soft LLC", "2015 to 2019")]


def test_of_a_visiting_card_in_a_code_only_the_site_is_kept() -> None:
    reading = read(".pdf", making.picture_pdf(making.code(CARD)))
    assert urls(reading) == ["https://card.example/o"]
    written = writing.case_text("a", "", reading, "")
    assert not [word for word in ("Ottoline", "Quill", "99555", "quill.example") if word in written]


def test_pictures_that_are_broken_huge_or_none_stop_no_document() -> None:
    # given pictures cut short, of a hundred million pixels, and of another kind under the name; when read; then the
    # posts are there
    body = making.paragraphs("Experience", "Acme Soft LLC, 2015 - 2019")
    cut = making.picture_file(making.code("https://quill.example/code"))[:200]
    huge = making.picture_file(Image.new("1", (20_000, 5_000)))
    pictures = {"word__media__a.png": cut, "word__media__b.png": huge, "word__media__c.png": b"GIF89a"}
    reading = read(".docx", making.docx(body, **pictures))
    assert posts(reading) == [("Acme Soft LLC", "2015 to 2019")]
    assert urls(reading) == []


def test_a_page_too_narrow_to_hold_a_code_is_read_as_any() -> None:
    page = making.pdf([making.written("Experience", "Acme Soft LLC, 2015 - 2019")])
    thin = page.replace(b"[0 0 595 842]", b"[0 0 595 0.4]")
    assert read(".pdf", thin).problem == ""


def test_without_the_decoder_documents_are_read_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "_ZXING", None)
    page = making.written("Experience", "Acme Soft LLC, 2015 - 2019")
    assert posts(read(".pdf", making.pdf([page]))) == [("Acme Soft LLC", "2015 to 2019")]


# ------------------------------------------------------------------------------------------------- posts


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("Mar 2015 – Present", "2015-03 to present"),
        ("2015–19", "2015 to 2019"),
        ("03/2015 - 06/2019", "2015-03 to 2019-06"),
        ("since 2020", "2020 to present"),
        ("seit März 2020", "2020-03 to present"),
        ("01.03.2015 - 30.06.2019", "2015-03-01 to 2019-06-30"),
        ("d'octobre 2015 à mars 2017", "2015-10 to 2017-03"),
        ("de março de 2015 a junho de 2019", "2015-03 to 2019-06"),
        ("kwiecień 2015 – obecnie", "2015-04 to present"),
        ("с марта 2015 по настоящее время", "2015-03 to present"),
        ("Березень 2015 – дотепер", "2015-03 to present"),
        ("Haziran 2016 - Devam ediyor", "2016-06 to present"),
        ("2015년 3월 ~ 현재", "2015-03 to present"),
        ("2015年3月至今", "2015-03 to present"),
        ("2015年4月〜2019年6月", "2015-04 to 2019-06"),
        ("2015. március – jelenleg", "2015-03 to present"),
        ("Mar–Jun 2015", "2015-03 to 2015-06"),
        ("Jan '15 - Feb '17", "2015-01 to 2017-02"),
        ("ab 2018", "2018 to ?"),
        ("Mär. 2021 – heute", "2021-03 to present"),
        ("Jän. 2016 – Sept. 2017", "2016-01 to 2017-09"),
        ("fev/2020 – atual", "2020-02 to present"),
        ("Sep-2018 - Dec-2020", "2018-09 to 2020-12"),
        ("Nov ’19 – now", "2019-11 to present"),
        ("03/19 – 07/21", "2019-03 to 2021-07"),
        ("03/98 – Present", "1998-03 to present"),
        ("da aprile 2021 ad oggi", "2021-04 to present"),
        ("De setembro de 2018 até ao presente", "2018-09 to present"),
        ("2019 – auj.", "2019 to present"),
        ("2021 – nå", "2021 to present"),
        ("Ιαν. 2019 – σήμερα", "2019-01 to present"),
        ("януари 2016 – декември 2019", "2016-01 to 2019-12"),
        ("kolovoz 2014 – prosinac 2016", "2014-08 to 2016-12"),
    ],
)
def test_a_period_is_found_in_many_languages(line: str, period: str) -> None:
    assert [str(span.period) for span in dates.find(f"Acme, {line}, Berlin")] == [period]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["jan. 2021 Data engineer", "– atual\tMangue Ltd."], [("Mangue Ltd.", "2021-01 to present")]),
        (["2014\tTrainee", "– 2017\tCity of Norte"], [("City of Norte", "2014 to 2017")]),
        (["2014\tTrainee, City of Norte", "– 2017 promoted twice"], [("City of Norte", "2014")]),
        (
            ["Osprey Depot", "Systems Analyst", "Salary: 70,000 per year", "Hours per week: 40", "04/2018 - Present"],
            [("Osprey Depot", "2018-04 to present")],
        ),
        (
            ["• Date (da – a): 2020 – in corso", "• Nome e indirizzo del datore di lavoro: Ferriera, Bassano",
             "• Tipo di impiego: Sistemista"],
            [("Ferriera", "2020 to present")],
        ),
        (["• Engineer\t2018 – 2020", "  Hollis Library\tHollis, TX"], [("Hollis Library", "2018 to 2020")]),
    ],
)  # fmt: skip
def test_posts_set_in_forms_and_narrow_columns(lines: list[str], expected: list[tuple[str, str]]) -> None:
    found = [(name, period.removesuffix(" to 2014")) for name, period in posts(text("Experience", *lines))]
    assert found == expected


def test_headings_in_a_column_of_their_own_begin_parts() -> None:
    # given a résumé whose headings stand beside the first line of each part; when read; then they are no firms
    reading = text(
        "Contact\tjane.example", "Experience\tJuniper Grid, Denver\tAug 2019 - present", "\tSenior Engineer",
        "\tColdwater Sensors Inc., Boulder\tJun 2015 - Jul 2019", "\tEngineer", "Education\tUniversity of X, 2015",
    )  # fmt: skip
    assert posts(reading) == [
        ("Juniper Grid", "2019-08 to present"),
        ("Coldwater Sensors Inc.", "2015-06 to 2019-07"),
    ]
    assert [one.claim.organisation for one in reading.claims if one.claim.role is Role.SCHOOL] == [
        "University of X"
    ]


def test_degrees_are_no_addresses() -> None:
    assert urls(text("Education", "B.Tech., Sarovar Institute, 2015", "Links", "https://x.example")) == [
        "https://x.example/"
    ]


def test_a_firm_of_swedish_form_is_no_beginning_of_its_dates() -> None:
    # given "AB" right before a date; when read; then it is the firm's, not German for "from"
    assert posts(text("Experience", "Nordkap Sensors AB  Aug 2016 – Oct 2019", "Firmware engineer")) == [
        ("Nordkap Sensors AB", "2016-08 to 2019-10")
    ]


def test_one_date_tells_the_order_of_day_and_month_in_the_others() -> None:
    # given dates that could be either, and one that can't; when read; then all of the document follow that one
    lines = ("Experience", "Acme Soft LLC", "01/04/2018 – 31/03/2020")
    assert posts(text(*lines)) == [("Acme Soft LLC", "2018-04-01 to 2020-03-31")]
    # and where both orders stand in it, only what is certain is kept
    assert posts(text(*lines, "Certificates", "12/31/2021"))[0][1] == "2018 to 2020-03-31"


@pytest.mark.parametrize("line", ["+49 170 2015 2019 88", "born 12/03", "room 20152019", "version 3.11"])
def test_other_numbers_are_no_periods(line: str) -> None:
    assert not any(dates.is_range(span) for span in dates.find(line))


def test_employers_without_an_address_say_what_to_ask_for() -> None:
    reading = text("Experience", "Blue Rivers GmbH, Berlin, 2012 – 2015")
    assert posts(reading) == [("Blue Rivers GmbH", "2012 to 2015")]
    written = writing.case_text("a", "", reading, "")
    assert "# no address: ask for the firm's web address" in written
    assert "no address stands beside Blue Rivers GmbH" in " ".join(writing.summary(reading))


def test_posts_in_one_firm_are_one_claim_and_referees_are_never_named() -> None:
    reading = text(
        "Experience", "Acme Soft LLC (2012 - 2019)", "Lead Engineer, 2016 - 2019", "- led", "Engineer, 2012 - 2016",
        "References", "Mabel Strand, CTO at Tern Pike Inc., mabel@ternpike.example",
    )  # fmt: skip
    assert posts(reading) == [("Acme Soft LLC", "2012 to 2019")]
    assert [one.claim.organisation for one in reading.claims if one.claim.role is Role.REFERENCE] == [
        "Tern Pike Inc."
    ]
    assert "Mabel" not in writing.case_text("a", "", reading, "")


def test_without_headings_what_has_dates_is_marked() -> None:
    reading = text("Jane", "Acme Soft LLC", "Mar 2015 - Jun 2019", "", "Blue Rivers GmbH", "2012 - 2015")
    assert [name for name, _ in posts(reading)] == ["Acme Soft LLC", "Blue Rivers GmbH"]
    assert any("no heading" in note for note in reading.notes)


def test_names_in_every_script_come_through() -> None:
    names = [
        "Ακμή ΑΕ",
        "شركة القمة",
        "חברת הפסגה",
        "आकाश लिमिटेड",
        "บริษัท ยอดเขา",
        "კომპანია მწვერვალი",
        "株式会社青鷺",
    ]
    lines = [line for name in names for line in (name, "2015 - 2016", "")]
    reading = text("Experience", *lines)
    assert [name for name, _ in posts(reading)] == names
    written = writing.case_text("a", "", reading, "")
    (case,) = parse("a.yaml", written.encode()).cases
    assert [claim.organisation for claim in case.claims] == names


# ------------------------------------------------------------------------------- documents made to hurt


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.pdf", (HERE / "locked.pdf").read_bytes(), "protected by a password"),
        ("a.pdf", b"%PDF-1.7 nothing more", "damaged"),
        ("a.pdf", (HERE / "es-fermin-stacked-long-chromium.pdf").read_bytes()[:9000], "damaged"),
        ("a.pdf", b"not one", "damaged"),
        ("a.pdf", making.picture_pdf(), "a scan"),
        ("a.png", b"\x89PNG\r\n", "a picture"),
        ("a.docx", b"PK\x03\x04 torn", "damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0 old", "an old Word document"),
        ("a.docx", making.docx(b"<w:p"), "no XML"),
        ("a.docx", making.docx(making.LAUGHS), "document type"),
        ("a.docx", making.docx(making.outside("/etc/passwd")), "document type"),
        ("a.docx", making.docx(making.LAUGHS.encode("utf-16")), "document type"),
        ("a.docx", making.zip_bomb(), "unpacks to over"),
        ("a.docx", making.many_parts(), "parts"),
        ("a.xlsx", making.docx(b"", xl__workbook=b""), "XML"),
        ("a.rtf", b"{\\rtf1 x}", "rich text"),
        ("a.txt", bytes(range(256)), "binary"),
        ("a.txt", b"", "empty"),
        ("a.txt", b"Nothing here that anybody could look at.", "no employer and no address"),
        ("a.json", b'{"basics": {"name": "Jane"}}', "no employer and no address"),
        ("a.json", b'{"case": "a", "claims": [{"role": "employer", "url": "acme.example"}]}', "a case file"),
        ("a.json", b"{", "not JSON"),
        ("a.json", b'{"basics": {}, "work": {}}', "work: not a list"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_clear_line(name: str, raw: bytes, words: str) -> None:
    started = time.process_time()
    reading = read(Path(name).suffix, raw)
    assert time.process_time() - started < 5
    assert reading.claims == ()
    assert words in reading.problem
    assert "\n" not in reading.problem
    assert reading.problem


def test_a_document_nested_without_end_is_read_as_far_as_it_goes() -> None:
    assert read(".docx", making.docx(making.deep())).problem


def test_of_a_long_document_the_first_pages_are_read_and_the_rest_is_named() -> None:
    # given 500 pages; when read; then it takes no longer than twenty, and says which were left out
    raw = making.long_pdf(500, "Experience", "Acme Soft LLC, 2015 - 2019", "https://acmesoft.example")
    reading = read(".pdf", raw)
    assert posts(reading) == [("Acme Soft LLC", "2015 to 2019")]
    assert any("pages 21 to 500 left out" in note for note in reading.notes)


def test_two_columns_are_read_one_after_the_other() -> None:
    # given a narrow column beside a wide one, line beside line; when read; then no line mixes the two
    rows = []
    left = ["Contact", "jane.example", "Skills", "Python", "Go", "Rust", "SQL", "Bash"]
    right = [
        "Experience",
        "Acme Soft LLC, Austin",
        "2015 - 2019",
        "Did one thing",
        "Blue Rivers GmbH, Berlin",
        "2012 - 2015",
    ]
    for at, line in enumerate(left):
        rows.append(f"BT /F 10 Tf 50 {780 - 14 * at} Td ({line}) Tj ET")
    for at, line in enumerate(right):
        rows.append(f"BT /F 10 Tf 220 {780 - 14 * at} Td ({line}) Tj ET")
    reading = read(".pdf", making.pdf(["\n".join(rows).encode()]))
    assert posts(reading) == [("Acme Soft LLC", "2015 to 2019"), ("Blue Rivers GmbH", "2012 to 2015")]
    assert urls(reading) == ["https://jane.example/"]


def test_a_column_of_posts_with_their_dates_is_no_column_of_dates() -> None:
    # given a side column, and beside it posts of which each has a line with its dates; when read; then they are apart
    side = ["Contact", "Madrid", "jane.example", "Languages", "English", "French", "Courses", "Scrum"]
    main = ["Experience", "2021 - present", "Engineer, Lumbre Energia S.A. (Madrid)", "2018 - 2020",
            "Developer, Grupo Encina of Castramonte", "2015 - 2018",
            "Developer, Regional Archive of Norte", "- more"]  # fmt: skip
    rows = [f"BT /F 10 Tf 50 {780 - 14 * at} Td ({line}) Tj ET" for at, line in enumerate(side)]
    rows += [f"BT /F 10 Tf 200 {784 - 14 * at} Td ({line}) Tj ET" for at, line in enumerate(main)]
    reading = read(".pdf", making.pdf(["\n".join(rows).encode()]))
    assert [name for name, _ in posts(reading)] == [
        "Lumbre Energia S.A.",
        "Grupo Encina of Castramonte",
        "Regional Archive of Norte",
    ]


def test_dates_below_one_another_in_a_narrow_column_are_one_period() -> None:
    reading = text(
        "Experience", "03/2016–\tEngineer, Saltmarsh Ltd., Norwich", "12/2018\tTime series of tides"
    )
    assert posts(reading) == [("Saltmarsh Ltd.", "2016-03 to 2018-12")]


def test_where_one_post_is_guessed_it_is_set_as_the_certain_ones() -> None:
    # given two posts with a title that is known and one without; when read; then the firm stands in the same place
    reading = text(
        "Experience", "2021 - present", "Engineer | Lindwurm Buses | Jena", "- a", "2017 - 2021",
        "Developer | Paper Ship | Weimar", "- b", "2016 - 2017", "Glassblower | Druckhaus Ilmtal | Ilmenau",
    )  # fmt: skip
    assert [name for name, _ in posts(reading)] == ["Lindwurm Buses", "Paper Ship", "Druckhaus Ilmtal"]
    assert reading.claims[-1].doubts


def test_a_name_above_posts_without_a_heading_is_no_employer() -> None:
    # given a résumé that has no headings; when read; then neither the name nor the home at its top is kept
    reading = text(
        "Ottoline Quill", "12 Rose Lane, Springfield", "+99 555 0100 22 | jane.example", "Acme Soft LLC, Austin",
        "Mar 2015 - Jun 2019",
    )  # fmt: skip
    assert posts(reading) == [("Acme Soft LLC", "2015-03 to 2019-06")]
    assert urls(reading) == ["https://jane.example/"]
    written = writing.case_text("a", "", reading, "")
    assert "Ottoline" not in written
    assert "Rose" not in written


def test_a_mail_address_over_two_lines_is_no_site() -> None:
    assert urls(text("Contact", "ottoline@quill-", "feather.example", "https://quill.example")) == [
        "https://quill.example/"
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["職歴", "平成25年4月 株式会社青鷺 入社", "平成30年3月 株式会社青鷺 退社", "2018年4月 有限会社北港 入社",
             "現在に至る"],
            [("株式会社青鷺", "2013-04 to 2018-03"), ("有限会社北港", "2018-04 to present")],
        ),
        (
            ["Experience", "Lead", "Acme Corp · Full-time", "Jan 2020 - Present · 4 yrs 5 mos",
             "Austin, Texas, United States"],
            [("Acme Corp", "2020-01 to present")],
        ),
        (
            ["Experience", "Freelance Developer 2010 – 2012", "Built sites for small shops.", "Lead Engineer",
             "Northwind Traders, Seattle", "January 2013 to March 2018"],
            [("Northwind Traders", "2013-01 to 2018-03")],
        ),
        (
            ["Expérience professionnelle", "Depuis 2019 : Ingénieur DevOps, Maison Claire, Nantes"],
            [("Maison Claire", "2019 to present")],
        ),
        (
            ["EXPERIENCE", "Tern Analytics   London, UK", "Data Engineer   May 2019 –", "Present", "- a"],
            [("Tern Analytics", "2019-05 to present")],
        ),
        (["Experience", "Acme Soft", "- 2015 was a good year", "- it grew by 2019"], []),
        # years without a post are no firm, and private
        (["Berufserfahrung", "2018 – 2020   Elternzeit", "2014 – 2018   Koch GmbH, Köln"],
         [("Koch GmbH", "2014 to 2018")]),
        (["EXPERIENCE", "Parental leave, 2018 - 2020", "Acme Inc., 2014 - 2018"], [("Acme Inc.", "2014 to 2018")]),
        # a period in the middle of a sentence is no post's
        (["Experience", "Engineer with nine years since 2014 in the trade", "Acme Inc.   2014 – 2018"],
         [("Acme Inc.", "2014 to 2018")]),
        # what stands for "present" in a language that is not known; a name after a dash is none
        (["Work experience", "Acme Ltd", "8/2020 – oñdive"], [("Acme Ltd", "2020-08 to present")]),
        # Turkish capitals
        (["İŞ DENEYİMLERİ", "Gülbahar A.Ş.", "Mart 2020 - Devam Ediyor",
          "EĞİTİM BİLGİLERİ", "Ege Üniversitesi", "2010 - 2015"],
         [("Gülbahar A.Ş", "2020-03 to present")]),
        # dates one below the other, beside the words of the post
        (["Experience", "2016   Designer", "–   Bureau Halfweg, Haarlem", "2021   Sites for museums."],
         [("Bureau Halfweg", "2016 to 2021")]),
        # a post as a sentence, and a heading that is not known but set as the others are
        (["EXPERIENCE:", "- Worked as Lead in Acme Infotech, Pune from June 2019 to till date.",
          "SKILLS:", "- Java", "PROJECTS DONE ABROAD:",
          "Duration   Jul 2019 – Till Date"], [("Acme Infotech", "2019-06 to present")]),
        # Chinese sets a space between two things, and none between words
        (["工作经历", "2020.04-至今 青岚网络科技有限公司 高级后端工程师", "负责订单系统。"],
         [("青岚网络科技有限公司", "2020-04 to present")]),
        # what a portal's copied text says of pictures
        (["Experience", "Havbugt Energi logo",
          "Cloud Engineer", "Havbugt Energi A/S · Full-time", "Apr 2017 - Dec 2020 · 3 yrs 9 mos"],
         [("Havbugt Energi A/S", "2017-04 to 2020-12")]),
        (["Experience", "2020-11 -   Senior Data Analyst", "present   Gosling Grocers Group, Exmouth",
          "2016-03 -   Analyst", "2020-10   Tamar Railway Company, Plymouth"],
         [("Gosling Grocers Group", "2020-11 to present"), ("Tamar Railway Company", "2016-03 to 2020-10")]),
        # a province is no legal form
        (["EMPLOYMENT HISTORY", "Field Engineer", "Chinook Grain Terminals, Lethbridge, AB", "May 2016 - August 2020"],
         [("Chinook Grain Terminals", "2016-05 to 2020-08")]),
        (["Berufserfahrung", "3 Jahre und 1 Monat, Sep. 2015 - Sep. 2018", "Testerin", "Almhütten-Buchung Samerberg"],
         [("Almhütten-Buchung Samerberg", "2015-09 to 2018-09")]),
        (["Mi experiencia", "Sextant Oy, Helsinki", "Engineer, 2016-02 .. 2019-05", "Mis estudios",
          "Universidad Baja   2009 – 2013"], [("Sextant Oy", "2016-02 to 2019-05")]),
        (["Work experience", "IT Auditor at Dunmore, Pell & Associates (Kansas City, MO)   Jul 2015 – Dec 2017",
          "Sea level, hourly, since 1911."], [("Dunmore, Pell & Associates", "2015-07 to 2017-12")]),
        (["Esperienza lavorativa", "Date (da – a)   maggio 2014 – dicembre 2018",
          "Nome e indirizzo del datore di lavoro   Consorzio Acque Chiare, Modena", "Tipo di impiego   Sistemista"],
         [("Consorzio Acque Chiare", "2014-05 to 2018-12")]),
    ],
)  # fmt: skip
def test_posts_are_found_however_they_are_set(lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert posts(text(*lines)) == expected


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_a_post_over_several_lines_of_one_item_is_read(ending: str) -> None:
    page = (
        "<h2>Experiência Profissional</h2><ul><li>Laticínios Serra Azul<br>Programador"
        "<br>Período: 05/2021 até o momento<br>Atividades: pedidos.</li><li>Escola Rota 77<br>Programador"
        "<br>Período: 02/2018 a 04/2021</li></ul>"
    )
    assert posts(read(ending, page.encode())) == [
        ("Laticínios Serra Azul", "2021-05 to present"), ("Escola Rota 77", "2018-02 to 2021-04"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("2016-02-15", "2016-02-15"),
        ("2020-10", "2020-10"),
        ("2008-12", "2008 to 2012"),
        ("1998-02", "1998 to 2002"),
    ],
)
def test_months_as_iso_writes_them_are_no_ranges_of_years(line: str, period: str) -> None:
    found = [span.period for span in dates.find(line)]
    assert [str(one) if dates.is_range(dates.Span(0, 1, one)) else str(one.starts) for one in found] == [
        period
    ]


def test_a_firm_that_only_its_place_on_the_page_names_is_marked() -> None:
    # given two posts, one with a post known as such beside the firm; when they are read; then the other alone is marked
    reading = text(
        "Experience", "Fathom Tides, Kelp herder, 2019 – 2021", "Greyling Post, Engineer, 2015 – 2019"
    )
    assert [bool(one.doubts) for one in reading.claims] == [True, False]
