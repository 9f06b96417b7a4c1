"""The gist of a message that was parsed, and its text read by it."""

from __future__ import annotations

from posterity.gist import Gist, bare, bare_body, decoded_body, lines_of, plain_part
from posterity.model import Body, Message
from posterity.parse.mime import part_octets


def gist_of(octets: bytes, message: Message, read: Body) -> Gist | None:
    """What a page shows of a message that is one plain text; None for any other.

    Args:
        octets: of the message, in canonical form.
        message, read: what was read from them.
    """
    if len(message.parts) != 1 or read.flowed or read.html:
        return None
    part = message.parts[0]
    if part != plain_part(part.charset, part.encoding, part.offset, part.length):
        return None
    try:
        if lines_of(part_octets(octets, part)[0], read.charset) != read.lines:
            return None
    except (LookupError, ValueError):  # no codec of Python's, or it does not fit
        return None
    return Gist(
        message.body_offset,
        message.message_ids,
        message.in_reply_to,
        bare(message.from_),
        bare(message.to),
        bare(message.cc),
        part,
        read.charset,
        read.source,
        read.segments,
    )


def body_of(octets: bytes, gist: Gist) -> Body:
    """The text of a message that has a gist; its defects are in the catalogue alone."""
    if gist.is_bare:
        return bare_body(octets, gist)
    return decoded_body(part_octets(octets, gist.part)[0], gist)
