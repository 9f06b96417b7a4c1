"""Reading what the search index was made of: for the static one."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from posterity.errors import ArchiveError
from posterity.masking import masked, masked_text
from posterity.store.batches import TokenBatch, unpack
from posterity.store.database import connect
from posterity.store.searchrows import lost_flags

PAIRED: Final = 24
"""They are a quarter of all words; each costs the index its number over again."""


class Document(NamedTuple):
    """What a search result shows of a message, and what it is searched by exactly.

    Attributes:
        key: the catalogue's id.
        thread: hash of its thread's first message.
    """

    key: int
    digest: str
    month: str
    utc: int | None
    subject: str
    author: str
    person: str
    thread: str
    starts: bool


Shown = tuple[Any, ...]
"""All that a segment's files hold of a message beside its words, as the catalogue has it."""


_SHOWN: Final = (
    "FROM message m LEFT JOIN person p ON p.id = m.person"
    " LEFT JOIN thread t ON t.id = m.thread LEFT JOIN message r ON r.id = t.root"
    " LEFT JOIN search_lost l ON l.message = m.id"
    " LEFT JOIN amended a ON a.message = m.id"
    " WHERE a.kind IS NULL OR a.kind NOT IN ('hidden', 'erased', 'joined')"
)


class IndexReader:
    """The search tables of catalogue.db, opened for reading.

    Args:
        catalogue: its path.
        policy: how addresses appear.

    Raises:
        ArchiveError: there is no index yet.
    """

    def __init__(self, catalogue: Path, policy: str) -> None:
        self._database = connect(catalogue, writable=False)
        self._policy = policy
        try:
            self._database.execute("SELECT 1 FROM search_common LIMIT 1")
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"{catalogue.parent}: no search index yet") from error

    def close(self) -> None:
        """Close the catalogue."""
        self._database.close()

    def count(self) -> int:
        """How many messages are shown."""
        rows = self._database.execute(f"SELECT count(*) {_SHOWN}")
        return int(rows.fetchone()[0])

    def shown(self) -> Iterator[Shown]:
        """All messages: the undated first, then by time; of one second by falling hash."""
        return self._database.execute(
            "SELECT m.id, hex(m.digest), m.month, m.utc, m.subject, m.author_name,"
            " m.author_address, p.slug, hex(r.digest), NOT m.is_reply,"
            f" l.lines, a.kind, a.copy {_SHOWN} ORDER BY m.utc, m.digest DESC"
        )  # NULL sorts first

    def documents(self, shown: Iterable[Shown]) -> Iterator[Document]:
        """Messages as a search result shows them."""
        for row in shown:
            key, digest, month, utc, subject, name, address, slug, thread, starts = row[:10]
            yield Document(
                key,
                digest.lower(),
                month,
                utc,
                masked_text(subject, self._policy),
                name or masked(address, self._policy),
                slug or "",
                (thread or digest).lower(),
                bool(starts),
            )

    def message_ids(self, keys: Iterable[int]) -> Iterator[tuple[int, str]]:
        """(message, msgid) of some messages, in no order."""
        return iter(
            self._database.execute(
                "SELECT message, msgid FROM message_id"
                " WHERE message IN (SELECT value FROM json_each(?))",
                (json.dumps(list(keys)),),
            )
        )

    def common(self) -> list[str]:
        """Words that find but do not rank, sorted."""
        rows = self._database.execute("SELECT word FROM search_common ORDER BY word")
        return [word for (word,) in rows]

    def paired(self) -> list[str]:
        """The few words that stand most often: the static index pairs them with the next."""
        rows = self._database.execute(
            "SELECT word FROM search_common ORDER BY times DESC, word LIMIT ?", (PAIRED,)
        )
        return sorted(word for (word,) in rows)

    def batch_ends(self) -> list[int]:
        """The last key of every batch; 0 is the recovered messages'."""
        rows = self._database.execute("SELECT id FROM search_batch ORDER BY id")
        return [number for (number,) in rows]

    def rules(self) -> list[tuple[str, object]]:
        """What decides, beside a message's octets, which words it has."""
        return self._database.execute(
            "SELECT key, value FROM meta WHERE key IN ('version', 'read_with', 'search')"
            " ORDER BY key"
        ).fetchall()

    def copies(self) -> dict[int, str]:
        """What readers see instead of their octets, as a digest, of amended messages."""
        rows = self._database.execute("SELECT message, kind, copy FROM amended")
        return {
            key: kind + hashlib.sha256(copy or b"").hexdigest() for key, kind, copy in rows
        }

    def batches(self, numbers: Iterable[int]) -> Iterator[tuple[TokenBatch, list[bool]]]:
        """Some batches by last key, and for each quoted line whether it is lost."""
        for number in numbers:
            (octets,) = self._database.execute(
                "SELECT octets FROM search_batch WHERE id = ?", (number,)
            ).fetchone()
            batch = unpack(octets)
            if batch.keys:
                yield batch, lost_flags(batch, self._lost(batch))

    def lost(self) -> dict[int, str]:
        """The numbers of the lost lines of each message that has some."""
        return dict(self._database.execute("SELECT message, lines FROM search_lost"))

    def _lost(self, batch: TokenBatch) -> dict[int, set[int]]:
        rows = self._database.execute(
            "SELECT message, lines FROM search_lost WHERE message BETWEEN ? AND ?",
            (min(batch.keys), max(batch.keys)),
        )
        return {key: set(map(int, lines.split())) for key, lines in rows}
