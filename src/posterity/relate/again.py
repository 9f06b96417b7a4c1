"""Who quotes whom, in a list most of which was joined before.

    touched      messages that are new, or have another time than before
    asking       others that ask for what a touched one states: with each such question
    to be joined the touched, and those whose pairs or passages may be others now
    to be weighed the rest of the asking: a shingle of theirs is stated once more

A question is answered by who states its shingle, if no more than FREQUENT do. So what a
message's questions come to changes only where one of them is stated by a touched message.
Where that one is too late to be answered, nothing changes but a weight: of 1,280 that
asked for what 100 new messages state, 1,070. Frequent shingles stay so, for messages are
only added; nobody need be asked about them again.

Statements lie unsorted in their boxes. Going through 20 million of them by a bit map
takes 0.2 s; to keep them sorted would cost each import more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posterity.relate.pairs import LATE, WHOLE, Pairs
from posterity.relate.shingles import FORWARDED, I64, LEVELS, U32, U64
from posterity.relate.statements import Questions, Shelves
from posterity.relate.witnesses import LAST

Flags = NDArray[np.bool_]
"""One for each message of a list."""

VERSION: Final = 3
"""Of what is kept; raise it when it, or what is kept of a pair or a passage, changes."""

BITS: Final = 21
"""Size of a bit map: 2 MB, which 50,000 keys fill to a fortieth."""

_SHIFT: Final = np.uint64(24)
_MASK: Final = np.uint64((1 << BITS) - 1)
_LEVEL: Final = np.uint8(FORWARDED - 1)


class Came(NamedTuple):
    """What the questions of a list came to.

    Messages are named by their places in `keys`.

    Attributes:
        keys: of the catalogue, in the order of the list.
        utc: the time each message was taken to have.
        asked: fresh questions of each, and those of them at level 1: two rows.
        pairs: the columns of `Pairs`, those worth keeping: six rows.
        answered: the message that each answers, or -1.
        passages: the columns of `Passage`, a row for each.
        frequent: shingles found to be stated by more than FREQUENT messages, ascending.
    """

    keys: I64
    utc: I64
    asked: U32
    pairs: I64
    answered: I64
    passages: I64
    frequent: U64


class Shelf(NamedTuple):
    """The statements of a run of messages, and where the run stands in the list.

    Attributes:
        shelves: all boxes.
        words: for each message, and one more, the number of words before it in the run.
        first: the number of its first message.
        before: words of the list before the run.
    """

    shelves: Shelves
    words: I64
    first: int
    before: int


class Keys:
    """A set of keys that many others are looked up in."""

    def __init__(self, keys: U64) -> None:
        self.keys = _different(keys)
        self._map = np.zeros(1 << BITS, np.bool_)
        self._map[_bits(self.keys)] = True

    def hold(self, keys: U64) -> Flags:
        """Which of some keys are in the set."""
        found = np.zeros(len(keys), np.bool_)
        found[self.places(keys)] = True
        return found

    def places(self, keys: U64) -> I64:
        """The places of those keys that are in the set."""
        maybe = np.flatnonzero(self._map.take(_bits(keys)))  # half the time of [...]
        if not len(self.keys) or not len(maybe):
            return maybe[:0]
        some = keys[maybe]
        near = np.searchsorted(self.keys, some)
        near[near == len(self.keys)] = 0
        found: I64 = maybe[self.keys[near] == some]
        return found


def _bits(keys: U64) -> I64:
    return ((keys >> _SHIFT) & _MASK).view(np.int64)


def touched(was: I64, was_utc: I64, keys: I64, utc: I64) -> Flags:
    """Which messages of a list are new, or have another time than before.

    Args:
        was, was_utc: keys and times of the list as it was; all are still there.
        keys, utc: of the list as it is.
    """
    found = np.ones(len(keys), np.bool_)
    place = places_of(was, keys)
    found[place] = utc[place] != was_utc
    return found


def places_of(some: I64, keys: I64) -> I64:
    """Where each of some keys stands in a list."""
    order = np.argsort(keys)
    found: I64 = order[np.searchsorted(keys, some, sorter=order)]
    return found


class Said(NamedTuple):
    """What some messages state, once for each message: keys, and as of level 0."""

    keys: U64
    plain: U64
    messages: I64


class Asking(NamedTuple):
    """Who asks for what, once for each.

    Attributes:
        children: messages.
        keys: what they ask for.
        answered: whether who states it may be the parent; else it is but an origin.
    """

    children: I64
    keys: U64
    answered: Flags

    def some(self, which: Flags | I64) -> Asking:
        """Some of them."""
        return Asking(self.children[which], self.keys[which], self.answered[which])


def said_by(shelves: Sequence[Shelf], some: Flags, frequent: U64) -> Said:
    """What some messages state that is not known to be frequent."""
    found = [_said(shelf, some) for shelf in shelves if _any(shelf, some)]
    none = Said(_NONE, _NONE, np.zeros(0, np.int64))
    said = Said(*map(np.concatenate, zip(none, *found, strict=True)))
    rare = ~Keys(frequent).hold(said.keys)
    return Said(said.keys[rare], said.plain[rare], said.messages[rare])


def asking(shelves: Sequence[Shelf], said: Said, others: Flags) -> Asking:
    """Which other messages ask for something that was said."""
    stated, texts = Keys(said.keys), Keys(said.plain)
    none = Asking(np.zeros(0, np.int64), _NONE, np.zeros(0, np.bool_))
    found = [_asking(shelf, stated, texts) for shelf in shelves if _any(shelf, others)]
    asked = Asking(*map(np.concatenate, zip(none, *found, strict=True)))
    order = np.lexsort((asked.answered, asked.keys, asked.children))
    asked = asked.some(order)
    children, keys, _ = asked
    last = np.ones(len(order), np.bool_)  # of equal ones, one that asks for a parent
    last[:-1] = (children[1:] != children[:-1]) | (keys[1:] != keys[:-1])
    last &= others[children]
    return asked.some(last)


def in_time(asked: Asking, said: Said, was: Flags, utc: I64) -> Flags:
    """Which of those who ask may be answered by who says it now.

    Args:
        asked: questions.
        said: what touched messages state; each key that is asked for is among them.
        was: which messages were there before: one of another time may answer those
            whom it did not, and no more those whom it did.
        utc: of each message.
    """
    order = np.argsort(said.keys)
    keys = said.keys[order]
    heads = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else order
    times = np.where(was, np.int64(-LAST), utc)[said.messages[order]]
    first = np.minimum.reduceat(times, heads) if len(keys) else times
    place = np.searchsorted(keys[heads], asked.keys)
    found: Flags = first[place] - utc[asked.children] <= LATE
    return found


_NONE: Final = np.zeros(0, np.uint64)


def questions_of(shelves: Iterable[Shelf], some: Flags) -> Questions:
    """The questions of some messages."""
    none = Questions(_NONE, np.zeros(0, np.int64), np.zeros(0, np.uint8))
    found = [_questions(shelf, some) for shelf in shelves if _any(shelf, some)]
    return Questions(*map(np.concatenate, zip(none, *found, strict=True)))


def wanted_by(asked: Questions) -> U64:
    """The keys of what may answer some questions, ascending."""
    levels = asked.levels & _LEVEL
    plain = asked.keys ^ LEVELS[levels]
    below = np.flatnonzero(levels)
    return _different(
        np.concatenate([plain[below] ^ LEVELS[levels[below] - 1], plain[levels != 1]])
    )


def stating(shelves: Iterable[Shelf], wanted: Keys) -> tuple[U64, I64]:
    """All statements of some keys: the key, and the word of the list."""
    keys, words = [_NONE], [np.zeros(0, np.int64)]
    for shelf in shelves:
        at = wanted.places(shelf.shelves.keys)
        keys.append(shelf.shelves.keys[at])
        words.append(shelf.shelves.words[at].astype(np.int64) + shelf.before)
    return np.concatenate(keys), np.concatenate(words)


def saying(shelves: Iterable[Shelf], texts: Keys) -> I64:
    """The messages that say something, as of level 0, at whatever level; each once."""
    found = [_messages(shelf, texts.places(_plain(shelf.shelves))) for shelf in shelves]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *found]))


class Holders(NamedTuple):
    """Who states some keys, by key and then message, each once.

    Attributes:
        keys: ascending, each once.
        first: for each key, and one more, the place of its first message.
        messages: those who state it.
    """

    keys: U64
    first: I64
    messages: I64


def holders(keys: U64, messages: I64) -> Holders:
    """Who states what, of statements in any order."""
    order = np.lexsort((messages, keys))
    keys, messages = keys[order], messages[order]
    new_key = np.ones(len(keys), np.bool_)
    new_key[1:] = keys[1:] != keys[:-1]
    once = new_key.copy()
    once[1:] |= messages[1:] != messages[:-1]
    first = np.append(np.flatnonzero(new_key[once]), np.count_nonzero(once))
    return Holders(keys[new_key], first, messages[once])


def weighed(pairs: Pairs, asked: Asking, known: Holders, new: Flags) -> I64:
    """The weights of pairs, now that more messages state what some children ask for.

    Args:
        pairs: as they were weighed before.
        asked: fresh questions of their children; all keys are known.
        known: who states them, new messages included; no key is frequent.
        new: which messages are new.
    """
    weights = pairs.weight.copy()
    key = np.searchsorted(known.keys, asked.keys)
    count = np.diff(known.first)
    number = np.repeat(np.arange(len(known.keys)), count)
    before = np.bincount(number[~new[known.messages]], minlength=len(count))
    more = WHOLE // count - WHOLE // np.maximum(before, 1)
    order = np.argsort(pairs.child, kind="stable")
    begin = np.searchsorted(pairs.child[order], asked.children)
    size = np.searchsorted(pairs.child[order], asked.children, side="right") - begin
    each = np.repeat(np.arange(len(size)), size)
    pair = order[
        begin[each] + np.arange(len(each)) - np.repeat(np.cumsum(size) - size, size)
    ]
    stated = np.isin(
        key[each] << _MESSAGE_BITS | pairs.parent[pair],
        number << _MESSAGE_BITS | known.messages,
    )
    np.add.at(weights, pair[stated], more[key[each[stated]]])
    return weights


_MESSAGE_BITS: Final = 32
"""Of a message's place in its list."""


