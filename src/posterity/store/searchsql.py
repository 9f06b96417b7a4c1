"""A query's tree as SQL: words go to FTS5, dates and ids to the catalogue.

Whatever stands in words only becomes one FTS5 expression; FTS5 is quickest where it may
do the ands and ors itself. Every value is bound, every word stands in quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from posterity.fields import COLUMNS, Kind
from posterity.query.ask import And, Between, Exact, Node, Not, Or, Words

DIGEST_DIGITS = 64


class Plan(NamedTuple):
    """How the messages of a query are found.

    Attributes:
        match: an FTS5 expression all of them match, "" for none.
        where: a condition on `message m` besides, "" for none.
        values: bound in it.
    """

    match: str
    where: str
    values: tuple[object, ...]


def plan(node: Node) -> Plan:
    """Split a query into what FTS5 finds and what the catalogue knows."""
    parts = node.nodes if isinstance(node, And) else (node,)
    spoken = [part for part in parts if _is_spoken(part)]
    match = fts(And(tuple(spoken))) if spoken else ""
    if spoken and not match:  # nothing but negations
        return Plan("", *_condition(node, negated=False))
    rest = [part for part in parts if not _is_spoken(part)]
    where, values = _joined(rest, " AND ", negated=False) if rest else ("", ())
    return Plan(match, where, values)


def scoring(leaves: Iterable[Words]) -> str:
    """An FTS5 expression that weighs messages by some words, whichever they have."""
    return " OR ".join(dict.fromkeys(map(_words, leaves)))


def _is_spoken(node: Node) -> bool:
    """Whether nothing but words stands in a tree."""
    if isinstance(node, Words):
        return True
    if isinstance(node, Not):
        return _is_spoken(node.node)
    return isinstance(node, And | Or) and all(map(_is_spoken, node.nodes))


def fts(node: Node) -> str:
    """A tree of words for FTS5; "" where it says only what there must not be."""
    if isinstance(node, Words):
        return _words(node)
    if isinstance(node, Or):
        texts = [fts(inner) for inner in node.nodes]
        return f"({' OR '.join(texts)})" if all(texts) else ""
    if isinstance(node, And):
        return _all_of(node.nodes)
    return ""


def _all_of(nodes: Sequence[Node]) -> str:
    wanted = [fts(node) for node in nodes if not isinstance(node, Not)]
    unwanted = [fts(node.node) for node in nodes if isinstance(node, Not)]
    if not wanted or not all(wanted) or not all(unwanted):
        return ""
    text = " AND ".join(wanted)
    if unwanted:
        text = f"({text}) NOT ({' OR '.join(unwanted)})"
    return f"({text})"


def _words(leaf: Words) -> str:
    columns = " ".join(sorted(leaf.columns, key=COLUMNS.index))
    star = " *" if leaf.prefix else ""
    return f'{{{columns}}} : "{" ".join(leaf.words)}"{star}'


# -- conditions


def _condition(node: Node, *, negated: bool) -> tuple[str, tuple[object, ...]]:
    if _is_spoken(node) and (match := fts(node)):
        return "m.id IN (SELECT rowid FROM search WHERE search MATCH ?)", (match,)
    if isinstance(node, Not):
        text, values = _condition(node.node, negated=True)
        return f"NOT ({text})", values
    if isinstance(node, And):
        return _joined(node.nodes, " AND ", negated=negated)
    if isinstance(node, Or):
        return _joined(node.nodes, " OR ", negated=negated)
    if isinstance(node, Between):
        return _between(node, negated=negated)
    assert isinstance(node, Exact)
    return _exact(node)


def _joined(
    nodes: Iterable[Node], word: str, *, negated: bool
) -> tuple[str, tuple[object, ...]]:
    found = [_condition(node, negated=negated) for node in nodes]
    text = word.join(text for text, _ in found)
    return f"({text})", tuple(value for _, values in found for value in values)


def _between(node: Between, *, negated: bool) -> tuple[str, tuple[object, ...]]:
    """A span of time; a message without a date is outside of every one."""
    parts = []
    if node.first is not None:
        parts.append(("m.utc >= ?", node.first))
    if node.end is not None:
        parts.append(("m.utc < ?", node.end))
    if not parts:
        return "m.utc IS NOT NULL", ()
    text = " AND ".join(part for part, _ in parts)
    if negated:
        text = f"ifnull({text}, 0)"
    return text, tuple(value for _, value in parts)


def _exact(node: Exact) -> tuple[str, tuple[object, ...]]:
    if node.field.kind is Kind.ID:
        return "m.id IN (SELECT message FROM message_id WHERE msgid = ?)", (node.value,)
    if node.field.kind is Kind.SLUG:
        return "m.person IN (SELECT id FROM person WHERE slug = ?)", (node.value,)
    low = bytes.fromhex(node.value.ljust(DIGEST_DIGITS, "0"))
    high = bytes.fromhex(node.value.ljust(DIGEST_DIGITS, "f"))
    text = "m.thread IN (SELECT t.id FROM thread t JOIN message r ON r.id = t.root"
    return f"{text} WHERE r.digest BETWEEN ? AND ?)", (low, high)
