"""From_ lines to the letter: every octet of every shape, and its nearest misses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from posterity.sources.envelope import (
    INBOX_ENVELOPE,
    KNOWN_FIELD_REACH,
    LINE_LIMIT,
    MBOXRD_SENDERS,
    OWN_ENVELOPE,
    PLAIN,
    Envelope,
    Shape,
    begins_header,
    has_known_field,
    read_envelope,
)

CTIME = b"Mon Jan  5 10:49:28 1998"
WEEKDAYS = b"Mon Tue Wed Thu Fri Sat Sun".split()
MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def shape_of(sender: bytes, date: bytes) -> Shape:
    """The shape of a From_ line of a sender and a date."""
    return read_envelope(b"From " + sender + b" " + date).shape


def varied(model: bytes, marks: bytes, others: bytes = b"1") -> Iterator[bytes]:
    """A model with each of its # in turn as one of some marks, all others as digits."""
    first, *rest = model.split(b"#")
    for at in range(len(rest)):
        for mark in marks:
            filled = [
                bytes([mark]) if place == at else others for place in range(len(rest))
            ]
            yield first + b"".join(
                one + text for one, text in zip(filled, rest, strict=True)
            )


# -- STRICT ----------------------------------------------------------------------------

STRICT = [
    *[CTIME.replace(b"Mon", day) for day in WEEKDAYS],
    *[CTIME.replace(b"Jan", month) for month in MONTHS],
    b"Mon, Jan  5 10:49:28 1998",
    b"Mon\tJan\t5\t10:49:28\t1998",
    b"Mon,\tJan \t 5  10:49  1998",
    b"Mon Jan 15 1:49:28 1998",
    b"Mon Jan 15 10:49 1998",
    b"Mon Jan 15 10:49:28 98",
    b"Mon Jan  5 10:49:28 PST 1998",
    b"Mon Jan  5 10:49:28\tZ\t1998",
    b"Mon Jan  5 10:49:28 ABCDE 1998",
    b"Mon Jan  5 10:49:28 +0100 1998",
    b"Mon Jan  5 10:49:28 -0800 98",
    b"Mon Jan  5 10:49:28 MET DST 1998",
    b"Mon Jan  5 10:49:28 GMT+1 1998",
    b"Mon Jan  5 10:49:28 GMT-0130 1998",
    b"Mon Jan  5 10:49:28 GMT+1 DST 1998",
    b"Mon Jan  5 10:49:28 1998 +0000",
    b"Mon Jan  5 10:49:28 1998\t-0130",
    b"Mon Jan  5 10:49:28 1998  PST",
    b"Mon Jan  5 10:49 PST 1998",
    b"Mon Jan  5 10:49:28 1998 remote from host",
    b"Mon Jan  5 10:49:28 1998 \tremote from !~",
    b"Mon Jan  5 10:49:28 1998 PST remote from x",
    b"Mon Jan  5 10:49:28 1998 \t",
    *varied(b"Mon Jan ## ##:##:## #### +####", b"09"),
    *varied(b"Mon Jan ## ##:##:## ## -####", b"09"),
    *varied(b"Mon Jan  # ##:## #### ABC+####", b"09"),
    *varied(b"Mon Jan  5 10:49:28 ##### 1998", b"AZaz", b"M"),
]


@pytest.mark.parametrize("date", STRICT)
@pytest.mark.parametrize("sender", [b"ann@example.org", b""])
def test_every_form_of_ctime_is_strict(sender: bytes, date: bytes) -> None:
    """Days, months, digits, zones before and after the year, remote from."""
    assert (Shape.STRICT, sender) == read_envelope(b"From " + sender + b" " + date)


