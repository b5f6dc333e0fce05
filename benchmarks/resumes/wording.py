"""How the languages of `people.yaml` write headings, dates and sentences."""

from __future__ import annotations

HEADS = {  # work, school, projects, skills, contact
    "en": ("Professional Experience", "Education", "Projects", "Skills", "Contact"),
    "de": ("Berufserfahrung", "Ausbildung", "Projekte", "Kenntnisse", "Kontakt"),
    "fr": ("Expérience professionnelle", "Formation", "Projets", "Compétences", "Contact"),
    "es": ("Experiencia laboral", "Educación", "Proyectos", "Habilidades", "Contacto"),
    "it": ("Esperienza lavorativa", "Istruzione e formazione", "Progetti", "Competenze", "Contatti"),
    "pt": ("Experiência profissional", "Formação acadêmica", "Projetos", "Habilidades", "Contato"),
    "nl": ("Werkervaring", "Opleiding", "Projecten", "Vaardigheden", "Contactgegevens"),
    "pl": ("Doświadczenie zawodowe", "Wykształcenie", "Projekty", "Umiejętności", "Kontakt"),
    "ru": ("Опыт работы", "Образование", "Проекты", "Навыки", "Контакты"),
    "uk": ("Досвід роботи", "Освіта", "Проєкти", "Навички", "Контакти"),
    "tr": ("İş Deneyimi", "Eğitim", "Projeler", "Beceriler", "İletişim"),
    "ja": ("職務経歴", "学歴", "プロジェクト", "スキル", "連絡先"),
    "zh": ("工作经历", "教育背景", "项目经历", "技能", "联系方式"),
    "ko": ("경력", "학력", "프로젝트", "기술", "연락처"),
}
PRESENT = {
    "en": "Present", "de": "heute", "fr": "aujourd'hui", "es": "actualidad", "it": "oggi", "pt": "atual", "nl": "heden",
    "pl": "obecnie", "ru": "настоящее время", "uk": "дотепер", "tr": "halen", "ja": "現在", "zh": "至今", "ko": "현재",
}  # fmt: skip
SINCE = {
    "en": "since",
    "de": "seit",
    "fr": "depuis",
    "es": "desde",
    "nl": "sinds",
    "it": "dal",
    "pt": "desde",
}
AT = {"en": "at", "de": "bei", "fr": "chez", "es": "en", "it": "presso", "pt": "na", "nl": "bij", "pl": "w", "ru": "в",
      "uk": "у"}  # fmt: skip
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "uk": "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
}
SKILLS = "Python, Node.js, ASP.NET, PostgreSQL, Socket.io, Kubernetes, Vue.js, AWS"
DUTIES = {
    "en": (
        "Rebuilt the order service in Go, which cut the time to answer from 900 ms to 120 ms in 2021.",
        "Wrote main.py and deploy.sh tooling; mentored four colleagues.",
        "Ran the move from ASP.NET to Node.js, e.g. for the customer area.",
    ),
    "de": ("Neubau des Bestelldienstes in Go; Antwortzeit von 900 ms auf 120 ms gesenkt.",
           "Betreuung von vier Kolleginnen und Kollegen, Umzug von ASP.NET nach Node.js."),
    "fr": ("Refonte du service de commandes en Go, temps de réponse divisé par sept.",
           "Encadrement de quatre collègues et migration de ASP.NET vers Node.js."),
    "es": ("Rediseño del servicio de pedidos en Go, con respuestas siete veces más rápidas.",
           "Formación de cuatro compañeros y migración de ASP.NET a Node.js."),
    "it": ("Riscrittura del servizio ordini in Go, con risposte sette volte più rapide.",
           "Affiancamento di quattro colleghi e migrazione da ASP.NET a Node.js."),
    "pt": ("Reescrita do serviço de pedidos em Go, com respostas sete vezes mais rápidas.",
           "Mentoria de quatro colegas e migração de ASP.NET para Node.js."),
    "nl": ("Bestelservice herbouwd in Go, antwoordtijd van 900 naar 120 ms.",
           "Vier collega's begeleid bij de overstap van ASP.NET naar Node.js."),
    "pl": ("Przebudowa usługi zamówień w Go, odpowiedzi siedem razy szybsze.",
           "Opieka nad czterema osobami, przejście z ASP.NET na Node.js."),
    "ru": ("Переписала сервис заказов на Go, время ответа сократилось в семь раз.",
           "Обучала четырёх коллег, переводила отдел с ASP.NET на Node.js."),
    "uk": ("Переписала сервіс замовлень на Go, відповіді стали у сім разів швидшими.",
           "Навчала чотирьох колег, перехід з ASP.NET на Node.js."),
    "tr": ("Sipariş servisini Go ile yeniden yazdım, yanıt süresi yedi kat kısaldı.",
           "Dört çalışma arkadaşına rehberlik, ASP.NET'ten Node.js'e geçiş."),
    "ja": ("注文サービスをGoで再構築し、応答時間を七分の一に短縮。", "四名の後輩を指導し、ASP.NETからNode.jsへ移行。"),
    "zh": ("用Go重写订单服务，响应时间缩短到七分之一。", "指导四名同事，从ASP.NET迁移到Node.js。"),
    "ko": ("주문 서비스를 Go로 다시 작성하여 응답 시간을 크게 단축.", "동료 네 명 지도, ASP.NET에서 Node.js로 이전."),
}  # fmt: skip


def date(lang: str, text: str, form: str) -> str:
    """`2015-03` as a language and a layout write it; forms are long, short, number, iso and year."""
    if text == "present":
        return PRESENT[lang]
    year, _, month = text.partition("-")
    if not month or form == "year":
        return f"{year}年" if lang in ("ja", "zh") else f"{year}년" if lang == "ko" else year
    if lang in ("ja", "zh", "ko"):
        return f"{year}년 {int(month)}월" if lang == "ko" else f"{year}年{int(month)}月"
    if form == "number":
        return f"{month}.{year}" if lang in ("de", "pl", "ru", "uk", "tr") else f"{month}/{year}"
    if form == "iso":
        return text
    name = MONTHS[lang].split()[int(month) - 1]
    if form == "short" and lang in ("en", "de", "es", "it", "pt", "nl", "fr") and len(name) > 4:
        name = name[:3] + ("" if lang in ("en", "nl") else ".")
    if lang == "en" and form == "short" and name == "Sep":
        name = "Sept"
    return f"{name} de {year}" if lang in ("es", "pt") and form == "long" else f"{name} {year}"


def period(lang: str, starts: str, ends: str, form: str) -> str:
    """Both sides with a dash; `2015–19` in the short years' form, "since" where a language has the word."""
    if form == "years" and ends != "present":
        return f"{starts[:4]}–{ends[2:4]}"
    if form == "years":
        form = "year"
    if form == "since" and ends == "present" and lang in SINCE:
        return f"{SINCE[lang]} {date(lang, starts, 'long')}"
    if form == "since":
        form = "long"
    dash = {"long": " – ", "short": " - ", "number": " – ", "iso": " – ", "year": "–"}[form]
    if lang == "en" and form == "long" and ends != "present":
        dash = " to "
    if lang in ("ja", "ko"):
        dash = " ～ " if lang == "ja" else " ~ "
    return f"{date(lang, starts, form)}{dash}{date(lang, ends, form)}"


def expected(text: str, form: str) -> str:
    """What a reader can know of a date that is written in that form."""
    return text[:4] if form in ("year", "years") and text != "present" else text
