"""Which lines of a plain text are prose, and which are drawn, tabled or coded.

Mail says nothing of it: prose, verse, a table and a picture of a cow are lines. But a
writer who fills paragraphs ends a line where the next word would not have fitted; a
line that ends sooner was ended on purpose. Prose is set as paragraphs that flow to the
reader's width, with the purposeful line ends kept; everything whose columns matter is
left in fixed pitch, exactly as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

NARROWEST = 62
"""Columns a filled paragraph has at least, whatever its own lines say."""

WIDEST = 100
"""A line longer than this was not broken by its writer, but by no one."""

FULL = 0.78
"""A line is full when the next word would have passed this share of the width."""

FEWEST_BEFORE = 2
"""Blanks in a line that is a piece of a sentence, and not a salutation."""

ART = 0.12
"""Share of drawing characters from which a run of lines is a drawing."""

_DRAWING = b"|/\\_=+*#~^"
_COLUMN = re.compile(r"\S(?:[ ]{3,}+|\t[ \t]*+)(?=\S)")
_CODE = re.compile(
    r"[;{}][ \t]*$|^[ \t]*(?:#(?:include|define)|\}|/\*|//|[$%] )",
    re.MULTILINE,
)
_RULE = re.compile(r"[-=_*~#.+ \t]{4,}")
_RULE_SIGNS = frozenset("-=_*~#.+ \t")
_LISTED = re.compile(r"[ \t]*(?:[-*+o\u2022\u00b7]|\(?[0-9]{1,3}[.)]|\(?[A-Za-z][.)])[ \t]")
_FIELD = re.compile(r"[A-Z][A-Za-z-]{1,30}:[ \t]")
_MARKS = re.compile(r"[0-9%=<>{}\\/_|]")
_LIST_STARTS = frozenset(" \t-*+o\u2022\u00b7(0123456789")


class Run(NamedTuple):
    """Lines [first, end) of one kind, by index.

    Attributes:
        fixed: their columns matter.
        breaks: for prose, the indices of lines after which the line end is kept.
    """

    first: int
    end: int
    fixed: bool
    breaks: frozenset[int]


_NO_BREAKS: frozenset[int] = frozenset()


def runs(lines: Sequence[str], first: int, end: int, *, joined: bool) -> Iterator[Run]:
    """The runs of non-blank lines among lines[first:end], judged.

    Args:
        lines: of the text.
        first, end: the range to look at, by index.
        joined: paragraphs are one line each (format=flowed): every line end is meant.
    """
    plain = _is_plain("\n".join(lines[first:end]))
    blank = [at for at in range(first, end) if not lines[at] or lines[at].isspace()]
    start = first
    for stop in (*blank, end):
        if start < stop:
            run = lines[start:stop]
            if (len(run) == 1 and _is_rule(run[0])) if plain else _is_fixed(run):
                yield Run(start, stop, True, _NO_BREAKS)
            else:
                yield Run(start, stop, False, _breaks(run, start, joined))
        start = stop + 1


def _is_plain(text: str) -> bool:
    """Whether nothing in a text could make any run of it fixed but a rule.

    This is so of most, and settles in one look what `_is_fixed` asks of every run.
    """
    if "   " in text or "\t" in text or ";" in text or "}" in text or "#" in text:
        return False
    return "//" not in text and _drawn(text) <= 3


def _drawn(text: str) -> int:
    """How many drawing characters a text has: octets left out are counted fastest."""
    octets = text.encode("utf-8", "replace")
    return len(octets) - len(octets.translate(None, _DRAWING))


def _is_rule(line: str) -> bool:
    return line[0] in _RULE_SIGNS and _RULE.fullmatch(line) is not None


def _is_fixed(run: Sequence[str]) -> bool:
    """Whether the columns of neighbouring lines matter."""
    text = "\n".join(run)
    size = len(text)
    drawn = _drawn(text)
    if (drawn > 3 and drawn > ART * size) or run[0].startswith("#!"):
        return True
    spaced = "   " in text or "\t" in text
    if len(run) == 1:
        columns = spaced and _COLUMN.search(text) and not _LISTED.match(text)
        return bool(columns) or _is_rule(text)
    if spaced and (len(_COLUMN.findall(text)) >= max(2, len(run) // 3) or _is_ragged(run)):
        return True
    if ";" in text or "}" in text or "#" in text or "//" in text:
        return len(_CODE.findall(text)) >= max(2, len(run) // 3)
    return False


def _is_ragged(run: Sequence[str]) -> bool:
    """Whether all lines are indented, and not alike: a layout, not a block quotation."""
    indents = {len(line) - len(line.lstrip()) for line in run}
    return min(indents) >= 2 and len(indents) > 1 and max(indents) - min(indents) > 2


def _breaks(run: Sequence[str], start: int, joined: bool) -> frozenset[int]:
    """The lines of a prose run whose end was meant."""
    if len(run) == 1:
        return _NO_BREAKS
    if joined:
        return frozenset(range(start, start + len(run) - 1))
    widths = list(map(len, run))
    full = FULL * min(max(*widths, NARROWEST), WIDEST)
    meant = []
    for index in range(1, len(run)):
        line = run[index]
        if (
            (
                widths[index - 1] < full
                and _fits(line, full - widths[index - 1])
                and not (index == 1 and widths[1] >= full and _goes_on(run[0], line))
            )
            or ((line[0] in _LIST_STARTS or line[1:2] in ".)") and _LISTED.match(line))
            or (line.find(":", 1, 32) > 0 and _FIELD.match(line))
        ):
            meant.append(start + index - 1)
    return frozenset(meant)


def _goes_on(first: str, line: str) -> bool:
    """Whether a short first line is the rest of one that was cut before it.

    Who quotes from the middle of a sentence leaves a line short that was not ended there.
    """
    return (
        first.count(" ") >= FEWEST_BEFORE
        and first[-1:].islower()
        and line.lstrip()[:1].islower()
        and not _MARKS.search(first)
    )


def _fits(line: str, room: float) -> bool:
    """Whether the first word of a line would have fitted on the one before."""
    text = line.lstrip()
    word = text.find(" ")
    return 1 + (word if word > 0 else len(text)) < room
