"""One message, read: the header fields an archive knows, and the parts.

Of a field that may stand once the first counts, as every reader of mail has it; the
rest stay in `Message.fields`. Some exports join the values of a repeated field with
0x1C into one: such values are read apart.

Sources: RFC 5322 §3.6; RFC 8621 §4.1.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from posterity.defects import Defect, DefectCode
from posterity.model import Address, BodyPart, DateReading, Digest, HeaderField, Message
from posterity.parse.addresses import read_addresses
from posterity.parse.archivers import is_run_time, is_tail
from posterity.parse.charsets import decode_text
from posterity.parse.dates import read_date
from posterity.parse.grammar import CONTROL, CONTROLS, excerpt
from posterity.parse.header import field_value, read_header
from posterity.parse.mime import body_structure
from posterity.parse.msgids import in_reply_to, message_ids, references
from posterity.parse.subjects import base_subject
from posterity.parse.words import decode_header

JOINT = b"\x1c"
"""What some exports put between the values of a repeated field."""

RECEIVED_LIMIT = 100
"""Received fields that are read: more hops than any mail system allows."""

_ONCE = frozenset(
    {"date", "from", "sender", "reply-to", "to", "cc", "bcc", "subject"}
    | {"in-reply-to", "references", "content-type", "content-transfer-encoding"}
    | {"content-disposition", "mime-version"}
)
_NO_DATE = DateReading(None, None, 0, ())


class Header:
    """A header block ready to be read.

    Attributes:
        octets: of the message.
        index: the fields by their names in lower case.
        defects: found so far; grows.
        default_charset: of the list.
    """

    __slots__ = ("default_charset", "defects", "index", "octets")

    def __init__(
        self,
        octets: bytes,
        fields: tuple[HeaderField, ...],
        defects: tuple[Defect, ...],
        default_charset: str,
    ) -> None:
        self.octets = octets
        self.index = _index(fields)
        self.defects = list(defects)
        self.default_charset = default_charset

    def values(self, name: str) -> list[bytes]:
        """The values of the first field of that name; none for none."""
        found = self.index.get(name)
        return [] if found is None else self.apart(found[0])

    def apart(self, field: HeaderField) -> list[bytes]:
        """The value of a field; several where they were joined."""
        value = field_value(self.octets, field)
        if JOINT not in value:
            return [value]
        detail = excerpt(value)
        self.defects.append(Defect(DefectCode.JOINED_VALUES, field.name, detail))
        return [part for each in value.split(JOINT) if (part := each.strip())]

    def text(self, value: bytes, name: str) -> str:
        """A value as characters, its encoded words as they are."""
        if value.isascii() and b"\x1b" not in value:
            return value.decode("ascii")
        reading, defects = decode_text(value, "", self.default_charset)
        self.note(defects, name)
        return reading.text

    def note(self, defects: tuple[Defect, ...], name: str) -> None:
        """Keep the defects that a field's reader found."""
        self.defects += (defect._replace(where=name) for defect in defects)


def message_digest(octets: bytes) -> Digest:
    """The message hash: SHA-256 of the canonical octets and one more CRLF, in hex."""
    digest = hashlib.sha256(octets)
    digest.update(b"\r\n")
    return Digest(digest.hexdigest())


def parse_message(
    octets: bytes, digest: Digest | None = None, default_charset: str = ""
) -> Message:
    """Read a message.

    Args:
        octets: in canonical form, line ends CRLF; anything else is read as well as
            it can be.
        digest: its message hash, where it is known already.
        default_charset: what bare octets above 0x7F mean on this list where they
            prove nothing themselves; "" for nothing known.

    Returns:
        Its values, and what is odd about it. No octets make this raise.
    """
    fields, body_offset, defects = read_header(octets)
    header = Header(octets, fields, defects, default_charset)
    _inspect(header, body_offset)
    found, replied = _message_ids(header), _replied(header)
    subject, base, is_reply = _subject(header)
    parts, text_body, html_body, attachments, odd = body_structure(
        octets, fields, body_offset
    )
    return Message(
        digest=message_digest(octets) if digest is None else digest,
        size=len(octets),
        fields=fields,
        body_offset=body_offset,
        message_ids=found,
        in_reply_to=replied,
        references=_references(header),
        sent=_sent(header, found),
        received=_received(header),
        subject=subject,
        base_subject=base,
        is_reply=is_reply,
        from_=_author(header),
        sender=_addresses(header, "sender"),
        to=_addresses(header, "to"),
        cc=_addresses(header, "cc"),
        parts=parts,
        text_body=text_body,
        html_body=html_body,
        attachments=attachments,
        defects=(*header.defects, *odd),
    )


class Parts(NamedTuple):
    """Where the text of a message is, and nothing of its header; a `Structure`."""

    parts: tuple[BodyPart, ...]
    text_body: tuple[int, ...]


