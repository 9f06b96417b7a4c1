"""Reading what the search index was made of, for who counts words by month."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from posterity.errors import ArchiveError
from posterity.model import UNKNOWN_MONTH
from posterity.store.batches import TokenBatch, unpack
from posterity.store.database import connect


class WordReader:
    """The words of all messages, and the month each message stands in.

    Raises:
        ArchiveError: there is no search index yet.
    """

    def __init__(self, catalogue: Path) -> None:
        self._database = connect(catalogue, writable=False)
        try:
            self._database.execute("SELECT 1 FROM search_common LIMIT 1")
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"{catalogue.parent}: no search index yet") from error

    def close(self) -> None:
        """Close the catalogue."""
        self._database.close()

    def months(self) -> dict[int, str]:
        """The month of every listed message that has one, by key."""
        return dict(
            self._database.execute(
                "SELECT id, month FROM message WHERE listed AND month <> ?",
                (UNKNOWN_MONTH,),
            )
        )

    def words(self, least: int) -> list[str]:
        """The words that at least so many messages have, sorted by code point."""
        rows = self._database.execute(
            "SELECT term FROM search_words WHERE doc >= ?", (least,)
        )
        return sorted(word for (word,) in rows)

    def batches(self) -> Iterator[TokenBatch]:
        """The words of all messages."""
        numbers = self._database.execute("SELECT id FROM search_batch ORDER BY id")
        for (number,) in numbers.fetchall():
            (octets,) = self._database.execute(
                "SELECT octets FROM search_batch WHERE id = ?", (number,)
            ).fetchone()
            batch = unpack(octets)
            if batch.keys:
                yield batch
