from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posterity.errors import RefusedError, SourceError
from posterity.sources import ReadOptions, open_sources
from posterity.sources import unwrap as unwrapping

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from hashlib import sha256

ENVELOPE = b"From ann@example.org Mon Jan  5 10:49:28 1998\r\n"
Letter = Callable[..., bytes]
Reader = Callable[..., Any]
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda octets: gzip.compress(octets, mtime=0),
    "bz2": lambda octets: bz2.compress(octets, 1),
    "xz": lzma.compress,
    "zst": zstd.compress,
}
packed = pytest.mark.parametrize("packer", PACKERS.values(), ids=PACKERS)


def mbox(letter: Letter, count: int = 3) -> bytes:
    return b"".join(ENVELOPE + letter(n) + b"\r\n" for n in range(count))


@packed
def test_p15_compressed_streams_are_read(
    read: Reader, letter: Letter, packer: Callable[[bytes], bytes]
) -> None:
    """P15: known by magic number, not by name; digest of the unwrapped stream."""
    octets = mbox(letter)

    found = read(packer(octets), name="odd name.txt")

    assert [letter(n) for n in range(3)] == found.messages
    assert (sha256(octets).hexdigest(), len(octets), "odd name.txt", "") == (
        found.source.digest,
        found.source.length,
        found.source.name,
        found.source.truncated,
    )


@packed
def test_members_end_to_end_are_one_stream(
    read: Reader, letter: Letter, packer: Callable[[bytes], bytes]
) -> None:
    """As `cat a.gz b.gz` makes them, cut anywhere; an empty member between is nothing."""
    octets = mbox(letter)
    stream = packer(octets[:100]) + packer(b"") + packer(octets[100:])

    found = read(stream)

    assert [letter(n) for n in range(3)] == found.messages
    assert "" == found.source.truncated


@pytest.mark.parametrize("packer", [PACKERS["gz"], PACKERS["xz"]])
def test_padding_of_nul_is_passed_over(
    read: Reader, letter: Letter, packer: Callable[[bytes], bytes]
) -> None:
    """Tapes pad with NUL; gzip(1) and xz(1) ignore it."""
    found = read(packer(mbox(letter)) + b"\x00" * 512)

    assert (3, "") == (len(found.messages), found.source.truncated)


@packed
def test_what_follows_the_stream_is_said_and_not_read(
    read: Reader, letter: Letter, packer: Callable[[bytes], bytes]
) -> None:
    """Junk after the end: the mail before it is whole."""
    found = read(packer(mbox(letter)) + b"junk" * 9)

    assert 3 == len(found.messages)
    assert "follows the" in found.source.truncated


@packed
def test_a_stream_that_breaks_off_gives_what_could_be_read(
    read: Reader, packer: Callable[[bytes], bytes]
) -> None:
    """The source, and its last message, say so."""
    lines = [sha256(b"%d" % n).hexdigest().encode() + b"\r\n" for n in range(9_000)]
    octets = b"".join(
        ENVELOPE + b"Subject: %d\r\n\r\n" % n + b"".join(lines[n::7]) + b"\r\n"
        for n in range(7)
    )
    stream = packer(octets)

    found = read(stream[: len(stream) * 2 // 3])

    assert 0 < len(found.messages) < 7
    assert "breaks off before its end" in found.source.truncated
    assert found.source.truncated == found.pieces[-1].reason
    assert any("Cut short" in line for line in found.source.profile.evidence)


def test_a_damaged_stream_gives_what_could_be_read(read: Reader, letter: Letter) -> None:
    """A flipped checksum at the end: all is there, and doubted."""
    stream = bytearray(gzip.compress(mbox(letter)))
    stream[-6] ^= 1

    found = read(bytes(stream))

    assert 3 == len(found.messages)
    assert "damaged" in found.source.truncated


@pytest.mark.parametrize("stream", [b"\x1f\x8b\x08", b"\x1f\x8bnonsense", b"BZh91AY&SYxx"])
def test_nothing_readable_is_an_error_of_one_line(read: Reader, stream: bytes) -> None:
    """It names the file and the reason."""
    with pytest.raises(
        SourceError, match=r"\Alist\.mbox: the \w+ stream .*could be read\Z"
    ):
        read(stream)


def test_wrapped_again_and_again(read: Reader, letter: Letter) -> None:
    """Four wrappings are taken off, five are refused."""
    octets = mbox(letter)
    for _ in range(4):
        octets = gzip.compress(octets)

    assert 3 == len(read(octets).messages)
    with pytest.raises(RefusedError, match="wrapped more than 4 times"):
        read(gzip.compress(octets))


@pytest.mark.parametrize("name", ["gz", "xz", "zst", "bz2"])
def test_d7_a_stream_that_grows_past_measure_is_refused(tmp_path: Path, name: str) -> None:
    """D7: 100 MiB of one octet: stopped beyond 64 MiB and 400 times its size."""
    path = tmp_path / "bomb"
    path.write_bytes(PACKERS[name](b"\x00" * (100 << 20)))

    with pytest.raises(RefusedError, match=r"\Abomb: it unwraps to more than 400 times"):
        list(open_sources(path, spool=tmp_path / "spool"))


def test_d7_an_absolute_limit_holds_too(read: Reader, letter: Letter) -> None:
    """D7: the limit is named in the message."""
    with pytest.raises(RefusedError, match=r"more than 9\.313e-08 GiB"):
        read(gzip.compress(mbox(letter)), options=ReadOptions(unwrapped_limit=100))


def test_d7_one_long_line_is_streamed(read: Reader) -> None:
    """D7: a line of 20 MB in a message is a message."""
    body = b"Subject: x\r\n\r\n" + b"x" * (20 << 20) + b"\r\n"

    found = read(gzip.compress(ENVELOPE + body + b"\r\n", 1))

    assert [len(body)] == [len(octets) for octets in found.messages]


@pytest.mark.parametrize("total", [unwrapping.FREE_OCTETS, unwrapping.FREE_OCTETS + 1])
def test_the_ratio_counts_beyond_the_free_octets(total: int) -> None:
    """Small streams may be as dense as they like; at the ratio itself all is well."""
    options = ReadOptions()
    enough = -(-total // options.ratio_limit)
    unwrapping.check_growth("x", total, enough, options)
    if total > unwrapping.FREE_OCTETS:
        with pytest.raises(RefusedError):
            unwrapping.check_growth("x", total, enough - 1, options)
    else:
        unwrapping.check_growth("x", total, 1, options)


def test_standard_input_is_read_once_into_the_spool(
    tmp_path: Path, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given as "-", called stdin, compressed or not."""

    class Standard:
        buffer = io.BytesIO(gzip.compress(mbox(letter)))

    monkeypatch.setattr(sys, "stdin", Standard)

    (source,) = open_sources("-", spool=tmp_path / "spool")

    assert ("stdin", len(mbox(letter))) == (source.name, getattr(source, "length", 0))
