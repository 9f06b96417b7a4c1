"""Which codec a charset label means.

Labels are compared by their letters and digits alone, so "ISO_8859-1", "iso 8859-1"
and "iso-88-59-1" are one. No label is ever handed to Python's codec search, which
would try to import a module of that name.

Where a registered charset has a wider sibling that all the world uses in its name,
the sibling decodes it: text that fits the narrow one reads the same.

Sources: IANA character-sets registry; WHATWG Encoding standard §4.2 (labels, and the
siblings); Python's `encodings.aliases`.
"""

from __future__ import annotations

import re
from encodings.aliases import aliases

UNDECLARED = ""
"""What a label means that says nothing: the message does not know its charset."""

_SQUEEZE = re.compile(r"[^a-z0-9]+")

# Python codecs that are no charsets, or only of this machine.
_NO_CHARSET = frozenset(
    {"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec"}
    | {"zlib_codec", "mbcs", "oem", "punycode", "idna", "undefined", "utf_8_sig"}
    | {"raw_unicode_escape", "unicode_escape", "ascii", "tactis"}
)

# Labels that are no statement: seen where a program did not know, or lied.
_SAYS_NOTHING = frozenset(
    {"", "ascii", "usascii", "usasci", "asciius", "us", "ansix341968", "ansix341986"}
    | {"iso646us", "iso646irv1991", "isoir6", "csascii", "cp367", "ibm367", "646"}
    | {"unknown", "unknown8bit", "xunknown", "xunknown8bit", "unknown7bit", "8bit"}
    | {"7bit", "binary", "none", "nil", "null", "default", "defaultcharset", "charset"}
    | {"xuserdefined", "userdefined", "undefined", "xascii", "usascii7", "text", "plain"}
    | {"usascii8bit", "ascii8bit", "xusascii", "iso8bit", "unspecified", "notset"}
    | {"ansi", "xansi", "english", "usacii", "usasccii", "nonascii", "foreign8bit"}
)

# squeezed label -> Python codec; what `encodings.aliases` does not know.
_SEEN = {
    **dict.fromkeys(("iso885911987", "isolatin1", "xiso88591", "iso8859"), "latin_1"),
    **dict.fromkeys(("8859", "iso88591e", "iso88591i", "iso8859l"), "latin_1"),
    **dict.fromkeys(("iso", "isoir100", "latin1", "cp819", "ibm819"), "latin_1"),
    **dict.fromkeys(("iso88598i", "iso88598e", "logical"), "iso8859_8"),
    **dict.fromkeys(("iso88596i", "iso88596e"), "iso8859_6"),
    **dict.fromkeys(("latin9", "iso885915fdis"), "iso8859_15"),
    **dict.fromkeys(("utf8", "utf", "unicode", "unicode11utf8", "xutf8"), "utf_8"),
    **dict.fromkeys(("utf8n", "utf8mb4", "unicode20utf8", "utf8bom", "uft8"), "utf_8"),
    **dict.fromkeys(("unicode11utf7", "unicode20utf7", "xunicode20utf7"), "utf_7"),
    **dict.fromkeys(("xmacroman", "macroman", "macintosh", "mac", "xmac"), "mac_roman"),
    **dict.fromkeys(("xmaccyrillic", "maccyrillic", "xmacukrainian"), "mac_cyrillic"),
    **dict.fromkeys(("xmacce", "xmaccentraleurroman"), "mac_latin2"),
    **dict.fromkeys(("xmacgreek",), "mac_greek"),
    **dict.fromkeys(("xmacturkish",), "mac_turkish"),
    **dict.fromkeys(("koi8", "xkoi8r", "koi", "cskoi8r", "koi8ru", "xkoi8"), "koi8_r"),
    **dict.fromkeys(("xkoi8u", "koi8u", "koi8uk"), "koi8_u"),
    **dict.fromkeys(("alt", "ibm866", "dos866", "cs866", "xcp866"), "cp866"),
    **dict.fromkeys(("gb2312", "gb231280", "csgb2312", "cngb", "euccn"), "gb18030"),
    **dict.fromkeys(("gb", "gbk", "xgbk", "cp936", "ms936", "gb180302000"), "gb18030"),
    **dict.fromkeys(("chinese", "csiso58gb231280", "isoir58", "xeuccn"), "gb18030"),
    **dict.fromkeys(("gb18030", "windows936", "eucgb2312cn", "gbkeuc"), "gb18030"),
    **dict.fromkeys(("hzgb2312", "hz", "hzgb", "xhzgb2312"), "hz"),
    **dict.fromkeys(("big5", "cnbig5", "csbig5", "xxbig5", "xbig5", "big5et"), "cp950"),
    **dict.fromkeys(("big5eten", "cp950", "windows950", "big5tw"), "cp950"),
    **dict.fromkeys(("big5hkscs", "hkscs"), "big5hkscs"),
    **dict.fromkeys(("xsjis", "shiftjis", "sjis", "mskanji", "csshiftjis"), "cp932"),
    **dict.fromkeys(("windows31j", "cp932", "cp943c", "shiftjisx", "xmssjis"), "cp932"),
    **dict.fromkeys(("xeucjp", "eucjp", "ujis", "eucjpms", "cp51932"), "euc_jp"),
    **dict.fromkeys(("eucjis", "xeuc", "euc", "extendedunixcode"), "euc_jp"),
    **dict.fromkeys(("iso2022jp", "jis", "csiso2022jp", "iso2022", "jis7"), "iso2022_jp"),
    **dict.fromkeys(("iso2022jp1", "iso2022jp2", "iso2022jpms"), "iso2022_jp"),
    **dict.fromkeys(("cp50220", "cp50221", "cp50222", "xjis", "junet"), "iso2022_jp"),
    **dict.fromkeys(("iso2022kr", "csiso2022kr"), "iso2022_kr"),
    **dict.fromkeys(("ksc56011987", "ksc5601", "ksc56011989", "euckr"), "cp949"),
    **dict.fromkeys(("korean", "isoir149", "cseuckr", "uhc", "xwindows949"), "cp949"),
    **dict.fromkeys(("cp949", "ms949", "windows949", "xeuckr", "ks56011987"), "cp949"),
    **dict.fromkeys(("ksc5601johab", "johab", "cp1361"), "johab"),
    **dict.fromkeys(("tis620", "iso885911", "windows874", "cp874", "dos874"), "cp874"),
    **dict.fromkeys(("utf16", "ucs2", "iso10646ucs2", "csunicode"), "utf_16"),
    **dict.fromkeys(("utf16le", "unicodefffe"), "utf_16_le"),
    **dict.fromkeys(("utf16be", "unicodefeff"), "utf_16_be"),
    **{page: page for page in ("cp720", "cp737", "cp856", "cp1006")},
    **dict.fromkeys(("westerneuropean", "windows", "xansi1252"), "cp1252"),
}

