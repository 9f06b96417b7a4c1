"""Published times as columns: a list of them is in memory as long as it is related.

A row is a message, by its key: its time, what it rests on, how far off it may be, and two
texts by number. 48 octets a message; as tuples in a dictionary it was 190.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.model import DateEvidence
from posterity.pipeline.columns import (
    NONE,
    SLAB,
    Columns,
    Texts,
    among,
    as_column,
    column,
    if_known,
    known,
    made,
    texts_in,
    turned,
)
from posterity.relate.again import Flags
from posterity.relate.dates import Believed, is_silent
from posterity.relate.shingles import I64

_DATE: Final = tuple(DateEvidence)
_NUMBER: Final = {kind: number for number, kind in enumerate(_DATE)}

UTC, KIND = 0, 1
"""Places in a row of `Times.rows`."""

TEXTS: Final = (4, 5)
"""Places of texts in a row of `Times.table`."""


class Times(NamedTuple):
    """What is believed of the times of some messages.

    Attributes:
        table: the key of each message, and what is believed of it: NONE for a time that
            is unknown, kinds and texts by number.
        texts: the texts, by number.
    """

    table: I64
    texts: list[str]

    @property
    def keys(self) -> I64:
        """The messages."""
        return self.table[:, 0]

    @property
    def rows(self) -> I64:
        """What is believed of each, a column for each field of `Believed`."""
        return self.table[:, 1:]

    def utc(self) -> Iterator[int | None]:
        """The time of each message, None where it is unknown."""
        return map(if_known, self.rows[:, UTC].tolist())

    def believed(
        self, only: Collection[int] | None = None
    ) -> Iterator[tuple[int, Believed]]:
        """Each message, or each of some, with what is believed, in the order of the keys."""
        keys, rows = self.keys, self.rows
        if only is not None:
            some = among(keys, only)
            keys, rows = keys[some], rows[some]
        for at in range(0, len(keys), SLAB):
            slab = slice(at, at + SLAB)
            yield from zip(keys[slab].tolist(), self._made(rows[slab]), strict=True)

    def _made(self, rows: I64) -> Iterator[Believed]:
        utc, kind, error, detail, suspect = rows.T.tolist()
        return made(
            Believed,
            map(if_known, utc),
            map(_DATE.__getitem__, kind),
            error,
            map(self.texts.__getitem__, detail),
            map(self.texts.__getitem__, suspect),
        )

    def of(self, some: Collection[int]) -> dict[int, Believed]:
        """What is believed of some messages, by key."""
        return dict(self.believed(some))

    def silent(self) -> Flags:
        """Of which messages no witness of their own told the time (`dates.is_silent`)."""
        estimated = self.rows[:, KIND] == _NUMBER[DateEvidence.ESTIMATED]
        found: Flags = estimated | (self.rows[:, UTC] == NONE)
        some = np.flatnonzero(found)
        found[some] = [is_silent(one) for one in self._made(self.rows[some])]
        return found

    def but_for(self, said: Mapping[int, Believed], keys: I64 | None = None) -> Times:
        """The same, but for what is said of some of the messages.

        Args:
            said: by key.
            keys: of all messages there are now, ascending; the new ones are among `said`.
        """
        if not said and keys is None:
            return self
        texts = Texts(self.texts)
        keys = self.keys if keys is None else keys
        table = np.zeros((len(keys), self.table.shape[1]), np.int64)
        table[np.searchsorted(keys, self.keys)] = self.table
        others = among(keys, said)
        mine = keys[others].tolist()
        table[others] = _table(mine, map(said.__getitem__, mine), texts)
        return Times(table, texts.known())

    def by_column(self, name: str) -> Columns:
        """To be kept under a name."""
        return {name: self.table, f"{name}.texts": as_column(self.texts)}


def kept_times(columns: Mapping[str, NDArray[Any]], name: str) -> Times:
    """Times as `by_column` gave them."""
    return Times(columns[name], texts_in(columns[f"{name}.texts"]))


def times_of(keys: Collection[int], believed: Mapping[int, Believed]) -> Times:
    """What is believed of messages, by key, in the order of the keys."""
    texts = Texts()
    table = _table(keys, map(believed.__getitem__, keys), texts)
    return Times(table, texts.known())


def _table(keys: Collection[int], believed: Iterable[Believed], texts: Texts) -> I64:
    """Rows of messages and what is believed of them."""
    utc, kind, error, detail, suspect = turned(believed, len(Believed._fields))
    numbers = (
        column(keys),
        known(utc),
        column(map(_NUMBER.__getitem__, kind)),
        column(error),
        texts.of(detail),
        texts.of(suspect),
    )
    return np.column_stack(numbers)
