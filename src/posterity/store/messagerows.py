"""Message rows, made of the catalogue: what all of a reader's questions have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from posterity.errors import LookupFailedError
from posterity.masking import SHOW, masked
from posterity.model import DateEvidence, Digest
from posterity.rows import MessageRow
from posterity.store.amended import amended
from posterity.store.database import connect
from posterity.store.octets import Accession

MESSAGE_COLUMNS = (
    "m.id, m.digest, m.month, m.utc, m.date_evidence, m.date_error, m.raw_date,"
    " m.subject, m.base_subject, m.author_name, m.author_address, p.slug, m.words,"
    " m.size, m.lines, (SELECT count(*) FROM attachment a WHERE a.message = m.id),"
    " CASE WHEN t.messages > 1 THEN r.digest END, m.listed"
)
"""What `StoreReader` makes a message row of."""

MESSAGE_JOINS = (
    " FROM message m LEFT JOIN person p ON p.id = m.person"
    " LEFT JOIN thread t ON t.id = m.thread LEFT JOIN message r ON r.id = t.root"
)
MESSAGE_ROWS = f"SELECT {MESSAGE_COLUMNS}{MESSAGE_JOINS}"
"""Selects what `StoreReader` makes message rows of."""

BY_TIME = " ORDER BY m.utc IS NULL, m.utc, m.digest"
"""The order of all lists of messages."""

MOST_KEYS = 500
"""Values bound to one statement: SQLite's limit was 999 for long."""

_DATE = {one.value: one for one in DateEvidence}


class MessageRows:
    """An archive's two files, opened for reading, and rows made of messages.

    Args:
        accession: where octets are.
        catalogue: path of catalogue.db, complete (its watermark at the accession's end).
        addresses: how addresses appear: "show", "mask" or "hide".
    """

    def __init__(
        self, accession: Accession, catalogue: Path, addresses: str = SHOW
    ) -> None:
        self._accession = accession
        self._database = connect(catalogue, writable=False)
        self._addresses = addresses

    def close(self) -> None:
        """Close both files."""
        self._database.close()
        self._accession.close()

    def hold(self) -> None:
        """From now on see only what the catalogue holds now, whoever writes to it."""
        self._database.execute("BEGIN")
        self._database.execute("SELECT 1 FROM meta").fetchone()

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._database.execute(statement, values).fetchall()

    def rows(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement of this room."""
        return iter(self._database.execute(statement))

    def _messages(self, rest: str, *values: object) -> list[MessageRow]:
        return [self._message(row) for row in self._all(MESSAGE_ROWS + rest, *values)]

    def _message(self, row: tuple[Any, ...]) -> MessageRow:
        name = row[9] or masked(row[10], self._addresses)
        return MessageRow(
            row[0],
            Digest(row[1].hex()),
            row[2],
            row[3],
            _DATE[row[4]],
            row[5],
            row[6],
            row[7],
            row[8],
            name,
            row[11] or "",
            row[12],
            row[13],
            row[14],
            row[15],
            row[16].hex() if row[16] else "",
            bool(row[17]),
            self._kinds.get(row[0], ""),
        )

    def message(self, key: int) -> MessageRow:
        """One message's row.

        Raises:
            LookupFailedError: no such message.
        """
        rows = self._messages(" WHERE m.id = ?", key)
        if not rows:
            raise LookupFailedError(f"no message {key}")
        return rows[0]

    def _held(self, keys: Iterable[int]) -> dict[int, MessageRow]:
        """The rows of many messages, by key."""
        wanted = list(dict.fromkeys(keys))
        found: dict[int, MessageRow] = {}
        for start in range(0, len(wanted), MOST_KEYS):
            some = wanted[start : start + MOST_KEYS]
            marks = ", ".join("?" * len(some))
            for row in self._messages(f" WHERE m.id IN ({marks})", *some):
                found[row.key] = row
        return found

    @cached_property
    def _kinds(self) -> dict[int, str]:
        """What the keeper did, by message; empty for almost every archive."""
        return {key: what.kind for key, (what, _) in amended(self._database).items()}

    def _one(self, statement: str) -> int:
        return int(self._all(statement)[0][0] or 0)
