"""Blocks of machine text among the words: PGP armour and files sent as letters.

Each reader is given a sheet and the line that may begin a block, and gives back the
line after the block, or -1 where there is none. A reader follows the block's own
grammar line by line, so that a block that never ends takes no prose with it.

Sources: RFC 4880 §6.2 and §7 (armour), POSIX uuencode, the yEnc draft 1.3,
RFC 1741 (BinHex), RFC 4648 §4 (base64).
"""

from __future__ import annotations

import re
from typing import Final

from posterity.model import SegmentKind
from posterity.parse import uuencode
from posterity.parse.sheet import MAX_MARK, Sheet

NO_BLOCK: Final = -1

_ARMOUR: Final = re.compile(
    r"(?:- )*-----(BEGIN|END) PGP ([A-Z][A-Z ,0-9/]{3,40})-----[ \t]*$"
)
_ARMOUR_DATA: Final = re.compile(r"[A-Za-z0-9+/=]{1,200}[ \t]*$")
_ARMOUR_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z-]{1,20}:[ \t]|[A-Za-z]{3,10}:$")
_SIGNED_HEADER: Final = re.compile(r"(?:Hash|Charset|NotDashEscaped):", re.IGNORECASE)
_ARMOUR_KINDS: Final = {
    "SIGNED MESSAGE": SegmentKind.PGP_MARK,
    "SIGNATURE": SegmentKind.PGP_SIGNATURE,
    "MESSAGE": SegmentKind.PGP_ENCRYPTED,
    "PUBLIC KEY BLOCK": SegmentKind.PGP_KEY,
    "PRIVATE KEY BLOCK": SegmentKind.PGP_KEY,
    "SECRET KEY BLOCK": SegmentKind.PGP_KEY,
}
_MAX_ARMOUR_HEADER: Final = 12
"""Lines of armour headers, wrapped ones counted; gpg writes four."""
_MIN_ARMOUR: Final = 2
"""Lines of data an unfinished armour must have: less is talk about armour."""

_BINHEX_DATA: Final = re.compile(r"[!-~]{1,128}[ \t]*$")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{1,200}={0,2}[ \t]*$")
_MIN_BASE64: Final = 4
"""Lines of equal length that make a run of base64 and no long words."""


def armour(sheet: Sheet, first: int) -> int:
    """Mark a PGP armour block, or the marks around signed text (RFC 4880 §6.2, §7)."""
    found = _ARMOUR.match(sheet.lines[first][:MAX_MARK])
    if not found:
        return NO_BLOCK
    edge, name = found.groups()
    kind = _ARMOUR_KINDS.get(name, SegmentKind.PGP_ENCRYPTED)
    if kind is SegmentKind.PGP_MARK:
        end = _signed_header(sheet, first + 1) if edge == "BEGIN" else first + 1
    elif edge == "END":
        end = first + 1
    else:
        end = _armour_end(sheet, first + 1)
    if end != NO_BLOCK:
        sheet.mark(kind, first, end)
    return end


def _signed_header(sheet: Sheet, at: int) -> int:
    """The line after the Hash lines of signed text and the blank one behind them."""
    lines = sheet.lines
    start = at
    while (
        at < len(lines)
        and at - start < _MAX_ARMOUR_HEADER
        and _SIGNED_HEADER.match(lines[at])
    ):
        at += 1
    return at + 1 if at < len(lines) and sheet.is_blank(at) else at


def _armour_end(sheet: Sheet, start: int) -> int:
    """The line after an armour, where its data begins at start."""
    lines = sheet.lines
    at = start
    while at < len(lines) and at - start < _MAX_ARMOUR_HEADER and not sheet.is_blank(at):
        if _ARMOUR.match(lines[at][:MAX_MARK]):
            break
        at += 1
    if not _ARMOUR_HEADER.match(lines[start] if start < len(lines) else ""):
        at = start
    data = 0
    after = at
    while at < len(lines):
        line = lines[at]
        if _ARMOUR_DATA.match(line):
            data += 1
            after = at + 1
        elif not sheet.is_blank(at):
            ended = _ARMOUR.match(line[:MAX_MARK])
            if ended and ended.group(1) == "END":
                return at + 1
            break
        elif at - after > 1:
            break
        at += 1
    return after if data >= _MIN_ARMOUR else NO_BLOCK


def encoded_file(sheet: Sheet, first: int) -> int:
    """Mark a uuencoded, yEnc or BinHex file that begins at a line."""
    line = sheet.lines[first]
    if line.startswith("begin"):
        kind, end = SegmentKind.UUENCODE, uuencode.end_of_file(sheet.lines, first)
    elif line.startswith("=ybegin"):
        kind, end = SegmentKind.YENC, uuencode.end_of_yenc(sheet.lines, first)
    else:
        kind, end = SegmentKind.BINHEX, _binhex_end(sheet, first)
    if end != NO_BLOCK:
        sheet.mark(kind, first, end)
    return end


def _binhex_end(sheet: Sheet, first: int) -> int:
    """The line after a BinHex file: from one colon to the next (RFC 1741)."""
    lines = sheet.lines
    at = first + 1
    while at < len(lines) and sheet.is_blank(at) and at - first <= 2:
        at += 1
    if at >= len(lines) or not lines[at].startswith(":"):
        return NO_BLOCK
    start = at
    while at < len(lines) and _BINHEX_DATA.match(lines[at]):
        data = lines[at].rstrip()
        at += 1
        if data.endswith(":") and (len(data) > 1 or at - start > 1):
            break
    return at


def base64_run(sheet: Sheet, first: int) -> int:
    """Mark a run of lines that are nothing but base64 and all of one length."""
    lines = sheet.lines
    line = lines[first].rstrip()
    if first and _BASE64.match(lines[first - 1]) and len(lines[first - 1]) > 20:
        return NO_BLOCK
    if not (
        re.search("[a-z]", line) and re.search("[A-Z]", line) and re.search(r"\d", line)
    ):
        return NO_BLOCK
    at = first
    while (
        at < len(lines)
        and len(lines[at].rstrip()) == len(line)
        and _BASE64.match(lines[at])
    ):
        at += 1
    if at - first < _MIN_BASE64:
        return NO_BLOCK
    if at < len(lines) and len(lines[at]) < len(line) and _BASE64.match(lines[at]):
        at += 1
    sheet.mark(SegmentKind.BASE64, first, at)
    return at
