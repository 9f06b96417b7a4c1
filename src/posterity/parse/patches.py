"""Diffs in the text: unified, context and plain, with git's and CVS's headers.

    diff -u old new        headers, any number, or none
    --- old
    +++ new
    @@ -1,2 +1,3 @@        a hunk says how many lines it has, and is read by count

Only what holds a hunk is a patch: a line of dashes or stars alone is none.

Source: POSIX.1 diff, the formats -u, -c and default; git-diff(1).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from posterity.model import SegmentKind
from posterity.parse.sheet import Sheet

_HEADER: Final = re.compile(
    r"diff |index [0-9a-f]|Index:|={20}|(?:old|new|deleted file|new file) mode |similarity "
    r"|dissimilarity |rename |copy |--- \S|\+\+\+ \S|\*\*\* \S|RCS file:|retrieving revision"
    r"|Only in |Binary files |Prereq:"
)
_UNIFIED: Final = re.compile(r"@@ -\d+(?:,(\d{1,9}))? \+\d+(?:,(\d{1,9}))? @@")
_CONTEXT: Final = re.compile(r"\*{15}")
_OLD_SIDE: Final = re.compile(r"\*\*\* \d+(?:,\d+)? \*{4}")
_NEW_SIDE: Final = re.compile(r"--- \d+(?:,\d+)? -{4}")
_CONTEXT_LINE: Final = re.compile(r"[ !+-][ \t]|\\ |$")
_PLAIN: Final = re.compile(r"\d+(?:,\d+)?[acd]\d+(?:,\d+)?[ \t]*$")
_PLAIN_LINE: Final = re.compile(r"[<>](?:[ \t]|$)|---[ \t]*$|\\ ")
_MAX_HEADER: Final = 12
"""Header lines before a file's first hunk; git writes at most seven."""
_MAX_LINE: Final = 998


def patch(sheet: Sheet, first: int) -> int:
    """Mark the patch that begins at a line; gives the line after it, -1 for none."""
    lines = sheet.lines
    end = at = first
    while at < len(lines):
        start = _skip_header(lines, at)
        after = _hunk(lines, start)
        if after == start:
            break
        end = at = after
    if end == first:
        return -1
    sheet.mark(SegmentKind.PATCH, first, end)
    return end


def _skip_header(lines: Sequence[str], at: int) -> int:
    """The line after a file's headers, blank lines between files counted in."""
    stop = min(len(lines), at + _MAX_HEADER)
    while at < stop and (not lines[at] or _HEADER.match(lines[at])):
        at += 1
    return at


def _hunk(lines: Sequence[str], at: int) -> int:
    """The line after the hunk at a line; the same line where there is none."""
    if at >= len(lines) or len(lines[at]) > _MAX_LINE:
        return at
    unified = _UNIFIED.match(lines[at])
    if unified:
        old, new = (int(count) if count else 1 for count in unified.groups())
        return _unified(lines, at + 1, old, new)
    if _CONTEXT.match(lines[at]) and at + 1 < len(lines) and _OLD_SIDE.match(lines[at + 1]):
        return _context(lines, at + 2)
    if _PLAIN.match(lines[at]) and at + 1 < len(lines) and _PLAIN_LINE.match(lines[at + 1]):
        return _while(_PLAIN_LINE, lines, at + 1)
    return at


def _unified(lines: Sequence[str], at: int, old: int, new: int) -> int:
    """Read a unified hunk by its counts; a line that fits none ends it early."""
    while at < len(lines) and (old > 0 or new > 0):
        mark = lines[at][:1]
        if mark in {" ", "\t", ""}:
            old, new = old - 1, new - 1
        elif mark == "-":
            old -= 1
        elif mark == "+":
            new -= 1
        elif mark != "\\":
            break
        at += 1
    return at + 1 if at < len(lines) and lines[at].startswith("\\ ") else at


def _context(lines: Sequence[str], at: int) -> int:
    """Read both sides of a context hunk."""
    at = _while(_CONTEXT_LINE, lines, at, _NEW_SIDE)
    if at < len(lines) and _NEW_SIDE.match(lines[at]):
        at = _while(_CONTEXT_LINE, lines, at + 1, _OLD_SIDE)
    while not lines[at - 1]:
        at -= 1
    return at


def _while(
    wanted: re.Pattern[str],
    lines: Sequence[str],
    at: int,
    unless: re.Pattern[str] | None = None,
) -> int:
    """The first line from at on that the pattern does not match, or the other one does."""
    while at < len(lines) and wanted.match(lines[at]):
        if unless and unless.match(lines[at]):
            break
        at += 1
    return at
