"""Quoted lines, and the line before them that says whose words they are.

    > text, >> text, > > text     certain: nearly all quotes look so
    | text, : text, } text        likely, where a run of them is no table and no code
    JD> text, Perry> text         likely, where the same name comes again

The certain ones are marked wherever they stand. The likely ones need evidence: an
attribution above them, or a run long and plain enough.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import groupby
from typing import Final

from posterity.model import SegmentKind
from posterity.parse.attributions import attribution_above, is_attribution
from posterity.parse.indents import find_indented
from posterity.parse.sheet import MAX_LEVEL, MAX_MARK, OWN, QUOTE, Clue, Sheet

_PREFIX: Final = re.compile(
    r"[ \t]*+(?>(?:(?:>|[|}:](?=[ ][A-Za-z])|[A-Z]{1,3}>)[ \t]{0,3}+)+)"
)
_TWO_DEEP: Final = re.compile(r">[ \t]?(?![ \t>|}:]|[A-Z]{1,3}>)")
_NAME: Final = re.compile(r"[ ]?([A-Za-z][A-Za-z.]{0,11}+)[ ]?(>+)")
_MAILBOX_FROM: Final = ">From "
_FOUR_FOLD: Final = ">>>>"
_WORDS: Final = re.compile(r"[A-Za-z']{2,}[ ,.;:?!]+[A-Za-z']")
_CLOSED: Final = re.compile(r"[|}:][^|]*[|]")

_DRAWN: Final = re.compile(r"[ \t]{0,9}[-+/=_*.,'`\\]{2}")

_NO_NAMES: Final = frozenset(
    {
        *("a", "b", "c", "d", "cat", "cp", "dos", "echo", "ftp", "grep", "http", "if"),
        *("ls", "mailto", "mv", "mysql", "pgp", "print", "printf", "sed", "sh", "sort"),
        *("sql", "tar", "telnet", "while", "zcat"),
    }
)
"""What stands before > at a prompt, or in code, and is nobody."""

_BARE_RUN: Final = 3
"""So many lines |, : or } need to be a quote with no attribution above."""
_MAX_GAP: Final = 2
"""So many blank lines between two quotes are part of the quote."""
_MAX_CHAIN: Final = 4
"""So many attributions stand above one another: "A wrote:", "B wrote:", a quote."""
_FULL_LINE: Final = 72
_TAIL: Final = 24
"""A mailer that breaks a quoted line of 72 columns leaves a tail of at most 24."""


def level_of(line: str) -> int:
    """The quote level its > give a line, 0 where it has none at its start."""
    return 1 if _TWO_DEEP.match(line) else _deeper(line)


def _deeper(line: str) -> int:
    """The quote level of a line that has not just one > and a blank."""
    found = _PREFIX.match(line)
    if not found:
        return 0
    prefix = found.group()
    level = prefix.count(">")
    if level < len(prefix):
        level += prefix.count("|") + prefix.count("}") + prefix.count(":")
    return min(level, MAX_LEVEL)


def find_quotes(sheet: Sheet, hints: Iterable[Clue], never: AbstractSet[int]) -> None:
    """Mark the quotes of a sheet and what introduces them.

    Args:
        sheet: with its blocks marked; only own lines change.
        hints: the clues of the sheet.
        never: indices of lines that only look quoted (RFC 3676 §4.4).
    """
    kinds, levels, lines = sheet.kinds, sheet.levels, sheet.lines
    sure: list[int] = []
    likely: dict[str, list[int]] = {"bar": [], "name": []}
    for index, clue in hints:
        if kinds[index] is not OWN or index in never:
            continue
        if clue == "quote":
            kinds[index] = QUOTE
            line = lines[index]
            levels[index] = 1 if _TWO_DEEP.match(line) else _deeper(line)
            sure.append(index)
        elif clue in likely:
            likely[clue].append(index)
    bars, names = likely.values()
    more = _judge_bars(sheet, bars) if bars else []
    if names:
        more.extend(_judge_names(sheet, names))
    if sure or more:
        _mend(sheet, sorted([*sure, *more]) if more else sure)
    else:
        find_indented(sheet)


def _runs(indices: list[int]) -> Iterator[list[int]]:
    """The indices as runs of neighbours."""
    for _, run in groupby(enumerate(indices), lambda pair: pair[1] - pair[0]):
        yield [index for _, index in run]


def _judge_bars(sheet: Sheet, indices: list[int]) -> list[int]:
    """Mark the runs of |, : or } that are quotes; gives their lines."""
    lines = sheet.lines
    quoted: list[int] = []
    words = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    for neighbours in _runs(indices):
        for _, same in groupby(neighbours, lambda index: lines[index].lstrip()[:1]):
            run = list(same)
            above = attribution_above(sheet, run[0])
            if above >= 0 or (
                not _is_boxed(sheet, run[0])
                and len(run) >= (_BARE_RUN if words < run[0] else 2)
                and _is_plain([lines[index] for index in run])
            ):
                for index in run:
                    sheet.quote(index, 1 + level_of(lines[index].lstrip()[1:]))
                quoted.extend(run)
    return quoted


def _is_boxed(sheet: Sheet, index: int) -> bool:
    """Whether the line above is drawn: what follows is a box."""
    return index > 0 and bool(_DRAWN.match(sheet.lines[index - 1]))


def _is_plain(run: list[str]) -> bool:
    """Whether lines with a bar are prose behind it: no box, no table, no code."""
    run = [line[:MAX_MARK] for line in run]
    prose = sum(1 for line in run if _WORDS.search(line))
    closed = sum(1 for line in run if _CLOSED.match(line.lstrip()))
    return 2 * prose >= len(run) and 4 * closed < len(run)


def _judge_names(sheet: Sheet, indices: list[int]) -> list[int]:
    """Mark the lines Name> that are quotes: the name comes again, or is introduced."""
    lines = sheet.lines
    quoted: list[int] = []
    found = {index: _NAME.match(lines[index]) for index in indices}
    often = Counter(hit.group(1) for hit in found.values() if hit)
    for index, hit in found.items():
        if hit is None or hit.group(1).lower() in _NO_NAMES:
            continue
        if often[hit.group(1)] > 1 or attribution_above(sheet, index) >= 0:
            sheet.quote(index, len(hit.group(2)))
            quoted.append(index)
    return quoted


def _mend(sheet: Sheet, quoted: list[int]) -> None:
    """Set right what single lines could not tell: gaps, tails, headings, false quotes."""
    before = -2  # the last quoted line
    starts: list[int] = []
    for index in quoted:
        if index - before > 1:
            if _is_lonely(sheet, index) or _is_heading(sheet, index):
                sheet.mark(OWN, index, index + 1)
                continue
            if not _join(sheet, before, index):
                starts.append(index)
        before = index
    for index in starts:
        _attribute(sheet, index)


def _attribute(sheet: Sheet, index: int) -> None:
    """Mark the attribution above a quote: one for each level it begins with."""
    for _ in range(min(sheet.levels[index], _MAX_CHAIN)):
        first = attribution_above(sheet, index)
        if first < 0:
            return
        sheet.mark(SegmentKind.ATTRIBUTION, first, index)
        index = first


def _is_lonely(sheet: Sheet, index: int) -> bool:
    """Whether a line quotes nothing: an mbox's >From among own words, a row of >>>>."""
    if not sheet.lines[index].startswith((_MAILBOX_FROM, _FOUR_FOLD)):
        return False
    around = (index - 1, index + 1)
    return not any(0 <= at < len(sheet.kinds) and sheet.kinds[at] is QUOTE for at in around)


