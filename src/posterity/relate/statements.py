"""Every shingle of a list, and who states it.

A list of 65,666 letters states 20 million shingles and asks for 4 million. Statements
that nobody asks for are left out by a bit map before anything is sorted, so that the
table holds a fifth of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from posterity.relate.shingles import FORWARDED, I64, LEVELS, U8, U64, Shingles

BITS: Final = 26
"""Size of the bit map: 64 MB, of which 4 million questions set a twentieth."""

STEP: Final = 1 << 20
"""Words gone through at a time, so that what is in hand stays near the processor."""


class Found(NamedTuple):
    """Where the statements equal to some keys stand.

    Attributes:
        first: for each key the place in `messages` and `words` of the first.
        often: how many there are, each in another message; 0 where none is.
    """

    first: I64
    often: I64


class Statements(Protocol):
    """Who states what; the statements of one key stand together, earliest first.

    Attributes:
        messages: the message of each statement, one for each message and key.
        words: the word of the list it starts at.
    """

    messages: I64
    words: I64

    def look_up(self, keys: U64) -> Found:
        """Find the statements of some keys, which are different and ascend."""


class Texts(NamedTuple):
    """The shingles of a list end to end, message by message in (time, digest).

    Attributes:
        keys: the statement at each word of the list.
        levels: each word's quote level.
        forwarded: whether the word is part of a forwarded mail.
        words: for each message, and one more, the number of words before it.
        lines: for each message, and one more, the number of lines before it.
        starts: for each line of the list, the words before it, and one more at the end.
    """

    keys: U64
    levels: U8
    forwarded: NDArray[np.bool_]
    words: I64
    lines: I64
    starts: I64

    def message_of(self, words: I64) -> I64:
        """The message each word stands in."""
        return np.searchsorted(self.words, words, side="right") - 1

    def line_of(self, words: I64) -> I64:
        """The line of the list each word stands in, from 0."""
        return np.searchsorted(self.starts, words, side="right") - 1


def lay_out(rows: Sequence[Shingles]) -> Texts:
    """Put the shingles of a list end to end."""
    keys = np.frombuffer(b"".join(row.keys for row in rows), "<u8")
    by_line = np.frombuffer(b"".join(row.levels for row in rows), np.uint8)
    words = _running([len(row.keys) // 8 for row in rows])
    lines = _running([len(row.levels) for row in rows])
    within = np.frombuffer(b"".join(row.starts[:-4] for row in rows), "<u4")
    starts = np.append(within + np.repeat(words[:-1], np.diff(lines)), words[-1])
    by_word = np.repeat(by_line, np.diff(starts))
    forwarded = by_word >= FORWARDED
    levels = by_word & np.uint8(FORWARDED - 1)
    return Texts(keys, levels, forwarded, words, lines, starts)


def _running(counts: Sequence[int]) -> I64:
    """Running sums, from 0."""
    sums = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(np.array(counts, np.int64), out=sums[1:])
    return sums


class SortedStatements:
    """Statements in memory, sorted by key."""

    def __init__(self, texts: Texts, questions: Sequence[U64]) -> None:
        """Take the statements that may answer one of the questions."""
        places = _asked_places(texts.keys, questions)
        stated = texts.keys[places]
        order = np.argsort(stated, kind="stable")
        keys, words = stated[order], places[order]
        messages = texts.message_of(places)[order]
        new_key = _changes(keys)
        once = new_key | _changes(messages)
        heads = np.flatnonzero(new_key[once])
        self.words = words[once]
        self.messages = messages[once]
        self._keys = keys[new_key]
        self._first = np.append(heads, len(self.words))

    def look_up(self, keys: U64) -> Found:
        """Find the statements of some keys, which are different and ascend."""
        place = np.searchsorted(self._keys, keys)
        place[place == len(self._keys)] = 0
        known = (
            self._keys[place] == keys if len(self._keys) else np.zeros(len(keys), np.bool_)
        )
        first = np.where(known, self._first[place], 0)
        often = np.where(known, self._first[place + known] - first, 0)
        return Found(first, often)


def _asked_places(keys: U64, questions: Sequence[U64]) -> I64:
    """The words whose statement somebody may ask for, by a bit map of the questions."""
    asked = np.zeros(1 << BITS, np.bool_)
    shift = np.uint64(64 - BITS)
    for some in questions:
        asked[some >> shift] = True
    asked[0] = False  # key 0 states nothing; 2**-26 of the others go with it
    found = [
        np.flatnonzero(asked[keys[begin : begin + STEP] >> shift]) + begin
        for begin in range(0, len(keys), STEP)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _changes(values: U64 | I64) -> NDArray[np.bool_]:
    """Where a value differs from the one before it; the first always does."""
    new = np.ones(len(values), np.bool_)
    new[1:] = values[1:] != values[:-1]
    return new


class Asked(NamedTuple):
    """Questions with their answers, in the order of the list.

    Attributes:
        words: the word of the list each starts at, ascending.
        children: the message each stands in.
        first, often: its statements, as in Found.
        fresh: whether its message hasn't asked the same before.
    """

    words: I64
    children: I64
    first: I64
    often: I64
    fresh: NDArray[np.bool_]

    def at(self, places: slice | NDArray[np.bool_] | I64) -> Asked:
        """Some of the questions."""
        return Asked(
            self.words[places],
            self.children[places],
            self.first[places],
            self.often[places],
            self.fresh[places],
        )


def ask(texts: Texts, words: I64, keys: U64, statements: Statements) -> Asked:
    """Look questions up.

    Args:
        texts: the list.
        words: where they start, ascending.
        keys: what each asks for.
        statements: the table.
    """
    children = texts.message_of(words)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    new = _changes(ordered)
    found = statements.look_up(ordered[new])
    group = np.cumsum(new) - 1
    first, often = np.empty(len(words), np.int64), np.empty(len(words), np.int64)
    fresh = np.empty(len(words), np.bool_)
    first[order] = found.first[group]
    often[order] = found.often[group]
    fresh[order] = new | _changes(children[order])
    return Asked(words, children, first, often, fresh)


def keys_at_level(texts: Texts, words: I64, level: U8) -> U64:
    """The statements that the shingles at some words would be at another level."""
    return texts.keys[words] ^ LEVELS[texts.levels[words]] ^ LEVELS[level]
