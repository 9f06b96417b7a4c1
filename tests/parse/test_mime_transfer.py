"""Transfer encodings, whole and damaged: what can be read is, nothing else is lost."""

from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.defects import DefectCode
from posterity.parse.transfer import (
    decode_base64,
    decode_quoted_printable,
    decode_uuencode,
)

POEM = b"".join(b"Line %03d of a longish letter about tea.\r\n" % n for n in range(61))


def base64_lines(octets: bytes, width: int = 76) -> list[bytes]:
    data = base64.b64encode(octets)
    return [data[at : at + width] for at in range(0, len(data), width)]


def uuencoded(octets: bytes, name: bytes = b"tea.txt") -> bytes:
    lines = [binascii.b2a_uu(octets[at : at + 45]) for at in range(0, len(octets), 45)]
    return b"begin 644 " + name + b"\n" + b"".join(lines) + b"`\nend\n"


@given(
    st.binary(max_size=400), st.integers(4, 90), st.sampled_from([b"\r\n", b"\n", b" \r\n"])
)
def test_base64_of_any_width_reads_back(octets: bytes, width: int, end: bytes) -> None:
    """Whole base64 is no damage, however its lines are cut."""
    encoded = end.join(base64_lines(octets, width)) + end

    assert (octets, ()) == decode_base64(encoded)


@given(st.binary(max_size=400))
def test_quoted_printable_reads_back(octets: bytes) -> None:
    """What the standard library writes reads back."""
    octets = octets.replace(b"\r", b"")
    encoded = quopri.encodestring(octets).replace(b"\n", b"\r\n")

    content, defects = decode_quoted_printable(encoded)

    assert octets == content.replace(b"\r\n", b"\n")
    assert defects == ()


@given(st.binary(max_size=400))
def test_uuencode_reads_back(octets: bytes) -> None:
    """What the standard library writes reads back."""
    assert (octets, ()) == decode_uuencode(uuencoded(octets))


def damaged_base64() -> list[tuple[str, bytes, bytes]]:
    """(name, damaged, what must be read of POEM)."""
    lines = base64_lines(POEM)
    whole = b"\r\n".join(lines)
    cut = [*lines[:10], lines[10][:-3], *lines[11:]]
    lost = POEM[: 10 * 57] + POEM[10 * 57 : 10 * 57 + 54] + POEM[11 * 57 :]
    first, second = POEM[:700], POEM[700:]
    return [
        ("no padding", whole.rstrip(b"="), POEM),
        ("noise signs", whole.replace(b"\r\n", b"!\r\n", 5), POEM),
        ("quoted", b"> " + whole.replace(b"\r\n", b"\r\n> "), POEM),
        ("octets above 0x7F", whole[:300] + b"\xa0" + whole[300:], POEM),
        ("NUL", whole[:300] + b"\x00" + whole[300:], POEM),
        ("a lone last sign", base64.b64encode(POEM[:54]) + b"A", POEM[:54]),
        (
            "two texts on end",
            base64.b64encode(first) + b"\r\n" + base64.b64encode(second),
            POEM,
        ),
        ("a line cut short", b"\r\n".join(cut), lost),
        ("too much padding", base64.b64encode(POEM[:55]) + b"===\r\n", POEM[:55]),
    ]


@pytest.mark.parametrize(
    ("damaged", "expected"),
    [pytest.param(*case[1:], id=case[0]) for case in damaged_base64()],
)
def test_p9_base64_damaged_tail_is_kept(damaged: bytes, expected: bytes) -> None:
    """Damage costs what it hit; the rest of the data, to its end, is read."""
    content, defects = decode_base64(damaged)

    assert expected == content
    assert [defect.code for defect in defects] == [DefectCode.DAMAGED_BASE64]


FOOTER = b"-- \r\nTo leave this list, write to the owner.\r\nhttp://example.org/\r\n"
PROSE = b"This list is about tea and nothing else.\r\n"


@pytest.mark.parametrize("footer", [FOOTER, PROSE + FOOTER])
def test_p9_text_after_base64_is_kept(footer: bytes) -> None:
    """A footer some list program put after the data is text."""
    encoded = b"\r\n".join(base64_lines(POEM)) + b"\r\n" + footer

    content, defects = decode_base64(encoded)

    assert POEM + footer == content
    assert [defect.code for defect in defects] == [DefectCode.DAMAGED_BASE64]


