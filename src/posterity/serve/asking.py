"""What a request asks of the search, read with care: every value has a type and a limit."""

from __future__ import annotations

import time
from typing import Final, NamedTuple

from starlette.datastructures import QueryParams

from posterity.errors import QueryError
from posterity.query import Node, parse_query
from posterity.render.hits import Hit, hits
from posterity.render.searching import Asked
from posterity.serve.desk import Desk, Desks
from posterity.store.search import Answer, Order, Wish

PAGE: Final = 20
MOST: Final = 200
"""Hits of one answer."""
LONGEST_CURSOR: Final = 64
A_QUESTION, A_HIT = 10_000, 2_000
"""Octets of memory that an answer and each of its hits take, about."""


class Question(NamedTuple):
    """A query and how it is to be answered."""

    query: str
    wish: Wish


def question(values: QueryParams) -> Question:
    """What the parameters of a request ask.

    Raises:
        QueryError: one of them has no meaning.
    """
    order = values.get("order", values.get("o") or Order.RELEVANCE.value)
    cursor = values.get("cursor", values.get("c", ""))
    group = values.get("group")
    limit = values.get("limit", str(PAGE))
    if order not in {one.value for one in Order}:
        raise QueryError("order is relevance, newest or oldest", 0, "")
    if group not in {None, "thread"}:
        raise QueryError("group is thread, or not given", 0, "")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= MOST):
        raise QueryError(f"limit is a number from 1 to {MOST}", 0, "")
    if len(cursor) > LONGEST_CURSOR:
        raise QueryError("this cursor is none of ours", 0, "")
    wish = Wish(Order(order), int(limit), cursor, group == "thread")
    return Question(values.get("q", ""), wish)


def understood(query: str) -> Node:
    """The tree of a query, by the clock of this moment.

    Raises:
        QueryError: it cannot be understood.
    """
    return parse_query(query, int(time.time()))


def found(desks: Desks, desk: Desk, asked: Question) -> tuple[Answer, list[Hit]]:
    """The answer to a question, and what it shows; kept while the archive is as it is.

    Raises:
        QueryError: it cannot be understood, or takes too long.
    """
    node = understood(asked.query)

    def find() -> tuple[Answer, list[Hit]]:
        answer = desk.searcher.search(node, asked.wish)
        pairs = zip(answer.keys, answer.in_thread, strict=True)
        return answer, hits(desk.reader, desk.settings, node, pairs)

    return desks.kept(desk, ("found", node, asked.wish), find, _weight)


def _weight(answered: tuple[Answer, list[Hit]]) -> int:
    return A_QUESTION + A_HIT * len(answered[1])


def asked_page(desks: Desks, desk: Desk, values: QueryParams) -> Asked:
    """The answer for the search page; a refusal is an answer too."""
    query = values.get("q", "")
    try:
        asked = question(values)
        answer, shown = found(desks, desk, asked)
    except QueryError as refusal:
        return Asked(query, None, (), refusal.why, refusal.place)
    return Asked(query, answer, shown, grouped=asked.wish.grouped)
