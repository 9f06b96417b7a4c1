"""posterity show: one message as a person, or a program, reads it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from posterity.config import Settings
from posterity.errors import LookupFailedError
from posterity.parse import parse_message
from posterity.parse.body import read_body
from posterity.parse.charsets import decode_text
from posterity.parse.header import field_value
from posterity.rows import MessageRow
from posterity.store import Archive
from posterity.store.reader import StoreReader


def find(archive: Archive, reader: StoreReader, name: str) -> list[MessageRow]:
    """The messages that a hash, its first digits, or a Message-ID names.

    Raises:
        LookupFailedError: there is none.
    """
    accession = archive.accession()
    try:
        key = accession.find(name.lower()) if len(name) >= SHORTEST else None
    finally:
        accession.close()
    if key is not None:
        return [reader.message(key)]
    rows = list(reader.holders(name.strip().removeprefix("<").removesuffix(">")))
    if not rows:
        raise LookupFailedError(
            f"{name}: no message has that hash or Message-ID; try `posterity status`"
        )
    return rows


SHORTEST = 6
"""Hex digits that may stand for a whole hash."""


def text_of(reader: StoreReader, row: MessageRow, settings: Settings) -> str:
    """The message for a terminal: what matters of the header, then the text."""
    octets = reader.octets(row.key)
    message = parse_message(octets, row.digest)
    body = read_body(octets, message, settings.charset)
    older = [node for node in reader.tree(reader.thread_of(row.key)) if node.message]
    head = [
        ("Subject", row.subject),
        ("From", row.author),
        ("Date", f"{utc_text(row.utc)}  ({row.raw_date or 'no Date'})"),
        ("Message-ID", " ".join(message.message_ids)),
        ("Hash", row.digest),
        ("Thread", f"{len(older)} messages" if len(older) > 1 else "alone"),
        *(
            ("Attachment", f"{a.filename} ({a.media_type}, {a.size:,} octets)")
            for a in reader.attachments(row.key)
        ),
        *(
            ("Defect", " ".join(part for part in defect if part))
            for defect in reader.defects(row.key)
        ),
    ]
    lines = [f"{name + ':':<12} {value}" for name, value in head if value]
    return "\n".join([*lines, "", *body.lines])


def described(reader: StoreReader, row: MessageRow, settings: Settings) -> dict[str, Any]:
    """The message as a JSON value; docs/schema.md names the keys."""
    octets = reader.octets(row.key)
    message = parse_message(octets, row.digest)
    body = read_body(octets, message, settings.charset)
    return {
        "hash": row.digest,
        "message_ids": message.message_ids,
        "subject": row.subject,
        "from": row.author,
        "person": row.person,
        "utc": row.utc,
        "date_evidence": row.date_evidence.value,
        "date_error": row.date_error,
        "raw_date": row.raw_date,
        "in_reply_to": message.in_reply_to,
        "references": message.references,
        "header": [
            (field.name, decode_text(field_value(octets, field))[0].text)
            for field in message.fields
        ],
        "text": "\n".join(body.lines),
        "charset": body.charset,
        "charset_source": body.source.value,
        "attachments": [file._asdict() for file in reader.attachments(row.key)],
        "defects": [
            dict(zip(("code", "where", "detail"), defect, strict=True))
            for defect in reader.defects(row.key)
        ],
        "sources": [seen._asdict() for seen in reader.sightings(row.key)],
    }


def utc_text(utc: int | None) -> str:
    """A time for people, in UTC."""
    if utc is None:
        return "unknown date"
    return dt.datetime.fromtimestamp(utc, dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
