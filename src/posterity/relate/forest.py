"""Make trees of parents: no cycles, no recursion, linear time.

Nodes are the numbers 0..n-1. Each has candidates for its parent, best first. `settle`
takes the first candidate of each node, and where those close a cycle, cuts the weakest
link of it and moves that node on to its next candidate. `preorder` walks the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from posterity.model import Evidence

ROUNDS = 8
"""How often a node cut out of a cycle may try its next candidate before it is a root.

Ours: two candidates suffice for every cycle seen in real mail; the bound keeps crafted
loops linear.
"""

ROOT = -1


class Candidate(NamedTuple):
    """A possible parent, and why; fields as in `witnesses.Witness`, parent a node."""

    parent: int
    evidence: Evidence
    strength: float
    detail: str = ""


def settle(candidates: Sequence[Sequence[Candidate]]) -> list[int]:
    """Choose a parent for each node so that no cycle remains.

    Args:
        candidates: for each node its possible parents, best first; may be empty.

    Returns:
        For each node the place of the chosen candidate in its row, or -1 for a root.
        In a cycle the weakest link is cut; among equals that of the lowest number,
        so nodes numbered by time make the earliest message of a loop the root.
    """
    choice = [0 if row else ROOT for row in candidates]
    parents = [row[0].parent if row else ROOT for row in candidates]
    suspects: Sequence[int] = range(len(parents))
    seen_in = [ROOT] * len(parents)
    for attempt in range(ROUNDS + 1):
        cycles = _cycles(parents, suspects, seen_in, attempt * len(parents))
        cut = [_weakest(cycle, candidates, choice) for cycle in cycles]
        if not cut:
            break
        for node in cut:
            onward = choice[node] + 1
            if attempt == ROUNDS or onward >= len(candidates[node]):
                onward = ROOT
            choice[node] = onward
            parents[node] = ROOT if onward == ROOT else candidates[node][onward].parent
        suspects = cut
    return choice


def _cycles(
    parents: Sequence[int], starts: Iterable[int], seen_in: list[int], walk: int
) -> list[list[int]]:
    """The cycles that can be reached from `starts`, each as its nodes.

    Args:
        parents: of each node.
        starts: where to begin; roots lead nowhere.
        seen_in: for each node the last walk that met it; brought up to date.
        walk: the number of the first walk, higher than all before; a start is a walk.
    """
    cycles = []
    for start in starts:
        node, mine = start, walk + start
        while node != ROOT and seen_in[node] < walk:
            seen_in[node] = mine
            node = parents[node]
        if node != ROOT and seen_in[node] == mine:
            cycles.append(_around(node, parents))
    return cycles


def _around(node: int, parents: Sequence[int]) -> list[int]:
    """The nodes of a cycle, from one of them on."""
    cycle, above = [node], parents[node]
    while above != node:
        cycle.append(above)
        above = parents[above]
    return cycle


def _weakest(
    cycle: Sequence[int],
    candidates: Sequence[Sequence[Candidate]],
    choice: Sequence[int],
) -> int:
    return min(cycle, key=lambda node: (candidates[node][choice[node]].strength, node))


def children_of(parents: Sequence[int]) -> dict[int, list[int]]:
    """The children of each node that has any, in ascending number; of ROOT the roots."""
    rows: dict[int, list[int]] = {}
    for node, parent in enumerate(parents):
        row = rows.get(parent)
        if row is None:
            rows[parent] = [node]
        else:
            row.append(node)
    return rows


def preorder(root: int, children: Mapping[int, Sequence[int]]) -> list[int]:
    """The nodes under a root, each before its children, children in their order."""
    found = []
    stack = [root]
    while stack:
        node = stack.pop()
        found.append(node)
        stack.extend(reversed(children.get(node, ())))
    return found
