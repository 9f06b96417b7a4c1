"""What long commands say as they go: for a person, or one JSON object a line.

A line of the JSON form is an event with its own fields, `docs/schema.md` has their list:
`stage` when one begins, `stage-done` with its seconds, `note` for what a person should
know, and at the end what the command did (`import`, `site`).
"""

from __future__ import annotations

import json
import time
from types import TracebackType
from typing import Self

import click

from posterity.cli.options import LOG_FORMAT
from posterity.cli.terminal import SCHEMA, TerminalProgress


class Log(TerminalProgress):
    """Lines and bars for a person."""

    def event(self, kind: str, text: str, **fields: object) -> None:
        """Say what was done, in words; fields are for machines."""
        del kind, fields
        click.echo(text, err=True)


class JsonLog(Log):
    """One JSON object a line on standard error, and no bars."""

    def __init__(self) -> None:
        super().__init__()
        self._stage = ""
        self._begun = 0.0

    def __enter__(self) -> Self:
        """Begin; nothing is drawn."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the last stage."""
        self._end_stage()

    def stage(self, name: str, total: int | None = None) -> None:
        """Begin a stage of so many steps."""
        self._end_stage()
        self._stage, self._begun = name, time.monotonic()
        self._print("stage", stage=name, total=total)

    def advance(self, steps: int = 1) -> None:
        """Say nothing: a log has lines, not bars."""

    def note(self, text: str) -> None:
        """One line for the person."""
        self._print("note", text=text)

    def event(self, kind: str, text: str, **fields: object) -> None:
        """Say what was done, in fields."""
        del text
        self._print(kind, **fields)

    def _end_stage(self) -> None:
        if self._stage:
            seconds = round(time.monotonic() - self._begun, 3)
            self._print("stage-done", stage=self._stage, seconds=seconds)
            self._stage = ""

    def _print(self, kind: str, **fields: object) -> None:
        click.echo(json.dumps({"schema": SCHEMA, "event": kind, **fields}), err=True)


def log() -> Log:
    """The log in the form that the command was asked for."""
    context = click.get_current_context()
    return JsonLog() if context.meta[LOG_FORMAT] == "json" else Log()
