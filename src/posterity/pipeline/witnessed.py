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

SLAB: Final = 10_000
"""Rows that are made at a time."""

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
    rows, strength, details = _together(columns)
    child, kind, parent, _ = rows.T
    some = (kind != _QUOTE) | (strength > CITED)
    if among is not None:
        some &= np.isin(child, np.fromiter(among, np.int64, len(among)))
    order = np.lexsort((-parent, strength, kind, child))
    order = order[some[order]]
    ends = np.ones(len(order), np.bool_)
    ends[:-1] = (rows[order[1:], :2] != rows[order[:-1], :2]).any(axis=1)
    best = order[ends]
    kinds = tuple(KINDS.values())
    for at in range(0, len(best), SLAB):
        slab = best[at : at + SLAB]
        told = zip(rows[slab].tolist(), strength[slab].tolist(), strict=True)
        for (who, what, whom, words), how in told:
            yield who, kinds[what], whom, how, details[words]


_QUOTE: Final = [*KINDS].index("quotes")


def _together(
    columns: Mapping[str, NDArray[Any]],
) -> tuple[I64, NDArray[np.float64], list[str]]:
    """Witnesses of every kind: child, kind, parent, detail; strength; details."""
    rows: list[I64] = []
    details: list[str] = []
    for number, name in enumerate(KINDS):
        child, parent, _, detail = columns[name].T
        kind = np.full(len(child), number)
        rows.append(np.column_stack([child, kind, parent, detail + len(details)]))
        details += texts_in(columns[f"{name}.detail"])
    strength = np.concatenate([columns[f"{name}.strength"] for name in KINDS])
    return np.concatenate(rows), strength, details
