"""Published times as columns: what goes in comes out, for whole lists and grown ones."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from posterity.model import DateEvidence
from posterity.pipeline.gather import _Beside
from posterity.pipeline.relations import _Spans
from posterity.pipeline.times import kept_times, times_of
from posterity.relate.dates import Believed, is_silent

TIMES = st.dictionaries(
    st.integers(-50, 50),
    st.builds(
        Believed,
        st.one_of(st.none(), st.integers(-(10**9), 10**10)),
        st.sampled_from(list(DateEvidence)),
        st.integers(0, 10**6),
        st.sampled_from(["", "the time in its Message-ID (pine)", "between two others"]),
        st.sampled_from(["", "odd"]),
    ),
)


def in_order(told: Mapping[int, Believed]) -> dict[int, Believed]:
    """By key, as a list's messages stand in the catalogue."""
    return dict(sorted(told.items()))


@given(TIMES)
def test_what_is_kept_comes_back(told: dict[int, Believed]) -> None:
    """Columns hold all that is believed, unknown times too."""
    told = in_order(told)

    times = kept_times(times_of(told, told).by_column("believed"), "believed")

    assert dict(times.believed()) == told
    assert list(times.utc()) == [one.utc for one in told.values()]
    assert times.silent().tolist() == [is_silent(one) for one in told.values()]


@given(TIMES, TIMES)
def test_a_list_that_grew(was: dict[int, Believed], more: dict[int, Believed]) -> None:
    """What is said of some messages stands in the place of what was believed of them."""
    was, now = in_order(was), in_order(was | more)
    keys = np.array(list(now), np.int64)

    assert dict(times_of(was, was).but_for(more, keys).believed()) == now


@given(TIMES, st.sets(st.integers(-60, 60)))
def test_some_messages(told: dict[int, Believed], some: set[int]) -> None:
    """Those of some messages are those that they have among all."""
    told = in_order(told)

    found = times_of(told, told).of(some)

    assert found == {key: one for key, one in told.items() if key in some}


@given(st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 99)))))
def test_spans(told: list[tuple[int, int | None]]) -> None:
    """A thread reaches from its first known time to its last; none where none is known."""
    numbers = np.array([number for number, _ in told], np.int64)
    utc = [1 << 62 if time is None else time for _, time in told]
    spans = _Spans(numbers, np.array(utc, np.int64))

    for number in range(6):
        known = [time for one, time in told if one == number and time is not None]
        expected = min(known, default=None), max(known, default=None)
        assert expected == spans.of(number)


@given(st.lists(st.integers(0, 3_000)), st.lists(st.integers(0, 3_000)))
def test_rows_beside(keys: list[int], asked: list[int]) -> None:
    """Every row is given once, as soon as a message at or behind it is asked for."""
    rows = [(key, at) for at, key in enumerate(sorted(keys))]
    beside = _Beside(iter(rows))
    given_before = -1
    for key in sorted(asked):
        expected = [row for row in rows if given_before < row[0] <= key]
        assert expected == beside.up_to(key)
        given_before = max(key, given_before)