NOT_STRICT = [
    *[CTIME.replace(b"Mon", b"x" + day[1:]) for day in WEEKDAYS],
    b"MonJan  5 10:49:28 1998",
    b"Mon; Jan  5 10:49:28 1998",
    b"Mon Jan5 10:49:28 1998",
    b"Mon Jan 123 10:49:28 1998",
    b"Mon Jan  10:49:28 1998",
    b"Mon Jan  5 110:49:28 1998",
    b"Mon Jan  5 :49:28 1998",
    b"Mon Jan  5 10:4:28 1998",
    b"Mon Jan  5 10:499:28 1998",
    b"Mon Jan  5 10:49:2 1998",
    b"Mon Jan  5 10:49:288 1998",
    b"Mon Jan  5 10:49:28 8",
    b"Mon Jan  5 10:49:28 998",
    b"Mon Jan  5 10:49:28 19988",
    b"Mon Jan  5 10:49:281998",
    b"Mon Jan  5 10:49:28 +010 1998",
    b"Mon Jan  5 10:49:28 +01000 1998",
    b"Mon Jan  5 10:49:28 ABCDEF 1998",
    b"Mon Jan  5 10:49:28 GMT+ 1998",
    b"Mon Jan  5 10:49:28 GMT+12345 1998",
    b"Mon Jan  5 10:49:28 GMT,1 1998",
    b"Mon Jan  5 10:49:28 GMT.1 1998",
    b"Mon Jan  5 10:49:28 MET XST 1998",
    b"Mon Jan  5 10:49:28 MET  DST 1998",
    b"Mon Jan  5 10:49:28 ,0100 1998",
    b"Mon Jan  5 10:49:28 *0100 1998",
    b"Mon Jan  5 10:49:28 1998 remote from",
    b"Mon Jan  5 10:49:28 1998 remote from ",
    b"Mon Jan  5 10:49:28 1998remote from x",
    b"Mon Jan  5 10:49:28 1998+0000",
    b"Mon Jan  5 10:49:28+0100 1998",
    b"Mon Jan  5 10:49:28 1998 remote from a b",
    b"Mon Jan  5 10:49:28 1998 remote from \x7f",
    b"Mon Jan  5 10:49:28 1998 remote for a",
    b"Mon Jan  5 10:49:28 1998x",
    b"xMon Jan  5 10:49:28 1998",
    *varied(b"Mon Jan ## ##:##:## #### +####", b"/:"),
    *varied(b"Mon Jan ## ##:##:## ## -####", b"/:"),
    *varied(b"Mon Jan  5 10:49 1998 ABC+####", b"/:"),
    *[b"Mon Jan  5 10:49:28 A%cC 1998" % mark for mark in b"@[`{"],
]


@pytest.mark.parametrize("date", NOT_STRICT)
def test_what_is_nearly_ctime_is_not_strict(date: bytes) -> None:
    """One octet too many, too few, or of another kind."""
    assert Shape.STRICT > shape_of(b"ann@example.org", date)


@pytest.mark.parametrize(
    "sender",
    [
        *(b"-", b"!", b"~", b"???@???", b"\x80", b"\xff", b"!~\x80\xff", b"MAILER-DAEMON"),
        *(b'"a !b"', b'"a #b"@c', b'"a b"', b'"a b"@c', b'"a b"!', b'"a b"~', b'""x'),
        *(b"a at b", b"! at ~", b"~ at !", b"a.b at c.d"),
    ],
)
def test_senders_of_a_strict_line(sender: bytes) -> None:
    """One word, quoted words and one more, `user at host`; kept as written."""
    assert (Shape.STRICT, sender) == read_envelope(b"From " + sender + b"  " + CTIME)


@pytest.mark.parametrize(
    "sender",
    [
        *(
            b"a b",
            b"a\x7fb",
            b"\x1f",
            b'"a b" c',
            b'"a b"\x7f',
            b'"a b"\x80',
            b'"a b',
            b'"a "b c"',
        ),
        *(b"a at", b"at b", b"a at b c", b"a  at b", b"a At b", b"\x7f at b", b"a at \x7f"),
        *(b"a\x80 at b", b"a at b\x80", b"a atb", b"aat b"),
    ],
)
def test_other_senders_make_a_ctime_line_dated(sender: bytes) -> None:
    """It is no line of a mail program, though it has its date."""
    assert (Shape.DATED, sender) == read_envelope(b"From " + sender + b" " + CTIME)


# -- DATED -----------------------------------------------------------------------------

