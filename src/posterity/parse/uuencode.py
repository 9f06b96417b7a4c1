r"""Files sent inside the text: uuencode and yEnc, found and decoded.

    begin 644 hello.txt           =ybegin line=128 size=123456 name=hello.txt
    &:&5L;&\\*                     (octets, 42 added to each)
    `                             =yend size=123456
    end

Found by line index, so that the text and the file in it agree on where it stands.

Sources: POSIX.1 uuencode; the yEnc draft 1.3 (2002).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_BEGIN: Final = re.compile(r"begin(-base64)? ([0-7]{3,4}) +(\S.*)")
_YBEGIN: Final = re.compile(r"=ybegin .*?\bsize=\d+.*? name=(.*)")
_LINE: Final = re.compile(r"[ -`]{1,90}[ \t]*$")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{1,200}={0,2}[ \t]*$")
_MAX_BEGIN: Final = 998
ENDS: Final = frozenset({"end", "===="})
"""The last lines of a whole file."""
_SLACK: Final = 2
"""Characters a sender may have put behind a line: a checksum, a mark."""
_YENC_SHIFT: Final = bytes((octet - 42) & 255 for octet in range(256))
_YENC_ESCAPE: Final = re.compile(rb"=(.)", re.DOTALL)


class EncodedFile(NamedTuple):
    """A file found in a text.

    Attributes:
        name: as the sender spelled it.
        content: decoded.
        first, end: the lines it stands on, [first, end).
        whole: it ended where it said it would, and every line decoded.
    """

    name: str
    content: bytes
    first: int
    end: int
    whole: bool


def end_of_file(lines: Sequence[str], first: int) -> int:
    """The index after a uuencoded file that begins at a line, -1 for none."""
    found = _BEGIN.match(lines[first][:_MAX_BEGIN])
    if not found:
        return -1
    if found.group(1):
        return _end_of_base64(lines, first)
    at = first + 1
    held = 0
    while at < len(lines):
        line = lines[at]
        if line.rstrip() == "end":
            return at + 1 if held else -1
        if _is_data(line):
            held += 1
        elif line.strip(" `"):
            break
        at += 1
    while at > first + 1 and not lines[at - 1].strip(" `"):
        at -= 1
    return at if held else -1


def _is_data(line: str) -> bool:
    """Whether a line is uuencoded data: its first character says how long it is."""
    if not _LINE.match(line):
        return False
    octets = (ord(line[0]) - 32) & 63
    expected = 1 + (octets + 2) // 3 * 4
    return (
        octets > 0
        and len(line.rstrip()) <= expected + _SLACK
        and (len(line) >= expected or (line[-1] != " " and len(line) > expected // 2))
    )


def _end_of_base64(lines: Sequence[str], first: int) -> int:
    """The index after a begin-base64 file, which ends with four equals signs."""
    at = first + 1
    while at < len(lines) and _BASE64.match(lines[at]):
        at += 1
    if at == first + 1:
        return -1
    return at + 1 if at < len(lines) and lines[at].rstrip() == "====" else at


def end_of_yenc(lines: Sequence[str], first: int) -> int:
    """The index after a yEnc file; where =yend is missing, of the text; -1 for none."""
    if not _YBEGIN.match(lines[first][:_MAX_BEGIN]):
        return -1
    for at in range(first + 1, len(lines)):
        if lines[at].startswith("=yend "):
            return at + 1
    return len(lines)


def find_files(octets: bytes) -> list[EncodedFile]:
    """Every uuencoded and yEnc file in a text, decoded, in order.

    Args:
        octets: of a text part, transfer-decoded.
    """
    if b"begin " not in octets and b"begin-base64 " not in octets:
        return []
    lines = octets.decode("latin-1").replace("\r\n", "\n").split("\n")
    files: list[EncodedFile] = []
    at = 0
    for index, line in enumerate(lines):
        if index < at or not line.startswith(("begin ", "begin-base64 ", "=ybegin ")):
            continue
        yenc = line.startswith("=")
        end = end_of_yenc(lines, index) if yenc else end_of_file(lines, index)
        if end > index:
            at = end
            files.append((_read_yenc if yenc else _read)(lines, index, end))
    return files


def _read(lines: Sequence[str], first: int, end: int) -> EncodedFile:
    """Decode the uuencoded or base64 file on the lines [first, end)."""
    found = _BEGIN.match(lines[first][:_MAX_BEGIN])
    base64, _, name = found.groups() if found else ("", "", "")
    last = lines[end - 1].rstrip()
    whole = last == ("====" if base64 else "end")
    body = lines[first + 1 : end - 1 if whole else end]
    pieces: list[bytes] = []
    for line in body:
        piece, intact = _base64_line(line) if base64 else _uu_line(line)
        pieces.append(piece)
        whole = whole and intact
    return EncodedFile(name.rstrip(), b"".join(pieces), first, end, whole)


def _uu_line(line: str) -> tuple[bytes, bool]:
    """The octets of one uuencoded line, and whether it was intact."""
    line = line.rstrip("\t ")
    if not line:
        return b"", True
    expected = 1 + (((ord(line[0]) - 32) & 63) + 2) // 3 * 4
    try:
        return binascii.a2b_uu(line[:expected]), len(line) <= expected + _SLACK
    except (binascii.Error, ValueError):
        return b"", False


def _base64_line(line: str) -> tuple[bytes, bool]:
    """The octets of one base64 line, and whether it was intact."""
    try:
        return binascii.a2b_base64(line), True
    except (binascii.Error, ValueError):
        return b"", False


def _read_yenc(lines: Sequence[str], first: int, end: int) -> EncodedFile:
    """Decode the yEnc file on the lines [first, end)."""
    found = _YBEGIN.match(lines[first][:_MAX_BEGIN])
    name = found.group(1).strip().strip('"') if found else ""
    whole = lines[end - 1].startswith("=yend ")
    body = lines[first + 1 : end - 1 if whole else end]
    data = [line for line in body if not line.startswith("=ypart ")]
    joined = "".join(data).encode("latin-1", "replace")
    content = _YENC_ESCAPE.sub(_unescape, joined).translate(_YENC_SHIFT)
    size = re.search(r"\bsize=(\d{1,12})", lines[end - 1] if whole else "")
    if size:
        whole = int(size.group(1)) == len(content)
    return EncodedFile(name, content, first, end, whole)


def _unescape(found: re.Match[bytes]) -> bytes:
    """The octet an escape stands for, before the shift."""
    return bytes(((found.group(1)[0] - 64) & 255,))
