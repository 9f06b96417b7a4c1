"""How many listed messages of each month have each word: counted once, then kept up.

To count is to read the words of all messages. So the counts are noted with the months
of the messages that they are of, and the next time only messages that came, or that are
listed otherwise than then, are read. A word that was in too few messages to be counted
may be in enough of them now: for these few, the search index says where they are.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from posterity.store.batches import STREAMS, TokenBatch
from posterity.store.months import every_month
from posterity.store.wordcounts import WordReader

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEAST: Final = 3
"""Messages a word must be in."""
ROWS_AT_ONCE: Final = 1 << 21
"""Counts that are gathered before they are added up; half as many as there are, if more."""
MOST_CHANGED: Final = 2_000
"""Messages that came or are listed otherwise; of more, all are counted."""
TALLY: Final = 1
"""Of the note's form; another one is not read."""

_LEVEL: Final = 1
_WRITTEN: Final = [STREAMS.index(name) for name in ("subject", "own")]

Ints = npt.NDArray[np.int64]


class Table(NamedTuple):
    """Counts, sorted by word and month: three columns of one length.

    Attributes:
        words: sorted; `word` has their places.
    """

    words: Sequence[str]
    months: Sequence[str]
    totals: Ints
    word: Ints
    month: Ints
    messages: Ints


class Tally(NamedTuple):
    """A table, and what it is of.

    Attributes:
        keys, places: the messages that are counted, and each one's month by its place.
        read: the newest message whose words were there.
    """

    table: Table
    keys: Ints
    places: Ints
    read: int


class _Listed(NamedTuple):
    """The messages that are counted, the months they are in; the last that was read."""

    months: list[str]
    keys: Ints
    places: Ints
    read: int

    @property
    def totals(self) -> Ints:
        return np.bincount(self.places, minlength=len(self.months))


def counted(reader: WordReader, note: bytes) -> Tally:
    """The counts of now.

    Args:
        reader: of the words.
        note: what `packed` made of the last counts; b"" where there is none.
    """
    now = _listed(reader)
    then = unpacked(note)
    table = _grown(then, now, reader) if then is not None else None
    return Tally(table or _whole(now, reader), now.keys, now.places, now.read)


def _listed(reader: WordReader) -> _Listed:
    by_key = reader.months()
    names = set(by_key.values())
    months = list(every_month(min(names), max(names))) if names else []
    place = {name: at for at, name in enumerate(months)}
    keys = np.fromiter(by_key, np.int64, len(by_key))
    places = np.fromiter(map(place.__getitem__, by_key.values()), np.int64, len(by_key))
    order = np.argsort(keys)
    return _Listed(months, keys[order], places[order], reader.newest())


# -- all


def _whole(now: _Listed, reader: WordReader) -> Table:
    words = reader.words(LEAST)
    numbers = {word: at for at, word in enumerate(words)}
    sums = _Sums()
    for batch in reader.batches():
        sums.add(_counts(batch, _places(now, batch.keys), numbers, len(now.months)))
    return _table(words, now, *sums.all())


