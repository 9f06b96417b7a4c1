"""The files of a message: decoded, judged by content, named for show only."""

from __future__ import annotations

import base64
import sys
import types

import pytest

from posterity.model import Attachment
from posterity.parse import attachments as room
from posterity.parse import parse_message
from posterity.parse.attachments import attachments, display_name

HEAD = "From: Ann Doe <ann@example.org>\nMIME-Version: 1.0\n"
UU = "begin 644 {0}\n-270@<F%I;G,@:&5R90\n`\nend\n"


def files_of(text: str) -> list[tuple[str, str, str, bytes]]:
    """(part, name, type, content) of each file of a message."""
    octets = (HEAD + text).replace("\n", "\r\n").encode("utf-8")
    return [(f.part_id, f.filename, f.media_type, f.content) for f in found(octets)]


def found(octets: bytes) -> tuple[Attachment, ...]:
    """The files of a message."""
    return attachments(octets, parse_message(octets))


def mail(content: bytes, header: str) -> str:
    """A multipart with a text and one file in base64."""
    data = base64.encodebytes(content).decode("ascii")
    return (
        'Content-Type: multipart/mixed; boundary="=_b"\n\n--=_b\n\nSee:\n--=_b\n'
        f"{header}\nContent-Transfer-Encoding: base64\n\n{data}--=_b--\n"
    )


def test_a_letter_without_files_has_none() -> None:
    """Words alone are no file, even words that begin with begin."""
    assert files_of("\nIt rains. I begin 644 times.\n") == []


def test_a_file_is_what_its_content_says() -> None:
    """A picture called a text is a picture, and the sender's claim is kept beside it."""
    content = b"\x89PNG\r\n\x1a\n\x00"
    octets = HEAD + mail(
        content,
        'Content-Type: text/x-rain; name="rain.txt"\nContent-Disposition: attachment',
    )
    (file,) = found(octets.replace("\n", "\r\n").encode())
    assert file == Attachment("2", "rain.txt", "text/x-rain", "image/png", content)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\rain.exe",
        "/etc/passwd",
        "%2e%2e/x",
        "CON",
        "rain.",
        "雨.txt",
    ],
)
def test_f1_f3_names_are_shown_as_sent(name: str) -> None:
    """F1, F3: a hostile name is kept to be shown; it names no file of ours."""
    header = f'Content-Type: application/octet-stream; name="{name.replace(chr(92), chr(92) * 2)}"'
    assert [file[1] for file in files_of(mail(b"x", header))] == [name]
    assert [file[:2] for file in files_of("\n" + UU.format(name))] == [("uu1", name)]


def test_f5_long_names_are_cut() -> None:
    """F5: a name of 100,000 characters is cut at 255 octets, between characters."""
    header = f'Content-Type: application/octet-stream; name="{"r" * 100_000}"'
    assert [len(file[1]) for file in files_of(mail(b"x", header))] == [255]
    assert [len(file[1]) for file in files_of("\n" + UU.format("r" * 900))] == [255]
    assert display_name("雨" * 100) == "雨" * 85


def test_uuencoded_files_are_decoded_and_numbered() -> None:
    """Files inside the text come after the parts, counted through the message."""
    text = "\nHere:\n" + UU.format("a.txt") + "and\n" + UU.format("b.txt")
    assert files_of(text) == [
        ("uu1", "a.txt", "text/plain", b"It rains here"),
        ("uu2", "b.txt", "text/plain", b"It rains here"),
    ]


def test_a_tnef_file_stays_whole_where_it_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the reader winmail.dat is kept as it came."""
    monkeypatch.setitem(sys.modules, "tnefparse", None)
    content = b"\x78\x9f\x3e\x22\x00\x00"
    header = 'Content-Type: application/ms-tnef; name="winmail.dat"'
    assert files_of(mail(content, header)) == [
        ("2", "winmail.dat", "application/ms-tnef", content)
    ]


def test_a_tnef_file_is_unpacked_where_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reader its files come out, judged by content; a broken one stays whole."""

    class Inner:
        name = "RAIN~1.TXT"
        data = b"It rains."

        def long_filename(self) -> str:
            return "rain fall.txt"

    class Reader:
        def __init__(self, content: bytes) -> None:
            if content.endswith(b"!"):
                raise ValueError(content)
            self.attachments = [Inner()]

    reader = types.ModuleType("tnefparse")
    reader.TNEF = Reader  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tnefparse", reader)
    header = "Content-Type: application/ms-tnef"
    assert files_of(mail(b"\x78\x9f\x3e\x22", header)) == [
        ("2.tnef1", "rain fall.txt", "text/plain", b"It rains.")
    ]
    assert files_of(mail(b"\x78\x9f\x3e\x22!", header))[0][0] == "2"


def test_the_room_names_its_limit() -> None:
    """The limit on names is the one file systems agree on."""
    assert room.MAX_NAME == 255
