"""The page a recruiter reads: what stands on it, where each fact leads, and what hostile text does to it (nothing)."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scanner.model import Role
from scanner.report import html, html_facts
from scanner.report.document import UNJUDGED
from scanner.report.html_facts import Screenshot
from scanner.report.html_words import LEVELS
from scanner.report.text import json_text
from scanner.store import ScanStatus, Store
from tests.report.making import attempts, claim, document, facts, fetch, finding, row, target

SHOWN = {
    "role": "employer",
    "url": "",
    "organisation": "",
    "starts": "",
    "ends": "",
    "place": "",
    "reason": "",
}


def words(page: str, part: str = "main") -> str:
    return " ".join(" ".join(node.text(separator=" ") for node in LexborHTMLParser(page).css(part)).split())


# ------------------------------------------------------------------------------------------ what is read


def test_the_page_says_what_was_found_both_values_and_where_each_came_from(pages: Mapping[str, str]) -> None:
    page = pages["sample-front"]
    verdict = words(page, ".verdict")
    assert "The public record does not fit what is claimed." in verdict
    assert "Brightlode Software: 2015-03 to 2019-06" in verdict
    assert "registered 2022-05-03 (rdap)" in verdict
    assert "domain registry (rdap)" in verdict
    assert "Which web and mail address" in words(page, "[aria-labelledby=ask]")
    assert "A clean result clears nobody" in words(page, ".limits")
    assert LexborHTMLParser(page).css_first("h1").text() == "Website evidence report"


def test_a_clean_case_says_that_it_clears_nobody_before_anything_else(pages: Mapping[str, str]) -> None:
    page = pages["sample-old-firm"]
    assert "clears nobody" in words(page, ".verdict")
    assert "was registered 1998-03-17, before the claim begins" in words(page, ".target")


def test_every_link_leads_to_one_place_on_the_page(pages: Mapping[str, str]) -> None:
    for page in pages.values():
        tree = LexborHTMLParser(page)
        ids = [node.attributes["id"] for node in tree.css("[id]")]
        assert len(ids) == len(set(ids))
        targets = [node.attributes["href"] or "" for node in tree.css("[href]")]
        assert targets
        assert {target[1:] for target in targets} <= set(ids)
        assert all(target.startswith("#") for target in targets)
        for node in tree.css("[aria-labelledby]"):
            assert set((node.attributes["aria-labelledby"] or "").split()) <= set(ids)


def test_every_cited_fetch_is_where_the_appendix_says(sample: Path, pages: Mapping[str, str]) -> None:
    # given the entries of one case's appendix
    found = re.findall(
        r"(sha256:[0-9a-f]{64}) · (evidence/\S+) at byte (\d+), (\d+) bytes", pages["sample-front"]
    )
    assert len(found) > 8
    with Store(sample, readonly=True) as store:
        known = store.latest_scan("sample-front")
        assert known is not None
        for digest, file, offset, length in found:
            # then that member of that file, opened by no code of the report, holds those bytes
            number = store.conn.execute(
                "select id from evidence where scan_id = ? and digest = ? and warc_offset = ?",
                (known.id, digest, int(offset)),
            ).fetchone()[0]
            assert store.read_evidence(number).digest == digest
            member = (sample.parent / file).read_bytes()[int(offset) :][: int(length)]
            assert member.startswith(b"\x1f\x8b")


def test_each_fact_that_counts_cites_its_evidence(pages: Mapping[str, str]) -> None:
    for node in LexborHTMLParser(pages["sample-front"]).css("article.fact"):
        assert node.css("a.ev"), node.text()


def test_the_page_names_the_digest_of_the_json_report() -> None:
    found = document(target())
    digest = hashlib.sha256(f"{json_text(found)}\n".encode()).hexdigest()
    assert digest in html.render(found, facts())


def test_the_same_scan_gives_the_same_page() -> None:
    assert html.render(document(target()), facts()) == html.render(document(target()), facts())


# ----------------------------------------------------------------------------------- questions and steps


def test_at_most_five_questions_and_steps_strongest_first() -> None:
    many = [finding(number, score=number / 10) for number in range(1, 9)]
    page = html.render(document(target(findings=many)), facts())
    asks = [node.text() for node in LexborHTMLParser(page).css("[aria-labelledby=ask] li")]
    steps = [node.text() for node in LexborHTMLParser(page).css("[aria-labelledby=settle] li")]
    assert [ask.strip() for ask in asks] == [f"Question {number}?" for number in (8, 7, 6, 5, 4)]
    assert [step.strip() for step in steps] == [f"Step {number}." for number in (8, 7, 6, 5, 4)]


def test_organisations_without_an_address_keep_a_place_among_five_questions() -> None:
    many = [finding(number, score=number / 10) for number in range(1, 9)]
    claims = [{**SHOWN, "organisation": "Acme Soft", "reason": "no address was given"}]
    page = html.render(document(target(findings=many), unaddressed=claims), facts())
    asks = [node.text() for node in LexborHTMLParser(page).css("[aria-labelledby=ask] li")]
    assert len(asks) == 5
    assert "web address" in asks[-1]
    assert "Acme Soft" in asks[-1]


def test_what_is_set_aside_or_lowers_suspicion_asks_nothing() -> None:
    rows = [
        finding(1, defeated_by="history.made-2"),
        finding(2, score=-1.0, strength="context"),
        finding(3, score=0.5, ask="Nothing to ask here.", next_step="Nothing to do."),
    ]
    page = html.render(document(target(findings=rows)), facts())
    asked = words(page, ".todo")
    assert "Question 1" not in asked
    assert "Question 2" not in asked
    assert "Nothing to" not in asked
    assert len(LexborHTMLParser(page).css("[aria-labelledby=ask] li")) == 2, "general questions fill the list"
    assert "Set aside, since: Statement 2." in words(page)


def test_a_finding_that_makes_no_result_is_not_said_to_have_carried_it() -> None:
    rows = [finding(strength="medium")]
    page = html.render(document(target(findings=rows, level="nothing-found"), level="nothing-found"), facts())
    assert "Worth knowing, though it makes no result" in page
    assert "carried it" not in page


# -------------------------------------------------------------------------------------- silence is silence


def test_what_could_not_be_seen_is_said_in_words_and_never_as_an_absence() -> None:
    silent = [
        {"source": "archive", "status": "throttled", "reason": "http-429"},
        {"source": "rdap", "status": "error", "reason": "unfinished when the scan stopped"},
    ]
    known = facts()
    known.attempts = {
        "acme.example": attempts([("archive", "throttled"), ("ct", "absent"), ("rdap", "error")])
    }
    page = html.render(document(target(not_seen=silent)), known)
    assert "Web archive (archive): asked us to wait." in words(page)
    assert "Domain registry (rdap): was not finished when the scan stopped." in words(page)
    drawn = words(page, "svg")
    assert "Archived: unknown (source asked us to wait)" in drawn
    assert "Certificates: none on record" in drawn


def test_answers_that_were_used_again_are_told_with_their_day() -> None:
    rows = [
        {"source": "rdap", "status": "ok", "reason": "reused 2024-05-28T09:00:00Z", "ms": 0},
        {"source": "dns", "status": "ok", "reason": "", "ms": 3},
    ]
    page = words(html.render(document(target(attempts=rows)), facts()), ".target")
    assert "Asked by an earlier scan" in page
    assert "Domain registry (rdap) its answer of 2024-05-28" in page
    assert "Name servers (dns) its answer" not in page
    assert "Asked by an earlier scan" not in words(html.render(document(target()), facts()), ".target")


def test_what_was_left_out_is_said_and_what_was_not_needed_is_not() -> None:
    rows = [
        {
            "source": "website",
            "status": "skipped",
            "reason": "passive leaves out what touches the target",
            "ms": 0,
        },
        {"source": "whois", "status": "skipped", "reason": "not-needed answered by rdap", "ms": 0},
    ]
    page = words(html.render(document(target(attempts=rows)), facts()), ".target")
    assert "Not asked Site's pages (website) passive leaves out what touches the target" in page
    assert "whois" not in page


def test_what_does_not_exist_leads_to_the_answer_that_says_so() -> None:
    rows = [
        {"source": source, "status": "absent", "reason": "", "ms": 1} for source in ("rdap", "whois", "ct")
    ]
    known = facts([fetch(1), fetch(2, source="whois")])
    known.decided = {("acme.example", "rdap"): 1, ("acme.example", "whois"): 2}
    page = words(html.render(document(target(attempts=rows, findings=[])), known), ".target")
    assert page.count("The registry knows no registration of this name.") == 1
    assert "domain registry (rdap), 2024-06-01 E1 ; domain registry (whois), 2024-06-01 E2" in page
    assert "certificate" not in page.partition("Does not exist")[2].partition("Dates")[0]


@pytest.mark.parametrize("status", list(ScanStatus))
@pytest.mark.parametrize("level", ["known", "contradicted", "review", "not-enough", "nothing-found"])
def test_every_level_in_every_state_of_a_scan(status: ScanStatus, level: str) -> None:
    judged = None if status is ScanStatus.RUNNING else level
    said = "Said." if judged else UNJUDGED
    found = document(target(level=judged), status=status.value, level=level, summary=said)
    page = html.render(found, facts(status=status))
    assert ("interrupted" in words(page, ".verdict")) == (status is ScanStatus.INTERRUPTED)
    assert ("not come to a verdict yet" in page) == (judged is None)
    assert words(page, ".verdict .badge") == ("Not judged yet" if judged is None else LEVELS[level])


def test_what_is_set_aside_is_said_beside_the_drawing_it_explains(pages: Mapping[str, str]) -> None:
    page = pages["sample-rebrand"]
    assert "explained by other facts: see “Set aside”" in words(page, ".chart")
    assert "Registered 2010-02-09: larkspur-data.example" in words(page, "svg")
    assert (
        "Set aside, since: larkspur-data.example, first seen 2010-02-09, redirects to larkwell.example"
        in words(page)
    )


def test_a_case_without_any_site() -> None:
    claims = [{**SHOWN, "organisation": "Acme Soft", "starts": "2015", "reason": "no address was given"}]
    page = html.render(document(unaddressed=claims, level="not-enough"), facts())
    assert "Acme Soft (employer, 2015 to not stated): no address was given" in words(page).replace(" )", ")")
    assert "web address" in words(page, "[aria-labelledby=ask]")


def test_what_needs_a_person_comes_first_among_fifty_targets_in_less_than_a_second() -> None:
    # given fifty targets with long texts of which one is known
    text = "A passage that both sites have, of some length. " * 20
    sides = {
        side: {"url": f"https://{side}.example/", "seen_by": "", "seen_in": ""} for side in ("ours", "theirs")
    }
    pair = {"domain": "b.example", "kind": "strong", "words": 160, **sides}
    passages = [{"words": 160, "ours": text, "theirs": text.replace("passage", "section")}] * 3
    targets = [
        target(
            f"t{number}.example",
            findings=[finding(n) for n in range(8)],
            shared=[{**pair, "passages": passages}] * 4,
            level="known" if number == 30 else "nothing-found",
        )
        for number in range(50)
    ]
    html.render(document(), facts())  # the templates are compiled once
    started = time.perf_counter()
    page = html.render(document(*targets, level="known"), facts())
    # then the page is there at once, and begins with that one
    assert time.perf_counter() - started < 1
    assert words(page, ".addresses tbody tr:first-child").startswith("t30.example")


# ---------------------------------------------------------------------------------------- side by side


def test_leads_are_named_with_the_reason_and_have_no_result() -> None:
    lead = target("lead.example", why="lead", level=None, findings=[], because="it redirects there")
    page = html.render(document(target(), {**lead, "from": "acme.example"}), facts())
    assert "lead.example , from acme.example : it redirects there" in words(page, "[aria-labelledby=leads]")
    assert len(LexborHTMLParser(page).css("section.target")) == 1


def test_copied_passages_stand_side_by_side_with_both_addresses_and_dates() -> None:
    pair = {
        "domain": "old.example",
        "kind": "strong",
        "words": 6,
        "ours": {"url": "https://acme.example/about", "seen_by": "2023-01-02", "seen_in": "captures"},
        "theirs": {"url": "https://old.example/us", "seen_by": "2011", "seen_in": "captures"},
        "passages": [
            {"words": 6, "ours": "Acme cares for old mills.", "theirs": "Bolt cares for old mills."}
        ],
    }
    known = facts([fetch(), fetch(7, source="captures", uri="https://archive.example/7")])
    known.rows = {
        "acme.example": [
            row("copy", "seen", "theirs old.example https://old.example/us", "2011", "captures", 7),
        ]
    }
    page = html.render(document(target(shared=[pair])), known)
    assert "<bdi>Acme <mark>cares for old mills</mark>.</bdi>" in page
    assert "<bdi>Bolt <mark>cares for old mills</mark>.</bdi>" in page
    assert "in the web archive by 2023-01-02" in words(page, ".copy")
    assert "in the web archive by 2011; archived pages (captures), 2024-06-01 E2" in words(page, ".copy")


def test_text_that_many_have_is_named_and_not_shown() -> None:
    sides = {
        side: {"url": f"https://{side}.example/", "seen_by": "", "seen_in": ""} for side in ("ours", "theirs")
    }
    pair = {"domain": "b.example", "kind": "template", "words": 9, **sides, "passages": []}
    page = html.render(document(target(shared=[pair])), facts())
    assert (
        "Text that many other sites have too, so nobody's in particular and not shown. Seen also on b.example"
        in words(page)
    )
    assert "<blockquote>" not in page


def test_shared_pictures_are_facts_and_never_loaded() -> None:
    what = (
        '{"bits": 2, "domain": "old.example", "kind": "photo", "mirrored": true, "ours": "https://acme.example/a.jpg",'
        ' "ours_page": "https://acme.example/", "same_bytes": false, "sites": 1,'
        ' "theirs": "https://old.example/b.jpg", "theirs_page": "https://old.example/us"}'
    )
    known = facts()
    known.rows = {
        "acme.example": [
            row("picture", "shared", what),
            row("picture", "archived", "theirs old.example https://old.example/b.jpg", "2010-02-01"),
            row(
                "picture",
                "common",
                '{"ours": "https://acme.example/c.jpg", "page": "https://acme.example/", "sites": 5}',
            ),
        ]
    }
    page = html.render(document(target()), known)
    shown = words(page, ".pictures")
    assert "a photograph (2 of 128 features differ, mirrored)" in shown
    assert "https://old.example/b.jpg on https://old.example/us ; archived by 2010-02-01" in shown
    assert "5 other sites or more show it" in shown
    assert not LexborHTMLParser(page).css("img, image, picture, object, embed, iframe")


def test_a_stored_screenshot_is_in_the_page_itself() -> None:
    data = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
    known = facts()
    known.screenshots = {"acme.example": [Screenshot(data, "https://acme.example/", "2024-06-01", 1)]}
    page = html.render(document(target()), known)
    [image] = LexborHTMLParser(page).css(".target img")
    assert image.attributes["src"] == data
    assert image.attributes["alt"]
    assert "img-src data:" in page
    assert "img-src" not in html.render(document(target()), facts())


# ------------------------------------------------------------------------------------------ hostile text

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title></svg><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "safe\u202egnp.exe\u2066\u200f",
    "\x1b[2J\x07\x00\u2028line",
    "Z" + "\u0301\u0489" * 40,
    "]]>--><!-- javascript:alert(1)",
    "a" * 5000,
    "\ud800 half",
)
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def full(text: str) -> str:
    """A page in which every string that can come from outside is `text`."""
    sides = {side: {"url": text, "seen_by": "2011", "seen_in": text} for side in ("ours", "theirs")}
    pair = {
        "domain": text,
        "kind": "strong",
        "words": 3,
        **sides,
        "passages": [{"words": 3, "ours": text, "theirs": text}],
    }
    values = dict.fromkeys(
        ("statement", "claimed", "observed", "innocent", "ask", "next_step", "check_id"), text
    )
    rows = [
        finding(1, **values),
        finding(2, **{**values, "score": -1.0}),
        finding(3, **values, defeated_by=text),
    ]
    picture = dict.fromkeys(("domain", "kind", "ours", "ours_page", "theirs", "theirs_page"), text)
    known = facts([fetch(1, uri=text, source="rdap", warc_file=text, digest=text), fetch(2, source=text)])
    known.claims = {
        text: (claim(url=text, organisation=text, place=text), claim("", "", role=Role.REFERENCE, url=text))
    }
    known.rows = {
        text: [
            row("history", "since", text, "2012"),
            row("archive", "first_capture", text, "2012-01-01", "archive"),
            row("archive", "held", f"{text} {text}", "2012-01-01", "archive"),
            row("website", "state", f"{text} {text}", "", "website"),
            row(
                "picture", "shared", json_text({**picture, "bits": 1, "same_bytes": False, "mirrored": False})
            ),
            row("picture", "common", json_text({"ours": text, "page": text, "sites": 4})),
        ]
    }
    one: dict[str, Any] = target(
        text,
        findings=rows,
        summary=text,
        shared=[pair],
        phrases=[{"text": text, "search": "https://search.example/"}],
        not_seen=[{"source": text, "status": "refused", "reason": text}],
    )
    lead = target(text, why="lead", level=None, findings=[], because=text)
    return html.render(
        document(
            one,
            {**lead, "from": text},
            case=text,
            label=text,
            summary=text,
            findings=[finding(4, **values)],
            unaddressed=[dict.fromkeys(SHOWN, text)],
        ),
        known,
    )


def shape(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Tags and attribute names in order: what text could change only by becoming markup."""
    tree = LexborHTMLParser(page)
    assert tree.root is not None
    return [(node.tag, tuple(node.attributes)) for node in tree.root.traverse()]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_outside_stays_text(text: str) -> None:
    # given the page with harmless text everywhere, when all of it is hostile
    page = full(text)
    # then the page has the same shape, nothing that a reader's eye is misled by, and its own policy
    marked = {"mark"}  # two passages of one text are marked where there are words
    assert [s for s in shape(page) if s[0] not in marked] == [
        s for s in shape(full("word")) if s[0] not in marked
    ]
    assert not UNSEEN.search(page)
    page.encode()
    assert not LexborHTMLParser(page).css("script, [style], [onload], [onerror]")
    assert max(len(word) for word in words(page).split()) <= html.MOST_LETTERS + 10


