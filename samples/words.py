"""Header text as mailers sent it: bare octets, encoded words (RFC 2047), folds."""

from __future__ import annotations

import base64

MOST = 75  # RFC 2047 §2: an encoded word is at most 75 characters long
SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!*+-/")


def fitting(text: str, charset: str) -> str:
    """Choose the charset a mailer falls back to when the usual one has no such letter."""
    for label in (charset, "windows-1252"):
        try:
            text.encode(label)
        except UnicodeEncodeError:
            continue
        return label
    return "utf-8"


def encoded(text: str, charset: str, how: str) -> str:
    """Write one encoded word; how is "q" or "b"."""
    octets = text.encode(charset)
    if how == "b":
        return f"=?{charset}?B?{base64.b64encode(octets).decode()}?="
    quoted = "".join(
        chr(octet) if octet in SAFE else "_" if octet == 0x20 else f"={octet:02X}"
        for octet in octets
    )
    return f"=?{charset}?Q?{quoted}?="


def encoded_words(text: str, charset: str, how: str) -> str:
    """Write text as encoded words, one a line, none too long."""
    lines: list[str] = []
    rest = text
    while rest:
        take = len(rest)
        while len(encoded(rest[:take], charset, how)) > MOST:
            take -= 1
        lines.append(encoded(rest[:take], charset, how))
        rest = rest[take:]
    return "\n ".join(lines)


def header_text(text: str, charset: str, how: str) -> bytes:
    """Write a header value: ASCII as it is, the rest as `how` says.

    Args:
        how: "raw" for the charset's octets undeclared, "q" or "b" for encoded words,
            "part" for encoding only the words that need it.
    """
    if text.isascii():
        return text.encode()
    charset = fitting(text, charset)
    if how == "raw":
        return text.encode(charset)
    if how == "part":
        words = [w if w.isascii() else encoded(w, charset, "q") for w in text.split(" ")]
        return " ".join(words).encode()
    return encoded_words(text, charset, how).encode()


def mailbox(name: str, address: str, charset: str, how: str, style: str) -> bytes:
    """Write a From value; style is "angle", "comment" (UNIX mailers) or "bare"."""
    if not name or style == "bare":
        return address.encode()
    shown = header_text(name, charset, how)
    if style == "comment":
        return address.encode() + b" (" + shown + b")"
    if name.isascii() and any(mark in name for mark in '.,()<>{}[];:"'):
        shown = b'"' + shown.replace(b'"', b'\\"') + b'"'
    return shown + b" <" + address.encode() + b">"
