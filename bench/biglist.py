"""Make a list of any size, with threads, quotes and people as a real one has them.

    python bench/biglist.py MESSAGES FILE [--seed N]

The measures are those of a busy list of the 1990s (docs/evidence.md): six in ten letters
answer another, most of them one of the last few days; nine in ten of those quote it;
a few people write most. Words are made of syllables and fall off as words do (Zipf), so
that an index has as many rare ones. The same number and seed give the same octets, and
memory does not grow with the list.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

A_MONTH = 2_000
"""Messages a month, as the standard work has them."""

RECENT = 3_000
"""Letters that may still be answered."""

WORDS = 60_000
_SYLLABLES = [
    a + b for a in "bdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er")
]


class Letter(NamedTuple):
    """What an answer needs of a letter."""

    number: int
    subject: str
    author: str
    lines: tuple[str, ...]


def letters(count: int, seed: int) -> Iterator[bytes]:
    """The letters of the list, each as a piece of an mbox."""
    chance = random.Random(seed)
    words = [
        "".join(chance.choices(_SYLLABLES, k=1 + n % 4)) + str(n % 7 or "")
        for n in range(WORDS)
    ]
    weights = list(itertools.accumulate(1 / (n + 3) for n in range(WORDS)))
    people = max(20, count // 20)
    ranks = list(itertools.accumulate(1 / (n + 2) for n in range(people)))
    recent: deque[Letter] = deque(maxlen=RECENT)
    at = dt.datetime(1992, 1, 1, tzinfo=dt.UTC)
    step = dt.timedelta(seconds=30 * 86_400 / A_MONTH)
    for number in range(count):
        at += step
        [who] = chance.choices(range(people), cum_weights=ranks)
        lines = tuple(
            " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(6, 11)))
            for _ in range(min(60, 2 + int(chance.expovariate(1 / 12))))
        )
        parent = _parent(chance, recent) if chance.random() < 0.6 else None
        subject = parent.subject if parent else " ".join(chance.choices(words, k=4))
        letter = Letter(number, subject, f"p{who}", lines)
        recent.append(letter)
        yield _printed(letter, parent, at, quotes=chance.random() < 0.9)


def _parent(chance: random.Random, recent: deque[Letter]) -> Letter | None:
    """One of the last letters, the newer the likelier."""
    if not recent:
        return None
    back = min(len(recent), 1 + int(chance.expovariate(1 / 60)))
    return recent[-back]


def _printed(
    letter: Letter, parent: Letter | None, at: dt.datetime, *, quotes: bool
) -> bytes:
    who = f"{letter.author}@host{int(letter.author[1:]) % 400}.example.org"
    head = [
        f"From {who} {at:%a %b %d %H:%M:%S %Y}",
        f"From: {letter.author.title()} Writer{letter.author[1:]} <{who}>",
        "To: big@example.org",
        f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000",
        f"Message-ID: <{letter.number}.{letter.author}@example.org>",
    ]
    body = list(letter.lines)
    if parent:
        head.append(f"In-Reply-To: <{parent.number}.{parent.author}@example.org>")
        if quotes:
            quoted = [f"> {line}" for line in parent.lines[:10]]
            body = [f"{parent.author.title()} wrote:", *quoted, "", *body]
    head.append(f"Subject: {'Re: ' if parent else ''}{letter.subject}")
    return "\n".join([*head, "", *body, "", ""]).encode("ascii")


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description="make a list of any size")
    parser.add_argument("messages", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1896)
    options = parser.parse_args()
    with options.file.open("wb") as file:
        for piece in letters(options.messages, options.seed):
            file.write(piece)


if __name__ == "__main__":
    main()
