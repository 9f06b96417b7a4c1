"""One form for a message's line ends and quoting, and the way back.

RFC 5322 §2.1 has CRLF on the wire; files have LF, or CRLF, or both. The canonical form
has CRLF. What it no longer shows is kept beside it in a few octets:

    b"C"       every LF follows a CR (or there is none): nothing was changed
    b"L"       no LF follows a CR: every line end was LF
    b"M" …     both: lengths of runs of line ends, CRLF first and LF in turn, each
               length as a base-128 varint, low seven bits first

A bare CR, a NUL and CR CR LF are no line ends of ours and stay as they are.

mboxrd quoting (qmail's mbox(5)) puts one `>` before each `From ` line and each line
that is one `>` or more before `From `, so it can be undone exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby

from posterity.model import Digest, LineEnds
from posterity.sources.source import Piece, PieceKind

ALL_CRLF = b"C"
ALL_LF = b"L"
MIXED = b"M"
MBOXRD = "mboxrd"

_QUOTED = re.compile(rb"(?m)^>(>*From )")
_QUOTABLE = re.compile(rb"(?m)^(>*From )")
_BARE_FROM = re.compile(rb"(?m)^From ")


def canonical(found: bytes) -> tuple[bytes, bytes]:
    """Give (octets in CRLF form, line_ends)."""
    ends = found.count(b"\n")
    crlf = found.count(b"\r\n")
    if ends == crlf:
        return found, ALL_CRLF
    if not crlf:
        return found.replace(b"\n", b"\r\n"), ALL_LF
    lines = found.split(b"\n")
    tail = lines.pop()
    had_cr = [line.endswith(b"\r") for line in lines]
    whole = [
        line + b"\n" if cr else line + b"\r\n"
        for line, cr in zip(lines, had_cr, strict=True)
    ]
    return b"".join(whole) + tail, MIXED + _runs(had_cr)


def restore_line_ends(octets: bytes, line_ends: bytes) -> bytes:
    """Undo `canonical`."""
    if line_ends == ALL_CRLF:
        return octets
    if line_ends == ALL_LF:
        return octets.replace(b"\r\n", b"\n")
    lines = octets.split(b"\n")
    place, crlf = 0, True
    parts: list[bytes] = []
    for run in _lengths(line_ends[1:]):
        chosen = lines[place : place + run]
        parts.extend(line + b"\n" if crlf else line[:-1] + b"\n" for line in chosen)
        place += run
        crlf = not crlf
    return b"".join(parts) + b"\n".join(lines[place:])


def unquote(octets: bytes) -> tuple[bytes, str]:
    """Undo mboxrd quoting where that can itself be undone; give (octets, quoting).

    A line that begins with a bare `From ` was not written by a quoting writer: such a
    message is left as it is, for re-quoting would not give it back.
    """
    if b"From " not in octets or _BARE_FROM.search(octets):
        return octets, ""
    plain = _QUOTED.sub(rb"\1", octets)
    return (plain, MBOXRD) if len(plain) != len(octets) else (octets, "")


def requote(octets: bytes) -> bytes:
    """Quote as mboxrd does."""
    return _QUOTABLE.sub(rb">\1", octets) if b"From " in octets else octets


def restore(piece: Piece) -> bytes:
    """Give a piece's octets as found, without its opening and closing."""
    if piece.kind is not PieceKind.MESSAGE:
        return piece.octets
    quoted = requote(piece.octets) if piece.quoting == MBOXRD else piece.octets
    return restore_line_ends(quoted, piece.line_ends)


def message_digest(octets: bytes) -> Digest:
    """The message hash: SHA-256 of the canonical octets and one more CRLF."""
    hashed = sha256(octets)
    hashed.update(b"\r\n")
    return Digest(hashed.hexdigest())


def line_end_form(line_ends: bytes) -> LineEnds:
    """The line ends in a word."""
    if line_ends == ALL_CRLF:
        return LineEnds.CRLF
    return LineEnds.LF if line_ends == ALL_LF else LineEnds.MIXED


def _runs(had_cr: list[bool]) -> bytes:
    """Run lengths as varints, a run of CRLF first (its length may be 0)."""
    encoded = bytearray() if had_cr[0] else bytearray(1)
    for _, run in groupby(had_cr):
        length = sum(1 for _ in run)
        while length > 0x7F:
            encoded.append(length & 0x7F | 0x80)
            length >>= 7
        encoded.append(length)
    return bytes(encoded)


def _lengths(encoded: bytes) -> Iterator[int]:
    """The lengths `_runs` wrote."""
    length = shift = 0
    for octet in encoded:
        length |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            yield length
            length = shift = 0
