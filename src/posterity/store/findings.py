"""Where messages were found: the accession's pieces, by message."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator


def findings(
    accession: sqlite3.Connection, among: Collection[int] | None = None
) -> Iterator[tuple[int, str, bytes, int, bytes]]:
    """(message, source name, source digest, sequence, opening) of every finding.

    By name and digest of the source, then in its order.

    Args:
        accession: its database.
        among: messages; None: all.
    """
    keys = None if among is None else json.dumps(sorted(among))
    those = "IS NOT NULL" if keys is None else "IN (SELECT value FROM json_each(?))"
    rows = accession.execute(
        "SELECT o.message, s.name, s.digest, o.sequence, a.octets FROM occurrence o"
        " JOIN source s ON s.id = o.source LEFT JOIN framing a ON a.id = o.opening"
        f" WHERE o.message {those} ORDER BY s.name, s.member, s.digest, o.sequence",
        () if keys is None else (keys,),
    )
    for message, name, digest, sequence, opening in rows:
        yield message, name, digest, sequence, opening or b""


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
