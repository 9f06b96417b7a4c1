"""The words of a run of messages, as one compressed piece.

Made once, when the messages are parsed, and kept in a file until the index takes it up;
the server's index and the static one are both
filled from it, so that both hold the same words. Inside: the batch's own vocabulary, and
for each message its columns as numbers of words in that vocabulary.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from posterity.fields import COLUMNS

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL: Final = 3
STREAMS: Final = tuple(name for name in COLUMNS if name != "lost")
"""The columns that a message alone decides; lost words are among the quoted ones."""
QUOTED: Final = STREAMS.index("quoted")
MOST_WORDS: Final = 60_000
"""Words of one message that are indexed: some 400 KB of text; the rest is left out."""

_LENGTH: Final = 8

Numbers = npt.NDArray[np.uint32]


def batch_name(first: int, last: int, policy: str) -> str:
    """The file of a batch that waits to be indexed: of which messages, under what policy."""
    return f"{first:012}-{last:012}.{policy}"


def write_batch(path: Path, octets: bytes) -> None:
    """Write a batch that waits, its length before it."""
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(len(octets).to_bytes(_LENGTH, "little") + octets)
    new.rename(path)


def read_batch(path: Path) -> bytes | None:
    """A batch that waits; None where there is none, or a power loss cut it short."""
    try:
        octets = path.read_bytes()
    except FileNotFoundError:
        return None
    length = int.from_bytes(octets[:_LENGTH], "little")
    return octets[_LENGTH:] if len(octets) == _LENGTH + length else None


class Spoken(NamedTuple):
    """The words of one message.

    Attributes:
        key: its id.
        streams: words of each column of STREAMS.
        quoted: (line number, words of it) of each quoted line that has words.
        excerpt: the beginning of its own text, to show under a hit.
    """

    key: int
    streams: Sequence[Sequence[str]]
    quoted: Sequence[tuple[int, int]]
    excerpt: str

    @classmethod
    def nothing(cls, key: int) -> Spoken:
        """Of a message without words: a withdrawn one."""
        return cls(key, [()] * len(STREAMS), (), "")


class TokenBatch(NamedTuple):
    """The words of a run of messages.

    Attributes:
        keys: of the messages, in order.
        vocabulary: distinct words.
        counts: words of each column, a row a message.
        tokens: places in the vocabulary, message by message, column by column.
        lines: quoted lines of each message.
        line_numbers, line_counts: of each quoted line: its number and its words.
        excerpts: of each message.
    """

    keys: Sequence[int]
    vocabulary: Sequence[str]
    counts: Numbers
    tokens: Numbers
    lines: Numbers
    line_numbers: Numbers
    line_counts: Numbers
    excerpts: Sequence[str]

    def spoken(self) -> Iterator[Spoken]:
        """The messages again, one by one."""
        for (key, streams, quoted), excerpt in zip(
            self.messages(), self.excerpts, strict=True
        ):
            yield Spoken(key, streams, quoted, excerpt)

    def streams_of(self, row: int) -> list[list[str]]:
        """The words of each stream of one message, by its row."""
        at = int(self.counts[:row].sum())
        streams = []
        for count in self.counts[row].tolist():
            streams.append([self.vocabulary[n] for n in self.tokens[at : at + count]])
            at += count
        return streams

    def messages(self) -> Iterator[tuple[int, list[list[str]], list[tuple[int, int]]]]:
        """(key, words of each stream, quoted lines) of every message."""
        word = self.vocabulary.__getitem__
        spelled = list(map(word, self.tokens.tolist()))
        pairs = list(
            zip(self.line_numbers.tolist(), self.line_counts.tolist(), strict=True)
        )
        at = line = 0
        for key, row, held in zip(
            self.keys, self.counts.tolist(), self.lines.tolist(), strict=True
        ):
            streams = []
            for count in row:
                streams.append(spelled[at : at + count])
                at += count
            yield key, streams, pairs[line : line + held]
            line += held


class _Vocabulary(dict[str, int]):
    """Numbers words as they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def pack(messages: Sequence[Spoken]) -> bytes:
    """The batch of some messages, compressed."""
    vocabulary = _Vocabulary()
    streams = [spoken.streams for spoken in messages]
    spelled = chain.from_iterable(chain.from_iterable(streams))
    lengths = list(map(len, chain.from_iterable(streams)))
    tokens = np.fromiter(map(vocabulary.__getitem__, spelled), "<u4", sum(lengths))
    head = json.dumps(
        {
            "keys": [spoken.key for spoken in messages],
            "words": " ".join(vocabulary),
            "tokens": len(tokens),
            "lines": sum(len(spoken.quoted) for spoken in messages),
            "excerpts": [spoken.excerpt for spoken in messages],
        }
    ).encode("ascii")
    quoted = [pair for spoken in messages for pair in spoken.quoted]
    arrays = (
        lengths,
        tokens,
        [len(spoken.quoted) for spoken in messages],
        [number for number, _ in quoted],
        [count for _, count in quoted],
    )
    raw = b"".join(np.array(array, "<u4").tobytes() for array in arrays)
    return zstd.compress(len(head).to_bytes(4, "little") + head + raw, LEVEL)


def unpack(octets: bytes) -> TokenBatch:
    """A batch, readable."""
    plain = zstd.decompress(octets)
    start = 4 + int.from_bytes(plain[:4], "little")
    head = json.loads(plain[4:start])
    keys = head["keys"]
    numbers = np.frombuffer(plain, "<u4", offset=start)
    sizes = (
        len(keys) * len(STREAMS),
        head["tokens"],
        len(keys),
        head["lines"],
        head["lines"],
    )
    counts, tokens, lines, line_numbers, line_counts = np.split(
        numbers, np.cumsum(sizes)[:-1]
    )
    return TokenBatch(
        keys=keys,
        vocabulary=head["words"].split(" ") if head["words"] else [],
        counts=counts.reshape(len(keys), len(STREAMS)),
        tokens=tokens,
        lines=lines,
        line_numbers=line_numbers,
        line_counts=line_counts,
        excerpts=head["excerpts"],
    )
