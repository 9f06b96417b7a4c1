"""Executors: the same answer from one process and from many."""

from __future__ import annotations

import pytest

from posterity.executor import executor


def half(number: int) -> int:
    """The work."""
    if number % 2:
        raise ValueError(str(number))
    return number // 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_shards(jobs: int) -> None:
    """However many workers there are."""
    with executor(jobs) as run:
        found = list(run.map(half, range(0, 100, 2)))

    assert list(range(50)) == found


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_the_work_reaches_the_caller(jobs: int) -> None:
    """Nothing a worker raises is swallowed."""
    with pytest.raises(ValueError, match=r"^7$"), executor(jobs) as run:
        list(run.map(half, [2, 4, 7, 8]))


@pytest.mark.parametrize("jobs", [1, 2])
def test_all_shards_may_begin_at_once(jobs: int) -> None:
    """Asked for eagerly, the results are the same, and in the same order."""
    with executor(jobs) as run:
        found = list(run.map(half, range(0, 100, 2), eager=True))

    assert list(range(50)) == found
