"""What indexing and publishing note down, so that the next run need not find it out again.

Nothing rests on a note: what it says can be read from the other tables, only not as
quickly. All notes go when a word is taken back from the index, for they may hold it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path
from typing import Final

from posterity.store.database import connect, in_transaction

TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS search_note (name TEXT PRIMARY KEY, octets BLOB NOT NULL)"
)


def noted(database: sqlite3.Connection, name: str) -> bytes:
    """A note; b"" where there is none."""
    row = database.execute(
        "SELECT octets FROM search_note WHERE name = ?", (name,)
    ).fetchone()
    return bytes(row[0]) if row else b""


def note(database: sqlite3.Connection, name: str, octets: bytes) -> None:
    """Put a note in the place of an earlier one."""
    database.execute("INSERT OR REPLACE INTO search_note VALUES (?, ?)", (name, octets))


def forget(database: sqlite3.Connection) -> None:
    """Drop all notes."""
    database.execute("DELETE FROM search_note")


class Notes:
    """The notes of a catalogue, its lock held.

    Args:
        catalogue: its path; the search index is made.
    """

    def __init__(self, catalogue: Path) -> None:
        self._database = connect(catalogue)
        self._database.execute(TABLE)

    def close(self) -> None:
        """Close the catalogue."""
        self._database.close()

    def state(self) -> str:
        """What the catalogue was derived from, and by what rules, as a digest.

        Everything in it is a function of these: two times the same are the same rows.
        """
        rows = self._database.execute("SELECT key, value FROM meta ORDER BY key")
        return hashlib.sha256(repr(rows.fetchall()).encode("utf-8")).hexdigest()

    def read(self, name: str) -> bytes:
        """A note; b"" where there is none."""
        return noted(self._database, name)

    def write(self, **octets: bytes) -> None:
        """Put some notes in the place of earlier ones."""
        with in_transaction(self._database):
            for name, text in octets.items():
                note(self._database, name, text)
