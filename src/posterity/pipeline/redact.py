"""Words taken out of a message: a copy that says it is one.

The copy is made of the octets: header fields, their encoded words undone, and every
part, its transfer encoding undone and done again. Then it is read as a reader would
read it; where the words still show, in text or in a file, what holds them is left out
whole. The copy begins with a field that names the original by its hash.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final
from urllib.parse import unquote

from posterity.masking import ORIGINAL
from posterity.model import BodyPart, Digest, Message
from posterity.parse import parse_message
from posterity.parse.attachments import attachments
from posterity.parse.body import read_body
from posterity.parse.charsets import decode_text
from posterity.parse.mime import part_octets
from posterity.parse.words import decode_words
from posterity.pipeline.rules import MARKER, Rule, found_in, taken_out

_FIELD: Final = re.compile(r"^[!-9;-~]+:[^\n]*+\n?(?>(?:[ \t][^\n]*+\n?)*)", re.MULTILINE)
_FOLD: Final = re.compile(r"\r?\n(?=[ \t])")
_ENCODED: Final = re.compile(
    rb"=\?|base64|quoted-printable|uuencode|^begin[ -]|&#|%[0-9A-F]{2}|=[0-9A-F]{2}"
    rb"|[^\x00-\x7f]",
    re.IGNORECASE | re.MULTILINE,
)
_BASE64_LINE: Final = 57  # octets on a line: 76 characters (RFC 2045 §6.8)
_LEFT_OUT: Final = b"[this part was withdrawn]\r\n"


def redacted(octets: bytes, digest: Digest, rules: Sequence[Rule]) -> bytes | None:
    """The copy of a message without what the rules find; None where they find nothing.

    Args:
        octets: canonical.
        digest: of the original.
        rules: what to take out.
    """
    message = parse_message(octets, digest)
    copy = _without(octets, message, rules)
    copy = _without_rest(copy, digest, rules)
    return None if copy == octets else marked(copy, digest)


def may_hold(octets: bytes, rules: Sequence[Rule]) -> bool:
    """Whether a closer look may find something: False is sure, and quick."""
    if not rules:
        return False
    if _ENCODED.search(octets):
        return True
    return found_in(octets.decode("ascii"), rules)


def marked(copy: bytes, digest: Digest) -> bytes:
    """The copy with the field that names its original."""
    if copy.startswith(ORIGINAL):
        return copy
    return b"%b: %b\r\n%b" % (ORIGINAL, digest.encode("ascii"), copy)


def _leaves(message: Message) -> list[BodyPart]:
    """Parts that enclose no others, in order."""
    enclosing = {part.parent for part in message.parts}
    return sorted(
        (part for at, part in enumerate(message.parts) if at not in enclosing),
        key=lambda part: part.offset,
    )


def _without(octets: bytes, message: Message, rules: Sequence[Rule]) -> bytes:
    pieces: list[bytes] = []
    done = 0
    for part in _leaves(message):
        if part.offset < done:
            continue
        pieces.append(_fields(octets[done : part.offset], rules))
        pieces.append(_part(octets, part, rules))
        done = part.offset + part.length
    pieces.append(_fields(octets[done:], rules))
    return b"".join(pieces)


def _part(octets: bytes, part: BodyPart, rules: Sequence[Rule]) -> bytes:
    raw = octets[part.offset : part.offset + part.length]
    encode = _ENCODERS.get(part.encoding)
    content = part_octets(octets, part)[0] if encode else raw
    text, charset = _read(content, part.charset)
    found = taken_out(text, rules)
    if found == text:
        return raw
    changed = found.encode(charset, "surrogateescape" if charset == "utf-8" else "replace")
    return encode(changed) if encode else changed


def _read(content: bytes, label: str) -> tuple[str, str]:
    """Octets as characters in a charset that gives the same octets back."""
    reading = decode_text(content, label)[0]
    try:
        if reading.text.encode(reading.charset) == content:
            return reading.text, reading.charset
    except (UnicodeError, LookupError):
        return content.decode("utf-8", "surrogateescape"), "utf-8"
    return content.decode("utf-8", "surrogateescape"), "utf-8"


def _fields(octets: bytes, rules: Sequence[Rule]) -> bytes:
    """A header block, or what stands between parts."""
    if not octets:
        return b""
    text = octets.decode("utf-8", "surrogateescape")
    found = _FIELD.sub(lambda one: _field(one[0], rules), taken_out(text, rules))
    return octets if found == text else found.encode("utf-8", "surrogateescape")


def _field(field: str, rules: Sequence[Rule]) -> str:
    """A field whose value says what is withdrawn in an encoded way, read and rewritten."""
    if "=?" not in field and "%" not in field and "\n" not in field.rstrip("\r\n"):
        return field
    name, _, value = field.partition(":")
    plain = _FOLD.sub("", value).strip()
    for read in (decode_words, unquote, str):
        shown = read(plain)
        found = taken_out(shown, rules)
        if found != shown:
            return f"{name}: {found}\r\n"
    return field


def _without_rest(octets: bytes, digest: Digest, rules: Sequence[Rule]) -> bytes:
    """Leave out what still shows the words when the copy is read."""
    message = parse_message(octets, digest)
    shown = "\n".join(read_body(octets, message).lines)
    texts = {part.part_id for part in message.parts if part.media_type.startswith("text/")}
    left_out = texts if found_in(shown, rules) else set()
    for file in attachments(octets, message):
        if found_in(_read(file.content, "")[0], rules) or found_in(file.filename, rules):
            left_out |= texts if file.part_id.startswith("uu") else {file.part_id}
    if left_out and len(message.parts) == 1:
        left_out = {message.parts[0].part_id}
    return without_parts(octets, digest, left_out) if left_out else octets


def without_parts(octets: bytes, digest: Digest, numbers: Collection[str]) -> bytes:
    """The message with a remark in the place of what some parts, or those in them, hold."""
    message = parse_message(octets, digest)
    inside = tuple(f"{number}." for number in numbers)
    for part in sorted(_leaves(message), key=lambda part: -part.offset):
        if part.part_id in numbers or part.part_id.startswith(inside):
            encode = _ENCODERS.get(part.encoding, bytes)
            end = part.offset + part.length
            octets = octets[: part.offset] + encode(_LEFT_OUT) + octets[end:]
    return octets


# -- transfer encodings


def _base64(content: bytes) -> bytes:
    return b"".join(_base64_lines(content))


def _base64_lines(content: bytes) -> Iterator[bytes]:
    for at in range(0, len(content), _BASE64_LINE):
        line = content[at : at + _BASE64_LINE]
        yield binascii.b2a_base64(line, newline=False) + b"\r\n"


def _quoted_printable(content: bytes) -> bytes:
    lines = binascii.b2a_qp(content.replace(b"\r\n", b"\n"), istext=True)
    return lines.replace(b"\n", b"\r\n")


def _uuencode(content: bytes) -> bytes:
    lines = (
        binascii.b2a_uu(content[at : at + 45]).replace(b"\n", b"\r\n")
        for at in range(0, len(content), 45)
    )
    return b"".join((b"begin 644 file\r\n", *lines, b"`\r\nend\r\n"))


_ENCODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "base64": _base64,
    "quoted-printable": _quoted_printable,
    "x-uuencode": _uuencode,
}

assert MARKER.isascii()
