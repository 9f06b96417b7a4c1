"""How common characters are in mail, for telling undeclared charsets apart.

A character's weight says how much seeing it speaks for a reading: 1 for the commonest
letters of a script, around 0 for what says nothing, below 0 for what mail hardly
holds. The orders are those any table of letter frequencies shows; only the rough rank
counts, so a few hundred characters do.
"""

# ruff: noqa: RUF001 (letters of many scripts look like Latin ones)

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# Letters by how often they are met, commonest first.
_LATIN = "éäöüáóíàèçñåøãêßúæõâôîëûïìòùýðþœ"
_CENTRAL = "ěščřžůąęłśżńćťďňőűđźşğıțășţľĺŕ"
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ"
_GREEK = "αοιετσνηυρπκμλςωδγθχφβξζψάέήίόύώϊϋ"

_HANZI = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用"
    "道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力"
    "它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己"
    "制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气"
    "题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空"
    "请谢您邮网址问候朋友欢迎研究系统电脑文件信息服务联系大家"
)
_HANZI_TRADITIONAL = (
    "這個們來為國說時會對發後種經現當沒動開從實軍長機與關點業將兩間問應戰頭體見產話內門東聲員論處義幾認條氣題"
    "爾變總電數報結務場計資許統區隊決馬書則聽達強難權設類據邊張該規萬領確傳師觀讓識帶導爭運請謝您郵網歡研究係讀寫"
    "麼嗎吧呢啊給過還進樣學無兒錯買賣車飛龍灣聯絡訊腦檔資料"
)
_HANGUL = (
    "이다는을의에가고한지하로은도기사어리자나아서대시라인정해만일그보여것수있했면장부스전제주과들상원요적때구오러니거"
    "비신성경공우동모내소유국안무연마세조생문화심등않없으습까께를와며된될되습했더처럼감합입미터호실관방계용반발개선학"
    "양회음속약말날행결재영분불중물당명저트드르크"
)
_KANJI = (
    "日本人大年会国月今時分行事見私何思言方中出生学上前手気間者自社通作話子書新電場金物明名定同動開発高力理内部合問題"
    "用意味使送受信返文字漢"
)

_PUNCTUATION = "«»°§£©®·¡¿±µ²³½¼×€™–—…•\u00a0¶"
_QUOTES = "‘’“”„"
_BOX = range(0x2500, 0x25A0)
_KANA = range(0x3041, 0x30FF)
_HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
_IDEOGRAPHS = range(0x4E00, 0xA000)
_FULL_WIDTH = (range(0x3000, 0x3020), range(0xFF01, 0xFF5F))
_HALF_WIDTH_KANA = range(0xFF61, 0xFFA0)


class Letter(NamedTuple):
    """What a character says for the reading it occurs in.

    Attributes:
        script: "l" Latin, "c" Cyrillic, "g" Greek, "w" wide (East Asian), "q" quotation
            mark, "p" punctuation, "b" box drawing, "x" hardly text.
        weight: from 1 (speaks for) to -2 (speaks against).
        upper: a capital letter.
    """

    script: str
    weight: float
    upper: bool


def letter(char: str) -> Letter:
    """What one non-ASCII character says; any character has an answer."""
    known = _LETTERS.get(char)
    if known is not None:
        return known
    code = ord(char)
    if code in _IDEOGRAPHS:
        return Letter("w", 0.15, upper=False)
    if code in _HANGUL_SYLLABLES:
        return Letter("w", 0.6, upper=False)
    if char.isalpha():
        return Letter("x", -0.6, char.isupper())
    return Letter("x", -0.5 if char.isprintable() else -2.0, upper=False)


def _ranked(letters: str, script: str, top: float, low: float) -> None:
    step = (top - low) / len(letters)
    for rank, char in enumerate(letters):
        weight = top - rank * step
        _put(char, Letter(script, weight, upper=False))
        if len(char.upper()) == 1:
            _put(char.upper(), Letter(script, weight * 0.9, upper=True))


def _put(chars: Iterable[str], said: Letter) -> None:
    for char in chars:
        _LETTERS.setdefault(char, said)


def _fill() -> None:
    _ranked(_LATIN, "l", 1.0, 0.4)
    _ranked(_CENTRAL, "l", 0.8, 0.3)
    _ranked(_CYRILLIC, "c", 1.0, 0.1)
    _ranked(_GREEK, "g", 1.0, 0.2)
    _put(_HANZI + _HANZI_TRADITIONAL + _KANJI, Letter("w", 1.6, upper=False))
    _put(_HANGUL, Letter("w", 1.6, upper=False))
    _put(map(chr, _KANA), Letter("w", 1.2, upper=False))
    for wide in _FULL_WIDTH:
        _put(map(chr, wide), Letter("w", 0.8, upper=False))
    _put(map(chr, _HALF_WIDTH_KANA), Letter("w", -0.3, upper=False))
    _put(_PUNCTUATION, Letter("p", 0.5, upper=False))
    _put(_QUOTES, Letter("q", 0.5, upper=False))
    _put(map(chr, _BOX), Letter("b", 0.5, upper=False))


_LETTERS: dict[str, Letter] = {}
_fill()
