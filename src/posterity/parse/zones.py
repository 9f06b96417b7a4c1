"""What the zone of a date means: numbers, names, and the letters nobody got right.

A name means what it meant to the people who wrote it in mail: RFC 822's North
American names are law (RFC 5322 §4.3), the European and Asian ones are custom, and a
few were used on two continents at once. Such a name gets its commonest meaning and
the distance to the farthest other one as its error.

    numeric      +0200, -0700, +02:00, +2, GMT+0200
    RFC 822      UT GMT, EST EDT … PST PDT, Z
    custom       MET, MEZ, MESZ, CET, CEST, BST, JST, AEST …
    letters      A to Y: RFC 822 had the signs the wrong way round, so RFC 5322 §4.3
                 says to take them for -0000; the error says what that may hide
    PPE          SunOS with the unread rule "Pacific Presidential Election": UTC-7

Sources: RFC 822 §5.1; RFC 5322 §3.3, §4.3; the tz database's `backward`, `europe`,
`asia`, `australasia` and its tale of "US/Pacific-New" (for PPE).
"""

from __future__ import annotations

import re
from typing import NamedTuple

HOUR = 3600
DAY = 24 * HOUR
WIDEST = 14 * HOUR
"""No zone was ever farther from UTC (Line Islands, +14:00), in seconds."""


class Zone(NamedTuple):
    """A zone as written.

    Attributes:
        offset: seconds east of UTC, None where the writing tells none.
        error: how far off `offset` may be, in seconds.
        text: as written; "" where there is no zone at all.
        end: where it ends in the text it was read from.
        odd: it is no plain number and no name of RFC 822.
    """

    offset: int | None
    error: int
    text: str
    end: int
    odd: bool


