"""Which parts of a message a person reads, and inside how many forwards each stands.

The texts are those of `Message.text_body`, in order (RFC 8621 §4.1.4). Before the
first text of a message inside the message, forwarded or an entry of a digest, stands
that message's header.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from posterity.model import BodyPart, Structure

MESSAGES: Final = frozenset({"message/rfc822", "message/global", "message/news"})
MAX_FRAME: Final = 100
"""Messages within messages beyond this are not told apart (Dovecot's nesting limit)."""


class Shown(NamedTuple):
    """A part to show.

    Attributes:
        part: index in Message.parts.
        frame: how many messages inside the message enclose it.
        header: it is not its text that is shown but its header.
    """

    part: int
    frame: int
    header: bool


def shown_parts(message: Structure) -> list[Shown]:
    """The parts to show, in order."""
    parts = message.parts
    frames = _frames(parts)
    shown: list[Shown] = []
    opened: set[int] = set()
    for index in message.text_body:
        shown.extend(
            Shown(inner, frames[inner], header=True)
            for inner in _unopened(parts, index, opened)
        )
        shown.append(Shown(index, frames[index], header=False))
    return shown


def _frames(parts: tuple[BodyPart, ...]) -> list[int]:
    """For each part, how many messages inside the message enclose it."""
    frames: list[int] = []
    for part in parts:
        above = part.parent
        if above < 0:
            frames.append(0)
            continue
        enclosed = parts[above].media_type in MESSAGES
        frames.append(min(frames[above] + enclosed, MAX_FRAME))
    return frames


def _unopened(parts: tuple[BodyPart, ...], index: int, opened: set[int]) -> list[int]:
    """The tops of the messages around a part that are met first now, outermost first."""
    found: list[int] = []
    while index >= 0 and index not in opened:
        opened.add(index)
        above = parts[index].parent
        if above >= 0 and parts[above].media_type in MESSAGES:
            found.append(index)
        index = above
    found.reverse()
    return found