DATED = [
    b"1993-01-05T10:49:28Z",
    b"1993-01-05 10:49",
    b"x1993-01-05T10:49x",
    *[b"5 " + month + b" 1993 10:49:28" for month in MONTHS],
    b"15-Jan-93\t10:49",
    b"5-Jan 93 \t 1:49",
    b"Jan 5 10:49 1993",
    b"Jan\t15,\t 10:49:28 \tx\ty 1993",
    b"Jan 5 10:49 !~!~!~!~! b c d 1993",
    b"Jan  5, 1993 10:49",
    b"Jan 15 93 \t10:49:28",
    b"Jan\t5 \t93\t10:49",
    b"Jan 5 10:49 x\t1993",
    b"x 5 me 10:49 1993",
    b"x 5 meimeimei 10:49 1993",
    b"x 5 10:49 1993",
    b"x\t15\tmei\t10:49:28\t1993",
    b"x 5 \xe9\x80\xffazAZ.. 10:49 1993",
    *varied(b"####-##-##T##:##", b"09"),
    *varied(b"## Jan #### ##:##", b"09"),
    *varied(b"##-Jan-## ##:##:##", b"09"),
    *varied(b"Jan ##, ##:## ####", b"09"),
    *varied(b"Jan ## #### ##:##", b"09"),
    *varied(b"x ## mei ##:## ####", b"09"),
]


@pytest.mark.parametrize("date", DATED)
def test_other_dates_make_a_line_dated(date: bytes) -> None:
    """ISO 8601, RFC 5322, months without weekdays, other languages' names."""
    assert Shape.DATED is shape_of(b"ann@example.org", date)


NOT_DATED = [
    b"993-01-05T10:49",
    b"1993-1-05T10:49",
    b"1993-01-5T10:49",
    b"1993_01-05T10:49",
    b"1993-01_05T10:49",
    b"1993-01-05x10:49",
    b"1993-01-05T1:49",
    b"1993-01-05T10.49",
    b"1993-01-05T10:4",
    b"x5 Yan 1993 10:49",
    b"5.Jan 1993 10:49",
    b"5 Jan.1993 10:49",
    b"5 Jan 993 110:49",
    b"5 Jan 1993x10:49",
    b"5 Jan 1993 x0:49",
    b"5 Jan 1 10:49",
    b"Jan 5 10:49 993",
    b"Jan 5; 10:49 1993",
    b"Jan 115 10:49 1993",
    b"Jan x 10:49 1993",
    b"Jan 5 10:49 a b c d e 1993",
    b"Jan 5 10:49 abcdefghij 1993",
    b"Jan 5 10:49 \x7f 1993",
    b"Jan5 10:49 1993",
    b"Jan 5 1993x10:49",
    b"x5 10:49 1993x",
    b"x 5 m 10:49 1993",
    b"x 5 meimeimeim 10:49 1993",
    b"x 5 m,i 10:49 1993",
    b"x 5 m/i 10:49 1993",
    b"x 115 mei 10:49 1993",
    b"x 5 mei 10:49 993",
    b"x 5 mei 10:49 1993x",
    b"x 5 mei 10:49 19933",
    b"x 5 mei10:49 1993",
    b"x 5mei 10:49 1993",
    b"x 5 mei 10:491993",
    b"x / mei 10:49 1993",
    b"x : mei 10:49 1993",
    b"x  mei 10:49 1993",
    b"Jan 5 199310:49",
    b"Jan5 1993 10:49",
    b"Jan / 1993 10:49",
    b"Jan : 1993 10:49",
    b"Jan  1993 10:49",
    b"Jan 115 1993 10:49",
    b"Jan 5 10:491993",
    b"Jan / 10:49 1993",
    b"Jan : 10:49 1993",
    b"Jan  10:49 1993",
    b"Jan 510:49 1993",
    b"x Jan 1993 10:49",
    b"/ Jan 1993 10:49",
    b": Jan 1993 10:49",
    b"5 Jan 199310:49",
    *varied(b"Jan 5 10:49 ####", b"/:"),
    *varied(b"x ## mei ##:## ####", b"/:"),
    *[b"x 5 m%ci 10:49 1993" % mark for mark in b"@[`{\x7f-"],
    *varied(b"####-##-##T##:##", b"/:"),
    *varied(b"## Jan ## 1x:11", b"/:"),
]


@pytest.mark.parametrize("date", NOT_DATED)
def test_what_is_nearly_a_date_is_none(date: bytes) -> None:
    """One octet too many, too few, or of another kind: text."""
    assert Shape.PROSE is shape_of(b"ann@example.org", date)


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        (b"From " + CTIME, Shape.STRICT),
        (b"From x" + CTIME, Shape.DATED),
        (b"From a@b\t" + CTIME, Shape.STRICT),
        (b"From  5 10:49 1993", Shape.DATED),
        (b"From 5 10:49 1993", Shape.PROSE),
        (b"From ", Shape.PROSE),
    ],
)
def test_where_a_date_may_begin(line: bytes, shape: Shape) -> None:
    """At the beginning, or after a blank."""
    assert shape is read_envelope(line).shape


