"""Reading ahead gives the answers that asking gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, derive, ingest, recover, relate
from posterity.sources import ReadOptions
from posterity.store import Archive
from posterity.store.ahead import AheadReader
from posterity.store.reader import StoreReader

SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"
QUESTIONS = (
    "message",
    "octets",
    "quotes",
    "quoted_in",
    "sightings",
    "defects",
    "copies",
    "in_time",
    "found_in",
    "attachments",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The sample list: copies, digests, ghosts and broken dates among its letters."""
    made = Archive.create(tmp_path_factory.mktemp("ahead") / "keepers.archive")
    run, progress = SerialExecutor(), NoProgress()
    ingest(made, [str(SAMPLE)], ReadOptions(), run, progress)
    derive(made, run, progress)
    recover(made, progress)
    relate(made, run, progress)
    return made


@pytest.fixture
def asking(archive: Archive) -> Iterator[StoreReader]:
    reader = archive.reader()
    yield reader
    reader.close()


@pytest.fixture
def ahead(archive: Archive) -> Iterator[AheadReader]:
    reader = AheadReader(archive)
    yield reader
    reader.close()


def plain(answer: Any) -> Any:
    """Sequences of any kind as tuples."""
    return tuple(answer) if isinstance(answer, list) else answer


def answers(reader: StoreReader, threads: list[int]) -> list[Any]:
    """All that pages of some threads ask of a message."""
    found: list[Any] = []
    for thread in threads:
        tree = reader.tree(thread)
        found.append(plain(tree))
        for node in tree:
            if node.message is not None:
                key = node.message.key
                found += [plain(getattr(reader, name)(key)) for name in QUESTIONS]
    return found


def test_answers_are_the_same(asking: StoreReader, ahead: AheadReader) -> None:
    """Of every thread of a list, in runs as a site is made in."""
    threads = [thread for thread, _, _ in asking.thread_sizes()]
    expected = answers(asking, threads)

    made: list[Any] = []
    for start in range(0, len(threads), 20):
        run = threads[start : start + 20]
        ahead.read_ahead(run)
        made += answers(ahead, run)

    assert len(expected) > 1000
    assert expected == made


def test_what_was_not_read_ahead_is_asked(asking: StoreReader, ahead: AheadReader) -> None:
    """Reading one thread ahead takes nothing from the others."""
    threads = [thread for thread, _, _ in asking.thread_sizes()]
    ahead.read_ahead(threads[:1])

    assert answers(asking, threads[1:20]) == answers(ahead, threads[1:20])


def test_holders_of_answered_ids(asking: StoreReader, ahead: AheadReader) -> None:
    """Ids that are answered, held or not, and ids that nobody names."""
    threads = [thread for thread, _, _ in asking.thread_sizes()]
    found = asking.rows("SELECT DISTINCT msgid FROM reference ORDER BY msgid")
    ids = [row[0] for row in found]
    ahead.read_ahead(threads)

    assert len(ids) > 10
    assert [list(asking.holders(one)) for one in [*ids, "nobody@example.org"]] == [
        list(ahead.holders(one)) for one in [*ids, "nobody@example.org"]
    ]


def test_a_month_s_octets(asking: StoreReader, ahead: AheadReader) -> None:
    """A month's messages are fetched with its rows, and are the same."""
    (month, *_) = [one.month for one in asking.months() if one.messages]
    rows = ahead.month_messages(month)

    assert asking.month_messages(month) == rows
    assert [asking.octets(row.key) for row in rows] == [
        ahead.octets(row.key) for row in rows
    ]
