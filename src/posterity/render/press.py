"""What every page is made with, and the frame every page stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from posterity.config import Settings
from posterity.render import urls
from posterity.render.addresses import Addresses
from posterity.render.html import attribute, clip, escape, printed
from posterity.render.moments import month_title
from posterity.render.texts import Texts
from posterity.render.theme import Theme
from posterity.rows import MessageRow, Reader

MAX_TITLE = 120
"""Characters of a subject in a page's title and in lists."""


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
    """

    path: str
    title: str
    kind: str
    trail: tuple[Step, ...] = ()
    previous: Step | None = None
    next: Step | None = None
    feed: str = ""
    indexed: bool = True


class Press:
    """A reader, the settings and a theme: what pages are made with.

    Attributes:
        addresses: the policy for addresses.
        texts: the words of the interface.
    """

    def __init__(self, reader: Reader, settings: Settings, theme: Theme) -> None:
        self.reader = reader
        self.settings = settings
        self.theme = theme
        self.texts: Texts = theme.texts
        self.addresses = Addresses(settings.addresses)
        self._around: dict[str, dict[str, object]] = {}

    def print(self, template: str, frame: Frame, links: urls.Links, page: object) -> File:
        """A page: the template filled with the frame and the page's value."""
        values = {
            **self._surroundings(links.root),
            "frame": frame,
            "page": page,
            "trail": ways(frame.trail),
            "canonical": self.absolute(frame.path),
        }
        values["main"] = printed(self.theme.page(template, values))
        html = self.theme.page("base.html", values)
        return File(frame.path, html.encode("utf-8", "replace"))

    def _surroundings(self, root: str) -> dict[str, object]:
        """What pages of one depth share: printed once."""
        values = self._around.get(root)
        if values is None:
            theme = self.theme
            values = {
                "settings": self.settings,
                "root": root,
                "css": urls.static(theme.asset("posterity.css")),
                "script": urls.static(theme.asset("posterity.js")),
                "icon": urls.static(theme.asset("icon.svg")),
                "site_feed": urls.FEED,
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
        subject = clip(row.subject, most)
        return self.addresses.text(subject) if subject else self.texts["no_subject"]

    def author(self, row: MessageRow, most: int = 60) -> str:
        """Who wrote a message, on one line; a word for nobody."""
        author = clip(row.author, most)
        return self.addresses.text(author) if author else self.texts["nobody"]

    def holder(self, message_id: str) -> str:
        """The path of the page of the earliest message with an id, or ""."""
        found = self.reader.holders(message_id)
        return urls.quote(urls.message(found[0])) if found else ""

    def trail_to_month(self, links: urls.Links, month: str) -> tuple[Step, ...]:
        """The way from the list of years to a month."""
        year, number = urls.month_name_parts(month)
        steps = [Step(links.to(urls.ARCHIVE), self.texts["archive"])]
        if number:
            steps.append(Step(links.to(urls.year(year)), year))
        steps.append(Step(links.to(urls.month(month)), self.month(month)))
        return tuple(steps)

    def month(self, name: str) -> str:
        """A month's name."""
        return month_title(name, self.texts["unknown_month"])


def ways(steps: Iterable[Step | None]) -> Markup:
    """List items, one a step, each a link."""
    return printed(
        "".join(
            f'<li><a href="{attribute(step.href)}"><bdi>{escape(step.words)}</bdi></a></li>\n'
            for step in steps
            if step
        )
    )


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
