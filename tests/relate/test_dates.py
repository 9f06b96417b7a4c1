"""Published times: witnesses weighed, wrong clocks repaired, unknown dates estimated."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.model import DateEvidence, Digest
from posterity.relate.dates import Believed, DateRow, believe, zone_text

HOUR = 3600
DAY = 24 * HOUR
START = 780_000_000  # September 1994
ZONE = 14 * HOUR


def row(key: int, utc: int | None, **other: object) -> DateRow:
    """A row found at place `key` of one source, with a known zone."""
    zone, source = "-0800 (PST)", "list.mbox"
    plain = DateRow(key, Digest(f"{key:064x}"), utc, 0, zone, source=source, position=key)
    return plain._replace(**other)  # type: ignore[arg-type]


def sendmail(utc: int, host: int) -> str:
    made = datetime.fromtimestamp(utc, UTC)
    return f"<{made:%Y%m%d%H%M}.AA{host:05}@lab{host % 40}.org>"


def traffic(number: int, seed: int = 7, slowest: int = 600) -> list[DateRow]:
    """A list's mail, in order of arrival: two in three ids bear a UTC time."""
    chance = random.Random(seed)
    now, rows = START, []
    for key in range(number):
        now += chance.randrange(60, 1800)
        sent = now - chance.randrange(10, slowest)
        known = chance.random() < 0.66
        ids = (sendmail(sent, chance.randrange(99999)),) if known else (f"<{key}@lab.org>",)
        rows.append(row(key, now, message_ids=ids))
    return rows


def shifted(rows: list[DateRow], run: range, seconds: int) -> list[DateRow]:
    return [
        r._replace(utc=r.utc + seconds) if r.key in run and r.utc is not None else r
        for r in rows
    ]


def repaired(found: dict[int, Believed]) -> set[int]:
    return {key for key, b in found.items() if b.evidence is DateEvidence.REPAIRED}


def test_good_data_comes_back_as_it_is() -> None:
    """Where the witnesses agree no date is touched and nothing is remarked."""
    rows = traffic(1000)
    expected = {r.key: Believed(r.utc, DateEvidence.DATE, 0, "") for r in rows}
    assert believe(rows) == expected


@pytest.mark.parametrize("hours", [13, -13, 1.5, -5.5])
def test_a_clock_with_the_wrong_zone_is_found_and_set_right(hours: float) -> None:
    """1,500 messages of a machine with the wrong zone get their time back, no others."""
    rows, run = traffic(4000), range(1200, 2700)
    found = believe(shifted(rows, run, int(hours * HOUR)))
    wrong = {k for k in repaired(found) if found[k].utc != rows[k].utc}
    assert (len(repaired(found) - set(run)), wrong) == (0, set())
    assert len(repaired(found)) >= 1490


def test_a_repair_says_what_was_wrong_and_who_says_so() -> None:
    """A reader sees that the date was repaired, by how much and on what evidence."""
    found = believe(shifted(traffic(600), range(200, 500), -13 * HOUR))
    words = found[300].detail.split(": ")
    assert (words[0], words[1].endswith("Message-IDs around it say so")) == (
        "its clock was 13 h slow",
        True,
    )


def test_one_clock_of_two_is_wrong() -> None:
    """Messages of another zone string among the wrong ones are left alone."""
    rows = [r._replace(zone="+0100" if r.key % 5 == 0 else "PDT") for r in traffic(2000)]
    wrong = {r.key for r in rows if r.zone == "PDT" and 500 <= r.key < 1500}
    given_ = [
        r._replace(utc=(r.utc or 0) - 8 * HOUR) if r.key in wrong else r for r in rows
    ]
    found = believe(given_)
    assert (repaired(found) - wrong, len(repaired(found)) > 780) == (set(), True)


