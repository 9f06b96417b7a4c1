"""Times as pages show them, in UTC: the texts' names and order, no locale.

A time is None or seconds since 1970, UTC. Years outside 1 to 9999 have no calendar
date in ISO 8601 and are shown as unknown.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from posterity.render.texts import ENGLISH, Calendar, Texts

_FIRST, _LAST = -62135596800, 253402300799  # 0001-01-01 and the end of 9999
_EPOCH = date(1970, 1, 1).toordinal()
_WRITTEN = ENGLISH.calendar


class Moment(NamedTuple):
    """A time, readable and for machines."""

    iso: str  # 1996-12-04T17:04:09Z
    full: str  # 4 December 1996, 17:04:09 UTC
    day: str  # 4 December 1996
    short: str  # 4 Dec 1996


@lru_cache(maxsize=8192)
def moment(utc: int | None, calendar: Calendar = _WRITTEN) -> Moment | None:
    """A time in the forms pages use; None where it is unknown."""
    if utc is None or not _FIRST <= utc <= _LAST:
        return None
    days, seconds = divmod(utc, 86400)
    iso, day, brief = _day(days, calendar)
    minutes, second = divmod(seconds, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"
    full = calendar.timed.format(date=day, time=clock)
    return Moment(f"{iso}T{clock}Z", full, day, brief)


@lru_cache(maxsize=8192)
def _day(days: int, calendar: Calendar) -> tuple[str, str, str]:
    """A day, counted from 1970, in the forms pages use: many messages are of one."""
    at = date.fromordinal(_EPOCH + days)
    return (
        at.isoformat(),
        calendar.long.format_map(calendar.day(at, calendar.months)),
        calendar.short.format_map(calendar.day(at, calendar.short_months)),
    )


def short(utc: int | None, unknown: str = "undated", calendar: Calendar = _WRITTEN) -> str:
    """4 Dec 1996."""
    at = moment(utc, calendar)
    return at.short if at else unknown


def iso_seconds(at: Moment) -> str:
    """1996-12-04 17:04:09 UTC, the form the old archive showed."""
    return f"{at.iso[:10]} {at.iso[11:19]} UTC"


@lru_cache(maxsize=8192)
def month_title(
    name: str, unknown: str = "Unknown month", calendar: Calendar = _WRITTEN
) -> str:
    """December 1996, of "1996/12"."""
    year, _, number = name.partition("/")
    if not number.isdigit() or not 1 <= int(number) <= 12:
        return unknown
    first = date(int(year), int(number), 1)
    return calendar.month.format_map(calendar.day(first, calendar.months))


def span(
    first: int | None,
    last: int | None,
    unknown: str = "undated",
    calendar: Calendar = _WRITTEN,
) -> str:
    """4-9 Dec 1996; 28 Nov - 3 Dec 1996; 3 Dec 1996 - 2 Jan 1997."""
    begin, end = moment(first, calendar), moment(last, calendar)
    if begin is None or end is None:
        return begin.short if begin else unknown
    if begin.iso[:10] == end.iso[:10]:
        return begin.short
    one, other = date.fromisoformat(begin.iso[:10]), date.fromisoformat(end.iso[:10])
    if one.year != other.year:
        return calendar.apart.format(first=begin.short, last=end.short)
    gaps = calendar.day(one, calendar.short_months)
    gaps |= calendar.day(other, calendar.short_months, "to_")
    form = calendar.in_month if one.month == other.month else calendar.in_year
    return form.format_map(gaps)


def years(first: int | None, last: int | None, unknown: str = "undated") -> str:
    """1992-1998, or one year."""
    begin, end = moment(first), moment(last)
    if begin is None or end is None:
        return unknown
    one, other = int(begin.iso[:4]), int(end.iso[:4])
    return str(one) if one == other else f"{one}\N{EN DASH}{other}"


def duration(seconds: int, texts: Texts) -> str:
    """A rough length of time: 40 minutes, 14 hours, 3 days."""
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= size:
            return texts.count(name, round(seconds / size))
    return texts.count("seconds", seconds)
