"""The words of the whole archive as sorted keys, ready to be cut into shards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from posterity.fields import COLUMNS
from posterity.site.keysort import sort_into
from posterity.site.postings import (
    COLUMN_BITS,
    DOC_BITS,
    MOST_DOCS,
    PLACE_BITS,
    TERM_BITS,
    Flags,
    Ints,
    Keys,
)
from posterity.store.batches import QUOTED, STREAMS, Numbers, TokenBatch

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
_TERM_SHIFT: Final = np.uint64(_TERM_AT)
_TERMS: Final = np.uint64((1 << TERM_BITS) - 1)
_BESIDE: Final = np.uint64(1 << _FAMILY_AT | (1 << _TERM_AT) - 1)
"""What a key says beside its term."""
_COLUMN_KEYS: Final = np.array(
    [
        (name in FAMILIES[1]) << _FAMILY_AT | column << _COLUMN_AT
        for column, name in enumerate(STATIC_COLUMNS)
    ],
    np.uint64,
)
"""The bits of each column."""
_STREAM_KEYS: Final = _COLUMN_KEYS[[COLUMNS.index(name) for name in STREAMS]]
_LOST_KEY: Final = _COLUMN_KEYS[COLUMNS.index("lost")]
_VALUE_KEY: Final = _COLUMN_KEYS[STATIC_COLUMNS.index("key")]

ROWS_AT_ONCE: Final = 1 << 20
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFF_FFFF)
NO_WORD: Final = np.uint32(0xFFFF_FFFF)
"""Stands for the second word of a term that is one word."""

Places = npt.NDArray[np.int8]


class Lexicon(NamedTuple):
    """All terms of some messages.

    Attributes:
        words: sorted by code point.
        terms: the words of each term, by their places; NO_WORD where there is no second.
        apart: terms whose places are kept apart: the paired words.
        keys: sorted; see `postings`; message numbers are places in the segment. They
            stand in a file, and are read as they are asked for.
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


