"""The pages of people: everyone, and each one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from posterity.render import urls
from posterity.render.charts import Bar, bars
from posterity.render.feeds import feed
from posterity.render.html import clip, printed
from posterity.render.lists import MOST_OCTETS, message_row, person_row
from posterity.render.moments import moment, span
from posterity.render.press import File, Frame, Press, Step, packed
from posterity.rows import MessageRow, PersonRow, SpellingRow

PEOPLE_A_PAGE = 500
MESSAGES_A_PAGE = 200
SPELLINGS = 100
"""Spellings listed on a person's page."""
CORRESPONDENTS = 12
MOST_YEARS = 100
"""Years a chart spans."""
FEED_FROM = 10
"""Posts from which a person has a feed."""
FEED_ENTRIES = 50


class PeoplePage(NamedTuple):
    """What a page of all people shows."""

    counts: str
    by_name: bool
    other_view: str
    rows: Markup
    part: str
    parts: tuple[Step, ...]
    here: int


class SpellingItem(NamedTuple):
    """A name and address of a person, and why it is thought theirs."""

    name: str
    address: str
    posts: str
    why: str


class Peer(NamedTuple):
    """Someone a person answered, or was answered by."""

    name: str
    href: str
    answered: str
    answered_by: str


class YearGroup(NamedTuple):
    """The messages of one year."""

    year: str
    rows: Markup


class PersonPage(NamedTuple):
    """What a page of a person shows; all but the messages stands on the first only."""

    name: str
    counts: str
    span: str
    chart: Markup
    spellings: tuple[SpellingItem, ...]
    more_spellings: str
    started: Markup
    started_count: str
    years: tuple[YearGroup, ...]
    peers: tuple[Peer, ...]
    part: str
    parts: tuple[Step, ...]
    here: int
    feed_href: str


def people_index_files(press: Press) -> Iterator[File]:
    """Everyone, by posts and by name."""
    people = press.reader.people()
    links = urls.Links(urls.PEOPLE)
    rows = {person.key: person_row(press, links, person) for person in people}
    by_name = sorted(people, key=lambda one: (one.name.casefold(), one.name, one.slug))
    counts = press.texts.count("people", len(people))
    for order, named in ((people, False), (by_name, True)):
        pages = packed([rows[one.key] for one in order], PEOPLE_A_PAGE, MOST_OCTETS)
        yield from _people_pages(press, counts, pages, named)


def _people_pages(
    press: Press, counts: str, pages: Sequence[Markup], by_name: bool
) -> Iterator[File]:
    path: Callable[[int], str] = urls.people_by_name if by_name else urls.people
    view = press.texts["by_name" if by_name else "by_posts"]
    for number, rows in enumerate(pages, 1):
        links = urls.Links(path(number))
        parts = tuple(Step(links.to(path(n)), str(n)) for n in range(1, len(pages) + 1))
        part = (
            press.texts.fill("part_of", n=number, all=len(pages)) if len(pages) > 1 else ""
        )
        page = PeoplePage(
            counts,
            by_name,
            links.to((urls.people if by_name else urls.people_by_name)()),
            rows,
            part,
            parts if len(pages) > 1 else (),
            number,
        )
        title = ", ".join(
            word for word in (press.texts["people_title"], view, part) if word
        )
        frame = Frame(
            links.path,
            title,
            "people",
            (),
            parts[number - 2] if number > 1 else None,
            parts[number] if number < len(parts) else None,
        )
        yield press.print("people.html", frame, links, page)


