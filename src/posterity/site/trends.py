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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from posterity.render import urls
from posterity.site.publication import Writer
from posterity.site.searchmake import named, script
from posterity.store.batches import STREAMS, TokenBatch
from posterity.store.months import every_month
from posterity.store.wordcounts import WordReader

VERSION: Final = 1
"""Of the files; the browser's script reads this one."""
LEAST: Final = 3
"""Messages a word must be in."""
SHARD: Final = 16_000
"""Characters of a shard's text."""
ROWS_AT_ONCE: Final = 1 << 21
"""Counts that are gathered before they are added up."""

SUGGESTED: Final = 8
"""Words that are offered to begin with: those that came and went."""
_SUGGESTED_SHARE: Final = (0.004, 0.08)  # of all messages: known, and not on every page
_SUGGESTED_LETTERS: Final = 5
_SUGGESTED_LEAST: Final = 8
_WRITTEN: Final = [STREAMS.index(name) for name in ("subject", "own")]

Ints = npt.NDArray[np.int64]


class Order(NamedTuple):
    """What is to be counted, and where the tables are to be written."""

    catalogue: Path
    work: Path
    compare: Path | None


class Counted(NamedTuple):
    """What was written."""

    paths: list[str]
    written: int
    octets: int


class Table(NamedTuple):
    """Counts, sorted by word and month: three columns of one length.

    Attributes:
        words: sorted; `word` has their places.
    """

    words: Sequence[str]
    months: Sequence[str]
    totals: Ints
    word: Ints
    month: Ints
    messages: Ints


def write_trends(order: Order) -> Counted:
    """Count the words of an archive and write the tables; a worker may do it."""
    reader = WordReader(order.catalogue)
    try:
        table = count(reader)
    finally:
        reader.close()
    writer = Writer(order.work, order.compare)
    found = Counted([], 0, 0)
    firsts: list[str] = []
    names: list[str] = []
    files: list[tuple[str, bytes]] = []
    for first, text in shards(table):
        name, content = named(text.encode("utf-8"))
        firsts.append(first)
        names.append(name)
        files.append((urls.search_part(name), content))
    index = {
        "version": VERSION,
        "months": list(table.months),
        "totals": table.totals.tolist(),
        "firsts": firsts,
        "names": names,
        "suggested": suggested(table),
    }
    octets = json.dumps(index, separators=(",", ":")).encode("ascii")
    files.append((urls.TREND_COUNTS, script("trends", octets)))
    for path, content in files:
        found.paths.append(path)
        found = found._replace(
            written=found.written + writer.write(path, content),
            octets=found.octets + len(content),
        )
    return found


def count(reader: WordReader) -> Table:
    """How many listed messages of each month have each word."""
    by_key = reader.months()
    names = set(by_key.values())
    months = list(every_month(min(names), max(names))) if names else []
    place = {name: at for at, name in enumerate(months)}
    totals = np.zeros(len(months), np.int64)
    for name in by_key.values():
        totals[place[name]] += 1
    words = reader.words(LEAST)
    numbers = {word: at for at, word in enumerate(words)}
    sums = _Sums()
    for batch in reader.batches():
        held = np.array([place.get(by_key.get(key, ""), -1) for key in batch.keys])
        sums.add(_counts(batch, held, numbers, len(months)))
    keys, messages = sums.all()
    word, month = keys // max(len(months), 1), keys % max(len(months), 1)
    return Table(words, months, totals, word, month, messages)


def _counts(
    batch: TokenBatch, held: Ints, numbers: dict[str, int], months: int
) -> tuple[Ints, Ints]:
    """(word and month as one number, messages) of a batch; held: each message's month."""
    number = np.array([numbers.get(word, -1) for word in batch.vocabulary], np.int64)
    lengths = batch.counts.astype(np.int64)
    wanted = np.zeros(lengths.shape, bool)
    wanted[:, _WRITTEN] = held[:, None] >= 0
    documents = np.broadcast_to(np.arange(len(batch.keys))[:, None], lengths.shape)
    kept = np.repeat(wanted.ravel(), lengths.ravel())
    document = np.repeat(documents.ravel(), lengths.ravel())[kept]
    word = number[batch.tokens[kept]]
    known = word >= 0
    size = len(numbers) or 1
    pairs = np.unique(document[known] * size + word[known])
    keys = (pairs % size) * months + held[pairs // size]
    found, messages = np.unique(keys, return_counts=True)
    return found.astype(np.int64), messages.astype(np.int64)


class _Sums:
    """Counts of many batches, added up now and then so that they stay few."""

    def __init__(self) -> None:
        self._keys: list[Ints] = []
        self._messages: list[Ints] = []
        self._fresh = 0

    def add(self, counts: tuple[Ints, Ints]) -> None:
        """Take up the counts of one batch."""
        self._keys.append(counts[0])
        self._messages.append(counts[1])
        self._fresh += len(counts[0])
        if self._fresh > ROWS_AT_ONCE:
            self.all()

    def all(self) -> tuple[Ints, Ints]:
        """Every key once, sorted, with its sum."""
        if not self._keys:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        keys, messages = np.concatenate(self._keys), np.concatenate(self._messages)
        order = np.argsort(keys, kind="stable")
        keys, messages = keys[order], messages[order]
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        sums = np.add.reduceat(messages, first) if len(keys) else messages
        self._keys, self._messages = [keys[first]], [sums]
        self._fresh = 0
        return self._keys[0], self._messages[0]


def _edges(table: Table) -> Ints:
    """Where the rows of each word that has any begin, and the end."""
    return np.append(np.flatnonzero(np.diff(table.word, prepend=-1)), len(table.word))


def shards(table: Table) -> Iterator[tuple[str, str]]:
    """(first word, text) of each shard."""
    edges = _edges(table)
    gaps = np.diff(table.month, prepend=0)
    gaps[edges[:-1]] = table.month[edges[:-1]]
    pairs = np.column_stack((gaps, table.messages)).ravel().tolist()
    lines: list[str] = []
    first, size = "", 0
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        word = table.words[int(table.word[start])]
        line = f"{word}\t{','.join(map(str, pairs[2 * start : 2 * end]))}"
        if lines and size + len(line) > SHARD:
            yield first, "\n".join(lines)
            lines, size = [], 0
        if not lines:
            first = word
        lines.append(line)
        size += len(line) + 1
    if lines:
        yield first, "\n".join(lines)


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
