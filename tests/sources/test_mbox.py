from __future__ import annotations

import mailbox
import pickle
import re
from collections.abc import Callable
from contextlib import closing as closed
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.errors import FramingError, SourceError
from posterity.model import Framing, LineEnds
from posterity.sources import (
    MboxFormat,
    PieceKind,
    ReadOptions,
    open_sources,
    restore,
)
from posterity.sources import extent as extents
from posterity.sources import mbox as mboxes
from posterity.sources import source as values
from posterity.sources.canonical import requote
from posterity.sources.envelope import LINE_LIMIT

Letter = Callable[..., bytes]
Linear = Callable[..., None]
Reader = Callable[..., Any]
ENVELOPE = b"From ann@example.org Mon Jan  5 10:49:28 1998"
OTHER = b"From bob@example.com Tue Jan  6 11:00:00 1998"
OURS = b"From mboxrd@posterity Thu Jan  1 00:00:00 1970"


def lf(octets: bytes) -> bytes:
    return octets.replace(b"\r\n", b"\n")


def written(messages: list[bytes], envelopes: list[bytes] | None = None) -> bytes:
    """An mbox with CRLF line ends; nothing is quoted."""
    envelopes = envelopes or [ENVELOPE] * len(messages)
    pairs = zip(envelopes, messages, strict=True)
    return b"".join(line + b"\r\n" + message + b"\r\n" for line, message in pairs)


# -- the plain case, and line ends ----------------------------------------------------


@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
def test_messages_lose_only_their_framing(
    read: Reader, letter: Letter, ends: bytes
) -> None:
    """From_ line and one closing blank line go, all else stays, in canonical form."""
    messages = [letter(1), letter(2, b"Two\r\n\r\n"), letter(3)]

    found = read(written(messages).replace(b"\r\n", ends))

    assert messages == found.messages
    assert [ENVELOPE + ends] * 3 == [piece.opening for piece in found.pieces]
    assert [ends] * 3 == [piece.closing for piece in found.pieces]
    assert [b"C" if ends == b"\r\n" else b"L"] * 3 == [p.line_ends for p in found.pieces]
    assert found.source.profile.newline is (
        LineEnds.CRLF if len(ends) == 2 else LineEnds.LF
    )
    assert (Framing.MBOXO, "mbox", "list.mbox", "") == (
        found.source.profile.dialect,
        found.source.form,
        found.source.name,
        found.source.member,
    )


@pytest.mark.parametrize(
    ("tail", "closing"),
    [
        (b"end\n\n", b"\n"),
        (b"end\n", b""),
        (b"end", b""),
        (b"end\r\n\n", b"\n"),
        (b"end\n\r\n", b"\r\n"),
        (b"end\n\n\n", b"\n"),
        (b"end\r\r\n\r\r\n", b"\r\r\n"),
        (b"end\r", b""),
        (b"end\r\r\n", b""),
        (b"end\r\n\r\r\r\n", b""),
        (b"end\r\r", b""),
        (b"end\n \n", b""),
    ],
)
def test_one_blank_line_closes_the_last_message(
    read: Reader, letter: Letter, tail: bytes, closing: bytes
) -> None:
    """Exactly one blank line goes; a missing one, or a missing line end, stays missing."""
    found = read(ENVELOPE + b"\n" + lf(letter(1)) + tail)

    assert [closing] == [piece.closing for piece in found.pieces]
    assert [lf(letter(1)) + tail.removesuffix(closing)] == [
        restore(p) for p in found.pieces
    ]


def test_an_empty_message_is_a_message(read: Reader, letter: Letter) -> None:
    """The blank line after a From_ line closes a message of no octets."""
    found = read(written([b""]) + written([letter(1)]))

    assert [b"", letter(1)] == found.messages
    assert ["no header block", ""] == [piece.reason for piece in found.pieces]


def test_p13_mixed_line_ends_have_one_canonical_form(read: Reader, letter: Letter) -> None:
    """P13: CRLF and LF within one message: canonical CRLF, and the found octets back."""
    mixed = b"a\r\nb\nc\nd\r\n" + b"e\n" * 200 + b"f"
    found = read(ENVELOPE + b"\n" + lf(letter(1)) + mixed)

    assert [letter(1) + re.sub(rb"\r?\n", b"\r\n", mixed)] == found.messages
    assert found.pieces[0].line_ends.startswith(b"M")
    assert len(found.pieces[0].line_ends) < 10


def test_p13_cr_cr_lf_nul_and_bare_cr_stay(read: Reader, letter: Letter) -> None:
    """P13: what is no line end of ours is not touched."""
    odd = letter(1, b"a\r\r\nb\rc\x00d\r\n")

    assert [odd] == read(written([odd])).messages


def test_p13_a_macintosh_mbox_is_split(read: Reader, letter: Letter) -> None:
    """P13: a file whose lines end in CR alone is framed, its octets are kept."""
    messages = [letter(1), letter(2, b"From here on\r\n")]
    octets = written(messages).replace(b"\r\n", b"\r")

    found = read(octets)

    assert [m.replace(b"\r\n", b"\r") for m in messages] == found.messages
    assert [b"\r", b"\r"] == [piece.closing for piece in found.pieces]


def test_p13_doubled_cr_still_closes_a_message(read: Reader, letter: Letter) -> None:
    """P13: in a file converted twice, CR CR LF is the blank line before a separator."""
    octets = written([letter(1), letter(2)]).replace(b"\r\n", b"\r\r\n")

    found = read(octets)

    assert [letter(n).replace(b"\r\n", b"\r\r\n") for n in (1, 2)] == found.messages


# -- which From_ lines are separators -------------------------------------------------

