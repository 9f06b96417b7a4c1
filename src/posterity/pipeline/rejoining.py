"""Who quotes whom after an import: only what has changed is joined (relate/again.py).

In this process, for it takes half a second where 100 messages come to 65,566. Memory: the
outline of the list, and what is affected; where that is much, all is joined anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from posterity.relate.again import (
    Asking,
    Came,
    Flags,
    Holders,
    Keys,
    Shelf,
    asking,
    holders,
    in_time,
    places_of,
    questions_of,
    said_by,
    stating,
    touched,
    wanted_by,
    weighed,
)
from posterity.relate.pairs import BLOCK, Library, Pairs, blocks
from posterity.relate.passages import Passage, find_passages
from posterity.relate.quotes import CITES_KEPT, NOBODY, best_pairs, in_order
from posterity.relate.shingles import I64, U32
from posterity.relate.statements import FREQUENT, Found, Shelves, Texts, answers_among
from posterity.store.shingles import SegmentFile

MUCH: Final = 8
"""Where more than an eighth of a list's words are affected, all is joined anew."""


class _Answered(NamedTuple):
    """What was looked up.

    Attributes:
        found: the questions of some messages with their answers.
        some: those messages.
        rest: what others ask, that new messages state.
        holders: who states that.
    """

    found: Found
    some: Flags
    rest: Asking
    holders: Holders


class Rejoining:
    """A list that grows, while it is joined.

    Attributes:
        frequent: shingles known to be stated by too many messages.
        concerned: once pairs were found, messages whose pairs may be others than before.
    """

    concerned: Flags

    def __init__(self, files: Sequence[Path], was: Came, keys: I64, texts: Texts) -> None:
        self._was, self._keys, self._texts = was, keys, texts
        self._shelves = list(_shelves(files))
        self._place = places_of(was.keys, keys)
        self._old = np.zeros(len(keys), np.bool_)
        self._old[self._place] = True
        self.frequent = was.frequent

    def pairs(self, utc: I64, places: I64) -> tuple[Pairs, U32] | None:
        """The pairs worth keeping, and what each message asks; None where much changed.

        Args:
            utc: of each message.
            places: of each by (time, digest).
        """
        changed = touched(self._was.keys, self._was.utc, self._keys, utc)
        if self._is_much(changed):
            return None
        was = Pairs(*self._was.pairs)
        was = was._replace(child=self._place[was.child], parent=self._place[was.parent])
        said = said_by(self._shelves, changed, self.frequent)
        asked = asking(self._shelves, said, ~changed)
        full = np.bincount(was.child, minlength=len(changed)) >= CITES_KEPT
        some = changed.copy()
        some[asked.children[full[asked.children]]] = True
        some[asked.children[in_time(asked, said, self._old, utc)]] = True
        found = self._answered(asked, some)
        if found is None:
            return None
        self._library = Library(self._texts, [found.found], utc, places)
        self._again = found.some
        self.concerned = found.some.copy()
        self.concerned[found.rest.children] = True
        best = [best_pairs(self._library, block) for block in blocks(self._texts.words)]
        fresh = found.rest.some(found.rest.answered)
        was = was._replace(weight=weighed(was, fresh, found.holders, ~self._old))
        best.append(Pairs(*(column[~found.some[was.child]] for column in was)))
        pairs = Pairs(*map(np.concatenate, zip(*best, strict=True)))
        return in_order(pairs, places), self._asked(found)

    def _asked(self, found: _Answered) -> U32:
        """What each message asks."""
        asked = np.zeros((2, len(self._keys)), np.uint32)
        asked[:, self._place] = self._was.asked
        asked[:, found.some] = found.found.counts[:, found.some]
        return asked

    def _answered(self, asked: Asking, some: Flags) -> _Answered | None:
        """Answer the questions of some messages, and count who states what others ask.

        Those whose shingle has become too frequent are joined as well.
        """
        while not self._is_much(some):
            rest = asked.some(~some[asked.children] & ~Keys(self.frequent).hold(asked.keys))
            questions = questions_of(self._shelves, some)
            wanted = wanted_by(questions)
            wanted = wanted[~Keys(self.frequent).hold(wanted)]
            others = Keys(rest.keys)
            found = stating(self._shelves, Keys(np.concatenate([wanted, others.keys])))
            at = others.places(found[0])
            known = holders(found[0][at], self._texts.message_of(found[1][at]))
            frequent = Keys(known.keys[np.diff(known.first) > FREQUENT])
            self.frequent = np.union1d(self.frequent, frequent.keys)
            if not len(frequent.keys):
                part = answers_among(questions, *found, self._texts.words)
                self.frequent = np.union1d(self.frequent, part.frequent)
                return _Answered(part, some, rest, known)
            some = some.copy()
            some[rest.children[frequent.hold(rest.keys)]] = True
        return None

    def passages(self, answered: I64) -> I64:
        """All passages, a row each, in the order of the list.

        Args:
            answered: the message that each answers, or NOBODY.
        """
        before = np.full(len(answered), NOBODY, np.int64)
        was = self._was.answered
        before[self._place] = np.where(was == NOBODY, NOBODY, self._place[was])
        others = (before != answered) & ~self._again
        rows = self._was.passages.copy()
        rows[:, 0], rows[:, 3] = self._place[rows[:, 0]], self._place[rows[:, 3]]
        found = [rows[~(self._again | others)[rows[:, 0]]]]
        found.append(self._passages(self._library, answered))
        found += [
            self._passages(self._joined(some), answered) for some in self._portions(others)
        ]
        rows = np.concatenate(found)
        return rows[np.argsort(rows[:, 0], kind="stable")]

    def _passages(self, library: Library, answered: I64) -> I64:
        found = [
            row
            for block in blocks(self._texts.words)
            for row in find_passages(library, block, answered)
        ]
        return np.array(found, np.int64).reshape(-1, len(Passage._fields))

    def _joined(self, some: Flags) -> Library:
        """The list with the questions of some messages answered."""
        questions = questions_of(self._shelves, some)
        wanted = wanted_by(questions)
        found = stating(self._shelves, Keys(wanted[~Keys(self.frequent).hold(wanted)]))
        part = answers_among(questions, *found, self._texts.words)
        return self._library._replace(parts=[part])

    def _is_much(self, some: Flags) -> bool:
        words = self._texts.words
        return int(np.diff(words)[some].sum()) * MUCH > int(words[-1])

    def _portions(self, some: Flags) -> Iterator[Flags]:
        """Some messages in portions whose questions are in hand together."""
        words = np.where(some, np.diff(self._texts.words), 0)
        portion = np.cumsum(words) // (4 * BLOCK)
        for number in np.unique(portion[some]):
            yield some & (portion == number)


def _shelves(files: Sequence[Path]) -> Iterator[Shelf]:
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
