"""What the pages of figures ask: counts over the whole list, and who asks for them.

Counts are small and of one kind each; none needs a message's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from posterity.rows import MessageRow, Reader, ThreadSummary

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

REPLY_STEPS: Final = (
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    DAY,
    2 * DAY,
    4 * DAY,
    7 * DAY,
    30 * DAY,
)
"""Seconds at which one class of reply times ends and the next begins."""

THREAD_STEPS: Final = (2, 3, 4, 6, 11, 21, 51, 101)
"""Messages at which one class of thread sizes ends and the next begins."""

THREADS_A_DAY: Final = 60
"""Threads that are told of a day of the year: the longest."""


FILES: Final = (
    *(".asc", ".bz2", ".deb", ".doc", ".exe", ".gz", ".hqx", ".iso", ".lha", ".pdf", ".ps"),
    *(".rpm", ".rtf", ".sea", ".sit", ".tar", ".tex", ".tgz", ".txt", ".xz", ".z", ".zip"),
)
"""Endings of files, as mail of four decades names them."""


def host_of(url: str) -> str:
    """The host of a URL."""
    return url.partition("://")[2].partition("/")[0].partition(":")[0]


def is_file(url: str) -> bool:
    """Whether a URL names a file to take along rather than a page to read."""
    return url.rpartition("/")[2].lower().endswith(FILES)


class Figures(NamedTuple):
    """The list in figures.

    Attributes:
        hours: messages by hour of the week, Monday 0:00 first: 168 numbers, by the clock
            of whoever wrote, of the messages whose own Date tells time and zone.
        replies: replies by time since what they answer; one class more than REPLY_STEPS.
        median_reply: seconds; None where there is no reply.
        sizes: threads by messages; one class more than THREAD_STEPS.
        newcomers: people by the month of their first message: (month, people).
        hosts: (host of the author's address, messages), most first.
        sites: (host of the web, people who named it), most first.
        files: (URL of a file, people who named it), most first.
    """

    hours: tuple[int, ...]
    replies: tuple[int, ...]
    median_reply: int | None
    sizes: tuple[int, ...]
    newcomers: tuple[tuple[str, int], ...]
    hosts: tuple[tuple[str, int], ...]
    sites: tuple[tuple[str, int], ...]
    files: tuple[tuple[str, int], ...]


class Cited(NamedTuple):
    """A message, and how many messages of other people quote it."""

    message: MessageRow
    by: int


class FiguresReader(Reader, Protocol):
    """A reader that answers the questions of all pages."""

    def figures(self) -> Figures:
        """The list in figures."""

    def cited(self, most: int, person: int | None = None) -> Sequence[Cited]:
        """The messages that most others quote, of everyone or of one person."""

    def started(self, person: int) -> Sequence[ThreadSummary]:
        """The threads of two messages or more that a person began, by (time, hash)."""

    def days(self) -> Sequence[tuple[str, int]]:
        """(day of the year "03-14", messages published on it) of days with mail."""

    def day_threads(self, day: str) -> Sequence[ThreadSummary]:
        """The longest threads that began on a day of the year, by (time, hash)."""
