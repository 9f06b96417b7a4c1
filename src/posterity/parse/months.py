"""The names of months, as mail programs of many lands wrote them into dates.

RFC 5322 knows twelve English abbreviations. Programs that asked their system for the
month's name sent what the system's owner read: "Okt", "août", "Dezember". A name is
compared without case, accents and a closing full stop.
"""

from __future__ import annotations

import re
import unicodedata

# English, German with Austria's Jänner, French, Spanish, Italian, Portuguese, Dutch, the
# Scandinavian languages together, Finnish, Polish, Russian. Twelve months each, the
# spellings of one joined by "/", without accents.
_CALENDARS = """
jan/january feb/february mar/march apr/april may jun/june jul/july aug/august
sep/sept/september oct/october nov/november dec/december |
jan/janner/januar/jaenner feb/februar/feber mar/mrz/marz/maer/maerz apr/april mai
jun/juni jul/juli aug/august sep/sept/september okt/oktober nov/november dez/dezember |
janv/janvier fev/fevr/fevrier mars avr/avril mai juin juil/juillet aou/aout
sept/septembre oct/octobre nov/novembre dec/decembre |
ene/enero feb/febrero mar/marzo abr/abril may/mayo jun/junio jul/julio ago/agosto
sep/sept/set/septiembre/setiembre oct/octubre nov/noviembre dic/diciembre |
gen/gennaio feb/febbraio mar/marzo apr/aprile mag/maggio giu/giugno lug/luglio
ago/agosto set/sett/settembre ott/ottobre nov/novembre dic/dicembre |
jan/janeiro fev/fevereiro mar/marco abr/abril mai/maio jun/junho jul/julho ago/agosto
set/setembro out/outubro nov/novembro dez/dezembro |
jan/januari feb/februari mrt/maart/maa apr/april mei jun/juni jul/juli aug/augustus
sep/sept/september okt/oktober nov/november dec/december |
jan/januari/januar feb/februari/februar mar/mars/marts apr/april maj/mai jun/juni
jul/juli aug/augusti/august sep/september okt/oktober nov/november
dec/december/des/desember |
tammi/tammikuu/tammikuuta helmi/helmikuu/helmikuuta maalis/maaliskuu/maaliskuuta
huhti/huhtikuu/huhtikuuta touko/toukokuu/toukokuuta kesa/kesakuu/kesakuuta
heina/heinakuu/heinakuuta elo/elokuu/elokuuta syys/syyskuu/syyskuuta
loka/lokakuu/lokakuuta marras/marraskuu/marraskuuta joulu/joulukuu/joulukuuta |
sty/stycznia lut/lutego mar/marca kwi/kwietnia maj/maja cze/czerwca lip/lipca
sie/sierpnia wrz/wrzesnia paz/pazdziernika lis/listopada gru/grudnia |
янв/января фев/февраля мар/марта апр/апреля маи/мая июн/июня июл/июля авг/августа
сен/сентября окт/октября ноя/ноября дек/декабря
"""

_NUMBERS: dict[str, int] = {
    spelling: number
    for calendar in _CALENDARS.split("|")
    for number, spellings in enumerate(calendar.split(), 1)
    for spelling in spellings.split("/")
}

_EAST_ASIAN = re.compile(r"([0-9]{1,2})[月월]")


def month_number(name: str) -> int | None:
    """1 to 12 for a month's name in any language known here, else None."""
    number = _NUMBERS.get(name.lower())
    if number is not None:
        return number
    if east := _EAST_ASIAN.fullmatch(name):
        number = int(east[1])
        return number if 1 <= number <= 12 else None
    bare = unicodedata.normalize("NFKD", name.casefold())
    return _NUMBERS.get("".join(c for c in bare if not unicodedata.combining(c)))
