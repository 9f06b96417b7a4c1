"""Runs commands of ours with a fault of the world at a counted place; a process of its own.

It imports everything once and forks for each run, which so costs milliseconds. Reads a
JSON object a line from standard input and answers with one:

    {"argv": [...], "die_at": 7}        end without a word just before the 7th call
    {"argv": [...], "full_at": 3}       the 3rd and every later write finds the disk full
    {"argv": [...], "limits": {...}}    run under limits of the system, by name
    {"argv": [...], "clock": 4e9}       run as if it were that time

    {"status": 0, "text": "what it said", "calls": 41}

The calls counted are those after which a crash finds something else on the disk: every
rename, sync, removal, and commit of a database.
"""

from __future__ import annotations

import errno
import io
import json
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import posterity.cli
import posterity.cli.build
import posterity.cli.site
import posterity.cli.work
import posterity.pipeline
import posterity.render.pages
import posterity.site

KILLED = 137
COUNTED = ("rename", "replace", "fsync", "sync", "unlink", "rmdir")


class Calls:
    """Counts calls, and ends the process before one of them."""

    def __init__(self, die_at: int) -> None:
        self.count = 0
        self._die_at = die_at

    def step(self) -> None:
        """One more call is about to be made."""
        self.count += 1
        if self.count == self._die_at:
            os._exit(KILLED)

    def watch(self) -> None:
        """Stand before the counted functions of the system, and before every commit."""
        for name in COUNTED:
            setattr(os, name, self._before(getattr(os, name)))
        connect = sqlite3.connect

        def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
            database: sqlite3.Connection = connect(*arguments, **options)
            database.set_trace_callback(self._statement)
            return database

        sqlite3.connect = watched  # type: ignore[assignment]

    def _before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: Any, **options: Any) -> Any:
            self.step()
            return call(*arguments, **options)

        return stepped

    def _statement(self, sql: str) -> None:
        if sql.startswith("COMMIT"):
            self.step()


def fill_disk(at: int) -> None:
    """Let every write from the at-th on find no room."""
    write = os.write
    count = 0

    def full(handle: int, octets: bytes) -> int:
        nonlocal count
        count += handle > 2
        if count >= at and handle > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, octets)

    os.write = full  # type: ignore[assignment]


def set_clock(now: float) -> None:
    """Let it be another time."""
    time.time = lambda: now


def run(job: dict[str, Any]) -> int:
    """In the child: the command, with its fault."""
    for name, value in job.get("limits", {}).items():
        number = getattr(resource, f"RLIMIT_{name}")
        resource.setrlimit(number, (value, resource.getrlimit(number)[1]))
    if "full_at" in job:
        fill_disk(job["full_at"])
    if "clock" in job:
        set_clock(job["clock"])
    sys.argv = ["posterity", *job["argv"]]
    try:
        posterity.cli.main()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1


def answered(job: dict[str, Any]) -> dict[str, Any]:
    """Fork, run, and tell."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as counted:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            for name, handle in (("stdout", 1), ("stderr", 2)):
                raw = io.FileIO(handle, "wb", closefd=False)
                setattr(sys, name, io.TextIOWrapper(raw, write_through=True))
            calls = Calls(job.get("die_at", 0))
            calls.watch()
            status = run(job)
            os.pwrite(counted.fileno(), str(calls.count).encode("ascii"), 0)
            os._exit(status)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        counted.seek(0)
        return {
            "status": os.waitstatus_to_exitcode(status),
            "text": said.read().decode("utf-8", "replace"),
            "calls": int(counted.read() or b"0"),
        }


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answered(json.loads(line))) + "\n")
        sys.stdout.flush()
