"""What lists ask of an archive: months, threads, people, files, and the books."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from posterity.defects import DefectCode
from posterity.model import UNKNOWN_MONTH, PersonEvidence
from posterity.rows import (
    AttachmentRow,
    Correspondent,
    DefectCount,
    EvidenceCount,
    ListFacts,
    MessageRow,
    MonthCount,
    PersonRow,
    SourceRow,
    SpellingRow,
    ThreadSummary,
)
from posterity.store.messagerows import BY_TIME, MessageRows
from posterity.store.months import every_month

_MEANING = {code.value: code.meaning for code in DefectCode}


class ListQuestions(MessageRows):
    """The questions of pages that show many messages."""

    def facts(self) -> ListFacts:
        """The archive in figures."""
        return self._facts

    @cached_property
    def _facts(self) -> ListFacts:
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
        roots = self._held(row[1] for row in rows)
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
        return self._summaries(rows)

    def month_messages(self, month: str) -> Sequence[MessageRow]:
        """The listed messages of a month, by (time, hash)."""
        return self._messages(" WHERE m.month = ? AND m.listed" + BY_TIME, month)

    def month_copies(self, month: str) -> Sequence[MessageRow]:
        """The messages of a month that are not listed, by (time, hash)."""
        rows = self._messages(" WHERE m.month = ? AND NOT m.listed" + BY_TIME, month)
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
        held = self._held(row[0] for row in rows)
        for key, part, digest, name, kind, size in rows:
            yield AttachmentRow(part, digest.hex(), name, kind, size), held[key]

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
        return self._messages(" WHERE m.person = ? AND m.listed" + BY_TIME, person)

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
