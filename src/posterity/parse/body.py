"""The text of a message as a person reads it.

    parts to show      `shown`, in order
      → lines          `texts`: decoded, in the form a person reads
      → segments       `segments`: what each line is
      → one Body       laid end to end, a blank line between parts, messages inside
                       the message framed by their main header lines

Sources: RFC 8621 §4.1.4; RFC 2046 §5.1.5, §5.2.1; RFC 3676.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from posterity.defects import Defect, DefectCode
from posterity.model import (
    Body,
    BodyPart,
    CharsetSource,
    Message,
    Segment,
    SegmentKind,
    Structure,
)
from posterity.parse import uuencode
from posterity.parse.header import field_value, read_header
from posterity.parse.segments import cut
from posterity.parse.sheet import OWN, QUOTE
from posterity.parse.shown import Shown, shown_parts
from posterity.parse.texts import HTML, PartText, read_text
from posterity.parse.words import decode_header

_MAIN_FIELDS: Final = {
    "from": "From",
    "to": "To",
    "cc": "Cc",
    "subject": "Subject",
    "date": "Date",
}
_UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+"
)
_FLAGS_OF_KINDS: Final = {
    SegmentKind.PGP_MARK: "pgp-signed",
    SegmentKind.PGP_SIGNATURE: "pgp-signed",
    SegmentKind.PGP_ENCRYPTED: "pgp-encrypted",
    SegmentKind.PGP_KEY: "pgp-key",
    SegmentKind.PATCH: "patch",
    SegmentKind.UUENCODE: "attachment",
    SegmentKind.BINHEX: "attachment",
    SegmentKind.YENC: "attachment",
}
_FLAGS_OF_TYPES: Final = {
    "application/pgp-signature": "pgp-signed",
    "application/pgp-encrypted": "pgp-encrypted",
    "application/pgp-keys": "pgp-key",
    "text/x-patch": "patch",
    "text/x-diff": "patch",
    **dict.fromkeys(HTML, "html"),
}
_MANY: Final = 40
"""Lines that are looked at for the first words, of each segment."""


def read_body(octets: bytes, message: Structure, default_charset: str = "") -> Body:
    """Read the text of a message.

    Args:
        octets: of the whole message, in canonical form.
        message: what `parse_message` read from them, or `read_parts`.
        default_charset: of the list, for text that proves nothing.

    Returns:
        The body; it has no lines where the message has no text.
    """
    parts = message.parts
    if len(parts) == 1 and message.text_body:
        return _body_of(read_text(octets, parts[0], default_charset))
    page = _Page()
    for shown in shown_parts(message):
        if shown.header:
            page.header(octets, parts[shown.part], shown.frame)
        else:
            page.text(read_text(octets, parts[shown.part], default_charset), shown)
    return page.body()


def _body_of(text: PartText) -> Body:
    """The body of a message that is one text."""
    segments = cut(text.lines, text.unquoted)
    defects = text.defects
    if SegmentKind.UUENCODE in {segment.kind for segment in segments}:
        defects = (*defects, *_damage(text.lines, segments))
    return Body(
        tuple(text.lines),
        segments,
        text.charset,
        text.source,
        text.flowed,
        text.html,
        defects,
    )


def _damage(lines: list[str], segments: tuple[Segment, ...]) -> list[Defect]:
    """DAMAGED_UUENCODE for each file in the text that does not end as it should."""
    return [
        Defect(DefectCode.DAMAGED_UUENCODE, f"line {segment.first}", "no end")
        for segment in segments
        if segment.kind is SegmentKind.UUENCODE
        and lines[segment.last - 1].rstrip() not in uuencode.ENDS
    ]


class _Page:
    """A body made of several texts."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._segments: list[Segment] = []
        self._texts: list[PartText] = []
        self._defects: list[Defect] = []

    def text(self, text: PartText, shown: Shown) -> None:
        """Add a text, a blank line before it."""
        body = _body_of(text)
        self._texts.append(text)
        self._defects.extend(body.defects)
        self._separate(shown.frame)
        self._add(body.lines, body.segments, shown.frame)

    def header(self, octets: bytes, part: BodyPart, frame: int) -> None:
        """Add the main header lines of a message inside the message."""
        lines = tuple(_main_fields(octets[part.header : part.offset]))
        if lines:
            self._separate(frame - 1)
            heading = Segment(SegmentKind.FORWARD_HEADER, 0, 1, len(lines), 0)
            self._add(lines, (heading,), frame)

    def _separate(self, frame: int) -> None:
        """Add a blank line where something stands before."""
        if self._lines:
            self._add(("",), (Segment(SegmentKind.OWN, 0, 1, 1, 0),), frame)

    def _add(
        self, lines: tuple[str, ...], segments: tuple[Segment, ...], frame: int
    ) -> None:
        """Add lines with their segments, which count from the first of them."""
        above = len(self._lines)
        self._lines.extend(lines)
        for kind, level, first, last, inner in segments:
            added = Segment(kind, level, first + above, last + above, inner + frame)
            before = self._segments[-1] if self._segments else None
            if before and before._replace(last=added.last) == added._replace(
                first=before.first
            ):
                self._segments[-1] = before._replace(last=added.last)
            else:
                self._segments.append(added)

    def body(self) -> Body:
        """All of it."""
        first = self._texts[0] if self._texts else None
        return Body(
            tuple(self._lines),
            tuple(self._segments),
            first.charset if first else "us-ascii",
            first.source if first else CharsetSource.ASCII,
            any(text.flowed for text in self._texts),
            any(text.html for text in self._texts),
            tuple(self._defects),
        )


