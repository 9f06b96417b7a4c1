"""A whole message: every value an archive keeps, and what is odd about it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.defects import Defect, DefectCode
from posterity.model import Address, Digest, Mailbox, Message
from posterity.parse import message_digest, parse_message

LETTER = (
    b"Received: from b.example.org by c.example.org; Tue, 1 Jun 1993 10:00:20 +0000\r\n"
    b"Received: from a.example.org by b.example.org;\r\n"
    b"\tTue, 1 Jun 1993 10:00:10 +0000 (GMT)\r\n"
    b"Received: from nowhere\r\n"
    b"Date: Tue, 1 Jun 1993 12:00:00 +0200\r\n"
    b"From: =?utf-8?q?Ann_L=C3=A9e?= <ann@example.org>\r\n"
    b"Sender: list@example.org\r\n"
    b"To: ben@example.org,\r\n cid@example.org\r\n"
    b"Cc: Dan <dan@example.org>\r\n"
    b"Subject: Re: tea\r\n"
    b"Message-ID: <two@example.org>\r\n"
    b"In-Reply-To: <one@example.org>\r\n"
    b"References: <zero@example.org>\r\n <one@example.org>\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"\r\n"
    b"Green.\r\n"
)
TEN = 738_928_800  # 1993-06-01T10:00:00Z


def without(name: bytes) -> bytes:
    """The letter without the field of that name."""
    lines = LETTER.replace(b"\r\n ", b" ").replace(b"\r\n\t", b"\t").split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(name + b":"))


def with_field(field: bytes) -> bytes:
    """The letter with its field of that name replaced."""
    return field + b"\r\n" + without(field.partition(b":")[0])


def odd(octets: bytes) -> list[tuple[DefectCode, str]]:
    return [(defect.code, defect.where) for defect in parse_message(octets).defects]


def addresses(found: tuple[Address, ...]) -> list[str]:
    return [each.address for each in found if isinstance(each, Mailbox)]


def test_every_value_of_a_letter() -> None:
    """What the header says, each value in its place, and nothing odd."""
    message = parse_message(LETTER)

    assert message.message_ids == ("two@example.org",)
    assert message.in_reply_to == ("one@example.org",)
    assert message.references == ("zero@example.org", "one@example.org")
    assert (message.sent.utc, message.sent.offset, message.sent.error) == (TEN, 7200, 0)
    assert message.received == (TEN + 20, TEN + 10)
    assert (message.subject, message.base_subject) == ("Re: tea", "tea")
    assert message.is_reply
    assert [(each.display_name, each.raw) for each in message.from_] == [
        ("Ann Lée", "=?utf-8?q?Ann_L=C3=A9e?= <ann@example.org>")
    ]
    assert addresses(message.sender) == ["list@example.org"]
    assert addresses(message.to) == ["ben@example.org", "cid@example.org"]
    assert addresses(message.cc) == ["dan@example.org"]
    assert (message.text_body, message.attachments) == ((0,), ())
    assert message.size == len(LETTER)
    assert LETTER[message.body_offset :] == b"Green.\r\n"
    assert message.defects == ()


def test_digest_is_of_the_octets_and_one_more_line_end() -> None:
    """The message hash of the published archive."""
    expected = hashlib.sha256(LETTER + b"\r\n").hexdigest()

    assert expected == message_digest(LETTER)
    assert expected == parse_message(LETTER).digest
    assert parse_message(LETTER, Digest("known")).digest == "known"


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\r\n"])
def test_p13_line_ends_give_the_same_values(end: bytes) -> None:
    """LF, CR or CR CR LF for CRLF: the same letter."""
    expected = parse_message(LETTER)
    octets = LETTER.replace(b"\r\n", end)

    message = parse_message(octets)

    assert expected.defects == message.defects
    assert octets[message.body_offset :] == b"Green." + end
    same = ("message_ids", "references", "sent", "received", "subject", "from_", "to")
    assert [getattr(expected, name) for name in same] == [
        getattr(message, name) for name in same
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (b"Date", DefectCode.NO_DATE),
        (b"From", DefectCode.NO_FROM),
        (b"Subject", DefectCode.NO_SUBJECT),
        (b"Message-ID", DefectCode.NO_MESSAGE_ID),
    ],
)
def test_missing_fields_are_noted(name: bytes, code: DefectCode) -> None:
    """A field that is not there, or is empty, is unknown; nothing is made up."""
    for octets in (without(name), with_field(name + b":"), with_field(name + b":  ")):
        assert [(code, "")] == odd(octets)
    message = parse_message(without(name))
    absent = {"Date": message.sent.utc, "Subject": message.subject or None}
    assert absent.get(name.decode()) is None


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"Subject: caf\xc3\xa9", (DefectCode.UNDECLARED_8BIT, "Subject")),
        (b"FROM: Andr\xe9 Roy <a@example.org>", (DefectCode.UNDECLARED_8BIT, "FROM")),
        (b"Subject: a\x07b", (DefectCode.CONTROL_IN_HEADER, "Subject")),
        (b"Subject: a\x00b", (DefectCode.NUL_IN_HEADER, "Subject")),
        (b"X-Any: a\x1b[1mb", (DefectCode.CONTROL_IN_HEADER, "X-Any")),
        (b"Date: yesterday", (DefectCode.BAD_DATE, "Date")),
        (b"Message-ID: <>", (DefectCode.BAD_MESSAGE_ID, "Message-ID")),
        (b"Subject: =?utf-8?b?!?=", (DefectCode.BAD_ENCODED_WORD, "Subject")),
        (b"Content-Type: tea", (DefectCode.BAD_CONTENT_TYPE, "1")),
    ],
)
def test_oddities_are_noted_where_they_are(
    field: bytes, expected: tuple[DefectCode, str]
) -> None:
    """A defect names its field as it is spelled."""
    name = field.partition(b":")[0]
    octets = with_field(field) if name != b"FROM" else field + b"\r\n" + without(b"From")

    assert [expected] == odd(octets)


def test_p6_nul_loses_nothing() -> None:
    """NUL in a subject is a blank; what follows is read."""
    assert parse_message(with_field(b"Subject: a\x00b")).subject == "a b"


def test_h1_subject_is_one_line() -> None:
    """No encoded line end comes through."""
    field = b"Subject: =?utf-8?q?tea=0D=0ABcc:_eve@example.org?="

    assert parse_message(with_field(field)).subject == "tea Bcc: eve@example.org"


def test_h1_display_name_is_one_line() -> None:
    """Nor in a name."""
    field = b"From: =?utf-8?q?Ann=0D=0ABcc:_eve?= <ann@example.org>"

    found = parse_message(with_field(field)).from_

    assert [each.display_name for each in found] == ["Ann Bcc: eve"]


def test_first_of_repeated_fields_counts() -> None:
    """The rest stay in the fields, and a defect says that they are there."""
    octets = b"Subject: first\r\nTo: x@example.org\r\n" + LETTER

    message = parse_message(octets)

    assert (message.subject, addresses(message.to)) == ("first", ["x@example.org"])
    assert [(DefectCode.REPEATED_FIELD, "2 times")] * 2 == [
        (defect.code, defect.detail) for defect in message.defects
    ]


def test_p18_several_message_ids_are_all_kept() -> None:
    """A message found under either id is found."""
    octets = b"Message-ID: <other@example.org>\r\n" + LETTER

    message = parse_message(octets)

    assert message.message_ids == ("other@example.org", "two@example.org")
    assert message.defects == (
        Defect(DefectCode.SEVERAL_MESSAGE_IDS, "Message-ID", "2 ids"),
    )


def test_joined_values_are_read_apart() -> None:
    """Values that an export joined with 0x1C are two addresses, one subject, two ids."""
    octets = (
        b"From: ann@example.org\x1cBen <ben@example.org>\r\n"
        b"Subject: tea\x1cmore tea\r\n"
        b"Message-ID: <a@example.org>\x1c<b@example.org>\r\n"
    ) + without(b"From").replace(b"Subject", b"X-S").replace(b"Message-ID", b"X-M")

    message = parse_message(octets)

    assert addresses(message.from_) == ["ann@example.org", "ben@example.org"]
    assert message.subject == "tea"
    assert message.message_ids == ("a@example.org", "b@example.org")
    assert [DefectCode.JOINED_VALUES] * 3 == [
        defect.code
        for defect in message.defects
        if defect.code is not DefectCode.SEVERAL_MESSAGE_IDS
    ]


def test_list_charset_reads_what_proves_nothing() -> None:
    """A list's default charset decides for bare octets of a header."""
    octets = with_field(b"Subject: " + "תה".encode("cp1255"))

    assert parse_message(octets, default_charset="windows-1255").subject == "תה"


