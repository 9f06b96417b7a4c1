"""The text of a letter as its mailer sent it: quotes, attribution, wrapping, blocks."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import NamedTuple

from samples.clocks import DAYS, MONTHS, Moment, rfc822
from samples.letters import Letter
from samples.people import Desk

QUOTE = re.compile(r">=(?:(?P<key>[\w-]+):)? ?(?P<words>.*?)(?: \+(?P<more>\d+))?")
MARKS = re.compile(r"(?:[>|] ?|<< )+")


class Sent(NamedTuple):
    """A letter as it went out, as far as those who quote it need it."""

    key: str
    desk: Desk
    at: Moment
    subject: str
    lines: tuple[str, ...]  # without the signature


def paragraphs(lines: tuple[str, ...]) -> list[list[str]]:
    """Split lines into runs between empty (or merely quoted) lines."""
    runs: list[list[str]] = [[]]
    for line in lines:
        if MARKS.sub("", line, count=1).strip():
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return runs if runs[-1] else runs[:-1]


def bare(run: list[str]) -> str:
    """Give a paragraph's words without quote marks and line ends."""
    return " ".join(MARKS.sub("", line, count=1).strip() for line in run)


def excerpt(source: Sent, words: str, more: int) -> list[str]:
    """Take the lines of a paragraph from some words on, and `more` paragraphs after it.

    Raises:
        ValueError: no paragraph has these words.
    """
    runs = paragraphs(source.lines)
    if words == "all":
        chosen = runs
    else:
        places = [place for place, run in enumerate(runs) if words in bare(run)]
        if not places:
            raise ValueError(f"{source.key} says nothing like {words!r}")
        place = places[0]
        first = max(n for n in range(len(runs[place])) if words in bare(runs[place][n:]))
        chosen = [runs[place][first:], *runs[place + 1 : place + 1 + more]]
    return [
        line for place, run in enumerate(chosen) for line in ([""] if place else []) + run
    ]


def attribution(desk: Desk, source: Sent) -> list[str]:
    """Write the line that says whose words follow."""
    when = source.at.local
    text = desk.attribution.format(
        name=source.desk.name,
        first=source.desk.name.split()[0],
        initials="".join(word[0] for word in source.desk.name.split()),
        address=source.desk.address,
        date=rfc822(source.at)[:-6],
        day=f"{when.day} {MONTHS[when.month - 1]} {when.year}",
        weekday=DAYS[when.weekday()],
        time=f"{when:%H:%M}",
        subject=source.subject,
    )
    return text.split("\n") if text else []


def wrapped(line: str, width: int) -> list[str]:
    """Wrap a paragraph; what is indented or already quoted stays as it is."""
    if not width or len(line) <= width or line[0] in " >|<":
        return [line]
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)


def written(
    letter: Letter,
    desk: Desk,
    sent: dict[str, Sent],
    block: Callable[[str], list[str]],
) -> list[str]:
    """Write out a letter's text, all but the signature.

    Args:
        sent: what went out before, by key.
        block: makes the lines of a %% block from what stands behind the marks.
    """
    lines: list[str] = []
    last = ""
    for line in letter.lines:
        if line.startswith("%% "):
            lines += block(line[3:])
            continue
        found = QUOTE.fullmatch(line) if line.startswith(">=") else None
        if lines and lines[-1].startswith(desk.quote) and line:
            lines.append("")
        if found is None:
            lines += wrapped(line, desk.width)
            continue
        source = sent[found["key"] or letter.order("quotes") or letter.parent]
        if source.key != last and letter.order("attribution") != "none":
            lines += attribution(desk, source)
        last = source.key
        taken = excerpt(source, found["words"], int(found["more"] or 0))
        lines += [(desk.quote + text).rstrip() for text in taken]
    return lines
