"""Every page of a site, by name: the one door to this room.

A `Renderer` reads through the `Reader` protocol and gives files; it writes none. The
static build and the server print the same octets, for nothing here knows which of the
two is asking. No clock, no host, no order but the reader's.
"""

from __future__ import annotations

from collections.abc import Iterator

from posterity.config import Settings
from posterity.render import front, messages, months, people, signs, threads, urls
from posterity.render.feeds import feed
from posterity.render.press import File, Press
from posterity.render.searching import Asked, search_page
from posterity.render.theme import Theme
from posterity.rows import PersonRow, Reader

__all__ = ["File", "Renderer"]

FEED_ENTRIES = 50
"""Newest messages in the site's feed."""


class Renderer:
    """Makes pages of an archive's rows.

    Attributes:
        reader: where rows come from.
        press: what pages are made with.
    """

    def __init__(self, reader: Reader, settings: Settings, theme: Theme) -> None:
        self.reader = reader
        self.press = Press(reader, settings, theme)

    # -- messages and threads

    def thread_files(self, thread: int) -> Iterator[File]:
        """Every file of a thread: pages, originals, attachments, mbox and feed."""
        return threads.thread_files(self.press, thread)

    def message_page(self, key: int) -> File:
        """One message's page."""
        return messages.single_page(self.press, key)

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

    def search(self, asked: Asked | None = None) -> File:
        """The search page; with an answer where a server was asked."""
        return search_page(self.press, asked)

    def feed(self) -> File:
        """The feed of the newest messages."""
        rows = self.reader.recent(FEED_ENTRIES)
        return feed(self.press, urls.FEED, urls.HOME, self.press.settings.title, rows)

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
        """The sitemap; nothing where no base URL is set."""
        return signs.sitemap_files(self.press)

    def static_files(self) -> Iterator[File]:
        """Style, scripts and pictures of the theme."""
        for name, content in self.press.theme.static:
            yield File(urls.static(name), content)
