"""Patches: every line is what it is, and the files are counted and listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.render.patches import Changed, Patch

Make = Callable[..., Any]
UNIFIED = """\
diff --git a/lamp.c b/lamp.c
index 83db48f..bf2 100644
--- a/lamp.c
+++ b/lamp.c
@@ -1,3 +1,3 @@
 int lit() {
--- a line that began with two dashes
+++ and one with two pluses
 }
--- old/wick.c\tMon Mar  1 1994
+++ /dev/null
@@ -1 +0,0 @@
-int wick;
"""
CONTEXT = """\
*** lamp.c  Tue Mar  1 10:00:00 1994
--- lamp.c  Tue Mar  1 11:00:00 1994
***************
*** 1,3 ****
  int lit() {
! return 0;
  }
--- 1,4 ----
  int lit() {
! return 1;
+ /* lit */
  }
"""
PLAIN = """\
3c3
< return 0;
---
> return 1;
"""


def read(text: str) -> Patch:
    """A patch of its own."""
    patch = Patch()
    lines = text.splitlines()
    patch.read(lines, 0, len(lines))
    return patch


@pytest.mark.parametrize(
    ("text", "kinds", "files"),
    [
        (
            UNIFIED,
            "b b b b i . del ins . b b i del",
            [Changed("lamp.c", 0, 1, 1), Changed("old/wick.c", 9, 0, 1)],
        ),
        (
            CONTEXT,
            "b b i i . del . i . ins ins .",
            [Changed("lamp.c", 0, 2, 1)],
        ),
        (
            "--- a\n+++ a\n@@ -1,9 +1,9 @@\n-x\n--- b\n+++ b\n@@ -1 +1 @@\n-x\n+y\n",
            "b b i del b b i del ins",
            [Changed("a", 0, 0, 1), Changed("b", 4, 1, 1)],
        ),
        (PLAIN, "i del . ins", [Changed("", 0, 1, 1)]),
        (
            "Index: doc/x.txt\n@@ -1 +1 @@\n-a\n+b\n",
            "b i del ins",
            [Changed("doc/x.txt", 0, 1, 1)],
        ),
        (
            "@@ -1,9 +1,9 @@\n a\nend of mail",
            "i . b",
            [Changed("", 0, 0, 0), Changed("", 2, 0, 0)],
        ),
    ],
)
def test_lines_and_files(text: str, kinds: str, files: list[Changed]) -> None:
    """Headers, hunks, additions and removals, of each format."""
    patch = read(text)

    assert kinds.replace(".", "").split(" ") == patch.kinds
    assert files == patch.files


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*UNIFIED.splitlines(), *CONTEXT.splitlines(), "", "x"])))
def test_any_lines_are_read(lines: list[str]) -> None:
    """A kind a line, and as many counted as are marked."""
    patch = Patch()
    patch.read(lines, 0, len(lines))

    assert len(lines) == len(patch.kinds)
    assert sum(one.added for one in patch.files) <= patch.kinds.count("ins")


def test_a_page_lists_the_files_of_its_patches(
    bench: Make, write: Make, hold: Make
) -> None:
    """Above the first patch, each with its counts, leading to its lines."""
    body = f"Please look.\n\n{UNIFIED}\n-- \nBo\n"
    made = bench(write(body, number=1), hold(write("Yes.\n", number=2), parent=0))
    page = made.page(0)

    assert (
        '<ul class="diff">\n<li><a href="#L3">lamp.c</a> <ins>+1</ins> <del>\N{MINUS SIGN}1</del></li>\n'
        '<li><a href="#L12">old/wick.c</a> <ins>+0</ins> <del>\N{MINUS SIGN}1</del></li>\n</ul>\n'
        '<pre class="patch">'
    ) in page
    assert '<span id="L12"><b>--- old/wick.c' in page
    thread = made.thread()
    assert "<li>lamp.c <ins>+1</ins>" in thread
    assert not re.search(r'href="#L\d', thread)
