"""Words by their places on a page: which of them a reader takes together."""

from __future__ import annotations

from scanner.intake.resume.columns import reading_order
from scanner.intake.resume.letters import Letter, as_seen, is_tex, letter_of
from scanner.intake.resume.margins import dates_joined
from scanner.intake.resume.word import Word, words_of
from scanner.intake.resume.wrapped import unbroken


def _row(y: float, *cells: tuple[float, str], style: str = "f 10") -> list[Word]:
    """Words of one level, 5 points a letter, a space of 3."""
    words = []
    for left, text in cells:
        for part in text.split():
            words.append(Word(part, left, y, left + 5 * len(part), y + 8, style=style))
            left += 5 * len(part) + 3
    return words


def _read(*rows: list[Word], borders: tuple[tuple[float, float, float], ...] = ()) -> list[str]:
    lines = reading_order([word for row in rows for word in row], borders)
    return ["".join(space + word.text for space, word in line) for line in lines]


def _letter(
    char: str, left: float, right: float, *, bottom: float = 0, top: float = 7, style: str = "CMR 10"
) -> Letter:
    box = (left, bottom, right, top)
    return Letter(char, box, box, 10, style)


def test_an_accent_set_over_a_letter_is_part_of_it() -> None:
    # given TeX's "é": an accent in front of the letter, above it; then a quotation mark beside one
    letters = [
        _letter("´", 12, 14, bottom=6, top=9),
        _letter("e", 10, 15),
        None,
        _letter("`", 20, 22, bottom=6, top=9),
        _letter("J", 23, 28),
    ]
    # when they are read, then the first is one letter and the second stays
    assert [one and one.char for one in as_seen(letters)] == ["é", None, "`", "J"]


def test_the_name_of_an_icon_is_no_word() -> None:
    # given an icon whose letters all have its box, a ligature, and a sign of an icon typeface
    icon = [_letter(char, 0, 9) for char in "phone"]
    ligature = [_letter(char, 10, 16) for char in "ffi"]
    sign = _letter("B", 20, 28, style="MarVoSym 10")
    # when they are read, then the ligature stays
    assert "".join(one.char for one in as_seen([*icon, *ligature, sign]) if one) == "ffi"


def test_one_type_writes_its_spaces_and_the_other_moves_on() -> None:
    # given a page whose text has its spaces written and its letters set wide, and headings that leave white instead
    def told(text: str, style: str, white: float, *, written: bool) -> list[Letter | None]:
        letters: list[Letter | None] = []
        left = 0.0
        for char in text:
            if char != " ":
                letters.append(_letter(char, left, left + 5, style=style))
            elif written:
                letters.append(None)
            left += 5 + white if char != " " else 2.5
        return letters

    body = told("set wide as some are", "body 10", 2.0, written=True)
    heading = told("Senior Data Engineer", "bold 10", 0.0, written=False)
    # when they are put together, then both have their words
    assert [word.text for word in words_of(body)] == ["set", "wide", "as", "some", "are"]
    assert [word.text for word in words_of([*body, None, *heading])][5:] == ["Senior", "Data", "Engineer"]


def test_letters_of_tex_without_names() -> None:
    # given codes as a Polish text in TeX's T1 typefaces has them, and those of ordinary text
    polish = [ord(char) for char in "zespo"] + [0xAA, ord("e"), ord("m")]
    plain = [ord(char) for char in "5 °C · é"]
    # then the first are known by a sign within a word, and read by that encoding
    assert is_tex(polish)
    assert not is_tex(plain)
    assert "".join(letter_of(code, tex=True) for code in polish) == "zespołem"
    assert letter_of(0xB0, tex=False) == "°"


def test_a_period_broken_over_a_narrow_cell_stands_on_one_line() -> None:
    # given dates in a column at the left, over two lines and with a hyphen, each beside other words
    rows = [
        _row(700, (50, "2019 – Actuali-"), (150, "Rehabita Noroeste")),
        _row(688, (50, "dad"), (150, "Jefa de obra")),
        _row(660, (50, "2011 – 2014"), (150, "Concello de Vilanoura")),
    ]
    # when they are put together, then only what makes a whole period moves
    texts = [" ".join(word.text for word in row) for row in dates_joined(rows)]
    assert texts == [
        "2019 – Actualidad Rehabita Noroeste",
        "Jefa de obra",
        "2011 – 2014 Concello de Vilanoura",
    ]


