"""Split a header block into fields, losing no octet and no order.

A field is told by its offsets into the message, so what is shown can always be traced
to what was sent. The block ends at the first empty line. Lines among the fields that
are no field are noted and skipped: an envelope line that an mbox left, a line some
program wrapped without a blank. They do not end the header, else one bad line would
turn the rest of the fields into text. Only lines after the *last* field, with no
empty line between, are read as the body: there the empty line was forgotten.

    octets[0:body_offset]  =  fields, skipped lines, the empty line

Sources: RFC 5322 §2.1, §2.2, §4.5; RFC 4155.
"""

from __future__ import annotations

from typing import NamedTuple

from posterity.defects import Defect, DefectCode
from posterity.model import HeaderField
from posterity.parse.grammar import (
    BLANK_LINE,
    ENVELOPE_LINE,
    FOLD,
    HEADER_LIMIT,
    HEADER_LINE,
    LINE_END,
    excerpt,
)

# A block with lines that are no field is a header only if one of these is in it.
FAMILIAR_NAMES = frozenset(
    {
        *("from", "to", "cc", "date", "subject", "sender", "reply-to", "message-id"),
        *("received", "return-path", "in-reply-to", "references", "newsgroups"),
        *("mime-version", "content-type", "x-mailer", "organization", "status"),
        *("path", "apparently-to", "errors-to", "precedence", "delivered-to"),
    }
)


class Block(NamedTuple):
    """A header block as it was scanned.

    Attributes:
        fields: every field, in order.
        body: offset where the body starts.
        skipped: how many lines among the fields are neither field nor envelope.
        defects: NO_HEADER for lines none of which is a field, JUNK_IN_HEADER,
            ENVELOPE_IN_HEADER, HEADER_TOO_LONG.
    """

    fields: tuple[HeaderField, ...]
    body: int
    skipped: int
    defects: tuple[Defect, ...]


def read_header(
    octets: bytes,
) -> tuple[tuple[HeaderField, ...], int, tuple[Defect, ...]]:
    """Find the header fields of a message, in order, repeated ones kept.

    Args:
        octets: a whole message; line ends CRLF or LF, or CR where there is no LF.

    Returns:
        (fields, offset of the body, defects). A message without a header has no
        fields, its body starts at 0, and the defect is NO_HEADER.

    Source: RFC 5322 §2.1, §2.2.
    """
    octets = line_feeds(octets)
    blank = BLANK_LINE.search(octets)
    end, body = (blank.start() + 1, blank.end()) if blank else (len(octets),) * 2
    block = read_block(octets, 0, end, body)
    if not _is_header(block) or LINE_END.match(octets):
        return (), 0, (Defect(DefectCode.NO_HEADER),)
    return block.fields, block.body, block.defects


def read_block(octets: bytes, start: int, end: int, body: int) -> Block:
    """Scan the lines of octets[start:end], whose body starts at offset body."""
    fields: list[HeaderField] = []
    odd: list[tuple[int, int]] = []
    limit = min(end, start + HEADER_LIMIT)
    for line in HEADER_LINE.finditer(octets, start, limit):
        (first, last), (_, name_end), (value, _) = line.regs
        if value < 0:
            odd.append((first, last))
        else:
            name = octets[first:name_end].decode("ascii")
            fields.append(HeaderField(name, first, value, last))
    if not odd and limit == end:
        return Block(tuple(fields), body, 0, ())
    return _with_oddities(octets, fields, odd, (end, limit, body))


def field_value(octets: bytes, field: HeaderField) -> bytes:
    """The value of a field as octets: unfolded, blanks at its ends removed.

    Unfolding takes out the line end and keeps the blank after it (RFC 5322 §2.2.3).
    """
    value = octets[field.value : field.end].strip()
    if b"\n" in value or b"\r" in value:
        return FOLD.sub(b"", value)
    return value


def first(fields: tuple[HeaderField, ...], name: str) -> HeaderField | None:
    """The first field of that name, which is compared without case; None for none."""
    wanted = name.lower()
    for field in fields:
        if field.name.lower() == wanted:
            return field
    return None


def line_feeds(octets: bytes) -> bytes:
    """The octets with LF for CR where CR is the only line end; offsets stay true.

    Mail of old Macintosh programs ends its lines so (robustness row P13).
    """
    if b"\n" in octets:
        return octets
    return octets.replace(b"\r", b"\n")


def _is_header(block: Block) -> bool:
    """Whether these lines are a header and not the first paragraph of a text."""
    if not block.fields:
        return False
    if not block.skipped:
        return True
    return block.skipped <= len(block.fields) and any(
        field.name.lower() in FAMILIAR_NAMES for field in block.fields
    )


def _with_oddities(
    octets: bytes,
    fields: list[HeaderField],
    odd: list[tuple[int, int]],
    ends: tuple[int, int, int],
) -> Block:
    """A block with lines that are no field: noted, and the last of them body."""
    end, limit, body = ends
    envelopes = [at for at in odd if ENVELOPE_LINE.match(octets, *at)]
    junk = [at for at in odd if not ENVELOPE_LINE.match(octets, *at)]
    defects = [
        Defect(code, str(at[0][0]), excerpt(octets[slice(*at[0])]))
        for code, at in (
            (DefectCode.ENVELOPE_IN_HEADER, envelopes),
            (DefectCode.JUNK_IN_HEADER if fields else DefectCode.NO_HEADER, junk),
        )
        if at
    ]
    last_field = fields[-1].end if fields else 0
    inside = [at for at in junk if at[0] < last_field]
    if len(inside) < len(junk) and limit == end:
        body = junk[len(inside)][0]
    if limit < end:
        defects.append(Defect(DefectCode.HEADER_TOO_LONG, str(limit), f"{end} octets"))
    return Block(tuple(fields), body, len(inside), tuple(defects))
