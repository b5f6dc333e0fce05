"""The main text of a page: what its author wrote stays, what stands around it goes."""

from __future__ import annotations

import json
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scanner.observe.page import document, main_text
from scanner.observe.page.main_text import Passage

PROSE = "We build ledgers for co-operative banks, and we answer for them at night when something breaks."

PIECES = (
    *(
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<a href=x>",
        "</a>",
        "<li>",
        "<br>",
        "text ",
        "<footer>",
        "<form>",
        "<h2>",
    ),
    *(
        "<table>",
        "<td>",
        "<svg>",
        "\u00ad",
        "<div class=modal>",
        "<header>",
        "<!-- c -->",
        "<q>",
        "<blockquote>",
    ),
)


def passages(body: str) -> tuple[Passage, ...]:
    page = document.read(
        "https://site.example/", 200, [], f"<!doctype html><title>T</title><body>{body}</body>"
    )
    return main_text.passages(page)


def texts(body: str) -> list[str]:
    return [passage.text for passage in passages(body)]


def test_blocks_come_in_order_with_their_kind_and_place() -> None:
    found = passages(
        f"<h1>Ledgers</h1><p>{PROSE}</p><blockquote><p>They answered at night.</p></blockquote>"
        "<ul><li>Every entry of the ledger is signed twice</li></ul><div>Loose   text\n here</div>"
    )
    assert found == (
        Passage("Ledgers", "heading", 0),
        Passage(PROSE, "text", 1),
        Passage("They answered at night.", "quote", 2),
        Passage("Every entry of the ledger is signed twice", "list", 3),
        Passage("Loose text here", "text", 4),
    )


def test_navigation_footer_forms_and_cookie_banners_are_left_out() -> None:
    frame = (
        "<nav><a href=/>Home</a> <a href=/a>About</a></nav>",
        "<header><div class=logo>Acme</div><a href=/>Home</a></header>",
        "<footer><p>© 2026 Acme. All rights reserved. Sentences may stand here too.</p></footer>",
        "<div class='footer-widgets'><p>Offices and hours</p></div>",
        "<div id=cookie-notice><p>We use cookies to make this site better for you.</p></div>",
        "<div class='cc-window'>This website uses cookies</div>",
        "<form><label>Your name</label><input><button>Send</button></form>",
        "<div role=navigation>Menu Home About</div>",
        "<div style='display: none'>Loading, please wait</div>",
        "<div hidden>Nothing to see</div>",
        "<div class='modal fade'><h4>Sign in</h4></div>",
        "<ul class=menu><li>Services</li></ul>",
        "<script>var text = 1</script><style>p{}</style><noscript>Enable scripts</noscript>",
    )
    for part in frame:
        assert texts(part + f"<p>{PROSE}</p><p>Second: {PROSE}</p>") == [PROSE, f"Second: {PROSE}"], part


def test_a_page_wrapped_in_what_is_named_frame_keeps_its_text() -> None:
    for opening, closing in (
        ("<form id=aspnetForm>", "</form>"),
        ("<div class='menu-open'>", "</div>"),
        ("<div class='wy-nav-content'>", "</div>"),
        ("<div class='page-with-cookie-bar'>", "</div>"),
    ):
        assert texts(f"{opening}<p>{PROSE}</p>{closing}") == [PROSE], opening


def test_case_studies_in_dialogs_and_hidden_tabs_are_kept() -> None:
    story = f"{PROSE} The bank had three weeks left, and the old ledger had lost its only maintainer. {PROSE}"
    rest = "".join(f"<p>{PROSE} {number}</p>" for number in range(9))
    for opening, closing in (
        ("<div class='portfolio-modal modal fade'>", "</div>"),
        ("<div style='display:none'>", "</div>"),
        ("<div aria-hidden=true>", "</div>"),
    ):
        assert story in texts(f"{rest}{opening}<p>{story}</p>{closing}"), opening


def test_a_header_with_a_headline_is_the_pages_own_without_its_menu() -> None:
    body = f"<header><nav><a href=/>Home</a></nav><h1>Ledgers that last</h1></header><p>{PROSE}</p>"
    assert texts(body) == ["Ledgers that last", PROSE]


def test_blocks_of_links_alone_are_left_out_and_links_in_sentences_stay() -> None:
    body = (
        f"<div><a href=/1>Read more</a> <a href=/2>Next</a></div><p>{PROSE} <a href=/x>See the audit</a>.</p>"
    )
    assert texts(body) == [f"{PROSE} See the audit."]


def test_inline_markup_does_not_part_words_and_breaks_do() -> None:
    assert texts("<p>le<b>dg</b>er<br>bank</p>") == ["ledger bank"]
    assert texts("<div>one line of text<br>its second<br><br>another</div>") == [
        "one line of text its second",
        "another",
    ]


