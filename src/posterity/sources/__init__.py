"""The world turned into octets and where they came from; nothing is interpreted here.

`open_sources` finds what a path holds and cuts it into batches of pieces; `read_source`
is the same for someone who just wants the messages. docs/sources.md says, form by form,
what is kept, what is lost, and how sure the borders are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from posterity.model import Provenance, RawMessage
from posterity.sources.canonical import line_end_form, message_digest, restore
from posterity.sources.opening import open_sources
from posterity.sources.source import (
    Batch,
    MboxFormat,
    Piece,
    PieceKind,
    Profile,
    ReadOptions,
    Refused,
    Source,
)
from posterity.sources.streams import prefix_digest

__all__ = [
    "Batch",
    "MboxFormat",
    "Piece",
    "PieceKind",
    "Profile",
    "ReadOptions",
    "Refused",
    "Source",
    "open_sources",
    "prefix_digest",
    "raw_message",
    "read_source",
    "restore",
]


def read_source(
    path: str | Path, options: ReadOptions | None = None
) -> Iterator[RawMessage]:
    """Yield the messages of a file or folder, in the order they stand there.

    What is left out with a reason (deleted messages, text that is no mail, members that
    can't be read) is passed over; `open_sources` gives that too.

    Raises:
        SourceError: the path can't be read, or holds no mail.
    """
    with tempfile.TemporaryDirectory(prefix="posterity-") as folder:
        for source in open_sources(path, spool=Path(folder), options=options):
            if isinstance(source, Refused):
                continue
            for batch in source.batches:
                for piece in batch.read():
                    if piece.kind is PieceKind.MESSAGE:
                        yield raw_message(source, piece)


def raw_message(source: Source, piece: Piece) -> RawMessage:
    """The value that the next room reads, of a message's piece."""
    provenance = Provenance(
        source=source.name,
        member="/".join(filter(None, (source.member, piece.member))),
        offset=piece.offset,
        length=len(piece.opening) + piece.length + len(piece.closing),
        framing=source.profile.dialect,
        envelope=piece.opening,
    )
    digest = message_digest(piece.octets)
    return RawMessage(digest, piece.octets, line_end_form(piece.line_ends), provenance)
