"""Parts of a message: found, numbered, sorted into text and attachments."""

from __future__ import annotations

import base64
import email
import email.message
import email.policy
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.model import BodyPart
from posterity.parse import mime
from posterity.parse.header import read_header


def letter(*lines: str) -> bytes:
    return "\r\n".join(lines).encode() + b"\r\n"


def structure(octets: bytes) -> mime.Structure:
    fields, body, _ = read_header(octets)
    return mime.body_structure(octets, fields, body)


def shown(octets: bytes) -> list[bytes]:
    """The content of each text part, line ends at the end left out."""
    parts, text, _, _, _ = structure(octets)
    return [mime.part_octets(octets, parts[at])[0].strip() for at in text]


def outline(octets: bytes) -> list[tuple[str, str]]:
    return [(part.part_id, part.media_type) for part in structure(octets)[0]]


MIXED = letter(
    "Subject: tea",
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="cup"',
    "",
    "This is a message in several parts.",
    "--cup",
    "",
    "Green or black?",
    "--cup",
    'Content-Type: text/html; charset="utf-8"',
    "",
    "<p>Black.</p>",
    "--cup",
    'Content-Type: image/png; name="leaf.png"',
    "Content-Disposition: attachment",
    "Content-Transfer-Encoding: base64",
    "Content-ID: <leaf@example.org>",
    "",
    base64.b64encode(b"\x89PNG leaf").decode(),
    "--cup--",
    "Nobody reads this.",
)


def test_parts_of_a_plain_message() -> None:
    """One part, numbered 1, all of the body."""
    octets = letter("From: ann@example.org", "Content-Type: text/plain", "", "Tea?")

    parts, text, html, attachments, defects = structure(octets)

    assert parts == (
        BodyPart("1", "text/plain", "", "7bit", "", "", "", 0, 0, 51, 6, 0, -1),
    )
    assert (text, html, attachments, defects) == ((0,), (0,), (), ())


def test_parts_of_a_multipart() -> None:
    """Offsets, types, names: as the sender put them."""
    parts, text, html, attachments, defects = structure(MIXED)

    assert outline(MIXED) == [
        ("", "multipart/mixed"),
        ("1", "text/plain"),
        ("2", "text/html"),
        ("3", "image/png"),
    ]
    assert (
        parts[3].filename,
        parts[3].disposition,
        parts[3].content_id,
    ) == ("leaf.png", "attachment", "leaf@example.org")
    assert MIXED[parts[1].offset :][: parts[1].length] == b"Green or black?"
    assert mime.part_octets(MIXED, parts[3]) == (b"\x89PNG leaf", ())
    assert (text, html, attachments, defects) == ((1, 2), (1, 2), (3,), ())
    assert [part.parent for part in parts] == [-1, 0, 0, 0]
    assert [part.depth for part in parts] == [0, 1, 1, 1]


def test_part_headers_are_where_they_say() -> None:
    """BodyPart.header leads to the part's own header block."""
    parts = structure(MIXED)[0]

    assert MIXED[parts[2].header :].startswith(b"Content-Type: text/html")
    assert MIXED[parts[2].header : parts[2].offset].endswith(b"\r\n\r\n")


@pytest.mark.parametrize("end", [b"\n", b"\r\r\n", b"\r"])
def test_p13_line_ends_give_the_same_parts(end: bytes) -> None:
    """LF, CR CR LF or CR alone: the same parts with the same text."""
    octets = MIXED.replace(b"\r\n", end)

    assert outline(MIXED) == outline(octets)
    assert shown(octets) == [b"Green or black?", b"<p>Black.</p>"]


def multipart(subtype: str, *parts: str, boundary: str = "cup", close: bool = True) -> str:
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return head + body + (f"--{boundary}--\r\n" if close else "")


def part(media_type: str, text: str, *fields: str) -> str:
    return "\r\n".join([f"Content-Type: {media_type}", *fields, "", text])


PLAIN = part("text/plain", "plain words")
HTML = part("text/html", "<p>html</p>")
PICTURE = part("image/png", "png", "Content-ID: <p@example.org>")


@pytest.mark.parametrize(
    ("octets", "text", "html", "attachments"),
    [
        (multipart("alternative", PLAIN, HTML), [1], [2], []),
        (multipart("alternative", PLAIN), [1], [1], []),
        (multipart("alternative", HTML), [1], [1], []),
        (multipart("alternative", PLAIN, PICTURE), [1], [1], [2]),
        (multipart("related", HTML, PICTURE), [1], [1], [2]),
        (multipart("mixed", PLAIN, PICTURE, PLAIN), [1, 3], [1, 3], [2]),
        (
            multipart(
                "alternative",
                PLAIN,
                multipart("related", HTML, PICTURE, boundary="saucer"),
            ),
            [1],
            [3],
            [4],
        ),
        (
            multipart(
                "mixed", multipart("alternative", PLAIN, HTML, boundary="pot"), PLAIN
            ),
            [2, 4],
            [3, 4],
            [],
        ),
        (
            multipart(
                "mixed", PLAIN, part("text/plain", "x", "Content-Disposition: attachment")
            ),
            [1],
            [1],
            [2],
        ),
        (multipart("mixed", PLAIN, part("text/x-diff; name=a.diff", "+")), [1], [1], [2]),
        (multipart("mixed", part("text/plain; name=a.txt", "x")), [1], [1], []),
        (multipart("mixed", part("text/enriched", "<bold>x</bold>")), [1], [1], []),
        (multipart("mixed", part("application/pgp", "-----BEGIN")), [1], [1], []),
        (multipart("mixed", part("application/pdf", "%PDF")), [], [], [1]),
        (multipart("mixed", part("x-unknown/thing", "?")), [], [], [1]),
        (
            multipart("signed", PLAIN, part("application/pgp-signature", "sig")),
            [1],
            [1],
            [2],
        ),
        (
            multipart("alternative", part("text/enriched", "e"), HTML),
            [1],
            [2],
            [],
        ),
        (
            multipart("alternative", PLAIN, part("text/enriched", "e")),
            [1],
            [1],
            [2],
        ),
    ],
)
def test_text_is_chosen_as_rfc_8621_says(
    octets: str, text: list[int], html: list[int], attachments: list[int]
) -> None:
    """RFC 8621 §4.1.4: alternatives, related pictures, attachments."""
    found = structure(octets.encode())

    assert (text, html, attachments) == tuple(map(list, found[1:4]))


