"""Whom a page names as running the firm: slots in its data, and lines that are a role and a name; nobody else."""

from __future__ import annotations

import time

import pytest

from scanner.observe.page import document, officers


def named(body: str, data: str = "") -> list[str]:
    head = f'<script type="application/ld+json">{data}</script>' if data else ""
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    page = document.read("https://acme-soft.example/", 200, [("content-type", "text/html")], html)
    return [row.value for row in officers.officers(page)]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("CEO: Orrin Velmarsh", "ceo: Orrin Velmarsh"),
        ("Orrin Velmarsh, Founder & CEO", "founder & ceo: Orrin Velmarsh"),
        ("Managing Director – Orrin J. Velmarsh", "managing director: Orrin J. Velmarsh"),
        ("Geschäftsführerin: Almut Rhede", "geschäftsführerin: Almut Rhede"),
        ("Генеральный директор: Иван Примеров", "генеральный директор: Иван Примеров"),
        ("Owner: Jean-Luc O'Brien", "owner: Jean-Luc O'Brien"),
    ],
)
def test_a_line_that_is_a_role_and_a_name(line: str, value: str) -> None:
    assert named(f"<p>{line}</p>") == [value]


@pytest.mark.parametrize(
    "line",
    [
        "Orrin Velmarsh, happy customer",
        "Our CEO Orrin Velmarsh wrote a book about tides and the people who live by them.",
        "CEO: apply now",
        "CEO: vacant",
        "Director: Orrin",
        "“Great work!” – Orrin Velmarsh, CEO of Harbour Ltd",  # a review names another firm's
        "Senior Developer: Orrin Velmarsh",
        "Candidate: Orrin Velmarsh",
    ],
)
def test_anybody_else_is_not_named_as_an_officer(line: str) -> None:
    assert named(f"<p>{line}</p>") == []


def test_founders_and_officers_of_the_pages_own_data() -> None:
    data = (
        '{"@type": "Organization", "name": "Acme", "founder": {"@type": "Person", "name": "Orrin Velmarsh"},'
        ' "employee": [{"@type": "Person", "name": "Almut Rhede", "jobTitle": "CTO"},'
        ' {"@type": "Person", "name": "Jan Writer", "jobTitle": "Editor"}]}'
    )
    assert named("<p>Acme</p>", data) == ["founder: Orrin Velmarsh", "cto: Almut Rhede"]


@pytest.mark.parametrize(
    "data",
    [
        '{"@type": "X", "founder": 5}',
        '{"@type": "X", "founder": [[[]]]}',
        '{"@type": "X", "employee": {"name": 1}}',
    ],
)
def test_odd_data_names_nobody(data: str) -> None:
    assert named("<p>Acme</p>", data) == []


def test_a_page_of_nothing_but_roles_is_read_in_no_time() -> None:
    lines = "".join(f"<p>Director {'and Director ' * 5}: {'A ' * 20}{n}</p>" for n in range(5000))
    start = time.process_time()
    assert len(named(lines)) <= officers.MOST
    assert time.process_time() - start < 2