_RFC_822 = {
    "UT": 0, "GMT": 0, "UTC": 0, "Z": 0,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip

# Hours east of UTC, all of one meaning.
_CUSTOM = {
    "PPE": -7, "PWT": -7, "ZULU": 0, "UCT": 0, "WET": 0, "WEZ": 0, "AZOST": 0,
    # Western and Central Europe; the forms that end in DST are System V's.
    "BST": 1, "WEST": 1, "WESZ": 1, "WETDST": 1, "WED": 1, "CET": 1, "MET": 1,
    "MEZ": 1, "MEWT": 1, "FWT": 1, "SWT": 1, "HFH": 1, "GMTDST": 1,
    "CEST": 2, "CES": 2, "CED": 2, "CETDST": 2, "MEST": 2, "MES": 2, "MED": 2,
    "MESZ": 2, "METDST": 2, "MEZDST": 2, "FST": 2, "HFE": 2,
    # Eastern Europe, Africa
    "EET": 2, "OEZ": 2, "SAST": 2, "CAT": 2, "WAT": 1, "EAT": 3,
    "EEST": 3, "EES": 3, "EED": 3, "EETDST": 3, "OESZ": 3, "IDT": 3,
    "MSD": 4, "IRST": 3.5, "TRT": 3, "SAMT": 4,
    # Asia
    "PKT": 5, "NPT": 5.75, "NOVT": 6, "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9,
    "SGT": 8, "HKT": 8, "HKST": 9, "PHT": 8, "MYT": 8, "JST": 9, "KST": 9, "KDT": 10,
    # Australia and New Zealand
    "AWST": 8, "AWDT": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AET": 10,
    "AEDT": 11, "AESST": 11, "NZT": 12, "NZST": 12, "NZDT": 13,
    # the rest of America, with the French names of Canada
    "NST": -3.5, "NFT": -3.5, "NDT": -2.5, "AST": -4, "ADT": -3, "HNA": -4, "HAA": -3,
    "HNE": -5, "HAE": -4, "HNC": -6, "HAC": -5, "HNR": -7, "HAR": -6, "HNP": -8,
    "HAP": -7, "YST": -9, "YDT": -8, "AKST": -9, "AKDT": -8, "HST": -10, "HDT": -9,
    "AHST": -10, "BRT": -3, "BRST": -2, "ART": -3, "UYT": -3, "CLT": -4, "CLST": -3,
    "BOT": -4, "PET": -5, "COT": -5, "ECT": -5, "CHST": 10,
}  # fmt: skip

# Hours east of UTC, and how many hours away the farthest other meaning lies.
_AMBIGUOUS = {
    "IST": (5.5, 4.5),  # India; Israel +2, Ireland's summer +1
    "SST": (8, 19),  # Singapore; Samoa -11
    "MSK": (3, 1),  # Moscow, +4 from 2011 to 2014
    "VET": (-4, 0.5),  # Venezuela, -4:30 from 2007 to 2016
    "GST": (4, 6),  # the Gulf; Guam +10
    "PT": (-8, 1), "MT": (-7, 1), "CT": (-6, 1), "ET": (-5, 1),  # either half-year
    "PST8PDT": (-8, 1), "MST7MDT": (-7, 1), "CST6CDT": (-6, 1), "EST5EDT": (-5, 1),
    "GB": (0, 1), "NZ": (12, 1), "MET-1METDST": (1, 1), "MEZ-1MESZ": (1, 1),
}  # fmt: skip

# Windows and Macintosh wrote the name out: hours east of UTC of its standard time.
_SPELLED = {
    "PACIFIC": -8, "MOUNTAIN": -7, "CENTRAL": -6, "EASTERN": -5, "ATLANTIC": -4,
    "NEWFOUNDLAND": -3.5, "ALASKAN": -9, "ALASKA": -9, "HAWAIIAN": -10, "HAWAII": -10,
    "GMT": 0, "GREENWICH": 0, "BRITISH": 0, "W. EUROPE": 1, "ROMANCE": 1,
    "CENTRAL EUROPE": 1, "CENTRAL EUROPEAN": 1, "E. EUROPE": 2, "EASTERN EUROPEAN": 2,
    "FLE": 2, "GTB": 2, "RUSSIAN": 3, "INDIA": 5.5, "CHINA": 8, "TAIPEI": 8,
    "SINGAPORE": 8, "TOKYO": 9, "JAPAN": 9, "KOREA": 9, "AUS EASTERN": 10,
    "NEW ZEALAND": 12,
}  # fmt: skip

LETTER_ERROR = 12 * HOUR
"""How far off a military letter's UTC may be, in seconds (M is +12, Y is -12)."""

_NAMED: dict[str, tuple[int, int]] = {
    **{name: (int(hours * HOUR), 0) for name, hours in (_RFC_822 | _CUSTOM).items()},
    **{name: (int(at * HOUR), int(off * HOUR)) for name, (at, off) in _AMBIGUOUS.items()},
    **dict.fromkeys("ABCDEFGHIKLMNOPQRSTUVWXY", (0, LETTER_ERROR)),
}

PLAIN_ZONES: dict[str, int] = {
    f"{sign}{minutes // 60:02}{minutes % 60:02}": (-60 if sign == "-" else 60) * minutes
    for sign in "+-"
    for minutes in range(0, 14 * 60 + 1, 15)
} | {name: hours * HOUR for name, hours in _RFC_822.items()}
"""The zones nearly all mail has, as written, in seconds east of UTC."""

_NUMBER = re.compile(
    r"\s*,?\s*(?:(?:GMT|UTC?|[A-Z]{2,4})\s*)?([+-])\s*"
    r"(?:([0-9]{1,2})[:.]([0-9]{2})|([0-9]+))(?![0-9:])",
    re.IGNORECASE,
)
_POSIX = re.compile(r"[\s,-]*([A-Z]{3}-?[0-9][A-Z]{3}(?:DST)?)(?![A-Za-z0-9])")
_LONG = re.compile(
    rf"[\s,]*({'|'.join(map(re.escape, _SPELLED))})"
    r"(?:\s+(?:(Standard|Mean)|(Daylight|Summer)))?\s+Time(?![A-Za-z])",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"[\s,-]*([A-Z]{1,6}(?:[ -]DST)?|(?:[A-Z]\.){2,4})(?![A-Z0-9@])", re.IGNORECASE
)

NO_ZONE = Zone(None, 0, "", 0, odd=False)


def named_zone(name: str) -> tuple[int, int] | None:
    """The offset and error of a zone's name, both in seconds, or None if unknown."""
    name = name.upper().replace(" ", "").replace(".", "").replace("-DST", "DST")
    known = _NAMED.get(name)
    if known is None and len(name) > 5 and name.endswith("DST"):  # System V: MSK DST
        known = _NAMED.get(name.removesuffix("DST"))
        known = None if known is None else (known[0] + HOUR, known[1])
    return known


def zone_at(text: str, start: int) -> Zone:
    """Read the zone that begins at a place in a text, blanks before it allowed.

    Args:
        text: a date without its comments.
        start: where the time of day (or the year) ends.

    Returns:
        A zone; its offset is None and its text set if it is an unknown name or a
        number; NO_ZONE's text is "". An offset beyond WIDEST is given as written.
    """
    if number := _NUMBER.match(text, start):
        return _number(number)
    if spelled := _LONG.match(text, start):
        return _spelled(spelled)
    found = _POSIX.match(text, start) or _NAME.match(text, start)
    if found is not None:
        return _name(found)
    return NO_ZONE._replace(end=start)


def zone_comment(comment: str) -> Zone:
    """Read a comment such as "PDT", "MET DST" or "GMT+02:00"; offset None if it is none."""
    zone = zone_at(comment, 0)
    return zone if zone.end == len(comment.rstrip()) else NO_ZONE


def _number(found: re.Match[str]) -> Zone:
    sign, hours, minutes, digits = found.groups()
    if digits is not None:
        cut = len(digits) - 2 if len(digits) > 2 else len(digits)
        hours, minutes = digits[:cut], digits[cut:] or "0"
    if len(hours) > 4 or int(minutes) > 59:
        offset = WIDEST + 1  # no number of hours and minutes at all
    else:
        offset = int(hours) * HOUR + int(minutes) * 60
    plain = digits is not None and len(digits) == 4
    east = -offset if sign == "-" else offset
    return Zone(east, 0, found[0].strip(" ,"), found.end(), odd=not plain)


def _spelled(found: re.Match[str]) -> Zone:
    """Pacific Daylight Time; without its middle word it may be either half-year."""
    offset = int(_SPELLED[found[1].upper()] * HOUR) + (HOUR if found[3] else 0)
    error = 0 if found[2] or found[3] else HOUR
    return Zone(offset, error, found[0].strip(" ,"), found.end(), odd=True)


def _name(found: re.Match[str]) -> Zone:
    name = found[1]
    known = named_zone(name)
    if known is None:
        if not name.isupper():
            return NO_ZONE._replace(end=found.start())
        return Zone(None, 0, name, found.end(), odd=True)
    return Zone(*known, name, found.end(), odd=name.upper() not in _RFC_822)
