"""What a page shows of a message beside its row, kept so that nobody parses it again.

A gist is kept of a message that is one plain text, as almost all of an old list are; any
other is parsed where it is shown. It holds no line of the text: those are in the octets,
and `decoded_body` reads them. That they are read rightly in so short a way is not argued but
tried: a message of which it gives other lines than `parse.body` has no gist.

As text it is a JSON list in the order of `Gist`; the part is (charset, encoding, offset,
length), an address (display name, local part, domain) or for a group (name,), and each
segment (place of its kind in `SegmentKind`, level, last line, frame), all in a row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, Protocol

from posterity.model import (
    Address,
    Body,
    BodyPart,
    CharsetSource,
    Group,
    Mailbox,
    Segment,
    SegmentKind,
    Structure,
)

_KINDS: Final = tuple(SegmentKind)
_PLACES: Final = {kind: place for place, kind in enumerate(_KINDS)}
_SOURCES: Final = {source.value: source for source in CharsetSource}
_ONLY: Final = (0,)
_encode: Final = json.JSONEncoder(separators=(",", ":")).encode
_decode: Final = json.JSONDecoder().raw_decode
_BARE: Final = frozenset({"7bit", "8bit", "binary", ""})


class Face(Structure, Protocol):
    """What of a message its page shows; a `Message` is one, and a `Gist`."""

    @property
    def body_offset(self) -> int:
        """See `Message`, as for all of these."""

    @property
    def message_ids(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def in_reply_to(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def from_(self) -> tuple[Address, ...]: ...  # noqa: D102

    @property
    def to(self) -> tuple[Address, ...]: ...  # noqa: D102

    @property
    def cc(self) -> tuple[Address, ...]: ...  # noqa: D102

    @property
    def html_body(self) -> tuple[int, ...]: ...  # noqa: D102

    @property
    def attachments(self) -> tuple[int, ...]: ...  # noqa: D102


class Gist(NamedTuple):
    """What is kept of a message that is one plain text.

    Attributes:
        body_offset, message_ids, in_reply_to: see `Message`.
        from_, to, cc: as there, but without `raw`, and groups without members.
        part: its only part.
        charset, source, segments: see `Body`.
    """

    body_offset: int
    message_ids: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    part: BodyPart
    charset: str
    source: CharsetSource
    segments: tuple[Segment, ...]

    @property
    def is_bare(self) -> bool:
        """Whether the text stands in the octets without a transfer encoding."""
        return self.part.encoding in _BARE

    @property
    def parts(self) -> tuple[BodyPart, ...]:
        """The part."""
        return (self.part,)

    @property
    def text_body(self) -> tuple[int, ...]:
        """The part is the text."""
        return _ONLY

    @property
    def html_body(self) -> tuple[int, ...]:
        """And stands for the HTML there is not."""
        return _ONLY

    @property
    def attachments(self) -> tuple[int, ...]:
        """No part came with it."""
        return ()


def bare_body(octets: bytes, gist: Gist) -> Body:
    """The text of a message whose gist `is_bare`; its defects are in the catalogue alone.

    Args:
        octets: of the whole message, in canonical form.
    """
    part = gist.part
    return decoded_body(octets[part.offset : part.offset + part.length], gist)


def decoded_body(content: bytes, gist: Gist) -> Body:
    """The text of a message, its transfer encoding undone."""
    lines = lines_of(content, gist.charset)
    return Body(lines, gist.segments, gist.charset, gist.source, False, False, ())


def lines_of(content: bytes, charset: str) -> tuple[str, ...]:
    """Plain text as lines.

    Raises:
        ValueError: it is none in that charset.
        LookupError: Python knows no such charset.
    """
    text = content.decode(charset)
    lines = text.split("\r\n" if "\r\n" in text else "\n")
    if not lines[-1]:
        lines.pop()
    return tuple(lines)


def plain_part(charset: str, encoding: str, offset: int, length: int) -> BodyPart:
    """The only part of a message that is one plain text."""
    return BodyPart(
        "1", "text/plain", charset, encoding, "", "", "", 0, 0, offset, length, 0, -1
    )


def packed(gist: Gist) -> str:
    """A gist as text."""
    offset, ids, answered, from_, to, cc, part, charset, source, segments = gist
    numbers: list[int] = []
    for kind, level, _, last, frame in segments:
        numbers += (_PLACES[kind], level, last, frame)
    value = (
        offset,
        ids,
        answered,
        list(map(_address, from_)),
        list(map(_address, to)),
        list(map(_address, cc)),
        (part.charset, part.encoding, part.offset, part.length),
        charset,
        source,
        numbers,
    )
    return _encode(value)


def unpacked(text: str) -> Gist:
    """A gist that `packed` made text of."""
    value, _ = _decode(text)
    offset, ids, answered, from_, to, cc, part, charset, source, segments = value
    return Gist(
        offset,
        tuple(ids),
        tuple(answered),
        _addresses(from_),
        _addresses(to),
        _addresses(cc),
        plain_part(*part),
        charset,
        _SOURCES[source],
        _segments(segments),
    )


def bare(addresses: Iterable[Address]) -> tuple[Address, ...]:
    """Addresses with nothing that a gist does not keep."""
    return _addresses(map(_address, addresses))


def _address(one: Address) -> tuple[str, ...]:
    return one[:3] if isinstance(one, Mailbox) else one[:1]


def _addresses(values: Iterable[Sequence[str]]) -> tuple[Address, ...]:
    return tuple(
        [
            Mailbox(value[0], value[1], value[2], "")
            if len(value) > 1
            else Group(value[0], (), "")
            for value in values
        ]
    )


def _segments(values: Sequence[int]) -> tuple[Segment, ...]:
    """Segments tile the lines: each begins where the one before ends."""
    found: list[Segment] = []
    first = 1
    numbers: Any = iter(values)
    for kind, level, last, frame in zip(numbers, numbers, numbers, numbers, strict=True):
        found.append(Segment(_KINDS[kind], level, first, last, frame))
        first = last + 1
    return tuple(found)
