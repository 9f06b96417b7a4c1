"""Escaping: nothing a sender wrote acts on the page or on the reader unseen."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.render.html import attribute, clip, escape, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a<b>&c", "a&lt;b&gt;&amp;c"),
        ("NUL\0", "NUL␀"),
        ("bell\x07 \x1b[31m", "bell␇ ␛[31m"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("cr\r", "cr␍"),
        ("\x7f", "␡"),
        ("\x85", "[U+0085]"),
        ("\u202egnp.exe", "[U+202E]gnp.exe"),
        ("\u2066a\u2069", "[U+2066]a[U+2069]"),
        ("\u2028", "[U+2028]"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("\ufffe", "[U+FFFE]"),
        ("&lt;already&gt;", "&amp;lt;already&amp;gt;"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
    ],
)
def test_escape(text: str, shown: str) -> None:
    """Markup is escaped, and what would act unseen is seen (S13)."""
    assert shown == escape(text)


@given(st.text())
@settings(max_examples=150, deadline=None)
def test_escaped_text_reads_as_text(text: str) -> None:
    """A parser finds one text and nothing else, in content and in attributes."""
    document = html5lib.parseFragment(
        f'<p title="{attribute(text)}">{escape(text)}</p>', namespaceHTMLElements=False
    )
    paragraph = document[0]

    assert 1 == len(document)
    assert [] == list(paragraph)
    assert ["title"] == list(paragraph.attrib)
    assert visible(text) == (paragraph.text or "")


def test_clip_cuts_at_a_word() -> None:
    """A long line ends in an ellipsis after a whole word."""
    assert "the quick brown fox…" == clip("the quick brown fox jumps", 22)


def test_clip_keeps_to_one_line() -> None:
    """Folds and runs of blanks become one blank."""
    assert "a b c" == clip("a\n  b\tc", 50)
