"""What relate needs of the whole list, gathered from the catalogue's rows.

All of it is in memory while a list is related. So texts that many messages have are held
once, and what only dates need is read where they are weighed: a message takes 0.6 KB, and
took 2.1 as rows, ids and skeletons (100,000 made-up messages).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, islice, repeat
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from posterity.parse.dates import read_date
from posterity.pipeline.columns import made
from posterity.relate.dates import DateRow, zone_text
from posterity.relate.spellings import Spelling
from posterity.relate.threads import Skeleton
from posterity.relate.witnesses import QUOTING, Ordered, in_order
from posterity.store.amended import Original, originals
from posterity.store.catalogue import Catalogue, MessageFacts
from posterity.store.findings import findings
from posterity.store.octets import Accession

_Value = TypeVar("_Value")

SLAB: Final = 1_000
"""Rows that are turned into columns at a time."""

_WHO: Final = (
    "id",
    "digest",
    "from_written",
    "author_name",
    "author_address",
    "recipients",
    "header_utc",
    "base_subject",
    "is_reply",
    "attributions",
    "flags",
)
_WHEN: Final = (
    "id",
    "digest",
    "header_utc",
    "header_offset",
    "raw_date",
    "header_error",
    "received",
)


class Written(NamedTuple):
    """From of a list's messages.

    Attributes:
        keys: the messages, by the catalogue's ids.
        texts: From of each, as it is written.
        authors: name and address of each such From.
    """

    keys: Sequence[int]
    texts: Sequence[str]
    authors: Mapping[str, tuple[str, str]]

    def by_key(self) -> dict[int, str]:
        """From of each message, by its key."""
        return dict(zip(self.keys, self.texts, strict=True))

    def spellings(self, times: Iterable[int | None]) -> list[Spelling]:
        """Every way From is written, with how often and since when.

        Args:
            times: of the messages, as they stand here.
        """
        posts: dict[str, int] = defaultdict(int)
        first: dict[str, int] = {}
        for text, utc in zip(self.texts, times, strict=True):
            posts[text] += 1
            if utc is not None:
                first[text] = min(utc, first.get(text, utc))
        return [
            Spelling(text, *self.authors[text], n, first.get(text))
            for text, n in posts.items()
        ]


def gather(catalogue: Catalogue) -> tuple[list[Skeleton], Written]:
    """Read what threading needs of each message, at the time that its own Date says; From."""
    text = _Once(str).__getitem__
    words = _Once(lambda names: tuple(map(text, names.split()))).__getitem__
    lines = _Once(lambda said: tuple(said.split("\n")) if said else ()).__getitem__
    quoting = _Once(lambda flags: QUOTING in flags.split()).__getitem__
    amended = originals(catalogue.database)
    written: list[str] = []
    authors: dict[str, tuple[str, str]] = {}
    ids, named = _Beside(catalogue.ids()), _Beside(catalogue.references())
    bones: list[Skeleton] = []
    for of in _slabs(_rows(catalogue, _WHO, amended), _WHO):
        written += map(text, of["from_written"])
        who = zip(of["author_name"], of["author_address"], strict=True)
        for spelled, author in zip(of["from_written"], who, strict=True):
            authors.setdefault(spelled, author)
        keys = of["id"]
        own = _grouped((key, text(name)) for key, name in ids.up_to(keys[-1]))
        fields: dict[str, list[tuple[int, str]]] = {field: [] for field in "rip"}
        for key, field, name in named.up_to(keys[-1]):
            fields[field].append((key, text(name)))
        references, answered, mentions = map(_grouped, fields.values())
        bones += made(
            Skeleton,
            keys,
            map(bytes.hex, of["digest"]),
            map(own.get, keys, _NONE),
            map(references.get, keys, _NONE),
            map(answered.get, keys, _NONE),
            of["header_utc"],
            map(text, of["base_subject"]),
            map(bool, of["is_reply"]),
            map(text, map(str.lower, of["author_address"])),
            map(text, of["author_name"]),
            map(words, of["recipients"]),
            map(lines, of["attributions"]),
            map(mentions.get, keys, _NONE),
            map(quoting, of["flags"]),
        )
    if amended:
        bones = [_as_it_was(bone, amended.get(bone.key)) for bone in bones]
    return bones, Written([bone.key for bone in bones], written, authors)


class _Once(dict[str, _Value]):
    """What is made of texts that many messages have, each made and held once."""

    def __init__(self, make: Callable[[str], _Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: str) -> _Value:
        value = self[text] = self._make(text)
        return value


class _Beside:
    """Rows by message, ascending, asked for as far as some message again and again."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._read: list[tuple[Any, ...]] = []

    def up_to(self, key: int) -> list[tuple[Any, ...]]:
        """The rows up to those of a message, which were not given yet."""
        while not self._read or self._read[-1][0] <= key:
            some = list(islice(self._rows, SLAB))
            self._read += some
            if not some:
                break
        end = bisect_right(self._read, key, key=itemgetter(0))
        given, self._read = self._read[:end], self._read[end:]
        return given


