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

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from posterity.model import Evidence
from posterity.relate.forest import ROOT, Candidate
from posterity.relate.witnesses import CITED, HEADER, Witness

PROVED: Final = 0.999
"""Strength of a header whose parent is quoted as well."""

QUOTED: Final = 0.95
"""Strength a quote needs to outdo a header."""

UP: Final = 4
"""How far above the quoted message the header's parent may stand."""

Row = Sequence[Candidate]


def weigh(
    keys: Sequence[int],
    headers: Sequence[Row],
    witnesses: Iterable[Witness],
) -> list[Row]:
    """For each node its possible parents, best first, all evidence heard.

    Args:
        keys: of the messages, node i the i-th; `headers` goes on with ghosts.
        headers: candidates of the headers.
        witnesses: other evidence, in any order; the header's is not read again. An
            amendment that names the child itself as parent makes it a root.
    """
    held = len(keys)
    others = _by_child(keys, witnesses)
    joins = _joining(headers, held)
    none: Row = ()
    first = [_first_guess(headers[node], others.get(node, none)) for node in range(held)]
    rows = list(headers)
    for node, other in others.items():
        row = _order(headers[node], other, first, joins)
        rows[node] = none if row and row[0].parent == node else row
    return rows


def _by_child(keys: Sequence[int], witnesses: Iterable[Witness]) -> Mapping[int, Row]:
    """Witnesses as candidates of their child, by its node, the strongest first."""
    node_of = {key: node for node, key in enumerate(keys)}
    rows: dict[int, list[Candidate]] = {}
    for child, parent, evidence, strength, detail in witnesses:
        node, above = node_of.get(child), node_of.get(parent)
        if node is None or above is None or evidence in HEADER:
            continue
        if node != above or evidence is Evidence.AMENDMENT:
            candidate = Candidate(above, evidence, strength, detail)
            rows.setdefault(node, []).append(candidate)
    for row in rows.values():
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
    amended: list[Candidate] = []
    quoted: list[Candidate] = []
    rest: list[Candidate] = []
    for one in other:
        if one.evidence is Evidence.QUOTE:
            quoted.append(one)
        else:
            (amended if one.evidence is Evidence.AMENDMENT else rest).append(one)
    held = len(first)
    known: Row = [c for c in header if c.parent < held]
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
