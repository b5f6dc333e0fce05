# ruff: noqa: E501 - markup and layouts read best on one line
"""Layouts as HTML, for a browser, an office suite, and as they stand."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from benchmarks.resumes.wording import AT, DUTIES, HEADS, SKILLS, period

Person = dict[str, Any]
ICON = '<svg width="12" height="12" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>'
PICTURE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGNgYGD4jxcPLQ0ANB8/wTgJzXcAAAAASUVORK5CYII="
STYLE = (
    "body{font:10.5pt 'DejaVu Sans',sans-serif;margin:0;line-height:1.35}h1{font-size:20pt;margin:0}h2{font-size:13pt;"
    "border-bottom:1px solid #888;margin:12pt 0 4pt}p{margin:2pt 0}ul{margin:2pt 0 8pt}.row{display:flex;"
    "justify-content:space-between}table{border-collapse:collapse}td{vertical-align:top;padding:2pt 14pt 6pt 0}"
    ".side{float:left;width:28%;padding-right:4%}.main{margin-left:34%}a{overflow-wrap:anywhere}"
    ".t td{border:1px solid #aaa;padding:3pt 6pt}@page{size:A4;margin:16mm}"
)


def link(url: str, words: str = "") -> str:
    return f'<a href="{escape(url)}">{escape(words or url.removeprefix("https://"))}</a>'


def firm(job: Person) -> str:
    return link(job["url"], job["org"]) if job["style"] == "behind" else escape(job["org"])


def shown(job: Person, before: str = " | ") -> str:
    return before + link(job["url"]) if job["style"] == "shown" else ""


def duties(person: Person, count: int = 3) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in DUTIES[person["lang"]][:count]) + "</ul>"


def dates(person: Person, job: Person, form: str) -> str:
    return escape(period(person["lang"], job["from"], job["to"], form))


def head(person: Person) -> str:
    """Name, private details and contact as many résumés show them."""
    private = person["private"]
    mail = person["mail"]
    contact = " · ".join(link(url) for url in person["links"])
    return (
        f"<h1>{escape(person['name'])}</h1><p>{escape(person['title'])}</p>"
        f"<p>{escape(private['born'])} · {escape(private['nationality'])} · {escape(private['family'])}</p>"
        f'<p>{escape(private["home"])} · <a href="mailto:{mail}">{mail}</a> · +99 555 0100 22</p><p>{contact}</p>'
    )


def school(person: Person, form: str = "year") -> str:
    return "".join(
        f"<p>{escape(row['degree'])}, {escape(row['org'])} &nbsp; "
        f"{escape(period(person['lang'], row['from'], row['to'], form))}</p>"
        for row in person["school"]
    )


def projects(person: Person) -> str:
    return "".join(f"<li>{link(row['url'], row['name'])}</li>" for row in person["projects"])


def rest(person: Person) -> str:
    _, study, work, skills, _ = HEADS[person["lang"]]
    more = f"<h2>{work}</h2><ul>{projects(person)}</ul>" if person["projects"] else ""
    return f"<h2>{study}</h2>{school(person)}{more}<h2>{skills}</h2><p>{SKILLS}</p>"


def classic(person: Person, form: str) -> str:
    """Firm and place left, dates right; the post below."""
    jobs = "".join(
        f'<div class="row"><b>{firm(job)}, {escape(job["place"])}</b><span>{dates(person, job, form)}</span></div>'
        f"<p><i>{escape(job['title'])}</i>{shown(job)}</p>{duties(person)}"
        for job in person["work"]
    )
    return f"{head(person)}<h2>{HEADS[person['lang']][0]}</h2>{jobs}{rest(person)}"


def title_first(person: Person, form: str) -> str:
    """ "Engineer at Acme (2015–2019)" on one line."""
    at = AT.get(person["lang"], "|")
    jobs = "".join(
        f"<p><b>{escape(job['title'])} {at} {firm(job)}</b> ({dates(person, job, form)})</p>"
        f"<p>{escape(job['place'])}{shown(job)}</p>{duties(person)}"
        for job in person["work"]
    )
    return f"{head(person)}<h2>{HEADS[person['lang']][0].upper()}</h2>{jobs}{rest(person)}"


def stacked(person: Person, form: str) -> str:
    """Post, firm, and dates with the place, each on a line."""
    jobs = "".join(
        f"<h3>{escape(job['title'])}</h3><p>{firm(job)}</p><p>{dates(person, job, form)} | {escape(job['place'])}</p>"
        + (f"<p>{link(job['url'])}</p>" if job["style"] == "shown" else "")
        + duties(person, 2)
        for job in person["work"]
    )
    return f"{head(person)}<h2>{HEADS[person['lang']][0]}</h2>{jobs}{rest(person)}"


def table(person: Person, form: str) -> str:
    """Dates in a column of their own on the left, as in Europass."""
    rows = "".join(
        f"<tr><td width='24%'>{dates(person, job, form)}</td><td><p><b>{escape(job['title'])}</b></p>"
        f"<p>{firm(job)}, {escape(job['place'])}{shown(job, ' – ')}</p>{duties(person, 2)}</td></tr>"
        for job in person["work"]
    )
    return (
        f"{head(person)}<h2>{HEADS[person['lang']][0]}</h2><table width='100%'>{rows}</table>{rest(person)}"
    )


def grid(person: Person, form: str) -> str:
    """A ruled table: firm, post, dates, place."""
    rows = "".join(
        f"<tr><td>{firm(job)}</td><td>{escape(job['title'])}</td><td>{dates(person, job, form)}</td>"
        f"<td>{escape(job['place'])}</td><td>{link(job['url']) if job['style'] == 'shown' else ''}</td></tr>"
        for job in person["work"]
    )
    return f"{head(person)}<h2>{HEADS[person['lang']][0]}</h2><table class='t' width='100%'>{rows}</table>{rest(person)}"


def sidebar(person: Person, form: str) -> str:
    """Contact, skills and schools in a narrow column beside the posts."""
    work, study, _, skills, contact = HEADS[person["lang"]]
    private = person["private"]
    links_ = "".join(f"<p>{link(url)}</p>" for url in person["links"])
    side = (
        f"<h2>{contact}</h2><p>{person['mail']}</p><p>+99 555 0100 22</p><p>{escape(private['home'])}</p>"
        f"<p>{escape(private['born'])}</p>{links_}"
        f"<h2>{skills}</h2>"
        + "".join(f"<p>{word}</p>" for word in SKILLS.split(", "))
        + f"<h2>{study}</h2>{school(person)}"
    )
    jobs = "".join(
        f"<p><b>{escape(job['title'])}</b></p><p>{firm(job)} | {escape(job['place'])} | {dates(person, job, form)}</p>"
        + (f"<p>{link(job['url'])}</p>" if job["style"] == "shown" else "")
        + duties(person, 2)
        for job in person["work"]
    )
    more = f"<h2>{HEADS[person['lang']][2]}</h2><ul>{projects(person)}</ul>" if person["projects"] else ""
    return (
        f"<h1>{escape(person['name'])}</h1><p>{escape(person['title'])}</p>"
        f'<div class="side">{side}</div><div class="main"><h2>{work}</h2>{jobs}{more}</div>'
    )


def icons(person: Person, form: str) -> str:
    """Links behind pictures and firms' names; no address can be read."""
    marks = " ".join(
        f'<a href="{escape(url)}"><img src="{PICTURE}" width="14" height="14"></a>' for url in person["links"]
    )
    jobs = "".join(
        f"<p><b>{escape(job['org'])}</b>"
        + (
            f' <a href="{escape(job["url"])}"><img src="{PICTURE}" width="10" height="10"></a>'
            if job["url"]
            else ""
        )
        + f" — {escape(job['title'])}, {escape(job['place'])}</p><p>{dates(person, job, form)}</p>{duties(person)}"
        for job in person["work"]
    )
    return (
        f"<h1>{escape(person['name'])}</h1><p>{escape(person['title'])}</p><p>{marks}</p>"
        f"<h2>{HEADS[person['lang']][0]}</h2>{jobs}{rest(person)}"
    )


