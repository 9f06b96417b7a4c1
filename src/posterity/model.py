"""The frozen values that pass between the rooms of the house.

    sources ──RawMessage──▶ parse ──Message, Body──▶ store ──rows──▶ relate
                                                       │
                                       render ◀──rows──┘

Octets are `bytes`, text is `str`, and nothing is both. Offsets count octets from the
start of the message in canonical form (CRLF line ends). Line numbers count from 1.
Times are whole seconds since 1970-01-01T00:00:00Z; an unknown time is None, never a
number. Values that exist by the hundred thousand are NamedTuples, which cost half of
what a dataclass does to make.

Names: RFC 5322, RFC 2045, RFC 8621 §4.1, JWZ's threading, OAIS (docs/glossary.md).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, NewType, Protocol

from posterity.defects import Defect

Digest = NewType("Digest", str)
"""A message hash: SHA-256 of the canonical octets and one more CRLF, as 64 hex digits."""

UNKNOWN_MONTH = "unknown"
"""What stands for "1996/12" in the URL of a message whose date cannot be read."""


# -- sources -------------------------------------------------------------------------


class Framing(StrEnum):
    """How a source told one message from the next."""

    MBOXO = "mboxo"
    MBOXRD = "mboxrd"
    MBOXCL = "mboxcl"
    MBOXCL2 = "mboxcl2"
    MMDF = "mmdf"
    PIPERMAIL = "pipermail"
    FILE = "file"
    GIT = "git"


class LineEnds(StrEnum):
    """The line ends a message came with, which its canonical form no longer shows."""

    CRLF = "crlf"
    LF = "lf"
    MIXED = "mixed"


class Provenance(NamedTuple):
    """Where an occurrence of a message was found (OAIS: provenance, reference).

    Attributes:
        source: base name of what was given to the import, never a path.
        member: name inside the container or folder, "" for the source itself.
        offset: of the frame in the unwrapped stream, in octets.
        length: of the frame, its framing included, in octets.
        framing: how the frame was told from the next.
        envelope: the From_ line, or other framing before the message; b"" for none.
    """

    source: str
    member: str
    offset: int
    length: int
    framing: Framing
    envelope: bytes


class RawMessage(NamedTuple):
    """One message as a source holds it, in canonical form."""

    digest: Digest
    octets: bytes
    line_ends: LineEnds
    provenance: Provenance


# -- parse ---------------------------------------------------------------------------


class CharsetSource(StrEnum):
    """Which fact decided how octets were read as characters."""

    ASCII = "ascii"  # every octet is below 0x80: nothing to decide
    DECLARED = "declared"  # the charset the message declares, and it fits
    ESCAPES = "escapes"  # ISO-2022 escape sequences
    UTF8 = "utf-8"  # undeclared or wrongly declared, and valid UTF-8
    DETECTED = "detected"  # a statistical guess
    DEFAULT = "list-default"  # the list's configured charset
    FALLBACK = "fallback"  # windows-1252, because something had to be shown


class Text(NamedTuple):
    """Octets read as characters, with the evidence."""

    text: str
    charset: str  # the codec's standard name, lower case
    source: CharsetSource


class HeaderField(NamedTuple):
    """One field of the header block, by offsets into the message's octets.

    octets[start:value] is the name with its colon, octets[value:end] the value with
    its folds and its last line end.
    """

    name: str  # as spelled, without the colon
    start: int
    value: int
    end: int


class Mailbox(NamedTuple):
    """RFC 5322 §3.4 mailbox; local_part may be a UUCP path or X.400 where domain is ""."""

    display_name: str
    local_part: str
    domain: str
    raw: str

    @property
    def address(self) -> str:
        """local_part@domain with the domain in lower case, or whatever there is."""
        if self.domain:
            return f"{self.local_part}@{self.domain.lower()}"
        return self.local_part


class Group(NamedTuple):
    """RFC 5322 §3.4 group."""

    display_name: str
    members: tuple[Mailbox, ...]
    raw: str


Address = Mailbox | Group


class DateReading(NamedTuple):
    """What a date field says.

    Attributes:
        utc: the instant, or None where the text does not name one.
        offset: the zone as applied, in seconds east of UTC; None where none is known.
        error: how far off utc may be, in seconds; 0 when the zone is known.
        defects: what was odd, `where` left "".
    """

    utc: int | None
    offset: int | None
    error: int
    defects: tuple[Defect, ...]


class BodyPart(NamedTuple):
    """One MIME entity (RFC 2046, RFC 8621 §4.1.4), leaf or multipart.

    Attributes:
        part_id: IMAP part number, "1", "2.1"; "" for a message that is one multipart.
        media_type: "text/plain", lower case; what was declared, made readable.
        charset: label as declared, "" where none is.
        encoding: transfer encoding, lower case; "7bit" where none is declared.
        filename: as the sender spelled it, decoded; display text only.
        disposition: "inline", "attachment" or "".
        content_id: without angle brackets.
        flowed: 0 no, 1 format=flowed, 2 with delsp=yes (RFC 3676).
        header: offset where its own header block starts.
        offset, length: of the encoded content, in octets.
        depth: 0 for the message itself.
        parent: index of the enclosing part in Message.parts, -1 for the outermost.
    """

    part_id: str
    media_type: str
    charset: str
    encoding: str
    filename: str
    disposition: str
    content_id: str
    flowed: int
    header: int
    offset: int
    length: int
    depth: int
    parent: int


class Message(NamedTuple):
    """One message, read. Every value is what the octets say; nothing is invented.

    text_body, html_body and attachments index `parts` (RFC 8621 §4.1.4).
    """

    digest: Digest
    size: int
    fields: tuple[HeaderField, ...]
    body_offset: int
    message_ids: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sent: DateReading
    received: tuple[int, ...]  # UTC of each readable Received, topmost (latest) first
    subject: str
    base_subject: str
    is_reply: bool  # the subject carried Re: or the like
    from_: tuple[Address, ...]
    sender: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    parts: tuple[BodyPart, ...]
    text_body: tuple[int, ...]
    html_body: tuple[int, ...]
    attachments: tuple[int, ...]
    defects: tuple[Defect, ...]


class Structure(Protocol):
    """What of a message tells where its text is; a `Message` is one."""

    @property
    def parts(self) -> tuple[BodyPart, ...]:
        """See `Message`."""

    @property
    def text_body(self) -> tuple[int, ...]:
        """See `Message`."""


class SegmentKind(StrEnum):
    """What a run of body lines is."""

    OWN = "own"  # the author's own words
    QUOTE = "quote"  # quoted, by level
    ATTRIBUTION = "attribution"  # "On … X wrote:"
    SIGNATURE = "signature"  # from "-- " on
    PGP_MARK = "pgp-mark"  # BEGIN PGP SIGNED MESSAGE and its Hash lines
    PGP_SIGNATURE = "pgp-signature"
    PGP_ENCRYPTED = "pgp-encrypted"
    PGP_KEY = "pgp-key"
    UUENCODE = "uuencode"
    BINHEX = "binhex"
    YENC = "yenc"
    BASE64 = "base64"  # undeclared, long runs
    FORWARD_MARK = "forward-mark"  # "----- Forwarded message -----"
    FORWARD_HEADER = "forward-header"  # header lines of a forwarded mail or digest entry
    PATCH = "patch"  # a diff


class Segment(NamedTuple):
    """A run of body lines of one kind. Segments tile the lines of their body.

    Attributes:
        kind: what it is.
        level: quote level, 0 outside quotes.
        first, last: line numbers, from 1, inclusive.
        frame: how many forwarded mails or digest entries enclose it.
    """

    kind: SegmentKind
    level: int
    first: int
    last: int
    frame: int


class Body(NamedTuple):
    """The text of a message as a person reads it.

    Attributes:
        lines: decoded, without line ends. A line's number is its place, from 1.
        segments: what the lines are; they tile 1..len(lines).
        charset, source: how the (first) text was decoded.
        flowed: paragraphs were joined, so prose lines may be long.
        html: the text was made from text/html.
        defects: found on the way.
    """

    lines: tuple[str, ...]
    segments: tuple[Segment, ...]
    charset: str
    source: CharsetSource
    flowed: bool
    html: bool
    defects: tuple[Defect, ...]


class Attachment(NamedTuple):
    """A file that came with a message: a MIME part, or uuencoded in the text.

    Attributes:
        part_id: MIME part number, or "uu1", "uu2" … for files inside the text.
        filename: the sender's name for it: display text, never a path.
        declared_type: what the sender called it.
        media_type: what its first octets say it is.
        content: decoded.
    """

    part_id: str
    filename: str
    declared_type: str
    media_type: str
    content: bytes


# -- relate --------------------------------------------------------------------------


class Evidence(StrEnum):
    """Which fact proved a link, strongest first."""

    AMENDMENT = "amendment"  # a person said so, in amendments.toml
    COPY = "copy"  # the first copy's link
    REFERENCES = "references"
    IN_REPLY_TO = "in-reply-to"
    PROSE = "prose"  # an id named in words: Your message of … <id>
    QUOTE = "quote"  # its text is quoted
    SUBJECT_AUTHOR = "subject-author"  # same subject, and the attribution names its author
    SUBJECT = "subject"  # same subject, near in time: a guess


class DateEvidence(StrEnum):
    """Which fact a message's published time rests on."""

    DATE = "date"  # its own Date field
    ZONE_ASSUMED = "zone-assumed"  # its Date, in the list's zone because it names none
    RECEIVED = "received"  # the earliest Received field
    ENVELOPE = "envelope"  # the From_ line
    REPAIRED = "repaired"  # the Date, shifted: its clock was provably wrong
    ESTIMATED = "estimated"  # from its neighbours in the source
    AMENDMENT = "amendment"  # a person said so
    UNKNOWN = "unknown"


class PersonEvidence(StrEnum):
    """Which fact joined a spelling to a person."""

    FIRST = "first"  # the spelling the person began with
    ADDRESS = "address"  # the same address
    NAME = "name"  # the same full name
    NAME_HOST = "name-host"  # the same first and last name at the same host
    USER_DOMAIN = "user-domain"  # the same user at the same registered domain
    MAILMAP = "mailmap"
    AMENDMENT = "amendment"
    SHARED = "shared"  # a shared or anonymous address: never joined


class CopyEvidence(StrEnum):
    """How two messages are known for copies of one letter."""

    OCTETS = "octets"
    TEXT = "text"  # same sender, same text but for white space
    SHINGLES = "shingles"  # same sender, at least 0.9 of the five-word shingles shared
