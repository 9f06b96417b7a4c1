"""Does the time grow with the input, or faster? Measured so that load hardly matters.

Times are of the processor in this process, with the garbage collector at rest, in turns
at one size and at twice that size. Of each the best counts, for whatever else a machine
does makes a run slower and never faster. Nothing is said about seconds: a slow machine
is slow at both sizes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any, NamedTuple

MOST = 2.5
"""Most that doubling the input may multiply the time by; 4 is what a square does."""

LEAST_SECONDS = 0.005
"""A timing lasts so long at least: short work gets more input, then is done repeatedly."""

MOST_ENLARGED, MOST_WEIGHT = 16, 64 << 10
"""How many times larger an input is made at most, and up to which octets or characters:
beyond, what a processor keeps near itself no longer holds it, and that would be seen."""

QUICK = 0.001
"""Work that takes less at twice such a size is as quick as copying, or has a limit of
its own; its ratio says nothing."""

LEAST_ROUNDS, MOST_ROUNDS = 3, 30
"""Each size is timed so often; more often only while the growth looks too great."""

REST = 0.05
"""Seconds between those further rounds: a scheduler lets run undisturbed who rested."""


class Growth(NamedTuple):
    """What doubling an input does to the time.

    Attributes:
        size: of the input, in the units of its maker.
        weight: octets or characters of that input; None where it is a structure.
        once: seconds at that size, of one call.
        twice: seconds at twice the size.
    """

    size: int
    weight: int | None
    once: float
    twice: float

    @property
    def ratio(self) -> float:
        """How many times longer twice the input takes."""
        return self.twice / self.once

    @property
    def timed(self) -> bool:
        """Whether it took long enough for its ratio to say something."""
        return self.twice >= QUICK

    @property
    def linear(self) -> bool:
        """Whether that is no more than linear work may need."""
        return self.ratio <= MOST or not self.timed


def measured(
    make: Callable[[int], Any], work: Callable[[Any], object], size: int
) -> Growth:
    """Time some work on an input and on one twice as large.

    Args:
        make: gives an input of a size.
        work: what is timed; it may be called often, and must leave its input alone.
        size: to begin with; it may be enlarged.
    """
    gc.collect()
    largest = MOST_ENLARGED * size
    small = make(size)
    once = seconds(work, small)
    while once < LEAST_SECONDS and size < largest and (weight_of(small) or 0) < MOST_WEIGHT:
        size *= 2
        small = make(size)
        once = seconds(work, small)
    large = make(2 * size)
    calls = 1 + int(LEAST_SECONDS / max(once, LEAST_SECONDS / 1000))
    once, twice = seconds(work, small, calls), seconds(work, large, calls)
    found = Growth(size, weight_of(small), once, twice)
    for done in range(1, MOST_ROUNDS):
        if done >= LEAST_ROUNDS and found.linear:
            break
        if done >= LEAST_ROUNDS:
            time.sleep(REST)
        found = found._replace(
            once=min(found.once, seconds(work, small, calls)),
            twice=min(found.twice, seconds(work, large, calls)),
        )
    return found


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
