"""Layouts of résumés: what a whole section says about each of its posts, and where headings and dates stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.resumes.themes.making import HERE as THEMES
from benchmarks.resumes.themes.making import half_of, people
from benchmarks.resumes.themes.truth import Shown, Unclear, truth
from scanner.intake.resume import dates, drawn
from scanner.intake.resume.reading import read
from scanner.intake.resume.record import Reading
from scanner.intake.resume.sheet import Line, Sheet
from scanner.model import Role


def html(body: str) -> Reading:
    return read(".html", f"<!DOCTYPE html><html><body>{body}</body></html>".encode())


def sheet(*lines: Line) -> Reading:
    return drawn.draw(Sheet(list(lines)))


def posts(reading: Reading) -> list[tuple[str, str]]:
    return [
        (one.claim.organisation, str(one.claim.period))
        for one in reading.claims
        if one.claim.role is Role.EMPLOYER
    ]


def post(title: str, firm: str, years: str, duty: str) -> str:
    return f"<h4>{title}</h4><p>{firm}</p><p>{years}</p><p>{duty}</p>"


# ------------------------------------------------------------------------- a section says what each post says


def test_a_firm_whose_name_holds_the_word_of_a_title_is_known_by_its_place() -> None:
    # given firms below titles, one of them named like a title; when they are read; then it is a firm as the others are
    found = html(
        "<h2>Experience</h2>"
        + post("Backend Developer", "The Tulip Exchange", "Jun 2016 – Jul 2018", "Auctions in real time.")
        + post(
            "Software Developer", "Dyke &amp; Polder Engineering", "Jan 2014 – May 2016", "Pumping stations."
        )
        + post("Intern", "Fietsenfabriek De Ketting", "Mar 2011 – Sep 2011", "Stock lists.")
    )
    assert posts(found) == [
        ("The Tulip Exchange", "2016-06 to 2018-07"),
        ("Dyke & Polder Engineering", "2014-01 to 2016-05"),
        ("Fietsenfabriek De Ketting", "2011-03 to 2011-09"),
    ]


def test_what_a_firm_does_is_not_its_name() -> None:
    # given posts with the firm beside the title, and a line below that says what the firm does
    def one(line: str, years: str, what: str) -> str:
        return f"<p>{line} <span>{years}</span></p><p><i>{what}</i></p><ul><li>Looked after three interns</li></ul>"

    found = html(
        "<h2>Work</h2>"
        + one(
            "Security Engineer, Willamette Cloud", "Oct 2020 – Dec 2023", "Backup for local governments here"
        )
        + one(
            "Security Analyst, Tri-Rivers Union", "Apr 2018 – Sep 2020", "Regional savings with many branches"
        )
        + one(
            "Developer, Pinegrove Learning", "Aug 2014 – Mar 2018", "Reading software for elementary schools"
        )
    )
    # when they are read, then the names are the firms'
    assert [name for name, _ in posts(found)] == [
        "Willamette Cloud",
        "Tri-Rivers Union",
        "Pinegrove Learning",
    ]


def test_a_comma_belongs_to_a_name_where_the_same_place_has_none_elsewhere() -> None:
    # given firms on lines of their own, one with a comma; when they are read; then its name is whole, and marked
    rows = (
        ("Director, Data Platform", "Northern Lights", "Sep 2021 – Present"),
        ("Engineering Manager", "Copper, Vine", "Jul 2018 – Aug 2021"),
        ("Software Engineer", "Kaveri", "Aug 2009 – Mar 2014"),
        ("Clerk", "Blue Door", "Aug 2005 – Mar 2009"),
    )
    body = "".join(f"<p><span>{a}</span><span>{c}</span></p><p>{b}</p>" for a, b, c in rows)
    found = html(f"<h2>Work</h2>{body}")
    assert [name for name, _ in posts(found)] == [row[1] for row in rows]
    assert found.claims[1].doubts


def test_running_text_above_the_dates_is_no_firm_where_type_tells_them_apart() -> None:
    # given firms in bold, their sites below, duties as plain lines above the next one; then the firms are found
    rows = [Line("Work experience", heading=True, gap=True), Line("14 years", style="plain")]
    for firm, years, duty in (
        ("Wickerwork", "May 2022 – Present", "Payment in eleven currencies"),
        ("Achterberg Web", "August 2018 – April 2022", "Fourteen shops for growers"),
        ("Tulip Exchange", "June 2016 – July 2018", "Auction clock in WebSockets"),
    ):
        site = f"https://{firm.lower().replace(' ', '')}.example"
        rows += [
            Line(firm, style="bold", gap=True),
            Line(site, style="plain"),
            Line(years, style="plain"),
            Line("Lead Developer", style="bold"),
            Line(duty, style="plain", gap=True),
        ]
    assert [name for name, _ in posts(sheet(*rows))] == ["Wickerwork", "Achterberg Web", "Tulip Exchange"]


def test_posts_that_are_items_of_a_list_are_read_as_posts() -> None:
    # given a page whose lists hold whole posts, and one whose lists hold firm and dates; when read; then both are posts
    whole = html(
        "<h2>Work</h2><ul><li><div>Analyst, Olivar Hondo</div><div>Mar 2017 – Sep 2020</div>"
        "<ul><li>Closed the books by itself</li></ul></li></ul>"
    )
    assert posts(whole) == [("Olivar Hondo", "2017-03 to 2020-09")]
    head = html(
        "<h2>Work</h2><h3>Systems Administrator</h3><ul><li>Oakhollow Insurance</li><li>Jan 2013 – Aug 2016</li></ul>"
        "<p>Looked after machines.</p>"
    )
    assert posts(head) == [("Oakhollow Insurance", "2013-01 to 2016-08")]


def test_a_label_names_the_employer_wherever_it_stands_in_the_post() -> None:
    # given rows with labels, the employer's last, below long duties; when they are read; then each post has its own
    rows = (("Apr 2021 – Present", "Saltmarsh Analytics"), ("Feb 2018 – Mar 2021", "Hollowbrook"))
    duties = "<p>Moved forty jobs to streaming and cut the delay of reports.</p><p>Reviews designs.</p>"
    body = "".join(
        f"<p>Dates: {years}</p><p>Occupation or position held: Engineer</p>{duties}<p>Name of employer: {firm}</p>"
        for years, firm in rows
    )
    assert [name for name, _ in posts(html(f"<h2>Work experience</h2>{body}"))] == [firm for _, firm in rows]


# ------------------------------------------------------------------------------------ dates in their columns


def test_dates_broken_over_the_lines_of_a_column_are_one_period() -> None:
    # given dates in a narrow column, at the left by a change of type, at the right by a tab; then each is one period
    left = sheet(
        Line("Experience", heading=True, gap=True),
        Line("September Engineering Manager", turns=(10,)),
        Line("2021 - Northern Lights Ltd", turns=(7,)),
        Line("present Four teams and their roadmap."),
    )
    assert posts(left) == [("Northern Lights Ltd", "2021-09 to present")]
    right = sheet(
        Line("Experience", heading=True, gap=True),
        Line("Saltmarsh Analytics Ltd\tLeeds, UK"),
        Line("Data Engineer\tFeb 2018 –"),
        Line("Mar 2021"),
        Line("Moved forty jobs to streaming.", bullet=True),
    )
    assert posts(right) == [("Saltmarsh Analytics Ltd", "2018-02 to 2021-03")]


def test_an_end_above_its_start_is_one_period() -> None:
    # given a line drawn through the years, the later date on top; when it is read; then both make one period
    found = sheet(
        Line("Berufserfahrung", heading=True, gap=True),
        Line("2019-04-26 Torfbrand & Söhne KG", turns=(11,)),
        Line("2014-10-20"),
        Line("Datenbankadministratorin"),
    )
    assert posts(found) == [("Torfbrand & Söhne KG", "2014-10-20 to 2019-04-26")]


def test_a_post_of_one_month_or_one_year_is_a_post() -> None:
    # given a period whose sides are the same, and a year alone where periods stand; then both are posts
    found = html(
        "<h2>Work</h2>"
        + post("Designer", "Pinwheel", "2019 – 2021", "Owned the checkout.")
        + post("Illustrator", "Copper Kettle", "Jan 2016 – Jan 2016", "Posters.")
        + post("Illustrator", "Harbor Vine", "2014", "Labels.")
        + post("Assistant", "Blue Door", "2010 – 2013", "Orders.")
    )
    assert posts(found)[1:3] == [("Copper Kettle", "2016-01 to 2016-01"), ("Harbor Vine", "2014 to 2014")]


def test_two_times_side_by_side_are_a_period() -> None:
    # given a page that marks start and end as times and leaves the dash to its style sheet; then they are one period
    found = html(
        "<h2>Work</h2><p><b>Programmer</b> <span><time>August 2018</time><time>April 2022</time></span></p>"
        "<p>Achterberg Web Ltd</p>"
    )
    assert posts(found) == [("Achterberg Web Ltd", "2018-08 to 2022-04")]


# -------------------------------------------------------------------------------------------------- headings


def test_a_heading_beside_the_first_line_of_its_part_is_one() -> None:
    # given headings in a margin, told apart by type alone; when they are read; then volunteering is no employment
    found = sheet(
        Line("WORK Torfbrand KG | Administratorin\t2014 — 2019", gap=True, turns=(5, 18)),
        Line("VOLUNTEERING Treasurer | Riverbank Club\t2016 — 2018", gap=True, turns=(13,)),
    )
    assert posts(found) == [("Torfbrand KG", "2014 to 2019")]


def test_a_heading_may_say_how_many_entries_follow() -> None:
    # given "Volunteer (1)" after the posts; when they are read; then what stands below it is no employment
    found = html(
        "<h2>Work (1)</h2><p>Clerk</p><p>Montalbán Ltd</p><p>2014 – 2017</p>"
        "<h2>Volunteer(1)</h2><p>Coordinator</p><p>Food Bank Ltd</p><p>2015 – 2016</p>"
    )
    assert posts(found) == [("Montalbán Ltd", "2014 to 2017")]


def test_posts_below_no_heading_are_found_and_marked_where_the_heading_stands_elsewhere() -> None:
    # given a heading of posts with nothing below it, as columns leave it; then posts are found elsewhere, and marked
    found = html(
        "<h2>Work</h2><h2>Skills</h2><p>Lead Developer, Brume Ltd</p><p>2022 – present</p>"
        "<p>Developer, Ponant Ltd</p><p>2018 – 2021</p>"
    )
    assert [name for name, _ in posts(found)] == ["Brume Ltd", "Ponant Ltd"]
    assert all(one.doubts for one in found.claims)


# ------------------------------------------------------------------------------------------ words around names


def test_words_and_pictures_before_a_name_are_no_part_of_it() -> None:
    # given "at" before a firm, an icon's name from a typeface, and the host that a link shows; then names alone
    rows = (
        '<p>Engineer</p><p>at Larkspur Freight • <a href="https://larkspur.example">larkspur.example</a></p>'
        "<p>2020 – 2021</p>",
        "<p>Clerk</p><p>work_outline Meridian Tide</p><p>2016 – 2019</p>",
    )
    found = html(f"<h2>Work</h2>{''.join(rows)}")
    assert [name for name, _ in posts(found)] == ["Larkspur Freight", "Meridian Tide"]


def test_a_name_broken_within_a_head_is_whole_again() -> None:
    # given a name that goes on on the next line; when it is read; then it is one name
    found = html(
        "<h2>Work</h2><p>Researcher, Holm Institute of<br>Oceanography</p><p>2016 – 2019</p><p>Acoustic surveys.</p>"
    )
    assert posts(found) == [("Holm Institute of Oceanography", "2016 to 2019")]


def test_what_reads_like_part_of_a_sentence_is_marked() -> None:
    # given a duty right behind the dates, and the post above; when it is read for a firm; then a person is told to look
    found = html("<h2>Work</h2><p>Engineer</p><p>2016 – 2019, contact with press and partners</p>")
    assert [one.claim.organisation for one in found.claims] == ["contact with press and partners"]
    assert "part of a sentence" in " ".join(found.claims[0].doubts)


def test_a_name_whose_spaces_were_lost_is_marked() -> None:
    # given words that a document sets too close to tell apart; when they are read; then a person is told to look
    found = html("<h2>Work</h2><p>Engineer</p><p>atNorthernLights</p><p>2016 – 2019</p>")
    assert "part of a sentence" in " ".join(found.claims[0].doubts)


def test_two_addresses_without_a_space_between_them_are_two() -> None:
    # given links set so close that their text runs together; when it is read; then both are found
    found = read(".txt", b"https://github.com/tachterhttps://stackoverflow.com/users/99999901/tachter\n")
    assert [one.claim.url for one in found.claims] == [
        "https://github.com/tachter",
        "https://stackoverflow.com/users/99999901/tachter",
    ]


def test_nothing_of_a_document_stays_with_the_process_that_read_it() -> None:
    # given a document that was read; when it is done, well or not; then none of its lines is remembered
    html("<h2>Work</h2><p>Engineer</p><p>Acme Ltd</p><p>2016 – 2019</p>")
    assert dates._found.cache_info().currsize == 0
    read(".txt", b"\x00\x01 2016 - 2019")
    assert dates._found.cache_info().currsize == 0


# ------------------------------------------------------------------------- the truth of the documents of themes


def test_a_theme_that_shows_years_has_years_as_truth() -> None:
    # given a page with years, one with months; when truth is taken from them; then each is as precise as its text
    person = {"work": [{"name": "Acme", "startDate": "2015-03-16", "endDate": "2019-06-20"}]}
    assert truth(person, Shown("Acme 2015 – 2019", ()))["employers"] == [["Acme", "2015", "2019"]]
    assert truth(person, Shown("Acme Mar 2015 to June 2019", ()))["employers"] == [
        ["Acme", "2015-03", "2019-06"]
    ]


@pytest.mark.parametrize("text", ["2015 – 2019", "Acme", "Acme Invalid date 2015 – 2019"])
def test_a_document_that_does_not_tell_is_left_out(text: str) -> None:
    person = {"work": [{"name": "Acme", "startDate": "2015-03", "endDate": "2019-06"}]}
    with pytest.raises(Unclear):
        truth(person, Shown(text, ()))


def test_addresses_are_those_that_the_document_leads_to_or_shows() -> None:
    # given a link, an address as text, and one that is not there; then the first two are its truth
    person = {
        "work": [],
        "urls": ["https://a.example/", "https://b.example/x", "https://c.example"],
        "mail": "i@c.example",
    }
    shown = Shown("write to i@c.example, see b.example/x", ("https://a.example/",))
    assert truth(person, shown)["urls"] == ["https://a.example/", "https://b.example/x"]


def test_every_theme_belongs_to_one_half_and_both_have_some() -> None:
    names = [line.split()[0] for line in (THEMES / "themes.txt").read_text("utf-8").splitlines()[1:]]
    assert {half_of(name) for name in names} == {"dev", "held"}
    assert len(names) == len(set(names)) >= 60
    assert all(person["work"] for person in people())
    assert Path(THEMES / "render.js").exists()
