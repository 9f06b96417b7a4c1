"""Hostile sizes: twice the octets cost about twice the time, limits are noted.

Growth is measured by the fixture `linear`: times of the processor, the best of several,
compared with one another only, so that a busy machine does not matter.
"""

from __future__ import annotations

import base64
import tracemalloc
from collections.abc import Callable

import pytest

from posterity.defects import DefectCode
from posterity.parse import parse_message
from posterity.parse.charsets import decode_text
from posterity.parse.mime import DEPTH_LIMIT, PARTS_LIMIT, part_octets
from posterity.parse.params import read_parameters
from posterity.parse.words import decode_header

Linear = Callable[..., None]


def codes(octets: bytes) -> set[DefectCode]:
    return {defect.code for defect in parse_message(octets).defects}


def parts(count: int) -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"--b\r\n\r\ntea\r\n" * count + b"--b--\r\n"


def nested(depth: int) -> bytes:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at)
        for at in range(depth)
    )
    return head + b"Content-Type: text/plain\r\n\r\nleaf\r\n"


def enclosed(depth: int) -> bytes:
    return (
        b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: leaf\r\n\r\nleaf\r\n"
    )


def headerless(count: int) -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"--b\r\nX: y\r\n" * count


def multi_body(line: bytes) -> Callable[[int], bytes]:
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
    return lambda count: head + line * count


HOSTILE = [
    ("header of 100k fields", lambda n: b"X-Tea: green\r\n" * n + b"\r\nbody", 20_000),
    ("one folded field", lambda n: b"Subject: tea\r\n" + b" tea\r\n" * n + b"\r\n", 40_000),
    ("junk lines", lambda n: b"From: a@b\r\n" + b"junk\r\n" * n + b"To: b\r\n\r\n", 20_000),
    ("names without a colon", lambda n: b"From: a@b\r\n" + b"x" * n + b"\r\n\r\n", 400_000),
    ("CRs", lambda n: b"From: a@b\r\n" + b"\r" * n + b"\r\n\r\n", 400_000),
    ("parts", parts, 3_000),
    ("parts beyond the limit", parts, 20_000),
    ("parts without empty line", headerless, 3_000),
    ("nested multiparts", nested, 20_000),
    ("enclosed messages", enclosed, 20_000),
    ("lines like delimiters", multi_body(b"--c\r\n"), 30_000),
    ("dashes", multi_body(b"--"), 400_000),
    ("newlines", multi_body(b"\r\n"), 200_000),
]


@pytest.mark.parametrize(
    ("make", "size"), [pytest.param(*case[1:], id=case[0]) for case in HOSTILE]
)
def test_d1_d3_messages_cost_what_they_weigh(
    linear: Linear, make: Callable[[int], bytes], size: int
) -> None:
    """Headers, parts, nesting: linear."""
    linear(make, parse_message, size)