def test_p9_text_after_base64_does_not_spoil_a_picture() -> None:
    """A picture stays what was sent, without the footer."""
    picture = bytes(range(256)) * 4
    encoded = b"\r\n".join(base64_lines(picture)) + b"\r\n" + FOOTER

    assert picture == decode_base64(encoded, keep_text=False)[0]


def test_p9_plain_text_that_calls_itself_base64() -> None:
    """Text under a wrong label is shown as it is."""
    text = PROSE + b"It was never encoded, whatever its header says.\r\n"

    content, defects = decode_base64(text)

    assert text == content
    assert [defect.code for defect in defects] == [DefectCode.DAMAGED_BASE64]


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (b"at the end \t", b"at the end"),
        (b"caf=C3=A9", b"caf\xc3\xa9"),
        (b"caf=c3=a9", b"caf\xc3\xa9"),
        (b"one =\r\nline", b"one line"),
        (b"one =\nline", b"one line"),
        (b"one =  \r\nline", b"one line"),
        (b"blanks  \t\r\nat ends ", b"blanks\r\nat ends"),
        (b"kept=20\r\n", b"kept \r\n"),
        (b"ends in =", b"ends in "),
        (b"", b""),
    ],
)
def test_quoted_printable_rules(encoded: bytes, expected: bytes) -> None:
    """RFC 2045 §6.7, and lower-case digits."""
    assert (expected, ()) == decode_quoted_printable(encoded)


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (b"1 = 2", b"1 = 2"),
        (b"a == b =C3=A9", b"a == b \xc3\xa9"),
        (b"=ZZ tea =C3=A9", b"=ZZ tea \xc3\xa9"),
        (b"=C", b"=C"),
        (b"x =\rtea\r\nmore", b"x tea\r\nmore"),
        (b"=\xe9t\xe9 =C3=A9", b"=\xe9t\xe9 \xc3\xa9"),
        (b"url?a=1&b=2 =3D", b"url?a=1&b=2 ="),
    ],
)
def test_p9_quoted_printable_damaged(encoded: bytes, expected: bytes) -> None:
    """An = that escapes nothing stands for itself; what follows is still decoded."""
    content, defects = decode_quoted_printable(encoded)

    assert expected == content
    assert [defect.code for defect in defects] == [DefectCode.DAMAGED_QP]


def test_p9_uuencode_damaged() -> None:
    """Lost trailing blanks, a missing end, a broken line: the rest is read."""
    whole = uuencoded(POEM[:200] + b"\x00" * 9).replace(b"`", b" ")
    stripped = b"\r\n".join(line.rstrip() for line in whole.split(b"\n"))
    endless = uuencoded(POEM[:90]).split(b"`\n")[0]
    lines = uuencoded(POEM[:135]).split(b"\n")
    broken = b"\n".join([*lines[:2], b"~" + lines[2][1:], *lines[3:]])

    assert POEM[:200] + b"\x00" * 9 == decode_uuencode(stripped)[0]
    assert POEM[:90] == decode_uuencode(endless)[0]
    assert POEM[:45] + POEM[90:135] == decode_uuencode(broken)[0]
    for damaged in (endless, broken):
        assert [defect.code for defect in decode_uuencode(damaged)[1]] == [
            DefectCode.DAMAGED_UUENCODE
        ]


def test_p9_uuencode_without_begin_is_kept_as_it_is() -> None:
    """Nothing that can be read is thrown away."""
    content, defects = decode_uuencode(PROSE)

    assert content == PROSE
    assert [defect.code for defect in defects] == [DefectCode.DAMAGED_UUENCODE]


@given(st.binary(max_size=300))
def test_p23_any_octets_are_decoded(octets: bytes) -> None:
    """No octets raise."""
    for decode in (decode_base64, decode_quoted_printable, decode_uuencode):
        assert isinstance(decode(octets)[0], bytes)
        assert isinstance(decode(b"begin 644 x\n" + octets)[0], bytes)