STYLES = [
    b"From ann@example.org Mon Jan  5 10:49:28 1998",
    b"From ann@example.org  Mon Jan  5 10:49:28 1998",
    b"From ann@example.org Mon Jan  5 10:49 1998",
    b"From ann@example.org Mon Jan  5 10:49:28 EST 1998",
    b"From ann@example.org Mon Jan  5 10:49:28 MET DST 1998",
    b"From ann@example.org Mon Jan  5 10:49:28 -0500 1998",
    b"From ann@example.org Mon Jan  5 10:49:28 1998 -0500",
    b"From ann@example.org Mon Jan  5 10:49:28 1998 PST",
    b"From ann@example.org Mon Jan  5 10:49:28 98",
    b"From ann Mon Jan  5 10:49:28 1998 remote from example",
    b"From - Mon Jan 05 10:49:28 1998",
    b"From ???@??? Mon Jan 05 10:49:28 1998",
    b"From MAILER-DAEMON Mon Jan  5 10:49:28 1998",
    b"From hub!leaf!ann Mon Jan  5 10:49:28 1998",
    b"From 1234567890@xxx Mon Jan 05 10:49:28 +0000 1998",
    b'From "ann lee"@example.org Mon Jan  5 10:49:28 1998',
    b"From  Mon Jan  5 10:49:28 1998",
    b"From ann@example.org\tMon Jan  5 10:49:28 1998",
    b"From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001",
    b"From ann at example.org  Mon Jan  5 10:49:28 1998",
    b"From Ann Lee Mon Jan  5 10:49:28 1998",
    b"From ann@example.org Mon, 5 Jan 1998 10:49:28 -0500",
    b"From ann@example.org 5-Jan-98 10:49:28",
    b"From ann@example.org 1998-01-05T10:49:28Z",
    b"From ann@example.orgMon Jan  5 10:49:28 1998",
    b"From ann@example.org Mon Jan 5, 1998 10:49:28",
    b"From ann@example.org lun  5 gen 10:49:28 1998",
    b"From ann@example.org Jan  5 10:49:28 1998",
    b"From ann@example.org",
    b"From MAILER-DAEMON",
]


def test_p12_from_line_styles_are_found(read: Reader, letter: Letter) -> None:
    """P12: 30 styles of From_ lines in one file, each a separator."""
    messages = [letter(n) for n in range(len(STYLES))]

    found = read(written(messages, STYLES))

    assert STYLES == [piece.opening.rstrip() for piece in found.pieces]
    assert messages == found.messages


@pytest.mark.parametrize("style", STYLES)
def test_p12_each_style_alone(read: Reader, letter: Letter, style: bytes) -> None:
    """P12: a file all of one style."""
    messages = [letter(n) for n in range(3)]

    assert messages == read(written(messages, [style] * 3)).messages


PROSE = [
    b"From what I can tell, 10:49 is late.",
    b"From time to time",
    b"From: ann@example.org",
    b"From my house on Mon the 5th of Jan 1998",
    b"From here",
    b"From",
    b"From\tann@example.org Mon Jan  5 10:49:28 1998",
    b"from ann@example.org Mon Jan  5 10:49:28 1998",
    b">From ann@example.org Mon Jan  5 10:49:28 1998",
    b" From ann@example.org Mon Jan  5 10:49:28 1998",
    b"From " + b"x" * LINE_LIMIT + b" Mon Jan  5 10:49:28 1998",
    b"From ann@example.org Mon Jan x 10:49:28 1998",
    b"From ann@example.org Mon Jan 5 1998",
]


@pytest.mark.parametrize("line", PROSE)
def test_prose_is_no_separator(read: Reader, letter: Letter, line: bytes) -> None:
    """A body line that begins From, after a blank line and before a colon."""
    body = b"One\r\n\r\n" + line + b"\r\nSubject: not a header\r\n\r\nx\r\n"
    messages = [letter(1, body), letter(2)]

    assert messages == read(written(messages, [ENVELOPE, OTHER])).messages


@pytest.mark.parametrize(
    "body",
    [
        b"One\r\n\r\n" + OTHER + b"\r\nprose follows, no header block\r\n",
        b"One\r\n\r\n" + OTHER + b"\r\n\r\nFrom: a@example.org\r\n\r\n",
        b"One\r\n" + OTHER + b"\r\nFrom: a@example.org\r\n\r\n",
        b"One\r\n\r\n" + b"From bob@example.com" + b"\r\nnote: no known field\r\n\r\n",
        b"One\r\n" + b"From bob@example.com" + b"\r\nSubject: x\r\n\r\n",
        b"One\r\n\r\n" + b"From bob@example.com 1998-01-05T10:49:28Z\r\nnote: x\r\n\r\n",
    ],
)
def test_p11_a_from_line_in_a_body_needs_blank_line_and_header(
    read: Reader, letter: Letter, body: bytes
) -> None:
    """P11: an unquoted From_ line is a separator only after a blank line, over a header."""
    messages = [letter(1, body), letter(2), letter(3)]

    assert messages == read(written(messages, [ENVELOPE, OTHER, ENVELOPE])).messages


@pytest.mark.parametrize(("shared", "splits"), [(19, True), (20, False)])
def test_a_sender_of_more_than_95_percent_is_the_rule(
    read: Reader, letter: Letter, shared: int, splits: bool
) -> None:
    """A whole envelope of another sender in a body: 19 of 20 is no rule, 20 of 21 is."""
    inner = OTHER + b"\r\n" + letter(99)
    messages = [letter(n) for n in range(shared - 1)]
    messages.append(letter(shared, b"Look:\r\n\r\n" + inner))

    found = read(written(messages))

    assert shared + splits == len(found.messages)
    if not splits:
        assert messages == found.messages
        assert "ann@example.org" in found.source.profile.separator
        assert found.source.profile.confidence == 0.99


