"""Count, for each message and each it may quote, the shingles that say so.

Questions are joined with the table of statements block by block, so that what is in
hand is bounded by the block and not by the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from posterity.relate.shingles import FORWARDED, I64
from posterity.relate.statements import (
    FIRST,
    FRESH,
    Asked,
    Found,
    Statements,
    Texts,
)

LATE: Final = 3 * 86_400
"""How much later than its child, in seconds, a parent may be dated."""

BLOCK: Final = 1 << 19
"""Words whose questions are worked on at a time: a quarter of them ask, and have three
answers each; 60 at most."""

WHOLE: Final = 1 << 16
"""The weight of a shingle that one message alone states."""


class Library(NamedTuple):
    """A list whose questions were looked up.

    Attributes:
        texts: where its words and lines stand.
        parts: its questions, with their answers.
        utc: the time of each message, LAST where it is unknown.
        places: the place of each by (time, digest).
    """

    texts: Texts
    parts: Sequence[Found]
    utc: I64
    places: I64


class Block(NamedTuple):
    """Some messages of a list, first..last - 1."""

    first: int
    last: int


class Answers(NamedTuple):
    """Questions with one statement that answers each, by question, which may occur often.

    Attributes:
        asking: the word of the list where the question starts.
        child: the message that asks.
        parent: another message that states it, and isn't too late to be answered.
        word: the word of the list where the statement starts.
        stated: how many messages state it.
    """

    asking: I64
    child: I64
    parent: I64
    word: I64
    stated: I64


class Pairs(NamedTuple):
    """Child and possible parent, by child, then parent.

    Attributes:
        child, parent: places in the list; never equal.
        shared: different shingles of the child that the parent states.
        weight: the same, each divided by the number of messages that state it, in 1/WHOLE.
        lines: lines of the child at which such a shingle starts.
        told: how many of the shared ones are the parent's own words.
    """

    child: I64
    parent: I64
    shared: I64
    weight: I64
    lines: I64
    told: I64


def no_pairs() -> Pairs:
    """None."""
    return Pairs(*[_NOTHING] * len(Pairs._fields))


def blocks(words: I64) -> list[Block]:
    """The messages of a list in blocks of about BLOCK words; `words` is that of `Texts`."""
    count = len(words) - 1
    wanted = np.arange(0, words[-1], BLOCK)
    edges = np.unique(np.append(np.searchsorted(words, wanted), count))
    edges = np.unique(np.append(np.minimum(edges, count), 0))
    return [Block(first, last) for first, last in pairwise(edges.tolist())]


def answers(library: Library, block: Block, kind: int) -> Answers:
    """All answers to the questions of one kind that a block asks."""
    words = library.texts.words[[block.first, block.last]]
    found = [_NOTHING_SAID]
    for part in library.parts:
        begin, end = np.searchsorted(part.asked.words, words.astype(part.asked.words.dtype))
        asked = part.asked.at(slice(int(begin), int(end)))
        asked = asked.at(np.flatnonzero(asked.kinds & kind))
        found.append(_expanded(library, asked, part.statements))
    said = Answers(*(np.concatenate(column) for column in zip(*found, strict=True)))
    order = np.argsort(said.asking)
    return Answers(*(column[order] for column in said))


_NOTHING: Final = np.zeros(0, np.int64)
_NOTHING_SAID: Final = Answers(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING)


def _expanded(library: Library, asked: Asked, statements: Statements) -> Answers:
    """The answers to some questions of one part."""
    each = asked.often.astype(np.int64)
    question = np.repeat(np.arange(len(each)), each)
    within = np.arange(len(question)) - np.repeat(np.cumsum(each) - each, each)
    place = asked.first.astype(np.int64)[question] + within
    child = library.texts.message_of(asked.words.astype(np.int64))[question]
    parent = statements.messages[place].astype(np.int64)
    good = (parent != child) & (library.utc[parent] - library.utc[child] <= LATE)
    place, question = place[good], question[good]
    return Answers(
        asked.words[question].astype(np.int64),
        child[good],
        parent[good],
        statements.words[place].astype(np.int64),
        each[question],
    )


def count_pairs(library: Library, block: Block) -> Pairs:
    """Count the answers for each pair, by child, then parent."""
    said = answers(library, block, FRESH)
    order = np.argsort(said.child << 32 | said.parent, kind="stable")
    child, parent = said.child[order], said.parent[order]
    line = library.texts.line_of(said.asking[order])
    told = library.texts.levels[line] & (FORWARDED - 1) == FIRST
    new = np.ones(len(order), np.bool_)
    new[1:] = (child[1:] != child[:-1]) | (parent[1:] != parent[:-1])
    new_line = new.copy()
    new_line[1:] |= line[1:] != line[:-1]
    heads = np.flatnonzero(new)
    if not len(heads):
        return Pairs(child, parent, child, child, child, child)
    return Pairs(
        child[heads],
        parent[heads],
        np.diff(np.append(heads, len(order))),
        np.add.reduceat(WHOLE // said.stated[order], heads),
        np.add.reduceat(new_line.astype(np.int64), heads),
        np.add.reduceat(told.astype(np.int64), heads),
    )
