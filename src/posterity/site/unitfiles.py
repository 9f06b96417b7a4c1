"""Which files a unit of a site has: one room between what is planned and what is printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from posterity.render.pages import File, Renderer

SINGLES: Final = (
    "about",
    "home",
    "attachments",
    "people",
    "stats",
    "days",
    "rest",
    "years",
)
"""The units that show the whole list, by name."""


def unit_files(renderer: Renderer, kind: str, name: str, thread: int) -> Iterator[File]:
    """Every file of a unit, as they are made.

    Args:
        kind: "thread", "month", "person", "day" or "single".
        name: a month, a person's slug, a day of the year, or one of SINGLES.
        thread: the catalogue's id of a thread.
    """
    if kind == "thread":
        yield from renderer.thread_files(thread)
    elif kind == "month":
        yield from renderer.month_files(name)
    elif kind == "day":
        yield from renderer.day_files(name)
    elif kind == "person":
        person = renderer.reader.person(name)
        assert person is not None
        yield from renderer.person_files(person)
    else:
        yield from _single(renderer, name)


def _single(renderer: Renderer, name: str) -> Iterator[File]:
    if name == "attachments":
        yield from renderer.attachment_index_files()
    elif name == "people":
        yield from renderer.people_index_files()
    elif name == "years":
        months = [count.month for count in renderer.reader.months()]
        for year in sorted({month.partition("/")[0] for month in months}):
            yield from renderer.year_files(year)
    elif name == "stats":
        yield renderer.stats()
        yield from renderer.figures_files()
        yield renderer.trends()
    elif name == "days":
        yield renderer.days_index()
    elif name == "about":
        yield renderer.about()
    elif name == "home":
        yield renderer.home()
        yield renderer.archive_index()
    else:
        yield renderer.feed()
        yield renderer.json_feed()
        yield renderer.llms()
        yield renderer.find_by_id()
        yield renderer.search()
        yield renderer.robots()
        yield renderer.not_found()
        yield from renderer.sitemap_files()
        yield from renderer.static_files()
