"""A list while its shingles are joined, as workers find it: files, and a scratch folder."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posterity.relate.shingles import I64, Run
from posterity.relate.statements import Texts, texts_of
from posterity.store.shingles import SegmentFile, ids_of


class Place(NamedTuple):
    """A list whose shingles are being joined: their files, and a folder for what is found.

    No two have the same scratch folder, so it is what workers remember a list by.
    """

    files: tuple[Path, ...]
    scratch: Path


UTC = "utc.npy"
PLACES = "places.npy"
ANSWERED = "answered.npy"
PAIRS = "pairs.npy"
"""Files of the scratch folder."""


def keys_of(place: Place) -> I64:
    """The catalogue's keys of all messages, in the order of the files."""
    return ids_of(place.files)


@lru_cache(maxsize=1)
def opened(place: Place) -> tuple[list[SegmentFile], list[int]]:
    """The files of the runs, and the words before each."""
    files = [SegmentFile(path) for path in place.files]
    words = [int(np.frombuffer(file.column("words"), "<i8").sum()) for file in files]
    return files, list(accumulate(words, initial=0))[:-1]


@lru_cache(maxsize=1)
def texts(place: Place) -> Texts:
    """Where the words and lines of a list stand."""
    files, _ = opened(place)
    return texts_of(
        Run(
            np.zeros(0, np.uint64),
            np.frombuffer(file.column("counts"), "<u4"),
            np.frombuffer(file.column("levels"), np.uint8),
            np.frombuffer(file.column("words"), "<i8"),
            np.frombuffer(file.column("lines"), "<i8"),
        )
        for file in files
    )


@lru_cache(maxsize=1)
def times_and_places(place: Place) -> tuple[I64, I64]:
    """The time of each message, and its place by (time, digest)."""
    utc, places = (np.load(place.scratch / name) for name in (UTC, PLACES))
    return utc, places
