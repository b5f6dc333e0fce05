"""Whether a page is the site's own content: hand-made pages for each rule, and floors on real ones."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from scanner.observe.page import document, seeds, state


def read(html: str, status: int = 200, headers: list[tuple[str, str]] | None = None) -> document.Document:
    return document.read("https://acmesoft.example/", status, headers or [], html)


def said(html: str, status: int = 200, headers: list[tuple[str, str]] | None = None) -> str:
    return state.state_of(read(html, status, headers))[0]


WORDS = (
    "<p>"
    + "We build web shops and mobile apps for small firms in the north, with care and on time. " * 8
    + "</p>"
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>", "default"),
        ("<h1>It works!</h1>", "default"),
        ("<title>IIS Windows Server</title><img src=iisstart.png>", "default"),
        ("<p>This domain is for sale. Make an offer.", "for-sale"),
        ("<p>Diese Domain steht zum Verkauf", "for-sale"),
        ("<p>Этот домен продаётся", "for-sale"),
        ("<p>This Web page is parked FREE, courtesy of a registrar", "parked"),
        ("<html data-adblockkey='abc'><div id=target></div>", "parked"),
        ('<script>window.onload=function(){window.location.href="/lander"}</script>', "parked"),
        ("<title>Coming Soon</title><h1>Acme</h1>", "coming-soon"),
        ("<h1>Hier entsteht eine neue Webseite</h1>", "coming-soon"),
        ("<h1>网站建设中</h1>", "coming-soon"),
        ("<p>Briefly unavailable for scheduled maintenance. Check back in a minute.", "maintenance"),
        (
            "<h1>Account Suspended</h1><p>This Account has been suspended. Contact your hosting provider",
            "suspended",
        ),
        ("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", "challenge"),
        ("<div id=root></div><script src=/static/js/main.js></script>", "empty-app"),
        (
            "<noscript>You need to enable JavaScript to run this app.</noscript><script src=a.js></script>",
            "empty-app",
        ),
        ("", "empty"),
        ("<p>There isn't a GitHub Pages site here.", "default"),
        ("<title>Seite nicht gefunden</title><h1>Seite nicht gefunden</h1>", "error"),
        (WORDS, "content"),
        ("<h1>Jane Doe</h1><p>Short, but mine", "content"),
    ],
)
def test_a_page_that_looks_like_it_gets_its_state(html: str, expected: str) -> None:
    assert said(html) == expected


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (404, [], "error"),
        (410, [], "error"),
        (500, [], "error"),
        (403, [("cf-mitigated", "challenge")], "challenge"),
        (401, [], "error"),
    ],
)
def test_the_status_tells_for_ordinary_text(
    status: int, headers: list[tuple[str, str]], expected: str
) -> None:
    assert said(WORDS, status, headers) == expected


def test_words_of_a_default_page_within_a_long_page_stay_content() -> None:
    # given an article about parking, hosting and maintenance
    article = (
        WORDS * 4
        + "<p>This domain is for sale. Welcome to nginx! Account suspended. It works! Under maintenance."
    )
    assert said(article) == "content"


def test_a_default_title_alone_is_not_a_default_page() -> None:
    assert said("<title>Domain Default page</title><form action=x>Name <input name=name></form>") == "content"


def test_a_503_with_a_maintenance_note_is_maintenance() -> None:
    assert said("<h1>Down for maintenance</h1>", 503) == "maintenance"


def test_a_test_page_served_with_403_is_a_default_page() -> None:
    page = (
        "<title>Test Page for the HTTP Server</title><p>This page is used to test the proper operation of it."
    )
    assert said(page, 403) == "default"


# ------------------------------------------------------------------------------------------ seizure


@pytest.mark.parametrize(
    "html",
    [
        "<h1>THIS WEBSITE HAS BEEN SEIZED</h1><p>by the Federal Bureau of Investigation pursuant to a seizure warrant",
        "<title>Seized</title><img src=/img/fbi-seized-banner.png alt=''>",
        "<img alt='This domain has been seized' src=a.png>",
        "<p>Diese Webseite wurde durch das Bundeskriminalamt beschlagnahmt",
        "<p>이 웹사이트는 미국 연방수사국에 의해 압수되었습니다",
    ],
)
def test_a_seizure_notice_is_recognised_from_words_or_picture(html: str) -> None:
    assert said(html) == "seized-banner"


def test_an_article_about_a_seizure_is_content() -> None:
    talk = "<p>This domain has been seized by the FBI, wrote the Department of Justice. "
    assert said(WORDS * 6 + talk) == "content"


@pytest.mark.parametrize(
    "html", ["<p>Carpe diem, seize the day with us", "<img src=/seizure-medicine.png><p>Epilepsy clinic"]
)
def test_the_bare_word_is_no_notice(html: str) -> None:
    assert said(html) == "content"


# ----------------------------------------------------------------------------------------- templates


def test_demo_text_never_filled_in_is_a_template() -> None:
    lorem = (
        "<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt.</p>"
    )
    assert said(f"<title>Agency</title><h1>Agency</h1>{lorem * 6}") == "template"


def test_one_forgotten_demo_line_leaves_a_page_content() -> None:
    lorem = "<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit.</p>"
    assert said(WORDS + lorem) == "content"


# ------------------------------------------------------------------------------- floors on real pages


@pytest.fixture(scope="module")
def scoring() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "pages.py"
    spec = importlib.util.spec_from_file_location("benchmark_pages", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_labelled_pages_of_the_corpus_are_told_apart(corpus: Path, scoring: ModuleType) -> None:
    scored = scoring.score_pages(corpus)
    assert len(scored) >= 33
    assert sum(entry.right for entry in scored) >= 32, scoring.table(scored)
    assert all(entry.right for entry in scored if entry.label == "real_content_misleading_title")


def test_honest_sites_of_the_corpus_stay_content(corpus: Path, scoring: ModuleType) -> None:
    scored = scoring.score_sites(corpus)
    assert len(scored) >= 230
    # three sites of the set hold more demo text than words of their own
    wrong = [entry for entry in scored if not entry.right]
    assert len(wrong) <= 3, scoring.table(scored)
    assert {entry.said for entry in wrong} <= {"template"}


# -------------------------------------------------------------------------------------------- seeds


@pytest.mark.parametrize(
    "name",
    ["states", "unclaimed", "seizure", "templates", "history", "placeholders", "countries", "services"],
)
def test_every_list_names_its_source_and_keeps_its_counts(name: str) -> None:
    data = seeds.load(name)
    assert data["source"]
    assert data["licence"]


def test_every_rule_has_a_known_state_and_its_own_id() -> None:
    known = {
        "parked", "for-sale", "default", "coming-soon", "maintenance", "suspended", "challenge", "error",
    }  # fmt: skip
    listed = seeds.load("states")["rules"]
    assert {rule.state for rule in state.rules()} <= known
    assert len({entry["id"] for entry in listed}) == len(listed)
    assert all(rule.groups or rule.bare for rule in state.rules())
    assert all(
        phrase == phrase.lower() for rule in state.rules() for _, group in rule.groups for phrase in group
    )
