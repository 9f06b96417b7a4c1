"""Ingest: sources in, octets and provenance kept, the books balanced."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from posterity.errors import SourceError
from posterity.executor import Executor
from posterity.masking import ORIGINAL
from posterity.pipeline.openings import reading
from posterity.pipeline.progress import Progress
from posterity.sources import ReadOptions, Refused, Source, open_sources
from posterity.sources.source import Batch, Piece, PieceKind
from posterity.store import Archive
from posterity.store.compress import NO_DICTIONARY, train
from posterity.store.erasure import erased_digests
from posterity.store.octets import Accession, SourceWriter
from posterity.store.pieces import Found, NewSource

_DIGEST = re.compile(rb"[0-9a-f]{64}")

SAMPLE_BATCHES = 8
"""Batches read, evenly spread, to train the first dictionary."""
SAMPLES = 2_000
"""Messages it is trained on; more take longer and gain nothing measurable."""


class IngestReport(NamedTuple):
    """What an import did.

    Attributes:
        read: frames found.
        kept: messages that are new.
        duplicates: messages held already, octet for octet.
        quarantined: pieces that are no message.
        known: sources that had been read before, and were not read again.
        refused: (source, reason) of what was left out.
    """

    read: int
    kept: int
    duplicates: int
    quarantined: int
    known: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


class _Shard(NamedTuple):
    batch: Batch
    accession: Path
    dictionary: int


def ingest(
    archive: Archive,
    given: Sequence[str],
    options: ReadOptions,
    executor: Executor,
    progress: Progress,
) -> IngestReport:
    """Read sources into the archive; each is in whole, or not at all.

    Args:
        archive: opened, its lock held.
        given: files, folders, or "-" for standard input.
        options: how to read them.
        executor: where pieces are hashed and compressed.
        progress: told of every batch.

    Raises:
        LedgerError: octets of a source are not accounted for (a bug of ours).
    """
    accession = archive.accession(writable=True)
    known: list[str] = []
    refused: list[tuple[str, str]] = []
    before = _totals(accession)
    try:
        with archive.incoming() as spool:
            for source in _opened(given, spool, options, refused):
                label = _label(source.name, source.member)
                digest = bytes.fromhex(source.digest)
                if accession.holds_source(digest, source.name, source.member):
                    known.append(label)
                    continue
                progress.stage(f"import {label}", source.length)
                try:
                    _take_in(archive, accession, source, executor, progress)
                except SourceError as error:  # it changed while it was read
                    refused.append((label, str(error)))
    finally:
        accession_after = _totals(accession)
        accession.close()
    messages, duplicates, quarantined = (
        after - first for first, after in zip(before, accession_after, strict=True)
    )
    return IngestReport(
        read=messages + duplicates,
        kept=messages,
        duplicates=duplicates,
        quarantined=quarantined,
        known=tuple(known),
        refused=tuple(refused),
    )


def _label(name: str, member: str) -> str:
    return f"{name}!{member}" if member else name


def _totals(accession: Accession) -> tuple[int, int, int]:
    books = [balance for _, _, balance in accession.sources()]
    return (
        sum(book.messages for book in books),
        sum(book.duplicates for book in books),
        sum(book.quarantined for book in books),
    )


def _opened(
    given: Sequence[str],
    spool: Path,
    options: ReadOptions,
    refused: list[tuple[str, str]],
) -> Iterator[Source]:
    """Every source of every thing given; what cannot be read is passed by, and named."""
    for path in given:
        try:
            for found in open_sources(path, spool=spool, options=options):
                if isinstance(found, Refused):
                    label = _label(found.name, found.member)
                    refused.append((label, found.reason))
                else:
                    yield found
        except SourceError as error:
            refused.append((path, str(error)))


def _take_in(
    archive: Archive,
    accession: Accession,
    source: Source,
    executor: Executor,
    progress: Progress,
) -> None:
    batches = list(source.batches)
    dictionary = accession.newest_dictionary()
    if dictionary == NO_DICTIONARY:
        trained = train(_samples(batches, erased_digests(accession)))
        if trained is not None:
            dictionary = accession.add_dictionary(trained)
    new = NewSource(
        name=source.name,
        member=source.member,
        form=source.form,
        digest=bytes.fromhex(source.digest),
        length=source.length,
        dialect=source.profile.dialect.value,
        confidence=source.profile.confidence,
        evidence="\n".join(source.profile.evidence),
    )
    shards = (_Shard(batch, archive.accession_path, dictionary) for batch in batches)
    with accession.source(new) as writer:
        for found in executor.map(_read, shards):
            _add(writer, found, dictionary, progress)


def _add(
    writer: SourceWriter, found: Sequence[Found], dictionary: int, progress: Progress
) -> None:
    writer.add(found, dictionary)
    progress.advance(
        sum(len(piece.opening) + piece.length + len(piece.closing) for piece in found)
    )


def _samples(batches: Sequence[Batch], erased: frozenset[bytes]) -> list[bytes]:
    """Messages to train a dictionary on; none of those whose words must not come back."""
    step = max(1, len(batches) // SAMPLE_BATCHES)
    pieces = [
        piece.octets
        for batch in batches[::step][:SAMPLE_BATCHES]
        for piece in batch.read()
        if piece.kind is PieceKind.MESSAGE
        and not (erased and _digest(piece.octets) in erased)
    ]
    return pieces[:: max(1, len(pieces) // SAMPLES)][:SAMPLES]


def _read(shard: _Shard) -> list[Found]:
    """Read a batch where it lies, hash and compress it; runs in a worker."""
    accession = reading(shard.accession)
    return [_found(piece, accession, shard.dictionary) for piece in shard.batch.read()]


def _digest(octets: bytes) -> bytes:
    return hashlib.sha256(octets + b"\r\n").digest()


def _found(piece: Piece, accession: Accession, dictionary: int) -> Found:
    is_message = piece.kind is PieceKind.MESSAGE
    octets = piece.octets
    digest = hashlib.sha256(octets)
    digest.update(b"\r\n")
    original = _named_original(octets) if is_message else b""
    return Found(
        kind=piece.kind.value,
        member=piece.member,
        offset=piece.offset,
        opening=piece.opening,
        length=piece.length,
        closing=piece.closing,
        digest=digest.digest() if is_message else b"",
        size=len(octets),
        frame=accession.codec.compress(octets, dictionary) if is_message else b"",
        line_ends=piece.line_ends,
        quoting=piece.quoting,
        fragment=accession.codec.compress(octets) if original or not is_message else None,
        reason=piece.reason,
        original=original,
    )


def _named_original(octets: bytes) -> bytes:
    """The digest that a masked or redacted copy names, b"" for a message of its own."""
    if not octets.startswith(ORIGINAL):
        return b""
    value = octets[len(ORIGINAL) + 1 : octets.find(b"\r\n")].strip()
    return bytes.fromhex(value.decode("ascii")) if _DIGEST.fullmatch(value) else b""
