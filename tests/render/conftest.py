"""An archive of a handful of letters, held in memory: `rows.Reader` without a store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import pytest

from posterity.config import Settings
from posterity.figures import Cited, Figures
from posterity.gist import Gist, packed, unpacked
from posterity.masking import SHOW, masked
from posterity.model import (
    DateEvidence,
    Digest,
    Evidence,
    Mailbox,
    Message,
    PersonEvidence,
)
from posterity.parse import parse_message
from posterity.parse.attachments import attachments
from posterity.parse.body import first_words, read_body
from posterity.parse.gists import gist_of
from posterity.render.pages import File, Renderer
from posterity.render.theme import Theme
from posterity.rows import (
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
    QuotedIn,
    QuoteSpan,
    Sighting,
    SourceRow,
    SpellingRow,
    ThreadSummary,
    TreeNode,
)


class Letter(NamedTuple):
    """A message to hold, and what relate is to have said of it.

    Attributes:
        parent: index of the letter it answers; None for a root.
        ghost: the absent Message-ID a root hangs under, "" for none.
        changes: values of its row to set otherwise.
    """

    octets: bytes
    parent: int | None = None
    evidence: Evidence = Evidence.IN_REPLY_TO
    detail: str = ""
    ghost: str = ""
    changes: Mapping[str, Any] = {}


def letter(
    body: str = "Good morning.\n",
    subject: str = "Lamp oil",
    sender: str = "Anna Weiss <anna@example.org>",
    day: int = 1,
    number: int = 1,
    **fields: str,
) -> bytes:
    """A plain message of 1994-03 with CRLF line ends."""
    head = {
        "From": sender,
        "To": "keepers@example.org",
        "Subject": subject,
        "Date": f"{day:02} Mar 1994 10:00:00 +0000",
        "Message-ID": f"<{number}.lamp@example.org>",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    text = "\n".join([*lines, "", body])
    return text.replace("\n", "\r\n").encode("utf-8", "surrogatepass")


class FakeReader:
    """`rows.Reader` over letters; keys are their indices and threads their roots'."""

    def __init__(self, letters: Sequence[Letter], addresses: str = SHOW) -> None:
        self._letters = letters
        self._addresses = addresses
        self.spans: dict[int, list[QuoteSpan]] = defaultdict(list)
        self.copied: dict[int, list[CopyRow]] = defaultdict(list)
        self.odd: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
        self.hosts: dict[int, FoundIn] = {}
        self.amendments: dict[int, Amendment] = {}
        self.read = Counter[int]()
        self._roots = [self._root(key) for key in range(len(letters))]
        self._nodes = {root: self._tree(root) for root in dict.fromkeys(self._roots)}
        sizes = Counter(self._roots)
        self._messages = [parse_message(one.octets) for one in letters]
        self.rows = [self._row(key, sizes) for key in range(len(letters))]

    def _root(self, key: int) -> int:
        parent = self._letters[key].parent
        while parent is not None:
            key, parent = parent, self._letters[parent].parent
        return key

    def _tree(self, root: int) -> list[tuple[int, int, int]]:
        """(key, parent's place, depth) in reading order; key -1 for a ghost."""
        children = defaultdict(list)
        for key, one in enumerate(self._letters):
            if one.parent is not None:
                children[one.parent].append(key)
        ghost = bool(self._letters[root].ghost)
        nodes = [(-1, -1, 0)] if ghost else []
        stack = [(root, 0 if ghost else -1, 1 if ghost else 0)]
        while stack:
            key, above, depth = stack.pop()
            place = len(nodes)
            nodes.append((key, above, depth))
            stack += [(child, place, depth + 1) for child in reversed(children[key])]
        return nodes

    def _row(self, key: int, sizes: Counter[int]) -> MessageRow:
        one, message = self._letters[key], self._messages[key]
        body = read_body(one.octets, message)
        boxes = [box for box in message.from_ if isinstance(box, Mailbox)]
        box = boxes[0] if boxes else Mailbox("", "", "", "")
        at = (
            None
            if message.sent.utc is None
            else datetime.fromtimestamp(message.sent.utc, UTC)
        )
        root = self._roots[key]
        row = MessageRow(
            key=key,
            digest=Digest(sha256(one.octets + b"\r\n").hexdigest()),
            month=f"{at:%Y/%m}" if at else "unknown",
            utc=message.sent.utc,
            date_evidence=DateEvidence.DATE if at else DateEvidence.UNKNOWN,
            date_error=0,
            raw_date=_first(one.octets, message, "date"),
            subject=message.subject,
            base_subject=message.base_subject,
            author=box.display_name or masked(box.address, self._addresses),
            person=_slug(box),
            words=first_words(body),
            size=len(one.octets),
            lines=len(body.lines),
            attachments=len(attachments(one.octets, message)),
            thread=""
            if sizes[root] == 1
            else sha256(self._letters[root].octets + b"\r\n").hexdigest(),
            listed=True,
        )
        return row._replace(**one.changes)

    # -- one message

    def octets(self, key: int) -> bytes:
        self.read[key] += 1
        return self._letters[key].octets

    def gist(self, key: int) -> Gist | None:
        octets, message = self._letters[key].octets, self._messages[key]
        found = gist_of(octets, message, read_body(octets, message))
        return unpacked(packed(found)) if found else None

    def message(self, key: int) -> MessageRow:
        return self.rows[key]

    def holders(self, message_id: str) -> Sequence[MessageRow]:
        return [
            row
            for row, message in zip(self.rows, self._messages, strict=True)
            if message_id in message.message_ids
        ]

    def tree(self, thread: int) -> Sequence[TreeNode]:
        nodes = []
        for key, above, depth in self._nodes[thread]:
            if key < 0:
                ghost = self._letters[thread].ghost
                nodes.append(TreeNode(None, ghost, -1, 0, None, 0.0, ""))
                continue
            one = self._letters[key]
            evidence = one.evidence if above >= 0 else None
            nodes.append(
                TreeNode(self.rows[key], "", above, depth, evidence, 1.0, one.detail)
            )
        return nodes

    def thread_of(self, key: int) -> int:
        return self._roots[key]

    def _by_time(self, rows: Iterable[MessageRow]) -> list[MessageRow]:
        return sorted(rows, key=lambda row: (row.utc is None, row.utc or 0, row.digest))

    def in_time(self, key: int) -> tuple[MessageRow | None, MessageRow | None]:
        if self.rows[key].utc is None:
            return None, None
        dated = self._by_time(
            row for row in self.rows if row.utc is not None and row.listed
        )
        at = next((n for n, row in enumerate(dated) if row.key == key), None)
        if at is None:
            return None, None
        return (dated[at - 1] if at else None), (
            dated[at + 1] if at + 1 < len(dated) else None
        )

    def attachments(self, key: int) -> Sequence[AttachmentRow]:
        return [
            AttachmentRow(
                file.part_id,
                sha256(file.content).hexdigest(),
                file.filename,
                file.media_type,
                len(file.content),
            )
            for file in attachments(self._letters[key].octets, self._messages[key])
        ]

    def copies(self, key: int) -> Sequence[CopyRow]:
        return self.copied[key]

    def quotes(self, key: int) -> Sequence[QuoteSpan]:
        return self.spans[key]

    def quoted_in(self, key: int) -> Sequence[QuotedIn]:
        lines = {
            other: sum(one.last - one.first + 1 for one in spans if one.origin.key == key)
            for other, spans in self.spans.items()
        }
        found = {other: count for other, count in lines.items() if count}
        rows = self._by_time(row for row in self.rows if row.key in found and row.listed)
        return [QuotedIn(row, found[row.key]) for row in rows]

    def sightings(self, key: int) -> Sequence[Sighting]:
        if key in self.hosts:
            return []
        return [Sighting("keepers.mbox", "", 1000 * key, 900, "message")]

    def found_in(self, key: int) -> FoundIn | None:
        return self.hosts.get(key)

    def amendment(self, key: int) -> Amendment | None:
        return self.amendments.get(key)

    def defects(self, key: int) -> Sequence[tuple[str, str, str]]:
        return self.odd[key]

    # -- lists

    def facts(self) -> ListFacts:
        times = [row.utc for row in self.rows if row.utc is not None]
        return ListFacts(
            messages=len(self.rows),
            threads=len(self._nodes),
            people=len(self.people()),
            attachments=sum(row.attachments for row in self.rows),
            octets=sum(row.size for row in self.rows),
            first=min(times, default=None),
            last=max(times, default=None),
            ghosts=sum(1 for one in self._letters if one.ghost),
        )

    def months(self) -> Sequence[MonthCount]:
        held = Counter(row.month for row in self.rows if row.listed)
        dated = sorted(held.keys() - {"unknown"})
        names = []
        if dated:
            first, last = (
                12 * int(name[:4]) + int(name[5:]) - 1 for name in (dated[0], dated[-1])
            )
            names = [f"{n // 12:04}/{n % 12 + 1:02}" for n in range(first, last + 1)]
        names += ["unknown"] * ("unknown" in held)
        return [
            MonthCount(
                name,
                held[name],
                len({self._roots[row.key] for row in self.month_messages(name)}),
                len({row.person for row in self.month_messages(name)}),
            )
            for name in names
        ]

    def _summary(self, root: int, month: str) -> ThreadSummary:
        rows = [self.rows[key] for key, _, _ in self._nodes[root] if key >= 0]
        times = [row.utc for row in rows if row.utc is not None]
        return ThreadSummary(
            root,
            self.rows[root],
            len(rows),
            len({row.person for row in rows}),
            min(times, default=None),
            max(times, default=None),
            sum(1 for row in rows if row.month == month),
        )

    def month_threads(self, month: str) -> Sequence[ThreadSummary]:
        roots = dict.fromkeys(self._roots[row.key] for row in self.month_messages(month))
        return [self._summary(root, month) for root in roots]

    def month_messages(self, month: str) -> Sequence[MessageRow]:
        return self._by_time(row for row in self.rows if row.month == month and row.listed)

    def month_copies(self, month: str) -> Sequence[MessageRow]:
        return self._by_time(
            row for row in self.rows if row.month == month and not row.listed
        )

    def busiest_threads(self, most: int) -> Sequence[ThreadSummary]:
        found = [self._summary(root, "") for root in self._nodes]
        return sorted(found, key=lambda one: (-one.messages, one.root.digest))[:most]

    def people(self) -> Sequence[PersonRow]:
        rows = defaultdict(list)
        for row in self.rows:
            if row.person and row.listed:
                rows[row.person].append(row)
        people = []
        for key, slug in enumerate(sorted(rows)):
            times = [row.utc for row in rows[slug] if row.utc is not None]
            people.append(
                PersonRow(
                    key,
                    slug,
                    rows[slug][0].author,
                    len(rows[slug]),
                    min(times, default=None),
                    max(times, default=None),
                )
            )
        return sorted(people, key=lambda one: (-one.posts, one.slug))

    def person(self, slug: str) -> PersonRow | None:
        return next((one for one in self.people() if one.slug == slug), None)

    def _slug_of(self, person: int) -> str:
        return next(one.slug for one in self.people() if one.key == person)

    def spellings(self, person: int) -> Sequence[SpellingRow]:
        slug = self._slug_of(person)
        found: dict[str, SpellingRow] = {}
        for row, message in zip(self.rows, self._messages, strict=True):
            box = message.from_[0] if message.from_ else None
            if row.person == slug and isinstance(box, Mailbox):
                evidence = PersonEvidence.ADDRESS if found else PersonEvidence.FIRST
                old = found.get(box.raw)
                found[box.raw] = SpellingRow(
                    box.raw,
                    box.display_name,
                    box.address,
                    old.posts + 1 if old else 1,
                    old.evidence if old else evidence,
                    "",
                )
        return sorted(found.values(), key=lambda one: (-one.posts, one.from_as_written))

    def person_messages(self, person: int) -> Sequence[MessageRow]:
        slug = self._slug_of(person)
        return self._by_time(row for row in self.rows if row.person == slug and row.listed)

    def correspondents(self, person: int, most: int) -> Sequence[Correspondent]:
        slug = self._slug_of(person)
        answered, by = Counter[str](), Counter[str]()
        for key, one in enumerate(self._letters):
            if one.parent is None:
                continue
            child, parent = self.rows[key].person, self.rows[one.parent].person
            if child == slug != parent:
                answered[parent] += 1
            if parent == slug != child:
                by[child] += 1
        found = [
            Correspondent(other, answered[other.slug], by[other.slug])
            for other in self.people()
            if answered[other.slug] + by[other.slug]
        ]
        return found[:most]

    def recent(self, most: int) -> Sequence[MessageRow]:
        dated = [
            row for row in self._by_time(self.rows) if row.utc is not None and row.listed
        ]
        return dated[::-1][:most]

    def all_attachments(self) -> Iterator[tuple[AttachmentRow, MessageRow]]:
        pairs = [(one, row) for row in self.rows for one in self.attachments(row.key)]
        pairs.sort(key=lambda pair: (pair[0].media_type, pair[0].filename, pair[0].digest))
        yield from pairs

    # -- provenance

    def sources(self) -> Sequence[SourceRow]:
        octets = sum(row.size for row in self.rows)
        count = len(self.rows)
        return [
            SourceRow(
                name="keepers.mbox",
                member="",
                form="mbox",
                digest="ab" * 32,
                length=octets + 60 * count,
                dialect="mboxo",
                confidence=1.0,
                evidence="Every line that begins From is a separator.",
                messages=count,
                message_octets=octets,
                duplicates=0,
                duplicate_octets=0,
                framing_octets=60 * count,
                quarantined=0,
                quarantined_octets=0,
                preamble_octets=0,
            )
        ]

    def defect_counts(self) -> Sequence[DefectCount]:
        return [DefectCount("no-date", "There is no Date field.", 1)]

    def date_evidence(self) -> Sequence[EvidenceCount]:
        counts = Counter(row.date_evidence.value for row in self.rows)
        return [EvidenceCount(*pair) for pair in counts.most_common()]

    def link_evidence(self) -> Sequence[EvidenceCount]:
        counts = Counter(
            one.evidence.value for one in self._letters if one.parent is not None
        )
        return [EvidenceCount(*pair) for pair in counts.most_common()]

    # -- figures

    def figures(self) -> Figures:
        waits = sorted(
            (self.rows[key].utc or 0) - (self.rows[one.parent].utc or 0)
            for key, one in enumerate(self._letters)
            if one.parent is not None
        )
        hours = [0] * 168
        for row in self.rows:
            if row.utc is not None:
                hours[(row.utc // 3600 + 72) % 168] += 1
        return Figures(
            hours=tuple(hours),
            replies=(0,) * 6 + (len(waits),) + (0,) * 5,
            median_reply=waits[len(waits) // 2] if waits else None,
            sizes=(len(self._nodes), *(0,) * 8),
            newcomers=tuple(
                (one.month, one.people) for one in self.months() if one.month != "unknown"
            )[:1],
            hosts=(("example.org", 2), ("example.net", 1)) if self.rows else (),
            sites=(("reef.example", 2), ('"><script>', 1)) if self.rows else (),
            files=(("ftp://reef.example/lamp.zip", 1),) if self.rows else (),
        )

    def cited(self, most: int, person: int | None = None) -> Sequence[Cited]:
        counts: dict[int, set[int]] = defaultdict(set)
        for key, spans in self.spans.items():
            for span in spans:
                counts[span.origin.key].add(key)
        found = [Cited(self.rows[key], len(by)) for key, by in counts.items()]
        if person is not None:
            slug = self._slug_of(person)
            found = [one for one in found if one.message.person == slug]
        return sorted(found, key=lambda one: (-one.by, one.message.digest))[:most]

    def started(self, person: int) -> Sequence[ThreadSummary]:
        slug = self._slug_of(person)
        found = [self._summary(root, "") for root in self._nodes]
        return [
            one
            for one in sorted(found, key=lambda one: (one.root.utc or 0, one.root.digest))
            if one.root.person == slug and one.messages > 1
        ]

    def days(self) -> Sequence[tuple[str, int]]:
        counts = Counter(
            f"{datetime.fromtimestamp(row.utc, UTC):%m-%d}"
            for row in self.rows
            if row.utc is not None and row.listed
        )
        return sorted(counts.items())

    def day_threads(self, day: str) -> Sequence[ThreadSummary]:
        found = [self._summary(root, "") for root in self._nodes]
        return [
            one
            for one in sorted(found, key=lambda one: (one.root.utc or 0, one.root.digest))
            if one.root.utc is not None
            and f"{datetime.fromtimestamp(one.root.utc, UTC):%m-%d}" == day
        ]


def _first(octets: bytes, message: Message, name: str) -> str:
    for field in message.fields:
        if field.name.lower() == name:
            return octets[field.value : field.end].decode("utf-8", "replace").strip()
    return ""


def _slug(box: Mailbox) -> str:
    kept = "".join(c if c.isalnum() else "_" for c in box.address.lower())
    return kept.strip("_")


def site(reader: FakeReader, renderer: Renderer) -> dict[str, bytes]:
    """Every file of a site, by path."""
    months = [one.month for one in reader.months()]
    files: list[File] = []
    for thread in dict.fromkeys(reader.thread_of(row.key) for row in reader.rows):
        files += renderer.thread_files(thread)
    for month in months:
        files += renderer.month_files(month)
    for year in sorted({name.partition("/")[0] for name in months}):
        files += renderer.year_files(year)
    for person in reader.people():
        files += renderer.person_files(person)
    files += renderer.people_index_files()
    files += renderer.attachment_index_files()
    files += renderer.sitemap_files()
    files += renderer.figures_files()
    files += renderer.day_files()
    files += renderer.static_files()
    files += [
        renderer.home(),
        renderer.about(),
        renderer.stats(),
        renderer.trends(),
        renderer.days_index(),
        renderer.archive_index(),
        renderer.search(),
        renderer.feed(),
        renderer.json_feed(),
        renderer.llms(),
        renderer.find_by_id(),
        renderer.robots(),
        renderer.not_found(),
    ]
    return {file.path: file.content for file in files}


class Bench(NamedTuple):
    """A small archive and what makes its pages."""

    reader: FakeReader
    renderer: Renderer

    def files(self) -> dict[str, bytes]:
        """Every file of the site."""
        return site(self.reader, self.renderer)

    def page(self, key: int = 0) -> str:
        """One message's page."""
        return self.renderer.message_page(key).content.decode("utf-8")

    def thread(self, key: int = 0, part: int = 1) -> str:
        """A part of a thread's page."""
        page = self.renderer.thread_page(self.reader.thread_of(key), part)
        assert page is not None
        return page.content.decode("utf-8")


@pytest.fixture(scope="session")
def theme() -> Theme:
    """The theme that comes along."""
    return Theme.load()


@pytest.fixture
def bench(theme: Theme) -> Callable[..., Bench]:
    """Makes an archive of letters and settings."""

    def make(*letters: bytes | Letter, **settings: Any) -> Bench:
        held = [one if isinstance(one, Letter) else Letter(one) for one in letters]
        chosen = Settings(**{"title": "The Keepers", **settings})
        reader = FakeReader(held, chosen.addresses)
        return Bench(reader, Renderer(reader, chosen, theme))

    return make


@pytest.fixture
def write() -> Callable[..., bytes]:
    """Writes a message of a body and fields."""
    return letter


@pytest.fixture
def hold() -> type[Letter]:
    """A message with what relate said of it."""
    return Letter
