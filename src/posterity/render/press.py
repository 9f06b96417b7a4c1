"""What every page is made with, and the frame every page stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from posterity.config import Settings
from posterity.figures import FiguresReader
from posterity.render import urls
from posterity.render.addresses import Addresses
from posterity.render.html import attribute, clip, escape, printed, shown
from posterity.render.moments import month_title
from posterity.render.texts import Texts
from posterity.render.theme import Theme
from posterity.rows import MessageRow

MAX_TITLE = 120
"""Characters of a subject in a page's title and in lists."""


CACHED = 16_384
"""Names, subjects and references that are kept in their printed form."""


_SLOT = re.compile("\x00([a-z_]+)\x00")


class File(NamedTuple):
    """A file of the site: its path, which is also its URL, and its octets."""

    path: str
    content: bytes


class Step(NamedTuple):
    """A way to another page, with words for it."""

    href: str
    words: str


class Frame(NamedTuple):
    """What a page says around its content.

    Attributes:
        path: of the page.
        title: for the title element; the list's name is added.
        kind: "message", "thread", …: the body's class.
        trail: the ways up, outermost first; the home page is no part of it.
        previous, next: for rel=prev and rel=next.
        feed: reference to the page's own feed, "" for the site's.
        indexed: False keeps search engines away from this page, not its links.
        about: a sentence for who finds the page elsewhere, "" for none.
        published: when what it shows was written, for machines; "" where that is no
            one time.
    """

    path: str
    title: str
    kind: str
    trail: tuple[Step, ...] = ()
    previous: Step | None = None
    next: Step | None = None
    feed: str = ""
    indexed: bool = True
    about: str = ""
    published: str = ""


