"""The last octets of an mbox's rules: what each piece is, whole, at each border."""

from __future__ import annotations

import gzip
from array import array
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from posterity.sources import Piece, PieceKind, ReadOptions
from posterity.sources import mbox as mboxes
from posterity.sources.extent import Extent
from posterity.sources.mbox import MboxBatches, closing_length, habits_of
from posterity.sources.separators import Frames, Rule

Letter = Callable[..., bytes]
Reader = Callable[..., Any]
ENVELOPE = b"From ann@example.org Mon Jan  5 10:49:28 1998\r\n"
OURS = b"From mboxrd@posterity Thu Jan  1 00:00:00 1970\r\n"


def written(messages: list[bytes]) -> bytes:
    """An mbox with CRLF line ends; nothing is quoted."""
    return b"".join(ENVELOPE + message + b"\r\n" for message in messages)


def frames(*starts: int, own: bool = False) -> Frames:
    """Separators of one octet each."""
    bodies = [start + 1 for start in starts]
    rule = Rule(own, blank=True, sender=None, lengths=False)
    return Frames(rule, array("Q", starts), array("Q", bodies), 0, 0, 0, 0, 0)


# -- whole pieces ----------------------------------------------------------------------


def test_every_value_of_a_message_s_piece(read: Reader, letter: Letter) -> None:
    """Kind, octets, line ends, member, offset, framing, length, quoting, reason."""
    first, second = read(written([letter(1), letter(2)])).pieces
    size, offset = len(letter(1)), len(ENVELOPE + letter(1)) + 2
    kind = PieceKind.MESSAGE

    assert Piece(kind, letter(1), b"C", "", 0, ENVELOPE, size, b"\r\n", "", "") == first
    assert offset == second.offset
    assert first._replace(octets=letter(2), offset=offset) == second


def test_every_value_of_a_preamble_s_piece(read: Reader, letter: Letter) -> None:
    """Its octets are all its own: nothing of it is framing."""
    text = b"This is the archive of a list.\n\n"
    [piece, _] = read(text + written([letter(1)])).pieces
    kind, reason = PieceKind.PREAMBLE, "text before the first separator"

    assert Piece(kind, text, b"C", "", 0, b"", len(text), b"", "", reason) == piece


def test_every_value_of_a_deleted_message_s_piece(read: Reader, letter: Letter) -> None:
    """Framed as a message, octets as found."""
    deleted = b"X-Mozilla-Status: 0009\n" + letter(1)
    [piece, _] = read(written([deleted, letter(2)])).pieces
    kind, why = PieceKind.QUARANTINED, piece.reason

    assert why.startswith("deleted by its reader")
    assert (
        Piece(kind, deleted, b"C", "", 0, ENVELOPE, len(deleted), b"\r\n", "", why) == piece
    )


@pytest.mark.parametrize(
    ("front", "kind", "reason"),
    [
        (b"", PieceKind.QUARANTINED, "longer than a message may be (256 MiB)"),
        (b"A list's archive.\r\n", PieceKind.PREAMBLE, "text before the first separator"),
    ],
)
def test_every_value_of_what_is_too_long(
    read: Reader,
    letter: Letter,
    monkeypatch: pytest.MonkeyPatch,
    front: bytes,
    kind: PieceKind,
    reason: str,
) -> None:
    """A message is set aside, text before the first separator stays a preamble."""
    monkeypatch.setattr(mboxes, "MESSAGE_LIMIT", 2000)
    monkeypatch.setattr(mboxes, "BATCH_OCTETS", 1000)
    monkeypatch.setattr("posterity.sources.aside.CHUNK", 2000)
    text = letter(1, b"x" * 3000 + b"\r\n\r\n") if not front else front * 170 + b"\r\n"
    opening = b"" if front else ENVELOPE

    found = read(opening + text + written([letter(2)]))

    one = Piece(kind, text[:2000], b"C", "", 0, opening, 2000, b"", "", reason)
    two = one._replace(
        octets=text[2000:], offset=len(opening) + 2000, opening=b"", length=len(text) - 2000
    )
    assert [one, two] == found.pieces[:2]
    assert [letter(2)] == found.messages


# -- reasons ---------------------------------------------------------------------------


def test_only_the_first_message_lacks_its_from_line(read: Reader, letter: Letter) -> None:
    """The reason is said of one message, not of those that follow."""
    found = read(letter(1) + b"\r\n" + written([letter(2), letter(3)]))

    assert ["the first message has no From_ line", "", ""] == [
        piece.reason for piece in found.pieces
    ]


