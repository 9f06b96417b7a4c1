"""Clocks that were provably wrong, and by how much.

A clock here is one zone string in one source: mail archivers and gateways rewrite Date
with their own clock, and when that machine's zone is set wrong, a run of messages is
off by the same whole hours until somebody notices. The Message-IDs of those messages,
made by many other machines, tell.

For each message with a UTC stamp, its lag is its Date less its stamp: nearly always a
few seconds or minutes, the time mail takes, sometimes hours where a queue was stuck. A
wrong clock is a run, in input order, where

    more than AGREE of the lags lie within an hour of their median, which exceeds an hour
    and most of those lie together (SHARP): slow mail spreads out, a wrong clock does not
    and many hosts' stamps say so, with none of them needed (MIN_SLOW, MIN_FAST)

Runs are found by one pass for each error that many stamps show: a lag that agrees
counts for it, another against, so that a run ends where agreement does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from statistics import median_low
from typing import NamedTuple

HOUR = 3600

AGREE = 0.8
"""Share of a run's lags that must lie within TOLERANCE of their median."""

TOLERANCE = HOUR
"""How far a lag may be from the run's median and agree, in seconds."""

SHARP = 0.7
"""Share of a run's lags that must lie within half an hour."""

MIN_PIECE = 8
"""Fewest stamps of a further run of a clock that another run has proved wrong so."""

MIN_SLOW = 20
"""Fewest agreeing stamps that prove a clock slow, the commonest host's left out: a Date
before its message was made has no other cause."""

MIN_FAST = 100
"""And fast: a queue that is stuck and let go makes a few dozen alike (measured: 29 in a
run, in 65,666 messages)."""

MAX_SHIFT = 26 * HOUR
"""The largest error a zone alone can make: UTC-12 taken for UTC+14."""

PATIENCE = 10
"""So many more disagreeing lags end a run."""

MAX_CANDIDATES = 32
"""How many different errors are looked for in one clock, the commonest first."""

_HALF = 1800
_NEAR_HALF = 600


class Tick(NamedTuple):
    """One message on one clock, in input order.

    Attributes:
        key: the message.
        utc: what its Date says.
        lag: utc less the time in its Message-ID, None where that has no UTC time.
        host: that made the Message-ID.
    """

    key: int
    utc: int
    lag: int | None
    host: str


_Witness = tuple[int, Tick]
"""A tick that has a lag, with its place among all ticks."""


class WrongRun(NamedTuple):
    """A run of messages whose clock was wrong.

    Attributes:
        keys: the messages whose Date is to be shifted.
        shift: what to subtract from it, in seconds.
        agreeing: how many stamps say so.
        stamped: of how many in the run.
    """

    keys: tuple[int, ...]
    shift: int
    agreeing: int
    stamped: int


def wrong_runs(ticks: Sequence[Tick]) -> list[WrongRun]:
    """The runs of one clock that were provably wrong; none in good data.

    Args:
        ticks: of one clock, in input order.
    """
    witnesses = [(at, tick) for at, tick in enumerate(ticks) if tick.lag is not None]
    runs: list[WrongRun] = []
    taken: set[int] = set()
    for candidate in _candidates(tick for _, tick in witnesses):
        pieces = [witnesses[a:b] for a, b in _agreeing_runs(witnesses, candidate)]
        proved = {_shift(piece) for piece in pieces if _is_proof(piece)}
        for piece in pieces:
            if _shift(piece) in proved and len(piece) >= MIN_PIECE:
                run = _run(ticks, piece, taken)
                taken.update(run.keys)
                runs.append(run)
    return runs


