"""One tokenizer: what a word is, and that the browser agrees."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.query.tokens import LONGEST, asked, words, words_by_line

CASES = {
    "blanks and marks part words": ("Hello, world -- again!", ["hello", "world", "again"]),
    "digits are letters": ("2nd 1996-12-05", ["2nd", "1996", "12", "05"]),
    "an address is a row of words": ("<tom@lamp.example>", ["tom", "lamp", "example"]),
    "an apostrophe parts": ("don't", ["don", "t"]),
    "an underline parts": ("__init__ a_b", ["init", "a", "b"]),
    "accents fall": ("Zoë Ångström naïve", ["zoe", "angstrom", "naive"]),
    "decomposed is composed": ("Zoe\u0308", ["zoe"]),
    "letters that do not come apart": (
        "Łódź Øre Straße Æon",
        ["lodz", "ore", "strasse", "aeon"],
    ),
    "compatibility forms": ("\ufb01sh \uff21\uff22 x\u00b2", ["fish", "ab", "x2"]),
    "Cyrillic": ("Сторож Ёлка", ["сторож", "елка"]),
    "Greek, with a final sigma": ("ΦΑΡΟΣ φάρος", ["φαροσ", "φαροσ"]),
    "Turkish dots": ("İstanbul ısı", ["istanbul", "isi"]),  # noqa: RUF001
    "Han in pairs": ("灯台守", ["灯台", "台守", "守"]),
    "Han beside Latin": ("abc灯台 x", ["abc", "灯台", "台", "x"]),
    "kana keep their voice": ("がんこ", ["がん", "んこ", "こ"]),
    "Hangul in pairs": ("등대", ["등대", "대"]),
    "Devanagari keeps its marks": ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
    "Thai in pairs": ("ไทย", ["ไท", "ทย", "ย"]),
    "nothing": ("... -- ''", []),
    "a lone surrogate": ("a\ud800b", ["a", "b"]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_words(text: str, expected: list[str]) -> None:
    """A word is a run of letters, marks and digits, folded."""
    assert expected == words(text)


@given(st.text(st.sampled_from("aZ9-\n\x0b\xe9"), max_size=9).map(lambda text: text * 9))
def test_runs_of_ascii(text: str) -> None:
    """However long a run is, and whatever stands in the text: as the pattern has it."""
    plain = text.lower().replace("\xe9", "e")

    assert re.findall(f"[a-z0-9]{{1,{LONGEST}}}", plain) == words(text)


@given(st.lists(st.text(st.sampled_from("ab -\n灯"), max_size=70)))
def test_words_of_lines(lines: list[str]) -> None:
    """Each line has its own words, also where it is empty or long."""
    assert [words(line) for line in lines] == words_by_line(lines)


@pytest.mark.parametrize(
    ("text", "prefix", "expected"),
    [
        ("light", False, (("light",), False)),
        ("Ligh", True, (("ligh",), True)),
        ("a-b", False, (("a", "b"), False)),
        ("灯", False, (("灯",), True)),
        ("灯台", False, (("灯台",), False)),
        ("灯台守", False, (("灯台", "台守"), False)),
        ("灯台 x", False, (("灯台", "台", "x"), False)),
        ("...", False, ((), False)),
    ],
)
def test_a_query_is_cut_as_the_text_is(
    text: str, prefix: bool, expected: tuple[tuple[str, ...], bool]
) -> None:
    """What is asked for stands in a row in every text that has it."""
    assert expected == asked(text, prefix=prefix)


@given(st.text(st.characters(), max_size=40), st.text(max_size=5), st.text(max_size=5))
def test_every_word_finds_itself(text: str, before: str, after: str) -> None:
    """A text that is a part of another is found in it, parted by blanks."""
    spoken, prefix = asked(text)
    held = words(f"{before} {text} {after}")
    rows = [held[at : at + len(spoken)] for at in range(len(held))]
    if prefix:
        rows = [[*row[:-1], row[-1][: len(spoken[-1])]] for row in rows]

    assert not spoken or list(spoken) in rows


@given(st.text(max_size=60))
def test_words_are_folded_once_and_for_all(text: str) -> None:
    """A word is its own word, unless it was cut in pairs."""
    for word in words(text):
        assert words(word)[0] == word


def test_a_long_run_is_cut_up() -> None:
    """No word is longer than a hash; the rest of a run is words of its own."""
    assert ["a" * LONGEST, "a" * LONGEST, "a"] == words("a" * (2 * LONGEST + 1))
    assert ["é"[:0] + "e" * LONGEST, "e"] == words("é" * (LONGEST + 1))


@pytest.mark.parametrize("piece", ["word ", "e\u0301", "灯", "_", "ß", "\ud800"], ids=ascii)
def test_tokenizing_is_linear(linear: Callable[..., None], piece: str) -> None:
    """Twice the text takes about twice the time, whatever it is."""
    linear(lambda size: piece * size, words, 50_000)


def test_the_browser_agrees_on_all_of_unicode(in_node: Callable[..., Any]) -> None:
    """Every character this Python knows is the same word in the browser's script."""
    known = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) not in {"Cn", "Cs", "Co"}
    ]
    texts = [f"a{char}b {char}{char}" for char in known]
    for start in range(0, len(texts), 20_000):
        some = texts[start : start + 20_000]
        theirs = in_node("words", some)
        differ = [
            (hex(ord(text[1])), words(text), other)
            for text, other in zip(some, theirs, strict=True)
            if words(text) != other
        ]
        assert [] == differ


def test_the_browser_agrees_on_texts(in_node: Callable[..., Any]) -> None:
    """The cases of this file are the same in the browser."""
    texts = [text for text, _ in CASES.values() if text.isprintable()]

    assert [words(text) for text in texts] == in_node("words", texts)
