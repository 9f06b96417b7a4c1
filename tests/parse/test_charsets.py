# ruff: noqa: RUF001 (texts in many scripts)
"""Octets as characters: what is declared, what is proved, what is guessed."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.defects import DefectCode
from posterity.model import CharsetSource
from posterity.parse.charsetnames import UNDECLARED, codec_of, standard_name
from posterity.parse.charsets import decode_text

Linear = Callable[..., None]

FRENCH = "Bonjour à tous, je voudrais savoir si quelqu'un a déjà goûté ce thé. Ça va ?"
GERMAN = "Schöne Grüße aus München; die Änderungen müssen für alle gültig sein."
SPANISH = "¿Qué pasó mañana? El niño comió una piña y salió al jardín de su tío."
SWEDISH = "Hej på dig, jag åker till Malmö på lördag och äter smörgås."
DANISH = "Rødgrød med fløde er en dansk ret, som mange spiser på øen."
PORTUGUESE = "Não sei se você já leu a mensagem, mas a solução está lá."
QUOTES = "It’s a “quoted” word — and don’t forget the price: £5."
RUSSIAN = "Здравствуйте, дорогие друзья! Сегодня мы поговорим о том, как настроить почту."
UKRAINIAN = "Доброго дня, шановні колеги! Надішліть, будь ласка, їхні відповіді."
BULGARIAN = "Добър ден, моля изпратете ми новата версия на програмата."
CZECH = "Dobrý den, příliš žluťoučký kůň pěl na louce, děkuji vám."
GREEK = "Καλημέρα σας, θα ήθελα να ρωτήσω για το καινούργιο πρόγραμμα."
SIMPLIFIED = "大家好，我是新来的学生，请问这个软件怎么使用？谢谢！"
TRADITIONAL = "各位好，請問這個軟體要如何使用？謝謝您的幫忙。"
JAPANESE = "こんにちは、田中です。昨日のメールを読みました。よろしくお願いします。"
KOREAN = "안녕하세요, 저는 대학교에서 컴퓨터를 공부하고 있습니다. 감사합니다."
BOX = "┌────────┐\r\n│ menu   │\r\n└────────┘"


@pytest.mark.parametrize(
    ("label", "charset"),
    [
        ("ISO-8859-1", "iso-8859-1"),
        ("iso-88-59-1", "iso-8859-1"),
        ("ISO_8859-1:1987", "iso-8859-1"),
        ("iso 8859-1", "iso-8859-1"),
        ("iso8859_1", "iso-8859-1"),
        ("latin1", "iso-8859-1"),
        ("csISOLatin1", "iso-8859-1"),
        ("iso-8859-15", "iso-8859-15"),
        ("x-iso-8859-7", "iso-8859-7"),
        ("iso-8859-8-i", "iso-8859-8"),
        ("greek", "iso-8859-7"),
        ("windows-1252", "windows-1252"),
        ("win-1251", "windows-1251"),
        ("cp1250", "windows-1250"),
        ("windows-1252http-equivcontent-type", "windows-1252"),
        ("cp-850", "cp850"),
        ("IBM437", "cp437"),
        ("437", "cp437"),
        ("dos-866", "cp866"),
        ("x-mac-roman", "macintosh"),
        ("koi8-r", "koi8-r"),
        ("KOI8_U", "koi8-u"),
        ("koi8", "koi8-r"),
        ('3D"utf-8"', "utf-8"),
        ("'UTF-8'", "utf-8"),
        ("utf8", "utf-8"),
        ("utf-8*en", "utf-8"),
        ("unicode-1-1-utf-7", "utf-7"),
        ("gb2312", "gb18030"),
        ("gb_2312-80", "gb18030"),
        ("x-gbk", "gb18030"),
        ("hz-gb-2312", "hz-gb-2312"),
        ("big5", "cp950"),
        ("x-sjis", "cp932"),
        ("Shift_JIS", "cp932"),
        ("x-euc-jp", "euc-jp"),
        ("iso-2022-jp-2", "iso-2022-jp"),
        ("ks_c_5601-1987", "cp949"),
        ("euc-kr", "cp949"),
        ("tis-620", "cp874"),
    ],
)
def test_p7_labels_as_they_are_spelled(label: str, charset: str) -> None:
    """Forty spellings, and the charset each means, by a name Python knows too."""
    codec = codec_of(label)

    assert codec
    assert charset == standard_name(codec)
    assert codecs.lookup(codec).name == codecs.lookup(charset).name


@pytest.mark.parametrize(
    "label",
    ["", "us-ascii", "ansi_x3.4-1968", "x-unknown", "unknown-8bit", "x-user-defined"],
)
def test_p7_labels_that_say_nothing(label: str) -> None:
    """A label that proves nothing counts as none."""
    assert codec_of(label) == UNDECLARED


@pytest.mark.parametrize(
    "label", ["base64", "rot13", "zlib", "idna", "unicode_escape", "x-klingon", "os", "a.b"]
)
def test_p7_labels_that_name_no_charset(label: str) -> None:
    """Python's other codecs, and modules, are out of reach of a label."""
    assert codec_of(label) is None


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("gb2312", SIMPLIFIED),
        ("gbk", SIMPLIFIED + "镕"),
        ("gb18030", SIMPLIFIED),
        ("hz-gb-2312", SIMPLIFIED),
        ("big5", TRADITIONAL),
        ("koi8-r", RUSSIAN),
        ("koi8-u", UKRAINIAN),
        ("windows-1251", BULGARIAN),
        ("iso-8859-5", RUSSIAN),
        ("cp866", RUSSIAN),
        ("iso-2022-jp", JAPANESE),
        ("shift_jis", JAPANESE),
        ("euc-jp", JAPANESE),
        ("ks_c_5601-1987", KOREAN),
        ("euc-kr", KOREAN),
        ("iso-2022-kr", KOREAN),
        ("iso-8859-7", GREEK),
        ("iso-8859-2", CZECH),
        ("utf-7", JAPANESE),
        ("utf-8", JAPANESE),
        ("utf-16", GREEK),
        ("iso-8859-15", "5 €"),
        ("cp437", BOX),
        ("x-mac-roman", QUOTES),
        ("windows-1252", QUOTES),
    ],
)
def test_p7_declared_charsets(label: str, text: str) -> None:
    """A declared charset that fits is believed."""
    octets = text.encode(codec_of(label) or "")

    reading, defects = decode_text(octets, label)

    assert (text, CharsetSource.DECLARED, ()) == (reading.text, reading.source, defects)


