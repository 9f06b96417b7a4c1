"""What lies in a folder of the file system, in a fixed order.

Symbolic links are not followed: a link in a mail folder may point anywhere, and what it
points at would be published. FIFOs, sockets and devices are not opened. The walk keeps
its own stack, so depth costs nothing.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from posterity.sources.extent import Extent
from posterity.sources.named import Entry

SYMLINK = "a symbolic link, not followed; give what it points at by itself"
SPECIAL = "no regular file (a FIFO, socket or device); not opened"

NO_MAIL = frozenset({b"cvs", b"rcs", b"lost+found", b"__macosx"})
"""Folders that hold no mail, in lower case."""


def walk(top: bytes) -> Iterator[Entry]:
    """Yield what lies under a folder, folders included, in no particular order."""
    stack = [b""]
    while stack:
        folder = stack.pop()
        path = top + b"/" + folder if folder else top
        if is_repository(path):
            yield Entry(folder, None, repository=os.fsdecode(path))
            continue
        try:
            with os.scandir(path) as listing:
                found = list(listing)
        except OSError as error:
            yield Entry(folder, None, f"cannot be read: {error.strerror or error}")
            continue
        if folder:
            yield Entry(folder, None)
        for item in found:
            raw = folder + b"/" + item.name if folder else item.name
            entry = _entry(raw, item)
            if entry is None:
                stack.append(raw)
            else:
                yield entry


def _entry(raw: bytes, item: os.DirEntry[bytes]) -> Entry | None:
    """An entry of a folder; None for a folder to look into."""
    try:
        status = item.stat(follow_symlinks=False)
    except OSError as error:
        return Entry(raw, None, f"cannot be read: {error.strerror or error}")
    if stat.S_ISLNK(status.st_mode):
        return Entry(raw, None, SYMLINK)
    if stat.S_ISDIR(status.st_mode):
        return None if item.name.lower() not in NO_MAIL else Entry(raw, None)
    if not stat.S_ISREG(status.st_mode):
        return Entry(raw, None, SPECIAL)
    return Entry(raw, Extent(os.fsdecode(item.path), 0, status.st_size))


def is_repository(path: bytes) -> bool:
    """Whether a folder is a git repository, bare or as `.git`."""
    return all(
        os.path.lexists(path + b"/" + part) for part in (b"HEAD", b"objects", b"refs")
    )