class Press:
    """A reader, the settings and a theme: what pages are made with.

    Attributes:
        addresses: the policy for addresses.
        texts: the words of the interface.
    """

    def __init__(self, reader: FiguresReader, settings: Settings, theme: Theme) -> None:
        self.reader = reader
        self.settings = settings
        self.theme = theme
        self.texts: Texts = theme.texts
        self.addresses = Addresses(settings.addresses)
        self._around: dict[str, dict[str, object]] = {}
        self._skeletons: dict[tuple[object, ...], list[str]] = {}
        self._shown = lru_cache(CACHED)(self._clipped)
        self._to_month = lru_cache(CACHED)(self._trail_to_month)

    def print(self, template: str, frame: Frame, links: urls.Links, page: object) -> File:
        """A page: the template filled with the frame and the page's value."""
        values = {
            **self._surroundings(links.root),
            "frame": frame,
            "page": page,
            "canonical": self.absolute(frame.path),
        }
        return self.framed(frame, links, self.theme.page(template, values))

    def framed(self, frame: Frame, links: urls.Links, main: str) -> File:
        """A page of what stands in its middle; main is escaped HTML."""
        slots = {
            "title": shown(frame.title),
            "canonical": shown(self.absolute(frame.path)),
            "previous": shown(frame.previous.href) if frame.previous else "",
            "next": shown(frame.next.href) if frame.next else "",
            "feed": shown(frame.feed or links.root + urls.FEED),
            "about": shown(frame.about),
            "published": frame.published,
            "trail": ways(frame.trail),
            "main": main,
        }
        shared = self._surroundings(links.root)
        likeness = (links.root, frame.kind, frame.indexed)
        shared = {**shared, "kind": frame.kind, "indexed": frame.indexed}
        html = self.filled("base.html", slots, shared, likeness)
        return File(frame.path, html.encode("utf-8", "replace"))

    def filled(
        self,
        template: str,
        slots: Mapping[str, str],
        shared: Mapping[str, object],
        likeness: tuple[object, ...] = (),
    ) -> str:
        """A template filled many times, printed once.

        What remains the same of pages that are alike is printed once, with marks where
        they differ: it takes a fifth of the time. A template may ask of a slot
        whether it is empty, and nothing else.

        Args:
            template: its name.
            slots: escaped HTML by name, the same names each time.
            shared: values that are the same for all pages of one likeness.
            likeness: what tells these pages from others of the template.
        """
        key = (template, likeness, *map(bool, slots.values()))
        skeleton = self._skeletons.get(key)
        if skeleton is None:
            marks = {
                name: printed(f"\0{name}\0" if html else "") for name, html in slots.items()
            }
            whole = self.theme.page(template, {**shared, **marks})
            skeleton = self._skeletons[key] = _SLOT.split(whole)
        pieces = skeleton.copy()
        pieces[1::2] = [slots[name] for name in skeleton[1::2]]
        return "".join(pieces)

    def _surroundings(self, root: str) -> dict[str, object]:
        """What pages of one depth share: printed once."""
        values = self._around.get(root)
        if values is None:
            theme = self.theme
            values = {
                "settings": self.settings,
                "root": root,
                "css": urls.static(theme.asset("posterity.css")),
                "early": urls.static(theme.asset("theme.js")),
                "script": urls.static(theme.asset("posterity.js")),
                "icon": urls.static(theme.asset("icon.svg")),
                "site_feed": urls.FEED,
                "asset": lambda name: root + urls.static(theme.asset(name)),
            }
            for part in ("head", "mast"):
                values[part] = printed(theme.page(f"{part}.html", values))
            self._around[root] = values
        return values

    def absolute(self, path: str) -> str:
        """A path as a URL of the published site; "" where none is set."""
        base = self.settings.base_url
        if not base:
            return ""
        return f"{base.rstrip('/')}/{urls.quote(path).removesuffix('index.html')}"

    def subject(self, row: MessageRow, most: int = MAX_TITLE) -> str:
        """A message's subject, on one line; a word for none."""
        return self._shown(row.subject, most) or self.texts.instead(row, "no_subject")

    def author(self, row: MessageRow, most: int = 60) -> str:
        """Who wrote a message, on one line; a word for nobody."""
        return self._shown(row.author, most) or self.texts.instead(row, "nobody")

    def said(self, row: MessageRow) -> str:
        """The first own words of a message, on one line; "" for none."""
        return self.addresses.text(row.words)

    def _clipped(self, text: str, most: int) -> str:
        return self.addresses.text(clip(text, most))

    def holder(self, message_id: str) -> str:
        """The path of the page of the earliest message with an id, or ""."""
        found = self.reader.holders(message_id)
        return urls.quote(urls.message(found[0])) if found else ""

    def trail_to_month(self, links: urls.Links, month: str) -> tuple[Step, ...]:
        """The way from the list of years to a month."""
        return self._to_month(links.folder, month)

    def _trail_to_month(self, folder: str, month: str) -> tuple[Step, ...]:
        links = urls.Links(f"{folder}/")
        year, number = urls.month_name_parts(month)
        steps = [Step(links.to(urls.ARCHIVE), self.texts["archive"])]
        if number:
            steps.append(Step(links.to(urls.year(year)), year))
        steps.append(Step(links.to(urls.month(month)), self.month(month)))
        return tuple(steps)

    def month(self, name: str) -> str:
        """A month's name."""
        return month_title(name, self.texts["unknown_month"], self.texts.calendar)


def ways(steps: Iterable[Step | None]) -> str:
    """List items, one a step, each a link."""
    return "".join([_item(*step) for step in steps if step])


@lru_cache(CACHED)
def _item(href: str, words: str) -> str:
    return f'<li><a href="{attribute(href)}"><bdi>{escape(words)}</bdi></a></li>\n'


@lru_cache(CACHED)
def way_to_person(folder: str, slug: str, name: str) -> str:
    """A list item that leads from pages of a folder to a person's."""
    return _item(urls.relative(f"{folder}/", urls.person(slug)), name)


def packed(rows: Sequence[str], most_rows: int, most_octets: int) -> list[Markup]:
    """Printed rows as pages' worth: at least one page, none over either limit.

    Args:
        rows: HTML of one row each.
        most_rows: rows a page.
        most_octets: octets a page's rows may have; a longer row stands alone.
    """
    pages: list[list[str]] = [[]]
    size = 0
    for row in rows:
        octets = len(row) if row.isascii() else len(row.encode("utf-8", "replace"))
        if pages[-1] and (len(pages[-1]) == most_rows or size + octets > most_octets):
            pages.append([])
            size = 0
        pages[-1].append(row)
        size += octets
    return [printed("".join(page)) for page in pages]
