from __future__ import annotations

import itertools
import time
from collections.abc import Iterable

import numpy as np
import pytest

from posterity.model import (
    Body,
    CharsetSource,
    CopyEvidence,
    Evidence,
    Segment,
    SegmentKind,
)
from posterity.relate.copies import (
    Copy,
    Fingerprint,
    Letter,
    copy_witnesses,
    find_copies,
    fingerprint,
    similarity,
)
from posterity.relate.shingles import NOTHING, U64, shingle
from posterity.relate.witnesses import CITED, LAST, Witness

DAY = 86_400
WORDS = [f"word{i}" for i in range(200)]
TEXT = " ".join(WORDS)


def body(text: str) -> Body:
    lines = tuple(text.split("\n"))
    whole = Segment(SegmentKind.OWN, 0, 1, len(lines), 0)
    return Body(lines, (whole,), "us-ascii", CharsetSource.ASCII, False, False, ())


Case = tuple[Letter, U64]
"""A letter and its statements."""


def letter(key: int, text: str, day: float | None, author: str = "ann@example.org") -> Case:
    read = body(text)
    cut = shingle(read)
    one = Letter(
        key,
        None if day is None else int(day * DAY),
        author,
        fingerprint(read, cut),
        len(cut.keys) // 8,
    )
    return one, stated(text)


def stated(text: str) -> U64:
    keys = np.frombuffer(shingle(body(text)).keys, np.uint64)
    return np.unique(keys[keys != 0])


def by_time(case: Case) -> tuple[int, int]:
    one, _ = case
    return LAST if one.utc is None else one.utc, one.key


def copies(letters: Iterable[Case]) -> list[Copy]:
    cases = sorted(letters, key=by_time)
    statements = {letter.key: keys for letter, keys in cases}
    return find_copies([letter for letter, _ in cases], statements.__getitem__)


def rows(letters: Iterable[Case]) -> list[tuple[int, int, CopyEvidence]]:
    return [(copy.key, copy.first, copy.evidence) for copy in copies(letters)]


SAME = CopyEvidence.TEXT
NEAR = CopyEvidence.SHINGLES
CASES = {
    "the same text": (TEXT, 1, "ann@example.org", SAME),
    "other white space": (TEXT.replace(" ", "\n  ") + "\n\n", 1, "ann@example.org", SAME),
    "after just seven days": (TEXT, 8, "ann@example.org", SAME),
    "after more than seven days": (TEXT, 8.1, "ann@example.org", None),
    "another sender": (TEXT, 1, "bob@example.org", None),
    "no sender": (TEXT, 1, "", None),
    "unknown time": (TEXT, None, "ann@example.org", None),
    "one word changed": (TEXT.replace("word77 ", "other "), 1, "ann@example.org", NEAR),
    "words added at the end": (TEXT + " and that is all", 1, "ann@example.org", NEAR),
    "a tenth added": (TEXT + " x".join(WORDS[:30]), 1, "ann@example.org", None),
    "half of it": (" ".join(WORDS[:100]), 1, "ann@example.org", None),
    "other marks": (TEXT.replace(" ", ", "), 1, "ann@example.org", NEAR),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_a_copy(name: str) -> None:
    """The same sender, nearly the same text, within seven days."""
    text, day, author, expected = CASES[name]

    found = rows([letter(1, TEXT, 1), letter(2, text, day, author)])

    assert found == ([] if expected is None else [(2, 1, expected)])


def test_a_few_words_are_no_evidence() -> None:
    """A letter of four words, sent twice, is two letters."""
    text = "Please unsubscribe me now"

    assert rows([letter(1, text, 1), letter(2, text, 1)]) == []


def test_copies_of_copies_name_the_first() -> None:
    """A letter sent each Sunday is one group under its first, however long it goes on."""
    letters = [letter(key, TEXT, 7 * key) for key in range(4)]

    assert rows(letters) == [(1, 0, SAME), (2, 0, SAME), (3, 0, SAME)]


def test_the_order_of_arrival_decides_nothing() -> None:
    """The first is the earliest, whoever came first."""
    letters = [
        letter(1, TEXT, 3),
        letter(2, TEXT, 2),
        letter(3, TEXT + " end", 1),
        letter(4, "x " * 9, 1),
    ]
    expected = copies(letters)

    assert [copy.first for copy in expected] == [3, 3]
    for order in itertools.permutations(letters):
        assert copies(order) == expected


def test_similarity_is_that_of_sets() -> None:
    """Shared shingles of all: 195 of 197 for two words more; nothing for nothing."""
    more = stated(TEXT + " two more")

    assert similarity(stated(TEXT), more) == round(196 / 198, 4)
    assert similarity(stated(""), stated("")) == 0.0


def test_an_empty_body_has_no_fingerprint() -> None:
    """Two empty letters are not copies for it."""
    assert fingerprint(body(""), NOTHING) == Fingerprint(b"", ())


def test_links_of_one_are_links_of_all() -> None:
    """A copy that lost its In-Reply-To answers what its first copy answers, and back.

    What one of them merely cites, or is guessed to answer, is passed on to none.
    """
    copies = [Copy(2, 1, SAME, 1.0), Copy(3, 1, SAME, 1.0)]
    known = [
        Witness(1, 9, Evidence.IN_REPLY_TO, 0.9),
        Witness(3, 9, Evidence.QUOTE, 0.5),
        Witness(3, 2, Evidence.QUOTE, 0.9),
        Witness(7, 1, Evidence.QUOTE, 0.9),
        Witness(1, 8, Evidence.QUOTE, CITED),
        Witness(1, 6, Evidence.SUBJECT, 0.94),
    ]

    found = copy_witnesses(copies, known)

    assert sorted((w.child, w.parent, round(w.strength, 3)) for w in found) == [
        (1, 9, 0.49),
        (2, 9, 0.882),
        (3, 9, 0.882),
    ]
    assert {w.evidence for w in found} == {Evidence.COPY}


def test_a_crowd_of_one_sender() -> None:
    """Ten thousand letters of a sender who says nearly the same cost no square (D11)."""
    same = letter(0, TEXT + " 1 2 3", 1)
    other = letter(0, " ".join(WORDS[:150]), 1)
    letters = [
        (pair[0]._replace(key=key), pair[1])
        for key in range(10_000)
        for pair in [same if key % 2 else other]
    ]
    start = time.process_time()

    assert len(copies(letters)) == 9_998
    assert time.process_time() - start < 10
