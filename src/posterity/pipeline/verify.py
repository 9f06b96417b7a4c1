"""Verify: every octet read again, every hash made again, every source put together again.

Three proofs: each message's octets give its digest; the pieces of each source, laid end
to end, give the source's digest; the books of each source balance.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from posterity.errors import ArchiveError
from posterity.pipeline.progress import Progress
from posterity.pipeline.streams import stream_digest
from posterity.sources.canonical import MBOXRD, requote, restore_line_ends
from posterity.store import Archive
from posterity.store.erasure import Erased, erased, incomplete_sources
from posterity.store.octets import Accession
from posterity.store.pieces import Place


class VerifyReport(NamedTuple):
    """What verify found.

    Attributes:
        messages: read and hashed.
        sources: put together again and hashed.
        octets: of the sources.
        faults: one line each; empty when all is well.
        notes: one line each: what cannot be proved any more, by the keeper's will.
    """

    messages: int
    sources: int
    octets: int
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()


def verify(archive: Archive, progress: Progress) -> VerifyReport:
    """Check the whole accession."""
    accession = archive.accession()
    try:
        faults = [*_structure(accession), *_messages(accession, progress)]
        octets = 0
        ledger = accession.sources()
        incomplete, notes = incomplete_sources(accession), []
        for number, source, balance in ledger:
            progress.stage(f"put together {source.name}", source.length)
            label = f"{source.name}!{source.member}" if source.member else source.name
            if number in incomplete:
                notes.append(f"{label}: cannot be put together: something of it was erased")
            else:
                faults += _source(accession, number, label, source.digest, progress)
            octets += source.length
            counted = (
                sum(balance) - balance.messages - balance.duplicates - balance.quarantined
            )
            if counted != source.length:
                faults.append(f"{label}: {counted} of {source.length} octets accounted for")
        report = VerifyReport(accession.count(), len(ledger), octets, tuple(faults))
        return report._replace(notes=tuple(notes))
    finally:
        accession.close()


def _structure(accession: Accession) -> list[str]:
    try:
        rows = accession.database.execute("PRAGMA integrity_check(20)").fetchall()
    except sqlite3.DatabaseError as error:
        return [f"accession.db: {error}"]
    return [f"accession.db: {row[0]}" for row in rows if row[0] != "ok"]


def _messages(accession: Accession, progress: Progress) -> list[str]:
    faults: list[str] = []
    progress.stage("hash messages", accession.count())
    rows = accession.database.execute("SELECT id, digest, size FROM message ORDER BY id")
    gone = erased(accession)
    for key, digest, size in rows:
        progress.advance()
        if key in gone:
            faults += _erased(accession, key, digest, gone[key])
            continue
        try:
            octets = accession.octets(key)
        except ArchiveError as error:
            faults.append(str(error))
            continue
        if hashlib.sha256(octets + b"\r\n").digest() != digest or len(octets) != size:
            faults.append(f"message {digest.hex()}: its octets do not give its hash")
    return faults


def _erased(accession: Accession, key: int, digest: bytes, what: Erased) -> Iterator[str]:
    """What was erased must be gone, and a copy be the one that was made."""
    octets = accession.octets(key)
    if what.copy is None and octets:
        yield f"message {digest.hex()}: was erased, but its octets are there"
    elif what.copy is not None and hashlib.sha256(octets + b"\r\n").digest() != what.copy:
        yield f"message {digest.hex()}: its copy is not the one that was kept"


def _source(
    accession: Accession, number: int, label: str, digest: bytes, progress: Progress
) -> list[str]:
    try:
        if stream_digest(_pieces(accession, number, progress)) != digest.hex():
            return [f"{label}: its pieces no longer make up the source that was read"]
    except ArchiveError as error:
        return [f"{label}: {error}"]
    return []


def _pieces(
    accession: Accession, source: int, progress: Progress
) -> Iterator[tuple[str, bytes]]:
    """(member, octets) of every piece of a source, in order."""
    for place in accession.places(source):
        progress.advance(len(place.opening) + place.length + len(place.closing))
        yield place.member, place.opening + _found(accession, place) + place.closing


def _found(accession: Accession, place: Place) -> bytes:
    if place.message is None:
        return accession.codec.decompress(place.fragment or b"")
    octets = (
        accession.octets(place.message)
        if place.fragment is None
        else accession.codec.decompress(place.fragment)  # a copy, not the message itself
    )
    quoted = requote(octets) if place.quoting == MBOXRD else octets
    return restore_line_ends(quoted, place.line_ends)
