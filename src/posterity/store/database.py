"""SQLite as both files use it: one writer, many readers, transactions by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
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


def settle(path: Path) -> None:
    """Put what is left of a write-ahead log into its file, and take the log away.

    The last to close a database does so. Workers end without closing, and a reader may
    not: without this an import left 32 MB of log beside a file of the same size.
    """
    if path.exists():
        connect(path).close()


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


def statements(name: str) -> Iterator[str]:
    """The statements of one of this room's SQL files, in order."""
    lines: list[str] = []
    for line in files("posterity.store").joinpath(name).read_text("utf-8").splitlines(True):
        lines.append(line)
        if sqlite3.complete_statement("".join(lines)):
            yield "".join(lines)
            lines.clear()
