"""What the old archive read of a message, by its own rules.

Header values are the first occurrence of a field, its octets read as UTF-8 with
replacement, encoded words and folds as they stand. A date without a zone was taken for
local time of Central Europe, and an hour was added; so was one in CET in summer. A date
of 1999 in a dump of an earlier year was taken for unknown.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from posterity.export.letters import Letters
from posterity.model import Digest, HeaderField
from posterity.parse.dates import read_date
from posterity.parse.header import read_header
from posterity.store.months import month_of

SPURIOUS_YEAR = "1999"
HOUR = 3600


class Letter(NamedTuple):
    """One message as the old archive had it; order is its place in the dumps."""

    key: int
    digest: Digest
    order: int
    sender: str
    to: str
    subject: str
    message_id: str
    reply_to: str
    raw_date: str
    utc: int | None
    place: str  # "1996/12", or "1996/unknown" by the year of the dump


class _Dump(NamedTuple):
    year: str
    keys: list[int]


def read_letters(accession: Letters) -> list[Letter]:
    """Every message, in the order of the dumps."""
    digests = dict(accession.digests())
    letters: dict[int, Letter] = {}
    for dump in _dumps(accession):
        for key in dump.keys:
            year = dump.year
            if key == dump.keys[-1] and year:
                year = f"{int(year) + 1:04}"  # it was filed with the next dump
            if key not in letters:
                octets = accession.octets(key)
                letters[key] = _letter(key, digests[key], len(letters), octets, year)
    return list(letters.values())


def _dumps(accession: Letters) -> list[_Dump]:
    """The sources with their year: the one most of their dates fall in; oldest first."""
    found = []
    for number, source, _ in accession.sources():
        keys = [place.message for place in accession.places(number)]
        held = [key for key in keys if key is not None]
        years = Counter(_years(accession, held))
        year = min(years, key=lambda y: (-years[y], y)) if years else ""
        found.append((year, source.name, source.member, _Dump(year, held)))
    return [dump for *_, dump in sorted(found, key=lambda row: row[:3])]


def _years(accession: Letters, keys: list[int]) -> Iterator[str]:
    """Years of a sample of a source's dates: every dump is of one year by far."""
    for key in keys[:: max(1, len(keys) // 200)]:
        octets = accession.octets(key)
        utc = read_date(_value(octets, read_header(octets)[0], "date")).utc
        if utc is not None:
            yield month_of(utc)[:4]


def _letter(key: int, digest: Digest, order: int, octets: bytes, year: str) -> Letter:
    fields = read_header(octets)[0]
    raw_date = _value(octets, fields, "date")
    utc = _utc(raw_date, year)
    return Letter(
        key=key,
        digest=digest,
        order=order,
        sender=_value(octets, fields, "from"),
        to=_value(octets, fields, "to"),
        subject=_value(octets, fields, "subject"),
        message_id=_value(octets, fields, "message-id"),
        reply_to=_value(octets, fields, "in-reply-to"),
        raw_date=raw_date,
        utc=utc,
        place=month_of(utc) if utc is not None else f"{year or '0000'}/unknown",
    )


def _value(octets: bytes, fields: tuple[HeaderField, ...], name: str) -> str:
    for field in fields:
        if field.name.lower() == name:
            return (
                octets[field.value : field.end].decode("utf-8", "replace").strip(" \t\r\n")
            )
    return ""


def _utc(raw: str, year: str) -> int | None:
    if not raw or (SPURIOUS_YEAR in raw and year < "1998"):
        return None
    reading = read_date(raw)
    if reading.utc is None:
        return None
    if reading.offset is None or raw.endswith("CET"):
        wall = reading.utc + (reading.offset or 0)
        return wall - HOUR * _is_summer(wall)
    return reading.utc


def _is_summer(wall: int) -> bool:
    """Whether Central Europe had summer time; from 1996 on it lasted until October."""
    day = dt.datetime.fromtimestamp(wall, dt.UTC)
    end = 10 if day.year >= 1996 else 9
    return _last_sunday(day.year, 3) <= day.date() < _last_sunday(day.year, end)


def _last_sunday(year: int, month: int) -> dt.date:
    last = dt.date(year, month + 1, 1) - dt.timedelta(days=1)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)
