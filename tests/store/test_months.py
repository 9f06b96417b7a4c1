"""The calendar of a list."""

from __future__ import annotations

import pytest

from posterity.store.months import every_month, month_of


@pytest.mark.parametrize(
    ("utc", "month"),
    [
        (0, "1970/01"),
        (-1, "1969/12"),
        (820_454_399, "1995/12"),
        (820_454_400, "1996/01"),
        (None, "unknown"),
    ],
)
def test_a_month_is_that_of_the_utc_instant(utc: int | None, month: str) -> None:
    """The last second of a year belongs to its December; unknown stays unknown."""
    assert month == month_of(utc)


def test_months_without_mail_are_counted_too() -> None:
    """From first to last, over the turn of a year, both ends included."""
    assert ["1995/11", "1995/12", "1996/01"] == list(every_month("1995/11", "1996/01"))
