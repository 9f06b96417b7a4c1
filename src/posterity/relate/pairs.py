"""Count, for each message and each it may quote, the shingles that say so.

An array of questions is joined with the table of statements, block by block, so that
memory is bounded by the block and not by the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.relate.shingles import I64
from posterity.relate.statements import Asked, Statements, Texts

FREQUENT: Final = 60
"""A shingle stated by more messages than this is a phrase or a signature (measured)."""

BLOCK: Final = 1 << 17
"""Questions worked on at a time: at most 60 answers each, a few hundred MB at worst."""

WHOLE: Final = 1 << 16
"""The weight of a shingle that one message alone states."""


class Answers(NamedTuple):
    """Questions with one statement that answers each; a question may occur often.

    Attributes:
        question: place of the question in its block.
        child: the message that asks.
        parent: another message, that states it.
        word: the word of the list where the statement starts.
        stated: how many messages state it.
    """

    question: I64
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
    """

    child: I64
    parent: I64
    shared: I64
    weight: I64
    lines: I64


def blocks(asked: Asked) -> Iterator[Asked]:
    """Questions in pieces of about BLOCK, those of one message together."""
    total = len(asked.words)
    begin = 0
    while begin < total:
        end = min(begin + BLOCK, total)
        if end < total:
            last = asked.children[end - 1]
            end = int(np.searchsorted(asked.children, last, side="right"))
        yield asked.at(slice(begin, end))
        begin = end


def answers(
    block: Asked, wanted: NDArray[np.bool_], statements: Statements, limits: I64
) -> Answers:
    """All answers to some questions of a block.

    Args:
        block: questions.
        wanted: which of them count.
        statements: the table.
        limits: for each message, the first that is too late to be its parent.
    """
    asked = np.flatnonzero(wanted & (block.often > 0) & (block.often <= FREQUENT))
    each = block.often[asked]
    question = np.repeat(asked, each)
    within = np.arange(len(question)) - np.repeat(np.cumsum(each) - each, each)
    place = np.repeat(block.first[asked], each) + within
    child = block.children[question]
    parent = statements.messages[place]
    good = (parent != child) & (parent < limits[child])
    place, question = place[good], question[good]
    return Answers(
        question, child[good], parent[good], statements.words[place], block.often[question]
    )


def count_pairs(
    texts: Texts, asked: Asked, statements: Statements, limits: I64
) -> tuple[Pairs, I64]:
    """Count the answers for each pair.

    Returns:
        The pairs, and for each message how many different questions it asks.
    """
    nothing = np.zeros(0, np.int64)
    found = [Pairs(nothing, nothing, nothing, nothing, nothing)]
    for block in blocks(asked):
        said = answers(block, block.fresh, statements, limits)
        found.append(_by_pair(said, texts.line_of(block.words)))
    pairs = Pairs(*(np.concatenate(column) for column in zip(*found, strict=True)))
    return pairs, np.bincount(asked.children[asked.fresh], minlength=len(limits))


def _by_pair(said: Answers, lines: I64) -> Pairs:
    """Sum answers up by child and parent."""
    order = np.argsort(said.child << 32 | said.parent, kind="stable")
    child, parent = said.child[order], said.parent[order]
    line = lines[said.question[order]]
    new = np.ones(len(order), np.bool_)
    new[1:] = (child[1:] != child[:-1]) | (parent[1:] != parent[:-1])
    new_line = new.copy()
    new_line[1:] |= line[1:] != line[:-1]
    heads = np.flatnonzero(new)
    if not len(heads):
        return Pairs(child, parent, child, child, child)
    return Pairs(
        child[heads],
        parent[heads],
        np.diff(np.append(heads, len(order))),
        np.add.reduceat(WHOLE // said.stated[order], heads),
        np.add.reduceat(new_line.astype(np.int64), heads),
    )
