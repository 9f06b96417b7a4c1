"""What an archiver made up is not taken for what the author said."""

from __future__ import annotations

import pytest

from posterity.parse import parse_message

MADE_UP = b"<0123456789abcdef0123456789abcdef@NO-ID-FOUND.mhonarc.org>"


def letter(date: bytes, message_id: bytes = MADE_UP, sender: bytes = b"Anonymous") -> bytes:
    return (
        b"From: " + sender + b"\r\nDate: " + date + b"\r\nSubject: No Subject\r\n"
        b"Message-ID: " + message_id + b"\r\n\r\nthe rest of a letter\r\n"
    )


def codes(octets: bytes) -> set[str]:
    return {defect.code.value for defect in parse_message(octets).defects}


def test_an_archivers_run_time_is_no_date_of_the_author() -> None:
    """A made-up id beside an asctime without zone: the date is unknown, and says why."""
    message = parse_message(letter(b"Tue Mar  2 12:36:54 1999"))

    assert None is message.sent.utc
    assert {"archiver-date", "false-tail"} <= codes(letter(b"Tue Mar  2 12:36:54 1999"))


def test_a_header_of_its_own_is_no_false_tail() -> None:
    """Only the date is made up where somebody is named."""
    octets = letter(b"Tue Mar  2 12:36:54 1999", sender=b"Ada <ada@example.org>")

    assert "archiver-date" in codes(octets)
    assert "false-tail" not in codes(octets)


@pytest.mark.parametrize(
    ("date", "message_id"),
    [
        (b"Tue, 2 Mar 1999 12:36:54 +0000", MADE_UP),
        (b"Tue Mar  2 12:36:54 1999", b"<own@example.org>"),
    ],
)
def test_a_date_the_author_may_have_written_is_kept(date: bytes, message_id: bytes) -> None:
    """One of the two signs alone proves nothing."""
    assert 920_378_214 == parse_message(letter(date, message_id)).sent.utc
