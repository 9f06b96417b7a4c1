"""The calendar of a list: months as "1996/12"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from posterity.model import UNKNOWN_MONTH

_EPOCH = dt.date(1970, 1, 1).toordinal()


def month_of(utc: int | None) -> str:
    """The month a time falls in, in UTC; "unknown" for None."""
    if utc is None:
        return UNKNOWN_MONTH
    day = dt.date.fromordinal(_EPOCH + utc // 86_400)
    return f"{day.year:04}/{day.month:02}"


def every_month(first: str, last: str) -> Iterator[str]:
    """All months from first to last, both included."""
    year, month = int(first[:4]), int(first[5:])
    while (text := f"{year:04}/{month:02}") <= last:
        yield text
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
