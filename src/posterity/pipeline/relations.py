"""What relate found, written into the catalogue: every relation replaced at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """Replace what the catalogue says of the list; `state` says what it rests on."""
    person = _person_of(found)
    copies = {copy.key for copy in found.copies}
    thread = {
        node.message: number
        for number, thread in enumerate(found.threads, 1)
        for node in thread.nodes
        if node.message is not None
    }
    with in_transaction(catalogue.database):
        catalogue.set_relations(
            (*_time(found.times[key]), person[key], thread[key], key not in copies, key)
            for key in person
        )
        catalogue.replace("thread", _threads(found, person, copies))
        catalogue.replace("node", _nodes(found.threads))
        catalogue.replace("edge", _edges(found.threads))
        catalogue.replace("person", _people(found, person, copies))
        catalogue.replace("spelling", _spellings(found.people))
        catalogue.replace("copy", _copies(found.copies))
        catalogue.replace("witness", _witnesses(found.witnesses))
        catalogue.replace("quote", (tuple(passage) for passage in found.passages))
        catalogue.make_indexes()
        catalogue.set_meta("related", state)


def _person_of(found: Relations) -> dict[int, int]:
    numbers = {
        assigned.spelling.from_as_written: number
        for number, group in enumerate(found.people, 1)
        for assigned in group.spellings
    }
    return {row.id: numbers[row.from_written] for row in found.rows}


def _time(time: Believed) -> tuple[int | None, str, int, str]:
    detail = "; ".join(filter(None, (time.detail, time.suspect)))
    return time.utc, time.evidence.value, time.error, detail


def _span(found: Relations, keys: Iterable[int]) -> tuple[int | None, int | None]:
    dated = [utc for key in keys if (utc := found.times[key].utc) is not None]
    return min(dated, default=None), max(dated, default=None)


def _threads(
    found: Relations, person: Mapping[int, int], copies: set[int]
) -> Iterator[Values]:
    """A copy counts once, with its first."""
    for number, thread in enumerate(found.threads, 1):
        held = [node.message for node in thread.nodes if node.message is not None]
        people = len({person[key] for key in held})
        counted = sum(key not in copies for key in held)
        yield number, held[0], len(held), counted, people, *_span(found, held)


def _nodes(threads: Sequence[Thread]) -> Iterator[Values]:
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


def _edges(threads: Sequence[Thread]) -> Iterator[Values]:
    for thread in threads:
        for node in thread.nodes:
            if node.message is not None and node.parent >= 0:
                parent = thread.nodes[node.parent].message
                if parent is not None:
                    yield node.message, parent


def _people(
    found: Relations, person: Mapping[int, int], copies: set[int]
) -> Iterator[Values]:
    """Posts are counted without copies; someone who only sent copies has none."""
    keys: dict[int, list[int]] = defaultdict(list)
    for key, number in person.items():
        keys[number].append(key)
    posts = Counter(number for key, number in person.items() if key not in copies)
    for number, group in enumerate(found.people, 1):
        span = _span(found, keys[number])
        yield number, group.person, group.name, posts[number], *span


def _spellings(groups: Iterable[PersonGroup]) -> Iterator[Values]:
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


def _copies(copies: Iterable[Copy]) -> Iterator[Values]:
    for copy in copies:
        yield copy.key, copy.first, copy.evidence.value


def _witnesses(witnesses: Iterable[Witness]) -> Iterator[Values]:
    """The strongest of each kind, as if the others were absent."""
    for child, said in columns(witnesses).items():
        for kind, witness in zip(said._fields, said, strict=True):
            if witness is not None:
                yield child, kind, witness.parent, witness.strength, witness.detail
