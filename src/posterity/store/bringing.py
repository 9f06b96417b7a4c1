"""Relations into the catalogue: compared with what it holds, only what differs is written.

All within a transaction of the caller.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from posterity.store.database import statements

ROWS_AT_ONCE = 50_000
"""Rows of a relation that are compared at once: some 20 MB."""

_RELATIONS = "id, utc, date_evidence, date_error, date_detail, person, thread, listed"


def bring(
    database: sqlite3.Connection,
    table: str,
    rows: Iterable[tuple[object, ...]],
    among: Collection[int] | None = None,
) -> None:
    """Bring one of relate's tables to these rows, so that an update costs what changed.

    Args:
        database: the catalogue.
        table: its name.
        rows: all of them, by their first column; or all of some keys.
        among: these keys, values of the first column; None: any.
    """
    names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    unique = " AND ".join(f"{name} IS ?" for name in names)
    marks = ", ".join("?" * len(names))
    parts = _runs(names[0], rows) if among is None else [_those(names[0], among, rows)]
    for where, values, some in parts:
        new = set(some)
        old = set(database.execute(f"SELECT * FROM {table} WHERE {where}", values))
        database.executemany(f"DELETE FROM {table} WHERE {unique}", old - new)
        fresh = some if not old else [row for row in some if row not in old]
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", fresh)


def bring_messages(
    database: sqlite3.Connection,
    rows: Iterable[tuple[object, ...]],
    among: Collection[int] | None = None,
) -> None:
    """Set (id, utc, date_evidence, date_error, date_detail, person, thread, listed).

    Args:
        database: the catalogue.
        rows: of every message, by id; or of some.
        among: the ids of these; None: any.
    """
    parts = _runs("id", rows) if among is None else [_those("id", among, rows)]
    for where, values, some in parts:
        before = database.execute(
            f"SELECT {_RELATIONS} FROM message WHERE {where} ORDER BY id", values
        )
        database.executemany(
            "UPDATE message SET utc = ?2, date_evidence = ?3, date_error = ?4,"
            " date_detail = ?5, person = ?6, thread = ?7, listed = ?8 WHERE id = ?1",
            [new for new, old in zip(some, before, strict=True) if new != old],
        )


def make_indexes(database: sqlite3.Connection) -> None:
    """Make the indexes that readers need, where they are missing."""
    for statement in statements("catalogue_indexes.sql"):
        database.execute(statement)


_Part = tuple[str, tuple[Any, ...], list[tuple[Any, ...]]]
"""A condition, its values, and all rows that meet it."""


def _those(first: str, among: Collection[int], rows: Iterable[tuple[Any, ...]]) -> _Part:
    """All rows of some keys."""
    keys = json.dumps(list(among))
    return f"{first} IN (SELECT value FROM json_each(?))", (keys,), list(rows)


def _runs(first: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[_Part]:
    """Rows by their first column, some at a time."""
    where = f"(?1 IS NULL OR {first} > ?1) AND (?2 IS NULL OR {first} <= ?2)"
    low: Any = None
    some: list[tuple[Any, ...]] = []
    for row in rows:
        if len(some) >= ROWS_AT_ONCE and row[0] != some[-1][0]:
            yield where, (low, some[-1][0]), some
            low, some = some[-1][0], []
        some.append(row)
    yield where, (low, None), some
