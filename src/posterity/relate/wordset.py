"""Tables of words, written as they are read."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text, which white space parts."""
    return frozenset(text.split())