def read_parts(octets: bytes) -> Parts:
    """Find the parts of a message for who wants its text alone: two thirds of the work."""
    fields, body_offset, _ = read_header(octets)
    parts, text_body, *_ = body_structure(octets, fields, body_offset)
    return Parts(parts, text_body)


def _index(fields: tuple[HeaderField, ...]) -> dict[str, list[HeaderField]]:
    index: dict[str, list[HeaderField]] = {}
    for field in fields:
        name = field.name.lower()
        if name in index:
            index[name].append(field)
        else:
            index[name] = [field]
    return index


def _inspect(header: Header, body_offset: int) -> None:
    """Note control characters and fields that stand too often."""
    if len(header.index) < sum(map(len, header.index.values())):
        for name, found in header.index.items():
            if len(found) > 1 and name in _ONCE:
                detail = f"{len(found)} times"
                code = DefectCode.REPEATED_FIELD
                header.defects.append(Defect(code, found[0].name, detail))
    block = header.octets[:body_offset]
    if len(block.translate(None, CONTROLS)) != len(block) and CONTROL.search(block):
        for found in header.index.values():
            _inspect_controls(header, found[0])


def _inspect_controls(header: Header, field: HeaderField) -> None:
    octets = header.octets[field.value : field.end].replace(JOINT, b"")
    if b"\x00" in octets:
        detail = excerpt(octets)
        header.defects.append(Defect(DefectCode.NUL_IN_HEADER, field.name, detail))
    elif CONTROL.search(octets):
        detail = excerpt(octets)
        header.defects.append(Defect(DefectCode.CONTROL_IN_HEADER, field.name, detail))


def _message_ids(header: Header) -> tuple[str, ...]:
    found: dict[str, None] = {}
    spelled = [
        part for field in header.index.get("message-id", ()) for part in header.apart(field)
    ]
    for value in spelled:
        found.update(dict.fromkeys(message_ids(header.text(value, "Message-ID"))))
    if not any(spelled):
        header.defects.append(Defect(DefectCode.NO_MESSAGE_ID))
    elif not found:
        detail = excerpt(spelled[0])
        header.defects.append(Defect(DefectCode.BAD_MESSAGE_ID, "Message-ID", detail))
    elif len(found) > 1:
        detail = f"{len(found)} ids"
        code = DefectCode.SEVERAL_MESSAGE_IDS
        header.defects.append(Defect(code, "Message-ID", detail))
    return tuple(found)


def _replied(header: Header) -> tuple[str, ...]:
    values = header.values("in-reply-to")
    if not values:
        return ()
    return in_reply_to(header.text(b" ".join(values), "In-Reply-To"))


def _references(header: Header) -> tuple[str, ...]:
    values = header.values("references")
    if not values:
        return ()
    found, defects = references(header.text(b" ".join(values), "References"))
    header.note(defects, "References")
    return found


def _subject(header: Header) -> tuple[str, str, bool]:
    """The subject, its base, and whether it carried a sign of reply or forward."""
    values = header.values("subject")
    if not values or not values[0]:
        header.defects.append(Defect(DefectCode.NO_SUBJECT))
        return "", "", False
    reading, defects = decode_header(values[0], header.default_charset)
    if defects:
        header.note(defects, "Subject")
    base, is_reply = base_subject(reading.text)
    return reading.text, base, is_reply


def _sent(header: Header, own_ids: tuple[str, ...]) -> DateReading:
    values = header.values("date")
    if not values or not values[0]:
        header.defects.append(Defect(DefectCode.NO_DATE))
        return _NO_DATE
    if is_run_time(own_ids, values[0]):
        header.defects.append(Defect(DefectCode.ARCHIVER_DATE, "Date", excerpt(values[0])))
        if is_tail(header.values("from")):
            header.defects.append(Defect(DefectCode.FALSE_TAIL))
        return _NO_DATE
    reading = read_date(header.text(values[0], "Date"))
    if reading.defects:
        header.note(reading.defects, "Date")
    return reading


def _received(header: Header) -> tuple[int, ...]:
    """When each host received it, topmost field first, as far as it can be read."""
    times = []
    for field in header.index.get("received", ())[:RECEIVED_LIMIT]:
        value = field_value(header.octets, field)
        _, semicolon, date = value.rpartition(b";")
        if semicolon:
            reading = read_date(date.decode("ascii", "replace").strip())
            if reading.utc is not None:
                times.append(reading.utc)
    return tuple(times)


def _author(header: Header) -> tuple[Address, ...]:
    found = _addresses(header, "from")
    if not found:
        header.defects.append(Defect(DefectCode.NO_FROM))
    return found


def _addresses(header: Header, name: str) -> tuple[Address, ...]:
    values = header.values(name)
    if not values:
        return ()
    spelled = header.index[name][0].name
    found: tuple[Address, ...] = ()
    for value in values:
        some, defects = read_addresses(header.text(value, spelled))
        found += some
        if defects:
            header.note(defects, spelled)
    return found
