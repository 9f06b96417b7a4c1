"""The query language: what is understood, what is refused and where, and how quickly."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posterity.errors import QueryError
from posterity.fields import BY_NAME, DEFAULT, FIELDS
from posterity.query import And, Between, Exact, Node, Not, Or, Words, parse_query
from posterity.query.periods import read_period

NOW = int(datetime(1998, 7, 9, 15, 30, tzinfo=UTC).timestamp())


def word(*spoken: str, prefix: bool = False, columns: tuple[str, ...] = DEFAULT) -> Words:
    """Words, by default where a word without a field is looked for."""
    return Words(columns, spoken, prefix)


A, B, C, D = map(word, "abcd")
UNDERSTOOD = [
    ("a", A),
    ("a b", And((A, B))),
    ("a AND b", And((A, B))),
    ("a OR b", Or((A, B))),
    ("a | b", Or((A, B))),
    ("a b OR c d", Or((And((A, B)), And((C, D))))),
    ("a (b OR c) d", And((A, Or((B, C)), D))),
    ("-a", Not(A)),
    ("NOT a b", And((Not(A), B))),
    ("--a", A),
    ("a -(b c)", And((A, Not(And((B, C)))))),
    ("((((a))))", A),
    ('"a b"', word("a", "b")),
    ("“a b”", word("a", "b")),
    ('"fog sig"*', word("fog", "sig", prefix=True)),
    ("a-b", word("a", "b")),
    ("light*", word("light", prefix=True)),
    ("C++", C),
    ("lamp@example.org", word("lamp", "example", "org")),
    ("https://example.org/x", word("https", "example", "org", "x")),
    ("Re: a", And((word("re"), A))),
    ("12:30", word("12", "30")),
    ("a - b", And((A, B))),
    ("a * b", And((A, B))),
    ("subject:a", word("a", columns=("subject",))),
    ("s:a", word("a", columns=("subject",))),
    ("S:a", word("a", columns=("subject",))),
    ("f:a", word("a", columns=("author",))),
    ("nq:a", word("a", columns=("own",))),
    ("q:a", word("a", columns=("quoted",))),
    ("b:a", word("a", columns=("own", "quoted"))),
    ('subject:"a b"', word("a", "b", columns=("subject",))),
    ("-subject:a", Not(word("a", columns=("subject",)))),
    (
        "subject:(a OR b) c",
        And((Or((word("a", columns=("subject",)), word("b", columns=("subject",)))), C)),
    ),
    (
        "subject:(a from:b)",
        And((word("a", columns=("subject",)), word("b", columns=("author",)))),
    ),
    ("mid:<a:b@example.org>", Exact(BY_NAME["mid"], "a:b@example.org")),
    ("m:a@example.org", Exact(BY_NAME["mid"], "a@example.org")),
    ("thread:0123ABCD", Exact(BY_NAME["thread"], "0123abcd")),
    ("person:ada-brook", Exact(BY_NAME["person"], "ada-brook")),
    ("date:1996", Between(820454400, 852076800)),
    ("1995..1996", Between(788918400, 852076800)),
    ("before:1996", Between(None, 820454400)),
    ("after:1996", Between(852076800, None)),
    (
        "date:(1995 OR 1996)",
        Or((Between(788918400, 820454400), Between(820454400, 852076800))),
    ),
    ("灯台", word("灯台")),
    ("灯", word("灯", prefix=True)),
]


@pytest.mark.parametrize(("query", "node"), UNDERSTOOD, ids=[q for q, _ in UNDERSTOOD])
def test_understood(query: str, node: Node) -> None:
    """A query means this tree."""
    assert node == parse_query(query, NOW)


REFUSED = [
    ("", 0, "there is no word"),
    ("   ", 0, "there is no word"),
    ("-", 0, "there is no word"),
    ("a OR", 2, "OR needs a word"),
    ("OR a", 0, "OR needs a word"),
    ("a OR OR b", 2, "OR needs a word"),
    ("a AND", 2, "AND needs a word"),
    ("AND a", 0, "AND needs a word"),
    ("a AND OR b", 2, "AND needs a word"),
    ("a (b", 2, "is not closed"),
    ("a) b", 1, "closes nothing"),
    ("a ()", 2, "nothing stands between"),
    ('a "b c', 2, "quotation mark is not closed"),
    ("a NOT", 2, "nothing follows"),
    ("subjct:a", 0, "did you mean subject:?"),
    ("a fromm:b", 2, "did you mean from:?"),
    ("li*", 0, "3 letters"),
    ("subject:...", 8, "needs a word"),
    ("date:yesterdy", 5, "is no date"),
    ("date:1996-13", 5, "is no date"),
    ("date:1996-02-30", 5, "is no date"),
    ("thread:xyz", 7, "hex digits"),
    ("mid:<>", 4, "needs a value"),
    ("(" * 40 + "a" + ")" * 40, 32, "deep"),
    ("a " * 70, 128, "64 words"),
    ("x" * 2_001, 0, "2,000 characters"),
    ('"' + "a " * 300 + '"', 0, "256 words"),
]


@pytest.mark.parametrize(
    ("query", "place", "why"), REFUSED, ids=[query[:20] for query, _, _ in REFUSED]
)
def test_refused_with_the_place(query: str, place: int, why: str) -> None:
    """What cannot be understood is said in a sentence that points at its place."""
    with pytest.raises(QueryError, match="search: ") as refusal:
        parse_query(query, NOW)

    assert (place, True) == (refusal.value.place, why in refusal.value.why)


PERIODS = [
    ("1996", "1996-01-01", "1997-01-01"),
    ("1996-12", "1996-12-01", "1997-01-01"),
    ("1996-2", "1996-02-01", "1996-03-01"),
    ("1996/02/28", "1996-02-28", "1996-02-29"),
    ("19961205", "1996-12-05", "1996-12-06"),
    ("1996-12-05", "1996-12-05", "1996-12-06"),
    ("1995..1996", "1995-01-01", "1997-01-01"),
    ("1995-11..1996-02-03", "1995-11-01", "1996-02-04"),
    ("1996..", "1996-01-01", None),
    ("..1996-06", None, "1996-07-01"),
    ("last-year", "1997-01-01", "1998-01-01"),
    ("last year", "1997-01-01", "1998-01-01"),
    ("last month", "1998-06-01", "1998-07-01"),
    ("last week", "1998-06-29", "1998-07-06"),
    ("last 3 months", "1998-04-09", "1998-07-10"),
    ("last-2-years", "1996-07-09", "1998-07-10"),
    ("this year", "1998-01-01", "1999-01-01"),
    ("today", "1998-07-09", "1998-07-10"),
    ("yesterday", "1998-07-08", "1998-07-09"),
]


@pytest.mark.parametrize(("text", "first", "end"), PERIODS, ids=[p[0] for p in PERIODS])
def test_periods(text: str, first: str | None, end: str | None) -> None:
    """A date is a whole day, month or year; a range has both its ends."""

    def seconds(day: str | None) -> int | None:
        return day and int(datetime.fromisoformat(f"{day}T00:00Z").timestamp())  # type: ignore[return-value]

    assert (seconds(first), seconds(end)) == read_period(text, NOW)


@pytest.mark.parametrize("text", ["", "..", "96", "0000", "9999", "a..b", "1996...1997"])
def test_no_period(text: str) -> None:
    """What is no date is no date."""
    assert read_period(text, NOW) is None


@given(st.text(max_size=200))
@example("\x1c")
def test_any_text_is_understood_or_refused(text: str) -> None:
    """Nothing a reader can type is anything else than a tree or a sentence."""
    found = ours(text)

    assert "node" in found or 0 <= found["place"] <= len(text)


HOSTILE = {
    "1e4 words": "a " * 10_000,
    "1e4 stars": "*" * 10_000,
    "stars": "* " * 900,
    "parentheses": "(" * 10_000,
    "closed parentheses": "()" * 900,
    "quotes": '"' * 1_999,
    "minus": "-" * 1_999,
    "fields": "subject:" * 200,
    "strangers": "sbject: x" * 200,
    "colons": "a:" * 900,
    "or": "a OR " * 400,
    "not": "NOT " * 490 + "a",
    "dots": "." * 1_999,
    "digits": "1" * 1_999,
    "marks": "\u0301" * 1_999,
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_hostile_queries_are_refused_at_once(query: str) -> None:
    """D12: understood or refused with little work."""
    start = time.process_time()
    try:
        parse_query(query, NOW)
    except QueryError:
        assert time.process_time() - start < 3
    assert time.process_time() - start < 3


def test_every_field_explains_itself() -> None:
    """Each field's example is a query, and no two fields share a name."""
    for field in FIELDS:
        parse_query(field.example, NOW)

    assert len(BY_NAME) == sum(1 + len(field.short) for field in FIELDS)