# Python codec -> the name it has in the world, which Python knows as well.
_STANDARD = {
    "latin_1": "iso-8859-1",
    "mac_roman": "macintosh",
    "mac_cyrillic": "mac-cyrillic",
    "hz": "hz-gb-2312",
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
    "cp1252": "windows-1252",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp1257": "windows-1257",
    "cp1258": "windows-1258",
}

_NUMBERED_ISO = re.compile(r"(?:x|cs|cp|is|iso){0,3}0?8859(1[0-6]|[1-9])(?:19\d\d)?")
_NUMBERED_PAGE = re.compile(
    r"(?>(?:x|cs|ms|windows|window|win|cp|ibm|dos|pc|codepage|oem|ansi)*)(\d{3,4})(?!\d).*"
)


def squeeze(label: str) -> str:
    """A label's letters and digits, lower case: what labels are compared by."""
    return _SQUEEZE.sub("", label.lower())


def codec_of(label: str) -> str | None:
    """The Python codec a charset label means.

    Args:
        label: as declared, with whatever quotes and dirt it came in.

    Returns:
        The codec's name; UNDECLARED for a label that says nothing (us-ascii too:
        ASCII octets need no codec, and others prove it wrong); None for an unknown
        one.
    """
    key = squeeze(label.lower().removeprefix("3d").split("*")[0][:80])
    if key in _SAYS_NOTHING:
        return UNDECLARED
    codec = _CODECS.get(key)
    if codec is not None:
        return codec
    return _by_number(key)


def standard_name(codec: str) -> str:
    """The codec's standard name in lower case, one that Python knows too."""
    known = _STANDARD.get(codec)
    if known is not None:
        return known
    if codec.startswith("iso8859_"):
        return "iso-8859-" + codec[8:]
    if codec.startswith("iso2022_"):
        return "iso-2022-" + codec[8:].replace("_", "-")
    return codec.replace("_", "-")


def _by_number(key: str) -> str | None:
    """The codec of a label known by its number only: "win1251", "iso088592"."""
    iso = _NUMBERED_ISO.fullmatch(key)
    if iso:
        return _CODECS.get("iso8859" + iso[1])
    page = _NUMBERED_PAGE.fullmatch(key)  # "windows-1252http-equiv…" is seen
    if page:
        return _CODECS.get("cp" + page[1])
    return None


def _codecs() -> dict[str, str]:
    known = {
        squeeze(alias): codec
        for alias, codec in aliases.items()
        if codec not in _NO_CHARSET
    }
    known |= {squeeze(codec): codec for codec in known.values()}
    return known | _SEEN


_CODECS = _codecs()