@pytest.mark.parametrize(
    ("octets", "label", "expected", "charset"),
    [
        # ISO 8859-1 with C1 octets is windows-1252 (WHATWG)
        (b"\x93caf\xe9\x94 \x96 it\x92s", "iso-8859-1", "“café” – it’s", "windows-1252"),
        (b"\x93caf\xe9\x94", "iso-8859-15", "“café”", "iso-8859-15"),
        ("“Καλημέρα”".encode("cp1253"), "iso-8859-7", "“Καλημέρα”", "iso-8859-7"),
        (b"\x93\xfe\xf0\x94", "iso-8859-9", "“şğ”", "windows-1254"),
        # what vendors added to a charset is in it
        (b'\x1b$B-!-"\x1b(B', "iso-2022-jp", "①②", "iso-2022-jp"),
        (b"\x1b(I1\x1b(B", "iso-2022-jp", "ｱ", "iso-2022-jp-ext"),
        ("①".encode("cp932"), "shift_jis", "①", "cp932"),
        ("똠".encode("cp949"), "euc-kr", "똠", "cp949"),
        ("€5".encode("cp1252"), "windows-1252", "€5", "windows-1252"),
        (codecs.BOM_UTF8 + "thé".encode(), "utf-8", "thé", "utf-8"),
    ],
)
def test_p7_wider_siblings(octets: bytes, label: str, expected: str, charset: str) -> None:
    """A charset is read as the wider one all the world sends under its name."""
    reading, defects = decode_text(octets, label)

    assert (expected, charset) == (reading.text, reading.charset)
    assert (reading.source, defects) == (CharsetSource.DECLARED, ())


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        *[(codec, FRENCH) for codec in ("cp1252", "latin-1", "mac_roman", "cp850")],
        *[(codec, GERMAN) for codec in ("cp1252", "mac_roman", "cp850", "cp437")],
        *[(codec, SPANISH) for codec in ("cp1252", "mac_roman", "cp850")],
        *[(codec, SWEDISH) for codec in ("cp1252", "cp850", "cp437")],
        *[(codec, DANISH) for codec in ("cp1252", "cp850")],
        *[(codec, PORTUGUESE) for codec in ("cp1252", "cp850")],
        *[(codec, QUOTES) for codec in ("cp1252", "mac_roman")],
        *[(codec, RUSSIAN) for codec in ("koi8_r", "cp1251", "iso8859_5", "cp866")],
        *[(codec, RUSSIAN.upper()) for codec in ("koi8_r", "cp1251", "cp866")],
        *[(codec, UKRAINIAN) for codec in ("koi8_u", "cp1251")],
        ("cp1251", BULGARIAN),
        *[(codec, CZECH) for codec in ("iso8859_2", "cp1250")],
        *[(codec, GREEK) for codec in ("cp1253", "iso8859_7")],
        *[(codec, SIMPLIFIED) for codec in ("gb2312", "gbk")],
        ("cp950", TRADITIONAL),
        *[(codec, JAPANESE) for codec in ("cp932", "euc_jp")],
        ("cp949", KOREAN),
        *[(codec, BOX) for codec in ("cp437", "cp866")],
        # a few letters only
        *[(codec, "Jürgen Müller") for codec in ("cp1252", "cp850")],
        *[(codec, "José") for codec in ("cp1252", "cp850", "mac_roman")],
        *[(codec, "Привет, Иван") for codec in ("koi8_r", "cp1251", "cp866")],
        ("gb2312", "关于会议通知"),
        ("cp950", "會議通知"),
        *[(codec, "会議のお知らせ") for codec in ("cp932", "euc_jp")],
        ("cp949", "회의 안내"),
    ],
)
@pytest.mark.parametrize("label", ["", "us-ascii"])
def test_p7_undeclared_charsets(codec: str, text: str, label: str) -> None:
    """Octets that declare nothing read right, and say that they were guessed."""
    reading, defects = decode_text(text.encode(codec), label)

    assert (text, CharsetSource.DETECTED) == (reading.text, reading.source)
    assert [defect.code for defect in defects] == [DefectCode.UNDECLARED_8BIT]


