"""What is this? Magic numbers first, then the shape of the first lines.

Names and endings decide nothing, but for one thing: a file called `.eml` that begins
with a From_ line is one message under an envelope, not an mbox of one.

Forms that are known but not read are refused by name, with what to do.
"""

from __future__ import annotations

import re
from enum import StrEnum

from posterity.sources.envelope import has_known_field

HEAD = 64 << 10
"""Octets of the beginning that are looked at."""

MMDF_MARK = b"\x01\x01\x01\x01"
TAR_BLOCK = 512


class Shape(StrEnum):
    """What a stream is, by its first octets."""

    EMPTY = "empty"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    ZIP = "zip"
    TAR = "tar"
    MMDF = "mmdf"
    MBOX = "mbox"
    HEADER = "header"  # begins with a header block: one message, or an mbox cut open
    TEXT = "text"  # readable; an mbox if separators are found in it
    BINARY = "binary"


COMPRESSED = frozenset({Shape.GZIP, Shape.BZIP2, Shape.XZ, Shape.ZSTD})

_MAGIC = (
    (b"\x1f\x8b", Shape.GZIP),
    (b"\xfd7zXZ\x00", Shape.XZ),
    (b"\x28\xb5\x2f\xfd", Shape.ZSTD),
    (b"PK\x03\x04", Shape.ZIP),
    (b"PK\x05\x06", Shape.ZIP),
    (MMDF_MARK + b"\n", Shape.MMDF),
    (MMDF_MARK + b"\r\n", Shape.MMDF),
)
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")

_UNREAD_MAGIC = (
    (b"!BDN", "an Outlook PST or OST file", "export it as mbox first"),
    (b"\xcf\xad\x12\xfe", "an Outlook Express DBX folder", "export it as mbox first"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Outlook MSG file", "save it as .eml"),
    (b"*mbx*", "a UW IMAP mbx folder", "copy it to an mbox with mailutil"),
    (b"*mix*", "a UW IMAP mix folder", "copy it to an mbox with mailutil"),
    (b"BABYL OPTIONS:", "an Emacs Babyl file", "write it as mbox with rmail"),
    (b"#! rnews", "a Usenet batch (rnews)", "unbatch it to one article a file"),
    (b"#!rnews", "a Usenet batch (rnews)", "unbatch it to one article a file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (b"\x1f\x9d", "a file of Unix compress (.Z)", "uncompress it first"),
    (b"LZIP", "an lzip file", "unpack it first"),
    (b"\x04\x22\x4d\x18", "an LZ4 file", "unpack it first"),
    (b"SQLite format 3\x00", "an SQLite database", "export its mail as mbox"),
    (b"%PDF-", "a PDF", "it holds no mail"),
    (b"\xff\xfe", "UTF-16 text", "mail is octets: find the file it was made from"),
    (b"\xfe\xff", "UTF-16 text", "mail is octets: find the file it was made from"),
    (b"\x78\x9f\x3e\x22", "a TNEF file (winmail.dat)", "read the mail it came with"),
)
_HTML = re.compile(
    rb"(?i)\s*(?:<!--[^\n]{0,400}-->\s*)?<(?:!doctype html|html|head|body)\b"
)
_LISTSERV = re.compile(rb"={73}\r?\nDate:")
_EMLX = re.compile(rb"[0-9]{1,10}[ ]*\n(?:[!-9;-~]{1,80}:)")
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\n\r\f\x1b"
_BLANKS = b"\r\n \t"
_UTF8_MARK = b"\xef\xbb\xbf"

TEXT_SHARE = 0.7
"""At least this share of the octets of text are printable ASCII or above 0x7F."""


def unread_form(head: bytes) -> tuple[str, str] | None:
    """The name of a form that is known and not read, and what to do; None for others."""
    for magic, form, advice in _UNREAD_MAGIC:
        if head.startswith(magic):
            return form, advice
    if _LISTSERV.match(head):
        return "a LISTSERV log", "ask the list's host for an mbox or notebook export"
    if _HTML.match(head):
        return "a page of an HTML archive", "find the mbox it was made from"
    if _EMLX.match(head):
        return "an Apple Mail message (.emlx)", "export the mailbox as mbox"
    return None


def shape_of(head: bytes) -> Shape:
    """What a stream is, by its first HEAD octets (fewer where it is shorter)."""
    if not head:
        return Shape.EMPTY
    for magic, shape in _MAGIC:
        if head.startswith(magic):
            return shape
    if _BZIP2.match(head):
        return Shape.BZIP2
    return Shape.TAR if is_tar_header(head) else _text_shape(head)


def _text_shape(head: bytes) -> Shape:
    """What a stream is that has no magic number."""
    text = head.removeprefix(_UTF8_MARK).lstrip(_BLANKS)
    if text.startswith(b"From "):
        return Shape.MBOX
    if has_known_field(text, 0):
        return Shape.HEADER
    return Shape.TEXT if is_text(head) else Shape.BINARY


def is_text(head: bytes) -> bool:
    """Whether octets read as text of some ASCII-like charset."""
    odd = head.translate(None, _PRINTABLE)
    controls = sum(octet < 0x80 for octet in odd[:HEAD])
    return controls <= (1 - TEXT_SHARE) * len(head)


def is_tar_header(block: bytes) -> bool:
    """Whether a block is a tar header: its checksum says so (POSIX.1-1988 §10.1.1)."""
    if len(block) < TAR_BLOCK:
        return False
    block = block[:TAR_BLOCK]
    field = block[148:156].strip(b" \x00")
    if not field or field.strip(b"01234567"):
        return False
    return int(field, 8) == sum(block) - sum(block[148:156]) + 8 * 0x20
