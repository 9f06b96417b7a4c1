"""Keys sorted into a file, more of them than memory should hold at once.

    parts ──▶ buckets, cut where a sample of the keys says ──▶ each sorted ──▶ one file

65,646 messages have 20 million keys: 160 MB, and as much again while they are put in
order. In buckets it takes no longer, and 40 MB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

import numpy as np

from posterity.site.postings import Keys

AT_ONCE: Final = 1 << 22
"""Keys that are sorted in memory."""

SAMPLE: Final = 256
"""Of so many keys one is looked at to find where buckets are cut."""

Parts = Callable[[int], Iterable[Keys]]
"""Gives all keys anew, in parts of any size; asked for n, every n-th of each part."""


def sort_into(path: Path, parts: Parts, count: int) -> Keys:
    """Sort keys into a file.

    Args:
        path: of the file, which is written anew.
        count: of the keys.

    Returns:
        The keys as they stand in the file, none of them in memory until it is asked for.
    """
    with path.open("wb") as file:
        for bucket in _buckets(path.parent, parts, count):
            bucket.sort()
            bucket.tofile(file)
    return np.memmap(path, np.uint64, "r") if count else np.zeros(0, np.uint64)


def _buckets(folder: Path, parts: Parts, count: int) -> Iterator[Keys]:
    """The keys in runs that follow each other, each in no order."""
    number = -(-count // AT_ONCE)
    if number <= 1:
        yield np.concatenate([np.zeros(0, np.uint64), *parts(1)])
        return
    edges = _edges(parts, number)
    with ExitStack() as stack:
        files: list[IO[bytes]] = [
            stack.enter_context(TemporaryFile(dir=folder)) for _ in range(number)
        ]
        for part in parts(1):
            part.sort()  # quicker than to tell each key's bucket
            for file, keys in zip(
                files, np.split(part, np.searchsorted(part, edges)), strict=True
            ):
                keys.tofile(file)
        for file in files:
            file.seek(0)
            yield np.fromfile(file, np.uint64)


def _edges(parts: Parts, number: int) -> Keys:
    """The first key of each bucket but the first, so that they are about as large."""
    sample = np.sort(np.concatenate(list(parts(SAMPLE))))
    return sample[np.arange(1, number) * len(sample) // number]
