"""What pages of a firm's or a person's site are called, in the languages sites are written in.

Words are lower case without diacritics for Latin script. One that ends in `*` is a prefix of a word; a phrase
stands as it is; words in other scripts are looked for anywhere.
"""

from __future__ import annotations

TOPICS: dict[str, tuple[int, str]] = {
    # topic: (weight, words). Weights order pages when there are more than may be read.
    "about": (
        100,
        "about|about us|aboutus|about me|aboutme|who we are|our story|our company|company|profile|"
        "history|mission|vision|values|bio|biography|uber uns|ueber uns|uber mich|ueber mich|"
        "unternehmen|firma|wir uber uns|a propos|apropos|qui sommes nous|notre histoire|entreprise|"
        "societe|sobre|sobre nosotros|quienes somos|nosotros|empresa|conocenos|quem somos|sobre nos|"
        "chi siamo|azienda|o nas|o firmie|o mne|over ons|over mij|bedrijf|om oss|om os|om mig|despre|"
        "despre noi|rolunk|hakkimizda|kurumsal|tentang|tentang kami|ve chung toi|gioi thieu|о нас|"
        "о компании|про нас|про компанію|за нас|关于|關於|公司简介|会社概要|企業情報|회사소개|소개|"
        "من نحن|عن الشركة|אודות|हमारे बारे में|เกี่ยวกับ",
    ),
    "team": (
        95,
        "team|our team|the team|people|our people|leadership|management|founders|founder|staff|"
        "directors|board|meet the team|experts|mitarbeiter|unser team|ansprechpartner|equipe|"
        "notre equipe|equipo|nuestro equipo|nossa equipe|il team|zespol|tym|medewerkers|echipa|"
        "csapat|ekibimiz|tim kami|команда|руководство|团队|團隊|チーム|役員|팀|فريق|צוות",
    ),
    "contact": (
        92,
        "contact|contacts|contact us|contactus|contact me|get in touch|reach us|find us|locations|"
        "offices|location|kontakt|kontakte|standorte|anfahrt|contactez nous|nous contacter|contacto|"
        "contactenos|contactanos|contato|fale conosco|contatti|contattaci|dove siamo|yhteystiedot|"
        "kapcsolat|iletisim|hubungi|hubungi kami|lien he|контакты|контакти|联系|聯絡|联系我们|"
        "お問い合わせ|アクセス|문의|연락처|اتصل|تواصل|צור קשר|संपर्क|ติดต่อ",
    ),
    "work": (
        88,
        "work|works|my work|our work|project*|portfolio|case stud*|casestud*|showcase|gallery|"
        "products|product|solutions|success stories|projekt*|referenz*|arbeiten|projet*|realisations|"
        "references|proyectos|trabajos|casos de exito|projetos|trabalhos|progetti|lavori|realizacje|"
        "referencje|projecten|prosjekter|proiecte|projeler|referanslar|proyek|du an|проекты|проєкти|"
        "портфолио|案例|作品|実績|制作実績|프로젝트|포트폴리오|أعمالنا|מיזמים|परियोजना",
    ),
    "legal": (
        84,
        "imprint|impressum|legal|legal notice|privacy|privacy policy|terms|terms of service|"
        "terms of use|terms and conditions|disclaimer|datenschutz*|agb|mentions legales|"
        "politique de confidentialite|cgv|cgu|aviso legal|politica de privacidad|privacidad|termos|"
        "politica de privacidade|note legali|informativa|polityka prywatnosci|regulamin|"
        "privacybeleid|voorwaarden|colofon|gizlilik|kvkk|правовая|конфиденциальн*|隐私|隱私|利用規約|"
        "プライバシー|特定商取引|이용약관|개인정보|الخصوصية|פרטיות",
    ),
    "services": (
        80,
        "service|services|our services|what we do|expertise|capabilities|offerings|industries|"
        "technologies|skills|leistungen|dienstleistungen|angebot|nos services|prestations|metiers|"
        "servicios|que hacemos|servicos|o que fazemos|servizi|cosa facciamo|uslugi|oferta|diensten|"
        "tjenester|tjanster|servicii|hizmetler*|layanan|dich vu|услуги|послуги|服务|服務|サービス|"
        "事業内容|서비스|خدمات|خدماتنا|שירותים|सेवाएं",
    ),
    "clients": (
        76,
        "clients|our clients|customers|testimonial*|reviews|partners|partner|kunden|kundenstimmen|"
        "partner*|nos clients|temoignages|clientes|testimonios|depoimentos|clienti|klienci|opinie|"
        "klanten|musteriler*|klien|клиенты|отзывы|客户|客戶|お客様|導入事例|고객|عملاؤنا|לקוחות",
    ),
    "resume": (
        74,
        "resume|cv|curriculum|curriculum vitae|lebenslauf|experience|career path|hire me|parcours|"
        "trayectoria|experiencia|esperienza|doswiadczenie|резюме|简历|履歴|이력서|السيرة الذاتية",
    ),
    "careers": (
        60,
        "career|careers|jobs|join us|vacancies|open positions|hiring|karriere|stellenangebote|"
        "emplois|recrutement|empleo|trabaja con nosotros|vagas|trabalhe conosco|lavora con noi|"
        "kariera|praca|vacatures|karriar|lowongan|tuyen dung|вакансии|карьера|招聘|採用|採用情報|"
        "채용|وظائف|קריירה",
    ),
    "blog": (
        56,
        "blog|news|articles|insights|press|media|journal|posts|writing|publications|aktuelles|"
        "neuigkeiten|presse|actualites|noticias|novedades|articulos|notizie|aktualnosci|nieuws|"
        "nyheter|haberler|berita|tin tuc|новости|блог|статьи|新闻|新聞|ニュース|お知らせ|뉴스|블로그|"
        "أخبار|חדשות",
    ),
    "help": (
        40,
        "faq|faqs|help|support|pricing|prices|preise|tarifs|precios|precos|prezzi|cennik|цены|价格|料金",
    ),
}

ROLES: dict[str, dict[str, int]] = {
    # What matters more for what the address is claimed to be.
    "employer": {
        "about": 12,
        "team": 14,
        "legal": 16,
        "contact": 10,
        "clients": 6,
        "careers": 8,
        "resume": -20,
    },
    "portfolio": {"work": 16, "resume": 30, "about": 8, "blog": 6, "careers": -20, "legal": -10},
}
ROLES["vendor"] = ROLES["reference"] = ROLES["school"] = ROLES["offer"] = ROLES["employer"]
ROLES["profile"] = ROLES["portfolio"]
