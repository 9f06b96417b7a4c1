"""Paragraphs that a sender broke for transport, whole again: format=flowed.

    > a line that ends in a blank        > a line that ends in a blank goes on
    > goes on                       →

Source: RFC 3676 §4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

_SIGNATURE: Final = "-- "
MAX_LEVEL: Final = 100
"""Quote marks beyond this are not written out again (Dovecot's nesting limit)."""


class Flowed(NamedTuple):
    """A text joined to paragraphs.

    Attributes:
        lines: each paragraph or fixed line, quoted ones with their > in front.
        unquoted: indices of lines that begin with > and are no quote (§4.4).
    """

    lines: list[str]
    unquoted: frozenset[int]


def join(lines: Sequence[str], *, delsp: bool = False) -> Flowed:
    """Join flowed lines to paragraphs.

    Args:
        lines: of a text/plain; format=flowed part, without line ends.
        delsp: the blank at a flowed line's end was added and is taken away (§4.1).
    """
    joined: list[str] = []
    unquoted: list[int] = []
    pieces: list[str] = []  # of the paragraph under way
    depth = 0  # its quote depth
    for line in lines:
        level, text = _unstuff(line)
        if pieces and (level != depth or text == _SIGNATURE):
            _write(joined, unquoted, depth, pieces)
            pieces = []
        depth = level
        if text.endswith(" ") and text != _SIGNATURE:
            pieces.append(text[:-1] if delsp else text)
        else:
            _write(joined, unquoted, depth, [*pieces, text] if pieces else [text])
            pieces = []
    if pieces:
        _write(joined, unquoted, depth, pieces)
    return Flowed(joined, frozenset(unquoted))


def _unstuff(line: str) -> tuple[int, str]:
    """A line's quote depth, and its text without > and stuffing (§4.4, §4.5)."""
    if line[:1] == ">":
        text = line.lstrip(">")
        return len(line) - len(text), text.removeprefix(" ")
    return 0, line.removeprefix(" ")


def _write(joined: list[str], unquoted: list[int], depth: int, pieces: list[str]) -> None:
    """Add a paragraph to the text."""
    text = "".join(pieces)
    if depth:
        text = f"{'>' * min(depth, MAX_LEVEL)} {text}"
    elif text.startswith(">"):
        unquoted.append(len(joined))
    joined.append(text)
