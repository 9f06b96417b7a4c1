"""The shingles of every body, kept beside the catalogue so that only new mail is cut.

One file a run of messages, written by the worker that parsed them; derived, and made
again when one is missing. It is a head, the length in octets of each column as an
unsigned 64-bit number, and the columns one after the other, in the order of `Segment`.
All numbers are little-endian. What they mean is relate's business.

Columns are read by themselves, and parts of them: whoever joins some boxes of the list
reads those boxes alone, so nobody holds a list's shingles at once.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate, pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RECOVERED = "recovered.bin"


class Segment(NamedTuple):
    """The columns of one run of messages.

    Attributes:
        ids: signed 64-bit, for each message its id in the catalogue.
        words, lines: 64-bit, for each message how many it has.
        texts: 16 octets for each message: a digest of its text, or zeros.
        minima: four 64-bit numbers for each message.
        keys: 64-bit, the statements, box by box.
        places: 32-bit, for each statement its word, counted in the run.
        edges: 32-bit, where the halves of the boxes begin.
        counts: 32-bit, for each line its words.
        levels: an octet for each line.
        quoted: an octet for each statement in the second half of a box.
    """

    ids: bytes
    words: bytes
    lines: bytes
    texts: bytes
    minima: bytes
    keys: bytes
    places: bytes
    edges: bytes
    counts: bytes
    levels: bytes
    quoted: bytes


_HEAD = struct.Struct(f"<{len(Segment._fields)}Q")


def segment_name(last: int) -> str:
    """The file of the run of messages that ends with an id."""
    return f"{last:012}.bin"


def write_segment(path: Path, segment: Segment) -> None:
    """Write one run; a file that is there was cut short by a kill, and is replaced."""
    path.parent.mkdir(exist_ok=True)
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        file.write(_HEAD.pack(*map(len, segment)))
        for column in segment:
            file.write(column)
    new.rename(path)


class SegmentFile:
    """One run's file, read column by column; holds neither the file open nor its octets."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            lengths = _HEAD.unpack(file.read(_HEAD.size))
        self._begins = tuple(accumulate(lengths, initial=_HEAD.size))

    def column(self, name: str) -> bytes:
        """A whole column."""
        number = Segment._fields.index(name)
        return self.part(name, 0, self._begins[number + 1] - self._begins[number])

    def ids(self) -> NDArray[np.int64]:
        """The catalogue's keys of its messages, in their order."""
        return np.frombuffer(self.column("ids"), "<i8").astype(np.int64)

    def part(self, name: str, begin: int, end: int) -> bytes:
        """The octets begin..end - 1 of a column."""
        with self._path.open("rb", buffering=0) as file:
            file.seek(self._begins[Segment._fields.index(name)] + begin)
            return file.read(end - begin)

    def view(self) -> dict[str, memoryview]:
        """Every column by its name, of which only what is looked at is read."""
        with self._path.open("rb") as file:
            octets = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        edges = pairwise(self._begins)
        return {
            name: octets[begin:end]
            for name, (begin, end) in zip(Segment._fields, edges, strict=True)
        }


def segment_files(folder: Path) -> list[Path]:
    """The files of all runs, in a lasting order."""
    return sorted(folder.glob("*.bin"))


def ids_of(files: Iterable[Path]) -> NDArray[np.int64]:
    """The catalogue's keys of all messages, in the order of the files."""
    runs = (SegmentFile(path).ids() for path in files)
    return np.concatenate([np.zeros(0, np.int64), *runs])


def held(folder: Path) -> set[int]:
    """The last ids of the runs that are there; of none where one is cut short.

    A file that was renamed may lack its octets after a power loss.
    """
    files = segment_files(folder)
    if not all(map(_is_whole, files)):
        return set()
    return {int(path.stem) for path in files if path.stem.isdigit()}


def _is_whole(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return False
    length: int = _HEAD.size + sum(_HEAD.unpack(head))
    return path.stat().st_size == length


class Cut(NamedTuple):
    """One message's shingles in the order of its body.

    Attributes:
        key: its id in the catalogue.
        keys: 64-bit, the statement at each word, 0 where none starts.
        starts: 32-bit, for each line, and one more, the number of words before it.
        levels: an octet for each line.
    """

    key: int
    keys: bytes
    starts: bytes
    levels: bytes


def read_segments(folder: Path, only: Collection[int] | None = None) -> Iterator[Cut]:
    """Every message of every run, or some by their ids, taken out of the boxes."""
    for path in segment_files(folder):
        yield from read_cuts(SegmentFile(path), only)


def read_cuts(file: SegmentFile, only: Collection[int] | None = None) -> Iterator[Cut]:
    """Every message of a run, or some by their ids, taken out of the boxes."""
    ids = file.ids()
    wanted = np.ones(len(ids), np.bool_)
    if only is not None:
        wanted = np.isin(ids, np.fromiter(only, np.int64, len(only)))
    if not wanted.any():
        return
    words = np.frombuffer(file.column("words"), "<u8").astype(np.int64)
    lines = np.frombuffer(file.column("lines"), "<u8").astype(np.int64)
    counts = np.frombuffer(file.column("counts"), "<u4")
    levels = file.column("levels")
    keys = np.zeros(int(words.sum()), "<u8")
    places = np.frombuffer(file.column("places"), "<u4")
    keys[places] = np.frombuffer(file.column("keys"), "<u8")
    first_words, first_lines = np.cumsum(words) - words, np.cumsum(lines) - lines
    for at in np.flatnonzero(wanted).tolist():
        word, line, rows = int(first_words[at]), int(first_lines[at]), int(lines[at])
        starts = np.zeros(rows + 1, "<u4")
        np.cumsum(counts[line : line + rows], out=starts[1:])
        here = keys[word : word + int(words[at])].tobytes()
        yield Cut(int(ids[at]), here, starts.tobytes(), levels[line : line + rows])
