"""What an earlier publication of the static index left that is still right.

A segment is a function of its messages' words and of what its cards show. Both have a
fingerprint; where a published segment bears the same one, its files are taken as they
are, and none of its words is read again.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import re
import zlib
from base64 import b64decode
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from posterity.render import urls
from posterity.site.searchmake import CARDS, name_of
from posterity.store.searchread import Document, IndexReader, Shown

_PIECE = re.compile(rb'posterityPiece\("[0-9a-z]+","([A-Za-z0-9+/=]*)"\);\n')

_PLAIN = 2  # marshal's last form in which equal values are equal octets


class Kept(NamedTuple):
    """A segment that need not be made again.

    Attributes:
        segment: as search/index.js has it.
        cards: names of its blocks.
        lengths: an octet a message.
    """

    segment: dict[str, Any]
    cards: list[str]
    lengths: bytes

    @property
    def names(self) -> list[str]:
        """The names of all its files."""
        return names_of(self.segment) + self.cards


def names_of(segment: dict[str, Any]) -> list[str]:
    """The names of a segment's files but for its cards."""
    families = [name for _, names in segment["families"] for name in names]
    apart = [name for one in segment["apart"] for name in one.values()]
    return families + apart


class Published:
    """The index at a place.

    Args:
        site: the place; None where nothing is published.
        version: of the files that are of use.
    """

    def __init__(self, site: Path | None, version: int) -> None:
        self._site = site
        self._table: dict[str, Any] = {}
        self._lengths = b""
        if site is None:
            return
        table = read_table(site / urls.SEARCH_INDEX)
        if table.get("version") == version and table.get("block") == CARDS:
            self._table = table
            self._lengths = read_piece(site / urls.search_part(table["lengths"]))

    def kept(self, first: int, fingerprint: str) -> Kept | None:
        """The published segment with this place and fingerprint, if all of it is there."""
        for segment in self._table.get("segments", ()):
            if (segment["first"], segment["fingerprint"]) == (first, fingerprint):
                last = first + segment["count"]
                cards = self._table["cards"][first // CARDS : -(-last // CARDS)]
                kept = Kept(segment, cards, self._lengths[first:last])
                return kept if self._is_there(kept) else None
        return None

    def _is_there(self, kept: Kept) -> bool:
        assert self._site is not None
        whole = len(kept.lengths) == kept.segment["count"]
        return whole and parts_at(self._site).issuperset(kept.names)


def read_piece(path: Path) -> bytes:
    """What a piece holds; b"" where there is none, or it is damaged."""
    try:
        found = _PIECE.fullmatch(path.read_bytes())
        return zlib.decompress(b64decode(found[1]), -zlib.MAX_WBITS) if found else b""
    except (FileNotFoundError, ValueError, zlib.error):
        return b""


def read_table(path: Path) -> dict[str, Any]:
    """What a table says; nothing where there is none, or it is damaged."""
    try:
        table: dict[str, Any] = json.loads(read_piece(path) or b"{}")
    except ValueError:
        return {}
    return table


def drop_damaged(site: Path) -> None:
    """Delete the pieces of a place whose content is not what their name says."""
    for path in (site / urls.search_part("")).parent.glob("*.js"):
        is_table = path == site / urls.SEARCH_INDEX or path == site / urls.TREND_COUNTS
        if not is_table and name_of(read_piece(path)) != path.stem:
            path.unlink()


def parts_at(site: Path) -> set[str]:
    """The names of all pieces that stand at a place."""
    folder = (site / urls.search_part("")).parent
    try:
        with os.scandir(folder) as entries:
            return {entry.name.removesuffix(".js") for entry in entries}
    except FileNotFoundError:
        return set()


class Fingerprints:
    """Tells segments from each other.

    Args:
        reader: of the index.
        rules: what else a segment's files depend on.
        known: fingerprints that were found before, by `mark`.
    """

    def __init__(
        self, reader: IndexReader, rules: object, known: Mapping[str, str]
    ) -> None:
        self._reader = reader
        self._ends = reader.batch_ends()
        self._rules = repr((rules, reader.rules())).encode("utf-8")
        self._known = known
        self._lost: dict[int, str] = {}
        self._copies: dict[int, str] = {}

    def mark(self, shown: list[Shown]) -> str:
        """A digest of the rows of a segment, quick to make, to find its fingerprint by."""
        found = hashlib.sha256(self._rules)
        found.update(marshal.dumps(shown, _PLAIN))
        return found.hexdigest()

    def fingerprint(self, mark: str, shown: list[Shown]) -> str:
        """The fingerprint of a segment: as it is known, or made."""
        return self._known.get(mark) or self.of(self._reader.documents(shown))

    def batches_of(self, documents: Sequence[Document]) -> list[int]:
        """The batches that hold the words of some messages, by their last keys."""
        places = {bisect_left(self._ends, max(one.key, 0)) for one in documents}
        return [self._ends[at] for at in sorted(places)]

    def of(self, documents: Iterable[Document]) -> str:
        """The fingerprint of a segment of these messages, in this order."""
        self._lost = self._lost or self._reader.lost()
        self._copies = self._copies or self._reader.copies()
        found = hashlib.sha256(self._rules)
        for one in documents:
            beside = self._lost.get(one.key, ""), self._copies.get(one.key, "")
            found.update(repr((one[1:], *beside)).encode("utf-8", "replace"))
        return found.hexdigest()[:32]
