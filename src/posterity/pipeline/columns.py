"""Tables as arrays of numbers: quick to keep, and to compare with what was kept.

A row is a number for each column; its key comes first, and rows of one key stand
together or apart, as they like. Texts stand in a list of their own, in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from posterity.relate.again import Flags
from posterity.relate.shingles import I64
from posterity.relate.witnesses import LAST

Columns = dict[str, NDArray[Any]]
Made = TypeVar("Made", bound=tuple[Any, ...])

NONE: Final = LAST
"""In place of a time or a key that is not known."""


class Texts:
    """Texts by number."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Begin with some, each once, numbered as they come."""
        self._known = {text: number for number, text in enumerate(known)}

    def of(self, texts: Sequence[str]) -> I64:
        """The number of each of some texts."""
        for text in dict.fromkeys(texts):
            self._known.setdefault(text, len(self._known))
        return column(map(self._known.__getitem__, texts))

    def known(self) -> list[str]:
        """All texts."""
        return [*self._known]

    def column(self) -> NDArray[Any]:
        """All texts, to be kept."""
        return as_column(self._known)


def as_column(texts: Iterable[str]) -> NDArray[Any]:
    """Texts in JSON."""
    return np.frombuffer(json.dumps([*texts]).encode(), np.uint8)


def texts_in(octets: NDArray[Any]) -> list[str]:
    """The texts of a column, by number."""
    texts: list[str] = json.loads(octets.tobytes())
    return texts


def renumbered(numbers: I64, was: NDArray[Any], now: NDArray[Any]) -> I64:
    """Numbers of texts in one column as those in another; -1 where it has them not."""
    number = {text: number for number, text in enumerate(texts_in(now))}
    found = [number.get(text, -1) for text in texts_in(was)]
    return np.array(found, np.int64)[numbers]


def column(numbers: Iterable[int]) -> I64:
    """Numbers."""
    return np.fromiter(numbers, np.int64)


def known(numbers: Iterable[int | None]) -> I64:
    """Numbers, those that are not known as NONE."""
    return column(NONE if number is None else number for number in numbers)


def if_known(number: int) -> int | None:
    """A number of such a column, None where it is not known."""
    return None if number == NONE else number


def among(keys: I64, some: Collection[int]) -> Flags:
    """Which of some rows have a key that is one of some others."""
    return np.isin(keys, np.fromiter(some, np.int64, len(some)))


def made(kind: type[Made], *columns: Iterable[Any]) -> Iterator[Made]:
    """Tuples of a kind; to call the kind for each takes four times as long."""
    return map(partial(tuple.__new__, kind), zip(*columns, strict=True))


def tuples(rows: I64) -> Iterator[tuple[int, ...]]:
    """The rows of a table, made some at a time."""
    for at in range(0, len(rows), SLAB):
        yield from map(tuple, rows[at : at + SLAB].tolist())


SLAB: Final = 10_000
"""Rows that are made at a time."""


def turned(rows: Iterable[tuple[object, ...]], width: int) -> list[tuple[Any, ...]]:
    """The columns of some rows."""
    return list(zip(*rows, strict=True)) or [()] * width


def unlike(was: I64, now: I64) -> I64:
    """The keys of rows that only one of two tables has, ascending.

    Rows of a key are compared in the order in which they stand.
    """
    (was, was_at), (now, now_at) = _by_key(was), _by_key(now)
    _, old, new = np.intersect1d(was_at, now_at, assume_unique=True, return_indices=True)
    same = (was[old] == now[new]).all(axis=1)
    return np.union1d(
        np.delete(was[:, 0], old[same]),
        np.delete(now[:, 0], new[same]),
    )


def _by_key(rows: I64) -> tuple[I64, I64]:
    """Rows by their key; of each a number for the key and its place among those of it."""
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    keys, numbers = rows[:, 0], np.arange(len(rows))
    head = np.ones(len(rows), np.bool_)
    head[1:] = keys[1:] != keys[:-1]
    first = np.maximum.accumulate(np.where(head, numbers, 0))
    return rows, (keys << _PLACE_BITS) + numbers - first


_PLACE_BITS: Final = 24
