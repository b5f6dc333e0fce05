# ruff: noqa: E501 - markup and layouts read best on one line
"""Layouts as LaTeX, Markdown and plain text."""

from __future__ import annotations

import textwrap
from typing import Any

from benchmarks.resumes.wording import DUTIES, HEADS, SKILLS, period

Person = dict[str, Any]


def _dates(person: Person, job: Person, form: str) -> str:
    return period(person["lang"], job["from"], job["to"], form)


# ------------------------------------------------------------------------------------------------- LaTeX


def _tex(text: str) -> str:
    for char in "&%$#_":
        text = text.replace(char, f"\\{char}")
    return text


def _url(url: str) -> str:
    return rf"\url{{{url}}}"


def _firm(job: Person) -> str:
    name = _tex(job["org"])
    return rf"\href{{{job['url']}}}{{{name}}}" if job["style"] == "behind" else name


def latex(person: Person, layout: str, form: str) -> str:
    """classic, stacked, sidebar (two minipages), split (a narrow page, so that addresses break)."""
    body = {"sidebar": _tex_sidebar, "stacked": _tex_stacked}.get(layout, _tex_classic)(person, form)
    width = (
        "[a4paper,left=6.6cm,right=6.6cm,top=2cm,bottom=2cm]" if layout == "split" else "[a4paper,margin=2cm]"
    )
    return (
        "\\documentclass[10pt]{article}\n\\usepackage[T1]{fontenc}\n\\usepackage[utf8]{inputenc}\n\\usepackage{lmodern}\n"
        f"\\usepackage{width}{{geometry}}\n\\usepackage[hidelinks]{{hyperref}}\n\\pagestyle{{empty}}\n"
        "\\setlength{\\parindent}{0pt}\n\\begin{document}\n" + body + "\n\\end{document}\n"
    )


def _tex_head(person: Person) -> str:
    private = person["private"]
    links = r" $\cdot$ ".join(map(_url, person["links"]))
    return (
        rf"{{\Huge {_tex(person['name'])}}}\\[2pt] {_tex(person['title'])}\\ {_tex(private['born'])}, {_tex(private['home'])}\\ "
        rf"\href{{mailto:{person['mail']}}}{{{person['mail']}}} $\cdot$ +99 555 0100 22\\ {links}" + "\n\n"
    )


def _tex_duties(person: Person, count: int = 2) -> str:
    items = "\n".join(rf"\item {_tex(line)}" for line in DUTIES[person["lang"]][:count])
    return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}\n"


def _tex_school(person: Person) -> str:
    return "\n\n".join(
        rf"{_tex(row['degree'])}, {_tex(row['org'])} \hfill {period(person['lang'], row['from'], row['to'], 'year')}"
        for row in person["school"]
    )


def _tex_rest(person: Person) -> str:
    _, study, work, skills, _ = HEADS[person["lang"]]
    found = "\n\n".join(rf"\href{{{row['url']}}}{{{_tex(row['name'])}}}" for row in person["projects"])
    more = f"\\section*{{{work}}}\n{found}\n" if found else ""
    return f"\\section*{{{study}}}\n{_tex_school(person)}\n{more}\\section*{{{skills}}}\n{SKILLS}\n"


def _tex_classic(person: Person, form: str) -> str:
    jobs = "".join(
        rf"\textbf{{{_firm(job)}}}, {_tex(job['place'])} \hfill {_dates(person, job, form)}\\ \textit{{{_tex(job['title'])}}}"
        + (rf"\\ {_url(job['url'])}" if job["style"] == "shown" else "")
        + "\n"
        + _tex_duties(person)
        for job in person["work"]
    )
    return f"{_tex_head(person)}\\section*{{{HEADS[person['lang']][0]}}}\n{jobs}{_tex_rest(person)}"


def _tex_stacked(person: Person, form: str) -> str:
    jobs = "".join(
        rf"\textbf{{{_tex(job['title'])}}}\\ {_firm(job)}\\ {_dates(person, job, form)} | {_tex(job['place'])}"
        + (rf"\\ {_url(job['url'])}" if job["style"] == "shown" else "")
        + "\n"
        + _tex_duties(person)
        for job in person["work"]
    )
    return f"{_tex_head(person)}\\section*{{{HEADS[person['lang']][0]}}}\n{jobs}{_tex_rest(person)}"


