"""Who states what is asked for, over a whole list.

A list of 65,666 letters states 19 million shingles and asks for 4 million. They are
joined a box at a time, a box being all statements whose shingles begin with the same
octet, at whatever level they stand: what answers a question lies in the question's own
box, so boxes may be joined anywhere, in any order, by any number of workers.

    shelve      the shingles of a run of messages, put into boxes: the work of one run
    look_up     some boxes of the whole list: each question with those who state it

What is in hand while some boxes are joined is bounded by their size, and statements
nobody asks for are left out by a bit map before anything is sorted. Four million words
in eight parts take 0.3 s; all at once they took five times as long, for the bit map and
the sorted table were larger than the processor's own memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.relate.shingles import FORWARDED, I64, LEVELS, U8, U32, U64, Run

Numbers = U32 | I64
"""Of words, in 32 bits where they have room."""

BOXES: Final = 256
"""Parts of the key space that are kept apart on disk: by a shingle's first octet."""

FREQUENT: Final = 60
"""A shingle stated by more messages than this is a phrase or a signature (measured)."""

BITS: Final = 21
"""Size of a bit map, of which a part of 250,000 questions sets an eighth: 2 MB."""

FRESH: Final = 1
"""Kind of a question for a parent that its message hasn't asked before."""

PARENT: Final = 2
"""Kind of a question to the level below."""

ORIGIN: Final = 4
"""Kind of a question to level 0: who wrote this?"""

FIRST: Final = 1
"""The quote level of what the message answered says itself."""

_SHIFT: Final = np.uint64(56)
_LEVEL: Final = np.uint8(FORWARDED - 1)


class Shelves(NamedTuple):
    """The statements of a run of messages, box by box.

    In each box the author's own words come first, then what is quoted or forwarded,
    which also asks; both in the order of the run.

    Attributes:
        keys: statements.
        words: the word of the run that each starts at.
        levels: of what is quoted or forwarded alone: its level, and FORWARDED.
        edges: where the halves of each box begin, and one more: 2 * BOXES + 1 for all.
    """

    keys: U64
    words: U32
    levels: U8
    edges: U32


class Part(NamedTuple):
    """Some boxes of a list.

    Attributes:
        keys: statements.
        words: the word of the list that each starts at.
        quoted: places in `keys` of what is quoted or forwarded.
        levels: of those: level, and FORWARDED.
    """

    keys: U64
    words: I64
    quoted: I64
    levels: U8


class Texts(NamedTuple):
    """Where the words and lines of a list stand, its messages end to end in any order.

    Attributes:
        words: for each message, and one more, the number of words before it.
        lines: for each message, and one more, the number of lines before it.
        starts: for each line of the list, and one more, the number of words before it.
        levels: for each line its quote level, and FORWARDED.
    """

    words: I64
    lines: I64
    starts: Numbers
    levels: U8

    def message_of(self, words: Numbers) -> I64:
        """The message each word stands in."""
        return np.searchsorted(self.words, words, side="right") - 1

    def line_of(self, words: Numbers) -> I64:
        """The line of the list each word stands in, from 0."""
        same = words.astype(self.starts.dtype)  # or searchsorted copies the whole table
        return np.searchsorted(self.starts, same, side="right") - 1


class Asked(NamedTuple):
    """Questions that 1 to FREQUENT messages answer; no two of a kind at one word.

    Attributes:
        words: the word of the list each starts at.
        first: the place in Statements of the first answer.
        often: how many there are, each in another message, one after the other.
        kinds: FRESH, PARENT and ORIGIN, those that hold.
    """

    words: Numbers
    first: U32
    often: U8
    kinds: U8

    def at(self, places: slice | I64) -> Asked:
        """Some of the questions."""
        return Asked(
            self.words[places], self.first[places], self.often[places], self.kinds[places]
        )


class Statements(NamedTuple):
    """What is asked for, wherever it is stated: the message, and the word of the list."""

    messages: U32
    words: Numbers


