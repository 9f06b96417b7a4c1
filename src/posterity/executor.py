"""Where work runs: one shard in, one small result out.

A shard is a picklable value, the work a module-level function. Results come back in
the order of the shards, so what is made of them does not depend on how many workers
there were. Mail never travels through the pipe: workers read byte ranges and the store
themselves. Another executor (a cluster's, say) need only offer the same `map`.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from itertools import islice
from types import TracebackType
from typing import Protocol, Self, TypeVar

from posterity.errors import WorkerLostError

Shard = TypeVar("Shard")
Result = TypeVar("Result")


HEARTBEAT = 0.25
"""Seconds after which a worker sees that its parent is gone."""


class Executor(Protocol):
    """Runs a function over shards."""

    def map(
        self,
        work: Callable[[Shard], Result],
        shards: Iterable[Shard],
        *,
        eager: bool = False,
    ) -> Iterator[Result]:
        """Give work(shard) for each shard, in order; raises what work raised.

        Args:
            work: a module-level function.
            shards: what it is called with.
            eager: begin all of them now, where that is possible, so that the caller may
                do something else meanwhile; for shards with small results.
        """


class SerialExecutor:
    """Everything in this process; a context manager like the other."""

    def __enter__(self) -> Self:
        """Nothing to start."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to stop."""

    def map(
        self,
        work: Callable[[Shard], Result],
        shards: Iterable[Shard],
        *,
        eager: bool = False,  # noqa: ARG002  nobody else is there to begin
    ) -> Iterator[Result]:
        """Give work(shard) for each shard, each when it is asked for."""
        return map(work, shards)


class ProcessExecutor:
    """A pool of processes on this machine; a context manager."""

    def __init__(self, jobs: int) -> None:
        # Forking costs milliseconds, spawning imports everything anew; only Linux
        # forks safely, and only before any thread or connection exists.
        method = "fork" if sys.platform == "linux" else "spawn"
        self._pool = ProcessPoolExecutor(
            jobs,
            mp_context=multiprocessing.get_context(method),
            initializer=_die_with,
            initargs=(os.getpid(),),
        )
        self._ahead = 2 * jobs
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Start the workers now, while this process holds no database open."""
        self._stack.enter_context(self._pool)
        with _told_when_lost():
            self._pool.submit(int).result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the pool; what has not begun is dropped when an error is under way."""
        if kind is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._stack.close()

    def map(
        self,
        work: Callable[[Shard], Result],
        shards: Iterable[Shard],
        *,
        eager: bool = False,
    ) -> Iterator[Result]:
        """Give results in order; the first shards, or all, begin at once.

        Unless all do, only a few shards are held ahead of the reader.

        Raises:
            WorkerLostError: a worker was killed.
        """
        rest = iter(shards)
        first = islice(rest, None if eager else self._ahead)
        with _told_when_lost():
            pending = deque(self._pool.submit(work, shard) for shard in first)
        return self._results(work, pending, rest)

    def _results(
        self,
        work: Callable[[Shard], Result],
        pending: deque[Future[Result]],
        rest: Iterator[Shard],
    ) -> Iterator[Result]:
        for shard in rest:
            with _told_when_lost():
                pending.append(self._pool.submit(work, shard))
                result = pending.popleft().result()
            yield result
        while pending:
            with _told_when_lost():
                result = pending.popleft().result()
            yield result


@contextmanager
def _told_when_lost() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise WorkerLostError(
            "a worker process was killed, perhaps for want of memory; run the command"
            " again, with fewer --jobs where memory is short"
        ) from error


def executor(jobs: int) -> SerialExecutor | ProcessExecutor:
    """The executor for a number of jobs: this process for 1, a pool for more."""
    return SerialExecutor() if jobs <= 1 else ProcessExecutor(jobs)


def _die_with(parent: int) -> None:
    """Make a worker end when its parent is gone, killed before it could say so."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(HEARTBEAT)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
