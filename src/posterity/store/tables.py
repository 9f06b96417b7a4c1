"""The rows of `export tables`, in an order that does not depend on the order of arrival.

Digests come as 32 octets, unknown values as None.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from posterity.store.reader import StoreReader

Row = tuple[Any, ...]


def messages(reader: StoreReader) -> Iterator[Row]:
    """One row a message, by digest."""
    return reader.rows(
        "SELECT m.digest, ifnull(i.ids, ''), m.header_utc, m.utc, m.date_evidence,"
        " m.date_error, m.raw_date, m.from_written, p.slug, m.subject, m.size, h.digest"
        " FROM message m LEFT JOIN person p ON p.id = m.person"
        " LEFT JOIN (SELECT message, group_concat(msgid, ' ') AS ids FROM"
        "  (SELECT message, msgid FROM message_id ORDER BY message, msgid)"
        "  GROUP BY message) i ON i.message = m.id"
        " LEFT JOIN recovered r ON r.message = m.id LEFT JOIN message h ON h.id = r.host"
        " ORDER BY m.digest"
    )


def threads(reader: StoreReader) -> Iterator[Row]:
    """One row a message, by digest: its parent where it has one, and each witness's word."""
    return reader.rows(
        "SELECT m.digest, p.digest, n.evidence, n.strength, h.digest, q.digest, s.digest"
        " FROM node n JOIN message m ON m.id = n.message"
        " LEFT JOIN edge e ON e.child = n.message LEFT JOIN message p ON p.id = e.parent"
        + "".join(
            f" LEFT JOIN witness w{name} ON w{name}.child = m.id AND w{name}.kind = '{kind}'"
            f" LEFT JOIN message {name} ON {name}.id = w{name}.parent"
            for name, kind in (("h", "header"), ("q", "quote"), ("s", "subject"))
        )
        + " ORDER BY m.digest"
    )


def people(reader: StoreReader) -> Iterator[Row]:
    """One row a spelling of From, by spelling."""
    return reader.rows(
        "SELECT s.from_written, p.slug, s.evidence, s.posts FROM spelling s"
        " JOIN person p ON p.id = s.person ORDER BY s.from_written"
    )


def copies(reader: StoreReader) -> Iterator[Row]:
    """One row a copy, by digest."""
    return reader.rows(
        "SELECT c.digest, f.digest, copy.how FROM copy JOIN message c ON c.id = copy.message"
        " JOIN message f ON f.id = copy.first ORDER BY c.digest"
    )


def sources(reader: StoreReader) -> Iterator[Row]:
    """The ledger, one row a source, by name."""
    return iter(reader.sources())
