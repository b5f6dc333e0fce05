# ruff: noqa: E501 - sources of documents
"""LibreOffice's own two résumé templates, filled in: `CV.ott` (a table) and `Resume1page.ott` (sections, lists)."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.resumes.classes.filler import Row, dates, heads, name

TEMPLATES = Path(shutil.which("soffice") or "soffice").resolve().parents[1] / "share/template/common/personal"


def _link(post: Row) -> str:
    text = escape(post["org"])
    if post.get("how") == "behind":
        return f'<text:a xlink:type="simple" xlink:href="{post["url"]}">{text}</text:a>'
    return f"{text} ({post['url']})" if post.get("how") == "shown" else text


def _p(style: str, text: str) -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def table(person: Row) -> str:
    def row(left: str, *right: str, bold: bool = False) -> str:
        left = f'<text:span text:style-name="Strong_20_Emphasis">{left}</text:span>' if bold else left
        cell = (
            '<table:table-cell table:style-name="Table1.A1" office:value-type="string">%s</table:table-cell>'
        )
        return (
            "<table:table-row>" + cell % _p("Standard", left)
            + cell % "".join(_p("Standard", text) for text in right or ("",)) + "</table:table-row>"
        )  # fmt: skip

    rows = [row("Name", name(person)), row("E-Mail", person["mail"]), row("Web", person["links"][0]), row("")]
    for head, posts in ((heads(person)[1], person["posts"]), (heads(person)[2], person["school"])):
        rows.append(row(head, bold=True))
        rows += [row(dates(person, post), f"{escape(post['title'])}, {_link(post)}, {escape(post['place'])}",
                     *map(escape, post.get("items", ()))) for post in posts]  # fmt: skip
        rows.append(row(""))
    rows.append(row(heads(person)[4], bold=True))
    rows += [row(escape(key), escape(text)) for key, text in person["skills"].items()]
    return (
        '<text:h text:style-name="Heading_20_1" text:outline-level="1">Curriculum Vitae</text:h>'
        '<table:table table:name="Table1" table:style-name="Table1"><table:table-column table:style-name="Table1.A"/>'
        f'<table:table-column table:style-name="Table1.B"/>{"".join(rows)}</table:table>'
    )


def page(person: Row) -> str:
    def head(style: str, text: str) -> str:
        return f'<text:h text:style-name="{style}" text:outline-level="3">{text}</text:h>'

    body = [f'<text:h text:style-name="P14" text:outline-level="1">{name(person)}</text:h>',
            _p("P4", escape(person["home"])), _p("P4", person["phone"]),
            _p("P4", f"{person['mail']}<text:line-break/>{person['links'][0]}"), head("P15", heads(person)[2])]  # fmt: skip
    body += [_p("P5", f'<text:span text:style-name="T5">{escape(post["title"])}</text:span><text:span text:style-name="T3">'
                f"<text:line-break/>{escape(post['org'])}, {dates(person, post)}</text:span>") for post in person["school"]]  # fmt: skip
    body.append(head("P17", heads(person)[1]))
    for at, post in enumerate(person["posts"]):
        inner = _p(
            "P3",
            f'{escape(post["title"])}<text:line-break/><text:span text:style-name="T8">{_link(post)}</text:span>',
        )
        body.append(
            f'<text:section text:style-name="Sect1" text:name="Section{at + 1}">{inner}{_p("P2", dates(person, post))}</text:section>'
        )
        items = "".join(
            f"<text:list-item>{_p('P6', escape(text))}</text:list-item>" for text in post["items"]
        )
        body.append(f'<text:list text:style-name="L1">{items}</text:list>')
    body.append(head("P16", heads(person)[4]))
    skills = "".join(
        f"<text:list-item>{_p('P9', escape(text))}</text:list-item>" for text in person["skills"].values()
    )
    return "".join(body) + f'<text:list text:style-name="L1">{skills}</text:list>'


LAYOUTS = {"office-table": ("CV.ott", table), "office-page": ("Resume1page.ott", page)}


def write(layout: str, person: Row, out: Path) -> None:
    """The filled template as an ODT."""
    template, body = LAYOUTS[layout]
    with zipfile.ZipFile(TEMPLATES / template) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "mimetype":
                data = b"application/vnd.oasis.opendocument.text"
            elif info.filename == "META-INF/manifest.xml":
                data = data.replace(b"opendocument.text-template", b"opendocument.text")
            elif info.filename == "content.xml":
                text = data.decode("utf-8")
                text = re.sub(
                    r"(<office:text[^>]*>).*(</office:text>)",
                    lambda found: found[1] + body(person) + found[2],
                    text,
                    flags=re.DOTALL,
                )
                data = text.encode("utf-8")
            new.writestr(info.filename, data)
