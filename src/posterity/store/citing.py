"""Who quotes a message: the quote table, read from its other end."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from posterity.rows import MessageRow, QuotedIn
from posterity.store.messagerows import MOST_KEYS

MOST_CITING = 200
"""Messages that quote one, as far as they are looked at; a FAQ is quoted for ever."""


def quoting(
    database: sqlite3.Connection, origins: Iterable[int]
) -> Mapping[int, Sequence[tuple[int, int]]]:
    """By quoted message: (message, lines) of each that quotes it, by id.

    Only those that are quoted are in it, and of each the first `MOST_CITING`.
    """
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    wanted = list(origins)
    for start in range(0, len(wanted), MOST_KEYS):
        some = wanted[start : start + MOST_KEYS]
        marks = ", ".join("?" * len(some))
        for origin, message, lines in database.execute(
            "SELECT origin, message, sum(last - first + 1) FROM quote"
            f" WHERE origin IN ({marks}) GROUP BY origin, message",
            some,
        ):
            if len(found[origin]) < MOST_CITING and message != origin:
                found[origin].append((message, lines))
    return found


def quoted_rows(
    found: Iterable[tuple[int, int]], held: Mapping[int, MessageRow]
) -> list[QuotedIn]:
    """The messages that quote one, as a page lists them: no copies, by (time, hash)."""
    rows = [QuotedIn(held[key], lines) for key, lines in found]
    shown = [one for one in rows if one.message.listed and not one.message.withdrawn]
    return sorted(shown, key=_by_time)


def _by_time(one: QuotedIn) -> tuple[bool, int, str]:
    row = one.message
    return row.utc is None, row.utc or 0, row.digest
