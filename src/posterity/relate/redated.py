"""Published times where only some sources have changed.

A message's time is weighed among the messages of its source. Beyond that it rests on what
it answers and on its answers, where its own witnesses are silent; and it is suspect where
it is older than what it answers. So those sources are weighed again that a message came
to or left, and those where a silent message is answered otherwise, or answers otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple

import numpy as np

from posterity.relate.again import Flags
from posterity.relate.dates import (
    Believed,
    DateRow,
    Outside,
    believe,
    is_silent,
    suspected_anew,
)
from posterity.relate.estimates import Place
from posterity.relate.shingles import I64
from posterity.relate.witnesses import LAST


class Found(NamedTuple):
    """Where messages were first found, and what they answer; columns.

    Attributes:
        keys: of the messages, ascending.
        source, position: a source, by any number, and the place there.
        parent: the key of the message that each answers by its header; LAST for none.
    """

    keys: I64
    source: I64
    position: I64
    parent: I64


RowsOf = Callable[[Collection[int]], list[DateRow]]
"""The rows of some messages, by their keys."""

BelievedOf = Callable[[Collection[int]], Mapping[int, Believed]]
"""What was believed of some messages, by their keys."""

_NOWHERE: Final = "\0"
"""In place of the source of what lies outside."""

_NOBODY: Final = -1
"""In place of the place of a message that is not there."""


class _Changed(NamedTuple):
    """What is weighed otherwise than before.

    Attributes:
        again: messages of sources that are weighed again.
        replied: those that are new, or answer another than before.
        above: the place of the message that each answers, or _NOBODY.
    """

    again: Flags
    replied: Flags
    above: I64


def believe_again(
    rows_of: RowsOf, now: Found, was: Found, silent: Flags, believed_of: BelievedOf
) -> dict[int, Believed]:
    """What is believed of messages that are weighed again, as `believe` gives it.

    Args:
        rows_of: asked for those that are weighed again.
        now: every message.
        was: the messages that there were before, which are all still there; the numbers
            of sources are those of `now`.
        silent: which of these had no time but an estimate by others.
        believed_of: asked for what was believed of some of them.

    Returns:
        By key; of all others what was believed still is.
    """
    again, replied, above = _changed(now, was, silent)
    answers = ~again & _of_parents(again, above)
    near = answers | (_marked(above[again], len(again)) & ~again)
    keys, parents = _keys(now, near), now.parent[near].tolist()
    known = believed_of(keys)
    places = [
        Place(
            key,
            _NOWHERE,
            0,
            None,
            None if is_silent(known[key]) else known[key].utc,
            None if parent == LAST else parent,
        )
        for key, parent in zip(keys, parents, strict=True)
    ]
    found = believe(rows_of(_keys(now, again)), outside=Outside(known, places))
    answering = (replied | answers) & ~again
    heard = answering | (_marked(above[answering], len(again)) & ~again)
    believed = {**believed_of(_keys(now, heard)), **found}
    return found | suspected_anew(rows_of(_keys(now, answering)), believed)


def _changed(now: Found, was: Found, silent: Flags) -> _Changed:
    """The sources that are to be weighed again, and who answers otherwise."""
    count = len(now.keys)
    held = np.searchsorted(now.keys, was.keys)
    new = np.ones(count, np.bool_)
    new[held] = False
    replied = new.copy()
    replied[held] = now.parent[held] != was.parent
    moved = (now.source[held] != was.source) | (now.position[held] != was.position)
    sources = np.unique(
        np.concatenate([now.source[new], now.source[held][moved], was.source[moved]])
    )
    quiet = np.zeros(count, np.bool_)
    quiet[held] = silent
    above = _places(now.keys, now.parent)
    before = np.full(count, _NOBODY)
    before[held] = _places(now.keys, was.parent)
    while True:
        again = np.isin(now.source, sources)
        asking = again | replied
        heard = _marked(np.concatenate([above[asking], before[asking]]), count)
        heard |= replied | _of_parents(again, above)
        more = np.setdiff1d(now.source[heard & quiet], sources)
        if not len(more):
            return _Changed(again, replied, above)
        sources = np.union1d(sources, more)


def _places(keys: I64, some: I64) -> I64:
    """Where each of some keys stands, or _NOBODY."""
    at = np.minimum(np.searchsorted(keys, some), max(len(keys) - 1, 0))
    return np.where(keys[at] == some, at, _NOBODY) if len(keys) else at


def _of_parents(some: Flags, above: I64) -> Flags:
    """Which messages answer some others."""
    found: Flags = (above != _NOBODY) & some[above]
    return found


def _marked(places: I64, count: int) -> Flags:
    """Which of so many messages stand at some places."""
    found = np.zeros(count, np.bool_)
    found[places[places != _NOBODY]] = True
    return found


def _keys(found: Found, some: Flags) -> list[int]:
    keys: list[int] = found.keys[some].tolist()
    return keys
