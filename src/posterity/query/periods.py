"""The dates of a query: what readers write for a day, a month, a year or a range.

A period is [first, end) in seconds since 1970, UTC; None is no bound on that side.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_DATE = re.compile(
    r"(?P<year>\d{4})(?:[-/.]?(?P<month>0[1-9]|1[0-2]|(?<=[-/.])[1-9](?!\d))"
    r"(?:[-/.]?(?P<day>0[1-9]|[12]\d|3[01]|(?<=[-/.])[1-9](?!\d)))?)?"
)
_AGO = re.compile(
    r"(?:last|past)[-. ]?(?P<number>\d{1,4})?[-. ]?(?P<unit>day|week|month|year)s?"
)
_NAMED = re.compile(r"this[-. ]?(?P<unit>day|week|month|year)|today|yesterday")
FORMS = "1996, 1996-12, 1996-12-05, 1995..1996, last-year"
"""What an error offers."""


class Period(NamedTuple):
    """From `first` on, before `end`."""

    first: int | None
    end: int | None


def read_period(text: str, now: int) -> Period | None:
    """What a date or a range means, both ends included; None where it is neither.

    Args:
        text: "1996", "1996-12-05", "19961205", "1995..1996", "..1995", "last-year",
            "last 3 months", "today".
        now: the clock, for what is named by its distance.
    """
    text = text.strip().lower()
    left, dots, right = text.partition("..")
    if not dots:
        return _one(text, now)
    first = _one(left, now) if left else Period(None, None)
    last = _one(right, now) if right else Period(None, None)
    if first is None or last is None or not (left or right):
        return None
    return Period(first.first, last.end)


def _one(text: str, now: int) -> Period | None:
    text = text.strip()
    found = _DATE.fullmatch(text)
    if found:
        return _calendar(found)
    found = _AGO.fullmatch(text)
    if found:
        return _ago(found["unit"], found["number"], now)
    found = _NAMED.fullmatch(text)
    if found:
        return _named(found["unit"] or "day", text, now)
    return None


def _calendar(found: re.Match[str]) -> Period | None:
    year = int(found["year"])
    month, day = int(found["month"] or 0), int(found["day"] or 0)
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        return None
    return _period(start, "day" if day else "month" if month else "year")


def _period(start: datetime, unit: str) -> Period | None:
    """The unit that begins at a time; None past the calendar's end."""
    end = _stepped(start, unit, 1)
    return Period(_seconds(start), _seconds(end)) if end else None


def _ago(unit: str, number: str | None, now: int) -> Period | None:
    """`last year` is the one before this; `last 3 years` end now."""
    today = _start_of("day", now)
    if number is None:
        this = _start_of(unit, now)
        before = _stepped(this, unit, -1)
        return Period(_seconds(before), _seconds(this)) if before else None
    start = _stepped(today, unit, -int(number))
    end = _stepped(today, "day", 1)
    return Period(_seconds(start), _seconds(end)) if start and end else None


def _named(unit: str, text: str, now: int) -> Period | None:
    start: datetime | None = _start_of(unit, now)
    if text == "yesterday":
        start = _stepped(_start_of("day", now), "day", -1)
    return _period(start, unit) if start else None


def _start_of(unit: str, now: int) -> datetime:
    at = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0)
    if unit == "week":
        return at - timedelta(days=at.weekday())
    if unit == "month":
        return at.replace(day=1)
    if unit == "year":
        return at.replace(month=1, day=1)
    return at


def _stepped(at: datetime, unit: str, steps: int) -> datetime | None:
    """The time so many units on; the last day of a shorter month stands for a missing one."""
    try:
        if unit in {"day", "week"}:
            return at + timedelta(days=steps * (7 if unit == "week" else 1))
        months = at.year * 12 + at.month - 1 + steps * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        following = datetime(year + (month == 11), (month + 1) % 12 + 1, 1, tzinfo=UTC)
        last = (following - timedelta(days=1)).day
        return at.replace(year=year, month=month + 1, day=min(at.day, last))
    except (ValueError, OverflowError):
        return None


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
