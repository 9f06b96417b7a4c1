"""Reading an archive: the rows pages are made of (`rows.Reader`).

A reader opens both files read-only, so that any number of workers and servers may read
while one process writes. Small tables that every page needs (people, the months) are
read once. What lists ask is in `lists`, what the statistics ask in `figures`; here is
what is asked of one message or one thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from posterity.errors import LookupFailedError
from posterity.gist import Gist, unpacked
from posterity.model import CopyEvidence, Evidence
from posterity.rows import (
    WITHDRAWN,
    Amendment,
    AttachmentRow,
    CopyRow,
    FoundIn,
    MessageRow,
    QuotedIn,
    QuoteSpan,
    Sighting,
    TreeNode,
)
from posterity.store.amended import amended, copy_of
from posterity.store.citing import quoted_rows, quoting
from posterity.store.figures import FigureQuestions
from posterity.store.messagerows import BY_TIME

TREE_NODES = (
    "SELECT n.message, n.ghost, n.parent, n.depth, n.evidence, n.strength, n.detail"
)
"""Selects what `tree_of` makes nodes of."""

_LINK = {one.value: one for one in Evidence}


def tree_of(
    nodes: Iterable[tuple[Any, ...]], held: Mapping[int, MessageRow]
) -> list[TreeNode]:
    """The nodes of one thread; held has the row of each message in it."""
    return [
        TreeNode(
            held[row[0]] if row[0] is not None else None,
            row[1],
            row[2],
            row[3],
            _LINK[row[4]] if row[4] else None,
            row[5],
            row[6],
        )
        for row in nodes
    ]


class StoreReader(FigureQuestions):
    """`rows.Reader` over an archive's two files."""

    def octets(self, key: int) -> bytes:
        """The message in canonical form, as amended: b"" for a withdrawn one.

        A recovered one is cut out of its host.
        """
        kind = self._kinds.get(key)
        if kind in WITHDRAWN:
            return b""
        if kind and (frame := copy_of(self._database, key)):
            return self._accession.codec.decompress(frame)
        if key > 0:
            return self._accession.octets(key)
        rows = self._all('SELECT host, start, "end" FROM recovered WHERE message = ?', key)
        if not rows:
            raise LookupFailedError(f"no message {key}")
        host, start, end = rows[0]
        return self._accession.octets(host)[start:end]

    def gist(self, key: int) -> Gist | None:
        """What is kept of a message that was read; None for one that must be parsed."""
        if not self._has_gists:
            return None
        rows = self._all("SELECT value FROM gist WHERE message = ?", key)
        return unpacked(rows[0][0]) if rows else None

    @cached_property
    def _has_gists(self) -> bool:
        """Whether this catalogue has any: one that waits to be made anew may be older."""
        return bool(self._one("SELECT count(*) FROM sqlite_master WHERE name = 'gist'"))

    def amendment(self, key: int) -> Amendment | None:
        """What the keeper did to a message, None for nothing."""
        return amended(self._database)[key][0] if key in self._kinds else None

    def found_in(self, key: int) -> FoundIn | None:
        """The message that a recovered one was found inside, None for any other."""
        if key > 0:
            return None
        rows = self._all("SELECT host, start, how FROM recovered WHERE message = ?", key)
        return FoundIn(self.message(rows[0][0]), *rows[0][1:]) if rows else None

    def keys_by_digest(self) -> dict[str, int]:
        """Every message's id by its hash, the recovered ones too."""
        return {
            digest.hex(): key for key, digest in self._all("SELECT id, digest FROM message")
        }

    def all_spellings(self) -> Sequence[tuple[str, str]]:
        """(From as written, slug of the person) of every spelling, by spelling."""
        return self._all(
            "SELECT s.from_written, p.slug FROM spelling s JOIN person p ON p.id = s.person"
            " ORDER BY s.from_written"
        )

    def holders(self, message_id: str) -> Sequence[MessageRow]:
        """The messages that bear a Message-ID, earliest first."""
        if not self._all("SELECT 1 FROM message_id WHERE msgid = ? LIMIT 1", message_id):
            return []  # as of most that a text names; a tenth of the price of the next
        return self._messages(
            " WHERE m.id IN (SELECT message FROM message_id WHERE msgid = ?)" + BY_TIME,
            message_id,
        )

    def tree(self, thread: int) -> Sequence[TreeNode]:
        """The whole thread, in reading order."""
        rows = self._all(
            f"{TREE_NODES} FROM node n WHERE n.thread = ? ORDER BY n.position", thread
        )
        held = {row.key: row for row in self._messages(" WHERE m.thread = ?", thread)}
        return tree_of(rows, held)

    def thread_sizes(self) -> Sequence[tuple[int, str, int]]:
        """(thread, hash of its root, messages) of every thread, by the root's time."""
        return self._all(
            "SELECT t.id, lower(hex(m.digest)), t.messages FROM thread t"
            " JOIN message m ON m.id = t.root ORDER BY t.id"
        )

    def thread_of(self, key: int) -> int:
        """The thread's catalogue id that a message stands in."""
        return int(self._all("SELECT thread FROM message WHERE id = ?", key)[0][0])

    def in_time(self, key: int) -> tuple[MessageRow | None, MessageRow | None]:
        """The messages published just before and just after; None for undated ones."""
        utc, digest = self._all("SELECT utc, digest FROM message WHERE id = ?", key)[0]
        if utc is None:
            return None, None
        older = self._messages(
            " WHERE (m.utc, m.digest) < (?, ?) AND m.listed"
            " ORDER BY m.utc DESC, m.digest DESC LIMIT 1",
            utc,
            digest,
        )
        newer = self._messages(
            " WHERE (m.utc, m.digest) > (?, ?) AND m.listed ORDER BY m.utc, m.digest LIMIT 1",
            utc,
            digest,
        )
        return (older[0] if older else None), (newer[0] if newer else None)

    def attachments(self, key: int) -> Sequence[AttachmentRow]:
        """The files that came with a message."""
        return [
            AttachmentRow(part, digest.hex(), name, kind, size)
            for part, digest, name, kind, size in self._all(
                "SELECT part_id, digest, filename, media_type, size FROM attachment"
                " WHERE message = ? ORDER BY part_id",
                key,
            )
        ]

    def copies(self, key: int) -> Sequence[CopyRow]:
        """The other copies of the same letter, the first one first."""
        row = self._all("SELECT first FROM copy WHERE message = ?", key)
        first = row[0][0] if row else key
        others = self._all("SELECT message, how FROM copy WHERE first = ?", first)
        how = dict(others)
        keys = [first, *how]
        if len(keys) == 1:
            return []
        marks = ", ".join("?" * len(keys))
        return [
            CopyRow(message, CopyEvidence(how.get(message.key) or how[key]))
            for message in self._messages(f" WHERE m.id IN ({marks})" + BY_TIME, *keys)
            if message.key != key and not message.withdrawn
        ]

    def quotes(self, key: int) -> Sequence[QuoteSpan]:
        """The passages of a message that quote others, by first line."""
        rows = self._all(
            "SELECT first, last, origin, origin_first FROM quote WHERE message = ?"
            " ORDER BY first",
            key,
        )
        return [
            QuoteSpan(first, last, self.message(origin), start)
            for first, last, origin, start in rows
        ]

    def quoted_in(self, key: int) -> Sequence[QuotedIn]:
        """The listed messages that quote a message, by (time, hash)."""
        found = quoting(self._database, [key]).get(key, ())
        return quoted_rows(found, {one: self.message(one) for one, _ in found})

    def sightings(self, key: int) -> Sequence[Sighting]:
        """Every place the message was found in."""
        rows = self._accession.database.execute(
            "SELECT s.name, o.member, o.offset, o.length, o.kind FROM occurrence o"
            " JOIN source s ON s.id = o.source WHERE o.message = ?"
            " ORDER BY s.name, s.member, s.digest, o.sequence",
            (key,),
        )
        return [Sighting(*row) for row in rows]

    def defects(self, key: int) -> Sequence[tuple[str, str, str]]:
        """(code, where, detail) of each defect of a message."""
        return self._all(
            "SELECT code, place, detail FROM defect WHERE message = ? ORDER BY sequence",
            key,
        )
