"""Does the time grow with the input, or faster? Measured so that load hardly matters.

Times are of the processor in this process, with the garbage collector at rest, of an
input that is doubled some times. What the median doubling multiplies the time by is 2
for linear work and 4 for a square. A larger input that no longer fits where memory is
quick makes one doubling dear; what a busy machine adds to one time, it adds to the ratio
before and takes from the one after: neither moves the median. Nothing is said about
seconds: a slow machine is slow at every size.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

MOST = 2.5
"""Most that doubling the input may multiply the time by; 4 is what a square does."""

DOUBLINGS = 4
"""From the smallest input to the largest."""

LEAST_SECONDS = 0.005
"""A timing lasts so long at least: quick work gets more input, then is done repeatedly."""

MOST_ENLARGED, MOST_WEIGHT = 16, 64 << 10
"""How many times larger an input is made at most, and up to which octets or characters:
beyond, memory is asked of the system for each call, and caches overflow: both are seen."""

QUICK = 0.0003
"""Work that takes less on the largest input is as quick as copying, or has a limit of its
own; its ratio says nothing."""

ROUNDS = 6
"""Each size is timed so often, the best counts; once is enough where that is linear."""

REST = 0.05
"""Seconds between rounds: a scheduler lets run undisturbed who rested."""


class Growth(NamedTuple):
    """What doubling an input does to the time.

    Attributes:
        size: of the largest input, in the units of its maker.
        weight: its octets or characters; None where it is a structure.
        times: seconds that one call takes, on the smallest input, on twice as much, ...
    """

    size: int
    weight: int | None
    times: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times longer twice the input takes."""
        return median(longer / shorter for shorter, longer in pairwise(self.times))

    @property
    def timed(self) -> bool:
        """Whether it took long enough for its ratio to say something."""
        return self.times[-1] >= QUICK

    @property
    def linear(self) -> bool:
        """Whether that is no more than linear work may need."""
        return self.ratio <= MOST or not self.timed


def measured(
    make: Callable[[int], Any],
    work: Callable[[Any], object],
    size: int,
    doublings: int = DOUBLINGS,
) -> Growth:
    """Time some work on inputs of growing size.

    Args:
        make: gives an input of a size.
        work: what is timed; it may be called often, and must leave its input alone.
        size: half of the largest to begin with; it may be enlarged.
        doublings: how often the smallest input is doubled to get the largest.
    """
    gc.collect()
    smallest = max(1, size >> (doublings - 1))
    size = smallest << doublings
    largest = make(size)
    while (
        size < MOST_ENLARGED * (smallest << doublings)
        and 2 * (weight_of(largest) or 0) <= MOST_WEIGHT
        and seconds(work, largest) < LEAST_SECONDS
    ):
        size *= 2
        largest = make(size)
    inputs = [*(make(size >> by) for by in range(doublings, 0, -1)), largest]
    found = Growth(size, weight_of(largest), _timed(work, inputs))
    for _ in range(1, ROUNDS):
        if found.linear:
            break
        time.sleep(REST)
        found = found._replace(times=tuple(map(min, found.times, _timed(work, inputs))))
    return found


def _timed(work: Callable[[Any], object], inputs: Sequence[Any]) -> tuple[float, ...]:
    """Seconds of one call on each input; what is short is done repeatedly."""
    found = []
    for given in inputs:
        once = seconds(work, given)
        calls = int(LEAST_SECONDS / max(once, LEAST_SECONDS / 1000))
        found.append(min(once, seconds(work, given, calls)) if calls else once)
    return tuple(found)


def weight_of(made: object) -> int | None:
    """Octets or characters of an input, None where it is neither."""
    return len(made) if isinstance(made, bytes | str) else None


def seconds(work: Callable[[Any], object], given: Any, calls: int = 1) -> float:
    """Time of the processor that one call takes, of so many in a row."""
    gc.disable()
    try:
        began = time.process_time()
        for _ in range(calls):
            work(given)
        return (time.process_time() - began) / calls
    finally:
        gc.enable()
