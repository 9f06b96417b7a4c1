"""Quotes told by nothing but their margin.

       From: Ann Doe <ann@example.org>

       Here is what she said,
       every line indented.

    And here is the answer. Or: Ann Doe writes:

       Here is what she said,
       every line indented.

Looked for only in texts that have no other quotes, and believed only under words that
name an author: an indented list or program is the author's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from posterity.model import SegmentKind
from posterity.parse.attributions import attribution_above
from posterity.parse.sheet import MAX_MARK, OWN, Sheet

_MARGIN: Final = re.compile(r"(?: {2,12}|\t {0,4})(?=[^ \t])")
_MARGIN_BEGINS: Final = frozenset({"  ", *(f"\t{chr(code)}" for code in range(32, 127))})
_AUTHOR: Final = re.compile(r"[ \t]+From:[ \t]+\S*[@!\"A-Z]")
_FIELD: Final = re.compile(r"[ \t]+[A-Z][A-Za-z-]{1,30}:[ \t]")
_SAID: Final = re.compile(r"(?:wrote|writes|said|says|asked|asks|@[\w.-]+>?\)?)\s*:[ \t]*$")
_MIN_LINES: Final = 2


def has_margins(lines: Sequence[str]) -> bool:
    """Whether any line begins with two blanks or a tab, and then words."""
    return any(line[:2] in _MARGIN_BEGINS for line in lines)


def find_indented(sheet: Sheet) -> None:
    """Mark the quotes that stand out by their margin, and what introduces them."""
    lines = sheet.lines
    margins = [index for index, line in enumerate(lines) if line[:2] in _MARGIN_BEGINS]
    if not margins:
        return
    usual = ""  # the margin of a text whose first words are an indented From: line
    start = margins[0]
    if _AUTHOR.match(lines[start][:MAX_MARK]) and not any(map(str.strip, lines[:start])):
        usual = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
        end = start + 1
        while end < len(lines) and _FIELD.match(lines[end][:MAX_MARK]):
            end += 1
        sheet.mark(SegmentKind.ATTRIBUTION, start, end)
    resume = 0
    for index in margins:
        margin = _MARGIN.match(lines[index])
        if margin and index >= resume and sheet.kinds[index] is OWN:
            resume = _block(sheet, index, margin.group(), usual)


def _block(sheet: Sheet, first: int, margin: str, usual: str) -> int:
    """Judge the lines from first on that have its margin; gives the line after them."""
    lines = sheet.lines
    at = end = first
    shown = 0
    while at < len(lines) and sheet.kinds[at] is OWN:
        if lines[at].startswith(margin):
            end = at + 1
            shown += 1
        elif not sheet.is_blank(at):
            break
        at += 1
    inside = first > 0 and not sheet.is_blank(first - 1) and margin == usual
    goes_on = end < len(lines) and not sheet.is_blank(end)  # a paragraph's first line
    if shown < _MIN_LINES and goes_on:
        return end
    above = attribution_above(sheet, first)
    if above >= 0 and _SAID.search(lines[_last_words(sheet, first)]):
        sheet.mark(SegmentKind.ATTRIBUTION, above, first)
    elif margin != usual or inside:
        return end
    for index in range(first, end):
        sheet.quote(index, 1)
    return end


def _last_words(sheet: Sheet, index: int) -> int:
    """The line above that shows something."""
    index -= 1
    while sheet.is_blank(index) and index > 0:
        index -= 1
    return index