def test_a_stuck_queue_is_no_wrong_clock() -> None:
    """Mail that all came hours late, and at once, keeps its dates."""
    rows = traffic(900)
    opened = rows[500].utc
    late = [r._replace(utc=opened) if 440 <= r.key < 500 else r for r in rows]
    assert repaired(believe(late)) == set()


def test_slow_mail_does_not_hide_a_step() -> None:
    """Where mail takes up to eight hours, the leap and the fall of time still tell."""
    rows, run = traffic(4000, slowest=8 * HOUR), range(1200, 2700)
    found = believe(shifted(rows, run, 13 * HOUR))
    assert repaired(found) == set(run)
    assert [found[r.key].utc for r in rows] == [r.utc for r in rows]


@pytest.mark.parametrize(
    ("changed", "seconds"),
    [
        (range(1200, 1210), 13 * HOUR),  # too few to prove
        (range(1200, 1201), -DAY),
        (range(1200, 2700), 3 * HOUR),  # no more than slow mail's own pace
    ],
)
def test_slow_mail_proves_little(changed: range, seconds: int) -> None:
    """What could be the weather of the network leaves every date as it is."""
    rows = shifted(traffic(4000, slowest=8 * HOUR), changed, seconds)
    assert repaired(believe(rows)) == set()


def test_an_outage_is_no_step() -> None:
    """A day without mail and a message out of order are not taken for a wrong clock."""
    rows = shifted(traffic(3000, slowest=8 * HOUR), range(1500, 3000), 13 * HOUR)
    late = rows[2000]._replace(utc=(rows[1999].utc or 0) - 12 * HOUR)
    rows[2000] = late._replace(message_ids=("<x@lab.org>",))
    rows = [
        r._replace(message_ids=(sendmail((r.utc or 0) - r.key % 100, r.key),))
        if r.message_ids[0].count("AA")
        else r
        for r in rows
    ]
    assert repaired(believe(rows)) == set()


def test_one_hosts_word_is_not_enough() -> None:
    """A single program with a wrong clock in its ids cannot move anybody's date."""
    rows = [
        r._replace(message_ids=(sendmail((r.utc or 0) - 8 * HOUR, 5),))
        for r in traffic(300)
    ]
    assert repaired(believe(rows)) == set()


def test_local_stamps_are_no_witness_of_a_zone() -> None:
    """Pine writes the sender's time: it proves no zone wrong."""
    rows = [
        r._replace(message_ids=(f"<Pine.X.3.91.94091{d}120000.1A-100000@lab{r.key}.org>",))
        for r in traffic(300)
        for d in [r.key % 10]
    ]
    assert repaired(believe(rows)) == set()


RECEIVED = (START + 60, START + 30)
NO_DATE = row(0, None)
DATED = row(0, START, received=RECEIVED)


@pytest.mark.parametrize(
    ("given_", "utc", "evidence", "error"),
    [
        (row(0, START), START, DateEvidence.DATE, 0),
        (row(0, START, offset=None, error=ZONE), START, DateEvidence.ZONE_ASSUMED, ZONE),
        (DATED, START, DateEvidence.DATE, 0),
        (DATED._replace(utc=None), START + 30, DateEvidence.RECEIVED, 0),
        (DATED._replace(utc=START + 3 * DAY), START + 30, DateEvidence.RECEIVED, 0),
        (DATED._replace(utc=START + HOUR), START + HOUR, DateEvidence.DATE, 0),
        (DATED._replace(utc=START - 30 * DAY), START - 30 * DAY, DateEvidence.DATE, 0),
        (DATED._replace(utc=START - 900 * DAY), START + 30, DateEvidence.RECEIVED, 0),
        (DATED._replace(utc=0), START + 30, DateEvidence.RECEIVED, 0),
        (row(0, START + 99999 * DAY), None, DateEvidence.UNKNOWN, 0),
        (row(0, -2_000_000_000), None, DateEvidence.UNKNOWN, 0),
        (row(0, None, envelope=START), None, DateEvidence.UNKNOWN, 0),
        (
            row(0, None, message_ids=("<1@x>", sendmail(START, 1))),
            START,
            DateEvidence.ESTIMATED,
            60,
        ),
        (NO_DATE, None, DateEvidence.UNKNOWN, 0),
    ],
)
def test_one_message_by_its_own_witnesses(
    given_: DateRow, utc: int | None, evidence: DateEvidence, error: int
) -> None:
    """Date, else Received, else what the id says, else unknown: never 1970, never now."""
    found = believe([given_], now=START + 100 * DAY)[0]
    assert found[:3] == (utc, evidence, error)