def _is_heading(sheet: Sheet, index: int) -> bool:
    """Whether the line is Supercite's heading, as in ">>>>> On 1 Jan, X wrote:"."""
    line = sheet.lines[index]
    return line.startswith(_FOUR_FOLD) and is_attribution(line[:MAX_MARK].lstrip("> \t"))


def _join(sheet: Sheet, before: int, index: int) -> bool:
    """Close the gap between two quoted lines where it is blank or a broken line's tail."""
    gap = index - before - 1
    if before < 0 or gap > _MAX_GAP:
        return False
    between = range(before + 1, index)
    if any(sheet.kinds[at] is not OWN for at in between):
        return False
    if all(sheet.is_blank(at) for at in between) or _is_tail(sheet, before, index):
        level = min(sheet.levels[before], sheet.levels[index])
        for at in between:
            sheet.quote(at, level)
        return True
    return False


def _is_tail(sheet: Sheet, before: int, index: int) -> bool:
    """Whether one short line between two quoted ones is the end of the first."""
    line = sheet.lines[before + 1]
    return (
        index - before == 2
        and sheet.levels[before] == sheet.levels[index]
        and len(sheet.lines[before]) >= _FULL_LINE
        and 0 < len(line) <= _TAIL
        and line[:1].islower()
    )
