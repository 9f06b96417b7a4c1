"""A thread as a tree: shapes, windows, ghosts, evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest

from posterity.model import Digest, Evidence
from posterity.render import urls
from posterity.render.addresses import Addresses
from posterity.render.theme import Theme
from posterity.render.tree import WHOLE, Tree
from posterity.rows import MessageRow, TreeNode


@pytest.fixture
def row(bench: Callable[..., Any], write: Callable[..., bytes]) -> MessageRow:
    """A row to copy."""
    return bench(write()).reader.rows[0]  # type: ignore[no-any-return]


def nodes(row: MessageRow, parents: list[int], **changes: Any) -> list[TreeNode]:
    """A tree by its parents' places; -1 for roots."""
    depths: list[int] = []
    made = []
    for at, parent in enumerate(parents):
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
        held = row._replace(key=at, digest=Digest(f"{at:064x}"), words=f"words {at}")
        evidence = Evidence.IN_REPLY_TO if parent >= 0 else None
        made.append(
            TreeNode(held, "", parent, depths[-1], evidence, 1.0, "")._replace(**changes)
        )
    return made


def tree(held: list[TreeNode], theme: Theme) -> Tree:
    """The tree as a page of its month sees it."""
    links = urls.Links("archive/1994/03/x.html")
    return Tree(held, theme.texts, Addresses("show"), links)


def outline(html: str) -> list[Any]:
    """Nested lists of the places shown, as a parser sees them."""

    def read(element: Any) -> list[Any]:
        found: list[Any] = []
        for item in element:
            assert "li" == item.tag
            words = "".join(item[0].itertext())
            number = re.search(r"words (\d+)|⋮", words)
            found.append(number[1] if number and number[1] else "⋮" if number else "root")
            found += [read(inner) for inner in item[1:]]
        return found

    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    document = parser.parse(f"<!doctype html><title>x</title>{html}")
    return read(document.find(".//ul"))


@pytest.mark.parametrize(
    ("parents", "shape"),
    [
        ([-1], ["root"]),
        ([-1, 0], ["root", ["1"]]),
        ([-1, 0, 0], ["root", ["1", "2"]]),
        ([-1, 0, 1], ["root", ["1", ["2"]]]),
        ([-1, 0, 1, 0], ["root", ["1", ["2"], "3"]]),
        ([-1, 0, 1, 2, 0], ["root", ["1", ["2", ["3"]], "4"]]),
        ([-1, 0, 1, 1, 0, 4], ["root", ["1", ["2", "3"], "4", ["5"]]]),
    ],
)
def test_shapes(
    row: MessageRow, theme: Theme, parents: list[int], shape: list[Any]
) -> None:
    """The lists are nested as the thread is."""
    assert shape == outline(tree(nodes(row, parents), theme).around(0))


def test_indentation_ends(row: MessageRow, theme: Theme) -> None:
    """A chain of replies is not set in for ever."""
    html = tree(nodes(row, list(range(-1, WHOLE - 1))), theme).around(3)

    assert 10 == html.count("<ul")
    assert WHOLE == html.count("<li")


def test_a_large_thread_shows_a_window(row: MessageRow, theme: Theme) -> None:
    """Around the message, with the way up to the root, and gaps said."""
    held = nodes(row, [-1] + [0] * 200)
    html = tree(held, theme).around(100)

    assert 27 == html.count("<li")
    assert 1 == html.count('class="gap"')
    assert 1 == html.count('aria-current="true"')


def test_a_chain_of_twenty_thousand_is_no_trouble(row: MessageRow, theme: Theme) -> None:
    """Depth costs neither recursion nor room (D8)."""
    held = nodes(row, list(range(-1, 19_999)))
    html = tree(held, theme).around(15_000)

    assert len(html) < 20_000


def test_a_ghost_is_said(row: MessageRow, theme: Theme) -> None:
    """A message that is named but not held has its place, and its id."""
    ghost = TreeNode(None, "<gone@example.org>", -1, 0, None, 0.0, "")
    held = [ghost, nodes(row, [-1])[0]._replace(parent=0, depth=1)]
    html = tree(held, theme).around(1)

    assert '<li class="ghost"><p><i>not in this archive</i>' in html
    assert "&lt;gone@example.org&gt;" in html


@pytest.mark.parametrize(
    ("evidence", "detail", "dotted", "words"),
    [
        (Evidence.IN_REPLY_TO, "", False, ""),
        (Evidence.REFERENCES, "", False, ""),
        (Evidence.QUOTE, "quotes 14 lines", True, "quotes 14 lines"),
        (Evidence.QUOTE, "", True, "quotes it"),
        (Evidence.SUBJECT_AUTHOR, "", True, "same subject, and names its author"),
        (Evidence.SUBJECT, "", True, "same subject: a guess"),
        (Evidence.AMENDMENT, "", False, "placed by hand"),
    ],
)
def test_inferred_links_say_why(
    row: MessageRow, theme: Theme, evidence: Evidence, detail: str, dotted: bool, words: str
) -> None:
    """A dotted line and its reason where the header does not prove the link."""
    held = nodes(row, [-1, 0])
    held[1] = held[1]._replace(evidence=evidence, detail=detail)
    html = tree(held, theme).around(0)

    assert dotted == ('class="dot"' in html)
    assert bool(words) == ("<small>" in html)
    assert words in html


def test_a_changed_subject_is_shown(row: MessageRow, theme: Theme) -> None:
    """A line has first words, or the subject where it is another than its parent's."""
    held = nodes(row, [-1, 0, 1])
    other = held[2].message
    assert other is not None
    changed = other._replace(subject="Wicks", base_subject="wicks")
    held[2] = held[2]._replace(message=changed)
    html = tree(held, theme).around(0)

    assert "<q>words 1</q>" in html
    assert "<cite>Wicks</cite>" in html
