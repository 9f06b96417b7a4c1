"""People against a grouping of real spellings that a person made."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from posterity.model import Mailbox, PersonEvidence
from posterity.parse.addresses import read_addresses
from posterity.relate.people import Spelling, join_people

pytestmark = pytest.mark.corpus


def test_no_wrong_join_and_nearly_all_right_ones(corpus: Path) -> None:
    """Impostors stay apart, and of the pairs a person made nineteen in twenty are made."""
    path = corpus / "cypherpunks" / "truth" / "people.tsv"
    lines = path.read_text(encoding="utf-8").split("\n")
    table = [line.split("\t") for line in lines if line and not line.startswith("#")]
    rows = []
    for written, _, posts, *_ in table:
        box = next(a for a in read_addresses(written)[0] if isinstance(a, Mailbox))
        rows.append(Spelling(written, box.display_name, box.address, int(posts), None))
    person = {
        a.spelling.from_as_written: g.person for g in join_people(rows) for a in g.spellings
    }
    right = wrong = missed = 0
    for one, other in itertools.combinations(table, 2):
        same = one[1] == other[1] and "apart" not in one[3:] + other[3:]
        joined = person[one[0]] == person[other[0]]
        right += same and joined
        wrong += joined and not same
        missed += same and not joined
    assert (wrong, right > 0.95 * (right + missed)) == (0, True)


def test_shared_addresses_of_real_mail_are_seen(corpus: Path) -> None:
    """The list owner's address in the table is told for shared without being told."""
    path = corpus / "cypherpunks" / "truth" / "people.tsv"
    owner = [
        line
        for line in path.read_text(encoding="utf-8").split("\n")
        if line[:6] == "owner-"
    ]
    rows = [
        Spelling(line.split("\t")[0], "", line.split("\t")[0], 1, None) for line in owner
    ]
    evidence = [a.evidence for g in join_people(rows) for a in g.spellings]
    assert evidence == [PersonEvidence.SHARED]
