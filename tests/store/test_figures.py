"""What the catalogue counts, on the sample list, against a count by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.figures import REPLY_STEPS, host_of
from posterity.model import Body
from posterity.parse import parse_message
from posterity.parse.body import read_body
from posterity.parse.mentions import mentions
from posterity.pipeline import NoProgress, ingest
from posterity.rows import MessageRow
from posterity.sources import ReadOptions
from posterity.store import Archive
from posterity.store.reader import StoreReader

SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreReader]:
    """The sample list."""
    archive = Archive.create(tmp_path_factory.mktemp("figures") / "keepers")
    ingest(archive, [str(SAMPLE)], ReadOptions(), SerialExecutor(), NoProgress())
    bring_up_to_date(archive, SerialExecutor(), NoProgress())
    found = archive.reader()
    yield found
    found.close()


@pytest.fixture(scope="module")
def rows(reader: StoreReader) -> list[MessageRow]:
    """All listed messages."""
    return [row for one in reader.months() for row in reader.month_messages(one.month)]


def test_the_sums(reader: StoreReader) -> None:
    """Classes leave nothing out: each sum is the whole."""
    figures, facts = reader.figures(), reader.facts()

    assert facts.threads == sum(figures.sizes)
    assert facts.people >= sum(people for _, people in figures.newcomers) > 0
    assert 0 < sum(figures.hours) <= facts.messages
    assert len(REPLY_STEPS) + 1 == len(figures.replies)
    assert sorted(figures.hosts, key=lambda pair: (-pair[1], pair[0])) == list(
        figures.hosts
    )


def test_days_are_those_of_the_messages(
    reader: StoreReader, rows: list[MessageRow]
) -> None:
    """Every dated message is counted on its day in UTC."""
    expected = Counter(
        f"{datetime.fromtimestamp(row.utc, UTC):%m-%d}"
        for row in rows
        if row.utc is not None
    )

    assert sorted(expected.items()) == list(reader.days())


def test_threads_of_a_day_began_on_it(reader: StoreReader) -> None:
    """A thread is told of on the day of its first message, oldest first."""
    for day, _ in reader.days()[:50]:
        times = [one.root.utc for one in reader.day_threads(day)]
        assert all(
            at is not None and f"{datetime.fromtimestamp(at, UTC):%m-%d}" == day
            for at in times
        )
        assert sorted(at or 0 for at in times) == times


def test_cited_are_counted_once_a_message(
    reader: StoreReader, rows: list[MessageRow]
) -> None:
    """However many passages one message quotes of another, it counts once."""
    by: dict[int, set[int]] = defaultdict(set)
    held = {row.key: row for row in rows}
    for row in rows:
        for span in reader.quotes(row.key):
            if span.origin.person != row.person and span.origin.key in held:
                by[span.origin.key].add(row.key)
    expected = sorted(
        ((len(keys), held[key].digest) for key, keys in by.items()),
        key=lambda pair: (-pair[0], pair[1]),
    )

    assert expected[:10] == [(one.by, one.message.digest) for one in reader.cited(10)]


def test_cited_of_a_person(reader: StoreReader) -> None:
    """A person's most cited messages are theirs, and the whole list's first is one."""
    first = reader.cited(1)[0].message
    person = reader.person(first.person)
    assert person is not None

    assert first == reader.cited(1, person.key)[0].message
    assert {first.person} == {one.message.person for one in reader.cited(5, person.key)}


def test_sites_are_counted_by_the_people_who_named_them(
    reader: StoreReader, rows: list[MessageRow]
) -> None:
    """A site that one person names in every letter counts once."""
    named = {
        (host_of(url), row.person)
        for row in rows
        if row.person
        for url in mentions(_body(reader, row))
    }
    expected = Counter(host for host, _ in named)

    assert expected
    assert dict(expected) == dict(reader.figures().sites)


def _body(reader: StoreReader, row: MessageRow) -> Body:
    octets = reader.octets(row.key)
    return read_body(octets, parse_message(octets, row.digest))
