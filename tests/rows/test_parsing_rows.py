"""Parsing and framing (P): the count a person would give, dates, copies, twins."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from posterity.model import DateEvidence
from posterity.parse.dates import read_date
from posterity.render import urls
from posterity.store import Archive
from posterity.store.reader import StoreReader

DATES = json.loads((Path(__file__).parents[1] / "data" / "dates.json").read_text("utf-8"))


# -- P1 --------------------------------------------------------------------------------


class Run(NamedTuple):
    """A build of broken files by the command."""

    folder: Path
    status: int
    lines: list[str]
    reader: StoreReader


def command(folder: Path, *sources: Path) -> tuple[int, list[str]]:
    """Build in a process of its own; its exit status and what it told."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "posterity.cli", "build", *map(str, sources)),
            *("--archive", str(folder / "A"), "--site", str(folder / "S"), "--jobs", "1"),
        ],
        capture_output=True,
        check=False,
        timeout=120,
        env=os.environ,
    )
    return done.returncode, done.stderr.decode().splitlines()


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory, makers: ModuleType) -> Iterator[Run]:
    """All broken files and all that are no mail, given to one build."""
    folder = tmp_path_factory.mktemp("broken")
    sources = []
    for one in makers.broken_files():
        sources.append(folder / one.name)
        sources[-1].write_bytes(one.octets)
    for name, octets in makers.NO_MAIL.items():
        sources.append(folder / name)
        sources[-1].write_bytes(octets)
    status, lines = command(folder, *sources)
    reader = Archive.open(folder / "A").reader()
    yield Run(folder, status, lines, reader)
    reader.close()


def test_p1_there_are_some_200_broken_files(makers: ModuleType) -> None:
    """Every breakage in five forms; no two files of one name."""
    names = [one.name for one in makers.broken_files()]

    assert len(names) == len(set(names)) >= 200


def test_p1_each_file_has_the_messages_a_person_would_count(
    broken: Run, makers: ModuleType
) -> None:
    """By name: as many as were put in, neither split nor swallowed; octets balance."""
    counted = {row.name: row.messages for row in broken.reader.sources()}

    for one in makers.broken_files():
        assert (one.name, one.messages) == (one.name, counted.get(one.name))
    assert all(row.balanced for row in broken.reader.sources())


def test_p1_what_is_no_mail_is_left_out_with_one_note_and_status_3(
    broken: Run, makers: ModuleType
) -> None:
    """One line names the file and why; the rest was read; no traceback."""
    left_out = [line for line in broken.lines if line.startswith("left out: ")]
    named = [
        re.sub(r".*/", "", line.removeprefix("left out: ").split(": ")[0])
        for line in left_out
    ]

    assert 3 == broken.status
    assert sorted(makers.NO_MAIL) == sorted(named)
    assert all(len(line.split(": ", 2)[2]) > 10 for line in left_out)
    assert not [line for line in broken.lines if "Traceback" in line]


def test_p1_the_text_of_each_broken_letter_is_on_a_page(
    broken: Run, makers: ModuleType
) -> None:
    """What could be read of it is shown."""
    pages = [
        path.read_text("utf-8") for path in (broken.folder / "S/archive").rglob("*.html")
    ]
    shown = "\n".join(pages)

    assert {} == {
        one.name: one.words for one in makers.broken_files() if one.words not in shown
    }


