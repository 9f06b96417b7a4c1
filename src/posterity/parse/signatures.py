"""Where the author's words end and the signature begins.

    "-- "            the convention (RFC 3676 §4.3): to the end, or to what follows
    "--", "---"      the same, its blank lost on the way
    "--Ann", "-- A"  signing off, near the end
    ____ **** ....   a line drawn above a name and address, near the end

A signature ends at the end of its mail, or where a quote, a forward or PGP's armour
begins. What is longer than signatures are is text under a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from posterity.model import SegmentKind
from posterity.parse.sheet import MAX_MARK, OWN, Clue, Sheet

_STRICT: Final = re.compile(r"(?:- )*--[ \t]?$")
_SIGN_OFF: Final = re.compile(r"(?:- )*--[ ~]?[ ]?[A-Za-z].{0,76}$")
_THREE: Final = re.compile(r"(?:- )*---[ \t]*$")
_DRAWN: Final = re.compile(r"[ \t]*(?:[-=_*~+](?:[ ]?[-=_*~+]){2}|==[ ]*$|\.{4}|#{4})")
_CONTACT: Final = re.compile(
    r"\w@\w|https?:|www\.|\bPGP\b|[Ff]inger\b|[Ff]ingerprint|\bGCS\b"
    r"|\b(?:[Pp]hone|[Vv]oice|[Tt]el|[Ff]ax|FAX)\b|\d{3}[-. )]+\d{4}|[Dd]isclaimer|(?:QWK|Qwk)"
)
_STRICT_LINES: Final = 24
"""Four lines are good manners (RFC 1855); six times that was seen above "-- "."""
_SIGN_OFF_LINES: Final = 14
_THREE_LINES: Final = 5
_DRAWN_LINES: Final = 9
_MAX_WIDTH: Final = 100
_AFTER: Final = frozenset(
    {SegmentKind.PGP_SIGNATURE, SegmentKind.FORWARD_MARK, SegmentKind.PGP_KEY, None}
)
"""What a signature that is only likely may stand before."""


def find_signatures(sheet: Sheet, hints: Iterable[Clue]) -> None:
    """Mark the signatures among the own lines of a sheet."""
    marks = [i for i, clue in hints if clue in {"dash", "rule"} and sheet.kinds[i] is OWN]
    ends = _stretch_ends(sheet, marks)
    done = 0
    for index, end in zip(marks, ends, strict=True):
        if index >= done and _is_signature(sheet, index, end):
            sheet.mark(SegmentKind.SIGNATURE, index, end)
            done = end


def _stretch_ends(sheet: Sheet, marks: list[int]) -> list[int]:
    """For each line, the first line after it that is not own or lies in another frame."""
    ends: list[int] = []
    kinds, frames = sheet.kinds, sheet.frames
    end = at = len(kinds)
    for index in reversed(marks):
        while at > index:
            at -= 1
            if kinds[at] is not OWN or (
                at + 1 < len(kinds) and frames[at] != frames[at + 1]
            ):
                end = at if kinds[at] is not OWN else at + 1
        ends.append(end)
    ends.reverse()
    return ends


def _is_signature(sheet: Sheet, index: int, end: int) -> bool:
    """Whether a signature begins at a line, where its stretch ends at another."""
    line = sheet.lines[index][:MAX_MARK]
    if end - index > 2 * _STRICT_LINES or "-----BEGIN" in line:
        return False
    shown = [text for text in sheet.lines[index + 1 : end] if text and not text.isspace()]
    if not shown:
        return False
    if _STRICT.match(line):
        return len(shown) <= _STRICT_LINES
    follower = sheet.kinds[end] if end < len(sheet.kinds) else None
    return follower in _AFTER and _is_likely(line, shown)


def _is_likely(line: str, below: list[str]) -> bool:
    """Whether lines under a line that only may begin a signature bear it out."""
    if _SIGN_OFF.match(line):
        return len(below) <= _SIGN_OFF_LINES
    if _THREE.match(line) and len(below) <= _THREE_LINES:
        return True
    if not _DRAWN.match(line) or len(below) > _DRAWN_LINES:
        return False
    texts = [line, *below]
    narrow = all(len(text) <= _MAX_WIDTH for text in texts)
    return narrow and any(_CONTACT.search(text) for text in texts)
