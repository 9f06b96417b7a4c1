"""What is believed of times, where only some messages were found anew.

Kept of each message: where it was first found, what it answers by its header, and what was
believed. A source is taken in whole, or not at all; so what is found elsewhere than before
is found in sources that are new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from posterity.executor import Executor
from posterity.pipeline.collector import no_search_for_cycles
from posterity.pipeline.columns import (
    Columns,
    Texts,
    as_column,
    column,
    known,
    made,
    texts_in,
    turned,
)
from posterity.pipeline.gather import NOWHERE, Places, date_rows, first_places
from posterity.pipeline.times import Times, if_known, kept_times, times_of
from posterity.relate.dates import DateRow, believe
from posterity.relate.redated import Was, Where, believe_again
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
        parents: rows of a message and the one it answers by its header.
        kept: what was kept of an earlier time; None: nothing.
    """

    catalogue: Path
    accession: Path
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
    links = np.array([*parents.items()], np.int64).reshape(-1, 2)
    paths = archive.catalogue_path, archive.accession_path
    work = [_When(*paths, links, kept)]
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
        self._keys = [key for (key,) in catalogue.rows("id")]
        self._parents: dict[int, int] = dict(work.parents.tolist())
        self._kept = work.kept

    def found(self) -> Columns:
        """What is believed."""
        if self._kept is None:
            places = first_places(self._accession)
            told = self._found(_where(self._keys, places))
            rows = self._rows(places)
            del places  # gone with the last row: a million are 200 MB
            found = believe(rows)
        else:
            was = _from_columns(self._kept)
            where = {key: one.where for key, one in was.items()}
            again = self._found_anew(where, {*texts_in(self._kept[_READ])})
            where |= _where(again, first_places(self._accession, again))
            told = self._found(where)
            found = believe_again(self._rows_of, where, self._parents, was)
        return told | times_of(self._keys, found).by_column(_BELIEVED)

    def _found(self, where: Mapping[int, Where]) -> Columns:
        """Where all messages were found, and what they answer."""
        sources = Texts()
        source, position = turned(map(where.__getitem__, self._keys), len(Where._fields))
        rows = (
            column(self._keys),
            sources.of(source),
            column(position),
            known(map(self._parents.get, self._keys)),
        )
        read = as_column(source_names(self._accession.database))
        table = np.column_stack(rows)
        return {_FOUND: table, _WHERE: sources.column(), _READ: read}

    def _rows_of(self, some: Collection[int]) -> list[DateRow]:
        return list(self._rows(first_places(self._accession, some), some))

    def _rows(
        self, places: Places, among: Collection[int] | None = None
    ) -> Iterator[DateRow]:
        return date_rows(self._catalogue, places, self._parents, among)

    def _found_anew(self, known: Collection[int], read: Collection[str]) -> set[int]:
        """The messages that may be found first elsewhere than before.

        Args:
            known: the messages that there were.
            read: the sources that there were; where one is gone, any message may.
        """
        names = source_names(self._accession.database)
        if not names.keys() >= set(read):
            return set(self._keys)
        new = [number for name, number in names.items() if name not in read]
        return found_in(self._accession.database, new) | (set(self._keys) - set(known))


def _where(keys: Iterable[int], places: Places) -> dict[int, Where]:
    return {key: Where(*places.get(key, NOWHERE)[:2]) for key in keys}


def _from_columns(columns: Columns) -> dict[int, Was]:
    """What was believed of times, as it was kept."""
    sources = texts_in(columns[_WHERE])
    _, source, position, parent = columns[_FOUND].T.tolist()
    where = made(Where, map(sources.__getitem__, source), position)
    told = kept_times(columns, _BELIEVED).believed()
    return {
        key: Was(found, if_known(answered), believed)
        for found, answered, (key, believed) in zip(where, parent, told, strict=True)
    }
