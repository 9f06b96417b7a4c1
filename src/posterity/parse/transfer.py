"""Undo a content transfer encoding, damaged ones too.

How damage is mended (robustness row P9):

    base64             signs outside the alphabet are skipped; a line cut short loses
                       its own last quantum and no more; what follows the padding is
                       more base64 or, when it is none, text that some program added
    quoted-printable   an "=" that starts no pair of hex digits stands for itself
    uuencode           a line too short is padded with blanks, one too long is cut

Only plain text that stands after base64 of a type that is no text is left out.
Everything is linear in the octets: a part of 50 MB takes a second.

Sources: RFC 2045 §6.7, §6.8; POSIX uuencode.
"""

from __future__ import annotations

import binascii
import re

from posterity.defects import Defect, DefectCode

_BLANKS = b" \t\r\n"
_BASE64_SIGNS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOISE = bytes(set(range(256)) - set(_BASE64_SIGNS))

# What words of a text look like; base64 mixes its cases and digits.
_WORD = re.compile(rb"""[('"]?(?:[A-Z]?[a-z']+|[A-Z]+|\d+)[.,:;!?)'"]*""")
_PADDING = re.compile(rb"=+[ \t]*(?:\r*\n|\Z)")

_BLANK = frozenset({b" ", b"\t"})
_BLANK_ENDS = (b" \r\n", b"\t\r\n", b" \n", b"\t\n")
_TRAILING_BLANKS = re.compile(rb"(?<![ \t])[ \t]++(?=\r*\n|\Z)")
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|\r?\n|\Z)")
_ESCAPE = re.compile(rb"=(?:([0-9A-Fa-f]{2})|\r*\n|\r|\Z)")
_OCTETS = {b"%02x" % octet: bytes((octet,)) for octet in range(256)}

_UU_BEGIN = re.compile(rb"^begin[ \t]+[0-7]{3,4}[ \t]+[^\r\n]*\r*\n", re.MULTILINE)
_UU_LINE_LIMIT = 45  # octets a line holds at most

Decoded = tuple[bytes, tuple[Defect, ...]]


def decode_base64(octets: bytes, keep_text: bool = True) -> Decoded:
    """Undo base64.

    Args:
        octets: the encoded content.
        keep_text: keep plain lines after the data, as text.

    Returns:
        The content, and DAMAGED_BASE64 where it had to be mended.
    """
    tight = octets.translate(None, _BLANKS)
    try:
        content = binascii.a2b_base64(tight, strict_mode=True)
    except binascii.Error as error:
        damage = Defect(DefectCode.DAMAGED_BASE64, "", str(error))
    else:
        if len(tight) % 4 == 0:
            return content, ()
        damage = Defect(DefectCode.DAMAGED_BASE64, "", f"{len(tight)} signs")
    before, data, after = _apart(octets)
    content = b"".join(map(_segment, _PADDING.split(data)))
    if not keep_text and content:
        return content, (damage,)
    return before + content + after, (damage,)


def _apart(octets: bytes) -> tuple[bytes, bytes, bytes]:
    """Text before the base64 lines, the base64 lines, and text after them."""
    start = position = 0
    while position < len(octets):
        end = octets.find(b"\n", position) + 1 or len(octets)
        if _is_prose(octets[position : min(end, position + 1000)]):
            if start < position:
                return octets[:start], octets[start:position], octets[position:]
            start = end
        position = end
    return octets[:start], octets[start:], b""


def _is_prose(line: bytes) -> bool:
    """Whether a line is words of a text and not base64, noisy as it may be."""
    if line[:2] in (b"--", b"__"):
        return True
    if b" " not in line and b"\t" not in line:
        return False
    words = line.split()
    return len(words) > 1 and 2 * sum(map(bool, map(_WORD.fullmatch, words))) > len(words)


def _segment(data: bytes) -> bytes:
    """Decode what stands between two paddings."""
    if b"\n" not in data:
        return _quanta(data.translate(None, _NOISE))
    lines = [line for raw in data.split(b"\n") if (line := raw.translate(None, _NOISE))]
    uneven = sum(len(line) % 4 != 0 for line in lines[:-1])
    if uneven and uneven * 10 <= len(lines):
        return b"".join(map(_quanta, lines))
    return _quanta(b"".join(lines))


def _quanta(signs: bytes) -> bytes:
    """Decode base64 signs; a lone last one holds no octet."""
    signs = signs[: len(signs) - (len(signs) % 4 == 1)]
    return binascii.a2b_base64(signs + b"=" * (-len(signs) % 4))


def decode_quoted_printable(octets: bytes) -> Decoded:
    """Undo quoted-printable.

    Returns:
        The content, and DAMAGED_QP where an "=" stands for itself. Blanks at line
        ends go: transport added them (RFC 2045 §6.7 rule 3).
    """
    if octets[-1:] in _BLANK or any(blanks in octets for blanks in _BLANK_ENDS):
        octets = _TRAILING_BLANKS.sub(b"", octets)
    bad = _BAD_ESCAPE.search(octets)
    if bad is None:
        return binascii.a2b_qp(octets), ()
    damage = Defect(DefectCode.DAMAGED_QP, "", f"offset {bad.start()}")
    return _ESCAPE.sub(_escaped, octets), (damage,)


def _escaped(found: re.Match[bytes]) -> bytes:
    return _OCTETS[found[1].lower()] if found[1] else b""


def decode_uuencode(octets: bytes) -> Decoded:
    """Undo uuencode, from the `begin` line to the `end` line.

    Returns:
        The content, and DAMAGED_UUENCODE where it had to be mended; the octets
        themselves where no `begin` line is found.
    """
    begin = _UU_BEGIN.search(octets)
    if begin is None:
        return octets, (Defect(DefectCode.DAMAGED_UUENCODE, "", "no begin line"),)
    content: list[bytes] = []
    damaged, ended = False, False
    for raw in octets[begin.end() :].split(b"\n"):
        line = raw.rstrip(b"\r")
        if line.rstrip() == b"end":
            ended = True
            break
        if line:
            piece, mended = _uu_line(line)
            content.append(piece)
            damaged |= mended
    if damaged or not ended:
        detail = "a line is too long or too short" if ended else "no end line"
        return b"".join(content), (Defect(DefectCode.DAMAGED_UUENCODE, "", detail),)
    return b"".join(content), ()


def _uu_line(line: bytes) -> tuple[bytes, bool]:
    """One line's octets, and whether it had to be mended."""
    size = (line[0] - 32) & 63
    signs = (size + 2) // 3 * 4
    if size > _UU_LINE_LIMIT or not 32 <= line[0] <= 96:
        return b"", True
    body = line[1 : 1 + signs].ljust(signs)
    try:
        return binascii.a2b_uu(line[:1] + body), len(line) < signs - 2
    except binascii.Error:
        return b"", True
