"""What relate found, written into the catalogue: all of it compared, the rest written.

What is known to be as it was written last time is not compared with the catalogue, and
its rows are not made (written.py).

A thread is numbered after its first message and a person after theirs, so that new mail
leaves the rows of others as they are.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Final, NamedTuple, TypeVar

import numpy as np

from posterity.pipeline.columns import NONE, Columns, tuples, unlike
from posterity.pipeline.times import UTC, Times
from posterity.pipeline.witnessed import witness_rows
from posterity.pipeline.written import Differing, as_columns, differing
from posterity.relate.copies import Copy
from posterity.relate.dates import Believed
from posterity.relate.passages import Passage
from posterity.relate.people import PersonGroup
from posterity.relate.shingles import I64
from posterity.relate.threads import Thread
from posterity.store.bringing import bring, bring_messages, make_indexes
from posterity.store.catalogue import Catalogue
from posterity.store.database import in_transaction

_Row = TypeVar("_Row")

Values = tuple[object, ...]


class Relations(NamedTuple):
    """Everything relate found.

    Attributes:
        written: From of each message, as it is written, by the catalogue's ids.
        times: of each, in the same order.
        passages: rows of `Passage`, some messages at a time.
        kept: columns of what is kept of it, witnesses among them; passages apart.
    """

    written: Mapping[int, str]
    times: Times
    threads: Sequence[Thread]
    people: Sequence[PersonGroup]
    copies: Sequence[Copy]
    passages: Iterable[I64]
    kept: Columns


class Held(NamedTuple):
    """What the catalogue holds: columns as they were kept, and its passages by key."""

    columns: Columns
    passages: I64


def write(catalogue: Catalogue, found: Relations, held: Held | None) -> Columns:
    """Bring what the catalogue says of the list up to date; it is then related to nothing.

    Args:
        catalogue: opened for writing.
        found: everything.
        held: what it holds; None where that is not known.

    Returns:
        What is to be kept.
    """
    person = _person_of(found)
    copies = {copy.key for copy in found.copies}
    threads = sorted(((_number(_root(one)), one) for one in found.threads), key=_first)
    people = _numbered(found, person)
    thread = {
        node.message: number
        for number, one in threads
        for node in one.nodes
        if node.message is not None
    }
    columns = {**found.kept, **as_columns(found.times, person, thread, copies, threads)}
    some = Differing() if held is None else differing(held.columns, columns)
    _, of_thread, of_person, _ = columns["messages"].T
    utc = found.times.rows[:, UTC]
    threads = _among(threads, some.threads, _first)
    edges = sorted(_edges(one for _, one in threads))
    answering = None if some.threads is None else _messages(threads)
    database = catalogue.database
    with in_transaction(database):
        told = (
            (key, *_time(time), person[key], thread[key], key not in copies)
            for key, time in found.times.believed(some.messages)
        )
        bring_messages(database, told, some.messages)
        counted = _threads(threads, _Spans(of_thread, utc), person, copies)
        bring(database, "thread", counted, some.threads)
        bring(database, "node", _nodes(threads), some.threads)
        bring(database, "edge", edges, answering)
        bring(database, "person", _people(people, _Spans(of_person, utc), person, copies))
        bring(database, "spelling", sorted(_spellings(people)))
        bring(database, "copy", sorted(_copies(found.copies)))
        bring(database, "witness", witness_rows(columns, some.children), some.children)
        _bring_passages(database, found.passages, held)
        make_indexes(database)
        catalogue.set_meta("related", "")
    return columns


def _bring_passages(
    database: sqlite3.Connection, found: Iterable[I64], held: Held | None
) -> None:
    """Bring the passages, the last of all: they are found meanwhile."""
    passages = np.concatenate([_NO_PASSAGES, *found])
    quoting: list[int] | None = None
    if held is not None:
        others = unlike(held.passages, passages)
        passages = passages[np.isin(passages[:, 0], others)]
        quoting = others.tolist()
    passages = passages[np.lexsort(passages.T[::-1])]
    bring(database, "quote", tuples(passages), quoting)


_NO_PASSAGES: Final = np.zeros((0, len(Passage._fields)), np.int64)


def _among(
    rows: Sequence[_Row], keys: AbstractSet[int] | None, key_of: Callable[[_Row], int]
) -> list[_Row]:
    """The rows of some keys, or all."""
    return list(rows) if keys is None else [row for row in rows if key_of(row) in keys]


def _messages(threads: Iterable[tuple[int, Thread]]) -> set[int]:
    return {
        node.message for _, one in threads for node in one.nodes if node.message is not None
    }


_first = itemgetter(0)


def _number(key: int) -> int:
    """A positive number for a message's key, which is below 0 where it was recovered."""
    return 2 * key if key > 0 else 1 - 2 * key


