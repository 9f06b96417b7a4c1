"""Who quotes whom, proved by the text.

    > > as you said before         level 2: looked up in the level 1 text of others
    > but what if it rains?        level 1: looked up in the own words of others
    Then we stay at home.          level 0: its own words

A shingle that more than 60 messages state proves nothing. What is left is counted for
each pair of child and possible parent (pairs.py); cites.py judges what the counts prove.
A parent may be dated up to three days after its child, for clocks were often wrong.

`shingle` is the work of one message. A list's shingles are joined part by part
(statements.py), then its messages are gone through block by block, twice: `best_pairs`
says who may be whose parent, and once parents are chosen `find_passages` says where
quotes were written. Parts and blocks may be done anywhere, in any order. `Quoter` does
all of it in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np

from posterity.model import Digest
from posterity.relate.pairs import (
    WHOLE,
    Block,
    Library,
    Pairs,
    blocks,
    count_pairs,
    no_pairs,
)
from posterity.relate.passages import Passage, find_passages
from posterity.relate.shingles import I64, U32, Shingles, end_to_end
from posterity.relate.statements import (
    Found,
    Part,
    Shelves,
    Texts,
    look_up,
    shelve,
    texts_of,
)
from posterity.relate.witnesses import LAST

SHARE: Final = 8
"""A parent with less than an eighth of the best one's shingles is left out …"""

MARGIN: Final = 20
"""… unless it has nearly as many: other evidence can make up for 20 shingles."""

NOBODY: Final = -1
"""In place of a parent that isn't known."""

CITES_KEPT: Final = 12
"""Possible parents of one message that are kept, the best by count."""

SLAB: Final = 10_000
"""Cites that are made at a time."""


class Cite(NamedTuple):
    """How much of one message another quotes.

    Attributes:
        child, parent: catalogue keys.
        shingles: different shingles of the child's quotes that the parent states.
        weight: the same, each divided by the number of messages that state it.
        lines: lines of the child where such a shingle starts.
        asked: different shingles of the child's quotes.
        told: of `shingles`, those that are the parent's own words.
        asked_first: of `asked`, those at level 1.
    """

    child: int
    parent: int
    shingles: int
    weight: float
    lines: int
    asked: int
    told: int
    asked_first: int


class Timed(Protocol):
    """A message of the list, by its catalogue key."""

    @property
    def key(self) -> int:
        """Of the catalogue."""

    @property
    def utc(self) -> int | None:
        """Its time; None where it is unknown."""


class Entry(NamedTuple):
    """A message of the list: catalogue key, hash and time."""

    key: int
    digest: Digest
    utc: int | None


def places_by_time(keys: I64, ordered: Iterable[Timed]) -> tuple[I64, I64]:
    """The time of each message, and its place by (time, digest).

    Args:
        keys: of the messages.
        ordered: all of them, by (time, digest).
    """
    told = [(one.key, LAST if one.utc is None else one.utc) for one in ordered]
    key, utc = np.array(told, np.int64).reshape(-1, 2).T
    by_key = np.argsort(key)
    places: I64 = by_key[np.searchsorted(key, keys, sorter=by_key)]
    return utc[places], places


def best_pairs(library: Library, block: Block) -> Pairs:
    """The pairs worth keeping for the children of a block; by place, best first."""
    ranked = in_order(count_pairs(library, block), library.places)
    _, first, size = np.unique(
        library.places[ranked.child], return_index=True, return_counts=True
    )
    best = np.repeat(ranked.shared[first], size)
    rank = np.arange(len(best)) - np.repeat(first, size)
    kept = (ranked.shared * SHARE >= best) | (ranked.shared + MARGIN >= best)
    kept &= rank < CITES_KEPT
    return Pairs(*(column[kept] for column in ranked))


def in_order(pairs: Pairs, places: I64) -> Pairs:
    """Pairs by the place of the child, those of one child the best first."""
    order = np.lexsort(
        (places[pairs.parent], -pairs.weight, -pairs.shared, places[pairs.child])
    )
    return Pairs(*(column[order] for column in pairs))


