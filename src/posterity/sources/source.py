"""The values that leave this room: a source, its batches, their pieces.

A *source* is one stream, or one folder of single messages. Its *pieces* tile it in
order: opening framing, octets as found, closing framing, and the next piece begins
where the last ended. So the octets of a source are all accounted for, mail or not, and
`restore` (canonical.py) gives each piece back as it was found.

A *batch* is a run of pieces that a worker process reads for itself: it carries file
names and offsets, never mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from posterity.model import Framing, LineEnds

MIB = 1 << 20
GIB = 1 << 30


class PieceKind(StrEnum):
    """What a piece of a source is."""

    MESSAGE = "message"
    PREAMBLE = "preamble"  # what stands before the first message
    FRAMING = "framing"  # blank lines or marks that belong to no message
    QUARANTINED = "quarantined"  # left out, with a reason; never lost


class Piece(NamedTuple):
    """A run of a source's octets.

    Attributes:
        kind: what it is.
        octets: a message in canonical form (CRLF, unquoted where proven or declared);
            any other piece as found.
        line_ends: b"C" all CRLF, or none; b"L" all LF; else b"M" and the run lengths
            of CRLF and LF line ends in turn (canonical.py).
        member: file or member name inside the source, escaped for display; "" in a
            source that is one stream.
        offset: where the piece starts in the source, its opening included. In a folder
            it runs on over the members in reading order.
        opening: framing before the octets: From_ line with its line end, MMDF mark.
        length: octets as found, without opening and closing.
        closing: framing after: one blank line of an mbox, MMDF mark.
        quoting: "mboxrd" where `>From ` lines were unquoted, else "".
        reason: why it is no message, or what is odd about its borders; "" for nothing.
    """

    kind: PieceKind
    octets: bytes
    line_ends: bytes
    member: str
    offset: int
    opening: bytes
    length: int
    closing: bytes
    quoting: str
    reason: str


class Batch(Protocol):
    """A picklable run of pieces; `read` is called in a worker process.

    Attributes:
        start, end: the offsets the pieces cover, so that a reader who knows the first
            part of a grown source may skip whole batches.
    """

    @property
    def start(self) -> int:
        """Offset of the first piece."""

    @property
    def end(self) -> int:
        """Offset after the last piece."""

    def read(self) -> Iterator[Piece]:
        """Yield the pieces, in order."""


class Profile(NamedTuple):
    """How a source is put together, and how sure that is.

    Attributes:
        dialect: how messages are told apart.
        newline: the line ends of the framing.
        separator: the rule found, in words.
        confidence: 0 to 1 that every border is one the writer meant.
        evidence: sentences with counts.
    """

    dialect: Framing
    newline: LineEnds
    separator: str
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One stream or folder of mail.

    Attributes:
        name: base name of what was given, never a path; "stdin" for "-".
        member: name inside a container that holds several sources, else "".
        form: "mbox", "mmdf", "pipermail", "maildir", "mh", "eml", "eml folder",
            "public-inbox".
        digest: SHA-256 of the unwrapped stream, 64 hex digits. For a folder: of each
            member's name and content, as netstrings.
        length: octets of the unwrapped stream, or of all members.
        profile: what was inferred.
        batches: the work; may be read more than once.
        truncated: why the stream ends before its time; "" where it does not.
        file: where the unwrapped stream lies, for one that does: (path, offset).
    """

    name: str
    member: str
    form: str
    digest: str
    length: int
    profile: Profile
    batches: Sequence[Batch]
    truncated: str = ""
    file: tuple[str, int] | None = None


class Refused(NamedTuple):
    """A member that is left out while the others are read.

    Attributes:
        name: base name of what was given.
        member: the member's name inside it, escaped for display.
        reason: one line: what it is, and what to do where something can be done.
    """

    name: str
    member: str
    reason: str


class MboxFormat(StrEnum):
    """What the person who imports says about an mbox's quoting."""

    AUTO = "auto"
    MBOXO = "mboxo"
    MBOXRD = "mboxrd"
    MBOXCL = "mboxcl"
    MBOXCL2 = "mboxcl2"
    MMDF = "mmdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How sources are read.

    Attributes:
        mbox_format: the dialect, where the person knows it; AUTO infers it.
        keep_deleted: take expunged, trashed and internal messages for messages.
        unwrapped_limit: octets a compressed stream or member may unwrap to.
        ratio_limit: how many times its own size a stream may unwrap to.
    """

    mbox_format: MboxFormat = MboxFormat.AUTO
    keep_deleted: bool = False
    unwrapped_limit: int = 64 * GIB
    ratio_limit: int = 400


BATCH_MESSAGES = 500
"""Messages in a batch: some 30 ms of work, little against what starting one costs."""

BATCH_OCTETS = 8 * MIB
"""Octets in a batch, unless one message is larger."""

MESSAGE_LIMIT = 256 * MIB
"""Octets of one message. SQLite, which keeps them, holds 10^9 in a value; four copies
of this many fit the 2 GiB that a run may take. A longer one is set aside in chunks."""

CHUNK = 16 * MIB
"""Octets of one piece of what is no message."""
