"""Where other messages repeat withdrawn words, found by the shingles kept of every body.

The words themselves are not needed: an erased message is known by its shingles' numbers
alone. What an earlier message, one that is not withdrawn, says in its own words was not
the withdrawn one's to begin with, and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.pipeline.shelves import shelves_of
from posterity.relate.again import Keys, saying
from posterity.relate.shingles import FORWARDED, LEVELS, WORDS
from posterity.store.shingles import Cut, ids_of, read_segments, segment_files

LEAST_UNMARKED: Final = 4
"""Shingles on end, eight words, that are a quotation even without a mark."""

Lines = tuple[int, int]
Numbers = NDArray[np.uint64]


class _Said(NamedTuple):
    """A body's shingles without their levels, and where they stand."""

    key: int
    shingles: Numbers
    levels: NDArray[np.uint8]
    starts: NDArray[np.uint32]


def statements(folder: Path, key: int) -> bytes:
    """The numbers of what a message says in its own words, sorted."""
    for cut in read_segments(folder, {key}):
        return _own(_said(cut)).tobytes()
    return b""


def echoes(
    folder: Path,
    withdrawn: Mapping[int, int | None],
    remembered: Iterable[bytes],
    times: Mapping[int, int | None],
) -> dict[int, list[Lines]]:
    """Lines of other messages in which withdrawn words are repeated.

    Args:
        folder: of the shingles.
        withdrawn: by message, its time.
        remembered: statements of messages that were erased.
        times: of all messages.

    Returns:
        By message, (first, last) lines of its body.
    """
    wanted = _wanted(folder, withdrawn, remembered)
    if not len(wanted):
        return {}
    latest = max((utc for utc in withdrawn.values() if utc is not None), default=0)
    hits: list[tuple[_Said, NDArray[np.bool_]]] = []
    before: list[Numbers] = []
    for cut in read_segments(folder, _saying(folder, wanted) - withdrawn.keys()):
        said = _said(cut)
        held = np.isin(said.shingles, wanted)
        hits.append((said, held))
        utc = times.get(cut.key)
        if withdrawn and utc is not None and utc < latest:
            before.append(said.shingles[held & (said.levels == 0)])
    common = np.unique(np.concatenate(before)) if before else np.zeros(0, np.uint64)
    found = {}
    for said, held in hits:
        lines = list(_lines(said, held & ~np.isin(said.shingles, common)))
        if lines:
            found[said.key] = lines
    return found


def _wanted(
    folder: Path, withdrawn: Mapping[int, int | None], remembered: Iterable[bytes]
) -> Numbers:
    parts = [np.frombuffer(one, "<u8") for one in remembered]
    if withdrawn:
        parts += [_own(_said(cut)) for cut in read_segments(folder, withdrawn)]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)


def _saying(folder: Path, wanted: Numbers) -> set[int]:
    """The messages that have any of some shingles at any level.

    Looking through the boxes of 65,566 messages takes 0.3 s; asking each took 15.
    """
    files = segment_files(folder)
    places = saying(shelves_of(files), Keys(wanted))
    return set(ids_of(files)[places].tolist())


def _said(cut: Cut) -> _Said:
    keys = np.frombuffer(cut.keys, "<u8")
    starts = np.frombuffer(cut.starts, "<u4")
    counts: NDArray[np.int64] = starts[1:].astype(np.int64) - starts[:-1]
    levels = np.repeat(np.frombuffer(cut.levels, np.uint8), counts)
    marks = LEVELS[levels & np.uint8(FORWARDED - 1)]
    return _Said(cut.key, np.where(keys != 0, keys ^ marks, keys), levels, starts)


def _own(said: _Said) -> Numbers:
    own = said.shingles[(said.levels == 0) & (said.shingles != 0)]
    return np.unique(own)


def _lines(said: _Said, held: NDArray[np.bool_]) -> Iterator[Lines]:
    """Lines that the runs of repeated words touch."""
    edges = np.flatnonzero(np.diff(held.astype(np.int8), prepend=0, append=0))
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if said.levels[first] == 0 and after - first < LEAST_UNMARKED:
            continue
        last_word = after - 1 + WORDS - 1
        lines = np.searchsorted(said.starts, [first, last_word], side="right")
        yield int(lines[0]), int(lines[1])
