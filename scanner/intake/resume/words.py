# ruff: noqa: E501 - lists of words, not code
"""Words of résumés in several languages: headings, titles of posts, legal forms, words before an address.

A word that is missing costs a mark ("please check"), never a finding: nothing here is an input of a check.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Part(StrEnum):
    """What a part of a résumé is about."""

    HEAD = "head"  # before the first heading: name and contact
    CONTACT = "contact"
    WORK = "work"
    SCHOOL = "school"
    PROJECTS = "projects"
    REFERENCES = "references"
    CERTIFICATES = "certificates"
    OTHER = "other"


_HEADINGS = {
    Part.CONTACT: "επικοινωνία контакти kontakty contacte στοιχεία_επικοινωνίας reach_me get_in_touch "
    "contact contacts links profiles online kontakt kontaktdaten contacto contatti contato coordonnées "
    "contactgegevens dane_kontaktowe контакты контакти 連絡先 联系方式 연락처 iletişim find_me social "
    "personal_details personal_information personal_data persönliche_daten datos_personales dati_personali "
    "informations_personnelles informazioni_personali dados_pessoais dane_osobowe личные_данные особисті_дані "
    "個人情報 个人信息 인적사항 kişisel_bilgiler persoonlijke_gegevens web on_the_web elsewhere",
    Part.WORK: "berufliche_erfahrung berufliche_erfahrungen berufserfahrungen berufliche_laufbahn berufliche_stationen "
    "beruflicher_hintergrund historia_zatrudnienia kariera_zawodowa przebieg_kariery professional_history "
    "professional_career employment_record experiencias trayectoria vida_laboral historial_profesional "
    "experiências percurso_profissional histórico_profissional carriera percorso_professionale loopbaan "
    "arbeidsverleden yrkeserfarenhet anställningar yrkeserfaring arbeidsforhold parcours emplois места_работы "
    "трудовая_деятельность "
    "επαγγελματική_εμπειρία εργασιακή_εμπειρία προϋπηρεσία професионален_опит трудов_стаж опит радно_искуство radno_iskustvo pracovné_skúsenosti experiència_laboral experiència_professional delovne_izkušnje darba_pieredze darbo_patirtis töökogemus positions "
    "experience work_experience professional_experience employment employment_history work_history career "
    "career_history relevant_experience work professional_background positions_held industry_experience "
    "berufserfahrung beruflicher_werdegang berufspraxis werdegang praktische_erfahrung arbeitserfahrung "
    "expérience expériences expérience_professionnelle expériences_professionnelles parcours_professionnel "
    "experiencia experiencia_laboral experiencia_profesional trayectoria_profesional historial_laboral "
    "experiência experiência_profissional esperienza esperienze esperienza_lavorativa esperienze_lavorative "
    "esperienza_professionale esperienze_professionali werkervaring doświadczenie doświadczenie_zawodowe "
    "опыт_работы опыт трудовой_опыт профессиональный_опыт досвід_роботи досвід професійний_досвід "
    "職歴 職務経歴 経歴 工作经历 工作经验 工作經歷 경력 경력사항 경력_사항 deneyim iş_deneyimi iş_tecrübesi deneyimler "
    "erfarenhet arbetslivserfarenhet erhvervserfaring arbejdserfaring arbeidserfaring praxe pracovní_zkušenosti "
    "munkatapasztalat szakmai_tapasztalat experiență experiență_profesională työkokemus pengalaman_kerja "
    "selected_experience freelance_work consulting_experience volunteering_and_work",
    Part.SCHOOL: "diplômes scolarité cursus éducation schule_und_studium hochschulstudium ausbildung_und_studium "
    "titulaciones percurso_académico habilitações titoli_di_studio studi utbildningar "
    "εκπαίδευση σπουδές образование образовање obrazovanje vzdelanie izobrazba formació educació izglītība išsilavinimas haridus qualifications "
    "education academic_background studies education_and_training academic_history ausbildung bildung "
    "bildungsweg studium schulbildung formation formations études educación formación formación_académica estudios "
    "educação formação formação_académica formação_acadêmica istruzione formazione istruzione_e_formazione opleiding "
    "opleidingen wykształcenie edukacja образование освіта 学歴 教育背景 教育经历 学历 학력 학력사항 eğitim utbildning "
    "uddannelse utdanning vzdělání tanulmányok educație koulutus pendidikan",
    Part.PROJECTS: "projects portfolio selected_projects personal_projects side_projects open_source "
    "open_source_projects publications "
    "projekte portfolio_und_projekte projets réalisations proyectos projetos progetti projecten projekty проекты "
    "портфолио проєкти プロジェクト ポートフォリオ 项目 项目经历 프로젝트 포트폴리오 projeler projekt selected_work "
    "writing talks case_studies",
    Part.REFERENCES: "references referees recommendations referenzen références referencias referências referenze "
    "referenties referencje рекомендации рекомендації 推薦者 推荐人 추천인 referanslar referenser referencer reference",
    Part.CERTIFICATES: "certificates certifications certification licenses licences training courses "
    "certifications_and_licences licenses_and_certifications zertifikate zertifizierungen weiterbildung "
    "weiterbildungen certifications_et_formations certificaciones certificados cursos certificações certificazioni "
    "corsi certificaten cursussen certyfikaty kursy сертификаты курсы сертифікати 資格 证书 자격증 sertifikalar "
    "certifikat kurser",
    Part.OTHER: "δεξιότητες γλώσσες умения езици вештине jezici vještine körkort habilitats idiomes "
    "skills technical_skills core_skills key_skills technologies tools languages interests hobbies summary "
    "profile about about_me objective personal_statement awards achievements honors honours volunteering activities "
    "research coursework leadership memberships strengths expertise competencies additional_information "
    "kenntnisse fähigkeiten sprachen sprachkenntnisse interessen profil über_mich kurzprofil edv-kenntnisse "
    "compétences langues centres_d'intérêt loisirs à_propos "
    "habilidades competencias idiomas perfil sobre_mí intereses aptitudes resumen competências línguas interesses "
    "resumo sobre_mim competenze lingue profilo interessi vaardigheden talen profiel umiejętności języki "
    "zainteresowania podsumowanie навыки языки о_себе увлечения навички мови про_себе スキル 言語 自己PR 概要 趣味 "
    "技能 语言 自我评价 兴趣 기술 언어 자기소개 요약 beceriler yetenekler diller hakkımda özet ilgi_alanları "
    "kompetenser språk intressen färdigheter sammanfattning personalien",
}  # fmt: skip
HEADINGS = {
    word.replace("_", " ").lower(): part for part, words in _HEADINGS.items() for word in words.split()
}
_STEMS = (
    (Part.WORK, r"\b(?:experience|employment|work history|berufserfahrung|werdegang|expériences? prof|experiencia (?:"
     r"laboral|prof)|experiência prof|esperienz[ae] (?:lav|prof)|werkervaring|doświadczenie|опыт работы|досвід роботи|"
     r"iş deneyim)"),
    (Part.SCHOOL, r"\b(?:education|ausbildung|studium|formation acad|formación acad|istruzione|wykształcenie|образовани)"),
    (Part.CERTIFICATES, r"\b(?:certific|zertifi|licen[cs]es)"),
    (Part.PROJECTS, r"\b(?:projects|projekte|projets|proyectos|projetos|progetti|portfolio)\b"),
    (Part.REFERENCES, r"\b(?:references|referees|referenzen|références|referencias)\b"),
    (Part.OTHER, r"\b(?:skills|kenntnisse|compétences|habilidades|languages|sprachen|interests)\b"),
)  # fmt: skip
STEMS = tuple((part, re.compile(pattern)) for part, pattern in _STEMS)

_TITLES = (
    r"engineer\w*|developer\w*|programmer\w*|architect\w*|manager\w*|director|head of|lead|analyst\w*|consultant\w*|"
    r"intern|internship|trainee|administrator|designer|scientist|researcher|specialist|officer|cto|ceo|cfo|coo|founder|"
    r"co-founder|owner|freelancer?|contractor|assistant|associate|technician|tester|qa|devops|sre|scrum master|tutor|"
    r"product owner|teacher|accountant|writer|editor|president|partner|supervisor|coordinator|full[- ]?stack|back[- ]?end|"
    r"front[- ]?end|senior|junior|principal|staff|vp|"
    r"\w*entwickler(?:in)?|\w*programmierer(?:in)?|\w*techniker(?:in)?|\w*informatiker(?:in)?|\w*administrator(?:in)?|"
    r"\w*assistent(?:in)?|\w*analyst(?:in)?|\w*ingenieur(?:in)?|\w*leiter(?:in)?|\w*berater(?:in)?|\w*student(?:in)?|werkstudent\w*|praktikant(?:in)?|"
    r"sachbearbeiter\w*|geschäftsführer\w*|mitarbeiter(?:in)?|administrator\w*|\w*architekt(?:in)?|"
    r"développeu\w+|ingénieur\w*|chef de|responsable|consultante?|programmeu\w+|technicien\w*|stagiaire|alternante?|directeur|directrice|chargée? de|concept(?:eur|rice)|"
    r"desarrollador\w*|ingenier[oa]|programador\w*|jef[ea] de|analista|becari[oa]|director[a]?|consultor\w*|arquitect[oa]|"
    r"desenvolvedor\w*|engenheir[oa]|estagiári[oa]|técnic[oa]|gerente|programadora?|"
    r"sviluppat\w+|ingegnere|programmat\w+|responsabile|tirocinante|sistemista|analista|consulente|"
    r"\w*ontwikkelaar|\w*medewerker|\w*adviseur|stagiair\w*|\w*beheerder|programmeur|"
    r"cheffe? de|intégrat\w+|assistante?|rédact\w+|graphiste|webmaster|animat(?:eur|rice)|gestionnaire|conseill[eè]re?|"
    r"vývojář\w*|správ\w+|referent\w*|analytička|technik\w*|vedoucí|"
    r"auxiliar|redactor\w*|diseñador\w*|profesor\w*|administrativ[oa]|engenheir\w+|projetista|designer\w*|"
    r"redattor\w+|grafic[oa]|impiegat[oa]|insegnante|tecnic[oa]|"
    r"\w*techniek\w*|ontwerper|docent|redacteur|grafik\w*|młodsz[ya] \w+|starsz[ya] \w+|"
    r"arquitet[oa]|programador\w*|analista de|sysadmin|admin|\w*gestalter(?:in)?|"
    r"μηχανικός|προγραμματιστ\w+|αναλυτής|програмист\w*|разработчик|инженер|програмер\w*|"
    r"programist[aka]+|inżynier|deweloper|kierownik|specjalista|stażyst\w+|administrator\w*|analityk|"
    r"разработчик\w*|инженер\w*|программист\w*|менеджер|руководитель|стаж[её]р|специалист|аналитик|администратор|"
    r"розробник\w*|інженер\w*|програміст\w*|керівник|"
    r"geliştirici\w*|mühendis\w*|yönetici\w*|uzman\w*|stajyer|yazılımcı|"
    r"\w*utvecklare|\w*ingenjör|\w*udvikler|\w*utvikler|\w*ingeniør|\w*konsult|\w*konsulent|\w*rådgiver|\w*rådgivare|\w*ledare|\w*leder|fejlesztő|mérnök|vývojář|inginer|kehittäjä"
)
TITLE = re.compile(
    rf"(?<![^\W\d_])(?:{_TITLES})(?![^\W\d_])|エンジニア|開発|プログラマ|デザイナ|マネージャ|工程师|开发|经理|程序员|架构师|"
    r"엔지니어|개발자|매니저|디자이너|팀장|연구원",
    re.IGNORECASE,
)

FORM = re.compile(
    r"(?<![^\W\d_])(?:inc|llc|l\.l\.c|ltd|limited|corp|corporation|plc|llp|gmbh(?: & co\. kg)?|ag|kg|ug|e\.v|se|s\.?a|"
    r"s\.?a\.?s|sarl|s\.?l|s\.?l\.?u|lda|ltda|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|sp\. z o\.o|a\.?s|a\.?ş|ab|oy|aps|kft|zrt|"
    r"s\.?r\.?o|pty|pte|pvt|co|company|group|holdings|solutions|technologies|systems|software|labs|studio|studios|"
    r"consulting|agency|bank|university|institute|şti|ооо|зао|пао|ао|тов|ип)\.?(?![^\W\d_])|株式会社|有限会社|合同会社|"
    r"有限公司|科技|集团|주식회사|\(주\)|㈜",
    re.IGNORECASE,
)

SCHOOL = re.compile(
    r"universi|hochschule|institut|college|school|academy|akademi|école|escuela|facult|politec|polytech|"
    r"politechnika|lycée|gymnasium|liceo|colegio|faculdade|uniwersytet|университет|університет|институт|大学|大學|学院|高校|"
    r"高等学校|대학|학교|üniversite|lise|högskola|egyetem|vysoké|korkeakoulu|egetem|uni\b|\btu\b|\bmit\b|bootcamp",
    re.IGNORECASE,
)
DEGREE = re.compile(
    r"\b(?:b\.?sc|m\.?sc|b\.?a|m\.?a|b\.?eng|m\.?eng|ph\.?d|mba|bachelor\w*|master\w*|diplom\w*|licence|licenciatura|"
    r"grado|grad|laurea\w*|magister\w*|inżynier|degree|abitur|doctora\w*|doktor\w*|mestrado|máster|maestría|baccalauréat|"
    r"minor|major|бакалавр\w*|магистр\w*|lisans\w*|computer science|informatik|informatique|informática)\b|学士|修士|学部|"
    r"本科|硕士|학사|석사|工学",
    re.IGNORECASE,
)
_ARTICLE = r"(?:(?:the|der|dem|den|die|das|la|le|les|el|los|las|il|lo|de|het)\s+|l['’])?"
AT = re.compile(
    rf"\s+(?:at|@|bei|beim|chez|en|em|presso|bij|w|в|у|hos|na)\s+{_ARTICLE}(?=[\"“«„]?[^\W\da-z])|\s*[@]\s*"
)
FREE = re.compile(
    r"\b(?:self[- ]?employed|freelance\w*|selbstständig|selbständig|freiberuf\w*|indépendant\w*|autónomo|autônomo|"
    r"libero professionista|zelfstandig\w*|zzp|samozatrudnienie|фриланс\w*|serbest|independent|various clients|upwork)\b",
    re.IGNORECASE,
)
REMOTE = re.compile(
    r"\b(?:remote|remoto|home ?office|télétravail|hybrid|on[- ]?site|zdalnie|удал[её]нно|uzaktan)\b|リモート|远程|원격",
    re.IGNORECASE,
)
TERMS = re.compile(
    r"(?:full[- ]?time|part[- ]?time|contract|permanent|temporary|vollzeit|teilzeit|festanstellung|temps plein|cdi|cdd|"
    r"jornada completa|tempo pieno|正社員|契約社員|全职|정규직)|(?:\d+ (?:yrs?|mos?|years?|months?|jahre?|ans?|mois|años?)\W*)+",
    re.IGNORECASE,
)
COUNTRY = re.compile(
    r"\b(?i:usa|u\.s\.a?|us|uk|united states|united kingdom|germany|deutschland|france|spain|españa|italy|italia|poland|"
    r"polska|portugal|brazil|brasil|netherlands|nederland|ukraine|україна|russia|россия|turkey|türkiye|japan|china|korea|"
    r"india|canada|australia|ireland|austria|österreich|switzerland|schweiz|suisse|sweden|sverige|norway|norge|denmark|"
    r"finland|estonia|latvia|lithuania|romania|hungary|czechia|czech republic|mexico|méxico|argentina|chile|colombia|"
    r"singapore|malaysia|vietnam|philippines|indonesia|israel|uae|egypt|nigeria|kenya|south africa|belgium|belgique|"
    r"england|scotland|wales|serbia|bulgaria|greece|hong kong|taiwan|pakistan|bangladesh)\b|"
    r"\b[A-Z]{2}\b|日本|東京|大阪|京都|福岡|名古屋|横浜|北京|上海|深圳|广州|杭州|서울|부산|판교",
)
LABEL = re.compile(
    r"(?:web ?site|web|www|url|homepage|site(?: web)?|portfolio|blog|github|gitlab|linkedin|twitter|link|sitio(?: web)?|"
    r"sito(?: web)?|strona|сайт|вебсайт|ホームページ|ウェブサイト|网站|웹사이트|홈페이지|webseite|internet|web sitesi|company)"
    r"\s*[:：|]?\s*$",
    re.IGNORECASE,
)

_LABELS = (
    ("organisation", r"(?:name (?:and address )?of (?:the )?|nome (?:e indirizzo )?del |nom (?:et adresse )?de l['’]|nombre "
     r"(?:y dirección )?del? (?:la )?|nome (?:e endereço )?d[oa] |name (?:und adresse )?des |nazwa (?:i adres )?|company )?"
     r"(?:employer|datore di lavoro|employeur|empresa|empleador|empregador|arbeitgebers|pracodawcy|name)|company|employer|organi[sz]ation|firm|client|firma|arbeitgeber|unternehmen|entreprise|société|employeur|"
     r"empresa|azienda|datore di lavoro|bedrijf|werkgever|pracodawca|компания|организация|компанія|şirket|işveren|会社名|公司|회사|"
     r"school|university|institution|universität|hochschule|école"),
    ("post", r"position|title|job title|role|post|stelle|tätigkeit|funktion|poste|fonction|puesto|cargo|posizione|mansione|"
     r"functie|designation|tipo di impiego|beruf oder funktion|type of business|stanowisko|должность|посада|pozisyon|görev|職種|役職|职位|직책"),
    ("place", r"location|place|city|ort|standort|lieu|lugar|luogo|sede|local|plaats|miejsce|место|місце|yer|konum|勤務地|地点"),
    ("other", r"tech(?:nologies)?|stack|tools|technologien|tecnologías|tecnologie|technologies|responsibilities|duties|dates?|"
     r"salary|hours(?: per week)?|grade|series|duration|data|datum|daten|okres|fechas|datas|period|zeitraum|période|periodo|período|tasks|aufgaben|environment|team|industry|branche|website|web|url|link|"
     r"homepage|site|supervisor|phone|email|e-mail|tel"),
)  # fmt: skip
LABELS = tuple(
    (name, re.compile(rf"\s*(?:{words})(?:\s*\([^)]{{1,20}}\))?\s*[:：]\s*", re.IGNORECASE))
    for name, words in _LABELS
)

JOINED = re.compile(r"[ 　]*(?:入社|入職|入职)")
LEFT = re.compile(r"[ 　]*(?:一身上の都合により|契約期間満了により)?[ 　]*(?:退社|退職|离职)")
STILL = re.compile(r"現在に至る|至现在")
ERAS = (("令和", 2018), ("平成", 1988), ("昭和", 1925))
"""Japanese eras, and the year before their first."""
