"""Words over time: how many messages of each month have a word, as sharded tables.

    search/trends.js      the months, what each holds, and which shard has which words
    search/<digest>.js    a shard: words in order, each with its counts

A shard is lines of text, deflated: a word, a tab, and pairs of numbers joined by commas:
months since the pair before, and messages. "remailer<tab>3,5,1,2" stands in 5 messages of
month 3 and 2 of month 4, counted from 0. So the script reads one shard a word, some 6 KB.

Counted are the messages whose author wrote the word, in the subject or in the text; what
was quoted was another's. Words of one or two messages have no history and are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from posterity.pipeline.collector import no_search_for_cycles
from posterity.render import urls
from posterity.site.publication import Writer
from posterity.site.searchkept import parts_at, read_table
from posterity.site.searchmake import name_of, script
from posterity.site.trendcounts import Ints, Table, counted, packed
from posterity.store.wordcounts import WordReader

VERSION: Final = 1
"""Of the files; the browser's script reads this one."""
NOTE: Final = "trends"
"""Where the counts are noted."""
SHARD: Final = 16_000
"""Characters of a shard's text."""

WORDS_AT_ONCE: Final = 4_096
"""Words that are spelled at a time."""

SUGGESTED: Final = 8
"""Words that are offered to begin with: those that came and went."""
_SUGGESTED_SHARE: Final = (0.004, 0.08)  # of all messages: known, and not on every page
_SUGGESTED_LETTERS: Final = 5
_SUGGESTED_LEAST: Final = 8


class Order(NamedTuple):
    """What is to be counted, and where the tables are to be written."""

    catalogue: Path
    work: Path
    compare: Path | None


class Counted(NamedTuple):
    """What was written, and what is to be noted under `NOTE`."""

    paths: list[str]
    written: int
    octets: int
    note: bytes


def write_trends(order: Order) -> Counted:
    """Count the words of an archive and write the tables; a worker may do it."""
    reader = WordReader(order.catalogue)
    try:
        with no_search_for_cycles():
            tally = counted(reader, reader.note(NOTE))
    finally:
        reader.close()
    writer = Writer(order.work, order.compare)
    there = _published(order.compare)
    firsts: list[str] = []
    names: list[str] = []
    written = size = 0
    for first, text in shards(tally.table):
        octets = text.encode("utf-8")
        firsts.append(first)
        names.append(name_of(octets))
        if names[-1] not in there:
            content = script(names[-1], octets)
            written += writer.write(urls.search_part(names[-1]), content)
            size += len(content)
    table = script("trends", _index(tally.table, firsts, names))
    written += writer.write(urls.TREND_COUNTS, table)
    paths = [*map(urls.search_part, names), urls.TREND_COUNTS]
    return Counted(paths, written, size + len(table), packed(tally))


def _published(site: Path | None) -> set[str]:
    """The names of shards that are published; a name is the digest of what it names."""
    if site is None:
        return set()
    index = read_table(site / urls.TREND_COUNTS)
    if index.get("version") != VERSION:
        return set()
    return set(index["names"]) & parts_at(site)


def _index(table: Table, firsts: list[str], names: list[str]) -> bytes:
    index = {
        "version": VERSION,
        "months": list(table.months),
        "totals": table.totals.tolist(),
        "firsts": firsts,
        "names": names,
        "suggested": suggested(table),
    }
    return json.dumps(index, separators=(",", ":")).encode("ascii")


def _edges(table: Table) -> Ints:
    """Where the rows of each word that has any begin, and the end."""
    return np.append(np.flatnonzero(np.diff(table.word, prepend=-1)), len(table.word))


def shards(table: Table) -> Iterator[tuple[str, str]]:
    """(first word, text) of each shard."""
    lines: list[str] = []
    first, size = "", 0
    for word, counts in _spelled(table):
        line = f"{word}\t{counts}"
        if lines and size + len(line) > SHARD:
            yield first, "\n".join(lines)
            lines, size = [], 0
        if not lines:
            first = word
        lines.append(line)
        size += len(line) + 1
    if lines:
        yield first, "\n".join(lines)


def _spelled(table: Table) -> Iterator[tuple[str, str]]:
    """Each word that has counts, with these as they stand in a shard."""
    edges = _edges(table)
    most = max(len(table.months), int(table.messages.max(initial=0)))
    digits = list(map(str, range(most + 1)))  # few, and used often
    for at in range(0, len(edges) - 1, WORDS_AT_ONCE):
        some = edges[at : at + WORDS_AT_ONCE + 1]
        rows = slice(some[0], some[-1])
        starts = some - some[0]
        gaps = np.diff(table.month[rows], prepend=0)
        gaps[starts[:-1]] = table.month[some[:-1]]
        pairs = np.column_stack((gaps, table.messages[rows])).ravel()
        spelled = list(map(digits.__getitem__, pairs.tolist()))
        words = map(table.words.__getitem__, table.word[some[:-1]].tolist())
        for word, (start, end) in zip(words, pairwise((2 * starts).tolist()), strict=True):
            yield word, ",".join(spelled[start:end])


def suggested(table: Table) -> list[str]:
    """Words that came and went: known, not common, and bound to a time."""
    edges = _edges(table)
    if len(edges) < 2:
        return []
    everything = max(int(table.totals.sum()), 1)
    sums = np.add.reduceat(table.messages, edges[:-1])
    low, high = (share * everything for share in _SUGGESTED_SHARE)
    low = max(low, _SUGGESTED_LEAST)
    share = table.messages / np.maximum(table.totals[table.month], _few(table.totals))
    peak = np.maximum.reduceat(share, edges[:-1]) - sums / everything
    peak[(sums < low) | (sums > high)] = 0
    found: list[str] = []
    for at in np.lexsort((table.word[edges[:-1]], -peak)).tolist():
        word = table.words[int(table.word[edges[at]])]
        if peak[at] <= 0 or len(found) == SUGGESTED:
            break
        kin = any(word.startswith(one) or one.startswith(word) for one in found)
        if len(word) >= _SUGGESTED_LETTERS and word.isalpha() and not kin:
            found.append(word)
    return found


def _few(totals: Ints) -> float:
    """A month with fewer messages than this tells nothing by its shares."""
    return max(float(totals.mean()) / 2, 10.0)
