"""No address that was ever published is left dead.

A page that moved is replaced by one that leads on: a thread's whose first message is
another now, a person's who was found to be another, the part of a list that grew
shorter. A page whose content went is replaced by one that says so. Only pages are
remembered: a file that was withdrawn must be gone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from posterity.relate.slugs import slug
from posterity.render import urls
from posterity.render.pages import File, Renderer
from posterity.site.manifest import NOTHING, Manifest
from posterity.store import Archive
from posterity.store.reader import StoreReader
from posterity.store.urlledger import known_urls, remember

_MESSAGE: Final = re.compile(r"archive/(?:\d+/\d+|unknown)/([0-9a-f]{64})\.html")
_THREAD: Final = re.compile(r"thread/([0-9a-f]{64})(?:-\d+)?\.html")
_PERSON: Final = re.compile(r"authors?/(.+?)(?:\.started)?\.html")
_MONTH: Final = re.compile(r"archive/.*")
_PART: Final = re.compile(r"(.*?)(?:/threads)?-\d+\.html")


def kind_of(path: str) -> str:
    """What a page is, for the ledger; "" for a file that is no page."""
    if not path.endswith(".html"):
        return ""
    for kind, pattern in (
        ("message", _MESSAGE),
        ("thread", _THREAD),
        ("person", _PERSON),
        ("month", _MONTH),
    ):
        if pattern.fullmatch(path):
            return kind
    return "page"


class Moves:
    """The pages at addresses that were left.

    Args:
        archive: opened.
        published: paths that stand at the place already, remembered or not.
    """

    def __init__(self, archive: Archive, published: Iterable[str]) -> None:
        self._archive = archive
        accession = archive.accession()
        self._remembered = known_urls(accession)
        accession.close()
        self._known = dict(self._remembered)
        for path in published:
            if path.endswith(".html") and path not in self._known:
                self._known[path] = None
        self._site = NOTHING
        self._left: list[str] = []

    def pages(
        self, site: Manifest, renderer: Renderer, reader: StoreReader
    ) -> Iterator[File]:
        """Pages for every address that was published once and is not now.

        Args:
            site: what is there now.
            renderer, reader: of the archive.
        """
        self._site = site
        left = set(self._known)
        left.difference_update(site.paths())
        self._left = sorted(left)
        wanted = dict.fromkeys(self._left)
        if self._archive.settings.old_author_urls:
            wanted |= dict.fromkeys(_old_authors(reader))
        if not wanted:
            return
        held = set(site.paths())
        for path in wanted.keys() & held:
            del wanted[path]
        guide = _Guide(reader, held)
        for path in wanted:
            target = guide.target(path)
            if target:
                yield renderer.redirect(path, target)
            else:
                why = renderer.press.texts["url_gone"]
                yield renderer.tombstone(path, renderer.press.texts["not_given"], why)

    def remember(self, at: int) -> None:
        """Note in the ledger what was published, once it is."""
        left = set(self._left)
        back = [p for p, last in self._known.items() if last is not None and p not in left]
        gone = [path for path in self._left if self._known[path] is None]
        fresh = self._fresh()
        first = next(fresh, None)
        if not (first or back or gone):
            return
        accession = self._archive.accession(writable=True)
        remember(accession, chain([first] if first else [], fresh), back, gone, at)
        accession.close()

    def _fresh(self) -> Iterator[tuple[str, str]]:
        """(path, kind) of every page that the ledger has not."""
        for path in self._site.paths():
            if path.endswith(".html") and path not in self._remembered:
                yield path, kind_of(path)


class _Guide:
    """Where what stood at an address is now."""

    def __init__(self, reader: StoreReader, held: Collection[str]) -> None:
        self._reader = reader
        self._held = held
        self._keys = reader.keys_by_digest()
        self._people = {slug(written): name for written, name in reader.all_spellings()}

    def target(self, path: str) -> str:
        """The path to lead on to, "" for none."""
        for found in self._candidates(path):
            if found in self._held and found != path:
                return found
        return ""

    def _candidates(self, path: str) -> Iterator[str]:
        part = _PART.fullmatch(path)
        if part:
            yield f"{part[1]}.html"
            yield f"{part[1]}/index.html"
        thread = _THREAD.fullmatch(path)
        message = _MESSAGE.fullmatch(path)
        digest = (thread or message or [path, ""])[1]
        if digest:
            yield from self._of_message(digest, bool(thread))
        elif person := _PERSON.fullmatch(path):
            name = self._people.get(person[1])
            if name:
                yield urls.person(name)
            if person[1] == "index":
                yield urls.PEOPLE
        elif path.startswith("archive/"):
            yield urls.ARCHIVE
        elif path.startswith("days/"):
            yield urls.DAYS

    def _of_message(self, digest: str, as_thread: bool) -> Iterator[str]:
        key = self._keys.get(digest)
        if key is None:
            return
        row = self._reader.message(key)
        if as_thread and row.thread:
            yield urls.thread(row.thread)
        yield urls.message(row)


def _old_authors(reader: StoreReader) -> Iterator[str]:
    """The addresses under which people's pages were published elsewhere before."""
    yield "author/index.html"
    for written, _ in reader.all_spellings():
        name = slug(written)
        if name:
            yield urls.person(name)
            yield "author/" + urls.person(name).removeprefix("authors/")


def missing_urls(archive: Archive, site: Path) -> list[str]:
    """Pages that were published once and are not at a place now."""
    accession = archive.accession()
    try:
        known = known_urls(accession)
    finally:
        accession.close()
    return [path for path in sorted(known) if not (site / path).is_file()]
