"""What to show of a text under a hit: the place with most of the words, and the words marked.

The pieces of a snippet, joined, are a part of the text; marking adds nothing to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from posterity.query.ask import Words
from posterity.query.tokens import words

WIDTH: Final = 240
"""Characters of a snippet: two lines."""
LOOKED_AT: Final = 200_000
"""Characters of a text that are looked through."""
AHEAD: Final = 40
"""Characters shown before the first hit."""
ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS} "

_ANY: Final = re.compile(r"[^\W_][\w\u0300-\u036f]*")


class Piece(NamedTuple):
    """A part of a snippet."""

    text: str
    hit: bool


class Marker:
    """Finds the words of a query in a text."""

    def __init__(self, leaves: Iterable[Words]) -> None:
        whole: set[str] = set()
        begun: set[str] = set()
        for leaf in leaves:
            whole.update(leaf.words[:-1] if leaf.prefix else leaf.words)
            if leaf.prefix:
                begun.add(leaf.words[-1])
        self._words = frozenset(whole)
        self._beginnings = tuple(sorted(begun))
        self._ascii = tuple(filter(str.isascii, whole))
        self._pattern = _plain_pattern(self._ascii, self._beginnings) if begun else None

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, word) of each hit, in order."""
        if text.isascii():
            low = text.lower()
            if self._pattern is None:
                return _places(low, self._ascii)
            return [
                (found.start(), found.end(), found[0])
                for found in self._pattern.finditer(low)
                if not found.start() or not low[found.start() - 1].isalnum()
            ]
        return [
            span
            for found in _ANY.finditer(text)
            for span in self._within(found[0], found.start())
        ]

    def _within(self, run: str, at: int) -> list[tuple[int, int, str]]:
        """The hits in a run of letters: itself, or some of its pairs of characters."""
        held = words(run)
        hits = [number for number, word in enumerate(held) if self._holds(word)]
        if not hits:
            return []
        if len(held) > 1 and len(held) == len(run):  # a pair begins at every character
            return [(at + n, at + n + len(held[n]), held[n]) for n in hits]
        return [(at, at + len(run), held[hits[0]])]

    def _holds(self, word: str) -> bool:
        return word in self._words or word.startswith(self._beginnings)

    def marked(self, text: str) -> tuple[Piece, ...]:
        """The whole text in pieces."""
        return _pieces(text, self.spans(text), 0, len(text))

    def snippet(self, text: str, width: int = WIDTH) -> tuple[Piece, ...]:
        """The part of a text, on one line, that shows most of the words.

        Returns:
            Pieces; none is a hit where the text has none.
        """
        text = " ".join(text[:LOOKED_AT].split())
        spans = self.spans(text)
        start = max(0, _best(spans, width) - AHEAD)
        if start:
            start = text.rfind(" ", 0, start + 1) + 1
        end = min(len(text), start + width)
        if end < len(text):
            end = max(text.rfind(" ", start + 1, end + 1), 0) or end
        pieces = _pieces(text, spans, start, end)
        before = (Piece(ELLIPSIS, hit=False),) if start else ()
        after = (Piece(" " + ELLIPSIS.strip(), hit=False),) if end < len(text) else ()
        return (*before, *pieces, *after)


def _places(text: str, whole: Iterable[str]) -> list[tuple[int, int, str]]:
    """(start, end, word) of each of some words in a text of ASCII in lower case, in order.

    Twice as fast as a pattern, which would have to be compiled for every query besides.
    """
    spans: list[tuple[int, int, str]] = []
    for word in whole:
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
                spans.append((start, end, word))
            start = text.find(word, end)
    return sorted(spans)


def _plain_pattern(whole: Iterable[str], begun: Iterable[str]) -> re.Pattern[str]:
    """The hits in a text of ASCII in lower case; words beyond it are in none.

    What stands before them is looked at afterwards: a pattern that begins with its words
    is searched three times as fast.
    """
    terms = list(whole)
    terms += [f"{word}[a-z0-9]*+" for word in begun if word.isascii()]
    if not terms:
        return re.compile(r"(?!)")
    return re.compile(f"(?:{'|'.join(sorted(terms))})(?![a-z0-9])")


def _best(spans: list[tuple[int, int, str]], width: int) -> int:
    """Where the window begins that holds most different words, then most hits."""
    best, where, first = (0, 0), 0, 0
    held: dict[str, int] = {}
    for start, end, word in spans:
        held[word] = held.get(word, 0) + 1
        while spans[first][0] < end - width + AHEAD and spans[first][0] < start:
            gone = spans[first][2]
            held[gone] -= 1
            if not held[gone]:
                del held[gone]
            first += 1
        score = (len(held), sum(held.values()))
        if score > best:
            best, where = score, spans[first][0]
    return where


def _pieces(
    text: str, spans: list[tuple[int, int, str]], start: int, end: int
) -> tuple[Piece, ...]:
    """The text from start to end, cut at the hits."""
    pieces: list[Piece] = []
    at = start
    for first, last, _ in spans:
        if first >= at and last <= end:
            if first > at:
                pieces.append(Piece(text[at:first], hit=False))
            pieces.append(Piece(text[first:last], hit=True))
            at = last
    if at < end:
        pieces.append(Piece(text[at:end], hit=False))
    return tuple(pieces)
