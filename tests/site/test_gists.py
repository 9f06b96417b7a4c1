"""A site is the same whether its messages were kept as they were read or are read again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import SerialExecutor
from posterity.pipeline import NoProgress, ingest
from posterity.site import publish
from posterity.sources import ReadOptions
from posterity.store import Archive

SAMPLE = Path(__file__).parents[2] / "samples" / "keepers.mbox"


def published(archive: Archive, site: Path) -> dict[str, bytes]:
    """Every file of an archive's site, but for what the next update is told."""
    publish(archive, site, SerialExecutor(), NoProgress())
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*")
        if path.is_file() and ".posterity" not in path.parts
    }


@pytest.mark.parametrize("without", ["DELETE FROM gist", "DROP TABLE gist"])
def test_without_gists_the_site_is_the_same(tmp_path: Path, without: str) -> None:
    """Octet for octet, where some are missing and where a catalogue has none at all."""
    archive = Archive.create(tmp_path / "A")
    ingest(archive, [str(SAMPLE)], ReadOptions(), SerialExecutor(), NoProgress())
    bring_up_to_date(archive, SerialExecutor(), NoProgress())
    expected = published(archive, tmp_path / "S")
    database = sqlite3.connect(archive.catalogue_path)
    (gists,) = database.execute("SELECT count(*) FROM gist").fetchone()
    with database:
        database.execute(without)
    database.close()

    assert gists > 200
    assert expected == published(archive, tmp_path / "S2")
