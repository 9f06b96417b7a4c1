"""What the lines of a text are: the author's words, quotes, signatures, armour, files.

Every line is looked at once for a clue (`sheet.clues`); what has one is given to the
finder of its kind, in an order in which the certain settles before the likely:

    blocks and patches    follow a grammar of their own and take their lines whole
    forwards              open and close frames
    quotes                > for certain, other marks by evidence, and who is quoted
    signatures            what is left at the end

Linear in the text; nothing here calls itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from posterity.model import Segment
from posterity.parse.blocks import NO_BLOCK, armour, base64_run, encoded_file
from posterity.parse.forwards import Frames
from posterity.parse.indents import has_margins
from posterity.parse.patches import patch
from posterity.parse.quotes import find_quotes
from posterity.parse.sheet import OWN, Clue, Sheet, clues
from posterity.parse.signatures import find_signatures

_READERS: Final = {"begin": encoded_file, "base64": base64_run, "patch": patch}
_QUOTING: Final = frozenset({"quote", "bar", "name"})
_NONE: Final[frozenset[int]] = frozenset()


def cut(
    lines: Sequence[str], never_quoted: AbstractSet[int] = _NONE
) -> tuple[Segment, ...]:
    """Tell what each line is.

    Args:
        lines: without line ends.
        never_quoted: indices, from 0, of lines known to be no quotes whatever they
            begin with (RFC 3676 §4.4: space-stuffed).

    Returns:
        Segments that tile 1..len(lines); none for no lines.
    """
    if not lines:
        return ()
    hints = clues(lines)
    if not hints and not has_margins(lines):
        return (Segment(OWN, 0, 1, len(lines), 0),)
    sheet = Sheet(lines)
    _find_blocks(sheet, hints)
    find_quotes(sheet, hints, never_quoted)
    find_signatures(sheet, hints)
    return sheet.segments()


def _find_blocks(sheet: Sheet, hints: list[Clue]) -> None:
    """Mark what follows a grammar of its own, and the frames."""
    frames = Frames(sheet)
    resume = 0
    for index, clue in hints:
        if index >= resume and clue not in _QUOTING:
            resume = max(resume, _read_block(sheet, frames, index, clue))
    frames.finish()


def _read_block(sheet: Sheet, frames: Frames, index: int, clue: str) -> int:
    """Read the block a clue may begin; gives the line after it, -1 for none."""
    if clue in _READERS:
        return _READERS[clue](sheet, index)
    line = sheet.lines[index]
    end = NO_BLOCK
    if clue in {"dash", "rule"}:
        if "PGP" in line:
            end = armour(sheet, index)
        elif line.startswith(("--- ", "***")):
            end = patch(sheet, index)
    return end if end != NO_BLOCK else frames.read(index, clue)