def _candidates(witnesses: Iterable[Tick]) -> list[int]:
    """Lags, rounded to half hours, that enough stamps show; the commonest first."""
    counts = Counter(
        round((tick.lag or 0) / _HALF) * _HALF
        for tick in witnesses
        if HOUR < abs(tick.lag or 0) <= MAX_SHIFT + TOLERANCE
    )
    often = [lag for lag, number in counts.items() if number >= MIN_SLOW // 2]
    return sorted(often, key=lambda lag: (-counts[lag], lag))[:MAX_CANDIDATES]


def _agreeing_runs(
    witnesses: Sequence[_Witness], candidate: int
) -> Iterator[tuple[int, int]]:
    """Runs that mostly agree with a lag: (first, past the last) among the witnesses.

    An agreeing lag scores 1 and another -AGREE / (1 - AGREE), so that a run whose
    score is above 0 agrees by more than AGREE. It ends at its best score, once that is
    PATIENCE disagreeing lags behind.
    """
    against = AGREE / (1 - AGREE)
    total = best = 0.0
    first = past = 0
    for at, (_, tick) in enumerate(witnesses):
        agrees = abs((tick.lag or 0) - candidate) <= TOLERANCE
        if total <= 0:
            total = best = 0.0
            first = at
        total += 1.0 if agrees else -against
        if total > best:
            best, past = total, at + 1
        elif best > 0 and (total <= 0 or total < best - PATIENCE * against):
            yield first, past
            total = best = 0.0
    if best > 0:
        yield first, past


def _is_proof(piece: Sequence[_Witness]) -> bool:
    """Whether a run of witnesses proves its clock wrong."""
    lags = _lags(piece)
    middle = median_low(lags)
    agreeing = [t for _, t in piece if abs((t.lag or 0) - middle) <= TOLERANCE]
    hosts = Counter(tick.host for tick in agreeing)
    return (
        HOUR < abs(middle) <= MAX_SHIFT + TOLERANCE
        and len(agreeing) - max(hosts.values()) >= (MIN_FAST if middle > 0 else MIN_SLOW)
        and len(agreeing) > AGREE * len(lags)
        and _together(lags) > SHARP * len(lags)
    )


def _lags(piece: Sequence[_Witness]) -> list[int]:
    return sorted(tick.lag for _, tick in piece if tick.lag is not None)


def _run(ticks: Sequence[Tick], piece: Sequence[_Witness], taken: set[int]) -> WrongRun:
    """The run of messages that a piece of the witnesses stands for."""
    lags, shift = _lags(piece), _shift(piece)
    agreeing = bisect_right(lags, shift + TOLERANCE) - bisect_left(lags, shift - TOLERANCE)
    keys = _members(ticks, piece[0][0], piece[-1][0], shift)
    return WrongRun(tuple(k for k in keys if k not in taken), shift, agreeing, len(lags))


def _together(lags: Sequence[int]) -> int:
    """The most lags that lie within half an hour of each other."""
    return max(bisect_right(lags, lag + _HALF) - at for at, lag in enumerate(lags))


def _shift(piece: Sequence[_Witness]) -> int:
    """The clock's error: mail takes time, so the smaller lags come nearest to it.

    A wrong zone makes half hours; what is near one is taken for it.
    """
    lags = _lags(piece)
    low = lags[len(lags) // 4]
    half = round(low / _HALF) * _HALF
    return half if abs(low - half) <= _NEAR_HALF else round(low / 60) * 60


def _members(ticks: Sequence[Tick], first: int, last: int, shift: int) -> tuple[int, ...]:
    """The messages of a run: between its witnesses, and beside them where they fit.

    A message whose own stamp agrees with its Date as it is keeps it. Those beside the
    run, up to the next whose Date is right, belong to the side their Date is nearer to.
    """
    inside = [tick for tick in ticks[first : last + 1] if not _is_right(tick)]
    before, after = _beside(ticks, first, -1, shift), _beside(ticks, last, 1, shift)
    return tuple(tick.key for tick in (*reversed(before), *inside, *after))


def _is_right(tick: Tick) -> bool:
    return tick.lag is not None and abs(tick.lag) <= _HALF


def _may_belong(tick: Tick, shift: int) -> bool:
    """Whether a message has no stamp, or one that a slow road makes as late as it is."""
    return tick.lag is None or (not _is_right(tick) and tick.lag >= shift - TOLERANCE)


def _beside(ticks: Sequence[Tick], edge: int, step: int, shift: int) -> list[Tick]:
    """The messages next to a run's edge whose Dates go on as the run's do."""
    inner = ticks[edge].utc
    run: list[Tick] = []
    at = edge + step
    while 0 <= at < len(ticks) and _may_belong(ticks[at], shift):
        run.append(ticks[at])
        at += step
    outer = ticks[at].utc if 0 <= at < len(ticks) else inner - shift
    return list(takewhile(lambda t: abs(t.utc - inner) < abs(t.utc - outer), run))
