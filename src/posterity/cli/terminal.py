"""What the command line looks like: progress on a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

SCHEMA = 1
"""Of everything --json prints; docs/schema.md keeps its history."""


class TerminalProgress:
    """Bars with rate and time left on a terminal; only notes where there is none."""

    def __init__(self) -> None:
        self._bars: Bars | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Begin to draw, where someone watches."""
        if sys.stderr.isatty():
            self._bars = _bars()
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        if self._bars is not None:
            self._bars.stop()

    def stage(self, name: str, total: int | None = None) -> None:
        """Begin a stage of so many steps."""
        if self._bars is not None:
            if self._task is not None:
                self._bars.remove_task(self._task)
            self._task = self._bars.add_task(printable(name), total=total)

    def advance(self, steps: int = 1) -> None:
        """So many more steps are done."""
        if self._bars is not None and self._task is not None:
            self._bars.advance(self._task, steps)

    def note(self, text: str) -> None:
        """One line for the person."""
        line = f"posterity: {printable(text)}"
        if self._bars is not None:
            self._bars.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(line, err=True)


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def printable(text: str) -> str:
    """Text from mail or file names on one line, with no power over the terminal."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def print_json(kind: str, value: object) -> None:
    """Print a value under the schema's version."""
    click.echo(json.dumps({"schema": SCHEMA, kind: value}, ensure_ascii=False, indent=1))


def print_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print columns; numbers to the right, words to the left."""
    if not rows:
        return
    numeric = [all(_is_number(row[at]) for row in rows) for at in range(len(header))]
    widths = [max(len(line[at]) for line in (header, *rows)) for at in range(len(header))]
    for line in (header, *rows):
        cells = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").replace("-", "").strip().isdigit()
