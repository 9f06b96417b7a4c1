"""Dates: the case table, the rules that no table shows, and what must never happen."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from email.utils import mktime_tz, parsedate_tz
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.defects import DefectCode
from posterity.model import DateReading
from posterity.parse.dates import ZONE_ERROR, read_date
from posterity.parse.months import month_number
from posterity.parse.zones import named_zone, zone_at

Linear = Callable[..., None]
CASES = json.loads((Path(__file__).parents[1] / "data" / "dates.json").read_text("utf-8"))
UNKNOWN_IN_ITS_DUMP = re.compile(r"Tue Sep 07 12:\d\d:\d\d 1999")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


def shown(reading: DateReading) -> str | None:
    """A reading's instant as the table spells it."""
    if reading.utc is None:
        return None
    moment = dt.datetime.fromtimestamp(reading.utc, dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def codes(text: str) -> set[DefectCode]:
    """What read_date finds odd about a text."""
    return {defect.code for defect in read_date(text).defects}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"])
def test_every_shape_of_date(case: dict[str, str | int | None]) -> None:
    """P2: the right UTC second and zone, or unknown."""
    reading = read_date(str(case["input"]))

    assert (case["utc"], case["offset"]) == (shown(reading), reading.offset)


def test_the_table_is_large_enough() -> None:
    """P2 asks for 400 headers of every shape; each stands once."""
    assert len(CASES) >= 400
    assert len(CASES) == len({case["input"] for case in CASES})


@pytest.mark.parametrize("default", [0, 3600, -28800])
def test_a_date_without_zone_is_read_in_the_default(default: int) -> None:
    """Its offset stays unknown and its error is as wide as zones go."""
    reading = read_date("Tue Oct 12 08:30:00 1993", default)

    assert (750414600 - default, None, ZONE_ERROR) == reading[:3]
    assert DefectCode.NO_ZONE in {defect.code for defect in reading.defects}


def test_a_date_with_a_zone_does_not_heed_the_default() -> None:
    """The default is for naked dates only."""
    text = "Tue, 12 Oct 1993 08:30:00 -0700"

    assert read_date(text) == read_date(text, 3600)


def test_an_unknown_zone_is_read_in_the_default() -> None:
    """An invented name moves nothing by itself."""
    reading = read_date("Tue, 12 Oct 1993 08:30:00 QQQ", 3600)

    assert (750411000, None, ZONE_ERROR) == reading[:3]
    assert (DefectCode.UNKNOWN_ZONE, "QQQ") == (
        reading.defects[0][0],
        reading.defects[0][2],
    )


@pytest.mark.parametrize(
    ("zone", "error"),
    [("+0100", 0), ("PDT", 0), ("IST", 16200), ("MSK", 3600), ("K", 43200), ("ET", 3600)],
)
def test_the_error_says_how_ambiguous_a_zone_is(zone: str, error: int) -> None:
    """A number is exact; a name of two continents is as far off as the other one lies."""
    assert error == read_date(f"Tue, 12 Oct 1993 08:30:00 {zone}").error


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tue, 12 Oct 93 08:30:00 GMT", DefectCode.TWO_DIGIT_YEAR),
        ("Tue, 12 Oct 93 08:30 GMT", DefectCode.TWO_DIGIT_YEAR),
        ("Tue Oct 12 08:30:00 GMT 1993", DefectCode.OBSOLETE_DATE),
        ("Tue, 12 Okt 1993 08:30:00 +0100", DefectCode.OBSOLETE_DATE),
        ("Tue, 12 Oct 1993 08:30:00 PPE", DefectCode.OBSOLETE_DATE),
        ("Mon, 12 Oct 1993 08:30:00 GMT", DefectCode.WRONG_WEEKDAY),
        ("Monday, 12-Oct-93 08:30:00 GMT", DefectCode.WRONG_WEEKDAY),
        ("x y Tue, 12 Oct 1993 08:30:00 GMT", DefectCode.JUNK_IN_DATE),
        ("Tue, 12 Oct 1993 08:30:00 GMT for ann", DefectCode.JUNK_IN_DATE),
        ("Tue, 12 Oct 1993 08:30:00 +9900", DefectCode.ABSURD_OFFSET),
        ("Tue, 12 Oct 1993 08:30:00 +1700 (PDT)", DefectCode.ABSURD_OFFSET),
        ("Tue, 12 Oct 2093 08:30:00 GMT", DefectCode.IMPLAUSIBLE_DATE),
        ("Tue, 12 Oct 2093 08:30 GMT", DefectCode.IMPLAUSIBLE_DATE),
        ("Tue, 32 Oct 1993 08:30:00 GMT", DefectCode.BAD_DATE),
        ("Tue, 32 Oct 1993 08:30 GMT", DefectCode.BAD_DATE),
        ("a\x1cb", DefectCode.BAD_DATE),
        ("Tue, 12 Oct 1993 08:30:00 GMT\x1cx", DefectCode.JOINED_VALUES),
    ],
)
def test_oddities_are_told(text: str, code: DefectCode) -> None:
    """Each oddity has its defect, on the quick way and on the slow one."""
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 12 Oct 1993 08:30:00 -0700 (PDT)",
        "Tue, 12 Oct 1993 08:30:00 PDT",
        "Tue,  12 Oct 1993 08:30 -0700",
        "12 (the) Oct 1993 08:30:00 GMT",
    ],
)
def test_what_rfc_5322_allows_is_not_odd(text: str) -> None:
    """Obsolete zone names and free white space included."""
    assert set() == codes(text)


