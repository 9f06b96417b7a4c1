from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.model import Body, CharsetSource, Digest, Segment, SegmentKind
from posterity.relate.pairs import LATE
from posterity.relate.passages import Passage
from posterity.relate.quotes import Cite, Quoter
from posterity.relate.shingles import NOTHING, shingle
from posterity.relate.statements import FREQUENT

DAY = 86_400


def body(text: str, frames: tuple[int, ...] = ()) -> Body:
    """A body whose levels are its > marks; `frames` are the forwarded lines."""
    lines = text.strip("\n").split("\n")
    segments = []
    for number, line in enumerate(lines, 1):
        level = len(line) - len(line.lstrip(">"))
        kind = SegmentKind.QUOTE if level else SegmentKind.OWN
        segments.append(Segment(kind, level, number, number, int(number in frames)))
    source = CharsetSource.ASCII
    return Body(tuple(lines), tuple(segments), "us-ascii", source, False, False, ())


def digest(key: int) -> Digest:
    return Digest(sha256(str(key).encode()).hexdigest())


class Found(NamedTuple):
    cites: list[Cite]
    passages: list[Passage]


NOTHING_FOUND = Found([], [])


def found_by(quoter: Quoter) -> Found:
    quotes = quoter.solve()
    return Found(quotes.cites, quotes.passages())


def fill(bodies: Iterable[tuple[int, int | None, Body]]) -> Quoter:
    """A quoter that has (key, time in days, body)."""
    quoter = Quoter()
    for key, day, one in bodies:
        quoter.add(key, digest(key), None if day is None else day * DAY, shingle(one))
    return quoter


def solve(bodies: Iterable[tuple[int, int | None, Body]]) -> Found:
    """Cites and passages among (key, time in days, body)."""
    return found_by(fill(bodies))


def pairs(found: Found) -> list[tuple[int, int]]:
    return [(cite.child, cite.parent) for cite in found.cites]


ROSES = """\
Last week the roses in the old garden behind the mill began to bloom again.
Nobody had watered them since the gardener left for the coast in March.
"""
ANSWER = """\
>Last week the roses in the old garden behind the mill began to bloom again.
It was the rain: eleven wet days in a row did more than any gardener ever could.
"""
THIRD = """\
>>Last week the roses in the old garden behind the mill began to bloom again.
>It was the rain: eleven wet days in a row did more than any gardener ever could.
So you both agree that nobody deserves any praise for this?
"""


def test_a_quote_names_its_parent() -> None:
    """Who repeats another's words behind a mark answers that message."""
    (cite,) = solve([(1, 1, body(ROSES)), (2, 2, body(ANSWER))]).cites

    assert (cite.child, cite.parent) == (2, 1)
    assert (cite.shingles, cite.asked, cite.weight, cite.lines) == (11, 11, 11.0, 1)


def test_a_level_is_looked_up_one_level_below() -> None:
    """What is quoted twice was said once by the parent: the parent comes first."""
    found = solve([(1, 1, body(ROSES)), (2, 2, body(ANSWER)), (3, 3, body(THIRD))])

    assert pairs(found) == [(2, 1), (3, 2)]


def test_passages_lead_to_who_wrote_them() -> None:
    """A passage of level 2 leads past the parent, to the message it was written in."""
    found = solve([(1, 1, body(ROSES)), (2, 2, body(ANSWER)), (3, 3, body(THIRD))])

    assert found.passages == [
        Passage(2, 1, 1, 1, 1, 1),
        Passage(3, 1, 1, 1, 1, 1),
        Passage(3, 2, 2, 2, 2, 2),
    ]


def test_a_passage_keeps_its_lines_when_it_is_wrapped_anew() -> None:
    """Lines of quote and origin are each their own."""
    wrapped = """\
Some words of greeting before anything else.

>Last week the roses in the old
>garden behind the mill began to
>bloom again. Nobody had watered
>them since the gardener left for the coast in March.
"""
    found = solve([(1, 1, body(ROSES)), (2, 2, body(wrapped))])

    assert found.passages == [Passage(2, 3, 6, 1, 1, 2)]


