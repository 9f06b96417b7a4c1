"""Encoded words and bare octets in header text."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.defects import DefectCode
from posterity.model import CharsetSource
from posterity.parse.words import decode_header, decode_words


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # RFC 2047's own rules
        ("=?iso-8859-1?q?caf=E9?=", "café"),
        ("=?ISO-8859-1?Q?a_b=5Fc?=", "a b_c"),
        ("=?utf-8?B?Y2Fmw6k=?=", "café"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?=   =?iso-8859-1?q?=E9?=", "aé"),
        ("=?utf-8?q?a?= b", "a b"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?q?a_?= =?utf-8?q?b?=", "a b"),
        # RFC 2231: language
        ("=?us-ascii*en-US?q?hello?=", "hello"),
        ("=?iso-8859-1*fr?q?=E9t=E9?=", "été"),
        # what is forbidden and sent anyway
        ("=?utf-8?q?two words?=", "two words"),
        ("=?utf-8?b?Y2Fm w6k=?=", "café"),
        ("=?utf-8?b?Y2Fmw6k?=", "café"),
        ("x=?utf-8?q?=C3=A9?=y", "xéy"),
        ("(=?utf-8?q?=C3=A9?=)", "(é)"),
        ('"=?utf-8?q?=C3=A9?="', '"é"'),
        ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?what??=", "what?"),
        ("=?utf-8?q?1+1=3D2=?=", "1+1=2="),
        ("=?utf-8?q?=c3=a9?=", "é"),
        ("=?utf-8?q??=", ""),
        ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),
        ("=?utf-8?b?w6?= =?utf-8?b?k=?=", "é"),
        ("=?utf-8?b?Y2Fmww==?= =?UTF-8?b?qQ==?=", "café"),
        ("=?utf-8?q?=C3?= =?utf-8?b?qQ==?=", "é"),
        ("=?x-unknown?q?caf=C3=A9?=", "café"),
        ("=?us-ascii?q?caf=E9?=", "café"),
        ("=?iso-2022-jp?b?GyRCJDMbKEI=?= =?iso-2022-jp?b?GyRCJHMbKEI=?=", "こん"),
        ("=?utf-8?q?=C3=A9?= =?utf-8?q?=E9t=E9?=", "éété"),
        ("=?utf-8?q?café=C3=A9?=", "caféé"),
        ("a\tb =?utf-8?q?c?=", "a b c"),
        ("=?utf-8?b?!?= =?utf-8?q?b?= c =?utf-8?q?d?=", "=?utf-8?b?!?= b c d"),
        # no sense in them: left as written
        ("=?utf-8?q?unterminated", "=?utf-8?q?unterminated"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("=?utf-8?b?!!!?=", "=?utf-8?b?!!!?="),
        ("=?us-ascii?q?café?=", "=?us-ascii?q?café?="),
        ("=?utf-8?=", "=?utf-8?="),
        ("why =? because ?=", "why =? because ?="),
        ("=?", "=?"),
        # decoded once only
        ("=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?=", "=?utf-8?q?x?="),
    ],
)
def test_p10_encoded_word_forms(written: str, expected: str) -> None:
    """Each form reads as a person would read it; nonsense stays as written."""
    assert expected == decode_words(written)
    assert expected == decode_header(written.encode())[0].text


@pytest.mark.parametrize(
    ("value", "expected", "source", "codes"),
    [
        (b"tea", "tea", CharsetSource.ASCII, []),
        (b"=?utf-8?q?=C3=A9?=", "é", CharsetSource.DECLARED, []),
        (b"caf\xc3\xa9", "café", CharsetSource.UTF8, [DefectCode.UNDECLARED_8BIT]),
        (
            b"caf\xe9 noir",
            "café noir",
            CharsetSource.DETECTED,
            [DefectCode.UNDECLARED_8BIT],
        ),
        (b"\x1b$B$3$s\x1b(B", "こん", CharsetSource.ESCAPES, []),
        (
            b"=?utf-8?q?=C3=A9?= caf\xc3\xa9",
            "é café",
            CharsetSource.UTF8,
            [DefectCode.UNDECLARED_8BIT],
        ),
        (
            b"=?x-foo?q?tea?=",
            "tea",
            CharsetSource.ASCII,
            [],
        ),
        (
            b"=?x-foo?q?caf=C3=A9?=",
            "café",
            CharsetSource.UTF8,
            [DefectCode.UNKNOWN_CHARSET],
        ),
        (
            b"=?utf-8?b?!?=",
            "=?utf-8?b?!?=",
            CharsetSource.ASCII,
            [DefectCode.BAD_ENCODED_WORD],
        ),
    ],
)
def test_evidence_is_recorded(
    value: bytes, expected: str, source: CharsetSource, codes: list[DefectCode]
) -> None:
    """What decided the reading stands beside it."""
    text, defects = decode_header(value)

    assert (expected, source) == (text.text, text.source)
    assert codes == [defect.code for defect in defects]


def test_list_default_reads_what_proves_nothing() -> None:
    """Octets that speak for no charset are in the list's."""
    text, _ = decode_header(b"\xd4\xc5\xd3\xd4", "koi8-r")

    assert (text.text, text.charset) == ("тест", "koi8-r")