def test_the_shared_sender_may_come_after_the_others(read: Reader, letter: Letter) -> None:
    """The vote for the shared sender does not depend on who is first."""
    messages = [letter(n) for n in range(60)]
    envelopes = [OTHER, b"From eve@example.net Tue Jan  6 11:00:00 1998", *[ENVELOPE] * 58]

    found = read(written(messages, envelopes))

    assert messages[0] + b"\r\n" + envelopes[1] + b"\r\n" + messages[1] == found.messages[0]
    assert 59 == len(found.messages)


def test_with_a_shared_sender_no_header_block_is_needed(
    read: Reader, letter: Letter
) -> None:
    """A message without a header block is found by the sender of its From_ line."""
    messages = [letter(1), b"only text\r\n", letter(3)]

    found = read(written(messages))

    assert messages == found.messages
    assert ["", "no header block", ""] == [piece.reason for piece in found.pieces]


def test_a_shared_sender_still_needs_the_blank_line(read: Reader, letter: Letter) -> None:
    """A forwarded envelope of the same sender after text is no separator."""
    messages = [letter(1, b"Forwarded:\r\n" + ENVELOPE + b"\r\n" + letter(9)), letter(2)]

    assert messages == read(written([*messages, letter(3), letter(4)])).messages[:2]


def test_p11_no_blank_lines_before_separators(read: Reader, letter: Letter) -> None:
    """P11: a writer that puts no blank lines; a header block must follow then."""
    body = b"Hello\r\n" + OTHER + b"\r\nonly prose\r\n"
    messages = [letter(1, body), letter(2), letter(3)]
    envelopes = [ENVELOPE, OTHER, b"From eve@example.net Tue Jan  6 11:00:00 1998"]
    octets = b"".join(
        line + b"\r\n" + message for line, message in zip(envelopes, messages, strict=True)
    )

    found = read(octets)

    assert messages == found.messages
    assert [b""] * 3 == [piece.closing for piece in found.pieces]
    assert "blank" not in found.source.profile.separator


@pytest.mark.parametrize(
    ("blanks", "without", "taken"), [(3, 3, 4), (3, 4, 8), (4, 3, 5), (49, 51, 101)]
)
def test_half_of_the_separators_decide_about_blank_lines(
    read: Reader, letter: Letter, blanks: int, without: int, taken: int
) -> None:
    """Where half of them follow a blank line, all must; the first one has no vote."""
    line = b"From u%d@example.org Mon Jan  5 10:49:28 1998\r\n"
    parts = [line % 0 + letter(0)]
    parts += [b"\r\n" + line % n + letter(n) for n in range(1, blanks + 1)]
    parts += [line % n + letter(n) for n in range(blanks + 1, blanks + without + 1)]

    assert taken == len(read(b"".join(parts)).messages)


def test_only_lines_over_a_header_vote_about_blank_lines(
    read: Reader, letter: Letter
) -> None:
    """Envelopes in prose say nothing about the writer's habit."""
    body = (b"x\r\n" + OTHER + b"\r\n") * 5 + b"x\r\n" + OTHER + b"\r\n" + letter(9)

    found = read(written([letter(1, body), letter(2), letter(3)]))

    assert [letter(1, body), letter(2), letter(3)] == found.messages


@pytest.mark.parametrize(("length", "messages"), [(LINE_LIMIT, 2), (LINE_LIMIT + 1, 1)])
def test_a_separator_is_no_longer_than_a_line_may_be(
    read: Reader, letter: Letter, length: int, messages: int
) -> None:
    """998 octets without the line end."""
    date = b" Mon Jan  5 10:49:28 1998"
    line = (b"From " + b"x" * length)[: length - len(date)] + date

    assert messages == len(read(written([letter(1), letter(2)], [ENVELOPE, line])).messages)


def test_dated_shapes_without_blank_lines_need_a_known_field(
    read: Reader, letter: Letter
) -> None:
    """Without blank lines, an unusual date counts over real mail, a bare address never."""
    dated = b"From bob@example.com 1998-01-05T10:49:28Z\r\n"
    bare = b"From bob@example.com\r\n"
    octets = b"".join(
        [
            ENVELOPE + b"\r\n" + letter(1),
            OTHER + b"\r\n" + letter(2),
            dated + letter(3),
            bare + letter(4),
            dated + b"note: x\r\n\r\n",
        ]
    )

    found = read(octets)

    assert [letter(1), letter(2)] == found.messages[:2]
    assert [letter(3) + bare + letter(4) + dated + b"note: x\r\n"] == found.messages[2:]


def test_the_first_line_is_a_separator_whatever_its_shape(
    read: Reader, letter: Letter
) -> None:
    """A file that opens with From and a header block is an mbox."""
    octets = written([letter(1), letter(2)], [b"From the archive, box 7", ENVELOPE])

    found = read(octets)

    assert [letter(1), letter(2)] == found.messages
    assert b"From the archive, box 7\r\n" == found.pieces[0].opening


def test_pipermail_months_are_known_by_their_envelopes(
    read: Reader, letter: Letter
) -> None:
    """Mailman 2's text months: `user at host`; the octets are kept as they are."""
    messages = [
        letter(n).replace(b"ann@example.org>", b"ann at example.org>") for n in range(3)
    ]
    line = b"From ann at example.org  Mon Jan  5 10:49:28 1998"

    found = read(lf(written(messages, [line] * 3)))

    assert messages == found.messages
    assert ("pipermail", Framing.PIPERMAIL) == (
        found.source.form,
        found.source.profile.dialect,
    )