def test_an_impossible_date_is_named() -> None:
    """A page filed by Received tells how far off its Date is."""
    found = believe([row(0, START + 3 * DAY, received=RECEIVED)])[0]
    assert found.detail == "the earliest Received field; its Date is 2 days after that"


def test_envelopes_count_where_they_differ() -> None:
    """An mbox filled as mail came in dates a message; an export's envelopes do not."""
    alone = [row(key, None, envelope=START + key) for key in range(4)]
    same = [row(key, None, envelope=START, source="export.mbox") for key in range(4, 8)]
    found = believe([*alone, *same])
    assert [found[key].evidence for key in (0, 3, 4, 7)] == [
        DateEvidence.ENVELOPE, DateEvidence.ENVELOPE,
        DateEvidence.UNKNOWN, DateEvidence.UNKNOWN,
    ]  # fmt: skip


def in_disorder(number: int) -> list[DateRow]:
    """Mail in the order of arrival, one in three a little late."""
    return [
        row(key, START + key * HOUR - (key % 3 == 0) * 5 * HOUR) for key in range(number)
    ]


def test_an_undated_message_is_estimated_from_its_neighbours() -> None:
    """`about 12 September` with a bound that holds is better than `unknown`."""
    rows = in_disorder(90)
    truth = rows[40].utc or 0
    rows[40] = rows[40]._replace(utc=None)
    found = believe(rows)[40]
    assert found.evidence is DateEvidence.ESTIMATED
    assert found.detail == "from the messages before and after it in its source"
    assert abs((found.utc or 0) - truth) <= found.error <= 12 * HOUR


def test_place_says_nothing_in_a_sorted_source() -> None:
    """What a program sorted has its undated mail at an end: its place is no evidence."""
    rows = [row(key, START + key * HOUR) for key in range(90)]
    rows[40] = rows[40]._replace(utc=None)
    assert believe(rows)[40].evidence is DateEvidence.UNKNOWN


def test_files_laid_end_to_end_are_read_as_they_were_apart() -> None:
    """What is sorted and what is not is seen around each message, whatever holds it.

    Three files, the second in order of arrival, give in one what they give apart.
    """
    middle = in_disorder(300)
    apart = [
        [row(key - 500, START + (key - 500) * HOUR) for key in range(200)],
        middle,
        [row(key + 500, START + (key + 500) * HOUR) for key in range(200)],
    ]
    for rows, undated in zip(apart, ((0, 1, 90), (40, 150, 270), (0, 1, 90)), strict=True):
        for at in undated:
            rows[at] = rows[at]._replace(utc=None)
    expected: dict[int, Believed] = {}
    for name, rows in zip("abc", apart, strict=True):
        expected.update(believe([one._replace(source=name) for one in rows]))
    together = believe(
        [
            one._replace(source="all", position=position)
            for position, one in enumerate(one for rows in apart for one in rows)
        ]
    )

    assert expected == together
    assert {40, 150, 270} == {
        key for key, one in together.items() if one.evidence is DateEvidence.ESTIMATED
    }


def test_the_ends_of_a_source_are_not_guessed() -> None:
    """With dated mail on one side only there is no bound, so there is no estimate."""
    rows = in_disorder(90)
    rows[0], rows[89] = rows[0]._replace(utc=None), rows[89]._replace(utc=None)
    found = believe(rows)
    assert (found[0].utc, found[89].utc) == (None, None)


