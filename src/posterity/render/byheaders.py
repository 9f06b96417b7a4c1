"""A thread as its headers alone have it: every inferred link undone.

What is left are the links that References, In-Reply-To and Message-ID prove. A message
whose link was inferred becomes a root of its own, with what hangs below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from posterity.model import Evidence
from posterity.rows import TreeNode

_INFERRED = frozenset(
    {
        Evidence.PROSE,
        Evidence.QUOTE,
        Evidence.SUBJECT_AUTHOR,
        Evidence.SUBJECT,
        Evidence.AMENDMENT,
    }
)


def is_inferred(nodes: Sequence[TreeNode]) -> bool:
    """Whether any link of a thread rests on more than headers."""
    return any(node.evidence in _INFERRED for node in nodes)


class Regrouped(NamedTuple):
    """Places of a thread by headers alone.

    Attributes:
        nodes: in reading order.
        places: where each of them stands in the thread as it is.
    """

    nodes: list[TreeNode]
    places: list[int]


def by_headers(nodes: Sequence[TreeNode], first: int, end: int) -> Regrouped:
    """The places [first, end) of a thread in reading order, by headers alone.

    Roots come in time, those without one last; whoever hangs below a place that is not
    among these is a root too.
    """
    below: dict[int, list[int]] = {}
    roots: list[int] = []
    for at in range(first, end):
        node = nodes[at]
        if node.parent < first or node.evidence in _INFERRED:
            roots.append(at)
        else:
            below.setdefault(node.parent, []).append(at)
    roots.sort(key=lambda at: _time(nodes, at))
    made = Regrouped([], [])
    todo = [(at, -1, 0) for at in reversed(roots)]
    while todo:
        at, parent, depth = todo.pop()
        node = nodes[at]
        evidence = node.evidence if parent >= 0 else None
        place = len(made.nodes)
        made.places.append(at)
        made.nodes.append(node._replace(parent=parent, depth=depth, evidence=evidence))
        todo += [(child, place, depth + 1) for child in reversed(below.get(at, ()))]
    return made


def _time(nodes: Sequence[TreeNode], at: int) -> tuple[bool, int, int]:
    """When the message at a place was written; a ghost's is that of what follows it."""
    row = nodes[at].message
    if row is None and at + 1 < len(nodes):
        row = nodes[at + 1].message
    utc = row.utc if row else None
    return utc is None, utc or 0, at