def compact(person: Person, form: str) -> str:
    """One line a post: dates, post, firm, place."""
    jobs = "".join(
        f"<p>{dates(person, job, form)}: {escape(job['title'])}, {firm(job)}, {escape(job['place'])}{shown(job)}</p>"
        for job in person["work"]
    )
    return f"{head(person)}<h2>{HEADS[person['lang']][0]}</h2>{jobs}{rest(person)}"


# -------------------------------------------------------- written after the reader, to see what it does unprepared


def labelled(person: Person, form: str) -> str:
    """ "Company: … Position: … Period: …", as application forms print it."""
    jobs = "".join(
        f"<p>Company: {firm(job)}</p><p>Position: {escape(job['title'])}</p><p>Location: {escape(job['place'])}</p>"
        f"<p>Period: {dates(person, job, form)}</p>"
        + (f"<p>Website: {link(job['url'])}</p>" if job["style"] == "shown" else "")
        + f"<p>{escape(DUTIES[person['lang']][0])}</p>"
        for job in person["work"]
    )
    return f"{head(person)}<h2>{HEADS[person['lang']][0]}</h2>{jobs}{rest(person)}"


def dates_first(person: Person, form: str) -> str:
    """Dates on a line of their own above the firm; duties as prose."""
    jobs = "".join(
        f"<p><small>{dates(person, job, form)}</small></p><p><b>{firm(job)}</b> · {escape(job['place'])}{shown(job, ' · ')}</p>"
        f"<p>{escape(job['title'])}</p><p>{' '.join(map(escape, DUTIES[person['lang']]))}</p>"
        for job in person["work"]
    )
    return f"{head(person)}<h2>{HEADS[person['lang']][0]}</h2>{jobs}{rest(person)}"


