"""What the search index is given of each message, and which quoted lines count as lost.

A quoted line is lost where no quote span of `relate` covers it: what it quotes is held
nowhere, or was not recognised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from posterity.fields import COLUMNS
from posterity.store.batches import QUOTED, STREAMS, TokenBatch

_LOST: Final = COLUMNS.index("lost")

Row = tuple[int | str, ...]
Span = tuple[int, int, int]
Ints = npt.NDArray[np.int64]

_LINE_BITS: Final = 32


def lost_lines(batch: TokenBatch, spans: Sequence[Span]) -> dict[int, list[int]]:
    """The quoted lines of each message that no span covers, by message.

    Args:
        batch: the messages.
        spans: (message, first, last) of all quote spans, by message and first line.
    """
    place = {key: row for row, key in enumerate(batch.keys)}
    held = [(place[key], first, last) for key, first, last in spans if key in place]
    held.sort()  # recovered messages are in the batch from the last key to the first
    rows, firsts, lasts = np.array(held, np.int64).reshape(-1, 3).T
    owners = np.repeat(np.arange(len(batch.keys)), batch.lines)
    lines = owners << _LINE_BITS | batch.line_numbers
    at = np.searchsorted(rows << _LINE_BITS | firsts, lines, "right") - 1
    ends = np.append(rows << _LINE_BITS | lasts, -1)  # the last is before them all
    lost = ends[at] < lines
    numbers = batch.line_numbers[lost].tolist()
    counts = np.bincount(owners[lost], minlength=len(batch.keys))
    edges = pairwise([0, *np.cumsum(counts).tolist()])
    return {
        key: numbers[first:last]
        for key, (first, last) in zip(batch.keys, edges, strict=True)
    }


def rows_of(
    batch: TokenBatch, lost: Mapping[int, Sequence[int]], only: set[int] | None = None
) -> Iterator[Row]:
    """What FTS5 is given of each message."""
    # one text of all words, of which every column is a piece
    text = " ".join(map(batch.vocabulary.__getitem__, batch.tokens.tolist()))
    sizes = np.fromiter(map(len, batch.vocabulary), np.int64, len(batch.vocabulary)) + 1
    places = np.concatenate(([0], np.cumsum(sizes[batch.tokens])))
    starts = np.concatenate(([0], np.cumsum(batch.counts, dtype=np.int64)))
    pieces = list(pairwise(places[starts].tolist()))
    lines = _lines(batch, starts, places)
    width = len(STREAMS)
    line = 0
    for row, (key, held) in enumerate(zip(batch.keys, batch.lines.tolist(), strict=True)):
        if only is None or key in only:
            mine = pieces[row * width : (row + 1) * width]
            texts = [text[at : end - 1] if end > at else "" for at, end in mine]
            gone = set(lost.get(key, ()))
            missing = [
                text[at : end - 1]
                for number, at, end in lines[line : line + held]
                if number in gone
            ]
            texts.insert(_LOST, " ".join(missing))
            yield (key, *texts)
        line += held


def _lines(batch: TokenBatch, starts: Ints, places: Ints) -> list[tuple[int, int, int]]:
    """Each quoted line's number, and where its words are in the text."""
    quoted = starts[QUOTED :: len(STREAMS)][: len(batch.keys)]
    ends = np.cumsum(batch.line_counts, dtype=np.int64)
    firsts = ends - batch.line_counts
    held = batch.lines.astype(np.int64)
    before = np.concatenate(([0], ends))[np.cumsum(held) - held]
    moved = np.repeat(quoted - before, held)
    found = (batch.line_numbers, places[firsts + moved], places[ends + moved])
    return list(zip(*(array.tolist() for array in found), strict=True))


assert len(STREAMS) + 1 == len(COLUMNS)


def lost_flags(batch: TokenBatch, lost: dict[int, set[int]]) -> list[bool]:
    """For each quoted line of a batch whether it is lost."""
    numbers = iter(batch.line_numbers.tolist())
    flags: list[bool] = []
    none: set[int] = set()
    for key, held in zip(batch.keys, batch.lines.tolist(), strict=True):
        mine = lost.get(key, none)
        flags += [next(numbers) in mine for _ in range(held)]
    return flags
