"""One pass over an mbox: what is noted of each From_ line, to the bit and the octet."""

from __future__ import annotations

from zlib import crc32

import pytest

from posterity.sources.envelope import LINE_LIMIT, Shape
from posterity.sources.extent import Window
from posterity.sources.survey import (
    BLANK_SHIFT,
    EXAMPLES,
    HEAD,
    HEADER_AFTER,
    KNOWN_AFTER,
    NO_LENGTH,
    Survey,
    survey,
)

ENVELOPE = b"From ann@example.org Mon Jan  5 10:49:28 1998\n"
BLANK = 1 << BLANK_SHIFT
ALL = Shape.STRICT | HEADER_AFTER | KNOWN_AFTER


def look(octets: bytes) -> Survey:
    """Survey octets that are one window."""
    return survey([Window(0, 0, len(octets), octets)])


def padded(length: int) -> bytes:
    """A From_ line of so many octets, without its end."""
    line = ENVELOPE.rstrip(b"\n") + b" remote from "
    return line + b"x" * (length - len(line))


# -- the stream ------------------------------------------------------------------------


def test_an_empty_stream() -> None:
    """No window: nothing was found, and that is all."""
    found = survey([])

    assert (b"", b"", 0, 0) == (found.head, found.tail, found.length, len(found))


def test_head_tail_and_length_of_a_stream() -> None:
    """The first 4,096 octets and the last 4 are remembered, across windows."""
    octets = bytes(range(65, 91)) * 200
    windows = [
        Window(0, 0, 5_000, octets),
        Window(4_992, 5_000, 5_198, octets[4_992:]),
        Window(5_190, 5_198, 5_200, octets[5_190:]),
    ]

    found = survey(windows)

    assert 4_096 == HEAD
    assert (octets[:4_096], octets[-4:], 5_200) == (found.head, found.tail, found.length)


def test_only_64_senders_are_remembered_by_name() -> None:
    """All are told apart by their CRC."""
    senders = [b"u%d@example.org" % n for n in range(70)]
    octets = b"".join(ENVELOPE.replace(b"ann@example.org", s) + b"a:\n\n" for s in senders)

    found = look(octets)

    assert 64 == EXAMPLES
    assert {crc32(sender): sender for sender in senders[:64]} == found.example
    assert [crc32(sender) for sender in senders] == list(found.senders)


@pytest.mark.parametrize(
    ("octets", "quoted", "requoted"),
    [
        (b"\n>From a\n", 1, 0),
        (b"\n>>From a\n", 0, 1),
        (b"x\n>From a\nx\n>From b\n>>From c\n>>>From d\nx>From e\n", 2, 1),
        (b"> From a\n>from b\n", 0, 0),
    ],
)
def test_quoted_from_lines_are_counted(octets: bytes, quoted: int, requoted: int) -> None:
    """By the marks before them, at the top of a stream too."""
    found = look(octets)

    assert (quoted, requoted, 0) == (found.quoted, found.requoted, len(found))


@pytest.mark.parametrize(
    ("sender", "count"), [(b"ann at example.org", 1), (b"ann attic", 0), (b"ann", 0)]
)
def test_obscured_senders_are_counted(sender: bytes, count: int) -> None:
    """`user at host`, with blanks around the at."""
    octets = ENVELOPE.replace(b"ann@example.org", sender) + b"Subject: x\n\n"

    assert (1, count) == (len(look(octets)), look(octets).at_signs)


# -- windows ---------------------------------------------------------------------------


def test_what_stands_before_a_windows_own_octets_is_looked_at() -> None:
    """Also where a place in the window equals the window's place in the stream."""
    within = b"012345678xFrom a@b Mon Jan  5 10:49:28 1998\nSubject: x\n\n"
    begins = b"01234567\n\nFrom what I see\nSubject: x\n\n"

    assert 0 == len(survey([Window(10, 12, 10 + len(within), within)]))
    found = survey([Window(10, 12, 10 + len(begins), begins)])
    assert (0, 1) == (len(found), found.prose)


def test_offsets_are_of_the_stream() -> None:
    """Whatever window a line is found in."""
    text = b"x\n\n" + ENVELOPE + b"Subject: x\nContent-Length: 5\n\nabcd\n"
    found = survey([Window(100, 100, 100 + len(text), text)])

    assert [103] == list(found.starts)
    assert [103 + len(ENVELOPE)] == list(found.bodies)
    assert [100 + len(text)] == list(found.landings)


