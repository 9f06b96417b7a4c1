"""Whether what is to be put of a message stands in the catalogue already.

Withdrawn words are taken out of what repeats them after every relate. Mostly nothing is
other than the last time: then nothing is written, no word is indexed anew and no page is
made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from posterity.store.amended import as_text

if TYPE_CHECKING:
    from posterity.store.catalogue import Derived

Rows = list[tuple[Any, ...]]


def stands(database: sqlite3.Connection, row: Derived) -> bool:
    """Whether to put the rows of a message again would leave all as it is."""
    key = (row.facts.id,)
    return all(
        database.execute(query, key).fetchall() == wanted for query, wanted in _rows(row)
    )


def _rows(row: Derived) -> Iterator[tuple[str, Rows]]:
    """What each table has of a message, and what it shall have."""
    columns = ", ".join(row.facts._fields)
    yield f"SELECT {columns} FROM message WHERE id = ?", [tuple(row.facts)]
    yield (
        "SELECT msgid FROM message_id WHERE message = ? ORDER BY msgid",
        [(msgid,) for msgid in sorted(set(row.message_ids))],
    )
    yield (
        "SELECT field, place, msgid FROM reference WHERE message = ? ORDER BY field, place",
        sorted(row.references),
    )
    parts = "part_id, digest, filename, media_type, size"
    yield (
        f"SELECT {parts} FROM attachment WHERE message = ? ORDER BY part_id",
        sorted(row.attachments),
    )
    yield (
        "SELECT url FROM mention WHERE message = ? ORDER BY url",
        [(url,) for url in sorted(row.mentions)],
    )
    yield "SELECT value FROM gist WHERE message = ?", [(row.gist,)] if row.gist else []
    yield (
        'SELECT start, "end", msgid, how FROM hidden WHERE host = ? ORDER BY start',
        sorted(row.hidden),
    )
    yield (
        "SELECT code, place, detail FROM defect WHERE message = ? ORDER BY sequence",
        list(row.defects),
    )
    change = row.change
    yield (
        "SELECT kind, reason, since, other, said, copy FROM amended WHERE message = ?",
        [(*change.amendment, change.said, change.copy)] if change else [],
    )
    yield (
        "SELECT value FROM original WHERE message = ?",
        [(as_text(change.original),)] if change else [],
    )
