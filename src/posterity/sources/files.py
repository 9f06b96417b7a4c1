"""One message a file: .eml, Maildir, MH, and folders of such files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from posterity.errors import SourceError
from posterity.model import Framing
from posterity.sources.aside import TOO_LONG, outline, set_aside
from posterity.sources.canonical import canonical
from posterity.sources.envelope import LINE_LIMIT, Shape, begins_header, read_envelope
from posterity.sources.extent import Extent, Opened
from posterity.sources.leftout import why_left_out
from posterity.sources.mbox import NO_HEADER
from posterity.sources.named import Named
from posterity.sources.profile import newline_of
from posterity.sources.source import (
    BATCH_MESSAGES,
    BATCH_OCTETS,
    CHUNK,
    MESSAGE_LIMIT,
    Piece,
    PieceKind,
    Profile,
    ReadOptions,
    Refused,
    Source,
)

EMPTY_FILE = "an empty file"

HEAD = 4096
"""Octets of the first file that are asked for its line ends."""


class MailFile(NamedTuple):
    """A file that holds one message.

    Attributes:
        member: its name inside the source, for display.
        raw: the same as octets, for the digest.
        extent: where it lies.
        why: the reason to leave it out, by its name; "" for none.
        ending: why it may be incomplete, "" where it is whole.
    """

    member: str
    raw: bytes
    extent: Extent
    why: str
    ending: str = ""


@dataclass(frozen=True, slots=True)
class FileBatch:
    """Some hundred files; `start` is the offset of the first one in the source."""

    files: tuple[MailFile, ...]
    start: int
    keep_deleted: bool

    @property
    def end(self) -> int:
        """Offset after the last file."""
        return self.start + sum(file.extent.length for file in self.files)

    def read(self) -> Iterator[Piece]:
        """Yield one piece a file (several for one that is too long)."""
        offset = self.start
        for file in self.files:
            if file.extent.length > MESSAGE_LIMIT:
                kind = PieceKind.QUARANTINED
                first = outline(kind, file.member, offset, b"", TOO_LONG)
                yield from set_aside(file.extent, first, 0, file.extent.length)
            else:
                octets = file.extent.read(0, file.extent.length)
                yield file_piece(file, offset, octets, self.keep_deleted)
            offset += file.extent.length


def file_piece(file: MailFile, offset: int, octets: bytes, keep_deleted: bool) -> Piece:
    """Make the piece of a file's octets."""
    cut = envelope_length(octets)
    opening, found = octets[:cut], octets[cut:]
    why = "" if keep_deleted else file.why or why_left_out(found)
    why = why or ("" if octets else EMPTY_FILE)
    if why:
        kind, text, line_ends, reason = PieceKind.QUARANTINED, found, b"C", why
    else:
        kind, reason = PieceKind.MESSAGE, file.ending
        text, line_ends = canonical(found)
        if not reason and not begins_header(text, 0):
            reason = NO_HEADER
    return Piece(
        kind, text, line_ends, file.member, offset, opening, len(found), b"", "", reason
    )


def envelope_length(octets: bytes) -> int:
    """Octets of the From_ line over a message in a file of its own; 0 for none."""
    if not octets.startswith(b"From "):
        return 0
    end = octets.find(b"\n", 0, LINE_LIMIT) + 1
    if not end or not begins_header(octets, end):
        return 0
    shape = read_envelope(octets[:end].rstrip(b"\r\n")).shape
    return end if shape > Shape.PROSE else 0


def batches_of(files: Iterable[MailFile], keep_deleted: bool) -> tuple[FileBatch, ...]:
    """Cut a folder's files into batches."""
    batches: list[FileBatch] = []
    run: list[MailFile] = []
    start = octets = 0
    for file in files:
        if run and (
            len(run) == BATCH_MESSAGES or octets + file.extent.length > BATCH_OCTETS
        ):
            batches.append(FileBatch(tuple(run), start, keep_deleted))
            start += octets
            run, octets = [], 0
        run.append(file)
        octets += file.extent.length
    if run:
        batches.append(FileBatch(tuple(run), start, keep_deleted))
    return tuple(batches)


def message_source(
    named: Named, file: MailFile, digest: str, options: ReadOptions
) -> Source:
    """Make the source of one message in a file of its own."""
    content = named.content
    file = file._replace(ending=content.truncated)
    evidence = ("One message: a header block, and no separators.",)
    return Source(
        name=named.name,
        member=named.member,
        form="eml",
        digest=digest,
        length=content.extent.length,
        profile=Profile(
            Framing.FILE, newline_of(content.head()), "the file", 1.0, evidence
        ),
        batches=batches_of([file], options.keep_deleted),
        truncated=content.truncated,
        file=(content.extent.path, content.extent.offset),
    )


class Folder(NamedTuple):
    """A folder whose files are messages: its names, its form, its files in order."""

    name: str
    member: str
    form: str
    files: list[MailFile]


def folder_source(folder: Folder, options: ReadOptions) -> Iterator[Source | Refused]:
    """Make the source of a folder; a file that can't be read is refused by itself."""
    hashed = sha256()
    kept: list[MailFile] = []
    head = b""
    for file in folder.files:
        trial = hashed.copy()
        trial.update(b"%d:%b,%d:" % (len(file.raw), file.raw, file.extent.length))
        try:
            for chunk in _chunks(file.extent):
                trial.update(chunk)
                head = head or chunk[:HEAD]
        except SourceError as error:
            yield Refused(folder.name, _join(folder.member, file.member), reason_of(error))
            continue
        trial.update(b",")
        hashed = trial
        kept.append(file)
    evidence = (f"{len(kept):,} files, one message each.",)
    yield Source(
        name=folder.name,
        member=folder.member,
        form=folder.form,
        digest=hashed.hexdigest(),
        length=sum(file.extent.length for file in kept),
        profile=Profile(Framing.FILE, newline_of(head), "the file", 1.0, evidence),
        batches=batches_of(kept, options.keep_deleted),
    )


def _chunks(extent: Extent) -> Iterator[bytes]:
    """Read a file piece by piece."""
    with Opened(extent) as opened:
        for place in range(0, extent.length, CHUNK):
            yield opened.read(place, place + CHUNK)


def reason_of(error: SourceError) -> str:
    """An error's sentence without the name it begins with."""
    return str(error).partition(": ")[2] or str(error)


def _join(folder: str, member: str) -> str:
    return f"{folder}/{member}" if folder else member