@pytest.mark.parametrize(("at_signs", "form"), [(2, "mbox"), (3, "pipermail")])
def test_more_than_half_obscured_senders_make_pipermail(
    read: Reader, letter: Letter, at_signs: int, form: str
) -> None:
    """Half is not enough."""
    obscured = [b"From u%d at example.org  Mon Jan  5 10:49:28 1998" % n for n in range(4)]
    plain = [b"From u%d@example.org Mon Jan  5 10:49:28 1998" % n for n in range(4)]
    envelopes = obscured[:at_signs] + plain[at_signs:]

    assert form == read(written([letter(n) for n in range(4)], envelopes)).source.form


# -- preambles, emptiness, ends --------------------------------------------------------


def test_text_before_the_first_separator_is_a_preamble(
    read: Reader, letter: Letter
) -> None:
    """It is a piece of its own, with a reason, and no message."""
    octets = b"This is the archive of a list.\r\n\r\n" + written([letter(1)])

    found = read(octets)

    assert ["preamble", "message"] == found.kinds
    assert b"This is the archive of a list.\r\n\r\n" == found.pieces[0].octets
    assert "text before the first separator" == found.pieces[0].reason
    assert [letter(1)] == found.messages


def test_a_first_message_without_its_from_line_is_a_message(
    read: Reader, letter: Letter
) -> None:
    """An mbox cut open at the front: the header block shows that a message stands there."""
    found = read(letter(1) + b"\r\n" + written([letter(2), letter(3)]))

    assert [letter(1), letter(2), letter(3)] == found.messages
    assert "the first message has no From_ line" == found.pieces[0].reason
    assert (b"", b"\r\n") == (found.pieces[0].opening, found.pieces[0].closing)


def test_an_empty_file_is_a_source_without_messages(read: Reader) -> None:
    """Nothing is wrong with it."""
    found = read(b"")

    assert (0, [], 0) == (found.source.length, found.pieces, len(found.source.batches))
    assert found.source.digest.startswith("e3b0c44298fc1c14")


@pytest.mark.parametrize(
    "octets", [b"\x00" * 5000, bytes(range(256)) * 9, b"Dear diary,\n"]
)
def test_what_is_no_mail_is_refused_in_one_line(read: Reader, octets: bytes) -> None:
    """Neither From_ line nor header: one line that names the file and the place."""
    with pytest.raises(FramingError, match=r"\Alist\.mbox: no mail in it: .*offset 0.*\Z"):
        read(octets)


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_file_that_ends_in_the_middle_keeps_all_its_octets(
    read: Reader, letter: Letter, cut: int
) -> None:
    """The last message is shorter, or there is one more of no header; none is lost."""
    octets = written([letter(1), letter(2)])
    whole = octets + ENVELOPE + b"\r\nFrom: x@example.org\r\n"

    found = read(whole[: len(octets) + len(ENVELOPE) + cut])

    assert [letter(1), letter(2)] == found.messages[:2]


# -- quoting ---------------------------------------------------------------------------

QUOTED_BODY = b">From me\r\n>>From you\r\n> From\r\n>from\r\nx >From y\r\n>From: z\r\n"


@pytest.mark.parametrize("format_", list(MboxFormat))
def test_p14_only_declared_mboxrd_is_unquoted(
    read: Reader, letter: Letter, format_: MboxFormat
) -> None:
    """P14: `>>From ` lines prove nothing by themselves: in doubt the octets stay."""
    message = letter(1, QUOTED_BODY)
    declared = format_ is MboxFormat.MBOXRD
    if format_ is MboxFormat.MMDF:
        octets = b"\x01\x01\x01\x01\r\n" + message + b"\x01\x01\x01\x01\r\n"
    else:
        octets = written([message])

    found = read(octets, options=ReadOptions(mbox_format=format_))

    expected = message
    if declared:
        body = b"From me\r\n>From you\r\n> From\r\n>from\r\nx >From y\r\n>From: z\r\n"
        expected = letter(1, body)
    assert [expected] == found.messages
    assert ["mboxrd" if declared else ""] == [piece.quoting for piece in found.pieces]
    if format_ is not MboxFormat.AUTO:
        assert format_.value == found.source.profile.dialect.value


@pytest.mark.parametrize("ends", [b"\r\n", b"\n"])
@pytest.mark.parametrize("envelope", [OURS, b"From mboxrd@z Thu Jan  1 00:00:00 1970"])
def test_p14_an_envelope_of_ours_proves_mboxrd(
    read: Reader, letter: Letter, envelope: bytes, ends: bytes
) -> None:
    """P14: our export, and public-inbox's, come back as they were."""
    messages = [letter(1, QUOTED_BODY), letter(2, b"From me\r\nFrom you\r\n")]
    octets = written([requote(message) for message in messages], [envelope] * 2)

    found = read(octets.replace(b"\r\n", ends))

    assert messages == found.messages
    assert Framing.MBOXRD is found.source.profile.dialect
    assert 1.0 == found.source.profile.confidence


@pytest.mark.parametrize("end", [b"abc", b"abc\r\n", b"abc\r\n\r\n", b"", b"abc\r"])
def test_p21_our_export_keeps_how_a_message_ends(read: Reader, end: bytes) -> None:
    """P21: after our envelope exactly one line end is framing, whatever the message."""
    octets = written([b"a: b\r\n\r\n" + end, b"a: b\r\n\r\n" + end], [OURS, OURS])

    assert [b"a: b\r\n\r\n" + end] * 2 == read(octets).messages


