"""Code between fences: lines of three backticks or tildes, as people write it in mail.

What stands between them is code because its writer says so; it stays in fixed pitch,
blank lines and all. Colour is little: comments and strings, by a rule that most
languages share.

Source: CommonMark 0.31 §4.5 (fenced code blocks), without its indentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MAX_LINE = 300
"""Characters of a line that is coloured."""

_OPENS = re.compile(r"(```+|~~~+)[ ]?([\w+#.-]{0,30})[ ]*$")
_PIECE = re.compile(
    r"(\"(?>(?:[^\"\\]++|\\.)*)\"|(?<![A-Za-z0-9])'(?>(?:[^'\\]++|\\.)*)')|((?:#|//|/\*|&lt;!--)(?:[ \t!*].*|$)|--[ ].*)"
)


def has_fences(text: str) -> bool:
    """Whether a text may hold fences: asked of every text, so in one look."""
    return "```" in text or "~~~" in text


def fences(lines: Sequence[str], first: int, end: int) -> Iterator[tuple[int, int]]:
    """The fenced blocks among lines[first:end]: (opening line, line after the closing).

    A fence that is not closed is none.
    """
    closers: dict[str, list[int]] = {}
    for at in range(end - 1, first - 1, -1):
        line = lines[at].rstrip()
        if line[:3] in {"```", "~~~"} and line == line[0] * len(line):
            closers.setdefault(line, []).append(at)
    at = first
    while at < end:
        found = _OPENS.match(lines[at])
        if found:
            places = closers.get(found[1], [])
            while places and places[-1] <= at:
                places.pop()
            if places:
                yield at, places[-1] + 1
                at = places[-1]
        at += 1


def coloured(row: str) -> str:
    """A line of code with its strings and its comment marked.

    Args:
        row: escaped; one that holds a link is left as it is.
    """
    if "<" in row or len(row) > MAX_LINE:
        return row
    return _PIECE.sub(_marked, row)


def _marked(found: re.Match[str]) -> str:
    return f"<b>{found[1]}</b>" if found[1] else f"<i>{found[2]}</i>"
