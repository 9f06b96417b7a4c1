"""Times of a list that grows: what is believed of it is what is believed of it whole."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pytest

from posterity.model import Digest
from posterity.relate.dates import Believed, DateRow, believe, is_silent
from posterity.relate.redated import Found, believe_again
from posterity.relate.witnesses import LAST

HOUR = 3_600
DAY = 24 * HOUR
START = 800_000_000


def rows(chance: random.Random, number: int) -> dict[int, DateRow]:
    """Messages of three sources, in order of arrival; some say nothing of their time."""
    found: dict[int, DateRow] = {}
    for key in range(1, number + 1):
        time = START + key * 5 * HOUR + chance.randrange(-DAY, DAY)
        telling = chance.random()
        stamped = f"{time + chance.choice((30, 90 * DAY))}.1@example.org"
        found[key] = DateRow(
            key=key,
            digest=Digest(f"{key * 7919 % 1009:064x}"),
            utc=None if telling < 0.2 else time + (200 * DAY if telling < 0.25 else 0),
            offset=chance.choice((0, None)),
            received=(time + HOUR,) if telling < 0.05 else (),
            message_ids=(f"12.{stamped}",) if chance.random() < 0.2 else (),
            source=chance.choice(("a", "b", "c")),
            position=key,
            parent=chance.randrange(1, number) if chance.random() < 0.5 else None,
        )
    return found


def found_in(rows: Iterable[DateRow]) -> Found:
    """Where rows were found, and what they answer."""
    told = sorted(
        (row.key, ord(row.source), row.position, LAST if row.parent is None else row.parent)
        for row in rows
    )
    return Found(*np.array(told, np.int64).reshape(-1, 4).T)


def believed_again(
    rows: Sequence[DateRow], was: Sequence[DateRow], believed: dict[int, Believed]
) -> tuple[dict[int, Believed], list[int]]:
    """What is believed of every row, and the rows that were asked for."""
    by_key = {row.key: row for row in rows}
    asked: list[int] = []

    def rows_of(keys: Collection[int]) -> list[DateRow]:
        asked.extend(sorted(keys))
        return [by_key[key] for key in sorted(keys)]

    def of(keys: Collection[int]) -> dict[int, Believed]:
        return {key: believed[key] for key in keys if key in believed}

    before = found_in(was)
    silent = np.array([is_silent(believed[key]) for key in before.keys.tolist()], np.bool_)
    found = believe_again(rows_of, found_in(rows), before, silent, of)
    return believed | found, asked


@pytest.mark.parametrize("seed", range(60))
def test_a_list_that_grows(seed: int) -> None:
    """New messages, other parents, and messages first found in another source."""
    chance = random.Random(seed)
    now: dict[int, DateRow] = {}
    was: list[DateRow] = []
    believed: dict[int, Believed] = {}
    whole = rows(chance, 60)
    for at in range(0, 60, 12):
        keys = list(whole)[at : at + 12]
        now |= {key: whole[key] for key in keys}
        for key in chance.sample(sorted(now), 1 if at else 0):
            now[key] = now[key]._replace(parent=chance.choice((None, *now)))
        if at and chance.random() < 0.3:
            key = chance.choice(sorted(now))
            now[key] = now[key]._replace(source=chance.choice(("a", "b", "c", "d")))
        held = [
            row._replace(parent=row.parent if row.parent in now else None)
            for row in now.values()
        ]

        believed, _ = believed_again(held, was, believed)

        assert believe(held) == believed
        was = held


def test_a_source_that_nothing_came_to_is_left_alone() -> None:
    """Where all messages tell their own times, only the new source is weighed."""
    one = [DateRow(n, Digest(f"{n:064x}"), START + n, 0, source="a") for n in range(50)]
    two = [DateRow(n, Digest(f"{n:064x}"), START + n, 0, source="b") for n in range(50, 60)]

    found, asked = believed_again([*one, *two], one, believe(one))

    assert believe([*one, *two]) == found
    assert [row.key for row in two] == asked
