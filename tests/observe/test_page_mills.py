"""What counts as an offer of made-up experience, and the honest sentences that use the same words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from scanner.model import Observation
from scanner.observe.page import document, mills, safety


def seen(html: str, url: str = "https://larkwell.example/") -> list[tuple[str, str]]:
    rows: list[Observation] = mills.mills(document.read(url, 200, [], html))
    assert all(row.kind == "mill" for row in rows)
    return [(row.name, row.value) for row in rows]


OFFERS = [
    ("reference", "Order a genuine experience letter today."),
    ("reference", "Buy employment history, verified by phone."),
    ("reference", "Back-dated letters of employment for any year."),
    ("reference", "Close the gap with an experience letter that holds."),
    ("reference", "Our operators act as your former employer."),
    ("reference", "When a recruiter calls, we answer as the company you name."),
    (
        "reference",
        "When your next employer calls us, we confirm what you told them; that employer calls only once.",
    ),
    ("reference", "Choose your job title and we will confirm it."),
    ("reference", "Professional references on demand, from $60."),
    ("reference", "Experience letters with salary slips, complete package from $90."),
    ("reference", "100% genuine experience certificate from all MNC companies."),
    (
        "reference",
        "We treten als dein ehemaliger Arbeitgeber auf: als dein ehemaliger Arbeitgeber bestätigen wir alles.",
    ),
    ("reference", "Vendemos certificados laborales de cualquier empresa."),
    ("reference", "Acheter un faux certificat de travail en ligne."),
    ("reference", "Купить трудовую книжку недорого."),
    ("reference", "专业代开离职证明，公司可查。"),
    ("reference", "허위 경력 제작 전문."),
    (
        "reference",
        "Get an experience letter, relieving letter and payslips from a registered Pvt Ltd company.",
    ),
    ("reference", "We give you a company, a supervisor and a number that is answered in its name."),
    ("reference", "Our operators answer every reference check as your HR department."),
    ("reference", "Te damos constancia laboral con las fechas que necesites."),
    ("reference", "可开具在职证明、离职证明，配套社保挂靠。"),
    ("reference", "背景调查电话由我们的人事接听，不通过全额退款。"),
    ("reference", "We become your past employer."),
    ("reference", "We step in as your previous workplace."),
    ("reference", "We will pretend to be your landlord, boss or colleague."),
    ("reference", "Real people answer the phone as your old manager."),
    ("reference", "For $99 we add two years at our company to your CV."),
    ("reference", "Add our company to your resume, and we do the rest."),
    ("reference", "Fill your employment gap with a real registered startup."),
    ("reference", "You choose job title and dates, and we confirm to any background check company."),
    ("reference", "100% BGV clear."),
    ("reference", "Back-dated joining letters and payslips for you."),
    ("reference", "We run your payroll on our company for the last three years."),
    ("reference", "Nobody will know that you never worked there."),
    ("reference", "Fake references that work."),
    ("reference", "Get 2 to 10 years experience certificate with salary slips and HR verification."),
    ("reference", "Our partner companies will confirm that you worked for them."),
    ("reference", "Cartas laborales y recibos de nómina desde 40 dólares."),
    ("reference", "Nóminas y una persona que contesta como tu exjefe."),
    ("reference", "Wir bestätigen deine Anstellung am Telefon."),
    ("reference", "Nous devenons votre ancien employeur."),
    ("reference", "Nous répondons au téléphone comme votre ancien patron."),
    ("reference", "Emitimos declaração de experiência com as datas que você precisa."),
    ("reference", "Оформим стаж в нашей компании."),
    ("reference", "CV'nizdeki boşluğu dolduruyoruz: referans mektubu ve SGK kaydı."),
    ("interview", "Our consultants take your technical interview for you."),
    ("interview", "We speak, you only move your lips, in any coding interview."),
    ("account", "Let us use your Upwork profile and you receive 20% each month."),
    ("interview", "Proxy interview service for Java and cloud."),
    ("interview", "Our experts will clear the technical interview for you."),
    ("interview", "Proxy interviews with a guarantee, from $200."),
    ("interview", "We attend the interview on behalf of the candidate."),
    ("interview", "面试代面，价格面议。"),
    ("account", "Buy verified Upwork accounts here."),
    ("account", "Aged LinkedIn profiles for rent."),
    ("account", "Rent us your identity and earn."),
    ("account", "出租领英账号，长期有效。"),
    ("verification", "We confirm the employment of former employees."),
    ("verification", "Employment verification hotline, open day and night."),
]


@pytest.mark.parametrize(("kind", "words"), OFFERS)
def test_an_offer_is_seen_and_quoted(kind: str, words: str) -> None:
    found = seen(f"<h1>Services</h1><p>{words}</p>")
    assert kind in {name for name, _ in found}
    assert all(value in words for _, value in found)


@pytest.mark.parametrize(
    "words",
    [
        "We verify a candidate's employment history and references before you hire.",
        "Our researchers call the previous employer of every applicant.",
        "We act as your employer of record in forty countries.",
        "We act as your project manager, from the first call to the launch.",
        "Interns receive an experience certificate after three months.",
        "New joiners bring their relieving letter, payslips and experience letters.",
        "We conduct technical interviews on your behalf, so that your engineers can work.",
        "Answering verification requests on your behalf saves your HR desk an hour a day.",
        "How to explain a gap in your employment history.",
        "Create your work history page with our résumé builder.",
        "Ask your former manager for a reference letter.",
        "Sign in with your LinkedIn account or GitHub account.",
        "Connect your Payoneer account to be paid.",
        "Our former employees founded twelve firms.",
        "We use a proxy server; the interview with its author is below.",
        "A proxy for the interview panel was chosen by lot.",
        "References are available on request.",
        "Choose the job title you want, and see open positions.",
        "Arbeitszeugnis schreiben lassen von Fachleuten für Personal.",
        "Wir suchen einen Arbeitgeber für unsere Absolventen.",
        "Buy gift cards for your team's work anniversary.",
        "Letters of reference from past employers are checked by hand.",
        "Proxy interview services help people pass for somebody else.",
        "In some cases others attend the interview on behalf of the candidate.",
        "Criminals rent LinkedIn accounts and buy verified Upwork accounts.",
        "Former staff can order an employment certificate here.",
        "Back-dated pay and employment allowance are settled in April.",
        "Offer letters, experience letters and payslips in one click, with background verification built in.",
        "Interns get an experience letter from a registered company.",
        "Get an offer letter from a verified employer within a week.",
        "Bring the experience letter from your previous company on your first day.",
        "We give your company a number that is answered in your name by our reception.",
        "Our people answer every reference check within two days.",
        "Our HR department answers reference checks; your manager is told.",
        "Descarga tu constancia laboral: elige las fechas que necesitas.",
        "签证材料：在职证明、收入证明、银行流水。",
        "我们为企业提供背景调查服务，电话核实候选人的工作经历。",
        "入职时请提供上家公司的离职证明和社保记录。",
        "Our engineers take the technical interviews for you, and you receive a score for each candidate.",
        "We become the employer that candidates talk about.",
        "We help parents to close a career gap with a paid contract at a real company.",
        "Our actors play your boss, your colleague or an angry customer in role plays for managers.",
        "Choose your role and dates, and after six weeks we write you a reference. Put us on your CV with pride.",
        "Tell us the years you worked here and we list you on our alumni page.",
        "We put you on our payroll as your employer, keep your contract running and answer references.",
        "In the story he pretends to be her lover. Nobody knows he never worked there.",
        "Tramitamos certificados laborales y nóminas para tu empresa desde 15 euros por trabajador.",
        "Wir bestätigen Ihre Angaben und stellen Arbeitszeugnisse fertig.",
        "Give our team your Upwork profile link and we review it for $30.",
        "Оформим трудовые договоры, посчитаем стаж и подготовим справки для ваших сотрудников.",
        "Move your mouth less and speak slower: our coaches film your mock technical interview.",
        "We answer your phone in your company's name, and your callers believe we sit in your office.",
        "We become the legal employer of your staff abroad and issue experience letters when they leave.",
        "Add real experience to your CV: work six months with us, and we gladly act as your reference.",
    ],
)
def test_honest_sentences_with_the_same_words_are_nothing(words: str) -> None:
    assert seen(f"<h1>Services</h1><p>{words}</p>") == []


def test_a_boast_and_half_a_word_are_no_warning() -> None:
    # given a page that promises, where "do not" and "never" are part of another word and of the promise itself
    page = "<p>We become your past employer; you do nothing.<p>Nobody will know that you never worked there."
    # then both lines count; and one that really warns still does not
    assert len(seen(page)) == 2
    assert seen("<p>Do not pay those who become your past employer, whatever you are told.") == []


@pytest.mark.parametrize(
    ("html", "url"),
    [
        (
            "<p>They buy experience letters and act as your former employer.",
            "https://larkwell.example/blog/mills",
        ),
        ("<p>You may not buy, sell or rent LinkedIn accounts.", "https://larkwell.example/"),
        ("<p>Users must not rent Upwork accounts.<p>Rent Upwork accounts", "https://larkwell.example/"),
        (
            "<h1>How to detect proxy interviews</h1><p>Proxy interview services are cheap.",
            "https://larkwell.example/x",
        ),
        ("<p>Accounts: buy Upwork accounts is against these rules", "https://larkwell.example/terms"),
    ],
)
def test_pages_that_speak_of_it_offer_nothing(html: str, url: str) -> None:
    assert seen(html, url) == []


def test_a_line_that_warns_takes_only_itself_away() -> None:
    found = seen(
        "<p>We do not rent LinkedIn accounts.<p>Buy verified Upwork accounts.<p>Rent us your identity."
    )
    assert found == [("account", "Buy verified Upwork accounts."), ("account", "Rent us your identity.")]


def test_one_number_under_three_firms_counts_only_beside_an_offer() -> None:
    firms = "".join(
        f"<p>{name} LLC</p><p>+1 512 300 4417</p>" for name in ("Halberd", "Maple Ferry", "Quarry Stone")
    )
    assert seen(firms) == [], "a group lists its firms"
    found = dict(seen(f"<p>Professional references on demand</p>{firms}"))
    assert found["one_contact"].count(";") == 2
    two = firms[: firms.index("<p>Quarry")]
    assert "one_contact" not in dict(seen(f"<p>Professional references on demand</p>{two}"))


def test_a_page_made_to_be_slow_is_not() -> None:
    line = "buy " + "experience letter " * 40_000 + "your former employer " * 20_000
    started = time.perf_counter()
    seen(f"<p>{line}</p>" + "<p>buy a buy a experience employer calls LinkedIn accounts</p>" * 3000)
    assert time.perf_counter() - started < 4, "patterns see 600 characters of 200 lines"


def test_no_real_page_of_the_corpus_offers_experience_or_wants_a_computer(corpus: Path) -> None:
    # given pages of real firms, people and projects, kept apart from this repository
    pages = sorted((corpus / "sites").rglob("*.htm*"))
    if not pages:
        pytest.skip("no sites in the corpus")
    for path in pages:
        page = document.read(
            f"https://larkwell.example/{path.name}", 200, [], path.read_text("utf-8", "replace")
        )
        assert mills.mills(page) == [], path.name
        found = [row for row in safety.safety(page) if row.name != "download"]
        assert [row for row in found if not row.value.startswith(("support ", "page "))] == [], path.name
