"""Writing the catalogue: parsed rows in (relations come by way of `bringing`).

The catalogue follows the accession by a watermark: the id of the last message whose
rows are here. A crash between the two leaves nothing to repair but the watermark to
catch up. A catalogue made by another version of the parser is thrown away.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from posterity.errors import ArchiveError
from posterity.model import Digest
from posterity.store.amended import Change, put_changes, set_facts, take_back
from posterity.store.database import connect, in_transaction, statements
from posterity.store.standing import stands

VERSION = 6
"""Of the schema and of what parse and relate mean by it; raise it to derive anew."""


_OF_RECOVERED = (
    *("message_id", "reference", "attachment", "mention", "defect", "recovered"),
    *("amended", "original", "gist"),
)


class MessageFacts(NamedTuple):
    """What a message says of itself; the first columns of `message`."""

    id: int
    digest: bytes
    month: str
    header_utc: int | None
    header_offset: int | None
    header_error: int
    raw_date: str
    received: str
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
    attributions: str


class Derived(NamedTuple):
    """All rows that parsing one message gives.

    Attributes:
        message_ids: as the message bears them.
        references: (field, place, msgid), field "r" References, "i" In-Reply-To,
            "p" named in an attribution.
        attachments: (part_id, digest, filename, media_type, size).
        defects: (code, place, detail).
        hidden: (start, end, msgid, how) of whole messages inside this one.
        mentions: URLs that it names.
        gist: what pages show of it beside its row, as `gist.packed` has it; "" for none.
        change: what the keeper did to it, None for nothing.
    """

    facts: MessageFacts
    message_ids: tuple[str, ...]
    references: tuple[tuple[str, int, str], ...]
    attachments: tuple[tuple[str, bytes, str, str, int], ...]
    defects: tuple[tuple[str, str, str], ...]
    hidden: tuple[tuple[int, int, str, str], ...]
    mentions: tuple[str, ...] = ()
    gist: str = ""
    change: Change | None = None


class Recovered(NamedTuple):
    """A message inside another: its host's id, and where it lies in the host's octets."""

    host: int
    start: int
    end: int
    how: str


def _those(column: str, among: Collection[int] | None) -> tuple[str, tuple[str, ...]]:
    """What picks some messages, and its parameters; nothing where all are meant."""
    if among is None:
        return "", ()
    where = f"WHERE {column} IN (SELECT value FROM json_each(?))"
    return where, (json.dumps(sorted(among)),)


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
        try:
            database = connect(path)
        except ArchiveError:  # no database at all
            return None
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
        with in_transaction(self.database):
            for statement in statements("catalogue.sql"):
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
        with in_transaction(self.database):
            self._put(list(batch))
            self.set_meta("watermark", watermark)

    def _put(self, batch: list[Derived]) -> None:
        put = self.database.executemany
        columns = ", ".join(MessageFacts._fields)
        marks = ", ".join("?" * len(MessageFacts._fields))
        put(
            f"INSERT INTO message ({columns}) VALUES ({marks})",
            [row.facts for row in batch],
        )
        self._put_tables(batch)

    def _put_tables(self, batch: list[Derived]) -> None:
        put = self.database.executemany
        put(
            "INSERT OR IGNORE INTO message_id VALUES (?, ?)",
            [(msgid, row.facts.id) for row in batch for msgid in row.message_ids],
        )
        self._put_each("reference", [(row.facts.id, row.references) for row in batch])
        self._put_each("attachment", [(row.facts.id, row.attachments) for row in batch])
        put(
            "INSERT INTO mention VALUES (?, ?)",
            [(row.facts.id, url) for row in batch for url in row.mentions],
        )
        put(
            "INSERT INTO gist VALUES (?, ?)",
            [(row.facts.id, row.gist) for row in batch if row.gist],
        )
        self._put_each("hidden", [(row.facts.id, row.hidden) for row in batch])
        put(
            "INSERT INTO defect VALUES (?, ?, ?, ?, ?)",
            [
                (row.facts.id, number, *defect)
                for row in batch
                for number, defect in enumerate(row.defects)
            ],
        )
        put_changes(
            self.database,
            [(row.facts.id, row.change) for row in batch if row.change is not None],
        )

    def put_again(self, rows: Iterable[Derived]) -> None:
        """Replace what some messages say of themselves, if they say other things now.

        Inside a transaction.
        """
        batch = [row for row in rows if not stands(self.database, row)]
        take_back(self.database, (row.facts.id for row in batch))
        set_facts(self.database, batch)
        self._put_tables(batch)
        if any(row.facts.id < 0 for row in batch):
            self._search_recovered_again()

    def _search_recovered_again(self) -> None:
        """Let the index take the recovered messages anew: it takes all of them or none."""
        self.database.execute("UPDATE meta SET value = '' WHERE key = 'search_recovered'")

    def _put_each(
        self, table: str, rows: Iterable[tuple[int, tuple[tuple[object, ...], ...]]]
    ) -> None:
        """Put the values of each message into a table whose first column names it."""
        whole = [(key, *value) for key, values in rows for value in values]
        if whole:
            marks = ", ".join("?" * len(whole[0]))
            self.database.executemany(f"INSERT INTO {table} VALUES ({marks})", whole)

    def recovered(self) -> str:
        """The recovered messages, in a line that changes when they do."""
        rows = self.database.execute(
            "SELECT hex(digest) FROM message WHERE id < 0 ORDER BY id DESC"
        )
        return hashlib.sha256("".join(row[0] for row in rows).encode()).hexdigest()[:16]

    def hidden(self) -> list[Recovered]:
        """Messages inside others whose Message-ID no message bears, by host and place."""
        rows = self.database.execute(
            'SELECT h.host, h.start, h."end", h.how FROM hidden h'
            " JOIN message m ON m.id = h.host WHERE h.host > 0 AND NOT EXISTS"
            " (SELECT 1 FROM message_id i WHERE i.msgid = h.msgid AND i.message > 0)"
            " ORDER BY m.digest, h.start"
        )
        return [Recovered(*row) for row in rows]

    def held_recovered(self) -> dict[tuple[Digest, Recovered], int]:
        """The recovered messages there are: ids by hash and place."""
        rows = self.database.execute(
            'SELECT m.id, lower(hex(m.digest)), r.host, r.start, r."end", r.how'
            " FROM recovered r JOIN message m ON m.id = r.message"
        )
        return {(Digest(row[1]), Recovered(*row[2:])): row[0] for row in rows}

    def bring_recovered(
        self, stay: Iterable[int], fresh: Iterable[tuple[Derived, Recovered]], state: str
    ) -> None:
        """Put recovered messages beside those that stay; relations must be made anew."""
        keys = json.dumps(list(stay))
        pairs = list(fresh)
        with in_transaction(self.database):
            for table in _OF_RECOVERED:
                self._drop_recovered(table, "message", keys)
            self._drop_recovered("hidden", "host", keys)
            self._drop_recovered("message", "id", keys)
            self._search_recovered_again()
            self._put([row for row, _ in pairs])
            self.database.executemany(
                "INSERT INTO recovered VALUES (?, ?, ?, ?, ?)",
                [(row.facts.id, *place) for row, place in pairs],
            )
            self.set_meta("recovered", state)
            self.set_meta("related", None)

    def _drop_recovered(self, table: str, column: str, stay: str) -> None:
        self.database.execute(
            f"DELETE FROM {table} WHERE {column} < 0"
            f" AND {column} NOT IN (SELECT value FROM json_each(?))",
            (stay,),
        )

    # -- what relate needs

    def rows(
        self, *columns: str, among: Collection[int] | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """The named columns of every message, or of some, by id."""
        names = ", ".join(columns)
        where, keys = _those("id", among)
        query = f"SELECT {names} FROM message {where} ORDER BY id"
        return iter(self.database.execute(query, keys))

    def ids(self, among: Collection[int] | None = None) -> Iterator[tuple[int, str]]:
        """(message, msgid) of every message, or of some, by message, then msgid."""
        where, keys = _those("message", among)
        query = f"SELECT message, msgid FROM message_id {where} ORDER BY message, msgid"
        return iter(self.database.execute(query, keys))

    def references(self) -> Iterator[tuple[int, str, str]]:
        """(message, field, msgid) by message, field and place."""
        return iter(
            self.database.execute(
                "SELECT message, field, msgid FROM reference ORDER BY message, field, place"
            )
        )

    # -- what amendments need

    def places_of_recovered(self) -> dict[int, tuple[int, int, int]]:
        """By recovered message: its host, and where it lies in the host's octets."""
        rows = self.database.execute('SELECT message, host, start, "end" FROM recovered')
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def edges(self) -> list[tuple[int, int]]:
        """(child, parent) of every reply."""
        return self.database.execute("SELECT child, parent FROM edge").fetchall()

    def copies(self) -> list[tuple[int, int]]:
        """(copy, first) of every copy."""
        return self.database.execute("SELECT message, first FROM copy").fetchall()

    def quotes_of(
        self, origins: Iterable[int]
    ) -> list[tuple[int, int, int, int, int, int]]:
        """Passages that were written in some messages, as they stand in `quote`."""
        return self.database.execute(
            "SELECT message, first, last, origin, origin_first, origin_last FROM quote"
            " WHERE origin IN (SELECT value FROM json_each(?)) ORDER BY message, first",
            (json.dumps(sorted(origins)),),
        ).fetchall()
