"""Words and where they stand, as the files a browser fetches.

A shard holds a run of neighbouring terms, so that a word is one file, and the words that
begin alike are next to each other. A term is a word, or a very common word and the one
after it: a phrase is checked by the places of its rare words and of such pairs. So the
hundred thousand places of "the" are kept apart, where only "throw the" needs them.

    shard   = head terms masks sizes lists places
    head    = n terms, n lists, octets of terms, of sizes, of lists
    terms   = joined by LF, UTF-8, in the order of their code points; pairs as " a b"
    masks   = two octets a term: the columns that have it; one list for each
    sizes   = of each list: messages, octets, octets of places (0: kept apart)
    list    = differences of message numbers, then occurrences in each
    places  = for each list and message the differences of its places

    apart   = n lists, octets of places of each list of the word, places

Numbers are varints (unsigned LEB128). All is made by array operations: nothing that is
done for each word or message is a step of Python's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

PLACE_BITS: Final = 16
DOC_BITS: Final = 17
COLUMN_BITS: Final = 4
TERM_BITS: Final = 26
"""Of a key: (family, term, column, message, place), high to low; 64 bits in all."""

MOST_DOCS: Final = 1 << DOC_BITS
"""Messages of a segment."""
SHARD: Final = 32_000
"""Octets of a shard; a term that has half of that alone has a shard of its own."""

Keys = npt.NDArray[np.uint64]
Octets = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Spell = Callable[[Ints], list[str]]
"""The spelling of terms, by number."""


def varints(values: npt.NDArray[np.integer]) -> tuple[Octets, Ints]:
    """LEB128 of each value, laid end to end, and where each begins, and the end."""
    numbers = values.astype(np.uint32)
    if not len(numbers) or numbers.max() < 1 << 7:
        return numbers.astype(np.uint8), np.arange(len(numbers) + 1)
    size = np.ones(len(numbers), np.uint8)
    for bits in (7, 14, 21, 28):
        more = numbers >= np.uint32(1 << bits)
        if not more.any():
            break
        size += more
    starts = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(size, out=starts[1:])
    out = np.empty(int(starts[-1]), np.uint8)
    begins = starts[:-1]
    for step in range(int(size.max())):
        if step:
            longer = np.flatnonzero(size > step)
            numbers, size, begins = (
                numbers[longer] >> np.uint32(7),
                size[longer],
                begins[longer],
            )
        octet = numbers.astype(np.uint8) & np.uint8(0x7F)
        out[begins + step] = octet | (size > step + 1).view(np.uint8) << np.uint8(7)
    return out, starts


def runs(values: npt.NDArray[np.integer]) -> Ints:
    """Where each run of equal values begins, and the end; one 0 where there are none."""
    if not len(values):
        return np.zeros(1, np.int64)
    changes = np.flatnonzero(values[1:] != values[:-1]) + 1
    return np.concatenate(([0], changes, [len(values)])).astype(np.int64)


class _Lists(NamedTuple):
    """The lists of a run of terms, encoded; every array of starts has the end as well."""

    terms: Ints  # number of each term
    term_lists: Ints  # first list of each term
    columns: Ints  # of each list
    counts: Ints  # messages of each list
    octets: Octets
    starts: Ints  # of each list, in octets
    places: Octets
    place_starts: Ints  # of each list, in places


class Shard(NamedTuple):
    """A piece of the index.

    Attributes:
        first: its first term.
        octets: as a browser reads them.
        apart: (word, octets) of places that are kept apart.
    """

    first: str
    octets: bytes
    apart: tuple[tuple[str, bytes], ...]


def encode(keys: Keys, apart: Flags, spell: Spell) -> Iterator[Shard]:
    """The shards of a family's keys.

    Args:
        keys: sorted, distinct, of one family.
        apart: of each term whether its places are kept apart.
        spell: says what terms are called.
    """
    if len(keys):
        yield from _shards(_lists(keys), apart, spell)


def _differences(values: Ints, starts: Ints) -> Ints:
    """Each value less the one before it in its run; the first of a run as it is."""
    found = np.diff(values, prepend=0)
    found[starts[:-1]] = values[starts[:-1]]
    return found


def _lists(keys: Keys) -> _Lists:
    posting_of = keys >> np.uint64(PLACE_BITS)
    occurrences = runs(posting_of)
    firsts = posting_of[occurrences[:-1]]
    list_of = (firsts >> np.uint64(DOC_BITS)).astype(np.int64)
    docs = (firsts & np.uint64(MOST_DOCS - 1)).astype(np.int64)
    postings = runs(list_of)
    heads = list_of[postings[:-1]]
    terms = (heads >> COLUMN_BITS) & ((1 << TERM_BITS) - 1)
    term_lists = runs(terms)
    octets, starts = _list_octets(docs, np.diff(occurrences), postings)
    places = (keys & np.uint64((1 << PLACE_BITS) - 1)).astype(np.int64)
    place_octets, place_starts = varints(_differences(places, occurrences))
    return _Lists(
        terms=terms[term_lists[:-1]],
        term_lists=term_lists,
        columns=heads & ((1 << COLUMN_BITS) - 1),
        counts=np.diff(postings),
        octets=octets,
        starts=starts,
        places=place_octets,
        place_starts=place_starts[occurrences[postings]],
    )


def _list_octets(docs: Ints, often: Ints, postings: Ints) -> tuple[Octets, Ints]:
    """Of each list the differences of its messages, then its counts."""
    count = np.diff(postings)
    before = np.repeat(postings[:-1], count)
    at = np.arange(len(docs)) + before
    mixed = np.empty(2 * len(docs), np.int64)
    mixed[at] = _differences(docs, postings)
    mixed[at + np.repeat(count, count)] = often
    octets, starts = varints(mixed)
    return octets, starts[2 * postings]


def _shards(found: _Lists, apart: Flags, spell: Spell) -> Iterator[Shard]:
    edges = found.term_lists
    aside = apart[found.terms]
    places = np.where(aside, 0, np.diff(found.place_starts[edges]))
    size = np.diff(found.starts[edges]) + places + 8
    large = size > SHARD // 2
    bucket = (np.cumsum(size) - size) // SHARD
    cut = np.zeros(len(size), bool)
    cut[1:] = (bucket[1:] != bucket[:-1]) | large[1:] | large[:-1]
    for first, last in pairwise([0, *np.flatnonzero(cut).tolist(), len(size)]):
        yield _shard(found, spell(found.terms[first:last]), aside[first:last], first)


def _shard(found: _Lists, terms: Sequence[str], aside: Flags, first: int) -> Shard:
    last = first + len(terms)
    low, high = int(found.term_lists[first]), int(found.term_lists[last])
    starts = found.starts[low : high + 1]
    heads = found.term_lists[first : last + 1] - low
    masks = np.bitwise_or.reduceat(1 << found.columns[low:high], heads[:-1])
    kept = np.repeat(~aside, np.diff(heads))
    places = found.place_starts[low : high + 1]
    place_sizes = np.where(kept, np.diff(places), 0)
    sizes = np.column_stack((found.counts[low:high], np.diff(starts), place_sizes))
    spelled = "\n".join(terms).encode("utf-8")
    sized = varints(sizes.ravel())[0].tobytes()
    lists = found.octets[starts[0] : starts[-1]].tobytes()
    head = (len(terms), high - low, len(spelled), len(sized), len(lists))
    octets = (
        varints(np.array(head, np.int64))[0].tobytes(),
        spelled,
        masks.astype("<u2").tobytes(),
        sized,
        lists,
        _places(found, places, kept),
    )
    apart = tuple(
        (terms[at], _apart(found, places[heads[at] : heads[at + 1] + 1]))
        for at in np.flatnonzero(aside).tolist()
    )
    return Shard(terms[0], b"".join(octets), apart)


def _places(found: _Lists, starts: Ints, kept: Flags) -> bytes:
    """The places of those lists that keep theirs in the shard."""
    if kept.all():
        return found.places[starts[0] : starts[-1]].tobytes()
    return b"".join(
        found.places[starts[at] : starts[at + 1]].tobytes()
        for at in np.flatnonzero(kept).tolist()
    )


def _apart(found: _Lists, starts: Ints) -> bytes:
    """The places of a word's lists, their sizes before them."""
    sizes, _ = varints(np.concatenate(([len(starts) - 1], np.diff(starts))))
    return sizes.tobytes() + found.places[starts[0] : starts[-1]].tobytes()
