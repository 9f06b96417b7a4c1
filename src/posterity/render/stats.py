"""The page of figures: when people wrote, how fast they answered, what was read most.

Every chart stands beside its numbers, and every number is a table for programs too
(`figures_files`). All of it is counted by the catalogue; no message is read for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from posterity.figures import THREAD_STEPS, Figures
from posterity.model import UNKNOWN_MONTH
from posterity.render import urls
from posterity.render.charts import Bar, bars, heat, meter
from posterity.render.cited import cited_rows
from posterity.render.html import clip, printed
from posterity.render.lists import thread_row
from posterity.render.moments import duration
from posterity.render.months import timeline
from posterity.render.press import File, Frame, Press
from posterity.render.statscsv import figures_files
from posterity.render.texts import Texts

__all__ = ["figures_files", "stats"]

BUSIEST = 10
MOST_HOSTS = 12
MOST_MONTHS = 480
"""Months of the table beside the charts; a longer list has them in its CSV."""

HOURS = 24


class Meter(NamedTuple):
    """A row of a table with a bar: what, the bar, how many, and their share."""

    what: str
    bar: Markup
    number: str
    share: str
    href: str = ""


class MonthFigures(NamedTuple):
    """A month in the table beside the charts."""

    name: str
    messages: str
    people: str
    newcomers: str


class Hours(NamedTuple):
    """The chart of the week; no words where nothing is known of it."""

    chart: Markup
    words: str
    days: tuple[str, ...]
    short_days: tuple[str, ...]
    table: tuple[tuple[str, tuple[str, ...]], ...]


class StatsPage(NamedTuple):
    """What the page of figures shows."""

    messages: Markup
    people: Markup
    months: tuple[MonthFigures, ...]
    hours: Hours
    replies: tuple[Meter, ...]
    median: str
    sizes: tuple[Meter, ...]
    threads: Markup
    cited: Markup
    hosts: tuple[Meter, ...]
    sites: tuple[Meter, ...]
    files: tuple[Meter, ...]


def stats(press: Press) -> File:
    """The page of figures."""
    links = urls.Links(urls.STATS)
    figures, texts = press.reader.figures(), press.texts
    newcomers = dict(figures.newcomers)
    months = [one for one in press.reader.months() if one.month != UNKNOWN_MONTH]
    hosts = figures.hosts[:MOST_HOSTS]
    page = StatsPage(
        messages=timeline(press, links, months),
        people=_people(press, links, newcomers),
        months=tuple(
            MonthFigures(
                press.month(one.month),
                texts.number(one.messages),
                texts.number(one.people),
                texts.number(newcomers.get(one.month, 0)),
            )
            for one in months[:MOST_MONTHS]
        ),
        hours=_hours(press, figures.hours),
        replies=_meters(texts, texts["reply_classes"].split("; "), figures.replies),
        median=_median(press, figures),
        sizes=_meters(
            texts, [size_class(at) for at in range(len(figures.sizes))], figures.sizes
        ),
        threads=printed(
            "".join(
                thread_row(press, links, one._replace(in_month=0))
                for one in press.reader.busiest_threads(BUSIEST)
            )
        ),
        cited=cited_rows(press, links),
        hosts=_meters(
            texts,
            [clip(host, 80) for host, _ in hosts],
            [number for _, number in hosts],
            sum(press.reader.facts()[:1]),
        ),
        sites=_named(press, links, figures.sites),
        files=_named(press, links, figures.files),
    )
    frame = Frame(links.path, texts["stats_title"], "stats")
    return press.print("stats.html", frame, links, page)


def _named(
    press: Press, links: urls.Links, counts: Sequence[tuple[str, int]]
) -> tuple[Meter, ...]:
    """What people named, each with the way to the messages that name it."""
    most = counts[:MOST_HOSTS]
    rows = _meters(
        press.texts,
        [clip(name.removeprefix("http://"), 80) for name, _ in most],
        [number for _, number in most],
        press.reader.facts().people,
    )
    return tuple(
        row._replace(href=f"{links.root}{urls.search_for(_asked(name))}")
        for row, (name, _) in zip(rows, most, strict=True)
    )


def _asked(name: str) -> str:
    """The question for who named it: the words of a URL without its scheme, in order."""
    words = name.partition("://")[2] or name
    return f'"{words}"'


def size_class(at: int) -> str:
    """A class of thread sizes: "4-5", "101+"."""
    first = THREAD_STEPS[at - 1] if at else 1
    if at == len(THREAD_STEPS):
        return f"{first}+"
    last = THREAD_STEPS[at] - 1
    return f"{first}" if first == last else f"{first}\N{EN DASH}{last}"


def _people(press: Press, links: urls.Links, newcomers: dict[str, int]) -> Markup:
    """One bar a month, as high as there were people."""
    months = [one for one in press.reader.months() if one.month != UNKNOWN_MONTH]
    values = []
    for one in months:
        people = press.texts.count("people", one.people)
        new = press.texts.count("newcomers", newcomers.get(one.month, 0))
        href = links.to(urls.month(one.month)) if one.messages else ""
        values.append(Bar(one.people, href, f"{press.month(one.month)}: {people}, {new}"))
    ends = [press.month(one.month) for one in (months[:1] + months[1:][-1:])]
    first, last = (*ends, "", "")[:2]
    return printed(bars(values, press.texts["people_by_month"], first, last))


def _hours(press: Press, hours: Sequence[int]) -> Hours:
    texts = press.texts
    days = texts["weekdays"].split(", ")
    total = sum(hours)
    if not total:
        return Hours(Markup(), "", (), (), ())
    names = [
        texts.fill("hour_of", day=days[at // HOURS], hour=at % HOURS)
        + f": {texts.count('messages', number)}"
        for at, number in enumerate(hours)
    ]
    busiest = hours.index(max(hours))
    day, hour = days[busiest // HOURS], busiest % HOURS
    words = texts.fill(
        "busiest_hour", day=day, hour=hour, end=hour + 1, n=texts.number(total)
    )
    table = tuple(
        (name, tuple(texts.number(n) for n in hours[at * HOURS : (at + 1) * HOURS]))
        for at, name in enumerate(days)
    )
    chart = printed(heat(hours, HOURS, names, f"{texts['by_hour']}. {words}"))
    short = tuple(texts["weekdays_short"].split(", "))
    return Hours(chart, words, tuple(days), short, table)


def _median(press: Press, figures: Figures) -> str:
    if figures.median_reply is None:
        return ""
    return press.texts.fill(
        "median_reply", time=duration(figures.median_reply, press.texts)
    )


def _meters(
    texts: Texts, names: Sequence[str], numbers: Sequence[int], total: int = 0
) -> tuple[Meter, ...]:
    """Rows of a table of bars; nothing where all is nothing."""
    total = total or sum(numbers)
    if not total:
        return ()
    highest = max(numbers, default=0)
    return tuple(
        Meter(
            name,
            printed(meter(number, highest)),
            texts.number(number),
            texts.share(number / total),
        )
        for name, number in zip(names, numbers, strict=True)
    )
