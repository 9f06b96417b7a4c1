"""Base subjects: the case table, RFC 5256's own invariants, size, any text at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.parse.subjects import base_subject

Linear = Callable[..., None]
CASES = json.loads(
    (Path(__file__).parents[1] / "data" / "subjects.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"] or "empty")
def test_every_form_of_subject(case: dict[str, Any]) -> None:
    """The base, and whether it is a reply's."""
    assert (case["base"], case["reply"]) == base_subject(case["input"])


PIECES = st.sampled_from(
    [
        "Re: ",
        "re",
        ":",
        "Fwd: ",
        "[Fwd: ",
        "]",
        "[list] ",
        "[",
        "(fwd)",
        " ",
        "tides",
        "AW: ",
        "Re[2]: ",
        ">",
        "é",
        "\x00",
        "\t",
        "\u017f",
        "\u0130",
    ]
)
ANYTHING = st.one_of(st.text(), st.lists(PIECES, max_size=15).map("".join))


@given(ANYTHING)
@settings(max_examples=500)
def test_the_base_of_a_base_is_itself(text: str) -> None:
    """Nothing more can be taken off, and white space is folded."""
    base, _ = base_subject(text)

    assert base == base_subject(base)[0]
    assert base == " ".join(base.split())


@given(ANYTHING)
@settings(max_examples=300)
def test_a_reply_to_a_subject_has_its_base(text: str) -> None:
    """Re: and (fwd) change nothing but that it is a reply."""
    base, _ = base_subject(text)

    assert (base, True) == base_subject(f"Re: {text} (fwd)")


BOMBS = [
    "Re: ",
    "Re:",
    "[a]",
    "[a] Re: ",
    "[fwd: ",
    "(fwd)",
    "[",
    "[a",
    "Re[",
    "[fwd: (fwd)",
]
BOMBS += [" ", "[fwd:]", "]", ":", "re", "[[]", "Re [a] ", "Re "]


@pytest.mark.parametrize("bomb", BOMBS)
def test_d5_a_megabyte_costs_what_it_weighs(linear: Linear, bomb: str) -> None:
    """D5: twice the subject takes about twice as long; a megabyte is read."""
    base_subject(bomb * (1_000_000 // len(bomb)))
    linear(lambda length: bomb * (length // len(bomb)), base_subject, 32_000)


def test_a_megabyte_of_forwards_is_unwrapped() -> None:
    """160,000 brackets around one word; no recursion."""
    count = 160_000

    assert ("tides", False) == base_subject("[fwd: " * count + "tides" + "]" * count)
