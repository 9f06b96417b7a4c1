"""What a file is, by its content alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posterity.parse.magic import media_type


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"%PDF-1.4\n", "application/pdf"),
        (b"PK\x03\x04\x14\x00", "application/zip"),
        (b"\x1f\x8b\x08\x00", "application/gzip"),
        (b"%!PS-Adobe-2.0\n", "application/postscript"),
        (b"{\\rtf1\\ansi}", "application/rtf"),
        (b"\x7fELF\x01", "application/x-elf"),
        (b"MZ\x90\x00", "application/vnd.microsoft.portable-executable"),
        (b"MZ is Mozambique", "text/plain"),
        (b"BM\x36\x00", "image/bmp"),
        (b"BMW sells cars", "text/plain"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt", "audio/wav"),
        (b"RIFF\x24\x00\x00\x00....", "application/octet-stream"),
        (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
        (b"x" * 257 + b"ustar\x0000", "application/x-tar"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----", "application/pgp"),
        (b"It rains.\r\n", "text/plain"),
        ("Es regnet, natürlich.".encode("latin-1"), "text/plain"),
        (b"\xef\xbb\xbf<html><body>", "text/html"),
        (b"  <!DOCTYPE html>", "text/html"),
        (b"<SCRIPT >alert(1)</SCRIPT>", "text/html"),
        (b"<?xml version='1.0'?><svg onload=x>", "image/svg+xml"),
        (b"<?xml version='1.0'?><rain/>", "text/xml"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"", "text/plain"),
    ],
)
def test_content_tells_the_type(content: bytes, expected: str) -> None:
    """The formats mail carries, and those that must not pass for text."""
    assert media_type(content) == expected


@given(st.binary())
def test_any_content_has_a_type(content: bytes) -> None:
    """Something is always said, and it is a media type."""
    assert media_type(content).count("/") == 1
