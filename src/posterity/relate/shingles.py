"""Cut a body into five-word shingles, each at its quote level.

    text     ──▶ octets, a number each              by a fixed table; case is folded
    words    ──▶ a 64-bit value each                letters, digits, apostrophes, octets >= 0x80
    shingles ──▶ a 64-bit value each                five words of one level on end
    keys     =   shingle ^ LEVELS[level]            "at level L this text says …"

What a message quotes at level L is what its parent says at level L - 1. So a key is a
statement, and for L >= 1 `key ^ LEVELS[L] ^ LEVELS[L - 1]` is the question whether
someone states it: the two are equal where the answer is yes, and nobody need look at
levels again.

A word's value is a polynomial in its octets mod 2**64, read off running sums, so all is
arithmetic over whole arrays; a loop over words would take ten times longer. The values
are the same in every process and on every machine, and may be kept beside a message for
as long as VERSION stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.model import Body, SegmentKind

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

VERSION = 1
"""Of the values below; raise it when they change."""

WORDS: Final = 5
"""Words in a shingle: with four, phrases meet by chance; six lose short quotes."""

OCTETS_USED: Final = 1 << 20
"""How much of a body is cut. What lies beyond is neither quoted nor found (docs: limits)."""

GROUP: Final = 1 << 16
"""Characters cut at a time: as many as the processor's own memory holds the arrays of."""

LEVELS_USED: Final = 31
"""Quotes deeper than this are read as this deep."""

FORWARDED: Final = 0x80
"""Set in a line's level where it belongs to a forwarded mail."""

_UNREAD: Final = frozenset(
    {
        SegmentKind.PGP_SIGNATURE,
        SegmentKind.PGP_ENCRYPTED,
        SegmentKind.PGP_KEY,
        SegmentKind.UUENCODE,
        SegmentKind.BINHEX,
        SegmentKind.YENC,
        SegmentKind.BASE64,
    }
)
"""What holds no words."""

_MARKS: Final = re.compile(r"(?>(?:[ \t]*+(?:[A-Za-z][A-Za-z.]{0,11}+ ?)?[>|:}])+)")
"""Quote marks, whose initials ("TC> ") would be read as words."""

_MASK: Final = (1 << 64) - 1
_BASE: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(_BASE, -1, 1 << 64)


class Shingles(NamedTuple):
    """What a body says and quotes, ready to be joined with others.

    Attributes:
        keys: an unsigned 64-bit number (little-endian) for each word: the statement
            that starts there, 0 where none does.
        counts: an unsigned 32-bit number for each line: its words.
        levels: an octet for each line: its quote level, and FORWARDED.
    """

    keys: bytes
    counts: bytes
    levels: bytes


NOTHING: Final = Shingles(b"", b"", b"")
"""The shingles of an empty body."""


class Run(NamedTuple):
    """The shingles of several bodies end to end.

    Attributes:
        keys: the statement at each word, 0 where none starts.
        counts: for each line its words.
        levels: for each line its quote level, and FORWARDED.
        words: for each body its words.
        lines: for each body its lines.
    """

    keys: U64
    counts: U32
    levels: U8
    words: I64
    lines: I64


def _splitmix(seed: int) -> int:
    """One step of SplitMix64: a number as good as random, the same everywhere."""
    value = (seed + 1) * 0x9E3779B97F4A7C15 & _MASK
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK
    return value ^ (value >> 31)


def _worth() -> tuple[U64, bytes]:
    """What each octet is worth, and a table of whether it is part of a word."""
    in_word = [c >= 0x80 or chr(c).isalnum() or chr(c) == "'" for c in range(256)]
    folded = [ord(chr(c).lower()) if c < 0x80 else c for c in range(256)]
    worth = [_splitmix(folded[c]) | 1 if in_word[c] else 0 for c in range(256)]
    return np.array(worth, np.uint64), bytes(in_word)


_WORTH, _IN_WORD = _worth()
_PLACES: Final = tuple(np.uint64(_splitmix(512 + i) | 1) for i in range(WORDS))
LEVELS: Final[U64] = np.array(
    [0, *(_splitmix(1024 + i) for i in range(LEVELS_USED))], np.uint64
)
"""What marks a key's level; that of level 0 is 0."""


@cache
def _powers(base: int, bits: int) -> U64:
    """The powers 0, 1 … 2 ** bits - 1 of an odd base, mod 2**64."""
    row = np.ones(1 << bits, np.uint64)
    done = 1
    while done < len(row):
        row[done : 2 * done] = row[:done] * np.uint64(pow(base, done, 1 << 64))
        done *= 2
    return row


def shingle(body: Body) -> Shingles:
    """Cut one body into shingles; NOTHING for a body without lines."""
    keys, counts, levels, _, _ = shingle_run([body])
    return Shingles(
        keys.astype("<u8").tobytes(), counts.astype("<u4").tobytes(), levels.tobytes()
    )


