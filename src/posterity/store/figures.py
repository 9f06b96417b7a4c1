"""What the statistics ask of an archive: counts made by the catalogue itself.

Each question is one statement over small columns; no message's text is read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from posterity.figures import (
    HOUR,
    REPLY_STEPS,
    THREAD_STEPS,
    THREADS_A_DAY,
    Cited,
    Figures,
    host_of,
    is_file,
)
from posterity.masking import SHOW
from posterity.model import DateEvidence
from posterity.rows import WITHDRAWN, ThreadSummary
from posterity.store.lists import ListQuestions

HOURS_A_WEEK = 168
MOST_HOSTS = 200
"""Hosts and files that are told of; the rest are rare."""

_WEEK = HOURS_A_WEEK * HOUR
_THURSDAY = 3 * 24 * HOUR
"""From Monday to the weekday on which seconds began to be counted."""


class FigureQuestions(ListQuestions):
    """The questions of the pages of figures."""

    def figures(self) -> Figures:
        """The list in figures."""
        return self._figures

    @cached_property
    def _figures(self) -> Figures:
        waits = self._waits()
        return Figures(
            hours=self._hours(),
            replies=_classes(waits, REPLY_STEPS),
            median_reply=waits[len(waits) // 2] if waits else None,
            sizes=self._sizes(),
            newcomers=self._newcomers(),
            hosts=self._hosts(),
            sites=_by_people(self._mentions(), host_of),
            files=_by_people((pair for pair in self._mentions() if is_file(pair[0])), str),
        )

    def _hours(self) -> tuple[int, ...]:
        """Messages by hour of the week, as it was where they were written."""
        rows = self._all(
            "SELECT (((header_utc + header_offset + ?1) % ?2 + ?2) % ?2) / ?3, count(*)"
            " FROM message WHERE listed AND date_evidence = ?4"
            " AND header_offset IS NOT NULL AND header_utc IS NOT NULL GROUP BY 1",
            _THURSDAY,
            _WEEK,
            HOUR,
            DateEvidence.DATE.value,
        )
        found = dict(rows)
        return tuple(found.get(hour, 0) for hour in range(HOURS_A_WEEK))

    def _waits(self) -> list[int]:
        """Seconds from a message to each reply to it, where both tell their time."""
        rows = self._database.execute(
            "SELECT b.utc - a.utc FROM edge e JOIN message a ON a.id = e.parent"
            " JOIN message b ON b.id = e.child WHERE a.listed AND b.listed"
            " AND a.date_evidence = ?1 AND b.date_evidence = ?1 AND b.utc > a.utc",
            (DateEvidence.DATE.value,),
        )
        return sorted(wait for (wait,) in rows)

    def _sizes(self) -> tuple[int, ...]:
        rows = self._all("SELECT counted, count(*) FROM thread GROUP BY counted")
        found = [0] * (len(THREAD_STEPS) + 1)
        for size, threads in rows:
            found[bisect_right(THREAD_STEPS, size)] += threads
        return tuple(found)

    def _newcomers(self) -> tuple[tuple[str, int], ...]:
        rows = self._all(
            "SELECT strftime('%Y/%m', first, 'unixepoch') AS month, count(*) FROM person"
            " WHERE first IS NOT NULL GROUP BY month ORDER BY month"
        )
        return tuple((month, people) for month, people in rows if month)

    def _hosts(self) -> tuple[tuple[str, int], ...]:
        """Hosts of authors' addresses; nothing where addresses are not shown."""
        if self._addresses != SHOW:
            return ()
        counts = Counter[str]()
        for address, messages in self._all(
            "SELECT author_address, count(*) FROM message WHERE listed"
            " GROUP BY author_address"
        ):
            _, at, host = address.rpartition("@")
            if at and "." in host:
                counts[host.lower()] += messages
        order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(order[:MOST_HOSTS])

    def _mentions(self) -> Sequence[tuple[str, int]]:
        """(URL, who named it) of every mention."""
        return self._all(
            "SELECT l.url, m.person FROM mention l JOIN message m ON m.id = l.message"
            " WHERE m.listed AND m.person IS NOT NULL"
        )

    def cited(self, most: int, person: int | None = None) -> Sequence[Cited]:
        """The messages that most others quote, of everyone or of one person."""
        rows = self._most_cited if person is None else self._cited(person)
        rows = rows[:most]
        held = self._held(origin for origin, _ in rows)
        return [
            Cited(held[origin], by)
            for origin, by in rows
            if held[origin].amended not in WITHDRAWN
        ]

    @cached_property
    def _most_cited(self) -> list[tuple[int, int]]:
        return self._cited(None)

    def _cited(self, person: int | None) -> list[tuple[int, int]]:
        """(message, how many others quote it) of everyone or of one person, most first."""
        return self._all(
            "SELECT q.origin, count(DISTINCT q.message) AS n FROM message o"
            " JOIN quote q ON q.origin = o.id JOIN message m ON m.id = q.message"
            " WHERE o.listed AND m.listed AND m.person IS NOT o.person"
            + (" AND o.person = ?" if person is not None else "")
            + " GROUP BY q.origin ORDER BY n DESC, o.digest",
            *(() if person is None else (person,)),
        )

    def started(self, person: int) -> Sequence[ThreadSummary]:
        """The threads of two messages or more that a person began, by (time, hash)."""
        return self._summaries(
            self._all(
                "SELECT t.id, t.root, t.counted, t.people, t.first, t.last, 0"
                " FROM message m JOIN thread t ON t.id = m.thread AND t.root = m.id"
                " WHERE m.person = ? AND m.listed AND t.counted > 1"
                " ORDER BY m.utc IS NULL, m.utc, m.digest",
                person,
            )
        )

    def days(self) -> Sequence[tuple[str, int]]:
        """(day of the year "03-14", messages published on it) of days with mail."""
        return self._days

    @cached_property
    def _days(self) -> Sequence[tuple[str, int]]:
        return self._all(
            "SELECT strftime('%m-%d', utc, 'unixepoch') AS day, count(*) FROM message"
            " WHERE listed AND utc IS NOT NULL GROUP BY day HAVING day IS NOT NULL"
            " ORDER BY day"
        )

    def day_threads(self, day: str) -> Sequence[ThreadSummary]:
        """The longest threads that began on a day of the year, by (time, hash)."""
        return self._summaries(self._by_day.get(day, []))

    @cached_property
    def _by_day(self) -> dict[str, list[tuple[Any, ...]]]:
        """The longest threads of each day: read once, for there are 366 who ask."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        for day, *row in self._all(
            "SELECT day, id, root, counted, people, first, last, 0 FROM ("
            " SELECT *, row_number() OVER"
            "  (PARTITION BY day ORDER BY counted DESC, utc, digest) AS place FROM ("
            "   SELECT strftime('%m-%d', m.utc, 'unixepoch') AS day, t.id, t.root,"
            "    t.counted, t.people, t.first, t.last, m.utc, m.digest"
            "    FROM thread t JOIN message m ON m.id = t.root WHERE m.utc IS NOT NULL))"
            " WHERE place <= ? AND day IS NOT NULL ORDER BY utc, digest",
            THREADS_A_DAY,
        ):
            found.setdefault(day, []).append(tuple(row))
        return found


def _by_people(
    mentions: Iterable[tuple[str, int]], what: Callable[[str], str]
) -> tuple[tuple[str, int], ...]:
    """How many people named each; one person's signature counts once."""
    counts = Counter(name for name, _ in {(what(url), person) for url, person in mentions})
    order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(order[:MOST_HOSTS])


def _classes(values: Sequence[int], steps: Sequence[int]) -> tuple[int, ...]:
    """How many of some sorted values stand in each class."""
    edges = [0, *(bisect_right(values, step - 1) for step in steps), len(values)]
    return tuple(after - before for before, after in pairwise(edges))
