"""The pages of a month, of a year, and of all years."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from posterity import mboxrd
from posterity.model import UNKNOWN_MONTH
from posterity.render import urls
from posterity.render.charts import Bar, bars
from posterity.render.html import escape, printed
from posterity.render.lists import MOST_OCTETS, message_row, thread_row
from posterity.render.moments import moment
from posterity.render.originals import served
from posterity.render.press import File, Frame, Press, Step, packed
from posterity.render.signs import month_sitemaps
from posterity.rows import MessageRow, MonthCount

THREADS_A_PAGE = 200
MESSAGES_A_PAGE = 250
MBOX_LEVEL = 4
"""Of gzip: 4 % larger than at level 6, in less than half the time."""

MOST_GAPS = 24
"""Stretches of months without mail that a sentence names."""


class MonthPage(NamedTuple):
    """What a page of a month shows."""

    title: str
    counts: str
    by_date: bool
    other_view: str
    rows: Markup
    part: str
    parts: tuple[Step, ...]
    here: int
    before: Step | None
    after: Step | None
    gap: str
    mbox_href: str


class YearLine(NamedTuple):
    """A year or a month in a list: its name, the way, the figures, whether it is empty.

    Attributes:
        months: of a year, all twelve; href is "" for one that holds no mail.
    """

    name: str
    href: str
    messages: str
    threads: str
    people: str
    empty: bool
    months: tuple[Step, ...] = ()


class Silence(NamedTuple):
    """Months without mail: counted, and named; both "" where there are none."""

    counted: str
    named: str


class YearsPage(NamedTuple):
    """What the page of a year, or of all years, shows."""

    title: str
    counts: str
    by_year: bool
    chart: Markup
    lines: tuple[YearLine, ...]
    gap: Silence
    before: Step | None
    after: Step | None


def month_files(press: Press, name: str) -> Iterator[File]:
    """The pages of one month: its threads, its messages by date, its mbox, its sitemap."""
    months = press.reader.months()
    count = next((one for one in months if one.month == name), None)
    if count is None:
        return
    messages = press.reader.month_messages(name)
    summaries = press.reader.month_threads(name)
    yield from month_sitemaps(press, count, messages)
    first = urls.Links(urls.month(name))  # every page of a month stands in its folder
    threads = [thread_row(press, first, one) for one in summaries]
    yield from _pages(press, count, packed(threads, THREADS_A_PAGE, MOST_OCTETS), False)
    if count.messages:
        yield from _pages(press, count, _by_day(press, first, messages), True)
        yield _mbox(press, name, messages)


def _mbox(press: Press, name: str, messages: Sequence[MessageRow]) -> File:
    """All kept messages of a month as compressed mboxrd, copies too, by (time, hash)."""
    rows = [*messages, *press.reader.month_copies(name)]
    rows.sort(key=lambda row: (row.utc is None, row.utc or 0, row.digest))
    originals = (
        served(press.reader.octets(row.key), row.digest, press.addresses)
        for row in rows
        if press.reader.found_in(row.key) is None
    )
    content = gzip.compress(b"".join(mboxrd.frames(originals)), MBOX_LEVEL, mtime=0)
    return File(urls.month_mbox(name), content)


def _by_day(
    press: Press, links: urls.Links, messages: Sequence[MessageRow]
) -> list[Markup]:
    """A month's messages as pages' worth, each day a list under its heading.

    A day that goes on overleaf has its heading there too.
    """
    heads = [_day(press, row) for row in messages]
    rows = [
        (head if at == 0 or head != heads[at - 1] else "")
        + message_row(press, links, row, clock=True)
        for at, (head, row) in enumerate(zip(heads, messages, strict=True))
    ]
    pages: list[Markup] = []
    at = 0
    for page in packed(rows, MESSAGES_A_PAGE, MOST_OCTETS):
        text = str(page)
        goes_on = "" if text.startswith(_LIST_ENDS) else heads[at]
        pages.append(printed((goes_on + text).removeprefix(_LIST_ENDS) + _LIST_ENDS))
        at += text.count("<li>")
    return pages


_LIST_ENDS = "</ol>\n"


def _day(press: Press, row: MessageRow) -> str:
    """What stands above the first message of a day, as HTML."""
    at = moment(row.utc, press.texts.calendar)
    words = escape(at.day if at else press.texts["undated_heading"])
    return f'{_LIST_ENDS}<h2>{words}</h2>\n<ol class="list">\n'


def _pages(
    press: Press, count: MonthCount, pages: Sequence[Markup], by_date: bool
) -> Iterator[File]:
    name = count.month
    path: Callable[[str, int], str] = urls.month_by_date if by_date else urls.month
    other = urls.month if by_date else urls.month_by_date
    title = press.month(name)
    before, after, gap = _neighbours(press, name)
    for number, rows in enumerate(pages, 1):
        links = urls.Links(path(name, number))
        parts = tuple(
            Step(links.to(path(name, n)), str(n)) for n in range(1, len(pages) + 1)
        )
        part = press.texts.fill("part_of", n=number, all=len(pages))
        steps = [
            Step(links.to(urls.month(step)), press.month(step)) if step else None
            for step in (before, after)
        ]
        page = MonthPage(
            title=title,
            counts=_counts(press, count),
            by_date=by_date,
            other_view=links.to(other(name)) if count.messages else "",
            rows=rows,
            part=part if len(pages) > 1 else "",
            parts=parts if len(pages) > 1 else (),
            here=number,
            before=steps[0],
            after=steps[1],
            gap=gap,
            mbox_href=links.to(urls.month_mbox(name)) if count.messages else "",
        )
        view = press.texts["by_date" if by_date else "by_thread"]
        frame = Frame(
            links.path,
            f"{title}, {view}" + (f", {part}" if page.part else ""),
            "month",
            press.trail_to_month(links, name)[:-1],
            parts[number - 2] if number > 1 else steps[0],
            parts[number] if number < len(pages) else steps[1],
        )
        yield press.print("month.html", frame, links, page)


def _counts(press: Press, count: MonthCount) -> str:
    texts = press.texts
    return ", ".join(
        (
            texts.count("messages", count.messages),
            texts.count("threads", count.threads),
            texts.count("people", count.people),
        )
    )


def _neighbours(press: Press, name: str) -> tuple[str, str, str]:
    """The months with mail before and after one, and the silence between, in words."""
    months = press.reader.months()
    index = next(at for at, one in enumerate(months) if one.month == name)
    full = [at for at, one in enumerate(months) if one.messages]
    before = max((at for at in full if at < index), default=-1)
    after = min((at for at in full if at > index), default=-1)
    silent = [
        one.month
        for at, one in enumerate(months)
        if min(before, index) < at < max(after, index) and at != index and not one.messages
    ]
    if before < 0:
        silent = [month for month in silent if month > name]
    return (
        months[before].month if before >= 0 else "",
        months[after].month if after >= 0 else "",
        silence(press, silent),
    )


def silences(press: Press, months: Sequence[MonthCount]) -> Silence:
    """The months without mail among some months."""
    silent = [one.month for one in months if not one.messages]
    if not silent:
        return Silence("", "")
    return Silence(press.texts.count("silent_months", len(silent)), silence(press, silent))


def silence(press: Press, months: Sequence[str]) -> str:
    """Months without mail, said in a sentence; "" for none."""
    if not months:
        return ""
    stretches: list[list[str]] = []
    before = -1
    for name in months:
        year, number = urls.month_name_parts(name)
        count = 12 * int(year) + int(number)
        if count != before + 1:
            stretches.append([])
        stretches[-1].append(press.month(name))
        before = count
    words = [
        one[0] if len(one) == 1 else press.texts.fill("from_to", first=one[0], last=one[-1])
        for one in stretches
    ]
    shown = ", ".join(words[:MOST_GAPS])
    if len(words) > MOST_GAPS:
        shown += " \N{HORIZONTAL ELLIPSIS}"
    return press.texts.fill("no_mail_in", months=shown)


def year_files(press: Press, year: str) -> Iterator[File]:
    """The page of one year; nothing for "unknown", which is a month."""
    months = [one for one in press.reader.months() if one.month.startswith(f"{year}/")]
    if not months:
        return
    links = urls.Links(urls.year(year))
    all_years = _years(press)
    at = all_years.index(year)
    before = _year_step(links, all_years[at - 1]) if at else None
    after = _year_step(links, all_years[at + 1]) if at + 1 < len(all_years) else None
    page = YearsPage(
        title=year,
        counts=_sum_words(press, months),
        by_year=False,
        chart=timeline(press, links, months),
        lines=tuple(_month_line(press, links, one) for one in months),
        gap=silences(press, months),
        before=before,
        after=after,
    )
    trail = (Step(links.to(urls.ARCHIVE), press.texts["archive"]),)
    frame = Frame(links.path, year, "years", trail, before, after)
    yield press.print("years.html", frame, links, page)


def archive_index(press: Press) -> File:
    """All years on one page."""
    links = urls.Links(urls.ARCHIVE)
    months = press.reader.months()
    lines = [year_line(press, links, year) for year in _years(press)]
    unknown = [one for one in months if one.month == UNKNOWN_MONTH]
    lines += [_month_line(press, links, one) for one in unknown]
    page = YearsPage(
        title=press.texts["archive"],
        counts=_sum_words(press, months),
        by_year=True,
        chart=timeline(press, links, months),
        lines=tuple(lines),
        gap=silences(press, months),
        before=None,
        after=None,
    )
    frame = Frame(links.path, press.texts["archive"], "years")
    return press.print("years.html", frame, links, page)


def timeline(press: Press, links: urls.Links, months: Sequence[MonthCount]) -> Markup:
    """One bar a month, each the way there; months without mail are gaps with a name."""
    dated = [one for one in months if one.month != UNKNOWN_MONTH]
    values = []
    for one in dated:
        words = press.texts.count("messages", one.messages)
        href = links.to(urls.month(one.month)) if one.messages else ""
        values.append(Bar(one.messages, href, f"{press.month(one.month)}: {words}"))
    ends = [press.month(one.month) for one in (dated[:1] + dated[1:][-1:])]
    first, last = (*ends, "", "")[:2]
    return printed(bars(values, press.texts["timeline"], first, last))


def year_line(press: Press, links: urls.Links, year: str) -> YearLine:
    """A year in a list of years."""
    months = [one for one in press.reader.months() if one.month.startswith(f"{year}/")]
    messages = sum(one.messages for one in months)
    href, number = links.to(urls.year(year)), press.texts.number(messages)
    held = {urls.month_name_parts(one.month)[1] for one in months if one.messages}
    steps = tuple(
        Step(links.to(urls.month(f"{year}/{at:02}")) if f"{at:02}" in held else "", name)
        for at, name in enumerate(press.texts.calendar.short_months, 1)
    )
    return YearLine(year, href, number, "", "", messages == 0, steps)


def years_of(press: Press) -> Sequence[str]:
    """The years of the list's life."""
    return _years(press)


def _years(press: Press) -> list[str]:
    parts = (urls.month_name_parts(one.month) for one in press.reader.months())
    return sorted({year for year, number in parts if number})


def _year_step(links: urls.Links, year: str) -> Step:
    return Step(links.to(urls.year(year)), year)


def _month_line(press: Press, links: urls.Links, one: MonthCount) -> YearLine:
    return YearLine(
        press.month(one.month),
        links.to(urls.month(one.month)),
        press.texts.number(one.messages),
        press.texts.number(one.threads),
        press.texts.number(one.people),
        one.messages == 0,
    )


def _sum_words(press: Press, months: Sequence[MonthCount]) -> str:
    return press.texts.count("messages", sum(one.messages for one in months))
