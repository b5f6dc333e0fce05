# ruff: noqa: E501 - sources of documents
"""Résumé classes as TeX distributions ship them: a person to the source of a document."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.resumes.classes.filler import (
    BABEL,
    Row,
    babel,
    bare,
    cventries,
    dates,
    firm,
    heads,
    items,
    prose,
    split,
    tex,
)
from benchmarks.resumes.classes.latex_small import (
    esiee,
    gradstudent,
    harnon,
    komacv,
    pas,
    plain_cv,
    readable,
    tucv,
)

Source = Callable[[Row], str]


def _skills(person: Row, line: str) -> str:
    return "".join(line % (tex(key), tex(text)) for key, text in person["skills"].items())


def moderncv(style: str, extra: str = "", *, bullets: bool = True, dash: str = " -- ") -> Source:
    def source(person: Row) -> str:
        first, last = split(person)
        profile, work, school, projects, skills, papers = heads(person)
        lines = [
            r"\documentclass[11pt,a4paper,sans]{moderncv}", rf"\moderncvstyle{{{style}}}\moderncvcolor{{blue}}{extra}",
            r"\usepackage[utf8]{inputenc}\usepackage[scale=0.78]{geometry}", babel(person),
            rf"\name{{{first}}}{{{last}}}\title{{{tex(person['title'])}}}\phone[mobile]{{{person['phone']}}}",
            rf"\email{{{person['mail']}}}",
            rf"\homepage{{{bare(person['links'][0])}}}",
            *(rf"\extrainfo{{\httpslink[{bare(url)}]{{{url.split('://')[1]}}}}}" for url in person["links"][1:2]),
            rf"\address{{{tex(person['home'])}}}{{}}{{}}",
            r"\begin{document}\makecvtitle", rf"\section{{{profile}}}\cvitem{{}}{{{tex(person['summary'])}}}",
            rf"\section{{{work}}}",
        ]  # fmt: skip
        lines += cventries(person, dash, school, items if bullets else prose)
        if person["projects"]:
            lines.append(rf"\section{{{projects}}}")
            lines += [
                rf"\cvitem{{{dates(person, row, dash)}}}{{\href{{{row['url']}}}{{{row['org']}}}: {prose(row)}}}"
                for row in person["projects"]
            ]
        lines += [rf"\section{{{skills}}}", _skills(person, "\\cvitem{%s}{%s}\n")]
        if person.get("pubs"):
            lines += [rf"\section{{{papers}}}", *(rf"\cvlistitem{{{tex(row)}}}" for row in person["pubs"])]
        return "\n".join([*lines, r"\end{document}"])

    return source


def europass(person: Row) -> str:
    profile, work, school, *_ = heads(person)
    lang = {"en": "english", "de": "german"}.get(person["lang"], BABEL[person["lang"]])
    lines = [rf"\documentclass[{lang},a4paper]{{europasscv}}", babel(person),
             rf"\ecvname{{{tex(' '.join(person['name']))}}}\ecvaddress{{{tex(person['home'])}}}\ecvmobile{{{person['phone']}}}",
             rf"\ecvemail{{{person['mail']}}}\ecvhomepage{{{person['links'][0]}}}",
             r"\begin{document}\begin{europasscv}\ecvpersonalinfo", rf"\ecvbigitem{{{profile}}}{{{tex(person['title'])}}}",
             rf"\ecvsection{{{work}}}"]  # fmt: skip
    for row in person["posts"]:
        lines.append(
            rf"\ecvtitle{{{dates(person, row, '--')}}}{{{tex(row['title'])}}}\ecvitem{{}}{{{firm(row)}, {tex(row['place'])}}}"
        )
        lines.append(
            rf"\ecvitem{{}}{{{items(row, begin=chr(92) + 'begin{ecvitemize}', end=chr(92) + 'end{ecvitemize}')}}}"
        )
    lines.append(rf"\ecvsection{{{school}}}")
    for row in person["school"]:
        lines.append(
            rf"\ecvtitle{{{dates(person, row, '--')}}}{{{tex(row['title'])}}}\ecvitem{{}}{{{tex(row['org'])}, {tex(row['place'])}}}"
        )
    return "\n".join([*lines, rf"\ecvsection{{{heads(person)[4]}}}", _skills(person, "\\ecvblueitem{%s}{%s}\n"),
                      r"\end{europasscv}\end{document}"])  # fmt: skip


def europecv(person: Row) -> str:
    """The older Europass: fields with their labels on the left."""
    labels = {"en": ("Dates", "Occupation or position held", "Main activities", "Name of employer", "Qualification awarded", "Organisation"),
              "de": ("Datum", "Beruf oder Funktion", "Wichtigste Tätigkeiten", "Name des Arbeitgebers", "Abschluss", "Bildungseinrichtung"),
              "fr": ("Dates", "Fonction ou poste occupé", "Principales activités", "Nom de l'employeur", "Diplôme", "Établissement"),
              "es": ("Fechas", "Profesión o cargo desempeñado", "Actividades principales", "Nombre de la empresa", "Título", "Centro"),
              "it": ("Date", "Lavoro o posizione ricoperti", "Principali attività", "Nome del datore di lavoro", "Titolo", "Istituto"),
              "pl": ("Daty", "Zawód lub stanowisko", "Główne zadania", "Nazwa pracodawcy", "Dyplom", "Uczelnia")}[person["lang"]]  # fmt: skip
    lang = {"en": "english", "de": "german"}.get(person["lang"], BABEL[person["lang"]])
    lines = [rf"\documentclass[helvetica,narrow,{lang},a4paper]{{europecv}}\usepackage[T1]{{fontenc}}\usepackage[utf8]{{inputenc}}"
             r"\usepackage{graphicx}\usepackage[a4paper,top=1.27cm,left=1cm,right=1cm,bottom=2cm]{geometry}\usepackage{hyperref}",
             babel(person), rf"\ecvname{{{tex(' '.join(person['name']))}}}\ecvaddress{{{tex(person['home'])}}}\ecvtelephone{{{person['phone']}}}",
             rf"\ecvemail{{{person['mail']}}}\ecvbeforepicture{{}}",
             r"\begin{document}\begin{europecv}\ecvpersonalinfo[10pt]", rf"\ecvsection{{{heads(person)[1]}}}"]  # fmt: skip
    for row in person["posts"]:
        values = (
            dates(person, row, " -- "),
            tex(row["title"]),
            prose(row),
            f"{firm(row)}, {tex(row['place'])}",
        )
        lines += [
            rf"\ecvitem{'[10pt]' if label == labels[3] else ''}{{{label}}}{{{value}}}"
            for label, value in zip(labels, values, strict=False)
        ]
    lines.append(rf"\ecvsection{{{heads(person)[2]}}}")
    for row in person["school"]:
        course = (dates(person, row, " -- "), tex(row["title"]), tex(row["org"]))
        lines += [
            rf"\ecvitem{{{label}}}{{{value}}}"
            for label, value in zip((labels[0], *labels[4:]), course, strict=True)
        ]
    lines.append(
        rf"\ecvsection{{{heads(person)[4]}}}\ecvitem{{}}{{{'; '.join(tex(text) for text in person['skills'].values())}. \url{{{person['links'][0]}}}}}"
    )
    return "\n".join([*lines, r"\end{europecv}\end{document}"])


def curve(person: Row) -> str:
    rubrics = {}
    for file, title, rows in (
        ("work", heads(person)[1], person["posts"]),
        ("school", heads(person)[2], person["school"]),
    ):
        body = "".join(
            rf"\entry*[{dates(person, row, '--')}] \textbf{{{tex(row['title'])}}}, {firm(row)}, {tex(row['place'])}. {prose(row)}"
            "\n"
            for row in rows
        )
        rubrics[file] = rf"\begin{{rubric}}{{{title}}}" "\n" + body + r"\end{rubric}"
    rubrics["skills"] = (
        rf"\begin{{rubric}}{{{heads(person)[4]}}}"
        "\n" + _skills(person, "\\entry*[%s] %s\n") + r"\end{rubric}"
    )
    files = "".join(
        rf"\begin{{filecontents}}[overwrite,noheader]{{{file}.tex}}" f"\n{body}\n" r"\end{filecontents}" "\n"
        for file, body in rubrics.items()
    )
    return files + "\n".join([
        r"\documentclass[a4paper,11pt]{curve}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage[hidelinks]{hyperref}", babel(person),
        rf"\leftheader{{\textbf{{{tex(' '.join(person['name']))}}}\\ {person['mail']}}}\rightheader{{{person['phone']}\\ \url{{{person['links'][0]}}}}}",
        rf"\title{{Curriculum Vitae}}\subtitle{{{tex(person['title'])}}}", r"\begin{document}\makeheaders\maketitle",
        *(rf"\makerubric{{{file}}}" for file in rubrics), r"\end{document}"])  # fmt: skip


def currvita(person: Row) -> str:
    def block(title: str, rows: list[Row]) -> str:
        return rf"\begin{{cvlist}}{{{title}}}" + "".join(
            rf"\item[{dates(person, row, ' -- ')}] {tex(row['title'])}\\ {firm(row)}, {tex(row['place'])}" "\n" for row in rows) + r"\end{cvlist}"  # fmt: skip

    contact = rf"\begin{{cvlist}}{{}}\item {tex(person['home'])}\\ {person['phone']}\\ {person['mail']}\\ \url{{{person['links'][0]}}}\end{{cvlist}}"
    return "\n".join([
        r"\documentclass[a4paper,11pt]{article}\usepackage[LabelsAligned]{currvita}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{hyperref}",
        babel(person), rf"\begin{{document}}\begin{{cv}}{{Curriculum Vitae {tex(' '.join(person['name']))}}}", contact,
        block(heads(person)[1], person["posts"]), block(heads(person)[2], person["school"]),
        rf"\begin{{cvlist}}{{{heads(person)[4]}}}" + _skills(person, "\\item[%s] %s\n") + r"\end{cvlist}", r"\end{cv}\end{document}"])  # fmt: skip


def limecv(person: Row) -> str:
    first, last = split(person)

    def block(kind: str, rows: list[Row]) -> str:
        return rf"\begin{{{kind}}}" + "".join(
            rf"\cvItem{{\textbf{{{tex(row['title'])}}}, {firm(row)}\\ \textit{{{dates(person, row, ' -- ')}}}\\ {prose(row)}}}" "\n" for row in rows
        ) + rf"\end{{{kind}}}"  # fmt: skip

    return "\n".join([
        r"\documentclass{limecv}\usepackage{fontspec}", rf"\begin{{document}}\begin{{cvSidebar}}\cvID{{{first}}}{{{last}}}{{example-image-a}}{{{tex(person['title'])}}}",
        rf"\begin{{cvProfile}}{tex(person['summary'])}\end{{cvProfile}}",
        rf"\begin{{cvContact}}\cvContactAddress{{{tex(person['home'])}}}\cvContactEmail{{mailto:{person['mail']}}}{{{person['mail']}}}\cvContactPhone{{{person['phone']}}}"
        rf"\cvContactWebsite{{{person['links'][0]}}}{{{bare(person['links'][0])}}}\end{{cvContact}}\end{{cvSidebar}}",
        r"\begin{cvMainContent}", block("cvExperience", person["posts"]), block("cvEducation", person["school"]), r"\end{cvMainContent}\end{document}"])  # fmt: skip


def simplecv(person: Row) -> str:
    def block(title: str, rows: list[Row]) -> str:
        return rf"\section{{{title}}}\begin{{topic}}" + "".join(
            rf"\item[{dates(person, row, '--')}] \textbf{{{firm(row)}}}, {tex(row['place'])}\\ \emph{{{tex(row['title'])}.}} {prose(row)}" "\n"
            for row in rows) + r"\end{topic}"  # fmt: skip

    return "\n".join([
        r"\documentclass[11pt,a4paper]{simplecv}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{hyperref}", babel(person),
        rf"\leftheader{{{tex(person['home'])}\\ {person['phone']}}}\rightheader{{{person['mail']}\\ \url{{{person['links'][0]}}}}}\title{{{tex(' '.join(person['name']))}}}",
        r"\begin{document}\maketitle", block(heads(person)[1], person["posts"]), block(heads(person)[2], person["school"]),
        rf"\section{{{heads(person)[4]}}}\begin{{topic}}" + _skills(person, "\\item[%s] %s\n") + r"\end{topic}\end{document}"])  # fmt: skip


def ecv(person: Row) -> str:
    def block(title: str, rows: list[Row]) -> str:
        return rf"\ecvSection{{{title}}}" "\n" + "".join(
            rf"\ecvRow{{{dates(person, row, ' -- ')}}}{{\textbf{{{firm(row)}}}, {tex(row['place'])} \newline {tex(row['title'])} \newline {prose(row)}}}" "\n"
            for row in rows)  # fmt: skip

    macros = r"\newcommand\ecvRow[2]{#1 & #2 \tabularnewline[4pt]}\providecommand\ecvSection[1]{\textbf{\large #1} & \tabularnewline[6pt]}"
    return "\n".join([
        rf"\documentclass[{'german' if person['lang'] == 'de' else 'english'}]{{ecv}}", macros, rf"\ecvName{{{tex(' '.join(person['name']))}}}\begin{{document}}\begin{{ecv}}",
        rf"\ecvRow{{E-Mail}}{{\ecvHyperEMail{{{person['mail']}}}}}\ecvRow{{Web}}{{\ecvHyperLink{{{person['links'][0]}}}}}",
        block(heads(person)[1], person["posts"]), block(heads(person)[2], person["school"]), r"\end{ecv}\end{document}"])  # fmt: skip


LAYOUTS: dict[str, tuple[str, Source]] = {  # layout: engine, source
    "moderncv-classic": ("pdflatex", moderncv("classic")),
    "moderncv-casual": ("pdflatex", moderncv("casual", bullets=False)),
    "moderncv-banking": ("pdflatex", moderncv("banking")),
    "moderncv-oldstyle": ("pdflatex", moderncv("oldstyle", dash="--")),
    "moderncv-fancy": ("pdflatex", moderncv("fancy", dash="--")),
    "moderncv-wide": ("pdflatex", moderncv("classic", r"\AtBeginDocument{\setlength{\hintscolumnwidth}{4.2cm}\recomputelengths}", bullets=False)),
    "europasscv": ("pdflatex", europass), "europecv": ("pdflatex", europecv), "curve": ("pdflatex", curve),
    "currvita": ("pdflatex", currvita), "limecv": ("lualatex", limecv), "simplecv": ("pdflatex", simplecv),
    "ecv": ("pdflatex", ecv), "tucv": ("pdflatex", tucv), "esieecv": ("pdflatex", esiee),
    "gradstudentresume": ("pdflatex", gradstudent), "harnon-cv": ("pdflatex", harnon), "cv-sty": ("pdflatex", plain_cv),
    "readablecv-job": ("pdflatex", readable("JobFirst")), "readablecv-company": ("pdflatex", readable("CompanyFirst")),
    "komacv-classic": ("pdflatex", komacv("classic")), "komacv-casual": ("pdflatex", komacv("casual")),
    "komacv-oldstyle": ("pdflatex", komacv("oldstyle")), "pas-mars": ("pdflatex", pas("mars")),
    "pas-jupiter": ("pdflatex", pas("jupiter")), "pas-orion": ("pdflatex", pas("orion")), "pas-gaia": ("pdflatex", pas("gaia")),
}  # fmt: skip
