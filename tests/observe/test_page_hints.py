"""Which phrases a page can hold, told from its words: every phrase that is there is named, whatever stands round it."""

import pytest

from scanner.observe.page.document import Document, read
from scanner.observe.page.hints import MOST_KEPT, Hints

PHRASES = ("formerly", "we have moved", "moved from", "old ", "is now ", "原名", "구 홈", "qq", "it's new")


def page(text: str) -> Document:
    return read("https://larkwell.example/", 200, [], f"<p>{text}")


@pytest.mark.parametrize("before", ["", "so", "so ", "(", "“"])
@pytest.mark.parametrize("behind", ["", "er", " then", ".", "”"])
@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_in_a_page_is_present_whatever_stands_round_it(
    phrase: str, before: str, behind: str
) -> None:
    # Given a phrase between other letters, words or signs
    read_ = page(f"One two {before}{phrase}{behind} three <p>four")
    # Then it is named exactly when it is in the text
    expected = [one for one in PHRASES if one in read_.plain]
    assert Hints(PHRASES).present(read_) == expected
    assert phrase in expected or phrase.endswith(" ")


def test_a_phrase_over_two_lines_or_with_another_apostrophe_is_found() -> None:
    assert Hints(PHRASES).present(page("We have<p>moved. It’s new")) == ["we have moved", "it's new"]


def test_words_of_a_phrase_apart_are_no_phrase() -> None:
    read_ = page("moved house, far from here; golden")
    assert Hints(PHRASES).present(read_) == []
    assert "formerly" not in Hints(PHRASES).possible(read_)


def test_a_group_learnt_after_a_page_was_asked_is_found_on_it_too() -> None:
    read_ = page("a quokka named Larkwell")
    assert Hints(["formerly"]).present(read_) == []
    assert Hints(["quokka"]).present(read_) == ["quokka"]


def test_more_words_than_are_kept_are_looked_at_all_the_same() -> None:
    # Given a page with more different words than are kept, the phrase being the last of them
    read_ = page(" ".join(f"w{number}" for number in range(MOST_KEPT + 10)) + " formerly")
    assert Hints(PHRASES).present(read_) == ["formerly"]
