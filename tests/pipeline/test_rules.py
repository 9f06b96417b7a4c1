"""Words in a text: found however they were wrapped, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.amendments import phrase_digest
from posterity.pipeline.rules import MARKER, Phrase, Words, found_in, taken_out

PHRASE = "behind the barometer in the hall"
WORD = st.text(alphabet="abcdefgh.,", min_size=1, max_size=6)
GAP = st.sampled_from([" ", "  ", "\n", "\n> ", "\n>> ", "\n  ", "\r\n", "\r\n> "])


@pytest.mark.parametrize(
    "text",
    [
        "It is behind the barometer in the hall, I think.",
        "> It is BEHIND the\n> barometer in\n> the hall, I think.",
        "TC> It is behind the\nTC> barometer in the hall, I think.",
        "It is behind <b>the&nbsp;barometer</b> in<br>\nthe hall, I think.",
    ],
)
def test_words_are_found_however_they_stand(text: str) -> None:
    """Wrapped, quoted, marked up; what stands around them stays, and so do line ends."""
    left = taken_out(text, [Words(PHRASE)])

    assert text.count("\n") == left.count("\n")
    assert "barometer" not in left
    assert MARKER in left
    assert left.endswith(", I think.")


@given(st.lists(WORD, min_size=1, max_size=8), st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_taken_out_is_not_found_again(
    words: list[str], data: st.DataObject
) -> None:
    """By the words themselves; lines keep their numbers."""
    gaps = [data.draw(GAP) for _ in words]
    text = (
        "Before.\n"
        + "".join(word + gap for word, gap in zip(words, gaps, strict=True))
        + "\nAfter."
    )
    left = taken_out(text, [Words(" ".join(words))])

    assert not found_in(left, [Words(" ".join(words), whole=True)]) or "redacted" in left
    assert text.count("\n") == left.count("\n")


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_a_phrase_by_digest_is_found_where_its_words_are(around: str) -> None:
    """Without the words being told."""
    rule = Phrase(*phrase_digest(PHRASE))

    assert found_in(f"{around} {PHRASE}. {around}", [rule])
    assert not found_in(f"{around} {taken_out(PHRASE, [rule])}", [rule])


def test_a_long_text_of_blanks_is_searched_in_no_time() -> None:
    """No text can make the search slow."""
    assert not found_in("behind" + " \n > " * 40_000 + "x", [Words(PHRASE)])
