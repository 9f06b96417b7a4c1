"""Every page of a site, by name: the one door to this room.

A `Renderer` reads through the `Reader` protocol and gives files; it writes none. The
static build and the server print the same octets, for nothing here knows which of the
two is asking. No clock, no host, no order but the reader's.
"""

from __future__ import annotations

from collections.abc import Iterator

from posterity.config import Settings
from posterity.figures import FiguresReader
from posterity.render import (
    days,
    front,
    messages,
    months,
    people,
    signs,
    stats,
    threads,
    trends,
    urls,
)
from posterity.render.feeds import feed
from posterity.render.finding import find_by_id
from posterity.render.jsonfeed import json_feed
from posterity.render.press import File, Press
from posterity.render.searching import Asked, search_page
from posterity.render.theme import Theme
from posterity.rows import PersonRow

__all__ = ["File", "Renderer"]

FEED_ENTRIES = 50
"""Newest messages in the site's feed."""


class Renderer:
    """Makes pages of an archive's rows.

    Attributes:
        reader: where rows come from.
        press: what pages are made with.
    """

    def __init__(self, reader: FiguresReader, settings: Settings, theme: Theme) -> None:
        self.reader = reader
        self.press = Press(reader, settings, theme)

    # -- messages and threads

    def thread_files(self, thread: int) -> Iterator[File]:
        """Every file of a thread: pages, originals, attachments, mbox and feed."""
        return threads.thread_files(self.press, thread)

    def message_page(self, key: int) -> File:
        """One message's page."""
        return messages.single_page(self.press, key)

    def html_view(self, key: int) -> File | None:
        """The file of a message's own HTML; None where none is published."""
        return messages.html_view(self.press, key)

    def thread_page(self, thread: int, part: int = 1) -> File | None:
        """One part of a thread page; None where there is no such part."""
        return threads.thread_page(self.press, thread, part)

    # -- lists

    def month_files(self, month: str) -> Iterator[File]:
        """The pages of a month and its mbox; month is "1996/12" or "unknown"."""
        return months.month_files(self.press, month)

    def year_files(self, year: str) -> Iterator[File]:
        """The page of a year; nothing for "unknown"."""
        return months.year_files(self.press, year)

    def archive_index(self) -> File:
        """The page of all years."""
        return months.archive_index(self.press)

    def people_index_files(self) -> Iterator[File]:
        """The pages of everyone, by posts and by name."""
        return people.people_index_files(self.press)

    def person_files(self, person: PersonRow) -> Iterator[File]:
        """The pages of a person, and their feed."""
        return people.person_files(self.press, person)

    def attachment_index_files(self) -> Iterator[File]:
        """The pages of all attachments."""
        return front.attachment_index_files(self.press)

    # -- the whole

    def home(self) -> File:
        """The home page."""
        return front.home(self.press)

    def about(self) -> File:
        """The about page."""
        return front.about(self.press)

    def trends(self) -> File:
        """The page of words over time."""
        return trends.trends(self.press)

    def days_index(self) -> File:
        """The calendar of days."""
        return days.days_index(self.press)

    def day_files(self, *names: str) -> Iterator[File]:
        """The pages of days of the year: all, or those named "03-14"."""
        return days.day_files(self.press, *names)

    def stats(self) -> File:
        """The page of figures."""
        return stats.stats(self.press)

    def figures_files(self, *names: str) -> Iterator[File]:
        """The tables behind the page of figures: all, or those named."""
        return stats.figures_files(self.press, *names)

    def search(self, asked: Asked | None = None) -> File:
        """The search page; with an answer where a server was asked."""
        return search_page(self.press, asked)

    def feed(self) -> File:
        """The feed of the newest messages."""
        rows = self.reader.recent(FEED_ENTRIES)
        return feed(self.press, urls.FEED, urls.HOME, self.press.settings.title, rows)

    def json_feed(self) -> File:
        """The same as JSON."""
        return json_feed(self.press, self.reader.recent(FEED_ENTRIES))

    def find_by_id(self) -> File:
        """The page that finds a message by its Message-ID."""
        return find_by_id(self.press)

    def llms(self) -> File:
        """llms.txt."""
        return signs.llms(self.press)

    def not_found(self) -> File:
        """The page for what does not exist."""
        return front.not_found(self.press)

    def redirect(self, old: str, new: str) -> File:
        """The page at an address that moved."""
        return front.redirect(self.press, old, new)

    def tombstone(self, path: str, when: str, why: str) -> File:
        """The page at the address of what was withdrawn."""
        return front.tombstone(self.press, path, when, why)

    def robots(self) -> File:
        """robots.txt."""
        return signs.robots(self.press)

    def sitemap_files(self) -> Iterator[File]:
        """The sitemap but for the months', which stand with their pages."""
        yield from signs.sitemap_files(self.press)
        yield from signs.opensearch_files(self.press)

    def static_files(self) -> Iterator[File]:
        """Style, scripts and pictures of the theme."""
        for name, content in self.press.theme.static:
            yield File(urls.static(name), content)
