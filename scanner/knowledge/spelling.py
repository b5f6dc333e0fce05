"""Names taken apart for comparing: letters without marks, legal forms aside, and the skeleton that spellings share.

Romanisation varies by system and by clerk (Chinyong, Jinyong, Chin-yong), machine reading garbles vowels (Chunyong).
The skeleton keeps what survives both: consonants, with the pairs that systems write either way taken as one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LEGAL = (
    "llc ltd limited co company companies corp corporation inc incorporated gmbh mbh ag kg ug ohg sa sas sarl srl spa "
    "bv nv oy ab as aps asa kk kft doo sro zrt ooo oao zao pao ao jsc ojsc cjsc pjsc pte pty plc lp llp lllp pvt "
    "private liability public joint stock fze fzco dmcc sdn bhd tbk cv the and of"
)
_GENERIC = (
    "trading trade technology technologies tech technical network networks international information it "
    "service services solution solutions system systems software soft digital group holding holdings "
    "global industry industries industrial development real estate shipping bank banking credit "
    "cooperation cooperative general united internet computer computing commerce commercial import export "
    "engineering consulting consultancy enterprise enterprises university college institute academy "
    "school center centre research bureau department office team studio studios labs lab media web online "
    "data cloud branch representative agency partners ventures capital management business design "
    "creative expo union society association foundation science park"
)
_PLACES = (
    "korea korean chosun choson china chinese russia russian vietnam vietnamese laos japan japanese usa us uk america "
    "american europe european asia asian uae emirates india indian north south east west republic"
)
LEGAL, GENERIC, PLACES = frozenset(_LEGAL.split()), frozenset(_GENERIC.split()), frozenset(_PLACES.split())
"""Legal forms; words that fill up a firm's name, of which none tells two firms apart; and those that name a place."""

_LATIN = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya i yi ye g u"
_CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў", _LATIN.split(" "), strict=True))
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’‘`´ʹʼ]")
_ABBREVIATED = re.compile(r"\b(?:\w\.){2,}")
_SOUNDS = (
    ("kh", "k"), ("ck", "k"), ("ch", "c"), ("sh", "s"), ("zh", "c"), ("ts", "s"), ("ph", "p"), ("th", "t"),
    ("gh", "k"), ("ng", "n"), ("qu", "k"),
)  # fmt: skip
_ALIKE = str.maketrans(
    {"j": "c", "g": "k", "q": "k", "b": "p", "d": "t", "l": "r", "v": "f", "z": "s", "x": "s"}
    | dict.fromkeys("aeiouyhw", "")
)


@lru_cache(maxsize=65_536)
def words(name: str) -> tuple[str, ...]:
    """The words of a name: case folded, marks and apostrophes dropped, Cyrillic in Latin letters.

    >>> words("O'Brien & Söhne G.m.b.H."), words("Гайк Асатрян"), words("Silver-Star Co.,Ltd")
    (('obrien', 'sohne', 'gmbh'), ('gayk', 'asatryan'), ('silver', 'star', 'co', 'ltd'))
    """
    text = unicodedata.normalize("NFKC", name[:300]).casefold()
    text = _ABBREVIATED.sub(lambda found: found.group().replace(".", ""), _APOSTROPHES.sub("", text))
    if not text.isascii():
        text = "".join(_CYRILLIC.get(letter, letter) for letter in text)
        text = "".join(
            letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
        )
    return tuple(_WORD.findall(text))


def core(name: str) -> tuple[str, ...]:
    """The words without legal forms; all of them where nothing else is there.

    >>> core("LIMITED LIABILITY COMPANY FORTUNA"), core("Intellekt OOO")
    (('fortuna',), ('intellekt',))
    """
    found = words(name)
    return tuple(word for word in found if word not in LEGAL) or found


def distinctive(name: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a core that tell it from other firms.

    >>> distinctive(core("Chinyong Information Technology Cooperation Company"))
    ('chinyong',)
    """
    return tuple(word for word in name if not _fills_up(word))


def _fills_up(word: str) -> bool:
    return bool({word, word + "s", word.removesuffix("s")} & GENERIC) or word in PLACES


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """What spellings of one word share.

    >>> skeleton("chinyong") == skeleton("chunyong") == skeleton("jinyong"), skeleton("shenyang")
    (True, 'sn')
    """
    for sound, letter in _SOUNDS:
        word = word.replace(sound, letter)
    word = word.translate(_ALIKE)
    return re.sub(r"(.)\1+", r"\1", word)
