"""What the search index is given of each message, and which quoted lines count as lost.

A quoted line is lost where no quote span of `relate` covers it: what it quotes is held
nowhere, or was not recognised.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from posterity.fields import COLUMNS
from posterity.store.batches import QUOTED, STREAMS, TokenBatch

_LOST: Final = COLUMNS.index("lost")

Row = tuple[int | str, ...]
Span = tuple[int, int]


def lost_lines(batch: TokenBatch, spans: dict[int, list[Span]]) -> dict[int, list[int]]:
    """The quoted lines of each message that no span covers, by message."""
    numbers = batch.line_numbers.tolist()
    lost: dict[int, list[int]] = {}
    at = 0
    for key, held in zip(batch.keys, batch.lines.tolist(), strict=True):
        covered = spans.get(key)
        own = numbers[at : at + held]
        lost[key] = own if covered is None else [n for n in own if not _in(n, covered)]
        at += held
    return lost


def _in(line: int, spans: Sequence[Span]) -> bool:
    at = bisect_right(spans, (line, 1 << 62)) - 1
    return at >= 0 and spans[at][1] >= line


def rows_of(
    batch: TokenBatch, lost: dict[int, list[int]], only: set[int] | None = None
) -> Iterator[Row]:
    """What FTS5 is given of each message."""
    for key, streams, lines in batch.messages():
        if only is not None and key not in only:
            continue
        texts = list(map(" ".join, streams))
        texts.insert(_LOST, _lost_words(streams[QUOTED], lines, lost.get(key, [])))
        yield (key, *texts)


def _lost_words(quoted: list[str], lines: list[tuple[int, int]], lost: list[int]) -> str:
    """The words of the lost lines, in order."""
    if not lost:
        return ""
    if len(lost) == len(lines):
        return " ".join(quoted)
    wanted = set(lost)
    words: list[str] = []
    at = 0
    for number, count in lines:
        if number in wanted:
            words += quoted[at : at + count]
        at += count
    return " ".join(words)


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
