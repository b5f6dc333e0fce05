# ruff: noqa: E501 - lists of words, not code
"""What the parts of a résumé are headed with, in the languages résumés are written in.

A heading that is missing costs a mark ("please check"), never a finding: nothing here is an input of a check.
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
    UNKNOWN = "unknown"  # below a heading whose words are not known


_HEADINGS = {
    Part.CONTACT: "yhteystiedot yhteydenotto kontaktinformation kontaktoplysninger kontaktinfo kontaktuppgifter "
    "personuppgifter személyes_adatok elérhetőségek osobní_údaje osobné_údaje date_de_contact date_personale "
    "контактна_інформація контактная_информация контактні_дані личная_информация kişisel_bilgilerim "
    "iletişim_bilgileri thông_tin_liên_hệ thông_tin_cá_nhân data_diri informasi_kontak معلومات_الاتصال "
    "المعلومات_الشخصية פרטים_אישיים ข้อมูลส่วนตัว kapcsolat contact_details contact_info contact_information "
    "details find_me_online connect 基本信息 联系方式 基本情報 "
    "επικοινωνία контакти kontakty contacte στοιχεία_επικοινωνίας reach_me get_in_touch "
    "contact contacts links profiles online kontakt kontaktdaten contacto contatti contato coordonnées "
    "contactgegevens dane_kontaktowe контакты контакти 連絡先 联系方式 연락처 iletişim find_me social "
    "personal_details personal_information personal_data persönliche_daten datos_personales dati_personali "
    "informations_personnelles informazioni_personali dados_pessoais dane_osobowe личные_данные особисті_дані "
    "個人情報 个人信息 인적사항 kişisel_bilgiler persoonlijke_gegevens web on_the_web elsewhere",
    Part.WORK: "erfahrung erfahrungen berufstätigkeit beschäftigungen anstellungen stationen iş_deneyimleri "
    "iş_tecrübeleri tecrübe tecrübeler çalışma_hayatı mesleki_deneyim profesyonel_deneyim iş_hayatı "
    "трудовий_досвід трудова_діяльність опыт_и_карьера професійна_діяльність työhistoria työura työsuhteet "
    "beskæftigelse ansættelser arbejdserfaringer arbetserfarenhet anställning anställningshistorik "
    "jobberfaring praksis ansettelser yrkespraksis zaměstnání profesní_zkušenosti pracovní_praxe "
    "průběh_zaměstnání priebeh_zamestnania zamestnanie prax pracovné_skúsenosti_a_prax szakmai_tapasztalatok "
    "munkatapasztalatok munkahelyek korábbi_munkahelyek szakmai_gyakorlat experiența_profesională "
    "experienta_profesionala experiențe locuri_de_muncă радно_искуство_и_каријера poslovno_iskustvo iskustvo "
    "delovne_izkušnje_in_kariera kinh_nghiệm kinh_nghiệm_làm_việc quá_trình_làm_việc pengalaman "
    "riwayat_pekerjaan pengalaman_profesional الخبرة الخبرات الخبرة_العملية الخبرات_العملية الخبرة_المهنية "
    "ניסיון ניסיון_תעסוקתי ניסיון_מקצועי ประสบการณ์ทำงาน ประวัติการทำงาน سوابق_کاری कार्य_अनुभव "
    "experiencia_de_trabajo experiences experience_highlights esperienza_di_lavoro esperienze_di_lavoro "
    "experiencias_profesionales experiencias_laborales atuação_profissional expérience_de_travail "
    "historique_professionnel postes_occupés expériences_pro 工作履历 职业经历 任职经历 职业生涯 実務経験 業務経歴 職務経歴詳細 직장_경력 업무_경력 "
    "경력_요약 roles posts_held appointments professional_appointments academic_appointments employment_details "
    "career_summary work_details organisational_experience organizational_experience job_history "
    "berufliche_erfahrung berufliche_erfahrungen berufserfahrungen berufliche_laufbahn berufliche_stationen "
    "beruflicher_hintergrund historia_zatrudnienia kariera_zawodowa przebieg_kariery professional_history "
    "professional_career employment_record experiencias trayectoria vida_laboral historial_profesional "
    "experiências percurso_profissional histórico_profissional carriera percorso_professionale loopbaan "
    "arbeidsverleden yrkeserfarenhet anställningar yrkeserfaring arbeidsforhold parcours emplois места_работы "
    "трудовая_деятельность "
    "επαγγελματική_εμπειρία εργασιακή_εμπειρία προϋπηρεσία професионален_опит трудов_стаж опит радно_искуство "
    "radno_iskustvo pracovné_skúsenosti experiència_laboral experiència_professional delovne_izkušnje "
    "darba_pieredze darbo_patirtis töökogemus positions "
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
    Part.SCHOOL: "eğitim_bilgileri eğitim_durumu öğrenim öğrenim_durumu освіта_та_навчання opinnot koulutustausta "
    "uddannelser utbildning_och_kurser utdanning_og_kurs vzdělání_a_kurzy végzettség iskolai_végzettség "
    "iskolák educație_și_formare studii školovanje izobraževanje học_vấn trình_độ_học_vấn riwayat_pendidikan "
    "التعليم المؤهلات_العلمية השכלה การศึกษา ประวัติการศึกษา تحصیلات शिक्षा educational_qualification "
    "educational_qualifications academic_qualifications academic_qualification academic_details "
    "education_details academics estudios_realizados datos_académicos formazione_scolastica percorso_di_studi "
    "akademischer_werdegang akademische_ausbildung schulische_laufbahn schulischer_werdegang "
    "bildungsweg_und_abschlüsse 学历背景 教育经历与学历 学業 "
    "diplômes scolarité cursus éducation schule_und_studium hochschulstudium ausbildung_und_studium "
    "titulaciones percurso_académico habilitações titoli_di_studio studi utbildningar "
    "εκπαίδευση σπουδές образование образовање obrazovanje vzdelanie izobrazba formació educació izglītība "
    "išsilavinimas haridus qualifications "
    "education academic_background studies education_and_training academic_history ausbildung bildung "
    "bildungsweg studium schulbildung formation formations études educación formación formación_académica estudios "
    "educação formação formação_académica formação_acadêmica istruzione formazione istruzione_e_formazione opleiding "
    "opleidingen wykształcenie edukacja образование освіта 学歴 教育背景 教育经历 学历 학력 학력사항 eğitim utbildning "
    "uddannelse utdanning vzdělání tanulmányok educație koulutus pendidikan",
    Part.PROJECTS: "project_details project_experience key_projects academic_projects projeler_ve_çalışmalar "
    "проєкти_та_роботи projektit projekter prosjekter projekte_und_referenzen proiecte dự_án proyek المشاريع "
    "פרויקטים 项目经验 制作実績 開発実績 "
    "projects portfolio selected_projects personal_projects side_projects open_source "
    "open_source_projects publications "
    "projekte portfolio_und_projekte projets réalisations proyectos projetos progetti projecten projekty проекты "
    "портфолио проєкти プロジェクト ポートフォリオ 项目 项目经历 프로젝트 포트폴리오 projeler projekt selected_work "
    "writing talks case_studies",
    Part.REFERENCES: "referees_and_references referans referanser suosittelijat referenciák referințe người_tham_chiếu "
    "referensi المراجع ממליצים "
    "references referees recommendations referenzen références referencias referências referenze "
    "referenties referencje рекомендации рекомендації 推薦者 推荐人 추천인 referanslar referenser referencer reference",
    Part.CERTIFICATES: "sertifikat sertifikater sertifikaatit tanúsítványok certificări certificate_și_cursuri certifikáty "
    "osvědčení şertifikalar kurslar kurs_ve_sertifikalar chứng_chỉ الشهادات professional_development "
    "professional_training further_education fortbildungen fort-_und_weiterbildung formations_complémentaires "
    "certificates certifications certification licenses licences training courses "
    "certifications_and_licences licenses_and_certifications zertifikate zertifizierungen weiterbildung "
    "weiterbildungen certifications_et_formations certificaciones certificados cursos certificações certificazioni "
    "corsi certificaten cursussen certyfikaty kursy сертификаты курсы сертифікати 資格 证书 자격증 sertifikalar "
    "certifikat kurser",
    Part.OTHER: "career_objective professional_summary executive_summary personal_profile personal_projects_and_interests "
    "declaration objectives technical_proficiency key_strengths preise auszeichnungen "
    "auszeichnungen_und_preise engagement ehrenamt publikationen veröffentlichungen patente nagrody "
    "wyróżnienia prix distinctions publications_et_communications premios reconocimientos premi "
    "riconoscimenti prémios bilgisayar_bilgileri yabancı_dil yabancı_diller sınav_ve_kurslar hobiler "
    "kielitaito taidot harrastukset luottamustoimet sprog kompetencer interesser språkkunskaper övrigt "
    "personligt meriter ferdigheter språkferdigheter verv jazyky dovednosti zájmy jazykové_znalosti "
    "nyelvtudás nyelvismeret készségek hobbi competențe limbi_străine limbi hobby-uri знання_мов "
    "знання_і_навички мови_програмування знание_языков ключевые_навыки профессиональные_навыки "
    "дополнительная_информация обо_мне про_себе_і_цілі kỹ_năng ngôn_ngữ mục_tiêu sở_thích keahlian "
    "keterampilan bahasa minat المهارات اللغات الملخص כישורים שפות תקציר ทักษะ ภาษา 专业技能 个人技能 自我介绍 获奖情况 荣誉奖项 "
    "兴趣爱好 资格证书与荣誉 自己紹介 職務要約 活かせる経験 志望動機 수상 어학 philosophy my_life_philosophy most_proud_of "
    "strengths_and_weaknesses a_day_of_my_life honors_and_awards honours_and_awards awards_and_honors "
    "awards_and_honours awards_and_achievements volunteer volunteering_experience volunteer_experience "
    "community "
    "δεξιότητες γλώσσες умения езици вештине jezici vještine körkort habilitats idiomes "
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


def folded(text: str) -> str:
    """Lower case, with one i: of "DENEYİMLERİ" and "ADI" the language decides which it is, and capitals don't say."""
    return text.lower().replace("i\u0307", "i").replace("ı", "i")


HEADINGS = {
    folded(word.replace("_", " ")): part for part, words in _HEADINGS.items() for word in words.split()
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
