"""What one message says of itself, as rows: a pure function of its octets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from posterity.config import Settings, offset_seconds
from posterity.gist import packed
from posterity.model import Address, Attachment, Body, Digest, Group, Mailbox, Message
from posterity.parse import parse_message
from posterity.parse.attachments import attachments
from posterity.parse.body import first_words, flags, read_body
from posterity.parse.charsets import decode_text
from posterity.parse.gists import gist_of
from posterity.parse.header import field_value, first
from posterity.parse.hidden import Hidden, enclosed_mail, hidden_mail
from posterity.parse.mentions import mentions
from posterity.relate.attribution import Said, attributions
from posterity.relate.witnesses import QUOTING
from posterity.store.catalogue import Derived, MessageFacts
from posterity.store.months import month_of


class Reading(NamedTuple):
    """One message, read.

    Attributes:
        files: what came with it, decoded.
        flags: what `parse.body.flags` says of it.
    """

    message: Message
    body: Body
    files: Sequence[Attachment]
    flags: frozenset[str]


def read(octets: bytes, digest: Digest, settings: Settings) -> Reading:
    """Read one message from its canonical octets."""
    message = parse_message(octets, digest)
    body = read_body(octets, message, settings.charset)
    return Reading(message, body, attachments(octets, message), flags(body, message))


def derived(
    key: int, digest: Digest, octets: bytes, settings: Settings
) -> tuple[Derived, Body]:
    """The catalogue rows of one message, and its body."""
    reading = read(octets, digest, settings)
    return rows_of(key, octets, reading, settings), reading.body


def rows_of(key: int, octets: bytes, reading: Reading, settings: Settings) -> Derived:
    """The catalogue rows of a message that was read."""
    message, body, files, _ = reading
    said = attributions(body)
    return Derived(
        facts=_facts(key, octets, reading, said, settings),
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
            for file in files
        ),
        defects=tuple(
            (defect.code.value, defect.where, defect.detail)
            for defect in (*message.defects, *body.defects)
        ),
        hidden=_hidden(octets, message, settings),
        mentions=mentions(body),
        gist=_gist(octets, reading),
    )


def _facts(
    key: int, octets: bytes, reading: Reading, said: Said, settings: Settings
) -> MessageFacts:
    message, body = reading.message, reading.body
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
        flags=" ".join(sorted(reading.flags | _quoting(body))),
        charset=body.charset,
        charset_source=body.source.value,
        attributions="\n".join(said.texts),
    )


def _gist(octets: bytes, reading: Reading) -> str:
    found = gist_of(octets, reading.message, reading.body)
    return packed(found) if found else ""


RECIPIENTS_KEPT = 2_000
"""Characters of To and Cc that relate sees: who was answered stands first."""


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
    value = field_value(octets, field)
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii")
    return decode_text(value)[0].text


def _quoting(body: Body) -> set[str]:
    """Whether a text quotes enough to tell what it answers, were that held."""
    lines = sum(part.last - part.first + 1 for part in body.segments if part.level)
    return {QUOTING} if lines >= QUOTED_LINES else set()


QUOTED_LINES = 3
"""Quoted lines of which five words on end are found in what was quoted."""
