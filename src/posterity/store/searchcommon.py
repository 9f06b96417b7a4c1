"""Which words are common, without asking about every word after every update.

To list them, FTS5 walks through the whole index. So that is done once; what comes in
later is counted as it comes. Noted are the words of more than one message in
`NEARLY_SHARE`: any other word is not common before many more messages have come.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from posterity.store.searchnotes import note, noted
from posterity.store.searchrows import Row

COMMON_SHARE: Final = 4
"""A word in more than one message of so many ranks nothing."""
NEARLY_SHARE: Final = 2 * COMMON_SHARE
MOST_COUNTED: Final = 2_000
"""Messages after which it is quicker to ask FTS5."""

_NOTE: Final = "often"


class Often:
    """The words that are common, and nearly so: in how many messages, and how often.

    Args:
        database: the catalogue.
        before: what an earlier run wrote down; b"" for nothing.
    """

    def __init__(self, database: sqlite3.Connection, before: bytes) -> None:
        self._database = database
        self._known: dict[str, tuple[int, int]] = {}
        self._rarest = 0  # no other word is in more messages
        self._room = MOST_COUNTED if before else 0
        self._messages: Counter[str] = Counter()
        self._times: Counter[str] = Counter()
        if before:
            self._rarest, known = json.loads(before)
            self._known = {word: (messages, times) for word, messages, times in known}

    @classmethod
    def taken(cls, database: sqlite3.Connection) -> Often:
        """The note, torn out: should this run be killed, the next one counts anew."""
        found = cls(database, noted(database, _NOTE))
        database.execute("DELETE FROM search_note WHERE name = ?", (_NOTE,))
        return found

    def came(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows on their way into the index."""
        return self._passing(rows, 1)

    def went(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows on their way out of it."""
        return self._passing(rows, -1)

    def _passing(self, rows: Iterable[Row], sign: int) -> Iterator[Row]:
        for row in rows:
            if self._room > 0:
                self._room -= 1
                self._count(row, sign)
            yield row

    def _count(self, row: Row, sign: int) -> None:
        words = " ".join(map(str, row[1:])).split()
        counted = Counter(filter(self._known.__contains__, words))
        for word, times in counted.items():
            self._messages[word] += sign
            self._times[word] += sign * times
        self._rarest += sign > 0

    def write(self, messages: int) -> None:
        """Write down the common words, and the note again; inside a transaction."""
        if not self._room or self._rarest > messages // COMMON_SHARE:
            self._ask(messages // NEARLY_SHARE)
        else:
            self._known = {
                word: (held + self._messages[word], times + self._times[word])
                for word, (held, times) in self._known.items()
            }
        known = [(word, *numbers) for word, numbers in sorted(self._known.items())]
        self._database.execute("DELETE FROM search_common")
        self._database.executemany(
            "INSERT INTO search_common VALUES (?, ?, ?)",
            [row for row in known if row[1] > messages // COMMON_SHARE],
        )
        note(self._database, _NOTE, json.dumps([self._rarest, known]).encode("ascii"))

    def _ask(self, rarest: int) -> None:
        self._rarest = rarest
        rows = self._database.execute(
            "SELECT term, doc, cnt FROM search_words WHERE doc > ?", (rarest,)
        )
        self._known = {word: (messages, times) for word, messages, times in rows}