def _different(keys: U64) -> U64:
    """Different keys, ascending; `np.unique` takes thrice as long."""
    keys = np.sort(keys)
    new = np.ones(len(keys), np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    return keys[new]


def _any(shelf: Shelf, some: Flags) -> bool:
    return bool(some[shelf.first : shelf.first + len(shelf.words) - 1].any())


def _standing_in(shelf: Shelf, some: Flags) -> Flags:
    """For each word of a run whether it stands in one of some messages."""
    here = some[shelf.first : shelf.first + len(shelf.words) - 1]
    return np.repeat(here, np.diff(shelf.words))


def _quoted(shelves: Shelves) -> I64:
    """The places of what is quoted or forwarded."""
    sizes = np.diff(shelves.edges)
    return np.flatnonzero(np.repeat(np.tile([False, True], len(sizes) // 2), sizes))


def _plain(shelves: Shelves) -> U64:
    """Every statement as of level 0."""
    quoted = _quoted(shelves)
    if not len(quoted):
        return shelves.keys
    plain = shelves.keys.copy()
    plain[quoted] ^= LEVELS[shelves.levels & _LEVEL]
    return plain


def _said(shelf: Shelf, some: Flags) -> Said:
    """What some messages of a run state."""
    keys, plain = shelf.shelves.keys, _plain(shelf.shelves)
    at = np.flatnonzero(_standing_in(shelf, some)[shelf.shelves.words])
    return Said(keys[at], plain[at], _messages(shelf, at))


def _messages(shelf: Shelf, at: I64) -> I64:
    """The messages that some statements of a run stand in."""
    words = shelf.shelves.words[at]
    return np.searchsorted(shelf.words, words, side="right") - 1 + shelf.first


def _asking(shelf: Shelf, stated: Keys, texts: Keys) -> Asking:
    """The messages of a run that ask for some statements; `texts` are those of level 0."""
    quoted = _quoted(shelf.shelves)
    levels = shelf.shelves.levels & _LEVEL
    plain = shelf.shelves.keys[quoted] ^ LEVELS[levels]
    at = texts.places(plain)
    plain, levels = plain[at], levels[at]
    parents = plain ^ LEVELS[np.maximum(levels, 1) - 1]
    one = np.flatnonzero(stated.hold(parents) & (levels > 0))
    other = np.flatnonzero(stated.hold(plain) & (levels != 1))
    return Asking(
        _messages(shelf, quoted[at[np.concatenate([one, other])]]),
        np.concatenate([parents[one], plain[other]]),
        np.arange(len(one) + len(other)) < len(one),
    )


def _questions(shelf: Shelf, some: Flags) -> Questions:
    quoted = _quoted(shelf.shelves)
    words = shelf.shelves.words[quoted]
    at = np.flatnonzero(_standing_in(shelf, some)[words])
    return Questions(
        shelf.shelves.keys[quoted[at]],
        words[at].astype(np.int64) + shelf.before,
        shelf.shelves.levels[at],
    )
