"""Mail inside mail: whole messages that stand in the body of another.

When an archiver failed to split a mailbox, or a person pasted one, a body holds a From_
line and a whole header block behind it. Such a block is worth a second look: where no
message with its Message-ID is held, it may be the only copy. Digests hold messages too,
and say so. Nothing here changes the host; it is only said where the others lie.

Seen: one body of a list of 98,126 messages held 51 others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple

from posterity.model import Message
from posterity.parse.header import field_value, first, read_header
from posterity.parse.msgids import message_ids

LIMIT = 10_000
"""Messages looked for in one host; a mailbox pasted whole is an import, not a message."""

ENVELOPE = "envelope"
DIGEST = "digest"
ENCLOSED = "enclosed"


class Hidden(NamedTuple):
    """A message inside another, by offsets into the host's octets.

    Attributes:
        start, end: of its own octets, without envelope, separator or closing blank line.
        message_id: its own; "" for none.
        how: "envelope" (a From_ line and a header block), "digest" (an RFC 1153 entry)
            or "enclosed" (a message/rfc822 part).
    """

    start: int
    end: int
    message_id: str
    how: str


# The strict shape: sender, weekday, month, day, time, perhaps a zone, year.
_ENVELOPE = re.compile(
    rb"(?m)^From [^\s]{1,512}[ \t]+(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) "
    rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d(?::\d\d)?"
    rb"(?: [A-Z]{1,5}| [+-]\d{4})? (?:19|20)?\d\d\r\n"
)
# RFC 1153 §2.2: thirty hyphens between blank lines; seventy after the preamble.
_SEPARATOR = re.compile(rb"(?m)^-{30}(?:-{40})?[ \t]*\r\n\r\n")
_NEEDED = ("from", "date", "message-id")


def hidden_mail(octets: bytes, body_offset: int) -> tuple[Hidden, ...]:
    """Find each From_ line with a whole header block behind it in a body.

    Returns:
        In order; a message ends where the next envelope begins, or with its host.
    """
    if octets.find(b"\nFrom ", body_offset - 1) < 0:
        return ()
    envelopes = [
        found
        for found in islice(_ENVELOPE.finditer(octets, body_offset), LIMIT)
        if _header_at(octets, found.end(), _NEEDED) is not None
    ]
    ends = [*(found.start() for found in envelopes[1:]), len(octets)]
    return tuple(
        _between(octets, found.end(), end, ENVELOPE)
        for found, end in zip(envelopes, ends, strict=False)
    )


def enclosed_mail(octets: bytes, message: Message) -> tuple[Hidden, ...]:
    """Find the messages that a digest (RFC 1153, multipart/digest) or a forward encloses."""
    parts = [
        Hidden(
            part.offset, part.offset + part.length, _own_id(octets, part.offset), ENCLOSED
        )
        for part in message.parts
        if part.media_type == "message/rfc822"
        and part.encoding in {"7bit", "8bit", "binary"}
    ]
    return (*parts[:LIMIT], *_digest_entries(octets, message))


def _digest_entries(octets: bytes, message: Message) -> Iterator[Hidden]:
    if "digest" not in message.subject.lower() or len(message.parts) != 1:
        return
    marks = list(_SEPARATOR.finditer(octets, message.body_offset))[:LIMIT]
    for mark, following in pairwise(marks):
        if _header_at(octets, mark.end(), ("from", "subject")) is not None:
            yield _between(octets, mark.end(), following.start(), DIGEST)


def _between(octets: bytes, start: int, end: int, how: str) -> Hidden:
    """One message; the blank line before what follows it is framing."""
    if octets[start:end].endswith(b"\r\n\r\n"):
        end -= 2
    return Hidden(start, end, _own_id(octets, start), how)


def _header_at(octets: bytes, start: int, needed: tuple[str, ...]) -> int | None:
    """Where the body of a message at an offset begins; None without the needed fields."""
    fields, body, _ = read_header(octets[start : start + 65_536])
    names = {field.name.lower() for field in fields}
    return start + body if names.issuperset(needed) else None


def _own_id(octets: bytes, start: int) -> str:
    block = octets[start : start + 65_536]
    field = first(read_header(block)[0], "message-id")
    if field is None:
        return ""
    found = message_ids(field_value(block, field).decode("latin-1"))
    return found[0] if found else ""
