"""What is believed of times, where only some messages were found anew.

Kept of each message: where it was first found, what it answers by its header, and what was
believed. A source is taken in whole, or not at all; so what is found elsewhere than before
is found in sources that are new.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from posterity.model import DateEvidence
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
from posterity.pipeline.gather import NOWHERE, Gathered, date_rows, first_places
from posterity.relate.dates import Believed, DateRow, believe
from posterity.relate.redated import Was, Where, believe_again
from posterity.relate.reread import header_parents_again
from posterity.relate.threads import header_parents
from posterity.relate.witnesses import Skeleton
from posterity.store.findings import found_in, source_names
from posterity.store.octets import Accession

_DATE: Final = tuple(DateEvidence)
_NUMBER: Final = {kind: number for number, kind in enumerate(_DATE)}
_WHERE, _BELIEVED = "times.sources", "times.texts"
_READ: Final = "times.read"
"""The sources that were read."""


class Dates(NamedTuple):
    """What is believed of every message's time, and what is kept of it."""

    believed: Mapping[int, Believed]
    kept: Columns


def find_dates(
    accession: Accession,
    gathered: Gathered,
    bones: Sequence[Skeleton],
    kept: Columns | None,
) -> Dates:
    """Weigh the witnesses of times; replies by header bound what is not known.

    Args:
        accession: says where messages were found.
        gathered: the list.
        bones: its skeletons, undated.
        kept: what was kept of an earlier time; None: nothing.
    """
    names = source_names(accession.database)
    if kept is None:
        parents = header_parents(bones)
        places = first_places(accession)
        where = {row.id: Where(*places.get(row.id, NOWHERE)[:2]) for row in gathered.rows}
        found = believe(date_rows(gathered, places, parents))
    else:
        was = _from_columns(kept)
        parents = header_parents_again(bones, {key: one.parent for key, one in was.items()})
        where = {key: one.where for key, one in was.items()}
        read = set(texts_in(kept[_READ]))
        new = None if read - names.keys() else [names[n] for n in names.keys() - read]
        where |= _found_anew(accession, gathered, new, where)

        def rows_of(some: Collection[int]) -> list[DateRow]:
            return list(date_rows(gathered, first_places(accession, some), parents, some))

        found = believe_again(rows_of, where, parents, was)
    return Dates(found, _as_columns(where, parents, found) | {_READ: as_column(names)})


def _found_anew(
    accession: Accession,
    gathered: Gathered,
    new: Sequence[int] | None,
    known: Mapping[int, Where],
) -> dict[int, Where]:
    """Where messages were first found that came, or were found again, since.

    Args:
        accession: says where.
        gathered: the list.
        new: the sources since; None: any may be others.
        known: where messages were found before.
    """
    if new is None:
        some = {row.id for row in gathered.rows}
    else:
        some = found_in(accession.database, new)
        some |= {row.id for row in gathered.rows if row.id not in known}
    places = first_places(accession, some)
    return {
        row.id: Where(*places.get(row.id, NOWHERE)[:2])
        for row in gathered.rows
        if row.id in some
    }


def _as_columns(
    where: Mapping[int, Where],
    parents: Mapping[int, int],
    believed: Mapping[int, Believed],
) -> Columns:
    """What is to be kept; the keys of `where` are those of all."""
    sources, texts = Texts(), Texts()
    source, position = turned(where.values(), len(Where._fields))
    utc, kind, error, detail, suspect = turned(
        map(believed.__getitem__, where), len(Believed._fields)
    )
    rows = (
        column(where),
        sources.of(source),
        column(position),
        known(map(parents.get, where)),
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
    sources, texts = texts_in(columns[_WHERE]), texts_in(columns[_BELIEVED])
    key, source, position, parent, utc, kind, error, detail, suspect = columns[
        "times"
    ].T.tolist()
    where = made(Where, map(sources.__getitem__, source), position)
    believed = made(
        Believed,
        map(_if_known, utc),
        map(_DATE.__getitem__, kind),
        error,
        map(texts.__getitem__, detail),
        map(texts.__getitem__, suspect),
    )
    return dict(zip(key, made(Was, where, map(_if_known, parent), believed), strict=True))


def _if_known(number: int) -> int | None:
    return None if number == NONE else number
