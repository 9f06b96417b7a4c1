"""The text of a message as a person reads it, from its octets."""

from __future__ import annotations

import lzma
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.defects import DefectCode
from posterity.model import Body, CharsetSource, Segment, SegmentKind
from posterity.parse import parse_message
from posterity.parse.body import first_words, flags, read_body

Linear = Callable[..., None]
HEAD = "From: Ann Doe <ann@example.org>\nSubject: rain\nMIME-Version: 1.0\n"


def octets_of(text: str, encoding: str = "utf-8") -> bytes:
    """A message with CRLF line ends."""
    return text.replace("\n", "\r\n").encode(encoding)


def body_of(text: str, encoding: str = "utf-8") -> Body:
    """The body of a message, given header lines (after HEAD's) and text."""
    octets = octets_of(HEAD + text, encoding)
    return read_body(octets, parse_message(octets))


def codes(body: Body) -> list[DefectCode]:
    """The kinds of its defects."""
    return [defect.code for defect in body.defects]


def multipart(*parts: str, subtype: str = "mixed") -> str:
    """A multipart from parts with their header lines."""
    inner = "".join(f"--=_b\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{subtype}; boundary="=_b"\n\n{inner}--=_b--\n'


def test_a_plain_letter_is_its_lines() -> None:
    """The last line end begins no line; blank lines are lines."""
    body = body_of("\n\nIt rains.\n\nAnn\n")
    assert body == Body(
        ("", "It rains.", "", "Ann"),
        (Segment(SegmentKind.OWN, 0, 1, 4, 0),),
        "us-ascii",
        CharsetSource.ASCII,
        False,
        False,
        (),
    )


@pytest.mark.parametrize("text", ["", "\n"])
def test_a_message_without_text_has_no_lines(text: str) -> None:
    """Nothing is invented where there is nothing."""
    body = body_of(text)
    assert (body.lines, body.segments) == ((), ())


def test_only_line_ends_end_lines() -> None:
    """VT, FF, NEL and U+2028 stand inside a line; a bare CR ends one and is told."""
    body = body_of(
        "Content-Type: text/plain; charset=utf-8\n\na\x0bb\x0cc\x85d\u2028e\rf\n"
    )
    assert body.lines == ("a\x0bb\x0cc\x85d\u2028e", "f")
    assert DefectCode.BARE_CR in codes(body)


def test_a_doubled_carriage_return_is_one_line_end() -> None:
    """CR CR LF, left by double conversion, ends one line and is no defect."""
    octets = octets_of(HEAD + "\nIt rains.\n\nAnn\n").replace(
        b"rains.\r\n", b"rains.\r\r\n"
    )
    body = read_body(octets, parse_message(octets))
    assert (body.lines, body.defects) == (("It rains.", "", "Ann"), ())


def test_p6_nul_keeps_the_rest_of_the_text() -> None:
    """P6: text after NUL is there and can be searched; NUL is shown by its picture."""
    body = body_of("\nIt \x00rains" + "\x00" * 8192 + "\nhere\n")
    assert body.lines == ("It \u2400rains" + "\u2400" * 8192, "here")
    assert codes(body) == [DefectCode.NUL_IN_BODY]
    assert first_words(body, 20_000).startswith("It \u2400rains")


def test_control_characters_are_told() -> None:
    """A bell or escape in the text is kept for the page to mark, and said."""
    body = body_of("\nIt rains\x07\n")
    assert (body.lines, codes(body)) == (("It rains\x07",), [DefectCode.CONTROL_IN_BODY])


def test_a_long_line_is_told() -> None:
    """A line too long to show whole is all there, and said."""
    body = body_of("\n" + "x" * 20_000 + "\n")
    assert (len(body.lines[0]), codes(body)) == (20_000, [DefectCode.LONG_LINE])
    assert codes(body_of("\n" + "It rains.\n" * 2000)) == []


def test_charset_and_transfer_encoding_are_undone() -> None:
    """Quoted-printable in Latin-1 reads as the sender wrote it."""
    body = body_of(
        "Content-Type: text/plain; charset=iso-8859-1\n"
        "Content-Transfer-Encoding: quoted-printable\n\nIl pleut =E0 c=\n=F4t=E9.\n"
    )
    assert (body.lines, body.charset) == (("Il pleut à côté.",), "iso-8859-1")
    assert body.source is CharsetSource.DECLARED


def test_undeclared_quoted_printable_is_read() -> None:
    """Text that forgot to say it is quoted-printable is shown decoded, and said."""
    body = body_of("\nIt rains=20\nhere=20\n")
    assert (body.lines, codes(body)) == (("It rains ", "here "), [DefectCode.UNDECLARED_QP])


def test_flowed_text_is_joined_and_its_quotes_known() -> None:
    """Paragraphs are whole; what is stuffed is no quote."""
    body = body_of(
        "Content-Type: text/plain; format=flowed\n\n> It rains \n> here.\n\n > is greater\n"
    )
    assert body.flowed
    assert body.lines == ("> It rains here.", "", "> is greater")
    assert [segment.kind.value for segment in body.segments] == ["quote", "own"]
    assert flags(body, parse_message(b"")) == {"flowed"}


def test_html_only_mail_is_shown_as_text() -> None:
    """A message without plain text is read from its HTML, quotes and all."""
    octets = octets_of(
        HEAD
        + "Content-Type: text/html\n\n<p>Bob wrote:</p><blockquote>rain</blockquote>No.\n"
    )
    message = parse_message(octets)
    body = read_body(octets, message)
    assert body.html
    assert body.lines == ("Bob wrote:", "", "> rain", "", "No.")
    assert [segment.kind.value for segment in body.segments] == [
        "attribution",
        "quote",
        "own",
    ]
    assert flags(body, message) == {"html"}


def test_enriched_text_is_made_plain() -> None:
    """text/enriched reads without its commands."""
    body = body_of("Content-Type: text/enriched\n\n<bold>It</bold> rains <<here.\n\nBye\n")
    assert body.lines == ("It rains <here.", "Bye")


def test_several_texts_follow_one_another() -> None:
    """Parts are laid end to end with a blank line between; segments tile all of it."""
    body = body_of(
        multipart(
            "\nIt rains.\n",
            "Content-Type: text/plain; charset=utf-8\n\n> Does it?\n\u00e9\n",
        )
    )
    assert body.lines == ("It rains.", "", "> Does it?", "é")
    assert body.segments == (
        Segment(SegmentKind.OWN, 0, 1, 2, 0),
        Segment(SegmentKind.QUOTE, 1, 3, 3, 0),
        Segment(SegmentKind.OWN, 0, 4, 4, 0),
    )
    assert body.charset == "us-ascii"


def test_of_alternatives_the_plain_one_is_read() -> None:
    """The same words in HTML are not read twice, and the page can say they are there."""
    octets = octets_of(
        HEAD
        + multipart(
            "\nIt rains.", "Content-Type: text/html\n\n<p>It rains.", subtype="alternative"
        )
    )
    message = parse_message(octets)
    body = read_body(octets, message)
    assert (body.lines, body.html) == (("It rains.",), False)
    assert flags(body, message) == {"html"}


INNER = (
    "Content-Type: message/rfc822\n\nReceived: by example.org\nFrom: Bob Roe <bob@example.org>\n"
    "To: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>\nSubject: snow,\n and wind\n\nIt snows.\n"
)


def test_a_forwarded_message_is_framed_by_its_header() -> None:
    """Its main header lines stand before its text, decoded, one frame in."""
    body = body_of(multipart("\nSee:\n", INNER))
    assert body.lines == (
        "See:",
        "",
        "From: Bob Roe <bob@example.org>",
        "To: Jörg <joerg@example.org>",
        "Subject: snow, and wind",
        "",
        "It snows.",
    )
    assert body.segments == (
        Segment(SegmentKind.OWN, 0, 1, 2, 0),
        Segment(SegmentKind.FORWARD_HEADER, 0, 3, 5, 1),
        Segment(SegmentKind.OWN, 0, 6, 7, 1),
    )
    assert first_words(body) == "See:"


def test_p16_a_mime_digest_is_a_row_of_frames() -> None:
    """P16: each message of a multipart/digest is one frame in, none is inside another."""
    entry = "\nFrom: {0} <{0}@example.org>\nSubject: {0}\n\nIt {0}s.\n"
    body = body_of(multipart(entry.format("rain"), entry.format("snow"), subtype="digest"))
    assert [line for line in body.lines if line.startswith(("From", "It"))] == [
        "From: rain <rain@example.org>",
        "It rains.",
        "From: snow <snow@example.org>",
        "It snows.",
    ]
    assert {
        segment.frame
        for segment in body.segments
        if segment.kind is SegmentKind.FORWARD_HEADER
    } == {1}
    assert first_words(body) == "It rains. It snows."


def test_a_multipart_inside_a_forward_keeps_its_frame() -> None:
    """The parts of a forwarded multipart stand in one frame, under one header."""
    inner = multipart("\none\n", "\ntwo\n").replace("=_b", "=_c")
    body = body_of(
        multipart("\nSee:\n", f"Content-Type: message/rfc822\n\nSubject: both\n{inner}")
    )
    assert [line for line in body.lines if line] == ["See:", "Subject: both", "one", "two"]
    assert {s.frame for s in body.segments if s.last > 2} == {0, 1} - {0}


def test_uuencoded_files_cut_short_are_told() -> None:
    """A file in the text without its end is a defect of the text."""
    whole = "\nbegin 644 a\n-270@<F%I;G,@:&5R90\n`\nend\n"
    assert codes(body_of(whole)) == []
    assert codes(body_of(whole.replace("`\nend\n", "\n"))) == [DefectCode.DAMAGED_UUENCODE]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n-----BEGIN PGP SIGNED MESSAGE-----\n\nhi\n", {"pgp-signed"}),
        ("\n-----BEGIN PGP MESSAGE-----\n\naaaa\nbbbb\n=abcd\n", {"pgp-encrypted"}),
        ("\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\naaaa\nbbbb\n", {"pgp-key"}),
        ("\n--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n", {"patch"}),
        ("\nbegin 644 a\n-270@<F%I;G,@:&5R90\n`\nend\n", {"attachment"}),
        ("\nIt rains.\n", set()),
        (
            multipart(
                "\nhi\n",
                "Content-Type: application/pgp-signature\n\nx\n",
                subtype="signed",
            ),
            {"pgp-signed", "attachment"},
        ),
    ],
)
def test_flags_say_what_a_message_bears(text: str, expected: set[str]) -> None:
    """What lists show by a sign, from the text and from the parts."""
    octets = octets_of(HEAD + text)
    message = parse_message(octets)
    assert flags(read_body(octets, message), message) == expected


