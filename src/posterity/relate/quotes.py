"""Who quotes whom, proved by the text.

    > > as you said before         level 2: looked up in the level 1 text of others
    > but what if it rains?        level 1: looked up in the own words of others
    Then we stay at home.          level 0: its own words

A shingle that more than 60 messages state proves nothing. What is left is counted for
each pair of child and possible parent (pairs.py); cites.py judges what the counts prove.
A parent may be dated up to three days after its child, for clocks were often wrong.

`shingle` is the work of one message and may be done anywhere; `Quoter` joins the
results, and once parents are chosen `Quotes.passages` finds where quotes were written.
It holds 8 octets for each word of the list, and as much again while it solves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from posterity.model import Digest
from posterity.relate.pairs import WHOLE, Pairs, count_pairs
from posterity.relate.passages import Origins, Passage, find_passages
from posterity.relate.shingles import I64, Shingles
from posterity.relate.statements import (
    Asked,
    SortedStatements,
    Statements,
    Texts,
    ask,
    keys_at_level,
    lay_out,
)
from posterity.relate.witnesses import LAST

LATE: Final = 3 * 86_400
"""How much later than its child, in seconds, a parent may be dated."""

SHARE: Final = 8
"""A parent with less than an eighth of the best one's shingles is left out …"""

MARGIN: Final = 20
"""… unless it has nearly as many: other evidence can make up for 20 shingles."""

NOBODY: Final = -1
"""In place of a parent that isn't known."""

CITES_KEPT: Final = 12
"""Possible parents of one message that are kept, the best by count."""


class Cite(NamedTuple):
    """How much of one message another quotes.

    Attributes:
        child, parent: catalogue keys.
        shingles: different shingles of the child's quotes that the parent states.
        weight: the same, each divided by the number of messages that state it.
        lines: lines of the child where such a shingle starts.
        asked: different shingles of the child's quotes.
    """

    child: int
    parent: int
    shingles: int
    weight: float
    lines: int
    asked: int


class Quotes:
    """What a list quotes of itself.

    Attributes:
        cites: by child in (time, digest), best parent first.
    """

    def __init__(self, cites: list[Cite], origins: Origins) -> None:
        self.cites = cites
        self._origins = origins

    def passages(self, answered: Mapping[int, int] | None = None) -> list[Passage]:
        """Find where each quoted or forwarded passage was written.

        Args:
            answered: the parent of each child, by catalogue keys, where it is known; of
                several messages with the same words the parent is the origin.

        Returns:
            Passages by message in (time, digest), then line; they don't overlap.
        """
        keys = self._origins.keys.tolist()
        place = {key: i for i, key in enumerate(keys)}
        known = answered or {}
        parents = [place.get(known.get(key, NOBODY), NOBODY) for key in keys]
        return find_passages(self._origins, np.array(parents, np.int64))


class _Entry(NamedTuple):
    utc: int
    digest: Digest
    key: int
    shingles: Shingles


class Quoter:
    """Joins the shingles of a list. The order of `add` decides nothing."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []

    def add(self, key: int, digest: Digest, utc: int | None, shingles: Shingles) -> None:
        """Take one message: catalogue key, hash, time and the shingles of its body."""
        self._entries.append(_Entry(LAST if utc is None else utc, digest, key, shingles))

    def solve(self) -> Quotes:
        """Find who quotes whom."""
        entries = sorted(self._entries, key=lambda entry: entry[:3])
        keys = np.array([entry.key for entry in entries], np.int64)
        utc = np.array([entry.utc for entry in entries], np.int64)
        limits = np.searchsorted(utc, utc + LATE, side="right")
        texts = lay_out([entry.shingles for entry in entries])
        quoted, statements, sought = _look_up(texts)
        pairs, asked = count_pairs(texts, quoted, statements, limits)
        return Quotes(
            _cites(pairs, asked, keys), Origins(texts, sought, statements, limits, keys)
        )


def _look_up(texts: Texts) -> tuple[Asked, Statements, Asked]:
    """Ask all there is to ask.

    Each quoted shingle asks the level below its own, which tells the parent. Those of
    deeper levels, and forwarded ones, also ask level 0: who wrote this? At level 1 the
    two questions are one.

    Returns:
        The questions for parents, the table, the questions for origins.
    """
    states = texts.keys != 0
    words = np.flatnonzero((texts.levels > 0) & states)
    deep = np.flatnonzero(
        ((texts.levels > 1) | (texts.forwarded & (texts.levels == 0))) & states
    )
    below = keys_at_level(texts, words, texts.levels[words] - np.uint8(1))
    own = keys_at_level(texts, deep, np.zeros(len(deep), np.uint8))
    statements = SortedStatements(texts, [below, own])
    quoted = ask(texts, words, below, statements)
    deeper = ask(texts, deep, own, statements)
    shallow = quoted.at(texts.levels[words] == 1)
    both = Asked(*(np.concatenate(pair) for pair in zip(shallow, deeper, strict=True)))
    return quoted, statements, both.at(np.argsort(both.words, kind="stable"))


def _cites(pairs: Pairs, asked: I64, keys: I64) -> list[Cite]:
    """The pairs worth keeping, best first for each child."""
    order = np.lexsort((pairs.parent, -pairs.weight, -pairs.shared, pairs.child))
    ranked = Pairs(*(column[order] for column in pairs))
    _, first, size = np.unique(ranked.child, return_index=True, return_counts=True)
    best = np.repeat(ranked.shared[first], size)
    rank = np.arange(len(order)) - np.repeat(first, size)
    kept = (ranked.shared * SHARE >= best) | (ranked.shared + MARGIN >= best)
    kept &= rank < CITES_KEPT
    columns: Sequence[list[int]] = [
        keys[ranked.child[kept]].tolist(),
        keys[ranked.parent[kept]].tolist(),
        ranked.shared[kept].tolist(),
        (ranked.weight[kept] / WHOLE).tolist(),
        ranked.lines[kept].tolist(),
        asked[ranked.child[kept]].tolist(),
    ]
    return [Cite(*row) for row in zip(*columns, strict=True)]