class Collector:
    """Gathers the words of a segment: messages with places 0 to count.

    Args:
        keys: of the messages, ascending.
        places: of each of them.
        paired: words that make a term with the one after them.
        spool: a file that grows while words come; it may be large, as may be
        keys_path: where they stand in the end, in order.

    Raises:
        ValueError: more messages than a key has room for.
    """

    def __init__(
        self,
        keys: Ints,
        places: Ints,
        paired: Collection[str],
        spool: Path,
        keys_path: Path,
    ) -> None:
        if len(keys) > MOST_DOCS:
            raise ValueError(f"{len(keys)} messages in one segment")
        self._keys = keys
        self._places = places
        self._paired = {word: place for place, word in enumerate(sorted(paired))}
        self._vocabulary = _Vocabulary()
        self._lengths = np.zeros(len(keys), np.int64)
        self._file = spool.open("w+b")
        self._pairs = spool.with_suffix(".pairs").open("w+b")
        self._sorted = keys_path

    def add(self, batch: TokenBatch, lost: Sequence[bool]) -> None:
        """Take the words of a batch's messages that are in the segment."""
        owners = self._places_of(np.array(batch.keys, np.int64))
        held = owners >= 0
        if not held.any():
            return
        numbers = self._numbers(batch.vocabulary)
        paired = self._paired_of(numbers)
        counts = batch.counts.astype(np.int64)
        lost_tokens, lost_counts = _lost_of(batch, counts, np.array(lost, bool))
        heads = owners.astype(np.uint64)[:, None] << np.uint64(PLACE_BITS)
        for tokens, rows, keys in (
            (batch.tokens, counts, heads | _STREAM_KEYS),
            (lost_tokens, lost_counts, heads | _LOST_KEY),
        ):
            self._lengths[owners[held]] += rows.sum(1)[held]
            beside = np.repeat(keys.ravel(), rows.ravel()) + _within(rows.ravel())
            mine = tokens
            if not held.all():
                wanted = np.repeat(held, rows.sum(1))
                mine, beside = tokens[wanted], beside[wanted]
            words = numbers[mine]
            (words << _TERM_SHIFT | beside).tofile(self._file)
            self._take_pairs(words, beside, paired[mine])

    def add_values(self, pairs: Iterable[tuple[int, str]]) -> None:
        """Take whole values: (key of a message, value)."""
        keys, values = [], []
        for key, value in pairs:
            keys.append(key)
            values.append(value)
        owner = self._places_of(np.array(keys, np.int64))
        mine = np.flatnonzero(owner >= 0)
        numbers = self._numbers([values[at] for at in mine.tolist()])
        heads = owner[mine].astype(np.uint64) << np.uint64(PLACE_BITS)
        (numbers << _TERM_SHIFT | heads | _VALUE_KEY).tofile(self._file)

    def _numbers(self, words: Sequence[str]) -> Keys:
        return np.fromiter(map(self._vocabulary.__getitem__, words), np.uint64, len(words))

    def _places_of(self, keys: Ints) -> Ints:
        """The place of each message, -1 where it is not in the segment."""
        if not len(self._keys):
            return np.full(len(keys), -1, np.int64)
        at = np.searchsorted(self._keys, keys)
        at[at == len(self._keys)] = 0
        return np.where(self._keys[at] == keys, self._places[at], -1)

    def _paired_of(self, numbers: Keys) -> Places:
        """The place of each word among the paired ones, -1 for the many that are not."""
        places = np.full(len(self._vocabulary), -1, np.int8)
        for word, place in self._paired.items():
            if word in self._vocabulary:
                places[self._vocabulary[word]] = place
        return places[numbers]

    def _take_pairs(self, words: Keys, beside: Keys, paired: Places) -> None:
        """Each paired word, by its place among them, with the one after it in its column."""
        first = np.flatnonzero(paired[:-1] >= 0)
        first = first[beside[first + 1] == beside[first] + np.uint64(1)]
        both = paired[first].astype(np.uint64) << _HALF | words[first + 1]
        np.column_stack((both, beside[first])).tofile(self._pairs)

    def lexicon(self) -> Lexicon:
        """Everything that was taken, sorted; no more can be taken then."""
        words = sorted(self._vocabulary)
        if len(words) > 1 << TERM_BITS:
            raise ValueError(f"{len(words)} words in one segment")
        rank = np.empty(len(words), np.uint64)
        rank[self._numbers(words)] = np.arange(len(words), dtype=np.uint64)
        known = [word for word in self._paired if word in self._vocabulary]
        ranks = {word: int(rank[self._vocabulary[word]]) for word in known}
        self._vocabulary.clear()
        met = self._pairs_met(rank)
        firsts, seconds = np.nonzero(met)
        pairs = len(firsts)
        if len(words) + pairs > 1 << TERM_BITS:
            raise ValueError(f"{len(words) + pairs} terms in one segment")
        keys = self._sorted_keys(rank, met)
        # a pair is spelled with a blank before it, so that all pairs come before all words
        terms = np.full((pairs + len(words), 2), NO_WORD, np.uint32)
        spelled = [ranks.get(word, 0) for word in self._paired]
        terms[:pairs, 0] = np.array(spelled, np.uint32)[firsts]
        terms[:pairs, 1] = seconds
        terms[pairs:, 0] = np.arange(len(words), dtype=np.uint32)
        apart = np.zeros(len(terms), bool)
        apart[[pairs + ranks[word] for word in known]] = True
        return Lexicon(words, terms, apart, keys, self._lengths)

    def _pairs_met(self, rank: Keys) -> Flags:
        """Which pairs there are: a row for each paired word, a column for each word."""
        met = np.zeros((max(len(self._paired), 1), len(rank)), bool)
        for part in _read_again(self._pairs, 2):
            met[part[:, 0] >> _HALF, rank[part[:, 0] & _LOW]] = True
        return met

    def _sorted_keys(self, rank: Keys, met: Flags) -> Keys:
        # a table, as each look-up by bisection would miss the cache eighteen times
        numbers = np.cumsum(met, dtype=np.uint32).reshape(met.shape)
        pairs = numbers[-1, -1] if numbers.size else 0
        moved = (rank + np.uint64(pairs)) << _TERM_SHIFT

        def parts(step: int) -> Iterator[Keys]:
            for part in _read_again(self._file, 1):
                taken = part[::step, 0]
                yield moved[(taken >> _TERM_SHIFT) & _TERMS] | taken & _BESIDE
            for part in _read_again(self._pairs, 2):
                paired = part[::step]
                terms = numbers[paired[:, 0] >> _HALF, rank[paired[:, 0] & _LOW]]
                shifted = (terms - np.uint32(1)).astype(np.uint64) << _TERM_SHIFT
                yield shifted | paired[:, 1]

        self._file.seek(0, SEEK_END)
        self._pairs.seek(0, SEEK_END)
        count = self._file.tell() // 8 + self._pairs.tell() // 16
        keys = sort_into(self._sorted, parts, count)
        self._file.close()
        self._pairs.close()
        return keys


def _lost_of(batch: TokenBatch, counts: Ints, lost: Flags) -> tuple[Numbers, Ints]:
    """The words of a batch's lost lines, and how many each message has, as a column."""
    quoted = np.zeros(counts.shape, bool)
    quoted[:, QUOTED] = True
    in_quotes = batch.tokens[np.repeat(quoted.ravel(), counts.ravel())]
    tokens = in_quotes[np.repeat(lost, batch.line_counts)]
    owners = np.repeat(np.arange(len(counts)), batch.lines)
    found = np.bincount(owners[lost], batch.line_counts[lost], len(counts))
    return tokens, found.astype(np.int64)[:, None]


def _read_again(file: BinaryIO, columns: int) -> Iterator[Keys]:
    """What was spooled, some rows at a time; the file ends where it ended."""
    file.seek(0)
    while octets := file.read(8 * columns * ROWS_AT_ONCE):
        yield np.frombuffer(octets, np.uint64).reshape(-1, columns)


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


def _within(counts: Ints) -> Keys:
    """0, 1, 2 … in each run of so many."""
    starts = np.cumsum(counts) - counts
    found = np.arange(int(counts.sum()), dtype=np.int64)
    found -= np.repeat(starts, counts)
    return found.view(np.uint64)