def as_plain(node: Node) -> dict[str, Any]:
    """A tree as the browser's script has it."""
    if isinstance(node, Words):
        return {
            "kind": "words",
            "columns": list(node.columns),
            "words": list(node.words),
            "prefix": node.prefix,
        }
    if isinstance(node, Between):
        return {"kind": "between", "first": node.first, "end": node.end}
    if isinstance(node, Exact):
        return {"kind": "exact", "field": node.field.name, "value": node.value}
    if isinstance(node, Not):
        return {"kind": "not", "node": as_plain(node.node)}
    kind = "and" if isinstance(node, And) else "or"
    return {"kind": kind, "nodes": [as_plain(inner) for inner in node.nodes]}


def ours(query: str) -> dict[str, Any]:
    """What this side makes of a query."""
    try:
        return {"node": as_plain(parse_query(query, NOW))}
    except QueryError as refusal:
        return {"why": refusal.why, "place": refusal.place}


PIECES = st.sampled_from(
    [
        *("a", "fog", "signal", "OR", "AND", "NOT", "-", "(", ")", '"', "*", ":", "|", "&"),
        *(
            "subject:",
            "from:",
            "date:",
            "before:",
            "after:",
            "mid:",
            "thread:",
            "x:",
            "fron:",
        ),
        *("1996", "1996-12", "1995..1996", "last-year", "..", "last 3 months", "0123abcd"),
        *("灯台守", "灯", "Zoë", "<a@b>", "“", "”", "'", " ", "  ", "li*", "https://x/y"),
    ]
)


def test_the_browser_reads_queries_alike(in_node: Callable[..., Any]) -> None:
    """One language: the script makes the same tree, or the same sentence at the same place."""
    queries = [query for query, _ in UNDERSTOOD] + [query for query, _, _ in REFUSED]
    queries += [f"date:{text}" for text, _, _ in PERIODS] + list(HOSTILE.values())
    found: list[str] = []

    @given(st.lists(PIECES, max_size=9), st.booleans())
    def gather(pieces: list[str], spaced: bool) -> None:
        found.append((" " if spaced else "").join(pieces))

    gather()
    queries += found
    fields = [
        {
            "name": field.name,
            "short": list(field.short),
            "kind": field.kind.value,
            "columns": list(field.columns),
            "example": field.example,
        }
        for field in FIELDS
    ]
    theirs = in_node("parse", fields, NOW, queries)

    assert [] == [
        (query, mine, other)
        for query, other in zip(queries, theirs, strict=True)
        if (mine := ours(query)) != other
    ]
