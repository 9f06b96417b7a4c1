"""Shingles between relate and their files: bodies cut, and read again for their copies."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posterity.model import Body
from posterity.relate.copies import TEXT_DIGEST, Fingerprint, fingerprints
from posterity.relate.shingles import U64, groups, joined, shingle_run
from posterity.relate.statements import (
    shelve,
)
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


def prints(files: Iterable[Path], among: Container[int] | None = None) -> Iterator[Print]:
    """Every message's, or of some, by their catalogue keys."""
    for path in files:
        file = SegmentFile(path)
        ids = np.frombuffer(file.column("ids"), "<i8").tolist()
        if among is not None and not any(key in among for key in ids):
            continue
        words = np.frombuffer(file.column("words"), "<i8").tolist()
        texts = file.column("texts")
        minima = np.frombuffer(file.column("minima"), "<u8").reshape(-1, 4).tolist()
        for number, key in enumerate(ids):
            if among is not None and key not in among:
                continue
            text = texts[TEXT_DIGEST * number : TEXT_DIGEST * (number + 1)]
            whole = Fingerprint(text, tuple(minima[number]))
            if text == _NO_TEXT:
                whole = Fingerprint(b"", ())
            yield Print(key, whole, words[number])


def statements_of(files: Sequence[Path]) -> Callable[[int], U64]:
    """What reads the statements of one message, by its catalogue key."""
    place = {
        key: path
        for path in files
        for key in np.frombuffer(SegmentFile(path).column("ids"), "<i8").tolist()
    }

    @lru_cache(maxsize=RUNS_KEPT)
    def run(path: Path) -> dict[int, bytes]:
        return {one.key: one.keys for one in read_cuts(SegmentFile(path))}

    def statements(key: int) -> U64:
        keys: U64 = np.frombuffer(run(place[key])[key], np.uint64)
        stated: U64 = keys[keys != 0]
        return stated

    return statements