@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, JAPANESE, KOREAN, QUOTES])
@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("", DefectCode.UNDECLARED_8BIT),
        ("x-unknown", DefectCode.UNDECLARED_8BIT),
        ("x-klingon", DefectCode.UNKNOWN_CHARSET),
        ("iso-2022-jp", DefectCode.WRONG_CHARSET),
    ],
)
def test_p7_valid_utf8_needs_no_label(text: str, label: str, code: DefectCode) -> None:
    """Octets that are valid UTF-8 are UTF-8, whatever they do not say."""
    reading, defects = decode_text(text.encode(), label)

    assert (text, "utf-8", CharsetSource.UTF8) == reading
    assert [code] == [defect.code for defect in defects]


def test_declared_latin_1_is_believed() -> None:
    """Latin-1 octets that would be UTF-8 too stay what they are declared to be."""
    reading, _ = decode_text(b"\xc3\xa9", "iso-8859-1")

    assert (reading.text, reading.source) == ("Ã©", CharsetSource.DECLARED)


def test_utf8_that_calls_itself_latin_1_with_controls() -> None:
    """C1 controls are no Latin-1 text; octets that are UTF-8 then are."""
    reading, defects = decode_text("it’s “so”".encode(), "iso-8859-1")

    assert (reading.text, reading.source) == ("it’s “so”", CharsetSource.UTF8)
    assert [defect.code for defect in defects] == [DefectCode.WRONG_CHARSET]


