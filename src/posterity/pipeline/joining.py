"""Who quotes whom, by any number of workers: a list's shingles are in nobody's memory.

    outline       where words and lines stand: 5 octets a line, in every worker
    boxes         statements joined with questions, some boxes at a time    join_boxes
    blocks        answers counted, and passages found, message by message   best, passages

What was found in the boxes goes by way of a scratch folder, 10 octets for a question
that is answered and 8 for an answer, 12 for each message that asks in a part; and each
block reads its questions alone.

Memory, for 65,666 messages and for a million: the outline 16 and 240 MB in each worker,
the boxes in hand 25 and 100 MB, a block 80 MB; scratch 60 MB and 1 GB of disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.errors import ArchiveError
from posterity.executor import Executor
from posterity.pipeline.columns import among
from posterity.pipeline.joinplace import (
    ANSWERED,
    PAIRS,
    PLACES,
    UTC,
    Place,
    keys_of,
    opened,
    texts,
    times_and_places,
)
from posterity.pipeline.rejoining import (
    Grown,
    Quoting,
    Rejoined,
    passages_again,
    rejoin,
)
from posterity.relate.again import VERSION, touched
from posterity.relate.pairs import Block, Library, Pairs, blocks, no_pairs
from posterity.relate.passages import Passage, find_passages
from posterity.relate.quotes import (
    Cite,
    Timed,
    answered_by_number,
    best_pairs,
    cites_of,
    part_of,
    places_by_time,
)
from posterity.relate.shingles import I64, U32, U64
from posterity.relate.statements import (
    BOXES,
    Asked,
    Found,
    Shelves,
    Statements,
    look_up,
    quoted_before,
)
from posterity.relate.witnesses import LAST
from posterity.store.came import Columns, read_came, write_came
from posterity.store.shingles import SegmentFile, segment_files

PART = 1 << 18
"""Statements joined at a time. A million took half as long again, for the arrays are then
larger than the processor's own memory; fewer gain nothing measurable."""


class Boxes(NamedTuple):
    """Some boxes as work: first..last - 1 of BOXES."""

    place: Place
    first: int
    last: int


class Messages(NamedTuple):
    """A block of messages as work, and the first box of each part that was joined."""

    place: Place
    parts: tuple[int, ...]
    block: Block


class Joined(NamedTuple):
    """Who may quote whom, by the catalogue's keys.

    Attributes:
        children, parents: of each pair.
        again: children whose cites may be others than last time; None: all.
    """

    children: I64
    parents: I64
    again: set[int] | None


