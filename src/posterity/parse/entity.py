"""What a header says about the content under it: type, charset, encoding, name.

The three fields that say it are few and repeat from message to message, so their
reading is remembered.

Sources: RFC 2045 §5, §6; RFC 2183; RFC 3676 §4; RFC 1049 (`Content-Type: text`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from posterity.defects import Defect, DefectCode
from posterity.model import HeaderField
from posterity.parse.charsetnames import squeeze
from posterity.parse.grammar import excerpt
from posterity.parse.header import field_value
from posterity.parse.params import read_parameters
from posterity.parse.words import one_line

BOUNDARY_LIMIT = 2048
"""Octets of a boundary that is used (public-inbox's limit; RFC 2046 allows 70)."""

NAME_LIMIT = 255
"""Octets of a file name that are shown: what file systems hold."""

REMEMBERED_OCTETS = 400  # longer headers are read anew each time

_MEDIA_TYPE = re.compile(rb'[\s"]*([a-z0-9!#$&^_.+-]+)\s*/\s*([a-z0-9!#$&^_.+-]+)')

# Content-Type values without a slash: RFC 1049, and programs that knew no better.
_BARE_TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "text/": "text/plain",
    "html": "text/html",
    "multipart": "multipart/mixed",
}

_ENCODINGS = {
    "": "7bit",
    "7bit": "7bit",
    "7bits": "7bit",
    "8bit": "8bit",
    "8bits": "8bit",
    "binary": "binary",
    "base64": "base64",
    "quotedprintable": "quoted-printable",
    "qp": "quoted-printable",
    "xuuencode": "x-uuencode",
    "uuencode": "x-uuencode",
    "xuue": "x-uuencode",
    "uue": "x-uuencode",
}
_ENCODING_TOKEN = re.compile(rb'[\s"\']*([^\s;("\']*)')


class Entity(NamedTuple):
    """What a header says; the attributes are those of `model.BodyPart`."""

    media_type: str
    charset: str
    encoding: str
    filename: str
    disposition: str
    flowed: int
    boundary: bytes
    defects: tuple[Defect, ...]


def describe(
    octets: bytes, fields: tuple[HeaderField, ...], default_type: str
) -> tuple[Entity, str]:
    """Read the MIME fields of a header; the first of each name counts.

    Args:
        octets: the message the fields are of.
        fields: of one entity.
        default_type: where there is no Content-Type (RFC 2046 §5.1.5).

    Returns:
        The entity and its Content-ID without angle brackets.
    """
    content_type = encoding = disposition = content_id = None
    for field in fields:
        name = field.name.lower()
        if not name.startswith("content-"):
            continue
        if name == "content-type":
            content_type = content_type or field_value(octets, field)
        elif name == "content-transfer-encoding":
            encoding = encoding or field_value(octets, field)
        elif name == "content-disposition":
            disposition = disposition or field_value(octets, field)
        elif name == "content-id":
            content_id = content_id or field_value(octets, field)
    said = (content_type or b"", encoding or b"", disposition or b"", default_type)
    short = sum(map(len, said)) <= REMEMBERED_OCTETS
    entity = _remembered(*said) if short else _read(*said)
    if content_id is None:
        return entity, ""
    return entity, one_line(content_id.decode("ascii", "replace")).strip("<> ")


def _read(
    content_type: bytes, encoding: bytes, disposition: bytes, default_type: str
) -> Entity:
    """The entity that three field values describe."""
    defects: list[Defect] = []
    _, parameters, odd = read_parameters(content_type)
    media_type = _media_type(content_type, default_type, defects)
    placed, placing, more = read_parameters(disposition)
    defects += (*odd, *more)
    return Entity(
        media_type,
        parameters.get("charset", ""),
        _encoding(encoding, defects),
        _filename(placing.get("filename") or parameters.get("name", ""), defects),
        placed and ("inline" if placed == "inline" else "attachment"),
        _flowed(media_type, parameters),
        _boundary(parameters, defects),
        tuple(defects),
    )


_remembered = lru_cache(maxsize=1024)(_read)


def _media_type(value: bytes, default: str, defects: list[Defect]) -> str:
    found = _MEDIA_TYPE.match(value.lower())
    if found:
        return (found[1] + b"/" + found[2]).decode("ascii")
    if not value:
        return default
    bare = read_parameters(value)[0]
    if bare not in _BARE_TYPES:
        defects.append(Defect(DefectCode.BAD_CONTENT_TYPE, "", excerpt(value)))
    return _BARE_TYPES.get(bare, "text/plain")


def _encoding(value: bytes, defects: list[Defect]) -> str:
    token = _ENCODING_TOKEN.match(value)
    label = token[1].decode("latin-1").lower() if token else ""
    known = _ENCODINGS.get(squeeze(label))
    if known is None:
        defects.append(Defect(DefectCode.BAD_ENCODING, "", excerpt(value)))
        return label
    return known


def _filename(name: str, defects: list[Defect]) -> str:
    name = one_line(name).strip()
    octets = name.encode("utf-8", "replace")
    if len(octets) <= NAME_LIMIT:
        return name
    detail = f"{len(octets)} octets"
    defects.append(Defect(DefectCode.NAME_TOO_LONG, "", detail))
    return octets[:NAME_LIMIT].decode("utf-8", "ignore")


def _flowed(media_type: str, parameters: Mapping[str, str]) -> int:
    if media_type != "text/plain" or parameters.get("format", "").lower() != "flowed":
        return 0
    return 2 if parameters.get("delsp", "").lower() == "yes" else 1


def _boundary(parameters: Mapping[str, str], defects: list[Defect]) -> bytes:
    """The boundary's octets; b"" for none that is used."""
    spelled = parameters.get("boundary", "").encode("latin-1", "replace")
    boundary = spelled.rstrip()
    if len(boundary) > BOUNDARY_LIMIT:
        detail = f"{len(boundary)} octets"
        defects.append(Defect(DefectCode.BOUNDARY_TOO_LONG, "", detail))
        return b""
    return boundary