@given(st.text(max_size=80))
def test_any_text_at_all_stays_text(text: str) -> None:
    assert not UNSEEN.search(html.harmless(text))
    assert len(html.harmless(text)) <= html.MOST_LETTERS + 1


def test_nothing_can_be_loaded_run_or_sent(pages: Mapping[str, str]) -> None:
    for page in pages.values():
        tree = LexborHTMLParser(page)
        policy = tree.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"] or ""
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        [style] = tree.css("style")
        digest = base64.b64encode(hashlib.sha256(style.text().encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in policy
        assert not tree.css("script, link, iframe, object, embed, form, base, img, [style], [src], [srcset]")
        assert "url(" not in style.text()
        assert "@import" not in style.text()


# -------------------------------------------------------------------------------------- from the database


def test_only_real_pictures_of_a_bearable_size_are_taken_from_the_evidence(
    monkeypatch: pytest.MonkeyPatch, sample: Path
) -> None:
    # given a scan whose evidence holds a picture, something that only says it is one, and a huge one
    fetched = [
        fetch(1, source="screenshot", media_type="image/png"),
        fetch(2, source="screenshot", media_type="image/png"),
        fetch(3, source="screenshot", media_type="image/png", length=html_facts.SCREENSHOT_BYTES + 1),
        fetch(4, source="website", media_type="image/png"),
    ]
    blocks = {1: b"\x89PNG\r\n\x1a\nrest", 2: b"<svg onload=alert(1)>"}
    read: list[int] = []

    class Held:
        def __init__(self, block: bytes) -> None:
            self.block = block

    def read_evidence(self: Store, number: int) -> Held:
        read.append(number)
        return Held(blocks[number])

    monkeypatch.setattr(html_facts, "fetches", lambda store, record: tuple(fetched))
    monkeypatch.setattr(Store, "read_evidence", read_evidence)
    with Store(sample, readonly=True) as store:
        record = store.latest_scan("sample-front")
        assert record is not None
        found = html_facts.of_scan(store, record)
    assert [shot.evidence for shots in found.screenshots.values() for shot in shots] == [1]
    assert read == [1, 2]
