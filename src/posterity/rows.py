"""What a page, an export or a command may ask of an archive: read-only rows.

`Reader` is a protocol, so that a page can be made from the store, from a server's
cache, or from a handful of values in a test. All lists are in the order pages show
them; no row depends on the order in which mail was imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from posterity.gist import Gist
from posterity.model import CopyEvidence, DateEvidence, Digest, Evidence, PersonEvidence


class MessageRow(NamedTuple):
    """What lists and trees show of a message.

    Attributes:
        key: the catalogue's id; never shown.
        month: "1996/12" or "unknown": the URL's part, from the message's own Date.
        utc: the published time; None where it is unknown.
        date_error: how far off utc may be, in seconds.
        raw_date: the Date field as written, "" where there is none.
        author: name to show; the address (masked by policy) where there is no name.
        person: slug of the person's page.
        words: the first own words, at most 100 characters.
        lines: of the body as shown.
        thread: the thread page's hash; "" for a message that is alone.
        listed: False for a copy that its group's first message stands for.
        amended: what the keeper did to it (`Amendment.kind`); "" for nothing.
    """

    key: int
    digest: Digest
    month: str
    utc: int | None
    date_evidence: DateEvidence
    date_error: int
    raw_date: str
    subject: str
    base_subject: str
    author: str
    person: str
    words: str
    size: int
    lines: int
    attachments: int
    thread: str
    listed: bool
    amended: str = ""

    @property
    def withdrawn(self) -> bool:
        """Whether nothing of it is shown but that it was here."""
        return self.amended in WITHDRAWN


WITHDRAWN = frozenset({"hidden", "erased", "joined"})
"""Kinds of amendments that leave no text to show."""


class Amendment(NamedTuple):
    """What the keeper did to a message.

    Attributes:
        kind: "hidden", "erased", "joined": no text is shown; "redacted", "mended": a
            copy of it is.
        reason: in the keeper's words.
        since: the date that was given, "" for none.
        other: of a joined one, the hash of the message it is a part of.
    """

    kind: str
    reason: str
    since: str
    other: str = ""


class TreeNode(NamedTuple):
    """One place in a thread, in reading order.

    Attributes:
        message: None for a ghost: a message that is named but not held.
        ghost: the ghost's Message-ID.
        parent: index of the parent in the same sequence, -1 for a root.
        depth: 0 for a root.
        evidence: what links it to its parent, None for a root.
        strength: of that evidence, 0 to 1.
        detail: the evidence in words: "quotes 14 lines".
    """

    message: MessageRow | None
    ghost: str
    parent: int
    depth: int
    evidence: Evidence | None
    strength: float
    detail: str


class ThreadSummary(NamedTuple):
    """A thread as a list shows it.

    Attributes:
        key: the catalogue's id of the thread.
        root: its first held message.
        messages: how many it holds (copies counted once).
        people: how many wrote in it.
        first, last: span of published times, None where no date is known.
        in_month: how many of its messages stand in the month that is listed.
    """

    key: int
    root: MessageRow
    messages: int
    people: int
    first: int | None
    last: int | None
    in_month: int


class MonthCount(NamedTuple):
    """A month of the list's life; months without mail are in the sequence too."""

    month: str  # "1996/12" or "unknown"
    messages: int
    threads: int
    people: int


class PersonRow(NamedTuple):
    """A person as a list shows them."""

    key: int
    slug: str
    name: str
    posts: int
    first: int | None
    last: int | None


class SpellingRow(NamedTuple):
    """One spelling of From that was given to a person, and why."""

    from_as_written: str
    name: str
    address: str
    posts: int
    evidence: PersonEvidence
    detail: str


class Correspondent(NamedTuple):
    """How often a person answered another, and was answered."""

    person: PersonRow
    answered: int
    answered_by: int


class AttachmentRow(NamedTuple):
    """A file that came with a message.

    Attributes:
        digest: SHA-256 of its decoded content, hex.
        filename: the sender's name for it: display text, never a path.
        media_type: judged from its content.
        size: of the decoded content, in octets.
    """

    part_id: str
    digest: str
    filename: str
    media_type: str
    size: int


class CopyRow(NamedTuple):
    """Another copy of the same letter."""

    message: MessageRow
    how: CopyEvidence


class QuoteSpan(NamedTuple):
    """Lines of a message that quote lines of another.

    Attributes:
        first, last: line numbers in the quoting body, from 1, inclusive.
        origin: the quoted message.
        origin_first: the line of its body where the quoted words begin.
    """

    first: int
    last: int
    origin: MessageRow
    origin_first: int


class QuotedIn(NamedTuple):
    """A message that quotes another.

    Attributes:
        lines: how many of its lines are quoted from it.
    """

    message: MessageRow
    lines: int


class FoundIn(NamedTuple):
    """Where a recovered message lies.

    Attributes:
        host: the message whose octets hold it.
        offset: of its first octet in the host.
        how: "envelope", "digest" or "enclosed".
    """

    host: MessageRow
    offset: int
    how: str


