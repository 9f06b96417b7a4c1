"""The order in which sources are imported decides nothing that a reader sees."""

from __future__ import annotations

import hashlib
import lzma
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from posterity.cli.work import bring_up_to_date
from posterity.executor import executor
from posterity.export.tables import export_tables
from posterity.pipeline import NoProgress, ingest
from posterity.site import publish
from posterity.sources import ReadOptions
from posterity.store import Archive

SAMPLES = Path(__file__).parents[2] / "samples"
SEPARATOR = re.compile(rb"^From \S+  ?\w{3} .*\r?\n", re.MULTILINE)


def cut(octets: bytes, folder: Path, name: str, pieces: int) -> list[Path]:
    """An mbox cut at separators into files of about one length."""
    starts = [found.start() for found in SEPARATOR.finditer(octets)]
    edges = [starts[len(starts) * n // pieces] for n in range(pieces)] + [len(octets)]
    folder.mkdir()
    paths = [folder / f"{name}-{n}.mbox" for n in range(pieces)]
    for path, first, last in zip(paths, edges, edges[1:], strict=False):
        path.write_bytes(octets[first:last])
    return paths


def built(
    folder: Path, sources: Sequence[Path], jobs: int, at_once: bool
) -> dict[str, str]:
    """The digest of every table and page, of sources imported in an order.

    Args:
        folder: where the archive is made.
        sources: in their order.
        jobs: worker processes.
        at_once: in one import, and not one after the other.
    """
    archive = Archive.create(folder / "A")
    (archive.folder / "posterity.toml").write_text('version = 1\ntitle = "One"\n', "utf-8")
    archive = Archive.open(archive.folder)
    for batch in [sources] if at_once else [[source] for source in sources]:
        with executor(jobs) as run:
            ingest(archive, [*map(str, batch)], ReadOptions(), run, NoProgress())
            bring_up_to_date(archive, run, NoProgress())
    with executor(jobs) as run:
        publish(archive, folder / "S", run, NoProgress(), 1)
    export_tables(archive, folder / "T")
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("S", "T")
        for path in sorted((folder / part).rglob("*"))
        if path.is_file() and ".posterity" not in path.parts  # when it was published
    }


def orders(sources: Sequence[Path], number: int) -> list[list[Path]]:
    """A number of shuffled orders, each time the same."""
    chance = random.Random(1896)
    return [chance.sample(sources, len(sources)) for _ in range(number)]


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Names that one has not, or has otherwise."""
    return sorted(
        name for name in one.keys() | other.keys() if one.get(name) != other.get(name)
    )


def test_samples_in_another_order(tmp_path: Path) -> None:
    """The sample list in six pieces, and one after the other: the same octets."""
    sources = cut((SAMPLES / "keepers.mbox").read_bytes(), tmp_path / "in", "keepers", 6)
    expected = built(tmp_path / "0", sources, 1, at_once=True)

    for number, order in enumerate(orders(sources, 2), 1):
        found = built(tmp_path / str(number), order, 1, at_once=number == 1)
        assert [] == differing(expected, found)
    assert len(expected) > 300


@pytest.mark.corpus
@pytest.mark.long
def test_a_year_in_five_orders(corpus: Path, tmp_path: Path) -> None:
    """976 messages of 1992 in six pieces and the samples: the same octets, five times."""
    dump = lzma.decompress((corpus / "cypherpunks" / "cyp-1992.txt.xz").read_bytes())
    sources = cut(dump, tmp_path / "in", "cyp-1992", 6)
    sources += cut((SAMPLES / "keepers.mbox").read_bytes(), tmp_path / "more", "keepers", 2)
    sources += [SAMPLES / "gannet-1894.txt", SAMPLES / "letters"]
    expected = built(tmp_path / "0", sources, 2, at_once=True)

    for number, order in enumerate(orders(sources, 5), 1):
        found = built(tmp_path / str(number), order, 2, at_once=number % 2 == 1)
        assert [] == differing(expected, found)
