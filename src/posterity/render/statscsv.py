"""The numbers behind the charts, as tables for programs (RFC 4180, UTF-8).

A cell of mail's words that a spreadsheet would take for a formula is led by an
apostrophe, as spreadsheets themselves write text that begins so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from posterity.figures import REPLY_STEPS, THREAD_STEPS, Figures
from posterity.render import urls
from posterity.render.html import clip, visible
from posterity.render.moments import moment
from posterity.render.press import File, Press

MOST_ROWS = 200
"""Threads, messages and hosts in their tables."""

NAMES = (
    "months",
    "hours",
    "replies",
    "sizes",
    "threads",
    "cited",
    "hosts",
    "sites",
    "files",
)
"""The tables there are."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = Sequence[object]


def figures_files(press: Press, *names: str) -> Iterator[File]:
    """The tables of the page of figures: all that it links to, or those named."""
    figures = press.reader.figures()
    for name in names or (name for name in NAMES if _is_shown(press, figures, name)):
        yield File(urls.figures(name), table(_rows(press, figures, name)))


def _is_shown(press: Press, figures: Figures, name: str) -> bool:
    """Whether there is anything to say, and so a place on the page."""
    if name == "cited":
        return bool(press.reader.cited(1))
    return name in {"months", "threads"} or any(getattr(figures, name))


def table(rows: Iterable[Row]) -> bytes:
    """Rows as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8", "replace")


def _cell(value: object) -> object:
    if isinstance(value, str):
        text = visible(value)
        return f"'{text}" if text.startswith(_FORMULA) else text
    return "" if value is None else value


def _rows(press: Press, figures: Figures, name: str) -> Iterator[Row]:
    if name == "months":
        return _months(press, figures)
    if name == "threads":
        return _threads(press)
    if name == "cited":
        return _cited(press)
    if name == "hours":
        return _hours(figures)
    counted = {
        "hosts": (("host", "messages"), *figures.hosts),
        "sites": (("host", "people"), *figures.sites),
        "files": (("url", "people"), *figures.files),
    }
    if name in counted:
        return islice(counted[name], MOST_ROWS + 1)
    steps = REPLY_STEPS if name == "replies" else THREAD_STEPS
    numbers = figures.replies if name == "replies" else figures.sizes
    head = ("from_seconds", "below_seconds", "replies")
    if name == "sizes":
        head = ("from_messages", "below_messages", "threads")
    least = 0 if name == "replies" else 1
    edges = (least, *steps, None)
    return iter((head, *zip(edges, edges[1:], numbers, strict=False)))


def _months(press: Press, figures: Figures) -> Iterator[Row]:
    newcomers = dict(figures.newcomers)
    yield ("month", "messages", "threads", "people", "newcomers")
    for one in press.reader.months():
        name = one.month.replace("/", "-")
        new = newcomers.get(one.month, 0)
        yield (name, one.messages, one.threads, one.people, new)


def _hours(figures: Figures) -> Iterator[Row]:
    yield ("weekday", "hour", "messages")  # ISO 8601: Monday is 1
    for at, number in enumerate(figures.hours):
        yield (at // 24 + 1, at % 24, number)


def _threads(press: Press) -> Iterator[Row]:
    yield ("hash", "subject", "author", "messages", "people", "first", "last")
    for one in press.reader.busiest_threads(MOST_ROWS):
        root = one.root
        span = [at.iso if at else "" for at in (moment(one.first), moment(one.last))]
        subject, author = press.subject(root, 200), press.author(root)
        yield (root.digest, subject, author, one.messages, one.people, *span)


def _cited(press: Press) -> Iterator[Row]:
    yield ("hash", "subject", "author", "date", "cited_by")
    for row, by in press.reader.cited(MOST_ROWS):
        at = moment(row.utc)
        subject = clip(press.subject(row, 200), 200)
        yield (row.digest, subject, press.author(row), at.iso if at else "", by)