def cites_of(pairs: Pairs, asked: U32, keys: I64, places: I64) -> Iterator[Cite]:
    """The best pairs as cites, by child in (time, digest), best first.

    Args:
        pairs: those of one child together, best first.
        asked: how many different questions each message asks, and how many of those
            at level 1, a row each.
        keys: of the messages.
        places: of each message by (time, digest).
    """
    order = np.argsort(places[pairs.child], kind="stable")
    for at in range(0, len(order), SLAB):
        some = Pairs(*(column[order[at : at + SLAB]] for column in pairs))
        columns: Sequence[list[int]] = [
            keys[some.child].tolist(),
            keys[some.parent].tolist(),
            some.shared.tolist(),
            (some.weight / WHOLE).tolist(),
            some.lines.tolist(),
            asked[0, some.child].tolist(),
            some.told.tolist(),
            asked[1, some.child].tolist(),
        ]
        yield from (Cite(*row) for row in zip(*columns, strict=True))


def answered_by_number(keys: I64, answered: Mapping[int, int]) -> I64:
    """For each message the number of the one it answers, or -1; given by their keys."""
    number = {key: i for i, key in enumerate(keys.tolist())}
    found = np.full(len(keys), NOBODY, np.int64)
    for child, parent in answered.items():
        if child in number:
            found[number[child]] = number.get(parent, NOBODY)
    return found


class Quotes:
    """What a list quotes of itself; its entries are given by (time, digest).

    Attributes:
        cites: by child in (time, digest), best parent first.
    """

    def __init__(self, entries: Sequence[Entry], texts: Texts, found: Found) -> None:
        self._keys = np.array([entry.key for entry in entries], np.int64)
        utc, places = places_by_time(self._keys, entries)
        self._library = Library(texts, [found], utc, places)
        self._blocks = blocks(texts.words)
        best = [best_pairs(self._library, block) for block in self._blocks]
        pairs = Pairs(*map(np.concatenate, zip(no_pairs(), *best, strict=True)))
        self.cites = [*cites_of(pairs, found.counts, self._keys, places)]

    def passages(self, answered: Mapping[int, int] | None = None) -> list[Passage]:
        """Find where each quoted or forwarded passage was written.

        Args:
            answered: the parent of each child, by catalogue keys, where it is known; of
                several messages with the same words the parent is the origin.

        Returns:
            Passages by message in (time, digest), then line; they don't overlap.
        """
        parents = answered_by_number(self._keys, answered or {})
        keys = self._keys.tolist()
        return [
            passage._replace(message=keys[passage.message], origin=keys[passage.origin])
            for block in self._blocks
            for passage in find_passages(self._library, block, parents)
        ]


def part_of(shelves: Iterable[tuple[Shelves, int]]) -> Part:
    """Some boxes of a list.

    Args:
        shelves: the same boxes of each run, and the number of words before the run.
    """
    keys, words = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    halves, levels = [np.zeros(0, np.bool_)], [np.zeros(0, np.uint8)]
    for shelf, before in shelves:
        sizes = np.diff(shelf.edges)
        keys.append(shelf.keys)
        words.append(shelf.words.astype(np.int64) + before)
        halves.append(np.repeat(np.tile([False, True], len(sizes) // 2), sizes))
        levels.append(shelf.levels)
    return Part(
        np.concatenate(keys),
        np.concatenate(words),
        np.flatnonzero(np.concatenate(halves)),
        np.concatenate(levels),
    )


class Quoter:
    """Joins the shingles of a list in memory. The order of `add` decides nothing."""

    def __init__(self) -> None:
        self._entries: list[tuple[Entry, Shingles]] = []

    def add(self, key: int, digest: Digest, utc: int | None, shingles: Shingles) -> None:
        """Take one message: catalogue key, hash, time and the shingles of its body."""
        self._entries.append((Entry(key, digest, utc), shingles))

    def solve(self) -> Quotes:
        """Find who quotes whom."""
        rows = sorted(self._entries, key=lambda row: _place(row[0]))
        run = end_to_end([shingles for _, shingles in rows])
        texts = texts_of([run])
        found = look_up(part_of([(shelve(run), 0)]), texts.words)
        return Quotes([entry for entry, _ in rows], texts, found)


def _place(entry: Entry) -> tuple[int, str, int]:
    return LAST if entry.utc is None else entry.utc, entry.digest, entry.key
