from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.model import LineEnds
from posterity.sources import Piece, PieceKind, restore
from posterity.sources.canonical import (
    canonical,
    line_end_form,
    message_digest,
    requote,
    restore_line_ends,
    unquote,
)

LINES = st.lists(
    st.sampled_from(
        [b"\n", b"\r\n", b"\r", b"x", b">", b"From ", b">From ", b"\r\r\n", b"\x00"]
    ),
    max_size=40,
).map(b"".join)


@given(LINES | st.binary(max_size=40))
def test_p21_line_ends_come_back(found: bytes) -> None:
    """P21: canonical, then restored, is what was found; and canonical has no bare LF."""
    octets, line_ends = canonical(found)

    assert found == restore_line_ends(octets, line_ends)
    assert octets.count(b"\n") == octets.count(b"\r\n")
    assert (octets, b"C") == canonical(octets)


@given(LINES)
def test_p14_unquoting_can_always_be_undone(octets: bytes) -> None:
    """P14: quoting what was unquoted gives the same octets."""
    plain, quoting = unquote(octets)

    assert octets == (requote(plain) if quoting else plain)


@given(LINES)
def test_p14_quoting_can_always_be_undone(octets: bytes) -> None:
    """P14: unquoting what was quoted gives the same octets."""
    assert octets == unquote(requote(octets))[0]


@pytest.mark.parametrize(
    ("found", "line_ends", "form"),
    [
        (b"", b"C", LineEnds.CRLF),
        (b"a", b"C", LineEnds.CRLF),
        (b"a\r\nb\r\n", b"C", LineEnds.CRLF),
        (b"a\nb\n", b"L", LineEnds.LF),
        (b"a\r\r\n", b"C", LineEnds.CRLF),
        (b"a\r\nb\n", b"M\x01\x01", LineEnds.MIXED),
        (b"a\nb\r\n", b"M\x00\x01\x01", LineEnds.MIXED),
        (b"\n" * 127 + b"\r\n", b"M\x00\x7f\x01", LineEnds.MIXED),
        (b"\n" * 128 + b"\r\n", b"M\x00\x80\x01\x01", LineEnds.MIXED),
        (b"\r\n" * 300 + b"\n" * 2, b"M\xac\x02\x02", LineEnds.MIXED),
    ],
)
def test_line_ends_are_written_down_in_few_octets(
    found: bytes, line_ends: bytes, form: LineEnds
) -> None:
    """One letter where all are alike; else run lengths, CRLF first."""
    assert (line_ends, form) == (canonical(found)[1], line_end_form(line_ends))


def test_a_message_has_one_hash_whatever_its_line_ends() -> None:
    """SHA-256 of the canonical octets and one more CRLF."""
    expected = sha256(b"a: b\r\n\r\nx\r\n\r\n").hexdigest()

    assert {expected} == {
        message_digest(canonical(found)[0])
        for found in (b"a: b\r\n\r\nx\r\n", b"a: b\n\nx\n", b"a: b\r\n\nx\n")
    }


@pytest.mark.parametrize(
    ("quoted", "plain"),
    [
        (b">From a\r\n", b"From a\r\n"),
        (b"x\r\n>>From a\r\n", b"x\r\n>From a\r\n"),
        (b"> From a\r\n>from b\r\n>From: c\r\nx >From d\r\n", b""),
        (b"a\r>From b\r\n", b""),
        (b">From a\r\nFrom b\r\n", b""),
    ],
)
def test_p14_only_lines_of_marks_and_from_are_unquoted(quoted: bytes, plain: bytes) -> None:
    """P14: `^>+From ` and nothing else; a message with a bare From_ line stays."""
    expected = (plain, "mboxrd") if plain else (quoted, "")

    assert expected == unquote(quoted)


@pytest.mark.parametrize(
    "kind", [PieceKind.QUARANTINED, PieceKind.PREAMBLE, PieceKind.FRAMING]
)
def test_what_is_no_message_is_kept_as_found(kind: PieceKind) -> None:
    """Its octets are not canonical, so nothing is to be undone."""
    piece = Piece(kind, b">From \r\nx\n", b"C", "", 0, b"", 10, b"", "", "why")

    assert b">From \r\nx\n" == restore(piece)


@pytest.mark.parametrize(
    ("run", "encoded"),
    [
        (1, b"\x01"),
        (126, b"\x7e"),
        (127, b"\x7f"),
        (128, b"\x80\x01"),
        (129, b"\x81\x01"),
        (255, b"\xff\x01"),
        (256, b"\x80\x02"),
        (16_383, b"\xff\x7f"),
        (16_384, b"\x80\x80\x01"),
        (20_001, b"\xa1\x9c\x01"),
    ],
)
def test_how_runs_of_line_ends_are_written(run: int, encoded: bytes) -> None:
    """Base-128 varints, low bits first, as short as can be; archives hold them."""
    found = b"a\r\n" * run + b"b\n" * run + b"c\r\nd"

    octets, line_ends = canonical(found)

    assert b"M" + encoded * 2 + b"\x01" == line_ends
    assert found == restore_line_ends(octets, line_ends)
