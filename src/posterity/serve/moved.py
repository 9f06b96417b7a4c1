"""What stands at an address: a page, the way to where it is now, or that it went.

    200  a page of the site
    308  it moved: its octets are the static site's page that says so
    410  its keeper withdrew it, or it was published once and is no more
    404  nobody knows it (not told here)

The static site has the pages of 308 and 410 too, but can only answer 200
(site/moved.py makes them); a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from posterity.render import urls
from posterity.render.pages import File
from posterity.serve.desk import Desk
from posterity.serve.paths import MESSAGE, file_at
from posterity.serve.replies import Body

MOVED, GONE, MISSING = 308, 410, 404
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_PERSON: Final = re.compile(r"authors?/(.+?)(?:\.started)?\.html")
_PART: Final = re.compile(r"(.*?)(?:/threads)?-\d+\.html")


def body_at(desk: Desk, path: str) -> Body | None:
    """What is answered at a path of the site; None where nothing ever was.

    Args:
        path: without the leading slash, percent-decoded, ending in a file's name.
    """
    file = file_at(desk, path)
    if file is not None:
        return Body.of(path, file.content, *_standing(desk, path))
    known = desk.was_published(path)
    target = elsewhere(desk, path, known=known)
    if target:
        page = _redirect(desk, path, target, known=known)
        return Body.of(path, page, MOVED, target)
    if known:
        return Body.of(path, _tombstone(desk, path).content, GONE)
    return None


def _standing(desk: Desk, path: str) -> tuple[int, str]:
    """Status and target of a page that is there."""
    if path == urls.NOT_FOUND:
        return MISSING, ""
    found = MESSAGE.fullmatch(path)
    key = desk.lookup.message(found[2]) if found else None
    if key is None:
        return 200, ""
    amendment = desk.reader.amendment(key)
    if amendment is None or not desk.reader.message(key).withdrawn:
        return 200, ""
    head = desk.lookup.message(amendment.other) if amendment.kind == "joined" else None
    if head is None:
        return GONE, ""
    return MOVED, urls.message(desk.reader.message(head))


def _redirect(desk: Desk, path: str, target: str, *, known: bool) -> bytes:
    """The static site's page at an address of ours that moved; else nothing."""
    is_old = desk.settings.old_author_urls and _PERSON.fullmatch(path)
    return desk.renderer.redirect(path, target).content if known or is_old else b""


def _tombstone(desk: Desk, path: str) -> File:
    texts = desk.renderer.press.texts
    return desk.renderer.tombstone(path, texts["not_given"], texts["url_gone"])


def elsewhere(desk: Desk, path: str, *, known: bool) -> str:
    """Where what an address without a page means is; "" where it means nothing.

    Extensionless paths, folders, the wrong month of a message, a message where its
    thread was meant, a part of a list that grew shorter, a person who is known by
    another name now, and the addresses of the list's first archive.

    Args:
        known: it was published once.
    """
    for candidate in _candidates(desk, path, known=known):
        if candidate and candidate != path and file_at(desk, candidate) is not None:
            return candidate
    return ""


def _candidates(desk: Desk, path: str, *, known: bool) -> Iterator[str]:
    plain = path.rstrip("/")
    if not plain.endswith(".html"):
        yield f"{plain}/index.html" if plain else urls.HOME
        yield f"{plain}.html"
    part = _PART.fullmatch(path) if known else None
    if part:
        yield f"{part[1]}.html"
        yield f"{part[1]}/index.html"
    named = _HASH.search(plain)
    if named and plain.startswith(("archive/", "thread/")):
        yield from _of_message(desk, plain, named[0])
    elif plain.startswith(("author/", "authors/")):
        yield from _of_person(desk, f"{plain.removesuffix('.html')}.html")
    elif known and plain.startswith("archive/"):
        yield urls.ARCHIVE
    elif known and plain.startswith("days/"):
        yield urls.DAYS


def _of_message(desk: Desk, path: str, digest: str) -> Iterator[str]:
    key = desk.lookup.message(digest)
    if key is None:
        return
    row = desk.reader.message(key)
    if path.startswith("thread/") and row.thread:
        yield urls.thread(row.thread)
    yield urls.message(row)


def _of_person(desk: Desk, path: str) -> Iterator[str]:
    found = _PERSON.fullmatch(path)
    if not found:
        return
    name = desk.people.get(found[1])
    if name:
        yield urls.person(name)
    if found[1] == "index":
        yield urls.PEOPLE
    if path.startswith("author/"):
        yield f"authors/{found[1]}.html"