@pytest.mark.parametrize("octets", [b"abc", b"", b"\r\n", b"From a@example.org\r\n"])
def test_p21_our_export_needs_no_header_blocks(read: Reader, octets: bytes) -> None:
    """P21: after our envelope anything is a message, without a blank line before it too."""
    mbox = written([requote(octets), b"abc", requote(octets)], [OURS] * 3)

    assert [octets, b"abc", octets] == read(mbox).messages


def test_a_file_of_ours_without_its_last_line_end(read: Reader) -> None:
    """A cut export gives what is there."""
    assert [b"a: b\r\n\r\nabc"] == read(OURS + b"\r\na: b\r\n\r\nabc").messages


def test_ours_and_a_strangers_mbox_laid_end_to_end(read: Reader, letter: Letter) -> None:
    """Each message is unquoted by its own envelope."""
    ours = written([requote(letter(1, b"From me\r\n"))], [OURS])
    strange = written([letter(2, b">From me\r\n")])

    found = read(ours + strange)

    assert [letter(1, b"From me\r\n"), letter(2, b">From me\r\n")] == found.messages


def test_our_envelope_in_a_strangers_body_proves_nothing(
    read: Reader, letter: Letter
) -> None:
    """Only a file that opens with it is ours."""
    messages = [letter(1, b"they write\r\n\r\n" + OURS + b"\r\nas the first line\r\n")]

    found = read(written([*messages, letter(2)]))

    assert [*messages, letter(2)] == found.messages
    assert Framing.MBOXO is found.source.profile.dialect


def test_a_bare_from_line_in_declared_mboxrd_keeps_the_octets(
    read: Reader, letter: Letter
) -> None:
    """It was not quoted by the rule, so unquoting could not be undone: nothing is."""
    message = letter(1, b"From here\r\n>From there\r\n")

    found = read(written([message]), options=ReadOptions(mbox_format=MboxFormat.MBOXRD))

    assert ([message], [""]) == (found.messages, [piece.quoting for piece in found.pieces])


# -- Content-Length --------------------------------------------------------------------


def with_length(number: int, body: bytes, length: int | bytes | None = None) -> bytes:
    """A message that says how long its body is."""
    said = len(body) if length is None else length
    said = said if isinstance(said, bytes) else b"%d" % said
    head = b"From: a@example.org\r\nSubject: %d\r\nContent-Length: %b\r\n\r\n" % (
        number,
        said,
    )
    return head + body


INNER = b"One\r\n\r\n" + OTHER + b"\r\nFrom: b@example.com\r\nSubject: inner\r\n\r\nx\r\n"


@pytest.mark.parametrize(
    "spelling", [b"Content-Length", b"Content-length", b"content-length"]
)
def test_mboxcl2_lengths_that_all_fit_are_believed(read: Reader, spelling: bytes) -> None:
    """A whole mbox in a body is kept inside it."""
    messages = [with_length(1, INNER), with_length(2, b"Two\r\n"), with_length(3, b"3\r\n")]
    messages = [m.replace(b"Content-Length", spelling) for m in messages]

    found = read(written(messages, [ENVELOPE, OTHER, ENVELOPE]))

    assert messages == found.messages
    assert Framing.MBOXCL2 is found.source.profile.dialect
    assert "Content-Length" in found.source.profile.separator


@pytest.mark.parametrize(
    ("body", "dialect"),
    [(b">From me\r\n", Framing.MBOXCL), (b"me\r\n", Framing.MBOXCL2)],
)
def test_mboxcl_has_lengths_and_quoting(
    read: Reader, body: bytes, dialect: Framing
) -> None:
    """Lengths that fit, and >From lines: mboxcl, whose quoting stays."""
    messages = [with_length(1, body), with_length(2, b"Two\r\n")]

    found = read(written(messages))

    assert messages == found.messages
    assert dialect is found.source.profile.dialect


@pytest.mark.parametrize(
    "length", [b"0", b"3", b"99999999", b"-5", b"many", b"", b"9" * 40, b"10 000", b"7"]
)
def test_p11_a_content_length_that_lies_is_not_used(read: Reader, length: bytes) -> None:
    """P11: too short, too long, negative, no number: borders stay where they are."""
    messages = [
        with_length(1, b"Hello there\r\n", length),
        with_length(2, b"Two\r\n", length),
    ]

    found = read(written(messages))

    assert messages == found.messages
    assert Framing.MBOXO is found.source.profile.dialect


@pytest.mark.parametrize(("true", "believed"), [(19, True), (18, False)])
def test_95_percent_of_the_lengths_must_be_true(
    read: Reader, true: int, believed: bool
) -> None:
    """19 of 20 lengths that end at a separator are believed, 18 of 19 are not."""
    messages = [with_length(n, b"x\r\n") for n in range(true - 1)]
    messages += [with_length(98, INNER), with_length(99, b"x\r\n", 1)]
    senders = [
        b"From u%d@example.org Mon Jan  5 10:49:28 1998" % n for n in range(true + 1)
    ]

    found = read(written(messages, senders))

    assert (true + 1) + (not believed) == len(found.messages)
    assert believed is (found.source.profile.dialect is Framing.MBOXCL2)


def test_one_true_length_is_enough(read: Reader) -> None:
    """A file of one message, whose body holds another with its envelope."""
    message = with_length(1, INNER)

    found = read(written([message]))

    assert ([message], Framing.MBOXCL2) == (found.messages, found.source.profile.dialect)


def test_lengths_do_not_make_a_first_separator(read: Reader) -> None:
    """A line of the preamble is judged as any other."""
    preamble = b"Hello\r\n\r\n" + OTHER + b"\r\nprose\r\n\r\n"
    messages = [with_length(1, INNER), with_length(2, b"Two\r\n")]

    found = read(preamble + written(messages, [ENVELOPE, OTHER]))

    assert ["preamble", "message", "message"] == found.kinds
    assert messages == found.messages


