"""Shingles joined part by part, from files: the same answers as in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posterity.errors import ArchiveError
from posterity.executor import executor
from posterity.model import Body, CharsetSource, Digest, Segment, SegmentKind
from posterity.pipeline import joining
from posterity.pipeline.joining import Joining
from posterity.pipeline.shelves import cut, prints, statements_of
from posterity.relate.copies import fingerprint
from posterity.relate.passages import Passage
from posterity.relate.quotes import Entry, Quoter
from posterity.relate.shingles import shingle
from posterity.store.shingles import SegmentFile, read_segments, segment_name, write_segment

DAY = 86_400


def body(text: str) -> Body:
    """A body whose lines beginning with > are quotes."""
    lines = tuple(text.split("\n"))
    segments = tuple(
        Segment(SegmentKind.QUOTE if line[:1] == ">" else SegmentKind.OWN, level, at, at, 0)
        for at, line in enumerate(lines, 1)
        for level in [len(line) - len(line.lstrip(">"))]
    )
    return Body(lines, segments, "us-ascii", CharsetSource.ASCII, False, False, ())


def letters() -> dict[int, Body]:
    """Forty letters, each of which quotes the one before, and that one's quotes."""
    found: dict[int, Body] = {}
    quoted: list[str] = []
    for key in range(1, 41):
        own = [
            f"letter {key} says in line {n} a few things about lamp {n}" for n in range(5)
        ]
        found[key] = body("\n".join([*quoted, *own]))
        quoted = [">" + line for line in [*quoted, *own]][-12:]
    return found


def entry(key: int) -> Entry:
    """Later keys are earlier by their hash and later by their time."""
    return Entry(key, Digest(f"{99 - key:064x}"), key * DAY)


def shelved(folder: Path, bodies: dict[int, Body]) -> Path:
    """Runs of seven letters, in files."""
    keys = list(bodies)
    for at in range(0, len(keys), 7):
        run = keys[at : at + 7]
        write_segment(folder / segment_name(run[-1]), cut(run, (bodies[k] for k in run)))
    return folder


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("part", [100, 1 << 18])
def test_parts_and_blocks_give_what_memory_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, part: int
) -> None:
    """However the list is cut up, and whoever joins it: the same cites and passages."""
    monkeypatch.setattr(joining, "PART", part)
    bodies = letters()
    quoter = Quoter()
    for key, one in bodies.items():
        quoter.add(*entry(key), shingle(one))
    expected = quoter.solve()
    answered = {key: key - 1 for key in range(2, 41)}
    folder = shelved(tmp_path / "shingles", bodies)

    with executor(jobs) as run:
        joined = Joining(folder, bodies.keys(), tmp_path, run)
        joined.meet(entry(key) for key in sorted(bodies))
        joined.join()
        cites = [*joined.cites()]
        blocks = joined.passages(answered)
        passages = [Passage(*row) for block in blocks for row in block.tolist()]

    assert expected.cites == cites
    assert expected.passages(answered) == passages
    assert len(cites) >= 39


def test_what_was_cut_comes_back(tmp_path: Path) -> None:
    """Boxes lose nothing: every word's statement, line and level, and the fingerprint."""
    bodies = {**letters(), -1: body(""), -2: body("me too")}
    folder = shelved(tmp_path / "shingles", bodies)
    alone = {key: shingle(one) for key, one in bodies.items()}

    found = {one.key: (one.keys, one.levels) for one in read_segments(folder)}
    files = sorted(folder.glob("*.bin"))

    assert {key: (one.keys, one.levels) for key, one in alone.items()} == found
    assert {key: fingerprint(one, alone[key]) for key, one in bodies.items()} == {
        one.key: one.fingerprint for one in prints(files, np.array([*bodies], np.int64))
    }
    assert len(alone[3].keys) // 8 - 4 * 3 == len(statements_of(files)(3))
    assert 7 * 8 == len(SegmentFile(files[0]).column("ids"))


def test_shingles_of_another_catalogue_are_refused(tmp_path: Path) -> None:
    """Messages that the catalogue lacks would be answered by nobody knows whom."""
    folder = shelved(tmp_path / "shingles", letters())

    with executor(1) as run, pytest.raises(ArchiveError, match="not of this catalogue"):
        Joining(folder, {1}, tmp_path, run)
