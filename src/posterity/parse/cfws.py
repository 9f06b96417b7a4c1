"""Comments and folding white space (RFC 5322 §3.2.2), apart from what they stand in.

Comments nest and may hold quoted pairs; `split_comments` keeps a counter instead of
calling itself, so ten thousand parentheses cost no more than ten thousand letters.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"\\.|[()]", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]+")

EXCERPT = 120
"""The longest quotation in a defect, in characters (`Defect.detail`)."""


def split_comments(text: str) -> tuple[str, tuple[str, ...]]:
    """Take the comments out of a text.

    Returns:
        The text with a blank for each outermost comment, and what these comments say
        (inner parentheses kept). A comment that is never closed runs to the end; a
        closing parenthesis that closes nothing stays.
    """
    if "(" not in text:
        return text, ()
    kept: list[str] = []
    comments: list[str] = []
    depth, start = 0, 0
    for mark in _MARK.finditer(text):
        if mark[0] == "(":
            if depth == 0:
                kept.append(text[start : mark.start()])
                start = mark.end()
            depth += 1
        elif mark[0] == ")" and depth:
            depth -= 1
            if depth == 0:
                comments.append(text[start : mark.start()])
                start = mark.end()
    (comments if depth else kept).append(text[start:])
    return " ".join(kept), tuple(comments)


def excerpt(text: str) -> str:
    """A quotation fit for `Defect.detail`: short, on one line, free of controls."""
    return _CONTROLS.sub(" ", text[: EXCERPT + 1]).strip()[:EXCERPT]
