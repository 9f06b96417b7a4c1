"""Filling the search index: batches of words in, SQLite's FTS5 out.

FTS5 is given our words joined by blanks, so that its own tokenizer has nothing to
decide. It keeps no text (`content=''`); what it was given is remembered by the batches
and by which quoted lines counted as lost, so that it can be taken back word for word.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

from posterity.fields import COLUMNS, WEIGHTS
from posterity.model import Digest
from posterity.store.amended import amended
from posterity.store.batches import Spoken, TokenBatch, pack, unpack
from posterity.store.database import connect, in_transaction
from posterity.store.searchcommon import Often
from posterity.store.searchnotes import TABLE, forget, note, noted
from posterity.store.searchrows import Row, Span, lost_lines, rows_of

VERSION: Final = 1
"""Of the tables and of what the tokenizer means by a word; raise it to index anew."""
RECOVERED: Final = 0
"""The batch of messages that are not in the accession."""

_AT_ONCE: Final = {"hashsize": 32 << 20, "automerge": 0, "crisismerge": 64}
"""How FTS5 takes a whole archive: a segment a batch, put together when all are there."""
_LATER: Final = {"hashsize": 1 << 20, "automerge": 4, "crisismerge": 16}
"""How it takes what comes later: its own defaults."""
_LEAST: Final = -(1 << 62)  # below every id
_QUOTES: Final = "quotes"

_COLUMNS: Final = ", ".join(COLUMNS)
_MARKS: Final = ", ".join("?" * (len(COLUMNS) + 1))
_INSERT: Final = f"INSERT INTO search (rowid, {_COLUMNS}) VALUES ({_MARKS})"
_DELETE: Final = (
    f"INSERT INTO search (search, rowid, {_COLUMNS}) VALUES ('delete', {_MARKS})"
)


class SearchIndex:
    """The search tables of catalogue.db, opened for writing.

    Args:
        path: of the catalogue.
        policy: how addresses appear; another one than last time begins anew.
    """

    def __init__(self, path: Path, policy: str) -> None:
        self.database = connect(path)
        self._policy = policy
        self._often: Often | None = None
        if self._meta("search") != f"{VERSION} {policy}":
            self._begin_anew()
        self.database.execute(TABLE)  # an index made before there were notes lacks it

    def _meta(self, key: str) -> object:
        row = self.database.execute(
            "SELECT value FROM meta WHERE key = ?", (key,)
        ).fetchone()
        return row[0] if row else None

    def _set(self, key: str, value: object) -> None:
        self.database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _begin_anew(self) -> None:
        sql = files("posterity.store").joinpath("search.sql").read_text("utf-8")
        tables = ("words", "common", "lost", "batch", "note")
        with in_transaction(self.database):
            for name in (*(f"search_{table}" for table in tables), "search"):
                self.database.execute(f"DROP TABLE IF EXISTS {name}")
            for statement in (*sql.split(";\n"), TABLE):
                self.database.execute(statement)
            self._configure(_AT_ONCE)
            weights = ", ".join(map(str, WEIGHTS))
            self.database.execute(
                "INSERT INTO search (search, rank) VALUES ('rank', ?)",
                (f"bm25({weights})",),
            )
            self._set("search", f"{VERSION} {self._policy}")
            self._set("search_filled", 0)
            self._set("search_finished", 0)
            self._set("search_recovered", "")

    def _configure(self, options: Mapping[str, int]) -> None:
        self.database.executemany(
            "INSERT INTO search (search, rank) VALUES (?, ?)", options.items()
        )

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    # -- batches

    @property
    def gathered(self) -> int:
        """The last message whose words are in a batch."""
        row = self.database.execute("SELECT max(id) FROM search_batch").fetchone()
        return int(row[0] or 0)

    def add_batch(self, last: int, octets: bytes) -> None:
        """Keep a batch."""
        with in_transaction(self.database):
            self._put_batch(last, octets)

    def _put_batch(self, number: int, octets: bytes) -> None:
        self.database.execute(
            "INSERT OR REPLACE INTO search_batch VALUES (?, ?)", (number, octets)
        )

    def amended(self) -> frozenset[int]:
        """Messages whose text readers see is not the accession's."""
        return frozenset(amended(self.database))

    def stale(self) -> list[tuple[int, Digest]]:
        """Messages whose words are to be taken anew, and were taken before."""
        with in_transaction(self.database):
            self.database.execute(
                "DELETE FROM stale WHERE message > ? OR message < 0", (self.gathered,)
            )
        rows = self.database.execute(
            "SELECT id, hex(digest) FROM message WHERE id IN (SELECT message FROM stale)"
            " ORDER BY id"
        )
        return [(key, Digest(digest.lower())) for key, digest in rows]

    def replace(self, messages: Sequence[Spoken]) -> None:
        """Put other words in the place of some messages'; the old ones are gone for good."""
        self.database.execute("PRAGMA secure_delete = ON")
        by_batch: dict[int, dict[int, Spoken]] = {}
        numbers = [
            number
            for (number,) in self.database.execute(
                "SELECT id FROM search_batch WHERE id > 0 ORDER BY id"
            )
        ]
        for spoken in messages:
            number = numbers[bisect_left(numbers, spoken.key)]
            by_batch.setdefault(number, {})[spoken.key] = spoken
        for number, changed in by_batch.items():
            self._replace_in(number, changed)
        with in_transaction(self.database):
            self.database.execute("DELETE FROM stale")
            forget(self.database)
            # a word that is taken back stays in FTS5's segments until they are merged
            self.database.execute("INSERT INTO search (search) VALUES ('optimize')")

    def _replace_in(self, number: int, changed: dict[int, Spoken]) -> None:
        old = self._batch(number)
        low, high = min(old.keys), max(old.keys)
        now = pack([changed.get(spoken.key, spoken) for spoken in old.spoken()])
        new = unpack(now)
        keys = set(changed)
        then, lost = self._lost_lines(low, high), lost_lines(new, self._spans(low, high))
        with in_transaction(self.database):
            self._take_out(rows_of(old, then, keys))
            self._put_in(rows_of(new, lost, keys))
            self._note_lost({key: lost[key] for key in keys})
            self._put_batch(number, now)

    def recovered(self) -> list[tuple[int, str]]:
        """(key, digest) of the recovered messages there are now."""
        rows = self.database.execute(
            "SELECT id, hex(digest) FROM message WHERE id < 0 ORDER BY id DESC"
        )
        return [(key, digest.lower()) for key, digest in rows]

    def recovered_indexed(self) -> str:
        """What `replace_recovered` was told last."""
        return str(self._meta("search_recovered"))

    def replace_recovered(self, what: str, octets: bytes) -> bool:
        """Put other words in the place of the recovered messages', if they are others."""
        held = self._octets(RECOVERED)
        with in_transaction(self.database):
            if held != octets:
                if held:
                    old = unpack(held)
                    lost = self._lost_lines(-len(old.keys), -1)
                    self._take_out(rows_of(old, lost))
                    self.database.execute("DELETE FROM search_lost WHERE message < 0")
                    forget(self.database)
                self._put_batch(RECOVERED, octets)
                self._fill(unpack(octets))
            self._set("search_recovered", what)
        return held != octets

    def _octets(self, number: int) -> bytes:
        row = self.database.execute(
            "SELECT octets FROM search_batch WHERE id = ?", (number,)
        ).fetchone()
        return bytes(row[0]) if row else b""

    def _batch(self, number: int) -> TokenBatch:
        return unpack(self._octets(number))

    # -- the index

    def fill(self) -> Iterator[int]:
        """Index the batches that are not yet; yields how many messages, batch by batch."""
        filled = self._meta("search_filled")
        numbers = self.database.execute(
            "SELECT id FROM search_batch WHERE id > ? ORDER BY id", (filled,)
        ).fetchall()
        for (number,) in numbers:
            batch = self._batch(number)
            with in_transaction(self.database):
                self._fill(batch)
                self._set("search_filled", number)
            yield len(batch.keys)

    def _fill(self, batch: TokenBatch) -> None:
        if not batch.keys:
            return
        lost = lost_lines(batch, self._spans(min(batch.keys), max(batch.keys)))
        self._put_in(rows_of(batch, lost))
        self._note_lost({key: lines for key, lines in lost.items() if lines})

    def _put_in(self, rows: Iterator[Row]) -> None:
        self.database.executemany(_INSERT, self._heard().came(rows))

    def _take_out(self, rows: Iterator[Row]) -> None:
        self.database.executemany(_DELETE, self._heard().went(rows))

    def _heard(self) -> Often:
        """The common words; taken up with the first change, inside its transaction."""
        if self._often is None:
            self._often = Often.taken(self.database)
        return self._often

    def _note_lost(self, lost: dict[int, list[int]]) -> None:
        self.database.executemany(
            "INSERT OR REPLACE INTO search_lost VALUES (?, ?)",
            [(key, " ".join(map(str, lines))) for key, lines in lost.items()],
        )

    def refill(self) -> int:
        """Index those anew whose lost lines are others now; how many there were."""
        seen = json.loads(noted(self.database, _QUOTES) or b"{}")
        if seen and seen["related"] == self._meta("related"):
            return 0
        changed = 0
        quotes = self._quotes()
        for number, digest in quotes.items():
            if not seen or seen["batches"].get(f"{number}") != digest:
                batch = self._batch(number)
                changed += self._refill(batch) if batch.keys else 0
        self._note_quotes(quotes)
        return changed

    def filled(self) -> None:
        """Say that the lost lines are those of now, as they are in a new index."""
        self._note_quotes(self._quotes())

    def _note_quotes(self, quotes: dict[int, str]) -> None:
        seen = json.dumps({"related": self._meta("related"), "batches": quotes})
        with in_transaction(self.database):
            note(self.database, _QUOTES, seen.encode("ascii"))

    def _quotes(self) -> dict[int, str]:
        """The quote spans of each batch's messages, as a digest."""
        found: dict[int, str] = {}
        low = 1
        for (number,) in self.database.execute(
            "SELECT id FROM search_batch ORDER BY id"
        ).fetchall():
            rows = self.database.execute(
                "SELECT message, first, last FROM quote WHERE message BETWEEN ? AND ?"
                " ORDER BY message, first",
                (low, number) if number else (_LEAST, -1),
            )
            found[number] = hashlib.sha256(repr(rows.fetchall()).encode()).hexdigest()
            low = number + 1
        return found

    def _refill(self, batch: TokenBatch) -> int:
        low, high = min(batch.keys), max(batch.keys)
        now = lost_lines(batch, self._spans(low, high))
        then = self._lost_lines(low, high)
        differ = {key for key in now if now[key] != then.get(key, [])}
        if not differ:
            return 0
        with in_transaction(self.database):
            self._take_out(rows_of(batch, then, differ))
            self._put_in(rows_of(batch, now, differ))
            self._note_lost({key: now[key] for key in differ})
        return len(differ)

    def _spans(self, low: int, high: int) -> list[Span]:
        """The quote spans of a run of messages."""
        return self.database.execute(
            "SELECT message, first, last FROM quote WHERE message BETWEEN ? AND ?"
            " ORDER BY message, first",
            (low, high),
        ).fetchall()

    def _lost_lines(self, low: int, high: int) -> dict[int, list[int]]:
        """The lost lines of a run of messages, as they were indexed."""
        rows = self.database.execute(
            "SELECT message, lines FROM search_lost WHERE message BETWEEN ? AND ?",
            (low, high),
        )
        return {key: [int(line) for line in lines.split()] for key, lines in rows}

    @property
    def finished(self) -> int:
        """The last message of the batches when `finish` was last called, 0 for never."""
        value = self._meta("search_finished")
        return value if isinstance(value, int) else 0

    def cut_log(self) -> None:
        """Leave nothing in the write-ahead log: it may hold words that were taken back."""
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def finish(self) -> None:
        """Write down the common words; the first time, bring the index in its best form."""
        with in_transaction(self.database):
            if not self.finished:
                self.database.execute("INSERT INTO search (search) VALUES ('optimize')")
                self._configure(_LATER)
            (messages,) = self.database.execute("SELECT count(*) FROM message").fetchone()
            self._heard().write(messages)
            self._set("search_finished", self.gathered)
