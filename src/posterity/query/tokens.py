"""THE tokenizer: text to the words an index holds and a query asks for.

A word is a run of letters, marks and digits, folded: no case, no accents, compatibility
forms made plain (NFKD). "Zoë's 2nd µ-boat" is zoe, s, 2nd, μ, boat. Everything else parts
words, so an address or a Message-ID is a row of words, and is found as a phrase.

Scripts that put no blanks between words (Han, kana, Hangul, Thai, Lao, Khmer, Burmese)
are cut into overlapping pairs, with the last character once more alone: 灯台守 is 灯台,
台守, 守. Every character begins a word, so that one character is found as a prefix.

The browser's script has the same rules; a test compares the two over all of Unicode.

Sources: Unicode Standard Annexes 15 (NFKD) and 44 (general categories).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST: Final = 64
"""Characters of a word: as many as a SHA-256 has digits; a longer run is cut up."""

_ASCII: Final = re.compile(r"[a-z0-9]{1,64}").findall
_FOLDED: Final = bytes(
    ord(chr(octet).lower()) if octet < 128 and chr(octet).isalnum() else ord(" ")
    for octet in range(256)
)
"""ASCII as words and blanks."""
_BY_LINE: Final = _FOLDED[:10] + b"\n" + _FOLDED[11:]
_ACCENTS: Final = re.compile("[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Combining diacritical marks, and selectors of how a character is drawn."""
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")
_PIECE: Final = re.compile(r"[^\x00-/:-@[-`{-\x7f]+")
"""What stands between two characters of ASCII that are part of no word."""

UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007"
    "\u3041-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\U00020000-\U0003fffd"
)
"""Scripts cut into pairs, as the inside of a character class."""

PLAIN: Final = {
    "æ": "ae",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "ł": "l",
    "œ": "oe",
    "ø": "o",
    "ß": "ss",
    "þ": "th",
    "\N{GREEK SMALL LETTER FINAL SIGMA}": "\N{GREEK SMALL LETTER SIGMA}",
}
"""Letters that Unicode does not take apart, and what people type for them."""


class Spoken(NamedTuple):
    """A query's words.

    Attributes:
        words: in order; they match a text that has them in a row.
        prefix: the last one stands for every word that begins so.
    """

    words: tuple[str, ...]
    prefix: bool


def words(text: str) -> list[str]:
    """The words of a text, in order, as the index holds them."""
    if text.isascii():
        return _ascii_words(text)
    plain = folded(text)
    if plain.isascii():
        return _ascii_words(plain)
    return _foreign_words(plain)


def words_by_line(lines: Sequence[str]) -> list[list[str]]:
    """The words of each of some lines."""
    text = "\n".join(lines)
    if text.isascii():
        plain = text.encode("ascii").translate(_BY_LINE)
        found = plain.decode("ascii").split("\n")
        if len(found) == len(lines) and not _is_cut(plain.replace(b"\n", b" ")):
            return [line.split() for line in found]
    return [words(line) for line in lines]


def _ascii_words(text: str) -> list[str]:
    plain = text.encode("ascii").translate(_FOLDED)
    spaced = plain.decode("ascii")
    return _ASCII(spaced) if _is_cut(plain) else spaced.split()


def _is_cut(plain: bytes) -> bool:
    """Whether some word is longer than words may be: whether a blank is too far off."""
    blank, last = -1, len(plain) - LONGEST - 1
    while blank < last:
        blank = plain.rfind(b" ", blank + 1, blank + LONGEST + 2)
        if blank < 0:
            return True
    return False


def asked(text: str, *, prefix: bool = False) -> Spoken:
    """The words of a query's term: one word, a phrase, or a beginning."""
    found = words(text)
    if not found or not _is_unspaced(found[-1][-1]):
        return Spoken(tuple(found), prefix)
    if len(found) > 1 and len(found[-1]) == 1 and _is_unspaced(found[-2][-1]):
        return Spoken(tuple(found[:-1]), prefix=False)
    return Spoken(tuple(found), len(found[-1]) == 1)


def folded(text: str) -> str:
    """A text without case, accents and compatibility forms."""
    return _FOREIGN.sub(_fold_run, text.lower())


def _fold_run(found: re.Match[str]) -> str:
    return _fold(found[0])


@lru_cache(maxsize=16_384)
def _fold(run: str) -> str:
    return unicodedata.normalize("NFC", "".join(map(_fold_char, run)))


@lru_cache(maxsize=8_192)
def _fold_char(char: str) -> str:
    plain = "".join(PLAIN.get(part, part) for part in _bare(_bare(char).lower()))
    return plain.replace("_", " ")


def _bare(text: str) -> str:
    """Text taken apart, without the accents of Latin, Greek and Cyrillic."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text))


@lru_cache(maxsize=1)
def _word_pattern() -> re.Pattern[str]:
    """A word beyond ASCII: letters and digits, and the marks that stand on them."""
    marks = "".join(
        char
        for char in map(chr, range(0x300, 0x20000))
        if unicodedata.category(char).startswith("M")
    )
    return re.compile(rf"[\w{marks}]+")


_RUN: Final = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]{{1,64}}")
_UNSPACED: Final = re.compile(f"[{UNSPACED}]")


def _foreign_words(text: str) -> list[str]:
    found: list[str] = []
    for piece in _PIECE.findall(text):
        if piece.isascii() and len(piece) <= LONGEST:
            found.append(piece)
            continue
        for word in _word_pattern().findall(piece):
            found += _cut_up(word)
    return found


def _cut_up(word: str) -> Iterator[str]:
    for part in _RUN.findall(word):
        if _is_unspaced(part[0]):
            yield from (part[at : at + 2] for at in range(len(part)))
        else:
            yield part


def _is_unspaced(char: str) -> bool:
    return char > "\u0dff" and _UNSPACED.match(char) is not None