def _root(thread: Thread) -> int:
    """The first message of a thread that is held."""
    return next(node.message for node in thread.nodes if node.message is not None)


def _person_of(found: Relations) -> dict[int, int]:
    """The number of each message's person: that of the earliest kept of their messages."""
    group = {
        assigned.spelling.from_as_written: at
        for at, one in enumerate(found.people)
        for assigned in one.spellings
    }
    number: dict[int, int] = {}
    for key, text in found.written.items():
        at, own = group[text], _number(key)
        number[at] = min(own, number.get(at, own))
    return {key: number[group[text]] for key, text in found.written.items()}


def _numbered(found: Relations, person: Mapping[int, int]) -> list[tuple[int, PersonGroup]]:
    """Everyone with their number, by number."""
    number = {text: person[key] for key, text in found.written.items()}
    return sorted(
        ((number[one.spellings[0].spelling.from_as_written], one) for one in found.people),
        key=_first,
    )


def _time(time: Believed) -> tuple[int | None, str, int, str]:
    detail = "; ".join(filter(None, (time.detail, time.suspect)))
    return time.utc, time.evidence.value, time.error, detail


class _Spans:
    """From when to when the messages of a thread are, or of a person."""

    def __init__(self, numbers: I64, utc: I64) -> None:
        """Take the number of each message's thread, or person, and its time."""
        numbers, utc = numbers[utc != NONE], utc[utc != NONE]
        order = np.argsort(numbers, kind="stable")
        self._numbers, starts = np.unique(numbers[order], return_index=True)
        self._first = np.minimum.reduceat(utc[order], starts) if len(starts) else starts
        self._last = np.maximum.reduceat(utc[order], starts) if len(starts) else starts

    def of(self, number: int) -> tuple[int | None, int | None]:
        """The first and the last time that is known."""
        at = int(np.searchsorted(self._numbers, number))
        if at == len(self._numbers) or self._numbers[at] != number:
            return None, None
        return int(self._first[at]), int(self._last[at])


def _threads(
    threads: Iterable[tuple[int, Thread]],
    spans: _Spans,
    person: Mapping[int, int],
    copies: set[int],
) -> Iterator[Values]:
    """A copy counts once, with its first."""
    for number, thread in threads:
        held = [node.message for node in thread.nodes if node.message is not None]
        people = len({person[key] for key in held})
        counted = sum(key not in copies for key in held)
        yield number, held[0], len(held), counted, people, *spans.of(number)


def _nodes(threads: Iterable[tuple[int, Thread]]) -> Iterator[Values]:
    for number, thread in threads:
        for position, node in enumerate(thread.nodes):
            yield (
                number,
                position,
                node.message,
                node.ghost,
                node.parent,
                node.depth,
                node.evidence and node.evidence.value,
                node.strength,
                node.detail,
            )


def _edges(threads: Iterable[Thread]) -> Iterator[Values]:
    for thread in threads:
        for node in thread.nodes:
            if node.message is not None and node.parent >= 0:
                parent = thread.nodes[node.parent].message
                if parent is not None:
                    yield node.message, parent


def _people(
    people: Iterable[tuple[int, PersonGroup]],
    spans: _Spans,
    person: Mapping[int, int],
    copies: set[int],
) -> Iterator[Values]:
    """Posts are counted without copies; someone who only sent copies has none."""
    posts = Counter(number for key, number in person.items() if key not in copies)
    for number, group in people:
        yield number, group.person, group.name, posts[number], *spans.of(number)


def _spellings(people: Iterable[tuple[int, PersonGroup]]) -> Iterator[Values]:
    for number, group in people:
        for spelling, evidence, detail in group.spellings:
            yield (
                spelling.from_as_written,
                number,
                spelling.name,
                spelling.address,
                spelling.posts,
                evidence.value,
                detail,
            )


def _copies(copies: Iterable[Copy]) -> Iterator[Values]:
    for copy in copies:
        yield copy.key, copy.first, copy.evidence.value
