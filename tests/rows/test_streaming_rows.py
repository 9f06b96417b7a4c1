"""Great and dense files (D7, D10): read in windows, stopped at stated limits.

Growth is measured by the fixture `linear`; memory is that of the largest process of a
run of the command, which is run apart for that.
"""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from posterity.errors import QueryError, SourceError
from posterity.query import parse_query
from posterity.sources import open_sources

Linear = Callable[..., None]
GIB = 1 << 30
MIB = 1 << 20

MOST_MEMORY = 256 * MIB
"""Octets that a run may take for a file of any length: the program itself, windows of
4 MiB, chunks of 16 MiB and their compression. The bar of all rows (C0) is 2 GiB."""

RUN = """
import json, resource, subprocess, sys, time
began = time.monotonic()
done = subprocess.run(sys.argv[1:], capture_output=True, timeout=600)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
told = done.stderr.decode().splitlines()
print(json.dumps([done.returncode, told, used.ru_maxrss * 1024, time.monotonic() - began]))
"""
"""Runs a command as the only child of a process of its own, whose memory is little."""


class Ran(NamedTuple):
    """What a run of the command came to."""

    status: int
    lines: list[str]
    peak: int
    seconds: float


def command(folder: Path, source: Path) -> Ran:
    """Build from a source; peak is in octets."""
    program = [sys.executable, "-m", "posterity.cli", "build", str(source), "--jobs", "1"]
    places = ["--archive", str(folder / "A"), "--site", str(folder / "S")]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *program, *places],
        capture_output=True,
        check=True,
    )
    return Ran(*json.loads(done.stdout))


# -- D10 -------------------------------------------------------------------------------


def sparse(path: Path, before: bytes, octets: int) -> Path:
    """A file of NUL after some octets; it takes no room on the disk."""
    with path.open("wb") as file:
        file.write(before)
        file.truncate(len(before) + octets)
    return path


@pytest.mark.long
def test_d10_a_gibibyte_of_nul_is_refused_in_bounded_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """1 GiB of NUL and nothing else: one line, status 3, and no more memory than ever."""
    ran = command(tmp_path, sparse(tmp_path / "nul.mbox", b"", GIB))
    record_property("memory", ("D10", "1 GiB of NUL", ran.seconds, ran.peak))

    left_out = [line for line in ran.lines if line.startswith("left out: ")]
    assert (3, 1) == (ran.status, len(left_out))
    assert "nul.mbox: no mail in it: binary data" in left_out[0]
    assert "offset 0" in left_out[0]
    assert ran.peak < MOST_MEMORY


@pytest.mark.long
def test_d10_a_gibibyte_of_nul_after_letters_is_set_aside_in_bounded_memory(
    tmp_path: Path, makers: ModuleType, record_property: Callable[[str, object], None]
) -> None:
    """The first is read; the last, with all the NUL, is 65 pieces of 16 MiB at most."""
    letters = makers.mbox([makers.letter("one"), makers.letter("two")])
    path = sparse(tmp_path / "tail.mbox", letters, GIB)
    ran = command(tmp_path, path)
    record_property("memory", ("D10", "letters and 1 GiB of NUL", ran.seconds, ran.peak))

    assert ran.status == 3
    assert "read 1 · kept 1 · duplicates 0 · quarantined 65" in ran.lines[0]
    assert ran.peak < MOST_MEMORY


@pytest.mark.long
def test_d10_nul_is_looked_through_in_linear_time(linear: Linear, tmp_path: Path) -> None:
    """From 128 to 256 MiB."""

    def make(mebibytes: int) -> Path:
        return sparse(tmp_path / f"nul{mebibytes}.mbox", b"", mebibytes * MIB)

    def read(path: Path) -> None:
        with pytest.raises(SourceError):
            list(open_sources(path, spool=tmp_path))

    linear(make, read, 128, doublings=1)


# -- D7 --------------------------------------------------------------------------------


def count_messages(path: Path) -> int:
    """How many pieces the sources of a file have; all are read."""
    opened = open_sources(path, spool=path.parent / "spool")
    batches = [batch for source in opened for batch in getattr(source, "batches", [])]
    return sum(1 for batch in batches for _ in batch.read())


def zipped(folder: Path, count: int) -> Path:
    """A zip of so many small letters."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for number in range(count):
            archive.writestr(f"all/{number}.eml", b"Subject: %d\r\n\r\n" % number)
    path = folder / f"{count}.zip"
    path.write_bytes(held.getvalue())
    return path


@pytest.mark.long
def test_d7_members_of_an_archive_cost_what_they_are(
    linear: Linear, tmp_path: Path
) -> None:
    """20,000 entries in about twice the time of 10,000."""
    assert 20_000 == count_messages(zipped(tmp_path, 20_000))
    linear(lambda count: zipped(tmp_path, count), count_messages, 10_000, doublings=1)


@pytest.mark.long
def test_d7_a_line_of_100_mb_costs_what_it_weighs(
    linear: Linear, tmp_path: Path, makers: ModuleType
) -> None:
    """One line of 100 MB in a compressed mbox is a message."""

    def packed(megabytes: int) -> Path:
        path = tmp_path / f"{megabytes}.mbox.gz"
        line = bytes(range(32, 126)) * (megabytes * 1_000_000 // 94)
        path.write_bytes(gzip.compress(makers.mbox([b"Subject: x\n\n" + line + b"\n"]), 0))
        return path

    assert 1 == count_messages(packed(100))
    linear(packed, count_messages, 50, doublings=1)


# -- D12 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "unit", ["a ", "* ", "(", ")", "()", '"', '"a" ', "-", "subject:", "a OR ", "NOT "]
)
def test_d12_a_query_costs_what_it_weighs(linear: Linear, unit: str) -> None:
    """Understood or refused, at any length that a person could send."""

    def ask(query: str) -> None:
        for _ in range(10):
            try:
                parse_query(query, 900_000_000)
            except QueryError:
                continue

    linear(lambda length: unit * (length // len(unit)), ask, 10_000)
