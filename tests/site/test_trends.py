"""Words over time: the tables say what the messages say."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest
from posterity.site import trendcounts, trends
from posterity.site.trendcounts import LEAST
from posterity.site.trends import Order, write_trends
from posterity.sources import ReadOptions
from posterity.store import Archive
from posterity.store.batches import STREAMS
from posterity.store.wordcounts import WordReader

SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The sample list, indexed."""
    found = Archive.create(tmp_path_factory.mktemp("trends") / "keepers")
    ingest(found, [str(SAMPLE)], ReadOptions(), SerialExecutor(), NoProgress())
    bring_up_to_date(found, SerialExecutor(), NoProgress())
    return found


@pytest.fixture(scope="module")
def site(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where its tables stand."""
    folder = tmp_path_factory.mktemp("site")
    write_trends(Order(archive.catalogue_path, folder, None))
    return folder


def piece(path: Path) -> str:
    """What a script hands over."""
    text = path.read_text("ascii")
    packed = text.removesuffix('");\n').rpartition('"')[2]
    return zlib.decompress(b64decode(packed), -zlib.MAX_WBITS).decode("utf-8")


@pytest.fixture(scope="module")
def index(site: Path) -> dict[str, Any]:
    """The table of shards."""
    found: dict[str, Any] = json.loads(piece(site / "search" / "trends.js"))
    return found


def lines(site: Path, index: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """(first word, lines) of each shard."""
    for first, name in zip(index["firsts"], index["names"], strict=True):
        yield first, piece(site / "search" / f"{name}.js").split("\n")


def test_counts_are_those_of_the_messages(
    archive: Archive, site: Path, index: dict[str, Any]
) -> None:
    """Each word of the tables is in as many messages of each month as they say."""
    reader = WordReader(archive.catalogue_path)
    months, counts = reader.months(), Counter[tuple[str, str]]()
    written = [STREAMS.index("subject"), STREAMS.index("own")]
    for batch in reader.batches():
        for key, streams, _ in batch.messages():
            if key in months:
                for word in {word for at in written for word in streams[at]}:
                    counts[word, months[key]] += 1
    known = set(reader.words(LEAST))
    reader.close()
    found: dict[tuple[str, str], int] = {}
    for _, shard in lines(site, index):
        for line in shard:
            word, _, text = line.partition("\t")
            numbers = list(map(int, text.split(",")))
            at = 0
            for gap, messages in zip(numbers[::2], numbers[1::2], strict=True):
                at += gap
                found[word, index["months"][at]] = messages

    expected = {pair: n for pair, n in counts.items() if pair[0] in known}
    assert len(found) > 5_000
    assert expected == found


def test_words_spelled_a_few_at_a_time(
    archive: Archive, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many words are in hand at once, and whenever counts are added up."""
    monkeypatch.setattr(trends, "WORDS_AT_ONCE", 7)
    monkeypatch.setattr(trendcounts, "ROWS_AT_ONCE", 50)

    write_trends(Order(archive.catalogue_path, tmp_path, None))

    written = {path.name: path.read_bytes() for path in (tmp_path / "search").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (site / "search").iterdir()}


def test_months_hold_every_listed_message(archive: Archive, index: dict[str, Any]) -> None:
    """The totals are those of the timeline, months without mail too."""
    reader = archive.reader()
    expected = [
        (one.month, one.messages) for one in reader.months() if one.month != "unknown"
    ]
    reader.close()

    assert expected == list(zip(index["months"], index["totals"], strict=True))


def test_shards_are_sorted_and_small(site: Path, index: dict[str, Any]) -> None:
    """One look tells which shard has a word; each is a few KB."""
    words = []
    for first, shard in lines(site, index):
        assert first == shard[0].partition("\t")[0]
        words += [line.partition("\t")[0] for line in shard]
    sizes = [(site / "search" / f"{name}.js").stat().st_size for name in index["names"]]

    assert sorted(set(words)) == words
    assert max(sizes) < 16_000


def test_suggestions_are_words_of_the_tables(site: Path, index: dict[str, Any]) -> None:
    """What is offered to begin with can be shown, and no word is offered twice."""
    known = {line.partition("\t")[0] for _, shard in lines(site, index) for line in shard}

    assert set(index["suggested"]) <= known
    assert len(set(index["suggested"])) == len(index["suggested"])


def test_nothing_of_nothing(tmp_path: Path) -> None:
    """A list without mail has tables without words."""
    archive = Archive.create(tmp_path / "empty")
    bring_up_to_date(archive, SerialExecutor(), NoProgress())
    write_trends(Order(archive.catalogue_path, tmp_path / "site", None))
    index = json.loads(piece(tmp_path / "site" / "search" / "trends.js"))

    assert ([], [], []) == (index["months"], index["names"], index["suggested"])


def test_the_same_octets_again(archive: Archive, site: Path) -> None:
    """A second run finds everything there."""
    again = write_trends(Order(archive.catalogue_path, site / "again", site))

    assert 0 == again.written
