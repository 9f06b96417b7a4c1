"""The words of the whole archive as sorted keys, ready to be cut into shards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from posterity.fields import COLUMNS
from posterity.site.postings import (
    COLUMN_BITS,
    DOC_BITS,
    MOST_DOCS,
    PLACE_BITS,
    TERM_BITS,
    Flags,
    Ints,
    Keys,
    runs,
)
from posterity.store.batches import STREAMS, TokenBatch

FAMILIES: Final = (
    ("subject", "own", "lost", "author", "files"),
    ("quoted", "recipients", "list", "type", "has", "lang", "key"),
)
"""Columns that are kept together: those a word without a field asks for, and the rest."""

STATIC_COLUMNS: Final = (*COLUMNS, "key")
"""With one more: whole values that are no words, as "mid:…" and "thread:…"."""

_FAMILY_AT: Final = TERM_BITS + COLUMN_BITS + DOC_BITS + PLACE_BITS
_TERM_AT: Final = COLUMN_BITS + DOC_BITS + PLACE_BITS
_COLUMN_AT: Final = DOC_BITS + PLACE_BITS
_IS_SECOND: Final = np.array(
    [name in FAMILIES[1] for name in STATIC_COLUMNS], dtype=np.uint64
)
_STREAM_COLUMNS: Final = np.array([COLUMNS.index(name) for name in STREAMS], np.int64)


ROWS_AT_ONCE: Final = 1 << 20
_ROW: Final = 16  # octets: a word's number, or two, and what stands beside it
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFF_FFFF)
NO_WORD: Final = np.uint32(0xFFFF_FFFF)
"""Stands for the second word of a term that is one word."""


class Lexicon(NamedTuple):
    """All terms of some messages.

    Attributes:
        words: sorted by code point.
        terms: the words of each term, by their places; NO_WORD where there is no second.
        apart: terms whose places are kept apart: the paired words.
        keys: sorted; see `postings`; message numbers are places in the segment.
        lengths: words of each message, by its place.
    """

    words: Sequence[str]
    terms: npt.NDArray[np.uint32]
    apart: Flags
    keys: Keys
    lengths: Ints


class _Vocabulary(dict[str, int]):
    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Stream(NamedTuple):
    """Words in a row: for each its number, message, column and place there."""

    words: Ints
    owner: Ints
    column: Ints
    place: Ints

    def at(self, which: Flags) -> _Stream:
        """Some of them."""
        return _Stream(*(array[which] for array in self))


class Collector:
    """Gathers the words of a segment: messages with places 0 to count.

    Args:
        keys: of the messages, ascending.
        places: of each of them.
        paired: words that make a term with the one after them.
        spool: a file that grows while words come; it may be large.

    Raises:
        ValueError: more messages than a key has room for.
    """

    def __init__(
        self, keys: Ints, places: Ints, paired: Collection[str], spool: Path
    ) -> None:
        if len(keys) > MOST_DOCS:
            raise ValueError(f"{len(keys)} messages in one segment")
        self._keys = keys
        self._places = places
        self._paired = frozenset(paired)
        self._vocabulary = _Vocabulary()
        self._lengths = np.zeros(len(keys), np.int64)
        self._file = spool.open("w+b")
        self._pairs = spool.with_suffix(".pairs").open("w+b")

    def add(self, batch: TokenBatch, lost: Sequence[bool]) -> None:
        """Take the words of a batch's messages that are in the segment."""
        places = self._places_of(np.array(batch.keys, np.int64))
        if not (places >= 0).any():
            return
        numbers = self._numbers(batch.vocabulary)
        paired = np.fromiter(
            map(self._paired.__contains__, batch.vocabulary), bool, len(batch.vocabulary)
        )
        counts = batch.counts.astype(np.int64)
        flat = counts.ravel()
        stream = _Stream(
            batch.tokens.astype(np.int64),
            np.repeat(places, counts.sum(1)),
            np.repeat(np.tile(_STREAM_COLUMNS, len(places)), flat),
            _within(flat),
        )
        quoted = stream.at(stream.column == COLUMNS.index("quoted"))
        kept = quoted.at(np.repeat(np.array(lost, bool), batch.line_counts))
        kept = kept._replace(
            column=np.full(len(kept.words), COLUMNS.index("lost"), np.int64),
            place=_within(np.diff(runs(kept.owner))),
        )
        for one in (stream, kept):
            held = one.at(one.owner >= 0)
            self._lengths += np.bincount(held.owner, minlength=len(self._lengths))
            self._take(numbers[held.words], _beside(held))
            self._take_pairs(held, numbers, paired[held.words])

    def add_values(self, pairs: Iterable[tuple[int, str]]) -> None:
        """Take whole values: (key of a message, value)."""
        keys, values = [], []
        for key, value in pairs:
            keys.append(key)
            values.append(value)
        owner = self._places_of(np.array(keys, np.int64))
        column = np.full(len(keys), STATIC_COLUMNS.index("key"), np.int64)
        mine = owner >= 0
        numbers = self._numbers([values[at] for at in np.flatnonzero(mine).tolist()])
        held = _Stream(numbers, owner[mine], column[mine], np.zeros(len(numbers), np.int64))
        self._take(numbers, _beside(held))

    def _numbers(self, words: Sequence[str]) -> Ints:
        return np.fromiter(map(self._vocabulary.__getitem__, words), np.int64, len(words))

    def _places_of(self, keys: Ints) -> Ints:
        """The place of each message, -1 where it is not in the segment."""
        if not len(self._keys):
            return np.full(len(keys), -1, np.int64)
        at = np.searchsorted(self._keys, keys)
        at[at == len(self._keys)] = 0
        return np.where(self._keys[at] == keys, self._places[at], -1)

    def _take(self, numbers: Ints, beside: Keys) -> None:
        np.column_stack((numbers.astype(np.uint64), beside)).tofile(self._file)

    def _take_pairs(self, held: _Stream, numbers: Ints, paired: Flags) -> None:
        """Each paired word with the one after it in its column."""
        after = held.place[1:] == held.place[:-1] + 1
        after &= held.owner[1:] == held.owner[:-1]
        after &= held.column[1:] == held.column[:-1]
        first = np.flatnonzero(after & paired[:-1])
        words = numbers[held.words].astype(np.uint64)
        both = words[first] << _HALF | words[first + 1]
        np.column_stack((both, _beside(held)[first])).tofile(self._pairs)

    def lexicon(self) -> Lexicon:
        """Everything that was taken, sorted; no more can be taken then."""
        words = sorted(self._vocabulary)
        rank = np.empty(len(words), np.uint64)
        rank[self._numbers(words)] = np.arange(len(words), dtype=np.uint64)
        known = [word for word in words if word in self._paired]
        known_ranks = rank[self._numbers(known)]
        self._vocabulary.clear()
        distinct = self._distinct_pairs(rank)
        if len(words) + len(distinct) > 1 << TERM_BITS:
            raise ValueError(f"{len(words) + len(distinct)} terms in one segment")
        keys = self._sorted_keys(rank, distinct)
        # a pair is spelled with a blank before it, so that all pairs come before all words
        terms = np.full((len(distinct) + len(words), 2), NO_WORD, np.uint32)
        terms[: len(distinct), 0] = distinct >> _HALF
        terms[: len(distinct), 1] = distinct & _LOW
        terms[len(distinct) :, 0] = np.arange(len(words), dtype=np.uint32)
        apart = np.zeros(len(terms), bool)
        apart[known_ranks + np.uint64(len(distinct))] = True
        return Lexicon(words, terms, apart, keys, self._lengths)

    def _distinct_pairs(self, rank: Keys) -> Keys:
        """Every pair there is, sorted."""
        found = [np.unique(_ranked(part[:, 0], rank)) for part in _read_again(self._pairs)]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)

    def _sorted_keys(self, rank: Keys, distinct: Keys) -> Keys:
        count = sum(file.tell() for file in (self._file, self._pairs)) // _ROW
        keys = np.empty(count, np.uint64)
        end = 0
        for part in _read_again(self._file):
            terms = rank[part[:, 0]] + np.uint64(len(distinct))
            keys[end : end + len(part)] = terms << np.uint64(_TERM_AT) | part[:, 1]
            end += len(part)
        for part in _read_again(self._pairs):
            terms = np.searchsorted(distinct, _ranked(part[:, 0], rank)).astype(np.uint64)
            keys[end : end + len(part)] = terms << np.uint64(_TERM_AT) | part[:, 1]
            end += len(part)
        self._file.close()
        self._pairs.close()
        keys.sort()
        return keys