class Sighting(NamedTuple):
    """Where an occurrence of a message was found."""

    source: str
    member: str
    offset: int
    length: int
    kind: str  # "message" or "duplicate"


class SourceRow(NamedTuple):
    """One source and its balance, in octets: length is the sum of the five."""

    name: str
    member: str
    form: str
    digest: str
    length: int
    dialect: str
    confidence: float
    evidence: str
    messages: int
    message_octets: int
    duplicates: int
    duplicate_octets: int
    framing_octets: int
    quarantined: int
    quarantined_octets: int
    preamble_octets: int

    @property
    def balanced(self) -> bool:
        """Whether every octet is accounted for."""
        return self.length == (
            self.message_octets
            + self.duplicate_octets
            + self.framing_octets
            + self.quarantined_octets
            + self.preamble_octets
        )


class DefectCount(NamedTuple):
    """How many messages have a defect."""

    code: str
    meaning: str
    messages: int


class EvidenceCount(NamedTuple):
    """How many values rest on a kind of evidence."""

    evidence: str
    number: int


class ListFacts(NamedTuple):
    """The archive in figures, for the home, about and statistics pages."""

    messages: int
    threads: int
    people: int
    attachments: int
    octets: int
    first: int | None
    last: int | None
    ghosts: int
    recovered: int = 0


class Reader(Protocol):
    """An archive opened for reading."""

    def octets(self, key: int) -> bytes:
        """The message in canonical form, amended as the keeper ordered."""

    def gist(self, key: int) -> Gist | None:
        """What is kept of a message that was read; None for one that must be parsed."""

    def message(self, key: int) -> MessageRow:
        """One message's row."""

    def holders(self, message_id: str) -> Sequence[MessageRow]:
        """The messages that bear a Message-ID, earliest first."""

    def tree(self, thread: int) -> Sequence[TreeNode]:
        """The whole thread, in reading order."""

    def thread_of(self, key: int) -> int:
        """The thread's catalogue id that a message stands in."""

    def in_time(self, key: int) -> tuple[MessageRow | None, MessageRow | None]:
        """The messages published just before and just after."""

    def attachments(self, key: int) -> Sequence[AttachmentRow]:
        """The files that came with a message."""

    def copies(self, key: int) -> Sequence[CopyRow]:
        """The other copies of the same letter."""

    def quotes(self, key: int) -> Sequence[QuoteSpan]:
        """The passages of a message that quote others, by first line."""

    def quoted_in(self, key: int) -> Sequence[QuotedIn]:
        """The listed messages that quote a message, by (time, hash)."""

    def sightings(self, key: int) -> Sequence[Sighting]:
        """Every place the message was found in."""

    def found_in(self, key: int) -> FoundIn | None:
        """The message that a recovered one was found inside, None for any other."""

    def amendment(self, key: int) -> Amendment | None:
        """What the keeper did to a message, None for nothing."""

    def defects(self, key: int) -> Sequence[tuple[str, str, str]]:
        """(code, where, detail) of each defect of a message."""

    def facts(self) -> ListFacts:
        """The archive in figures."""

    def months(self) -> Sequence[MonthCount]:
        """Every month from the first to the last, empty ones too; "unknown" last."""

    def month_threads(self, month: str) -> Sequence[ThreadSummary]:
        """The threads with a message in a month, by their first one in it."""

    def month_messages(self, month: str) -> Sequence[MessageRow]:
        """The listed messages of a month, by (time, hash)."""

    def month_copies(self, month: str) -> Sequence[MessageRow]:
        """The messages of a month that are not listed, by (time, hash)."""

    def busiest_threads(self, most: int) -> Sequence[ThreadSummary]:
        """The threads with the most messages."""

    def people(self) -> Sequence[PersonRow]:
        """Everyone, by posts, most first."""

    def person(self, slug: str) -> PersonRow | None:
        """One person by slug."""

    def spellings(self, person: int) -> Sequence[SpellingRow]:
        """The spellings joined to a person, most posts first."""

    def person_messages(self, person: int) -> Sequence[MessageRow]:
        """A person's listed messages by (time, hash)."""

    def correspondents(self, person: int, most: int) -> Sequence[Correspondent]:
        """Whom a person answered and who answered them, most first."""

    def recent(self, most: int) -> Sequence[MessageRow]:
        """The newest messages, newest first (feeds)."""

    def all_attachments(self) -> Iterator[tuple[AttachmentRow, MessageRow]]:
        """Every attachment, by type, then name, then hash."""

    def sources(self) -> Sequence[SourceRow]:
        """The ledger."""

    def defect_counts(self) -> Sequence[DefectCount]:
        """Messages by defect, most first."""

    def date_evidence(self) -> Sequence[EvidenceCount]:
        """Messages by the evidence of their date, most first."""

    def link_evidence(self) -> Sequence[EvidenceCount]:
        """Replies by the evidence of their link, most first."""
