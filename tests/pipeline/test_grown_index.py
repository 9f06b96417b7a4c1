"""An index that grew holds what one made at once holds, and is not asked more than it must."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest
from posterity.sources import ReadOptions
from posterity.store import Archive
from posterity.store.searchcommon import Often
from posterity.store.searchindex import SearchIndex

LETTERS = 64


def letter(number: int, body: str) -> bytes:
    """One letter of a mailbox."""
    return (
        f"From keeper Thu Jan  {1 + number % 9} 12:{number % 60:02}:00 1998\n"
        f"From: keeper{number % 5}@example.org\nSubject: watch {number}\n"
        f"Message-ID: <{number}@example.org>\n"
        f"Date: Thu, {1 + number % 9} Jan 1998 12:{number % 60:02}:00 +0000\n\n{body}\n\n"
    ).encode()


def mailbox(path: Path, first: int, last: int) -> Path:
    """Letters that say `lamp` often, `horn` rarely at first; the last quote the first."""
    bodies = []
    for number in range(first, last):
        said = "the lamp is lit again" if number % 3 else "nothing but fog tonight"
        if number >= LETTERS:
            said = f"> the lamp is lit again\n> word{number} that nobody wrote\nhorn {said}"
        elif not number % 5:
            said += "\nthe horn was heard"
        bodies.append(letter(number, said))
    path.write_bytes(b"".join(bodies))
    return path


def take_in(folder: Path, *sources: Path) -> Archive:
    """Import sources and index them."""
    archive = Archive.open_or_create(folder)
    names = [str(source) for source in sources]
    ingest(archive, names, ReadOptions(), SerialExecutor(), NoProgress())
    bring_up_to_date(archive, SerialExecutor(), NoProgress())
    return archive


def rows(archive: Archive, table: str) -> list[tuple[object, ...]]:
    """A table, sorted."""
    database = sqlite3.connect(archive.catalogue_path)
    found = sorted(database.execute(f"SELECT * FROM {table}").fetchall())
    database.close()
    return found


def no_walk(often: Often, rarest: int) -> None:
    """Stands for what walks through the whole index."""
    raise AssertionError(often, rarest)


def killed_here(index: SearchIndex) -> None:
    """Stands for the last step of a run that was killed before it."""
    raise AssertionError(index.finished)


@pytest.mark.parametrize("killed", [False, True])
def test_common_words_of_a_grown_index_are_those_of_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    """Counted as they come, and as often as a new index would count; killed or not."""
    early = mailbox(tmp_path / "early.mbox", 0, LETTERS)
    late = mailbox(tmp_path / "late.mbox", LETTERS, LETTERS + 6)
    grown = take_in(tmp_path / "grown", early)
    if killed:
        monkeypatch.setattr(SearchIndex, "finish", killed_here)
        with pytest.raises(AssertionError):
            take_in(tmp_path / "grown", late)
        monkeypatch.undo()
    else:
        monkeypatch.setattr(Often, "_ask", no_walk)
    take_in(tmp_path / "grown", late)
    monkeypatch.undo()
    whole = take_in(tmp_path / "whole", early, late)
    common = rows(whole, "search_common")

    assert {"lamp", "the"} <= {word for word, *_ in common}
    assert common == rows(grown, "search_common")
    assert rows(whole, "search_lost") == rows(grown, "search_lost")


def test_a_word_becomes_common(tmp_path: Path) -> None:
    """A word that was rare is found to be common once it is, however it came."""
    early = mailbox(tmp_path / "early.mbox", 0, LETTERS)
    late = mailbox(tmp_path / "late.mbox", LETTERS, LETTERS + 6)
    more = mailbox(tmp_path / "more.mbox", LETTERS + 6, LETTERS + 12)
    grown = take_in(tmp_path / "grown", early)
    before = {word for word, *_ in rows(grown, "search_common")}
    take_in(tmp_path / "grown", late)
    take_in(tmp_path / "grown", more)

    assert "horn" not in before
    assert "horn" in {word for word, *_ in rows(grown, "search_common")}
    assert rows(take_in(tmp_path / "all", early, late, more), "search_common") == rows(
        grown, "search_common"
    )


def test_an_older_index_is_brought_up_to_date(tmp_path: Path) -> None:
    """An archive from before there were notes is as good as one that has them."""
    early = mailbox(tmp_path / "early.mbox", 0, LETTERS)
    late = mailbox(tmp_path / "late.mbox", LETTERS, LETTERS + 6)
    old = take_in(tmp_path / "old", early)
    database = sqlite3.connect(old.catalogue_path)
    database.execute("DROP TABLE search_note")
    database.close()
    take_in(tmp_path / "old", late)
    whole = take_in(tmp_path / "whole", early, late)

    assert rows(whole, "search_common") == rows(old, "search_common")
    assert rows(whole, "search_lost") == rows(old, "search_lost")
