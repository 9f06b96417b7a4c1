"""What a Date field says: RFC 5322 §3.3, its obsolete forms, and what others sent.

Nearly every date of real mail has one of two forms, which one regular expression
reads; all others take the slow way through `dateshapes` and `zones`.

    Thu, 1 Oct 92 14:35:52 PDT
    Thu, 1 Oct 1992 14:35:52 -0700 (PDT)

Nothing is guessed: an impossible day, a missing time of day or two numbers that could
be day and month either way give no instant, and a zone that is not known gives one
with its error stated. The clock is never asked.

    year 50-99, 000-999      + 1900; 00-49: + 2000                    RFC 5322 §4.3
    year 19100-19199         1900 + the last three: strcat("19", tm_year)
    24:00                    the next midnight                        ISO 8601
    :60                      a leap second, counted as the next second's first
    wrong weekday            noted; the date is used as it stands

Sources: RFC 822 §5, RFC 1123 §5.2.14, RFC 5322 §3.3 and §4.3.
"""

from __future__ import annotations

import datetime as dt
import re

from posterity.defects import Defect, DefectCode
from posterity.model import DateReading
from posterity.parse.cfws import excerpt, split_comments
from posterity.parse.dateshapes import Written, written_date
from posterity.parse.zones import (
    DAY,
    HOUR,
    LETTER_ERROR,
    PLAIN_ZONES,
    WIDEST,
    Zone,
    zone_comment,
)

LONGEST_DATE = 1_000
"""How many characters of a date are looked at; the longest line of RFC 5322 is 998."""

FIRST_YEAR = 1971
"""Mail between machines began in the autumn of 1971: an earlier date is a broken clock."""

LAST_YEAR = 2077
"""The last year published: later ones are broken clocks, and no clock is asked here."""

ZONE_ERROR = WIDEST
"""How far off an instant may be when its zone is not known, in seconds."""

_EPOCH = dt.date(1970, 1, 1).toordinal()
_EARLIEST = (dt.date(FIRST_YEAR, 1, 1).toordinal() - _EPOCH) * DAY
_LATEST = (dt.date(LAST_YEAR + 1, 1, 1).toordinal() - _EPOCH) * DAY

_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
_WEEKDAYS = {"Sun": 0, "Mon": 1, "Tue": 2, "Wed": 3, "Thu": 4, "Fri": 5, "Sat": 6}
_WEEKDAY_WORD = re.compile(
    r"(?:(sun)(?:day)?|(mon)(?:day)?|(tue)(?:s(?:day)?)?|(wed)(?:nesday)?"
    r"|(thu)(?:rs?(?:day)?)?|(fri)(?:day)?|(sat)(?:urday)?)",
    re.IGNORECASE,
)

_COMMON = re.compile(
    r"[ \t]*(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}|[0-9]{2}) "
    r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]) "
    r"([+-][0-9]{4}|[A-Z]{1,3})(?: \([A-Za-z ]+\))?[ \t\r\n]*"
)

_SHORT_YEAR = (Defect(DefectCode.TWO_DIGIT_YEAR),)


def read_date(text: str, default_offset: int = 0) -> DateReading:
    """Read a date-time: a Date field, the end of a Received field, an envelope's date.

    Args:
        text: the field's value, folds allowed.
        default_offset: the zone to read it in if it names none, seconds east of UTC.

    Returns:
        The instant and its zone, or utc None where the text names no instant between
        1971 and 2077. Never raises.
    """
    common = _COMMON.fullmatch(text)
    if common is None:
        return _read_odd(text, default_offset)
    weekday, day, month, year, hour, minute, second, zone = common.groups()
    offset = PLAIN_ZONES.get(zone)
    if offset is None:
        return _read_odd(text, default_offset)
    number = int(year)
    defects: tuple[Defect, ...] = ()
    if len(year) == 2:
        number += 2000 if number < 50 else 1900
        defects = _SHORT_YEAR
    try:
        ordinal = dt.date(number, _MONTHS[month], int(day)).toordinal()
    except ValueError:
        return _unreadable(DefectCode.BAD_DATE, text)
    days = ordinal - _EPOCH
    utc = days * DAY + int(hour) * HOUR + int(minute) * 60 + int(second) - offset
    if not _EARLIEST <= utc < _LATEST:
        return _unreadable(DefectCode.IMPLAUSIBLE_DATE, text)
    if weekday and _WEEKDAYS[weekday] != ordinal % 7:
        defects += (_wrong_weekday(weekday, ordinal),)
    return DateReading(utc, offset, 0, defects)


def _unreadable(code: DefectCode, text: str) -> DateReading:
    return DateReading(None, None, 0, (Defect(code, "", excerpt(text)),))


def _wrong_weekday(word: str, ordinal: int) -> Defect:
    true = dt.date.fromordinal(ordinal)
    name = tuple(_WEEKDAYS)[ordinal % 7]
    return Defect(DefectCode.WRONG_WEEKDAY, "", f"{word}; {true.isoformat()} is a {name}")


