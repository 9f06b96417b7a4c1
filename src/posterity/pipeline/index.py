"""Index: the words of every message, put where a search finds them.

The words wait in batches since the messages were parsed; one writer fills the index
from them. Where a batch is missing, or the keeper amended one of its messages since,
workers read the messages again. When `relate` finds other quotations later, only the
messages that they touch are indexed anew.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from posterity.executor import Executor
from posterity.model import Digest
from posterity.pipeline.facts import read
from posterity.pipeline.progress import Progress
from posterity.pipeline.words import Listener
from posterity.store import Archive
from posterity.store.batches import Spoken, batch_name, pack, read_batch
from posterity.store.octets import Accession
from posterity.store.reader import StoreReader
from posterity.store.searchindex import SearchIndex

BATCH = 500
"""Messages a batch, as in `derive`."""


class _Shard(NamedTuple):
    """A run of messages; of the amended ones another text is read."""

    archive: Path
    first: int
    last: int
    amended: frozenset[int]


class _Desk(NamedTuple):
    """What a worker reads with."""

    archive: Archive
    accession: Accession
    reader: StoreReader
    listener: Listener


def index(archive: Archive, executor: Executor, progress: Progress) -> int:
    """Bring the search index up to the catalogue; the number of messages indexed.

    The catalogue must be derived and related.
    """
    _desk.cache_clear()  # in this process, an earlier run's would be out of date
    accession = archive.accession()
    newest = accession.newest()
    accession.close()
    found = SearchIndex(archive.catalogue_path, archive.settings.addresses)
    try:
        start = found.gathered
        progress.stage("index", newest - start)
        changed = _stale(archive, found)
        indexed = 0
        shards = list(_shards(archive, start, newest, found.amended()))
        for last, octets in _gathered(archive, shards, executor):
            found.add_batch(last, octets)
            for number in found.fill():
                indexed += number
                progress.advance(number)
        indexed += sum(found.fill())  # of a run that was interrupted
        if start:
            changed += found.refill()
        else:
            found.filled()
        changed += _recovered(archive, found)
        if indexed or changed or found.finished != newest:
            found.finish()
        if changed:
            found.cut_log()
        shutil.rmtree(archive.words_path, ignore_errors=True)
        return indexed
    finally:
        _desk.cache_clear()
        found.close()


def _shards(
    archive: Archive, start: int, newest: int, amended: frozenset[int]
) -> Iterator[_Shard]:
    for first in range(start + 1, newest + 1, BATCH):
        last = min(first + BATCH - 1, newest)
        mine = frozenset(key for key in amended if first <= key <= last)
        yield _Shard(archive.folder, first, last, mine)


def _gathered(
    archive: Archive, shards: Sequence[_Shard], executor: Executor
) -> Iterator[tuple[int, bytes]]:
    """The words of each run; workers, who may be busy, are asked only for what must be read."""
    names = [archive.words_path / _batch_name(archive, shard) for shard in shards]
    if all(name.is_file() for name in names) and not any(one.amended for one in shards):
        return map(_gather, shards)
    return iter(executor.map(_gather, shards))


def _batch_name(archive: Archive, shard: _Shard) -> str:
    return batch_name(shard.first, shard.last, archive.settings.addresses)


@lru_cache(maxsize=1)
def _desk(folder: Path) -> _Desk:
    archive = Archive.open(folder)
    listener = Listener(archive.settings.addresses)
    return _Desk(archive, archive.accession(), archive.reader(), listener)


def _gather(shard: _Shard) -> tuple[int, bytes]:
    """The words of a run of messages; runs in a worker."""
    desk = _desk(shard.archive)
    if not shard.amended:
        name = _batch_name(desk.archive, shard)
        waiting = read_batch(desk.archive.words_path / name)
        if waiting is not None:
            return shard.last, waiting
    spoken = []
    for key, digest, octets in desk.accession.between(shard.first, shard.last):
        read = desk.reader.octets(key) if key in shard.amended else octets
        spoken.append(_spoken(desk, key, digest, read))
    return shard.last, pack(spoken)


def _spoken(desk: _Desk, key: int, digest: Digest, octets: bytes) -> Spoken:
    if not octets:
        return Spoken.nothing(key)
    return desk.listener.words_of(key, octets, *read(octets, digest, desk.archive.settings))


def _stale(archive: Archive, found: SearchIndex) -> int:
    """Index those anew that the keeper amended; how many they were."""
    keys = found.stale()
    if not keys:
        return 0
    desk = _desk(archive.folder)
    found.replace(
        [_spoken(desk, key, digest, desk.reader.octets(key)) for key, digest in keys]
    )
    return len(keys)


def _recovered(archive: Archive, found: SearchIndex) -> int:
    """Index the recovered messages anew where they are others now."""
    rows = found.recovered()
    what = hashlib.sha256(repr(rows).encode("ascii")).hexdigest() if rows else ""
    if what == found.recovered_indexed():
        return 0
    desk = _desk(archive.folder)
    spoken = [
        _spoken(desk, key, Digest(digest), desk.reader.octets(key)) for key, digest in rows
    ]
    return len(rows) if found.replace_recovered(what, pack(spoken)) else 0
