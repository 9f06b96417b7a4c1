"""Wrong clocks that slow mail hides, found by the steps they make in a sorted source.

When mail takes hours, lags spread out and `clocks` is silent. But where the messages of
a source otherwise stand in order of time, a run whose clock was wrong shows: its Dates
leap by the error where it begins and fall back where it ends, or the other way round.
A fall has no natural cause there; a night makes a leap. Two witnesses are asked:

    the order of time    the fall and the leap are of one size
    the Message-IDs      the lags rise and sink by that size at the same two places
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median_low
from typing import NamedTuple

from posterity.relate.clocks import HOUR, MAX_SHIFT, MIN_SLOW, Tick, WrongRun
from posterity.relate.estimates import is_sorted

MAX_FALLS = 20
"""A source with more places where time falls back is not in order of time."""

MAX_LEAPS = 100
"""How many leaps, the nearest first, are tried as the other end of a run."""

MAX_GAP = 4 * HOUR
"""How long before a run no mail may have come, which the leap contains and the fall
lacks."""

LEAST_STEP = 4 * HOUR
"""A smaller error is not told from the changing pace of slow mail."""

ALIKE = 0.7
"""Share of a run's lags that, less its error, must lie where those outside lie, between
their twentieth and their 85th hundredth, give or take an hour."""

EDGE = 50
"""Stamps beside an edge whose median lag is compared with that on its other side."""

_HALF = 1800


class _Run(NamedTuple):
    """Ticks first..past-1, whose clock was wrong by least..most seconds."""

    first: int
    past: int
    least: int
    most: int


def stepped_runs(ticks: Sequence[Tick]) -> list[WrongRun]:
    """Runs between a leap and a fall that the Message-IDs confirm; none in good data.

    Args:
        ticks: of one whole source, in input order.
    """
    times = [tick.utc for tick in ticks]
    if not is_sorted(times):
        return []
    runs: list[WrongRun] = []
    taken: set[int] = set()
    for fall in _falls(times):
        proved = filter(None, (_prove(ticks, run) for run in _pairs(times, fall)))
        run = next(proved, None)
        if run and taken.isdisjoint(run.keys):
            taken.update(run.keys)
            runs.append(run)
    return runs


def _falls(times: Sequence[int]) -> list[int]:
    """Where time falls back by more than an hour: places of the first tick after."""
    falls = [
        at
        for at in range(1, len(times))
        if HOUR < times[at - 1] - times[at] <= MAX_SHIFT + HOUR
    ]
    return falls if len(falls) <= MAX_FALLS else []


def _pairs(times: Sequence[int], fall: int) -> Iterator[_Run]:
    """The runs that a fall may end or begin, the shortest first."""
    least = times[fall - 1] - times[fall]
    tried = 0
    for away in range(MIN_SLOW, len(times)):
        for leap in (fall - away, fall + away):
            if not 0 < leap < len(times):
                continue
            most = times[leap] - times[leap - 1]
            if least - _HALF <= most <= least + MAX_GAP:
                tried += 1
                low, high = sorted((least, most))
                yield (
                    _Run(leap, fall, low, high)
                    if leap < fall
                    else _Run(fall, leap, -high, -low)
                )
        if tried >= MAX_LEAPS:
            return


def _prove(ticks: Sequence[Tick], run: _Run) -> WrongRun | None:
    """The run, if the lags take the same two steps and then agree with those outside."""
    before, after = _edge(ticks, run.first, -1), _edge(ticks, run.past - 1, 1)
    start, end = _edge(ticks, run.first - 1, 1), _edge(ticks, run.past, -1)
    if min(len(before), len(after), len(start), len(end)) < MIN_SLOW // 2:
        return None
    steps = (median_low(start) - median_low(before), median_low(end) - median_low(after))
    shift = _round(sum(steps) // 2, run.least, run.most)
    slack = HOUR // 2 + abs(shift) // 4
    if abs(shift) <= LEAST_STEP or any(abs(step - shift) > slack for step in steps):
        return None
    inside = _lags(ticks[run.first : run.past])
    if len(inside) < MIN_SLOW or not _is_level(inside, before, after, shift):
        return None
    agreeing = _alike(inside, sorted(before + after), shift)
    if agreeing <= ALIKE * len(inside):
        return None
    keys = tuple(tick.key for tick in ticks[run.first : run.past])
    return WrongRun(keys, shift, agreeing, len(inside))


def _is_level(
    inside: Sequence[int], before: Sequence[int], after: Sequence[int], shift: int
) -> bool:
    """Whether the whole run, less its error, is level with both sides, and likelier.

    Two steps alone may be a queue that was stuck twice; and of two stretches that
    differ, the one whose lags are nearer to none is the right one.
    """
    whole = median_low(inside)
    far = abs(shift) // 2 - HOUR
    outside = (median_low(before), median_low(after))
    return (
        all(abs(whole - shift - level) <= far for level in outside)
        and abs(outside[0] - outside[1]) <= far
        and abs(whole - shift) < abs(whole)
    )


def _alike(inside: Sequence[int], outside: Sequence[int], shift: int) -> int:
    """How many lags of a run, less its error, lie where the sorted ones outside lie."""
    low = outside[len(outside) // 20] - HOUR
    high = outside[len(outside) * 17 // 20] + HOUR
    return sum(low <= lag - shift <= high for lag in inside)


def _lags(ticks: Sequence[Tick]) -> list[int]:
    return [tick.lag for tick in ticks if tick.lag is not None]


def _edge(ticks: Sequence[Tick], at: int, step: int) -> list[int]:
    """The nearest lags outside a run, going away from it."""
    lags: list[int] = []
    at += step
    while 0 <= at < len(ticks) and len(lags) < EDGE:
        lag = ticks[at].lag
        if lag is not None:
            lags.append(lag)
        at += step
    return lags


def _round(guess: int, least: int, most: int) -> int:
    """A whole hour between two bounds that is near a guess, or else a half hour."""
    clamped = min(max(guess, least), most)
    for unit in (HOUR, _HALF):
        nearest = round(clamped / unit) * unit
        for number in (nearest, nearest - unit, nearest + unit):
            if least <= number <= most and abs(number - clamped) <= HOUR:
                return number
    return clamped
