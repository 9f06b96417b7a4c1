"""MIME parameters (RFC 2045, RFC 2231) in all their spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.defects import DefectCode
from posterity.parse.params import read_parameters


@pytest.mark.parametrize(
    ("value", "main", "expected"),
    [
        (b"text/plain", "text/plain", {}),
        (b"TEXT/Plain; Charset=UTF-8", "text/plain", {"charset": "UTF-8"}),
        (b'text/plain;charset="us-ascii"', "text/plain", {"charset": "us-ascii"}),
        (b"text/plain; charset = utf-8 ;", "text/plain", {"charset": "utf-8"}),
        (b"text/plain; charset=utf-8 (a note)", "text/plain", {"charset": "utf-8"}),
        (b"text/plain (a note); charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b"text/plain; (a note) charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b"text/plain charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b"text/plain;; charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b'x/y; name="a\\"b"', "x/y", {"name": 'a"b'}),
        (b'x/y; name="a;b=c"', "x/y", {"name": "a;b=c"}),
        (b"x/y; name=my letter.txt", "x/y", {"name": "my letter.txt"}),
        (b"x/y; name=letter(1).txt", "x/y", {"name": "letter(1).txt"}),
        (b'x/y; name="my letter.txt', "x/y", {"name": "my letter.txt"}),
        (b'x/y; charset=3D"utf-8"', "x/y", {"charset": "utf-8"}),
        (b"x/y; a=1; a=2", "x/y", {"a": "1"}),
        (b"x/y; nonsense; a=1", "x/y", {"a": "1"}),
        (b"x/y; a=", "x/y", {"a": ""}),
        (b"attachment; filename=tea.txt", "attachment", {"filename": "tea.txt"}),
        (b"x/y; name==?utf-8?q?caf=C3=A9?=", "x/y", {"name": "café"}),
        (b'x/y; name="=?utf-8?b?Y2Fmw6k=?="', "x/y", {"name": "café"}),
        (b'x/y; name="caf\xc3\xa9"', "x/y", {"name": "café"}),
        (b'x/y; name="caf\xe9 noir"', "x/y", {"name": "café noir"}),
        (b"", "", {}),
        (b";", "", {}),
    ],
)
def test_parameters_as_they_come(value: bytes, main: str, expected: dict[str, str]) -> None:
    """Quotes, comments, blanks and their misuse."""
    found, parameters, _ = read_parameters(value)

    assert (main, expected) == (found, dict(parameters))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"x/y; name*=utf-8''caf%C3%A9", "café"),
        (b"x/y; name*=iso-8859-1'fr'caf%E9", "café"),
        (b"x/y; name*=''tea", "tea"),
        (b"x/y; name*0=ca; name*1=fe", "cafe"),
        (b"x/y; name*1=fe; name*0=ca", "cafe"),
        (b"x/y; name*0*=utf-8''caf%C3; name*1*=%A9", "café"),
        (b"x/y; name*0*=utf-8''caf%C3%A9; name*1=\" 100%25.txt\"", "café 100%25.txt"),
        (b"x/y; name=plain; name*=utf-8''caf%C3%A9", "café"),
        (b"x/y; name*=utf-8''caf%C3%A9; name=plain", "café"),
        # broken
        (b"x/y; name*=caf%C3%A9", "café"),
        (b"x/y; name*=utf-8''100%", "100%"),
        (b"x/y; name*=utf-8''%zz", "%zz"),
        (b"x/y; name*0=a; name*2=c", "ac"),
        (b"x/y; name*0=a; name*0=b", "ab"),
        (b"x/y; name*=x-none''caf%C3%A9", "café"),
        (b"x/y; name*0*=utf-8'caf%C3%A9", "utf-8'café"),
        (b"x/y; name*99999999999=a; name=b", "b"),
    ],
)
def test_p8_extended_parameters(value: bytes, expected: str) -> None:
    """RFC 2231 values, whole and broken; what follows a gap is not lost."""
    assert expected == read_parameters(value)[1]["name"]


@pytest.mark.parametrize(
    "value",
    [b"x/y; name*0=a; name*2=c", b'x/y; name="open', b"x/y; name*0=a; name*0=b"],
)
def test_p8_damage_is_noted(value: bytes) -> None:
    """A parameter that had to be mended says so."""
    assert [defect.code for defect in read_parameters(value)[2]] == [
        DefectCode.BAD_PARAMETER
    ]


def test_p8_hundred_thousand_sections() -> None:
    """A parameter in 100,000 sections, in reverse, is put together."""
    count = 100_000
    value = b"x/y" + b"".join(b"; n*%d=%x" % (at, at % 16) for at in reversed(range(count)))

    _, parameters, defects = read_parameters(value)

    assert "0123456789abcdef" * (count // 16) == parameters["n"]
    assert defects == ()


@given(st.binary(max_size=200))
def test_p23_any_value_is_read(value: bytes) -> None:
    """Any octets give text that can be stored."""
    main, parameters, _ = read_parameters(value)

    assert main == main.lower()
    for name, text in parameters.items():
        (name + text).encode("utf-8")
