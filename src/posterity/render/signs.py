"""Files for programs: robots.txt and the sitemap.

Sources: RFC 9309 (robots.txt); sitemaps.org protocol 0.9 (50,000 URLs a file).
"""

from __future__ import annotations

from collections.abc import Iterator

from posterity.render import urls
from posterity.render.html import attribute
from posterity.render.press import File, Press

MOST_URLS = 50_000
"""URLs in one sitemap file (sitemaps.org)."""

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def robots(press: Press) -> File:
    """Everyone is welcome; the sitemap is named where there is one."""
    lines = ["User-agent: *", "Allow: /"]
    sitemap = press.absolute(urls.SITEMAP)
    if sitemap:
        lines.append(f"Sitemap: {sitemap}")
    return File(urls.ROBOTS, ("\n".join(lines) + "\n").encode("utf-8"))


def sitemap_files(press: Press) -> Iterator[File]:
    """An index and its parts; nothing where no base URL is set, for they need one."""
    if not press.settings.base_url:
        return
    batch: list[str] = []
    parts = 0
    for path in _paths(press):
        batch.append(path)
        if len(batch) == MOST_URLS:
            parts += 1
            yield _part(press, parts, batch)
            batch = []
    if batch:
        parts += 1
        yield _part(press, parts, batch)
    entries = (
        f"<sitemap><loc>{attribute(press.absolute(urls.sitemap(n)))}</loc></sitemap>\n"
        for n in range(1, parts + 1)
    )
    content = f'{_XML}<sitemapindex xmlns="{_SPACE}">\n{"".join(entries)}</sitemapindex>\n'
    yield File(urls.SITEMAP, content.encode("utf-8"))


def _part(press: Press, number: int, paths: list[str]) -> File:
    entries = "".join(
        f"<url><loc>{attribute(press.absolute(path))}</loc></url>\n" for path in paths
    )
    content = f'{_XML}<urlset xmlns="{_SPACE}">\n{entries}</urlset>\n'
    return File(urls.sitemap(number), content.encode("utf-8"))


def _paths(press: Press) -> Iterator[str]:
    """The pages a search engine should know: lists once, every message, every person."""
    yield from (urls.HOME, urls.ABOUT, urls.ARCHIVE, urls.PEOPLE)
    for count in press.reader.months():
        if not count.messages:
            continue
        yield urls.month(count.month)
        for row in press.reader.month_messages(count.month):
            yield urls.message(row)
            if row.thread == row.digest:
                yield urls.thread(row.thread)
    for person in press.reader.people():
        yield urls.person(person.slug)
