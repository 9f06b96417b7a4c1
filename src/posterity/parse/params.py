"""A MIME field's value and its parameters: `text/plain; charset=utf-8; name=a.txt`.

RFC 2231 lets a parameter be spread over sections and carry a charset:

    filename*0*=utf-8'en'%C2%A3; filename*1="100.txt"

What is read beyond the RFCs, because it is sent: blanks and parentheses in a value
without quotes, a quote that is never closed, encoded words inside quotes, octets above
0x7F, sections out of order or missing, quoted-printable marks (`charset=3D"utf-8"`).

Sources: RFC 2045 §5.1, RFC 2183 §2, RFC 2231 §3, §4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from posterity.defects import Defect, DefectCode
from posterity.parse.charsets import decode_text
from posterity.parse.grammar import BETWEEN_PARAMETERS, EXTENDED_NAME, PARAMETER, excerpt
from posterity.parse.words import decode_header

MAIN_VALUE = re.compile(r'[\s"]*+([^\s;("]*+)"?')

# Values that run to the ";" with all their blanks, where others end at the first one.
_NAMES = frozenset({"name", "filename"})

_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_OCTETS = {b"%02x" % octet: bytes((octet,)) for octet in range(256)}

# (section number, whether percent-encoded, raw value)
Section = tuple[int, bool, bytes]


def read_parameters(
    value: bytes,
) -> tuple[str, Mapping[str, str], tuple[Defect, ...]]:
    """Read a Content-Type or Content-Disposition.

    Args:
        value: unfolded.

    Returns:
        (main value in lower case, parameters by their names in lower case, defects).
        Of a repeated parameter the first counts; an extended one (RFC 2231) goes
        before a plain one of its name.
    """
    text = value.decode("latin-1")
    main = MAIN_VALUE.match(text)
    assert main is not None
    plain: dict[str, str] = {}
    sections: dict[str, list[Section]] = {}
    defects: list[Defect] = []
    for name, raw, whole in _parameters(text, main.end()):
        base, section = _section(name, raw)
        if section is not None:
            sections.setdefault(base, []).append(section)
        elif base not in plain:
            plain[base] = _plain_value(base, raw)
        if not whole:
            detail = excerpt(name.encode("latin-1"))
            defects.append(Defect(DefectCode.BAD_PARAMETER, "", detail))
    for base, parts in sections.items():
        plain[base], odd = _assemble(base, parts)
        defects += odd
    return main[1].lower(), plain, tuple(dict.fromkeys(defects))


def _parameters(text: str, start: int) -> Iterator[tuple[str, bytes, bool]]:
    """Each parameter: its name as spelled, its raw value, whether it was well formed."""
    position = start
    while position < len(text):
        between = BETWEEN_PARAMETERS.match(text, position)
        position = between.end() if between else position
        found = PARAMETER.match(text, position)
        if found is None:
            position = text.find(";", position) + 1 or len(text)
            continue
        name, quoted, loose = found.groups()
        position = found.end()
        if quoted is not None:
            value = _QUOTED_PAIR.sub(r"\1", quoted) if "\\" in quoted else quoted
            yield name, value.encode("latin-1"), True
        else:
            value, whole = _loose_value(name.lower(), loose)
            yield name, value.encode("latin-1"), whole


def _loose_value(name: str, loose: str) -> tuple[str, bool]:
    """A value that stands in no quotes, or in broken ones."""
    value = loose.strip()
    if value[:3].lower() == '3d"':
        return value[3:].strip('"'), False
    if value.startswith('"'):
        return value[1:], False
    if name.partition("*")[0] in _NAMES:
        return value, " " not in value
    return value.split()[0] if value else "", True


def _section(name: str, raw: bytes) -> tuple[str, Section | None]:
    """The parameter's name, and where it is RFC 2231's, its section."""
    lower = name.lower()
    if "*" not in lower:
        return lower, None
    found = EXTENDED_NAME.fullmatch(lower)
    if found is None:
        return lower, None
    return found[1], (int(found[2] or 0), found[3] is not None, raw)


def _plain_value(name: str, raw: bytes) -> str:
    if raw.isascii() and b"=?" not in raw:
        return raw.decode("ascii")
    if name == "boundary":
        return raw.decode("latin-1")
    return decode_header(raw)[0].text


def _assemble(name: str, parts: list[Section]) -> tuple[str, list[Defect]]:
    """Join the sections of a parameter in their order, and decode them.

    What follows a missing section is kept: a name with a hole says more than half a
    name.
    """
    parts.sort(key=lambda part: part[0])
    defects = []
    if [part[0] for part in parts] != list(range(len(parts))):
        detail = f"{excerpt(name.encode('latin-1'))[:60]}: sections missing or repeated"
        defects.append(Defect(DefectCode.BAD_PARAMETER, "", detail))
    charset, pieces = "", []
    for number, (_, encoded, raw) in enumerate(parts):
        octets = raw
        if number == 0 and encoded and raw.count(b"'") >= 2:
            label, _, octets = raw.split(b"'", 2)
            charset = label.decode("ascii", "replace")
        pieces.append(_unescape(octets) if encoded else octets)
    text, odd = decode_text(b"".join(pieces), charset)
    return text.text, defects + list(odd)


def _unescape(octets: bytes) -> bytes:
    return _PERCENT.sub(lambda found: _OCTETS[found[1].lower()], octets)