@pytest.mark.parametrize(
    ("text", "limit", "words"),
    [
        (
            "Ann wrote:\n> It rains.\n\nIt  has\n\tstopped.\n-- \nBob",
            100,
            "It has stopped.",
        ),
        ("One two three", 8, "One two"),
        ("Onetwothree", 8, "Onetwoth"),
        ("> It rains.", 100, "> It rains."),
        ("--- begin forwarded text\n\nIt snows.", 100, "It snows."),
        ("a\x1b[31mb\u202ec\x85d", 100, "a [31mb c d"),
        ("", 100, ""),
    ],
)
def test_first_words_are_the_authors(text: str, limit: int, words: str) -> None:
    """Own words, folded and without controls; else forwarded, else quoted ones."""
    assert (
        first_words(body_of("Content-Type: text/plain; charset=utf-8\n\n" + text), limit)
        == words
    )


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    b"\r\n",
                    b"\n",
                    b"\r",
                    b"--b",
                    b"--b--",
                    b": ",
                    b"From: a@example.org\r\n",
                ),
                *(
                    b"Content-Type: multipart/mixed; boundary=b\r\n",
                    b"\x00",
                    b"\xff",
                    b"=20\r\n",
                ),
                *(
                    b"Content-Type: message/rfc822\r\n",
                    b"Content-Type: text/html\r\n",
                    b"<p>",
                ),
                *(
                    b"Content-Type: text/plain; format=flowed; delsp=yes\r\n",
                    b"> ",
                    b"-- \r\n",
                ),
                b"Content-Type: text/enriched\r\n",
            ]
        )
        | st.binary(max_size=8)
    ).map(b"".join)
)
def test_p23_any_octets_have_a_body(octets: bytes) -> None:
    """P23: any octets give lines that segments tile, and no line holds a line end."""
    message = parse_message(octets)
    body = read_body(octets, message)
    after = 1
    for segment in body.segments:
        assert segment.first == after
        after = segment.last + 1
    assert after == len(body.lines) + 1
    assert not any("\n" in line or "\r" in line for line in body.lines)
    assert len(first_words(body, 50)) <= 50
    assert flags(body, message) <= {
        *("pgp-signed", "pgp-encrypted", "pgp-key", "patch", "attachment", "html", "flowed")
    }


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        (b"x", 10_000_000),
        (b"> x\r\n", 125_000),
        pytest.param(b"> x\r\n", 1_000_000, marks=pytest.mark.long),
        (b"\r", 200_000),
        (b"\r\r\n", 200_000),
    ],
    ids=["line", "lines", "two million lines", "cr", "crcrlf"],
)
def test_d6_great_bodies_are_read_in_linear_time(
    linear: Linear, unit: bytes, count: int
) -> None:
    """D6: a line of 20 MB and millions of lines."""

    def read(octets: bytes) -> Body:
        return read_body(octets, parse_message(octets))

    def letter(size: int) -> bytes:
        return b"Subject: rain\r\n\r\n" + unit * size

    body = read(letter(2 * count))
    assert body.segments[-1].last == len(body.lines)
    linear(letter, read, count)


def has_words_above(body: Body) -> bool:
    """Whether something is said right above the first quote."""
    first = next(s.first for s in body.segments if s.kind is SegmentKind.QUOTE)
    return any(line.strip() for line in body.lines[max(0, first - 3) : first - 1])


@pytest.mark.corpus
def test_every_letter_of_a_year_has_a_body(corpus: Path) -> None:
    """On real mail segments tile, and who is quoted is found where it is said."""
    dump = lzma.decompress((corpus / "cypherpunks" / "cyp-1992.txt.xz").read_bytes())
    letters = re.split(rb"(?m)^From cypherpunks@MHonArc\.venona .*\r?\n", dump)[1:]
    quoting = introduced = 0
    for octets in letters:
        body = read_body(octets, parse_message(octets))
        assert sum(s.last - s.first + 1 for s in body.segments) == len(body.lines)
        found = {segment.kind for segment in body.segments}
        if SegmentKind.QUOTE in found and has_words_above(body):
            quoting += 1
            introduced += SegmentKind.ATTRIBUTION in found
    assert len(letters) > 900
    assert introduced > 0.6 * quoting > 90
