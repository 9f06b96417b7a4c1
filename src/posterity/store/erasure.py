"""Octets removed for good from accession.db.

Nothing of what is erased stays in the file: freed pages are overwritten, the dictionary
is trained anew without it and every frame compressed again, the file is rewritten and
its log cut to nothing. What stays is the digest, so that the message is known when it
comes again, the reason, and what keeps its place: month, time and ids.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from posterity.store.compress import NO_DICTIONARY, Codec, train
from posterity.store.database import in_transaction
from posterity.store.octets import Accession

SAMPLES: Final = 2_000
"""Messages the new dictionary is trained on, as at the first import."""

_DUE: Final = "sweep"


class Erased(NamedTuple):
    """A message whose octets are gone, or replaced by a copy.

    Attributes:
        kind: "erased", or "redacted" for a copy.
        since: the date that was given, "" for none.
        copy: digest of the copy, as of a message; None for none.
        facts: month, header_utc, header_offset, header_error, size, message_ids,
            references of an erased one; empty for a copy.
        shingles: statements of an erased one, as `relate.shingles` counts them.
    """

    kind: str
    reason: str
    since: str
    copy: bytes | None = None
    facts: tuple[Any, ...] = ()
    shingles: bytes = b""


def erased(accession: Accession) -> Mapping[int, Erased]:
    """By message, what was erased; empty for almost every archive."""
    database = accession.database
    there = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'erased'").fetchone()
    if there is None:  # made before there was erasing
        return {}
    rows = database.execute(
        "SELECT message, kind, reason, since, copy, facts, shingles FROM erased"
    )
    return {
        key: Erased(kind, reason, since, copy, tuple(json.loads(facts)), bytes(shingles))
        for key, kind, reason, since, copy, facts, shingles in rows
    }


def erased_digests(accession: Accession) -> frozenset[bytes]:
    """Digests of the messages that must not come back."""
    keys = erased(accession)
    if not keys:
        return frozenset()
    rows = accession.database.execute(
        "SELECT m.digest FROM erased e JOIN message m ON m.id = e.message"
    )
    return frozenset(row[0] for row in rows)


def incomplete_sources(accession: Accession) -> frozenset[int]:
    """Sources that can no longer be put together, because something of them was erased."""
    database = accession.database
    keys = erased(accession)
    if not keys:
        return frozenset()
    rows = database.execute(
        "SELECT source FROM occurrence WHERE message IN (SELECT message FROM erased)"
        " OR (message IS NULL AND fragment IS NULL AND length > 0)"
    )
    return frozenset(row[0] for row in rows)


def erase(
    accession: Accession,
    gone: Mapping[int, tuple[Erased, bytes]],
    touched: Callable[[bytes], bool],
    at: int,
) -> None:
    """Remove octets; `sweep` must follow, when nothing derived from them is left.

    Args:
        accession: opened for writing.
        gone: by message, what is to be said of it, and the copy to keep; b"" for none.
        touched: whether a piece that is no message must go too.
        at: the time, for the log.
    """
    database = accession.database
    database.execute("PRAGMA secure_delete = ON")
    with in_transaction(database):
        _replace(accession, gone)
        _drop_fragments(accession, touched)
        _compress_again(accession)
        database.execute("INSERT OR REPLACE INTO meta VALUES (?, 1)", (_DUE,))
        for key, (what, _) in sorted(gone.items()):
            (digest,) = database.execute(
                "SELECT hex(digest) FROM message WHERE id = ?", (key,)
            ).fetchone()
            database.execute(
                "INSERT INTO event VALUES (?, ?, ?)",
                (at, what.kind, f"{digest.lower()}: {what.reason}"),
            )


def is_due(accession: Accession) -> bool:
    """Whether an erasure is not finished."""
    return accession.meta(_DUE) is not None


def sweep(accession: Accession) -> None:
    """Rewrite the file and cut its log, so that nothing of what was erased is in it."""
    database = accession.database
    database.execute("PRAGMA secure_delete = ON")
    database.execute("VACUUM")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("DELETE FROM meta WHERE key = ?", (_DUE,))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _replace(accession: Accession, gone: Mapping[int, tuple[Erased, bytes]]) -> None:
    for key, (what, copy) in gone.items():
        digest = hashlib.sha256(copy + b"\r\n").digest() if copy else None
        frame = accession.codec.compress(copy) if copy else b""
        accession.database.execute(
            "UPDATE message SET octets = ?, dictionary = ? WHERE id = ?",
            (frame, NO_DICTIONARY, key),
        )
        accession.database.execute(
            "INSERT OR REPLACE INTO erased VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                key,
                what.kind,
                what.reason,
                what.since,
                digest,
                json.dumps(what.facts),
                what.shingles,
            ),
        )


def _drop_fragments(accession: Accession, touched: Callable[[bytes], bool]) -> None:
    """Forget pieces of sources that hold what is erased; their lengths stay."""
    database = accession.database
    rows = database.execute(
        "SELECT source, sequence, fragment FROM occurrence WHERE fragment IS NOT NULL"
    ).fetchall()
    for source, sequence, fragment in rows:
        if touched(accession.codec.decompress(fragment)):
            database.execute(
                "UPDATE occurrence SET fragment = NULL WHERE source = ? AND sequence = ?",
                (source, sequence),
            )


def _compress_again(accession: Accession) -> None:
    """Train a dictionary on what is left, and compress every frame with it."""
    database = accession.database
    old = [row[0] for row in database.execute("SELECT id FROM dictionary")]
    if not old:
        return
    fresh = train(_samples(accession))
    number = NO_DICTIONARY
    if fresh is not None:
        number = (
            database.execute(
                "INSERT INTO dictionary (octets) VALUES (?)", (fresh,)
            ).lastrowid
            or NO_DICTIONARY
        )
    codec = Codec(lambda _: fresh or b"")
    for key in _keys(database):
        frame = codec.compress(accession.octets(key), number)
        database.execute(
            "UPDATE message SET octets = ?, dictionary = ? WHERE id = ?",
            (frame, number, key),
        )
    for gone in old:
        database.execute("DELETE FROM dictionary WHERE id = ?", (gone,))


def _keys(database: sqlite3.Connection) -> Iterable[int]:
    rows = database.execute("SELECT id FROM message WHERE octets <> x''").fetchall()
    return [row[0] for row in rows]


def _samples(accession: Accession) -> Sequence[bytes]:
    keys = list(_keys(accession.database))
    step = max(1, len(keys) // SAMPLES)
    return [accession.octets(key) for key in keys[::step][:SAMPLES]]