@pytest.mark.parametrize(
    ("octets", "text", "charset"),
    [
        (JAPANESE.encode("iso2022_jp"), JAPANESE, "iso-2022-jp"),
        (KOREAN.encode("iso2022_kr"), KOREAN, "iso-2022-kr"),
    ],
)
@pytest.mark.parametrize("label", ["", "us-ascii"])
def test_escapes_need_no_label(octets: bytes, text: str, charset: str, label: str) -> None:
    """ISO-2022 text is known by its escape sequences."""
    assert (text, charset, CharsetSource.ESCAPES) == decode_text(octets, label)[0]


@pytest.mark.parametrize("octets", [b"\x1b[1mbold\x1b[0m", b"a~{b}", b"1+1=2", b""])
def test_ascii_is_ascii(octets: bytes) -> None:
    """Terminal escapes, tildes and plus signs shift nothing where nothing says so."""
    text = octets.decode("ascii")

    assert (text, "us-ascii", CharsetSource.ASCII) == decode_text(octets)[0]


def test_ascii_in_any_declared_charset_is_ascii() -> None:
    """Octets below 0x80 prove themselves."""
    for label in ("iso-8859-1", "utf-8", "gb2312", "utf-16", "x-klingon", "utf-7"):
        assert decode_text(b"tea", label)[0].text == "tea"
        assert decode_text(b"tea", label)[0].source is CharsetSource.ASCII


@pytest.mark.parametrize(
    ("octets", "default", "expected"),
    [
        (b"\xa1\xa2", "tis-620", "กข"),
        (b"\xf7\xf7", "iso-8859-8", "קק"),
        (b"\xf7\xf7", "x-klingon", "÷÷"),
    ],
)
def test_list_default_decides_last(octets: bytes, default: str, expected: str) -> None:
    """Octets that speak for no charset are read in the list's."""
    reading, _ = decode_text(octets, "", default)

    assert expected == reading.text
    known = codec_of(default) is not None
    source = CharsetSource.DEFAULT if known else CharsetSource.FALLBACK
    assert source is reading.source


def test_fallback_is_windows_1252() -> None:
    """Where nothing speaks, windows-1252 is shown, and that it is no more than that."""
    reading, defects = decode_text(b"\xa4\xa6\xac")

    assert reading == ("¤¦¬", "windows-1252", CharsetSource.FALLBACK)
    assert [defect.code for defect in defects] == [DefectCode.UNDECLARED_8BIT]


def test_octets_without_a_reading_are_counted() -> None:
    """What no charset holds is U+FFFD, and a defect."""
    reading, defects = decode_text(b"tea \x81 time")

    assert reading.text == "tea \ufffd time"
    assert DefectCode.UNDECODABLE in {defect.code for defect in defects}


@pytest.mark.parametrize("label", ["utf-8", ""])
def test_footer_in_another_charset(label: str) -> None:
    """UTF-8 text keeps its reading when some program adds Latin-1 to it."""
    octets = (RUSSIAN + "\r\n").encode() + b"-- \r\nliste priv\xe9e\r\n"

    reading, defects = decode_text(octets, label)

    assert reading.text == RUSSIAN + "\r\n-- \r\nliste privée\r\n"
    assert DefectCode.UNDECODABLE not in {defect.code for defect in defects}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (JAPANESE, "utf-8"),
        (SIMPLIFIED, "gb2312"),
        (KOREAN[:-1], "euc-kr"),
        (TRADITIONAL, "big5"),
    ],
)
def test_text_cut_inside_a_character(text: str, label: str) -> None:
    """A character cut in the middle costs that character, not the text."""
    octets = text.encode(codec_of(label) or "")[:-1]

    reading, defects = decode_text(octets, label)

    assert text[:-2] == reading.text[: len(text) - 2]
    assert CharsetSource.DECLARED is reading.source
    assert DefectCode.UNDECODABLE in {defect.code for defect in defects}