@pytest.mark.parametrize(
    ("date", "rest"),
    [
        (b"1993-01-05T10:49:28Z", b""),
        (b"15-Jan-93 10:49", b""),
        (b"115 Jan 93 10:49", b"1"),
    ],
)
def test_who_a_dated_line_names(date: bytes, rest: bytes) -> None:
    """What stands before the date, without blanks."""
    sender = b"ann at x\t" + rest
    assert (Shape.DATED, sender.strip()) == read_envelope(b"From  ann at x\t" + date)


# -- BARE, PROSE, OURS -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "shape"),
    [
        *[
            (sender, Shape.BARE)
            for sender in (b"a@b", b"!@~", b"~@!", b"a@b@c", b"A", b"Z")
        ],
        *[(sender, Shape.BARE) for sender in (b"MAILER-DAEMON", b"A-Z-AZ", b" a@b \t")],
        *[
            (sender, Shape.PROSE)
            for sender in (b"", b"a", b"@b", b"a@", b"a@b c", b"a b@c")
        ],
        *[
            (sender, Shape.PROSE)
            for sender in (b"A-", b"-A", b"A--B", b"Aa", b"A-b", b"AB.")
        ],
        *[(sender, Shape.PROSE) for sender in (b"\x7f@b", b"a@\x7f", b"[", b"@", b"A_B")],
        *[(sender, Shape.PROSE) for sender in (b"A-[", b"A-@", b"A,B", b"A.B", b"\x80@b")],
    ],
)
def test_an_address_alone(sender: bytes, shape: Shape) -> None:
    """Something at something, or words of capitals such as MAILER-DAEMON."""
    assert (shape, sender.strip()) == read_envelope(b"From " + sender)


@pytest.mark.parametrize("line", [OWN_ENVELOPE, INBOX_ENVELOPE])
def test_the_envelopes_that_mark_mboxrd(line: bytes) -> None:
    """To the last octet; with another one they are lines like any other."""
    sender = line.split()[1]

    assert sender in MBOXRD_SENDERS
    assert Envelope(Shape.OURS, sender) == read_envelope(line)
    assert Envelope(Shape.STRICT, sender) == read_envelope(line + b" ")


def test_shapes_are_ordered_by_what_they_prove() -> None:
    """They are kept in three bits, 0 for no candidate at all."""
    names = ["PROSE", "BARE", "DATED", "STRICT", "OURS"]

    assert list(enumerate(names)) == [(int(shape), shape.name) for shape in Shape]


def test_what_our_envelopes_are() -> None:
    """Files that hold them are in the world: they never change."""
    date = b" Thu Jan  1 00:00:00 1970"
    assert (b"From mboxrd@posterity" + date, b"From mboxrd@z" + date) == (
        OWN_ENVELOPE,
        INBOX_ENVELOPE,
    )


@pytest.mark.parametrize(("length", "shape"), [(998, Shape.STRICT), (999, Shape.PROSE)])
def test_a_line_is_no_longer_than_a_line_of_mail(length: int, shape: Shape) -> None:
    """RFC 5322 §2.1.1."""
    line = b"From " + b"x" * (length - len(CTIME) - 6) + b" " + CTIME

    assert (998, length) == (LINE_LIMIT, len(line))
    assert shape is read_envelope(line).shape
    assert bool(shape) == bool(read_envelope(line).sender)