VALUES = [
    ("words without end", decode_header, lambda n: b"=?a?q?x" * n),
    ("words", decode_header, lambda n: b"=?utf-8?q?=C3=A9?= " * n),
    ("words of many charsets", decode_header, lambda n: b"=?utf-8?q?a?= =?koi8-r?q?b?= " * n),
    ("question marks", decode_header, lambda n: b"=?" + b"?" * n),
    ("equal signs", decode_header, lambda n: b"=?a?q?" + b"=" * n),
    ("word starts", decode_header, lambda n: b"=?" * n),
    ("sections", read_parameters, lambda n: b"x/y" + b"".join(
        b"; n*%d*=%%41" % at for at in range(n))),
    ("no equal sign", read_parameters, lambda n: b"x/y; " + b"a" * 10 * n),
    ("semicolons", read_parameters, lambda n: b"x/y" + b";" * 10 * n),
    ("open quotes", read_parameters, lambda n: b"x/y" + b'; a="\\"' * n),
    ("parentheses", read_parameters, lambda n: b"x/y; " + b"(" * 10 * n),
    ("blanks", read_parameters, lambda n: b"x/y;" + b" " * 10 * n + b"x"),
    ("octets of any kind", decode_text, lambda n: bytes(range(256)) * (n // 10)),
    ("half UTF-8", decode_text, lambda n: b"\xe9 \xc3\xa9" * n),
    ("escapes", decode_text, lambda n: b"\x1b$B\x1b(B" * n),
]  # fmt: skip


@pytest.mark.parametrize(
    ("work", "make"), [pytest.param(*case[1:], id=case[0]) for case in VALUES]
)
def test_d5_values_cost_what_they_weigh(
    linear: Linear, work: Callable[[bytes], object], make: Callable[[int], bytes]
) -> None:
    """Encoded words, parameters, characters: linear, whatever they are made of."""
    linear(make, work, 6_000)


CONTENTS = [
    ("whole base64", "base64", lambda n: base64.encodebytes(bytes(n))),
    (
        "noisy base64",
        "base64",
        lambda n: base64.encodebytes(bytes(n)).replace(b"\n", b"!\n"),
    ),
    ("much padding", "base64", lambda n: b"YQ==\r\n" * (n // 6)),
    ("text for base64", "base64", lambda n: b"just words\r\n" * (n // 12)),
    ("one line of text", "base64", lambda n: b"just words " * (n // 11)),
    ("escapes", "quoted-printable", lambda n: b"=C3=A9" * (n // 6)),
    ("bad escapes", "quoted-printable", lambda n: b"=" * n),
    ("blanks", "quoted-printable", lambda n: b" " * n + b"x\r\n \r\n"),
    ("uuencode", "x-uuencode", lambda n: b"begin 644 a\n" + b"#86)C\n" * (n // 6)),
    ("begin lines", "x-uuencode", lambda n: b"begin 644\n" * (n // 10)),
]


@pytest.mark.parametrize(
    ("encoding", "make"), [pytest.param(*case[1:], id=case[0]) for case in CONTENTS]
)
def test_d6_contents_cost_what_they_weigh(
    linear: Linear, encoding: str, make: Callable[[int], bytes]
) -> None:
    """Transfer encodings, whole and damaged: linear."""

    def read(octets: bytes) -> object:
        message = parse_message(octets)
        return part_octets(octets, message.parts[0])

    head = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: " + encoding.encode()
    linear(lambda size: head + b"\r\n\r\n" + make(size), read, 300_000)


def test_d1_ten_megabyte_header() -> None:
    """100,000 fields of 100 octets: read to the limit, body found, memory bounded."""
    octets = (b"X-Tea: " + b"g" * 91 + b"\r\n") * 100_000 + b"\r\nbody"
    tracemalloc.start()

    message = parse_message(octets)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert octets[message.body_offset :] == b"body"
    assert DefectCode.HEADER_TOO_LONG in {defect.code for defect in message.defects}
    assert peak < 10 * len(octets)


@pytest.mark.parametrize("count", [20_000, 100_000])
def test_d3_too_many_parts(count: int) -> None:
    """The first 10,000 parts are read, and that there are more is said."""
    message = parse_message(parts(count))

    assert len(message.parts) == PARTS_LIMIT
    assert DefectCode.TOO_MANY_PARTS in {defect.code for defect in message.defects}
    assert part_octets(parts(count), message.parts[-1])[0] == b"tea"


@pytest.mark.parametrize("make", [nested, enclosed])
@pytest.mark.parametrize("depth", [101, 5_000, 100_000])
def test_d3_too_deep(make: Callable[[int], bytes], depth: int) -> None:
    """Beyond 100 levels the rest is one part, reachable as it was sent."""
    octets = make(depth)

    message = parse_message(octets)

    assert len(message.parts) == DEPTH_LIMIT + 1
    assert DefectCode.TOO_DEEP in {defect.code for defect in message.defects}
    assert b"leaf" in part_octets(octets, message.parts[-1])[0]
    assert message.attachments[-1] == DEPTH_LIMIT


@pytest.mark.parametrize("make", [nested, enclosed])
def test_d3_hundred_levels_are_read(make: Callable[[int], bytes]) -> None:
    """At the limit the text is still found."""
    octets = make(DEPTH_LIMIT)

    message = parse_message(octets)

    assert DefectCode.TOO_DEEP not in codes(octets)
    assert [part_octets(octets, message.parts[at])[0] for at in message.text_body] == [
        b"leaf\r\n"
    ]


def test_d6_fifty_megabyte_attachment() -> None:
    """50 MB of base64 come out whole, in a few times their memory."""
    content = bytes(range(256)) * 146_000
    octets = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content).replace(b"\n", b"\r\n")
        + b"--b--\r\n"
    )
    tracemalloc.start()

    message = parse_message(octets)
    found, defects = part_octets(octets, message.parts[1])

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert content == found
    assert defects == ()
    assert peak < 5 * len(octets)


def test_d6_one_line_of_twenty_megabytes() -> None:
    """A body without a line end is one part like any other."""
    octets = b"Subject: tea\r\n\r\n" + b"x" * 20_000_000

    message = parse_message(octets)

    assert message.parts[0].length == 20_000_000
