"""Quoted-printable in a body that does not say so, told from equals signs that mean it.

List software of the 1990s dropped Content-Transfer-Encoding and left the rest. What
gives it away: a blank at a line's end written =20, an equals sign written =3D, letters
above ASCII written =E9, and lines of prose that end in = near column 76. What speaks
against it: any other equals sign, but for those of base64 and PGP armour.

Source: RFC 2045 §6.7.
"""

from __future__ import annotations

import re
from typing import Final

# "==*" and not "=+": so the engine looks for the sign itself, 1.5 and not 41 us in 2 KB
_EQUALS: Final = re.compile(rb"(==*)(\r?\n|[0-9A-F]{2}(\r?\n)?)?")
_ARMOUR_SUM: Final = re.compile(rb"=[A-Za-z0-9+/]{4}[ \t]*\r?(?:\n|\Z)")
_SOFT: Final = re.compile(rb"=[ \t]*\r?$")
_ESCAPE: Final = re.compile(rb"=([0-9A-F]{2})")
_QUOTED: Final = re.compile(rb"(?:> ?)+")
_LINE: Final = range(40, 78)
"""How long a line is that was broken: encoders break at 76 (RFC 2045 §6.7 rule 5)."""
_ENOUGH: Final = 2
_FOR_EACH_AGAINST: Final = 3
_LOOKED_AT: Final = 2000
"""Equals signs weighed; a text that has more is judged by these."""


def quoted_printable(octets: bytes) -> bytes | None:
    """The text decoded, where it is quoted-printable beyond doubt; else None."""
    if b"=" not in octets:
        return None
    for_it = against = 0
    for count, found in enumerate(_EQUALS.finditer(octets)):
        if count == _LOOKED_AT:
            break
        weight = _weigh(octets, found)
        if weight > 0:
            for_it += weight
        else:
            against -= weight
    if for_it < _ENOUGH or for_it < _FOR_EACH_AGAINST * against:
        return None
    return _decode(octets)


def _weigh(octets: bytes, found: re.Match[bytes]) -> int:
    """How strongly an equals sign speaks for (above 0) or against (below) the encoding."""
    after = found.group(2)
    at = found.start()
    if len(found.group(1)) > 1:
        return 0 if after and not after.strip() else -1
    start = octets.rfind(b"\n", max(0, at - 100), at) + 1
    if after is None:
        return 0 if _is_armour_sum(octets, start, at) else -1
    code = after[:2]
    if not code.strip():
        return _weigh_break(octets[start:at])
    if _is_armour_sum(octets, start, at):
        return 0
    if _is_address(octets[max(start, octets.rfind(b" ", start, at)) : at]):
        return -1
    return _weigh_escape(code, octets[at - 1 : at], ends_line=bool(found.group(3)))


def _weigh_escape(code: bytes, before: bytes, *, ends_line: bool) -> int:
    """The weight of an equals sign with two hexadecimal digits behind it."""
    if code in {b"20", b"09"} and ends_line:
        return 2
    if code == b"3D" or (code >= b"8" and (before.isalpha() or before.isspace())):
        return 1
    return 0 if code in {b"20", b"2E", b"46"} else -1


def _is_armour_sum(octets: bytes, start: int, at: int) -> bool:
    """Whether the equals sign begins the checksum line of PGP armour."""
    return at - start <= 4 and bool(_ARMOUR_SUM.match(octets, at))


def _is_address(word: bytes) -> bool:
    """Whether the word before an equals sign is the beginning of a URL's query."""
    return b"://" in word or b"?" in word


def _weigh_break(line: bytes) -> int:
    """The weight of an equals sign at the end of a line."""
    if b" " not in line:
        return 0
    return 1 if len(line) in _LINE else -1


def _decode(octets: bytes) -> bytes:
    """Undo the escapes and breaks; a quote's mark goes with the break that it follows."""
    pieces: list[bytes] = []
    prefix = b""  # of the line that was broken, to be taken off its rest
    for line in octets.split(b"\n"):
        rest = line
        if prefix and rest.startswith(prefix.rstrip()):
            rest = rest[len(prefix) :]
        broken = _SOFT.search(rest[-80:])
        if _ARMOUR_SUM.match(rest) or (broken and b" " not in rest):
            broken = None
        elif broken:
            rest = rest[: rest.rindex(b"=")]
        if not _ARMOUR_SUM.match(rest):
            rest = _ESCAPE.sub(_octet, rest)
        pieces.append(rest)
        if broken:
            quoted = _QUOTED.match(line)
            prefix = prefix or (quoted.group() if quoted else b"")
        else:
            prefix = b""
            pieces.append(b"\n")
    return b"".join(pieces[:-1] if pieces[-1:] == [b"\n"] else pieces)


def _octet(found: re.Match[bytes]) -> bytes:
    """The octet an escape stands for."""
    return bytes((int(found.group(1), 16),))