def test_a_defect_quotes_on_one_line() -> None:
    """No control characters and at most 120 characters."""
    defect = read_date("never\r\n\x00 " + "x" * 500).defects[0]

    assert len(defect.detail) <= 120
    assert defect.detail.isprintable()


def test_names_of_zones_and_months() -> None:
    """Case, accents and full stops do not count."""
    assert (7200, 0) == named_zone("m.e.s.z")
    assert named_zone("nonsense") is None
    assert (8, 8, 3, None) == tuple(map(month_number, ("août", "AOUT", "MÄRZ", "moist")))
    assert "" == zone_at("12:00", 5).text


@given(
    moment=st.datetimes(dt.datetime(1972, 1, 1), dt.datetime(2077, 1, 1)),  # noqa: DTZ001
    minutes=st.integers(-14 * 60, 14 * 60),
)
@settings(max_examples=300)
def test_as_the_standard_library_reads_it(moment: dt.datetime, minutes: int) -> None:
    """RFC 5322 dates of any instant and zone, against email.utils."""
    sign = "-" if minutes < 0 else "+"
    zone = f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    text = (
        f"{WEEKDAYS[moment.weekday()]}, {moment.day} {MONTHS[moment.month - 1]} "
        f"{moment.year} {moment:%H:%M:%S} {zone}"
    )
    parsed = parsedate_tz(text)
    assert parsed is not None

    assert (mktime_tz(parsed), minutes * 60, 0, ()) == tuple(read_date(text))


PIECES = st.sampled_from(
    [
        "Sun, ",
        "6 ",
        "31 ",
        "Nov ",
        "1994 ",
        "94 ",
        "08:49:37 ",
        "24:00 ",
        "+0100 ",
        "PST ",
        "(",
        ")",
        "\x1c",
        "-",
        "/",
        ".",
        "11/6/94 ",
        "T",
        "Z",
        "é",
        "\x00",
        "99999999 ",
        "pm ",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
@settings(max_examples=500)
def test_any_text_gives_a_reading(text: str) -> None:
    """Never an exception, and never an instant outside 1971-2077."""
    reading = read_date(text, 3600)

    assert reading.utc is None or 31_536_000 <= reading.utc < 3_408_220_800
    assert reading.utc is not None or reading.defects


@pytest.mark.parametrize(
    "bomb",
    ["1 Aug ", "1:1 ", "1.1.1 ", "(", "()", "Nov ", "x", " ", "1", "\x1c", "Sun, ", "de "],
)
def test_d5_nonsense_costs_what_it_weighs(linear: Linear, bomb: str) -> None:
    """D5: up to the length that is looked at, 1,000 characters, and beyond it."""

    def readings(text: str) -> None:
        for _ in range(20):
            read_date(text)

    linear(lambda length: bomb * (length // len(bomb)), readings, 200)
    linear(lambda length: bomb * (length // len(bomb)), readings, 20_000)


@pytest.mark.corpus
def test_every_date_of_the_real_list(corpus: Path) -> None:
    """65,666 dates agree with a careful reading.

    But for 29 that are good dates of 1999: that they stand in dumps of earlier years,
    and so are the exporter's, is not for a date's reader to know.
    """
    table = corpus / "cypherpunks" / "truth" / "dates.tsv"
    rows = [
        line.split("\t")
        for line in table.read_text("utf-8", "surrogateescape").split("\n")[1:]
        if line
    ]
    wrong = []
    for row in rows:
        utc = read_date(row[5]).utc
        if row[1] != ("" if utc is None else str(utc)):
            wrong.append(row[5])

    assert 65_666 == len(rows)
    assert 29 == len(wrong)
    assert [] == [text for text in wrong if not UNKNOWN_IN_ITS_DUMP.fullmatch(text)]