def person_files(press: Press, person: PersonRow) -> Iterator[File]:
    """The pages of one person, and a feed where there is enough to follow."""
    messages = press.reader.person_messages(person.key)
    links = urls.Links(urls.person(person.slug))
    rows = [message_row(press, links, row, author=False) for row in messages]
    pages = packed(rows, MESSAGES_A_PAGE, MOST_OCTETS * 3 // 4)
    start = 0
    for number in range(1, len(pages) + 1):
        size = pages[number - 1].count("<li>")
        shown = slice(start, start + size)
        years = _by_year(press, messages[shown], rows[shown])
        yield _person_page(press, person, messages, years, number, len(pages))
        start += size
    if len(messages) >= FEED_FROM:
        yield feed(
            press,
            urls.person_feed(person.slug),
            urls.person(person.slug),
            _name(press, person),
            messages[-FEED_ENTRIES:],
        )


def _person_page(
    press: Press,
    person: PersonRow,
    messages: Sequence[MessageRow],
    years: tuple[YearGroup, ...],
    number: int,
    count: int,
) -> File:
    links = urls.Links(urls.person(person.slug, number))
    name = _name(press, person)
    parts = tuple(
        Step(links.to(urls.person(person.slug, n)), str(n)) for n in range(1, count + 1)
    )
    part = press.texts.fill("part_of", n=number, all=count) if count > 1 else ""
    first = number == 1
    spellings = press.reader.spellings(person.key) if first else ()
    started = [row for row in messages if _starts_a_thread(row)] if first else []
    page = PersonPage(
        name=name,
        counts=press.texts.count("messages", len(messages)),
        span=span(person.first, person.last, press.texts["undated"]),
        chart=_chart(press, messages) if first else Markup(),
        spellings=tuple(_spelling(press, one) for one in spellings[:SPELLINGS]),
        more_spellings=press.texts.count("more_spellings", len(spellings) - SPELLINGS)
        if len(spellings) > SPELLINGS
        else "",
        started=printed(
            "".join(message_row(press, links, row, author=False) for row in started[:20])
        ),
        started_count=press.texts.count("threads_started", len(started)),
        years=years,
        peers=_peers(press, person, links) if first else (),
        part=part,
        parts=parts if count > 1 else (),
        here=number,
        feed_href=links.to(urls.person_feed(person.slug))
        if len(messages) >= FEED_FROM
        else "",
    )
    frame = Frame(
        links.path,
        f"{name}, {part}" if part else name,
        "person",
        (Step(links.to(urls.PEOPLE), press.texts["people_title"]),),
        parts[number - 2] if number > 1 else None,
        parts[number] if number < count else None,
        page.feed_href,
    )
    return press.print("person.html", frame, links, page)


def _name(press: Press, person: PersonRow) -> str:
    return press.addresses.text(clip(person.name, 120)) or press.texts["nobody"]


def _starts_a_thread(row: MessageRow) -> bool:
    return row.thread == row.digest


def _by_year(
    press: Press, messages: Sequence[MessageRow], rows: Sequence[str]
) -> tuple[YearGroup, ...]:
    groups: dict[str, list[str]] = {}
    for message, row in zip(messages, rows, strict=True):
        at = moment(message.utc)
        year = at.iso[:4] if at else press.texts["undated_heading"]
        groups.setdefault(year, []).append(row)
    return tuple(YearGroup(year, printed("".join(rows))) for year, rows in groups.items())


def _chart(press: Press, messages: Sequence[MessageRow]) -> Markup:
    """Messages by year, the silent years between among them."""
    moments = (moment(row.utc) for row in messages)
    counts = Counter(int(at.iso[:4]) for at in moments if at)
    if len(counts) < 2:
        return Markup()
    first, last = min(counts), min(max(counts), min(counts) + MOST_YEARS)
    values = [
        Bar(
            counts[year],
            "",
            f"{year}: {press.texts.count('messages', counts[year])}",
        )
        for year in range(first, last + 1)
    ]
    return printed(bars(values, press.texts["years_active"], str(first), str(last)))


def _spelling(press: Press, one: SpellingRow) -> SpellingItem:
    why = press.texts[f"person_{one.evidence.name.lower()}"]
    detail = press.addresses.text(clip(one.detail, 120))
    return SpellingItem(
        press.addresses.text(clip(one.name, 120)),
        press.addresses.address(clip(one.address, 200)),
        f"{one.posts:,}",
        f"{why}: {detail}" if detail else why,
    )


def _peers(press: Press, person: PersonRow, links: urls.Links) -> tuple[Peer, ...]:
    return tuple(
        Peer(
            _name(press, one.person),
            links.to(urls.person(one.person.slug)),
            f"{one.answered:,}",
            f"{one.answered_by:,}",
        )
        for one in press.reader.correspondents(person.key, CORRESPONDENTS)
    )
