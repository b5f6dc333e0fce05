"""Listed names: what survives spelling, what never fires, and what a second place must share to count."""

from __future__ import annotations

import random
import string
import time
from datetime import UTC, datetime

import pytest

from scanner.checks.same_place import same_street, same_town
from scanner.knowledge import Knowledge
from scanner.knowledge.matching import Alias, NameIndex
from scanner.knowledge.spelling import core, distinctive, skeleton, words


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


def listed(knowledge: Knowledge, name: str) -> list[str]:
    """Entries that an organisation's name is like, without those too common to mean anything."""
    return [match.entry.name for match in knowledge.organisations_like(name) if not match.common]


CHINYONG = "Chinyong Information Technology Cooperation Company"


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("Chunyong Information Technology Cooperation", CHINYONG),  # garbled by a machine
        ("Jin-yong I.T. Cooperation Co., Ltd.", CHINYONG),  # another romanisation, hyphen, legal form
        ("COOPERATION COMPANY CHINYONG", CHINYONG),  # another order
        ("Silver Star Yanbian", "Yanbian Silverstar Network Technology Co., Ltd."),
        ("VOLASYS SILVERSTAR OOO", "Volasys Silver Star"),
        ("Geum-pung-ri Network Technology", "Shenyang Geumpungri Network Technology Co., Ltd"),
        ("Korea So-baek-su Trading", "Korea Sobaeksu Trading Company"),
        ("StarGlow Venture Inc.", "StarGlow Ventures"),  # the name a listed front went by
    ],
)
def test_a_listed_organisation_is_found_under_other_spellings(
    knowledge: Knowledge, name: str, entry: str
) -> None:
    assert entry in listed(knowledge, name)


@pytest.mark.parametrize(
    "name",
    [
        "Shenyang Information Technology Cooperation",  # all words but the telling one
        "Information Technology Cooperation Company",
        "Silver Star LLC",  # ordinary words
        "Miriam College",  # a letter from an alias of a listed one
        "Unison",
        "OSN Online Service",
        "Star Trading",
        "Pioneer Real Estate",
        "Fortuna GmbH",  # on the list, and marked as common there
        "Intellekt",
        "Alis LLC",
        "Asatryan Brothers Bakery",
        "Korea Trading Corporation",
        "University of Applied Sciences",
        "Acme Soft LLC",
        "Ltd",
        "",
        "…",
        "华为技术有限公司",
    ],
)
def test_names_of_others_and_common_names_are_nobody(knowledge: Knowledge, name: str) -> None:
    assert listed(knowledge, name) == []


@pytest.mark.parametrize(
    "name", ["Orrin Velmarsh Example", "Example, Orrin Velmarsh", "Orrin-Velmarsch Example"]
)
def test_a_persons_name_is_found_in_any_order(knowledge: Knowledge, name: str) -> None:
    assert [match.entry.name for match in knowledge.people_like(name)] == ["Orrin Velmarsh Example"]


@pytest.mark.parametrize("name", ["Orrin", "Orrin Velmar Exampleton Smith", "Velmarsh", ""])
def test_half_a_name_is_nobodys(knowledge: Knowledge, name: str) -> None:
    assert knowledge.people_like(name) == ()


def test_a_name_listed_later_is_not_known_before(knowledge: Knowledge) -> None:
    # given an entry of 2023-05-23
    before, after = (knowledge.as_of(datetime(2023, 5, day, tzinfo=UTC)) for day in (22, 23))
    assert not listed(before, CHINYONG)
    assert listed(after, CHINYONG) == [CHINYONG]


def test_people_and_organisations_are_never_compared_with_each_other(knowledge: Knowledge) -> None:
    assert knowledge.people_like("Quillmarsh Example Information Technology Cooperation") == ()
    assert knowledge.organisations_like("Orrin Velmarsh Example") == ()


def test_a_match_shows_entry_spelling_and_score(knowledge: Knowledge) -> None:
    match = knowledge.organisations_like("Chunyong IT")[0]
    assert match.entry.list == "OFAC, 2023-05-23, entry 43379"
    assert match.alias == CHINYONG
    assert 80 < match.score < 95


def test_names_of_any_letters_are_taken_apart_without_an_error() -> None:
    order = random.Random(3)
    letters = string.printable + "äßœøłжщ北京\u202e\u0000\U0001f600"
    index = NameIndex([Alias(0, "Chinyong"), Alias(1, "Kim Sang Man", person=True)])
    for _ in range(2000):
        text = "".join(order.choices(letters, k=order.randint(0, 400)))
        assert all(words(text))
        assert set(distinctive(core(text))) <= set(words(text))
        index.organisations(text)
        index.people(text)


def test_the_skeleton_holds_what_spellings_share() -> None:
    assert skeleton("pyongyang") == skeleton("pyeongyang")
    assert skeleton("sergei") == skeleton("sergey")
    assert skeleton("velmarsh") != skeleton("dalman")


def test_twenty_thousand_names_are_met_through_a_few() -> None:
    # given 20,000 names that share legal forms and filling words
    order = random.Random(5)
    names = ["".join(order.choices(string.ascii_lowercase, k=9)) + " Trading Company" for _ in range(20_000)]
    index = NameIndex(Alias(place, name) for place, name in enumerate(names))
    start = time.process_time()
    found = sum(
        any(m.alias.entry == place for m in index.organisations(names[place])) for place in range(500)
    )
    # then each is found, in far less time than comparing with all of them takes
    assert found == 500
    assert time.process_time() - start < 2.5


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Office 2, Dom 113/5, Vokzalnaya Street, Artyom, Russia", "ul. Vokzalnaja 113/5, Artyom", True),
        ("213 Harbour Light Road, Portmarrow", "Bldg 7, 213 Harbor Light Rd., Portmarrow", True),
        ("213 Harbour Light Road, Portmarrow", "12 Harbour Light Road, Portmarrow", False),  # another house
        ("213 Harbour Light Road, Portmarrow", "213 Mill Street, Portmarrow", False),  # another street
        (
            "41 Ulitsa Klary Tsetskin, Vladivostok 690000",
            "Office 3, Vladivostok 690000",
            False,
        ),  # a postal code
        ("Pyongyang", "Pyongyang", False),
        ("", "", False),
    ],
)
def test_a_street_is_the_same_by_number_and_name(one: str, other: str, same: bool) -> None:
    assert same_street(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "town"),
    [
        ("Kansong-dong, Pyongchon-guyok, Pyongyang", "12 River Road, Pyongyang", "Pyongyang"),
        (
            "Huale St. Aojing Park Building 23, Zhongshan District, Dalian, Liaoning, China",
            "Dalian, China",
            "Dalian",
        ),
        ("Vietnam", "Hanoi, Vietnam", ""),  # a country is no town
        ("United Arab Emirates", "Dubai, United Arab Emirates", ""),
        ("Moscow, Russia", "Moscow Road 5, London", ""),
    ],
)
def test_a_town_counts_and_a_country_never_does(one: str, other: str, town: str) -> None:
    assert same_town(one, other) == town
