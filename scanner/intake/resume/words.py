# ruff: noqa: E501 - lists of words, not code
"""Words of résumés in several languages: titles of posts, legal forms, words before an address.

A word that is missing costs a mark ("please check"), never a finding: nothing here is an input of a check.
"""

from __future__ import annotations

import re

_TITLES = (
    r"розробни\w+|лабора\w+|тестувальни\w+|адміністратор\w*|менеджер\w*|аналітик\w*|фахів\w+|асистент\w*|бухгалтер\w*|дизайнер\w*|"
    r"тестировщи\w+|консультант\w*|дизайнер\w*|преподавател\w+|лаборант\w*|ассистент\w*|начальник\w*|директор\w*|"
    r"\w*kehittäjä|\w*insinööri|\w*asiantuntija|\w*päällikkö|\w*harjoittelija|\w*työntekijä|\w*suunnittelija|\w*johtaja|"
    r"\w*udviklere?|\w*ingeniør|\w*chef|\w*medarbejder|\w*assistent|praktikant\w*|studentermedhjælper|\w*specialist|\w*arkitekt|\w*tekniker|"
    r"\w*praktikant|\w*utvecklare|\w*ansvarig|\w*tekniker|\w*analytiker|vikar\w*|\w*medarbetare|\w*handläggare|"
    r"\w*fejlesztő|\w*mérnök|gyakornok|\w*vezető|\w*elemző|\w*programozó|rendszergazda|"
    r"dezvoltator\w*|programator\w*|inginer\w*|stagiar\w*|analist\w*|programátor\w*|vývojár\w*|inženýr\w*|inžinier\w*|stážist\w*|"
    r"programer\w*|razvijalec|razvojn\w+|inženjer\w*|voditelj\w*|pripravnik|stručnjak|"
    r"kỹ sư|lập trình viên|nhân viên|trưởng nhóm|chuyên viên|giám đốc|pengembang|insinyur|magang|"
    r"vormgever\w*|\w*ontwerper|onderzoeker|projectleider|\w*vormgever|werkstudent|"
    r"\w*(?:tester|manager|designer|consultant|trainer|redakteur|lehrer|planer|prüfer|verkäufer|fahrer|arbeiter)(?:in)?|fachinformatiker\w*|bereichsleiter\w*|teamleiter\w*|fachangestellte\w*|auszubildende\w*|\w*betreuer(?:in)?|\w*meister(?:in)?|\w*kauf(?:mann|frau)|\w*gehilf(?:e|in)|aushilfe|"
    r"yazılım uzmanı|asistan\w*|müdür\w*|danışman\w*|analist\w*|tekniker\w*|tasarımcı\w*|"
    r"deckhand|cashier|auditor|inspector|planner|strategist|copywriter|recruiter|buyer|baker|mechanic|electrician|clerk|waiter|waitress|barista|driver|nurse|operator|instructor|lecturer|professor|postdoc\w*|fellow|apprentice|graduate|"
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
    r"μηχανικ\w+|προγραμματίστ\w+|τεχνικ\w+|βοηθ\w+|διευθυντ\w+|υπάλληλος|σύμβουλος|αναλύτρια|σχεδιαστ\w+|προγραμματιστ\w+|αναλυτής|програмист\w*|разработчик|инженер|програмер\w*|"
    r"programist[aka]+|inżynier\w*|deweloper\w*|kierowni\w+|specjalist\w+|asystent\w+|anality\w+|księgow\w+|doradc\w+|konsultant\w+|projektant\w+|stażyst\w+|administrator\w*|analityk|"
    r"разработчик\w*|инженер\w*|программист\w*|менеджер|руководитель|стаж[её]р|специалист|аналитик|администратор|"
    r"розробник\w*|інженер\w*|програміст\w*|керівник|"
    r"geliştirici\w*|mühendis\w*|yönetici\w*|uzman\w*|stajyer|yazılımcı|"
    r"\w*utvecklare|\w*ingenjör|\w*udvikler|\w*utvikler|\w*ingeniør|\w*konsult|\w*konsulent|\w*rådgiver|\w*rådgivare|\w*ledare|\w*leder|fejlesztő|mérnök|vývojář|inginer|kehittäjä"
)
TITLE = re.compile(
    rf"(?<![^\W\d_])(?:{_TITLES})(?![^\W\d_])|エンジニア|開発|プログラマ|デザイナ|マネージャ|工程师|开发|经理|程序员|架构师|"
    r"مهندس\w*|مطور\w*|مدير\w*|محلل\w*|مبرمج\w*|مصمم\w*|متدرب\w*|מהנדס\w*|מפתח\w*|מתכנת\w*|מנהל\w*|엔지니어|개발자|매니저|디자이너|팀장|연구원",
    re.IGNORECASE,
)

