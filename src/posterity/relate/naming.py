"""Which messages may be judged otherwise because somebody wrote for the first time.

Cites are judged by whom a message says it quotes, and only authors of the list are heard
of (attribution.Authors). So where a new spelling of an author comes, those are judged
again that may name it, and those of whom it may be the parent's author. It is found by
its words alone, in any order: some are judged in vain.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate

import numpy as np

from posterity.relate.attribution import author_of
from posterity.relate.shingles import I64
from posterity.relate.witnesses import Skeleton


def to_judge(
    skeletons: Sequence[Skeleton], new: Collection[int], children: I64, parents: I64
) -> set[int]:
    """The children whose cites are to be judged again for what is new of authors.

    Args:
        skeletons: of the whole list.
        new: keys of messages that were not there before.
        children, parents: keys of each pair that is judged.
    """
    known = {(one.author, one.name) for one in skeletons if one.key not in new}
    fresh = {
        (one.author, one.name): one
        for one in skeletons
        if one.key in new and (one.author, one.name) not in known
    }
    if not fresh:
        return set()
    authors = {author for author, _ in fresh}
    theirs = [one.key for one in skeletons if one.author in authors]
    found = set(children[np.isin(parents, np.array(theirs, np.int64))].tolist())
    saying = [one for one in skeletons if one.attributions]
    texts = _Texts([_plain("\n".join(one.attributions)) for one in saying])
    for author in authors:
        if author:
            found.update(saying[number].key for number in texts.holding(_plain(author)))
    pairs = {pair for one in fresh.values() for pair in author_of(one).called}
    for first, last in pairs:
        one, other = sorted(map(_plain, (first, last)), key=len)
        found.update(
            saying[number].key
            for number in texts.holding(other)
            if one in texts.texts[number]
        )
    return found


def _plain(text: str) -> str:
    """A text in lower case; which sigma is written depends on what stands after it."""
    return text.lower().replace("\N{GREEK SMALL LETTER FINAL SIGMA}", "\u03c3")


class _Texts:
    """Many texts, searched as one."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._whole = "\0".join(texts)
        self._begins = list(accumulate((len(text) + 1 for text in texts), initial=0))

    def holding(self, word: str) -> Iterator[int]:
        """The numbers of the texts that hold a word, each once."""
        at = self._whole.find(word)
        while at >= 0:
            number = bisect_right(self._begins, at) - 1
            yield number
            at = self._whole.find(word, self._begins[number + 1])
