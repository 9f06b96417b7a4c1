"""A stream, what it is called, and what lies inside a container."""

from __future__ import annotations

from typing import NamedTuple

from posterity.sources.detect import HEAD, Shape
from posterity.sources.extent import Extent


class Unwrapped(NamedTuple):
    """A stream without its wrapping, its shape, and why it ends early ("" if not)."""

    extent: Extent
    shape: Shape
    truncated: str

    def head(self) -> bytes:
        """Its first octets (read again, for thousands of these may wait)."""
        return self.extent.read(0, HEAD)


class Named(NamedTuple):
    """A stream under the names of what was given and of its member there."""

    name: str
    member: str
    content: Unwrapped

    @property
    def base(self) -> str:
        """The last part of the member's name."""
        return self.member.rpartition("/")[2]

    @property
    def shown(self) -> str:
        """Name and member, for messages to people."""
        return f"{self.name}: {self.member}" if self.member else self.name


class Entry(NamedTuple):
    """A file, or something else, inside a folder or an archive.

    Attributes:
        raw: its path there, `/` between parts, as octets.
        extent: where its content lies; None for a folder and for what can't be read.
        problem: why it can't be read, "" for what can.
        repository: the path of a git repository, "" for all else.
        truncated: why its content ends early, "" where it is whole.
    """

    raw: bytes
    extent: Extent | None
    problem: str = ""
    repository: str = ""
    truncated: str = ""

    @property
    def folder(self) -> bytes:
        """The path without its last part."""
        return self.raw.rpartition(b"/")[0]

    @property
    def base(self) -> bytes:
        """The last part of the path."""
        return self.raw.rpartition(b"/")[2]


def shown(raw: bytes) -> str:
    """A file name for people and logs: what is no printable UTF-8 is escaped."""
    text = raw.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode()
        for mark in text
    )
