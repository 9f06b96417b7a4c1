"""What a file is, judged from its first octets and never from its name.

A name is the sender's claim; what a browser makes of a file depends on what it is.
The table is short on purpose: what mail carries, and what must not be taken for text.

Sources: the formats' own specifications; the MIME sniffing standard, §6-7.
"""

from __future__ import annotations

import re
from typing import Final

OCTETS: Final = "application/octet-stream"
_LOOKED_AT: Final = 1445
"""So many octets decide (MIME sniffing standard §5.2, the resource header)."""

_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"%!PS", "application/postscript"),
    (b"\x04%!PS", "application/postscript"),
    (b"{\\rtf", "application/rtf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x1f\x9d", "application/x-compress"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"\x7fELF", "application/x-elf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\xca\xfe\xba\xbe", "application/x-mach-binary"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"fLaC", "audio/flac"),
    (b"MThd", "audio/midi"),
    (b".snd", "audio/basic"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"-----BEGIN PGP", "application/pgp"),
)
_INSIDE: Final[tuple[tuple[int, bytes, str], ...]] = (
    (2, b"-lh", "application/x-lzh"),
    (257, b"ustar", "application/x-tar"),
    (4, b"ftyp", "video/mp4"),
)
_RIFF: Final = {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo", b"WEBP": "image/webp"}
_WEAK: Final = {"image/bmp": 14, "application/vnd.microsoft.portable-executable": 2}
"""Two letters prove little: such a file must also hold octets that no text does."""
_BINARY: Final = bytes(set(range(32)) - set(b"\t\n\f\r\x1b")) + b"\x7f"
_HTML: Final = re.compile(
    rb"\s*(?:<!doctype html|<(?:html|head|body|script|iframe|title|table|div|style|a|p|br|h1"
    rb"|font)[\s/>]|<!--)",
    re.IGNORECASE,
)
_SVG: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!doctype svg|<svg[\s>])", re.IGNORECASE
)
_XML: Final = re.compile(rb"\s*<\?xml\s", re.IGNORECASE)


def media_type(content: bytes) -> str:
    """The media type of a file's content, "application/octet-stream" if unknown.

    Text is text/plain, text/html, image/svg+xml or text/xml; an empty file is text.
    """
    head = content[:_LOOKED_AT]
    binary = len(head.translate(None, _BINARY)) < len(head)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature) and (kind not in _WEAK or binary):
            return kind
    for offset, signature, kind in _INSIDE:
        if head[offset : offset + len(signature)] == signature:
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], OCTETS)
    return OCTETS if binary else _text_type(head)


def _text_type(head: bytes) -> str:
    """Which text it is, where nothing in it is binary."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _SVG.match(head):
        return "image/svg+xml"
    if _HTML.match(head):
        return "text/html"
    return "text/xml" if _XML.match(head) else "text/plain"
