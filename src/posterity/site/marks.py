"""What pages show, as marks: a page need be made again only when its mark is another.

A mark is a digest of every value that the pages of a unit are made of: rows of messages
and of those that stand beside them in time, quote them, are quoted or are copies of
them; the tree of the thread; the names and numbers of people. A mark that covers too
much costs a page made for nothing; one that covers too little would leave a page out of
date. So whole rows are taken, not the columns that happen to be printed. No mark rests on
ids or on the order of arrival: the same mail has the same marks everywhere.

What a text names by Message-ID is not known before it is printed: who prints notes the
ids that were asked for, and `Marks.of_unit` adds what the answers would be now.

    message   =  its row
    thread    =  its nodes; for each message its mark and the marks of what stands beside it
    month     =  its messages and their threads, and the months beside it
    person    =  their row, names, messages, threads begun, and whom they answered
    whole     =  all of these, and the ledger
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

from posterity.model import UNKNOWN_MONTH
from posterity.store import Archive
from posterity.store.months import every_month
from posterity.store.whole import WholeList

SIZE: Final = 8
"""Octets of a mark: two of the same page are compared, so none meets another by chance."""

_NOTHING: Final = bytes(SIZE)


class Marks(NamedTuple):
    """The marks of a site's units.

    Attributes:
        threads: by the hash of the thread's first message.
        months: by name.
        people: by slug.
        whole: of everything.
        holders: by Message-ID, who bears it.
    """

    threads: Mapping[str, bytes]
    months: Mapping[str, bytes]
    people: Mapping[str, bytes]
    whole: bytes
    holders: Mapping[str, bytes]

    def of_unit(self, kind: str, item: str, asked: Iterable[str]) -> str:
        """The mark of a unit, in hex.

        Args:
            kind: "thread", "month", "person", or any other for a unit that shows the
                whole.
            item: the thread's hash, the month's name, the person's slug.
            asked: the Message-IDs that its pages name.
        """
        known = {"thread": self.threads, "month": self.months, "person": self.people}
        own = known[kind].get(item, _NOTHING) if kind in known else self.whole
        return _mark(
            own, *((one, self.holders.get(one, _NOTHING)) for one in sorted(asked))
        ).hex()


def read_marks(folder: Path) -> Marks:
    """The marks of an archive as it is now; a worker may read them."""
    archive = Archive.open(folder)
    accession = archive.accession()
    ledger = _mark(*sorted(repr((new, balance)) for _, new, balance in accession.sources()))
    accession.close()
    whole = WholeList(archive.catalogue_path)
    try:
        return _Reading(whole).marks(ledger)
    finally:
        whole.close()


def _mark(*values: object) -> bytes:
    text = repr(values).encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=SIZE).digest()


class _Message(NamedTuple):
    """A message, in the order of time."""

    key: int
    thread: int
    person: int
    listed: int
    month: str
    digest: bytes


class _Reading:
    """One reading of a catalogue.

    Attributes:
        own: the mark of each message's row.
        beside: of each message, what else its pages show, in an order of its own.
        quoted: of each message, what quotes it, in no order.
    """

    def __init__(self, whole: WholeList) -> None:
        self._whole = whole
        self.own: dict[int, bytes] = {}
        self.messages: list[_Message] = []
        self.beside: dict[int, list[object]] = defaultdict(list)
        self.quoted: dict[int, list[tuple[bytes, int, int]]] = defaultdict(list)
        dated = self._read_messages()
        self._stand_in_time(dated)
        self._read_relations()

    def _read_messages(self) -> int:
        """Read every message; how many stand before the first that is dated."""
        undated = 0
        for thread, person, listed, utc, digest, key, *rest in self._whole.messages():
            self.own[key] = _mark(rest)
            month = rest[1]
            self.messages.append(_Message(key, thread, person, listed, month, digest))
            undated += utc is None
        for row in self._whole.amended():
            self.own[row[0]] = _mark(self.own[row[0]], row[1:])
        return undated

    def _stand_in_time(self, first: int) -> None:
        """Put beside each dated message the listed ones before and after it."""
        dated = self.messages[first:]
        for way in (dated, dated[::-1]):
            before = _NOTHING
            for one in way:
                self.beside[one.key].append(before)
                if one.listed:
                    before = self.own[one.key]

    def _read_relations(self) -> None:
        own, beside = self.own, self.beside
        for message, first, last, origin, start in self._whole.quotes():
            beside[message].append((first, last, start, own[origin]))
            self.quoted[origin].append((own[message], first, last))
        groups: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for copy, original, how in self._whole.copies():
            groups[original].append((copy, how))
        for original, copies in groups.items():
            group = own[original], sorted((own[key], how) for key, how in copies)
            for key in (original, *(key for key, _ in copies)):
                beside[key].append(group)
        for message, host, start, how in self._whole.recovered():
            beside[message].append((own[host], start, how))

    def marks(self, ledger: bytes) -> Marks:
        """All marks."""
        digests = {one.key: one.digest.hex() for one in self.messages}
        roots: dict[int, str] = {}
        summaries: dict[int, bytes] = {}
        for thread, root, *counts in self._whole.threads():
            roots[thread] = digests[root]
            summaries[thread] = _mark(self.own[root], counts)
        threads = dict(sorted((roots[thread], mark) for thread, mark in self._threads()))
        months = self._months(summaries)
        people = dict(sorted(self._people(summaries, roots)))
        whole = _mark(threads, months, people, ledger)
        return Marks(threads, months, people, whole, self._holders())

    def _threads(self) -> Iterator[tuple[int, bytes]]:
        """The mark of each thread."""
        own, beside, quoted = self.own, self.beside, self.quoted
        now = 0
        shown: list[object] = []
        for thread, message, *rest in self._whole.nodes():
            if thread != now and shown:
                yield now, _mark(shown)
                shown = []
            now = thread
            if message is None:
                shown.append(rest)
            else:
                citing = sorted(quoted.get(message, ()))
                shown.append((rest, own[message], beside.get(message), citing))
        if shown:
            yield now, _mark(shown)

    def _months(self, summaries: Mapping[int, bytes]) -> dict[str, bytes]:
        shown: dict[str, list[object]] = defaultdict(list)
        for one in self.messages:
            shown[one.month].append(
                (self.own[one.key], one.listed, summaries.get(one.thread))
            )
        full = {one.month for one in self.messages if one.listed}
        return {
            name: _mark(shown.get(name), before, after)
            for name, before, after in _with_neighbours(full)
        }

    def _people(
        self, summaries: Mapping[int, bytes], roots: Mapping[int, str]
    ) -> Iterator[tuple[str, bytes]]:
        """(slug, mark) of each person."""
        cited: dict[int, int] = dict(self._whole.cited())
        wrote: dict[int, list[object]] = defaultdict(list)
        for one in self.messages:
            begins = roots.get(one.thread) == one.digest.hex()
            begun = summaries[one.thread] if begins else None
            wrote[one.person].append((self.own[one.key], begun, cited.get(one.key)))
        for person, *rest in self._whole.spellings():
            wrote[person].append(rest)
        rows = {row[0]: row[1:] for row in self._whole.people()}
        peers: dict[int, list[tuple[str, str, int, int]]] = defaultdict(list)
        for who, whom, often in self._whole.replies():
            if who != whom and who in rows and whom in rows:  # erased mail has no author
                peers[who].append((*rows[whom][:2], 1, often))
                peers[whom].append((*rows[who][:2], 2, often))
        for key, row in rows.items():
            yield row[0], _mark(row, wrote.get(key), sorted(peers.get(key, ())))

    def _holders(self) -> dict[str, bytes]:
        """Who bears each Message-ID, the order of ids left out of it."""
        found: dict[str, list[bytes]] = defaultdict(list)
        for msgid, message in self._whole.ids():
            found[msgid].append(self.own[message])
        return {
            msgid: marks[0] if len(marks) == 1 else _mark(sorted(marks))
            for msgid, marks in found.items()
        }


def _with_neighbours(full: set[str]) -> Iterator[tuple[str, str, str]]:
    """Every month of the list's life, with the nearest ones that have mail."""
    dated = sorted(full - {UNKNOWN_MONTH})
    names: Sequence[str] = list(every_month(dated[0], dated[-1])) if dated else []
    if UNKNOWN_MONTH in full:
        names = [*names, UNKNOWN_MONTH]
    after = dict.fromkeys(names, "")
    near = ""
    for name in reversed(names):
        after[name] = near
        near = name if name in full else near
    near = ""
    for name in names:
        yield name, near, after[name]
        near = name if name in full else near
