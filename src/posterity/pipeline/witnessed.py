"""Witnesses as columns: kept from one time to the next, and written into the catalogue.

A table for each kind: keys of child and parent, evidence and detail by number; beside it
how strong each is, and the details.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posterity.model import Evidence
from posterity.pipeline.columns import Columns, Texts, among, column, made, texts_in, turned
from posterity.relate.shingles import I64
from posterity.relate.witnesses import CITED, Witness

KINDS: Final = {"headers": "header", "subjects": "subject", "quotes": "quote"}
"""What is kept: names of columns, and of the kind in the catalogue."""

PART: Final = 50_000
"""Keys whose witnesses are made at a time."""

_EVIDENCE: Final = tuple(Evidence)
_NUMBER: Final = {kind: number for number, kind in enumerate(_EVIDENCE)}


def packed(name: str, witnesses: Sequence[Witness]) -> Columns:
    """Witnesses as columns."""
    child, parent, kind, strength, detail = turned(witnesses, len(Witness._fields))
    details = Texts()
    numbers = (
        column(child),
        column(parent),
        column(map(_NUMBER.__getitem__, kind)),
        details.of(detail),
    )
    return {
        name: np.column_stack(numbers),
        f"{name}.strength": np.fromiter(strength, np.float64),
        f"{name}.detail": details.column(),
    }


def unpacked(name: str, columns: Mapping[str, NDArray[Any]]) -> list[Witness]:
    """Witnesses that were packed."""
    details = texts_in(columns[f"{name}.detail"])
    strength = columns[f"{name}.strength"].tolist()
    child, parent, kind, detail = columns[name].T.tolist()
    kinds, words = map(_EVIDENCE.__getitem__, kind), map(details.__getitem__, detail)
    return list(made(Witness, child, parent, kinds, strength, words))


def witness_rows(
    columns: Mapping[str, NDArray[Any]], only: AbstractSet[int] | None = None
) -> Iterator[tuple[int, str, int, float, str]]:
    """(child, kind, parent, strength, detail): the strongest of each kind, by child.

    Each as if the others were absent; of two that are as strong the earlier parent's.
    Messages that are only cited are left out.

    Args:
        columns: of every kind, as they were packed.
        only: children; None: all.
    """
    tables = [_table(columns, name, only) for name in KINDS]
    details = [texts_in(columns[f"{name}.detail"]) for name in KINDS]
    kinds = tuple(KINDS.values())
    parts = np.unique(np.concatenate([table[:, 0] // PART for table, _ in tables]))
    for part in parts.tolist():
        rows, strength = _best(*_of_part(tables, part))
        told = zip(rows.tolist(), strength.tolist(), strict=True)
        for (child, kind, parent, detail), how in told:
            yield child, kinds[kind], parent, how, details[kind][detail]


_Table = tuple[I64, NDArray[np.float64]]
"""Rows of witnesses, and how strong each is."""


def _table(
    columns: Mapping[str, NDArray[Any]], name: str, only: AbstractSet[int] | None
) -> _Table:
    """The witnesses of a kind, or those of some children."""
    rows, strength = columns[name], columns[f"{name}.strength"]
    if only is None:
        return rows, strength
    some = among(rows[:, 0], only)
    return rows[some], strength[some]


def _of_part(tables: Sequence[_Table], part: int) -> _Table:
    """Witnesses of every kind for some children: child, kind, parent, detail."""
    rows: list[I64] = []
    strengths: list[NDArray[np.float64]] = []
    for number, (name, (table, strength)) in enumerate(zip(KINDS, tables, strict=True)):
        some = table[:, 0] // PART == part
        if name == "quotes":
            some &= strength > CITED
        child, parent, _, detail = table[some].T
        kind = np.full(len(child), number)
        rows.append(np.column_stack([child, kind, parent, detail]))
        strengths.append(strength[some])
    return np.concatenate(rows), np.concatenate(strengths)


def _best(rows: I64, strength: NDArray[np.float64]) -> _Table:
    """The strongest of each child and kind, in order."""
    child, kind, parent, _ = rows.T
    order = np.lexsort((-parent, strength, kind, child))
    ends = np.ones(len(order), np.bool_)
    ends[:-1] = (rows[order[1:], :2] != rows[order[:-1], :2]).any(axis=1)
    best = order[ends]
    return rows[best], strength[best]
