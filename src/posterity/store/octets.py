"""The accession: octets by digest, where each was found, and the books.

One transaction a source: it is in, whole and balanced, or it is not. Octets are never
edited; a message that is found again adds an occurrence, never a row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from posterity.errors import ArchiveError, LedgerError, LookupFailedError
from posterity.model import Digest
from posterity.store.compress import NO_DICTIONARY, Codec, FrameError
from posterity.store.database import connect, in_transaction, statements
from posterity.store.pieces import Balance, Found, NewSource, Place

FORMAT = 1
"""Of accession.db; docs/format.md describes each."""


class Accession:
    """accession.db, opened for reading or for writing."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.codec = Codec(self._dictionary)
        self._framing: dict[bytes, int] = {}

    @classmethod
    def create(cls, path: Path) -> Accession:
        """Make an empty accession: it is there whole, or it is not."""
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        database = connect(new, lasting=True)
        with in_transaction(database):
            for statement in statements("accession.sql"):
                database.execute(statement)
            database.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
        database.close()
        new.rename(path)
        return cls.open(path, writable=True)

    @classmethod
    def open(cls, path: Path, *, writable: bool = False) -> Accession:
        """Open an accession.

        Raises:
            ArchiveError: there is none, it is no database, or its format is newer.
        """
        database = connect(path, writable=writable, lasting=True)
        try:
            row = database.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        except sqlite3.DatabaseError as error:
            raise ArchiveError(f"{path}: not an accession: {error}") from error
        if row is None or row[0] > FORMAT:
            raise ArchiveError(
                f"{path}: format {row and row[0]} is newer than {FORMAT}: update posterity"
            )
        return cls(database)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    # -- dictionaries

    def _dictionary(self, number: int) -> bytes:
        row = self.database.execute(
            "SELECT octets FROM dictionary WHERE id = ?", (number,)
        ).fetchone()
        if row is None:
            raise ArchiveError(
                f"accession.db: dictionary {number} is missing: restore a backup"
            )
        return bytes(row[0])

    def newest_dictionary(self) -> int:
        """The dictionary to compress with; 0 for none."""
        row = self.database.execute("SELECT max(id) FROM dictionary").fetchone()
        return row[0] or NO_DICTIONARY

    def add_dictionary(self, octets: bytes) -> int:
        """Keep a trained dictionary; the number to compress with."""
        with in_transaction(self.database):
            cursor = self.database.execute(
                "INSERT INTO dictionary (octets) VALUES (?)", (octets,)
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    # -- taking in

    def holds_source(self, digest: bytes, name: str, member: str) -> bool:
        """Whether this very source was read before."""
        return (
            self.database.execute(
                "SELECT 1 FROM source WHERE digest = ? AND name = ? AND member = ?",
                (digest, name, member),
            ).fetchone()
            is not None
        )

    @contextmanager
    def source(self, new: NewSource) -> Iterator[SourceWriter]:
        """Take in one source; committed when the block ends and the books balance.

        Raises:
            LedgerError: they do not; nothing of the source is kept.
        """
        with in_transaction(self.database):
            cursor = self.database.execute(
                "INSERT INTO source (name, member, form, digest, length, dialect,"
                " confidence, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                new,
            )
            assert cursor.lastrowid is not None
            writer = SourceWriter(self, cursor.lastrowid)
            yield writer
            writer.balance_books(new)

    def framing_id(self, octets: bytes) -> int | None:
        """The number of a piece of framing, kept once."""
        if not octets:
            return None
        known = self._framing.get(octets)
        if known is None:
            self.database.execute(
                "INSERT INTO framing (octets) VALUES (?) ON CONFLICT DO NOTHING", (octets,)
            )
            known = self.database.execute(
                "SELECT id FROM framing WHERE octets = ?", (octets,)
            ).fetchone()[0]
            if len(self._framing) < 10_000:  # a Maildir has none, an odd mbox one a message
                self._framing[octets] = known
        return known

    def meta(self, key: str) -> object:
        """A value of the meta table, None where it is absent."""
        row = self.database.execute(
            "SELECT value FROM meta WHERE key = ?", (key,)
        ).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: object) -> None:
        """Set a value of the meta table."""
        self.database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def events(self) -> list[tuple[int, str, str]]:
        """(time, what, detail) of what was done to the archive, oldest first."""
        return self.database.execute(
            "SELECT at, what, detail FROM event ORDER BY at, rowid"
        ).fetchall()

    def record(self, at: int, what: str, detail: str) -> None:
        """Note what was done, for people."""
        with in_transaction(self.database):
            self.database.execute("INSERT INTO event VALUES (?, ?, ?)", (at, what, detail))

    # -- giving out

    def count(self) -> int:
        """How many messages are held."""
        return int(self.database.execute("SELECT count(*) FROM message").fetchone()[0])

    def newest(self) -> int:
        """The id of the message that came last, 0 for none."""
        row = self.database.execute("SELECT max(id) FROM message").fetchone()
        return row[0] or 0

    def octets(self, key: int) -> bytes:
        """The canonical octets of a message; b"" for one that was erased.

        Raises:
            LookupFailedError: no such message.
            ArchiveError: its frame is damaged.
        """
        row = self.database.execute(
            "SELECT octets, dictionary, digest FROM message WHERE id = ?", (key,)
        ).fetchone()
        if row is None:
            raise LookupFailedError(f"no message {key}")
        if not row[0]:
            return b""  # erased
        try:
            return self.codec.decompress(row[0], row[1])
        except FrameError as error:
            raise ArchiveError(
                f"accession.db: message {row[2].hex()} is damaged ({error}): restore a backup"
            ) from error

    def digest(self, key: int) -> Digest:
        """The hash of a message."""
        row = self.database.execute(
            "SELECT digest FROM message WHERE id = ?", (key,)
        ).fetchone()
        return Digest(row[0].hex())

    def opening(self, key: int) -> bytes:
        """The framing before a message where it was found first; b"" for none."""
        row = self.database.execute(
            "SELECT f.octets FROM occurrence o JOIN framing f ON f.id = o.opening"
            " WHERE o.message = ? ORDER BY o.source, o.sequence LIMIT 1",
            (key,),
        ).fetchone()
        return bytes(row[0]) if row else b""

    def between(self, first: int, last: int) -> Iterator[tuple[int, Digest, bytes]]:
        """(id, digest, octets) of the messages first..last, by id."""
        rows = self.database.execute(
            "SELECT id, digest, octets, dictionary FROM message"
            " WHERE id BETWEEN ? AND ? ORDER BY id",
            (first, last),
        )
        for key, digest, frame, dictionary in rows:
            octets = self.codec.decompress(frame, dictionary) if frame else b""
            yield key, Digest(digest.hex()), octets

    def digests(self) -> Iterator[tuple[int, Digest]]:
        """(id, digest) of every message, by digest."""
        rows = self.database.execute("SELECT id, digest FROM message ORDER BY digest")
        return ((key, Digest(digest.hex())) for key, digest in rows)

    def find(self, digest: str) -> int | None:
        """The id of the message with a digest, or with the only digest that begins so."""
        try:
            low = bytes.fromhex(digest.ljust(64, "0"))
            high = bytes.fromhex(digest.ljust(64, "f"))
        except ValueError:
            return None
        rows = self.database.execute(
            "SELECT id FROM message WHERE digest BETWEEN ? AND ? LIMIT 2", (low, high)
        ).fetchall()
        return rows[0][0] if len(rows) == 1 else None

    def sources(self) -> list[tuple[int, NewSource, Balance]]:
        """The ledger, in order of arrival."""
        rows = self.database.execute("SELECT * FROM source ORDER BY id").fetchall()
        return [(row[0], NewSource(*row[1:9]), Balance(*row[9:])) for row in rows]

    def places(self, source: int) -> Iterator[Place]:
        """The pieces of a source, in order."""
        rows = self.database.execute(
            "SELECT o.sequence, o.kind, o.member, o.offset, a.octets, o.length, z.octets,"
            " o.message, o.line_ends, o.quoting, o.fragment, o.reason FROM occurrence o"
            " LEFT JOIN framing a ON a.id = o.opening"
            " LEFT JOIN framing z ON z.id = o.closing"
            " WHERE o.source = ? ORDER BY o.sequence",
            (source,),
        )
        for row in rows:
            yield Place(
                sequence=row[0],
                kind=row[1],
                member=row[2],
                offset=row[3],
                opening=row[4] or b"",
                length=row[5],
                closing=row[6] or b"",
                message=row[7],
                line_ends=row[8],
                quoting=row[9],
                fragment=row[10],
                reason=row[11],
            )


