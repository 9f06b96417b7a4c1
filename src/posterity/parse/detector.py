"""Guess the charset of octets that declare none and are not UTF-8.

Every candidate that decodes the octets is scored: the sum of what its characters say
(`letters`), given their neighbours, per octet above 0x7F. The neighbours carry most of
the proof: a capital after a small letter, a Latin letter beside a Cyrillic one, or a
closing quote inside a word is what a wrong reading looks like.

The guess is modest. Where no candidate reaches `THRESHOLD` there is none.
"""

# ruff: noqa: RUF001 (signs and letters look alike)

from __future__ import annotations

import codecs
import re

from posterity.parse.letters import Letter, letter

# Candidates by what they are worth before any octet is seen: mail that declares
# nothing is mostly Western European, and windows-1252 holds all of ISO 8859-1.
PRIORS = {
    "cp1252": 0.12,
    "koi8_r": 0.03,
    "cp1251": 0.02,
    "iso8859_5": 0.0,
    "cp866": 0.0,
    "koi8_u": 0.0,
    "cp850": 0.02,
    "cp437": 0.01,
    "mac_roman": 0.0,
    "iso8859_2": 0.02,
    "cp1250": 0.01,
    "cp1253": -0.05,
    "gb18030": 0.02,
    "cp950": 0.0,
    "cp932": 0.0,
    "euc_jp": 0.02,
    "cp949": 0.01,
}
_LATIN = ("cp1252", "cp850", "cp437", "mac_roman", "iso8859_2", "cp1250")

DEFAULT_BONUS = 0.3
"""What being the list's own charset is worth."""

THRESHOLD = 0.3
"""Least score per octet of a guess that is believed."""

LEAST_OCTETS = 4
"""Octets above 0x7F that it takes to see more than an accented letter in them."""

SURE = 0.7
"""Least score that overrules a list's charset that is no candidate itself."""

SAMPLE_OCTETS = 1 << 16
SAMPLE_CHARACTERS = 1500

_HIGH = re.compile("[^\x00-\x7f]")
_LOW_OCTETS = bytes(range(128))
_OPENING = frozenset("“‘„«¡¿")
_IN_WORDS = frozenset("—–…·")
APOSTROPHE = "’"
_SIGMAS = frozenset("σς")  # the second stands at the end of words, and only there
_STAND_ALONE = frozenset("àáèéíóåöøÀÁÈÉÅÖØ")  # letters that are words


def detect(octets: bytes, default: str = "") -> str | None:
    """The codec that most likely wrote the octets; None where nothing speaks for one.

    Args:
        octets: some of them above 0x7F; only the first 64 KiB are looked at.
        default: a codec that is likelier than others, "" for none. Where it is no
            candidate, the others must be sure.

    Returns:
        A Python codec that decodes all of the octets strictly.
    """
    sample = octets[:SAMPLE_OCTETS]
    cut = len(sample) < len(octets)
    high = len(sample.translate(None, _LOW_OCTETS))
    candidates = dict.fromkeys(PRIORS if high >= LEAST_OCTETS else _LATIN)
    if default in PRIORS:
        candidates[default] = None
    least = SURE if default and default not in PRIORS else THRESHOLD
    ranking = []
    for codec in candidates:
        text = _beginning(sample, codec) if cut else decoded(sample, codec)
        if text is not None:
            score = _score(text, high) + PRIORS[codec]
            rank = score + DEFAULT_BONUS * (codec == default)
            ranking.append((rank, score, codec))
    ranking.sort(key=lambda scored: -scored[0])
    for _, score, codec in ranking:
        if score < least:
            break
        if not cut or decoded(octets, codec) is not None:
            return codec
    return None


def decoded(octets: bytes, codec: str) -> str | None:
    """The octets in that codec, strictly; None where they do not fit."""
    try:
        return octets.decode(codec)
    except UnicodeDecodeError:
        return None


def _beginning(octets: bytes, codec: str) -> str | None:
    """As `decoded`, of octets that may end inside a character."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(octets)
    except UnicodeDecodeError:
        return None


def _score(text: str, high: int) -> float:
    """What the characters of a reading say, per octet above 0x7F.

    Only the first characters are weighed; the octets they took are estimated by their
    share of all.
    """
    total = 0.0
    places = [found.start() for found in _HIGH.finditer(text, 0, SAMPLE_OCTETS)]
    weighed = places[:SAMPLE_CHARACTERS]
    for at in weighed:
        before = text[at - 1] if at else " "
        after = text[at + 1] if at + 1 < len(text) else " "
        total += _speaks(text[at], before, after)
    share = len(weighed) / max(len(places), 1)
    return total / max(high * share, 1)


def _speaks(char: str, before: str, after: str) -> float:
    """What one character between two others says for the reading."""
    said = letter(char)
    if said.script in "lcg":
        return _letter_speaks(said, char, before, after)
    if said.script == "w":
        return said.weight - 0.3 * (_is_latin(before) + _is_latin(after))
    if said.script == "b":
        alone = letter(before).script != "b" and letter(after).script != "b"
        return said.weight - alone - (before.isalpha() or after.isalpha())
    return said.weight + _sign_speaks(char, before, after)


def _sign_speaks(char: str, before: str, after: str) -> float:
    """How much more or less a sign says in its place."""
    if char == APOSTROPHE:
        return 0.5 if before.isalpha() else 0.0
    if char in _OPENING and before.isalpha():
        return -1.3
    if before.isalpha() and after.isalpha() and char not in _IN_WORDS:
        return -1.5
    return 0.0


def _letter_speaks(said: Letter, char: str, before: str, after: str) -> float:
    if before == char == after:
        return -0.8
    value = said.weight
    if char in _SIGMAS and (char == "ς") == after.isalpha():
        value -= 1.5
    if said.upper and before.islower():
        value -= 1.2
    for beside in (before, after):
        if not beside.isalpha():
            continue
        if beside.isascii():
            value -= said.script != "l"
        elif letter(beside).script != said.script:
            value -= 0.8
        elif said.script == "l" and beside.lower() != char.lower():
            value -= 0.4
    alone = not before.isalpha() and not after.isalpha()
    if alone and char not in _STAND_ALONE:
        return -0.2 if said.script == "l" else value - 0.5
    return value * 0.3 if alone else value


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
