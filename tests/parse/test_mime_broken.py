"""Broken multiparts, odd MIME fields: nothing readable is lost, each oddity is noted."""

from __future__ import annotations

import base64

import pytest

from posterity.defects import DefectCode
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


def codes(octets: bytes) -> list[DefectCode]:
    return [defect.code for defect in structure(octets)[4]]


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


def multipart(subtype: str, *parts: str, boundary: str = "cup", close: bool = True) -> str:
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return head + body + (f"--{boundary}--\r\n" if close else "")


def part(media_type: str, text: str, *fields: str) -> str:
    return "\r\n".join([f"Content-Type: {media_type}", *fields, "", text])


PLAIN = part("text/plain", "plain words")


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


# name, message, texts, defects
BROKEN = [
    (
        "unclosed",
        multipart("mixed", PLAIN, PLAIN, close=False),
        [b"plain words"] * 2,
        [DefectCode.UNCLOSED_MULTIPART],
    ),
    (
        "cut in a part's header",
        multipart("mixed", PLAIN, close=False) + "--cup\r\nContent-Type: text/pl",
        [b"plain words", b""],
        [DefectCode.UNCLOSED_MULTIPART],
    ),
    (
        "inner one unclosed",
        multipart(
            "mixed",
            multipart("mixed", PLAIN, PLAIN, boundary="in", close=False),
            part("text/plain", "outer"),
        ),
        [b"plain words", b"plain words", b"outer"],
        [DefectCode.UNCLOSED_MULTIPART],
    ),
    (
        "no boundary",
        "Content-Type: multipart/mixed\r\n\r\n--cup\r\n\r\ntea\r\n--cup--",
        [b"--cup\r\n\r\ntea\r\n--cup--"],
        [DefectCode.NO_BOUNDARY],
    ),
    (
        "boundary that never occurs",
        'Content-Type: multipart/mixed; boundary="pot"\r\n\r\ntea, then',
        [b"tea, then"],
        [DefectCode.MISSING_BOUNDARY],
    ),
    (
        "closed at once",
        'Content-Type: multipart/mixed; boundary="cup"\r\n\r\ntea\r\n--cup--\r\nmore',
        [b"tea\r\n--cup--\r\nmore"],
        [DefectCode.EMPTY_MULTIPART],
    ),
    (
        "empty",
        'Content-Type: multipart/mixed; boundary="cup"\r\n\r\n',
        [b""],
        [DefectCode.MISSING_BOUNDARY],
    ),
    (
        "boundary too long",
        f"Content-Type: multipart/mixed; boundary={'c' * 3000}\r\n\r\ntea",
        [b"tea"],
        [DefectCode.NO_BOUNDARY, DefectCode.BOUNDARY_TOO_LONG],
    ),
    (
        "inner boundary begins like the outer one",
        multipart("mixed", multipart("mixed", PLAIN, PLAIN, boundary="cupboard"), PLAIN),
        [b"plain words"] * 3,
        [],
    ),
    (
        "outer boundary begins like the inner one",
        multipart(
            "mixed",
            multipart("mixed", PLAIN, PLAIN, boundary="cup"),
            PLAIN,
            boundary="cupboard",
        ),
        [b"plain words"] * 3,
        [],
    ),
    (
        "inner boundary is the outer one closed",
        multipart("mixed", multipart("mixed", PLAIN, boundary="cup--"), PLAIN),
        [b"plain words"] * 2,
        [],
    ),
    (
        "same boundary inside",
        multipart("mixed", multipart("mixed", PLAIN, PLAIN), part("text/plain", "last")),
        [b"plain words", b"plain words", b"last"],
        [],
    ),
    (
        "parts after the close",
        multipart("mixed", PLAIN) + f"--cup\r\n{PLAIN}\r\n--cup--\r\n",
        [b"plain words"] * 2,
        [],
    ),
    (
        "a part without header and empty line",
        multipart("mixed", "Just words,\r\nof two lines."),
        [b"Just words,\r\nof two lines."],
        [DefectCode.NO_HEADER],
    ),
    (
        "parts of nothing",
        'Content-Type: multipart/mixed; boundary="cup"\r\n\r\n--cup\r\n--cup\r\n\r\n--cup--',
        [b"", b""],
        [],
    ),
    (
        "blanks after the boundary",
        'Content-Type: multipart/mixed; boundary="cup"\r\n\r\n--cup  \r\n\r\ntea\r\n--cup-- ',
        [b"tea"],
        [],
    ),
    (
        "no empty line before the first boundary",
        'Content-Type: multipart/mixed; boundary="cup"\r\n--cup\r\n\r\ntea\r\n--cup--\r\n',
        [b"tea"],
        [],
    ),
    (
        "multipart that claims an encoding",
        multipart("mixed", PLAIN).replace(
            "\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1
        ),
        [b"plain words"],
        [],
    ),
]


@pytest.mark.parametrize(
    ("octets", "expected", "defects"),
    [pytest.param(*case[1:], id=case[0]) for case in BROKEN],
)
def test_p5_broken_multiparts_lose_no_text(
    octets: str, expected: list[bytes], defects: list[DefectCode]
) -> None:
    """Truncated, unclosed, empty, alike: every readable part's text is shown."""
    assert (expected, defects) == (shown(octets.encode()), codes(octets.encode()))


def test_p5_cut_anywhere_the_text_before_is_shown() -> None:
    """However much of a message is missing, what came before is read."""
    for end in range(MIXED.index(b"black?") + 6, len(MIXED)):
        assert shown(MIXED[:end])[0].startswith(b"Green or black?")


