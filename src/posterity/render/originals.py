"""The octets that a site serves: a message's own, or a copy that says it was masked.

Masking reaches the header and every part that holds text, base64 and quoted-printable
undone and done again. It does not reach into pictures, archives and programs.
"""

from __future__ import annotations

import binascii
import re

from posterity.masking import HIDE, ORIGINAL
from posterity.model import BodyPart, Digest
from posterity.parse import parse_message
from posterity.parse.mime import part_octets
from posterity.render.addresses import Addresses

BASE64_LINE = 57
"""Octets on a line of base64: 76 characters (RFC 2045 §6.8)."""

_ADDRESS = re.compile(
    rb"(?<![\w.!#$%&'*+/=?^`{|}~\x80-\xff-])[\w.!#$%&'*+/=?^`{|}~\x80-\xff-]++@"
    rb"[\w.\x80-\xff-]++"
)
_ID_FIELD = re.compile(
    rb"(?:message-id|in-reply-to|references|resent-message-id|content-id):[^\n]*+\n"
    rb"(?>(?:[ \t][^\n]*+\n)*)",
    re.IGNORECASE,
)
_ENCODED = re.compile(rb"base64|quoted-printable", re.IGNORECASE)
_TEXTUAL = ("text/", "message/")


def served(octets: bytes, digest: Digest, addresses: Addresses) -> bytes:
    """A message as the keeper's policy for addresses lets it be served.

    Where addresses are shown these are the message's own octets. Else every address
    outside the fields of ids is masked, and a field before the others names the
    original by its hash.
    """
    if addresses.shown:
        return octets
    if _ENCODED.search(octets):
        octets = _with_parts_masked(octets, digest, addresses)
    end = octets.find(b"\r\n\r\n")
    head = octets[: end + 2] if end >= 0 else b""
    kept: list[bytes] = []
    done = start = 0
    while start < len(head):
        found = _ID_FIELD.match(head, start)
        if found:
            kept += [masked_text(octets[done:start], addresses), found[0]]
            done = start = found.end()
            continue
        start = head.find(b"\n", start) + 1 or len(head)
    kept.append(masked_text(octets[done:], addresses))
    if octets.startswith(ORIGINAL):  # redacted too, and says so already
        return b"".join(kept)
    return b"".join((ORIGINAL, b": ", digest.encode("ascii"), b"\r\n", *kept))


def masked_text(octets: bytes, addresses: Addresses) -> bytes:
    """Octets of a text with every address in them as the policy has it."""
    if addresses.shown or b"@" not in octets:
        return octets
    if addresses.policy == HIDE:
        return _ADDRESS.sub(b"hidden", octets)
    return _ADDRESS.sub(lambda found: found[0].partition(b"@")[0] + b"@...", octets)


def _with_parts_masked(octets: bytes, digest: Digest, addresses: Addresses) -> bytes:
    """The message with its encoded text parts masked; the last first, so offsets hold."""
    message = parse_message(octets, digest)
    for part in sorted(message.parts, key=lambda one: -one.offset):
        if part.encoding in _ENCODERS and part.media_type.startswith(_TEXTUAL):
            content, _ = part_octets(octets, part)
            masked = masked_text(content, addresses)
            if masked != content:
                octets = _replaced(octets, part, _ENCODERS[part.encoding](masked))
    return octets


def _replaced(octets: bytes, part: BodyPart, encoded: bytes) -> bytes:
    return octets[: part.offset] + encoded + octets[part.offset + part.length :]


def _base64(content: bytes) -> bytes:
    lines = (
        binascii.b2a_base64(content[at : at + BASE64_LINE], newline=False)
        for at in range(0, len(content), BASE64_LINE)
    )
    return b"\r\n".join(lines)


def _quoted_printable(content: bytes) -> bytes:
    lines = content.replace(b"\r\n", b"\n")
    return binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


_ENCODERS = {"base64": _base64, "quoted-printable": _quoted_printable}
