"""Stamps, dates and people against real mail with known answers."""

from __future__ import annotations

import hashlib
import lzma
import re
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import compat32
from pathlib import Path
from typing import NamedTuple

import pytest

from posterity.model import DateEvidence, Digest
from posterity.relate.dates import DateRow, believe, zone_text
from posterity.relate.stamps import stamp

pytestmark = pytest.mark.corpus

SEPARATOR = b"From cypherpunks@MHonArc.venona  Wed Dec 17 23:17:14 2003\r\n"


class Letter(NamedTuple):
    """What the tests need of a message."""

    digest: str
    utc: int | None
    stamped: int | None
    kind: str
    raw_date: str
    message_id: str


def truth(corpus: Path) -> dict[str, tuple[int | None, int | None, str]]:
    path = corpus / "cypherpunks" / "truth" / "dates.tsv"
    lines = path.read_text(encoding="utf-8").split("\n")
    table = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {
        r[0]: (int(r[1]) if r[1] else None, int(r[2]) if r[2] else None, r[3])
        for r in table
    }


def letters(corpus: Path, year: int) -> Iterator[Letter]:
    known = truth(corpus)
    dump = lzma.decompress((corpus / "cypherpunks" / f"cyp-{year}.txt.xz").read_bytes())
    for octets in dump.split(SEPARATOR)[1:]:
        digest = hashlib.sha256(octets).hexdigest()
        head = message_from_bytes(octets.partition(b"\r\n\r\n")[0], policy=compat32)
        utc, stamped, kind = known[digest]
        date, message_id = str(head["Date"]), str(head["Message-ID"])
        yield Letter(digest, utc, stamped, kind, re.sub(r"\s+", " ", date), message_id)


@pytest.fixture(scope="module")
def year_1993(corpus: Path) -> list[Letter]:
    return list(letters(corpus, 1993))


def rows(mail: list[Letter]) -> list[DateRow]:
    return [
        DateRow(
            place, Digest(m.digest), m.utc, None if m.utc is None else 0,
            zone_text(m.raw_date), message_ids=(m.message_id,), position=place,
        )
        for place, m in enumerate(mail)
    ]  # fmt: skip


def test_stamps_agree_with_an_independent_reading(year_1993: list[Letter]) -> None:
    """Every time that another program found in the Message-IDs is found, and equal."""
    differing = Counter(
        m.kind
        for m in year_1993
        if m.stamped is not None
        and (s := stamp(m.message_id)) is not None
        and s.utc != m.stamped
    )
    missing = sum(m.stamped is not None and stamp(m.message_id) is None for m in year_1993)
    assert (differing, missing) == (Counter(), 0)


def test_more_is_found_than_was_known(year_1993: list[Letter]) -> None:
    """The table's makers leave more than a fifth of the ids, ours less than a tenth."""
    found = sum(stamp(m.message_id) is not None for m in year_1993)
    known = sum(m.stamped is not None for m in year_1993)
    assert (known < 0.8 * len(year_1993), found > 0.9 * len(year_1993)) == (True, True)


def test_no_date_of_real_mail_is_repaired_without_cause(year_1993: list[Letter]) -> None:
    """A whole year of good mail keeps its published times to the second."""
    found = believe(rows(year_1993))
    moved = [m.digest for k, m in enumerate(year_1993) if m.utc and found[k].utc != m.utc]
    assert (moved, {b.evidence for b in found.values()}) == (
        [],
        {DateEvidence.DATE, DateEvidence.UNKNOWN},
    )


@pytest.mark.parametrize("hours", [13, -13])
def test_a_falsified_run_is_found_in_real_mail(year_1993: list[Letter], hours: int) -> None:
    """1,500 real messages moved by 13 hours come back, and nothing else moves."""
    good, run = rows(year_1993), range(4000, 5500)
    bad = [
        r._replace(utc=r.utc + hours * 3600) if r.key in run and r.utc else r for r in good
    ]
    found = believe(bad)
    assert [k for k, r in enumerate(good) if r.utc and found[k].utc != r.utc] == []
    assert {k for k, b in found.items() if b.evidence is DateEvidence.REPAIRED} == set(run)


def test_an_estimate_keeps_its_bound(corpus: Path) -> None:
    """In the dump that kept its order, estimates are hours off and say so honestly."""
    mail = rows(list(letters(corpus, 1992)))
    errors, held = [], 0
    hidden = [r for r in mail if r.utc is not None][5:-5:10]
    for r in hidden:
        others = [
            o._replace(utc=None, message_ids=()) if o.key == r.key else o for o in mail
        ]
        found = believe(others)[r.key]
        errors.append(abs((found.utc or 0) - (r.utc or 0)))
        held += errors[-1] <= found.error
    assert (sorted(errors)[len(errors) // 2] < 3 * 3600, held > 0.9 * len(errors)) == (
        True,
        True,
    )