def _tex_sidebar(person: Person, form: str) -> str:
    work, study, _, skills, contact = HEADS[person["lang"]]
    side = (
        f"\\section*{{{contact}}}\n{person['mail']}\n\n+99 555 0100 22\n\n" + "\n\n".join(map(_url, person["links"]))
        + f"\n\\section*{{{skills}}}\n" + "\n\n".join(SKILLS.split(", "))
        + f"\n\\section*{{{study}}}\n" + _tex_school(person).replace(r"\hfill", r"\\")
    )  # fmt: skip
    jobs = "".join(
        rf"\textbf{{{_tex(job['title'])}}}\\ {_firm(job)} | {_tex(job['place'])}\\ {_dates(person, job, form)}"
        + (rf"\\ {_url(job['url'])}" if job["style"] == "shown" else "")
        + "\n"
        + _tex_duties(person)
        for job in person["work"]
    )
    found = "\n\n".join(rf"\href{{{row['url']}}}{{{_tex(row['name'])}}}" for row in person["projects"])
    more = f"\\section*{{{HEADS[person['lang']][2]}}}\n{found}\n" if found else ""
    return (
        rf"{{\Huge {_tex(person['name'])}}}\\ {_tex(person['title'])}" + "\n\n"
        f"\\begin{{minipage}}[t]{{0.32\\textwidth}}\n{side}\n\\end{{minipage}}\\hfill\n"
        f"\\begin{{minipage}}[t]{{0.62\\textwidth}}\n\\section*{{{work}}}\n{jobs}{more}\n\\end{{minipage}}"
    )


# ------------------------------------------------------------------------------------- Markdown and text


def markdown(person: Person, layout: str, form: str) -> str:
    work, study, projects, skills, _ = HEADS[person["lang"]]
    lines = [
        f"# {person['name']}",
        "",
        person["title"],
        "",
        f"{person['mail']} | " + " | ".join(person["links"]),
        "",
        f"## {work}",
        "",
    ]
    for job in person["work"]:
        name = f"[{job['org']}]({job['url']})" if job["style"] == "behind" else job["org"]
        site = [f"<{job['url']}>"] if job["style"] == "shown" else []
        when = _dates(person, job, form)
        if layout == "stacked":
            lines += [f"### {job['title']}", f"**{name}**  ", f"*{when}* | {job['place']}  ", *site, ""]
        elif layout == "compact":
            lines += [f"- **{name}**, {job['title']}, {job['place']} ({when}) {' '.join(site)}"]
            continue
        else:
            lines += [f"### {name}, {job['place']} ({when})", "", f"_{job['title']}_ {' '.join(site)}", ""]
        lines += [f"* {line}" for line in DUTIES[person["lang"]]] + [""]
    lines += ["", f"## {study}", ""] + [
        f"- {row['degree']}, {row['org']}, {period(person['lang'], row['from'], row['to'], 'year')}"
        for row in person["school"]
    ]
    if person["projects"]:
        lines += ["", f"## {projects}", ""] + [
            f"- [{row['name']}]({row['url']})" for row in person["projects"]
        ]
    return "\n".join([*lines, "", f"## {skills}", "", SKILLS, ""])


def text(person: Person, layout: str, form: str) -> str:
    """As pasted from a word processor. Addresses stand there to be read; `split` wraps them at 44 columns."""
    work, study, projects, skills, contact = HEADS[person["lang"]]
    private = person["private"]
    lines = [
        person["name"],
        person["title"],
        f"{private['born']}, {private['home']}",
        "",
        contact.upper(),
        person["mail"],
    ]
    lines += [*person["links"], "", work.upper(), ""]
    for job in person["work"]:
        when = _dates(person, job, form)
        if layout == "compact":
            lines += [f"{when}   {job['title']}, {job['org']}, {job['place']}"]
        else:
            lines += [f"{job['org']} ({job['place']})", f"{job['title']}, {when}"]
        lines += [job["url"]] if job["url"] else []
        lines += [f"- {line}" for line in DUTIES[person["lang"]]] + [""]
    lines += [study.upper(), ""] + [
        f"{row['degree']}, {row['org']}, {period(person['lang'], row['from'], row['to'], 'year')}"
        for row in person["school"]
    ]
    if person["projects"]:
        lines += ["", projects.upper(), ""] + [f"{row['name']}: {row['url']}" for row in person["projects"]]
    lines += ["", skills.upper(), "", SKILLS, ""]
    if layout == "split":
        lines = [part for line in lines for part in (_wrapped(line) if line else [""])]
    return "\n".join(lines)


def _wrapped(line: str) -> list[str]:
    if line.startswith("https://") and len(line) > 30:
        return [line[:30], line[30:]] if line[30] != " " else [line]
    return textwrap.wrap(line, 60, break_long_words=False, break_on_hyphens=False)
