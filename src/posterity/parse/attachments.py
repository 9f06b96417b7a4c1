"""The files that came with a message: MIME parts, and files inside the text.

Each is judged by its content (`magic`); the sender's name for it is kept to be shown
and is never a path. What the text holds is found by `uuencode`.

Sources: RFC 8621 §4.1.4 (which parts are attachments); RFC 2045 §6; MS-OXTNEF.
"""

from __future__ import annotations

import importlib
import struct
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from posterity.gist import Face
from posterity.model import Attachment, BodyPart
from posterity.parse.charsets import decode_text
from posterity.parse.magic import media_type
from posterity.parse.mime import part_octets
from posterity.parse.uuencode import find_files

MAX_NAME: Final = 255
"""Octets of a file name (ext4, NTFS and APFS agree); it is cut at a character."""

_TNEF: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_TNEF_FAULTS: Final = (ValueError, LookupError, TypeError, AttributeError, struct.error)
_MAX_IN_TEXT: Final = 1000
"""Files in one text that are decoded; the rest stays readable in the text."""


def attachments(octets: bytes, message: Face) -> tuple[Attachment, ...]:
    """The files of a message, decoded, MIME parts first.

    Args:
        octets: of the whole message, in canonical form.
        message: what `parse_message` read from them, or its gist.
    """
    found: list[Attachment] = []
    for index in message.attachments:
        found.extend(_of_part(octets, message.parts[index]))
    if b"begin " in octets or b"begin-base64 " in octets:
        found.extend(_in_text(octets, message))
    return tuple(found)


def display_name(name: str) -> str:
    """A sender's file name, cut to 255 octets of UTF-8 where it is longer."""
    encoded = name.encode("utf-8", "replace")
    if len(encoded) <= MAX_NAME:
        return name
    return encoded[:MAX_NAME].decode("utf-8", "ignore")


def _of_part(octets: bytes, part: BodyPart) -> Iterator[Attachment]:
    """The file a part is; for winmail.dat the files inside it, where they can be read."""
    content, _ = part_octets(octets, part)
    kind = media_type(content)
    if kind in _TNEF:
        inside = list(_unpack_tnef(content, part.part_id))
        if inside:
            yield from inside
            return
    yield Attachment(
        part.part_id, display_name(part.filename), part.media_type, kind, content
    )


def _in_text(octets: bytes, message: Face) -> Iterator[Attachment]:
    """The files inside the text parts, numbered uu1, uu2 … through the message."""
    number = 0
    for index in message.text_body:
        content, _ = part_octets(octets, message.parts[index])
        for file in find_files(content)[: _MAX_IN_TEXT - number]:
            number += 1
            name = decode_text(file.name.encode("latin-1", "replace"))[0].text
            yield Attachment(
                f"uu{number}",
                display_name(name),
                "",
                media_type(file.content),
                file.content,
            )


def _tnef_reader() -> ModuleType | None:
    """The tnefparse package, None where it is not installed."""
    try:
        return importlib.import_module("tnefparse")
    except ImportError:
        return None


def _unpack_tnef(content: bytes, part_id: str) -> Iterator[Attachment]:
    """The files inside a winmail.dat; none where it cannot be read."""
    reader = _tnef_reader()
    if reader is None:
        return
    try:
        files = [
            (str(file.long_filename() or file.name), bytes(file.data))
            for file in reader.TNEF(content).attachments
        ]
    except _TNEF_FAULTS:
        return
    for number, (name, data) in enumerate(files, 1):
        yield Attachment(
            f"{part_id}.tnef{number}", display_name(name), "", media_type(data), data
        )