def test_wrong_multibyte_label_is_seen_through() -> None:
    """Russian octets that call themselves Korean are Russian."""
    reading, defects = decode_text(RUSSIAN.encode("koi8_r"), "iso-2022-kr")

    assert (reading.text, reading.source) == (RUSSIAN, CharsetSource.DETECTED)
    assert [defect.code for defect in defects] == [DefectCode.WRONG_CHARSET]


JIS = JAPANESE[:15].encode("iso2022_jp")
"""こんにちは、田中です。昨日のメ, escapes at both ends."""


@pytest.mark.parametrize(
    ("octets", "label", "text", "source"),
    [
        # an octet changed: its fellow is lost with it, the rest is right
        (JIS.replace(b"EDCf", b"\x80DCf"), "iso-2022-jp", "こんにちは、�中です。昨日のメ", "declared"),
        (JIS.replace(b"EDCf", b"\x80DCf"), "", "こんにちは、�中です。昨日のメ", "escapes"),
        # all below 0x80, and a pair that is no character
        (JIS.replace(b"EDCf", b"(}Cf"), "iso-2022-jp", "こんにちは、�中です。昨日のメ", "declared"),
        (JIS.replace(b"EDCf", b"(}Cf"), "us-ascii", "こんにちは、�中です。昨日のメ", "escapes"),
        # an octet gone: reading resumes where pairs fit again
        (JIS.replace(b'!"ED', b"!ED"), "iso-2022-jp", "こんにちは‥鎮罎任后�昨日のメ", "declared"),
        # a blank is nobody's fellow
        ("요 저는 대학교".encode("euc_kr").replace(b"\xe4 ", b"\xe4\x80 "), "euc-kr", "요� 저는 대학교", "declared"),
        ("저는 대학교에".encode("euc_kr").replace(b"\xc0", b"\xff"), "euc-kr", "�는 대학교에", "declared"),
        # a shift of UTF-7 that does not end well
        (b"+BBcENARABDAEMgRBBEI, +BDQEPgRABD, +BDQEQARDBDc", "utf-7", "Здравст, дор� друз", "declared"),
        # no more right than wrong: ASCII, as it stands
        (b"1 +AD 2", "utf-7", "1 +AD 2", "utf-8"),
    ],
)  # fmt: skip
def test_p7_damaged_pairs_cost_little(
    octets: bytes, label: str, text: str, source: str
) -> None:
    """One octet changed or gone costs one character where that can be, not the text."""
    reading, _ = decode_text(octets, label)

    assert (text, source) == (reading.text, reading.source.value)


@pytest.mark.parametrize(
    ("octets", "label"),
    [
        (JIS[:-3] + b"\x80", "iso-2022-jp"),
        (b"\x1b$Bu!", ""),
        ("대학".encode("euc_kr") + b"\xff ", "euc-kr"),
    ],
)
def test_d5_damage_costs_what_it_weighs(linear: Linear, octets: bytes, label: str) -> None:
    """However often octets do not fit."""
    linear(lambda size: octets * size, lambda text: decode_text(text, label), 1_000)


def test_byte_order_mark_proves_utf16() -> None:
    """UTF-16 that says so by its mark."""
    octets = codecs.BOM_UTF16_LE + GREEK.encode("utf_16_le")

    assert decode_text(octets)[0] == (GREEK, "utf-16", CharsetSource.DETECTED)


def test_p6_nul_is_kept() -> None:
    """NUL does not end a text."""
    assert decode_text(b"tea\x00time")[0].text == "tea\x00time"
    assert decode_text(b"caf\xe9 \x00 noir")[0].text == "café \x00 noir"


@given(
    st.binary(max_size=200),
    st.sampled_from(["", "utf-7", "utf-16", "gb2312", "x", "iso-2022-jp"]),
)
def test_p23_any_octets_have_a_reading(octets: bytes, label: str) -> None:
    """Any octets under any label become text that can be stored."""
    reading, _ = decode_text(octets, label)

    reading.text.encode("utf-8")
    assert codecs.lookup(reading.charset)
