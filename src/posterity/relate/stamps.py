"""The time inside a Message-ID: a witness of when a message was sent.

Most mail programs make an id unique by the time of day, each in its own way: digits of
the date, seconds of the Unix or the Macintosh clock, in decimal, hexadecimal, base 32
or 62. The sender's program or the first server writes it, seldom the clock that wrote
the Date, so it can prove a Date wrong. What it proves depends on its maker:

    UTC       the time is exact to its last digit: sendmail, qmail, Netscape, MH, INN …
    local     in the sender's zone, which the id does not name: Pine, Eudora, AOL …
              It holds the moment within MAX_ZONE and says nothing of a clock's zone.

Each form below was compared with the Date of real mail, or is in its maker's source.
An id that looks like none of them, or names no day since FIRST_MAIL, has no stamp.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

FIRST_MAIL = 283996800
"""1979-01-01: no Message-ID with a time in it is older (RFC 561 to RFC 733)."""

LAST_STAMP = 2**32
"""2106: the end of the 32-bit clocks that most stamps are taken from."""

MAX_ZONE = 14 * 3600
"""How far a local time may be from UTC, in seconds (Line Islands)."""

MAX_ID = 500
"""Longest Message-ID looked into; RFC 5322 §2.1.1 caps a line at 998."""

_MAC_EPOCH = 2082844800  # 1904-01-01 to 1970-01-01
_INN_EPOCH = 673416000  # lib/genid.c: "Monday, May 5, 1991", more or less
_FILETIME_EPOCH = 11644473600  # 1601-01-01 to 1970-01-01
_BASE32 = "0123456789abcdefghijklmnopqrstuv"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_ZONES = {
    "gmt": 0, "ut": 0, "utc": 0, "wet": 0, "bst": 1, "cet": 1, "met": 1, "west": 1,
    "cest": 2, "mest": 2, "eet": 2, "eest": 3, "ast": -4, "adt": -3, "est": -5,
    "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip


class Stamp(NamedTuple):
    """A time found in a Message-ID.

    Attributes:
        utc: seconds since 1970; for a local stamp, its digits read as if they were UTC.
        kind: the maker's name, and "local" after a blank where the zone is unknown.
        error: how far off utc may be, in seconds: what its last digit leaves open, or
            MAX_ZONE.
    """

    utc: int
    kind: str
    error: int

    @property
    def is_local(self) -> bool:
        """Whether the stamp is in a zone that it does not name."""
        return self.error >= MAX_ZONE


_Reader = Callable[[re.Match[str]], int | None]


class _Form(NamedTuple):
    kind: str
    shape: re.Pattern[str]
    read: _Reader
    error: int


def stamp(message_id: str) -> Stamp | None:
    """The time in a Message-ID, or None.

    Args:
        message_id: with or without angle brackets.
    """
    plain = message_id[:MAX_ID].strip("<> \t\r\n")
    for form in _FORMS:
        match = form.shape.match(plain)
        utc = form.read(match) if match else None
        if utc is not None and FIRST_MAIL <= utc < LAST_STAMP:
            return Stamp(utc, form.kind, form.error)
    return None


def _civil(text: str) -> int | None:
    """Seconds of YYYYMMDDHHMM[SS] read as UTC, None where that is no moment."""
    padded = text.ljust(14, "0")
    try:
        fields = [int(padded[:4]), *(int(padded[at : at + 2]) for at in range(4, 14, 2))]
        fields[5] = min(fields[5], 59)  # a leap second
        return int(datetime(*fields, tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]
    except ValueError:
        return None


def _digits(match: re.Match[str]) -> int | None:
    """[YY]YYMMDDHHMM[SS], perhaps with a point before the hour."""
    text = match[1].replace(".", "")
    if len(text) == 10 or (len(text) == 12 and not _has_century(text)):
        text = ("19" if text[0] >= "7" else "20") + text
    return _civil(text)


def _has_century(text: str) -> bool:
    """Whether twelve digits begin with a year of four: else 201112... is 2020."""
    return text[:2] in ("19", "20") and "01" <= text[4:6] <= "12"


def _named_month(match: re.Match[str]) -> int | None:
    """93Jun11.221119 or 1993Jun11.221119, and +0100 or pdt where the shape has them."""
    year, month, day, clock = match.group(1, 2, 3, 4)
    if month.lower() not in _MONTHS:
        return None
    century = "" if len(year) == 4 else "19" if year >= "70" else "20"
    number = _MONTHS.index(month.lower()) + 1
    local = _civil(f"{century}{year}{number:02}{int(day):02}{clock}")
    if local is None or match.re.groups < 5:
        return local
    zone, shift = match.group(5, 6)
    if zone.lower() not in _ZONES:
        return None
    # "gmt+0100" names what is added to GMT; a named zone stands alone
    hours = int(shift[:3]) if shift else _ZONES[zone.lower()]
    return local - 3600 * hours


def _number(match: re.Match[str], base: int = 10, since: int = 0) -> int:
    """Seconds in decimal or hexadecimal, since another epoch than 1970 if told."""
    return int(match[1], base) + since


def _milliseconds(match: re.Match[str]) -> int:
    return int(match[1]) // 1000


def _hundredths(match: re.Match[str]) -> int:
    return int(match[1]) // 100


def _word(match: re.Match[str], alphabet: str, since: int = 0) -> int:
    """Seconds in a base of one's own."""
    value = 0
    for letter in match[1]:
        value = value * len(alphabet) + alphabet.index(letter)
    return value + since


