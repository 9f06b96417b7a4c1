"""One pass over an mbox: every line that may be a separator, and what speaks for it.

The pass is a literal search for a line end and `From `, then a look around each find.
(A pattern with a look-behind for the blank line took 65 times as long on 233 MB.)
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

from posterity.sources.envelope import (
    LINE_LIMIT,
    MBOXRD_SENDERS,
    PLAIN,
    Shape,
    begins_header,
    has_known_field,
    read_envelope,
)
from posterity.sources.extent import Window

NO_LENGTH = -1
"""Stands for a Content-Length that is absent or no number."""

_CONTENT_LENGTH = re.compile(rb"(?mi)^Content-Length[ \t]*:[ \t]*([0-9]{1,18})[ \t]*\r?$")
_HEADER_END = re.compile(rb"\n\r?\n")
_LENGTH_MARKS = (b"\nContent-Length", b"\nContent-length", b"\ncontent-length")

SHAPE_BITS = 0x07
BLANK_SHIFT = 3
BLANK_BEFORE = 0x18  # the length of the blank line before, 0 to 3
HEADER_AFTER = 0x20
KNOWN_AFTER = 0x40


@dataclass(slots=True)
class Survey:
    """What one pass found, as columns, for there may be millions.

    Attributes:
        starts, bodies: offsets of each candidate and of the line after it.
        marks: its shape and the *_BEFORE, *_AFTER bits.
        senders: CRC-32 of whom it names; only ever compared for equality.
        landings: where its Content-Length says the message ends; NO_LENGTH for none.
        prose: lines that begin `From ` and are text.
        quoted, requoted: lines that begin `>From `, `>>From `.
        at_signs: candidates that name a sender as `user at host`.
        example: the first sender of each CRC seen, while there are few.
        head, tail: the first and last octets.
        length: of the stream.
    """

    starts: array[int] = field(default_factory=lambda: array("Q"))
    bodies: array[int] = field(default_factory=lambda: array("Q"))
    marks: bytearray = field(default_factory=bytearray)
    senders: array[int] = field(default_factory=lambda: array("L"))
    landings: array[int] = field(default_factory=lambda: array("q"))
    prose: int = 0
    quoted: int = 0
    requoted: int = 0
    at_signs: int = 0
    example: dict[int, bytes] = field(default_factory=dict)
    head: bytes = b""
    tail: bytes = b""
    length: int = 0

    def __len__(self) -> int:
        return len(self.starts)


EXAMPLES = 64
"""How many senders are remembered by name."""

HEAD = 4096
"""Octets of the beginning that are remembered."""


def survey(windows: Iterable[Window]) -> Survey:
    """Look through a stream once; the windows tile it."""
    found = Survey()
    for window in windows:
        own = memoryview(window.octets)[
            window.first - window.base : window.last - window.base
        ]
        if not window.first:
            found.head = bytes(own[:HEAD])
        found.tail = (found.tail + bytes(own[-BLANK_REACH:]))[-BLANK_REACH:]
        found.length = window.last
        _look(found, window)
    return found


BLANK_REACH = 4
"""Octets that show a blank line: the end of the line before, CR, CR, LF."""

_BLANK_LINE = re.compile(rb"(?:\A|\n)(\r{0,2}\n)\Z")


def blank_length(octets: bytes) -> int:
    """How long the empty line is that ends some octets (its CR may be doubled); or 0."""
    blank = _BLANK_LINE.search(octets[-BLANK_REACH:])
    return len(blank[1]) if blank else 0


def _look(found: Survey, window: Window) -> None:
    """Add a window's candidates."""
    octets, base = window.octets, window.base
    lengths = any(mark in octets for mark in _LENGTH_MARKS)
    place, last = octets.find(b"From ", window.first - base), window.last - base
    while 0 <= place < last:
        before = octets[place - 1] if base + place else LF
        if before == LF:
            _weigh(found, window, place, lengths)
        elif before == QUOTE_MARK:
            lead = octets[max(place - 3, 0) : place]
            found.quoted += lead.endswith(b"\n>")
            found.requoted += lead.endswith(b"\n>>")
        place = octets.find(b"From ", place + 5)


LF = 0x0A
QUOTE_MARK = 0x3E


def _weigh(found: Survey, window: Window, place: int, lengths: bool) -> None:
    """Judge the From_ line at `place` and note it."""
    octets = window.octets
    at_top = not window.base + place
    plain = PLAIN.match(octets, place)
    if plain and plain["sender"] not in MBOXRD_SENDERS:
        sender, body = plain["sender"], plain.end()
        marks = Shape.STRICT | HEADER_AFTER | KNOWN_AFTER
    else:
        marks, sender, body = _judge(octets, place, at_top)
    if not marks & SHAPE_BITS:
        found.prose += 1
        return
    blank = blank_length(octets[max(place - BLANK_REACH, 0) : place])
    marks |= (blank or int(at_top)) << BLANK_SHIFT
    mark = crc32(sender)
    if len(found.example) < EXAMPLES:
        found.example.setdefault(mark, sender)
    if b" at " in sender:
        found.at_signs += 1
    found.starts.append(window.base + place)
    found.bodies.append(window.base + body)
    found.marks.append(marks)
    found.senders.append(mark)
    header = lengths and marks & HEADER_AFTER
    found.landings.append(_landing(window, body) if header else NO_LENGTH)


def _judge(octets: bytes, place: int, at_top: bool) -> tuple[int, bytes, int]:
    """Give a From_ line's marks, its sender, and where the next line starts.

    At the top of a stream any From_ line over a header block is at least BARE.
    """
    end = octets.find(b"\n", place, place + LINE_LIMIT + 2)
    if end < 0:  # the last line of the stream, or a line too long to be one
        if len(octets) - place > LINE_LIMIT:
            return Shape.PROSE, b"", 0
        end = len(octets) - 1
    shape, sender = read_envelope(octets[place : end + 1].rstrip(b"\r\n"))
    body = end + 1
    marks = int(shape)
    if begins_header(octets, body):
        marks |= HEADER_AFTER
        if at_top and shape is Shape.PROSE:
            marks |= Shape.BARE
        if shape >= Shape.STRICT or has_known_field(octets, body):
            marks |= KNOWN_AFTER
    return marks, sender, body


def _landing(window: Window, body: int) -> int:
    """Where the Content-Length of the message at `body` says it ends."""
    octets = window.octets
    limit = octets.find(b"\nFrom ", body)
    end = _HEADER_END.search(octets, body, len(octets) if limit < 0 else limit + 1)
    if not end:
        return NO_LENGTH
    length = _CONTENT_LENGTH.search(octets, body, end.start())
    return window.base + end.end() + int(length[1]) if length else NO_LENGTH
