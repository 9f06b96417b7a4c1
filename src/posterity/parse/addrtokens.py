"""The tokens of an address field (RFC 5322 §3.2), in one pass whatever it holds.

Comments nest without recursion. A quote or a parenthesis that is never closed is a
character like any other, and is found out once: no later one searches the rest again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of an address field.

    Attributes:
        kind: "word", "quoted", "comment", "space", or the special itself: , ; : < >
            and 0x1C, which some exports put between two values of a field.
        text: as written; a comment without its outer parentheses.
        start, end: where it stands.
    """

    kind: str
    text: str
    start: int
    end: int


_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n\v\f\xa0]+)"
    r"|(?P<encoded>=\?[^?\s]{1,80}\?[BbQq]\?[^?<>\x1c]*+\?=)"
    r'|(?P<quote>")'
    r"|(?P<open>\()"
    r"|(?P<special>[,;:<>\x1c])"
    r"|(?P<literal>\[[^\[\]\x1c]{0,255}\])"
    r'|(?P<word>[^\s"(),;:<>\[\xa0]+)'
    r"|(?P<other>.)",
    re.DOTALL,
)
_QUOTED = re.compile(r'"(?>(?:[^"\\]++|\\.)*)"', re.DOTALL)
_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)

_MAILBOX_AND_MORE = re.compile(r"<[^<>@]{1,64}@[^<>@]{1,255}>\s*[,;]")
"""What no quoted name holds: it shows that the quote before it was never closed."""

_DOUBTS = 16
"""How many quotes are taken for unclosed by what they hold; each costs a search."""


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Cut a field into tokens that tile it from `start` to its end."""
    comments: dict[int, int] | None = None
    doubts = _DOUBTS
    at, end = start, len(text)
    while at < end:
        found = _TOKEN.match(text, at)
        assert found is not None  # `other` takes any character
        kind, after = found.lastgroup or "", found.end()
        if kind == "quote":
            quoted = _QUOTED.match(text, at) if doubts >= 0 else None
            if quoted is None:
                kind, doubts = "word", -1  # no later quote can be closed either
            elif doubts and _MAILBOX_AND_MORE.search(quoted[0]):
                kind, doubts = "word", doubts - 1
            else:
                kind, after = "quoted", quoted.end()
        elif kind == "open":
            if comments is None:
                comments = _comments(text, at)
            kind = "comment" if at in comments else "word"
            after = comments.get(at, after)
        elif kind == "special":
            kind = found[0]
        elif kind != "space":
            kind = "word"
        shown = text[at + 1 : after - 1] if kind == "comment" else text[at:after]
        yield Token(kind, shown, at, after)
        at = after


def _comments(text: str, start: int) -> dict[int, int]:
    """Where each parenthesis from `start` on that is ever closed ends."""
    ends: dict[int, int] = {}
    stack: list[int] = []
    for mark in _PARENTHESIS.finditer(text, start):
        if mark[0] == "(":
            stack.append(mark.start())
        elif mark[0] == ")" and stack:
            ends[stack.pop()] = mark.end()
    return ends
