"""Reading ahead: what the pages of many threads ask, answered by a few statements.

A page asks for its message's quotes, defects and neighbours one question at a time,
which suits a server. A whole site asks a dozen questions a message, and most of their
price is in the asking. So who makes a site says which threads come next; what their
pages will ask is read at once, and the same questions are answered from memory. What
was not read ahead is asked of the archive as ever.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from posterity.gist import Gist, unpacked
from posterity.rows import CopyRow, MessageRow, PersonRow, QuotedIn, QuoteSpan, TreeNode
from posterity.store import Archive
from posterity.store.citing import quoted_rows, quoting
from posterity.store.compress import FrameError
from posterity.store.messagerows import MESSAGE_ROWS, MOST_KEYS
from posterity.store.octets import Accession
from posterity.store.reader import TREE_NODES, StoreReader, tree_of

MOST_OCTETS = 32_000_000
"""Octets of messages that are fetched ahead; what would pass it is fetched singly."""

_Row = tuple[Any, ...]
_Odd = tuple[str, str, str]


def _among(
    database: sqlite3.Connection, before: str, values: Iterable[object], after: str = ""
) -> Iterator[_Row]:
    """The rows of `before IN (values) after`, for any number of values."""
    wanted = list(values)
    for start in range(0, len(wanted), MOST_KEYS):
        some = wanted[start : start + MOST_KEYS]
        marks = ", ".join("?" * len(some))
        yield from database.execute(f"{before} IN ({marks}){after}", some)


class AheadAccession(Accession):
    """An accession that fetches messages before they are asked for, still compressed."""

    def __init__(self, database: sqlite3.Connection) -> None:
        super().__init__(database)
        self._frames: dict[int, tuple[bytes, int]] = {}

    def read_ahead(self, rows: Iterable[MessageRow]) -> None:
        """Fetch some messages; those fetched before are let go."""
        room = MOST_OCTETS
        keys = []
        for row in rows:
            room -= row.size
            if room < 0:
                break
            keys.append(row.key)
        found = _among(
            self.database, "SELECT id, octets, dictionary FROM message WHERE id", keys
        )
        self._frames = {key: (frame, dictionary) for key, frame, dictionary in found}

    def octets(self, key: int) -> bytes:
        """The canonical octets of a message; see `Accession.octets`."""
        frame = self._frames.get(key)
        if frame is not None:
            try:
                return self.codec.decompress(*frame)
            except FrameError:
                self._frames.clear()  # and let the error be told below
        return super().octets(key)


class AheadReader(StoreReader):
    """A `StoreReader` that can be told what will be asked.

    Attributes:
        asked: the Message-IDs whose holders were asked for, until somebody empties it.
    """

    _accession: AheadAccession

    def __init__(self, archive: Archive) -> None:
        accession = AheadAccession(archive.accession().database)
        super().__init__(accession, archive.catalogue_path, archive.settings.addresses)
        self._keys: frozenset[int] = frozenset()
        self._rows: dict[int, MessageRow] = {}
        self._trees: dict[int, Sequence[TreeNode]] = {}
        self._quotes: dict[int, list[QuoteSpan]] = {}
        self._quoting: Mapping[int, Sequence[tuple[int, int]]] = {}
        self._defects: dict[int, list[_Odd]] = {}
        self._holders: dict[str, set[int]] = {}
        self._gists: dict[int, str] = {}
        self._listed: dict[int, MessageRow] = {}
        self.asked: set[str] = set()

    def read_ahead(self, threads: Sequence[int]) -> None:
        """Read what the pages of some threads will ask; what was read before is let go."""
        self._keys = frozenset()
        own = self._rows_among("m.thread", threads)
        keys = sorted(own)
        self._rows = own
        self._trees = self._read_trees(threads)
        self._defects = self._read_defects(keys)
        self._holders = self._read_holders(keys)
        self._gists = self._read_gists(keys)
        spans = self._read_spans(keys)
        self._quoting = quoting(self._database, keys)
        wanted = {origin for _, _, _, origin, _ in spans}
        wanted.update(*self._holders.values())
        wanted.update(key for found in self._quoting.values() for key, _ in found)
        wanted.update(beside for key in keys for beside in self._beside(key) or ())
        self._rows = own | self._rows_among("m.id", wanted - own.keys())
        self._quotes = defaultdict(list)
        for key, first, last, origin, start in spans:
            self._quotes[key].append(QuoteSpan(first, last, self._rows[origin], start))
        self._keys = frozenset(keys)
        self._accession.read_ahead(own.values())

    # -- reading

    def _among(
        self, before: str, values: Iterable[object], after: str = ""
    ) -> Iterator[_Row]:
        return _among(self._database, before, values, after)

    def _rows_among(self, column: str, values: Iterable[int]) -> dict[int, MessageRow]:
        found = self._among(f"{MESSAGE_ROWS} WHERE {column}", values)
        return {row[0]: self._message(row) for row in found}

    def _read_trees(self, threads: Sequence[int]) -> dict[int, Sequence[TreeNode]]:
        nodes: dict[int, list[_Row]] = defaultdict(list)
        for row in self._among(
            f"{TREE_NODES}, n.thread FROM node n WHERE n.thread",
            threads,
            " ORDER BY n.thread, n.position",
        ):
            nodes[row[-1]].append(row)
        return {thread: tree_of(rows, self._rows) for thread, rows in nodes.items()}

    def _read_spans(self, keys: Sequence[int]) -> list[_Row]:
        return list(
            self._among(
                "SELECT message, first, last, origin, origin_first FROM quote"
                " WHERE message",
                keys,
                " ORDER BY message, first",
            )
        )

    def _read_defects(self, keys: Sequence[int]) -> dict[int, list[_Odd]]:
        found: dict[int, list[_Odd]] = defaultdict(list)
        for key, code, place, detail in self._among(
            "SELECT message, code, place, detail FROM defect WHERE message",
            keys,
            " ORDER BY message, sequence",
        ):
            found[key].append((code, place, detail))
        return found

    def _read_holders(self, keys: Sequence[int]) -> dict[str, set[int]]:
        """The messages that bear the ids which some messages answer."""
        found: dict[str, set[int]] = {}
        for message_id, holder in self._among(
            "SELECT r.msgid, i.message FROM reference r"
            " LEFT JOIN message_id i ON i.msgid = r.msgid"
            " WHERE r.field = 'i' AND r.message",
            keys,
        ):
            holders = found.setdefault(message_id, set())
            if holder is not None:
                holders.add(holder)
        return found

    def _read_gists(self, keys: Sequence[int]) -> dict[int, str]:
        if not self._has_gists:
            return {}
        return dict(self._among("SELECT message, value FROM gist WHERE message", keys))

    # -- small tables, read once

    @cached_property
    def _copied(self) -> frozenset[int]:
        """The messages that have copies, or are."""
        found = self._all("SELECT message, first FROM copy")
        return frozenset(key for pair in found for key in pair)

    @cached_property
    def _order(self) -> tuple[array[int], array[int], int]:
        """The listed messages in time; the place of each in it, from the least key; that."""
        found = self._all(
            "SELECT id FROM message WHERE listed AND utc IS NOT NULL ORDER BY utc, digest"
        )
        order = array("q", (row[0] for row in found))
        least = min(order, default=0)
        places = array("q", [-1]) * (max(order, default=-1) - least + 1)
        for place, key in enumerate(order):
            places[key - least] = place
        return order, places, least

    def _beside(self, key: int) -> tuple[int, ...] | None:
        """The keys before and after a message in time, 0 for none; None: look it up."""
        order, places, least = self._order
        at = places[key - least] if 0 <= key - least < len(places) else -1
        if at < 0:
            return None
        return (
            order[at - 1] if at else 0,
            order[at + 1] if at + 1 < len(order) else 0,
        )

    @cached_property
    def _people(self) -> dict[str, PersonRow]:
        return {one.slug: one for one in self.people()}

    # -- answers

    def person(self, slug: str) -> PersonRow | None:
        """One person by slug."""
        return self._people.get(slug)

    def tree(self, thread: int) -> Sequence[TreeNode]:
        """The whole thread, in reading order."""
        return self._trees.get(thread) or super().tree(thread)

    def gist(self, key: int) -> Gist | None:
        """What is kept of a message that was read; None for one that must be parsed."""
        if key not in self._keys:
            return super().gist(key)
        text = self._gists.get(key)
        return unpacked(text) if text is not None else None

    def in_time(self, key: int) -> tuple[MessageRow | None, MessageRow | None]:
        """The messages published just before and just after."""
        beside = self._beside(key) if key in self._keys else None
        if beside is None:
            return super().in_time(key)
        return self._rows.get(beside[0]), self._rows.get(beside[1])

    def quotes(self, key: int) -> Sequence[QuoteSpan]:
        """The passages of a message that quote others, by first line."""
        return self._quotes.get(key, ()) if key in self._keys else super().quotes(key)

    def quoted_in(self, key: int) -> Sequence[QuotedIn]:
        """The listed messages that quote a message, by (time, hash)."""
        if key not in self._keys:
            return super().quoted_in(key)
        found = self._quoting.get(key)
        return quoted_rows(found, self._rows) if found else ()

    def defects(self, key: int) -> Sequence[_Odd]:
        """(code, where, detail) of each defect of a message."""
        return self._defects.get(key, ()) if key in self._keys else super().defects(key)

    def copies(self, key: int) -> Sequence[CopyRow]:
        """The other copies of the same letter, the first one first."""
        return super().copies(key) if key in self._copied else []

    def holders(self, message_id: str) -> Sequence[MessageRow]:
        """The messages that bear a Message-ID, earliest first."""
        self.asked.add(message_id)
        keys = self._holders.get(message_id)
        if keys is None:
            return super().holders(message_id)
        rows = [self._rows[key] for key in keys]
        return sorted(rows, key=lambda row: (row.utc is None, row.utc or 0, row.digest))

    def month_messages(self, month: str) -> Sequence[MessageRow]:
        """The listed messages of a month, by (time, hash), their octets fetched ahead."""
        rows = super().month_messages(month)
        self._accession.read_ahead(rows)
        self._listed = {row.key: row for row in rows}
        return rows

    def person_messages(self, person: int) -> Sequence[MessageRow]:
        """A person's listed messages by (time, hash)."""
        rows = super().person_messages(person)
        self._listed = {row.key: row for row in rows}
        return rows

    def _held(self, keys: Iterable[int]) -> dict[int, MessageRow]:
        """The rows of many messages: of those listed last, as most asked for are, as read."""
        wanted = set(keys)
        listed = self._listed
        known = {key: listed[key] for key in wanted if key in listed}
        return known | super()._held(wanted - known.keys())
