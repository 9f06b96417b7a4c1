"""The page that finds a message by its Message-ID: a box, and a script.

The server answers the same address with a redirect; from a disk or a plain host the
script looks the id up in the search index, where every id stands as one whole value.
"""

from __future__ import annotations

from typing import NamedTuple

from posterity.render import urls
from posterity.render.press import File, Frame, Press

SCRIPTS = ("search-query.js", "search-index.js", "pieces.js", "mid.js")


class FindingPage(NamedTuple):
    """What the page holds for its script."""

    scripts: tuple[str, ...]


def find_by_id(press: Press) -> File:
    """The page that finds a message by its Message-ID."""
    links = urls.Links(urls.FIND_BY_ID)
    assets = (urls.static(press.theme.asset(name)) for name in SCRIPTS)
    page = FindingPage(tuple(links.to(path) for path in assets))
    frame = Frame(links.path, press.texts["find_title"], "find", indexed=False)
    return press.print("find.html", frame, links, page)
