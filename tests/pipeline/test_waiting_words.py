"""Words wait beside the catalogue from parsing until the index takes them up."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from posterity.executor import executor
from posterity.pipeline import NoProgress, derive, index, ingest, relate
from posterity.sources import ReadOptions
from posterity.store import Archive

SAMPLES = Path(__file__).parents[2] / "samples"


def parsed(folder: Path) -> Archive:
    """The sample list, ready to be indexed."""
    archive = Archive.open_or_create(folder)
    sources = sorted(str(path) for path in SAMPLES.glob("*.mbox*"))
    assert sources
    with executor(1) as run:
        ingest(archive, sources, ReadOptions(), run, NoProgress())
        derive(archive, run, NoProgress())
        relate(archive, run, NoProgress())
    return archive


def batches(archive: Archive) -> list[tuple[int, bytes]]:
    """What the index was filled from."""
    with executor(1) as run:
        index(archive, run, NoProgress())
    database = sqlite3.connect(archive.catalogue_path)
    rows = database.execute("SELECT id, octets FROM search_batch ORDER BY id").fetchall()
    database.close()
    return rows


def test_words_that_waited_are_those_a_second_reading_gives(tmp_path: Path) -> None:
    """An index made of waiting words holds what one made of the messages holds."""
    waited, lost = parsed(tmp_path / "waited"), parsed(tmp_path / "lost")
    assert list(waited.words_path.iterdir())
    shutil.rmtree(lost.words_path)
    assert batches(lost) == batches(waited)


def test_words_under_another_policy_are_not_taken_up(tmp_path: Path) -> None:
    """Words taken down while addresses were shown do not reach a masked index."""
    archive = parsed(tmp_path / "a")
    settings = archive.folder / "posterity.toml"
    settings.write_text(settings.read_text("utf-8") + '\naddresses = "mask"\n', "utf-8")
    masked, shown = batches(Archive.open(archive.folder)), batches(parsed(tmp_path / "b"))
    assert masked != shown


def test_nothing_waits_once_it_is_indexed(tmp_path: Path) -> None:
    """The folder of waiting words is gone when the index is made."""
    archive = parsed(tmp_path)
    batches(archive)
    assert not archive.words_path.exists()