@pytest.mark.parametrize(
    ("parent", "answer", "expected"),
    [
        (START, START + 10 * HOUR, (START + 5 * HOUR, 5 * HOUR)),
        (START, START + HOUR, (START + HOUR // 2, HOUR)),
        (START, None, (START + 36 * HOUR, 36 * HOUR)),
        (None, START, (START - 36 * HOUR, 36 * HOUR)),
        (START + DAY, START, (None, 0)),
        (None, None, (None, 0)),
    ],
)
def test_replies_bound_an_undated_message(
    parent: int | None, answer: int | None, expected: tuple[int | None, int]
) -> None:
    """A message is no older than what it answers and no younger than its answers."""
    rows = [
        row(0, parent, source="a"),
        row(1, None, parent=0, source="b"),
        row(2, answer, parent=1, source="c"),
    ]
    found = believe(rows)[1]
    assert (found.utc, found.error) == expected


def test_neighbours_are_moved_to_where_replies_allow() -> None:
    """An estimate never puts a reply before what it answers."""
    rows = in_disorder(90)
    later = START + 44 * HOUR
    rows[44] = rows[44]._replace(utc=later)
    rows[40] = rows[40]._replace(utc=None, parent=44)
    assert believe(rows)[40].utc == later


def test_what_is_odd_is_said_and_nothing_is_changed() -> None:
    """A reply dated weeks before its parent, and an old id, are flagged for the reader."""
    old = sendmail(START - 400 * DAY, 1)
    rows = [
        row(0, START),
        row(1, START - 9 * DAY, parent=0, message_ids=(old,)),
        row(2, START - DAY, parent=0),
    ]
    found = believe(rows)
    odd = (
        "dated 9 days before the message it answers",
        "the time in its Message-ID is 391 days from its date",
    )
    assert [(found[key].utc, found[key].suspect) for key in range(3)] == [
        (START, ""),
        (START - 9 * DAY, "; ".join(odd)),
        (START - DAY, ""),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Mon, 1 Jan 1996 00:00:00 -0800 (PST)", "-0800 (PST)"),
        ("Fri, 2 Oct 92 00:53:02 PDT", "PDT"),
        ("Thu Oct  1 14:35:52 PDT 1992", "PDT"),
        ("Thu Oct  1 14:35:52 1992", ""),
        ("Thu, 1 Oct 92 14:35 +0100", "+0100"),
        ("1 Oct 92 2:35 pm  EST", "EST"),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_the_zone_text_tells_clocks_apart(raw: str, expected: str) -> None:
    """Two machines that spell their zone differently are two clocks."""
    assert zone_text(raw) == expected


_TIMES = st.none() | st.integers(START, START + 50 * HOUR)
_ROWS = st.lists(
    st.tuples(_TIMES, st.sampled_from(["a", "b"]), st.none() | st.integers(0, 19), _TIMES),
    max_size=20,
)


@given(_ROWS, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_the_order_of_rows_does_not_matter(
    drawn: list[tuple[int | None, str, int | None, int | None]], chance: random.Random
) -> None:
    """Any order of import gives the same times; every message has exactly one."""
    rows = [
        row(key, utc, source=source, parent=parent, envelope=envelope)
        for key, (utc, source, parent, envelope) in enumerate(drawn)
    ]
    found = believe(rows)
    mixed = list(rows)
    chance.shuffle(mixed)
    assert believe(mixed) == found
    assert set(found) == set(range(len(rows)))
    assert all(
        (b.utc is None) == (b.evidence is DateEvidence.UNKNOWN) for b in found.values()
    )


def test_hostile_dates_take_time_in_step() -> None:
    """Thirty thousand dates that leap and fall at every step are read in seconds."""
    rows = [
        r._replace(utc=(r.utc or 0) + (13 * HOUR if r.key % 2 else 0))
        for r in traffic(30_000)
    ]
    assert len(believe(rows)) == 30_000
