"""Exported rows are read in time that grows with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from posterity.store import tables
from posterity.store.catalogue import Catalogue


class Rows:
    """What a reader gives: the rows of a statement."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def rows(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """The rows."""
        return iter(self._catalogue.database.execute(statement))


def test_messages_with_their_ids(tmp_path: Path, linear: Callable[..., None]) -> None:
    """Ids are found by message without looking through all of them for each."""

    def make(count: int) -> Rows:
        catalogue = Catalogue.open(Path(mkdtemp(dir=tmp_path), "catalogue.db"))
        put = catalogue.database.executemany
        put(
            "INSERT INTO message VALUES (?, ?, 'unknown', NULL, NULL, 0, '', '', '', '', '',"
            " '', '', '', 0, '', 1, 1, '', '', '', '', NULL, 'unknown', 0, '', NULL, NULL, 1)",
            [(n, n.to_bytes(32, "big")) for n in range(1, count + 1)],
        )
        put(
            "INSERT INTO message_id VALUES (?, ?)",
            [(f"{k}.{n}@example.org", n) for n in range(1, count + 1) for k in (2, 1)],
        )
        return Rows(catalogue)

    def read(rows: Any) -> None:
        found = [row[1] for row in tables.messages(rows)]
        assert "1.1@example.org 2.1@example.org" == found[0]

    linear(make, read, 3_000)
