"""The material of the static index, spooled for the workers that make its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise
from json.encoder import encode_basestring_ascii
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from posterity.fields import FIELDS, WEIGHTS
from posterity.pipeline.collector import no_search_for_cycles
from posterity.render import urls
from posterity.render.html import visible
from posterity.site.postings import MOST_DOCS, SHARD, Ints, Octets
from posterity.site.searchkept import Fingerprints, Kept, Published
from posterity.site.searchmake import (
    APART_FILE,
    CARDS,
    CARDS_FILE,
    KEYS_FILE,
    TERMS_FILE,
    WORDS_FILE,
    Unit,
)
from posterity.site.searchwords import (
    FAMILIES,
    STATIC_COLUMNS,
    Collector,
    Lexicon,
    cuts,
    family_start,
)
from posterity.store.searchread import Document, IndexReader

VERSION: Final = 1
"""Of the files; the browser's script reads this one."""
TAIL: Final = 4_096
"""Messages of the newest segment, at most."""
KEYS_A_UNIT: Final = 1_000_000
BLOCKS_A_UNIT: Final = 64
THREAD_DIGITS: Final = 16
"""Of a thread's hash in the index: 64 bits are plenty for one archive."""
LENGTH_STEPS: Final = 7
"""Steps of a message's length for each doubling, so that it fits seven bits."""

_DAY: Final = 86_400


class Order(NamedTuple):
    """What is to be planned.

    Attributes:
        policy: how addresses appear.
        work: where files are written.
        compare: what is published now, if anything.
        known: fingerprints of segments by their marks.
    """

    catalogue: Path
    policy: str
    spool: Path
    work: Path
    compare: Path | None
    known: Mapping[str, str] = {}


class Segment(NamedTuple):
    """A run of messages that is indexed by itself.

    Attributes:
        first, last: places of its messages, the end not included.
        kept: what is published of it and still right.
        words: of all its messages.
    """

    first: int
    last: int
    fingerprint: str
    mark: str
    kept: Kept | None
    words: int = 0


class Plan(NamedTuple):
    """What is to be made.

    Attributes:
        units: for workers; each names its segment.
        table: what search/index.js says, but for the names of files.
        lengths: an octet a message.
    """

    units: list[Unit]
    segments: list[Segment]
    table: dict[str, Any]
    lengths: bytes


def plan(order: Order) -> Plan:
    """Read what is not published yet once, and spool it; a worker may do it."""
    reader = IndexReader(order.catalogue, order.policy)
    try:
        with no_search_for_cycles():
            return _Planner(reader, order).plan()
    finally:
        reader.close()


