"""What relate found, written into the catalogue: all of it compared, the rest written.

A thread is numbered after its first message and a person after theirs, so that new mail
leaves the rows of others as they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from posterity.pipeline.gather import Row
from posterity.relate.copies import Copy
from posterity.relate.dates import Believed
from posterity.relate.passages import Passage
from posterity.relate.people import PersonGroup
from posterity.relate.threads import Thread, Witness
from posterity.relate.witnesses import columns
from posterity.store.catalogue import Catalogue
from posterity.store.database import in_transaction

Values = tuple[object, ...]


class Relations(NamedTuple):
    """Everything relate found."""

    rows: Sequence[Row]
    times: Mapping[int, Believed]
    threads: Sequence[Thread]
    people: Sequence[PersonGroup]
    copies: Sequence[Copy]
    passages: Iterable[Passage]
    witnesses: Sequence[Witness]


def write(catalogue: Catalogue, found: Relations, state: str) -> None:
    """Bring what the catalogue says of the list up to date; `state` says what it rests on."""
    person = _person_of(found)
    copies = {copy.key for copy in found.copies}
    threads = sorted(((_number(_root(one)), one) for one in found.threads), key=_first)
    people = _numbered(found.people, found.rows, person)
    thread = {
        node.message: number
        for number, one in threads
        for node in one.nodes
        if node.message is not None
    }
    with in_transaction(catalogue.database):
        catalogue.bring_relations(
            (key, *_time(found.times[key]), person[key], thread[key], key not in copies)
            for key in sorted(person)
        )
        bring = catalogue.bring
        bring("thread", _threads(threads, found, person, copies))
        bring("node", _nodes(threads))
        bring("edge", sorted(_edges(found.threads)))
        bring("person", _people(people, found, person, copies))
        bring("spelling", sorted(_spellings(people)))
        bring("copy", sorted(_copies(found.copies)))
        bring("witness", _witnesses(found.witnesses))
        bring("quote", sorted(map(tuple, found.passages)))
        catalogue.make_indexes()
        catalogue.set_meta("related", state)


_first = itemgetter(0)


def _number(key: int) -> int:
    """A positive number for a message's key, which is below 0 where it was recovered."""
    return 2 * key if key > 0 else 1 - 2 * key


def _root(thread: Thread) -> int:
    """The first message of a thread that is held."""
    return next(node.message for node in thread.nodes if node.message is not None)


def _person_of(found: Relations) -> dict[int, int]:
    """The number of each message's person: that of the earliest kept of their messages."""
    group = {
        assigned.spelling.from_as_written: at
        for at, one in enumerate(found.people)
        for assigned in one.spellings
    }
    number: dict[int, int] = {}
    for row in found.rows:
        at, own = group[row.from_written], _number(row.id)
        number[at] = min(own, number.get(at, own))
    return {row.id: number[group[row.from_written]] for row in found.rows}


def _numbered(
    people: Sequence[PersonGroup], rows: Sequence[Row], person: Mapping[int, int]
) -> list[tuple[int, PersonGroup]]:
    """Everyone with their number, by number."""
    number = {row.from_written: person[row.id] for row in rows}
    return sorted(
        ((number[one.spellings[0].spelling.from_as_written], one) for one in people),
        key=_first,
    )


def _time(time: Believed) -> tuple[int | None, str, int, str]:
    detail = "; ".join(filter(None, (time.detail, time.suspect)))
    return time.utc, time.evidence.value, time.error, detail


def _span(found: Relations, keys: Iterable[int]) -> tuple[int | None, int | None]:
    dated = [utc for key in keys if (utc := found.times[key].utc) is not None]
    return min(dated, default=None), max(dated, default=None)


def _threads(
    threads: Iterable[tuple[int, Thread]],
    found: Relations,
    person: Mapping[int, int],
    copies: set[int],
) -> Iterator[Values]:
    """A copy counts once, with its first."""
    for number, thread in threads:
        held = [node.message for node in thread.nodes if node.message is not None]
        people = len({person[key] for key in held})
        counted = sum(key not in copies for key in held)
        yield number, held[0], len(held), counted, people, *_span(found, held)


def _nodes(threads: Iterable[tuple[int, Thread]]) -> Iterator[Values]:
    for number, thread in threads:
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


def _edges(threads: Sequence[Thread]) -> Iterator[Values]:
    for thread in threads:
        for node in thread.nodes:
            if node.message is not None and node.parent >= 0:
                parent = thread.nodes[node.parent].message
                if parent is not None:
                    yield node.message, parent


def _people(
    people: Iterable[tuple[int, PersonGroup]],
    found: Relations,
    person: Mapping[int, int],
    copies: set[int],
) -> Iterator[Values]:
    """Posts are counted without copies; someone who only sent copies has none."""
    keys: dict[int, list[int]] = defaultdict(list)
    for key, number in person.items():
        keys[number].append(key)
    posts = Counter(number for key, number in person.items() if key not in copies)
    for number, group in people:
        span = _span(found, keys[number])
        yield number, group.person, group.name, posts[number], *span


def _spellings(people: Iterable[tuple[int, PersonGroup]]) -> Iterator[Values]:
    for number, group in people:
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


def _copies(copies: Iterable[Copy]) -> Iterator[Values]:
    for copy in copies:
        yield copy.key, copy.first, copy.evidence.value


def _witnesses(witnesses: Iterable[Witness]) -> Iterator[Values]:
    """The strongest of each kind, as if the others were absent."""
    for child, said in columns(witnesses).items():
        for kind, witness in zip(said._fields, said, strict=True):
            if witness is not None:
                yield child, kind, witness.parent, witness.strength, witness.detail