FORM = re.compile(
    r"(?<![^\W\d_])(?:inc|llc|l\.l\.c|ltd|limited|corp|corporation|plc|llp|gmbh(?: & co\. kg)?|ag|kg|ug|e\.v|se|s\.?a|"
    r"s\.?a\.?s|sarl|s\.?l|s\.?l\.?u|lda|ltda|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|sp\. z o\.o|a\.?s|a\.?ş|ab|oy|aps|kft|zrt|"
    r"s\.?r\.?o|pty|pte|pvt|co|company|group|holdings|solutions|technologies|systems|software|labs|studio|studios|"
    r"consulting|agency|bank|university|institute|şti|ооо|зао|пао|ао|тов|ип)\.?(?![^\W\d_])|株式会社|有限会社|合同会社|"
    r"有限公司|科技|集团|شركة|مؤسسة|مجموعة|بنك|בע\"מ|בע״מ|주식회사|\(주\)|㈜",
    re.IGNORECASE,
)

LEGAL = re.compile(
    r"(?<![^\W\d_])(?:inc|llc|l\.l\.c|ltd|limited|corp|plc|llp|gmbh(?: & co\. kg)?|kgaa|ohg|sarl|s\.a\.r\.l|lda|ltda|s\.r\.l|s\.p\.a|b\.v|n\.v|"
    r"sp\. z o\.o|a\.ş|şti|oy|oyj|aps|kft|zrt|s\.r\.o|d\.o\.o|sp\. j|α\.ε|ε\.π\.ε|ο\.ε|αε|επε|sp\. k|kk|a/s|i/s|hb|bt|pty|pte|pvt)\.?$|(?:株式会社|有限会社|有限公司|주식회사)$|^(?:株式会社|주식회사|ооо|зао|пао|тов|ооо)\s",
    re.IGNORECASE,
)
"""A legal form at the end of a name (or before it): what bears one is a firm, whatever else the words could be."""
NO_POST = re.compile(
    r"(?:(?:bezahlte |unbezahlte )?(?:elternzeit|mutterschutz|erziehungsurlaub|sabbatical|auszeit|arbeits(?:suche|suchend|los)|wehrdienst|grundwehrdienst|"
    r"bundeswehr|zivildienst|bundesfreiwilligendienst|freiwilliges soziales jahr|weltreise|pflege (?:von|eines|einer)\b.*|familienzeit|berufliche neuorientierung)|"
    r"(?:full[- ]time )?(?:parental|maternity|paternity|sick|medical|family|unpaid) leave|career (?:break|gap)|gap year|sabbatical|travell?ing|unemployed|job search|military service|national service|"
    r"(?:family|full[- ]time) (?:care|carer|caregiver|parent)|congé (?:parental|maternité|de maternité|sabbatique)|service (?:militaire|national|civique)|recherche d['’]emploi|année sabbatique|"
    r"baja (?:maternal|paternal|por maternidad)|excedencia\b.*|año sabático|servicio militar|búsqueda de empleo|licença[- ](?:maternidade|paternidade|parental)|ano sabático|serviço militar|"
    r"congedo (?:parentale|di maternità)|servizio (?:militare|civile)|anno sabbatico|zwangerschapsverlof|ouderschapsverlof|militaire dienst|dienstplicht|urlop (?:macierzyński|wychowawczy)|służba wojskowa|"
    r"декретный отпуск|отпуск по уходу.*|служба в армии|военная служба|декретна відпустка|служба в армії|askerlik(?: hizmeti)?|doğum izni|föräldraledig\w*|barsel\w*|foreldrepermisjon|"
    r"äitiysloma|vanhempainvapaa|hoitovapaa|varusmies\w*|asevelvollisuus|mateřská(?: dovolená)?|rodičovská(?: dovolená)?|gyes|gyed|産休|育休|育児休業|产假|待业|육아휴직|군 ?복무)",
    re.IGNORECASE,
)
"""Years in which somebody was not employed: no firm to look at, and nobody's business."""

