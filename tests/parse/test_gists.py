"""The gist of a message says what parsing it again would say, or there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.gist import Gist, bare, packed, unpacked
from posterity.model import Mailbox
from posterity.parse import parse_message
from posterity.parse.attachments import attachments
from posterity.parse.body import read_body
from posterity.parse.gists import body_of, gist_of

HEAD = (
    b"From: Ada Keeper <ada@example.org>\r\nTo: keepers@example.org, Crew: bo@a.example;\r\n"
    b"Cc: =?iso-8859-1?Q?Zo=EB?= <zoe@example.org>\r\nMessage-ID: <1@example.org>\r\n"
    b"In-Reply-To: <0@example.org>\r\n"
)
QUOTED = b"Bo wrote:\r\n> It rains.\r\n>> Still?\r\n\r\nYes.\r\n-- \r\nAda\r\n"
PLAIN = {
    "ascii": (b"", QUOTED),
    "no line end": (b"", b"It rains"),
    "no text": (b"", b""),
    "blank lines": (b"", b"\r\n\r\n"),
    "latin 1": (b"Content-Type: text/plain; charset=iso-8859-1\r\n", b"Caf\xe9\r\n"),
    "undeclared": (b"", b"It is 20\xb0 in the caf\xe9 tonight, no more.\r\n"),
    "utf-8": (b"Content-Type: text/plain; charset=utf-8\r\n", "Zoë, 灯台\r\n".encode()),
    "quoted-printable": (
        (
            b"Content-Type: text/plain; charset=utf-8\r\n"
            b"Content-Transfer-Encoding: quoted-printable\r\n"
        ),
        b"Caf=C3=A9 at =\r\nfour\r\n",
    ),
    "base64": (b"Content-Transfer-Encoding: base64\r\n", b"SXQgcmFpbnMuDQo=\r\n"),
    "a file in the text": (b"", b"begin 644 a\r\n-270@<F%I;G,@:&5R90\r\n`\r\nend\r\n"),
}
OTHER = {
    "html": (b"Content-Type: text/html\r\n", b"<p>It rains"),
    "flowed": (b"Content-Type: text/plain; format=flowed\r\n", b"It \r\nrains\r\n"),
    "enriched": (b"Content-Type: text/enriched\r\n", b"<bold>It</bold> rains"),
    "a name": (b'Content-Disposition: inline; filename="a.txt"\r\n', b"It rains\r\n"),
    "parts": (
        b'Content-Type: multipart/mixed; boundary="b"\r\n',
        b"--b\r\n\r\nIt\r\n--b--",
    ),
    "no text at all": (b"Content-Type: image/gif\r\n", b"GIF89a"),
    "NUL": (b"", b"It\x00rains\r\n"),
    "bare CR": (b"", b"It\rrains\r\n"),
    "undeclared quoted-printable": (
        b"",
        b"Caf=E9 and caf=E9 and na=EFve and =E0 la carte, if you please, and then =\r\nmore\r\n",
    ),
}


def told(octets: bytes) -> Gist | None:
    """The gist of a message, packed and unpacked, and like what parsing gives."""
    message = parse_message(octets)
    body = read_body(octets, message)
    made = gist_of(octets, message, body)
    if made is None:
        return None
    gist = unpacked(packed(made))
    assert gist == made
    assert body_of(octets, gist) == body._replace(defects=())
    assert gist[:3] == (message.body_offset, message.message_ids, message.in_reply_to)
    assert gist[3:6] == tuple(map(bare, (message.from_, message.to, message.cc)))
    assert gist.parts == message.parts
    assert gist.text_body == message.text_body
    assert gist.html_body == message.html_body
    assert gist.attachments == message.attachments
    assert attachments(octets, gist) == attachments(octets, message)
    return gist


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_text_has_a_gist(name: str) -> None:
    """And it says the same as the message parsed: header, text, what its lines are."""
    field, text = PLAIN[name]

    gist = told(HEAD + field + b"\r\n" + text)

    assert gist is not None
    assert Mailbox("Zoë", "zoe", "example.org", "") == gist.cc[0]


@pytest.mark.parametrize("name", OTHER)
def test_what_is_read_in_another_way_has_none(name: str) -> None:
    """Such a message is parsed where it is shown."""
    field, text = OTHER[name]

    assert told(HEAD + field + b"\r\n" + text) is None


FIELDS = st.lists(
    st.sampled_from(
        [
            *(field for field, _ in (*PLAIN.values(), *OTHER.values())),
            b"Content-Type: text/plain; charset=iso-2022-jp\r\n",
            b"Content-Type: text/plain; charset=x-none; name=a\r\n",
            b"Content-Transfer-Encoding: x-uuencode\r\n",
            b"Content-ID: <1@example.org>\r\n",
            b"To: =?utf-7?Q?+2AA-?= <a@example.org>, \xff\xfe\r\n",
        ]
    ),
    max_size=3,
)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from([text for _, text in (*PLAIN.values(), *OTHER.values())]),
        st.binary(max_size=30),
    ),
    max_size=4,
)


@given(FIELDS, TEXTS)
def test_no_gist_says_what_parsing_would_not(
    fields: list[bytes], texts: list[bytes]
) -> None:
    """Whatever the octets: a gist is like the message, or there is none."""
    told(HEAD + b"".join(fields) + b"\r\n" + b"".join(texts))
