"""Find the parts of a message (RFC 2046), in one pass and with no recursion.

The walk goes from one delimiter line to the next. What is open stands on a stack,
multiparts and enclosed messages; a line that is the delimiter of any open multipart
ends all that was opened inside it, closed or not. So a truncated message, a forgotten
closing delimiter or a boundary that begins like another one costs a defect, no text.

    message                      ""     multipart/mixed
    ├── text                     "1"    text/plain
    └── enclosed message         "2"    message/rfc822
        ├── (its multipart)      ""
        ├── text                 "2.1"  text/plain
        └── picture              "2.2"  image/png

Each line that begins with "--" is looked up once in the table of open boundaries, so
the cost is linear in the octets, whatever the number of parts and their depth.

Sources: RFC 2046 §5.1; RFC 3501 §6.4.5 (part numbers); limits of Dovecot.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from posterity.defects import Defect, DefectCode
from posterity.model import BodyPart, HeaderField
from posterity.parse.bodychoice import Choice, choose
from posterity.parse.entity import BOUNDARY_LIMIT, Entity, describe
from posterity.parse.grammar import BLANK_LINE, LINE_END
from posterity.parse.header import Block, line_feeds, read_block
from posterity.parse.transfer import (
    decode_base64,
    decode_quoted_printable,
    decode_uuencode,
)

PARTS_LIMIT = 10_000
"""Parts of a message that are read (Dovecot's limit)."""

DEPTH_LIMIT = 100
"""Levels of multiparts and enclosed messages that are read (Dovecot's limit)."""

_ENCLOSED = frozenset({"message/rfc822", "message/global", "message/news"})
_AS_IS = frozenset({"7bit", "8bit", "binary"})

Structure = tuple[
    tuple[BodyPart, ...],
    tuple[int, ...],
    tuple[int, ...],
    tuple[int, ...],
    tuple[Defect, ...],
]


def body_structure(
    octets: bytes, fields: tuple[HeaderField, ...], body_offset: int
) -> Structure:
    """Find the parts of a message and which of them are its text.

    Args:
        octets: a whole message.
        fields: its header fields.
        body_offset: where its body starts.

    Returns:
        (parts, text_body, html_body, attachments, defects) as in `model.Message`:
        every multipart, enclosed message and leaf, an enclosing part before those in
        it. A part with a defect is told by its part number.
    """
    entity, content_id = describe(octets, fields, "text/plain")
    if not entity.media_type.startswith(("multipart/", "message/")):
        length = len(octets) - body_offset
        part = _part(entity, content_id, "1", (0, body_offset, length, 0, -1))
        defects = tuple(defect._replace(where="1") for defect in entity.defects)
        return ((part,), *_only(part), defects)
    walk = Walk(line_feeds(octets))
    walk.run(fields, body_offset)
    parts = tuple(walk.parts)
    return (parts, *choose(parts), tuple(walk.defects))


def part_octets(octets: bytes, part: BodyPart) -> tuple[bytes, tuple[Defect, ...]]:
    """The content of a part, its transfer encoding undone.

    Args:
        octets: the message the part is of.
        part: one of its parts; of a multipart the whole content is given as it is.

    Returns:
        The content and what was damaged, `where` the part number.
    """
    raw = octets[part.offset : part.offset + part.length]
    if part.encoding in _AS_IS or part.media_type.startswith("multipart/"):
        return raw, ()
    if part.encoding == "base64":
        content, defects = decode_base64(raw, part.media_type.startswith("text/"))
    elif part.encoding == "quoted-printable":
        content, defects = decode_quoted_printable(raw)
    elif part.encoding == "x-uuencode":
        content, defects = decode_uuencode(raw)
    else:
        return raw, ()
    return content, tuple(defect._replace(where=part.part_id) for defect in defects)


class Hit(NamedTuple):
    """A delimiter line: where content before it ends, where it ends, whose it is."""

    content_end: int
    end: int
    level: int
    closing: bool


class Open:
    """A multipart or enclosed message that has not ended yet.

    Attributes:
        part: its index in the parts.
        boundary: b"" for an enclosed message.
        prefix: what the numbers of its parts begin with.
        children: how many parts it has so far.
        default_type: of its parts.
        seen, closed: a delimiter, the closing delimiter was met.
    """

    __slots__ = (
        *("boundary", "children", "closed", "default_type", "part", "prefix", "seen"),
    )

    def __init__(self, part: int, boundary: bytes, prefix: str, digest: bool) -> None:
        self.part = part
        self.boundary = boundary
        self.prefix = prefix
        self.children = 0
        self.default_type = "message/rfc822" if digest else "text/plain"
        self.seen = False
        self.closed = False

    def next_number(self) -> str:
        """The part number of one more child."""
        self.children += 1
        return f"{self.prefix}{self.children}"


class Walk:
    """One pass over a message; `parts` and `defects` are what it found."""

    def __init__(self, octets: bytes) -> None:
        self.parts: list[BodyPart] = []
        self.defects: list[Defect] = []
        self._octets = octets
        self._stack: list[Open] = []
        self._levels: dict[bytes, list[int]] = {}
        self._leaf = -1
        self._blank: re.Match[bytes] | None = None
        self._blank_from = -1

    def run(self, fields: tuple[HeaderField, ...], body: int) -> None:
        """Walk the body that these header fields describe."""
        position = self._enter(Block(fields, body, 0, ()), 0, None)
        while (hit := self._next(position, len(self._octets))) is not None:
            self._end(hit.level + 1, hit.content_end)
            multipart = self._stack[hit.level]
            multipart.seen = True
            position = hit.end - 1
            if hit.closing:
                multipart.closed = True
            elif len(self.parts) >= PARTS_LIMIT:
                self._note(DefectCode.TOO_MANY_PARTS, "", f"more than {PARTS_LIMIT}")
                break
            else:
                position = self._enter(self._header(hit.end), hit.end, multipart)
        self._end(0, len(self._octets))

    def _enter(self, block: Block, header: int, parent: Open | None) -> int:
        """Begin a part, and what it encloses; where to look for delimiters next."""
        while True:
            default_type = parent.default_type if parent else "text/plain"
            entity, content_id = describe(self._octets, block.fields, default_type)
            number = parent.next_number() if parent else "1"
            kind = self._kind(entity, number)
            root = kind == "multipart" and (parent is None or not parent.boundary)
            self._add((entity, content_id), "" if root else number, (header, block.body))
            self.defects += (
                defect._replace(where=number)
                for defect in (*entity.defects, *block.defects)
            )
            if kind == "leaf":
                self._leaf = len(self.parts) - 1
                break
            prefix = (parent.prefix if parent else "") if root else f"{number}."
            parent = self._push(entity, prefix, kind)
            if kind == "multipart":
                break
            header = block.body
            block = self._header(header)
        return max(block.body - 1, 0)

    def _kind(self, entity: Entity, number: str) -> str:
        """What it is to the walk: a "multipart", a "message" to enter, or a "leaf"."""
        multipart = entity.media_type.startswith("multipart/")
        if entity.media_type == "message/external-body":
            self._note(DefectCode.EXTERNAL_BODY, number)
        if not multipart and entity.media_type not in _ENCLOSED:
            return "leaf"
        if multipart and not entity.boundary:
            self._note(DefectCode.NO_BOUNDARY, number)
            return "leaf"
        if not multipart and entity.encoding not in _AS_IS:
            return "leaf"
        if len(self._stack) >= DEPTH_LIMIT or len(self.parts) + 1 >= PARTS_LIMIT:
            self._note(DefectCode.TOO_DEEP, number, f"level {len(self._stack) + 1}")
            return "leaf"
        return "multipart" if multipart else "message"

    def _add(self, said: tuple[Entity, str], part_id: str, at: tuple[int, int]) -> None:
        entity, content_id = said
        if entity.media_type.startswith("multipart/") and not entity.boundary:
            entity = entity._replace(media_type="text/plain")
        parent = self._stack[-1].part if self._stack else -1
        place = (*at, 0, len(self._stack), parent)
        self.parts.append(_part(entity, content_id, part_id, place))

    def _push(self, entity: Entity, prefix: str, kind: str) -> Open:
        boundary = entity.boundary if kind == "multipart" else b""
        digest = entity.media_type == "multipart/digest"
        opened = Open(len(self.parts) - 1, boundary, prefix, digest)
        if boundary:
            self._levels.setdefault(boundary, []).append(len(self._stack))
        self._stack.append(opened)
        return opened

    def _header(self, start: int) -> Block:
        """The header block of a part; it ends at a delimiter, if there is one in it."""
        empty = LINE_END.match(self._octets, start)
        if empty:
            return Block((), empty.end(), 0, ())
        if self._blank_from < start:
            self._blank = BLANK_LINE.search(self._octets, start)
            self._blank_from = self._blank.start() if self._blank else len(self._octets)
        blank = self._blank
        end, body = (blank.start() + 1, blank.end()) if blank else (len(self._octets),) * 2
        hit = self._next(max(start - 1, 0), end)
        if hit is not None:
            end = body = max(hit.content_end, start)
        return read_block(self._octets, start, end, body)

    def _next(self, position: int, limit: int) -> Hit | None:
        """The next delimiter line of any open multipart that begins before limit."""
        octets = self._octets
        while self._levels:
            line = octets.find(b"\n--", position, limit)
            if line < 0:
                return None
            end = octets.find(b"\n", line + 3) + 1 or len(octets)
            hit = self._match(line, end)
            if hit is not None:
                return hit
            position = end - 1
        return None

    def _match(self, line: int, end: int) -> Hit | None:
        """The delimiter that octets[line + 1 : end] is, if it is one.

        Of several multiparts with one boundary the innermost that is not closed yet
        is meant; after the last close the text may still go on with more parts.
        """
        if end - line > BOUNDARY_LIMIT + 100:
            return None
        text = self._octets[line + 3 : end].rstrip()
        closing = False
        levels = self._levels.get(text)
        if levels is None:
            closing = text.endswith(b"--")
            levels = self._levels.get(text[:-2].rstrip()) if closing else None
        if not levels:
            return None
        level = next(
            (at for at in reversed(levels) if not self._stack[at].closed), levels[-1]
        )
        content_end = line - 1 if self._octets[line - 1 : line] == b"\r" else line
        return Hit(content_end, end, level, closing)

    def _end(self, level: int, end: int) -> None:
        """End the leaf, and whatever is open at that level of the stack and above."""
        if self._leaf >= 0:
            self._set_length(self._leaf, end)
            self._leaf = -1
        while len(self._stack) > level:
            opened = self._stack.pop()
            self._set_length(opened.part, end)
            if opened.boundary:
                self._forget(opened.boundary)
                self._judge(opened)

    def _forget(self, boundary: bytes) -> None:
        levels = self._levels[boundary]
        levels.pop()
        if not levels:
            del self._levels[boundary]

    def _judge(self, opened: Open) -> None:
        """Note what is odd about a multipart; one without parts becomes a text."""
        part = self.parts[opened.part]
        if not opened.children:
            self.parts[opened.part] = part._replace(
                media_type="text/plain", part_id=part.part_id or f"{opened.prefix}1"
            )
            code = DefectCode.EMPTY_MULTIPART if opened.seen else None
            self._note(code or DefectCode.MISSING_BOUNDARY, part.part_id)
        elif not opened.closed:
            self._note(DefectCode.UNCLOSED_MULTIPART, part.part_id)

    def _set_length(self, index: int, end: int) -> None:
        part = self.parts[index]
        self.parts[index] = part._replace(length=max(end - part.offset, 0))

    def _note(self, code: DefectCode, where: str = "", detail: str = "") -> None:
        self.defects.append(Defect(code, where, detail))


def _part(
    entity: Entity, content_id: str, part_id: str, place: tuple[int, int, int, int, int]
) -> BodyPart:
    header, offset, length, depth, parent = place
    return BodyPart(
        part_id,
        entity.media_type,
        entity.charset,
        entity.encoding,
        entity.filename,
        entity.disposition,
        content_id,
        entity.flowed,
        header,
        offset,
        length,
        depth,
        parent,
    )


def _only(part: BodyPart) -> Choice:
    """What a message of one part shows: its text even if it is called an attachment."""
    if part.media_type.startswith("text/") or part.media_type == "application/pgp":
        return (0,), (0,), ()
    return (), (), (0,)
