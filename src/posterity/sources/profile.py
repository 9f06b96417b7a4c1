"""Say how an mbox is put together, with the counts that show it."""

from __future__ import annotations

from collections.abc import Iterator

from posterity.model import Framing, LineEnds
from posterity.sources.separators import Frames
from posterity.sources.source import MboxFormat, Profile
from posterity.sources.survey import Survey

PIPERMAIL_SHARE = 0.5
"""More than this share of `user at host` senders makes a file a Mailman 2 month."""

SURE = 0.99
"""A shared sender: 0 wrong splits in 98,126 messages, but one list is not the world."""

LIKELY = 0.98
"""Shape, blank line and header block: 3 wrong splits in the same."""

WEAK_WEIGHT = 0.5
"""A separator of unusual shape, or a doubtful line passed over, counts half a doubt."""

_DECLARED = {
    MboxFormat.MBOXO: Framing.MBOXO,
    MboxFormat.MBOXRD: Framing.MBOXRD,
    MboxFormat.MBOXCL: Framing.MBOXCL,
    MboxFormat.MBOXCL2: Framing.MBOXCL2,
    MboxFormat.MMDF: Framing.MMDF,
}


def dialect_of(found: Survey, frames: Frames, declared: MboxFormat) -> Framing:
    """Which mbox this is."""
    if frames.rule.own:
        return Framing.MBOXRD
    if declared is not MboxFormat.AUTO:
        return _DECLARED[declared]
    if found.at_signs > PIPERMAIL_SHARE * len(frames.starts):
        return Framing.PIPERMAIL
    if frames.rule.lengths:
        return Framing.MBOXCL if found.quoted and not frames.skipped else Framing.MBOXCL2
    return Framing.MBOXO


def profile_of(found: Survey, frames: Frames, declared: MboxFormat) -> Profile:
    """The profile of a surveyed and framed mbox."""
    return Profile(
        dialect_of(found, frames, declared),
        newline_of(found.head),
        _separator(found, frames),
        _confidence(frames),
        tuple(_evidence(found, frames, declared)),
    )


def newline_of(head: bytes) -> LineEnds:
    """The line ends at the beginning of a stream; CRLF where there are none."""
    ends, crlf = head.count(b"\n"), head.count(b"\r\n")
    if ends == crlf:
        return LineEnds.CRLF
    return LineEnds.MIXED if crlf else LineEnds.LF


def _separator(found: Survey, frames: Frames) -> str:
    """The rule in words."""
    rule = frames.rule
    if rule.own:
        return "a From_ line with an envelope that marks mboxrd"
    blank = " after a blank line" if rule.blank else ""
    if rule.sender is not None:
        name = found.example.get(rule.sender, b"").decode("ascii", "backslashreplace")
        words = f"a From_ line{blank} that names {name or 'nobody'}"
    else:
        words = f"a From_ line with a date{blank} before a header block"
    return words + (", or where a Content-Length ends" if rule.lengths else "")


def _confidence(frames: Frames) -> float:
    """How sure it is that every border is one that the writer meant."""
    taken = len(frames.starts)
    if not taken:
        return 0.0
    if frames.rule.own:
        return 1.0
    if frames.rule.sender is not None or (frames.rule.lengths and not frames.missed):
        return SURE
    doubts = WEAK_WEIGHT * (frames.weak + frames.doubtful)
    return round(LIKELY * taken / (taken + doubts), 3)


def _evidence(found: Survey, frames: Frames, declared: MboxFormat) -> Iterator[str]:
    """What was counted, in sentences."""
    taken = len(frames.starts)
    yield f"Separators: {taken:,} of {found.prose + len(found):,} lines that begin From."
    if declared is not MboxFormat.AUTO:
        yield f"The format was given as {declared}."
    if frames.rule.sender is not None:
        yield "More than 95 % of the separators name one sender."
    if not frames.rule.blank:
        yield "Most separators follow no blank line."
    if frames.doubtful:
        yield f"Lines of the same shape inside messages: {frames.doubtful:,}."
    if frames.weak:
        yield f"Separators of unusual shape: {frames.weak:,}."
    if frames.landed or frames.missed:
        used = "used" if frames.rule.lengths else "not used"
        yield (
            f"Content-Length ends at a separator {frames.landed:,} times, elsewhere"
            f" {frames.missed:,} times; it was {used}."
        )
    if found.quoted or found.requoted:
        yield f"Lines that begin >From: {found.quoted:,}; >>From: {found.requoted:,}."
    if any(sender.endswith(b"@xxx") for sender in found.example.values()):
        yield "Envelopes as Gmail's Takeout writes them."
    if b"-" in found.example.values():
        yield "Envelopes as Thunderbird writes them."
