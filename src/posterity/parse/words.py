"""Header text: 8-bit octets and encoded words (RFC 2047) as characters.

An encoded word is `=?charset?B-or-Q?text?=`. What the RFC forbids and the world sends
anyway is read where only one reading makes sense: blanks inside a word, no blank
around it, missing padding, a multibyte character cut between two words, a base64
quantum cut likewise. A word that makes no sense stays as it is written. Words are
decoded once: a word that decodes to a word is text.

What comes out is one line: control characters, line ends among them, are blanks, so
that no decoded text can start a header field of its own (robustness row H1).

Sources: RFC 2047 §2, §6.2; RFC 2231 §5 (language); RFC 6532 (UTF-8 headers).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from posterity.defects import Defect, DefectCode
from posterity.model import CharsetSource, Text
from posterity.parse.charsetnames import codec_of
from posterity.parse.charsets import decode_text
from posterity.parse.grammar import ENCODED_WORD, UNPRINTABLE, excerpt

_Q_OCTET = re.compile(rb"=([0-9A-Fa-f]{2})")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*+=*+")
_BLANKS = re.compile(r"\s+")


class Word(NamedTuple):
    """One encoded word: its charset without language, "b" or "q", its encoded text."""

    charset: str
    encoding: str
    payload: str
    octets: bytes


def decode_header(
    value: bytes, default_charset: str = ""
) -> tuple[Text, tuple[Defect, ...]]:
    """Read the unfolded value of an unstructured field as one line of text.

    Args:
        value: as `header.field_value` gives it.
        default_charset: the list's, for octets that prove nothing; "" for none.

    Returns:
        The text with how it was decoded (of the bare 8-bit octets where there are
        any, else of the first encoded word), and what was odd.
    """
    if value.isascii() and b"=?" not in value and b"\x1b" not in value:
        text = value.decode("ascii")
        if not text.isprintable():
            text = one_line(text)
        return Text(text, "us-ascii", CharsetSource.ASCII), ()
    reading, defects = decode_text(value, "", default_charset)
    if "=?" not in reading.text:
        return reading._replace(text=one_line(reading.text)), defects
    whole, worded = _read_words(reading.text, default_charset)
    if reading.source is not CharsetSource.ASCII:
        whole = reading._replace(text=whole.text)
    return whole, (*defects, *worded)


def decode_words(text: str) -> str:
    """Decode the encoded words in a text whose bare octets are read already."""
    if "=?" not in text:
        return text if text.isprintable() else one_line(text)
    return _read_words(text, "")[0].text


def one_line(text: str) -> str:
    """The text with each run of control characters as one blank."""
    return UNPRINTABLE.sub(" ", text)


def _read_words(text: str, default: str) -> tuple[Text, tuple[Defect, ...]]:
    """Decode every encoded word; blanks between two of them vanish (RFC 2047 §6.2)."""
    pieces: list[str] = []
    defects: list[Defect] = []
    first = Text("", "us-ascii", CharsetSource.ASCII)
    for piece in _runs(text, defects):
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        for reading, odd in _decode_run(piece, default):
            if first.source is CharsetSource.ASCII:
                first = reading
            pieces.append(reading.text)
            defects += odd
    return first._replace(text=one_line("".join(pieces))), tuple(dict.fromkeys(defects))


def _runs(text: str, defects: list[Defect]) -> Iterator[str | list[Word]]:
    """Plain text and runs of neighbouring encoded words, in turn."""
    run: list[Word] = []
    end = 0
    for found in ENCODED_WORD.finditer(text):
        word = _word(found)
        if word is None:
            detail = excerpt(found[0].encode("ascii", "replace"))
            defects.append(Defect(DefectCode.BAD_ENCODED_WORD, "", detail))
            continue
        gap = text[end : found.start()]
        if gap and not (run and gap.isspace()):
            if run:
                yield run
                run = []
            yield gap
        run.append(word)
        end = found.end()
    if run:
        yield run
    if end < len(text):
        yield text[end:]


def _word(found: re.Match[str]) -> Word | None:
    """The word, or None where its text cannot be what it claims."""
    charset, encoding, payload = found.groups()
    charset = charset.partition("*")[0].lower()
    if encoding in "bB":
        payload = _BLANKS.sub("", payload)
        if not _BASE64.fullmatch(payload):
            return None
        return Word(charset, "b", payload, _base64(payload))
    octets = _bare_octets(payload.replace("_", " "), charset)
    if octets is None:
        return None
    return Word(charset, "q", payload, _Q_OCTET.sub(_octet, octets))


def _bare_octets(payload: str, charset: str) -> bytes | None:
    """The octets of a Q text; bare ones above 0x7F are taken for the word's charset."""
    if payload.isascii():
        return payload.encode("ascii")
    try:
        return payload.encode(codec_of(charset) or "ascii")
    except UnicodeEncodeError:
        return None


def _octet(escaped: re.Match[bytes]) -> bytes:
    return bytes((int(escaped[1], 16),))


def _base64(payload: str) -> bytes:
    """Decode, padding what is missing; a lone last sign holds no octet."""
    signs = payload.rstrip("=")
    signs = signs[: len(signs) - (len(signs) % 4 == 1)]
    return binascii.a2b_base64(signs + "=" * (-len(signs) % 4))


def _decode_run(run: list[Word], default: str) -> Iterable[tuple[Text, tuple[Defect, ...]]]:
    """Decode neighbouring words, those of one charset as one text.

    A character may be cut between two words. Only where the whole does not decode
    are the words read one by one.
    """
    start = 0
    while start < len(run):
        end = start + 1
        while end < len(run) and run[end].charset == run[start].charset:
            end += 1
        same = run[start:end]
        start = end
        joined = decode_text(_join(same), same[0].charset, default)
        if not joined[1] or len(same) == 1:
            yield joined
            continue
        apart = [decode_text(word.octets, word.charset, default) for word in same]
        yield from [joined] if all(odd for _, odd in apart) else apart


def _join(words: list[Word]) -> bytes:
    """The octets of words of one charset; base64 cut inside a quantum is mended."""
    cut = any(
        word.encoding == "b" and len(word.payload) % 4 and "=" not in word.payload
        for word in words[:-1]
    )
    if cut and all(word.encoding == "b" for word in words):
        return _base64("".join(word.payload for word in words))
    return b"".join(word.octets for word in words)
