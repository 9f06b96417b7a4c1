"""SQLite as both files use it: one writer, many readers, transactions by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from posterity.errors import ArchiveError, LockedError
from posterity.store.prints import print_of

WAIT = 5.0
"""Seconds to wait for another writer's commit."""


def connect(
    path: Path, *, writable: bool = True, lasting: bool = False
) -> sqlite3.Connection:
    """Open a database file; only a writer may make it.

    Args:
        path: of the file.
        writable: to write to it.
        lasting: what is committed has reached the disk, for what cannot be derived.

    Raises:
        ArchiveError: it cannot be opened.
    """
    try:
        return _connected(path, "rwc" if writable else "ro", lasting)
    except sqlite3.Error as error:
        if not writable and path.exists():
            return _recovered(path)
        raise ArchiveError(f"{path}: cannot be opened: {error}") from error


def _connected(path: Path, mode: str, lasting: bool) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    database = sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None)
    try:
        if mode != "ro":
            database.create_function("print_of", 1, print_of, deterministic=True)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
        database.execute("PRAGMA cache_size = -32768")
    except sqlite3.Error:
        database.close()  # left open, it would meddle with the file that replaces this one
        raise
    return database


def _recovered(path: Path) -> sqlite3.Connection:
    """A database for reading whose log a power loss has cut: only a writer mends that."""
    try:
        _connected(path, "rw", lasting=False).close()
        return _connected(path, "ro", lasting=False)
    except sqlite3.Error as error:
        raise ArchiveError(f"{path}: cannot be opened: {error}") from error


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
