"""Where each quoted passage was written.

Every quoted or forwarded shingle asks who states it in own words, whatever its level: a
reader of "> > as you said" wants the letter it was said in, not the one that quoted it
first. Of several that have the words, the one the message answers counts, then the one
most of its quotes come from, then the earliest. Neighbouring shingles found side by side
in one origin make a passage. Passages of a message never overlap.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.relate.pairs import Answers, Block, Library, answers
from posterity.relate.shingles import FORWARDED, I64, WORDS
from posterity.relate.statements import ORIGIN, Texts

GAP: Final = 3 * WORDS
"""Words that may differ inside a passage: a changed word breaks five shingles."""

LINES_APART: Final = 2
"""Lines of the origin from one half of a passage to the next: one may be blank."""

LEAST: Final = 2
"""Shingles a passage has at least: one alone, five words, may be a phrase."""


class Passage(NamedTuple):
    """Lines of one message that were written in another; lines count from 1, inclusive.

    Attributes:
        message: the message that quotes.
        first, last: lines of its body.
        origin: the message the words were written in.
        origin_first, origin_last: lines of that body.
    """

    message: int
    first: int
    last: int
    origin: int
    origin_first: int
    origin_last: int


class _Matches(NamedTuple):
    """Shingles with the one origin chosen for each, in the order of the list."""

    word: I64
    child: I64
    origin: I64
    origin_word: I64


def find_passages(library: Library, block: Block, answered: I64) -> list[Passage]:
    """Find the passages of some messages.

    Args:
        library: the list and its questions.
        block: the messages.
        answered: for each message of the list the number of the one it answers, or -1.

    Returns:
        Passages by message as they stand in the list, then by first line; messages are
        named by their numbers in the list.
    """
    texts, places = library.texts, library.places
    said = answers(library, block, ORIGIN)
    # what is forwarded was written before; a quote may only seem to be
    levels = texts.levels[texts.line_of(said.asking)] & (FORWARDED - 1)
    good = (levels > 0) | (places[said.parent] < places[said.child])
    said = Answers(*(column[good] for column in said))
    matches = _choose(said, places, answered)
    return _tidy(_passages(texts, matches)) if len(matches.word) else []


def _choose(said: Answers, places: I64, answered: I64) -> _Matches:
    """One origin for each shingle: the one answered, the one owed most, the earliest."""
    pair = said.child << 32 | said.parent
    _, group, owed = np.unique(pair, return_inverse=True, return_counts=True)
    order = np.lexsort(
        (
            places[said.parent],
            -owed[group],
            said.parent != answered[said.child],
            said.asking,
        )
    )
    best = order[_heads(said.asking[order])]
    return _Matches(said.asking[best], said.child[best], said.parent[best], said.word[best])


def _heads(values: I64) -> I64:
    """Where a run of equal values begins."""
    new = np.ones(len(values), np.bool_)
    new[1:] = values[1:] != values[:-1]
    return np.flatnonzero(new)


def _passages(texts: Texts, matches: _Matches) -> list[Passage]:
    """Neighbouring matches as passages."""
    lines = texts.line_of(matches.word)
    levels = texts.levels[lines] & (FORWARDED - 1)
    step = np.diff(matches.word)
    origin_step = np.diff(matches.origin_word)
    broken: NDArray[np.bool_] = np.ones(len(matches.word), np.bool_)
    broken[1:] = (
        (np.diff(matches.child) != 0)
        | (np.diff(matches.origin) != 0)
        | (step > GAP)
        | (origin_step < 0)
        | (origin_step > GAP)
        | (levels[1:] != levels[:-1])
    )
    heads = np.flatnonzero(broken)
    tails = np.append(heads[1:], len(broken)) - 1
    long = tails - heads + 1 >= LEAST
    heads, tails = heads[long], tails[long]
    child, origin = matches.child[heads], matches.origin[heads]
    above, origin_above = texts.lines[child] - 1, texts.lines[origin] - 1
    columns = (
        child,
        lines[heads] - above,
        texts.line_of(matches.word[tails] + WORDS - 1) - above,
        origin,
        texts.line_of(matches.origin_word[heads]) - origin_above,
        texts.line_of(matches.origin_word[tails] + WORDS - 1) - origin_above,
    )
    return [
        Passage(*row) for row in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _tidy(passages: list[Passage]) -> list[Passage]:
    """Join passages that go on in one origin, and cut lines two passages share."""
    tidy: list[Passage] = []
    for passage in passages:
        before = tidy[-1] if tidy else None
        if before is None or before.message != passage.message:
            tidy.append(passage)
        elif _goes_on(before, passage):
            tidy[-1] = before._replace(last=passage.last, origin_last=passage.origin_last)
        elif passage.last > before.last:
            tidy.append(passage._replace(first=max(passage.first, before.last + 1)))
    return tidy


def _goes_on(before: Passage, passage: Passage) -> bool:
    """Whether a passage continues the one before, in both messages."""
    return (
        before.origin == passage.origin
        and passage.first <= before.last + 1
        and passage.last >= before.last
        and before.origin_last <= passage.origin_first <= before.origin_last + LINES_APART
        and passage.origin_last >= before.origin_last
    )
