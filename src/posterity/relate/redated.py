"""Published times where only some sources have changed.

A message's time is weighed among the messages of its source. Beyond that it rests on what
it answers and on its answers, where its own witnesses are silent; and it is suspect where
it is older than what it answers. So those sources are weighed again that a message came
to or left, and those where a silent message is answered otherwise, or answers otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple

from posterity.relate.dates import (
    Believed,
    DateRow,
    Outside,
    believe,
    is_silent,
    suspected_anew,
)
from posterity.relate.estimates import Place


class Where(NamedTuple):
    """Where a message was first found: a source, and its place there."""

    source: str
    position: int


class Was(NamedTuple):
    """What was believed of a message; the message that it was taken to answer."""

    where: Where
    parent: int | None
    believed: Believed


RowsOf = Callable[[Collection[int]], list[DateRow]]
"""The rows of some messages, by their keys."""

_NOWHERE: Final = "\0"
"""In place of the source of what lies outside."""


def believe_again(
    rows_of: RowsOf,
    where: Mapping[int, Where],
    parents: Mapping[int, int],
    was: Mapping[int, Was],
) -> dict[int, Believed]:
    """The published time of every message, as `believe` gives it.

    Args:
        rows_of: asked for those that are weighed again.
        where: of every message.
        parents: the message each answers, by its header.
        was: what was believed before, of messages that are all still there.
    """
    replied = {key for key, one in was.items() if one.parent != parents.get(key)} | (
        where.keys() - was.keys()
    )
    sources = _changed_sources(where, parents, was, replied)
    again = {key for key, (source, _) in where.items() if source in sources}
    known = {key: one.believed for key, one in was.items() if key not in again}
    near = {parents[key] for key in again if key in parents} - again
    near |= {key for key in known if parents.get(key) in again}
    places = [
        Place(
            key,
            _NOWHERE,
            0,
            None,
            None if is_silent(known[key]) else known[key].utc,
            parents.get(key),
        )
        for key in sorted(near & known.keys())
    ]
    found = believe(rows_of(again), outside=Outside(known, places))
    known |= found
    answering = (replied | {key for key in near if parents.get(key) in again}) - again
    return known | suspected_anew(rows_of(answering), known)


def _changed_sources(
    where: Mapping[int, Where],
    parents: Mapping[int, int],
    was: Mapping[int, Was],
    replied: Collection[int],
) -> set[str]:
    """The sources that are to be weighed again."""
    sources: set[str] = set()
    for key, now in where.items():
        if key not in was:
            sources.add(now.source)
        elif was[key].where != now:
            sources |= {now.source, was[key].where.source}
    silent = {key for key, one in was.items() if is_silent(one.believed)}
    while True:
        again = {key for key, (source, _) in where.items() if source in sources}
        heard = {
            parent
            for key in again.union(replied)
            for parent in (parents.get(key), was[key].parent if key in was else None)
            if parent in silent
        }
        heard |= {key for key in silent if key in replied or parents.get(key, key) in again}
        more = {where[key].source for key in heard} - sources
        if not more:
            return sources
        sources |= more
