"""Where messages were found: the accession's pieces, by message."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Final


def findings(
    accession: sqlite3.Connection, among: Collection[int] | None = None
) -> Iterator[tuple[int, str, bytes, int, bytes]]:
    """(message, source name, source digest, sequence, opening) of every finding.

    By name and digest of the source, then in its order.

    Args:
        accession: its database.
        among: messages; None: all.
    """
    if among is None:
        # source by source: to sort all findings took ten times as long
        sources = accession.execute(
            "SELECT id, name, digest FROM source ORDER BY name, member, digest"
        )
        for source, name, digest in sources.fetchall():
            for message, sequence, opening in accession.execute(_IN_A_SOURCE, (source,)):
                yield message, name, digest, sequence, opening
        return
    keys = json.dumps(sorted(among))
    yield from accession.execute(_OF_SOME, (keys,))


_IN_A_SOURCE: Final = (
    "SELECT o.message, o.sequence, coalesce(a.octets, x'') FROM occurrence o"
    " LEFT JOIN framing a ON a.id = o.opening"
    " WHERE o.source = ? AND o.message IS NOT NULL ORDER BY o.sequence"
)
_OF_SOME: Final = (
    "SELECT o.message, s.name, s.digest, o.sequence, coalesce(a.octets, x'')"
    " FROM occurrence o JOIN source s ON s.id = o.source"
    " LEFT JOIN framing a ON a.id = o.opening"
    " WHERE o.message IN (SELECT value FROM json_each(?))"
    " ORDER BY s.name, s.member, s.digest, o.sequence"
)


def source_names(accession: sqlite3.Connection) -> dict[str, int]:
    """Ids of all sources, by what tells one from another."""
    rows = accession.execute("SELECT hex(digest), name, member, id FROM source")
    return {repr(row[:3]): row[3] for row in rows}


def found_in(accession: sqlite3.Connection, sources: Iterable[int]) -> set[int]:
    """The messages that were found in some sources."""
    rows = accession.execute(
        "SELECT DISTINCT message FROM occurrence WHERE message IS NOT NULL"
        " AND source IN (SELECT value FROM json_each(?))",
        (json.dumps(list(sources)),),
    )
    return {row[0] for row in rows}