def test_a_period_broken_at_the_right_stands_on_one_line() -> None:
    rows = [
        _row(700, (50, "Junior Analyst"), (400, "Sep 2016 –")),
        _row(688, (50, "Weekly reports"), (400, "Jan 2018")),
    ]
    texts = [" ".join(word.text for word in row) for row in dates_joined(rows)]
    assert texts == ["Junior Analyst Sep 2016 – Jan 2018", "Weekly reports"]


def test_a_name_broken_at_the_end_of_a_line_is_whole() -> None:
    # given a firm's name that had no room, and below it a line that begins something else
    rows = [
        _row(700, (50, "Responsable - Communauté de")),
        _row(688, (50, "communes du Pays de Lann")),
        _row(676, (50, "septembre 2020 – mai 2022")),
    ]
    texts = [" ".join(word.text for word in row) for row in unbroken(rows)]
    # then the name is on one line, and the dates are not drawn into it
    assert texts == ["Responsable - Communauté de communes du Pays de Lann", "septembre 2020 – mai 2022"]


def test_lines_that_end_where_their_author_ended_them_stay() -> None:
    rows = [_row(700, (50, "BSc Statistics")), _row(688, (50, "University of Ashcombe"))]
    assert unbroken(rows) == rows


def test_labels_of_each_post_stay_beside_what_they_name() -> None:
    # given a form: the same labels at the left of every post
    rows = []
    for post, y in enumerate((700, 600, 500)):
        rows += [
            _row(y, (50, "Dates"), (200, f"0{post + 1}/2016 – 03/2018")),
            _row(y - 14, (50, "Occupation"), (200, "Analyst of many things and of others")),
            _row(y - 28, (50, "Employer"), (200, f"Saltmarsh {post} Limited of Northshore")),
        ]
    # when the page is read, then it is read across
    assert _read(*rows)[:3] == [
        "Dates\t01/2016 – 03/2018",
        "Occupation\tAnalyst of many things and of others",
        "Employer\tSaltmarsh 0 Limited of Northshore",
    ]


def test_dates_level_with_their_posts_are_no_column() -> None:
    # given items set in two columns below each post, whose dates stand far right on the post's own line
    rows = []
    for post, y in enumerate((700, 600, 500)):
        rows += [
            _row(y, (50, f"Engineer {post} at Larkspur Ltd"), (420, f"Mar 201{post} – May 201{post + 2}")),
            _row(y - 30, (50, "Cut the nightly batch by half"), (260, "Moved all services elsewhere")),
            _row(y - 42, (50, "Wrote the plan for the worst"), (260, "Trained four colleagues then")),
        ]
    # when the page is read, then each post has its dates
    assert _read(*rows)[0] == "Engineer 0 at Larkspur Ltd\tMar 2010 – May 2012"


def test_a_rule_drawn_between_columns_parts_them() -> None:
    # given a sidebar whose words come near to the other column, and a line between both
    rows = [
        _row(700 - 14 * at, (50, f"Skill number {at} known"), (151, f"Line {at} of what was done there"))
        for at in range(8)
    ]
    # when it is read with the rule, then one column comes after the other
    lines = _read(*rows, borders=((147.5, 500.0, 780.0),))
    assert lines[:2] == ["Skill number 0 known", "Skill number 1 known"]


def test_a_centred_head_is_no_column() -> None:
    # given a name, a title and a sentence, each in the middle of the page, above posts with dates at the right
    def middle(y: float, text: str) -> list[Word]:
        width = sum(5 * len(word) + 3 for word in text.split()) - 3
        return _row(y, (300 - width / 2, text))

    rows = [
        middle(780, "Ximena Robledo"),
        middle(766, "Analista de datos"),
        middle(752, "Datos de venta y clientes para comercio y turismo y otros"),
        *(_row(720 - 12 * at, (60, f"Post {at} of the seven")) for at in range(7)),
    ]
    assert _read(*rows)[0] == "Ximena Robledo"


def test_a_heading_in_the_margin_stands_apart_from_its_first_line() -> None:
    rows = [_row(700, (50, "Work"), (78, "Senior Engineer of Platforms")), _row(686, (78, "Larkspur Ltd"))]
    assert _read(*rows)[0] == "Work\tSenior Engineer of Platforms"
