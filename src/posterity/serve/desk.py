"""What a request is answered with: an archive opened for reading, as it was at one time.

SQLite connections belong to a thread, so each thread has a desk of its own. A desk
holds a snapshot: while a build is under way its readers go on seeing the archive as it
was, whole; once the build has let go of the lock, a new desk is set up.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from posterity.relate.slugs import slug
from posterity.render.pages import Renderer
from posterity.render.theme import Theme
from posterity.store import LOCK, SETTINGS, Archive
from posterity.store.lookup import Lookup
from posterity.store.search import Searcher
from posterity.store.urlledger import was_published

Answer = TypeVar("Answer")

THREADS: Final = 4
"""Requests that are worked on at once: pages are made by the processor alone."""
LOOK_EVERY: Final = 1.0
"""Seconds between two looks whether the archive has changed."""
WARM: Final = 60.0
"""Seconds that all desks may take to be set up."""
CACHE: Final = 64_000_000
"""Octets of pages that are kept."""


class Desk:
    """An archive, opened.

    Attributes:
        stamp: what tells this state of the archive from others.
        made: when it was written, seconds since 1970.
    """

    def __init__(self, archive: Archive, theme: Theme, stamp: tuple[int, ...]) -> None:
        self.settings = archive.settings
        self.stamp = stamp
        self.made = max(stamp) // 1_000_000_000
        self.reader = archive.reader()
        self.reader.hold()
        self.searcher = Searcher(archive.catalogue_path)
        self.searcher.hold()
        self.lookup = Lookup(archive.catalogue_path)
        self.renderer = Renderer(self.reader, archive.settings, theme)
        self._accession = archive.accession()

    def close(self) -> None:
        """Close all files."""
        self.reader.close()
        self.searcher.close()
        self.lookup.close()
        self._accession.close()

    def was_published(self, path: str) -> bool:
        """Whether a page ever stood at a path of the static site."""
        return was_published(self._accession, path)

    @cached_property
    def people(self) -> dict[str, str]:
        """By every name that a person's page could have had, the name it has."""
        return {slug(written): name for written, name in self.reader.all_spellings()}


class Desks:
    """The desks of a server, one a thread, renewed when the archive changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._here = threading.local()
        self._guard = threading.Lock()
        self._looked = 0.0
        self._stamp = _stamp(folder)
        self._pool = ThreadPoolExecutor(THREADS, "posterity")
        self._kept: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._weight = 0

    @property
    def pool(self) -> ThreadPoolExecutor:
        """Where work is done."""
        return self._pool

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def warm(self) -> None:
        """Set up every thread's desk, so that nobody's first request waits for it."""
        together = threading.Barrier(THREADS)

        def set_up() -> None:
            try:
                self.desk()
            finally:
                together.wait(WARM)  # no thread may set up two

        for done in [self._pool.submit(set_up) for _ in range(THREADS)]:
            done.result()

    def desk(self) -> Desk:
        """This thread's desk; set up, or set up anew, where need be.

        While somebody writes, a desk that was set up before is good.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        stamp = self._current()
        held: Desk | None = getattr(self._here, "desk", None)
        if held is not None and (held.stamp == stamp or _is_locked(self.folder)):
            return held
        if held is not None:
            self._here.desk = None
            held.close()
        archive = Archive.open(self.folder)
        desk = Desk(archive, Theme.chosen(archive.settings, self.folder), stamp)
        self._here.desk = desk
        return desk

    def _current(self) -> tuple[int, ...]:
        """What tells this state of the archive from others; looked at now and then."""
        with self._guard:
            now = time.monotonic()
            if now - self._looked > LOOK_EVERY:
                self._looked = now
                stamp = _stamp(self.folder)
                if stamp != self._stamp and not _is_locked(self.folder):
                    self._stamp = stamp
                    self._kept.clear()
                    self._weight = 0
            return self._stamp

    def kept(
        self,
        desk: Desk,
        key: tuple[object, ...],
        make: Callable[[], Answer],
        weigh: Callable[[Answer], int],
    ) -> Answer:
        """A value made once for a desk's state of the archive, if it was not let go since."""
        key = (desk.stamp, *key)
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[return-value]
        value = make()
        weight = weigh(value)
        with self._guard:
            if key not in self._kept and weight < CACHE // 8:
                self._kept[key] = value
                self._weight += weight
            while self._weight > CACHE:
                _, gone = self._kept.popitem(last=False)
                self._weight -= weigh(gone)  # type: ignore[arg-type]
        return value


def _stamp(folder: Path) -> tuple[int, ...]:
    """Times and sizes of the archive's files."""
    found: list[int] = []
    for name in ("catalogue.db", "catalogue.db-wal", SETTINGS, "amendments.toml"):
        try:
            status = (folder / name).stat()
        except FileNotFoundError:
            found += (0, 0)
        else:
            found += (status.st_mtime_ns, status.st_size)
    return tuple(found)


def _is_locked(folder: Path) -> bool:
    """Whether somebody is writing to the archive."""
    try:
        with (folder / LOCK).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False
    except FileNotFoundError:
        return False
