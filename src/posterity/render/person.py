"""The pages of one person: who they were here, and all they wrote.

The first page holds what is known of them; messages follow, by year, in parts. Of the
threads they began the longest stand on the first page, all on pages of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from posterity.render import urls
from posterity.render.charts import Bar, bars
from posterity.render.cited import cited_rows
from posterity.render.feeds import feed
from posterity.render.html import breakable, clip, escape, printed
from posterity.render.lists import MOST_OCTETS, message_row, thread_row
from posterity.render.moments import moment, span
from posterity.render.press import File, Frame, Press, Step, packed
from posterity.rows import MessageRow, PersonRow, SpellingRow, ThreadSummary

MESSAGES_A_PAGE = 100
THREADS_A_PAGE = 200
LONGEST = 8
"""Threads begun that stand on the first page: the longest."""
CITED = 5
SPELLINGS = 60
"""Spellings listed on a person's page."""
CORRESPONDENTS = 12
MOST_YEARS = 100
"""Years a chart spans."""
YEARS_BY_MONTH = 3
"""Years that a chart shows by month instead."""
FEWEST = 5
"""Posts from which a chart by month is drawn."""
FEED_FROM = 10
"""Posts from which a person has a feed."""
FEED_ENTRIES = 50


class SpellingItem(NamedTuple):
    """A name and address of a person, and why it is thought theirs."""

    name: str
    address: str
    posts: str
    why: str


class Peer(NamedTuple):
    """Someone a person answered, or was answered by."""

    name: Markup
    href: str
    answered: str
    answered_by: str


class YearGroup(NamedTuple):
    """The messages of one year; anchor is "" for those without a date."""

    year: str
    anchor: str
    rows: Markup


class Known(NamedTuple):
    """What is known of a person beside their messages: it stands on the first page."""

    chart: Markup
    peers: tuple[Peer, ...]
    cited: Markup
    started: Markup
    started_count: str
    all_started: str
    spellings: tuple[SpellingItem, ...]
    more_spellings: str


class PersonPage(NamedTuple):
    """What a page of a person shows; known is None on all but the first."""

    name: str
    counts: str
    span: str
    known: Known | None
    years: tuple[YearGroup, ...]
    part: str
    parts: tuple[Step, ...]
    here: int
    feed_href: str


class StartedPage(NamedTuple):
    """What a page of the threads a person began shows."""

    title: str
    counts: str
    rows: Markup
    part: str
    parts: tuple[Step, ...]
    here: int