def test_p1_sound_files_end_with_status_0_and_the_same_octets_twice(
    tmp_path: Path, makers: ModuleType
) -> None:
    """Broken letters are no failure; two builds of them are equal, octet for octet."""
    sources = []
    for one in list(makers.broken_files())[::9]:
        sources.append(tmp_path / one.name)
        sources[-1].write_bytes(one.octets)
    first, second = tmp_path / "one", tmp_path / "two"

    assert 0 == command(first, *sources)[0]
    assert 0 == command(second, *reversed(sources))[0]
    assert digests(first / "S/archive") == digests(second / "S/archive")
    assert digests(first / "S/raw") == digests(second / "S/raw")


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder by its digest."""
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found
    return found


def test_p1_what_a_stream_that_breaks_off_lost_is_noted(
    tmp_path: Path, makers: ModuleType
) -> None:
    """What could be read is in; that there was more is one line, and status 3."""
    letters = [
        makers.letter(f"cut{n}", hashlib.sha512(b"%d" % n).hexdigest()) for n in range(40)
    ]
    source = tmp_path / "cut.mbox.gz"
    source.write_bytes(gzip.compress(makers.mbox(letters))[:-600])

    status, lines = command(tmp_path, source)

    assert 3 == status
    read = re.match(r"read (\d+) · kept (\d+)", "\n".join(lines))
    assert read is not None
    assert 30 < int(read[1]) < 40
    [line] = [line for line in lines if line.startswith("left out: ")]
    assert line.endswith("cut.mbox.gz: the gzip stream breaks off before its end")


# -- P2, P3, P4 ------------------------------------------------------------------------


def test_p2_400_shapes_of_date_read_right() -> None:
    """The table of dates: the right UTC second and zone, or unknown; never 1970 or now."""
    assert len(DATES) >= 400
    wrong = []
    for case in DATES:
        reading = read_date(case["input"])
        at = reading.utc
        shown = None if at is None else dt.datetime.fromtimestamp(at, dt.UTC)
        spelled = shown and shown.strftime("%Y-%m-%dT%H:%M:%SZ")
        if (case["utc"], case["offset"]) != (spelled, reading.offset):
            wrong.append((case["input"], spelled, reading.offset))

    assert [] == wrong
    assert any(case["utc"] is None for case in DATES)


def test_p2_an_undated_letter_is_shown_as_undated(
    build: Callable[..., Any], judge: ModuleType, makers: ModuleType
) -> None:
    """No Date, no trace, no envelope that dates it: never 1970, never now."""
    letter = makers.letter("one", Date="")
    built = build(b"From keeper\n" + letter)
    row = built.row("one@example.org")
    page = judge.judge(built.page(row))
    [by] = judge.having(page.tree, "p", class_="by")

    assert (None, "unknown") == (row.utc, row.month)
    assert "undated" in judge.text_of(by)
    assert [] == list(page.tree.iter("time"))
    assert "1970" not in judge.text_of(page.tree.find("body"))
    assert str(dt.datetime.now(dt.UTC).year) not in judge.text_of(page.tree.find("body"))


@pytest.mark.parametrize(
    ("fields", "evidence", "shown"),
    [
        (
            {"Received": "from a by b; Tue, 5 Mar 1996 08:00:00 +0000"},
            DateEvidence.RECEIVED,
            "1996-03-05 08:00:00 UTC",
        ),
        ({}, DateEvidence.ENVELOPE, "1996-03-04 21:10:00 UTC"),
        (
            {"Date": "no day at all"},
            DateEvidence.ENVELOPE,
            "1996-03-04 21:10:00 UTC",
        ),
    ],
)
def test_p3_without_a_date_the_next_witness_counts_and_the_page_says_so(
    build: Callable[..., Any],
    judge: ModuleType,
    makers: ModuleType,
    fields: dict[str, str],
    evidence: DateEvidence,
    shown: str,
) -> None:
    """Received before From_; the date shown bears the mark of what it rests on."""
    letter = makers.letter("one", **{"Date": "", **fields})
    other = makers.SEPARATOR.replace(b"Mar", b"Feb") + makers.letter("other")
    built = build(makers.mbox([letter]) + other)
    row = built.row("one@example.org")
    page = judge.judge(built.page(row))
    marks = [judge.text_of(one) for one in judge.having(page.tree, "details", class_="ev")]
    times = [judge.text_of(one) for one in page.tree.iter("time")]

    assert evidence is row.date_evidence
    assert shown in times
    assert 1 == len(marks)
    assert {"received": "Received", "envelope": "envelope"}[evidence.value] in marks[0]


ABSURD = {
    "zone": "Mon, 4 Mar 1996 21:10:00 +50579034",
    "1904": "Fri, 1 Jan 1904 00:00:00 +0000",
    "1945": "Sun, 4 Mar 1945 21:10:00 +0000",
    "2079": "Sat, 4 Mar 2079 21:10:00 +0000",
    "71685": "Mon, 4 Mar 71685 21:10:00 +0000",
    "0096": "Mon, 4 Mar 0096 21:10:00 +0000",
    "1970": "Thu, 1 Jan 1970 00:00:00 +0000",
}


def test_p4_absurd_dates_make_no_page_of_their_year(
    build: Callable[..., Any], judge: ModuleType, makers: ModuleType
) -> None:
    """1904, 1945, 2079 and 71685 have no month; the original is shown as written."""
    letters = [makers.letter(f"d{name}", Date=date) for name, date in ABSURD.items()]
    sound = [
        makers.letter(f"sound{n}", Date=f"{n} Mar 1996 10:00:00 +0000") for n in (3, 5)
    ]
    built = build(makers.mbox([sound[0], *letters, sound[1]]))
    folders = {name.split("/")[1] for name in built.names("archive") if name.count("/") > 1}
    listed = {count.month for count in built.reader.months()}

    assert {"1904", "1945", "2079", "71685"}.isdisjoint(folders)
    assert {"1904", "1945", "2079", "7168"}.isdisjoint({month[:4] for month in listed})
    assert "1996" in folders
    for name, date in ABSURD.items():
        row = built.row(f"d{name}@example.org")
        page = judge.judge(built.page(row))
        assert date in judge.text_of(page.tree.find("body")), name
        at = row.utc and dt.datetime.fromtimestamp(row.utc, dt.UTC).year
        assert at in {1996, None}, name
        assert urls.message(row) in built.reachable(), name


# -- P19, P20 --------------------------------------------------------------------------


def test_p19_one_id_and_three_contents_are_three_pages(
    build: Callable[..., Any], judge: ModuleType, makers: ModuleType
) -> None:
    """Three lasting URLs, each linked to, each with its own text; an answer finds one."""
    texts = ["The lamp is lit.", "Send more oil at once.", "No ship came by today."]
    letters = [
        makers.letter(
            "same", text, Subject=text, Date=f"Mon, {4 + n} Mar 1996 21:10:00 +0000"
        )
        for n, text in enumerate(texts)
    ]
    answer = makers.letter("answer", In_Reply_To="<same@example.org>", Subject="Re: lamp")
    built = build(makers.mbox([*letters, answer]))
    rows = list(built.reader.holders("same@example.org"))
    pages = [judge.judge(built.page(row)).tree for row in rows]
    bodies = [
        judge.text_of(judge.having(one, "div", class_="body")[0]).strip() for one in pages
    ]

    assert sorted(texts) == sorted(bodies)
    assert 3 == len({urls.message(row) for row in rows})
    assert {urls.message(row) for row in rows} <= built.reachable()
    assert texts[0] == rows[0].subject, "an id leads to the earliest"
    again = build(makers.mbox([answer, *reversed(letters)]))
    assert 4 == again.reader.facts().messages


def test_p20_identical_copies_are_one_page_and_counted(
    build: Callable[..., Any], makers: ModuleType
) -> None:
    """The same octets three times, in two sources: one message, two duplicates."""
    one = makers.letter("one")
    built = build(makers.mbox([one, one]), makers.mbox([one, makers.letter("two")]))
    row = built.row("one@example.org")

    assert (4, 2, 2) == built.report[:3]
    assert [1, 1] == [source.duplicates for source in built.reader.sources()]
    assert 1 == len([n for n in built.names("archive") if row.digest in n])


def test_p20_copies_that_differ_in_trace_fields_are_listed_once(
    build: Callable[..., Any], judge: ModuleType, makers: ModuleType
) -> None:
    """Own page each, for their octets differ; one line in the lists, one in the counts."""
    text = (
        "The reef is near, the lamp is lit, and all the oil has come by the north road.\n"
        * 3
    )
    first, second = (
        makers.letter(
            "one", text, Received=f"by {host}.example.org; Mon, 4 Mar 1996 21:1{n}:00 +0000"
        )
        for n, host in enumerate(("north", "south"))
    )
    built = build(makers.mbox([first]), makers.mbox([second]))
    rows = list(built.reader.holders("one@example.org"))
    paths = {urls.message(row) for row in rows}
    [month] = built.reader.months()
    listing = (built.site / urls.month_by_date(month.month)).read_text("utf-8")

    assert (2, 2, 0) == built.report[:3]
    assert 2 == len(paths)
    assert paths <= set(built.names())
    assert [False, True] == sorted(row.listed for row in rows)
    assert 1 == month.messages
    assert 1 == len([path for path in paths if Path(path).name in listing])
    for row in rows:
        [copies] = judge.having(
            judge.judge(built.page(row)).tree, "section", class_="copies"
        )
        assert "same text" in judge.text_of(copies)
