"""The invented people, and how they write headings, dates and links."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from benchmarks.resumes.wording import MONTHS, PRESENT

Row = dict[str, Any]
PEOPLE: dict[str, Row] = {
    row["id"]: row
    for row in yaml.load((Path(__file__).parent / "people.yaml").read_text("utf-8"), yaml.BaseLoader)
}
HEADS = {  # profile, work, school, projects, skills, publications
    "en": ("Profile", "Experience", "Education", "Projects", "Skills", "Publications"),
    "de": ("Profil", "Berufserfahrung", "Ausbildung", "Projekte", "Kenntnisse", "Veröffentlichungen"),
    "fr": ("Profil", "Expérience professionnelle", "Formation", "Projets", "Compétences", "Publications"),
    "es": ("Perfil", "Experiencia profesional", "Formación", "Proyectos", "Competencias", "Publicaciones"),
    "it": ("Profilo", "Esperienza professionale", "Istruzione", "Progetti", "Competenze", "Pubblicazioni"),
    "pl": ("Profil", "Doświadczenie zawodowe", "Wykształcenie", "Projekty", "Umiejętności", "Publikacje"),
}
BABEL = {"en": "english", "de": "ngerman", "fr": "french", "es": "spanish", "it": "italian", "pl": "polish"}


def heads(person: Row) -> tuple[str, ...]:
    return HEADS[person["lang"]]


def name(person: Row) -> str:
    return " ".join(person["name"])


def date(person: Row, text: str, season: str = "", form: str = "") -> str:
    """`2015-03` as this person writes it."""
    lang, form = person["lang"], form or person["form"]
    if text == "present":
        return PRESENT[lang].capitalize() if form in ("long", "year") else PRESENT[lang]
    year, _, month = text.partition("-")
    if not month or form == "year":
        return f"{season} {year}".strip()
    if form == "number":
        return f"{month}.{year}" if lang == "pl" else f"{month}/{year}"
    word = MONTHS[lang].split()[int(month) - 1]
    if form == "short" and len(word) > 4:
        word = word[:3] + ("." if lang in ("de", "it", "fr") else "")
    return f"{word} {year}"


def dates(person: Row, post: Row, dash: str = " – ", form: str = "") -> str:
    starts = date(person, post["from"], post.get("fs", ""), form)
    return f"{starts}{dash}{date(person, post['to'], post.get('ts', ''), form)}"


def truth(person: Row, form: str = "", *, links: bool = True) -> Row:
    """What a careful reader finds: links False when the document shows firms without their addresses."""
    form = form or person["form"]
    urls = [*person["links"]]
    if links:
        urls += [row["url"] for row in person["posts"] + person["projects"] if row.get("url")]

    def seen(text: str) -> str:
        return text[:4] if form == "year" and text != "present" else text

    posts = [[post["org"], seen(post["from"]), seen(post["to"])] for post in person["posts"]]
    return {"urls": sorted(set(urls)), "employers": posts}


_TEX = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "–": "--", "’": "'"}


def tex(text: str) -> str:
    return re.sub(r"[&%#_$–’]", lambda found: _TEX[found[0]], text)


def bare(url: str) -> str:
    """An address as people print it."""
    return re.sub(r"^https?://(?:www\.)?", "", url)


def firm(post: Row, *, own: str = "") -> str:
    """The firm in LaTeX, with its address as this person gives it."""
    text = tex(post["org"])
    if post.get("how") == "behind":
        return rf"\href{{{post['url']}}}{{{text}}}"
    if post.get("how") == "shown":
        return rf"{text} ({own or chr(92) + 'url'}{{{post['url']}}})"
    return text


def items(
    post: Row, *, begin: str = r"\begin{itemize}", end: str = r"\end{itemize}", item: str = r"\item "
) -> str:
    return (
        begin + "".join(f"{item}{tex(text)}\n" for text in post.get("items", ())) + end
        if post.get("items")
        else ""
    )


def prose(post: Row) -> str:
    return tex(" ".join(post.get("items", ())))


# --------------------------------------------------------------------------------------------------- in LaTeX


def split(person: Row) -> tuple[str, str]:
    """First and last name."""
    return tex(person["name"][0]), tex(person["name"][1])


def babel(person: Row) -> str:
    return rf"\usepackage[{BABEL[person['lang']]}]{{babel}}"


def cventries(person: Row, dash: str, school: str, body: Callable[[Row], str]) -> list[str]:
    """Posts and, below the heading `school`, courses, by the command that moderncv and its kin share. body: what is
    told of a post."""

    def one(row: Row, where: str, told: str) -> str:
        when, title, place = dates(person, row, dash), tex(row["title"]), tex(row["place"])
        return rf"\cventry{{{when}}}{{{title}}}{{{where}}}{{{place}}}{{}}{{{told}}}"

    posts = [one(row, firm(row), body(row)) for row in person["posts"]]
    return [*posts, rf"\section{{{school}}}", *(one(row, tex(row["org"]), "") for row in person["school"])]
