"""The pages of everyone, by posts and by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from posterity.render import urls
from posterity.render.lists import MOST_OCTETS, person_row
from posterity.render.person import person_files
from posterity.render.press import File, Frame, Press, Step, packed

__all__ = ["people_index_files", "person_files"]

PEOPLE_A_PAGE = 500


class PeoplePage(NamedTuple):
    """What a page of all people shows."""

    counts: str
    by_name: bool
    other_view: str
    rows: Markup
    part: str
    parts: tuple[Step, ...]
    here: int


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
