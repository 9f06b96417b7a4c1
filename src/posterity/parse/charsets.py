"""Read octets as characters, and say which fact decided how.

Tried in this order; the first that decodes every octet wins:

    1  all octets below 0x80                                   ascii
    2  the declared charset                                    declared
    3  ISO-2022 escape sequences, where nothing is declared    escapes
    4  UTF-8, which other charsets hit by chance only rarely   utf-8
    5  a statistical guess                                     detected
    6  the list's charset                                      list-default
    7  windows-1252, octets without a reading as U+FFFD        fallback

A label that says nothing (us-ascii with octets above 0x7F, x-unknown) counts as none.
What is declared wrongly but nearly fits, a character cut in the middle or a footer in
another charset, keeps its declaration: only the odd octets are read otherwise.

Sources: WHATWG Encoding standard (windows-1252 for ISO 8859-1 with C1 octets);
RFC 1468, RFC 1557 (ISO-2022); RFC 3629.
"""

from __future__ import annotations

import codecs
import re

from posterity.defects import Defect, DefectCode
from posterity.model import CharsetSource, Text
from posterity.parse.charsetnames import codec_of, standard_name
from posterity.parse.detector import SAMPLE_OCTETS, decoded, detect
from posterity.parse.grammar import excerpt

FALLBACK = "cp1252"
BOM = "\ufeff"

# An undeclared text is UTF-8 with errors if it has this many good sequences a bad octet.
GOOD_PER_BAD = 4

# Escape sequences speak for themselves, and one lost octet spoils all up to the next.
GOOD_PER_BAD_SHIFTED = 1

_C1 = re.compile(rb"[\x80-\x9f]")
_LOW_OCTETS = bytes(range(128))
_SURROGATE = re.compile("[\ud800-\udfff]")
_JAPANESE_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\$\([DOPQ]|\([JI])")
_KOREAN_ESCAPE = re.compile(rb"\x1b\$\)C")
_HZ_ESCAPE = re.compile(rb"~\{")
_UTF7_SHIFT = re.compile(rb"\+[A-Za-z0-9/]")
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)

# ASCII octets mean something else in these; the rest read plain ASCII as itself.
_SHIFTING = {
    "iso2022_jp": b"\x1b",
    "iso2022_kr": b"\x1b",
    "hz": b"~",
    "utf_7": b"+",
    "utf_16": b"\x00",
    "utf_16_le": b"\x00",
    "utf_16_be": b"\x00",
    "utf_32": b"\x00",
}

# JIS mail goes beyond what "ISO-2022-JP" strictly allows; each of these knows more.
_WIDER = {
    "iso2022_jp": ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004"),
    "cp950": ("cp950", "big5hkscs"),
    "euc_jp": ("euc_jp", "euc_jis_2004"),
    "koi8_r": ("koi8_r", "koi8_u"),
}

# 0x80-0x9F of windows-1252, for ISO 8859 texts that use them: C1 controls are no text.
_WINDOWS_C1 = {
    code: octet
    for code in range(0x80, 0xA0)
    if (octet := bytes([code]).decode("cp1252", "ignore"))
}
_WINDOWS_SIBLING = {"latin_1": "cp1252", "iso8859_9": "cp1254"}


def decode_text(
    octets: bytes, label: str = "", default: str = ""
) -> tuple[Text, tuple[Defect, ...]]:
    """Read octets as characters.

    Args:
        octets: of one text, transfer encoding undone.
        label: the charset as declared, "" for none.
        default: the charset of the list, for text that proves nothing; "" for none.

    Returns:
        The text with its charset and the deciding fact, and what was odd: where it is
        not plain, UNDECLARED_8BIT, UNKNOWN_CHARSET, WRONG_CHARSET, UNDECODABLE. NUL
        and other controls are kept as they are.
    """
    if octets.isascii() and b"\x1b" not in octets and not label:
        return Text(octets.decode("ascii"), "us-ascii", CharsetSource.ASCII), ()
    codec = codec_of(label)
    if octets.isascii() and not _shifts(octets, codec or ""):
        return Text(octets.decode("ascii"), "us-ascii", CharsetSource.ASCII), ()
    if codec:
        text = _declared(octets, codec)
        if text is not None:
            return text, ()
    reading, defects = _by_evidence(octets, codec or "", default)
    return reading, (*_complaint(label, codec, octets), *defects)