@pytest.mark.parametrize(
    "written",
    [
        "=?utf-8?q?tea=0D=0ABcc:_eve@example.org?=",
        "=?utf-8?b?dGVhDQpCY2M6IGV2ZUBleGFtcGxlLm9yZw==?=",
        "tea\rBcc: eve@example.org",
        "tea\x00Bcc: eve@example.org",
        "=?utf-8?q?tea=C2=85Bcc:_eve@example.org?=",
        "=?utf-8?q?tea=E2=80=A8Bcc:_eve@example.org?=",
        "tea\x0bBcc: eve@example.org",
    ],
)
def test_h1_decoded_line_ends_are_blanks(written: str) -> None:
    """CR LF, NEL, U+2028, NUL: no decoded text starts a header field of its own."""
    assert decode_words(written) == "tea Bcc: eve@example.org"
    assert decode_header(written.encode())[0].text == "tea Bcc: eve@example.org"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("=?utf-7?q?+ADw-script+AD4-?=", "<script>"),
        ("=?utf-8?q?&lt;b&gt;?=", "&lt;b&gt;"),
        ("=?utf-8?q?=3Cscript=3E?=", "<script>"),
        ("=?utf-8?q?=26lt=3B?=", "&lt;"),
    ],
)
def test_s6_decoding_happens_once_and_leaves_escaping_to_pages(
    written: str, expected: str
) -> None:
    """Text is exactly what the word says; entities are no part of mail."""
    assert expected == decode_words(written)


def test_s6_overlong_utf8_is_no_slash() -> None:
    """An overlong form is not UTF-8 and never becomes the character it hides."""
    assert "<" not in decode_words("=?utf-8?q?=C0=BCscript?=")


def test_utf7_leaves_no_half_surrogates() -> None:
    """What comes out can be stored as UTF-8."""
    decode_words("=?utf-7?q?+2AA-?=").encode("utf-8")


@given(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40
    ),
    st.sampled_from(["b", "q"]),
    st.integers(1, 7),
)
@settings(max_examples=80)
def test_words_cut_anywhere_join_again(text: str, encoding: str, size: int) -> None:
    """However the octets are cut into words, the text is whole again."""
    octets = text.encode()
    cuts = [octets[at : at + size] for at in range(0, len(octets), size)]
    if encoding == "b":
        payloads = [base64.b64encode(cut).decode() for cut in cuts]
    else:
        payloads = ["".join(f"={octet:02X}" for octet in cut) for cut in cuts]
    written = "\t ".join(f"=?utf-8?{encoding}?{payload}?=" for payload in payloads)

    assert text == decode_words(written)


@given(st.text(max_size=60))
def test_plain_text_is_left_alone(text: str) -> None:
    """Text without words and controls comes out as it went in."""
    if "=?" not in text and text.isprintable():
        assert text == decode_words(text)


@given(st.binary(max_size=120))
def test_p23_any_value_is_one_line(value: bytes) -> None:
    """Any octets become one printable line."""
    text, _ = decode_header(value)

    assert [text.text] == (text.text.splitlines() or [""])


def test_quopri_agrees() -> None:
    """Q words of the standard library's making read back."""
    octets = quopri.encodestring("naïve façade".encode(), header=True).decode()

    assert decode_words(f"=?utf-8?q?{octets}?=") == "naïve façade"
