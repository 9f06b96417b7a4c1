"""Which From_ lines of a surveyed mbox are separators: profile first, then split.

The rules, strongest first, with the wrong splits each leaves in 98,126 messages of a
list whose bodies hold 548 lines that begin `From `:

    follows a blank line                                           319
    … and has the shape of ctime(3)                                  6
    … and a header block follows                                     3
    … and names the sender that > 95 % of the separators name        0

The last is used where a file has such a sender (an archiver's stamp, Thunderbird's
`-`); it needs no header block then, so that a message without one is still found. A
file whose writer put no blank lines before separators is known by having none before
most of them. A Content-Length is believed where nearly all of the file's lengths end
exactly at a separator, never by itself: senders' lengths lie.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import compress
from operator import and_, gt
from typing import NamedTuple

from posterity.sources.envelope import Shape
from posterity.sources.source import MboxFormat
from posterity.sources.survey import (
    BLANK_BEFORE,
    BLANK_SHIFT,
    HEADER_AFTER,
    KNOWN_AFTER,
    NO_LENGTH,
    SHAPE_BITS,
    Survey,
    blank_length,
)

SHARED_SENDER = 0.95
"""More than this share of the separators must name one sender for it to be a rule."""

BLANK_LINES = 0.5
"""At least this share of the separators follows a blank line where that is the rule."""

TRUE_LENGTHS = 0.95
"""At least this share of Content-Lengths must end at a separator to be believed."""


class Rule(NamedTuple):
    """What makes a candidate a separator.

    Attributes:
        own: our own envelope, or public-inbox's, opens the file.
        blank: a blank line must stand before it.
        sender: CRC-32 of the shared sender, None where there is none.
        lengths: Content-Length is believed.
    """

    own: bool
    blank: bool
    sender: int | None
    lengths: bool


@dataclass(slots=True)
class Frames:
    """The separators of a stream and how they were told.

    Attributes:
        rule: what was inferred.
        starts, bodies: offsets of each separator and of the message after it.
        doubtful: candidates of strict shape that were not taken.
        skipped: plausible candidates inside a body that a Content-Length spans.
        landed, missed: Content-Lengths that end at a separator, and those that don't.
        weak: separators of other than strict shape.
    """

    rule: Rule
    starts: array[int]
    bodies: array[int]
    doubtful: int
    skipped: int
    landed: int
    missed: int
    weak: int


def find_separators(found: Survey, declared: MboxFormat) -> Frames:
    """Infer the rule of a file and apply it."""
    own = _at_top(found) and found.marks[0] & SHAPE_BITS == Shape.OURS
    blank = _blank_is_the_rule(found)
    rule = Rule(own, blank, None, lengths=False)
    if not own:
        rule = rule._replace(sender=_shared_sender(found, rule))
    taken = _taken(found, rule)
    lengths = any(landing != NO_LENGTH for landing in found.landings)
    if not lengths or own or declared is MboxFormat.MBOXO:
        return _framed(found, rule, taken)
    jumped, landed, missed = _walk(found, taken)
    if declared in _BY_LENGTH or landed >= TRUE_LENGTHS * (landed + missed) > 0:
        frames = _framed(found, rule._replace(lengths=True), jumped)
        frames.skipped = sum(map(gt, taken, jumped))
    else:
        frames = _framed(found, rule, taken)
    frames.landed, frames.missed = landed, missed
    return frames


_BY_LENGTH = frozenset({MboxFormat.MBOXCL, MboxFormat.MBOXCL2})


def _at_top(found: Survey) -> bool:
    """Whether the stream opens with a From_ line."""
    return bool(found.starts) and not found.starts[0]


def _blank_is_the_rule(found: Survey) -> bool:
    """Whether separators follow blank lines in this file (the first proves nothing)."""
    counts = Counter(found.marks)
    if _at_top(found):
        counts[found.marks[0]] -= 1
    with_blank = without = 0
    for marks, count in counts.items():
        if marks & SHAPE_BITS >= Shape.STRICT and marks & HEADER_AFTER:
            if marks & BLANK_BEFORE:
                with_blank += count
            else:
                without += count
    return with_blank >= BLANK_LINES * (with_blank + without)


def _shared_sender(found: Survey, rule: Rule) -> int | None:
    """The sender that nearly all plausible separators name, None where there is none.

    What more than half of some values are is the one in the middle when they are sorted.
    """
    senders = sorted(compress(found.senders, _taken(found, rule)))
    if not senders:
        return None
    leader = senders[len(senders) // 2]
    return leader if senders.count(leader) > SHARED_SENDER * len(senders) else None


def _taken(found: Survey, rule: Rule) -> bytearray:
    """For each candidate 1 where it is a separator by the rule, lengths aside."""
    table = _plausible(rule.own, rule.blank, rule.sender is not None)
    taken = bytearray(found.marks.translate(table))
    if rule.sender is not None:
        same = map(rule.sender.__eq__, found.senders)
        taken = bytearray(map(and_, taken, same))
    if _at_top(found):
        taken[0] = 1
    return taken


@cache
def _plausible(own: bool, blank: bool, named: bool) -> bytes:
    """For each value of `Survey.marks` 1 where that makes a separator, by the rule.

    Args:
        own: our own envelope opens the file.
        blank: a blank line must stand before a separator.
        named: the sender is looked at too, so a header block need not follow.
    """
    return bytes(_makes_separator(marks, own, blank, named) for marks in range(256))


def _makes_separator(marks: int, own: bool, blank: bool, named: bool) -> bool:
    """Whether a candidate with these marks is a separator."""
    shape = marks & SHAPE_BITS
    if own and shape == Shape.OURS:
        return True
    if blank and not marks & BLANK_BEFORE:
        return False
    if shape >= Shape.STRICT:
        return (named and blank) or bool(marks & HEADER_AFTER)
    if shape == Shape.BARE and not marks & BLANK_BEFORE:
        return False
    return bool(marks & KNOWN_AFTER)


_STRICT = bytes(marks & SHAPE_BITS >= Shape.STRICT for marks in range(256))


def _framed(found: Survey, rule: Rule, taken: bytearray) -> Frames:
    """Collect the separators."""
    is_strict = found.marks.translate(_STRICT)
    return Frames(
        rule,
        array("Q", compress(found.starts, taken)),
        array("Q", compress(found.bodies, taken)),
        doubtful=sum(map(gt, is_strict, taken)),
        skipped=0,
        landed=0,
        missed=0,
        weak=sum(map(gt, taken, is_strict)),
    )


def _walk(found: Survey, taken: bytearray) -> tuple[bytearray, int, int]:
    """Go from separator to separator by Content-Length where that leads to one.

    Gives (for each candidate 1 where it is a separator, lengths that led to one, lengths
    that did not).
    """
    jumped = bytearray(len(taken))
    landed = missed = 0
    resume = -1
    for place, landing in enumerate(found.landings):
        if place < resume or not (taken[place] or place == resume):
            continue
        jumped[place] = 1
        if landing != NO_LENGTH:
            after = _separator_at(found, landing, place)
            landed += after is not None
            missed += after is None
            resume = place if after is None else after
    return jumped, landed, missed


def _separator_at(found: Survey, landing: int, place: int) -> int | None:
    """Which candidate stands at `landing`, or after one blank line there.

    Gives the number of candidates for the end of the stream, None for neither.
    """
    after = bisect_left(found.starts, landing, place + 1)
    if after < len(found):
        blank = (found.marks[after] & BLANK_BEFORE) >> BLANK_SHIFT
        return after if found.starts[after] - landing in {0, blank} else None
    gap = found.length - landing
    return after if gap in {0, blank_length(found.tail)} else None
