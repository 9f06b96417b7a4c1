"""What relate wrote last time: what is the same now need not be looked at.

    table                           where it is kept
    message                         messages, times
    thread, node, edge              nodes
    witness                         headers, subjects, quotes
    quote                           passages (joining.py)

To make the rows of a whole list and to compare each with the catalogue's took seven times
as long as to compare these arrays. The other tables are small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np

from posterity.model import Evidence
from posterity.pipeline.columns import (
    Columns,
    Texts,
    column,
    known,
    renumbered,
    unlike,
)
from posterity.pipeline.times import TEXTS, Times
from posterity.pipeline.witnessed import KINDS
from posterity.relate.shingles import I64
from posterity.relate.threads import Node, Thread
from posterity.store.prints import print_of

_EVIDENCE: Final = {kind: number for number, kind in enumerate(Evidence)}
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


class Overwritten(NamedTuple):
    """Whose rows were changed after they were written, since something is withdrawn.

    Attributes:
        messages, threads, children: as in `Differing`.
    """

    messages: AbstractSet[int]
    threads: AbstractSet[int]
    children: AbstractSet[int]

    def by_column(self) -> Columns:
        """To be kept."""
        return {
            f"overwritten.{name}": np.array(sorted(keys), np.int64)
            for name, keys in self._asdict().items()
        }


NOT_OVERWRITTEN: Final = Overwritten(frozenset(), frozenset(), frozenset())


def as_columns(
    times: Times,
    person: Mapping[int, int],
    thread: Mapping[int, int],
    copies: Collection[int],
    threads: Iterable[tuple[int, Thread]],
) -> Columns:
    """What is written, to be kept.

    Args:
        times: of every message.
        person, thread: the numbers of these, by message; persons in the order of times.
        copies: messages that are copies.
        threads: with their numbers.
    """
    messages = np.empty((len(person), 4), np.int64)
    messages[:, 0] = column(person)
    messages[:, 1] = column(map(thread.__getitem__, person))
    messages[:, 2] = column(person.values())
    messages[:, 3] = column(key not in copies for key in person)
    texts = Texts()
    return {
        "messages": messages,
        **times.by_column("times"),
        "nodes": _nodes(list(threads), texts),
        "nodes.texts": texts.column(),
    }


def _nodes(threads: Sequence[tuple[int, Thread]], texts: Texts) -> I64:
    """A row for each node; made column by column, for there are many."""
    nodes = [node for _, one in threads for node in one.nodes]
    message, ghost, parent, depth, evidence, strength, words = (
        map(itemgetter(place), nodes) for place in range(len(Node._fields))
    )
    rows = np.empty((len(nodes), 1 + len(Node._fields)), np.int64)
    rows[:, 0] = column(number for number, one in threads for _ in one.nodes)
    rows[:, 1] = known(message)
    rows[:, 2] = texts.of([name and print_of(name) for name in ghost])
    rows[:, 3] = column(parent)
    rows[:, 4] = column(depth)
    rows[:, 5] = known(map(_EVIDENCE.get, evidence))
    rows[:, 6] = np.fromiter(strength, np.float64).view(np.int64)
    rows[:, 7] = texts.of([*words])
    return rows


def differing(was: Columns, now: Columns) -> Differing:
    """Whose rows may be others.

    Args:
        was, now: what `as_columns` gave, and `before.as_columns`.
        was: also what `Overwritten.by_column` gave.
    """
    messages = np.union1d(
        unlike(was["messages"], now["messages"]),
        unlike(_told(was, now, "times", TEXTS), now["times"]),
    )
    nodes = unlike(_told(was, now, "nodes", _NODE_TEXTS), now["nodes"])
    keys, thread = now["messages"][:, 0], now["messages"][:, 1]
    threads = np.union1d(nodes, thread[np.isin(keys, messages)])
    children = [unlike(_witnesses(was, now, n), _witnesses(now, now, n)) for n in KINDS]
    found = (messages, threads, np.concatenate(children))
    over = (was[f"overwritten.{name}"] for name in Overwritten._fields)
    return Differing(
        *({*one.tolist(), *more.tolist()} for one, more in zip(found, over, strict=True))
    )


def _told(was: Columns, now: Columns, name: str, places: Iterable[int]) -> I64:
    """A table as it was, its texts by the numbers that they have now."""
    rows: I64 = was[name].copy()
    texts = was[f"{name}.texts"], now[f"{name}.texts"]
    for place in places:
        rows[:, place] = renumbered(rows[:, place], *texts)
    return rows


def _witnesses(was: Columns, now: Columns, name: str) -> I64:
    """Witnesses as they were, with their strength; texts by the numbers of now."""
    detail = f"{name}.detail"
    rows, strength = was[name], was[f"{name}.strength"].view(np.int64)
    words = renumbered(rows[:, 3], was[detail], now[detail])
    return np.column_stack([rows[:, :3], words, strength])
