"""The page of words over time: a box, and a script that reads the counts."""

from __future__ import annotations

from typing import NamedTuple

from posterity.render import urls
from posterity.render.press import File, Frame, Press, Step

SCRIPTS = ("pieces.js", "trends.js")


class TrendsPage(NamedTuple):
    """What the page of words over time holds for its script."""

    scripts: tuple[str, ...]


def trends(press: Press) -> File:
    """The page of words over time."""
    links = urls.Links(urls.TRENDS)
    assets = (urls.static(press.theme.asset(name)) for name in SCRIPTS)
    page = TrendsPage(tuple(links.to(path) for path in assets))
    trail = (Step(links.to(urls.STATS), press.texts["stats_title"]),)
    frame = Frame(links.path, press.texts["trends_title"], "trends", trail)
    return press.print("trends.html", frame, links, page)