def _read_odd(text: str, default_offset: int) -> DateReading:
    """Any date at all: values that 0x1C joined are tried one after the other."""
    if "\x1c" not in text:
        return _read_one(text[:LONGEST_DATE], default_offset)
    readings = [
        _read_one(value, default_offset)
        for value in text[:LONGEST_DATE].split("\x1c")
        if value.strip()
    ]
    best = next((reading for reading in readings if reading.utc is not None), None)
    if best is None:
        return _unreadable(DefectCode.BAD_DATE, text)
    joined = (Defect(DefectCode.JOINED_VALUES),) if len(readings) > 1 else ()
    return best._replace(defects=best.defects + joined)


def _read_one(text: str, default_offset: int) -> DateReading:
    bare, comments = split_comments(text.replace('"', " "))
    written = written_date(bare)
    if written is None and comments:  # the date itself stands in parentheses
        comments = ()
        written = written_date(text.replace("(", " ").replace(")", " "))
    if written is None:
        return _unreadable(DefectCode.BAD_DATE, text)
    ordinal = _ordinal(written)
    seconds = _time_of_day(written)
    if ordinal is None or seconds is None:
        return _unreadable(DefectCode.BAD_DATE, text)
    offset, error, zone_defects = _judge_zone(written.zone, comments)
    local = (ordinal - _EPOCH) * DAY + seconds
    utc = local - (default_offset if offset is None else offset)
    if not _EARLIEST <= utc < _LATEST:
        return _unreadable(DefectCode.IMPLAUSIBLE_DATE, text)
    known = offset if error < LETTER_ERROR else None  # half a day off is no zone
    defects = {d.code: d for d in zone_defects + _oddities(written, text, ordinal)}
    return DateReading(utc, known, error, tuple(defects.values()))


def _full_year(digits: str) -> int:
    year = int(digits)
    match len(digits):
        case 2:
            return year + (2000 if year < 50 else 1900)
        case 3:
            return year + 1900
        case 5 if 19100 <= year < 19200:  # strcat("19", tm_year) after 1999
            return year - 19000 + 1900
        case _:
            return year


def _ordinal(written: Written) -> int | None:
    """The day's number, or None: no such day, or day and month cannot be told apart."""
    year = _full_year(written.year)
    if not FIRST_YEAR - 2 < year < LAST_YEAR + 2:
        # Any day of a year that far out is refused as implausible, if it exists.
        year = FIRST_YEAR - 1 if year < FIRST_YEAR else LAST_YEAR + 1
    ordinals = [_day(year, written.month, written.day)]
    if written.swapped:
        ordinals.append(_day(year, written.day, written.month))
        weekday = _weekday(written.weekday)
        ordinals = [n for n in ordinals if n is not None and n % 7 == weekday]
    return ordinals[0] if len(ordinals) == 1 else None


def _day(year: int, month: int, day: int) -> int | None:
    try:
        return dt.date(year, month, day).toordinal()
    except ValueError:
        return None


def _weekday(word: str) -> int | None:
    """0 for Sunday to 6 for an English weekday, None for any other word."""
    found = _WEEKDAY_WORD.fullmatch(word)
    return None if found is None else (found.lastindex or 1) - 1


def _time_of_day(written: Written) -> int | None:
    """Seconds since midnight, up to 24:00:00 and leap seconds; None if impossible."""
    hour, minute, second, half = written.hour, written.minute, written.second, written.half
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half == "a":
        return None
    if minute > 59 or second > 60 or hour > 24 or (hour == 24 and minute + second > 0):
        return None
    return hour * HOUR + minute * 60 + second


def _judge_zone(
    zone: Zone, comments: tuple[str, ...]
) -> tuple[int | None, int, tuple[Defect, ...]]:
    """The offset to apply (None: the default), its error, and what was odd about it.

    An offset beyond 14 hours never moves a date by itself: it is folded modulo 24
    hours where a comment names the zone it then is, and ignored where none does.
    """
    if zone.offset is not None and abs(zone.offset) <= WIDEST:
        odd = (
            (Defect(DefectCode.OBSOLETE_DATE, "", f"zone {zone.text}"),) if zone.odd else ()
        )
        return zone.offset, zone.error, odd
    comment = next((c for c in map(zone_comment, comments) if c.offset is not None), None)
    if zone.offset is not None:
        odd = (Defect(DefectCode.ABSURD_OFFSET, "", excerpt(zone.text)),)
    elif zone.text:
        odd = (Defect(DefectCode.UNKNOWN_ZONE, "", excerpt(zone.text)),)
    else:
        odd = ()
    if comment is not None and abs(comment.offset or 0) <= WIDEST:
        return comment.offset, comment.error, odd
    return None, ZONE_ERROR, odd or (Defect(DefectCode.NO_ZONE),)


def _oddities(written: Written, text: str, ordinal: int) -> tuple[Defect, ...]:
    defects: list[Defect] = []
    if written.junk:
        defects.append(Defect(DefectCode.JUNK_IN_DATE, "", excerpt(text)))
    elif not written.canonical or len(written.year) > 4:
        defects.append(Defect(DefectCode.OBSOLETE_DATE, "", excerpt(text)))
    if len(written.year) < 4:
        defects.append(Defect(DefectCode.TWO_DIGIT_YEAR))
    weekday = _weekday(written.weekday)
    if weekday is not None and weekday != ordinal % 7:
        defects.append(_wrong_weekday(written.weekday, ordinal))
    return tuple(defects)
