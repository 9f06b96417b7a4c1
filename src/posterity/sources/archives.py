"""What lies in a tar or zip archive.

Nothing is written under a member's name: a tar's members are read where they lie in it,
a zip's are unwrapped to one file of the spool. Names that climb out of the folder they
are unpacked in, links, devices, encrypted members and second members of one name are
refused one by one; the others are read.
"""

from __future__ import annotations

import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from posterity.errors import RefusedError, SourceError
from posterity.sources.detect import TAR_BLOCK, is_tar_header
from posterity.sources.extent import Extent, Opened, Stretch
from posterity.sources.files import reason_of
from posterity.sources.named import Entry
from posterity.sources.source import ReadOptions
from posterity.sources.unwrap import OUT, check_growth, spool_file

MEMBERS = 1_000_000
"""Members of one archive that are read: some lists have that many messages."""

NAME_LIMIT = 64 << 10
"""Octets of a long name (GNU `L`) or of pax records that are read."""

CLIMBS = "its name would climb out of the folder it is unpacked in"
SECOND = "a second member of that name"
LINK = "a link, not followed"
DEVICE = "a device, a sparse file or another special member"
ENCRYPTED = "encrypted; decrypt it first"
CUT_OFF = "the archive ends before this member does"

_PAX_RECORD = re.compile(rb"([0-9]{1,8}) ([^=\n]+)=")
_FILE_TYPES = b"0\x007"
SPARSE = b"S"
"""GNU tar's kind of a file with holes, whose content needs a map to be put together."""

_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # zipfile: a password is needed, a method is not implemented
)


class Header(NamedTuple):
    """What a tar header says: name, size of the content, kind of member."""

    name: bytes
    size: int
    kind: bytes


def checked(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Turn members of bad or repeated names into problems."""
    seen: set[bytes] = set()
    for count, entry in enumerate(entries):
        if count >= MEMBERS:
            yield Entry(entry.raw, None, f"beyond the {MEMBERS:,} members that are read")
            return
        if entry.problem or entry.extent is None:
            yield entry
        elif climbs(entry.raw):
            yield Entry(entry.raw, None, CLIMBS)
        elif entry.raw in seen:
            yield Entry(entry.raw, None, SECOND)
        else:
            seen.add(entry.raw)
            yield entry


def climbs(raw: bytes) -> bool:
    """Whether a member's name leads out of the folder it is unpacked in."""
    parts = raw.replace(b"\\", b"/").split(b"/")
    return b".." in parts or not parts[0] or parts[0].endswith(b":") or b"\x00" in raw


def tar_entries(extent: Extent) -> Iterator[Entry]:
    """Yield a tar's members, where they lie in it (POSIX ustar and pax, GNU)."""
    with Opened(extent) as opened:
        place, longer = 0, Header(b"", -1, b"")
        while place + TAR_BLOCK <= extent.length:
            block = opened.read(place, place + TAR_BLOCK)
            if not block.strip(b"\x00"):
                place += TAR_BLOCK
                continue
            if not is_tar_header(block):
                yield Entry(
                    b"", None, f"the tar is damaged at offset {place}; the rest is not read"
                )
                return
            header, place = read_header(block), place + TAR_BLOCK
            if header.kind in b"LxgKX":
                octets = opened.read(place, place + min(header.size, NAME_LIMIT))
                longer = _longer(longer, header.kind, octets)
            else:
                size = longer.size if longer.size >= 0 else header.size
                kind = longer.kind or header.kind
                header = Header(longer.name or header.name, size, kind)
                yield _member(header, extent, place)
                longer = Header(b"", -1, b"")
            place += -(-header.size // TAR_BLOCK) * TAR_BLOCK


def read_header(block: bytes) -> Header:
    """Read a tar header block."""
    name = block[:100].partition(b"\x00")[0]
    prefix = block[345:500].partition(b"\x00")[0]
    if block[257:263] == b"ustar\x00" and prefix:
        name = prefix + b"/" + name
    return Header(name, _number(block[124:136]), block[156:157])


def _number(field: bytes) -> int:
    """A tar number: octal, or base 256 where the first bit is set (GNU)."""
    if field[0] & 0x80:
        return int.from_bytes(field, "big") & ((1 << 94) - 1)
    digits = field.strip(b" \x00")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else 0


def _longer(known: Header, kind: bytes, octets: bytes) -> Header:
    """What an extension says about the member after it: a long name, a size."""
    if kind == b"L":
        return known._replace(name=octets.partition(b"\x00")[0])
    if kind != b"x":
        return known
    place = 0
    while record := _PAX_RECORD.match(octets, place):
        length = int(record[1])
        if length <= len(record[0]):
            break
        value = octets[record.end() : place + length - 1]
        if record[2] == b"path":
            known = known._replace(name=value)
        elif record[2].startswith(b"GNU.sparse"):
            known = known._replace(kind=SPARSE)
        elif record[2] == b"size" and value.isdigit() and len(value) < 20:
            known = known._replace(size=int(value))
        place += length
    return known


def _member(header: Header, extent: Extent, place: int) -> Entry:
    """The entry of a tar's member whose content is at `place`."""
    raw = header.name.removeprefix(b"./").rstrip(b"/")
    if header.kind == b"5" or (header.kind in b"0\x00" and header.name.endswith(b"/")):
        return Entry(raw, None)
    if header.kind in b"12":
        return Entry(raw, None, LINK)
    if header.kind not in _FILE_TYPES:
        return Entry(raw, None, DEVICE)
    there = max(extent.length - place, 0)
    truncated = CUT_OFF if header.size > there else ""
    return Entry(
        raw,
        Extent(extent.path, extent.offset + place, min(header.size, there)),
        truncated=truncated,
    )


def zip_entries(
    name: str, extent: Extent, spool: Path, options: ReadOptions
) -> Iterator[Entry]:
    """Yield a zip's members, unwrapped into one file of the spool.

    Raises:
        SourceError: it has no readable directory of members.
    """
    total = 0
    with BufferedReader(Stretch(extent)) as file, spool_file(spool) as out:
        try:
            archive = zipfile.ZipFile(file)
        except _FAILURES as error:
            raise SourceError(
                f"{name}: a zip archive that cannot be read ({error})"
            ) from error
        for info in archive.infolist():
            raw = info.orig_filename.encode("utf-8", "surrogateescape")
            problem = "" if info.is_dir() else _zip_problem(info)
            if info.is_dir() or problem:
                yield Entry(raw.rstrip(b"/"), None, problem)
                continue
            start = total
            try:
                truncated = ""
                for octets in _zip_member(archive, info):
                    total += len(octets)
                    check_growth(name, total, extent.length, options)
                    out.write(octets)
            except RefusedError as error:
                yield Entry(raw, None, reason_of(error))
                return
            except _FAILURES as error:
                truncated = f"the member is damaged ({error})"
            out.flush()
            if truncated and total == start:
                yield Entry(raw, None, truncated)
            else:
                yield Entry(
                    raw, Extent(out.name, start, total - start), truncated=truncated
                )


def _zip_problem(info: zipfile.ZipInfo) -> str:
    """Why a zip's member is not read; "" for nothing."""
    if info.flag_bits & 0x1:
        return ENCRYPTED
    return LINK if stat.S_ISLNK(info.external_attr >> 16) else ""


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unwrap a member piece by piece."""
    with archive.open(info) as member:
        while octets := member.read(OUT):
            yield octets