def test_quotes_of_two_messages_are_two_passages() -> None:
    """A message may quote several; the one it quotes most comes first."""
    both = ANSWER.split("\n", maxsplit=1)[0] + "\nand\n>" + THIRD.split("\n")[2]
    found = solve([(1, 1, body(ROSES)), (3, 2, body(THIRD)), (4, 3, body(both))])

    assert [pair for pair in pairs(found) if pair[0] == 4] == [(4, 1), (4, 3)]
    assert [p for p in found.passages if p.message == 4] == [
        Passage(4, 1, 1, 1, 1, 1),
        Passage(4, 3, 3, 3, 3, 3),
    ]


def test_the_parent_is_the_origin_where_several_have_the_words() -> None:
    """Of two letters with the same words the one answered counts, else the first."""
    quotes = fill([(1, 1, body(ROSES)), (2, 2, body(ROSES)), (3, 3, body(ANSWER))]).solve()

    assert quotes.passages() == [Passage(3, 1, 1, 1, 1, 1)]
    assert quotes.passages({3: 2}) == [Passage(3, 1, 1, 2, 1, 1)]


def test_who_answers_nobody_answers_no_recovered_message() -> None:
    """Keys below 0 are recovered mail; none of them stands for nobody."""
    quotes = fill([(1, 1, body(ROSES)), (-1, 2, body(ROSES)), (3, 3, body(ANSWER))]).solve()

    assert quotes.passages() == [Passage(3, 1, 1, 1, 1, 1)]


def test_forwarded_text_has_an_origin_but_no_parent() -> None:
    """A forwarded letter is traced to its origin; that is no answer."""
    found = solve([(1, 1, body(ROSES)), (2, 2, body("FYI:\n" + ROSES, frames=(2, 3)))])

    assert found == Found([], [Passage(2, 2, 3, 1, 1, 2)])


def test_the_same_words_of_one_s_own_are_no_quote() -> None:
    """Two people who post one text don't quote each other."""
    assert solve([(1, 1, body(ROSES)), (2, 2, body(ROSES))]) == NOTHING_FOUND


def test_nobody_quotes_himself() -> None:
    """A message that repeats its own words behind a mark answers nobody."""
    assert solve([(1, 1, body(ROSES + ANSWER))]) == NOTHING_FOUND


@pytest.mark.parametrize(("days", "expected"), [(0, [(2, 1)]), (3, [(2, 1)]), (4, [])])
def test_a_parent_may_be_dated_three_days_late(
    days: int, expected: list[tuple[int, int]]
) -> None:
    """Clocks were wrong by hours and days, but a letter of next week isn't answered."""
    assert LATE == 3 * DAY
    assert pairs(solve([(1, 10 + days, body(ROSES)), (2, 10, body(ANSWER))])) == expected


def test_a_phrase_of_many_is_no_evidence() -> None:
    """What more than 60 messages say proves nothing; what 60 say still counts."""
    few = [(key, key, body(ROSES)) for key in range(FREQUENT)]
    many = [*few, (FREQUENT, FREQUENT, body(ROSES))]
    reply = (1000, 1000, body(ANSWER))

    assert pairs(solve([*few, reply]))[0] == (1000, 0)
    assert solve([*many, reply]) == NOTHING_FOUND


def test_unknown_times() -> None:
    """A message of unknown time may answer anything; it isn't answered by what has one."""
    found = solve([(1, 1, body(ROSES)), (2, None, body(ANSWER)), (3, 3, body(THIRD))])

    assert pairs(found) == [(2, 1)]


