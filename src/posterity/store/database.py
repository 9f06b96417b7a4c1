"""SQLite as both files use it: one writer, many readers, transactions by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posterity.errors import ArchiveError, LockedError

WAIT = 5.0
"""Seconds to wait for another writer's commit."""


def connect(path: Path, *, writable: bool = True) -> sqlite3.Connection:
    """Open a database file; only a writer may make it.

    Raises:
        ArchiveError: it cannot be opened.
    """
    mode = "rwc" if writable else "ro"
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    try:
        database = sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None)
        if writable:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA cache_size = -32768")
    except sqlite3.Error as error:
        raise ArchiveError(f"{path}: cannot be opened: {error}") from error
    return database


@contextmanager
def in_transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block did, or none of it.

    Raises:
        LockedError: another process is writing.
    """
    try:
        database.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise LockedError(
                "another posterity is writing to this archive; try again later"
            ) from error
        raise
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
