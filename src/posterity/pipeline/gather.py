"""What relate needs of the whole list, gathered from the catalogue's rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Final, NamedTuple

from posterity.model import Digest
from posterity.parse.dates import read_date
from posterity.pipeline.columns import made, turned
from posterity.relate.dates import DateRow, zone_text
from posterity.relate.people import Spelling
from posterity.relate.threads import Skeleton
from posterity.relate.witnesses import QUOTING, Ordered, in_order
from posterity.store.amended import Original, originals
from posterity.store.catalogue import Catalogue, MessageFacts
from posterity.store.findings import findings
from posterity.store.octets import Accession


class Row(NamedTuple):
    """One message, as the catalogue has it after parsing; names are its columns."""

    id: int
    digest: bytes
    header_utc: int | None
    header_offset: int | None
    header_error: int
    raw_date: str
    received: str
    from_written: str
    author_name: str
    author_address: str
    recipients: str
    base_subject: str
    is_reply: int
    attributions: str
    flags: str


class Gathered(NamedTuple):
    """The list: rows by id, ids by message, and what fields name by message."""

    rows: Sequence[Row]
    message_ids: Mapping[int, tuple[str, ...]]
    named: Mapping[str, Mapping[int, tuple[str, ...]]]


def gather(catalogue: Catalogue) -> Gathered:
    """Read what relate needs."""
    ids: dict[int, list[str]] = defaultdict(list)
    for key, msgid in catalogue.ids():
        ids[key].append(msgid)
    named: dict[str, dict[int, list[str]]] = {field: defaultdict(list) for field in "rip"}
    for key, field, msgid in catalogue.references():
        named[field][key].append(msgid)
    rows = list(map(Row._make, catalogue.rows(*Row._fields)))
    changed = originals(catalogue.database)
    if changed:
        rows = [_as_it_was(row, changed.get(row.id)) for row in rows]
        _ids_as_they_were(changed, ids, named)
    return Gathered(
        rows, _as_tuples(ids), {field: _as_tuples(some) for field, some in named.items()}
    )


def _as_tuples(some: Mapping[int, Sequence[str]]) -> dict[int, tuple[str, ...]]:
    return {key: tuple(values) for key, values in some.items()}


def _as_it_was(row: Row, original: Original | None) -> Row:
    """A message that readers get amended, as its own octets have it."""
    if original is None:
        return row
    facts = dict(zip(MessageFacts._fields, original.facts, strict=True))
    return Row(
        row.id,
        row.digest,
        *(facts[name] for name in Row._fields[2:]),
    )


def _ids_as_they_were(
    changed: Mapping[int, Original],
    ids: dict[int, list[str]],
    named: dict[str, dict[int, list[str]]],
) -> None:
    for key, original in changed.items():
        ids[key] = list(original.message_ids)
        for field, some in named.items():
            some[key] = [msgid for kind, _, msgid in original.references if kind == field]


def skeletons(gathered: Gathered) -> list[Skeleton]:
    """What threading needs of each message, at the time that its own Date says."""
    of = dict(zip(Row._fields, turned(gathered.rows, len(Row._fields)), strict=True))
    ids, named = gathered.message_ids, gathered.named
    quoting = {flags: QUOTING in flags.split() for flags in set(of["flags"])}
    keys, none = of["id"], repeat(())
    return list(
        made(
            Skeleton,
            keys,
            map(bytes.hex, of["digest"]),
            map(ids.get, keys, none),
            map(named["r"].get, keys, none),
            map(named["i"].get, keys, none),
            of["header_utc"],
            of["base_subject"],
            map(bool, of["is_reply"]),
            map(str.lower, of["author_address"]),
            of["author_name"],
            map(tuple, map(str.split, of["recipients"])),
            (tuple(text.split("\n")) if text else () for text in of["attributions"]),
            map(named["p"].get, keys, none),
            map(quoting.__getitem__, of["flags"]),
        )
    )


def dated(bones: Iterable[Skeleton], times: Mapping[int, int | None]) -> Ordered:
    """Skeletons at their published times, in the order of these."""
    return in_order(
        bone if bone.utc == times[bone.key] else bone._replace(utc=times[bone.key])
        for bone in bones
    )


Places = Mapping[int, tuple[str, int, int | None]]
"""By message: a source, its place there, and the time of its envelope."""


def date_rows(
    gathered: Gathered,
    places: Places,
    parents: Mapping[int, int],
    among: Container[int] | None = None,
) -> Iterator[DateRow]:
    """What is known of each message's time, or of some messages'."""
    for row in gathered.rows:
        if among is not None and row.id not in among:
            continue
        source, position, envelope = places.get(row.id, NOWHERE)
        yield DateRow(
            key=row.id,
            digest=Digest(row.digest.hex()),
            utc=row.header_utc,
            offset=row.header_offset,
            zone=zone_text(row.raw_date),
            error=row.header_error,
            received=tuple(map(int, row.received.split())),
            envelope=envelope,
            message_ids=gathered.message_ids.get(row.id, ()),
            source=source,
            position=position,
            parent=parents.get(row.id),
        )


NOWHERE: Final = ("", 0, None)
"""The place of a recovered message."""


def first_places(
    accession: Accession, among: Collection[int] | None = None
) -> dict[int, tuple[str, int, int | None]]:
    """(source, position, envelope time) of each message's first finding, or of some's.

    First by the name and digest of the source: the order of arrival decides nothing.
    """
    times: dict[bytes, int | None] = {}
    found: dict[int, tuple[str, int, int | None]] = {}
    for message, name, digest, position, opening in findings(accession.database, among):
        if message in found:
            continue
        if opening not in times:
            times[opening] = _envelope_time(opening)
        found[message] = (f"{name} {digest.hex()}", position, times[opening])
    return found


def _envelope_time(opening: bytes) -> int | None:
    """The time in a From_ line: what follows the sender."""
    words = opening.decode("latin-1").split(None, 2)
    if len(words) < 3 or words[0] != "From":
        return None
    return read_date(words[2]).utc


def spellings(rows: Sequence[Row], times: Mapping[int, int | None]) -> list[Spelling]:
    """Every way From is written, with how often and since when."""
    posts: dict[str, int] = defaultdict(int)
    first: dict[str, int] = {}
    who: dict[str, Row] = {}
    for row in rows:
        posts[row.from_written] += 1
        who.setdefault(row.from_written, row)
        utc = times[row.id]
        if utc is not None:
            first[row.from_written] = min(utc, first.get(row.from_written, utc))
    return [
        Spelling(text, who[text].author_name, who[text].author_address, n, first.get(text))
        for text, n in posts.items()
    ]
