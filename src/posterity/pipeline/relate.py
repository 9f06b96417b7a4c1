"""Relate: threads, people, copies and published dates from the catalogue's rows.

Small rows in, links out: no mail is read here. Everything relate writes is replaced
whole, so that the result depends on the mail alone and not on the order it came in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from posterity.model import DateEvidence, Digest
from posterity.pipeline.progress import Progress
from posterity.relate.people import PersonGroup, Spelling, join_people
from posterity.relate.threads import Skeleton, Thread, build_threads
from posterity.store import Archive
from posterity.store.catalogue import Catalogue
from posterity.store.database import in_transaction


class _Row(NamedTuple):
    """What relate reads of a message."""

    key: int
    digest: bytes
    header_utc: int | None
    header_offset: int | None
    header_error: int
    raw_date: str
    received: int | None
    from_written: str
    author_name: str
    author_address: str
    base_subject: str
    is_reply: bool


class _Time(NamedTuple):
    """A published time."""

    utc: int | None
    evidence: DateEvidence
    error: int
    detail: str


def relate(archive: Archive, progress: Progress) -> None:
    """Relate the whole list anew."""
    progress.stage("relate")
    catalogue = Catalogue.open(archive.catalogue_path)
    try:
        rows = [_Row(*row) for row in catalogue.rows("id", *_Row._fields[1:])]  # type: ignore[arg-type]
        times = {row.key: _published(row) for row in rows}
        threads = _threads(catalogue, rows, times)
        groups = join_people(_spellings(rows, times), exact_only=True)
        _write(catalogue, rows, times, threads, groups)
    finally:
        catalogue.close()


def _published(row: _Row) -> _Time:
    """The Date, or else the earliest Received, or else nothing."""
    if row.header_utc is not None:
        if row.header_offset is None:
            detail = f"no zone in {row.raw_date!r}"
            return _Time(
                row.header_utc, DateEvidence.ZONE_ASSUMED, row.header_error, detail
            )
        return _Time(row.header_utc, DateEvidence.DATE, row.header_error, "")
    if row.received is not None:
        return _Time(row.received, DateEvidence.RECEIVED, 0, "the earliest Received field")
    return _Time(None, DateEvidence.UNKNOWN, 0, "")


def _threads(
    catalogue: Catalogue, rows: Sequence[_Row], times: Mapping[int, _Time]
) -> list[Thread]:
    ids: dict[int, list[str]] = defaultdict(list)
    for key, msgid in catalogue.ids():
        ids[key].append(msgid)
    named: dict[tuple[int, str], list[str]] = defaultdict(list)
    for key, field, msgid in catalogue.references():
        named[key, field].append(msgid)
    skeletons = [
        Skeleton(
            key=row.key,
            digest=Digest(row.digest.hex()),
            message_ids=tuple(ids.get(row.key, ())),
            references=tuple(named.get((row.key, "r"), ())),
            in_reply_to=tuple(named.get((row.key, "i"), ())),
            utc=times[row.key].utc,
            base_subject=row.base_subject,
            is_reply=bool(row.is_reply),
            author=row.author_address,
            name=row.author_name,
        )
        for row in rows
    ]
    return build_threads(skeletons)


def _spellings(rows: Sequence[_Row], times: Mapping[int, _Time]) -> Iterator[Spelling]:
    posts: Counter[str] = Counter(row.from_written for row in rows)
    first: dict[str, int] = {}
    who: dict[str, _Row] = {}
    for row in rows:
        who.setdefault(row.from_written, row)
        utc = times[row.key].utc
        if utc is not None:
            first[row.from_written] = min(utc, first.get(row.from_written, utc))
    for text, number in posts.items():
        row = who[text]
        yield Spelling(text, row.author_name, row.author_address, number, first.get(text))


def _write(
    catalogue: Catalogue,
    rows: Sequence[_Row],
    times: Mapping[int, _Time],
    threads: Sequence[Thread],
    groups: Sequence[PersonGroup],
) -> None:
    person_of = {
        assigned.spelling.from_as_written: number
        for number, group in enumerate(groups, 1)
        for assigned in group.spellings
    }
    by_key = {row.key: row for row in rows}
    person = {row.key: person_of[row.from_written] for row in rows}
    thread_of = {
        node.message: number
        for number, thread in enumerate(threads, 1)
        for node in thread.nodes
        if node.message is not None
    }
    with in_transaction(catalogue.database):
        catalogue.set_relations(
            (*times[key], person[key], thread_of[key], 1, key) for key in by_key
        )
        catalogue.replace("thread", _thread_rows(threads, times, person))
        catalogue.replace("node", _node_rows(threads))
        catalogue.replace("edge", _edges(threads))
        catalogue.replace("person", _person_rows(groups, rows, person, times))
        catalogue.replace("spelling", _spelling_rows(groups))
        catalogue.make_indexes()
        catalogue.set_meta("related", catalogue.watermark)


def _thread_rows(
    threads: Sequence[Thread], times: Mapping[int, _Time], person: Mapping[int, int]
) -> Iterator[tuple[object, ...]]:
    for number, thread in enumerate(threads, 1):
        held = [node.message for node in thread.nodes if node.message is not None]
        dated = [utc for key in held if (utc := times[key].utc) is not None]
        people = len({person[key] for key in held})
        first, last = min(dated, default=None), max(dated, default=None)
        yield number, held[0], len(held), people, first, last


def _node_rows(threads: Sequence[Thread]) -> Iterator[tuple[object, ...]]:
    for number, thread in enumerate(threads, 1):
        for position, node in enumerate(thread.nodes):
            yield (
                number,
                position,
                node.message,
                node.ghost,
                node.parent,
                node.depth,
                node.evidence and node.evidence.value,
                node.strength,
                node.detail,
            )


def _edges(threads: Sequence[Thread]) -> Iterator[tuple[object, ...]]:
    for thread in threads:
        for node in thread.nodes:
            if node.message is not None and node.parent >= 0:
                parent = thread.nodes[node.parent].message
                if parent is not None:
                    yield node.message, parent


def _person_rows(
    groups: Sequence[PersonGroup],
    rows: Sequence[_Row],
    person: Mapping[int, int],
    times: Mapping[int, _Time],
) -> Iterator[tuple[object, ...]]:
    posts: Counter[int] = Counter()
    dated: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        posts[person[row.key]] += 1
        utc = times[row.key].utc
        if utc is not None:
            dated[person[row.key]].append(utc)
    for number, group in enumerate(groups, 1):
        when = dated.get(number, [])
        first, last = min(when, default=None), max(when, default=None)
        yield number, group.person, group.name, posts[number], first, last


def _spelling_rows(groups: Iterable[PersonGroup]) -> Iterator[tuple[object, ...]]:
    for number, group in enumerate(groups, 1):
        for spelling, evidence, detail in group.spellings:
            yield (
                spelling.from_as_written,
                number,
                spelling.name,
                spelling.address,
                spelling.posts,
                evidence.value,
                detail,
            )
