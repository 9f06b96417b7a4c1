"""Derive: every message parsed, its rows put into the catalogue.

Workers read ranges of the accession by themselves and give back rows; nothing here
depends on how many there are.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from posterity.config import Settings, offset_seconds
from posterity.executor import Executor
from posterity.model import Address, Body, Digest, Group, Mailbox, Message
from posterity.parse import parse_message
from posterity.parse.attachments import attachments
from posterity.parse.body import first_words, flags, read_body
from posterity.parse.charsets import decode_text
from posterity.parse.header import field_value, first
from posterity.parse.hidden import Hidden, enclosed_mail, hidden_mail
from posterity.pipeline.progress import Progress
from posterity.relate.attribution import attributions
from posterity.relate.copies import fingerprint
from posterity.relate.shingles import shingle
from posterity.store import Archive
from posterity.store.catalogue import Catalogue, Derived, MessageFacts
from posterity.store.months import month_of
from posterity.store.octets import Accession
from posterity.store.shingles import Cut, held, segment_name, write_segment

BATCH = 500
"""Messages a shard: large enough that starting one costs nothing, small enough to show progress."""


class _Shard(NamedTuple):
    accession: Path
    shingles: Path
    first: int
    last: int
    settings: Settings


def derive(archive: Archive, executor: Executor, progress: Progress) -> int:
    """Bring the catalogue up to the accession; the number of messages parsed."""
    accession = archive.accession()
    newest = accession.newest()
    accession.close()
    catalogue = _catalogue(archive)
    try:
        start = catalogue.watermark
        if start < newest:
            progress.stage("parse", newest - start)
        for last, rows in executor.map(_parse, _shards(archive, start, newest)):
            catalogue.add(rows, last)
            progress.advance(len(rows))
    finally:
        catalogue.close()
    return newest - start


def _catalogue(archive: Archive) -> Catalogue:
    """The catalogue; begun anew where it does not go with its shingles or the settings."""
    settings = archive.settings
    read_with = f"{settings.zone} {settings.charset} {settings.explode_digests}"
    catalogue = Catalogue.open(archive.catalogue_path)
    newest = max(held(archive.shingles_path), default=0)
    if (catalogue.watermark, catalogue.meta("read_with")) != (newest, read_with):
        catalogue.close()
        archive.catalogue_path.unlink()
        shutil.rmtree(archive.shingles_path, ignore_errors=True)
        catalogue = Catalogue.open(archive.catalogue_path)
        catalogue.set_meta("read_with", read_with)
    return catalogue


def _shards(archive: Archive, start: int, newest: int) -> Iterator[_Shard]:
    for first_key in range(start + 1, newest + 1, BATCH):
        last = min(first_key + BATCH - 1, newest)
        yield _Shard(
            archive.accession_path, archive.shingles_path, first_key, last, archive.settings
        )


@lru_cache(maxsize=1)
def _reading(path: Path) -> Accession:
    return Accession.open(path)


def _parse(shard: _Shard) -> tuple[int, list[Derived]]:
    accession = _reading(shard.accession)
    both = [
        derived(key, digest, octets, shard.settings)
        for key, digest, octets in accession.between(shard.first, shard.last)
    ]
    write_segment(shard.shingles / segment_name(shard.last), (cut for _, cut in both))
    return shard.last, [rows for rows, _ in both]


def derived(
    key: int, digest: Digest, octets: bytes, settings: Settings
) -> tuple[Derived, Cut]:
    """The catalogue rows of one message, and the shingles of its body."""
    message = parse_message(octets, digest)
    body = read_body(octets, message, settings.charset)
    said = attributions(body)
    rows = Derived(
        facts=_facts(key, octets, message, body, settings)._replace(
            attributions="\n".join(said.texts)
        ),
        message_ids=message.message_ids,
        references=(
            *(("r", place, msgid) for place, msgid in enumerate(message.references)),
            *(("i", place, msgid) for place, msgid in enumerate(message.in_reply_to)),
            *(("p", place, msgid) for place, msgid in enumerate(said.ids)),
        ),
        attachments=tuple(
            (
                file.part_id,
                hashlib.sha256(file.content).digest(),
                file.filename,
                file.media_type,
                len(file.content),
            )
            for file in attachments(octets, message)
        ),
        defects=tuple(
            (defect.code.value, defect.where, defect.detail)
            for defect in (*message.defects, *body.defects)
        ),
        hidden=_hidden(octets, message, settings),
    )
    return rows, _cut(key, body)


def _facts(
    key: int, octets: bytes, message: Message, body: Body, settings: Settings
) -> MessageFacts:
    sender = next(_mailboxes(message.from_), None)
    sent = _sent(message, settings)
    return MessageFacts(
        id=key,
        digest=bytes.fromhex(message.digest),
        month=month_of(sent),
        header_utc=sent,
        header_offset=message.sent.offset,
        header_error=message.sent.error,
        raw_date=_as_written(octets, message, "date"),
        received=" ".join(map(str, message.received)),
        from_written=_as_written(octets, message, "from"),
        author_name=sender.display_name if sender else "",
        author_address=sender.address if sender else "",
        recipients=" ".join(
            box.address.lower() for box in _mailboxes((*message.to, *message.cc))
        )[:RECIPIENTS_KEPT],
        subject=message.subject,
        base_subject=message.base_subject,
        is_reply=message.is_reply,
        words=first_words(body),
        size=message.size,
        lines=len(body.lines),
        flags=" ".join(sorted(flags(body, message))),
        charset=body.charset,
        charset_source=body.source.value,
        attributions="",
    )


RECIPIENTS_KEPT = 2_000
"""Characters of To and Cc that relate sees: who was answered stands first."""


def _cut(key: int, body: Body) -> Cut:
    shingles = shingle(body)
    text, minima = fingerprint(body, shingles)
    return Cut(key, *shingles, text + b"".join(m.to_bytes(8, "little") for m in minima))


def _hidden(octets: bytes, message: Message, settings: Settings) -> tuple[Hidden, ...]:
    """Whole messages inside this one, each once."""
    found = hidden_mail(octets, message.body_offset)
    if settings.explode_digests:
        found += enclosed_mail(octets, message)
    return tuple({place.start: place for place in found}.values())


def _sent(message: Message, settings: Settings) -> int | None:
    """The Date's instant; one without a zone is read in the list's."""
    sent = message.sent
    if sent.utc is None or sent.offset is not None:
        return sent.utc
    return sent.utc - offset_seconds(settings.zone)


def _mailboxes(addresses: tuple[Address, ...]) -> Iterator[Mailbox]:
    for address in addresses:
        if isinstance(address, Group):
            yield from address.members
        else:
            yield address


def _as_written(octets: bytes, message: Message, name: str) -> str:
    field = first(message.fields, name)
    if field is None:
        return ""
    return decode_text(field_value(octets, field))[0].text
