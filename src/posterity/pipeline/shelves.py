"""Shingles between relate and their files: bodies cut, and read again for their copies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.model import Body
from posterity.relate.again import Shelf
from posterity.relate.copies import TEXT_DIGEST, Fingerprint, fingerprints
from posterity.relate.shingles import I64, U64, groups, joined, shingle_run
from posterity.relate.statements import Shelves, shelve
from posterity.store.shingles import Segment, SegmentFile, read_cuts

RUNS_KEPT = 16
"""Runs of which all statements are kept at hand while copies are compared: 20 MB."""

_NO_TEXT = bytes(TEXT_DIGEST)


def cut(keys: Sequence[int], bodies: Iterable[Body]) -> Segment:
    """Cut the bodies of a run of messages; keys is read when all bodies were taken."""
    runs = [shingle_run([])]
    prints: list[Fingerprint] = []
    for group in groups(bodies):
        run = shingle_run(group)
        runs.append(run)
        prints.extend(fingerprints(group, run))
    run = joined(runs)
    boxes = shelve(run)
    minima = [one.minima or (0, 0, 0, 0) for one in prints]
    return Segment(
        ids=np.array(keys, "<i8").tobytes(),
        words=run.words.astype("<i8").tobytes(),
        lines=run.lines.astype("<i8").tobytes(),
        texts=b"".join(one.text or _NO_TEXT for one in prints),
        minima=np.array(minima, "<u8").tobytes(),
        keys=boxes.keys.astype("<u8").tobytes(),
        places=boxes.words.astype("<u4").tobytes(),
        edges=boxes.edges.astype("<u4").tobytes(),
        counts=run.counts.astype("<u4").tobytes(),
        levels=run.levels.tobytes(),
        quoted=boxes.levels.tobytes(),
    )


class Print(NamedTuple):
    """What of a body is compared first: its catalogue key, fingerprint and words."""

    key: int
    fingerprint: Fingerprint
    words: int


def prints(files: Sequence[Path], keys: I64) -> Iterator[Print]:
    """What is compared first of some messages, by their catalogue keys, in this order."""
    runs = map(SegmentFile, files)
    columns = [_fingerprints(run) for run in runs if np.isin(run.ids(), keys).any()]
    if not columns:
        return
    ids, words, texts, minima = map(np.concatenate, zip(*columns, strict=True))
    by_id = np.argsort(ids)
    places = by_id[np.searchsorted(ids, keys, sorter=by_id)]
    for key, at in zip(keys.tolist(), places.tolist(), strict=True):
        text = texts[at].tobytes()
        whole = Fingerprint(text, tuple(minima[at].tolist()))
        if text == _NO_TEXT:
            whole = Fingerprint(b"", ())
        yield Print(key, whole, int(words[at]))


def _fingerprints(file: SegmentFile) -> tuple[NDArray[Any], ...]:
    """Ids, words, texts and minima of a run, a row each."""
    return (
        file.ids(),
        np.frombuffer(file.column("words"), "<i8"),
        np.frombuffer(file.column("texts"), np.uint8).reshape(-1, TEXT_DIGEST),
        np.frombuffer(file.column("minima"), "<u8").reshape(-1, 4),
    )


def statements_of(files: Sequence[Path]) -> Callable[[int], U64]:
    """What reads the statements of one message, by its catalogue key."""
    runs = [SegmentFile(path).ids() for path in files]
    ids = np.concatenate([np.zeros(0, np.int64), *runs])
    place = np.repeat(np.arange(len(runs)), [*map(len, runs)])
    by_id = np.argsort(ids)

    @lru_cache(maxsize=RUNS_KEPT)
    def run(number: int) -> dict[int, bytes]:
        return {one.key: one.keys for one in read_cuts(SegmentFile(files[number]))}

    def statements(key: int) -> U64:
        at = by_id[np.searchsorted(ids, key, sorter=by_id)]
        keys: U64 = np.frombuffer(run(int(place[at]))[key], np.uint64)
        stated: U64 = keys[keys != 0]
        return stated

    return statements


def shelves_of(files: Sequence[Path]) -> Iterator[Shelf]:
    """The statements of every run, read where they are looked at."""
    views = [SegmentFile(path).view() for path in files]
    words = [np.frombuffer(view["words"], "<i8") for view in views]
    first = accumulate(map(len, words), initial=0)
    before = accumulate((int(some.sum()) for some in words), initial=0)
    for view, some, number, word in zip(views, words, first, before, strict=False):
        shelves = Shelves(
            np.frombuffer(view["keys"], "<u8"),
            np.frombuffer(view["places"], "<u4"),
            np.frombuffer(view["quoted"], np.uint8),
            np.frombuffer(view["edges"], "<u4"),
        )
        yield Shelf(shelves, np.append(0, np.cumsum(some)), number, word)
