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
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from posterity.config import Settings
from posterity.render.pages import Renderer
from posterity.render.theme import Theme
from posterity.store import LOCK, SETTINGS, Archive
from posterity.store.lookup import Lookup
from posterity.store.reader import StoreReader
from posterity.store.search import Searcher

Answer = TypeVar("Answer")

THREADS: Final = 4
"""Requests that are worked on at once: pages are made by the processor alone."""
LOOK_EVERY: Final = 1.0
"""Seconds between two looks whether the archive has changed."""
CACHE: Final = 64_000_000
"""Octets of pages that are kept."""


class Desk(NamedTuple):
    """An archive, opened.

    Attributes:
        made: when this state of the archive was written, seconds since 1970.
    """

    settings: Settings
    reader: StoreReader
    renderer: Renderer
    searcher: Searcher
    lookup: Lookup
    made: int

    def close(self) -> None:
        """Close all files."""
        self.reader.close()
        self.searcher.close()
        self.lookup.close()


class Desks:
    """The desks of a server, one a thread, renewed when the archive changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._theme = Theme.load()
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

    def desk(self) -> Desk:
        """This thread's desk; set up, or set up anew, where need be."""
        stamp = self._current()
        held = getattr(self._here, "desk", None)
        if held is not None and self._here.stamp == stamp:
            assert isinstance(held, Desk)
            return held
        if held is not None:
            held.close()
            self._here.desk = None
        desk = self._set_up(stamp)
        self._here.desk, self._here.stamp = desk, stamp
        return desk

    def _set_up(self, stamp: tuple[int, ...]) -> Desk:
        archive = Archive.open(self.folder)
        reader = archive.reader()
        reader.hold()
        searcher = Searcher(archive.catalogue_path)
        searcher.hold()
        return Desk(
            archive.settings,
            reader,
            Renderer(reader, archive.settings, self._theme),
            searcher,
            Lookup(archive.catalogue_path),
            max(stamp) // 1_000_000_000,
        )

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
        key: tuple[object, ...],
        make: Callable[[], Answer],
        weigh: Callable[[Answer], int],
    ) -> Answer:
        """A value made once for this state of the archive, if it was not let go since."""
        key = (self._current(), *key)
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