def test_nothing_and_empty_bodies() -> None:
    """No messages, or messages without text, quote nothing."""
    quoter = Quoter()
    empty = found_by(quoter)
    quoter.add(1, digest(1), 1, NOTHING)
    quoter.add(2, digest(2), None, NOTHING)

    assert (empty, found_by(quoter)) == (NOTHING_FOUND, NOTHING_FOUND)


def test_the_order_of_adding_decides_nothing() -> None:
    """Any order of arrival gives the same values."""
    bodies = [
        (1, 1, body(ROSES)),
        (2, 2, body(ANSWER)),
        (3, 3, body(THIRD)),
        (4, 3, body(THIRD)),
    ]
    expected = solve(bodies)

    for order in itertools.permutations(bodies):
        assert solve(order) == expected


# -- against the definition ------------------------------------------------------------

TEXTS = st.lists(
    st.tuples(
        st.integers(0, 3), st.lists(st.sampled_from("abc"), min_size=1, max_size=12)
    ).map(lambda line: ">" * line[0] + " ".join(line[1])),
    max_size=5,
).map("\n".join)


def spoken(one: Body) -> dict[int, set[tuple[str, ...]]]:
    """For each level its five-word runs, by the definition."""
    runs: list[tuple[int, list[str]]] = []
    for segment in one.segments:
        words = one.lines[segment.first - 1].lstrip(">").split()
        if words and runs and runs[-1][0] == segment.level:
            runs[-1][1].extend(words)
        elif words:
            runs.append((segment.level, words))
    said: dict[int, set[tuple[str, ...]]] = {}
    for level, words in runs:
        said.setdefault(level, set()).update(
            tuple(words[i : i + 5]) for i in range(len(words) - 4)
        )
    return said


@settings(max_examples=80)
@given(st.lists(TEXTS, max_size=5))
def test_counts_are_those_of_the_definition(texts: list[str]) -> None:
    """For each pair, the different shingles at level L that the other has at L - 1."""
    bodies = [body(text) for text in texts]
    said = [spoken(one) for one in bodies]
    expected = {}
    for child, parent in itertools.permutations(range(len(texts)), 2):
        common = sum(
            len(runs & said[parent].get(level - 1, set()))
            for level, runs in said[child].items()
        )
        if common:
            asked = sum(len(runs) for level, runs in said[child].items() if level)
            expected[child, parent] = (common, asked)

    found = solve([(key, 1, one) for key, one in enumerate(bodies)])

    assert {(c.child, c.parent): (c.shingles, c.asked) for c in found.cites} == expected


@settings(max_examples=80)
@given(st.lists(TEXTS, max_size=5))
def test_passages_lie_inside_their_bodies(texts: list[str]) -> None:
    """A passage and its origin lie inside their bodies, and no line is in two passages."""
    bodies = [body(text) for text in texts]

    def words(key: int, first: int, last: int) -> str:
        assert 1 <= first <= last <= len(bodies[key].lines)
        lines = bodies[key].lines[first - 1 : last]
        return " ".join(line.lstrip(">") for line in lines)

    found = solve([(key, key, one) for key, one in enumerate(bodies)])

    seen: dict[int, set[int]] = {}
    for message, first, last, origin, origin_first, origin_last in found.passages:
        assert message != origin
        assert not set(range(first, last + 1)) & seen.setdefault(message, set())
        seen[message].update(range(first, last + 1))
        here = words(message, first, last).split()
        there = words(origin, origin_first, origin_last).split()
        assert set(here) & set(there)


# -- size ------------------------------------------------------------------------------


def test_ten_thousand_copies_of_one_quote() -> None:
    """A crowd that quotes itself in one phrase costs no more than its words (D11)."""
    both = shingle(body(ROSES + ANSWER))
    quoter = Quoter()
    for key in range(10_000):
        quoter.add(key, digest(key), key, both)
    start = time.process_time()

    assert found_by(quoter) == NOTHING_FOUND
    assert time.process_time() - start < 10