class Joining:
    """The shingles of a list while they are joined.

    Attributes:
        files: of the runs.
        kept: what was kept of the list as it was; None where nothing holds.
        changed: then, and once entries are met, messages that are new or have another
            time: the time they had, None where they had none or are new.
        new: those that are new.
    """

    def __init__(
        self,
        folder: Path,
        known: Iterable[int],
        spool: Path,
        executor: Executor,
        meaning: int = 0,
    ) -> None:
        """Begin with the boxes, which need no times.

        Args:
            folder: of the shingles.
            known: the messages of the catalogue.
            spool: where the scratch folder is made.
            executor: where the work is done.
            meaning: version of what is kept beside what joining came to.

        Raises:
            ArchiveError: the shingles are not of this catalogue.
        """
        self.files = tuple(segment_files(folder))
        self._place = Place(self.files, Path(tempfile.mkdtemp(dir=spool)))
        self._keys = keys_of(self._place)
        if not np.array_equal(np.sort(self._keys), np.sort(np.fromiter(known, np.int64))):
            raise ArchiveError(
                f"{folder}: not of this catalogue; delete catalogue.db, it is made again"
            )
        self._executor = executor
        self._folder = folder
        self._version = f"{VERSION}.{meaning}"
        self.kept = self._as_before()
        self.changed: dict[int, int | None] = {}
        self.new: set[int] = set()
        self._joined = None if self.kept else self._begun()
        self._rejoining: Iterator[Rejoined | None] | None = None
        self._again: Rejoined | None = None
        self._work: list[Messages] = []
        self._came: dict[str, NDArray[Any]] = {}
        self._frequent: list[U64] = []

    @property
    def is_continued(self) -> bool:
        """Whether only what has changed was joined."""
        return self._again is not None

    def _as_before(self) -> Columns | None:
        """What was kept of the list as it was, where that is still known."""
        kept = read_came(self._folder, self._version, self.files)
        if kept is None or not np.isin(kept["keys"], self._keys).all():
            return None
        return kept

    def _begun(self) -> Iterator[U64]:
        """Begin with all boxes."""
        boxes = _all_boxes(self._place)
        self._parts = tuple(part.first for part in boxes)
        return self._executor.map(_join_boxes, boxes, eager=True)

    def meet(self, ordered: Iterable[Timed]) -> None:
        """Take all messages, by (time, digest), now that their times are known.

        What has changed since is joined meanwhile.
        """
        keys = self._keys
        utc, self._places = places_by_time(keys, ordered)
        np.save(self._place.scratch / UTC, utc)
        np.save(self._place.scratch / PLACES, self._places)
        self._came = {"keys": keys, "utc": utc}
        if self.kept is not None:
            changed = touched(self.kept["keys"], self.kept["utc"], keys, utc)
            had = dict(zip(*(self.kept[n].tolist() for n in ("keys", "utc")), strict=True))
            self.new = set(keys[changed].tolist()) - had.keys()
            self.changed = {
                key: None if had.get(key) == LAST else had.get(key)
                for key in keys[changed].tolist()
            }
            self._rejoining = self._executor.map(rejoin, [self._grown()], eager=True)

    def _grown(self) -> Grown:
        return Grown(self._place, self._folder, self._version)

    def join(self) -> Joined:
        """Find who may quote whom."""
        keys, again = self._keys, None
        self._again = next(self._rejoining) if self._rejoining else None
        if self._again:
            pairs, asked = self._again.pairs, self._again.asked
            again = set(keys[self._again.concerned].tolist())
        else:
            pairs, asked = self._all_pairs(self._joined or self._begun())
        np.save(self._place.scratch / PAIRS, np.stack(pairs))
        kept = np.load(self._place.scratch / PAIRS, mmap_mode="r")  # until the end
        self._came |= {"asked": asked, "pairs": kept}
        return Joined(keys[pairs.child], keys[pairs.parent], again)

    def cites(self, only: Collection[int] | None = None) -> Iterator[Cite]:
        """Who quotes whom, once joined: all cites, or those of some children."""
        pairs = Pairs(*self._came["pairs"])
        if only is not None:
            some = among(self._keys[pairs.child], only)
            pairs = Pairs(*(column[some] for column in pairs))
        return cites_of(pairs, self._came["asked"], self._keys, self._places)

    def _all_pairs(self, joined: Iterable[U64]) -> tuple[Pairs, U32]:
        """The pairs worth keeping, and what each message asks, all boxes joined."""
        asked = np.zeros((2, len(self._keys)), np.uint32)
        for part, frequent in zip(self._parts, joined, strict=True):
            some, counts = (
                np.load(_column_path(self._place, part, name)) for name in _COUNTED
            )
            asked[:, some] += counts
            self._frequent.append(frequent)
        words = (SegmentFile(path).column("words") for path in self.files)
        ends = np.cumsum(np.frombuffer(b"".join([bytes(8), *words]), "<i8"))
        self._work = [Messages(self._place, self._parts, block) for block in blocks(ends)]
        best = self._executor.map(_best_pairs, self._work, eager=True)
        return Pairs(*map(np.concatenate, zip(no_pairs(), *best, strict=True))), asked

    def passages(self, answered: Mapping[int, int]) -> Iterator[I64]:
        """Begin to find the passages, now that it is known who answers whom.

        Args:
            answered: the parent of each child.

        Returns:
            Rows of `Passage`, some messages at a time, by the catalogue's keys.
        """
        parents = answered_by_number(self._keys, answered)
        np.save(self._place.scratch / ANSWERED, parents)
        self._came["answered"] = parents
        if self._again:
            again = self._again
            work = Quoting(self._grown(), again.again, again.part, again.frequent)
            return self._named(self._executor.map(passages_again, [work], eager=True))
        return self._named(self._executor.map(_passages, self._work, eager=True))

    def _named(self, found: Iterable[I64]) -> Iterator[I64]:
        """Passages with the keys of their messages."""
        whole = [np.zeros((0, len(Passage._fields)), np.int64)]
        for numbered in found:
            whole.append(numbered)
            yield named(numbered, self._keys)
        self._came["passages"] = np.concatenate(whole)

    def keep(self, more: Columns) -> None:
        """Keep what was found, and more, for the next time; once all passages were taken."""
        frequent = self._again.frequent if self._again else _all_of(self._frequent)
        columns = {**self._came, **more, "frequent": frequent}
        write_came(self._folder, self._version, self.files, columns)


