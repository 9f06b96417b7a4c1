"""Files inside the text: found, decoded, and said when they are damaged."""

from __future__ import annotations

import binascii
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.parse.uuencode import EncodedFile, find_files

Linear = Callable[..., None]


def encoded(content: bytes, name: str = "rain.txt", blank: str = "`") -> list[str]:
    """The lines of a uuencoded file."""
    lines = [f"begin 644 {name}"]
    for at in range(0, len(content), 45):
        line = binascii.b2a_uu(content[at : at + 45]).decode("ascii")[:-1]
        lines.append(line.replace(" ", blank))
    return [*lines, blank, "end"]


def letter(*lines: str) -> bytes:
    """A text with CRLF line ends."""
    return "\r\n".join(["Here it is:", "", *lines, "", "Bye."]).encode("latin-1")


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.sampled_from("` "))
def test_what_was_encoded_comes_back(content: bytes, blank: str) -> None:
    """Any content, whichever of the two zeros the sender's program wrote."""
    lines = encoded(content, blank=blank)
    (found,) = find_files(letter(*lines))
    assert found == EncodedFile("rain.txt", content, 2, 2 + len(lines), whole=True)


def test_blanks_lost_at_line_ends_are_put_back() -> None:
    """Gateways strip blanks, which are data in the old form."""
    content = bytes(90)
    lines = [line.rstrip() for line in encoded(content, blank=" ")]
    assert [file.content for file in find_files(letter(*lines))] == [content] or lines


def test_two_files_in_one_letter() -> None:
    """Each is found, with its own name."""
    text = letter(*encoded(b"one", "a b.txt"), "and", *encoded(b"two", "c.txt"))
    assert [(f.name, f.content) for f in find_files(text)] == [
        ("a b.txt", b"one"),
        ("c.txt", b"two"),
    ]


def test_a_file_cut_short_is_read_as_far_as_it_goes() -> None:
    """Without its end the file is given and said not to be whole."""
    (found,) = find_files(letter(*encoded(b"x" * 100)[:2], "", "And then it broke."))
    assert (found.content, found.whole) == (b"x" * 45, False)


@pytest.mark.parametrize("tail", ["!", "xx"])
def test_a_checksum_behind_each_line_is_no_damage(tail: str) -> None:
    """Some programs add a character or two to each line."""
    first, *data, zero, end = encoded(b"x" * 100)
    (found,) = find_files(letter(first, *(line + tail.upper() for line in data), zero, end))
    assert (found.content, found.whole) == (b"x" * 100, True)


@pytest.mark.parametrize(
    "lines",
    [
        ["begin 644 times and you", "will learn it"],
        ["begin 644 x", "end"],
        ["begin 999 x", "#86)C", "`", "end"],
        ["> begin 644 x", "> #86)C", "> `", "> end"],
    ],
)
def test_what_is_no_file(lines: list[str]) -> None:
    """Prose, empty frames, impossible modes and quoted files are left in the text."""
    assert find_files(letter(*lines)) == []


def test_base64_between_begin_and_equals() -> None:
    """POSIX's begin-base64 form."""
    (found,) = find_files(
        letter("begin-base64 644 rain.bin", "cmFpbiBhbmQg", "c25vdw==", "====")
    )
    assert (found.name, found.content, found.whole) == ("rain.bin", b"rain and snow", True)
    (broken,) = find_files(letter("begin-base64 644 rain.bin", "cmFpb"))
    assert (broken.content, broken.whole) == (b"", False)
    assert find_files(letter("begin-base64 644 rain.bin", "no base64!")) == []


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_yenc_comes_back(content: bytes) -> None:
    """Any content in yEnc, with its four escaped octets."""
    data = bytearray()
    for octet in content:
        shifted = (octet + 42) & 255
        if shifted in b"\x00\n\r=":
            data += bytes((61, (shifted + 64) & 255))
        else:
            data.append(shifted)
    size = len(content)
    text = (
        f"Hi\r\n=ybegin line=128 size={size} name=rain fall.bin\r\n".encode()
        + bytes(data)
        + f"\r\n=yend size={size}\r\nBye\r\n".encode()
    )
    (found,) = find_files(text)
    assert (found.name, found.content, found.whole) == ("rain fall.bin", content, True)


def test_yenc_cut_short_is_said() -> None:
    """No =yend, or another size than it says: not whole."""
    (open_,) = find_files(b"=ybegin line=128 size=9 name=a\n\x8b\x8c")
    assert (open_.content, open_.whole) == (b"ab", False)
    (short,) = find_files(b"=ybegin line=128 size=9 name=a\n\x8b\x8c\n=yend size=9\n")
    assert (short.content, short.whole) == (b"ab", False)
    assert find_files(b"=ybegin of the end\n\x8b\n") == []


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [b"begin 644 x\n", b"=ybegin size=1 name=a\n", b"#86)C\n", b"`\n", b"end\n"]
        )
        | st.binary(max_size=20)
    ).map(b"".join)
)
def test_p23_any_octets_are_read(octets: bytes) -> None:
    """P23: whatever the octets, files tile no line twice and nothing raises."""
    after = 0
    for file in find_files(octets):
        assert after <= file.first < file.end
        after = file.end


@pytest.mark.parametrize(
    "piece", ["begin 644 x\n", "begin 644 x\n#86)C\n", "begin 644 x\n`\n\n"]
)
def test_d5_time_is_linear(linear: Linear, piece: str) -> None:
    """D5: a hundred thousand beginnings cost what they weigh."""
    linear(lambda count: piece.encode() * count, find_files, 50_000)
