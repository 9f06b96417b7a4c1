from __future__ import annotations

import mailbox
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from posterity.model import Framing
from posterity.sources import MboxFormat, ReadOptions, open_sources, restore
from posterity.sources import extent as extents

Letter = Callable[..., bytes]
Reader = Callable[..., Any]
MARK = b"\x01\x01\x01\x01"


def folder(messages: list[bytes], ends: bytes = b"\n") -> bytes:
    return b"".join(MARK + ends + message + MARK + ends for message in messages)


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_p15_messages_stand_between_marks(
    read: Reader, letter: Letter, ends: bytes
) -> None:
    """P15: From lines in bodies are text; no blank line is cut off."""
    messages = [
        letter(1, b"From ann@example.org Mon Jan  5 10:49:28 1998\r\nSubject: x\r\n"),
        letter(2, b"x\r\n\r\n"),
    ]

    found = read(folder([m.replace(b"\r\n", ends) for m in messages], ends))

    assert messages == found.messages
    assert ("mmdf", Framing.MMDF, 1.0) == (
        found.source.form,
        found.source.profile.dialect,
        found.source.profile.confidence,
    )
    assert [MARK + ends] * 2 == [piece.opening for piece in found.pieces]
    assert [MARK + ends] * 2 == [piece.closing for piece in found.pieces]


def test_a_from_line_after_the_mark_is_framing(read: Reader, letter: Letter) -> None:
    """Some writers put one; it is no part of the message."""
    line = b"From ann@example.org Mon Jan  5 10:49:28 1998\r\n"

    found = read(folder([line + letter(1)], b"\r\n"))

    assert ([letter(1)], MARK + b"\r\n" + line) == (found.messages, found.pieces[0].opening)


def test_a_folder_without_its_last_mark(read: Reader, letter: Letter) -> None:
    """The last message is given, with the reason to doubt its end."""
    found = read((folder([letter(1), letter(2)], b"\r\n")).removesuffix(MARK + b"\r\n"))

    assert [letter(1), letter(2)] == found.messages
    assert ["", "the folder ends before the message's closing mark"] == [
        piece.reason for piece in found.pieces
    ]
    assert "no closing mark" in found.source.profile.evidence[1]


def test_a_mark_without_its_line_end_closes_the_folder(
    read: Reader, letter: Letter
) -> None:
    """At the end of the file."""
    found = read(folder([letter(1)], b"\r\n").removesuffix(b"\r\n"))

    assert ([letter(1)], MARK) == (found.messages, found.pieces[0].closing)


def test_text_outside_the_marks_is_kept(read: Reader, letter: Letter) -> None:
    """Before the first mark a preamble, between and after messages set aside."""
    octets = b"\n".join(
        [b"Subject: x", folder([letter(1)]) + b"odd", folder([letter(2)]), b"end"]
    )

    found = read(octets, options=ReadOptions(mbox_format=MboxFormat.MMDF))

    assert ["preamble", "message", "quarantined", "message", "quarantined"] == found.kinds
    assert [letter(1), letter(2)] == found.messages


@pytest.mark.parametrize(
    "line",
    [b"x" + MARK, MARK + b"x", b"\x01\x01\x01", MARK + b"\x01", MARK + b"\r", b" " + MARK],
)
def test_only_a_line_of_four_is_a_mark(read: Reader, letter: Letter, line: bytes) -> None:
    """Neither more nor less."""
    message = letter(1, b"a\r\n" + line + b"\r\nb\r\n")

    assert [message] == read(folder([message], b"\r\n")).messages


def test_an_empty_message_between_marks(read: Reader, letter: Letter) -> None:
    """The second mark closes it, the third opens the next."""
    found = read(folder([b"", letter(1)]))

    assert [b"", letter(1)] == found.messages
    assert "no header block" == found.pieces[0].reason


@pytest.mark.parametrize("width", [1, 2, 5, 6, 7, 64])
def test_marks_do_not_depend_on_windows(
    read: Reader, letter: Letter, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    """However the folder is cut for reading, the pieces are the same."""
    octets = folder([letter(1), letter(2, MARK + b"x\r\n"), letter(3)], b"\r\n")
    whole = read(octets)
    monkeypatch.setattr(extents, "WINDOW", width)

    assert whole.pieces == read(octets).pieces
    assert 3 == len(whole.messages)


def test_p17_expunged_mail_in_mmdf(read: Reader, letter: Letter) -> None:
    """P17: as in an mbox."""
    gone = b"X-Mozilla-Status: 0008\r\n" + letter(1)

    found = read(folder([gone, letter(2)], b"\r\n"))

    assert ["quarantined", "message"] == found.kinds
    kept = read(folder([gone, letter(2)]), options=ReadOptions(keep_deleted=True))
    assert [gone, letter(2)] == kept.messages


def test_batches_of_a_folder(
    read: Reader, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """500 a batch, bounded in octets; a long message is set aside in chunks."""
    found = read(folder([letter(n) for n in range(501)]))
    assert [500, 1] == [len(list(batch.read())) for batch in found.source.batches]

    monkeypatch.setattr("posterity.sources.mmdf.BATCH_OCTETS", 300)
    monkeypatch.setattr("posterity.sources.mmdf.MESSAGE_LIMIT", 600)
    monkeypatch.setattr("posterity.sources.aside.CHUNK", 500)
    found = read(folder([letter(1), letter(2), letter(3, b"x" * 700 + b"\r\n"), letter(4)]))

    assert [2, 2, 1] == [len(list(batch.read())) for batch in found.source.batches]
    assert [letter(1), letter(2), letter(4)] == found.messages
    assert ["quarantined"] * 2 == [kind for kind in found.kinds if kind != "message"]


def test_p22_the_standard_library_counts_the_same(tmp_path: Path, letter: Letter) -> None:
    """P22: stdlib's mailbox.MMDF; it takes the last line end of each for framing."""
    path = tmp_path / "box"
    line = b"From ann@example.org Mon Jan  5 10:49:28 1998\n"
    path.write_bytes(folder([line + letter(n).replace(b"\r\n", b"\n") for n in range(4)]))
    with closing(mailbox.MMDF(path)) as box:
        expected = [box.get_bytes(key) + b"\n" for key in box.iterkeys()]

    (source,) = open_sources(path, spool=tmp_path)
    batches = getattr(source, "batches", [])

    assert expected == [restore(piece) for batch in batches for piece in batch.read()]
