"""Take the compression off: gzip, bzip2, xz and zstd, by magic number, not by name.

What is compressed is unwrapped once, to a file in the spool, and read there. Members
laid end to end are one stream, as gzip(1) has it. A stream that breaks off or is damaged
gives what could be read and says so. One that grows past all measure is refused.
"""

from __future__ import annotations

import bz2
import lzma
import os
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from posterity.errors import RefusedError, SourceError
from posterity.sources.detect import COMPRESSED, HEAD, Shape, shape_of
from posterity.sources.extent import Extent, Opened
from posterity.sources.named import Unwrapped
from posterity.sources.source import GIB, MIB, ReadOptions

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STEP = 32 << 10
"""Compressed octets fed at a time: small, for each short gzip member copies the rest."""

OUT = 64 << 10
"""Octets unwrapped at a time, and what may be lost before damage (not in gzip)."""

FREE_OCTETS = 64 * MIB
"""The ratio limit is asked from here on: short runs of one octet are no bomb."""

XZ_MEMORY = 512 * MIB
"""Memory xz may ask for; `xz -9` needs 65 MiB (xz(1))."""

ZSTD_WINDOW_LOG = 27
"""128 MiB, what zstd itself accepts without --long (zstd(1))."""

WRAPPINGS = 4
"""How many times one stream may be wrapped."""

_FAILURES = (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, EOFError, ValueError)


class Decoder(Protocol):
    """What bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool:
        """Whether the stream's end was reached."""

    @property
    def needs_input(self) -> bool:
        """Whether there is nothing more to give without more input."""

    @property
    def unused_data(self) -> bytes:
        """What follows the stream's end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Give at most max_length octets."""


class Gunzip:
    """zlib's decoder for gzip, with the manners of the others.

    zlib gives nothing of a step in which it meets damage, so such a step is fed again
    octet by octet, from a copy: what stands before the damage is not lost.
    """

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=31)
        self._failure: zlib.error | None = None
        self.needs_input = True

    @property
    def eof(self) -> bool:
        """Whether the member's end was reached."""
        return self._decoder.eof

    @property
    def unused_data(self) -> bytes:
        """What follows the member."""
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Give at most max_length octets (more, once, before damage is raised)."""
        if self._failure:
            raise self._failure
        before, data = self._decoder.copy(), self._decoder.unconsumed_tail + data
        try:
            octets = self._decoder.decompress(data, max_length)
        except zlib.error as error:
            octets = b"".join(_until_damage(before.decompress, data))
            if not octets:
                raise
            self._failure, self.needs_input = error, False
            return octets
        tail = self._decoder.unconsumed_tail
        self.needs_input = not tail and len(octets) < max_length
        return octets


def _until_damage(decompress: Callable[[bytes], bytes], data: bytes) -> Iterator[bytes]:
    """Decode octet by octet up to where that fails."""
    for place in range(len(data)):
        try:
            yield decompress(data[place : place + 1])
        except zlib.error:
            return


def _unxz() -> Decoder:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)


def _unzstd() -> Decoder:
    options = {int(zstd.DecompressionParameter.window_log_max): ZSTD_WINDOW_LOG}
    decoder: Decoder = zstd.ZstdDecompressor(options=options)
    return decoder


DECODERS: dict[Shape, Callable[[], Decoder]] = {
    Shape.GZIP: Gunzip,
    Shape.BZIP2: bz2.BZ2Decompressor,
    Shape.XZ: _unxz,
    Shape.ZSTD: _unzstd,
}


@dataclass(slots=True)
class Ending:
    """How a decoding ended."""

    truncated: str = ""


def unwrap(name: str, extent: Extent, spool: Path, options: ReadOptions) -> Unwrapped:
    """Take compression off until none is left.

    Raises:
        SourceError: nothing at all could be read of it.
        RefusedError: it grows past a limit, or is wrapped too often.
    """
    truncated = ""
    for _ in range(WRAPPINGS + 1):
        shape = shape_of(extent.read(0, HEAD))
        if shape not in COMPRESSED:
            return Unwrapped(extent, shape, truncated)
        extent, ended = _unwrap_once(name, extent, shape, spool, options)
        truncated = ended or truncated
    raise RefusedError(f"{name}: wrapped more than {WRAPPINGS} times; unpack it first")


def _unwrap_once(
    name: str, extent: Extent, shape: Shape, spool: Path, options: ReadOptions
) -> tuple[Extent, str]:
    """Decode one stream into a file of the spool."""
    ending, fed = Ending(), [0]
    with Opened(extent) as opened, spool_file(spool) as file:
        total = 0
        for octets in decoded(_steps(opened, extent.length, fed), shape, ending):
            total += len(octets)
            check_growth(name, total, fed[0], options)
            file.write(octets)
        path = file.name
    if ending.truncated and not total:
        raise SourceError(f"{name}: {ending.truncated}; nothing of it could be read")
    return Extent(path, 0, total), ending.truncated


def check_growth(name: str, total: int, fed: int, options: ReadOptions) -> None:
    """Refuse a stream that unwraps to more than a mailbox can be.

    Raises:
        RefusedError: a limit is passed.
    """
    if total > options.unwrapped_limit:
        limit = options.unwrapped_limit / GIB
        raise RefusedError(
            f"{name}: it unwraps to more than {limit:.4g} GiB;"
            " unpack it first, if you trust it"
        )
    if total > FREE_OCTETS and total > options.ratio_limit * fed:
        raise RefusedError(
            f"{name}: it unwraps to more than {options.ratio_limit} times its size, as no"
            " mail does; unpack it first, if you trust it"
        )


def spool_file(spool: Path) -> BinaryIO:
    """Make a new file in the spool; it stays until the spool is removed."""
    spool.mkdir(parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(prefix="source-", dir=spool)
    os.close(handle)
    return Path(path).open("wb")


def decoded(steps: Iterator[bytes], shape: Shape, ending: Ending) -> Iterator[bytes]:
    """Decode a stream, members end to end; `ending` says how it ended."""
    make = DECODERS[shape]
    decoder, begun, members = make(), False, 0
    for step in steps:
        pending = step
        while True:
            if not begun and members:
                pending = pending.lstrip(b"\x00")  # gzip(1), xz(1): padding
            if not (pending or begun):
                break
            try:
                octets = decoder.decompress(pending, OUT)
            except _FAILURES as error:
                ending.truncated = _damage(shape, begun, members, error)
                return
            begun, pending = True, b""
            if octets:
                yield octets
            if decoder.eof:
                pending = decoder.unused_data
                decoder, begun, members = make(), False, members + 1
            elif decoder.needs_input:
                break
    if begun or not members:
        ending.truncated = f"the {shape} stream breaks off before its end"


def _damage(shape: Shape, begun: bool, members: int, error: Exception) -> str:
    """What a decoder's failure means."""
    if members and not begun:
        return f"something that is not {shape} follows the {shape} stream; it was not read"
    return f"the {shape} stream is damaged ({error})"


def _steps(opened: Opened, length: int, fed: list[int]) -> Iterator[bytes]:
    """Read a stream step by step, counting what was fed."""
    for place in range(0, length, STEP):
        step = opened.read(place, place + STEP)
        fed[0] += len(step)
        yield step
