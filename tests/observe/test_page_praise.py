from __future__ import annotations

import pytest

from scanner.observe.page import document, praise


def praised(text: str) -> list[str]:
    html = f"<html><body><main><blockquote>{text}</blockquote></main></body></html>"
    page = document.read("https://site.example/", 200, [], html)
    return [row.value.partition(": ")[0] for row in praise.praise(page)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Working with Corvidale Software was a pleasure, and we will be back next year.",
            "Corvidale Software",
        ),
        (
            "I highly recommend the team at Brightforge Agency to anybody who needs a site.",
            "Brightforge Agency",
        ),
        ("The Corvidale Labs team delivered our portal on time, excellent work for us.", "Corvidale Labs"),
        ("We were impressed by QuillStone and would hire them again at any time.", "QuillStone"),
        ("In the end, Velosoft delivered what we needed, and the quality is great.", "Velosoft"),
    ],
)
def test_a_firm_that_is_praised_by_name_is_told(text: str, name: str) -> None:
    assert praised(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        # a person, whose name counts for nothing
        "Working with Mara Oakley was a pleasure, and we will be back next year.",
        # no opinion of anybody's
        "Our newsletter is made with Corvidale Software and sent on the first of each month.",
        # nobody speaks
        "Corvidale Software is the best and most reliable tool of its kind on the market.",
        # a heading
        "Great Solutions",
    ],
)
def test_what_is_no_praise_of_a_firm_is_not(text: str) -> None:
    assert praised(text) == []


def test_a_page_full_of_praise_stays_bounded() -> None:
    lines = "".join(
        f"<p>I recommend Firm{chr(65 + n % 26)}x{chr(97 + n // 26)} Software, we had great fun with them.</p>"
        for n in range(200)
    )
    page = document.read("https://site.example/", 200, [], f"<html><body><main>{lines}</main></body></html>")
    assert len(praise.praise(page)) == praise.MOST