SCHOOL = re.compile(
    r"universi|hochschule|institut|college|school|academy|akademi|école|escuela|facult|politec|polytech|"
    r"politechnika|lycée|gymnasium|liceo|colegio|faculdade|uniwersytet|университет|університет|институт|大学|大學|学院|高校|"
    r"高等学校|대학|학교|üniversite|lise|högskola|egyetem|vysoké|korkeakoulu|egetem|uni\b|\btu\b|\bmit\b|bootcamp|جامعة|كلية|معهد|מכללה|אוניברסיט|đại học|cao đẳng",
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
    rf"|^\s*(?:at|bei|beim|chez|presso|bij|hos)\s+{_ARTICLE}(?=[\"“«„]?[^\W\da-z])"
)
AS = re.compile(
    r"^\s*(?:(?:currently |presently |previously )?(?:working|worked|served|serving|employed|joined) as (?:an? |the )?)(?P<post>.{3,60}?)"
    r"\s+(?:in|with|at|for|by)\s+(?:the\s+)?(?P<firm>[^\W\d_].*)$",
    re.IGNORECASE,
)
"""A post told as a sentence: "Working as Technical Lead in Acme Infotech, Pune"."""
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
    r"jornada completa|tempo pieno|正社員|契約社員|全职|정규직)|(?:\d+ (?:yrs?|mos?|years?|months?|jahre?n?|monate?n?|ans?|mois|años?|mes(?:es)?|anos?|anni|anno|mesi|mese|jaar|jaren|maand(?:en)?|lat|lata|rok|miesi\w+|"
    r"років|рок[иу]|рік|місяц\w*|лет|год[аы]?|месяц\w*|yıl|ay|år|måned(?:er)?|månad(?:er)?|vuotta|vuosi|kk|kuukautta|let|roky|měsíc\w*|év|hónap|ani|luni|年|か月|个月|개월|년)\W*(?:(?:und|and|et|y|e|i|og|och|en|и|і)\s)?)+",
    re.IGNORECASE,
)
COUNTRY = re.compile(
    r"\b(?i:usa|u\.s\.a?|us|uk|united states|united kingdom|germany|deutschland|france|spain|españa|italy|italia|poland|"
    r"polska|portugal|brazil|brasil|netherlands|nederland|ukraine|україна|russia|россия|turkey|türkiye|japan|china|korea|"
    r"india|canada|australia|ireland|austria|österreich|switzerland|schweiz|suisse|sweden|sverige|norway|norge|denmark|"
    r"finland|estonia|latvia|lithuania|romania|hungary|czechia|czech republic|mexico|méxico|argentina|chile|colombia|"
    r"singapore|malaysia|vietnam|philippines|indonesia|israel|uae|egypt|nigeria|kenya|south africa|belgium|belgique|"
    r"croatia|hrvatska|slovenia|slovenija|slovakia|slovensko|česko|česká republika|magyarország|românia|suomi|"
    r"danmark|ísland|iceland|eesti|latvija|lietuva|ελλάδα|кипр|cyprus|malta|luxembourg|liechtenstein|monaco|"
    r"andorra|albania|kosovo|montenegro|north macedonia|bosnia and herzegovina|moldova|belarus|беларусь|"
    r"georgia|armenia|azerbaijan|kazakhstan|казахстан|uzbekistan|kyrgyzstan|tajikistan|turkmenistan|mongolia|"
    r"nepal|sri lanka|bhutan|myanmar|thailand|cambodia|laos|việt nam|new zealand|fiji|papua new guinea|perú|"
    r"peru|ecuador|bolivia|paraguay|uruguay|venezuela|panamá|panama|costa rica|nicaragua|honduras|el salvador|"
    r"guatemala|cuba|dominican republic|puerto rico|jamaica|trinidad and tobago|morocco|maroc|algeria|algérie|"
    r"tunisia|tunisie|libya|sudan|ethiopia|somalia|uganda|tanzania|rwanda|burundi|zambia|zimbabwe|malawi|"
    r"mozambique|angola|namibia|botswana|ghana|togo|benin|senegal|sénégal|mali|niger|cameroon|cameroun|gabon|"
    r"côte d['’]ivoire|ivory coast|madagascar|mauritius|saudi arabia|qatar|kuwait|bahrain|oman|yemen|iraq|iran|"
    r"syria|lebanon|liban|jordan|palestine|afghanistan|северная македония|србија|srbija|българия|"
    r"северна македония|ирландия|германия|польша|украина|deutschland|niederlande|belgien|belgië|polen|italien|"
    r"spanien|frankreich|österreich|schweden|norwegen|dänemark|finnland|irland|north korea|dprk|السعودية|مصر|"
    r"الإمارات|ישראל|ประเทศไทย|"
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
     r"functie|designation|tipo di impiego|beruf oder funktion|type of business|occupation(?: or position held)?|position held|lavoro o posizione ricoperti|fonction ou "
     r"poste occupé|profesión o cargo desempeñado|função ou cargo ocupado|zajmowane stanowisko|stanowisko|должность|посада|pozisyon|görev|職種|役職|职位|직책"),
    ("place", r"location|place|city|ort|standort|lieu|lugar|luogo|sede|local|plaats|miejsce|место|місце|yer|konum|勤務地|地点"),
    ("other", r"main activities and responsibilities|principali (?:attività|mansioni) e responsabilità|(?:principales )?activités et "
     r"responsabilités(?: principales)?|(?:principales )?funciones y responsabilidades(?: principales)?|principais atividades e "
     r"responsabilidades|(?:wichtigste )?tätigkeiten und (?:zuständigkeiten|verantwortlichkeiten)|tech(?:nologies)?|stack|tools|technologien|tecnologías|tecnologie|technologies|responsibilities|duties|dates?|"
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