def _table(words: Sequence[str], now: _Listed, keys: Ints, messages: Ints) -> Table:
    months = max(len(now.months), 1)
    return Table(words, now.months, now.totals, keys // months, keys % months, messages)


def _places(now: _Listed | Tally, keys: Sequence[int]) -> Ints:
    """The month of each message, -1 for those that are not counted."""
    if not len(now.keys):
        return np.full(len(keys), -1, np.int64)
    wanted = np.array(keys, np.int64)
    at = np.minimum(np.searchsorted(now.keys, wanted), len(now.keys) - 1)
    return np.where(now.keys[at] == wanted, now.places[at], -1)


def _counts(
    batch: TokenBatch, held: Ints, numbers: Mapping[str, int], months: int
) -> tuple[Ints, Ints]:
    """(word and month as one number, messages) of a batch; held: each message's month."""
    vocabulary = batch.vocabulary
    known = map(numbers.get, vocabulary, repeat(-1))
    number = np.fromiter(known, np.int64, len(vocabulary))
    lengths = batch.counts.astype(np.int64)
    wanted = np.zeros(lengths.shape, bool)
    wanted[:, _WRITTEN] = held[:, None] >= 0
    documents = np.repeat(np.arange(len(batch.keys)), (lengths * wanted).sum(1))
    word = number[batch.tokens[np.repeat(wanted.ravel(), lengths.ravel())]]
    size = len(numbers) or 1
    pairs = _distinct((documents * size + word)[word >= 0])
    return _summed((pairs % size) * months + held[pairs // size])


def _distinct(values: Ints) -> Ints:
    """Each value once, sorted; numpy's own `unique` hashes, which is slower here."""
    values.sort()
    return values[np.flatnonzero(np.diff(values, prepend=-1))]


def _summed(values: Ints) -> tuple[Ints, Ints]:
    """Each value once, sorted, and how often it was there."""
    values.sort()
    first = np.flatnonzero(np.diff(values, prepend=-1))
    return values[first], np.diff(first, append=len(values))


class _Sums:
    """Counts of many batches, added up now and then so that they stay few."""

    def __init__(self) -> None:
        self._keys: list[Ints] = []
        self._messages: list[Ints] = []
        self._fresh = self._summed = 0

    def add(self, counts: tuple[Ints, Ints]) -> None:
        """Take up the counts of one batch."""
        self._keys.append(counts[0])
        self._messages.append(counts[1])
        self._fresh += len(counts[0])
        if self._fresh > max(ROWS_AT_ONCE, self._summed // 2):
            self.all()

    def all(self) -> tuple[Ints, Ints]:
        """Every key once, sorted, with its sum; none whose sum is 0."""
        if not self._keys:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        # each column is let go of once it was read, for there may be millions of rows
        keys = np.concatenate(self._keys)
        self._keys = []
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        messages = np.concatenate(self._messages)
        self._messages = []
        messages = messages[order]
        del order
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        sums = np.add.reduceat(messages, first) if len(keys) else messages
        some = sums != 0
        self._keys, self._messages = [keys[first[some]]], [sums[some]]
        self._fresh, self._summed = 0, len(self._keys[0])
        return self._keys[0], self._messages[0]


# -- what changed


class _Changes(NamedTuple):
    """What messages that changed have to say.

    Attributes:
        counts: (word, month's place) and how many messages more, or fewer.
        met: words that are in more messages than before, or counted in more.
    """

    counts: Counter[tuple[str, int]]
    met: set[str]


def _grown(then: Tally, now: _Listed, reader: WordReader) -> Table | None:
    """The table of now from an earlier one; None where too much is other."""
    old = then.table
    if not now.months or now.months[:1] != list(old.months[:1]):
        return None  # every place is another
    other = _other(then, now)
    if len(other) > MOST_CHANGED:
        return None
    changes = _changes(other, then, now, reader)
    known = set(old.words)
    more = _new_words(changes.met - known, now, reader)
    words = sorted([*old.words, *{word for word, _ in more}])  # most are in order
    more.update({pair: n for pair, n in changes.counts.items() if pair[0] in known})
    numbers = {word: at for at, word in enumerate(words)}
    moved = np.fromiter(map(numbers.__getitem__, old.words), np.int64, len(old.words))
    months = len(now.months)
    sums = _Sums()
    sums.add((moved[old.word] * months + old.month, old.messages))
    pairs = [numbers[word] * months + place for word, place in more]
    sums.add((np.array(pairs, np.int64), np.array(list(more.values()), np.int64)))
    return _table(words, now, *sums.all())


def _other(then: Tally, now: _Listed) -> set[int]:
    """The messages that are new, and those that are counted otherwise than they were."""
    months = max(len(then.table.months), len(now.months))
    before, after = then.keys * months + then.places, now.keys * months + now.places
    other = set((np.setxor1d(before, after, assume_unique=True) // months).tolist())
    return other.union(range(then.read + 1, now.read + 1))


def _changes(other: set[int], then: Tally, now: _Listed, reader: WordReader) -> _Changes:
    changes = _Changes(Counter(), set())
    for batch in reader.batches_of(other):
        before = _places(then, batch.keys).tolist()
        after = _places(now, batch.keys).tolist()
        for row, key in enumerate(batch.keys):
            if key not in other:
                continue
            streams = batch.streams_of(row)
            written = {word for at in _WRITTEN for word in streams[at]}
            changes.met.update(written, *(streams if key > then.read else ()))
            for place, sign in ((before[row], -1), (after[row], 1)):
                if place >= 0:
                    changes.counts.update(
                        dict.fromkeys(((w, place) for w in written), sign)
                    )
    return changes


def _new_words(met: set[str], now: _Listed, reader: WordReader) -> Counter[tuple[str, int]]:
    """The counts of words that are in enough messages only now."""
    found: Counter[tuple[str, int]] = Counter()
    for word in reader.in_enough(met, LEAST):
        places = _places(now, reader.writers(word)).tolist()
        found.update((word, place) for place in places if place >= 0)
    return found


# -- the note


def packed(tally: Tally) -> bytes:
    """A tally as octets."""
    table = tally.table
    arrays = [*table[3:], tally.keys, tally.places]
    head = json.dumps(
        [TALLY, tally.read, " ".join(table.words), table.months, [*map(len, arrays)]]
    ).encode("ascii")
    raw = b"".join(array.astype("<i4").tobytes() for array in arrays)
    return zstd.compress(len(head).to_bytes(4, "little") + head + raw, _LEVEL)


def unpacked(note: bytes) -> Tally | None:
    """The tally of a note; None where there is none, or one of another form."""
    if not note:
        return None
    plain = zstd.decompress(note)
    start = 4 + int.from_bytes(plain[:4], "little")
    form, read, words, months, sizes = json.loads(plain[4:start])
    if form != TALLY:
        return None
    numbers = np.frombuffer(plain, "<i4", offset=start).astype(np.int64)
    word, month, messages, keys, places = np.split(numbers, np.cumsum(sizes)[:-1])
    totals = np.bincount(places, minlength=len(months))
    table = Table(words.split(), months, totals, word, month, messages)
    return Tally(table, keys, places, read)