def test_message_without_header_is_all_body() -> None:
    """Text alone is shown; that nothing is known about it is said."""
    octets = b"Green or black?\r\nTell me.\r\n\r\nAnn\r\n"

    message = parse_message(octets)

    assert (message.fields, message.body_offset, message.text_body) == ((), 0, (0,))
    assert [code for code, _ in odd(octets)] == [
        DefectCode.NO_HEADER,
        DefectCode.NO_MESSAGE_ID,
        DefectCode.NO_SUBJECT,
        DefectCode.NO_DATE,
        DefectCode.NO_FROM,
    ]


PIECES = st.sampled_from(
    [
        *(b"From: ann@example.org\r\n", b"Subject: ", b"\r\n", b"\n", b"\r", b" ", b"\x00"),
        *(b"Content-Type: multipart/mixed; boundary=b\r\n", b"--b\r\n", b"--b--\r\n"),
        *(b"Content-Type: message/rfc822\r\n", b"=?utf-8?q?=E9?=", b"\xe9\xff", b"\x1b$B"),
        *(
            b"Content-Transfer-Encoding: base64\r\n",
            b"Date: Tue, 31 Feb 1993\r\n",
            b"<a@b>",
        ),
        *(b"Content-Type: text/plain; charset=utf-7\r\n", b"From x\r\n", b"tea: ", b"\x1c"),
        *(b"Message-ID: ", b"References: ", b"To: (", b"Content-Disposition: x; a*0*=u'"),
    ]
)


@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=25).map(b"".join)))
@settings(max_examples=200)
def test_p23_any_octets_are_a_message(octets: bytes) -> None:
    """No octets raise; offsets lie inside; every text can be stored."""
    message = parse_message(octets)

    assert isinstance(message, Message)
    assert all(0 <= field.start < field.value <= field.end for field in message.fields)
    assert all(field.end <= message.body_offset for field in message.fields)
    for part in message.parts:
        assert 0 <= part.header <= part.offset <= part.offset + part.length
        assert part.offset + part.length <= len(octets)
        assert part.parent < len(message.parts)
    shown = (*message.text_body, *message.html_body, *message.attachments)
    assert all(index < len(message.parts) for index in shown)
    for text in (message.subject, *(defect.detail for defect in message.defects)):
        assert [text] == (text.splitlines() or [""])
        text.encode("utf-8")
    assert all(len(defect.detail) <= 120 for defect in message.defects)
