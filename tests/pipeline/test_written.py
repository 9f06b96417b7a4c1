"""Only rows that may differ from what was written are compared with the catalogue."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest, relations
from posterity.pipeline.columns import Texts, renumbered, unlike
from posterity.sources import ReadOptions
from posterity.store import Archive
from posterity.store.bringing import bring
from posterity.store.came import NAME

SAMPLES = Path(__file__).parents[2] / "samples"
LETTER = b"""From ann@example.org Mon Mar  4 21:10:00 1996
From: Ann Poe <ann@example.org>
Date: Mon, 4 Mar 1996 21:10:00 +0000
Message-ID: <new@example.org>
Subject: a letter

A letter that answers nobody.
"""
HIDE = """[[hide]]
message = "{}"
reason = "personal"
date = "1997-01-01"
"""

TABLE = st.lists(st.tuples(st.integers(-4, 4), st.integers(0, 2)), max_size=12)


@given(was=TABLE, now=TABLE)
def test_unlike_are_the_keys_whose_rows_differ(
    was: list[tuple[int, int]], now: list[tuple[int, int]]
) -> None:
    """In whatever order keys stand; the order of a key's rows counts."""

    def of(rows: list[tuple[int, int]], key: int) -> list[int]:
        return [value for one, value in rows if one == key]

    arrays = (np.array(rows, np.int64).reshape(-1, 2) for rows in (was, now))

    assert [k for k in range(-4, 5) if of(was, k) != of(now, k)] == unlike(*arrays).tolist()


def test_texts_are_renumbered() -> None:
    """What one column holds and the other does not has no number there."""
    was, now = Texts(), Texts()
    numbers = was.of("abcab")
    now.of("xcb")

    assert [-1, 2, 1, -1, 2] == renumbered(numbers, was.column(), now.column()).tolist()


@pytest.fixture(name="compared")
def _compared(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """For each time threads were written, how many were compared; None for all."""
    found: list[int | None] = []

    def counted(
        database: sqlite3.Connection,
        table: str,
        rows: Iterable[tuple[object, ...]],
        among: Collection[int] | None = None,
    ) -> None:
        if table == "thread":
            found.append(None if among is None else len(among))
        bring(database, table, rows, among)

    monkeypatch.setattr(relations, "bring", counted)
    return found


@pytest.fixture(name="archive")
def _archive(tmp_path: Path) -> Archive:
    archive = Archive.create(tmp_path / "A")
    add(archive, SAMPLES / "keepers.mbox")
    return archive


def add(archive: Archive, path: Path, mail: bytes = b"") -> None:
    """Import a file, of some mail if any is given."""
    if mail:
        path.write_bytes(mail)
    run = SerialExecutor()
    ingest(archive, [str(path)], ReadOptions(), run, NoProgress())
    bring_up_to_date(archive, run, NoProgress())


def test_a_thread_that_comes_is_the_only_one_compared(
    archive: Archive, tmp_path: Path, compared: list[int | None]
) -> None:
    """A letter that answers nobody is a thread of its own."""
    add(archive, tmp_path / "new.mbox", LETTER)

    assert [1] == compared


def test_what_is_kept_names_no_message(archive: Archive) -> None:
    """Not even those that are not held: what is withdrawn may have named them."""
    with sqlite3.connect(archive.catalogue_path) as database:
        ghosts = [
            row[0] for row in database.execute("SELECT ghost FROM node WHERE ghost <> ''")
        ]
    database.close()
    with np.load(archive.shingles_path / NAME) as kept:
        octets = b"".join(kept[name].tobytes() for name in kept.files)

    assert ghosts
    assert [] == [name for name in ghosts if name.encode() in octets]


def test_what_was_interrupted_is_compared_whole(
    archive: Archive, tmp_path: Path, compared: list[int | None]
) -> None:
    """Rows were written, and what they rest on was not noted: nothing is known of them."""
    with sqlite3.connect(archive.catalogue_path) as database:
        database.execute("UPDATE meta SET value = '' WHERE key = 'related'")
        database.execute("DELETE FROM node")
    database.close()
    add(archive, tmp_path / "new.mbox", LETTER)

    assert [None] == compared


def test_what_withdrawing_changed_is_compared_whole(
    archive: Archive, tmp_path: Path, compared: list[int | None]
) -> None:
    """Withdrawn mail is uncounted after relate wrote its rows, and counted once it is back."""
    with sqlite3.connect(archive.catalogue_path) as database:
        before = database.execute("SELECT * FROM thread ORDER BY id").fetchall()
        (name,) = database.execute("SELECT lower(hex(digest)) FROM message").fetchone()
    database.close()
    run = SerialExecutor()
    for said in (HIDE.format(name), ""):
        archive.amendments_path.write_text(said, "utf-8")
        bring_up_to_date(archive, run, NoProgress())
    add(archive, tmp_path / "new.mbox", LETTER)
    with sqlite3.connect(archive.catalogue_path) as database:
        after = database.execute("SELECT * FROM thread ORDER BY id").fetchall()
    database.close()

    assert compared[1:] == [None, 1]
    assert set(before) < set(after)
    assert len(after) == len(before) + 1


def test_where_something_is_withdrawn_its_thread_is_compared_too(
    archive: Archive, tmp_path: Path, compared: list[int | None]
) -> None:
    """Its rows are not as relate wrote them; in the end all are as if compared whole."""

    def rows(table: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(archive.catalogue_path) as database:
            found = sorted(database.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
        database.close()
        return found

    with sqlite3.connect(archive.catalogue_path) as database:
        (name,) = database.execute("SELECT lower(hex(digest)) FROM message").fetchone()
    database.close()
    archive.amendments_path.write_text(HIDE.format(name), "utf-8")
    bring_up_to_date(archive, SerialExecutor(), NoProgress())
    add(archive, tmp_path / "new.mbox", LETTER)
    tables = ("message", "thread", "node", "person", "spelling", "witness")
    found = {table: rows(table) for table in tables}
    with sqlite3.connect(archive.catalogue_path) as database:
        database.execute("UPDATE meta SET value = '' WHERE key = 'related'")
    database.close()
    bring_up_to_date(archive, SerialExecutor(), NoProgress())

    assert [2, None] == compared[1:]
    assert found == {table: rows(table) for table in tables}
