"""The page of figures and its tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from posterity.figures import REPLY_STEPS, THREAD_STEPS
from posterity.render.moments import duration
from posterity.render.stats import size_class
from posterity.render.statscsv import NAMES, table
from posterity.render.theme import Theme
from posterity.rows import QuoteSpan

Make = Callable[..., Any]


@pytest.fixture
def made(bench: Make, write: Make, hold: Make) -> Any:
    """Three letters, one an answer that quotes."""
    found = bench(
        write("Who has oil?\n", number=1, day=1),
        hold(write("> Who has oil?\nI.\n", number=2, day=2), parent=0),
        write("Fog.\n", subject='=cmd|"/c calc"', sender="Bo <bo@example.net>", day=3),
    )
    found.reader.spans[1].append(QuoteSpan(1, 1, found.reader.rows[0], 1))
    return found


def test_every_chart_has_its_numbers_in_words(made: Any) -> None:
    """The numbers stand in tables, and the charts have names: sight is not needed."""
    page = made.files()["stats/index.html"].decode()

    charts = re.findall("<svg[^>]*>", page)

    assert all("aria-label=" in one or "aria-hidden=" in one for one in charts)
    assert 'role="img" aria-label="The hours of the week. By the clocks' in page
    assert '<th scope="row">March 1994</th><td>3</td>' in page
    assert "quoted in 1 message<" in page
    assert page.count('.csv" download') == len(NAMES)


def test_every_linked_table_is_there(made: Any) -> None:
    """Each CSV that the page offers is a file of the site, of whole rows."""
    files = made.files()
    names = re.findall(r'href="(\w+)\.csv"', files["stats/index.html"].decode())

    assert sorted(NAMES) == sorted(names)
    for name in names:
        rows = list(csv.reader(io.StringIO(files[f"stats/{name}.csv"].decode())))
        assert {len(rows[0])} == {len(row) for row in rows}, name
        assert len(rows) > 1, name


def test_a_subject_is_never_a_formula() -> None:
    """What a spreadsheet would run is led by an apostrophe; other text is as it was."""
    assert b"'=1+1,'@SUM,-1,a=b\r\n" == table([("=1+1", "@SUM", -1, "a=b")])


def test_addresses_follow_the_policy(bench: Make, write: Make) -> None:
    """A masked address stands in no table either."""
    files = bench(write("x", sender="anna@example.org"), addresses="mask").files()

    tables = {path: file for path, file in files.items() if path.endswith(".csv")}
    assert "stats/threads.csv" in tables
    assert [] == [path for path, file in tables.items() if b"anna@example.org" in file]


def test_no_table_is_without_a_way_to_it(bench: Make, write: Make) -> None:
    """One letter answers nothing and is quoted by none: there are no tables of that."""
    files = bench(write("x")).files()
    linked = re.findall(r'href="(\w+\.csv)"', files["stats/index.html"].decode())
    tables = [path for path in files if path.endswith(".csv")]

    assert sorted(tables) == sorted(f"stats/{name}" for name in linked)
    assert len(linked) < len(NAMES)


def test_classes_are_named(theme: Theme) -> None:
    """There are as many words as classes, and sizes leave no number out."""
    names = [size_class(at) for at in range(len(THREAD_STEPS) + 1)]

    assert len(REPLY_STEPS) + 1 == len(theme.texts["reply_classes"].split("; "))
    assert ["1", "2", "3", "4-5", "6-10", "11-20", "21-50", "51-100", "101+"] == [
        name.replace("\N{EN DASH}", "-") for name in names
    ]
    assert 7 == len(theme.texts["weekdays"].split(", "))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "a second"),
        (95, "2 minutes"),
        (3600, "an hour"),
        (5 * 3600, "5 hours"),
        (86400, "a day"),
        (2000 * 86400, "2,000 days"),
    ],
)
def test_lengths(theme: Theme, seconds: int, words: str) -> None:
    """Lengths of time are rough, in the largest unit that fits."""
    assert words == duration(seconds, theme.texts)


def test_a_list_without_mail_has_its_pages(bench: Make) -> None:
    """Nothing is drawn of nothing, and nothing fails."""
    files = bench().files()
    page = files["stats/index.html"].decode()

    assert "<svg" not in page
    assert b"month,messages,threads,people,newcomers\r\n" == files["stats/months.csv"]
    assert 366 == files["days/index.html"].count(b"<li><span>")
