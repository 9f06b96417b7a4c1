"""Days of the year: what began on this day, in every year of the list's life.

A page knows no clock, so there is one for each day that has mail; a small script leads
from the first page to today's. `held` tells it which there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from posterity.figures import THREADS_A_DAY
from posterity.render import urls
from posterity.render.html import printed
from posterity.render.lists import thread_row
from posterity.render.moments import moment
from posterity.render.press import File, Frame, Press, Step
from posterity.rows import ThreadSummary

SHADES = 5
"""Steps by which a day with more mail is stronger."""

_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ROOM = 31  # bits a month has in `held`


class DayCell(NamedTuple):
    """A day in the calendar: href "" where nothing is held of it."""

    number: int
    href: str
    name: str
    shade: int


class MonthCells(NamedTuple):
    """A month in the calendar."""

    name: str
    days: tuple[DayCell, ...]


class DaysPage(NamedTuple):
    """What the calendar shows."""

    months: tuple[MonthCells, ...]


class YearThreads(NamedTuple):
    """The threads that began on a day in one year."""

    year: str
    rows: Markup


class DayPage(NamedTuple):
    """What the page of one day shows."""

    title: str
    counts: str
    years: tuple[YearThreads, ...]
    more: str
    before: Step | None
    after: Step | None


def held(press: Press) -> str:
    """Which days have a page, for a script: 31 bits a month, hexadecimal."""
    bits = 0
    for name, _ in press.reader.days():
        month, day = _parts(name)
        bits |= 1 << ((month - 1) * _ROOM + day - 1)
    return f"{bits:x}"


def days_index(press: Press) -> File:
    """The calendar: every day that has mail, the stronger the more."""
    links = urls.Links(urls.DAYS)
    counts = dict(press.reader.days())
    highest = max(counts.values(), default=1)
    names = press.texts["months"].split(", ")
    page = DaysPage(
        tuple(
            MonthCells(
                name,
                tuple(
                    _cell(press, links, counts, highest, f"{month:02}-{day:02}")
                    for day in range(1, length + 1)
                ),
            )
            for month, (name, length) in enumerate(zip(names, _LENGTHS, strict=True), 1)
        )
    )
    frame = Frame(links.path, press.texts["days_title"], "days", _trail(press, links))
    return press.print("days.html", frame, links, page)


def _cell(
    press: Press, links: urls.Links, counts: Mapping[str, int], highest: int, name: str
) -> DayCell:
    number = counts.get(name, 0)
    words = f"{day_name(press, name)}: {press.texts.count('messages', number)}"
    shade = -(-SHADES * number // highest)
    href = links.to(urls.day(name)) if number else ""
    return DayCell(_parts(name)[1], href, words, shade)


def day_files(press: Press, *names: str) -> Iterator[File]:
    """The pages of days: all that have mail, or those named."""
    days = press.reader.days()
    for at, (name, messages) in enumerate(days):
        if names and name not in names:
            continue
        links = urls.Links(urls.day(name))
        before = _step(press, links, days[at - 1][0]) if at else None
        after = _step(press, links, days[at + 1][0]) if at + 1 < len(days) else None
        yield _day(press, links, name, messages, (before, after))


def _day(
    press: Press,
    links: urls.Links,
    name: str,
    messages: int,
    steps: tuple[Step | None, Step | None],
) -> File:
    threads = press.reader.day_threads(name)
    most = len(threads) == THREADS_A_DAY
    page = DayPage(
        title=day_name(press, name),
        counts=press.texts.count("messages", messages),
        years=tuple(_years(press, links, threads)),
        more=press.texts.fill("days_more", n=THREADS_A_DAY) if most else "",
        before=steps[0],
        after=steps[1],
    )
    home = Step(links.to(urls.DAYS), press.texts["days_title"])
    trail = (*_trail(press, links), home)
    frame = Frame(links.path, page.title, "day", trail, *steps)
    return press.print("day.html", frame, links, page)


def _years(
    press: Press, links: urls.Links, threads: Sequence[ThreadSummary]
) -> Iterator[YearThreads]:
    groups: dict[str, list[str]] = {}
    for one in threads:
        at = moment(one.root.utc, press.texts.calendar)
        if at:
            groups.setdefault(at.iso[:4], []).append(thread_row(press, links, one))
    for year, rows in groups.items():
        yield YearThreads(year, printed("".join(rows)))


def day_name(press: Press, name: str) -> str:
    """A day of the year in words: "14 March"."""
    month, day = _parts(name)
    names = press.texts["months"].split(", ")
    return press.texts.fill("day_of_year", day=day, month=names[month - 1])


def _step(press: Press, links: urls.Links, name: str) -> Step:
    return Step(links.to(urls.day(name)), day_name(press, name))


def _trail(press: Press, links: urls.Links) -> tuple[Step, ...]:
    return (Step(links.to(urls.STATS), press.texts["stats_title"]),)


def _parts(name: str) -> tuple[int, int]:
    month, _, day = name.partition("-")
    return int(month), int(day)
