"""What changed in a catalogue since a publication, noted by the database itself.

Once a site was published, triggers note every row that comes, changes or goes: no writer
can forget to. Until then there are none, for filling an empty catalogue tells nobody
anything. A note says what changed, not how, and holds no words, so that nothing withdrawn
is left in it.

A publication is a point in the catalogue's life with a token that no other life of it
has: of a catalogue that was made anew, or put back from a backup, nothing is known.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from posterity.store.database import connect, in_transaction

_TABLES: Final = (
    "CREATE TABLE publication (number INTEGER PRIMARY KEY, token TEXT NOT NULL)",
    """CREATE TABLE change (kind TEXT NOT NULL, key NOT NULL, since INTEGER NOT NULL,
      PRIMARY KEY (kind, key)) WITHOUT ROWID""",
)
"""A change stands under the number of the publication that it came after."""

_NOTES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "message": {
        "message": ("{}.id",),
        "month": ("{}.month",),
        "person": ("{}.person",),
        "time": ("{}.utc",),
    },
    "message_id": {"id": ("print_of({}.msgid)",)},
    "amended": {"message": ("{}.message",)},
    "recovered": {"beside": ("{}.message",)},
    "quote": {"beside": ("{}.message", "{}.origin")},
    "edge": {"beside": ("{}.child", "{}.parent")},
    "copy": {"beside": ("{}.message",), "copies": ("{}.first",)},
    "node": {"thread": ("{}.thread",)},
    "thread": {
        "thread": ("{}.id",),
        "message": ("CASE WHEN {}.messages = 1 THEN {}.root END",),
    },
    "person": {
        "person": ("{}.id",),
        "name": ("{}.id || ' ' || print_of({}.slug || char(0) || {}.name)",),
    },
    "spelling": {"person": ("{}.person",)},
}
"""By table: kinds of notes, and the keys that are noted of a row.

    message   what a list shows of it        month, time   what stands there
    beside    what its page shows with it    copies        who is a copy of it
    thread    its nodes, or its summary      id            who bears it
    person    their numbers and spellings    name          "id print": what they were called

Lists link the thread of a message that is not alone in it: so one that was, or now is.
"""

_EVENTS: Final = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


class Changes(NamedTuple):
    """What changed between two publications.

    Attributes:
        to: the later one, to be asked for next time.
        noted: keys by the kind of note; None where all may have changed.
    """

    to: str
    noted: Mapping[str, frozenset[int | str]] | None


def changes_since(catalogue: Path, publication: str) -> Changes:
    """What changed since a publication; a later one begins with it, if anything did.

    Args:
        catalogue: path of catalogue.db; no other process writes to it.
        publication: `to` of an earlier answer, "" where there was none.
    """
    database = connect(catalogue)
    try:
        with in_transaction(database):
            _watch(database)
            number, _, token = publication.partition(" ")
            known = database.execute(
                "SELECT number FROM publication WHERE number = ? AND token = ?",
                (number, token),
            ).fetchone()
            if known is None:
                return Changes(_begun(database), None)
            noted: dict[str, set[int | str]] = defaultdict(set)
            for kind, key in database.execute(
                "SELECT kind, key FROM change WHERE since >= ?", known
            ):
                noted[kind].add(key)
            to = _begun(database) if noted else publication
            return Changes(to, {kind: frozenset(keys) for kind, keys in noted.items()})
    finally:
        database.close()


def _begun(database: sqlite3.Connection) -> str:
    """A publication that begins now."""
    token = secrets.token_hex(8)
    number = database.execute(
        "INSERT INTO publication (token) VALUES (?)", (token,)
    ).lastrowid
    return f"{number} {token}"


def _watch(database: sqlite3.Connection) -> None:
    """Make the triggers where they are missing."""
    there = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'change'").fetchone()
    if there:
        return
    for statement in _TABLES:
        database.execute(statement)
    for table, notes in _NOTES.items():
        for event, rows in _EVENTS.items():
            noting = " ".join(
                f"INSERT OR REPLACE INTO change SELECT '{kind}', {key},"
                f" (SELECT max(number) FROM publication) WHERE {key} IS NOT NULL;"
                for kind, keys in notes.items()
                for name in keys
                for row in rows
                for key in (name.replace("{}", row),)
            )
            database.execute(
                f"CREATE TRIGGER {table}_{event} AFTER {event} ON {table} BEGIN {noting} END"
            )
