"""Find out what a path holds, and open it: a stream, an archive, or a folder.

Containers may lie in containers. What is still to be opened waits in a list, never in
nested calls, and is nested no deeper than NESTING.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from posterity.errors import RefusedError, SourceError
from posterity.sources.archives import checked, tar_entries, zip_entries
from posterity.sources.arrange import Arranged, Lot, arrange
from posterity.sources.detect import Shape
from posterity.sources.extent import Extent
from posterity.sources.files import Folder, folder_source, reason_of
from posterity.sources.named import Named, shown
from posterity.sources.publicinbox import Inbox, inbox_source
from posterity.sources.source import ReadOptions, Refused, Source
from posterity.sources.streams import stream_source
from posterity.sources.unwrap import spool_file, unwrap
from posterity.sources.walking import is_repository, walk

STDIN = "stdin"
NESTING = 8
"""How deep containers may lie in one another."""

CONTAINERS = frozenset({Shape.TAR, Shape.ZIP})


class Waiting(NamedTuple):
    """Something to open, and how deep it lies."""

    what: Arranged
    depth: int


def open_sources(
    path: str | Path, *, spool: Path, options: ReadOptions | None = None
) -> Iterator[Source | Refused]:
    """Yield the sources that a path holds, in a fixed order.

    Args:
        path: a file or a folder; "-" for standard input.
        spool: a folder for what must be unwrapped; it must outlive the sources.
        options: how to read; the defaults otherwise.

    Yields:
        A Source for each stream or folder of messages; a Refused for each member that
        is left out while the others are read.

    Raises:
        SourceError: the path can't be read at all.
        FramingError: it is a file in which there is no mail.
        RefusedError: it is a file of a form that is not read.
    """
    options = options or ReadOptions()
    if str(path) == "-":
        yield from _open_stream(STDIN, _standard_input(spool), spool, options)
        return
    whole = Path(path).absolute()
    name = shown(os.fsencode(whole.name))
    try:
        status = whole.stat()
    except OSError as error:
        raise SourceError(f"{name}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise SourceError(f"{name}: no file has such a name ({error})") from error
    if stat.S_ISDIR(status.st_mode):
        yield from _open_folder(name, os.fsencode(whole), spool, options)
    elif stat.S_ISREG(status.st_mode):
        extent = Extent(str(whole), 0, status.st_size)
        yield from _open_stream(name, extent, spool, options)
    else:
        raise SourceError(f"{name}: no regular file; pipe it in and give '-' as its name")


def _standard_input(spool: Path) -> Extent:
    """Standard input, in a file of the spool."""
    with spool_file(spool) as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        return Extent(file.name, 0, file.tell())


def _open_stream(
    name: str, extent: Extent, spool: Path, options: ReadOptions
) -> Iterator[Source | Refused]:
    """Open one file: a stream by itself, or an archive of them."""
    named = Named(name, "", unwrap(name, extent, spool, options))
    if named.content.shape not in CONTAINERS:
        yield from _open_text(named, options)
        return
    lot = Lot(name, "", spool, options)
    yield from _open_all(_members(named, lot), lot)


def _open_folder(
    name: str, path: bytes, spool: Path, options: ReadOptions
) -> Iterator[Source | Refused]:
    """Open a folder; SourceError where nothing in it is a source."""
    lot = Lot(name, "", spool, options)
    if is_repository(path):
        yield inbox_source(Inbox(name, "", (os.fsdecode(path),)), options)
        return
    count = 0
    for opened in _open_all(arrange(walk(path), lot), lot):
        count += 1
        yield opened
    if not count:
        raise SourceError(f"{name}: a folder without mail")


def _open_all(arranged: Iterable[Arranged], lot: Lot) -> Iterator[Source | Refused]:
    """Open what a container holds, and what the containers in it hold."""
    waiting = [Waiting(what, 1) for what in reversed(list(arranged))]
    while waiting:
        what, depth = waiting.pop()
        try:
            if isinstance(what, Named) and what.content.shape in CONTAINERS:
                if depth >= NESTING:
                    raise RefusedError(
                        f"{what.shown}: nested deeper than {NESTING} archives;"
                        " unpack it first"
                    )
                inner = lot._replace(prefix=what.member)
                found = list(_members(what, inner))
                waiting.extend(Waiting(item, depth + 1) for item in reversed(found))
            else:
                yield from _open_one(what, lot.options)
        except SourceError as error:
            member = what.member
            yield Refused(lot.name, member, _without_member(error, member))


def _open_one(what: Arranged, options: ReadOptions) -> Iterator[Source | Refused]:
    """Open one thing that is no container."""
    if isinstance(what, Refused):
        yield what
    elif isinstance(what, Folder):
        yield from folder_source(what, options)
    elif isinstance(what, Inbox):
        yield inbox_source(what, options)
    else:
        yield from _open_text(what, options)


def _open_text(named: Named, options: ReadOptions) -> Iterator[Source | Refused]:
    """Open one stream; of one that breaks off, what was read and a note of the rest."""
    yield stream_source(named, options)
    if named.content.truncated:
        yield Refused(named.name, named.member, named.content.truncated)


def _members(named: Named, lot: Lot) -> Iterator[Arranged]:
    """What an archive holds; a damaged one gives what could be read."""
    content = named.content
    if content.shape is Shape.TAR:
        entries = tar_entries(content.extent)
    else:
        entries = zip_entries(named.shown, content.extent, lot.spool, lot.options)
    yield from arrange(checked(entries), lot)
    if content.truncated:
        yield Refused(lot.name, named.member, content.truncated)


def _without_member(error: SourceError, member: str) -> str:
    """An error's sentence without the names it begins with."""
    reason = reason_of(error)
    return reason.removeprefix(f"{member}: ") if member else reason
