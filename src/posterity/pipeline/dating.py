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
from posterity.model import DateEvidence
from posterity.pipeline.collector import no_search_for_cycles
from posterity.pipeline.columns import (
    NONE,
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
from posterity.relate.dates import Believed, DateRow, believe
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

_DATE: Final = tuple(DateEvidence)
_NUMBER: Final = {kind: number for number, kind in enumerate(_DATE)}
_WHERE, _BELIEVED = "times.sources", "times.texts"
_READ: Final = "times.read"
"""The sources that were read."""


_KEPT: Final = ("times", _WHERE, _BELIEVED, _READ)
"""The columns of what was believed."""


class Dates(NamedTuple):
    """What is believed of every message's time, and what is kept of it."""

    believed: Mapping[int, Believed]
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
        key, parent = kept["times"].T[[0, 3]].tolist()
        was = dict(zip(key, map(_if_known, parent), strict=True))
        parents = header_parents_again(bones, was)
        kept = {name: kept[name] for name in _KEPT}
    links = np.array([*parents.items()], np.int64).reshape(-1, 2)
    paths = archive.catalogue_path, archive.accession_path
    work = [_When(*paths, links, kept)]
    [found] = executor.map(_weighed, work) if kept is None else map(_weighed, work)
    keys = found["times"][:, 0].tolist()
    return Dates(dict(zip(keys, _believed(found), strict=True)), found)


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
            where = _where(self._keys, places)
            found = believe(self._rows(places))
        else:
            was = _from_columns(self._kept)
            where = {key: one.where for key, one in was.items()}
            again = self._found_anew(where, {*texts_in(self._kept[_READ])})
            where |= _where(again, first_places(self._accession, again))
            found = believe_again(self._rows_of, where, self._parents, was)
        read = as_column(source_names(self._accession.database))
        return _as_columns(self._keys, where, self._parents, found) | {_READ: read}

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


def _as_columns(
    keys: Sequence[int],
    where: Mapping[int, Where],
    parents: Mapping[int, int],
    believed: Mapping[int, Believed],
) -> Columns:
    """What is to be kept of the messages of some keys."""
    sources, texts = Texts(), Texts()
    source, position = turned(map(where.__getitem__, keys), len(Where._fields))
    utc, kind, error, detail, suspect = turned(
        map(believed.__getitem__, keys), len(Believed._fields)
    )
    rows = (
        column(keys),
        sources.of(source),
        column(position),
        known(map(parents.get, keys)),
        known(utc),
        column(map(_NUMBER.__getitem__, kind)),
        column(error),
        texts.of(detail),
        texts.of(suspect),
    )
    return {
        "times": np.column_stack(rows),
        _WHERE: sources.column(),
        _BELIEVED: texts.column(),
    }


def _from_columns(columns: Columns) -> dict[int, Was]:
    """What was believed of times, as it was kept."""
    sources = texts_in(columns[_WHERE])
    key, source, position, parent = columns["times"].T[:4].tolist()
    where = made(Where, map(sources.__getitem__, source), position)
    parents, believed = map(_if_known, parent), _believed(columns)
    return dict(zip(key, made(Was, where, parents, believed), strict=True))


def _believed(columns: Columns) -> Iterator[Believed]:
    """What was believed of each message."""
    texts = texts_in(columns[_BELIEVED])
    utc, kind, error, detail, suspect = columns["times"].T[4:].tolist()
    return made(
        Believed,
        map(_if_known, utc),
        map(_DATE.__getitem__, kind),
        error,
        map(texts.__getitem__, detail),
        map(texts.__getitem__, suspect),
    )


def _if_known(number: int) -> int | None:
    return None if number == NONE else number