def _ranked(pairs: Keys, rank: Keys) -> Keys:
    """Pairs of words by their ranks instead of their numbers."""
    first = rank[pairs >> _HALF] << _HALF
    ranked: Keys = first | rank[pairs & _LOW]
    return ranked


def _read_again(file: BinaryIO) -> Iterator[Keys]:
    """What was spooled, some rows at a time; the file ends where it ended."""
    file.seek(0)
    while octets := file.read(_ROW * ROWS_AT_ONCE):
        yield np.frombuffer(octets, np.uint64).reshape(-1, 2)


def _beside(held: _Stream) -> Keys:
    """What stands beside the term in the keys of some words."""
    beside = _IS_SECOND[held.column] << np.uint64(_FAMILY_AT)
    beside |= held.column.astype(np.uint64) << np.uint64(_COLUMN_AT)
    beside |= held.owner.astype(np.uint64) << np.uint64(PLACE_BITS)
    return beside | held.place.astype(np.uint64)


def family_start(keys: Keys) -> int:
    """Where the second family's keys begin."""
    return int(np.searchsorted(keys, np.uint64(1 << _FAMILY_AT)))


def cuts(keys: Keys, most: int) -> list[int]:
    """Places where the keys may be cut, about every `most`: no term is cut in two."""
    edges = [0]
    while edges[-1] + most < len(keys):
        term = keys[edges[-1] + most] >> np.uint64(_TERM_AT)
        edges.append(
            int(np.searchsorted(keys, (term + np.uint64(1)) << np.uint64(_TERM_AT)))
        )
    return [*edges, len(keys)] if edges[-1] < len(keys) else edges


def _within(counts: Ints) -> Ints:
    """0, 1, 2 … in each run of so many."""
    starts = np.cumsum(counts) - counts
    return np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(starts, counts)
