"""What a query asks: a tree of plain values.

A node holds for a message or it does not; nothing here knows how that is found out.
Trees are at most `parser.DEEPEST` deep, so who walks them may call itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from posterity.fields import Field


class Words(NamedTuple):
    """The words stand in a row in one of the columns.

    Attributes:
        columns: where; see `fields.COLUMNS`.
        words: folded, at least one.
        prefix: the last one stands for every word that begins so.
    """

    columns: tuple[str, ...]
    words: tuple[str, ...]
    prefix: bool


class Between(NamedTuple):
    """Published at or after `first` and before `end`, seconds; None is no bound."""

    first: int | None
    end: int | None


class Exact(NamedTuple):
    """A value that is no row of words: a Message-ID, a hash, a person."""

    field: Field
    value: str


class Not(NamedTuple):
    """The other does not hold."""

    node: Node


class And(NamedTuple):
    """All hold."""

    nodes: tuple[Node, ...]


class Or(NamedTuple):
    """One holds, or more."""

    nodes: tuple[Node, ...]


Node: TypeAlias = "Words | Between | Exact | Not | And | Or"


def wanted(node: Node) -> Iterator[Words]:
    """The words that a message is found by, in the order of the query: none under Not."""
    if isinstance(node, Words):
        yield node
    elif isinstance(node, And | Or):
        for inner in node.nodes:
            yield from wanted(inner)
