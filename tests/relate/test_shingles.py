from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.model import Body, CharsetSource, Segment, SegmentKind
from posterity.relate.shingles import (
    FORWARDED,
    LEVELS,
    LEVELS_USED,
    NOTHING,
    OCTETS_USED,
    VERSION,
    Shingles,
    shingle,
    shingle_run,
)

OWN = SegmentKind.OWN
QUOTE = SegmentKind.QUOTE


def body(*runs: tuple[int, str], kind: SegmentKind = QUOTE, frame: int = 0) -> Body:
    """A body of runs of lines, each with its level; level 0 is OWN, deeper is `kind`."""
    lines: list[str] = []
    segments = []
    for level, text in runs:
        first = len(lines) + 1
        lines.extend(text.split("\n"))
        run_kind = kind if level else OWN
        segments.append(Segment(run_kind, level, first, len(lines), frame))
    return Body(
        tuple(lines), tuple(segments), "us-ascii", CharsetSource.ASCII, False, False, ()
    )


def keys(shingles: Shingles) -> list[int]:
    return [int(key) for key in np.frombuffer(shingles.keys, "<u8")]


def statements(shingles: Shingles) -> list[int]:
    return [key for key in keys(shingles) if key]


SIX = "one two three four five six"


def test_five_words_on_end_make_a_statement() -> None:
    """Six words state two shingles; the last four words start none."""
    found = keys(shingle(body((0, SIX))))

    assert [bool(key) for key in found] == [True, True, False, False, False, False]


def test_four_words_state_nothing() -> None:
    """A line of four words is kept, and states nothing."""
    assert statements(shingle(body((0, "one two three four")))) == []


def test_a_body_without_lines() -> None:
    """No text, no shingles."""
    assert shingle(body()) == NOTHING


@pytest.mark.parametrize(
    "spelled",
    [
        "One TWO three, four -- five six!",
        "one two\nthree four\n\nfive six",
        "  one\ttwo three (four) five_six",
    ],
)
def test_case_marks_and_line_breaks_are_nothing(spelled: str) -> None:
    """A quote that was re-wrapped or re-spelled states the same."""
    assert statements(shingle(body((0, SIX)))) == statements(shingle(body((0, spelled))))


@pytest.mark.parametrize(
    ("quoted", "level"),
    [
        ("> one two three\n> four five six", 1),
        ("TC> one two three\nTC> four five six", 1),
        ("| one two three\n: four five six", 1),
        ("> > one two three\n>> four five six", 2),
        (">Ann> one two three\n> Ann> four five six", 2),
    ],
)
def test_quote_marks_are_no_words(quoted: str, level: int) -> None:
    """However it is marked, a quote states its words, one level up."""
    mark = int(LEVELS[level])
    own = [key ^ mark for key in statements(shingle(body((0, SIX))))]

    assert own == statements(shingle(body((level, quoted))))


def test_a_shingle_ends_where_the_level_changes() -> None:
    """Words of two levels never meet in one shingle."""
    mixed = body((0, "one two three"), (1, "> four five six"), (0, "seven eight"))

    assert statements(shingle(mixed)) == []


def test_lines_and_levels() -> None:
    """Each line's level and its number of words are kept."""
    found = shingle(body((0, "one two\n"), (2, ">> three"), (0, "four five six")))

    assert list(found.levels) == [0, 0, 2, 0]
    assert np.frombuffer(found.counts, "<u4").tolist() == [2, 0, 1, 3]


def test_forwarded_lines_are_marked() -> None:
    """A line of a forwarded mail says so beside its level."""
    found = shingle(body((0, "one"), (1, "> two"), frame=1))

    assert list(found.levels) == [FORWARDED, FORWARDED | 1]


@pytest.mark.parametrize(
    "kind",
    [SegmentKind.PGP_SIGNATURE, SegmentKind.PGP_KEY, SegmentKind.UUENCODE],
)
def test_armour_holds_no_words(kind: SegmentKind) -> None:
    """Keys, signatures and encoded files state nothing, and no line is lost by it."""
    found = shingle(body((1, SIX + "\n" + SIX), kind=kind))

    assert (found.keys, len(found.levels)) == (b"", 2)


def test_deep_quotes_are_read_as_the_deepest() -> None:
    """Levels end at LEVELS_USED."""
    found = shingle(body((LEVELS_USED + 20, ">" * 51 + SIX)))

    assert list(found.levels) == [LEVELS_USED]


def test_what_lies_beyond_the_limit_is_not_cut() -> None:
    """Of an enormous body the first OCTETS_USED octets count; its lines all do."""
    found = shingle(body((0, "\n".join(["word " * 200] * 2000))))

    assert len(found.keys) // 8 == OCTETS_USED * 200 // (200 * 5 + 1) + 1
    assert len(found.levels) == 2000


@pytest.mark.parametrize(
    "text", ["\ud800 lone", "a\nb", "naïve café", "日本語 テキスト", "\0"]
)
def test_any_text_is_cut(text: str) -> None:
    """Surrogates, stray line ends, NUL and other scripts do no harm."""
    odd = Body(
        (text,), (Segment(OWN, 0, 1, 1, 0),), "", CharsetSource.UTF8, False, False, ()
    )

    assert len(shingle(odd).levels) == 1


def test_bodies_cut_together_are_cut_as_alone() -> None:
    """In a run of bodies no shingle spans two, and each has its own lines and words."""
    bodies = [
        body((0, "one two three")),
        body((0, "four five six seven eight nine"), (1, "> " + SIX)),
        body((0, "")),
        body((0, "\n".join(["word " * 200] * 1100))),
        body((0, SIX)),
    ]
    alone = [shingle(one) for one in bodies]

    together = shingle_run(bodies)

    assert together.keys.tobytes() == b"".join(one.keys for one in alone)
    assert together.counts.tobytes() == b"".join(one.counts for one in alone)
    assert together.levels.tobytes() == b"".join(one.levels for one in alone)
    assert together.words.tolist() == [len(one.keys) // 8 for one in alone]
    assert together.lines.tolist() == [len(one.levels) for one in alone]


def test_values_are_what_they_were() -> None:
    """Kept shingles stay comparable: these values may change only with VERSION."""
    found = keys(shingle(body((1, "> Whereof one cannot speak, thereof be silent"))))

    assert (VERSION, f"{found[0]:016x}") == (1, "5d4dade5f13f7f0f")


WORDS = st.lists(st.sampled_from(["a", "bb", "Ccc", "d1", "it's"]), max_size=30)


@settings(max_examples=100)
@given(WORDS, WORDS)
def test_shingles_are_equal_where_words_are(one: list[str], other: list[str]) -> None:
    """Two shingles have one value just where their five words are the same."""

    def table(words: list[str]) -> dict[tuple[str, ...], int]:
        cut = keys(shingle(body((0, " ".join(words)))))
        lower = [word.lower() for word in words]
        return {tuple(lower[i : i + 5]): cut[i] for i in range(len(words) - 4)}

    ours, theirs = table(one), table(other)

    assert len(set(ours.values())) == len(ours)
    for words, value in ours.items():
        assert (words in theirs) == (value in theirs.values())
