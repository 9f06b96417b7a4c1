from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.model import Evidence
from posterity.relate.forest import ROOT, ROUNDS, Candidate, children_of, preorder, settle

SIZE = 6
CANDIDATES = st.builds(
    Candidate,
    parent=st.integers(0, SIZE - 1),
    evidence=st.just(Evidence.QUOTE),
    strength=st.sampled_from([0.2, 0.5, 0.9]),
)
ROWS = st.lists(st.lists(CANDIDATES, max_size=3), min_size=SIZE, max_size=SIZE).map(
    lambda rows: [[c for c in row if c.parent != node] for node, row in enumerate(rows)]
)


def link(parent: int, strength: float = 0.9) -> Candidate:
    return Candidate(parent, Evidence.QUOTE, strength)


@settings(max_examples=200)
@given(ROWS)
def test_no_cycle_remains(rows: list[list[Candidate]]) -> None:
    """From every node the way up ends at a root."""
    choice = settle(rows)
    for node in range(SIZE):
        seen = set()
        while choice[node] != ROOT:
            assert node not in seen
            seen.add(node)
            node = rows[node][choice[node]].parent  # noqa: PLW2901


@settings(max_examples=200)
@given(ROWS)
def test_without_a_cycle_the_first_candidates_stand(rows: list[list[Candidate]]) -> None:
    """Only loops make anybody look further."""
    upward = [[c for c in row if c.parent < node] for node, row in enumerate(rows)]

    assert settle(upward) == [0 if row else ROOT for row in upward]


def test_the_weakest_link_goes_then_the_earliest() -> None:
    """A loop is cut at its weakest link; among equals before its lowest number."""
    assert settle([[link(1)], [link(2, 0.5)], [link(0)]]) == [0, ROOT, 0]
    assert settle([[link(1)], [link(2)], [link(0)]]) == [ROOT, 0, 0]


def test_who_is_cut_out_goes_elsewhere() -> None:
    """The next candidate is tried, though not for ever."""
    assert settle([[link(1), link(2)], [link(0)], []]) == [1, 0, ROOT]
    endless = [link(1)] * (ROUNDS + 5)
    assert settle([endless, [link(0)]]) == [ROOT, 0]


def test_preorder() -> None:
    """Parents before children, children in ascending order."""
    rows = children_of([ROOT, 0, 0, 1, ROOT])

    assert rows[ROOT] == [0, 4]
    assert preorder(0, rows) == [0, 1, 3, 2]