FORWARDED = letter(
    "Subject: first",
    'Content-Type: multipart/mixed; boundary="in"',
    "",
    "--in",
    "",
    "inner words",
    "--in",
    "Content-Type: image/png",
    "",
    "png",
    "--in--",
)


def test_enclosed_message_is_entered() -> None:
    """Its parts are numbered as IMAP numbers them, its text is text."""
    octets = multipart("mixed", PLAIN, part("message/rfc822", FORWARDED.decode())).encode()

    parts, text, _, attachments, defects = structure(octets)

    assert outline(octets) == [
        ("", "multipart/mixed"),
        ("1", "text/plain"),
        ("2", "message/rfc822"),
        ("", "multipart/mixed"),
        ("2.1", "text/plain"),
        ("2.2", "image/png"),
    ]
    assert (text, attachments, defects) == ((1, 4), (2, 5), ())
    assert octets[parts[2].offset :][: parts[2].length].strip() == FORWARDED.strip()
    assert octets[parts[3].header :].startswith(b"Subject: first")


def test_enclosed_message_of_one_part() -> None:
    """RFC 3501: the text of an enclosed message that has no parts is number n.1."""
    octets = letter("Content-Type: message/rfc822", "", "Subject: x", "", "inner")

    assert outline(octets) == [("1", "message/rfc822"), ("1.1", "text/plain")]
    assert shown(octets) == [b"inner"]


def test_attached_message_is_no_text() -> None:
    """A message called an attachment is one; its parts are listed all the same."""
    octets = multipart(
        "mixed",
        PLAIN,
        part("message/rfc822", FORWARDED.decode(), "Content-Disposition: attachment"),
    ).encode()

    parts, text, _, attachments, _ = structure(octets)

    assert (len(parts), text, attachments) == (6, (1,), (2,))


def test_p16_digest_holds_messages() -> None:
    """RFC 2046 §5.1.5: a part of a digest without a type is a message."""
    octets = multipart(
        "digest", "\r\nSubject: one\r\n\r\nfirst", "\r\nSubject: two\r\n\r\nsecond"
    ).encode()

    assert outline(octets) == [
        ("", "multipart/digest"),
        ("1", "message/rfc822"),
        ("1.1", "text/plain"),
        ("2", "message/rfc822"),
        ("2.1", "text/plain"),
    ]
    assert shown(octets) == [b"first", b"second"]
    assert structure(octets)[3] == ()


# -- the standard library as oracle --------------------------------------------------


@st.composite
def entities(draw: st.DrawFn, depth: int = 3) -> email.message.Message:
    """A well-formed message, by the standard library's own making."""
    kinds = ["text", "file"] if depth == 0 else ["text", "file", "multi", "message"]
    kind = draw(st.sampled_from(kinds))
    if kind == "text":
        words = draw(st.text("ab-\n ", max_size=30))
        return MIMEText(words, draw(st.sampled_from(["plain", "html"])))
    if kind == "file":
        blob = MIMEBase("application", "octet-stream")
        blob.set_payload(base64.b64encode(draw(st.binary(max_size=30))).decode())
        blob["Content-Transfer-Encoding"] = "base64"
        return blob
    if kind == "message":
        return MIMEMessage(draw(entities(depth - 1)))
    multi = MIMEMultipart(draw(st.sampled_from(["mixed", "alternative", "related"])))
    for inner in draw(st.lists(entities(depth - 1), min_size=1, max_size=3)):
        multi.attach(inner)
    return multi


@given(entities())
@settings(max_examples=60, deadline=None)
def test_structure_agrees_with_the_standard_library(made: email.message.Message) -> None:
    """Types and contents of all parts, in order, as Python's email package sees them."""
    octets = made.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))
    theirs = list(email.message_from_bytes(octets).walk())

    parts = structure(octets)[0]

    assert [part.media_type for part in parts] == [
        entity.get_content_type() for entity in theirs
    ]
    for part, entity in zip(parts, theirs, strict=True):
        if not entity.is_multipart():
            expected = entity.get_payload(decode=True)
            assert expected == mime.part_octets(octets, part)[0]
