"""Split an MMDF folder: each message stands between two lines of four ^A.

    ^A^A^A^A
    From: joe@example.org
    …
    ^A^A^A^A

No body line can look like that by chance, so borders are sure and nothing is quoted. A
From_ line that some programs put after the mark belongs to the opening.

Source: MMDF II, mmdf(5); Mutt's and Python's mailbox.MMDF read the same.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from posterity.errors import FramingError
from posterity.model import Framing
from posterity.sources.aside import TOO_LONG, outline, set_aside
from posterity.sources.canonical import canonical
from posterity.sources.detect import MMDF_MARK
from posterity.sources.envelope import begins_header
from posterity.sources.extent import Extent, Opened, Window
from posterity.sources.files import envelope_length
from posterity.sources.leftout import why_left_out
from posterity.sources.mbox import NO_HEADER, PREAMBLE
from posterity.sources.named import Named
from posterity.sources.profile import newline_of
from posterity.sources.source import (
    BATCH_MESSAGES,
    BATCH_OCTETS,
    MESSAGE_LIMIT,
    Piece,
    PieceKind,
    Profile,
    ReadOptions,
    Source,
)

UNCLOSED = "the folder ends before the message's closing mark"
BETWEEN = "text between two messages"


@dataclass(slots=True)
class Cuts:
    """Where the pieces of a folder are: opening, octets, closing, for each.

    starts[i] ≤ bodies[i] ≤ ends[i] ≤ starts[i + 1]; where nothing opens, starts[i] is
    bodies[i].
    """

    starts: array[int] = field(default_factory=lambda: array("Q"))
    bodies: array[int] = field(default_factory=lambda: array("Q"))
    ends: array[int] = field(default_factory=lambda: array("Q"))
    messages: int = 0

    def add(self, start: int, body: int, end: int) -> None:
        """Note a piece."""
        self.starts.append(start)
        self.bodies.append(body)
        self.ends.append(end)
        self.messages += body > start


@dataclass(frozen=True, slots=True)
class MmdfBatch:
    """Some hundred messages of an MMDF folder; the columns are those of `Cuts`."""

    extent: Extent
    starts: array[int]
    bodies: array[int]
    ends: array[int]
    end: int
    keep_deleted: bool
    ending: str

    @property
    def start(self) -> int:
        """Offset of the first mark."""
        return self.starts[0]

    def read(self) -> Iterator[Piece]:
        """Yield a piece for each message and for what stands between; they tile."""
        base = self.start
        if self.end - base > MESSAGE_LIMIT:
            opening = self.extent.read(base, self.bodies[0])
            first = outline(PieceKind.QUARANTINED, "", base, opening, TOO_LONG)
            yield from set_aside(self.extent, first, self.bodies[0], self.end)
            return
        octets = self.extent.read(base, self.end)
        follows = [*self.starts[1:], self.end]
        columns = (self.starts, self.bodies, self.ends, follows)
        for start, body, end, follow in zip(*columns, strict=True):
            opening = octets[start - base : body - base]
            closing = octets[end - base : follow - base]
            yield self._piece(start, opening, octets[body - base : end - base], closing)

    def _piece(self, start: int, opening: bytes, found: bytes, closing: bytes) -> Piece:
        """Make one piece."""
        if not opening:
            kind = PieceKind.QUARANTINED if start else PieceKind.PREAMBLE
            reason = BETWEEN if start else PREAMBLE
            return outline(kind, "", start, b"", reason)._replace(
                octets=found, length=len(found), closing=closing
            )
        cut = envelope_length(found)
        opening, found = opening + found[:cut], found[cut:]
        why = "" if self.keep_deleted else why_left_out(found)
        if why:
            return outline(PieceKind.QUARANTINED, "", start, opening, why)._replace(
                octets=found, length=len(found), closing=closing
            )
        octets, line_ends = canonical(found)
        reason = "" if closing else self.ending or UNCLOSED
        if not reason and not begins_header(octets, 0):
            reason = NO_HEADER
        return Piece(
            PieceKind.MESSAGE, octets, line_ends, "",
            start, opening, len(found), closing, "", reason,
        )  # fmt: skip


def mmdf_source(named: Named, options: ReadOptions) -> Source:
    """Make the source of an MMDF folder.

    Raises:
        FramingError: there is no mark in it.
    """
    extent = named.content.extent
    hashed = sha256()
    with Opened(extent) as opened:
        marks = array("Q")
        for window in opened.windows():
            own = window.octets[window.first - window.base : window.last - window.base]
            hashed.update(own)
            _find_marks(window, marks)
    cuts = cut(marks, extent)
    if extent.length and not cuts.messages:
        raise FramingError(
            f"{named.shown}: no MMDF folder: it has no line of four ^A (offset 0)"
        )
    lines = len(marks) // 2
    evidence = [f"{cuts.messages:,} messages between {lines:,} lines of ^A."]
    if lines % 2:
        evidence.append("The last message has no closing mark.")
    return Source(
        name=named.name,
        member=named.member,
        form="mmdf",
        digest=hashed.hexdigest(),
        length=extent.length,
        profile=Profile(
            Framing.MMDF,
            newline_of(named.content.head()),
            "a line of four ^A before and after each message",
            1.0 if cuts.messages else 0.0,
            tuple(evidence),
        ),
        batches=_batches(cuts, extent, options, named.content.truncated),
        truncated=named.content.truncated,
        file=(extent.path, extent.offset),
    )


def _find_marks(window: Window, marks: array[int]) -> None:
    """Add where the window's marks start, and where the line after each does."""
    octets, base = window.octets, window.base
    last = window.last - base
    place = 0 if octets.startswith(MMDF_MARK) and not window.first else -1
    if place < 0:
        place = octets.find(b"\n" + MMDF_MARK, max(window.first - base - 1, 0)) + 1 or -1
    while 0 <= place < last:
        after = place + len(MMDF_MARK)
        for line_end in (b"\n", b"\r\n"):
            if octets.startswith(line_end, after):
                marks.extend((base + place, base + after + len(line_end)))
        if after == len(octets):  # the last line, without its end
            marks.extend((base + place, base + after))
        place = octets.find(b"\n" + MMDF_MARK, place) + 1 or -1


def cut(marks: array[int], extent: Extent) -> Cuts:
    """Pair the marks: one opens, the next closes.

    What stands outside of them is a piece of its own.
    """
    cuts = Cuts()
    place = 0
    pairs = [(marks[at], marks[at + 1]) for at in range(0, len(marks), 2)]
    opened: tuple[int, int] | None = None
    for start, after in pairs:
        if opened is None:
            if start > place:
                cuts.add(place, place, start)
            opened = (start, after)
        else:
            cuts.add(*opened, start)
            opened, place = None, after
    if opened is not None:
        cuts.add(*opened, extent.length)
    elif place < extent.length:
        cuts.add(place, place, extent.length)
    return cuts


def _batches(
    cuts: Cuts, extent: Extent, options: ReadOptions, ending: str
) -> tuple[MmdfBatch, ...]:
    """Cut a folder into batches."""
    batches: list[MmdfBatch] = []
    first, count = 0, len(cuts.starts)
    while first < count:
        last = first + 1
        limit = cuts.starts[first] + BATCH_OCTETS
        while last < count and last - first < BATCH_MESSAGES and cuts.ends[last] <= limit:
            last += 1
        end = cuts.starts[last] if last < count else extent.length
        batches.append(
            MmdfBatch(
                extent, cuts.starts[first:last], cuts.bodies[first:last],
                cuts.ends[first:last], end, options.keep_deleted, ending,
            )
        )  # fmt: skip
        first = last
    return tuple(batches)
