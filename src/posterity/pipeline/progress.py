"""How long work tells how far it is; the command line draws it, tests ignore it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of stages and steps; never asked anything."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Begin a stage of so many steps, None where nobody knows."""

    def advance(self, steps: int = 1) -> None:
        """So many more steps are done."""

    def note(self, text: str) -> None:
        """One line for the person: something was left out, or is odd."""


class NoProgress:
    """Silence."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Begin a stage."""

    def advance(self, steps: int = 1) -> None:
        """Go on."""

    def note(self, text: str) -> None:
        """Say something."""