@pytest.mark.parametrize(
    ("value", "expected", "defects"),
    [
        ("text", "text/plain", []),
        ("TEXT", "text/plain", []),
        ("text/", "text/plain", []),
        ("text / html", "text/html", []),
        ("Text/HTML; charset=x", "text/html", []),
        ('"text/html"', "text/html", []),
        ("html", "text/html", []),
        ("text/plain/x", "text/plain", []),
        ("", "text/plain", []),
        ("x-sun-attachment", "text/plain", [DefectCode.BAD_CONTENT_TYPE]),
        ("/", "text/plain", [DefectCode.BAD_CONTENT_TYPE]),
        ("text\xa0plain", "text/plain", [DefectCode.BAD_CONTENT_TYPE]),
        ("application/octet-stream", "application/octet-stream", []),
    ],
)
def test_content_types_as_they_come(
    value: str, expected: str, defects: list[DefectCode]
) -> None:
    """RFC 1049's `text`, blanks, quotes, nonsense."""
    octets = letter(f"Content-Type: {value}", "", "body")

    assert (expected, defects) == (structure(octets)[0][0].media_type, codes(octets))


@pytest.mark.parametrize(
    ("value", "expected", "defects"),
    [
        ("BASE64", "base64", []),
        ("base-64", "base64", []),
        ("quoted-printable (yes)", "quoted-printable", []),
        ("Quoted_Printable", "quoted-printable", []),
        ("x-uue", "x-uuencode", []),
        ("8 bit", "8", [DefectCode.BAD_ENCODING]),
        ("x-gzip", "x-gzip", [DefectCode.BAD_ENCODING]),
        ("", "7bit", []),
    ],
)
def test_encodings_as_they_come(
    value: str, expected: str, defects: list[DefectCode]
) -> None:
    """An unknown encoding is kept by name, its content left as it is."""
    octets = letter(
        "Content-Type: text/plain", f"Content-Transfer-Encoding: {value}", "", "b"
    )

    assert (expected, defects) == (structure(octets)[0][0].encoding, codes(octets))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/plain; format=flowed", 1),
        ("text/plain; format=Flowed; delsp=Yes", 2),
        ("text/plain; format=fixed", 0),
        ("text/html; format=flowed", 0),
        ("text/plain", 0),
    ],
)
def test_flowed(value: str, expected: int) -> None:
    """RFC 3676 §4."""
    assert expected == structure(letter(f"Content-Type: {value}", "", "x"))[0][0].flowed


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (['Content-Disposition: attachment; filename="a.txt"'], "a.txt"),
        (["Content-Type: text/plain; name=b.txt"], "b.txt"),
        (
            [
                "Content-Type: text/plain; name=b.txt",
                "Content-Disposition: inline; filename=a.txt",
            ],
            "a.txt",
        ),
        (["Content-Type: x/y; name==?utf-8?q?th=C3=A9?="], "thé"),
        (["Content-Type: x/y; name*=utf-8''th%C3%A9%0D%0Ax"], "thé x"),
        (["Content-Type: x/y; name=../../etc/passwd"], "../../etc/passwd"),
    ],
)
def test_file_names(fields: list[str], expected: str) -> None:
    """As the sender spelled them, on one line; no path is made of them here."""
    assert expected == structure(letter(*fields, "", "x"))[0][0].filename


def test_f5_long_file_name_is_cut() -> None:
    """A name of 100,000 letters is shown to 255 octets."""
    octets = letter(f"Content-Type: x/y; name={'é' * 100_000}", "", "x")

    assert structure(octets)[0][0].filename == "é" * 127
    assert codes(octets) == [DefectCode.NAME_TOO_LONG]


def test_p8_external_body_is_not_fetched() -> None:
    """The part says where its content lies; that is all there is of it."""
    octets = letter(
        "Content-Type: message/external-body; access-type=URL;",
        ' URL="http://example.org/tea"',
        "",
        "Content-Type: text/plain",
        "",
        "",
    )

    assert outline(octets) == [("1", "message/external-body")]
    assert codes(octets) == [DefectCode.EXTERNAL_BODY]


def test_text_alone_is_shown_even_as_an_attachment() -> None:
    """A message that is one text shows it, whatever it is called."""
    octets = letter("Content-Type: text/plain", "Content-Disposition: attachment", "", "x")

    assert shown(octets) == [b"x"]


def test_unknown_encoding_leaves_the_octets() -> None:
    """What cannot be undone is kept as it was sent."""
    octets = letter("Content-Transfer-Encoding: x-gzip", "", "tea")

    assert mime.part_octets(octets, structure(octets)[0][0]) == (b"tea\r\n", ())


def test_encoded_message_is_a_file() -> None:
    """A message in base64 (RFC 2046 forbids it) is not entered; it decodes whole."""
    encoded = base64.b64encode(FORWARDED).decode()
    octets = letter(
        "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64", "", encoded
    )

    parts, text, _, attachments, _ = structure(octets)

    assert (len(parts), text, attachments) == (1, (), (0,))
    assert mime.part_octets(octets, parts[0]) == (FORWARDED, ())


def test_picture_alone_is_an_attachment() -> None:
    """A message that is one picture has no text."""
    octets = letter(
        "Content-Type: image/png", "Content-Transfer-Encoding: base64", "", "eA=="
    )

    parts, text, html, attachments, _ = structure(octets)

    assert (text, html, attachments) == ((), (), (0,))
    assert mime.part_octets(octets, parts[0])[0] == b"x"


def test_damage_is_told_by_part() -> None:
    """The defect of a content names the part it is of."""
    octets = multipart(
        "mixed", PLAIN, part("x/y", "!!!", "Content-Transfer-Encoding: base64")
    ).encode()

    parts = structure(octets)[0]

    assert [
        (defect.where, defect.code) for defect in mime.part_octets(octets, parts[2])[1]
    ] == [("2", DefectCode.DAMAGED_BASE64)]
