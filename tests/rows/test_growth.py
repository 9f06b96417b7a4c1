"""The measure of growth itself: it tells a square from a line."""

from __future__ import annotations

from types import ModuleType

import pytest


@pytest.mark.parametrize(
    ("power", "linear"), [(1, True), (2, False)], ids=["a line", "a square"]
)
def test_work_that_grows_faster_than_its_input_is_told(
    growth: ModuleType, power: int, linear: bool
) -> None:
    """Counting to the size passes, counting to its square does not."""
    found = growth.measured(
        make=lambda size: range(size**power * 600 ** (2 - power)),
        work=lambda numbers: sum(number & 1 for number in numbers),
        size=250,
    )

    assert linear is found.linear
    assert (2**power / 1.5) < found.ratio < 2**power * 1.5


def test_work_within_a_limit_of_its_own_is_linear(growth: ModuleType) -> None:
    """What stops at a limit is short at any size: nothing is asked of its ratio."""
    found = growth.measured(make=lambda size: "x" * size, work=lambda _: None, size=1)

    assert found.linear
    assert 256 == found.weight
