# ruff: noqa: E501 - markup and layouts read best on one line
"""DOCX as Word itself writes it: links as fields, tabs before dates, a sidebar in a text box, headers with contact."""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import Any

from benchmarks.resumes.wording import DUTIES, HEADS, SKILLS, period

Person = dict[str, Any]
_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _tab() -> str:
    return "<w:r><w:tab/></w:r>"


def _field(url: str, text: str) -> str:
    """A link as a complex field, its instruction in two runs, as Word splits them."""
    half = len(url) // 2
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> HYPERLINK "{escape(url[:half])}</w:instrText></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{escape(url[half:])}" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{_run(text)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _paragraph(inner: str, style: str = "", bullet: bool = False) -> str:
    marks = (f'<w:pStyle w:val="{style}"/>' if style else "") + (
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if bullet else ""
    )
    return f"<w:p>{f'<w:pPr>{marks}</w:pPr>' if marks else ''}{inner}</w:p>"


def document(person: Person, layout: str, form: str) -> bytes:
    """fields: links as fields; boxes: contact in a text box, links by relationship, and in a header."""
    relations: list[str] = []

    def link(url: str, text: str) -> str:
        if layout == "fields":
            return _field(url, text)
        relations.append(url)
        return f'<w:hyperlink r:id="rId{len(relations) + 10}">{_run(text)}</w:hyperlink>'

    work, study, projects, skills, contact = HEADS[person["lang"]]
    side = [_paragraph(_run(contact), "Heading1"), _paragraph(_run(person["mail"]))]
    side += [_paragraph(link(url, url.removeprefix("https://"))) for url in person["links"]]
    body = [_paragraph(_run(person["name"]), "Title"), _paragraph(_run(person["title"]))]
    body += side if layout == "fields" else [_paragraph(_box("".join(side)))]
    body.append(_paragraph(_run(work), "Heading1"))
    for job in person["work"]:
        name = link(job["url"], job["org"]) if job["style"] == "behind" else _run(job["org"])
        when = period(person["lang"], job["from"], job["to"], form)
        body.append(_paragraph(name + _run(f", {job['place']}") + _tab() + _run(when)))
        site = _run(" | ") + link(job["url"], job["url"]) if job["style"] == "shown" else ""
        body.append(_paragraph(_run(job["title"]) + site))
        body += [_paragraph(_run(line), bullet=True) for line in DUTIES[person["lang"]]]
    body.append(_paragraph(_run(study), "Heading1"))
    for row in person["school"]:
        when = period(person["lang"], row["from"], row["to"], "year")
        body.append(_paragraph(_run(f"{row['degree']}, {row['org']}") + _tab() + _run(when)))
    if person["projects"]:
        body.append(_paragraph(_run(projects), "Heading1"))
        body += [_paragraph(link(row["url"], row["name"]), bullet=True) for row in person["projects"]]
    body += [_paragraph(_run(skills), "Heading1"), _paragraph(_run(SKILLS))]
    return _packed("".join(body), relations)


def _box(inner: str) -> str:
    """The same text twice, as Word writes it for programs that don't know text boxes."""
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>'
        f"{inner}</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent>{inner}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def _packed(body: str, relations: list[str]) -> bytes:
    rows = "".join(
        f'<Relationship Id="rId{number + 11}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'hyperlink" Target="{escape(url)}" TargetMode="External"/>'
        for number, url in enumerate(relations)
    )
    packages = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" Type="{office}" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {_NS}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{packages}/relationships">{rows}</Relationships>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(
                zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{text}', zipfile.ZIP_DEFLATED
            )
    return out.getvalue()
