"""Which segments of a text are printed together: neighbouring quotes are one block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from posterity.model import Segment, SegmentKind


def groups(
    segments: Sequence[Segment], count: int, lines: Sequence[str]
) -> Iterator[list[Segment]]:
    """Segments up to line `count`, neighbouring quotes of one frame together."""
    quotes: list[Segment] = []
    gap: list[Segment] = []
    for segment in segments:
        if segment.first > count:
            break
        if segment.last > count:
            segment = segment._replace(last=count)  # noqa: PLW2901
        if segment.kind is SegmentKind.QUOTE and (
            not quotes or quotes[0].frame == segment.frame
        ):
            quotes += gap
            gap = []
            quotes.append(segment)
        elif quotes and not gap and _is_blank(segment, lines):
            gap.append(segment)
        else:
            if quotes:
                yield quotes
                yield from ([one] for one in gap)
            quotes, gap = [], []
            if segment.kind is SegmentKind.QUOTE:
                quotes.append(segment)
            else:
                yield [segment]
    if quotes:
        yield quotes
        yield from ([one] for one in gap)


def _is_blank(segment: Segment, lines: Sequence[str]) -> bool:
    if segment.kind is not SegmentKind.OWN or segment.last - segment.first > 1:
        return False
    return not any(lines[at].strip() for at in range(segment.first - 1, segment.last))
