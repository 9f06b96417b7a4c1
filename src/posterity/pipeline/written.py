"""What relate wrote last time: what is the same now need not be looked at.

    table                           where it is kept
    message                         messages
    thread, node, edge              nodes
    witness                         headers, subjects, quotes
    quote                           passages (joining.py)

To make the rows of a whole list and to compare each with the catalogue's took seven times
as long as to compare these arrays. The other tables are small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import numpy as np

from posterity.model import DateEvidence, Evidence
from posterity.pipeline.columns import (
    Columns,
    Texts,
    column,
    known,
    renumbered,
    turned,
    unlike,
)
from posterity.relate.dates import Believed
from posterity.relate.shingles import I64
from posterity.relate.threads import Node, Thread
from posterity.store.prints import print_of

WITNESSES: Final = ("headers", "subjects", "quotes")
"""Columns of witnesses, as `before.as_columns` packs them."""

_DATE: Final = {kind: number for number, kind in enumerate(DateEvidence)}
_EVIDENCE: Final = {kind: number for number, kind in enumerate(Evidence)}
_TIME_TEXTS: Final = (7, 8)
_NODE_TEXTS: Final = (2, 7)


class Differing(NamedTuple):
    """Whose rows may be others than the catalogue has: keys, None for all.

    Attributes:
        messages: of `message`.
        threads: of `thread` and `node`.
        children: of `witness`.
    """

    messages: AbstractSet[int] | None = None
    threads: AbstractSet[int] | None = None
    children: AbstractSet[int] | None = None


def as_columns(
    times: Mapping[int, Believed],
    person: Mapping[int, int],
    thread: Mapping[int, int],
    copies: Collection[int],
    threads: Iterable[tuple[int, Thread]],
) -> Columns:
    """What is written, to be kept.

    Args:
        times: of every message.
        person, thread: the numbers of these, by message.
        copies: messages that are copies.
        threads: with their numbers.
    """
    texts = Texts()
    utc, kind, error, detail, suspect = turned(
        map(times.__getitem__, person), len(Believed._fields)
    )
    messages = [
        column(person),
        column(map(thread.__getitem__, person)),
        column(person.values()),
        column(key not in copies for key in person),
        known(utc),
        column(map(_DATE.__getitem__, kind)),
        column(error),
        texts.of(detail),
        texts.of(suspect),
    ]
    threads = list(threads)
    message, ghost, parent, depth, evidence, strength, words = turned(
        (node for _, one in threads for node in one.nodes), len(Node._fields)
    )
    nodes = [
        column(number for number, one in threads for _ in one.nodes),
        known(message),
        texts.of([name and print_of(name) for name in ghost]),
        column(parent),
        column(depth),
        known(map(_EVIDENCE.get, evidence)),
        np.fromiter(strength, np.float64).view(np.int64),
        texts.of(words),
    ]
    return {
        "messages": np.column_stack(messages),
        "nodes": np.column_stack(nodes),
        "texts": texts.column(),
    }


def differing(was: Columns, now: Columns) -> Differing:
    """Whose rows may be others.

    Args:
        was, now: what `as_columns` gave, and `before.as_columns`.
    """
    messages = unlike(_told(was, now, "messages", _TIME_TEXTS), now["messages"])
    nodes = unlike(_told(was, now, "nodes", _NODE_TEXTS), now["nodes"])
    keys, thread = now["messages"][:, 0], now["messages"][:, 1]
    threads = np.union1d(nodes, thread[np.isin(keys, messages)])
    children = [unlike(_witnesses(was, now, n), _witnesses(now, now, n)) for n in WITNESSES]
    return Differing(
        set(messages.tolist()),
        set(threads.tolist()),
        set(np.concatenate(children).tolist()),
    )


def _told(was: Columns, now: Columns, name: str, places: Iterable[int]) -> I64:
    """A table as it was, its texts by the numbers that they have now."""
    rows: I64 = was[name].copy()
    for place in places:
        rows[:, place] = renumbered(rows[:, place], was["texts"], now["texts"])
    return rows


def _witnesses(was: Columns, now: Columns, name: str) -> I64:
    """Witnesses as they were, with their strength; texts by the numbers of now."""
    detail = f"{name}.detail"
    rows, strength = was[name], was[f"{name}.strength"].view(np.int64)
    words = renumbered(rows[:, 3], was[detail], now[detail])
    return np.column_stack([rows[:, :3], words, strength])
