# ruff: noqa: E501 - sources of documents
"""More résumé classes of TeX distributions, less known ones."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.resumes.classes.filler import (
    Row,
    babel,
    cventries,
    dates,
    firm,
    heads,
    items,
    name,
    prose,
    split,
    tex,
)

Source = Callable[[Row], str]


def tucv(person: Row) -> str:
    lines = [r"\documentclass[10pt]{article}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{hyperref}\usepackage[pagesetup]{tucv}",
             r"\begin{document}\begin{center}{\Large\textbf{" + name(person) + rf"}}}}\\ {person['mail']} \textbullet\ {person['phone']} \textbullet\ \url{{{person['links'][0]}}}\end{{center}}",
             rf"\resheading{{{heads(person)[1]}}}\begin{{itemize}}"]  # fmt: skip
    for at, row in enumerate(person["posts"]):
        if not at or person["posts"][at - 1]["org"] != row["org"]:
            lines.append(rf"\item\resemployer{{{firm(row)}}}{{{tex(row['place'])}}}")
        start, _, end = dates(person, row, "|").partition("|")
        lines.append(rf"\resjob{{{tex(row['title'])}}}{{{start}}}{{{end}}}" + items(row))
    lines.append(rf"\end{{itemize}}\resheading{{{heads(person)[2]}}}\begin{{itemize}}")
    lines += [
        rf"\item\resschool{{{tex(row['org'])}}}{{{tex(row['place'])}}}\ressubentry{{{tex(row['title'])}}}{{{dates(person, row, ' -- ')}}}"
        for row in person["school"]
    ]
    return "\n".join([*lines, r"\end{itemize}\end{document}"])


def esiee(person: Row) -> str:
    def block(title: str, rows: list[Row]) -> str:
        return rf"\begin{{rubrique}}{{{title}}}" + "".join(
            rf"\begin{{sousrubrique}}\Date{{{dates(person, row, ' -- ')}}}\Lieu{{{firm(row)}, {tex(row['place'])}}}\Titre{{{tex(row['title'])}}}"
            + "".join(rf"\Apport{{{tex(text).rstrip('.')}}}" for text in row.get("items", ())) + r"\end{sousrubrique}" "\n" for row in rows) + r"\end{rubrique}"  # fmt: skip

    return "\n".join([
        r"\documentclass[11pt]{article}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{ESIEEcv}\usepackage[a4paper,margin=2cm]{geometry}\usepackage{hyperref}", babel(person),
        rf"\begin{{document}}\begin{{center}}\textbf{{\Large {name(person)}}}\\ {person['mail']} -- {person['phone']} -- \url{{{person['links'][0]}}}\end{{center}}",
        block(heads(person)[1], person["posts"]), block(heads(person)[2], person["school"]), r"\end{document}"])  # fmt: skip


def gradstudent(person: Row) -> str:
    first = rf"\begin{{info}}{{{name(person)}}}{{{tex(person['home'])}}}{{{person['phone']}}}{{{person['mail']}}}\end{{info}}"
    lines = [
        r"\documentclass[11pt]{gradstudentresume}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}",
        r"\begin{document}",
        first,
        rf"\sectionheading{{{heads(person)[2]}}}",
    ]
    lines += [
        rf"\undergrad{{{tex(row['org'])}}}{{{tex(row['place'])}}}{{{tex(row['title'])}}}{{{dates(person, row, '--')}}}{{}}\medspace"
        "\n"
        for row in person["school"]
    ]
    lines.append(rf"\sectionheading{{{heads(person)[1]}}}")
    lines += [
        rf"\begin{{desc}}{{{firm(row)}}}{{{dates(person, row, '--')}}}{{{tex(row['title'])}, {tex(row['place'])}}}"
        + items(row, begin="", end="")
        + r"\end{desc}"
        "\n"
        for row in person["posts"]
    ]
    return "\n".join([*lines, rf"\sectionheading{{Links}}\url{{{person['links'][0]}}}", r"\end{document}"])


def harnon(person: Row) -> str:
    def block(title: str, rows: list[Row]) -> str:
        return rf"\addheadertext{{{title}}}\starttimeline" "\n" + "".join(
            rf"\timelineitem{{{dates(person, row, '--')}}}{{\addsubheader{{{tex(row['title'])}, {firm(row)}}}"
            + "".join(rf"\addtimelinebullet{{{tex(text)}}}" for text in row.get("items", ())) + "}\n\n" for row in rows) + r"\stoptimeline"  # fmt: skip

    return "\n".join([
        r"\documentclass{harnon-cv}\usepackage[utf8]{inputenc}",
        rf"\yourname{{{name(person)}}}\youremail{{{person['mail']}}}\yournumber{{{person['phone']}}}\yourwebsite{{{person['links'][0]}}}\youraddress{{{tex(person['home'])}}}",
        rf"\recenthistory{{{tex(person['summary'])}}}", r"\begin{document}\maketitle", block(heads(person)[1], person["posts"]), block(heads(person)[2], person["school"]), r"\end{document}"])  # fmt: skip


def plain_cv(person: Row) -> str:
    def block(title: str, rows: list[Row]) -> str:
        return rf"\section*{{{title}}}\begin{{CV}}" + "".join(
            rf"\item[{dates(person, row, '--')}] {tex(row['title'])}, {firm(row)}, {tex(row['place'])}. {prose(row)}" "\n" for row in rows) + r"\end{CV}"  # fmt: skip

    return "\n".join([
        r"\documentclass[11pt,a4paper]{article}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{CV}\usepackage{hyperref}", babel(person),
        rf"\begin{{document}}\begin{{center}}\huge\textsc{{{name(person)}}}\end{{center}}", rf"\begin{{CV}}\item[E-Mail] {person['mail']}\item[Web] \url{{{person['links'][0]}}}\end{{CV}}",
        block(heads(person)[1], person["posts"]), block(heads(person)[2], person["school"]), r"\end{document}"])  # fmt: skip


def readable(order: str) -> Source:
    def source(person: Row) -> str:
        lines = [
            r"\documentclass{ReadableCV}\usepackage[utf8]{inputenc}",
            rf"\setYourName{{{name(person)}}}\setYourJobTitle{{{tex(person['title'])}}}\setYourMobileNo{{{person['phone']}}}\setYourEmailAddr{{{person['mail']}}}\setYourWebAddr{{\url{{{person['links'][0]}}}}}",
            rf"\setImage{{}}\setContactLocation{{opposite}}\setJobCompanyOrder{{{order}}}\begin{{document}}\showHeader\newHeading{{{heads(person)[1]}}}{{}}",
        ]
        for row in person["posts"]:
            lines.append(
                rf"\newRole{{{dates(person, row, ' -- ')}}}{{{tex(row['title'])}}}{{{firm(row)}}}{{{prose(row)}}}"
            )
        lines.append(rf"\newHeading{{{heads(person)[2]}}}{{}}")
        lines += [
            rf"\newCourse{{{dates(person, row, ' -- ')}}}{{{tex(row['title'])}}}{{{tex(row['org'])}}}{{}}"
            "\n"
            for row in person["school"]
        ]
        return "\n".join([*lines, r"\end{document}"])

    return source


def komacv(style: str) -> Source:
    def source(person: Row) -> str:
        first, last = split(person)
        lines = [rf"\PassOptionsToPackage{{expansion=false}}{{microtype}}\documentclass[style={style},color=blue]{{komacv}}\usepackage{{lmodern}}", babel(person), r"\usepackage{hyperref}",
                 rf"\firstname{{{first}}}\familyname{{{last}}}\title{{{tex(person['title'])}}}\mobile{{{person['phone']}}}\email{{{person['mail']}}}\homepage{{{person['links'][0]}}}",
                 r"\begin{document}\maketitle", rf"\section{{{heads(person)[1]}}}"]  # fmt: skip
        lines += cventries(person, "--", heads(person)[2], prose)
        return "\n".join([*lines, r"\end{document}"])

    return source


def pas(model: str) -> Source:
    def source(person: Row) -> str:
        def block(title: str, rows: list[Row]) -> str:
            return rf"\CVtitle[color=blue,bordercolor=blue]{{{title}}}" "\n\n" + r"\hspace*{2.6cm}\begin{minipage}{15cm}\begin{tabular}{p{3.6cm}p{10.5cm}}" + "".join(
                rf"{dates(person, row, ' -- ')} & \textbf{{{tex(row['title'])}}}\newline {firm(row)} ({tex(row['place'])})\newline {prose(row)}\\[4pt]" "\n" for row in rows
            ) + r"\end{tabular}\end{minipage}" "\n\n\\bigskip\n"  # fmt: skip

        return "\n".join([
            r"\documentclass[11pt]{article}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage[a4paper]{geometry}\usepackage{lmodern}\usepackage{pas-cv}\usepackage{hyperref}\pagestyle{empty}\parindent=0pt",
            rf"\begin{{document}}\CVbg[modele={model},bgcolor=blue,bordercolor=gray,poste={{{tex(person['title'])}}},postecolor=black,postesize=\Large]",
            rf"\infoLeft{{\textbf{{{name(person)}}}\\ {tex(person['home'])}}}\infoRight{{{person['phone']}\\ {person['mail']}\\ \url{{{person['links'][0]}}}}}\CVmargins",
            block(heads(person)[1], person["posts"]), block(heads(person)[2], person["school"]), r"\end{document}"])  # fmt: skip

    return source