# -- marks -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("octets", "start", "marks"),
    [
        (ENVELOPE + b"a:\n\n", 0, BLANK | ALL),
        (ENVELOPE + b"text\n\n", 0, BLANK | Shape.STRICT),
        (b"x\n" + ENVELOPE + b"a:\n\n", 2, ALL),
        (b"\n" + ENVELOPE + b"a:\n\n", 1, BLANK | ALL),
        (b"\r\n" + ENVELOPE + b"a:\n\n", 2, 2 * BLANK | ALL),
        (b"\r\r\n" + ENVELOPE + b"a:\n\n", 3, 3 * BLANK | ALL),
        (b"x\n\r\r\n" + ENVELOPE + b"a:\n\n", 5, 3 * BLANK | ALL),
        (b"x\n\r\r\r\n" + ENVELOPE + b"a:\n\n", 6, ALL),
        (b"x\n\n" + ENVELOPE.replace(b"@", b" at ") + b"a:\n\n", 3, BLANK | ALL),
        (b"x\n\n" + ENVELOPE[:-1] + b" remote from x\na:\n\n", 3, BLANK | ALL),
        (
            b"x\n\nFrom mboxrd@z Thu Jan  1 00:00:00 1970\na:\n\n",
            3,
            BLANK | Shape.OURS | HEADER_AFTER | KNOWN_AFTER,
        ),
        (
            b"x\n\n" + ENVELOPE.replace(b"1998", b"1998X") + b"a:\n\n",
            3,
            BLANK | Shape.DATED | HEADER_AFTER,
        ),
        (
            b"x\n\nFrom a@b\nSubject: x\n\n",
            3,
            BLANK | Shape.BARE | HEADER_AFTER | KNOWN_AFTER,
        ),
        (b"x\n\nFrom a@b\nx: y\n\n", 3, BLANK | Shape.BARE | HEADER_AFTER),
        (
            b"From a b c d\nSubject: x\n\n",
            0,
            BLANK | Shape.BARE | HEADER_AFTER | KNOWN_AFTER,
        ),
        (b"x\n\n" + ENVELOPE[:-1], 3, BLANK | Shape.STRICT),
    ],
)
def test_marks_of_a_candidate(octets: bytes, start: int, marks: int) -> None:
    """Shape, length of the blank line before, header block and known field after."""
    found = look(octets)

    assert [start] == list(found.starts)
    assert [marks] == list(found.marks)


def test_the_last_line_of_a_stream_needs_no_line_end() -> None:
    """However far into the stream it stands; its message is empty."""
    octets = b"x" * 1_500 + b"\n\n" + ENVELOPE[:-1]
    found = look(octets)

    assert ([1_502], [len(octets)]) == (list(found.starts), list(found.bodies))
    assert [BLANK | Shape.STRICT] == list(found.marks)


@pytest.mark.parametrize(
    ("line", "count"),
    [
        (padded(LINE_LIMIT), 1),
        (padded(LINE_LIMIT) + b"\n", 1),
        (padded(LINE_LIMIT) + b"\r\n", 1),
        (padded(LINE_LIMIT) + b"\r\r\n", 0),
        (padded(LINE_LIMIT + 1), 0),
        (padded(LINE_LIMIT + 1) + b"\n", 0),
        (padded(LINE_LIMIT + 1) + b"\r\n", 0),
        (padded(3_000) + b"\n", 0),
    ],
)
def test_a_from_line_has_998_octets_at_most(line: bytes, count: int) -> None:
    """And two more for its end."""
    assert 998 == LINE_LIMIT
    assert (count, 1 - count) == (len(look(b"\n" + line)), look(b"\n" + line).prose)


# -- Content-Length --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "length"),
    [
        (b"Content-Length: 3\n", 3),
        (b"Content-length: 3\n", 3),
        (b"content-length: 3\n", 3),
        (b"a: b\nFrom: c\nContent-Length: 3\nd: e\n", 3),
        (b"Content-Length: 3\r\n", 3),
        (b"Content-Length:3\n", 3),
        (b"Content-Length : 3\n", 3),
        (b"Content-Length\t: 3\n", 3),
        (b"Content-Length:\t3\n", 3),
        (b"Content-Length: 3 \n", 3),
        (b"Content-Length: 3\t\n", 3),
        (b"Content-Length: 0\n", 0),
        (b"Content-Length: 1029\n", 1029),
        (b"Content-Length: 123456789012345678\n", 123456789012345678),
        (b"Content-Length: 1234567890123456789\n", None),
        (b"Content-Length: 3x\n", None),
        (b"Content-Length: 3/\n", None),
        (b"Content-Length: 3:\n", None),
        (b"Content-Length: -3\n", None),
        (b"Content-Length:\n", None),
        (b"X-Content-Length: 3\nContent-Lengths: 3\n", None),
        (b"Content-Length\n", None),
        (b"a: b\n", None),
    ],
)
def test_where_a_content_length_leads(header: bytes, length: int | None) -> None:
    """From the octet after the blank line; NO_LENGTH where there is no number."""
    octets = ENVELOPE + header + b"\nabc"
    expected = NO_LENGTH if length is None else len(octets) - 3 + length

    assert [expected] == list(look(octets).landings)


@pytest.mark.parametrize(
    "octets",
    [
        ENVELOPE + b"text\nContent-Length: 3\n\nabc\n",
        ENVELOPE + b"\na: b\nContent-Length: 3\n\nabc\n",
        ENVELOPE + b"a: b\nContent-Length: 3\n",
        ENVELOPE + b"a: b\n\nContent-Length: 3\n\n",
    ],
)
def test_a_content_length_counts_in_a_header_block_only(octets: bytes) -> None:
    """One that begins right after the From_ line, and ends."""
    assert [NO_LENGTH] == list(look(octets).landings)


def test_a_header_block_ends_before_the_next_from_line() -> None:
    """The next message's length is not taken for that of one without an end."""
    octets = ENVELOPE + b"a: b\n" + ENVELOPE + b"Content-Length: 3\n\nabc\n"

    assert [NO_LENGTH, len(octets) - 1] == list(look(octets).landings)


def test_a_message_without_a_body_ends_where_the_next_begins() -> None:
    """Its blank line is the last thing before the From_ line."""
    first = ENVELOPE + b"Content-Length: 0\n\n"

    assert [len(first), NO_LENGTH] == list(look(first + ENVELOPE + b"a: b\n\n").landings)
