"""The static index's files, made from spooled material by workers."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from posterity.render import urls
from posterity.site.postings import Flags, Ints, Keys, encode
from posterity.site.publication import Writer
from posterity.site.searchwords import NO_WORD

CARDS: Final = 32
"""Messages whose cards stand in one file."""
LEVEL: Final = 3
"""Of deflate: 6 is 4 % smaller and takes twice as long."""

WORDS_FILE, KEYS_FILE, CARDS_FILE = "words", "keys", "cards"
TERMS_FILE, APART_FILE = "terms", "apart"


class Unit(NamedTuple):
    """Some of the spooled material, to be made into files by a worker.

    Attributes:
        kind: "words" or "cards".
        first, last: keys of one family; or octets of the file of cards.
        work: where files are written.
        compare: what is published now, if anything.
    """

    kind: str
    spool: Path
    segment: int
    first: int
    last: int
    work: Path
    compare: Path | None


class Made(NamedTuple):
    """What a worker made: kind, word and name of each piece."""

    names: list[tuple[str, str, str]]
    paths: list[str]
    written: int
    octets: int


class _Spelling:
    """What the terms of a segment are called."""

    def __init__(self, spool: Path, segment: int) -> None:
        text = (spool / f"{WORDS_FILE}{segment}").read_text("utf-8")
        self._words = text.split("\n")
        self._terms = np.load(spool / f"{TERMS_FILE}{segment}.npy", mmap_mode="r")
        self.apart: Flags = np.load(spool / f"{APART_FILE}{segment}.npy")

    def __call__(self, terms: Ints) -> list[str]:
        words = self._words.__getitem__
        spelled = self._terms[terms]
        pairs = int(np.count_nonzero(spelled[:, 1] != NO_WORD))  # they come first
        firsts, seconds = spelled[:, 0].tolist(), spelled[:pairs, 1].tolist()
        found = list(map(words, firsts))
        found[:pairs] = map(" {} {}".format, found[:pairs], map(words, seconds))
        return found


def _spelling(spool: Path, segment: int) -> _Spelling:
    made = (spool / f"{WORDS_FILE}{segment}").stat()
    return _spelled(spool, segment, made.st_mtime_ns)


@lru_cache(maxsize=1)
def _spelled(spool: Path, segment: int, made: int) -> _Spelling:
    del made  # tells one run's spool from another's at the same place
    return _Spelling(spool, segment)


def make(unit: Unit) -> Made:
    """Make the files of a unit; runs in a worker."""
    writer = Writer(unit.work, unit.compare)
    found = Made([], [], 0, 0)
    pieces = _word_files(unit) if unit.kind == WORDS_FILE else _card_files(unit)
    written = octets = 0
    for kind, word, name, content in pieces:
        path = urls.search_part(name)
        found.names.append((kind, word, name))
        found.paths.append(path)
        written += writer.write(path, content)
        octets += len(content)
    return found._replace(written=written, octets=octets)


class _Piece(NamedTuple):
    """A file, and where the table names it.

    Attributes:
        kind: of words "0" or "1", their family, or "0 apart"; "cards".
        word: the shard's first, or whose places they are.
    """

    kind: str
    word: str
    name: str
    content: bytes


def _word_files(unit: Unit) -> Iterator[_Piece]:
    path = unit.spool / f"{KEYS_FILE}{unit.segment}"
    keys: Keys = np.fromfile(
        path, np.uint64, count=unit.last - unit.first, offset=8 * unit.first
    )
    spell = _spelling(unit.spool, unit.segment)
    family = int(keys[0] >> np.uint64(63)) if len(keys) else 0
    for shard in encode(keys, spell.apart, spell):
        name, content = named(shard.octets)
        yield _Piece(f"{family}", shard.first, name, content)
        for word, places in shard.apart:
            name, content = named(places)
            yield _Piece(f"{family} apart", word, name, content)


def _card_files(unit: Unit) -> Iterator[_Piece]:
    with (unit.spool / f"{CARDS_FILE}{unit.segment}").open("rb") as file:
        file.seek(unit.first)
        lines = file.read(unit.last - unit.first).splitlines()
    for start in range(0, len(lines), CARDS):
        block = b"[" + b",\n".join(lines[start : start + CARDS]) + b"]"
        name, content = named(block)
        yield _Piece(CARDS_FILE, "", name, content)


def named(octets: bytes) -> tuple[str, bytes]:
    """The name of a piece, and its file."""
    name = name_of(octets)
    return name, script(name, octets)


def name_of(octets: bytes) -> str:
    """The name of a piece."""
    return hashlib.sha256(octets).hexdigest()[:12]


def script(name: str, octets: bytes) -> bytes:
    """A piece as a script: it holds nothing but base64, so no text of a mail is code."""
    deflater = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = b64encode(deflater.compress(octets) + deflater.flush())
    return b'posterityPiece("%s","%s");\n' % (name.encode("ascii"), packed)
