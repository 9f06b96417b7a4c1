"""What is to be taken out of a text, and where it stands in one.

A rule finds spans of characters. Words match however they were wrapped, quoted or
marked up between: white space, quote marks before a line, tags and no-break blanks may
stand where the keeper wrote a blank.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

from posterity.amendments import Redact
from posterity.amendments.phrases import hash_words, stripped

MARKER: Final = "[redacted]"
"""What stands where words were."""

Span = tuple[int, int]

_GAP: Final = (
    r"(?:[ \t\r\f]++|\xa0|&nbsp;|&#160;|<[^<>]{0,300}>"
    r"|\n(?:[ \t]*+(?:[A-Za-z.]{1,12})?(?>(?:[>|}:]|&gt;)+))*)+"
)
_WORD: Final = re.compile(r"\S+")
_LINE: Final = re.compile(r"[^\n\r]+")
_QUOTED: Final = re.compile(
    r"[ \t]*+(?>(?:(?:[A-Za-z.]{1,12})?(?>(?:[>|}:]|&gt;)+)[ \t]?)*)"
)
_FEWEST_SIGNS: Final = 2


class Rule(Protocol):
    """Finds what is to be taken out."""

    def spans(self, text: str) -> Iterable[Span]:
        """(start, end) of each place, in order."""


class Words:
    """Words given as they are; part of a longer word too, unless whole."""

    def __init__(self, text: str, *, whole: bool = False) -> None:
        words = [_spelled(word) for word in text.split()]
        pattern = _GAP.join(words)
        if whole:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        self._pattern = re.compile(pattern, re.IGNORECASE)

    def spans(self, text: str) -> Iterator[Span]:
        """Where the words stand."""
        return (found.span() for found in self._pattern.finditer(text))


class Pattern:
    """A regular expression; an empty match is none."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern, re.MULTILINE)

    def spans(self, text: str) -> Iterator[Span]:
        """Where it matches."""
        return (
            found.span()
            for found in self._pattern.finditer(text)
            if found.end() > found.start()
        )


class Phrase:
    """A phrase known by its digest and the number of its words."""

    def __init__(self, sha256: str, words: int) -> None:
        self._sha256 = sha256
        self._words = words

    def spans(self, text: str) -> Iterator[Span]:
        """Where as many words on end have the digest."""
        words: list[str] = []
        places: list[Span] = []
        for found in _WORD.finditer(text):
            word = stripped(found[0])
            if word:
                words.append(word)
                places.append(found.span())
        size = self._words
        for at in range(len(words) - size + 1):
            if hash_words(words[at : at + size]) == self._sha256:
                yield places[at][0], places[at + size - 1][1]


class Passage(NamedTuple):
    """Lines of one body, given by their numbers; becomes Words when they are read."""

    first: int
    last: int


def rule_of(entry: Redact) -> Rule | Passage:
    """The rule that an amendment states."""
    if entry.text:
        return Words(entry.text)
    if entry.pattern:
        return Pattern(entry.pattern)
    if entry.sha256:
        return Phrase(entry.sha256, entry.words)
    return Passage(entry.first, entry.last)


def passage_rules(lines: Sequence[str], passages: Iterable[Passage]) -> list[Rule]:
    """Rules that take lines of a body out, wherever its parts have them."""
    rules: list[Rule] = []
    for first, last in passages:
        words = " ".join(unquoted(line) for line in lines[first - 1 : last])
        if sum(char.isalnum() for char in words) >= _FEWEST_SIGNS:
            rules.append(Words(words, whole=True))
    return rules


def unquoted(line: str) -> str:
    """A line without its quote marks."""
    found = _QUOTED.match(line)
    return line[found.end() :] if found else line


def taken_out(text: str, rules: Iterable[Rule]) -> str:
    """The text with the marker in the place of what the rules find.

    Line ends inside a place stay, with the quote marks after them, so that no other
    line gets another number.
    """
    spans = sorted(span for rule in rules for span in rule.spans(text))
    if not spans:
        return text
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        if end <= done:
            continue
        start = max(start, done)  # noqa: PLW2901 -- two places that overlap
        pieces += (text[done:start], _masked(text[start:end]))
        done = end
    return "".join((*pieces, text[done:]))


def found_in(text: str, rules: Iterable[Rule]) -> bool:
    """Whether anything is left to take out."""
    return any(True for rule in rules for _ in rule.spans(text))


def _masked(text: str) -> str:
    if "\n" not in text:
        return MARKER
    return _LINE.sub(_line, text)


def _line(found: re.Match[str]) -> str:
    marks = _QUOTED.match(found[0])
    return f"{marks[0] if marks and found.start() else ''}{MARKER}"


def _spelled(word: str) -> str:
    marked_up = html.escape(word, quote=False)
    if marked_up == word:
        return re.escape(word)
    return f"(?:{re.escape(word)}|{re.escape(marked_up)})"