class SourceWriter:
    """Takes in the pieces of one source."""

    def __init__(self, accession: Accession, source: int) -> None:
        self._accession = accession
        self._source = source
        self._sequence = 0

    def add(self, pieces: Iterable[Found], dictionary: int) -> None:
        """Keep pieces, in the order of the source; dictionary is what frames need."""
        rows = [self._row(piece, dictionary) for piece in pieces]
        self._accession.database.executemany(
            "INSERT INTO occurrence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )

    def _row(self, piece: Found, dictionary: int) -> tuple[object, ...]:
        kind, message, fragment = piece.kind, None, piece.fragment
        if kind == "message":
            message = self._original(piece) if piece.original else None
            if message is not None:
                kind = "duplicate"
            else:
                (kind, message), fragment = self._keep(piece, dictionary), None
        sequence = self._sequence
        self._sequence += 1
        framing = self._accession.framing_id
        return (
            self._source,
            sequence,
            kind,
            piece.member,
            piece.offset,
            framing(piece.opening),
            piece.length,
            framing(piece.closing),
            message,
            piece.line_ends,
            piece.quoting,
            fragment,
            piece.reason,
        )

    def _original(self, piece: Found) -> int | None:
        """The message that a masked or redacted copy was made from, where it is held."""
        row = self._accession.database.execute(
            "SELECT id FROM message WHERE digest = ?", (piece.original,)
        ).fetchone()
        return int(row[0]) if row else None

    def _keep(self, piece: Found, dictionary: int) -> tuple[str, int]:
        database = self._accession.database
        cursor = database.execute(
            "INSERT INTO message (digest, size, dictionary, octets)"
            " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (piece.digest, piece.size, dictionary, piece.frame),
        )
        if cursor.rowcount:
            assert cursor.lastrowid is not None
            return "message", cursor.lastrowid
        row = database.execute(
            "SELECT id FROM message WHERE digest = ?", (piece.digest,)
        ).fetchone()
        return "duplicate", row[0]

    def balance_books(self, new: NewSource) -> Balance:
        """Sum what was kept and compare it with the source's length.

        Raises:
            LedgerError: an octet is missing or counted twice.
        """
        database = self._accession.database
        row = database.execute(
            "SELECT sum(kind = 'message'), sum((kind = 'message') * o.length),"
            " sum(kind = 'duplicate'), sum((kind = 'duplicate') * o.length),"
            " sum((kind = 'framing') * o.length"
            "  + ifnull(length(a.octets), 0) + ifnull(length(z.octets), 0)),"
            " sum(kind = 'quarantined'), sum((kind = 'quarantined') * o.length),"
            " sum((kind = 'preamble') * o.length)"
            " FROM occurrence o LEFT JOIN framing a ON a.id = o.opening"
            " LEFT JOIN framing z ON z.id = o.closing WHERE o.source = ?",
            (self._source,),
        ).fetchone()
        balance = Balance(*(value or 0 for value in row))
        found = sum(balance) - balance.messages - balance.duplicates - balance.quarantined
        if found != new.length:
            raise LedgerError(
                f"{new.name}: {found} of {new.length} octets accounted for;"
                " nothing of it was kept. This is a bug in posterity: please report it"
            )
        database.execute(
            "UPDATE source SET messages = ?, message_octets = ?, duplicates = ?,"
            " duplicate_octets = ?, framing_octets = ?, quarantined = ?,"
            " quarantined_octets = ?, preamble_octets = ? WHERE id = ?",
            (*balance, self._source),
        )
        return balance
