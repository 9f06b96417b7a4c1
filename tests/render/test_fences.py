"""Code that its writer fenced: kept as it is, its comments and strings marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.render.fences import coloured, fences

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["a", "```c", "x", "", "y", "```", "b"], [(1, 6)]),
        (["~~~", "x", "~~~", "```", "y", "```"], [(0, 3), (3, 6)]),
        (["```", "never closed"], []),
        (["````", "```", "````"], [(0, 3)]),
        (["see ```here```", "x"], []),
        (["```", "```", "```"], [(0, 2)]),
    ],
)
def test_fences(lines: list[str], found: list[tuple[int, int]]) -> None:
    """From the opening line to the first closing one like it; an open one is none."""
    assert found == list(fences(lines, 0, len(lines)))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["```", "~~~", "```py", "````", "x", ""]), max_size=30))
def test_fences_are_in_order(lines: list[str]) -> None:
    """They never overlap, and each is at least two lines."""
    at = 0
    for start, stop in fences(lines, 0, len(lines)):
        assert at <= start < stop - 1 < len(lines)
        at = stop


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ('x = "a # b"  # why', 'x = <b>"a # b"</b>  <i># why</i>'),
        ("it's // not 'a'", "it's <i>// not 'a'</i>"),
        ("return 1; // it's so", "return 1; <i>// it's so</i>"),
        ("#include &lt;stdio.h&gt;", "#include &lt;stdio.h&gt;"),
        ('see <a href="x">x</a>', 'see <a href="x">x</a>'),
        ("plain", "plain"),
    ],
)
def test_colour_is_little(row: str, shown: str) -> None:
    """Strings and comments; a row with a link is left alone."""
    assert shown == coloured(row)


def test_a_fence_is_code_on_the_page(bench: Make, write: Make) -> None:
    """In one block with its blank lines; words around it stay prose, lines keep anchors."""
    body = "Try this:\n```python\nx = 'oil'\n\nlight(x)\n```\nIt works.\n"
    page = bench(write(body)).page()

    assert (
        '<pre class="code"><span id="L2">```python</span>\n'
        "<span id=\"L3\">x = <b>'oil'</b></span>\n"
        '<span id="L4"></span>\n<span id="L5">light(x)</span>\n'
        '<span id="L6">```</span></pre>\n'
    ) in page
    assert '<p><span id="L1">Try this:</span></p>' in page
