"""Who quotes whom after an import: only what has changed is joined (relate/again.py).

Where 100 messages come to 65,566 it takes half a second, in a worker. Memory: the outline
of the list, and what is affected; where that is much, all is joined anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from posterity.pipeline.joinplace import (
    ANSWERED,
    Place,
    keys_of,
    texts,
    times_and_places,
)
from posterity.pipeline.shelves import shelves_of
from posterity.relate.again import (
    Asking,
    Came,
    Flags,
    Holders,
    Keys,
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
from posterity.relate.shingles import I64, U32, U64
from posterity.relate.statements import FREQUENT, Found, Texts, answers_among
from posterity.store.came import read_came

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


class Rejoined(NamedTuple):
    """What the questions of a list came to.

    Attributes:
        pairs: those worth keeping.
        asked: what each message asks.
        concerned: messages whose pairs may be others than before.
        again: those that were joined again.
        part: what these ask, with its answers.
        frequent: shingles known to be stated by too many messages.
    """

    pairs: Pairs
    asked: U32
    concerned: Flags
    again: Flags
    part: Found
    frequent: U64


class Grown(NamedTuple):
    """A list that grew, as work.

    Attributes:
        place: of the list.
        folder, version: of what was kept of it.
    """

    place: Place
    folder: Path
    version: str


class Quoting(NamedTuple):
    """A list that grew and was joined, as work: what passages need of `Rejoined`."""

    grown: Grown
    again: Flags
    part: Found
    frequent: U64


def rejoin(work: Grown) -> Rejoined | None:
    """Who may be the parents, None where much changed; runs in a worker."""
    return _rejoining(work, None).pairs(*times_and_places(work.place))


def passages_again(work: Quoting) -> I64:
    """All passages, a row each; runs in a worker."""
    place = work.grown.place
    library = Library(texts(place), [work.part], *times_and_places(place))
    answered = np.load(place.scratch / ANSWERED)
    rejoining = _rejoining(work.grown, work.frequent)
    return rejoining.passages(work.again, library, answered)


def _rejoining(work: Grown, frequent: U64 | None) -> Rejoining:
    place = work.place
    kept = read_came(work.folder, work.version, place.files, Came._fields)
    assert kept is not None  # it was read before this was asked for
    was = Came(**kept)
    known = was.frequent if frequent is None else frequent
    return Rejoining(place.files, was, keys_of(place), texts(place), known)


class Rejoining:
    """A list that grew, while it is joined."""

    def __init__(
        self, files: Sequence[Path], was: Came, keys: I64, texts: Texts, frequent: U64
    ) -> None:
        self._was, self._keys, self._texts = was, keys, texts
        self._shelves = list(shelves_of(files))
        self._place = places_of(was.keys, keys)
        self._old = np.zeros(len(keys), np.bool_)
        self._old[self._place] = True
        self._frequent = frequent

    def pairs(self, utc: I64, places: I64) -> Rejoined | None:
        """The pairs worth keeping; None where much changed.

        Args:
            utc: of each message.
            places: of each by (time, digest).
        """
        changed = touched(self._was.keys, self._was.utc, self._keys, utc)
        if self._is_much(changed):
            return None
        was = Pairs(*self._was.pairs)
        was = was._replace(child=self._place[was.child], parent=self._place[was.parent])
        said = said_by(self._shelves, changed, self._frequent)
        asked = asking(self._shelves, said, ~changed)
        full = np.bincount(was.child, minlength=len(changed)) >= CITES_KEPT
        some = changed.copy()
        some[asked.children[full[asked.children]]] = True
        some[asked.children[in_time(asked, said, self._old, utc)]] = True
        found = self._answered(asked, some)
        if found is None:
            return None
        library = Library(self._texts, [found.found], utc, places)
        concerned = found.some.copy()
        concerned[found.rest.children] = True
        best = [best_pairs(library, block) for block in blocks(self._texts.words)]
        fresh = found.rest.some(found.rest.answered)
        was = was._replace(weight=weighed(was, fresh, found.holders, ~self._old))
        best.append(Pairs(*(column[~found.some[was.child]] for column in was)))
        pairs = Pairs(*map(np.concatenate, zip(*best, strict=True)))
        return Rejoined(
            in_order(pairs, places),
            self._asked(found),
            concerned,
            found.some,
            found.found,
            self._frequent,
        )

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
            rest = asked.some(
                ~some[asked.children] & ~Keys(self._frequent).hold(asked.keys)
            )
            questions = questions_of(self._shelves, some)
            wanted = wanted_by(questions)
            wanted = wanted[~Keys(self._frequent).hold(wanted)]
            others = Keys(rest.keys)
            found = stating(self._shelves, Keys(np.concatenate([wanted, others.keys])))
            at = others.places(found[0])
            known = holders(found[0][at], self._texts.message_of(found[1][at]))
            frequent = Keys(known.keys[np.diff(known.first) > FREQUENT])
            self._frequent = np.union1d(self._frequent, frequent.keys)
            if not len(frequent.keys):
                part = answers_among(questions, *found, self._texts.words)
                self._frequent = np.union1d(self._frequent, part.frequent)
                return _Answered(part, some, rest, known)
            some = some.copy()
            some[rest.children[frequent.hold(rest.keys)]] = True
        return None

    def passages(self, again: Flags, library: Library, answered: I64) -> I64:
        """All passages, a row each, in the order of the list.

        Args:
            again: messages that were joined again.
            library: the list, with what these ask.
            answered: the message that each answers, or NOBODY.
        """
        before = np.full(len(answered), NOBODY, np.int64)
        was = self._was.answered
        before[self._place] = np.where(was == NOBODY, NOBODY, self._place[was])
        others = (before != answered) & ~again
        rows = self._was.passages.copy()
        rows[:, 0], rows[:, 3] = self._place[rows[:, 0]], self._place[rows[:, 3]]
        found = [rows[~(again | others)[rows[:, 0]]]]
        found.append(self._passages(library, answered))
        found += [
            self._passages(library._replace(parts=[self._joined(some)]), answered)
            for some in self._portions(others)
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

    def _joined(self, some: Flags) -> Found:
        """The questions of some messages with their answers."""
        questions = questions_of(self._shelves, some)
        wanted = wanted_by(questions)
        found = stating(self._shelves, Keys(wanted[~Keys(self._frequent).hold(wanted)]))
        return answers_among(questions, *found, self._texts.words)

    def _is_much(self, some: Flags) -> bool:
        words = self._texts.words
        return int(np.diff(words)[some].sum()) * MUCH > int(words[-1])

    def _portions(self, some: Flags) -> Iterator[Flags]:
        """Some messages in portions whose questions are in hand together."""
        words = np.where(some, np.diff(self._texts.words), 0)
        portion = np.cumsum(words) // (4 * BLOCK)
        for number in np.unique(portion[some]):
            yield some & (portion == number)
