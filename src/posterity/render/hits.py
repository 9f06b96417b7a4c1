"""What a search result shows of a message, for page, terminal and JSON alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from posterity.config import Settings
from posterity.masking import masked_text
from posterity.model import Body, SegmentKind
from posterity.query.ask import Node, wanted
from posterity.query.snippets import Marker, Piece
from posterity.render.plaintext import text_of
from posterity.rows import MessageRow, Reader


class Hit(NamedTuple):
    """A message that was found.

    Attributes:
        subject: in pieces.
        snippet: the part of the text that shows most of the words asked for.
        in_thread: how many messages of its thread were found.
    """

    row: MessageRow
    subject: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    in_thread: int


def hits(
    reader: Reader,
    settings: Settings,
    node: Node,
    found: Iterable[tuple[int, int]],
) -> list[Hit]:
    """The messages of an answer as they are shown.

    Args:
        node: what was asked.
        found: (key, hits in its thread), in order.
    """
    marker = Marker(wanted(node))
    return [_hit(reader, settings, marker, key, number) for key, number in found]


def _hit(
    reader: Reader, settings: Settings, marker: Marker, key: int, in_thread: int
) -> Hit:
    row = reader.message(key)
    body = text_of(reader, key, settings.charset)
    subject = masked_text(row.subject, settings.addresses)
    return Hit(row, marker.marked(subject), _snippet(marker, body, settings), in_thread)


def _snippet(marker: Marker, body: Body, settings: Settings) -> tuple[Piece, ...]:
    """From the author's words, or else from what is quoted, or else how it begins."""
    first: tuple[Piece, ...] | None = None
    for quoted in (False, True):
        lines: list[str] = []
        for segment in body.segments:
            if (segment.kind is SegmentKind.QUOTE) is quoted:
                lines += body.lines[segment.first - 1 : segment.last]
        pieces = marker.snippet(masked_text("\n".join(lines), settings.addresses))
        if any(piece.hit for piece in pieces):
            return pieces
        if first is None and pieces:
            first = pieces
    return first or ()
