"""No address that was ever published is left dead.

A page that moved is replaced by one that leads on: a thread's whose first message is
another now, a person's who was found to be another, the part of a list that grew
shorter. A page whose content went is replaced by one that says so. Only pages are
remembered: a file that was withdrawn must be gone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from posterity.relate.slugs import slug
from posterity.render import urls
from posterity.render.pages import File, Renderer
from posterity.site.manifest import NOTHING, Manifest
from posterity.store import Archive
from posterity.store.reader import StoreReader
from posterity.store.urlledger import known_urls, left_urls, noted_site, remember

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

    The ledger has a print of the site that it was brought up to date with. Where that
    is what is published now, only what differs from it need be looked at; else every
    path is compared with every one that the ledger has.

    Args:
        archive: opened.
        published: what stands at the place now, remembered or not.
    """

    def __init__(self, archive: Archive, published: Manifest) -> None:
        self._archive = archive
        self._published = published
        accession = archive.accession()
        self._print = published.print_of_paths()
        self._is_noted = bool(published.units) and noted_site(accession) == self._print
        self._known: dict[str, int | None] = dict(
            left_urls(accession) if self._is_noted else known_urls(accession)
        )
        accession.close()
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
        self._left = sorted(self._addresses_left())
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

    def _addresses_left(self) -> set[str]:
        """Pages that are not there, and were."""
        if self._is_noted:
            left = self._site.left(self._published)
        else:
            left = {*self._known, *self._published.paths()}
            left.difference_update(self._site.paths())
        left = {path for path in left if path.endswith(".html")}
        if self._is_noted:  # and what was left before, and did not come back
            left |= self._known.keys() - self._site.came(self._published)
        return left

    def remember(self, published: Manifest, at: int) -> None:
        """Note in the ledger what was published, once it is.

        Args:
            published: what stands at the place now, these pages too.
            at: the time.
        """
        site = published.print_of_paths()
        if self._is_noted and site == self._print:
            return
        left = set(self._left)
        back = [p for p, last in self._known.items() if last is not None and p not in left]
        gone = [path for path in self._left if self._known.get(path) is None]
        accession = self._archive.accession(writable=True)
        remember(accession, self._fresh(), back, gone, site, at)
        accession.close()

    def _fresh(self) -> Iterator[tuple[str, str]]:
        """(path, kind) of every page that the ledger may not have."""
        site = self._site
        paths = site.came(self._published) if self._is_noted else site.paths()
        for path in paths:
            if path.endswith(".html") and path not in self._known:
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
