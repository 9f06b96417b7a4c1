"""Writing the catalogue: parsed rows in, relations in; every statement that changes it.

The catalogue follows the accession by a watermark: the id of the last message whose
rows are here. A crash between the two leaves nothing to repair but the watermark to
catch up. A catalogue made by another version of the parser is thrown away.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from posterity.store.database import connect, in_transaction

VERSION = 1
"""Of the schema and of what parse and relate mean by it; raise it to derive anew."""


class MessageFacts(NamedTuple):
    """What a message says of itself; the first columns of `message`."""

    id: int
    digest: bytes
    month: str
    header_utc: int | None
    header_offset: int | None
    header_error: int
    raw_date: str
    received: int | None
    from_written: str
    author_name: str
    author_address: str
    recipients: str
    subject: str
    base_subject: str
    is_reply: bool
    words: str
    size: int
    lines: int
    flags: str
    charset: str
    charset_source: str


class Derived(NamedTuple):
    """All rows that parsing one message gives.

    Attributes:
        message_ids: as the message bears them.
        references: (field, place, msgid), field "r" References, "i" In-Reply-To.
        attachments: (part_id, digest, filename, media_type, size).
        defects: (code, place, detail).
    """

    facts: MessageFacts
    message_ids: tuple[str, ...]
    references: tuple[tuple[str, int, str], ...]
    attachments: tuple[tuple[str, bytes, str, str, int], ...]
    defects: tuple[tuple[str, str, str], ...]


class Catalogue:
    """catalogue.db, opened for writing."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    @classmethod
    def open(cls, path: Path) -> Catalogue:
        """Open the catalogue; one that is missing, damaged or of another version is made anew."""
        catalogue = cls._usable(path)
        if catalogue is None:
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            catalogue = cls(connect(path))
            catalogue._create()
        return catalogue

    @classmethod
    def _usable(cls, path: Path) -> Catalogue | None:
        if not path.exists():
            return None
        database = connect(path)
        try:
            row = database.execute(
                "SELECT value FROM meta WHERE key = 'version'"
            ).fetchone()
        except sqlite3.DatabaseError:
            row = None
        if row == (VERSION,):
            return cls(database)
        database.close()
        return None

    def _create(self) -> None:
        sql = files("posterity.store").joinpath("catalogue.sql").read_text("utf-8")
        with in_transaction(self.database):
            for statement in sql.split(";\n"):
                self.database.execute(statement)
            self.database.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
            self.database.execute("INSERT INTO meta VALUES ('watermark', 0)")

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def meta(self, key: str) -> object:
        """A value of the meta table, None where it is absent."""
        row = self.database.execute(
            "SELECT value FROM meta WHERE key = ?", (key,)
        ).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: object) -> None:
        """Set a value of the meta table."""
        self.database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def watermark(self) -> int:
        """The accession's last message whose rows are here."""
        value = self.meta("watermark")
        assert isinstance(value, int)
        return value

    def add(self, batch: Iterable[Derived], watermark: int) -> None:
        """Add the rows of a batch of messages, and move the watermark."""
        batch = list(batch)
        with in_transaction(self.database):
            put = self.database.executemany
            columns = ", ".join(MessageFacts._fields)
            marks = ", ".join("?" * len(MessageFacts._fields))
            put(
                f"INSERT INTO message ({columns}) VALUES ({marks})",
                [row.facts for row in batch],
            )
            put(
                "INSERT OR IGNORE INTO message_id VALUES (?, ?)",
                [(msgid, row.facts.id) for row in batch for msgid in row.message_ids],
            )
            put(
                "INSERT INTO reference VALUES (?, ?, ?, ?)",
                [
                    (row.facts.id, *reference)
                    for row in batch
                    for reference in row.references
                ],
            )
            put(
                "INSERT INTO attachment VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (row.facts.id, *attached)
                    for row in batch
                    for attached in row.attachments
                ],
            )
            put(
                "INSERT INTO defect VALUES (?, ?, ?, ?, ?)",
                [
                    (row.facts.id, number, *defect)
                    for row in batch
                    for number, defect in enumerate(row.defects)
                ],
            )
            self.set_meta("watermark", watermark)

    # -- what relate needs

    def rows(self, *columns: str) -> Iterator[tuple[object, ...]]:
        """The named columns of every message, by id."""
        names = ", ".join(columns)
        return iter(self.database.execute(f"SELECT {names} FROM message ORDER BY id"))

    def ids(self) -> Iterator[tuple[int, str]]:
        """(message, msgid) by message."""
        return iter(
            self.database.execute(
                "SELECT message, msgid FROM message_id ORDER BY message, msgid"
            )
        )

    def references(self) -> Iterator[tuple[int, str, str]]:
        """(message, field, msgid) by message, field and place."""
        return iter(
            self.database.execute(
                "SELECT message, field, msgid FROM reference ORDER BY message, field, place"
            )
        )

    # -- what relate found

    def replace(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Replace all rows of one of relate's tables; inside a transaction."""
        self.database.execute(f"DELETE FROM {table}")
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(first))})"
        self.database.execute(statement, first)
        self.database.executemany(statement, rows)

    def set_relations(self, rows: Iterable[tuple[object, ...]]) -> None:
        """Set (utc, date_evidence, date_error, date_detail, person, thread, listed, id)."""
        self.database.executemany(
            "UPDATE message SET utc = ?, date_evidence = ?, date_error = ?, date_detail = ?,"
            " person = ?, thread = ?, listed = ? WHERE id = ?",
            rows,
        )

    def make_indexes(self) -> None:
        """Make the indexes that readers need, where they are missing."""
        sql = files("posterity.store").joinpath("catalogue_indexes.sql").read_text("utf-8")
        for statement in sql.split(";\n"):
            self.database.execute(statement)
