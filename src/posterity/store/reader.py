"""Reading an archive: the rows pages are made of (`rows.Reader`).

A reader opens both files read-only, so that any number of workers and servers may read
while one process writes. Small tables that every page needs (people, the months) are
read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from posterity.defects import DefectCode
from posterity.errors import LookupFailedError
from posterity.masking import SHOW, masked
from posterity.model import (
    UNKNOWN_MONTH,
    CopyEvidence,
    DateEvidence,
    Digest,
    Evidence,
    PersonEvidence,
)
from posterity.rows import (
    WITHDRAWN,
    Amendment,
    AttachmentRow,
    CopyRow,
    Correspondent,
    DefectCount,
    EvidenceCount,
    FoundIn,
    ListFacts,
    MessageRow,
    MonthCount,
    PersonRow,
    QuoteSpan,
    Sighting,
    SourceRow,
    SpellingRow,
    ThreadSummary,
    TreeNode,
)
from posterity.store.amended import amended, copy_of
from posterity.store.database import connect
from posterity.store.months import every_month
from posterity.store.octets import Accession

_MESSAGE = (
    "SELECT m.id, m.digest, m.month, m.utc, m.date_evidence, m.date_error, m.raw_date,"
    " m.subject, m.base_subject, m.author_name, m.author_address, p.slug, m.words,"
    " m.size, m.lines, (SELECT count(*) FROM attachment a WHERE a.message = m.id),"
    " CASE WHEN t.messages > 1 THEN r.digest END, m.listed"
)
_FROM = (
    " FROM message m LEFT JOIN person p ON p.id = m.person"
    " LEFT JOIN thread t ON t.id = m.thread LEFT JOIN message r ON r.id = t.root"
)
MESSAGE_ROWS = _MESSAGE + _FROM
"""Selects what `StoreReader` makes message rows of."""

TREE_NODES = (
    "SELECT n.message, n.ghost, n.parent, n.depth, n.evidence, n.strength, n.detail"
)
"""Selects what `tree_of` makes nodes of."""

_MEANING = {code.value: code.meaning for code in DefectCode}
_DATE = {one.value: one for one in DateEvidence}
_LINK = {one.value: one for one in Evidence}
_BY_TIME = " ORDER BY m.utc IS NULL, m.utc, m.digest"


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


class StoreReader:
    """`rows.Reader` over an archive's two files.

    Args:
        accession: where octets are.
        catalogue: path of catalogue.db, complete (its watermark at the accession's end).
        addresses: how addresses appear: "show", "mask" or "hide".
    """

    def __init__(
        self, accession: Accession, catalogue: Path, addresses: str = SHOW
    ) -> None:
        self._accession = accession
        self._database = connect(catalogue, writable=False)
        self._addresses = addresses

    def close(self) -> None:
        """Close both files."""
        self._database.close()
        self._accession.close()

    def hold(self) -> None:
        """From now on see only what the catalogue holds now, whoever writes to it."""
        self._database.execute("BEGIN")
        self._database.execute("SELECT 1 FROM meta").fetchone()

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._database.execute(statement, values).fetchall()

    def rows(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement of this room."""
        return iter(self._database.execute(statement))

    def _messages(self, rest: str, *values: object) -> list[MessageRow]:
        return [self._message(row) for row in self._all(MESSAGE_ROWS + rest, *values)]

    def _message(self, row: tuple[Any, ...]) -> MessageRow:
        name = row[9] or masked(row[10], self._addresses)
        return MessageRow(
            row[0],
            Digest(row[1].hex()),
            row[2],
            row[3],
            _DATE[row[4]],
            row[5],
            row[6],
            row[7],
            row[8],
            name,
            row[11] or "",
            row[12],
            row[13],
            row[14],
            row[15],
            row[16].hex() if row[16] else "",
            bool(row[17]),
            self._kinds.get(row[0], ""),
        )

    # -- one message

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

    @cached_property
    def _kinds(self) -> dict[int, str]:
        """What the keeper did, by message; empty for almost every archive."""
        return {key: what.kind for key, (what, _) in amended(self._database).items()}

    def amendment(self, key: int) -> Amendment | None:
        """What the keeper did to a message, None for nothing."""
        return amended(self._database)[key][0] if key in self._kinds else None

    def found_in(self, key: int) -> FoundIn | None:
        """The message that a recovered one was found inside, None for any other."""
        if key > 0:
            return None
        rows = self._all("SELECT host, start, how FROM recovered WHERE message = ?", key)
        return FoundIn(self.message(rows[0][0]), *rows[0][1:]) if rows else None

    def message(self, key: int) -> MessageRow:
        """One message's row.

        Raises:
            LookupFailedError: no such message.
        """
        rows = self._messages(" WHERE m.id = ?", key)
        if not rows:
            raise LookupFailedError(f"no message {key}")
        return rows[0]

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
        return self._messages(
            " WHERE m.id IN (SELECT message FROM message_id WHERE msgid = ?)" + _BY_TIME,
            message_id,
        )

    def tree(self, thread: int) -> Sequence[TreeNode]:
        """The whole thread, in reading order."""
        rows = self._all(
            f"{TREE_NODES} FROM node n WHERE n.thread = ? ORDER BY n.position", thread
        )
        held = {row.key: row for row in self._messages(" WHERE m.thread = ?", thread)}
        return tree_of(rows, held)

    def thread_sizes(self) -> Sequence[tuple[int, int]]:
        """(thread, messages) of every thread, in the order of their first message."""
        return self._all("SELECT id, messages FROM thread ORDER BY id")

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
            for message in self._messages(f" WHERE m.id IN ({marks})" + _BY_TIME, *keys)
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

    # -- lists

    def facts(self) -> ListFacts:
        """The archive in figures."""
        row = self._all(
            "SELECT count(*), min(utc), max(utc), sum(size) FROM message WHERE listed"
        )[0]
        count = self._one
        return ListFacts(
            messages=row[0],
            threads=count("SELECT count(*) FROM thread"),
            people=count("SELECT count(*) FROM person"),
            attachments=count("SELECT count(DISTINCT digest) FROM attachment"),
            octets=row[3] or 0,
            first=row[1],
            last=row[2],
            ghosts=count("SELECT count(*) FROM node WHERE message IS NULL"),
            recovered=count("SELECT count(*) FROM recovered"),
        )

    def _one(self, statement: str) -> int:
        return int(self._all(statement)[0][0] or 0)

    @cached_property
    def _months(self) -> Sequence[MonthCount]:
        found = {
            row[0]: MonthCount(*row)
            for row in self._all(
                "SELECT month, count(*), count(DISTINCT thread), count(DISTINCT person)"
                " FROM message WHERE listed GROUP BY month"
            )
        }
        dated = sorted(found.keys() - {UNKNOWN_MONTH})
        if not dated:
            return list(found.values())
        whole = [
            found.get(month, MonthCount(month, 0, 0, 0))
            for month in every_month(dated[0], dated[-1])
        ]
        unknown = found.get(UNKNOWN_MONTH)
        return [*whole, unknown] if unknown else whole

    def months(self) -> Sequence[MonthCount]:
        """Every month from the first to the last, empty ones too; "unknown" last."""
        return self._months

    def _summaries(self, rows: Sequence[tuple[Any, ...]]) -> list[ThreadSummary]:
        marks = ", ".join("?" * len(rows))
        roots = {
            row.key: row
            for row in self._messages(
                f" WHERE m.id IN ({marks})", *(row[1] for row in rows)
            )
        }
        return [ThreadSummary(row[0], roots[row[1]], *row[2:]) for row in rows]

    def month_threads(self, month: str) -> Sequence[ThreadSummary]:
        """The threads with a message in a month, by their first one in it."""
        rows = self._all(
            "SELECT t.id, t.root, t.counted, t.people, t.first, t.last, count(*)"
            " FROM message m JOIN thread t ON t.id = m.thread"
            " WHERE m.month = ? AND m.listed GROUP BY t.id"
            " ORDER BY min(m.utc) IS NULL, min(m.utc), min(m.digest)",
            month,
        )
        return [
            summary
            for start in range(0, len(rows), 500)
            for summary in self._summaries(rows[start : start + 500])
        ]

    def month_messages(self, month: str) -> Sequence[MessageRow]:
        """The listed messages of a month, by (time, hash)."""
        return self._messages(" WHERE m.month = ? AND m.listed" + _BY_TIME, month)

    def month_copies(self, month: str) -> Sequence[MessageRow]:
        """The messages of a month that are not listed, by (time, hash)."""
        rows = self._messages(" WHERE m.month = ? AND NOT m.listed" + _BY_TIME, month)
        return [row for row in rows if not row.withdrawn]

    def busiest_threads(self, most: int) -> Sequence[ThreadSummary]:
        """The threads with the most messages."""
        return self._summaries(
            self._all(
                "SELECT t.id, t.root, t.counted, t.people, t.first, t.last, 0"
                " FROM thread t JOIN message m ON m.id = t.root"
                " ORDER BY t.counted DESC, m.digest LIMIT ?",
                most,
            )
        )

    def recent(self, most: int) -> Sequence[MessageRow]:
        """The newest messages, newest first."""
        return self._messages(
            " WHERE m.listed AND m.utc IS NOT NULL ORDER BY m.utc DESC, m.digest DESC LIMIT ?",
            most,
        )

    def all_attachments(self) -> Iterator[tuple[AttachmentRow, MessageRow]]:
        """Every attachment, by type, then name, then hash."""
        rows = self._all(
            "SELECT a.message, a.part_id, a.digest, a.filename, a.media_type, a.size"
            " FROM attachment a JOIN message m ON m.id = a.message"
            " ORDER BY a.media_type, a.filename, a.digest, m.digest, a.part_id"
        )
        for key, part, digest, name, kind, size in rows:
            yield AttachmentRow(part, digest.hex(), name, kind, size), self.message(key)

    # -- people

    def people(self) -> Sequence[PersonRow]:
        """Everyone, by posts, most first."""
        rows = self._all(
            "SELECT id, slug, name, posts, first, last FROM person ORDER BY posts DESC, slug"
        )
        return [PersonRow(*row) for row in rows]

    def person(self, slug: str) -> PersonRow | None:
        """One person by slug."""
        rows = self._all(
            "SELECT id, slug, name, posts, first, last FROM person WHERE slug = ?", slug
        )
        return PersonRow(*rows[0]) if rows else None

    def spellings(self, person: int) -> Sequence[SpellingRow]:
        """The spellings joined to a person, most posts first."""
        return [
            SpellingRow(row[0], row[1], row[2], row[3], PersonEvidence(row[4]), row[5])
            for row in self._all(
                "SELECT from_written, name, address, posts, evidence, detail FROM spelling"
                " WHERE person = ? ORDER BY posts DESC, from_written",
                person,
            )
        ]

    def person_messages(self, person: int) -> Sequence[MessageRow]:
        """A person's listed messages by (time, hash)."""
        return self._messages(" WHERE m.person = ? AND m.listed" + _BY_TIME, person)

    def correspondents(self, person: int, most: int) -> Sequence[Correspondent]:
        """Whom a person answered and who answered them, most first."""
        return [
            Correspondent(PersonRow(*row[:6]), row[6], row[7])
            for row in self._all(
                "SELECT p.id, p.slug, p.name, p.posts, p.first, p.last,"
                " sum(e.out) AS answered, sum(e.back) AS answered_by FROM ("
                "  SELECT b.person AS other, 1 AS out, 0 AS back FROM edge e"
                "   JOIN message a ON a.id = e.child JOIN message b ON b.id = e.parent"
                "   WHERE a.person = ?1"
                "  UNION ALL SELECT a.person, 0, 1 FROM edge e"
                "   JOIN message a ON a.id = e.child JOIN message b ON b.id = e.parent"
                "   WHERE b.person = ?1) e"
                " JOIN person p ON p.id = e.other WHERE p.id <> ?1"
                " GROUP BY p.id ORDER BY answered + answered_by DESC, p.slug LIMIT ?2",
                person,
                most,
            )
        ]

    # -- provenance

    def sources(self) -> Sequence[SourceRow]:
        """The ledger, by name: the order of arrival is nobody's business."""
        rows = [
            SourceRow(
                new.name,
                new.member,
                new.form,
                new.digest.hex(),
                new.length,
                new.dialect,
                new.confidence,
                new.evidence,
                *balance,
            )
            for _, new, balance in self._accession.sources()
        ]
        return sorted(rows)

    def defect_counts(self) -> Sequence[DefectCount]:
        """Messages by defect, most first."""
        return [
            DefectCount(code, _MEANING.get(code, ""), number)
            for code, number in self._all(
                "SELECT code, count(DISTINCT message) AS n FROM defect GROUP BY code"
                " ORDER BY n DESC, code"
            )
        ]

    def date_evidence(self) -> Sequence[EvidenceCount]:
        """Messages by the evidence of their date, most first."""
        return self._counts("date_evidence", "message")

    def link_evidence(self) -> Sequence[EvidenceCount]:
        """Replies by the evidence of their link, most first."""
        return self._counts(
            "evidence", "node WHERE evidence IS NOT NULL AND message IS NOT NULL"
        )

    def _counts(self, column: str, table: str) -> Sequence[EvidenceCount]:
        return [
            EvidenceCount(*row)
            for row in self._all(
                f"SELECT {column}, count(*) AS n FROM {table} GROUP BY 1 ORDER BY n DESC, 1"
            )
        ]
