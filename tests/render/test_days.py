"""The days of the year, and the way from the first page to today's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from posterity.render.days import held

Make = Callable[..., Any]


@pytest.fixture
def made(bench: Make, write: Make, hold: Make) -> Any:
    """Threads that began on one day of two years, and an answer on the next day."""
    later = write("Fog again.\n", subject="Fog", number=3)
    return bench(
        write("Who has oil?\n", number=1, day=14),
        hold(write("I.\n", number=2, day=15), parent=0),
        later.replace(b"01 Mar 1994", b"14 Mar 1996"),
    )


def test_a_day_lists_what_began_on_it_in_every_year(made: Any) -> None:
    """Years stand in order, each with its threads."""
    page = made.files()["days/03-14.html"].decode()

    assert ["1994", "1996"] == re.findall(r"<h2>(\d+)</h2>", page)
    assert "<h1>14 March</h1>" in page
    assert page.index("Lamp oil") < page.index(">Fog<")


def test_a_day_of_answers_alone_says_so(made: Any) -> None:
    """A day on which nothing began has a page too, that says why it is empty."""
    page = made.files()["days/03-15.html"].decode()

    assert "No conversation began on this day" in page
    assert 'rel="prev" href="03-14.html"' in page


def test_the_calendar_leads_to_the_days_that_have_mail(made: Any) -> None:
    """Every day of a leap year stands in it; those with mail are links."""
    page = made.files()["days/index.html"].decode()

    assert ["03-14.html", "03-15.html"] == re.findall(r'href="(\d\d-\d\d\.html)"', page)
    assert 366 == page.count("<li>") - page.count('<li><a href="../')


def test_a_script_is_told_which_days_there_are(made: Any) -> None:
    """31 bits a month, hexadecimal: bit 0 is the first of January."""
    bits = int(held(made.renderer.press), 16)
    days = [(at // 31 + 1, at % 31 + 1) for at in range(12 * 31) if bits >> at & 1]

    assert [(3, 14), (3, 15)] == days
    assert f'data-days="{bits:x}"' in made.files()["index.html"].decode()
