"""People are not scored: other names, languages and countries, put in the same places, move no verdict.

A world is copied with one thing changed everywhere it stands (claim, site, record), and every case must come
out at the level it had before.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml

from scanner.evaluate import evaluate_world, workers
from scanner.intake import read_case
from scanner.parse import ParsePool

WORLDS = Path(__file__).parent / "worlds"
Change = Mapping[str, str]
shares_workers = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parse() -> AsyncIterator[ParsePool]:
    """The same workers for all: starting them takes longer than a scan."""
    async with workers() as started:
        yield started


def copied(world: str, folder: Path, change: Change, keys: tuple[str, ...]) -> Path:
    """The world with every text changed, and the cases `keys` alone labelled."""
    there = folder / world
    shutil.copytree(WORLDS / world, there)
    for path in sorted(there.rglob("*")):
        if path.suffix in (".yaml", ".html", ".txt"):
            path.write_text(changed(path.read_text(encoding="utf-8"), change), encoding="utf-8")
    tree: dict[str, Any] = yaml.load((there / "world.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    tree["labels"] = {key: {} for key in tree["labels"] if key in keys}
    (there / "world.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    return there


def changed(text: str, change: Change) -> str:
    """All at once, so that two names can change places: longest first, by way of marks that stand nowhere."""
    olds = sorted(change, key=len, reverse=True)
    for number, old in enumerate(olds):
        text = text.replace(old, f"\ue000{number}\ue001")
    for number, old in enumerate(olds):
        text = text.replace(f"\ue000{number}\ue001", change[old])
    return text


async def moved(
    parse: ParsePool, world: str, folder: Path, changes: Mapping[str, Change], keys: tuple[str, ...]
) -> dict[str, list[str]]:
    """By name of the change, the cases whose level is not what it was before, with both levels."""

    async def levels(name: str, change: Change) -> dict[str, str]:
        there = copied(world, folder / name, change, keys)
        return {one.case: one.level for one in await evaluate_world(there, there.parent, None, parse)}

    before = await levels("before", {})
    assert set(before) == set(keys)
    assert "error" not in before.values()
    found = {}
    for number, (name, change) in enumerate(changes.items()):
        after = await levels(str(number), change)
        found[name] = [
            f"{case}: {before[case]} -> {after[case]}" for case in before if after[case] != before[case]
        ]
    return {name: cases for name, cases in found.items() if cases}


def organisations(world: str) -> list[str]:
    cases = [
        case for path in sorted((WORLDS / world / "cases").glob("*.yaml")) for case in read_case(path).cases
    ]
    return sorted({claim.organisation for case in cases for claim in case.claims if claim.organisation})


# ---------------------------------------------------------------------------------------------- names

NAMES = {
    "korean": (
        "푸른하늘 소프트",
        "한빛 기술",
        "Kim & Park Systems",
        "새벽 연구소",
        "Jong Digital",
        "Pak Studio",
    ),
    "west-african": ("Okonkwo Digital", "Adébáyọ̀ Systems", "Mensah & Diop", "Ngozi Apps", "Traoré Conseil"),
    "arabic": ("شركة النخيل للبرمجيات", "Al-Rashid Tech", "مكتب الواحة", "Haddad Studio", "Bin Yusuf Data"),
}


NAMED = {
    "continuity": (
        "cases/different-owner.yaml",
        "cases/founders-blog.yaml",
        "cases/moved-city.yaml",
        "cases/rebrand-in-the-firm.yaml",
        "cases/redesign.yaml",
    ),
    "firms": (
        "cases/late-to-the-web.yaml",
        "cases/rebrand-named-on-the-page.yaml",
        "cases/years-only.yaml",
    ),
    "fronts": (
        "cases/year-only.yaml",
        "cases/registration-alone.yaml",
        "cases/old-history-elsewhere.yaml",
    ),
}


@pytest.mark.parametrize("world", sorted(NAMED))
@shares_workers
async def test_other_names_of_organisations_move_nothing(
    parse: ParsePool, world: str, tmp_path: Path
) -> None:
    # given the same claims, sites and records under names of another language
    found = organisations(world)
    changes = {
        style: {name: f"{names[n % len(names)]} {n}" for n, name in enumerate(found)}
        for style, names in NAMES.items()
    }
    assert await moved(parse, world, tmp_path, changes, NAMED[world]) == {}


@shares_workers
async def test_another_name_of_a_person_moves_nothing(parse: ParsePool, tmp_path: Path) -> None:
    names = ("Kim Jong-su", "Fatima Al-Sayed", "王小明")
    changes = {
        name: {"Ines Varga": name, "Varga Web": f"{name} Web", "ines.varga.dev": "jane.other.dev"}
        for name in names
    }
    keys = ("cases/young-freelancer.yaml", "cases/freelancer-claims-to-be-a-firm.yaml")
    assert await moved(parse, "people", tmp_path, changes, keys) == {}


@shares_workers
async def test_another_spelling_of_a_domain_moves_nothing(parse: ParsePool, tmp_path: Path) -> None:
    stems = [
        ("nguyen-soft", "tran-web"),
        ("pyongsoft", "chollima-it"),
        ("синева", "родник"),
    ]
    changes = {
        one: {"veloxbridge.example": f"{one}.example", "zedway.example": f"{two}.example"}
        for one, two in stems
    }
    keys = ("cases/year-only.yaml", "cases/end-only.yaml", "cases/registration-alone.yaml")
    assert await moved(parse, "fronts", tmp_path, changes, keys) == {}


# ------------------------------------------------------------------------------------------ countries

COUNTRIES = {
    # code: (place on a résumé, another one, address, telephone number)
    "US": ("Austin, TX, US", "Denver, CO, US", "500 Congress Avenue, Austin, TX 78701, USA", "+1 512 456 7890"),
    "GB": ("Bristol, United Kingdom", "Leeds, United Kingdom", "12 Foundry Lane, Leeds LS10 1AB, United Kingdom",
           "+44 113 234 5678"),
    "PT": ("Lisbon, Portugal", "Porto, Portugal", "18 Rua das Flores, 4050-262 Porto, Portugal", "+351 22 617 4093"),
    "DE": ("Freiburg, Germany", "Hamburg, Germany", "Lindenweg 4, 79098 Freiburg, Germany", "+49 761 1234567"),
    "IN": ("Pune, India", "Chennai, India", "44 Baner Road, Pune 411045, India", "+91 20 2567 8901"),
    "ES": ("Madrid, Spain", "Sevilla, Spain", "Calle Mayor 5, 28013 Madrid, Spanien", "+34 911 23 45 67"),
    "KR": ("Seoul, South Korea", "Busan, South Korea", "25 Teheran-ro, Gangnam-gu, Seoul 06132, South Korea",
           "+82 2 517 4093"),
    "CN": ("Shenyang, China", "Dalian, China", "8 Qingnian Street, Shenyang 110013, China", "+86 24 2517 4093"),
    "RU": ("Moscow, Russia", "Kazan, Russia", "ul. Lesnaya 5, Moscow 125047, Russia", "+7 495 517 40 93"),
    "VN": ("Hanoi, Vietnam", "Hue, Vietnam", "12 Trang Tien, Hanoi 100000, Vietnam", "+84 24 3517 4093"),
    "NG": ("Lagos, Nigeria", "Abuja, Nigeria", "12 Broad Street, Lagos 101001, Nigeria", "+234 803 517 4093"),
    "PK": ("Lahore, Pakistan", "Karachi, Pakistan", "7 Mall Road, Lahore 54000, Pakistan", "+92 42 3517 4093"),
    "BR": ("Recife, Brazil", "Curitiba, Brazil", "Rua da Aurora 9, 50050-000 Recife, Brazil", "+55 81 3517 4093"),
    "KP": ("Pyongyang, North Korea", "Wonsan, North Korea", "3 Sungri Street, Pyongyang, North Korea",
           "+850 2 381 4093"),
}  # fmt: skip
PLACED = {
    "firms": (
        "cases/offshore-with-sales-office.yaml",
        "cases/remote-for-an-old-firm.yaml",
        "cases/rebrand-undated-old-address.yaml",
    ),
    "fronts": ("cases/old-history-elsewhere.yaml", "cases/no-registry-dates.yaml"),
}


def exchanged(shift: int) -> Change:
    """Every country for another one, in places, addresses, telephone numbers and records alike."""
    codes = list(COUNTRIES)
    change: dict[str, str] = {}
    for index, old in enumerate(codes):
        new = codes[(index + shift) % len(codes)]
        pairs = list(zip(COUNTRIES[old], COUNTRIES[new], strict=True))
        change.update(pairs)
        change.update({_dialled(a): _dialled(b) for a, b in pairs if a.startswith("+")})
        change[f"country: {old}"] = f"country: {new}"
    return change


def _dialled(number: str) -> str:
    return "tel:" + number.replace(" ", "")


@pytest.mark.parametrize("world", sorted(PLACED))
@shares_workers
async def test_other_countries_move_nothing(parse: ParsePool, world: str, tmp_path: Path) -> None:
    # given claim, address, telephone and record that agree, or disagree, as before, elsewhere
    changes = {f"shifted by {shift}": exchanged(shift) for shift in (3, 6, 8, 10)}
    assert await moved(parse, world, tmp_path, changes, PLACED[world]) == {}


# ------------------------------------------------------------------------------------------ languages

SENTENCES = (
    "Ironlattice Technologies has been serving clients since 1998 with enterprise software of every kind.",
    "we were founded in 1921 as a foundry.",
    "Willowmark, formerly",
    "This domain is for sale. Buy this domain for 2,300 EUR.",
)
LANGUAGES = {
    "de": (
        "Unser Unternehmen arbeitet seit 1998 für Kunden aus aller Welt.",
        "wir wurden 1921 gegründet, als Gießerei.",
        "Willowmark, vormals",
        "Diese Domain steht zum Verkauf. Diese Domain kaufen.",
    ),
    "fr": (
        "Notre entreprise accompagne ses clients depuis 1998.",
        "notre entreprise a été fondée en 1921, comme fonderie.",
        "Willowmark, anciennement",
        "Ce nom de domaine est à vendre. Acheter ce domaine.",
    ),
    "es": (
        "Nuestra empresa trabaja para sus clientes desde 1998.",
        "nuestra empresa fue fundada en 1921 como fundición.",
        "Willowmark, anteriormente conocida como",
        "Este dominio está en venta. Comprar este dominio.",
    ),
    "ru": (
        "Наша компания работает для клиентов с 1998 года.",
        "наша компания основана в 1921 году.",
        "Willowmark, ранее",
        "Этот домен продается. Купить этот домен.",
    ),
    "ko": (
        "우리 회사는 1998년부터 서비스를 제공합니다.",
        "우리 회사는 1921년 설립되었습니다.",
        "Willowmark, formerly",
        "이 도메인을 판매합니다. 도메인 판매.",
    ),
    "zh": (
        "我们公司自1998年以来为客户服务。",
        "我们公司成立于1921年。",
        "Willowmark, 原名",
        "此域名出售。域名正在出售。",
    ),
}
SPOKEN = {
    "firms": (
        "cases/remote-for-an-old-firm.yaml",
        "cases/rebrand-named-on-the-page.yaml",
        "cases/sold-and-parked.yaml",
    ),
    "fronts": (
        "cases/old-history-elsewhere.yaml",
        "cases/for-sale-while-current.yaml",
    ),
}


@pytest.mark.parametrize("world", sorted(SPOKEN))
@shares_workers
async def test_another_language_of_the_pages_moves_nothing(
    parse: ParsePool, world: str, tmp_path: Path
) -> None:
    changes = {
        language: dict(zip(SENTENCES, sentences, strict=True)) | {'lang="en"': f'lang="{language}"'}
        for language, sentences in LANGUAGES.items()
    }
    assert await moved(parse, world, tmp_path, changes, SPOKEN[world]) == {}


@shares_workers
async def test_a_change_on_one_side_alone_is_seen(parse: ParsePool, tmp_path: Path) -> None:
    # given contacts moved into the claimed country while the claim stays, then the verdict does move
    alone = {COUNTRIES["PT"][2]: COUNTRIES["US"][2], "+351 22 617 4093": "+1 512 456 7890"}
    alone |= {"tel:+351226174093": "tel:+15124567890"}
    keys = ("cases/old-history-elsewhere.yaml",)
    assert await moved(parse, "fronts", tmp_path, {"site alone": alone}, keys) == {
        "site alone": ["cases/old-history-elsewhere.yaml: review -> nothing-found"]
    }


def test_every_text_that_is_changed_stands_in_the_worlds() -> None:
    # a permutation that finds nothing to change would prove nothing
    texts = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(WORLDS.rglob("*"))
        if path.suffix in (".yaml", ".html")
    )
    assert not [sentence for sentence in SENTENCES if sentence not in texts]
    for code in ("US", "GB", "PT", "DE", "IN", "ES"):
        assert any(part in texts for part in COUNTRIES[code]), code
        assert _dialled(COUNTRIES[code][3]) in texts, code
