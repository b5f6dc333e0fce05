"""Edits a copyist makes leave the tokens alone; what he did not write himself stays as it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.likeness import Names, names_of, people_in, seeds, tokens, with_people
from scanner.likeness.common import common_passages
from scanner.likeness.confusables import undo

NOBODY = Names()

# --- swapping what is masked --------------------------------------------------------------------------------------

SENTENCES = (
    "{brand} is a software house founded in {year}.",
    "At {brand}, {number} engineers build products for clients in {country}.",
    "Write to {mail} and the {brand} team will answer within {number} hours.",
    "We shipped {number}+ projects since {year}, from {country} to the world.",
    "“They simply delivered.” — {person}, CEO of {firm}",
    "{person}, Chief Technology Officer",
    "Our {adjective} clients trust {brand}'s people with their data.",
    "{brand} is based in {city} and works remotely.",
    "An {adjective} bank came to us; {brand} rebuilt its ledger in {number} weeks.",
    "Visit {site} or call {phone} to hear how {brand} works.",
)
BRANDS = ("Acmesoft", "Zenithly", "Quorvex", "Blue Heron Labs", "Northvane Technologies", "Ostrava-Digital")
PEOPLE = ("Jane Doe", "Marek Nowak", "Anna-Lena Fischer", "Olu van der Berg")
FILLINGS = st.fixed_dictionaries(
    {
        "brand": st.sampled_from(BRANDS),
        "person": st.sampled_from(PEOPLE),
        "firm": st.sampled_from(("Globex", "Initech Inc", "Umbrella Retail Group")),
        "year": st.integers(1995, 2026).map(str),
        "number": st.one_of(
            st.integers(2, 99_999).map("{:,}".format), st.sampled_from(("12", "fifty", "twenty"))
        ),
        "mail": st.sampled_from(
            ("hello@acme.example", "first.last+jobs@mail.zenith.example", "info [at] acme [dot] com")
        ),
        "country": st.sampled_from(
            ("Germany", "the United States", "Poland", "the UK", "Viet Nam", "Österreich")
        ),
        "adjective": st.sampled_from(("American", "German", "Polish", "Canadian")),
        "city": st.sampled_from(("Berlin", "Austin, Texas", "Tallinn, Estonia", "Kolding")),
        "site": st.sampled_from(("https://acme.example/about?x=1", "www.zenith.example", "quorvex.com/team")),
        "phone": st.sampled_from(("+1 (555) 010-0199", "030 1234567", "0044 20 7946 0000")),
    }
)


def site(filling: dict[str, str]) -> Names:
    domain = filling["brand"].lower().replace(" ", "").replace("-", "") + ".com"
    return names_of(domain, f"Home | {filling['brand']}", [filling["brand"]], [])


def folded(sentence: str, filling: dict[str, str]) -> tuple[str, ...]:
    return tuple(t for t in tokens(sentence.format(**filling), site(filling)) if t != "the")


@given(st.sampled_from(SENTENCES), FILLINGS, FILLINGS)
def test_swapped_brand_people_numbers_mail_and_places_leave_the_tokens_equal(
    sentence: str, one: dict[str, str], other: dict[str, str]
) -> None:
    assert folded(sentence, one) == folded(sentence, other)


@given(st.sampled_from(SENTENCES), FILLINGS)
def test_words_the_copyist_kept_are_still_there(sentence: str, filling: dict[str, str]) -> None:
    kept = {
        word
        for word in sentence.lower().replace(".", " ").split()
        if word.isalpha() and word not in ("an", "the", "ceo")
    }
    assert kept <= set(tokens(sentence.format(**filling), site(filling)))


# --- tricks of writing --------------------------------------------------------------------------------------------

TEXT = (
    "Our engineers build reliable software products for growing companies, from the first sketch to the last test; "
    "clients receive honest estimates and code that another team can read."
)
LOOK_ALIKES = {
    "a": "а",
    "c": "с",
    "e": "е",
    "o": "о",
    "p": "р",
    "x": "х",
    "y": "у",
    "i": "і",
    "s": "ѕ",
    "A": "А",
    "O": "О",
}
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u202c\u2066\u2069\u200e\ufe0f\U000e0041\U000e007f"
PLACES = st.sets(st.integers(0, len(TEXT) - 1), min_size=1, max_size=40)


@given(PLACES, st.text(UNSEEN, min_size=1, max_size=3))
def test_invisible_characters_change_nothing(places: set[int], unseen: str) -> None:
    edited = "".join(character + (unseen if at in places else "") for at, character in enumerate(TEXT))
    assert tokens(edited, NOBODY) == tokens(TEXT, NOBODY)


@given(PLACES)
def test_look_alike_letters_change_nothing(places: set[int]) -> None:
    edited = "".join(LOOK_ALIKES.get(c, c) if at in places else c for at, c in enumerate(TEXT))
    assert tokens(edited, NOBODY) == tokens(TEXT, NOBODY)


def test_all_look_alikes_at_once_and_whole_words_of_them_change_nothing() -> None:
    edited = TEXT.translate(str.maketrans(LOOK_ALIKES))
    assert edited != TEXT
    assert tokens(edited, NOBODY) == tokens(TEXT, NOBODY)
    assert tokens("a сору of our work", NOBODY) == tokens("a copy of our work", NOBODY)


@given(st.sampled_from((str.upper, str.title, lambda text: text.replace(" ", " \n\t\u00a0"))))
def test_case_and_white_space_change_nothing(edit: object) -> None:
    assert callable(edit)
    assert tokens(edit(TEXT), NOBODY) == tokens(TEXT, NOBODY)


@pytest.mark.parametrize(
    "text",
    [
        "Мы создаём надёжные программы для бизнеса и сопровождаем их с первого дня",
        "сор роса хор оса",  # real words of look-alikes only, without a Latin word beside them
        "Мы используем React, Node и Docker, а также оса и сор",
        "Κατασκευάζουμε λογισμικό για επιχειρήσεις",
        "다양한 소프트웨어를 개발합니다",
        "हम सॉफ्टवेयर बनाते हैं",
        "نحن نبني البرمجيات",
    ],
)
def test_genuine_writing_of_other_scripts_stays_itself(text: str) -> None:
    assert undo(text) == text
    words = [word.strip(",").casefold().replace("ς", "σ") for word in text.split()]
    assert list(tokens(text, NOBODY)) == words


def test_chinese_japanese_and_thai_come_as_pairs_of_characters() -> None:
    assert tokens("软件开发", NOBODY) == ("软件", "件开", "开发")
    assert tokens("信頼できるAcme製", Names(("acme",))) == ("信頼", "頼で", "でき", "きる", "‹brand›", "製")
    assert len(tokens("พัฒนาซอฟต์แวร์", NOBODY)) == len("พัฒนาซอฟต์แวร์") - 1


# --- brand ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "title", "declared", "text"),
    [
        ("acmesoft.com", "", [], "Acmesoft Acme AcmeSoft Acme-Soft acmesoft's"),
        ("blueherontech.com", "Blue Heron Tech | Home", [], "Blue Heron Tech, BlueHeron, Blue Heron"),
        ("bh-labs.com", "Home", ["Blue Heron Labs GmbH"], "Blue Heron Labs GmbH Blue Heron"),
        ("xyzq.dev", "Jane Doe | Full Stack Developer", [], "Jane Doe"),
        ("example.com", "About - Quorvex\nTeam - Quorvex", [], "Quorvex"),
        ("quorvex.github.io", "", [], "QUORVEX"),
        ("xn--mller-kva.example", "", [], "Müller"),
    ],
)
def test_every_spelling_of_the_brand_is_one_token(
    domain: str, title: str, declared: list[str], text: str
) -> None:
    assert tokens(text, names_of(domain, title, declared, [])) == ("‹brand›",)


def test_logo_text_names_the_brand_without_the_word_logo() -> None:
    assert tokens("Quorvex builds", names_of("", "", [], ["Quorvex logo"])) == ("‹brand›", "builds")


@pytest.mark.parametrize("word", ["software", "cloud", "data", "home", "web"])
def test_ordinary_words_are_never_a_brand(word: str) -> None:
    names = names_of(f"{word}labs.com", f"Home | {word.title()}", [word], [word])
    assert word in tokens(f"our {word} team", names)


@given(st.text(max_size=80), st.text(max_size=80), st.lists(st.text(max_size=40), max_size=3))
def test_names_of_takes_any_text(domain: str, title: str, names: list[str]) -> None:
    assert all(brand.strip() for brand in names_of(domain, title, names, names).brands)


# --- slots ----------------------------------------------------------------------------------------------------------


def test_people_stand_in_slots_and_nowhere_else() -> None:
    assert "‹name›" in tokens("Jane Doe, Senior Product Manager at Globex", NOBODY)
    assert "‹name›" in tokens("Founded in 2012 by Marek Nowak in Poland", NOBODY)
    assert tokens("Web Development, Cloud Engineer, Mobile Design", NOBODY)[:2] == ("web", "development")
    assert "jane" in tokens("Jane Doe", NOBODY)


def test_the_firm_of_who_praises_goes_with_the_name() -> None:
    one = tokens("“On time.” — Mark Stone, Head of Product at Globex Retail", NOBODY)
    assert one == tokens("“On time.” — Ann Lee, Head of Product at Initech", NOBODY)
    assert one == ("on", "time", "‹name›", "head", "of", "product", "at", "‹name›")


def test_the_united_states_are_told_from_us() -> None:
    assert tokens("US clients trust us; the US too", NOBODY).count("‹place›") == 2
    assert tokens("TALK TO US", NOBODY) == ("talk", "to", "us")


def test_names_of_team_cards_are_masked_wherever_they_stand() -> None:
    cards = [
        ("heading", "Our Team"),
        ("heading", "Jane Doe"),
        ("text", "Chief Technology Officer"),
        ("text", "Anything else"),
    ]
    assert people_in(cards) == ("Jane Doe",)
    names = with_people(NOBODY, people_in(cards))
    assert tokens("Jane Doe", names) == ("‹name›",)


@pytest.mark.parametrize("thing", ["Cloud-based tools", "Java-based services", "a Web-based portal"])
def test_what_is_based_on_a_thing_keeps_its_word(thing: str) -> None:
    assert "‹place›" not in tokens(thing, NOBODY)


@pytest.mark.parametrize("place", ["Berlin-based", "US-based", "Our Kolding-based"])
def test_what_is_based_in_a_place_is_masked(place: str) -> None:
    assert tokens(f"{place} engineers", NOBODY)[-3:] == ("‹place›", "based", "engineers")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Visit us: 12 Main Street, Suite 4, Springfield, IL 62701",
            "Visit us: 880 Old Mill Road, Columbus, OH 43004",
        ),
        ("Büro: Lindenstraße 7, 10969 Berlin", "Büro: Ahornweg 112a, 80331 München"),
    ],
)
def test_one_address_reads_like_another(one: str, other: str) -> None:
    assert tokens(one, NOBODY) == tokens(other, NOBODY)
    assert "‹address›" in tokens(one, NOBODY)


@pytest.mark.parametrize("text", ["Contact us today", "CONTACT US", "May we help", "Spring 2019 Offering 6"])
def test_words_that_look_like_places_or_addresses_stay(text: str) -> None:
    assert not {"‹place›", "‹address›"} & set(tokens(text, NOBODY))


# --- any text -------------------------------------------------------------------------------------------------------


@given(st.text(max_size=400))
def test_any_text_gives_the_same_tokens_twice_and_never_fails(text: str) -> None:
    found = tokens(text, Names(("acme",)))
    assert found == tokens(text, Names(("acme",)))
    assert all(found)
    assert all(not token.isspace() for token in found)


@settings(max_examples=200)
@given(st.text("aA\u0301е漢ก .,-—@:/'’()1–\u200b\ue000U.SCEO", max_size=300))
def test_text_of_awkward_characters_gives_tokens(text: str) -> None:
    assert tokens(text, NOBODY) == tokens(text, NOBODY)


HOSTILE = {
    "one word": "a",
    "marks": "\u0301\u0327",
    "look-alikes": "оa",
    "names": "Xyz-Xyz ",
    "titles": "Mr Xyz ",
    "hosts": "a.",
    "mail": "a@",
    "seats": "based in Xyz ",
    "streets": "1 Main St Street ",
    "dashes": "— ",
    "Chinese": "漢",
    "ligatures": "\ufdfa",
    "spelt": "a [at] ",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_time_grows_with_length_and_no_faster(kind: str) -> None:
    # given the same hostile line twice, the second 16 times as long; both past all caches
    unit = HOSTILE[kind]

    def cost(length: int) -> float:
        text = unit * (length // len(unit)) + " based in CEO 1 Street @ [at] .com"
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            tokens(text, NOBODY)
            best = min(best, time.process_time() - start)
        return best

    # then the longer costs at most some 16 times as much; the square would be 256 times
    assert cost(160_000) < 70 * cost(10_000) + 0.05


# --- lists ----------------------------------------------------------------------------------------------------------


def test_every_list_names_its_source_and_licence() -> None:
    for name in ("common", "places", "words"):
        assert {"source", "licence", "published"} <= seeds.load(name).keys()
    assert "# licence: Unicode" in seeds.read("likeness", "confusables.tsv")


def test_common_passages_hold_filler_notices_and_theme_text() -> None:
    found = common_passages()
    assert len(found) == len(set(found)) >= 100
    assert any(text.startswith("Lorem ipsum") for text in found)
    assert any("cookies" in text for text in found)
    assert any("Start Bootstrap" in text for text in found)