def _shifts(octets: bytes, codec: str) -> bool:
    """Whether ASCII octets may mean other characters than ASCII's."""
    if codec:
        mark = _SHIFTING.get(codec)
        return mark is not None and mark in octets
    return _escape_codec(octets) is not None


def _declared(octets: bytes, codec: str) -> Text | None:
    """The text in the charset it declares, or in the sibling that is meant."""
    if codec.startswith("utf_16") and b"\x00" not in octets:
        return None
    has_c1 = codec.startswith(("latin_1", "iso8859_")) and _C1.search(octets)
    if has_c1:
        return _with_windows_c1(octets, codec)
    for wider in _WIDER.get(codec, (codec,)):
        text = _strict(octets, wider)
        if text is not None:
            text = text.removeprefix(BOM)
            return Text(text, standard_name(wider), CharsetSource.DECLARED)
    if codec == "iso2022_jp":
        return _vendor_jis(octets, CharsetSource.DECLARED)
    return None


def _with_windows_c1(octets: bytes, codec: str) -> Text | None:
    """An ISO 8859 text with octets 0x80-0x9F, which mean windows-1252's signs."""
    if decoded(octets, "utf_8") is not None:
        return None
    sibling = _WINDOWS_SIBLING.get(codec)
    if sibling is not None:
        text = decoded(octets, sibling)
        name = standard_name(sibling)
    else:
        text = decoded(octets, codec)
        name = standard_name(codec)
        text = text and text.translate(_WINDOWS_C1)
    return None if text is None else Text(text, name, CharsetSource.DECLARED)


def _vendor_jis(octets: bytes, source: CharsetSource) -> Text | None:
    """ISO-2022-JP with the circled digits and the like that vendors added (row 13).

    JIS X 0213 took them up at the same places, under another escape sequence.
    """
    text = decoded(octets.replace(b"\x1b$B", b"\x1b$(Q"), "iso2022_jp_2004")
    return None if text is None else Text(text, "iso-2022-jp", source)


def _by_evidence(
    octets: bytes, declared: str, default: str
) -> tuple[Text, tuple[Defect, ...]]:
    """The text by what its octets show; declared is a codec that did not fit, or ""."""
    certain = _certain(octets)
    if certain is not None and not _is_damage(certain, octets):
        return certain, ()
    nearly = _nearly(octets, declared or _escape_codec(octets) or "")
    if nearly is not None:
        return nearly if declared else (_by_escapes(nearly[0]), nearly[1])
    if certain is not None:
        return certain, ()
    usual = codec_of(default) or ""
    guess = detect(octets, usual)
    if guess is not None:
        text = Text(octets.decode(guess), standard_name(guess), CharsetSource.DETECTED)
        return text, ()
    if usual and (plain := _strict(octets, usual)) is not None:
        return Text(plain, standard_name(usual), CharsetSource.DEFAULT), ()
    return _damaged(octets, declared or FALLBACK, CharsetSource.FALLBACK)


def _is_damage(certain: Text, octets: bytes) -> bool:
    """Whether a text is ASCII only in that its escape sequences are damaged."""
    return octets.isascii() and certain.source is CharsetSource.UTF8


def _by_escapes(text: Text) -> Text:
    """A text that declares nothing, read by its escape sequences or as UTF-8."""
    if text.charset == "utf-8":
        return text
    return text._replace(source=CharsetSource.ESCAPES)


def _certain(octets: bytes) -> Text | None:
    """The text if its octets prove their charset: escapes, UTF-8, a byte order mark."""
    escaped = _escape_codec(octets)
    if escaped:
        text = _declared(octets, escaped)
        if text is not None:
            return text._replace(source=CharsetSource.ESCAPES)
    plain = decoded(octets, "utf_8")
    if plain is not None:
        return Text(plain.removeprefix(BOM), "utf-8", CharsetSource.UTF8)
    if octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        plain = _strict(octets, "utf_16")
        if plain is not None:
            return Text(plain, "utf-16", CharsetSource.DETECTED)
    return None


def _escape_codec(octets: bytes) -> str | None:
    """The ISO-2022 codec whose escape sequences stand in the octets."""
    if b"\x1b" not in octets:
        return None
    if _KOREAN_ESCAPE.search(octets):
        return "iso2022_kr"
    if _JAPANESE_ESCAPE.search(octets):
        return "iso2022_jp"
    return None


