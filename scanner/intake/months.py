"""Names of months in the languages résumés are written in, with their short forms.

English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Ukrainian, Turkish, Swedish, Danish,
Norwegian, Czech, Hungarian, Romanian, Indonesian, Finnish, Greek, Bulgarian, Serbian, Croatian, Slovak, Slovenian,
Catalan and the Baltic languages. Chinese, Japanese and Korean write "2015年3月", "2015년 3월".
"""

from __future__ import annotations

_NAMES = (
    "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari stycznia styczeń sty январь "
    "января янв січень січня січ ocak oca leden ledna január ianuarie ian tammikuu tammikuuta jän ιαν ιανουάριος "
    "ιανουαρίου януари яну јануар јан siječanj siječnja jaanuar janvāris sausis sausio gener",
    "february feb februar feber février févr fevrier fevr fev febrero fevereiro febbraio februari lutego luty lut "
    "февраль февраля фев лютий лютого лют şubat şub únor února február februarie helmikuu febr fév febbr úno φεβ "
    "φεβρουάριος φεβρουαρίου февруари фебруар феб veljača veljače veebruar februāris vasaris vasario febrer",
    "march mar märz maerz mrz mars marzo março marco maart mrt marca marzec март марта мар березень березня бер "
    "mart březen března március märc martie maret maaliskuu mär marts märts márc bře μάρ μαρ μάρτιος μαρτίου "
    "ožujak ožujka marec kovas kovo març maalis",
    "april apr avril avr abril abr aprile kwietnia kwiecień kwi апрель апреля апр квітень квітня кві квіт nisan "
    "nis duben dubna április ápr aprilie huhtikuu απρ απρίλιος απριλίου април travanj travnja apríl aprill "
    "aprīlis balandis balandžio",
    "may mai mayo maio maggio mag mei maja maj май мая травень травня тра трав mayıs květen května május toukokuu "
    "máj kvě μάι μαΐ μάιος μαΐου мај svibanj svibnja maijs maig gegužė gegužės",
    "june jun juni juin junio junho giugno giu czerwca czerwiec cze июнь июня июн червень червня чер черв haziran "
    "haz červen června június jún iunie kesäkuu iun ιούν ιουν ιούνιος ιουνίου юни јун lipanj lipnja junij juuni "
    "jūnijs jūn juny birželis birželio",
    "july jul juli juillet juil julio julho luglio lug lipca lipiec lip июль июля июл липень липня temmuz tem "
    "červenec července július júl iulie heinäkuu iul ιούλ ιουλ ιούλιος ιουλίου юли јул srpanj srpnja julij juuli "
    "jūlijs jūl juliol liepa liepos лип",
    "august aug août aout agosto ago augustus sierpnia sierpień sie август августа авг серпень серпня сер серп "
    "ağustos ağu srpen srpna augusztus agustus elokuu augusti agu aoû avg avgust αύγ αυγ αύγουστος αυγούστου "
    "kolovoz kolovoza augusts agost rugpjūtis rugpjūčio",
    "september sep sept septembre septiembre setiembre setembro set settembre września wrzesień wrz сентябрь "
    "сентября сен сент вересень вересня вер eylül eyl září szeptember szept septembrie syyskuu zář σεπ "
    "σεπτέμβριος σεπτεμβρίου септември септембар сеп rujan rujna septembris rugsėjis rugsėjo setembre",
    "october oct oktober okt octobre octubre outubro out ottobre ott października październik paź октябрь октября "
    "окт жовтень жовтня жов жовт ekim eki říjen října október octombrie lokakuu říj οκτ οκτώβριος οκτωβρίου "
    "октомври октобар oktobris oktoober spalis spalio",
    "november nov novembre noviembre novembro listopada listopad lis ноябрь ноября ноя нояб листопад листопада "
    "лис kasım kas noiembrie marraskuu listopadu νοέ νοε νοέμβριος νοεμβρίου ноември новембар ное нов studeni "
    "studenoga novembris lapkritis lapkričio",
    "december dec dezember dez décembre decembre déc diciembre dic dezembro dicembre grudnia grudzień gru декабрь "
    "декабря дек грудень грудня гру груд aralık ara prosinec prosince decembrie desember joulukuu des dets δεκ "
    "δεκέμβριος δεκεμβρίου декември децембар дец prosinac prosinca decembris detsember gruodis gruodžio desembre",
)

MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""Names in lower case, and their numbers. A name that means two months in two languages (Croatian "listopad" is Polish
November, Ukrainian and Czech too) stands once, for the month it means in most."""