def person_files(press: Press, person: PersonRow) -> Iterator[File]:
    """The pages of one person, and a feed where there is enough to follow."""
    messages = press.reader.person_messages(person.key)
    links = urls.Links(urls.person(person.slug))  # all of these stand in one folder
    rows = [message_row(press, links, row, author=False) for row in messages]
    pages = packed(rows, MESSAGES_A_PAGE, MOST_OCTETS * 3 // 4)
    started = press.reader.started(person.key)
    parts: list[tuple[YearGroup, ...]] = []
    start = 0
    for page in pages:
        shown = slice(start, start + page.count("<li>"))
        parts.append(_by_year(press, messages[shown], rows[shown]))
        start = shown.stop
    feed_from = len(messages) >= FEED_FROM
    for number in range(1, len(parts) + 1):
        known = None
        if number == 1:
            known = _known(press, links, person, (messages, parts, started))
        yield _person_page(press, person, parts, number, known, feed=feed_from)
    if len(started) > LONGEST:
        yield from _started_files(press, person, started)
    if feed_from:
        path, page_path = urls.person_feed(person.slug), urls.person(person.slug)
        newest = messages[-FEED_ENTRIES:]
        yield feed(press, path, page_path, person_name(press, person), newest)


def _person_page(
    press: Press,
    person: PersonRow,
    groups: Sequence[tuple[YearGroup, ...]],
    number: int,
    known: Known | None,
    *,
    feed: bool,
) -> File:
    links = urls.Links(urls.person(person.slug, number))
    name, undated = person_name(press, person), press.texts["undated"]
    steps = _parts(links, [urls.person(person.slug, n + 1) for n in range(len(groups))])
    part = press.texts.fill("part_of", n=number, all=len(groups)) if steps else ""
    page = PersonPage(
        name=name,
        counts=press.texts.count("messages", person.posts),
        span=span(person.first, person.last, undated, press.texts.calendar),
        known=known,
        years=groups[number - 1],
        part=part,
        parts=steps,
        here=number,
        feed_href=links.to(urls.person_feed(person.slug)) if feed else "",
    )
    frame = Frame(
        links.path,
        f"{name}, {part}" if part else name,
        "person",
        (Step(links.to(urls.PEOPLE), press.texts["people_title"]),),
        steps[number - 2] if number > 1 else None,
        steps[number] if number < len(groups) else None,
        page.feed_href,
    )
    return press.print("person.html", frame, links, page)


def _parts(links: urls.Links, paths: Sequence[str]) -> tuple[Step, ...]:
    """The ways to the parts of a list; none where it has only one."""
    if len(paths) < 2:
        return ()
    return tuple(Step(links.to(path), str(at)) for at, path in enumerate(paths, 1))


_Written = tuple[
    Sequence[MessageRow], Sequence[tuple[YearGroup, ...]], Sequence[ThreadSummary]
]


def _known(press: Press, links: urls.Links, person: PersonRow, all_: _Written) -> Known:
    messages, groups, started = all_
    spellings = press.reader.spellings(person.key)
    longest = sorted(started, key=lambda one: (-one.messages, one.root.digest))[:LONGEST]
    more = len(spellings) - SPELLINGS
    return Known(
        chart=_chart(press, links, person, messages, groups),
        peers=_peers(press, person, links),
        cited=cited_rows(press, links, CITED, person.key),
        started=printed(
            "".join(thread_row(press, links, one, author=False) for one in longest)
        ),
        started_count=press.texts.count("threads_started", len(started)),
        all_started=links.to(urls.person_started(person.slug))
        if len(started) > LONGEST
        else "",
        spellings=tuple(_spelling(press, one) for one in spellings[:SPELLINGS]),
        more_spellings=press.texts.count("more_spellings", more) if more > 0 else "",
    )


def _started_files(
    press: Press, person: PersonRow, started: Sequence[ThreadSummary]
) -> Iterator[File]:
    """The pages of all threads that a person began, by time."""
    links = urls.Links(urls.person_started(person.slug))
    rows = [thread_row(press, links, one, author=False) for one in started]
    pages = packed(rows, THREADS_A_PAGE, MOST_OCTETS)
    name, texts = person_name(press, person), press.texts
    paths = [urls.person_started(person.slug, n + 1) for n in range(len(pages))]
    for number, shown in enumerate(pages, 1):
        links = urls.Links(paths[number - 1])
        steps = _parts(links, paths)
        part = texts.fill("part_of", n=number, all=len(pages)) if steps else ""
        counts = texts.count("threads_started", len(started))
        page = StartedPage(name, counts, shown, part, steps, number)
        title = ", ".join(word for word in (name, texts["threads_started"], part) if word)
        frame = Frame(
            links.path,
            title,
            "started",
            (
                Step(links.to(urls.PEOPLE), texts["people_title"]),
                Step(links.to(urls.person(person.slug)), name),
            ),
            steps[number - 2] if number > 1 else None,
            steps[number] if number < len(pages) else None,
        )
        yield press.print("started.html", frame, links, page)


def person_name(press: Press, person: PersonRow) -> str:
    """A person's name, or a word for none."""
    return press.addresses.text(clip(person.name, 120)) or press.texts["nobody"]


def _by_year(
    press: Press, messages: Sequence[MessageRow], rows: Sequence[str]
) -> tuple[YearGroup, ...]:
    groups: dict[str, list[str]] = {}
    for message, row in zip(messages, rows, strict=True):
        at = moment(message.utc, press.texts.calendar)
        groups.setdefault(at.iso[:4] if at else "", []).append(row)
    return tuple(
        YearGroup(
            year or press.texts["undated_heading"],
            urls.in_year(year) if year else "",
            printed("".join(rows)),
        )
        for year, rows in groups.items()
    )


def _chart(
    press: Press,
    links: urls.Links,
    person: PersonRow,
    messages: Sequence[MessageRow],
    groups: Sequence[tuple[YearGroup, ...]],
) -> Markup:
    """Messages by year or month, each bar the way to its year, silent ones among them."""
    ways: dict[str, str] = {}
    for number, years in enumerate(groups, 1):
        for one in years:
            path = urls.person(person.slug, number)
            ways.setdefault(one.year, links.to(path, one.anchor))
    times = (moment(row.utc, press.texts.calendar) for row in messages)
    months = Counter(at.iso[:7] for at in times if at)
    counts: Counter[int] = Counter()
    for name, number in months.items():
        counts[int(name[:4])] += number
    if not counts:
        return Markup()
    first, last = min(counts), min(max(counts), min(counts) + MOST_YEARS)
    if last - first < YEARS_BY_MONTH:
        return _by_month(press, months, ways)
    values = [
        Bar(
            counts[year],
            ways.get(f"{year:04}", ""),
            f"{year}: {press.texts.count('messages', counts[year])}",
        )
        for year in range(first, last + 1)
    ]
    return printed(bars(values, press.texts["years_active"], str(first), str(last)))


def _by_month(press: Press, counts: Counter[str], ways: Mapping[str, str]) -> Markup:
    """Messages by month, from the first to the last; nothing for few or for one month."""
    if counts.total() < FEWEST or len(counts) < 2:
        return Markup()
    first, last = min(counts), max(counts)
    values = []
    for at in range(_month(first), _month(last) + 1):
        year, month = divmod(at, 12)
        name = f"{year:04}-{month + 1:02}"
        words = press.texts.count("messages", counts[name])
        title = press.month(name.replace("-", "/"))
        values.append(Bar(counts[name], ways.get(name[:4], ""), f"{title}: {words}"))
    ends = (press.month(one.replace("-", "/")) for one in (first, last))
    return printed(bars(values, press.texts["timeline"], *ends))


def _month(name: str) -> int:
    """Months since the year 0."""
    return 12 * int(name[:4]) + int(name[5:]) - 1


def _spelling(press: Press, one: SpellingRow) -> SpellingItem:
    why = press.texts[f"person_{one.evidence.name.lower()}"]
    detail = press.addresses.text(clip(one.detail, 120))
    return SpellingItem(
        press.addresses.text(clip(one.name, 120)),
        press.addresses.address(clip(one.address, 200)),
        press.texts.count("messages", one.posts),
        f"{why}: {detail}" if detail else why,
    )


def _peers(press: Press, person: PersonRow, links: urls.Links) -> tuple[Peer, ...]:
    return tuple(
        Peer(
            printed(breakable(escape(person_name(press, one.person)))),
            links.to(urls.person(one.person.slug)),
            press.texts.number(one.answered),
            press.texts.number(one.answered_by),
        )
        for one in press.reader.correspondents(person.key, CORRESPONDENTS)
    )