class _Planner:
    """One reading of the index."""

    def __init__(self, reader: IndexReader, order: Order) -> None:
        self._reader = reader
        self._order = order
        self._paired = reader.paired()
        rules = (VERSION, CARDS, SHARD, self._paired)
        self._fingerprints = Fingerprints(reader, rules, order.known)

    def plan(self) -> Plan:
        count, shown = self._reader.count(), self._reader.shown()
        times = [np.zeros(0, np.int64)]
        published = Published(self._order.compare, VERSION)
        units: list[Unit] = []
        segments: list[Segment] = []
        lengths: list[bytes] = []
        for number, (first, last) in enumerate(_borders(count)):
            mine = list(islice(shown, last - first))
            utc = (row[3] for row in mine if row[3] is not None)
            times.append(np.fromiter(utc, np.int64))
            mark = self._fingerprints.mark(mine)
            fingerprint = self._fingerprints.fingerprint(mark, mine)
            kept = published.kept(first, fingerprint)
            if kept:
                words = kept.segment["words"]
                lengths.append(kept.lengths)
            else:
                documents = list(self._reader.documents(mine))
                lexicon = self._collected(number, documents, units)
                words = int(lexicon.lengths.sum())
                lengths.append(_packed(documents, lexicon.lengths))
                units += self._words(number, lexicon)
            segments.append(Segment(first, last, fingerprint, mark, kept, words))
        words = sum(one.words for one in segments)
        table = self._table(count, np.concatenate(times), words)
        return Plan(units, segments, table, b"".join(lengths))

    def _collected(
        self, number: int, documents: Sequence[Document], units: list[Unit]
    ) -> Lexicon:
        """All words of a segment, read once; the cards' units on the way."""
        keys = np.array([one.key for one in documents], np.int64)
        order = np.argsort(keys)
        spool = self._order.spool
        files = spool / f"taken{number}", spool / f"{KEYS_FILE}{number}"
        collector = Collector(keys[order], order, self._paired, *files)
        excerpts: dict[int, str] = {}
        numbers = self._fingerprints.batches_of(documents)
        for batch, lost in self._reader.batches(numbers):
            collector.add(batch, lost)
            excerpts.update(zip(batch.keys, batch.excerpts, strict=True))
        collector.add_values(self._values(documents))
        units += self._cards(number, documents, excerpts)
        return collector.lexicon()

    def _values(self, documents: Sequence[Document]) -> Iterator[tuple[int, str]]:
        for one in documents:
            yield one.key, f"thread:{one.thread[:THREAD_DIGITS]}"
            if one.person:
                yield one.key, f"person:{one.person}"
        for key, message_id in self._reader.message_ids(one.key for one in documents):
            yield key, f"mid:{' '.join(message_id.split())}"

    def _cards(
        self, segment: int, documents: Sequence[Document], excerpts: dict[int, str]
    ) -> Iterator[Unit]:
        """What results show of each message, one a line; units of whole blocks."""
        step = CARDS * BLOCKS_A_UNIT
        with (self._order.spool / f"{CARDS_FILE}{segment}").open("wb") as file:
            for start in range(0, len(documents), step):
                first = file.tell()
                for one in documents[start : start + step]:
                    file.write(_card(one, excerpts.get(one.key, "")).encode("ascii"))
                yield self._unit(CARDS_FILE, segment, first, file.tell())

    def _unit(self, kind: str, segment: int, first: int, last: int) -> Unit:
        order = self._order
        return Unit(kind, order.spool, segment, first, last, order.work, order.compare)

    def _words(self, segment: int, lexicon: Lexicon) -> Iterator[Unit]:
        spool = self._order.spool
        np.save(spool / f"{TERMS_FILE}{segment}.npy", lexicon.terms)
        np.save(spool / f"{APART_FILE}{segment}.npy", lexicon.apart)
        text = "\n".join(lexicon.words)
        (spool / f"{WORDS_FILE}{segment}").write_text(text, "utf-8", newline="\n")
        border = family_start(lexicon.keys)
        for start, keys in ((0, lexicon.keys[:border]), (border, lexicon.keys[border:])):
            for first, last in pairwise(cuts(keys, KEYS_A_UNIT)):
                yield self._unit(WORDS_FILE, segment, start + first, start + last)

    def _table(self, count: int, times: Ints, words: int) -> dict[str, Any]:
        days = times // _DAY
        first = int(days[0]) if len(days) else 0  # they are sorted
        return {
            "version": VERSION,
            "messages": count,
            "undated": count - len(days),
            "first_day": first,
            "days": np.bincount(days - first).tolist(),
            "mean": words / count if count else 1.0,
            "block": CARDS,
            "page": urls.message_at("{month}", "{hash}"),
            "length_steps": LENGTH_STEPS,
            "thread_digits": THREAD_DIGITS,
            "columns": STATIC_COLUMNS,
            "weights": [*WEIGHTS, 1.0],
            "families": FAMILIES,
            "common": self._reader.common(),
            "paired": self._paired,
            "fields": [
                {
                    "name": field.name,
                    "short": field.short,
                    "kind": field.kind.value,
                    "columns": field.columns,
                    "example": field.example,
                }
                for field in FIELDS
            ],
        }


def _card(one: Document, excerpt: str) -> str:
    """A line of JSON."""
    # put together by hand, as `json.dumps` makes an encoder for every call
    told = (one.digest, one.month, one.subject, one.author, excerpt)
    digest, month, *shown = (encode_basestring_ascii(visible(text)) for text in told)
    utc = "null" if one.utc is None else one.utc
    return f"[{digest},{month},{utc},{','.join(shown)}]\n"


def _packed(documents: Sequence[Document], lengths: Ints) -> bytes:
    """An octet a message: its length by sevenths of a doubling; bit 7: it starts a thread."""
    steps = np.minimum(np.rint(np.log2(1 + lengths) * LENGTH_STEPS), 127)
    starts = np.array([one.starts for one in documents], np.uint8)
    octets: Octets = steps.astype(np.uint8) | (starts << np.uint8(7))
    return octets.tobytes()


def layout() -> tuple[int, ...]:
    """What decides the form of the files, beside what they are made of."""
    return VERSION, TAIL, MOST_DOCS, LENGTH_STEPS, THREAD_DIGITS


def _borders(count: int) -> list[tuple[int, int]]:
    """First and end of each segment."""
    cut = count - count % TAIL if count > TAIL else 0
    edges = [*range(0, cut, MOST_DOCS // CARDS * CARDS), cut, count]
    return [(first, last) for first, last in pairwise(edges) if first < last]