def test_a_length_inside_a_body_makes_no_dialect(read: Reader, letter: Letter) -> None:
    """Only the lengths of messages count."""
    forwarded = letter(1, b"Forwarded:\r\n" + OTHER + b"\r\n" + with_length(9, b"x\r\n"))

    found = read(written([forwarded, letter(2), letter(3)]))

    assert [forwarded, letter(2), letter(3)] == found.messages
    assert Framing.MBOXO is found.source.profile.dialect


def test_lengths_in_an_export_of_ours_are_text(read: Reader) -> None:
    """Its envelopes are certain: a length that reaches over one is the sender's."""
    second = OURS + b"\r\n" + with_length(2, b"Two\r\n", b"x") + b"\r\n"
    first = with_length(1, b"One\r\n", len(b"One\r\n\r\n" + second))
    third = with_length(3, b"3\r\n")

    found = read(written([first], [OURS]) + second + written([third], [OURS]))

    assert [first, with_length(2, b"Two\r\n", b"x"), third] == found.messages


def test_declared_mboxo_ignores_lengths_and_mboxcl_takes_what_fits(read: Reader) -> None:
    """What the person says about the format goes before the count."""
    octets = written([with_length(1, INNER), *[with_length(2, b"x\r\n", 1)] * 3])
    inner = read(octets, options=ReadOptions(mbox_format=MboxFormat.MBOXCL2))
    outer = read(octets, options=ReadOptions(mbox_format=MboxFormat.MBOXO))

    assert (4, 5) == (len(inner.messages), len(outer.messages))


@pytest.mark.parametrize("blank", [b"", b"\n", b"\r\n"])
def test_a_length_may_end_at_the_separator_or_one_blank_line_before(
    read: Reader, blank: bytes
) -> None:
    """With no blank line too, and at the end of the file."""
    inner = b"One\n\n" + OTHER + b"\nFrom: b@example.com\n\nx\n"
    head = b"From: a@example.org\nContent-Length: %d\n\n"
    part = ENVELOPE + b"\n" + head % len(inner) + inner + blank

    found = read(part * 3)

    assert 3 == len(found.messages)


@pytest.mark.parametrize("gap", [b"y", b"\n\n", b"y\n"])
def test_a_length_that_ends_elsewhere_is_a_lie(read: Reader, gap: bytes) -> None:
    """One octet, or two blank lines, before the separator: not this message's length."""
    inner = b"One\n\n" + OTHER + b"\nFrom: b@example.com\n\nx\n"
    head = b"From: a@example.org\nContent-Length: %d\n\n"
    part = ENVELOPE + b"\n" + head % len(inner) + inner + gap + b"\n\n"

    assert 6 == len(read(part * 3).messages)


# -- what a reader left behind ---------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "left_out"),
    [(b"0008", True), (b"0009", True), (b"0018", True), (b"0001", False), (b"0000", False)],
)
def test_p17_expunged_mail_is_left_out_with_a_reason(
    read: Reader, letter: Letter, status: bytes, left_out: bool
) -> None:
    """P17: Thunderbird's deleted messages stay in the file until it is compacted."""
    gone = (
        b"X-Mozilla-Status: " + status + b"\r\nX-Mozilla-Status2: 00000000\r\n" + letter(1)
    )
    line = b"From - Mon Jan 05 10:49:28 1998"
    octets = written([gone, letter(2)], [line, line])

    found = read(octets)

    assert ["quarantined" if left_out else "message", "message"] == found.kinds
    assert left_out is ("X-Mozilla-Status" in found.pieces[0].reason)
    kept = read(octets, options=ReadOptions(keep_deleted=True))
    assert [gone, letter(2)] == kept.messages


def test_p17_status_in_a_body_is_text(read: Reader, letter: Letter) -> None:
    """P17: only the header block counts."""
    message = letter(1, b"X-Mozilla-Status: 0008\r\nSubject: FOLDER INTERNAL DATA\r\n")

    assert [message] == read(written([message])).messages


PSEUDO = (
    b"Date: 05 Jan 1998 10:49:28 +0000\r\nFrom: Mail System Internal Data"
    b" <MAILER-DAEMON@example.org>\r\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL"
    b" DATA\r\nX-IMAP: 0884000000 0000000002\r\nStatus: RO\r\n\r\n"
    b"This text is part of it.\r\n"
)


def test_p17_the_servers_own_notes_are_left_out(read: Reader, letter: Letter) -> None:
    """P17: Pine's and UW IMAP's first message is no mail; a reply to it is."""
    reply = letter(2).replace(b"letter 2", b"Re: DON'T DELETE ... FOLDER INTERNAL DATA")

    found = read(written([PSEUDO, reply]))

    assert ["quarantined", "message"] == found.kinds
    assert [reply] == found.messages
    assert PSEUDO == found.pieces[0].octets


def test_a_profile_says_what_was_counted(read: Reader, letter: Letter) -> None:
    """Sentences with numbers, for the ledger's page."""
    body = b"x\r\n\r\n" + OTHER + b"\r\nprose\r\n>From a\r\n>>From b\r\nFrom c\r\n"
    takeout = b"From 1234567890@xxx Mon Jan 05 10:49:28 +0000 1998"
    envelopes = [b"From - Mon Jan 05 10:49:28 1998", takeout, b"From ann@example.org"]
    found = read(written([letter(1, body), letter(2), letter(3)], envelopes))

    assert (
        "Separators: 3 of 5 lines that begin From.",
        "Lines of the same shape inside messages: 1.",
        "Separators of unusual shape: 1.",
        "Lines that begin >From: 1; >>From: 1.",
        "Envelopes as Gmail's Takeout writes them.",
        "Envelopes as Thunderbird writes them.",
    ) == found.source.profile.evidence
    assert 0.735 == found.source.profile.confidence
    assert "a From_ line with a date after a blank line before a header block" == (
        found.source.profile.separator
    )


