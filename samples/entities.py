"""Bodies: plain text in many charsets, HTML, attachments, digests, forwards."""

from __future__ import annotations

import base64
import html
import quopri
from collections.abc import Callable
from typing import NamedTuple

from samples import blocks
from samples.clocks import letters_of
from samples.letters import Letter
from samples.people import Desk
from samples.quoting import wrapped
from samples.words import fitting, header_text


class Entity(NamedTuple):
    """A MIME entity: its own header fields and its content, LF line ends."""

    fields: tuple[tuple[str, str], ...]
    content: bytes

    def octets(self) -> bytes:
        """Write the entity as a part of a multipart."""
        head = "".join(f"{name}: {value}\n" for name, value in self.fields)
        return head.encode() + b"\n" + self.content


def vcard(name: str) -> bytes:
    """A visiting card for a file called like pru.vcf."""
    first = name.partition(".")[0].capitalize()
    lines = (
        "BEGIN:VCARD",
        "VERSION:2.1",
        f"FN:{first} Dunne",
        "ORG:Kestrel Archives",
        "END:VCARD",
    )
    return "\r\n".join(lines).encode() + b"\r\n"


MAKERS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "png": ("image/png", blocks.png),
    "csv": ("text/csv", lambda _: blocks.noon_csv()),
    "pdf": ("application/pdf", lambda name: blocks.pdf(f"Notes: {name}")),
    "vcf": ("text/x-vcard", vcard),
    "exe": ("application/octet-stream", lambda name: blocks.noise(name, 600)),
}


def enclosure(name: str, charset: str) -> Entity:
    """Make an attached file; its ending says what is in it."""
    media_type, make = MAKERS[name.rpartition(".")[2]]
    shown = header_text(name, charset, "q").decode()
    fields = (
        ("Content-Type", f'{media_type}; name="{shown}"'),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f'attachment; filename="{shown}"'),
    )
    coded = base64.encodebytes(make(name.rpartition("/")[2])).replace(b"\r", b"")
    return Entity(fields, coded)


def flow(text: str) -> str:
    """Write text as format=flowed (RFC 3676): long paragraphs end soft lines in a blank."""
    out: list[str] = []
    for line in text.split("\n"):
        stuffed = " " + line if line.startswith((" ", "From ")) else line
        pieces = wrapped(stuffed, 70)
        out += [piece + " " for piece in pieces[:-1]] + pieces[-1:]
    return "\n".join(out)


def transfer(octets: bytes, encoding: str) -> bytes:
    """Apply a transfer encoding."""
    if encoding == "quoted-printable":
        return quopri.encodestring(octets)
    if encoding == "base64":
        return base64.encodebytes(octets)
    return octets


def text_entity(
    text: str, letter: Letter, desk: Desk, mime: bool, kind: str = "plain"
) -> Entity:
    """Make a text part as the letter's instructions and the mailer's habits have it."""
    charset = letter.order("charset") or fitting(text, desk.charset)
    octets = text.encode(letter.order("codec") or charset)
    if letter.order("form") == "bare" or not mime:
        return Entity((), transfer(octets, letter.order("encoding")))
    habit = (
        "quoted-printable" if desk.mailer in {"netscape", "outlook", "eudora"} else "8bit"
    )
    encoding = letter.order("encoding") or ("7bit" if octets.isascii() else habit)
    label = "us-ascii" if text.isascii() and not letter.order("charset") else charset
    declared = "" if label == "none" else f"; charset={label}"
    flowed = "; format=flowed" if letter.order("form") == "flowed" else ""
    fields = (
        ("Content-Type", f"text/{kind}{declared}{flowed}"),
        ("Content-Transfer-Encoding", encoding),
    )
    return Entity(fields, transfer(octets, encoding))


def as_html(text: str) -> str:
    """Dress text as HTML the way an HTML mailer of 1998 did."""
    lines = [html.escape(line, quote=False) or "&nbsp;" for line in text.split("\n")]
    body = "\n".join(f"<DIV><FONT face=Arial size=2>{line}</FONT></DIV>" for line in lines)
    doctype = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD W3 HTML//EN">'
    return f"{doctype}\n<HTML><BODY bgColor=#ffffe0>\n{body}\n</BODY></HTML>\n"


def multipart(kind: str, parts: list[Entity], key: str, preamble: str = "") -> Entity:
    """Put entities into a multipart."""
    boundary = f"----=_keepers_{letters_of(key, 'boundary', 16, 'ABCDEF0123456789')}"
    marks = b"".join(f"--{boundary}\n".encode() + part.octets() + b"\n" for part in parts)
    content = preamble.encode() + marks + f"--{boundary}--\n".encode()
    return Entity(
        (("Content-Type", f'multipart/{kind};\n boundary="{boundary}"'),), content
    )


def digest_text(letters: list[tuple[str, bytes]]) -> str:
    """Write a plain digest (RFC 1153): its topics, a line of 70 dashes, and the letters."""
    topics = "\n".join(f"    {subject}" for subject, _ in letters)
    bodies = ("\n" + "-" * 30 + "\n\n").join(
        octets.decode("utf-8", "replace").rstrip("\n") + "\n" for _, octets in letters
    )
    return f"\nToday's Topics:\n\n{topics}\n\n{'-' * 70}\n\n{bodies}\n{'-' * 30}\n\n"


def body_entity(
    letter: Letter, desk: Desk, text: str, mime: bool, enclosed: list[bytes]
) -> Entity:
    """Make the body of a letter.

    Args:
        enclosed: octets of the letters it forwards or digests, without trace fields.
    """
    form = letter.order("form")
    if form == "html":
        return text_entity(text, letter, desk, mime, "html")
    if form == "flowed":
        text = flow(text)
    parts = [text_entity(text, letter, desk, mime)]
    if form == "alternative":
        parts.append(text_entity(as_html(text), letter, desk, mime, "html"))
        parts = [
            multipart(
                "alternative",
                parts,
                letter.key,
                "This is a multi-part message in MIME format.\n\n",
            )
        ]
    if form == "digest":
        entries = [Entity((), octets) for octets in enclosed]
        parts.append(multipart("digest", entries, letter.key))
    if form == "forward":
        parts += [
            Entity((("Content-Type", "message/rfc822"),), octets) for octets in enclosed
        ]
    parts += [enclosure(name, desk.charset) for name in letter.order("attach").split()]
    if len(parts) == 1:
        return parts[0]
    return multipart("mixed", parts, letter.key + "/mixed")
