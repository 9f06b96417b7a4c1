"""Searching an archive: a query's tree in, keys in order out, with counts beside them.

Order: relevance is FTS5's bm25 over the weighted columns, times a little for a message
that begins a thread; messages of one score stand newest first. Very common words alone are
weighed in subjects only. A query without words has no relevance and comes newest first.

Every query is answered or refused within `LONGEST` seconds.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from posterity.errors import ArchiveError, QueryError
from posterity.query.ask import Node, Words, wanted
from posterity.store.database import connect
from posterity.store.searchsql import Plan, plan, scoring

LONGEST: Final = 0.7
"""Seconds a query may take."""
STEPS: Final = 2_000
"""Steps of SQLite's machine between two looks at the clock."""
STARTER: Final = 1.5
"""What a message counts that answers none."""
MOST_PEOPLE: Final = 12
FEW: Final = 30_000
"""Hits whose facts are asked for one by one, while not all are at hand."""
SCORES: Final = 2.0**52
"""So many parts of one a score is told apart in: as a float of its size is."""
UNDATED: Final = -(1 << 62)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Order(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Wish(NamedTuple):
    """How an answer is to be given.

    Attributes:
        limit: hits at most.
        cursor: where an earlier answer ended; "" for the beginning.
        grouped: only the first hit of each thread.
    """

    order: Order = Order.RELEVANCE
    limit: int = 20
    cursor: str = ""
    grouped: bool = False


class PersonCount(NamedTuple):
    """How many hits a person wrote."""

    slug: str
    name: str
    hits: int


class Answer(NamedTuple):
    """What a search found.

    Attributes:
        keys: of the messages asked for, in order.
        in_thread: for each, how many hits its thread has.
        total: all that match.
        threads: how many threads they are in.
        years: (year, hits), oldest first; 0 is for no date.
        people: who wrote most of them.
        order: as it is; not always as it was wished.
        cursor: for the next answer; "" where there is none.
    """

    keys: tuple[int, ...]
    in_thread: tuple[int, ...]
    total: int
    threads: int
    years: tuple[tuple[int, int], ...]
    people: tuple[PersonCount, ...]
    order: Order
    cursor: str


class _Facts(NamedTuple):
    """Columns of messages, by ascending key."""

    keys: Ints
    utc: Ints
    year: Ints
    person: Ints
    thread: Ints
    starts: npt.NDArray[np.bool_]
    digest: npt.NDArray[np.uint64]

    def of(self, keys: Ints) -> tuple[_Facts, npt.NDArray[np.bool_]]:
        """The rows of some keys, and which of those there are."""
        if not len(self.keys):
            return self, np.zeros(len(keys), bool)
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        held = self.keys[at] == keys
        return _Facts(*(column[at[held]] for column in self)), held


_SUBJECT: Final = ("subject",)
_FACTS: Final = (
    "SELECT id, ifnull(utc, ?1), ifnull(person, 0), ifnull(thread, 0), NOT is_reply,"
    " substr(digest, 1, 8) FROM message WHERE id NOT IN"
    " (SELECT message FROM amended WHERE kind IN ('hidden', 'erased', 'joined'))"
)


class Searcher:
    """The search index of an archive, opened for reading.

    Args:
        catalogue: path of catalogue.db.

    Raises:
        ArchiveError: it has no index yet.
    """

    def __init__(self, catalogue: Path) -> None:
        self._database = connect(catalogue, writable=False)
        try:
            self._database.execute("SELECT 1 FROM search_common LIMIT 1")
        except sqlite3.OperationalError as error:
            raise ArchiveError(
                f"{catalogue.parent}: no search index yet; run `posterity site` or"
                " `posterity build`"
            ) from error

    def close(self) -> None:
        """Close the catalogue."""
        self._database.close()

    def hold(self) -> None:
        """From now on see only what the catalogue holds now, whoever writes to it."""
        self._database.execute("BEGIN")
        self.warm()

    def warm(self) -> None:
        """Read what every search needs, once: a server's first answer need not wait."""
        _ = self._all_facts, self._common

    # -- what a query finds

    def search(self, node: Node, wish: Wish) -> Answer:
        """Answer a query.

        Raises:
            QueryError: it would take too long.
        """
        with self._in_time():
            keys, scores, order = self._found(node, wish.order)
            facts, held = self._facts(keys)
            if scores is not None:
                scores = np.where(facts.starts, STARTER, 1.0) * scores[held]
            begins = not (wish.grouped or wish.cursor)
            places = _sorted(facts, scores, order, wish.limit if begins else None)
            return self._answer(facts, places, order, wish)

    def keys(self, node: Node) -> tuple[int, ...]:
        """The keys of all messages that match, newest first.

        Raises:
            QueryError: it would take too long.
        """
        with self._in_time():
            keys, _, _ = self._found(node, Order.NEWEST)
            facts, _ = self._facts(keys)
            places = _sorted(facts, None, Order.NEWEST)
            return tuple(facts.keys[places].tolist())

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        end = time.monotonic() + LONGEST
        self._database.set_progress_handler(lambda: time.monotonic() > end, STEPS)
        try:
            yield
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            raise QueryError(
                "this would take too long; ask for less at once", 0, ""
            ) from error
        finally:
            self._database.set_progress_handler(None, 0)

    def _found(self, node: Node, order: Order) -> tuple[Ints, Floats | None, Order]:
        """Keys that match, their scores where they have some, and the order this means."""
        how = plan(node)
        leaves = list(wanted(node))
        common = all(map(self._is_common, leaves))
        if common:  # too many to weigh: those that have it in the subject, then by time
            leaves = [leaf._replace(columns=_SUBJECT) for leaf in leaves]
        if order is Order.RELEVANCE and not leaves:
            order = Order.NEWEST
        if order is not Order.RELEVANCE:
            return self._run(how, scored=False)[0], None, order
        if how.match and not common:
            keys, scores = self._run(how, scored=True)
            return keys, scores, order
        keys, _ = self._run(how, scored=False)
        by, weights = self._run(Plan(scoring(leaves), "", ()), scored=True)
        return keys, _looked_up(keys, by, weights), order

    def _run(self, how: Plan, *, scored: bool) -> tuple[Ints, Floats]:
        """Keys, ascending or as FTS5 has them, and their scores or zeros.

        They come as texts of whole numbers: rows would take three times as long, and half
        as long again with scores.
        """
        if not how.match:
            text = f"SELECT group_concat(m.id) FROM message m WHERE {how.where}"
            keys = _numbers(self._database.execute(text, how.values).fetchone()[0])
            return keys, np.zeros(len(keys))
        score = f"group_concat(CAST(s.rank * {SCORES} AS INTEGER))" if scored else "NULL"
        text = f"SELECT group_concat(s.rowid), {score} FROM search s"
        if how.where:
            text += " JOIN message m ON m.id = s.rowid"
        text += " WHERE s.search MATCH ?"
        if how.where:
            text += f" AND {how.where}"
        found = self._database.execute(text, (how.match, *how.values)).fetchone()
        keys = _numbers(found[0])
        return keys, _numbers(found[1]) / SCORES if scored else np.zeros(len(keys))

    def _is_common(self, leaf: Words) -> bool:
        """Whether a word finds so much that it says nothing about any one message."""
        if len(leaf.words) > 1 or not {"own", "subject"} <= set(leaf.columns):
            return False
        if leaf.prefix:
            return any(word.startswith(leaf.words[0]) for word in self._common)
        return leaf.words[0] in self._common

    @cached_property
    def _common(self) -> frozenset[str]:
        rows = self._database.execute("SELECT word FROM search_common")
        return frozenset(word for (word,) in rows)

    # -- what is known of it

    @cached_property
    def _all_facts(self) -> _Facts:
        return _read_facts(
            self._database.execute(f"{_FACTS} ORDER BY id", (UNDATED,)).fetchall()
        )

    def _facts(self, keys: Ints) -> tuple[_Facts, npt.NDArray[np.bool_]]:
        if len(keys) > FEW or "_all_facts" in self.__dict__:
            return self._all_facts.of(keys)
        text = f"{_FACTS} AND id IN (SELECT value FROM json_each(?2)) ORDER BY id"
        rows = self._database.execute(text, (UNDATED, str(keys.tolist()))).fetchall()
        return _read_facts(rows).of(keys)

    def _answer(self, facts: _Facts, places: Ints, order: Order, wish: Wish) -> Answer:
        total = len(facts.keys)
        counts = np.bincount(facts.thread) if total else np.zeros(1, np.int64)
        there = total
        if wish.grouped:
            _, first = np.unique(facts.thread[places], return_index=True)
            places = places[np.sort(first)]
            there = len(places)
        start = _start(facts, places, wish.cursor)
        shown = places[start : start + wish.limit]
        end = start + len(shown)
        hits = counts[facts.thread[shown]]
        cursor = f"{end}-{int(facts.digest[shown[-1]]):016x}" if end < there else ""
        return Answer(
            tuple(facts.keys[shown].tolist()),
            tuple(hits.tolist()),
            total,
            int(np.count_nonzero(counts)),
            _years(facts.year),
            self._people(facts.person),
            order,
            cursor,
        )

    def _people(self, person: Ints) -> tuple[PersonCount, ...]:
        counts = np.bincount(person) if len(person) else np.zeros(1, np.int64)
        counts[0] = 0  # nobody
        there = np.flatnonzero(counts)
        most = there[np.argsort(-counts[there], kind="stable")[: 2 * MOST_PEOPLE]]
        hits = dict(zip(most.tolist(), counts[most].tolist(), strict=True))
        marks = ", ".join("?" * len(hits))
        rows = self._database.execute(
            f"SELECT id, slug, name FROM person WHERE id IN ({marks})", tuple(hits)
        ).fetchall()
        people = [PersonCount(slug, name, hits[number]) for number, slug, name in rows]
        return tuple(sorted(people, key=lambda one: (-one.hits, one.slug))[:MOST_PEOPLE])


def _numbers(text: str | None) -> Ints:
    """Whole numbers, of a text with commas between them; none of NULL."""
    return np.fromstring(text, np.int64, sep=",") if text else np.zeros(0, np.int64)


def _read_facts(rows: Sequence[tuple[int, int, int, int, int, bytes]]) -> _Facts:
    if not rows:
        none = np.zeros(0, np.int64)
        return _Facts(
            none, none, none, none, none, np.zeros(0, np.bool_), np.zeros(0, np.uint64)
        )
    keys, utc, person, thread, starts, digests = zip(*rows, strict=True)
    times = np.array(utc, np.int64)
    return _Facts(
        np.array(keys, np.int64),
        times,
        _year_of(times),
        np.array(person, np.int64),
        np.array(thread, np.int64),
        np.array(starts, bool),
        np.frombuffer(b"".join(digests), ">u8").astype(np.uint64),
    )


def _looked_up(keys: Ints, by: Ints, weights: Floats) -> Floats:
    """The weight of each key, 0 for one that has none."""
    if not len(by):
        return np.zeros(len(keys))
    order = np.argsort(by)
    by, weights = by[order], weights[order]
    at = np.searchsorted(by, keys)
    at[at == len(by)] = 0
    return np.where(by[at] == keys, weights[at], 0.0)


def _sorted(
    facts: _Facts, scores: Floats | None, order: Order, most: int | None = None
) -> Ints:
    """Places in order; FTS5's scores are the better the lower they are.

    Args:
        most: how many at most, None for all; the first few of many need no sorting of
            the rest.
    """
    if order is Order.OLDEST:
        first = np.where(facts.utc == UNDATED, -UNDATED, facts.utc)
        ties: tuple[npt.NDArray[Any], ...] = (~facts.digest,)
    else:
        first = -facts.utc if scores is None else scores
        ties = (facts.digest, -facts.utc)
    if most is None or most >= len(first):
        return np.lexsort((*ties, first))
    edge = np.partition(first, most - 1)[most - 1]
    among = np.flatnonzero(first <= edge)
    by = (*(tie[among] for tie in ties), first[among])
    return among[np.lexsort(by)][:most]


def _start(facts: _Facts, places: Ints, cursor: str) -> int:
    """Where to go on; by the last hit shown, or by its place where that is gone."""
    if not cursor:
        return 0
    number, _, digest = cursor.partition("-")
    try:
        place, last = int(number), int(digest, 16)
    except ValueError as error:
        raise QueryError("this cursor is none of ours", 0, "") from error
    if last >= 1 << 64 or place < 0:
        raise QueryError("this cursor is none of ours", 0, "")
    at = np.flatnonzero(facts.digest[places] == np.uint64(last))
    return int(at[0]) + 1 if len(at) else min(place, len(places))


def _year_of(utc: Ints) -> Ints:
    """The year of each time, 0 where there is none."""
    known = np.where(utc == UNDATED, 0, utc).astype("datetime64[s]")
    return np.where(
        utc == UNDATED, 0, known.astype("datetime64[Y]").astype(np.int64) + 1970
    )


def _years(year: Ints) -> tuple[tuple[int, int], ...]:
    """(year, how many), oldest first."""
    years, counts = np.unique(year, return_counts=True)
    return tuple(zip(years.tolist(), counts.tolist(), strict=True))
