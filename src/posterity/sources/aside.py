"""Pieces of what is too long for one, and of what is no message."""

from __future__ import annotations

from collections.abc import Iterator

from posterity.sources.extent import Extent, Opened
from posterity.sources.source import CHUNK, MESSAGE_LIMIT, MIB, Piece, PieceKind

TOO_LONG = f"longer than a message may be ({MESSAGE_LIMIT // MIB} MiB)"


def set_aside(extent: Extent, first: Piece, start: int, end: int) -> Iterator[Piece]:
    """Yield a stretch of an extent in chunks.

    Args:
        extent: where the octets lie.
        first: what the first chunk's piece is, but for its octets; the next ones have
            no opening and follow it.
        start, end: offsets into the extent, without the opening.
    """
    piece = first
    with Opened(extent) as opened:
        for place in range(start, end, CHUNK):
            octets = opened.read(place, min(place + CHUNK, end))
            piece = piece._replace(octets=octets, length=len(octets))
            yield piece
            offset = piece.offset + len(piece.opening) + len(octets)
            piece = piece._replace(offset=offset, opening=b"")


def outline(
    kind: PieceKind, member: str, offset: int, opening: bytes, reason: str
) -> Piece:
    """A piece without its octets, for `set_aside`."""
    return Piece(kind, b"", b"C", member, offset, opening, 0, b"", "", reason)