def test_a_tree_without_marks_tells_the_same_words_apart() -> None:
    # Given a page kept without its tree, parsed without the form feeds that `document.read` sets
    html = (
        "<!doctype html><h1><div>Ledgers</div>that<div>last</div>here</h1>"
        "<p>le<b>dg</b>er<br>bank <button>Send</button></p>"
        "<p><a href=/1>Read</a> <i> <a href=/2>more</a></i></p><p>so\u00adftware\u00a0 for\n banks</p>"
    )
    # Then blocks and breaks part words there too, inline markup does not, and links alone are no text
    found = [passage.text for passage in main_text.of_tree(LexborHTMLParser(html))]
    assert found == ["Ledgers that last here", "ledger bank Send", "software for banks"]
    assert found == texts(html)


def test_short_items_of_a_list_make_one_passage() -> None:
    assert texts("<ul><li>Python</li><li>Go</li><li>Rust</li></ul><p>After the list</p>") == [
        "Python · Go · Rust",
        "After the list",
    ]


def test_a_slide_shown_twice_is_told_once() -> None:
    assert texts(f"<p>{PROSE}</p><p>{PROSE}</p>") == [PROSE]


def test_soft_hyphens_are_no_part_of_a_word() -> None:
    assert texts("<p>soft\u00adware for banks</p>") == ["software for banks"]


def test_limits_hold() -> None:
    many = passages("".join(f"<p>Paragraph number {number} of a long page</p>" for number in range(3000)))
    assert len(many) == main_text.MOST_PASSAGES
    large = passages("".join(f"<p>{number} {'größe ' * 2000}</p>" for number in range(60)))
    assert sum(len(passage.text.encode()) for passage in large) <= main_text.MOST_BYTES
    assert [passage.place for passage in large] == list(range(len(large)))


def test_the_tree_is_left_as_it_was() -> None:
    tree = main_text.parsed(f"<body><nav>Home</nav><h1>Ledgers</h1><p>{PROSE}</p></body>")
    before = tree.html
    assert main_text.of_tree(tree) == main_text.of_tree(tree)
    assert tree.html == before


@given(st.lists(st.sampled_from(PIECES)))
def test_any_markup_gives_passages(parts: list[str]) -> None:
    found = passages("".join(parts))
    assert all(passage.text == " ".join(passage.text.split()) and passage.text for passage in found)


def test_nested_frames_cost_no_square() -> None:
    # given dialogs within dialogs, each of which must be looked into
    def cost(size: int) -> float:
        tree = main_text.parsed("<body>" + "<div class=modal>" * 400 + f"<p>{PROSE}</p>" * size)
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            main_text.of_tree(tree)
            best = min(best, time.process_time() - start)
        return best

    # then sixteen times the text costs at most some sixteen times the time
    assert cost(8000) < 60 * cost(500) + 0.05


def test_real_pages_keep_their_words_and_lose_their_frame(corpus: Path) -> None:
    kept = own = frame = total = 0
    for line in (corpus / "sites" / "sites.jsonl").read_text(encoding="utf-8").splitlines():
        site = json.loads(line)
        path = (
            corpus / site["path"] / site["entry"]
            if (corpus / site["path"]).is_dir()
            else corpus / site["path"]
        )
        if path.suffix != ".html" or not path.is_file():
            continue
        html = path.read_text(encoding="utf-8", errors="replace")
        tree = main_text.parsed(html.replace("<br", "\f<br"))  # so that a line ends a word for text() too
        found = main_text.of_tree(tree)
        words = set(" ".join(passage.text for passage in found).lower().split())
        for node in tree.css("p"):
            if len(node.text().split()) >= 12:
                outside = not any(tag in _ancestors(node) for tag in ("nav", "footer", "form"))
                inside = set(node.text().replace("\u00ad", "").lower().split()) <= words
                own, kept = own + outside, kept + (outside and inside)
        frame += sum(passage.text.lower().count("cookie") for passage in found)
        total += len(found)
    # then nearly every paragraph of a dozen words outside nav, footer and form is there
    assert total > 1000
    assert kept >= 0.97 * own
    assert frame < 0.02 * total


def _ancestors(node: object) -> set[str]:
    found = set()
    while (node := getattr(node, "parent", None)) is not None:
        found.add(str(getattr(node, "tag", "")))
    return found


def test_a_copyright_notice_outside_the_footer_is_no_text() -> None:
    # Given notices in plain blocks, and prose that begins with the same word
    law = "Copyright law protects the ledgers of Larkwell as it protects any other book."
    found = passages(
        f"<p>{PROSE}</p><div>© 2019 – 2024 Larkwell Ledgers Ltd. All rights reserved.</div>"
        f"<p>Copyright (c) Larkwell Ledgers 2024</p><p>{law}</p>"
    )
    # Then the notices are left out and the prose is kept
    assert [passage.text for passage in found] == [PROSE, law]
