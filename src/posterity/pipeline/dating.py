"""What is believed of times, where only some messages were found anew.

Kept of each message: where it was first found, what it answers by its header, and what was
believed. A source is taken in whole, or not at all; so what is found elsewhere than before
is found in sources that are new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from posterity.executor import Executor
from posterity.pipeline.collector import no_search_for_cycles
from posterity.pipeline.columns import (
    NONE,
    Columns,
    Texts,
    among,
    as_column,
    column,
    if_known,
    known,
    texts_in,
)
from posterity.pipeline.gather import NOWHERE, Places, date_rows, first_places
from posterity.pipeline.times import Times, kept_times, times_of
from posterity.relate.dates import DateRow, believe
from posterity.relate.redated import Found, believe_again
from posterity.relate.reread import header_parents_again
from posterity.relate.shingles import I64
from posterity.relate.threads import header_parents
from posterity.relate.witnesses import Skeleton
from posterity.store import Archive
from posterity.store.catalogue import Catalogue
from posterity.store.database import connect
from posterity.store.findings import found_in, source_names
from posterity.store.octets import Accession

_FOUND, _WHERE, _READ = "found", "found.sources", "found.read"
"""Columns: where messages were found and what they answer; the sources they were found
in; the sources that were read."""

_BELIEVED: Final = "believed"
_KEPT: Final = (_FOUND, _WHERE, _READ, _BELIEVED, f"{_BELIEVED}.texts")


class Dates(NamedTuple):
    """What is believed of every message's time, and what is kept of it."""

    believed: Times
    kept: Columns


class _When(NamedTuple):
    """Times to be weighed, as work.

    Attributes:
        catalogue: says what is known of each time.
        accession: says where messages were found.
        keys: of all messages, ascending.
        parents: the message that each answers by its header, or NONE.
        kept: what was kept of an earlier time; None: nothing.
    """

    catalogue: Path
    accession: Path
    keys: I64
    parents: I64
    kept: Columns | None


def find_dates(
    archive: Archive, bones: Sequence[Skeleton], kept: Columns | None, executor: Executor
) -> Dates:
    """Weigh the witnesses of times; replies by header bound what is not known.

    A worker weighs those of a whole list: what it takes is of no use afterwards, and as
    much again as the list itself. Some are weighed here, before a worker would be there.

    Args:
        archive: of the list.
        bones: the list.
        kept: what was kept of an earlier time; None: nothing.
        executor: where they are weighed.
    """
    if kept is None:
        parents = header_parents(bones)
    else:
        key, parent = kept[_FOUND].T[[0, 3]].tolist()
        was = dict(zip(key, map(if_known, parent), strict=True))
        parents = header_parents_again(bones, was)
        kept = {name: kept[name] for name in _KEPT}
    keys = column(bone.key for bone in bones)
    links = known(parents.get(bone.key) for bone in bones)
    work = [_When(archive.catalogue_path, archive.accession_path, keys, links, kept)]
    [found] = executor.map(_weighed, work) if kept is None else map(_weighed, work)
    return Dates(kept_times(found, _BELIEVED), found)


def _weighed(work: _When) -> Columns:
    """What is believed of times, to be kept; runs in a worker."""
    catalogue = Catalogue(connect(work.catalogue, writable=False))
    accession = Accession.open(work.accession)
    try:
        with no_search_for_cycles():
            return _Weighing(catalogue, accession, work).found()
    finally:
        accession.close()
        catalogue.close()


class _Weighing:
    """Times while they are weighed."""

    def __init__(self, catalogue: Catalogue, accession: Accession, work: _When) -> None:
        self._catalogue = catalogue
        self._accession = accession
        self._work = work

    def found(self) -> Columns:
        """What is believed."""
        kept, keys = self._work.kept, self._work.keys
        if kept is not None:
            return self._again(kept)
        places = first_places(self._accession)
        sources = Texts()
        where = self._where(places, keys, sources)
        told = self._kept(Found(keys, *where, self._work.parents), sources)
        rows = self._rows(places)
        del places  # gone with the last row: a million are 200 MB
        return told | times_of(keys.tolist(), believe(rows)).by_column(_BELIEVED)

    def _again(self, kept: Columns) -> Columns:
        """What is believed, where most of the list is as it was."""
        keys = self._work.keys
        was, believed = Found(*kept[_FOUND].T), kept_times(kept, _BELIEVED)
        sources = Texts(texts_in(kept[_WHERE]))
        anew = self._found_anew(was.keys, texts_in(kept[_READ]))
        where = np.zeros((2, len(keys)), np.int64)
        where[:, np.searchsorted(keys, was.keys)] = was.source, was.position
        places = first_places(self._accession, anew.tolist())
        where[:, np.searchsorted(keys, anew)] = self._where(places, anew, sources)
        now = Found(keys, where[0], where[1], self._work.parents)
        found = believe_again(self._rows_of, now, was, believed.silent(), believed.of)
        told = believed.but_for(found, keys).by_column(_BELIEVED)
        return self._kept(now, sources) | told

    def _where(self, places: Places, keys: I64, sources: Texts) -> tuple[I64, I64]:
        """The source of some messages, and the place there."""
        some = [places.get(key, NOWHERE) for key in keys.tolist()]
        return sources.of([place[0] for place in some]), column(place[1] for place in some)

    def _kept(self, found: Found, sources: Texts) -> Columns:
        """Where messages were found, to be kept."""
        read = as_column(source_names(self._accession.database))
        return {_FOUND: np.column_stack(found), _WHERE: sources.column(), _READ: read}

    def _rows_of(self, some: Collection[int]) -> list[DateRow]:
        return list(self._rows(first_places(self._accession, some), some))

    def _rows(
        self, places: Places, only: Collection[int] | None = None
    ) -> Iterator[DateRow]:
        keys, parents = self._work.keys, self._work.parents
        if only is not None:
            here = among(keys, only)
            keys, parents = keys[here], parents[here]
        links = zip(keys.tolist(), parents.tolist(), strict=True)
        held = {key: parent for key, parent in links if parent != NONE}
        return date_rows(self._catalogue, places, held, only)

    def _found_anew(self, known: I64, read: Collection[str]) -> I64:
        """The messages that may be found first elsewhere than before.

        Args:
            known: the messages that there were.
            read: the sources that there were; where one is gone, any message may.
        """
        names = source_names(self._accession.database)
        if not names.keys() >= set(read):
            return self._work.keys
        new = [number for name, number in names.items() if name not in read]
        found = found_in(self._accession.database, new)
        return np.union1d(column(found), np.setdiff1d(self._work.keys, known))
