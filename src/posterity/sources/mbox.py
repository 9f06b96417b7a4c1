"""Split an mbox file into messages, losing no octet.

An mbox is messages laid end to end, each after a From_ line. What tells the variants
apart is what they do to a body line that looks like a From_ line itself:

    mboxo     >From for From                    can't be undone: >From was legal text
    mboxrd    one more > before >*From          undone exactly
    mboxcl    as mboxo, plus Content-Length     borders by length
    mboxcl2   nothing, Content-Length only      borders by length

`survey` collects the evidence, `find_separators` judges it, this module cuts. One blank
line before the next separator belongs to the framing, and is the piece's `closing`.

Quoting is undone only where mboxrd is declared, or proven by the envelope: ours, or the
one that public-inbox writes. `>>From ` lines prove nothing: in an mboxo file they are
replies to a `>From ` line. In doubt the octets stay.

After our own envelope each message is followed by one CRLF, whatever it ends with, so
that "abc" and "abc CRLF" come back as they were.

Sources: RFC 4155 appendix A; qmail's mbox(5), which names the four variants.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload

from posterity.sources.aside import TOO_LONG, outline, set_aside
from posterity.sources.canonical import canonical, unquote
from posterity.sources.envelope import MBOXRD_ENVELOPES, begins_header
from posterity.sources.extent import Extent
from posterity.sources.leftout import why_left_out
from posterity.sources.separators import Frames
from posterity.sources.source import (
    BATCH_MESSAGES,
    BATCH_OCTETS,
    MESSAGE_LIMIT,
    Piece,
    PieceKind,
    ReadOptions,
)
from posterity.sources.source import MboxFormat as Format
from posterity.sources.survey import blank_length

NO_HEADER = "no header block"
NO_FROM_LINE = "the first message has no From_ line"
PREAMBLE = "text before the first separator"


class Habits(NamedTuple):
    """What holds for every message of a file.

    Attributes:
        mboxrd: the person says that lines are mboxrd-quoted.
        own: envelopes of MBOXRD_ENVELOPES prove their message mboxrd.
        bare_cr: lines end in CR alone (an old Macintosh's file).
        keep_deleted: deleted and internal messages are messages.
        preamble: what the octets before the first separator are.
        ending: why the last message may be incomplete, "" where it is whole.
    """

    mboxrd: bool
    own: bool
    bare_cr: bool
    keep_deleted: bool
    preamble: str
    ending: str


@dataclass(frozen=True, slots=True)
class MboxBatch:
    """Some hundred messages of an mbox, read from the file by who gets the batch.

    starts[i] is where message i's From_ line stands, bodies[i] where its octets do;
    end is where the last message ends.
    """

    extent: Extent
    starts: array[int]
    bodies: array[int]
    end: int
    habits: Habits

    @property
    def start(self) -> int:
        """Offset of the first From_ line."""
        return self.starts[0]

    def read(self) -> Iterator[Piece]:
        """Yield a piece for each message; they tile start to end."""
        if self.end - self.start > MESSAGE_LIMIT:
            yield from self._set_aside()
            return
        base = self.start
        octets = self.extent.read(base, self.end)
        ends = [*self.starts[1:], self.end]
        for start, body, end in zip(self.starts, self.bodies, ends, strict=True):
            last = end == self.extent.length
            yield self._piece(
                start,
                octets[start - base : body - base],
                octets[body - base : end - base],
                last,
            )

    def _piece(self, start: int, opening: bytes, region: bytes, last: bool) -> Piece:
        """Make one piece of a From_ line and what stands before the next."""
        habits = self.habits
        proven = habits.own and opening.rstrip(b"\r\n") in MBOXRD_ENVELOPES
        cut = _own_closing(region) if proven else closing_length(region, habits.bare_cr)
        found = region[:-cut] if cut else region
        closing = region[len(found) :]
        ending = habits.ending if last else ""
        if not opening and habits.preamble != NO_FROM_LINE:
            kind, reason = PieceKind.PREAMBLE, habits.preamble
            return Piece(kind, region, b"C", "", start, b"", len(region), b"", "", reason)
        why = "" if habits.keep_deleted else why_left_out(found)
        if why:
            kind = PieceKind.QUARANTINED
            return Piece(
                kind, found, b"C", "", start, opening, len(found), closing, "", why
            )
        octets, line_ends = canonical(found)
        quoting = ""
        if proven or habits.mboxrd:
            octets, quoting = unquote(octets)
        reason = ending or (habits.preamble if not opening else "")
        if not reason and not begins_header(octets, 0):
            reason = NO_HEADER
        return Piece(
            PieceKind.MESSAGE, octets, line_ends, "",
            start, opening, len(found), closing, quoting, reason,
        )  # fmt: skip

    def _set_aside(self) -> Iterator[Piece]:
        """Yield what is too long for a message, in chunks."""
        opening = self.extent.read(self.start, self.bodies[0])
        kind = PieceKind.QUARANTINED if opening else PieceKind.PREAMBLE
        reason = TOO_LONG if opening else self.habits.preamble
        first = outline(kind, "", self.start, opening, reason)
        yield from set_aside(self.extent, first, self.bodies[0], self.end)


@dataclass(frozen=True, slots=True)
class MboxBatches(Sequence[MboxBatch]):
    """The batches of an mbox, made as they are asked for."""

    extent: Extent
    frames: Frames
    habits: Habits
    bounds: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        starts = self.frames.starts
        if self.extent.length and not (starts and not starts[0]):
            starts.insert(0, 0)
            self.frames.bodies.insert(0, 0)
        self.bounds.extend(_bounds(self.frames.starts, self.extent.length))

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, place: int) -> MboxBatch: ...
    @overload
    def __getitem__(self, place: slice) -> list[MboxBatch]: ...
    def __getitem__(self, place: int | slice) -> MboxBatch | list[MboxBatch]:
        """The batch at a place, or several."""
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        at = range(len(self))[place]
        first, last = self.bounds[at], self.bounds[at + 1]
        starts, bodies = self.frames.starts, self.frames.bodies
        end = starts[last] if last < len(starts) else self.extent.length
        return MboxBatch(
            self.extent, starts[first:last], bodies[first:last], end, self.habits
        )


def habits_of(
    frames: Frames, head: bytes, options: ReadOptions, *, bare_cr: bool, ending: str
) -> Habits:
    """What holds for the messages of a file that was surveyed."""
    preamble = ""
    if not frames.starts or frames.starts[0]:
        preamble = NO_FROM_LINE if begins_header(head, 0) else PREAMBLE
    return Habits(
        mboxrd=options.mbox_format is Format.MBOXRD,
        own=frames.rule.own,
        bare_cr=bare_cr,
        keep_deleted=options.keep_deleted,
        preamble=preamble,
        ending=ending,
    )


def closing_length(region: bytes, bare_cr: bool) -> int:
    """How many octets the one blank line is that closes a message; 0 for none."""
    if bare_cr:
        return int(region == b"\r" or region.endswith(b"\r\r"))
    return blank_length(region)


def _own_closing(region: bytes) -> int:
    """The one line end that our export puts after each message."""
    return 2 if region.endswith(b"\r\n") else int(region.endswith(b"\n"))


def _bounds(starts: array[int], length: int) -> Iterator[int]:
    """Which messages begin a batch, and at the end how many there are."""
    place = 0
    while place < len(starts):
        yield place
        by_octets = bisect_right(starts, starts[place] + BATCH_OCTETS, place)
        if length - starts[place] > BATCH_OCTETS:
            by_octets -= 1  # the last of them may be the long one
        place = min(max(by_octets, place + 1), place + BATCH_MESSAGES, len(starts))
    yield place
