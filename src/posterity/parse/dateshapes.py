"""Find a date in a text, in any order its parts were ever written in.

    day month year time zone     3 Aug 1992 12:00:00 -0700; 06-Nov-94; 26 Aug 76 1429-EDT
    day month time zone year     3 Aug 12:00:00 PDT 1992                date(1) abroad
    month day time zone year     Aug  3 12:00:00 PDT 1992               asctime, date(1)
    month day year time zone     August 3, 1992 12:00 PM PDT
    time zone day month year     12:00 PDT, 3 Aug 1992
    time zone month day year     12:00 PDT, Aug 3, 1992
    year month day time zone     1992-08-03T12:00:00-07:00, 1992/08/03  ISO 8601, RFC 3339
    numbers and a time           8/23/92 12:00, 23.08.1992 12:00

A shape is a regular expression that may stand anywhere in the text; the first shape
that fits wins. Nothing is computed here: `Written` holds what was found.

Sources: RFC 733 §C, RFC 822 §5, RFC 850 §2.1.2, RFC 5322 §3.3 and §4.3, RFC 3339.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from posterity.parse.months import month_number
from posterity.parse.zones import NO_ZONE, Zone, zone_at


class Written(NamedTuple):
    """The parts of a date as they stand in a text.

    Attributes:
        weekday: the word before the date, "" for none.
        year: digits as written, two to five.
        month, day: numbers; `swapped` says whether they could change places.
        hour, minute, second: numbers as written; `half` is "a", "p" or "".
        zone: as written, its offset not yet judged.
        swapped: the two numbers of a slash date cannot be told apart by themselves.
        canonical: the shape is RFC 5322's own, obsolete forms included.
        junk: there are other words around it.
    """

    weekday: str
    year: str
    month: int
    day: int
    hour: int
    minute: int
    second: int
    half: str
    zone: Zone
    swapped: bool
    canonical: bool
    junk: bool


_DAY = r"(?<![0-9:.+])(?P<day>[0-9]{1,2})(?![0-9])(?:st|nd|rd|th|er|\.|º|日)?"
_MONTH = r"(?P<month>[^\W\d_]{3,14}|[0-9]{1,2}[月월])"
_YEAR = r"'?(?P<year>[0-9]{2,5})(?![0-9:])"
_GAP = r"(?:[\s,./-]|de\s|of\s){0,5}"
_TIME = (
    r"(?P<hour>[0-9]{1,2})(?:\s?[:.]\s?|\s?h\s?)(?P<minute>[0-9]{1,2})"
    r"(?:\s?[:.m]\s?(?P<second>[0-9]{1,2})(?:[.,][0-9]{1,9})?s?)?(?![0-9])"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_RUN_TOGETHER = r"(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?(?![0-9])"
_AT = r"(?:[\s,.@_-]|at\s|um\s|om\s|kl\.?\s|at:|a\s|à\s){1,4}"
_ZONE = (
    r"(?P<zone>\s+[A-Z]{1,5}(?:[ -]DST)?(?:[+-][0-9:]{1,5})?|\s*[+-][0-9]{1,2}:?[0-9]{2})?"
)
_DAY_NAME = r"(?:[a-z]{2,9}[.,\s]{1,3})?"
_COMPACT = r"(?<![0-9])(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[T\s]?"
_EAST_ASIAN = (
    r"(?P<year>[0-9]{4})[年년]\s?(?P<month>[0-9]{1,2}[月월])\s?(?P<day>[0-9]{1,2})[日일]"
)
_NUMBERS = (
    r"(?<![0-9:.+])(?P<first>[0-9]{1,4})(?P<mark>[/.-])(?P<middle>[0-9]{1,2})(?P=mark)"
    r"(?P<last>[0-9]{1,4})(?![0-9:])"
)


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SHAPES = (
    _shape(_DAY + _GAP + _MONTH + _GAP + _YEAR + _AT + _TIME),
    _shape(_DAY + _GAP + _MONTH + _GAP + _YEAR + _AT + _RUN_TOGETHER),
    _shape(_DAY + _GAP + _MONTH + _AT + _TIME + _ZONE + r"[\s,]+" + _YEAR),
    _shape(r"\b" + _MONTH + _GAP + _DAY + _AT + _TIME + _ZONE + r"[\s,]+" + _YEAR),
    _shape(r"\b" + _MONTH + _GAP + _DAY + _GAP + _YEAR + _AT + _TIME),
    _shape(r"\b" + _TIME + _ZONE + _AT + _DAY_NAME + _DAY + _GAP + _MONTH + _GAP + _YEAR),
    _shape(r"\b" + _TIME + _ZONE + _AT + _DAY_NAME + _MONTH + _GAP + _DAY + _GAP + _YEAR),
    _shape(_COMPACT + _RUN_TOGETHER),
    _shape(_EAST_ASIAN + _AT + _TIME),
    _shape(_NUMBERS + r"(?:T|" + _AT + r")" + _TIME),
    _shape(r"\b" + _TIME + _ZONE + _AT + _NUMBERS),
)  # fmt: skip

_CANONICAL = re.compile(
    r"\s*(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s*,?\s*)?[0-9]{1,2}\s+"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+[0-9]{2,5}\s+"
    r"[0-9]{2}\s*:\s*[0-9]{2}(?:\s*:\s*[0-9]{2})?\s*",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\s*([^\W\d_]{2,14})?[.,\s]*(?:(?:den|le|el|o|il)\s+)?[,\s]*\Z", re.IGNORECASE
)
_IDLE_TAIL = re.compile(r"[\s.,;]*\Z")


def written_date(text: str) -> Written | None:
    """Find the first date with a time of day in a text.

    Args:
        text: without comments; of bounded length, since each shape searches it all.

    Returns:
        What stands there, or None where no date with a time of day does.
    """
    for shape in _SHAPES:
        for found in shape.finditer(text):
            parts = found.groupdict()
            placed = _placed(parts)
            if placed is not None:
                return _written(text, found, parts, placed)
    return None


class _Placed(NamedTuple):
    year: str
    month: int
    day: int
    swapped: bool


def _placed(parts: dict[str, str | None]) -> _Placed | None:
    """Which number is the day, which the month, which the year."""
    if parts.get("first") is not None:
        return _numbers(parts)
    name, day, year = parts["month"] or "", parts["day"] or "", parts["year"] or ""
    month = int(name) if name.isdecimal() else month_number(name)
    return None if month is None else _Placed(year, month, int(day), swapped=False)


def _numbers(parts: dict[str, str | None]) -> _Placed | None:
    """Sort three numbers: a year of four digits or beyond 31 shows itself."""
    first, last = parts["first"] or "", parts["last"] or ""
    middle = int(parts["middle"] or "")
    if len(first) == 4 or (len(first) == 2 and int(first) > 31):
        return _Placed(first, middle, int(last), swapped=False) if len(last) < 3 else None
    if len(first) > 2 or len(last) not in (2, 4):
        return None
    number = int(first)
    if parts["mark"] == ".":  # only lands that put the day first write dots
        return _Placed(last, middle, number, swapped=False)
    if number > 12:
        return _Placed(last, middle, number, swapped=False)
    return _Placed(last, number, middle, swapped=middle <= 12 and middle != number)


def _written(
    text: str, found: re.Match[str], parts: dict[str, str | None], placed: _Placed
) -> Written:
    inside = parts.get("zone")
    zone = zone_at(inside, 0) if inside else NO_ZONE
    end = found.end()
    if not zone.text:
        zone = zone_at(text, end)
        end = zone.end
    before = _WEEKDAY.match(text, 0, found.start())
    second, half = parts["second"], parts.get("half")
    return Written(
        weekday=(before[1] or "") if before else "",
        year=placed.year,
        month=placed.month,
        day=placed.day,
        hour=int(parts["hour"] or ""),
        minute=int(parts["minute"] or ""),
        second=int(second) if second else 0,
        half=half.lower() if half else "",
        zone=zone,
        swapped=placed.swapped,
        canonical=_CANONICAL.fullmatch(text, 0, found.end()) is not None,
        junk=before is None or _IDLE_TAIL.match(text, end) is None,
    )
