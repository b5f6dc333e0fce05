"""Résumé classes as TeX distributions ship them: a person to the source of a document."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.resumes.classes.filler import BABEL, Row, bare, dates, firm, heads, items, name, prose, tex

Source = Callable[[Row], str]


def _split(person: Row) -> tuple[str, str]:
    return tex(person["name"][0]), tex(person["name"][1])


def _babel(person: Row) -> str:
    return rf"\usepackage[{BABEL[person['lang']]}]{{babel}}"


def _skills(person: Row, line: str) -> str:
    return "".join(line % (tex(key), tex(text)) for key, text in person["skills"].items())


def moderncv(style: str, extra: str = "", *, bullets: bool = True, dash: str = " -- ") -> Source:
    def source(person: Row) -> str:
        first, last = _split(person)
        profile, work, school, projects, skills, papers = heads(person)
        lines = [
            r"\documentclass[11pt,a4paper,sans]{moderncv}", rf"\moderncvstyle{{{style}}}\moderncvcolor{{blue}}{extra}",
            r"\usepackage[utf8]{inputenc}\usepackage[scale=0.78]{geometry}", _babel(person),
            rf"\name{{{first}}}{{{last}}}\title{{{tex(person['title'])}}}\phone[mobile]{{{person['phone']}}}",
            rf"\email{{{person['mail']}}}",
            rf"\homepage{{{bare(person['links'][0])}}}",
            *(rf"\extrainfo{{\httpslink[{bare(url)}]{{{url.split('://')[1]}}}}}" for url in person["links"][1:2]),
            rf"\address{{{tex(person['home'])}}}{{}}{{}}",
            r"\begin{document}\makecvtitle", rf"\section{{{profile}}}\cvitem{{}}{{{tex(person['summary'])}}}",
            rf"\section{{{work}}}",
        ]  # fmt: skip
        lines += [
            rf"\cventry{{{dates(person, row, dash)}}}{{{tex(row['title'])}}}{{{firm(row)}}}{{{tex(row['place'])}}}{{}}"
            rf"{{{items(row) if bullets else prose(row)}}}"
            for row in person["posts"]
        ]
        lines.append(rf"\section{{{school}}}")
        lines += [
            rf"\cventry{{{dates(person, row, dash)}}}{{{tex(row['title'])}}}{{{tex(row['org'])}}}{{{tex(row['place'])}}}{{}}{{}}"
            for row in person["school"]
        ]
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
    lines = [rf"\documentclass[{lang},a4paper]{{europasscv}}", _babel(person),
             rf"\ecvname{{{tex(' '.join(person['name']))}}}\ecvaddress{{{tex(person['home'])}}}\ecvmobile{{{person['phone']}}}",
             rf"\ecvemail{{{person['mail']}}}\ecvhomepage{{{person['links'][0]}}}",
             r"\begin{document}\begin{europasscv}\ecvpersonalinfo", rf"\ecvbigitem{{{profile}}}{{{tex(person['title'])}}}",
             rf"\ecvsection{{{work}}}"]  # fmt: skip
    for row in person["posts"]:
        lines.append(rf"\ecvtitle{{{dates(person, row, '--')}}}{{{tex(row['title'])}}}\ecvitem{{}}{{{firm(row)}, {tex(row['place'])}}}")
        lines.append(rf"\ecvitem{{}}{{{items(row, begin=chr(92) + 'begin{ecvitemize}', end=chr(92) + 'end{ecvitemize}')}}}")
    lines.append(rf"\ecvsection{{{school}}}")
    for row in person["school"]:
        lines.append(rf"\ecvtitle{{{dates(person, row, '--')}}}{{{tex(row['title'])}}}\ecvitem{{}}{{{tex(row['org'])}, {tex(row['place'])}}}")
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
             _babel(person), rf"\ecvname{{{tex(' '.join(person['name']))}}}\ecvaddress{{{tex(person['home'])}}}\ecvtelephone{{{person['phone']}}}",
             rf"\ecvemail{{{person['mail']}}}\ecvbeforepicture{{}}",
             r"\begin{document}\begin{europecv}\ecvpersonalinfo[10pt]", rf"\ecvsection{{{heads(person)[1]}}}"]  # fmt: skip
    for row in person["posts"]:
        values = (dates(person, row, " -- "), tex(row["title"]), prose(row), f"{firm(row)}, {tex(row['place'])}")
        lines += [rf"\ecvitem{'[10pt]' if label == labels[3] else ''}{{{label}}}{{{value}}}" for label, value in zip(labels, values, strict=False)]
    lines.append(rf"\ecvsection{{{heads(person)[2]}}}")
    for row in person["school"]:
        values = (dates(person, row, " -- "), tex(row["title"]), tex(row["org"]))
        lines += [rf"\ecvitem{{{label}}}{{{value}}}" for label, value in zip((labels[0], *labels[4:]), values, strict=False)]
    lines.append(rf"\ecvsection{{{heads(person)[4]}}}\ecvitem{{}}{{{'; '.join(tex(text) for text in person['skills'].values())}. \url{{{person['links'][0]}}}}}")
    return "\n".join([*lines, r"\end{europecv}\end{document}"])


def curve(person: Row) -> str:
    rubrics = {}
    for file, title, rows in (("work", heads(person)[1], person["posts"]), ("school", heads(person)[2], person["school"])):
        body = "".join(rf"\entry*[{dates(person, row, '--')}] \textbf{{{tex(row['title'])}}}, {firm(row)}, {tex(row['place'])}. {prose(row)}" "\n" for row in rows)
        rubrics[file] = rf"\begin{{rubric}}{{{title}}}" "\n" + body + r"\end{rubric}"
    rubrics["skills"] = rf"\begin{{rubric}}{{{heads(person)[4]}}}" "\n" + _skills(person, "\\entry*[%s] %s\n") + r"\end{rubric}"
    files = "".join(rf"\begin{{filecontents}}[overwrite,noheader]{{{file}.tex}}" f"\n{body}\n" r"\end{filecontents}" "\n" for file, body in rubrics.items())
    return files + "\n".join([
        r"\documentclass[a4paper,11pt]{curve}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage[hidelinks]{hyperref}", _babel(person),
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
        _babel(person), rf"\begin{{document}}\begin{{cv}}{{Curriculum Vitae {tex(' '.join(person['name']))}}}", contact,
        block(heads(person)[1], person["posts"]), block(heads(person)[2], person["school"]),
        rf"\begin{{cvlist}}{{{heads(person)[4]}}}" + _skills(person, "\\item[%s] %s\n") + r"\end{cvlist}", r"\end{cv}\end{document}"])  # fmt: skip


def limecv(person: Row) -> str:
    first, last = _split(person)

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
        r"\documentclass[11pt,a4paper]{simplecv}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{hyperref}", _babel(person),
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
    lines += [rf"\item\resschool{{{tex(row['org'])}}}{{{tex(row['place'])}}}\ressubentry{{{tex(row['title'])}}}{{{dates(person, row, ' -- ')}}}" for row in person["school"]]
    return "\n".join([*lines, r"\end{itemize}\end{document}"])


def esiee(person: Row) -> str:
    def block(title: str, rows: list[Row]) -> str:
        return rf"\begin{{rubrique}}{{{title}}}" + "".join(
            rf"\begin{{sousrubrique}}\Date{{{dates(person, row, ' -- ')}}}\Lieu{{{firm(row)}, {tex(row['place'])}}}\Titre{{{tex(row['title'])}}}"
            + "".join(rf"\Apport{{{tex(text).rstrip('.')}}}" for text in row.get("items", ())) + r"\end{sousrubrique}" "\n" for row in rows) + r"\end{rubrique}"  # fmt: skip

    return "\n".join([
        r"\documentclass[11pt]{article}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{ESIEEcv}\usepackage[a4paper,margin=2cm]{geometry}\usepackage{hyperref}", _babel(person),
        rf"\begin{{document}}\begin{{center}}\textbf{{\Large {name(person)}}}\\ {person['mail']} -- {person['phone']} -- \url{{{person['links'][0]}}}\end{{center}}",
        block(heads(person)[1], person["posts"]), block(heads(person)[2], person["school"]), r"\end{document}"])  # fmt: skip


def gradstudent(person: Row) -> str:
    first = rf"\begin{{info}}{{{name(person)}}}{{{tex(person['home'])}}}{{{person['phone']}}}{{{person['mail']}}}\end{{info}}"
    lines = [r"\documentclass[11pt]{gradstudentresume}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}", r"\begin{document}", first, rf"\sectionheading{{{heads(person)[2]}}}"]
    lines += [rf"\undergrad{{{tex(row['org'])}}}{{{tex(row['place'])}}}{{{tex(row['title'])}}}{{{dates(person, row, '--')}}}{{}}\medspace" "\n" for row in person["school"]]
    lines.append(rf"\sectionheading{{{heads(person)[1]}}}")
    lines += [rf"\begin{{desc}}{{{firm(row)}}}{{{dates(person, row, '--')}}}{{{tex(row['title'])}, {tex(row['place'])}}}" + items(row, begin="", end="") + r"\end{desc}" "\n" for row in person["posts"]]
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
        r"\documentclass[11pt,a4paper]{article}\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{CV}\usepackage{hyperref}", _babel(person),
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
            lines.append(rf"\newRole{{{dates(person, row, ' -- ')}}}{{{tex(row['title'])}}}{{{firm(row)}}}{{{prose(row)}}}")
        lines.append(rf"\newHeading{{{heads(person)[2]}}}{{}}")
        lines += [rf"\newCourse{{{dates(person, row, ' -- ')}}}{{{tex(row['title'])}}}{{{tex(row['org'])}}}{{}}" "\n" for row in person["school"]]
        return "\n".join([*lines, r"\end{document}"])

    return source


def komacv(style: str) -> Source:
    def source(person: Row) -> str:
        first, last = _split(person)
        lines = [rf"\PassOptionsToPackage{{expansion=false}}{{microtype}}\documentclass[style={style},color=blue]{{komacv}}\usepackage{{lmodern}}", _babel(person), r"\usepackage{hyperref}",
                 rf"\firstname{{{first}}}\familyname{{{last}}}\title{{{tex(person['title'])}}}\mobile{{{person['phone']}}}\email{{{person['mail']}}}\homepage{{{person['links'][0]}}}",
                 r"\begin{document}\maketitle", rf"\section{{{heads(person)[1]}}}"]  # fmt: skip
        lines += [rf"\cventry{{{dates(person, row, '--')}}}{{{tex(row['title'])}}}{{{firm(row)}}}{{{tex(row['place'])}}}{{}}{{{prose(row)}}}" for row in person["posts"]]
        lines.append(rf"\section{{{heads(person)[2]}}}")
        lines += [rf"\cventry{{{dates(person, row, '--')}}}{{{tex(row['title'])}}}{{{tex(row['org'])}}}{{{tex(row['place'])}}}{{}}{{}}" for row in person["school"]]
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