def _filetime(match: re.Match[str]) -> int:
    """Windows FILETIME: 100 ns since 1601, high and low word in hexadecimal."""
    return int(match[1] + match[2], 16) // 10_000_000 - _FILETIME_EPOCH


def _emacs(match: re.Match[str]) -> int:
    """Emacs' (high low …) of a time: 16 bits each."""
    return int(match[1]) * 65536 + int(match[2])


def _countdown(match: re.Match[str]) -> int:
    """QuickMail counts the Macintosh clock down from 2**32."""
    return 2**32 - int(match[1]) - _MAC_EPOCH


_MINUTE, _SECOND = 60, 1
_HEX = partial(_number, base=16)
_MAC = partial(_number, base=16, since=-_MAC_EPOCH)
_UNIX = r"(\d{9}|1\d{9})"
_DAY14 = r"((?:19|20)\d{12})"
_FORMS = tuple(
    _Form(kind, re.compile(shape), read, MAX_ZONE if kind.endswith(" local") else error)
    for kind, shape, read, error in (
        ("sendmail 8", r"((?:19|20)\d{10})\.(?:AA|[A-Z]A[A-Z])\d{5,}@", _digits, _MINUTE),
        ("sendmail 5", r"(\d{10})\.A[A-Z]\d{5,8}@", _digits, _MINUTE),
        ("sendmail 8", r"((?:19|20)\d{10})\.[A-Z]{2,3}\d{5}@", _digits, _MINUTE),
        ("sendmail 8", r"[A-Za-z]{3,6}\d{5}\.((?:19|20)\d{10})@", _digits, _MINUTE),
        ("Pine local", r"Pine\.[\w/.-]*?\.(\d{10}|\d{12})\.\w*[-@]", _digits, _SECOND),
        ("Netscape", r"([2-9A-F][0-9A-F]{7})\.[0-9A-F]{1,8}@", _HEX, _SECOND),
        (
            "Eudora local",
            rf"\d+\.\d[\db.]*\.{_DAY14}\.[0-9a-f]{{8}}@",
            _digits,
            _SECOND,
        ),
        ("Eudora local", r"v\d{7,8}[a-f]?([a-f][0-9a-f]{7})[0-9a-f]{4}@", _MAC, _SECOND),
        ("Eudora local", r"([a-f][0-9a-f]{7})[0-9a-f]{12}@", _MAC, _SECOND),
        (
            "smail",
            r"m([0-9A-Za-z]{6})-[0-9A-Za-z]{6,7}@",
            partial(_word, alphabet=_BASE62),
            _SECOND,
        ),
        (
            "Exim",
            r"E?([0-3][0-9A-Za-z]{5})-[0-9A-Za-z]{6}-[0-9A-Za-z]{2}@",
            partial(_word, alphabet=_BASE62),
            _SECOND,
        ),
        ("qmail", rf"{_DAY14}\.\d+\.qmail@", _digits, _SECOND),
        ("MMDF local", r"(?:\w+-)?(\d{10})\.[a-z]{2}\d+@", _digits, _MINUTE),
        (
            "INN",
            r"([0-9a-v]{6})\$[0-9a-v]+\$?\d*@",
            partial(_word, alphabet=_BASE32, since=_INN_EPOCH),
            _SECOND,
        ),
        ("CompuServe", r"(\d{12})_\d+\.\d+_", _digits, _SECOND),
        ("AOL local", r"(\d{12})_-?\d+@", _digits, _SECOND),
        ("Post.Office", rf"{_DAY14}\d{{3}}\.[A-Z]{{3}}\d+@", _digits, _SECOND),
        (
            "ZMailer",
            r"(\d\d)([A-Z][a-z]{2})(\d\d?)\.(\d{6})([a-z]+)([+-]\d{4})?\.",
            _named_month,
            _SECOND,
        ),
        (
            "C News local",
            r"(\d{4})([A-Z][a-z]{2})(\d\d?)\.(\d{6})\.\d",
            _named_month,
            _SECOND,
        ),
        ("PP", r'".*:\d+:(\d{12})"@', _digits, _SECOND),
        ("PP", r"\d{1,5}\.([789]\d{9})@", _digits, _MINUTE),
        ("MH", rf"\d{{1,5}}\.{_UNIX}@", _number, _SECOND),
        ("FIDOGATE", r"\d{1,5}\.([2-9A-F][0-9A-F]{7})@", _HEX, _SECOND),
        ("Demon", rf"{_UNIX}\.\d{{3,6}}\.\d@", _number, _SECOND),
        ("Agent", r"([2-9a-f][0-9a-f]{7})\.\d{5,}@", _HEX, _SECOND),
        ("GroupWise", r"s([2-9a-f][0-9a-f]{7})\.\d{3}@", _HEX, _SECOND),
        ("Outlook", r"[0-9a-f]{4}(01[0-9a-f]{6})\$([0-9a-f]{8})\$", _filetime, _SECOND),
        ("Exchange", r"c=.*?[^\d](\d{12})Z-?\d", _digits, _SECOND),
        ("Exchange local", r"c=.*?MSG(\d{12})[A-Z]", _digits, _SECOND),
        ("MSN", rf"UPMAIL\d\d\.{_DAY14}\d{{4}}@", _digits, _SECOND),
        ("MCI Mail", r"\d\d(\d{12})/\d+", _digits, _SECOND),
        ("Z-Mail", rf"ML-[\d.]*?\.{_UNIX}\.\d+\.", _number, _SECOND),
        ("Z-Mail local", r"(\d{10})\.ZM\d+@", _digits, _MINUTE),
        ("CMM", rf"CMM[\w.-]*?\.{_UNIX}\.", _number, _SECOND),
        ("sup", rf"{_UNIX}(?:/\w+@|-sup-|-\d+-[\w-]+@)", _number, _SECOND),
        ("Evolution", rf"{_UNIX}\.\d+\.\d+\.camel@", _number, _SECOND),
        ("Mailman", rf"mailman\.\d+\.{_UNIX}\.", _number, _SECOND),
        ("JavaMail", r"-?\d+\.\d+\.(1\d{12})\.JavaMail\.", _milliseconds, _SECOND),
        ("Emacs", r"(1\d{4}|2\d{4})\.(\d{1,5})\.\d{1,6}\.\d{1,6}@", _emacs, _SECOND),
        ("Python", r"(1\d{11})\.\d+\.\d{15,20}@", _hundredths, _SECOND),
        ("Python", rf"{_DAY14}\.\d+\.\d{{4,6}}@", _digits, _SECOND),
        ("Mutt", rf"{_DAY14}\.[A-Z]{{1,2}}\d+@", _digits, _SECOND),
        ("Postfix", rf"{_DAY14}\.[0-9A-F]{{6,12}}@", _digits, _SECOND),
        ("git", rf"{_DAY14}\.\d+-\d+-", _digits, _SECOND),
        ("Lisp machine", rf"{_DAY14}\.\d\.[A-Z]+@", _digits, _SECOND),
        ("Sylpheed local", rf"{_DAY14}\.[0-9a-f]{{8}}\.", _digits, _SECOND),
        ("KMail local", r"((?:19|20)\d{10})\.\d+\.\S+@", _digits, _MINUTE),
        ("The Bat! local", rf"\d{{3,10}}\.{_DAY14}@", _digits, _SECOND),
        ("XFMail local", r"XFMail\.(\d{12}|\d{14})\.", _digits, _SECOND),
        ("Chameleon local", r"Chameleon\.[\d.]*?(\d{12})\.", _digits, _SECOND),
        ("Pegasus local", r"MAILQUEUE-\d+\.(\d{12})\.", _digits, _SECOND),
        ("Juno local", r"((?:19|20)\d{6}\.\d{6})\.\d+\.\d\.", _digits, _SECOND),
        ("Rusnews local", r"(\d{6}\.\d{6})\.\w+\.rusnews\.", _digits, _SECOND),
        ("MultiNet local", r"(\d{12})\.[0-9a-f]{8}@", _digits, _SECOND),
        ("QuickMail local", r"n(1\d{9})\.\d+@", _countdown, _SECOND),
        ("snews local", rf"{_UNIX}[a-z]{{3}}@", _number, _SECOND),
        ("cc:Mail local", r"\d{10}\.AA(\d{9})@", _number, _SECOND),
        ("BIX local", r"(\d{10})\.(?:memo\.\d+|\d\.\d{4,5})@", _digits, _MINUTE),
        ("sendmail local", r"(\d{10}|\d{12})\.[A-Z]{1,3}\d+[a-z]*@", _digits, _MINUTE),
        ("day and time local", rf"(?:.*\D)?{_DAY14}(?!\d)", _digits, _SECOND),
    )
)
"""Tried in this order; the first whose digits name a moment is taken."""
