"""A patch as a reviewer wants it: which files, how much of each, and what each line is.

A unified hunk is read by its counts, so that a removed line of dashes is no header.

Source: POSIX.1 diff, the formats -u, -c and default; git-diff(1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from posterity.render.html import clip

MOST_FILES = 200
"""Files that are listed of one message."""

MAX_NAME = 100
"""Characters shown of a file's name."""

HEADER, HUNK, ADDED, REMOVED, SAME = "b", "i", "ins", "del", ""

_UNIFIED = re.compile(r"@@ -\d+(?:,(\d{1,9}))? \+\d+(?:,(\d{1,9}))? @@")
_SIDE = re.compile(r"(?:\*\*\* \d+(?:,\d+)? \*{4}|--- \d+(?:,\d+)? -{4})")
_PLAIN = re.compile(r"\d+(?:,\d+)?[acd]\d+(?:,\d+)?[ \t]*$")
_NAME = re.compile(r"(?:\+\+\+|---|\*\*\*|Index:) (.{1,300}?)(?:\t.*|[ ]{2,}.*)?$")
_GIT = re.compile(r"diff --git a/(.{1,300}?) b/")
_NO_FILE = "/dev/null"


class Changed(NamedTuple):
    """A file that a patch changes.

    Attributes:
        name: as the patch spells it, "" where it names none.
        line: index of the line where its part of the patch begins.
        added, removed: lines.
    """

    name: str
    line: int
    added: int
    removed: int


class Patch:
    """Reads the lines of one patch, in order.

    Attributes:
        kinds: what each line is.
        files: in order, the one under way last.
    """

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.files: list[Changed] = []
        self._old = self._new = 0  # lines left of a unified hunk
        self._side = ""  # of a context hunk: * old, - new
        self._in_header = False

    def read(self, lines: Sequence[str], first: int, end: int) -> None:
        """Read lines[first:end]."""
        for at in range(first, end):
            if self._old + self._new > 0 and _is_next(lines, at):
                self._old = self._new = 0  # the hunk was cut, or its counts are wrong
            kind = self._kind(lines[at], at)
            self.kinds.append(kind)
            if kind in {ADDED, REMOVED} and self.files:
                self._count(kind)

    def _count(self, kind: str) -> None:
        last = self.files[-1]
        if kind == ADDED:
            self.files[-1] = last._replace(added=last.added + 1)
        else:
            self.files[-1] = last._replace(removed=last.removed + 1)

    def _kind(self, line: str, at: int) -> str:
        if self._old > 0 or self._new > 0:
            kind = self._in_hunk(line[:1])
            if kind is not None:
                return kind
        found = _UNIFIED.match(line)
        if found:
            self._old, self._new = (int(n) if n else 1 for n in found.groups())
            return self._hunk(at, "")
        if _SIDE.match(line) or _PLAIN.match(line):
            return self._hunk(at, line[0])
        if line.startswith("***************"):
            return self._hunk(at, "*")
        if self._side:
            kind = self._beside(line[:2])
            if kind is not None:
                return kind
        return self._header(line, at) if line else SAME

    def _in_hunk(self, mark: str) -> str | None:
        """A line of a unified hunk; None where the hunk has ended early."""
        if mark == "+":
            self._new -= 1
            return ADDED
        if mark == "-":
            self._old -= 1
            return REMOVED
        if mark in {" ", "\t", ""}:
            self._old -= 1
            self._new -= 1
            return SAME
        if mark == "\\":
            return SAME
        self._old = self._new = 0
        return None

    def _beside(self, mark: str) -> str | None:
        """A line of a context or plain hunk; None where it has ended."""
        if mark in {"+ ", "> ", "+", ">"}:
            return ADDED
        if mark in {"- ", "< ", "-", "<"}:
            return REMOVED
        if mark in {"! ", "!"}:
            return ADDED if self._side == "-" else REMOVED
        return SAME if mark in {"  ", "", "\\ "} or mark == "--" else None

    def _hunk(self, at: int, side: str) -> str:
        if not self.files:
            self.files.append(Changed("", at, 0, 0))
        self._side = side
        self._in_header = False
        return HUNK

    def _header(self, line: str, at: int) -> str:
        self._side = ""
        if not self._in_header:
            self._in_header = True
            self.files.append(Changed("", at, 0, 0))
        found = _GIT.match(line) or _NAME.match(line)
        if found and found[1] != _NO_FILE:
            name = found[1]
            if name.startswith(("a/", "b/")):
                name = name[2:]
            self.files[-1] = self.files[-1]._replace(name=clip(name, MAX_NAME))
        return HEADER


def _is_next(lines: Sequence[str], at: int) -> bool:
    """Whether a file's headers and its first hunk begin here."""
    return (
        lines[at].startswith("--- ")
        and at + 2 < len(lines)
        and lines[at + 1].startswith("+++ ")
        and lines[at + 2].startswith("@@ ")
    )