def test_a_profile_says_what_was_declared_and_used(read: Reader) -> None:
    """The format given, the lengths believed, the missing blank lines."""
    head = b"From: a@example.org\nContent-Length: 2\n\nx\n"
    octets = b"".join(
        b"From u%d@example.org Mon Jan  5 10:49:28 1998\n" % n + head for n in range(3)
    )
    found = read(octets, options=ReadOptions(mbox_format=MboxFormat.MBOXCL))

    assert (
        "Separators: 3 of 3 lines that begin From.",
        "The format was given as mboxcl.",
        "Most separators follow no blank line.",
        "Content-Length ends at a separator 3 times, elsewhere 0 times; it was used.",
    ) == found.source.profile.evidence
    assert (
        "a From_ line with a date before a header block, or where a Content-Length ends"
        == (found.source.profile.separator)
    )


@pytest.mark.parametrize(
    "line",
    [
        b"From a@b\nx:\n",
        b"From a@b Mon Jan  5 10:49:28 1998\nx:\n",
        b"From \n",
        b"\nFrom a@b Jan  5 " + b"Jan 5 " * 150 + b"\n",
        b"\nFrom " + b" Mon" * 200 + b"\n",
        b"\nFrom " + b"x" * 1000 + b"\n",
        b"From a@b Mon Jan  5 10:49:28 1998\nContent-Length: 9\nx:\n",
    ],
)
def test_d5_hostile_lines_take_linear_time(
    linear: Linear, tmp_path: Path, line: bytes
) -> None:
    """D5: two megabytes of what is dearest to judge."""
    path = tmp_path / "list.mbox"

    def write(size: int) -> bytes:
        octets = ENVELOPE + b"\nSubject: x\n\n" + line * (size // len(line))
        path.with_suffix(f".{len(octets)}").write_bytes(octets)
        return octets

    def read(octets: bytes) -> int:
        options = ReadOptions(mbox_format=MboxFormat.MBOXO)
        held = path.with_suffix(f".{len(octets)}")
        (source,) = open_sources(held, spool=tmp_path, options=options)
        batches = getattr(source, "batches", [])
        return sum(piece.length for batch in batches for piece in batch.read())

    linear(write, read, 1_000_000)


# -- batches, windows, limits ----------------------------------------------------------


def test_batches_hold_some_hundred_messages(read: Reader, letter: Letter) -> None:
    """1,001 messages are batches of 500, 500 and 1; each knows its offsets, and pickles."""
    found = read(written([letter(n) for n in range(1001)]))
    batches = found.source.batches

    again = [pickle.loads(pickle.dumps(batch)) for batch in batches]

    assert [500, 500, 1] == [len(list(batch.read())) for batch in again]
    assert [batch.end for batch in batches][:-1] == [batch.start for batch in batches][1:]
    assert (0, found.source.length) == (batches[0].start, batches[-1].end)
    assert [batches[2]] == list(batches[2:])
    with pytest.raises(IndexError):
        batches[3]


def test_batches_are_bounded_in_octets(
    read: Reader, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch ends before it passes the limit; a long message has one of its own."""
    sizes = [10, 10, 500, 10, 10, 10]
    messages = [letter(n, b"x" * size + b"\r\n") for n, size in enumerate(sizes)]
    one = len(written([messages[0]]))
    monkeypatch.setattr(mboxes, "BATCH_OCTETS", 2 * one)

    found = read(written(messages))

    assert [2, 1, 2, 1] == [len(list(batch.read())) for batch in found.source.batches]
    assert messages == found.messages


@pytest.mark.parametrize(("less", "batches"), [(0, [3]), (1, [2, 1])])
def test_what_fits_a_batch_exactly_is_one(
    read: Reader,
    letter: Letter,
    monkeypatch: pytest.MonkeyPatch,
    less: int,
    batches: list[int],
) -> None:
    """Messages are in one batch up to the limit, the last one included."""
    octets = written([letter(n) for n in range(3)])
    monkeypatch.setattr(mboxes, "BATCH_OCTETS", len(octets) - less)

    found = read(octets)

    assert batches == [len(list(batch.read())) for batch in found.source.batches]


@pytest.mark.parametrize("width", [1, 2, 3, 5, 17, 64, 100, 1000])
def test_borders_do_not_depend_on_windows(
    read: Reader, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    """However the file is cut for reading, the pieces are the same."""
    bodies = [b">From a\r\n>>From b\r\nFrom x\r\n", INNER, b"\r\n", b"x\r\n"]
    octets = written([with_length(n, body) for n, body in enumerate(bodies)])
    whole = read(octets)
    monkeypatch.setattr(extents, "WINDOW", width)

    parted = read(octets)

    assert whole.pieces == parted.pieces
    assert whole.source.profile == parted.source.profile
    assert 4 == len(whole.pieces)


def test_d10_a_message_beyond_the_limit_is_set_aside_in_chunks(
    read: Reader, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D10: too long for a message: kept in chunks, with the reason; the others are read."""
    monkeypatch.setattr(mboxes, "MESSAGE_LIMIT", 2000)
    monkeypatch.setattr(mboxes, "BATCH_OCTETS", 1000)
    monkeypatch.setattr("posterity.sources.aside.CHUNK", 900)
    messages = [letter(1), letter(2, b"x" * 2500 + b"\r\n"), letter(3)]

    found = read(written(messages))

    assert ["message", *["quarantined"] * 3, "message"] == found.kinds
    assert [letter(1), letter(3)] == found.messages
    assert [ENVELOPE + b"\r\n", b"", b""] == [p.opening for p in found.pieces[1:4]]
    assert all("longer than a message may be" in p.reason for p in found.pieces[1:4])


def test_d10_a_gigabyte_of_nul_is_refused_within_bounds(tmp_path: Path) -> None:
    """D10: a sparse file of 256 MiB of NUL before nothing: no mail, said in one line."""
    path = tmp_path / "sparse.mbox"
    with path.open("wb") as file:
        file.truncate(256 << 20)

    with pytest.raises(FramingError, match="binary data"):
        list(open_sources(path, spool=tmp_path))


def test_d10_a_message_of_just_the_limit_is_a_message(
    read: Reader, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D10: its frame may have as many octets as the limit says."""
    octets = written([letter(1)])
    monkeypatch.setattr(mboxes, "MESSAGE_LIMIT", len(octets))
    assert [letter(1)] == read(octets).messages

    monkeypatch.setattr(mboxes, "MESSAGE_LIMIT", len(octets) - 1)
    assert [] == read(octets).messages


def test_the_limits_are_what_the_documents_say() -> None:
    """A change of a limit is a change of docs/sources.md."""
    mib = 1 << 20
    assert (500, 8 * mib, 256 * mib, 16 * mib) == (
        values.BATCH_MESSAGES,
        values.BATCH_OCTETS,
        values.MESSAGE_LIMIT,
        values.CHUNK,
    )


# -- another implementation, and any octets ---------------------------------------------


def test_p22_the_standard_library_counts_the_same(tmp_path: Path, letter: Letter) -> None:
    """P22: stdlib's mailbox on a plain file: the same messages, octet for octet."""
    bodies = [b"One\r\n", b"\r\nTwo\r\n\r\n", b"", b">From me\r\n", b"end\r\n" * 50]
    octets = lf(written([letter(n, body) for n, body in enumerate(bodies)]))
    path = tmp_path / "plain.mbox"
    path.write_bytes(octets)
    with closed(mailbox.mbox(path)) as box:
        expected = [box.get_bytes(key) for key in box.iterkeys()]

    (source,) = open_sources(path, spool=tmp_path)
    batches = getattr(source, "batches", [])

    assert expected == [restore(piece) for batch in batches for piece in batch.read()]


LINES = st.sampled_from(
    [
        ENVELOPE, OTHER, OURS, b"From ann", b"From ann@example.org", b"From x at y  "
        + ENVELOPE,
        b">From x", b">>From x", b"From x", b"", b"", b"Subject: x", b"Content-Length: 12",
        b"Content-Length: 0", b"text", b"\x00\xff", b"X-Mozilla-Status: 0008",
        b"\x01\x01\x01\x01",
        b"\r", b"a\rb",
    ]
)  # fmt: skip
ENDS = st.sampled_from([b"\n", b"\n", b"\r\n", b"\r\n", b"\r", b"\r\r\n", b""])
TEXTS = st.lists(st.tuples(LINES, ENDS), max_size=25).map(
    lambda pairs: b"".join(line + end for line, end in pairs)
)


@settings(max_examples=300, deadline=None)
@given(
    octets=TEXTS | st.binary(max_size=60),
    start=st.sampled_from([b"", ENVELOPE + b"\n", OURS + b"\r\n", b"\x01\x01\x01\x01\n"]),
    format_=st.sampled_from(MboxFormat),
    keep=st.booleans(),
)
def test_p23_pieces_tile_any_octets(
    tmp_path_factory: pytest.TempPathFactory,
    octets: bytes,
    start: bytes,
    format_: MboxFormat,
    keep: bool,
) -> None:
    """P23: whatever a file holds, its pieces laid end to end are the file again."""
    folder = tmp_path_factory.getbasetemp()
    path = folder / "any"
    path.write_bytes(start + octets)
    options = ReadOptions(mbox_format=format_, keep_deleted=keep)
    try:
        sources = list(open_sources(path, spool=folder, options=options))
    except SourceError:
        return

    pieces = [p for s in sources for b in getattr(s, "batches", []) for p in b.read()]

    assert start + octets == b"".join(p.opening + restore(p) + p.closing for p in pieces)
    for piece in pieces:
        if piece.kind is PieceKind.MESSAGE:
            assert piece.octets.count(b"\n") == piece.octets.count(b"\r\n")


BODIES = st.lists(st.tuples(LINES.filter(lambda line: b"\r" not in line)), max_size=8).map(
    lambda lines: b"".join(line + b"\r\n" for (line,) in lines)
)


@settings(max_examples=100, deadline=None)
@given(
    bodies=st.lists(BODIES, min_size=1, max_size=5), ends=st.sampled_from([b"\n", b"\r\n"])
)
def test_p21_mboxrd_of_ours_comes_back(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes], ends: bytes
) -> None:
    """P21: whatever lines a body has, our export gives it back."""
    folder = tmp_path_factory.getbasetemp()
    path = folder / "ours"
    messages = [b"Subject: %d\r\n\r\n" % n + body for n, body in enumerate(bodies)]
    octets = written([requote(m) for m in messages], [OURS] * len(messages))
    path.write_bytes(octets.replace(b"\r\n", ends))
    options = ReadOptions(keep_deleted=True)

    (source,) = open_sources(path, spool=folder, options=options)
    batches = getattr(source, "batches", [])

    assert messages == [piece.octets for batch in batches for piece in batch.read()]
