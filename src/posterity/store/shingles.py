"""The shingles of every body, kept beside the catalogue so that only new mail is cut.

One file a run of messages, written by the worker that parsed them; derived, and made
again when one is missing. A record is a head of fixed size and four runs of octets:

    key (signed), then the lengths of keys, starts, levels and mark: 8 octets each
    keys, starts, levels, mark

All numbers are little-endian. What the octets mean is relate's business.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_HEAD = struct.Struct("<5q")
RECOVERED = "recovered.bin"


class Cut(NamedTuple):
    """One message's record."""

    key: int
    keys: bytes
    starts: bytes
    levels: bytes
    mark: bytes


def segment_name(last: int) -> str:
    """The file of the run of messages that ends with an id."""
    return f"{last:012}.bin"


def write_segment(path: Path, cuts: Iterable[Cut]) -> None:
    """Write one run; a file that is there was cut short by a kill, and is replaced."""
    path.parent.mkdir(exist_ok=True)
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        for cut in cuts:
            file.write(_HEAD.pack(cut.key, *map(len, cut[1:])))
            file.write(b"".join(cut[1:]))
    new.rename(path)


def read_segments(folder: Path) -> Iterator[Cut]:
    """Every record of every run."""
    for path in sorted(folder.glob("*.bin")):
        octets = path.read_bytes()
        at = 0
        while at < len(octets):
            key, *lengths = _HEAD.unpack_from(octets, at)
            at += _HEAD.size
            parts = []
            for length in lengths:
                parts.append(octets[at : at + length])
                at += length
            yield Cut(key, *parts)


def held(folder: Path) -> set[int]:
    """The last ids of the runs that are there."""
    return {int(path.stem) for path in folder.glob("*.bin") if path.stem.isdigit()}
