"""format=flowed: paragraphs whole, quotes by depth, stuffing undone (RFC 3676)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.parse.flowed import join


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["It rains ", "and pours.", "Bye."], ["It rains and pours.", "Bye."]),
        (
            ["> It rains ", "> and pours.", "Does it?"],
            ["> It rains and pours.", "Does it?"],
        ),
        ([">> deep ", ">> er ", "> less"], [">> deep er ", "> less"]),
        (["It rains ", "-- ", "Ann"], ["It rains ", "-- ", "Ann"]),
        (["> It rains ", "> -- ", "> Ann"], ["> It rains ", "> -- ", "> Ann"]),
        ([" From here", "  indented"], ["From here", " indented"]),
        (["the end "], ["the end "]),
        (["a ", "", "b"], ["a ", "b"]),
        ([], []),
    ],
)
def test_lines_that_end_in_a_blank_go_on(lines: list[str], joined: list[str]) -> None:
    """A flowed line is joined to the next of its depth; a signature's mark never is."""
    assert join(lines).lines == joined


def test_delsp_takes_the_added_blank_away() -> None:
    """With DelSp=yes the blank was only a mark, as scripts without blanks need (§4.1)."""
    assert join(["雨が ", "降る。"], delsp=True).lines == ["雨が降る。"]


def test_a_stuffed_mark_is_no_quote() -> None:
    """A line stuffed before > begins with > and quotes nobody (§4.4)."""
    flowed = join(["> quoted", " > not quoted", " >5 is a lot"])
    assert flowed.lines == ["> quoted", "> not quoted", ">5 is a lot"]
    assert flowed.unquoted == {1, 2}


def test_depth_without_end_is_cut() -> None:
    """A line of a million > is quoted a hundred deep."""
    assert join([">" * 1_000_000 + "x"]).lines == [">" * 100 + " x"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="> -x", max_size=8)))
def test_no_word_is_lost(lines: list[str]) -> None:
    """Joining keeps every character but blanks and quote marks, in order."""

    def words(texts: list[str]) -> str:
        return "".join(texts).replace(" ", "").replace(">", "")

    assert words(join(lines).lines) == words(lines)