def end_to_end(bodies: Sequence[Shingles]) -> Run:
    """The shingles of several bodies as those of one run."""
    return Run(
        np.frombuffer(b"".join(body.keys for body in bodies), "<u8"),
        np.frombuffer(b"".join(body.counts for body in bodies), "<u4"),
        np.frombuffer(b"".join(body.levels for body in bodies), np.uint8),
        np.array([len(body.keys) // 8 for body in bodies], np.int64),
        np.array([len(body.levels) for body in bodies], np.int64),
    )


def joined(runs: Sequence[Run]) -> Run:
    """Several runs as one."""
    return Run(*(np.concatenate(column) for column in zip(*runs, strict=True)))


def groups(bodies: Iterable[Body]) -> Iterator[list[Body]]:
    """Bodies in groups of about GROUP characters, which `shingle_run` cuts fastest."""
    group: list[Body] = []
    length = 0
    for body in bodies:
        group.append(body)
        length += sum(map(len, body.lines))
        if length >= GROUP:
            yield group
            group, length = [], 0
    if group:
        yield group


def shingle_run(bodies: Sequence[Body]) -> Run:
    """Cut bodies into shingles, none of which spans two of them.

    Linear in the text. A body of 2 KB takes 65 microseconds alone, for small arrays
    cost their calls and not their length, and 20 in a group.

    Args:
        bodies: their segments say each line's level, and which lines hold no words.
    """
    texts, by_line = [], []
    for body in bodies:
        readable, marks = _readable(body)
        texts.append(readable)
        by_line.append(marks)
    text = b"".join(texts)
    octets = np.frombuffer(text, np.uint8)
    levels = np.frombuffer(b"".join(by_line), np.uint8)
    lines = np.array([len(row) for row in by_line], np.int64)
    # as booleans, which numpy finds the edges of ten times faster than of numbers
    in_word = np.zeros(len(octets) + 1, np.bool_)
    in_word[1:] = np.frombuffer(text.translate(_IN_WORD), np.bool_)
    edges = np.flatnonzero(in_word[1:] != in_word[:-1])
    first, after = edges[::2], edges[1::2]
    ends = np.zeros(len(levels) + 1, np.int64)
    ends[1:] = np.searchsorted(first, np.flatnonzero(octets == ord("\n")))
    counts = np.diff(ends)
    begins = ends[np.cumsum(lines) - lines]
    by_word = np.repeat(levels & np.uint8(FORWARDED - 1), counts)
    keys = _keys(_word_values(octets, first, after), by_word, begins)
    words = np.diff(np.append(begins, len(first)))
    return Run(keys, counts.astype(np.uint32), levels, words, lines)


def _readable(body: Body) -> tuple[bytes, bytes]:
    """A text without quote marks and without armour, and each line's level."""
    if not body.lines:
        return b"", b""
    lines = list(body.lines)
    levels = bytearray(len(lines))
    for kind, level, first, last, frame in body.segments:
        if kind in _UNREAD:
            lines[first - 1 : last] = [""] * (last - first + 1)
        if level:
            for at in range(first - 1, last):
                marks = _MARKS.match(lines[at])
                if marks:
                    lines[at] = lines[at][marks.end() :]
        if level or frame:
            mark = min(level, LEVELS_USED) | (FORWARDED if frame else 0)
            levels[first - 1 : last] = bytes((mark,)) * (last - first + 1)
    return _laid_out(lines), bytes(levels)


def _laid_out(lines: list[str]) -> bytes:
    """Lines as octets, each ended by LF; those beyond OCTETS_USED are empty."""
    text = "\n".join(lines).encode("utf-8", "replace")[:OCTETS_USED]
    if text.count(b"\n") != len(lines) - 1:  # cut off, or a stray LF within a line
        whole = "\n".join(line.replace("\n", " ") for line in lines)
        text = whole.encode("utf-8", "replace")[:OCTETS_USED]
        text += b"\n" * (len(lines) - 1 - text.count(b"\n"))
    return text + b"\n"


def _word_values(octets: U8, first: I64, after: I64) -> U64:
    """A value for each word, the same wherever in the text it stands."""
    bits = max(12, len(octets).bit_length())
    sums = np.empty(len(octets) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(_WORTH[octets] * _powers(_BASE, bits)[: len(octets)], out=sums[1:])
    values: U64 = (sums[after] - sums[first]) * _powers(_INVERSE, bits)[first]
    return values


def _keys(words: U64, levels: U8, begins: I64) -> U64:
    """The statement that starts at each word; 0 where fewer than five of a level follow.

    Args:
        words: their values.
        levels: each word's level.
        begins: the words at which bodies begin.
    """
    keys = np.zeros(len(words), np.uint64)
    whole = len(words) - WORDS + 1
    if whole < 1:
        return keys
    value = words[:whole] * _PLACES[0]
    for i in range(1, WORDS):
        value += words[i : i + whole] * _PLACES[i]
    value ^= value >> np.uint64(32)
    value *= np.uint64(0xD6E8FEB86659FD93)
    value ^= value >> np.uint64(32)
    turns = np.ones(len(words), np.bool_)
    turns[1:] = levels[1:] != levels[:-1]
    turns[begins[begins < len(words)]] = True
    run = np.cumsum(turns)
    keys[:whole] = np.where(
        run[:whole] == run[WORDS - 1 :], value ^ LEVELS[levels[:whole]], np.uint64(0)
    )
    return keys
