"""Whom a message says it answers: "On 3 May, Ann Doe wrote:", and its To.

The words of an attribution are compared with an author's address and name. Nothing is
parsed: mailers have a hundred forms, but nearly all of them hold the name or the address
somewhere. Ids in an attribution ("In message <id>, Ann writes:") name the parent itself.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from posterity.model import Body, SegmentKind
from posterity.relate.witnesses import Skeleton

SURE: Final = 2
"""The address, its user, or two words of the name are there."""

LIKELY: Final = 1
"""One word of the name is there."""

USED: Final = 400
"""Characters of one attribution that are read."""

MANY: Final = 20
"""Attributions of one message that are read."""

_WORD: Final = re.compile(r"[^\W_]+")
_ID: Final = re.compile(r"<([^<>\s@]{1,250}@[^<>\s@]{1,250})>")
_SHORT: Final = 2
"""Initials and "de" prove nothing."""


class Said(NamedTuple):
    """What the attributions of a body say.

    Attributes:
        texts: those that stand in the author's own words, so before level 1 quotes.
        ids: what stands in them between angle brackets and may be a Message-ID or an
            address; only an id that is held means anything.
    """

    texts: tuple[str, ...]
    ids: tuple[str, ...]


class Author(NamedTuple):
    """What may be found of an author in an attribution, in lower case between blanks."""

    address: str
    user: str
    name: tuple[str, ...]


def attributions(body: Body) -> Said:
    """Find what introduces the quotes of a body."""
    texts = []
    for kind, level, first, last, _ in body.segments:
        if kind is SegmentKind.ATTRIBUTION and not level:
            texts.append(" ".join(body.lines[first - 1 : last])[:USED])
            if len(texts) == MANY:
                break
    ids = dict.fromkeys(name for text in texts for name in _ID.findall(text))
    return Said(tuple(texts), tuple(ids))


def author_of(skeleton: Skeleton) -> Author:
    """What to look for where a message's author may be named."""
    user = _spaced(skeleton.author.partition("@")[0])
    name = [word for word in _WORD.findall(skeleton.name.lower()) if len(word) > _SHORT]
    return Author(
        _spaced(skeleton.author),
        user if len(user) > _SHORT + 2 else "",
        tuple(f" {word} " for word in dict.fromkeys(name)),
    )


def words_of(skeleton: Skeleton) -> str:
    """The words of a message's attributions, in lower case between blanks."""
    return _spaced(" ".join(skeleton.attributions))


def agreement(words: str, author: Author) -> int:
    """How well an attribution fits an author: SURE, LIKELY or 0.

    Args:
        words: as `words_of` gives them.
        author: as `author_of` gives it.
    """
    if not words:
        return 0
    if author.address and author.address in words:
        return SURE
    if author.user and author.user in words:
        return SURE
    return min(SURE, sum(word in words for word in author.name))


def _spaced(text: str) -> str:
    words = " ".join(_WORD.findall(text.lower()))
    return f" {words} " if words else ""
