"""What the keeper withdrew, as the catalogue has it: one place that every reader asks.

`message` holds only what readers may see; what relate must know of the original stands
in `original`. Search takes anew what stands in `stale`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from posterity.rows import Amendment

if TYPE_CHECKING:
    from posterity.store.catalogue import Derived


class Original(NamedTuple):
    """What a message says of itself, where readers see something else.

    Attributes:
        facts: the first columns of `message`, the digest in hex.
        message_ids, references: as in `Derived`.
    """

    facts: tuple[Any, ...]
    message_ids: tuple[str, ...]
    references: tuple[tuple[str, int, str], ...]


class Change(NamedTuple):
    """One message as readers get it.

    Attributes:
        said: an amendment names it, or its words; else it only quotes them.
        copy: a zstd frame without dictionary; None where the accession's octets are the
            copy, or there is none.
    """

    amendment: Amendment
    said: bool
    copy: bytes | None
    original: Original


_TABLES: Final = ("message_id", "reference", "attachment", "mention", "defect", "gist")
_OF_RELATE: Final = "listed"


def put_changes(
    database: sqlite3.Connection, changes: Iterable[tuple[int, Change]]
) -> None:
    """Note what is changed about some messages; inside a transaction."""
    for key, change in changes:
        database.execute(
            "INSERT OR REPLACE INTO amended VALUES (?, ?, ?, ?, ?, ?, ?)",
            (key, *change.amendment, change.said, change.copy),
        )
        value = as_text(change.original)
        database.execute("INSERT OR REPLACE INTO original VALUES (?, ?)", (key, value))
        database.execute("INSERT OR IGNORE INTO stale VALUES (?)", (key,))


def as_text(original: Original) -> str:
    """What is noted of an amended message, as JSON."""
    facts, ids, references = original
    plain = [value.hex() if isinstance(value, bytes) else value for value in facts]
    return json.dumps([plain, ids, references])


def take_back(database: sqlite3.Connection, keys: Iterable[int]) -> None:
    """Take the rows of some messages back, to be put again; inside a transaction.

    The row of `message` itself stays: relate's columns are on it.
    """
    for key in keys:
        for table in _TABLES:
            database.execute(f"DELETE FROM {table} WHERE message = ?", (key,))
        database.execute("DELETE FROM hidden WHERE host = ?", (key,))
        for table in ("amended", "original"):
            database.execute(f"DELETE FROM {table} WHERE message = ?", (key,))
        database.execute("INSERT OR IGNORE INTO stale VALUES (?)", (key,))


def set_facts(database: sqlite3.Connection, rows: Iterable[Derived]) -> None:
    """Write the first columns of `message` anew; inside a transaction."""
    for row in rows:
        names = row.facts._fields[1:]
        columns = ", ".join(f"{name} = ?" for name in names)
        database.execute(
            f"UPDATE message SET {columns} WHERE id = ?", (*row.facts[1:], row.facts.id)
        )


def amended(database: sqlite3.Connection) -> dict[int, tuple[Amendment, bool]]:
    """By message: what is withdrawn of it, and whether an amendment says so itself."""
    rows = database.execute(
        "SELECT message, kind, reason, since, other, said FROM amended ORDER BY message"
    )
    return {row[0]: (Amendment(*row[1:5]), bool(row[5])) for row in rows}


def copy_of(database: sqlite3.Connection, key: int) -> bytes | None:
    """The frame of a message's copy."""
    row = database.execute("SELECT copy FROM amended WHERE message = ?", (key,)).fetchone()
    return row[0] if row else None


def originals(database: sqlite3.Connection) -> Mapping[int, Original]:
    """What relate must know of amended messages."""
    found = {}
    for key, value in database.execute("SELECT message, value FROM original"):
        facts, ids, references = json.loads(value)
        found[key] = Original(
            tuple(facts), tuple(ids), tuple(tuple(one) for one in references)
        )
    return found


def stale(database: sqlite3.Connection) -> list[int]:
    """Messages whose words search must take anew."""
    return [row[0] for row in database.execute("SELECT message FROM stale ORDER BY 1")]


def unlist(database: sqlite3.Connection) -> tuple[set[int], set[int]]:
    """Count withdrawn messages nowhere; after relate, inside a transaction.

    Returns:
        These messages, and their threads.
    """
    gone = "(SELECT message FROM amended WHERE kind IN ('hidden', 'erased', 'joined'))"
    threads = f"(SELECT thread FROM message WHERE id IN {gone})"
    rows = database.execute(
        f"SELECT id, thread, person FROM message WHERE id IN {gone}"
    ).fetchall()
    people = sorted({person for *_, person in rows if person is not None})
    database.execute(f"UPDATE message SET listed = 0, person = NULL WHERE id IN {gone}")
    database.execute(
        "UPDATE thread SET counted = (SELECT count(*) FROM message m"
        " WHERE m.thread = thread.id AND m.listed),"
        " people = (SELECT count(DISTINCT person) FROM message m"
        f" WHERE m.thread = thread.id) WHERE id IN {threads}"
    )
    for person in people:
        database.execute(
            "UPDATE person SET (posts, first, last) = (SELECT count(*), min(utc), max(utc)"
            " FROM message WHERE person = ?1 AND listed) WHERE id = ?1",
            (person,),
        )
    _forget_people(database, people)
    return {key for key, *_ in rows}, {thread for _, thread, _ in rows}


def _forget_people(database: sqlite3.Connection, people: Iterable[int]) -> None:
    """Who wrote nothing that is left has no page; a spelling that is left nowhere goes."""
    for person in people:
        (left,) = database.execute(
            "SELECT count(*) FROM message WHERE person = ?", (person,)
        ).fetchone()
        if not left:
            database.execute("DELETE FROM person WHERE id = ?", (person,))
            database.execute("DELETE FROM spelling WHERE person = ?", (person,))
            continue
        database.execute(
            "DELETE FROM spelling WHERE person = ?1 AND from_written NOT IN"
            " (SELECT from_written FROM message WHERE person = ?1)"
            " AND from_written NOT IN (SELECT json_extract(o.value, '$[0][8]')"
            " FROM original o JOIN message m ON m.id = o.message WHERE m.person = ?1)",
            (person,),
        )


def texts(
    database: sqlite3.Connection,
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...], tuple[Any, ...]]]:
    """(table, key columns, text columns, values of both) of what relate wrote in words."""
    for table, keys, columns in _IN_WORDS:
        names = ", ".join((*keys, *columns))
        for row in database.execute(f"SELECT {names} FROM {table}").fetchall():
            yield table, keys, columns, row


def set_texts(
    database: sqlite3.Connection,
    table: str,
    keys: tuple[str, ...],
    columns: tuple[str, ...],
    row: tuple[Any, ...],
    changed: tuple[str, ...],
) -> None:
    """Write other words into a row that `texts` gave; inside a transaction."""
    names = ", ".join(f"{column} = ?" for column in columns)
    where = " AND ".join(f"{key} = ?" for key in keys)
    database.execute(
        f"UPDATE OR REPLACE {table} SET {names} WHERE {where}",
        (*changed, *row[: len(keys)]),
    )


_IN_WORDS: Final = (
    ("node", ("thread", "position"), ("ghost", "detail")),
    ("witness", ("child", "kind"), ("detail",)),
    ("spelling", ("from_written",), ("from_written", "name", "address", "detail")),
    ("person", ("id",), ("slug", "name")),
)
