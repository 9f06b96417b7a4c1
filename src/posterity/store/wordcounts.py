"""Reading what the search index was made of, for who counts words by month."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path

from posterity.errors import ArchiveError
from posterity.model import UNKNOWN_MONTH
from posterity.store.batches import TokenBatch, unpack
from posterity.store.database import connect
from posterity.store.searchnotes import noted


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

    def in_enough(self, words: Iterable[str], least: int) -> list[str]:
        """Those of some words that at least so many messages have."""
        rows = self._database.execute(
            "SELECT value FROM json_each(?) CROSS JOIN search_words ON term = value"
            " WHERE doc >= ?",
            (json.dumps(sorted(words)), least),
        )
        return [word for (word,) in rows]

    def writers(self, word: str) -> list[int]:
        """The messages whose author wrote a word, in the subject or in the text."""
        rows = self._database.execute(
            "SELECT rowid FROM search WHERE search MATCH ?",
            (f'{{subject own}} : "{word}"',),
        )
        return [key for (key,) in rows]

    def newest(self) -> int:
        """The last message whose words are there; 0 for none."""
        row = self._database.execute("SELECT max(id) FROM search_batch").fetchone()
        return int(row[0] or 0)

    def note(self, name: str) -> bytes:
        """What was noted when the words were counted last; see `store.searchnotes`."""
        return noted(self._database, name)

    def batches(self) -> Iterator[TokenBatch]:
        """The words of all messages."""
        return self._batches(self._ends())

    def batches_of(self, keys: Iterable[int]) -> Iterator[TokenBatch]:
        """The batches that hold some messages."""
        ends = self._ends()
        places = {bisect_left(ends, max(key, 0)) for key in keys}
        return self._batches(ends[at] for at in sorted(places) if at < len(ends))

    def _ends(self) -> list[int]:
        rows = self._database.execute("SELECT id FROM search_batch ORDER BY id")
        return [number for (number,) in rows]

    def _batches(self, numbers: Iterable[int]) -> Iterator[TokenBatch]:
        for number in numbers:
            (octets,) = self._database.execute(
                "SELECT octets FROM search_batch WHERE id = ?", (number,)
            ).fetchone()
            batch = unpack(octets)
            if batch.keys:
                yield batch
