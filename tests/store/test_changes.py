"""What changes in a catalogue is noted by the database itself, whoever changes it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from posterity.store.catalogue import Catalogue
from posterity.store.changes import Changes, changes_since
from posterity.store.database import connect
from posterity.store.prints import print_of

NO_VALUE = {"INTEGER": 0, "TEXT": "", "BLOB": b"", "REAL": 0.0}


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.db"
    Catalogue.open(path).close()
    return path


def put(database: sqlite3.Connection, table: str, **values: object) -> None:
    """Put a row of which only some columns matter."""
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    row = [values.get(name, NO_VALUE[kind]) for _, name, kind, *_ in columns]
    marks = ", ".join("?" * len(row))
    database.execute(f"INSERT INTO {table} VALUES ({marks})", row)


def noted(changes: Changes) -> set[tuple[str, int | str]]:
    """Kind and key of every note."""
    assert changes.noted is not None
    return {(kind, key) for kind, keys in changes.noted.items() for key in keys}


def test_of_a_first_publication_nothing_is_known(catalogue: Path) -> None:
    """Nor of one that was made of another catalogue."""
    first = changes_since(catalogue, "")
    other = changes_since(catalogue, "1 of another life")

    assert (None, None) == (first.noted, other.noted)
    assert {} == changes_since(catalogue, first.to).noted


def test_what_comes_changes_and_goes(catalogue: Path) -> None:
    """Each row by what is shown of it, once; what was called something by its print."""
    begun = changes_since(catalogue, "").to
    database = connect(catalogue)
    put(database, "message", id=7, month="1996/03", utc=100, person=2)
    put(database, "message_id", msgid="a@b", message=7)
    put(database, "person", id=2, slug="ada", name="Ada")
    then = changes_since(catalogue, begun)
    database.execute("UPDATE message SET utc = 200, month = '1996/04' WHERE id = 7")
    database.execute("UPDATE person SET name = 'Ada Keeper'")
    now = changes_since(catalogue, then.to)
    database.execute("DELETE FROM message_id")
    put(database, "thread", id=14, root=7, messages=1)
    put(database, "thread", id=16, root=8, messages=2)
    put(database, "quote", message=7, origin=9)
    last = changes_since(catalogue, now.to)
    database.close()

    called = f"2 {print_of('ada' + chr(0) + 'Ada')}"
    assert {
        *(("message", 7), ("month", "1996/03"), ("time", 100), ("person", 2)),
        *(("id", print_of("a@b")), ("name", called)),
    } == noted(then)
    assert {
        *(("message", 7), ("month", "1996/03"), ("month", "1996/04"), ("person", 2)),
        *(("time", 100), ("time", 200), ("name", called)),
        ("name", f"2 {print_of('ada' + chr(0) + 'Ada Keeper')}"),
    } == noted(now)
    assert {
        *(("id", print_of("a@b")), ("thread", 14), ("thread", 16), ("message", 7)),
        *(("beside", 7), ("beside", 9)),
    } == noted(last)
    assert last.to != now.to != then.to


def test_who_saw_less_is_told_more(catalogue: Path) -> None:
    """Two sites of one archive, each up to its own publication."""
    begun = changes_since(catalogue, "").to
    database = connect(catalogue)
    put(database, "edge", child=1, parent=2)
    one = changes_since(catalogue, begun)
    put(database, "edge", child=3, parent=2)
    database.close()

    assert {("beside", 2), ("beside", 3)} == noted(changes_since(catalogue, one.to))
    assert {("beside", 1), ("beside", 2), ("beside", 3)} == noted(
        changes_since(catalogue, begun)
    )


def changed(catalogue: Path, since: str) -> str:
    """A publication after a change."""
    database = connect(catalogue)
    put(database, "edge", child=1, parent=2)
    database.execute("DELETE FROM edge")
    database.close()
    return changes_since(catalogue, since).to


def test_a_catalogue_put_back_from_a_backup(catalogue: Path) -> None:
    """It goes on under numbers that another life of it has used: nothing is known then."""
    begun = changes_since(catalogue, "").to
    backup = catalogue.with_name("backup.db")
    shutil.copy(catalogue, backup)
    lost = changed(catalogue, begun)
    backup.replace(catalogue)
    again = changed(catalogue, begun)

    assert lost.split()[0] == again.split()[0]
    assert changes_since(catalogue, lost).noted is None
    assert changes_since(catalogue, again).noted == {}