def _main_fields(header: bytes) -> list[str]:
    """The header lines a reader wants of a message inside a message."""
    fields, _, _ = read_header(header)
    lines: list[str] = []
    for field in fields:
        name = _MAIN_FIELDS.get(field.name.lower())
        if name:
            reading, _ = decode_header(field_value(header, field))
            lines.append(f"{name}: {_shown(reading.text)}")
    return lines


def _shown(text: str) -> str:
    """A text with a blank for what shows nothing; most texts hold none."""
    return text if text.isprintable() else _UNSEEN.sub(" ", text)


def flags(body: Body, message: Message) -> frozenset[str]:
    """What a list of messages shows by a sign.

    Returns:
        Of "pgp-signed", "pgp-encrypted", "pgp-key", "patch", "attachment", "html" and
        "flowed", those that hold.
    """
    kinds = {segment.kind for segment in body.segments}
    found = {_FLAGS_OF_KINDS[kind] for kind in kinds if kind in _FLAGS_OF_KINDS}
    if len(message.parts) > 1 or body.html:
        types = {part.media_type for part in message.parts}
        found.update(flag for kind, flag in _FLAGS_OF_TYPES.items() if kind in types)
    if message.attachments:
        found.add("attachment")
    if body.flowed:
        found.add("flowed")
    return frozenset(found)


def first_words(body: Body, limit: int = 100) -> str:
    """The first words the author wrote, for lists of messages.

    White space is folded, control characters are dropped. Where nothing is the
    author's own, the words of a forwarded mail stand for them, then quoted ones; ""
    where there are none. At most limit characters, cut at a word where one ends.
    """
    for wanted in (_is_own, _is_forwarded, _is_quoted):
        words = _words(body, limit, filter(wanted, body.segments))
        if words:
            return words
    return ""


def _is_own(segment: Segment) -> bool:
    return segment.kind is OWN and segment.frame == 0


def _is_forwarded(segment: Segment) -> bool:
    return segment.kind is OWN


def _is_quoted(segment: Segment) -> bool:
    return segment.kind is QUOTE


def _words(body: Body, limit: int, segments: Iterable[Segment]) -> str:
    """The first words of some segments, folded and cut."""
    pieces: list[str] = []
    length = 0
    for segment in segments:
        for line in body.lines[segment.first - 1 : segment.last]:
            words = _shown(line[: 4 * limit]).split()
            if words:
                piece = " ".join(words)
                pieces.append(piece)
                length += len(piece) + 1
            if length > limit:
                return _cut(" ".join(pieces), limit)
    return " ".join(pieces)


def _cut(text: str, limit: int) -> str:
    """At most limit characters of a text, cut at its last word's end where it can be."""
    if len(text) <= limit:
        return text
    head, _, _ = text[: limit + 1].rpartition(" ")
    return head or text[:limit]
