"""Invariant: no octets make `parse_message`, `read_body` or `attachments` raise or hang."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["posterity"]):
    from posterity.parse import parse_message
    from posterity.parse.attachments import attachments
    from posterity.parse.body import first_words, flags, read_body
    from posterity.parse.hidden import enclosed_mail, hidden_mail

# Octets mapped into what mail is made of reach deeper than random ones do.
ALPHABET = (
    b'\r\n\r\n :;<>@()[]"=?_-/.,+>|%\\\t\x00\x1b\x1c\x80\xe4\xff0123456789aBcDfFmMiorstuUxX'
)
WORDS = (
    b"From: ", b"Date: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=",
    b"message/rfc822", b"=?utf-8?B?", b"=?iso-2022-jp?Q?", b"?=", b"\r\n\r\n--", b"base64",
    b"quoted-printable", b"begin 644 ", b"-----BEGIN PGP ", b"\r\n> ", b"\r\n-- \r\n",
    b"text/html", b"format=flowed; delsp=yes", b"filename*0*=utf-8''", b"In-Reply-To: <",
)  # fmt: skip


def mail_like(octets: bytes) -> bytes:
    """Random octets as something that looks like mail."""
    parts = []
    for octet in octets:
        if octet < len(WORDS):
            parts.append(WORDS[octet])
        else:
            parts.append(ALPHABET[octet % len(ALPHABET) :][:1])
    return b"".join(parts)


def one_input(octets: bytes) -> None:
    """Read octets as a message, as they are and as mail."""
    for given in (octets, mail_like(octets)):
        message = parse_message(given)
        body = read_body(given, message)
        covered = [line for s in body.segments for line in range(s.first, s.last + 1)]
        assert covered == list(range(1, len(body.lines) + 1))
        first_words(body)
        flags(body, message)
        attachments(given, message)
        hidden_mail(given, message.body_offset)
        enclosed_mail(given, message)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
