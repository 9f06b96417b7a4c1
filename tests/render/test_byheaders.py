"""The thread as its headers alone have it, one switch away."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from posterity.model import Evidence
from posterity.render.byheaders import by_headers, is_inferred
from posterity.rows import MessageRow, TreeNode

Make = Callable[..., Any]
H, Q, S = Evidence.IN_REPLY_TO, Evidence.QUOTE, Evidence.SUBJECT


@pytest.fixture
def row(bench: Make, write: Make) -> MessageRow:
    """Any message's row."""
    found: MessageRow = bench(write()).reader.rows[0]
    return found


def thread(row: MessageRow, *places: tuple[int, Evidence | None, int | None]) -> list[Any]:
    """Nodes of (parent, evidence, time); time None is a ghost."""
    nodes: list[TreeNode] = []
    for at, (parent, evidence, utc) in enumerate(places):
        depth = nodes[parent].depth + 1 if parent >= 0 else 0
        held = None if utc is None else row._replace(key=at, utc=utc)
        nodes.append(TreeNode(held, f"g{at}", parent, depth, evidence, 1.0, ""))
    return nodes


def shape(nodes: list[TreeNode]) -> list[tuple[str, int, int]]:
    """(old place, parent, depth) of each node."""
    return [(node.ghost[1:], node.parent, node.depth) for node in nodes]


def test_an_inferred_subtree_becomes_a_thread_of_its_own(row: MessageRow) -> None:
    """With all that hangs below it by headers; later roots come later."""
    nodes = thread(
        row,
        (-1, None, 10),
        (0, H, 11),
        (1, Q, 14),
        (2, H, 15),
        (1, H, 12),
        (0, S, 13),
    )

    assert is_inferred(nodes)
    assert [
        ("0", -1, 0),
        ("1", 0, 1),
        ("4", 1, 2),
        ("5", -1, 0),
        ("2", -1, 0),
        ("3", 4, 1),
    ] == shape(by_headers(nodes, 0, 6).nodes)


def test_a_ghost_keeps_its_replies(row: MessageRow) -> None:
    """A message that is named but not held is a fact of the headers."""
    nodes = thread(row, (-1, None, None), (0, H, 20), (0, H, 21))

    assert not is_inferred(nodes)
    assert [("0", -1, 0), ("1", 0, 1), ("2", 0, 1)] == shape(by_headers(nodes, 0, 3).nodes)


def test_a_part_stands_alone(row: MessageRow) -> None:
    """What hangs below another part's message is a root of this one."""
    nodes = thread(row, (-1, None, 1), (0, H, 2), (1, H, 3), (1, H, 4))

    assert [("2", -1, 0), ("3", -1, 0)] == shape(by_headers(nodes, 2, 4).nodes)


def test_a_chain_of_twenty_thousand_is_no_trouble(row: MessageRow) -> None:
    """D8: no recursion, whatever the depth."""
    nodes = thread(row, (-1, None, 0), *((at, H, at + 1) for at in range(20_000)))

    assert 20_000 == by_headers(nodes, 0, len(nodes)).nodes[-1].depth


def test_the_switch_is_there_where_links_were_inferred(
    bench: Make, write: Make, hold: Make
) -> None:
    """Two outlines of which one is open, without a script; a message leads to it."""
    made = bench(
        write(number=1, day=1),
        hold(write("It.\n", number=2, day=2), parent=0, evidence=Evidence.SUBJECT),
    )
    page = made.thread()
    alone = page.partition('<div id="headers">')[2].partition("</div>")[0]
    first, second = made.reader.rows

    assert 2 == page.count('<details name="outline"')
    assert [f"m{first.digest[:16]}", f"m{second.digest[:16]}"] == re.findall(
        r'href="#(\w+)"', alone
    )
    assert alone.startswith('<ul class="tree">\n<li><p>')
    assert "<ul>" not in alone
    assert f'href="../../../thread/{first.digest}.html#headers"' in made.page(1)


def test_there_is_no_switch_where_headers_say_it_all(
    bench: Make, write: Make, hold: Make
) -> None:
    """Nothing is printed twice."""
    made = bench(write(number=1), hold(write("It.\n", number=2), parent=0))

    assert "headers" not in re.findall(r'id="(\w+)"', made.thread())
    assert "#headers" not in made.page(1)


def test_a_ghost_stands_in_the_outline(bench: Make, write: Make, hold: Make) -> None:
    """What is not held is said where it would stand."""
    made = bench(
        hold(write(number=1), ghost="gone@example.org"),
        hold(write(number=2, day=2), parent=0),
    )

    assert '<li class="ghost"><p><i>not in this archive</i>' in made.thread()
