"""Phrases by their digest, so that amendments.toml need not hold the words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

_AROUND: Final = ".,;:!?()[]{}<>\"'`*_>|"
_LINE_MARKS: Final = re.compile(r"^(?>(?:[ \t]*+[>|])+)", re.MULTILINE)


def stripped(word: str) -> str:
    """A word as phrases count it, "" for one that is only punctuation."""
    return word.strip(_AROUND).casefold()


def phrase_words(text: str) -> list[str]:
    """The words of a phrase as its digest counts them.

    Words are what white space parts, without quote marks before a line and without
    punctuation around them, and without regard to case.
    """
    return [word for word in map(stripped, _LINE_MARKS.sub(" ", text).split()) if word]


def hash_words(words: Sequence[str]) -> str:
    """The digest of words that `phrase_words` gave."""
    return hashlib.sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()


def phrase_digest(text: str) -> tuple[str, int]:
    """(SHA-256 in hex, number of words) of a phrase, for `sha256` and `words`."""
    words = phrase_words(text)
    return hash_words(words), len(words)
