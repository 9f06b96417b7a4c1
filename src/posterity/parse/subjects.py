"""The subject without what replies, forwards and lists put around it: RFC 5256 §2.1.

    Re: [keepers] Re[2]: AW: The tides (fwd)      →  The tides, a reply
    [Fwd: The tides]                              →  The tides, no reply

The RFC's "re", "fw" and "fwd" are joined by what other programs and languages wrote
for them, and by the counters of some: Re[2]:, Re^2:, Re(2):. One-letter forms, such as
the Italian "R:" and "I:", are left alone: too many subjects begin like that.

A subject is a reply's if the outermost marker is one for replies: "Re: Fwd: tides" is,
"Fwd: Re: tides" and "[Fwd: Re: tides]" are forwards. A trailing "(fwd)" says nothing.

White space is folded to single blanks; the case is kept. Every step only moves the two
ends of the text inwards, so a megabyte of "Re: " takes a megabyte's time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# VS is a Danish and Norwegian forward but a Finnish reply; it is counted as a reply.
_REPLY_WORDS = (
    "re", "aw", "antw", "antwort", "antwoord", "sv", "svar", "vs", "res", "rif", "odp",
    "ynt", "atb", "réf", "rép", "vá", "απ", "σχετ", "отв", "ответ",
    "回复", "回覆", "答复", "答覆", "返信", "답장",
)  # fmt: skip
_FORWARD_WORDS = (
    "fwd", "fw", "forward", "wg", "vb", "vl", "rv", "tr", "enc", "doorst", "ilt",
    "továbbítás", "πρθ", "пересл", "转发", "轉寄", "転送", "전달",
)  # fmt: skip

_BLOBS = re.compile(r"(?>(?:\[[^\[\]]*+\][ ]*+)+)")
_MARKER = re.compile(
    rf"(?:({'|'.join(_REPLY_WORDS)})|{'|'.join(_FORWARD_WORDS)})"
    r"[ ]?(?:\[[^\[\]]*\]|\([0-9]{1,3}\)|[*^#]?[0-9]{1,3})?"
    r"[ ]?(?:[:;\uff1a]|>{1,2})[ ]*",
    re.IGNORECASE,
)
_FORWARD = "[fwd:"
_TRAILER = "(fwd)"


REMEMBERED: Final = 200
"""Characters of a subject; longer ones are taken apart anew each time."""


def base_subject(text: str) -> tuple[str, bool]:
    """The base subject, and whether the subject is a reply's; remembered for its thread.

    Args:
        text: the subject, encoded words decoded.

    Returns:
        The base, "" where nothing is left, with its case; compare it without. True if
        the outermost marker taken off says reply.
    """
    return _remembered(text) if len(text) <= REMEMBERED else _base(text)


def _base(text: str) -> tuple[str, bool]:
    text = " ".join(text.split())
    start, end = 0, len(text)
    reply: bool | None = None
    while True:
        end = _without_trailers(text, start, end)
        start, marker = _without_leaders(text, start, end)
        reply = marker if reply is None else reply
        wrapped = text[start : start + len(_FORWARD)].lower() == _FORWARD
        if not wrapped or text[end - 1] != "]":
            return text[start:end], reply is True
        reply = False if reply is None else reply
        start += len(_FORWARD)
        end -= 1
        while start < end and text[start] == " ":
            start += 1


_remembered = lru_cache(maxsize=1024)(_base)


def _without_trailers(text: str, start: int, end: int) -> int:
    """The end of a text before its last (fwd)s and blanks."""
    while end > start:
        if text[end - 1] == " ":
            end -= 1
        elif text[end - len(_TRAILER) : end].lower() == _TRAILER and end - 5 >= start:
            end -= len(_TRAILER)
        else:
            break
    return end


def _without_leaders(text: str, start: int, end: int) -> tuple[int, bool | None]:
    """Where a text begins behind its markers and [list]s, and what the first marker says.

    A run of [list]s that no marker follows is dropped too, but for its last where
    nothing else would be left (RFC 5256 §2.1 step 4).
    """
    reply: bool | None = None
    while start < end:
        blobs = _BLOBS.match(text, start, end)
        behind = blobs.end() if blobs else start
        marker = _MARKER.match(text, behind, end)
        if marker is None:
            break
        reply = marker[1] is not None if reply is None else reply
        start = marker.end()
    else:
        return start, reply
    if behind < end:
        return behind, reply
    last = text.rindex("[", start, end) if behind > start else start
    return last, reply
