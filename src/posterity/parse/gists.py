"""The gist of a message that was read, and its text read from it.

That the text is read rightly in this short way is not argued but tried: a message of
which it gives other lines than `read_body` has no gist.
"""

from __future__ import annotations

from posterity.gist import Gist, bare, plain_part
from posterity.model import Body, BodyPart, Message
from posterity.parse.mime import part_octets


def gist_of(octets: bytes, message: Message, body: Body) -> Gist | None:
    """What a page shows of a message that is one plain text; None for any other.

    Args:
        octets: of the message, in canonical form.
        message, body: what was read from them.
    """
    if len(message.parts) != 1 or body.flowed or body.html:
        return None
    part = message.parts[0]
    if part != plain_part(part.charset, part.encoding, part.offset, part.length):
        return None
    try:
        if _lines(octets, part, body.charset) != body.lines:
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
        body.charset,
        body.source,
        body.segments,
    )


def body_of(octets: bytes, gist: Gist) -> Body:
    """The text of a message that has a gist; its defects are in the catalogue alone."""
    lines = _lines(octets, gist.part, gist.charset)
    return Body(lines, gist.segments, gist.charset, gist.source, False, False, ())


def _lines(octets: bytes, part: BodyPart, charset: str) -> tuple[str, ...]:
    content, _ = part_octets(octets, part)
    lines = content.decode(charset).replace("\r\n", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return tuple(lines)
