"""Witnesses kept as columns, and as the catalogue has them."""

from __future__ import annotations

from posterity.model import Evidence
from posterity.pipeline.columns import Columns
from posterity.pipeline.witnessed import packed, unpacked, witness_rows
from posterity.relate.witnesses import CITED, Witness

HEADER = Witness(9, 1, Evidence.IN_REPLY_TO, 0.94)
SUBJECT = Witness(9, 4, Evidence.SUBJECT, 0.35, "same subject")
QUOTES = [
    Witness(12, 9, Evidence.QUOTE, 0.9, "quotes 1 line"),
    Witness(9, 2, Evidence.QUOTE, 0.99, "quotes 4 lines"),
    Witness(9, 3, Evidence.QUOTE, 0.9, "quotes 1 line"),
    Witness(8, 4, Evidence.QUOTE, CITED, "quotes 2 lines"),
    Witness(-3, 12, Evidence.QUOTE, 0.9, "quotes 1 line"),
    Witness(-3, 9, Evidence.QUOTE, 0.9, "quotes 7 lines"),
]


def kept() -> Columns:
    """All of them as columns."""
    return {
        **packed("headers", [HEADER]),
        **packed("subjects", [SUBJECT]),
        **packed("quotes", QUOTES),
    }


def test_each_kind_stands_alone() -> None:
    """The strongest of each kind, then the earlier parent; what is only cited is none."""
    assert list(witness_rows(kept())) == [
        (-3, "quote", 9, 0.9, "quotes 7 lines"),
        (9, "header", 1, 0.94, ""),
        (9, "subject", 4, 0.35, "same subject"),
        (9, "quote", 2, 0.99, "quotes 4 lines"),
        (12, "quote", 9, 0.9, "quotes 1 line"),
    ]


def test_some_children() -> None:
    """Those of some children are those that these have among all."""
    every = list(witness_rows(kept()))

    found = list(witness_rows(kept(), {9, 8, 77}))

    assert found == [row for row in every if row[0] == 9]


def test_none_at_all() -> None:
    """A list of which nothing is known has no rows."""
    nothing = {**packed("headers", []), **packed("subjects", []), **packed("quotes", [])}

    assert list(witness_rows(nothing)) == []


def test_as_they_were_kept() -> None:
    """Columns give back what was packed, in its order."""
    assert unpacked("quotes", kept()) == QUOTES