def right_sidebar(person: Person, form: str) -> str:
    """Posts in a wide column on the left, contact on the right; dates right-aligned in the wide column."""
    work, study, _, skills, contact = HEADS[person["lang"]]
    links_ = "".join(f"<p>{link(url)}</p>" for url in person["links"])
    jobs = "".join(
        f'<div class="row"><b>{escape(job["title"])}</b><span>{dates(person, job, form)}</span></div>'
        f'<div class="row"><span>{firm(job)}</span><span>{escape(job["place"])}</span></div>'
        + (f"<p>{link(job['url'])}</p>" if job["style"] == "shown" else "")
        + duties(person, 2)
        for job in person["work"]
    )
    found = "".join(f"<p>{link(row['url'], row['name'])}</p>" for row in person["projects"])
    side = f"<h2>{contact}</h2><p>{person['mail']}</p>{links_}<h2>{skills}</h2><p>{SKILLS}</p><h2>{study}</h2>{school(person)}"
    more = f"<h2>{HEADS[person['lang']][2]}</h2>{found}" if found else ""
    return (
        f"<h1>{escape(person['name'])}</h1><div style='display:flex;gap:8mm'><div style='width:64%'><h2>{work}</h2>"
        f"{jobs}{more}</div><div style='width:30%'>{side}</div></div>"
    )


def italic_line(person: Person, form: str) -> str:
    """Firm with its place in brackets; post and dates on the line below with a dash."""
    jobs = "".join(
        f"<h3>{firm(job)} ({escape(job['place'])})</h3><p><i>{escape(job['title'])} — {dates(person, job, form)}</i></p>"
        + (f"<p>{escape(job['org'])}: {link(job['url'])}</p>" if job["style"] == "shown" else "")
        + duties(person)
        for job in person["work"]
    )
    return f"{head(person)}<h2>{HEADS[person['lang']][0]}</h2>{jobs}{rest(person)}"


def centred(person: Person, form: str) -> str:
    """Everything in the middle of the page, parted by bars; schools before posts."""
    work = HEADS[person["lang"]][0]
    jobs = "".join(
        f"<p>{escape(job['title'])} | {firm(job)}{shown(job)}</p><p>{escape(job['place'])} | {dates(person, job, form)}</p>"
        f"<p>{escape(DUTIES[person['lang']][1])}</p>"
        for job in person["work"]
    )
    return f"<center>{head(person)}{rest(person)}<h2>{work}</h2>{jobs}</center>"


LAYOUTS: dict[str, Callable[[Person, str], str]] = {
    one.__name__: one
    for one in (
        classic,
        title_first,
        stacked,
        table,
        grid,
        sidebar,
        icons,
        compact,
        labelled,
        dates_first,
        right_sidebar,
        italic_line,
        centred,
    )
}


def page(person: Person, layout: str, form: str) -> str:
    body = LAYOUTS[layout](person, form)
    return (
        f'<!DOCTYPE html><html lang="{person["lang"]}"><head><meta charset="utf-8"><title>CV</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )
