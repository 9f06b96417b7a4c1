"""What %% blocks and attachments hold: tables, armour, uuencoded files, pictures.

Everything is made of a hash or a table; deflate is written by hand, stored, so that no
library's idea of compression can change an octet.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
import zlib
from pathlib import Path

from samples.clocks import number

LOG = Path(__file__).resolve().parent / "gannet-1894.txt"
NOON = re.compile(r"^ noon +(\d\d\.\d\d)", re.MULTILINE)

# Station, the day of December 1894 on which the gale passed it, the fall in inches.
STATIONS = (
    ("Inishbeg", 13.7, 1.52),
    ("Cove Head", 13.8, 1.31),
    ("Cap Blanc", 14.1, 0.38),
    ("Penn-ar-Wern", 14.2, 0.74),
    ("Upper Wendle", 14.4, 1.22),
    ("Black Sker", 14.4, 1.60),
    ("St Olave", 14.6, 1.47),
    ("Oosterhoek", 14.8, 0.96),
    ("Strand", 15.0, 1.05),
    ("Fyrskib IX", 15.3, 1.10),
    ("Vaar Fyr", 15.6, 0.88),
    ("Svartgrund", 16.0, 0.71),
)


def log_lines() -> list[str]:
    """The log of Gannet Rock, as transcribed."""
    return LOG.read_text(encoding="utf-8").rstrip("\n").split("\n")


def log_noons() -> list[float]:
    """The log's noon readings, one a day."""
    return [float(reading) for reading in NOON.findall(LOG.read_text(encoding="utf-8"))]


def noise(seed: str, length: int) -> bytes:
    """Octets that look random and never change."""
    return hashlib.shake_256(seed.encode()).digest(length)


def armour(kind: str, seed: str, length: int) -> list[str]:
    """Made-up PGP armour: its form is right, it holds nothing."""
    text = base64.b64encode(noise(seed, length)).decode()
    body = [text[start : start + 64] for start in range(0, len(text), 64)]
    check = "=" + base64.b64encode(noise(seed + "/crc", 3)).decode()
    return [
        f"-----BEGIN PGP {kind}-----",
        "Version: 2.6.3i",
        "",
        *body,
        check,
        f"-----END PGP {kind}-----",
    ]


def uuencoded(name: str, content: bytes) -> list[str]:
    """Write a file as uuencode did, with grave accents for blanks."""
    rows = [
        binascii.b2a_uu(content[start : start + 45], backtick=True).decode().rstrip("\n")
        for start in range(0, len(content), 45)
    ]
    return [f"begin 644 {name}", *rows, "`", "end"]


def pressure(seed: str, hours: int, start: float = 29.92) -> list[float]:
    """An aneroid's readings in inches, hour by hour: a gale comes and goes."""
    readings: list[float] = []
    for hour in range(hours):
        fall = 1.35 / (1 + ((hour - hours * 0.55) / (hours * 0.13)) ** 2)
        wobble = (number(f"{seed}/{hour}", "wobble", 5) - 2) / 100
        readings.append(round(start - fall + wobble, 2))
    return readings


def stored_deflate(content: bytes) -> bytes:
    """Wrap octets as one stored deflate block in a zlib stream (RFC 1950, 1951)."""
    size = len(content)
    head = b"\x78\x01\x01" + struct.pack("<HH", size, size ^ 0xFFFF)
    return head + content + struct.pack(">I", zlib.adler32(content))


def png(seed: str, width: int = 240, height: int = 80) -> bytes:
    """A small picture: a barograph's trace, black on white, one bit a pixel."""
    trace = pressure(seed, width, 30.0)
    top, low = max(trace), min(trace)
    ink = [round((top - value) / (top - low) * (height - 9)) + 4 for value in trace]
    rows = bytearray()
    for row in range(height):
        rows.append(0)
        bits = [
            "0" if abs(ink[x] - row) < 2 or row in {0, height - 1} else "1"
            for x in range(width)
        ]
        rows += int("".join(bits), 2).to_bytes(width // 8, "big")
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", stored_deflate(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def pdf(text: str) -> bytes:
    """A one-page PDF with a line of text: enough of one to be recognised."""
    stream = f"BT /F1 18 Tf 72 760 Td ({text}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources 5 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Font << /F1 6 0 R >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    )
    out = bytearray(b"%PDF-1.2\n")
    offsets = []
    for place, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (place, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    at = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n" + table
    out += b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % at
    return bytes(out)


def december(station: str, centre: float, depth: float) -> list[float]:
    """Noon readings of December 1894 at a station the gale passed on day `centre`."""
    return [
        round(
            29.96
            - depth / (1 + ((day - centre) / 1.5) ** 2)
            + (number(f"{station}/{day}", "noon", 13) - 6) / 100,
            2,
        )
        for day in range(1, 32)
    ]


def noon_table(first: int, last: int) -> list[str]:
    """Noon readings, a column a station: wider than any screen of the day."""
    columns = {name: december(name, centre, depth) for name, centre, depth in STATIONS}
    columns = {"Gannet Rock": log_noons()} | columns
    head = "  Dec  " + "".join(f"{name:>13}" for name in columns)
    rows = [
        f"  {day:>3}  "
        + "".join(f"{column[day - 1]:>13.2f}" for column in columns.values())
        for day in range(first, last + 1)
    ]
    return [head, "  " + "-" * (len(head) - 2), *rows]


def noon_csv() -> bytes:
    """The same readings, the whole month, as a file."""
    columns = {name: december(name, centre, depth) for name, centre, depth in STATIONS}
    columns = {"Gannet Rock": log_noons()} | columns
    rows = ["december_1894," + ",".join(columns)]
    rows += [
        f"{day}," + ",".join(f"{column[day - 1]:.2f}" for column in columns.values())
        for day in range(1, 32)
    ]
    return "\n".join(rows).encode() + b"\n"
