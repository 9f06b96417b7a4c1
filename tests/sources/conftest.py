"""Fixtures for sources: write octets, open them, read the pieces."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from posterity.sources import (
    Piece,
    PieceKind,
    ReadOptions,
    Refused,
    Source,
    open_sources,
    restore,
)


class Read(NamedTuple):
    """What came of opening something: the sources, what was refused, all pieces."""

    sources: list[Source]
    refused: list[Refused]
    pieces: list[Piece]

    @property
    def source(self) -> Source:
        """The one source."""
        assert len(self.sources) == 1
        return self.sources[0]

    @property
    def messages(self) -> list[bytes]:
        """The octets of the messages."""
        return [piece.octets for piece in self.pieces if piece.kind is PieceKind.MESSAGE]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the pieces."""
        return [piece.kind.value for piece in self.pieces]

    @property
    def names(self) -> list[tuple[str, str]]:
        """(form, member) of each source."""
        return [(source.form, source.member) for source in self.sources]


class Reader(Protocol):
    """Reads a path, or octets that are put in a file first."""

    def __call__(
        self,
        what: bytes | Path,
        name: str = "list.mbox",
        options: ReadOptions | None = None,
    ) -> Read: ...


def _tiles(source: Source, pieces: list[Piece]) -> None:
    """Assert that a source's pieces tile it and give its octets back."""
    offset = 0
    for piece in pieces:
        assert piece.offset == offset
        assert piece.length == len(restore(piece))
        offset += len(piece.opening) + piece.length + len(piece.closing)
    assert offset == source.length
    if source.file:
        stream = b"".join(p.opening + restore(p) + p.closing for p in pieces)
        assert sha256(stream).hexdigest() == source.digest


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Open something and read it all; every source is checked to be tiled."""

    def reader(
        what: bytes | Path, name: str = "list.mbox", options: ReadOptions | None = None
    ) -> Read:
        path = what if isinstance(what, Path) else tmp_path / name
        if isinstance(what, bytes):
            path.write_bytes(what)
        result = Read([], [], [])
        for opened in open_sources(path, spool=tmp_path / "spool", options=options):
            if isinstance(opened, Refused):
                result.refused.append(opened)
                continue
            pieces = [piece for batch in opened.batches for piece in batch.read()]
            _tiles(opened, pieces)
            result.sources.append(opened)
            result.pieces.extend(pieces)
        return result

    return reader


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[dict[str | bytes, bytes]], Path]:
    """Write files under a folder; a name that ends in / is a folder."""

    def write(files: dict[str | bytes, bytes]) -> Path:
        top = tmp_path / "tree"
        top.mkdir()
        for name, octets in files.items():
            path = top / os.fsdecode(name)
            folder = os.fsdecode(name).endswith("/")
            (path if folder else path.parent).mkdir(parents=True, exist_ok=True)
            if not folder:
                path.write_bytes(octets)
        return top

    return write


def _letter(number: int, body: bytes = b"Hello.\r\n") -> bytes:
    return (
        b"From: Ann <ann@example.org>\r\nDate: Mon, 5 Jan 1998 10:49:28 +0000\r\n"
        b"Subject: letter %d\r\nMessage-ID: <%d@example.org>\r\n\r\n" % (number, number)
    ) + body


@pytest.fixture
def letter() -> Callable[..., bytes]:
    """A maker of small messages with CRLF line ends, by number and body."""
    return _letter
