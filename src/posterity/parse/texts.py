"""One text part as lines: transfer encoding, charset and format undone, in that order.

Only CRLF, LF and a bare CR end a line. The other characters that Unicode calls line
ends (NEL, VT, FF, U+2028) stand in the text of mail without ending anything.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from posterity.defects import Defect, DefectCode
from posterity.model import BodyPart, CharsetSource
from posterity.parse import enriched, flowed, htmltext
from posterity.parse.charsets import decode_text
from posterity.parse.mime import part_octets
from posterity.parse.undeclared import quoted_printable

HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
ENRICHED: Final = frozenset({"text/enriched", "text/richtext"})
LONG_LINE: Final = 10_000
"""Characters of a line beyond which it is not shown whole (robustness.md D6)."""

_NONE: Final[frozenset[int]] = frozenset()
_AS_THEY_ARE: Final = frozenset({"7bit", "8bit", "binary", ""})
_NUL_MARK: Final = "\N{SYMBOL FOR NULL}"
_TOLD_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\f\r\x1b")) + b"\x7f"
_CONTROL: Final = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f]")


class PartText(NamedTuple):
    """A part's text.

    Attributes:
        lines: without line ends; those of format=flowed joined.
        unquoted: indices of lines that begin with > and are no quote.
        charset, source: how it was decoded.
        flowed, html: what it was made from.
        defects: found on the way, `where` the part's number.
    """

    lines: list[str]
    unquoted: frozenset[int]
    charset: str
    source: CharsetSource
    flowed: bool
    html: bool
    defects: tuple[Defect, ...]


def read_text(octets: bytes, part: BodyPart, default_charset: str = "") -> PartText:
    """Read a text part of a message.

    Args:
        octets: of the whole message.
        part: one of its parts.
        default_charset: of the list, for text that proves nothing.
    """
    content, defects = part_octets(octets, part)
    where = part.part_id
    html = part.media_type in HTML
    if part.encoding in _AS_THEY_ARE and not html and b"=" in content:
        decoded = quoted_printable(content)
        if decoded is not None:
            content = decoded
            defects = (*defects, Defect(DefectCode.UNDECLARED_QP, where))
    reading, odd = decode_text(content, part.charset, default_charset)
    text, ends_odd = _plain_ends(reading.text, content, where)
    if odd or ends_odd:
        defects = (*defects, *(defect._replace(where=where) for defect in odd), *ends_odd)
    is_flowed = part.flowed > 0 and part.media_type == "text/plain"
    if html:
        text = htmltext.plain_text(text)
    elif part.media_type in ENRICHED:
        text = enriched.plain_text(text, rich=part.media_type == "text/richtext")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    unquoted = _NONE
    if is_flowed:
        lines, unquoted = flowed.join(lines, delsp=part.flowed > 1)
    if len(text) > LONG_LINE:
        defects = (*defects, *_long_lines(lines, where))
    return PartText(
        lines, unquoted, reading.charset, reading.source, is_flowed, html, defects
    )


def _plain_ends(text: str, content: bytes, where: str) -> tuple[str, tuple[Defect, ...]]:
    """The text with LF line ends and a mark for each NUL, and what was odd about it."""
    odd: list[Defect] = []
    if "\r" in text:
        if "\r\r\n" in text:
            text = text.replace("\r\r\n", "\n")
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            odd.append(Defect(DefectCode.BARE_CR, where, str(text.count("\r"))))
            text = text.replace("\r", "\n")
    if len(content.translate(None, _TOLD_CONTROLS)) != len(content):
        # NUL ends a text for databases and terminals: what follows it would be lost
        # to search. It is shown by its picture.
        if "\x00" in text:
            odd.append(Defect(DefectCode.NUL_IN_BODY, where, str(text.count("\x00"))))
            text = text.replace("\x00", _NUL_MARK)
        control = _CONTROL.search(text)
        if control:
            detail = f"U+{ord(control.group()):04X}"
            odd.append(Defect(DefectCode.CONTROL_IN_BODY, where, detail))
    return text, tuple(odd)


def _long_lines(lines: list[str], where: str) -> tuple[Defect, ...]:
    """LONG_LINE for the longest line, where one is too long."""
    longest = max(map(len, lines), default=0)
    if longest <= LONG_LINE:
        return ()
    return (Defect(DefectCode.LONG_LINE, where, f"{longest} characters"),)
