"""What counts as a claim of age, and what does not."""

from __future__ import annotations

import pytest

from scanner.model import Bound, Observation
from scanner.observe.page import document, history, linked


def claims(html: str, url: str = "https://acmesoft.example/") -> list[Observation]:
    page = document.read(url, 200, [], html)
    page.year = 2024
    return history.history(page, linked.organisations(page))


def one(html: str, url: str = "https://acmesoft.example/") -> tuple[str, str]:
    found = claims(html, url)
    assert len(found) == 1, found
    return found[0].name, str(found[0].starts)


@pytest.mark.parametrize(
    ("html", "name", "date"),
    [
        ("<p>We have been serving clients since 2009.", "since", "2009"),
        ("<footer>Since 2009</footer>", "since", "2009"),
        ("<p>AcmeSoft has been around since 2011", "since", "2011"),
        ("<p>Serving clients since 2012, our company has grown from a two-desk office", "since", "2012"),
        ("<p>Wir sind seit 1998 für Sie da", "since", "1998"),
        ("<p>Notre entreprise existe depuis 1987", "since", "1987"),
        ("<p>Nuestra empresa trabaja desde 2004", "since", "2004"),
        ("<p>Desde 2005 somos uma empresa de software", "since", "2005"),
        ("<p>La nostra azienda lavora dal 1990", "since", "1990"),
        ("<p>Ons bedrijf bestaat sinds 2001", "since", "2001"),
        ("<p>Działamy na rynku od 2004 roku", "since", "2004"),
        ("<p>Мы работаем с 2003 года", "since", "2003"),
        ("<p>我们自2010年以来为客户服务", "since", "2010"),
        ("<p>当社は2008年からサービスを提供しています", "since", "2008"),
        ("<p>우리 회사는 2012년부터 서비스를 제공합니다", "since", "2012"),
        ("<p>Founded in March 2012, our agency builds apps", "founded", "2012-03"),
        ("<table><tr><td>Founded</td><td>2009</td></tr></table>", "founded", "2009"),
        ("<p>Est. 2010", "founded", "2010"),
        ("<p>AcmeSoft was founded in 2012 by two people who wanted to work with their users", "founded", "2012"),
        ("<p>Unser Unternehmen wurde 1995 gegründet", "founded", "1995"),
        ("<p>Notre société, fondée en 2003", "founded", "2003"),
        ("<p>Nuestra empresa fue fundada en 1999", "founded", "1999"),
        ("<p>Nossa empresa foi fundada em 1999", "founded", "1999"),
        ("<p>La nostra azienda è nata nel 1987", "founded", "1987"),
        ("<p>Wij zijn opgericht in 2001", "founded", "2001"),
        ("<p>Nasza firma została założona w 2006", "founded", "2006"),
        ("<p>Компания основана в 2007 году", "founded", "2007"),
        ("<p>公司成立于2008年", "founded", "2008"),
        ("<p>会社設立 2005年4月", "founded", "2005"),
        ("<p>2010년 설립된 우리 회사", "founded", "2010"),
        ("<p>With over 20 years of experience, we deliver", "years_in_business", "2004"),
        ("<div>15+</div><div>Years of experience</div>", "years_in_business", "2009"),
        ("<p>Our company has been in business for 12 years", "years_in_business", "2012"),
    ],
)  # fmt: skip
def test_a_firm_that_speaks_of_its_age_is_heard(html: str, name: str, date: str) -> None:
    assert one(html) == (name, date)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Since 2009, Python has supported metaclasses. We like it.",
        "<p>Software engineer at Foo since 2015",
        "<p>I have 10 years of experience in web development",
        "<p>Google, founded in 1998, is big",
        "<p>Our team has over 50 years of combined experience",
        "<p>We have been working with Initech since 2014 and are happy",
        "<p>Candidates need at least 5 years of experience in our business",
        "<p>Office hours 2009, room 2010, since then we moved",
        "<p>We were founded in 2031",
        "<p>Version 2.0 was released since 2012 by us",
        "<p>We sold 2009 units since our launch",
        "<p>Our sales have grown since 2012",
        "<p>We are a certified partner of Initech since 2016",
        "<p>Wir arbeiten seit 2009 mit Initech und haben es keinen Tag bereut.",
        "<p>Unsere Firma ist seit 2011 Mitglied der Handwerkskammer.",
        "<p>Nous travaillons depuis 2009 avec Initech.",
        "<p>Notre agence est certifiée depuis 2012.",
        "<p>Nosotros trabajamos desde 2010 con Initech.",
        "<p>Noi lavoriamo dal 2009 con Initech.",
        "<p>Wij werken sinds 2010 samen met Initech.",
        "<p>Мы сотрудничаем с 2010 года.",
        "<p>我们自2012年起是协会会员。",
    ],
)
def test_a_year_that_is_not_the_age_of_the_firm_is_no_claim(html: str) -> None:
    assert claims(html) == []


def test_a_portfolio_does_not_speak_for_a_firm() -> None:
    # given a person's page, in which an employer's age and the person's own years stand
    html = "<h1>I'm a developer</h1><p>My work. I build. Since 2009. Acme Corp, our company, founded in 2001.</p>"
    assert claims(html) == []


def test_an_article_tells_of_others() -> None:
    html = "<p>We spoke with the company, which was founded in 1998 and has served us since 2001."
    assert claims(html, "https://acmesoft.example/blog/interview") == []


def test_years_in_business_are_counted_back_from_the_fetch() -> None:
    found = claims("<p>We bring 10 years of experience")
    assert found[0].bound is Bound.NOT_AFTER
    assert str(found[0].starts) == "2014"


@pytest.mark.parametrize(
    ("notice", "first", "last"),
    [
        ("© 2012-2024 Acme Soft LLC", "2012", "2024"),
        ("Copyright 2019 Acme", "2019", "2019"),
        ("(c) Acme Soft 2008 – 2011. All rights reserved", "2008", "2011"),
        ("© 2015–present Acme", "2015", "2024"),
        ("2016 © Acme", "2016", "2016"),
    ],
)
def test_a_copyright_notice_gives_its_first_and_last_year(notice: str, first: str, last: str) -> None:
    found = claims(f"<p>Hello</p><footer>{notice}</footer>")
    assert [(entry.name, str(entry.starts), str(entry.ends)) for entry in found] == [
        ("copyright", first, last)
    ]


@pytest.mark.parametrize(
    "notice", ["Copyright © Your Website 2023", "© Start Bootstrap 2020", "© Acme", "© 2050 Acme"]
)
def test_a_theme_s_notice_or_one_without_a_real_year_is_none(notice: str) -> None:
    assert claims(f"<footer>{notice}</footer>") == []


def test_the_page_s_own_data_may_state_the_founding_date() -> None:
    data = '<script type="application/ld+json">{"@type":"Organization","name":"Acme","foundingDate":"2011-05"}</script>'
    assert one(data) == ("founded", "2011-05")


def test_the_statement_is_kept_in_its_own_words_and_short() -> None:
    long = (
        "<p>"
        + "As a family owned company with many happy people " * 6
        + "we serve since 2009 "
        + "and so on " * 40
    )
    found = claims(long)
    assert len(found) == 1
    assert "since 2009" in found[0].value
    assert len(found[0].value) <= 160
