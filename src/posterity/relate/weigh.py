"""One parent for each message, from all that is known.

    amendment                                              a person said so; itself: a root
    header, and the same message is quoted                 the header, proved
    header, and what is quoted answers the header's parent the quoted one: re-hung
    header                                                 the header
    quote                                                  the quoted message
    header that names a message not held, as others do     its ghost
    copy, prose, subject-author, subject                   by strength
    header that names a message not held                   nothing to show

Re-hanging: some mailers name the grandparent in In-Reply-To. The reply quotes X, X
answers the message the header names, and nothing is quoted from that one; then X is
answered, and the header's word stays in the detail.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from posterity.model import Evidence
from posterity.relate.forest import ROOT, Candidate
from posterity.relate.witnesses import CITED, HEADER, Skeleton, Witness

PROVED: Final = 0.999
"""Strength of a header whose parent is quoted as well."""

QUOTED: Final = 0.95
"""Strength a quote needs to outdo a header."""

UP: Final = 4
"""How far above the quoted message the header's parent may stand."""

Row = list[Candidate]


def weigh(
    ordered: Sequence[Skeleton],
    headers: Sequence[Row],
    witnesses: Iterable[Witness],
) -> list[Row]:
    """For each node its possible parents, best first, all evidence heard.

    Args:
        ordered: the messages, node i the i-th; `headers` goes on with ghosts.
        headers: candidates of the headers.
        witnesses: other evidence, in any order; the header's is not read again. An
            amendment that names the child itself as parent makes it a root.
    """
    held = len(ordered)
    others = _by_child(ordered, witnesses)
    joins = _joining(headers, held)
    first = [_first_guess(headers[node], others[node]) for node in range(held)]
    rows = [
        _order(headers[node], others[node], first, joins) if others[node] else headers[node]
        for node in range(held)
    ]
    rows = [[] if row and row[0].parent == node else row for node, row in enumerate(rows)]
    return [*rows, *headers[held:]]


def _by_child(ordered: Sequence[Skeleton], witnesses: Iterable[Witness]) -> list[Row]:
    """Witnesses as candidates of their child, the strongest first."""
    node_of = {skeleton.key: node for node, skeleton in enumerate(ordered)}
    rows: list[Row] = [[] for _ in ordered]
    for child, parent, evidence, strength, detail in witnesses:
        node, above = node_of.get(child), node_of.get(parent)
        if node is None or above is None or evidence in HEADER:
            continue
        if node != above or evidence is Evidence.AMENDMENT:
            rows[node].append(Candidate(above, evidence, strength, detail))
    for row in rows:
        if len(row) > 1:
            row.sort(key=_place)
    return rows


def _place(candidate: Candidate) -> tuple[float, int, str, str]:
    return (-candidate.strength, candidate.parent, candidate.evidence, candidate.detail)


def _first_guess(header: Row, other: Row) -> int:
    """A parent to climb by while no choice is made: the header's, else the best quoted."""
    if header:
        return header[0].parent
    for candidate in other:
        if candidate.evidence is Evidence.QUOTE:
            return candidate.parent
    return ROOT


def _joining(headers: Sequence[Row], held: int) -> list[bool]:
    """For each node whether it may have answers: held ones, and ghosts that join two.

    A ghost that hangs under another node is taken to join, for it may lead upward.
    """
    named = [0] * len(headers)
    for row in headers:
        for candidate in row:
            named[candidate.parent] += 1
    return [
        node < held or named[node] > 1 or bool(headers[node])
        for node in range(len(headers))
    ]


def _order(header: Row, other: Row, first: Sequence[int], joins: Sequence[bool]) -> Row:
    """All candidates of one message, best first."""
    amended: Row = []
    quoted: Row = []
    rest: Row = []
    for one in other:
        if one.evidence is Evidence.QUOTE:
            quoted.append(one)
        else:
            (amended if one.evidence is Evidence.AMENDMENT else rest).append(one)
    held = len(first)
    known = [c for c in header if c.parent < held]
    missing = [c for c in header if c.parent >= held and joins[c.parent]]
    barren = [c for c in header if not joins[c.parent]]
    if known and quoted:
        known = _reconcile(known, quoted, first)
    answered = [c for c in quoted if c.strength > CITED and c not in known]
    return [*amended, *known, *answered, *missing, *rest, *barren]


def _reconcile(known: Row, quoted: Row, first: Sequence[int]) -> Row:
    """What a message's header names, in the light of what it quotes."""
    for named in known:
        for quote in quoted:
            if quote.parent == named.parent:
                proved = named._replace(strength=PROVED, detail=f"and {quote.detail}")
                return [proved, *(c for c in known if c is not named)]
    named, best = known[0], quoted[0]
    if best.strength >= QUOTED and _stands_above(named.parent, best.parent, first):
        detail = f"{best.detail}; its {named.evidence} names an earlier message"
        return [best._replace(detail=detail), *known]
    return known


def _stands_above(upper: int, lower: int, first: Sequence[int]) -> bool:
    """Whether one message is found a few steps above another."""
    node = lower
    for _ in range(UP):
        node = first[node]
        if node == upper:
            return True
        if not 0 <= node < len(first):
            return False
    return False
