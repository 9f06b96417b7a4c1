"""From_ lines: which shapes exist, and how much each proves.

    OURS    From mboxrd@posterity Thu Jan  1 00:00:00 1970    what `export mbox` writes
    STRICT  From joe@example.org Mon Jan  5 10:49:28 1993     ctime(3) after one address
    DATED   From joe@example.org 1993-01-05T10:49:28Z         a date and time all the same
    BARE    From joe@example.org                              an address alone
    PROSE   From what I can tell, …                           a line of text

STRICT allows what c-client's and Mutt's readers allow: no seconds, a zone before or
after the year, a year of two digits, `remote from host`, an address such as `-`,
`user at host.org`, `???@???` or one in quotes, or none at all.

The patterns look at one line, of at most LINE_LIMIT octets, and have no nested repeats.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

LINE_LIMIT = 998
"""RFC 5322 §2.1.1: octets in a line. A longer line is no From_ line."""

OWN_ENVELOPE = b"From mboxrd@posterity Thu Jan  1 00:00:00 1970"
"""What our export writes; a file that opens with it is mboxrd."""

INBOX_ENVELOPE = b"From mboxrd@z Thu Jan  1 00:00:00 1970"
"""What public-inbox writes over the mboxrd files it serves."""

MBOXRD_ENVELOPES = (OWN_ENVELOPE, INBOX_ENVELOPE)
MBOXRD_SENDERS = (b"mboxrd@posterity", b"mboxrd@z")


class Shape(IntEnum):
    """How much a From_ line looks like one, least first."""

    PROSE = 0
    BARE = 1
    DATED = 2
    STRICT = 3
    OURS = 4


class Envelope(NamedTuple):
    """A From_ line, read: its shape and whom it names."""

    shape: Shape
    sender: bytes


_WEEKDAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_TIME = rb"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_YEAR = rb"(?:[0-9]{4}|[0-9]{2})"
_ZONE = rb"(?:[+-][0-9]{4}|[A-Za-z]{1,5}(?:[+-][0-9]{1,4})?(?: DST)?)"

_CTIME_WORDS = (
    _WEEKDAY + rb",?[ \t]+" + _MONTH + rb"[ \t]+[0-9]{1,2}[ \t]+"
    + _TIME + rb"(?:[ \t]+" + _ZONE + rb")?[ \t]+" + _YEAR
    + rb"(?:[ \t]+" + _ZONE + rb")?(?:[ \t]+remote from [!-~]+)?[ \t]*"
)  # fmt: skip
_CTIME = re.compile(rb"(?:^|[ \t])" + _CTIME_WORDS + rb"$")
_FIELD_START = rb"[!-9;-~]{1,127}[ \t]*:"
PLAIN = re.compile(
    rb"From (?P<sender>[!-~]{1,320})[ \t]+"
    + _CTIME_WORDS
    + rb"\r?\n(?="
    + _FIELD_START
    + rb")"
)
"""A STRICT line with a header block after it, in one go: what nearly all of them are.
320 octets: RFC 3696 erratum 1690, the longest address but for the new 254."""

_ADDRESS = re.compile(rb'(?:[!-~\x80-\xff]*|"[^"]*"[!-~]*|[!-~]+ at [!-~]+)$')
_DATED = re.compile(
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}"  # ISO 8601
    rb"|[0-9]{1,2}[ -]" + _MONTH + rb"[ -]" + _YEAR + rb"[ \t]+" + _TIME  # RFC 5322
    + rb"|" + _MONTH + rb"[ \t]+[0-9]{1,2},?[ \t]+" + _TIME
    + rb"(?:[ \t]+[!-~]{1,9}){0,4}[ \t]+[0-9]{4}"
    + rb"|" + _MONTH + rb"[ \t]+[0-9]{1,2},?[ \t]+" + _YEAR + rb"[ \t]+" + _TIME
    + rb"|[ \t][0-9]{1,2}[ \t]+(?:[A-Za-z\x80-\xff.]{2,9}[ \t]+)?" + _TIME
    + rb"[ \t]+[0-9]{4}$"  # other languages' names
)  # fmt: skip
_BARE = re.compile(rb"[!-~]+@[!-~]+$|[A-Z]+(?:-[A-Z]+)*$")
_FIELD = re.compile(rb"(?:>?From [^\n]*\n){0,4}" + _FIELD_START)
_KNOWN_FIELD = re.compile(
    rb"(?mi)^(?:From|Date|Received|Message-ID|Return-Path|Subject|To|Newsgroups|Path"
    rb"|Delivered-To|X-Gmail-Labels|X-Mozilla-Status)[ \t]*:"
)
_HEADER_END = re.compile(rb"\n\r*\n")
KNOWN_FIELD_REACH = 4096
"""How far into a header block a well-known field is looked for."""


def read_envelope(line: bytes) -> Envelope:
    """Judge a line that begins `From `; its line end is off."""
    if line in MBOXRD_ENVELOPES:
        return Envelope(Shape.OURS, line.split(b" ")[1])
    if len(line) > LINE_LIMIT:
        return Envelope(Shape.PROSE, b"")
    rest = line[5:]
    found = _CTIME.search(rest)
    if found:
        sender = rest[: found.start()].strip()
        shape = Shape.STRICT if _ADDRESS.match(sender) else Shape.DATED
        return Envelope(shape, sender)
    found = _DATED.search(rest)
    sender = rest[: found.start()].strip() if found else rest.strip()
    if found:
        return Envelope(Shape.DATED, sender)
    return Envelope(Shape.BARE if _BARE.match(sender) else Shape.PROSE, sender)


def begins_header(octets: bytes, place: int) -> bool:
    """Whether a header field stands at `place` (after at most a few `>From ` lines)."""
    return _FIELD.match(octets, place) is not None


def has_known_field(octets: bytes, place: int) -> bool:
    """Whether a header block at `place` names a field that real mail has."""
    if not begins_header(octets, place):
        return False
    reach = place + KNOWN_FIELD_REACH
    following = octets.find(b"\nFrom ", place, reach)
    reach = reach if following < 0 else following
    end = _HEADER_END.search(octets, place, reach)
    return _KNOWN_FIELD.search(octets, place, end.start() if end else reach) is not None
