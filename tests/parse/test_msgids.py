"""Message-IDs: the case table, the limits, size, any text at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.defects import DefectCode
from posterity.parse.msgids import REFERENCES_USED, in_reply_to, message_ids, references

Linear = Callable[..., None]
CASES = json.loads((Path(__file__).parents[1] / "data" / "msgids.json").read_text("utf-8"))


def references_only(text: str) -> tuple[str, ...]:
    """The ids of a References field, without its defects."""
    return references(text)[0]


READERS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "Message-ID": message_ids,
    "In-Reply-To": in_reply_to,
    "References": references_only,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["note"])
def test_every_form_of_id(case: dict[str, Any]) -> None:
    """P18 and more: the ids, and no person's address among them."""
    assert tuple(case["ids"]) == READERS[case["field"]](case["input"])


def test_the_root_and_the_last_references_are_used() -> None:
    """Of 5,000 ids the first and the last 999, and a defect that says how many."""
    ids = [f"{n}@example.org" for n in range(5_000)]
    used, defects = references(" ".join(f"<{name}>" for name in ids))

    assert (ids[0], *ids[-REFERENCES_USED + 1 :]) == used
    assert [(DefectCode.TOO_MANY_REFERENCES, "", "5000 ids")] == [*map(tuple, defects)]


def test_as_many_references_as_are_used_are_no_defect() -> None:
    """The limit itself is within the limit; repeated ids do not count."""
    text = "".join(f"<{n}@example.org> " for n in range(REFERENCES_USED)) * 2
    used, defects = references(text)

    assert (REFERENCES_USED, ()) == (len(used), defects)


IDS = st.text("abcdefghijklmnop0123456789.$%+-_/=", min_size=1, max_size=20)


@given(st.lists(st.tuples(IDS, IDS), max_size=8, unique=True))
@settings(max_examples=200)
def test_ids_come_back_as_they_were_written(pairs: list[tuple[str, str]]) -> None:
    """A References field of sane ids, folded, gives these ids in order."""
    ids = tuple(f"{left}@{right}" for left, right in pairs)

    assert (ids, ()) == references("\r\n\t".join(f"<{name}>" for name in ids))


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "a1@b.example",
        "ann@example.org",
        " ",
        '"',
        "(",
        ")",
        "\\",
        "'s",
        "from",
        "of",
        "message ",
        "\r\n ",
        "\x1c",
        ",",
        ";",
        "@",
        "1",
        "é",
        "\x00",
    ]
)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
@given(text=st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join)))
@settings(max_examples=300)
def test_any_text_gives_ids(reader: Callable[[str], tuple[str, ...]], text: str) -> None:
    """Never an exception; no id is empty, has brackets, or stands twice."""
    ids = reader(text)

    assert len(ids) == len(set(ids))
    assert all(name and "<" not in name and ">" not in name for name in ids)


BOMBS = [
    "<",
    ">",
    '"',
    '<"',
    '<"a',
    '<\\"',
    "<a@b>",
    "a@b ",
    "<a@b ",
    "(",
    "<(",
    "a ",
    "\\",
]
BOMBS += ["<@", "x <a@b>", "<(a b)@x>", "@", "a", " "]


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_d5_d8_time_grows_with_the_text(
    linear: Linear, reader: Callable[[str], tuple[str, ...]], bomb: str
) -> None:
    """D5, D8: twice the text takes about twice as long."""
    linear(lambda length: bomb * (length // len(bomb)), reader, 16_000)
