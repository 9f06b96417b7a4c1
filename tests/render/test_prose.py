"""Prose flows, and what has columns does not."""

from __future__ import annotations

import pytest

from posterity.render.prose import runs

FILLED = [
    "The registers for the northern stations have been found, in the",
    "ceiling. They have been read by termites from the outer margin",
    "inward, so that we have every temperature and no month.",
]
VERSE = [
    "The lamp was lit at half past four,",
    "the glass was clean,",
    "the wind was sore.",
]
TABLE = ["station     glass   wind", "Gannet      28.35   NE 9", "Strand      28.41   N 8"]
ART = [r"   /\_/\  ", r"  ( o.o ) ", r"   > ^ <  "]
CODE = ["int main() {", "    return 0;", "}"]
SCRIPT = ["#!/bin/sh", "#", "# This lights the lamp when the sun has set, and not before"]
LIST = [
    "- one thing that is long enough to fill the line as written here, so",
    "- another thing",
]
SIGNED = [
    "Yours, with the kettle on and the lamp trimmed as ever it has been,",
    "Anna",
    "Strand",
]


@pytest.mark.parametrize(
    "lines", [TABLE, ART, CODE, SCRIPT, ["a    b     c"], ["----------"]]
)
def test_columns_stay(lines: list[str]) -> None:
    """Tables, drawings and code are left in fixed pitch."""
    assert [True] == [run.fixed for run in runs(lines, 0, len(lines), joined=False)]


@pytest.mark.parametrize(
    ("lines", "breaks"),
    [
        (FILLED, set()),
        (VERSE, {0, 1}),
        (LIST, {0}),
        (SIGNED, {1}),
        (
            [
                "To: the harbour master of Strand and the Board of Lights, in haste",
                "From: Ned",
            ],
            {0},
        ),
    ],
)
def test_meant_line_ends_are_kept(lines: list[str], breaks: set[int]) -> None:
    """A line that ends before it is full was ended on purpose."""
    (run,) = runs(lines, 0, len(lines), joined=False)

    assert not run.fixed
    assert breaks == run.breaks


def test_a_quote_that_begins_in_mid_line_flows() -> None:
    """What was cut before its first line did not end there; a salutation did."""
    cut = ["that the keepers had read", FILLED[1].lower(), FILLED[2]]
    salutation = ["dear keepers", FILLED[1].lower(), FILLED[2]]
    command = ["goto menu 1 when lit", FILLED[1].lower(), FILLED[2]]
    found = [next(runs(one, 0, 3, joined=False)) for one in (cut, salutation, command)]

    assert [set(), {0}, {0}] == [run.breaks for run in found]


def test_joined_lines_are_paragraphs() -> None:
    """Where paragraphs are one line each, every line end is meant."""
    (run,) = runs(FILLED, 0, 3, joined=True)

    assert {0, 1} == run.breaks


def test_runs_tile_what_is_not_blank() -> None:
    """Each line with words is in one run, blank ones in none."""
    lines = ["", "a", "b", "  ", "", "c", ""]
    found = [(run.first, run.end) for run in runs(lines, 0, len(lines), joined=False)]

    assert [(1, 3), (5, 6)] == found
