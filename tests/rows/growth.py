"""Does the time grow with the input, or faster? Measured so that load hardly matters.

Times are of the processor in this process, with the garbage collector at rest, at one
size and at sixteen times that size. Four doublings multiply what linear work needs by 16
and what a square needs by 256, and no busy machine is mistaken by as much. Nothing is
said about seconds: a slow machine is slow at both sizes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

MOST = 2.5
"""Most that doubling the input may multiply the time by; 4 is what a square does."""

DOUBLINGS = 4
"""From the small input to the large one."""

LEAST_SECONDS = 0.005
"""A timing lasts so long at least: quick work gets more input, then is done repeatedly."""

MOST_ENLARGED, MOST_WEIGHT = 16, 64 << 10
"""How many times larger an input is made at most, and up to which octets or characters:
beyond, memory is asked of the system for each call, and caches overflow: both are seen."""

QUICK = 0.0003
"""Work that takes less on such an input is as quick as copying, or has a limit of its
own; its ratio says nothing."""

ROUNDS = 6
"""Both sizes are timed so often, the best counts; once is enough where that is linear."""

REST = 0.05
"""Seconds between rounds: a scheduler lets run undisturbed who rested."""


class Growth(NamedTuple):
    """What enlarging an input does to the time.

    Attributes:
        size: of the small input, in the units of its maker.
        weight: octets or characters of the large one; None where it is a structure.
        doublings: how often the small one was doubled.
        small: seconds that one call takes on the small input.
        large: on the large one.
    """

    size: int
    weight: int | None
    doublings: int
    small: float
    large: float

    @property
    def ratio(self) -> float:
        """How many times longer twice the input takes."""
        return float((self.large / self.small) ** (1 / self.doublings))

    @property
    def timed(self) -> bool:
        """Whether it took long enough for its ratio to say something."""
        return self.large >= QUICK

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
    """Time some work on a small and on a large input.

    Args:
        make: gives an input of a size.
        work: what is timed; it may be called often, and must leave its input alone.
        size: the large input has twice this size to begin with; it may be enlarged.
        doublings: how often the small input is doubled to get the large one.
    """
    gc.collect()
    smallest = max(1, size >> (doublings - 1))
    size = smallest
    given = make(size << doublings)
    large = seconds(work, given)
    while (
        large < LEAST_SECONDS
        and size < MOST_ENLARGED * smallest
        and 2 * (weight_of(given) or 0) <= MOST_WEIGHT
    ):
        size *= 2
        given = make(size << doublings)
        large = seconds(work, given)
    inputs = (make(size), given)
    found = Growth(size, weight_of(given), doublings, *_timed(work, inputs))
    for _ in range(1, ROUNDS):
        if found.linear:
            break
        time.sleep(REST)
        small, large = _timed(work, inputs)
        found = found._replace(small=min(found.small, small), large=min(found.large, large))
    return found


def _timed(work: Callable[[Any], object], inputs: tuple[Any, Any]) -> Iterator[float]:
    """Seconds of one call on each input; what is short is done repeatedly."""
    for given in inputs:
        once = seconds(work, given)
        calls = int(LEAST_SECONDS / max(once, LEAST_SECONDS / 1000))
        yield min(once, seconds(work, given, calls)) if calls else once


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
