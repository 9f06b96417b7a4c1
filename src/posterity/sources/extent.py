"""Octets where they lie: a stretch of a file, read in windows.

Files are read with pread, not mapped: a mapped file that someone cuts short while it
is read kills the process (SIGBUS), a short read is an answer.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from posterity.errors import SourceError

if TYPE_CHECKING:
    from typing_extensions import Buffer

WINDOW = 4 << 20
"""Octets looked at in one go."""

BEHIND = 8
"""Octets of the window before, to see the blank line before a separator."""

AHEAD = 64 << 10
"""Octets of the window after, to see the header block after a separator."""


class Extent(NamedTuple):
    """`length` octets of the file at `path`, from `offset`."""

    path: str
    offset: int
    length: int

    def read(self, start: int, end: int) -> bytes:
        """Give the octets from start to end, offsets into the extent.

        Raises:
            SourceError: the file is gone, unreadable, or shorter than it was.
        """
        with Opened(self) as opened:
            return opened.read(start, end)


class Window(NamedTuple):
    """A view of a stream: `octets` begin at `base`; `first` to `last` are its own.

    What stands before `first` and after `last` is only to be looked at.
    """

    base: int
    first: int
    last: int
    octets: bytes


class Opened:
    """An extent whose file is open; a context manager."""

    def __init__(self, extent: Extent) -> None:
        self._extent = extent
        try:
            self._file = os.open(extent.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise _unreadable(extent, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def read(self, start: int, end: int) -> bytes:
        """Give the octets from start to end; SourceError when they are not there."""
        parts: list[bytes] = []
        place, stop = start, min(end, self._extent.length)
        while place < stop:
            try:
                part = os.pread(self._file, stop - place, self._extent.offset + place)
            except OSError as error:
                raise _unreadable(self._extent, error) from error
            if not part:
                name = Path(self._extent.path).name
                raise SourceError(
                    f"{name}: at octet {place}: the file became shorter while it was"
                    " read; run the import again"
                )
            parts.append(part)
            place += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def windows(self) -> Iterator[Window]:
        """Yield windows that tile the extent."""
        length = self._extent.length
        for first in range(0, length, WINDOW):
            last = min(first + WINDOW, length)
            base = max(first - BEHIND, 0)
            yield Window(base, first, last, self.read(base, last + AHEAD))


class Stretch(RawIOBase):
    """An extent as a file that can be read and sought, for those who need one."""

    def __init__(self, extent: Extent) -> None:
        self._opened = Opened(extent)
        self._length = extent.length
        self._place = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Move, and give the new place; OSError before the beginning, as files do."""
        origin = {SEEK_CUR: self._place, SEEK_END: self._length}.get(whence, 0)
        if origin + offset < 0:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        self._place = origin + offset
        return self._place

    def tell(self) -> int:
        """The place."""
        return self._place

    def readinto(self, buffer: Buffer) -> int:
        """Read into a buffer; 0 at the end."""
        view = memoryview(buffer)
        octets = self._opened.read(self._place, self._place + len(view))
        view[: len(octets)] = octets
        self._place += len(octets)
        return len(octets)

    def close(self) -> None:
        """Close the file beneath."""
        if not self.closed:
            self._opened.close()
        super().close()


def _unreadable(extent: Extent, error: OSError) -> SourceError:
    name = Path(extent.path).name
    return SourceError(f"{name}: cannot be read: {error.strerror or error}")
