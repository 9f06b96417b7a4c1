"""Quoted-printable that does not say so: decoded on strong evidence, else left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posterity.parse.undeclared import quoted_printable

Linear = Callable[..., None]
LONG = b"It has been raining here for as long as anybody can remember, and so ="


@pytest.mark.parametrize(
    ("octets", "decoded"),
    [
        (b"It rains=20\r\nhere.\r\n", b"It rains \r\nhere.\r\n"),
        (LONG + b"\r\nit goes.\r\n" + LONG + b"\r\nagain.\r\n", None),
        (b"caf=E9 and na=EFve\r\n", b"caf\xe9 and na\xefve\r\n"),
        (b"1 + 1 =3D 2, 2 + 2 =3D 4\r\n", b"1 + 1 = 2, 2 + 2 = 4\r\n"),
        (b"> It rains=20\r\n> here\r\n=AbC1\r\n", b"> It rains \r\n> here\r\n=AbC1\r\n"),
    ],
)
def test_strong_evidence_is_decoded(octets: bytes, decoded: bytes | None) -> None:
    """Blanks at line ends, broken prose, letters above ASCII, equals signs spelled out."""
    expected = decoded or octets.replace(b"=\r\n", b"")
    assert quoted_printable(octets) == expected


@pytest.mark.parametrize(
    "octets",
    [
        b"No equals sign at all.",
        b"x = 3; y =20; z==4\r\n",
        b"if (a==b) c=AB;\r\n",
        b"==========\r\nA title\r\n==========\r\n",
        b"-----BEGIN PGP SIGNATURE-----\r\n\r\niQCV\r\n=3Dab\r\n-----END PGP SIGNATURE-----\r\n",
        b"QUJD" * 18 + b"QQ==\r\n" + b"QUJD" * 15 + b"QUI=\r\n",
        b"key=20AF31 and key=31BC\r\n",
        b"one =3D smiley\r\n",
        b"http://example.org/?a=E9&b=20\r\n" * 3,
    ],
)
def test_weak_evidence_is_left(octets: bytes) -> None:
    """Code, keys, armour, base64, rules and addresses are not quoted-printable."""
    assert quoted_printable(octets) is None


def test_a_quoted_break_is_joined_without_its_mark() -> None:
    """A line broken by one mailer and quoted by another loses the second's mark too."""
    octets = b"> " + LONG + b"\r\n> it goes.=20\r\n> Yes.=20\r\n"
    whole = b"> " + LONG[:-1] + b"it goes. \r\n> Yes. \r\n"
    assert quoted_printable(octets) == whole


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([b"=", b"=20", b"\r\n", b"=E9", b"> ", b"a", b" ", LONG])).map(
        b"".join
    )
)
def test_p23_any_octets_are_read(octets: bytes) -> None:
    """P23: decoding never raises and never makes a text longer."""
    decoded = quoted_printable(octets)
    assert decoded is None or len(decoded) <= len(octets)


@pytest.mark.parametrize(
    "piece", [b"=", b"=20", b"=20\r\n", LONG + b"\r\n", b"=\r\n", b"> x =\r\n"]
)
def test_d5_time_is_linear(linear: Linear, piece: bytes) -> None:
    """D5: a megabyte of escapes costs what it weighs."""
    linear(
        lambda octets: b"It rains=20\r\n" * 9 + piece * (octets // len(piece)),
        quoted_printable,
        500_000,
    )