# -- PLAIN -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("octets", "sender"),
    [
        (b"From a@b " + CTIME + b"\nX:", b"a@b"),
        (b"From ~ " + CTIME + b"\nX:", b"~"),
        (b"From !~ \t" + CTIME + b"\r\nX:", b"!~"),
        (b"From " + b"a" * 320 + b" " + CTIME + b"\nX:", b"a" * 320),
        (b"From " + b"a" * 321 + b" " + CTIME + b"\nX:", None),
        (b"From  " + CTIME + b"\nX:", None),
        (b"From a b " + CTIME + b"\nX:", None),
        (b"From a\x7f " + CTIME + b"\nX:", None),
        (b"From \x80 " + CTIME + b"\nX:", None),
        (b"From a" + CTIME + b"\nX:", None),
        (b"From a " + CTIME + b"\r\r\nX:", None),
        (b"From a " + CTIME + b"X:", None),
        (b"from a " + CTIME + b"\nX:", None),
        (b"From a " + CTIME + b"\n\n", None),
        (b"From a " + CTIME + b"\n X:", None),
        (b"From a " + CTIME + b"\n:", None),
    ],
)
def test_what_nearly_all_separators_are(octets: bytes, sender: bytes | None) -> None:
    """One address, a ctime date, a header block, in one go; the rest is judged slowly."""
    found = PLAIN.match(octets)

    assert sender == (found and found["sender"])
    if found:
        assert found.end() == len(octets) - 2


# -- header blocks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("octets", "begins"),
    [
        *[(octets, True) for octets in (b"X:", b"!:", b"9:", b";:", b"~:", b"X \t:")],
        (b"a" * 127 + b":", True),
        (b"a" * 128 + b":", False),
        *[
            (octets, False)
            for octets in (b"", b"X", b":", b" X:", b"X y:", b"\x7f:", b"\x80:")
        ],
        *[(b"From me\n" * count + b"X:", count < 5) for count in range(7)],
        *[(b">From me\n" * count + b"X:", count < 5) for count in range(7)],
        (b">>From me\nX:", False),
        (b"From \nX:", True),
        (b"From\nX:", False),
        (b"::", False),
        (b"From meX:", False),
    ],
)
def test_where_a_header_block_begins(octets: bytes, begins: bool) -> None:
    """A field's name and its colon, after at most four (quoted) From_ lines."""
    assert begins is begins_header(octets, 0)
    assert begins is begins_header(b"x" + octets, 1)


KNOWN = [
    *(b"From", b"Date", b"Received", b"Message-ID", b"Return-Path", b"Subject", b"To"),
    *(b"Newsgroups", b"Path", b"Delivered-To", b"X-Gmail-Labels", b"X-Mozilla-Status"),
]


@pytest.mark.parametrize("name", KNOWN)
def test_fields_that_real_mail_has(name: bytes) -> None:
    """In any case, first or later, with a blank before the colon; whole names only."""
    for spelled in (name, name.lower(), name.upper(), name + b" ", name + b"\t"):
        if spelled == b"From ":
            continue  # a separator
        assert has_known_field(b"a: b\n" + spelled + b": x\n\n", 0)
    for other in (b"X" + name, name + b"x", name[1:], name[:-1], name.replace(b"o", b"0")):
        if other not in KNOWN:
            assert not has_known_field(b"a: b\n" + other + b": x\n\n", 0)


@pytest.mark.parametrize(
    ("octets", "known"),
    [
        (b"Subject: x", True),
        (b"a: b\nSubject: x\n", True),
        (b"a: b\n\nSubject: x\n", False),
        (b"a: b\r\n\r\nSubject: x\n", False),
        (b"a: b\r\r\n\r\r\nSubject: x\n", False),
        (b"a: b\nFrom ann\nSubject: x\n", False),
        (b"a: b\nFromann: c\nSubject: x\n", True),
        (b"text\nSubject: x\n", False),
        (b"a: Subject: x\n", False),
        (b"a: b\nSubject\n: x\n", False),
        (b"a: b\nTo", False),
        (b"a: b\nTo:\n\nx", True),
        (b"a: b\nTo:\nFrom x\n", True),
    ],
)
def test_only_the_header_block_is_looked_at(octets: bytes, known: bool) -> None:
    """Not what follows its blank line, nor the next From_ line."""
    assert known is has_known_field(octets, 0)
    assert known is has_known_field(b"To: x\n" + octets, 6)


@pytest.mark.parametrize(("room", "known"), [(0, True), (1, False)])
def test_how_far_a_known_field_is_looked_for(room: int, known: bool) -> None:
    """4,096 octets."""
    before = b"a: " + b"x" * (KNOWN_FIELD_REACH - len(b"a: \nTo:") + room) + b"\n"

    assert 4096 == KNOWN_FIELD_REACH
    assert known is has_known_field(before + b"To: x\n", 0)
