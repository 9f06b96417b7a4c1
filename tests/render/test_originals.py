"""What is served as a message's octets, and how many of them make one file."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity import mboxrd
from posterity.model import Digest
from posterity.parse import parse_message
from posterity.parse.body import read_body
from posterity.render.addresses import Addresses
from posterity.render.originals import served

DIGEST = Digest("ab" * 32)
Make = Callable[..., Any]
LINES = st.lists(
    st.sampled_from(
        [b"From me", b">From me", b">>>From ", b"from me", b"> From", b"", b"x"]
    )
)


def unquote(octets: bytes) -> bytes:
    """Undo mboxrd: one > less before >*From."""
    return re.sub(rb"(?m)^>(>*From )", rb"\1", octets)


@given(
    st.lists(
        LINES.map(lambda lines: b"".join(line + b"\r\n" for line in lines)), max_size=4
    )
)
@settings(max_examples=80, deadline=None)
def test_mboxrd_comes_back(messages: list[bytes]) -> None:
    """Split at the envelope and unquoted, each message is what it was."""
    file = b"".join(mboxrd.frames(messages))
    pieces = re.split(rb"(?m)^" + re.escape(mboxrd.ENVELOPE), file)[1:]

    assert messages == [unquote(piece).removesuffix(b"\r\n") for piece in pieces]


def test_a_months_mbox_holds_all_of_it(bench: Make, write: Make, hold: Make) -> None:
    """Copies too; and the file is the same whenever it is made."""
    made = bench(write(), hold(write(number=2), changes={"listed": False}))
    content = made.files()["archive/1994/03.mbox.gz"]

    assert 2 == gzip.decompress(content).count(mboxrd.ENVELOPE)
    assert b"\0\0\0\0" == content[4:8]


def test_a_thread_mbox(bench: Make, write: Make, hold: Make) -> None:
    """The messages in reading order, quoted, one CRLF after each."""
    first, second = write("From here\n"), write(number=2)
    made = bench(first, hold(second, parent=0))
    content = made.files()[f"thread/{made.reader.rows[0].digest}.mbox"]

    assert mboxrd.frame(first) + mboxrd.frame(second) == content
    assert (
        b"\r\n>From here\r\n\r\nFrom mboxrd@posterity Thu Jan  1 00:00:00 1970\r\n"
        in content
    )


@pytest.mark.parametrize(("policy", "shown"), [("mask", b"anna@..."), ("hide", b"hidden")])
def test_masked_octets(policy: str, shown: bytes) -> None:
    """Addresses go, ids stay, and the copy names its original."""
    octets = (
        b"From: anna@example.org\r\nMessage-ID:\r\n <1@example.org>\r\nTo: bo@example.net\r\n"
        b"\r\nwrite to anna@example.org\r\n"
    )
    found = served(octets, DIGEST, Addresses(policy))

    assert found.startswith(b"X-Posterity-Original: " + b"ab" * 32 + b"\r\nFrom: " + shown)
    assert b"\r\nMessage-ID:\r\n <1@example.org>\r\n" in found
    assert b"example.net" not in found
    assert found.endswith(b"write to " + shown + b"\r\n")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("base64", b"d3JpdGUgdG8gYW5uYUBleGFtcGxlLm9yZw=="),
        ("quoted-printable", b"write to an=\r\nna=40example.org"),
    ],
)
def test_encoded_texts_are_masked_too(encoding: str, text: bytes) -> None:
    """An encoding is no hiding place, and the copy reads as the page does."""
    head = f"Subject: x\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    found = served(head + text, DIGEST, Addresses("mask"))
    message = parse_message(found)

    assert ("write to anna@...",) == read_body(found, message).lines


def test_shown_octets_are_untouched() -> None:
    """Where nothing is masked, the octets are the message's own."""
    assert b"a@b.example" == served(b"a@b.example", DIGEST, Addresses("show"))


def test_months_instead_of_messages(bench: Make, write: Make) -> None:
    """With raw = "months" there is no .eml, and pages lead to the month's file."""
    made = bench(write(), raw="months")

    assert not any(path.endswith(".eml") for path in made.files())
    assert 'class="raw" href="../03.mbox.gz"' in made.page()