def _nearly(octets: bytes, declared: str) -> tuple[Text, tuple[Defect, ...]] | None:
    """A text that all but fits UTF-8 or what it declares: cut, or with a footer."""
    sample = octets[:SAMPLE_OCTETS]
    good = _UTF8_SEQUENCE.findall(sample)
    bad = len(sample.translate(None, _LOW_OCTETS)) - sum(map(len, good))
    if good and len(good) >= GOOD_PER_BAD * bad:
        source = CharsetSource.DECLARED if declared == "utf_8" else CharsetSource.UTF8
        text = octets.decode("utf_8", ODD_OCTETS)
        return Text(text, "utf-8", source), _undecodable(text)
    if not declared or declared in ("utf_8", FALLBACK, "latin_1"):
        return None
    text = _patched(octets, declared)
    strange = text.count("\ufffd")
    least = GOOD_PER_BAD_SHIFTED if _shifts(octets, declared) else GOOD_PER_BAD
    if strange * least > sum(not char.isascii() for char in text) - strange:
        return None
    reading = Text(text, standard_name(declared), CharsetSource.DECLARED)
    return reading, _undecodable(text)


def _patched(octets: bytes, codec: str) -> str:
    """Decoded, with U+FFFD for what does not fit, in the way that leaves the fewest.

    Where an octet of a pair is lost, all pairs after it are wrong till reading resumes
    at the right one; where an octet is changed, its fellow is to be passed over too.
    """
    ways = [octets.decode(codec, way) for way in ("replace", *RESUMING)]
    return _SURROGATE.sub("\ufffd", min(ways, key=lambda text: text.count("\ufffd")))


def _damaged(
    octets: bytes, codec: str, source: CharsetSource
) -> tuple[Text, tuple[Defect, ...]]:
    text = _SURROGATE.sub("\ufffd", octets.decode(codec, "replace"))
    return Text(text, standard_name(codec), source), _undecodable(text)


def _undecodable(text: str) -> tuple[Defect, ...]:
    count = text.count("\ufffd")
    return (Defect(DefectCode.UNDECODABLE, "", f"{count} octets"),) if count else ()


def _strict(octets: bytes, codec: str) -> str | None:
    """Decoded strictly, and no half of a surrogate pair in it (UTF-7 lets them pass)."""
    text = decoded(octets, codec)
    if text is None or _SURROGATE.search(text):
        return None
    return text


def _complaint(label: str, codec: str | None, octets: bytes) -> tuple[Defect, ...]:
    """What is wrong with a declaration that did not decide."""
    detail = excerpt(label.encode("utf-8", "replace"))
    if codec is None:
        return (Defect(DefectCode.UNKNOWN_CHARSET, "", detail),)
    if codec:
        return (Defect(DefectCode.WRONG_CHARSET, "", detail),)
    if octets.isascii():
        return ()
    return (Defect(DefectCode.UNDECLARED_8BIT, "", detail),)


def _odd_octets(error: UnicodeError) -> tuple[str, int]:
    """Read octets that are no UTF-8 in windows-1252: a footer some program added."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd = error.object[error.start : error.end]
    if len(odd) > 1 or error.end == len(error.object):
        return "\ufffd", error.end
    return odd.decode(FALLBACK, "replace"), error.end


def _resume_at_next(error: UnicodeError) -> tuple[str, int]:
    """Read on one octet after the beginning of what does not fit."""
    return _resumed(error, 1)


def _resume_after_pair(error: UnicodeError) -> tuple[str, int]:
    """Read on two octets after it, unless the second is no part of any pair."""
    return _resumed(error, 2)


def _resumed(error: UnicodeError, step: int) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.object[error.start + 1 : error.start + 2] <= b" ":
        step = 1
    return "\ufffd", min(error.start + step, len(error.object))


ODD_OCTETS = "posterity-odd-octets"
RESUMING = ("posterity-resume-at-next", "posterity-resume-after-pair")
codecs.register_error(ODD_OCTETS, _odd_octets)
codecs.register_error(RESUMING[0], _resume_at_next)
codecs.register_error(RESUMING[1], _resume_after_pair)