class Found(NamedTuple):
    """What was found in a part.

    Attributes:
        asked: questions, by word.
        statements: their answers.
        counts: how many fresh questions each message asks, answered or not; in a
            second row, how many of them stand at level 1.
        frequent: what is asked for, and stated by more than FREQUENT messages.
    """

    asked: Asked
    statements: Statements
    counts: U32
    frequent: U64


def texts_of(runs: Iterable[Run]) -> Texts:
    """Where the words and lines of a list stand."""
    words, lines = [_ZERO], [_ZERO]
    counts, levels = [_ZERO.astype(np.uint32)], [np.zeros(0, np.uint8)]
    for run in runs:
        words.append(run.words)
        lines.append(run.lines)
        counts.append(run.counts)
        levels.append(run.levels)
    starts = np.cumsum(np.concatenate(counts), dtype=np.int64)
    return Texts(
        np.cumsum(np.concatenate(words)),
        np.cumsum(np.concatenate(lines)),
        _narrow(starts),
        np.concatenate(levels),
    )


_ZERO: Final = np.zeros(1, np.int64)


def shelve(run: Run) -> Shelves:
    """Put the shingles of a run of messages into boxes."""
    words = np.flatnonzero(run.keys != 0)
    keys = run.keys[words]
    levels = np.repeat(run.levels, run.counts)[words]
    first = (keys ^ LEVELS[levels & _LEVEL]) >> _SHIFT
    half = first.astype(np.uint16) * 2 + (levels > 0)
    order = np.argsort(half, kind="stable")  # by radix: numpy does so for 16 bits
    edges = np.zeros(2 * BOXES + 1, np.uint32)
    np.cumsum(np.bincount(half, minlength=2 * BOXES), out=edges[1:])
    levels = levels[order]
    return Shelves(keys[order], words[order].astype(np.uint32), levels[levels > 0], edges)


def quoted_before(edges: U32) -> I64:
    """For each box, and one more, how many quoted statements stand in the boxes before."""
    sums = np.zeros(BOXES + 1, np.int64)
    np.cumsum(np.diff(edges.astype(np.int64))[1::2], out=sums[1:])
    return sums


def _all_asked(some: Sequence[Asked]) -> Asked:
    return Asked(
        np.concatenate([asked.words for asked in some]),
        np.concatenate([asked.first for asked in some]),
        np.concatenate([asked.often for asked in some]),
        np.concatenate([asked.kinds for asked in some]),
    )


class Questions(NamedTuple):
    """Quoted and forwarded statements: the word of the list, and level with FORWARDED."""

    keys: U64
    words: I64
    levels: U8


def look_up(part: Part, words: I64) -> Found:
    """Find the answers to all questions of a part.

    Args:
        part: some boxes.
        words: for each message, and one more, the number of words before it.
    """
    quoted = part.quoted
    asked = Questions(part.keys[quoted], part.words[quoted], part.levels)
    return answers_among(asked, part.keys, part.words, words)


def answers_among(asked: Questions, keys: U64, stated_at: I64, words: I64) -> Found:
    """Find the answers to questions among some statements.

    Each quoted shingle asks the level below its own, which tells the parent. Those of
    deeper levels, and forwarded ones, also ask level 0, which tells the origin; at
    level 1 the two questions are one.

    Args:
        asked: questions; what they state themselves is found where it is in `keys`.
        keys: all statements of any key that is asked for, or none; others may be there.
        stated_at: the word of the list that each starts at.
        words: for each message, and one more, the number of words before it.
    """
    levels = asked.levels & _LEVEL
    plain = asked.keys ^ LEVELS[levels]
    places = asked.words
    below = np.flatnonzero(levels)
    deep = np.flatnonzero(levels != 1)
    wanted = plain[below] ^ LEVELS[levels[below] - 1]
    for_parents = _sorted(wanted, places[below], words)
    for_origins = _sorted(plain[deep], places[deep], words)
    questions = [for_parents.keys, for_origins.keys]
    table = _Table(keys, stated_at, questions, words)
    children = for_parents.messages
    fresh = for_parents.new | _changes(children)
    kinds = np.where(levels[below[for_parents.order]] == 1, PARENT | ORIGIN, PARENT)
    kinds |= fresh * FRESH
    answers = [
        table.answers(for_parents, kinds.astype(np.uint8)),
        table.answers(for_origins, np.full(len(deep), ORIGIN, np.uint8)),
    ]
    answered = _all_asked(answers)
    at = levels[below[for_parents.order]]
    counts = [
        np.bincount(children[some], minlength=len(words) - 1)
        for some in (fresh, fresh & (at == FIRST))
    ]
    by_word = np.argsort(answered.words)
    return Found(
        answered.at(by_word), table.statements, np.array(counts, np.uint32), table.frequent
    )


