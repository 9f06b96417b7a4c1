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
from posterity.pipeline.columns import Columns, Texts, column, made, texts_in, turned
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
    columns: Mapping[str, NDArray[Any]], among: AbstractSet[int] | None = None
) -> Iterator[tuple[int, str, int, float, str]]:
    """(child, kind, parent, strength, detail): the strongest of each kind, by child.

    Each as if the others were absent; of two that are as strong the earlier parent's.
    Messages that are only cited are left out.

    Args:
        columns: of every kind, as they were packed.
        among: children; None: all.
    """
    parts = np.unique(np.concatenate([columns[name][:, 0] // PART for name in KINDS]))
    details = {name: texts_in(columns[f"{name}.detail"]) for name in KINDS}
    for part in parts.tolist():
        rows, strength = _best(*_of_part(columns, part, among))
        told = zip(rows.tolist(), strength.tolist(), strict=True)
        for (child, kind, parent, detail), how in told:
            name, said = _KINDS[kind]
            yield child, said, parent, how, details[name][detail]


_KINDS: Final = tuple(KINDS.items())


def _of_part(
    columns: Mapping[str, NDArray[Any]], part: int, among: AbstractSet[int] | None
) -> tuple[I64, NDArray[np.float64]]:
    """Witnesses of every kind for some children: child, kind, parent, detail; strength."""
    rows: list[I64] = []
    strengths: list[NDArray[np.float64]] = []
    for number, name in enumerate(KINDS):
        child, strength = columns[name][:, 0], columns[f"{name}.strength"]
        some = child // PART == part
        if among is not None:
            some &= np.isin(child, np.fromiter(among, np.int64, len(among)))
        if name == "quotes":
            some &= strength > CITED
        mine, parent, _, detail = columns[name][some].T
        kind = np.full(len(mine), number)
        rows.append(np.column_stack([mine, kind, parent, detail]))
        strengths.append(strength[some])
    return np.concatenate(rows), np.concatenate(strengths)


def _best(rows: I64, strength: NDArray[np.float64]) -> tuple[I64, NDArray[np.float64]]:
    """The strongest of each child and kind, in order."""
    child, kind, parent, _ = rows.T
    order = np.lexsort((-parent, strength, kind, child))
    ends = np.ones(len(order), np.bool_)
    ends[:-1] = (rows[order[1:], :2] != rows[order[:-1], :2]).any(axis=1)
    best = order[ends]
    return rows[best], strength[best]
