"""The lines of one text while it is being found out what they are.

A sheet starts as nothing but the author's own words. Finders (blocks, patches,
forwards, quotes, signatures) mark lines on it; `segments` gives it back as runs.
`clues` is the one look every line gets: most lines of most mail bear none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress, count, islice
from operator import ne
from typing import Final

from posterity.model import Segment, SegmentKind

OWN: Final = SegmentKind.OWN
QUOTE: Final = SegmentKind.QUOTE

MAX_LEVEL: Final = 100
"""Quote levels beyond this are shown as this (Dovecot's nesting limit)."""
MAX_FRAME: Final = 100
"""Forwards within forwards beyond this are not told apart (Dovecot's nesting limit)."""
MAX_MARK: Final = 998
"""A line longer than RFC 5322 §2.1.1 allows is prose: no mark is looked for in it."""

Clue = tuple[int, str]
"""A line's index and the name of what it may be the start of."""

# Each alternative ends in its name and, but for the header lines, begins with a character
# or a class: the engine sees at a glance which cannot begin here.
_CLUE: Final = re.compile(
    r"""
      >(?P<quote>)
    | begin(?:-base64)?[ ][0-7]{3,4}[ ](?P<begin>)
    | diff[ ](?P<diff>)
    | [bf](?:(?<=b)egin|(?<=f)orwarded)[ ](?i:forw|mess|mail|by[ :])(?P<forward>)
    | (?=[A-Z]) (?:
        (?:From|Date|Subject|To|Message-I[Dd]|Received|Return-[Pp]ath|Sender|Newsgroups
          |Path|Xref|Organization|Reply-[Tt]o|Resent-[A-Za-z-]+|X-[A-Za-z-]+|Article
          |Approved|Sent|Message|M[Ii][Mm][Ee]-Version|FROM|DATE|SUBJECT|TO|Von|Datum|De
        )[ ]*:(?P<header>)
      | From[ ]\S+[ ][^:]{3,40}:\d\d(?P<envelope>)
      | (?:Begin|Forwarded|FORWARDED)[ ](?i:forw|mess|mail|by[ :])(?P<Forward>)
      | Index:[ ](?P<index>)
      | End[ ]of[ ](?P<trailer>)
      )
    | [A-Za-z][A-Za-z.]{0,11}+[ ]?>(?P<name>)
    | -(?>(?:[ ]-)*)-(?P<dash>)
    | =ybegin[ ](?P<ybegin>)
    | [-=_*~+](?:[ ]?[-=_*~+]){2}(?P<rule>)
    | ==[ ]*$(?P<equals>)
    | \.{4}(?P<dots>)
    | \#{4}(?P<hashes>)
    | <-{2}(?P<arrow>)
    | [ \t][ \t]{0,11}+>(?P<Quote>)
    | [ \t][ \t]{0,39}+[-=_*~+](?:[ ]?[-=_*~+]){2}(?P<Rule>)
    | [ ][|:}](?![|:}/)(=*+_-]|[ ]*[-=+_*]{3})(?P<Bar>)
    | [ ][A-Za-z][A-Za-z.]{0,11}+[ ]?>(?P<Name>)
    | [ ][ ]{0,3}(?:[Bb]egin|[Ff]orwarded)[ ](?i:forw|mess|mail)(?P<FORWARD>)
    | [|:}](?![|:}/)(=*+_-]|[ ]*[-=+_*]{3})(?P<bar>)
    | @@[ ]-\d(?P<hunk>)
    | \d\d*(?:,\d+)?[acd]\d(?P<ed>)
    | \(This[ ]file[ ]must[ ]be[ ](?P<binhex>)
    | [A-Za-z0-9+/][A-Za-z0-9+/]{59,}+={0,2}[ ]*$(?P<base64>)
    """,
    re.VERBOSE,
)
_ALIKE: Final = {
    "diff": "patch",
    "index": "patch",
    "hunk": "patch",
    "ed": "patch",
    "ybegin": "begin",
    "binhex": "begin",
    "envelope": "header",
    **dict.fromkeys(("equals", "dots", "hashes", "arrow"), "rule"),
}
_CLUE_OF: Final = {name: _ALIKE.get(name, name.lower()) for name in _CLUE.groupindex}
"""What a line of which the pattern found a name is a clue of."""


class Sheet:
    """The lines of one text, with a kind, a quote level and a frame for each."""

    __slots__ = ("frames", "kinds", "levels", "lines")

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.kinds = [OWN] * len(lines)
        self.levels = [0] * len(lines)
        self.frames = [0] * len(lines)

    def mark(self, kind: SegmentKind, first: int, end: int) -> None:
        """Say that the lines [first, end) are of one kind, outside quotes."""
        self.kinds[first:end] = [kind] * (end - first)
        self.levels[first:end] = [0] * (end - first)

    def quote(self, index: int, level: int) -> None:
        """Say that a line is quoted at a level."""
        self.kinds[index] = QUOTE
        self.levels[index] = min(level, MAX_LEVEL)

    def is_blank(self, index: int) -> bool:
        """Whether the line shows nothing; so does what lies outside the text."""
        if not 0 <= index < len(self.lines):
            return True
        line = self.lines[index]
        return not line or line.isspace()

    def segments(self) -> tuple[Segment, ...]:
        """The runs of equal lines, which tile 1..len(lines)."""
        marks = list(zip(self.kinds, self.levels, self.frames, strict=True))
        turns = map(ne, marks, islice(marks, 1, None))
        ends = [*compress(count(1), turns), len(marks)]
        runs: list[Segment] = []
        first = 1
        for last in ends:
            kind, level, frame = marks[last - 1]
            runs.append(Segment(kind, level, first, last, frame))
            first = last + 1
        return tuple(runs)


def clues(lines: Sequence[str]) -> list[Clue]:
    """The lines that may begin something, in order, each looked at once."""
    return [
        (index, _CLUE_OF[found.lastgroup])
        for index, found in enumerate(map(_CLUE.match, lines))
        if found and found.lastgroup
    ]