class _Sorted(NamedTuple):
    """Keys in order, equal ones by word; where they were, and where a new one begins."""

    keys: U64
    words: I64
    messages: I64
    order: I64
    new: NDArray[np.bool_]


_WORD_BITS: Final = 40
"""A list of more words than that would be 10 TB of text."""


def _sorted(keys: U64, places: I64, words: I64) -> _Sorted:
    """Sort keys, equal ones by the word they are at.

    Two quick sorts: the first by key, the second by the number of the key and the word.
    A stable sort of the keys takes three times as long. Messages are looked up before,
    while the words mostly ascend; in the order of the keys it takes thrice as long.
    """
    messages = np.searchsorted(words, places, side="right") - 1
    order = np.argsort(keys)
    ordered = keys[order]
    new = _changes(ordered)
    within = np.cumsum(new) << _WORD_BITS | places[order]
    order = order[np.argsort(within)]
    return _Sorted(ordered, places[order], messages[order], order, new)


def _changes(values: U64 | I64) -> NDArray[np.bool_]:
    """Where a value differs from the one before it; the first always does."""
    new = np.ones(len(values), np.bool_)
    new[1:] = values[1:] != values[:-1]
    return new


class _Table:
    """The statements that may answer some questions, by key."""

    def __init__(
        self, keys: U64, stated_at: I64, questions: Iterable[U64], words: I64
    ) -> None:
        places = _asked_places(keys, questions)
        stated = _sorted(keys[places], stated_at[places], words)
        once = stated.new | _changes(stated.messages)
        new = stated.new[once]
        heads = np.flatnonzero(new)
        often = np.diff(np.append(heads, len(new)))
        self._keys = stated.keys[stated.new]
        self.frequent = self._keys[often > FREQUENT]
        self._often = np.where(often > FREQUENT, 0, often).astype(np.uint8)
        self._first = np.cumsum(self._often, dtype=np.int64) - self._often
        kept = np.repeat(self._often > 0, often)
        self.statements = Statements(
            stated.messages[once][kept].astype(np.uint32), _narrow(stated.words[once][kept])
        )

    def answers(self, asked: _Sorted, kinds: U8) -> Asked:
        """Those questions that are answered."""
        keys = asked.keys[asked.new]
        place = np.searchsorted(self._keys, keys)
        place[place == len(self._keys)] = 0
        known = (
            (self._keys[place] == keys) & (self._often[place] > 0)
            if len(self._keys)
            else np.zeros(len(keys), np.bool_)
        )
        group = np.cumsum(asked.new) - 1
        good = np.flatnonzero(known[group])
        place = place[group[good]]
        return Asked(
            _narrow(asked.words[good]),
            self._first[place].astype(np.uint32),
            self._often[place],
            kinds[good],
        )


def _narrow(words: I64) -> Numbers:
    """Numbers of words in 32 bits, where they have room."""
    most = words.max(initial=0)
    return words.astype(np.uint32) if most <= np.iinfo(np.uint32).max else words


def _asked_places(keys: U64, questions: Iterable[U64]) -> I64:
    """The places of the statements somebody may ask for, by a bit map of the questions.

    The first octets of a part are much alike, so the map goes by those after them.
    """
    asked = np.zeros(1 << BITS, np.bool_)
    for some in questions:
        asked[_bits(some)] = True
    return np.flatnonzero(asked[_bits(keys)])


def _bits(keys: U64) -> U64:
    return (keys >> np.uint64(20)) & np.uint64((1 << BITS) - 1)