_NONE: Final = repeat(())
"""In place of ids, where a message has none."""


def _grouped(rows: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    """Ids by message; most have one."""
    rows = list(rows)
    found: dict[int, tuple[str, ...]] = {key: (name,) for key, name in rows}
    if len(found) == len(rows):
        return found
    by_key = groupby(rows, itemgetter(0))
    return {key: tuple(name for _, name in some) for key, some in by_key}


def _rows(
    catalogue: Catalogue,
    names: Sequence[str],
    amended: Mapping[int, Original],
    among: Collection[int] | None = None,
) -> Iterator[tuple[Any, ...]]:
    """Columns of messages by id, amended ones as their own octets have them."""
    rows = catalogue.rows(*names, among=among)
    return (_row_as_it_was(row, names, amended) for row in rows) if amended else rows


def _row_as_it_was(
    row: tuple[Any, ...], names: Sequence[str], amended: Mapping[int, Original]
) -> tuple[Any, ...]:
    original = amended.get(row[0])
    if original is None:
        return row
    facts = dict(zip(MessageFacts._fields, original.facts, strict=True))
    facts |= {"id": row[0], "digest": bytes.fromhex(facts["digest"])}
    return tuple(facts[name] for name in names)


def _as_it_was(bone: Skeleton, original: Original | None) -> Skeleton:
    """A message that readers get amended, with the ids of its own octets."""
    if original is None:
        return bone
    names = {
        field: tuple(name for kind, _, name in original.references if kind == field)
        for field in "rip"
    }
    return bone._replace(
        message_ids=original.message_ids,
        references=names["r"],
        in_reply_to=names["i"],
        mentions=names["p"],
    )


def _slabs(
    rows: Iterator[tuple[Any, ...]], names: Sequence[str]
) -> Iterator[dict[str, tuple[Any, ...]]]:
    """Rows as columns by name, some at a time."""
    for some in _batched(rows):
        yield dict(zip(names, zip(*some, strict=True), strict=True))


def _batched(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Rows, some at a time."""
    while some := list(islice(rows, SLAB)):
        yield some


def dated(bones: Iterable[Skeleton], times: Iterable[int | None]) -> Ordered:
    """Skeletons at their published times, in the order of these."""
    return in_order(
        bone if bone.utc == utc else bone._replace(utc=utc)
        for bone, utc in zip(bones, times, strict=True)
    )


Places = Mapping[int, tuple[str, int, int | None]]
"""By message: a source, its place there, and the time of its envelope."""


def date_rows(
    catalogue: Catalogue,
    places: Places,
    parents: Mapping[int, int],
    among: Collection[int] | None = None,
) -> Iterator[DateRow]:
    """What is known of each message's time, or of some messages'."""
    amended = originals(catalogue.database)
    ids = _Beside(catalogue.ids(among))
    text = _Once(str).__getitem__
    for slab in _batched(_rows(catalogue, _WHEN, amended, among)):
        own = _grouped(ids.up_to(slab[-1][0]))
        for row in slab:
            key, digest, utc, offset, raw_date, error, received = row
            source, position, envelope = places.get(key, NOWHERE)
            original = amended.get(key)
            yield DateRow(
                key=key,
                digest=digest.hex(),
                utc=utc,
                offset=offset,
                zone=text(zone_text(raw_date)),
                error=error,
                received=tuple(map(int, received.split())),
                envelope=envelope,
                message_ids=original.message_ids if original else own.get(key, ()),
                source=source,
                position=position,
                parent=parents.get(key),
            )


NOWHERE: Final = ("", 0, None)
"""The place of a recovered message."""


def first_places(
    accession: Accession, among: Collection[int] | None = None
) -> dict[int, tuple[str, int, int | None]]:
    """(source, position, envelope time) of each message's first finding, or of some's.

    First by the name and digest of the source: the order of arrival decides nothing.
    """
    found: dict[int, tuple[str, int, int | None]] = {}
    sources: dict[tuple[str, bytes], str] = {}
    for message, name, digest, position, opening in findings(accession.database, among):
        if message in found:
            continue
        source = sources.get((name, digest))
        if source is None:
            source = sources[name, digest] = f"{name} {digest.hex()}"
        found[message] = (source, position, _envelope_time(opening))
    return found


@lru_cache(maxsize=1_000)  # an export writes the same line before every message
def _envelope_time(opening: bytes) -> int | None:
    """The time in a From_ line: what follows the sender."""
    words = opening.decode("latin-1").split(None, 2)
    if len(words) < 3 or words[0] != "From":
        return None
    return read_date(words[2]).utc