@pytest.mark.parametrize("head", [b"Subject: x\r\n\r\n", b""])
def test_of_a_stream_that_breaks_off_only_the_last_message_says_so(
    read: Reader, head: bytes
) -> None:
    """The others are whole. That the stream ends is said before that no header is there."""
    noise = [sha256(b"%d" % n).hexdigest().encode() + b"\r\n" for n in range(3_000)]
    octets = b"".join(ENVELOPE + head + b"".join(noise[n::3]) + b"\r\n" for n in range(3))
    stream = gzip.compress(octets)

    found = read(stream[: len(stream) * 5 // 6])

    *whole, last = [piece.reason for piece in found.pieces]
    assert ["" if head else "no header block"] * 2 == whole
    assert "breaks off before its end" in last
    assert found.source.truncated == last


def test_a_preamble_that_is_all_of_a_broken_stream_keeps_its_reason(
    tmp_path: Path,
) -> None:
    """What it is says more than that there is less of it."""
    path = tmp_path / "list.mbox"
    path.write_bytes(b"Only text.\r\n")
    extent = Extent(str(path), 0, 12)
    habits = habits_of(
        frames(), b"Only text.\r\n", ReadOptions(), bare_cr=False, ending="cut"
    )

    [batch] = MboxBatches(extent, frames(), habits)
    [piece] = batch.read()

    assert (PieceKind.PREAMBLE, b"Only text.\r\n") == (piece.kind, piece.octets)
    assert "text before the first separator" == piece.reason


@pytest.mark.parametrize(
    ("body", "reason"), [(b" Subject: x\r\n", "no header block"), (b"a:\r\n", "")]
)
def test_a_header_block_begins_at_the_first_octet(
    read: Reader, letter: Letter, body: bytes, reason: str
) -> None:
    """A blank before the first field's name is no header block."""
    found = read(written([letter(1), body, letter(2)]))

    assert [letter(1), body, letter(2)] == found.messages
    assert ["", reason, ""] == [piece.reason for piece in found.pieces]


# -- habits ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "head", "preamble"),
    [
        ((0,), b"From", ""),
        ((0, 50), b"From", ""),
        ((50,), b"Subject: x\r\n", "the first message has no From_ line"),
        ((50,), b" Subject: x\r\n", "text before the first separator"),
        ((), b"Subject: x\r\n", "the first message has no From_ line"),
        ((), b"", "text before the first separator"),
    ],
)
def test_what_stands_before_the_first_separator(
    starts: tuple[int, ...], head: bytes, preamble: str
) -> None:
    """Nothing where the file opens with one; else a message or text, by its first line."""
    habits = habits_of(frames(*starts), head, ReadOptions(), bare_cr=False, ending="")

    assert preamble == habits.preamble


@pytest.mark.parametrize(
    ("region", "bare_cr", "length"),
    [
        (b"\r", True, 1),
        (b"x\r\r", True, 1),
        (b"x\r", True, 0),
        (b"x\r\rx", True, 0),
        (b"x", True, 0),
        (b"", True, 0),
        (b"x\n\n", True, 0),
        (b"\r", False, 0),
        (b"x\r\r", False, 0),
        (b"\n", False, 1),
        (b"x\r\n\r\n", False, 2),
        (b"x\r\n", False, 0),
    ],
)
def test_one_blank_line_closes_a_message(region: bytes, bare_cr: bool, length: int) -> None:
    """In a file whose lines end in CR it is a CR after a CR, or one alone."""
    assert length == closing_length(region, bare_cr)


# -- mboxrd ----------------------------------------------------------------------------


def test_our_envelope_in_a_strangers_file_undoes_no_quoting(
    read: Reader, letter: Letter
) -> None:
    """As a separator it proves its message only in a file that opens with one."""
    quoted = letter(2, b">From me\r\n")
    octets = written([letter(1)]) + OURS + quoted + b"\r\n" + written([letter(3)])

    found = read(octets)

    assert [letter(1), quoted, letter(3)] == found.messages
    assert OURS == found.pieces[1].opening


def test_an_envelope_of_ours_is_ours_to_the_last_octet(
    read: Reader, letter: Letter
) -> None:
    """One more octet in it, and it proves nothing about its message."""
    quoted = letter(2, b">From me\r\n")
    near = OURS.replace(b"1970", b"1970X")
    octets = OURS + letter(1) + b"\r\n" + near + quoted + b"\r\n"

    found = read(octets)

    assert [letter(1), quoted] == found.messages
    assert near == found.pieces[1].opening


# -- batches ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "sizes"), [(2, [2]), (3, [2, 1]), (4, [2, 2]), (5, [2, 2, 1])]
)
def test_a_batch_is_filled_wherever_it_begins(
    read: Reader,
    letter: Letter,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    sizes: list[int],
) -> None:
    """What is left fits one batch or not, by its own octets and not by its place."""
    messages = [letter(n) for n in range(count)]
    monkeypatch.setattr(mboxes, "BATCH_OCTETS", 2 * len(written(messages[:1])))

    found = read(written(messages))

    assert sizes == [len(list(batch.read())) for batch in found.source.batches]


def test_octets_without_a_separator_are_one_batch(tmp_path: Path) -> None:
    """And no octets are none."""
    path = tmp_path / "list.mbox"
    path.write_bytes(b"a: b\r\n")
    habits = habits_of(frames(), b"a: b\r\n", ReadOptions(), bare_cr=False, ending="")

    [batch] = MboxBatches(Extent(str(path), 0, 6), frames(), habits)

    assert [b"a: b\r\n"] == [piece.octets for piece in batch.read()]
    assert [] == list(MboxBatches(Extent(str(path), 0, 0), frames(), habits))
