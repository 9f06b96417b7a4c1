"""A time for messages whose own witnesses are silent: from those around them.

Where a source keeps the order of arrival, the messages before and after one were sent
about when it was. Where it is sorted by date the undated stand at an end, and their place
says nothing. Which of the two it is, is asked of the messages around the undated one: five
files may have been laid end to end in one. A message is no older than what it answers and
no younger than its answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

HOUR = 3600

NEIGHBOURS = 3
"""Dated messages on each side that an estimate rests on."""

SORTED_SHARE = 0.005
"""A source with fewer Dates out of order than this share was sorted by a program: mail
that arrives is out of order in one case of four (measured: 256 of 974)."""

SORTED_FROM = 50
"""Fewest dated messages that show whether a source is sorted."""

AROUND = 50
"""Dated messages on each side of one that show whether they are sorted there."""

FALLS_AROUND = 2
"""So few Dates out of order among so many: of mail in order of arrival, 13 are."""

SHOWN_BY = 25
"""Fewest dated messages on a side that show it."""

REPLY_WITHIN = 3 * 24 * HOUR
"""Most answers come within so long."""


class Place(NamedTuple):
    """A message where it stands.

    Attributes:
        key: the message.
        source: what it was found in; position: where, in input order.
        dated: what its Date says, None where it cannot be read.
        utc: its time, None where it is to be estimated.
        parent: key of the message it answers.
    """

    key: int
    source: str
    position: int
    dated: int | None
    utc: int | None
    parent: int | None


class Estimate(NamedTuple):
    """A time that may be off by `error` seconds, and what it comes from."""

    utc: int
    error: int
    detail: str


class _Bounds(NamedTuple):
    """The times of what a message answers and of its first answer."""

    after: int | None
    before: int | None


def estimate_all(places: Iterable[Place]) -> dict[int, Estimate]:
    """Estimates for the places without a time, where there is anything to go by."""
    ordered = sorted(places, key=lambda place: (place.source, place.position, place.key))
    bounds = _all_bounds(ordered)
    found: dict[int, Estimate] = {}
    for place in ordered:
        if place.utc is None and (by_replies := _between(bounds[place.key])):
            found[place.key] = by_replies
    for group in _by_source(ordered).values():
        found.update(_by_neighbours(group, bounds))
    return found


def is_sorted(dates: Sequence[int]) -> bool:
    """Whether dates in input order are plainly in order of time, by a program's work."""
    falls = sum(after < before for before, after in pairwise(dates))
    return len(dates) >= SORTED_FROM and falls <= SORTED_SHARE * len(dates)


def _by_source(ordered: Iterable[Place]) -> dict[str, list[Place]]:
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in ordered:
        groups[place.source].append(place)
    return groups


def _all_bounds(places: Sequence[Place]) -> dict[int, _Bounds]:
    """For each place without a time: its parent's, and its earliest answer's."""
    times = {place.key: place.utc for place in places}
    answered: dict[int, int] = {}
    for place in places:
        if place.parent is not None and place.utc is not None:
            answered[place.parent] = min(place.utc, answered.get(place.parent, place.utc))
    return {
        place.key: _Bounds(
            None if place.parent is None else times.get(place.parent),
            answered.get(place.key),
        )
        for place in places
        if place.utc is None
    }


def _between(bounds: _Bounds) -> Estimate | None:
    """From what it answers and its answers alone."""
    after, before = bounds
    if after is not None and before is not None:
        if after > before:
            return None
        error = max((before - after) // 2, HOUR)
        return Estimate(
            (after + before) // 2, error, "between what it answers and its answer"
        )
    if after is not None:
        return Estimate(
            after + REPLY_WITHIN // 2, REPLY_WITHIN // 2, "after what it answers"
        )
    if before is not None:
        return Estimate(
            before - REPLY_WITHIN // 2, REPLY_WITHIN // 2, "before its first answer"
        )
    return None


def _by_neighbours(
    group: Sequence[Place], bounds: Mapping[int, _Bounds]
) -> dict[int, Estimate]:
    """Estimates from the dated messages on both sides in one source."""
    dated = [place for place in group if place.utc is not None]
    found: dict[int, Estimate] = {}
    at = 0
    for place in group:
        if place.utc is not None:
            at += 1
            continue
        before, after = dated[max(at - AROUND, 0) : at], dated[at : at + AROUND]
        if before and after and not (_is_ordered(before) or _is_ordered(after)):
            near = (*before[-NEIGHBOURS:], *after[:NEIGHBOURS])
            times = [other.utc for other in near if other.utc is not None]
            found[place.key] = _among(times, bounds[place.key])
    return found


def _is_ordered(side: Sequence[Place]) -> bool:
    """Whether a program sorted the messages on one side of an undated one.

    One side is enough: at the seam of a sorted file the undated ones stand at its end.
    """
    dates = [place.dated for place in side if place.dated is not None]
    falls = sum(after < before for before, after in pairwise(dates))
    return len(dates) >= SHOWN_BY and falls <= FALLS_AROUND * len(dates) // AROUND


def _among(near: Sequence[int], bounds: _Bounds) -> Estimate:
    """The middle of some times, moved to where its replies allow.

    The bound is half as far again as the farthest of them: it holds in 19 cases of 20.
    """
    middle = median_low(near)
    if bounds.after is not None:
        middle = max(middle, bounds.after)
    if bounds.before is not None:
        middle = min(middle, bounds.before)
    spread = max(abs(time - middle) for time in near)
    error = max(HOUR, spread + spread // 2)
    return Estimate(middle, error, "from the messages before and after it in its source")