def named(passages: I64, keys: I64) -> I64:
    """Passages whose messages are named by their places, with their keys instead."""
    rows = passages.copy()
    for place in (0, 3):
        rows[:, place] = keys[passages[:, place]]
    return rows


def _all_boxes(place: Place) -> list[Boxes]:
    """Every box of a list, in parts of about PART statements."""
    edges = (
        SegmentFile(path).part("edges", 8 * BOXES, 8 * BOXES + 4) for path in place.files
    )
    total = sum(int.from_bytes(edge, "little") for edge in edges)
    parts = min(max(1, -(-total // PART)), BOXES)
    limits = [number * BOXES // parts for number in range(parts + 1)]
    return [Boxes(place, first, last) for first, last in pairwise(limits)]


def _join_boxes(boxes: Boxes) -> U64:
    """Answer the questions of some boxes; what is found is left in files.

    Returns:
        Frequent shingles, as in `Found`.
    """
    files, before = opened(boxes.place)
    shelves = (_boxes_of(file, boxes.first, boxes.last) for file in files)
    part = part_of(zip(shelves, before, strict=True))
    found = look_up(part, texts(boxes.place).words)
    for name, column in _columns(found).items():
        np.save(_column_path(boxes.place, boxes.first, name), column)
    return found.frequent


def _all_of(frequent: Sequence[U64]) -> U64:
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *frequent]))


def _columns(found: Found) -> dict[str, NDArray[Any]]:
    some = np.flatnonzero(found.counts.any(axis=0)).astype(np.uint32)
    return {
        **found.asked._asdict(),
        "messages": found.statements.messages,
        "stated": found.statements.words,
        **dict(zip(_COUNTED, (some, found.counts[:, some]), strict=True)),
    }


_COUNTED: Final = "asking", "counts"
"""Columns of a part: messages that ask something in it, and how much."""


def _column_path(place: Place, part: int, name: str) -> Path:
    return place.scratch / f"{part}.{name}.npy"


def _boxes_of(file: SegmentFile, first: int, last: int) -> Shelves:
    edges = np.frombuffer(file.column("edges"), "<u4")
    begin, end = int(edges[2 * first]), int(edges[2 * last])
    quoted = quoted_before(edges)
    return Shelves(
        np.frombuffer(file.part("keys", 8 * begin, 8 * end), "<u8"),
        np.frombuffer(file.part("places", 4 * begin, 4 * end), "<u4"),
        np.frombuffer(file.part("quoted", int(quoted[first]), int(quoted[last])), np.uint8),
        edges[2 * first : 2 * last + 1],
    )


@lru_cache(maxsize=1)
def _library(place: Place, parts: tuple[int, ...]) -> Library:
    """The list with all that was found, none of it in memory until it is asked for."""

    def read(part: int, name: str) -> NDArray[Any]:
        return np.asarray(np.load(_column_path(place, part, name), mmap_mode="r"))

    none = np.zeros(0, np.uint32)
    found = [
        Found(
            Asked(*(read(part, name) for name in Asked._fields)),
            Statements(read(part, "messages"), read(part, "stated")),
            none,
            none.astype(np.uint64),
        )
        for part in parts
    ]
    return Library(texts(place), found, *times_and_places(place))


def _best_pairs(work: Messages) -> Pairs:
    """Who may be the parents of a block; runs in a worker."""
    return best_pairs(_library(work.place, work.parts), work.block)


def _passages(work: Messages) -> I64:
    """The passages of a block, a row each; runs in a worker."""
    answered = np.load(work.place.scratch / ANSWERED)
    found = find_passages(_library(work.place, work.parts), work.block, answered)
    return np.array(found, np.int64).reshape(-1, len(Passage._fields))
