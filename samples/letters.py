"""Read letters/*.txt, one file a conversation.

A letter is a head, instructions, an empty line, and what was written:

    @@ ned-2 ned 1994-02-09 08:40 < agnes-1
    subject: Re: A barograph that gains
    attach: chart.png

    >= It gains four minutes
    That is the regulator, not the clock.
    %% armour signature

The head is key, person, local time and the key of what it answers. One line of text is
one paragraph: the writer's mailer wraps it. `>= words` quotes the paragraph that begins
with these words; `%% name` is a block of blocks.py. Instructions are listed in
README.md; one that begins with a capital is a header field of its own.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

HEAD = re.compile(
    r"@@ (?P<key>\S+) (?P<person>\S+) (?P<at>\d{4}-\d\d-\d\d \d\d:\d\d)"
    r"(?: < (?P<parent>\S+))?"
)
OPENS = re.compile(r"@@ [a-z]")  # a patch has "@@ -118,9" lines of its own
INSTRUCTION = re.compile(r"([A-Za-z][A-Za-z0-9-]*): ?(.*)")
ESCAPE = re.compile(r"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})")

KNOWN = frozenset(
    {
        *("as", "attach", "attribution", "cc", "charset", "codec", "copy", "date"),
        *("delay", "deliver", "encoding", "eol", "escapes", "form", "from", "id"),
        *("links", "mailer", "names", "nolist", "nosig", "of", "quotes", "rawsubject"),
        *("received", "subject", "swallow", "to", "with"),
    }
)


class Letter(NamedTuple):
    """What somebody sat down to write, before any mailer touched it."""

    key: str
    person: str
    at: datetime  # the writer's wall clock, to the minute
    parent: str  # key of the letter it answers, "" for none
    orders: dict[str, str]
    fields: tuple[tuple[str, str], ...]  # extra header fields, in order
    lines: tuple[str, ...]

    def order(self, name: str, default: str = "") -> str:
        """Look up an instruction."""
        return self.orders.get(name, default)


def unescape(text: str) -> str:
    r"""Turn \x1b and \u202e into the characters they name."""
    return ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)


def read_letter(block: list[str], origin: str) -> Letter:
    """Read one letter from its lines, the head first.

    Raises:
        ValueError: the head or an instruction is misspelled.
    """
    head = HEAD.fullmatch(block[0])
    if head is None:
        raise ValueError(f"{origin}: not the head of a letter: {block[0]!r}")
    orders: dict[str, str] = {}
    fields: list[tuple[str, str]] = []
    body = 1
    while body < len(block) and block[body]:
        found = INSTRUCTION.fullmatch(block[body])
        if found is None:
            raise ValueError(f"{origin}: not an instruction: {block[body]!r}")
        if found[1][0].isupper():
            fields.append((found[1], unescape(found[2])))
        else:
            orders[found[1]] = unescape(found[2])
        if found[1][0].islower() and found[1] not in KNOWN:
            raise ValueError(f"{origin}: no instruction is called {found[1]!r}")
        body += 1
    lines = "\n".join(block[body + 1 :]).rstrip("\n").split("\n")
    if "escapes" in orders:
        lines = [unescape(line) for line in lines]
    return Letter(
        key=head["key"],
        person=head["person"],
        at=datetime.strptime(head["at"], "%Y-%m-%d %H:%M"),  # noqa: DTZ007 (wall clock)
        parent=head["parent"] or "",
        orders=orders,
        fields=tuple(fields),
        lines=tuple(lines),
    )


def read_letters(folder: Path) -> list[Letter]:
    """Read every letter of a folder, by file name and place in the file.

    Raises:
        ValueError: two letters share a key, or one can't be read.
    """
    found: dict[str, Letter] = {}
    for path in sorted(folder.glob("*.txt")):
        blocks: list[list[str]] = []
        for line in path.read_text(encoding="utf-8").split("\n"):
            if OPENS.match(line):
                blocks.append([])
            if blocks:
                blocks[-1].append(line)
        for block in blocks:
            letter = read_letter(block, path.name)
            if letter.key in found:
                raise ValueError(f"{path.name}: a second letter called {letter.key}")
            found[letter.key] = letter
    return list(found.values())
