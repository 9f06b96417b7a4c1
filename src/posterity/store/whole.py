"""The whole list at once, as bare rows: what tells whether a page shows something new.

Pages ask their questions one at a time; who wants to know which of a hundred thousand
pages to make again asks everything, in a few statements, and makes no values of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from posterity.store.database import connect
from posterity.store.messagerows import MESSAGE_COLUMNS, MESSAGE_JOINS

Row = tuple[Any, ...]


class WholeList:
    """A catalogue's rows by the table; messages are named by their ids.

    Args:
        catalogue: path of catalogue.db, complete.
    """

    def __init__(self, catalogue: Path) -> None:
        self._database = connect(catalogue, writable=False)

    def close(self) -> None:
        """Close the catalogue."""
        self._database.close()

    def _rows(self, statement: str) -> Iterator[Row]:
        return iter(self._database.execute(statement))

    def messages(self) -> Iterator[Row]:
        """(thread, person, listed, utc, digest, id, all that lists show …), by time."""
        return self._rows(
            f"SELECT m.thread, m.person, m.listed, m.utc, m.digest, {MESSAGE_COLUMNS}"
            f"{MESSAGE_JOINS} ORDER BY m.utc, m.digest"
        )

    def amended(self) -> Iterator[Row]:
        """(message, kind, reason, since, other, digest of its copy)."""
        for *row, copy in self._rows(
            "SELECT message, kind, reason, since, other, copy FROM amended"
        ):
            yield (*row, hashlib.sha256(copy or b"").hexdigest())

    def recovered(self) -> Iterator[Row]:
        """(message, host, start, how)."""
        return self._rows("SELECT message, host, start, how FROM recovered")

    def quotes(self) -> Iterator[Row]:
        """(message, first, last, origin, origin_first), by message and line."""
        return self._rows(
            "SELECT message, first, last, origin, origin_first FROM quote"
            " ORDER BY message, first"
        )

    def copies(self) -> Iterator[Row]:
        """(copy, first, how)."""
        return self._rows("SELECT message, first, how FROM copy ORDER BY message")

    def ids(self) -> Iterator[Row]:
        """(Message-ID, message), by both."""
        return self._rows("SELECT msgid, message FROM message_id ORDER BY msgid, message")

    def threads(self) -> Iterator[Row]:
        """(id, root, counted, people, first, last)."""
        return self._rows("SELECT id, root, counted, people, first, last FROM thread")

    def nodes(self) -> Iterator[Row]:
        """(thread, message, ghost, parent, depth, evidence, strength, detail), in order."""
        return self._rows(
            "SELECT thread, message, ghost, parent, depth, evidence, strength, detail"
            " FROM node ORDER BY thread, position"
        )

    def people(self) -> Iterator[Row]:
        """(id, slug, name, posts, first, last)."""
        return self._rows("SELECT id, slug, name, posts, first, last FROM person")

    def spellings(self) -> Iterator[Row]:
        """(person, all that is known of a spelling …), by spelling."""
        return self._rows(
            "SELECT person, from_written, name, address, posts, evidence, detail"
            " FROM spelling ORDER BY from_written"
        )

    def replies(self) -> Iterator[Row]:
        """(who answered, who was answered, how often)."""
        return self._rows(
            "SELECT a.person, b.person, count(*) FROM edge e"
            " JOIN message a ON a.id = e.child JOIN message b ON b.id = e.parent"
            " GROUP BY a.person, b.person"
        )

    def cited(self) -> Iterator[Row]:
        """(message, how many of others quote it)."""
        return self._rows(
            "SELECT q.origin, count(DISTINCT q.message) FROM message o"
            " JOIN quote q ON q.origin = o.id JOIN message m ON m.id = q.message"
            " WHERE o.listed AND m.listed AND m.person IS NOT o.person GROUP BY q.origin"
        )
