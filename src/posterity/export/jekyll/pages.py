"""The Markdown of the old archive's pages: message, month, author, index."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from posterity.export.jekyll.forest import Forest, by_time
from posterity.export.jekyll.letters import Letter
from posterity.relate.slugs import slug

NOTHING = "_N/A_"
UNKNOWN_DATE = "(Unknown Date)"
UNKNOWN_ROOT = "+ _Unknown thread root_"
FRONT_MATTER = "---\nlayout: default\n---\n\n"
INTRODUCTION = (
    "_Dates are in UTC; what the message itself says stands in brackets."
    " Threads are whole, also where they began in another month._\n\n"
)

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class Style(NamedTuple):
    """What differs between the page it began from and the archive it became.

    Attributes:
        author_path: "authors" or "author", in links to people.
        newline: "keep" the message's own line ends, or "lf".
    """

    author_path: str = "authors"
    newline: str = "keep"


class Press:
    """Makes the pages of one forest."""

    def __init__(self, forest: Forest, style: Style, title: str) -> None:
        self._forest = forest
        self._style = style
        self._title = title
        self._lines: dict[int, tuple[str, str]] = {}

    # -- one message

    def message(self, letter: Letter, octets: bytes) -> tuple[str, bytes]:
        """(path, page) of a message."""
        end = b"\r\n"  # the separator blank line counted as the message, there
        if self._style.newline == "lf":
            end = b"\n"
            octets = octets.replace(b"\r\n", b"\n")
        date = _date(letter)
        head = (
            f"{FRONT_MATTER}# {date} - {letter.subject or NOTHING}\n\n## Header Data\n\n"
            f"From: {_spans(_chevrons(letter.sender)) or NOTHING}<br>\n"
            f"To: {_chevrons(letter.to) or NOTHING}<br>\n"
            f"Message Hash: {letter.digest}<br>\n"
            f"Message ID: {_chevrons(letter.message_id) or NOTHING}<br>\n"
            f"Reply To: {_chevrons(letter.reply_to) or NOTHING}<br>\n"
            f"UTC Datetime: {_instant(letter)}<br>\n"
            f"Raw Date: {_raw_date(letter) or NOTHING}<br>\n\n"
            "## Raw message\n\n```\n{% raw  %}"
        )
        tail = "{% endraw %}\n```\n\n## Thread\n\n" + self._thread(letter)
        page = head.encode("utf-8") + octets + end + tail.encode("utf-8")
        return f"_emails/{letter.place}/{letter.digest}.md", page

    def _thread(self, letter: Letter) -> str:
        root = self._forest.root(letter)
        tree = [row for _, row in self._forest.tree(root)]
        others = self._strays(letter)
        parts = ["".join(_returns_to_months(tree)), "\n"]
        parts += [*self._returns_to_authors([*tree, *others]), "\n"]
        parts.append(self._tree(root, letter))
        parts += [self._stray(other, letter) for other in others]
        parts.append("\n")
        return "".join(parts)

    def _strays(self, letter: Letter) -> list[Letter]:
        """Answers to an id that several letters hold: nobody knows which one they meant."""
        if self._forest.is_shared(letter.message_id):
            return self._forest.naming(letter.message_id)
        return []

    def _stray(self, letter: Letter, own: Letter | None) -> str:
        return f"{UNKNOWN_ROOT}\n    {self._line(letter, own)}\n"

    def _returns_to_authors(self, letters: Sequence[Letter]) -> Iterator[str]:
        authors = {(slug(letter.sender), letter.sender) for letter in letters}
        for page, sender in sorted(authors):
            name = _spans(sender)
            yield f'+ Return to "[{name}](/{self._style.author_path}/{page})"\n'

    def _tree(self, root: Letter, own: Letter | None) -> str:
        deeper = bool(root.reply_to)
        lines = [f"{UNKNOWN_ROOT}\n"] if deeper else []
        lines += [
            f"{'  ' * (depth + deeper)}{self._line(letter, own)}\n"
            for depth, letter in self._forest.tree(root)
        ]
        return "".join(lines)

    def _line(self, letter: Letter, own: Letter | None) -> str:
        """A letter's line in a tree; linked, but on its own page."""
        if letter.key not in self._lines:
            self._lines[letter.key] = _lines(letter)
        linked, plain = self._lines[letter.key]
        return plain if own is not None and letter.key == own.key else linked

    # -- lists

    def lists(self) -> Iterator[tuple[str, bytes]]:
        """(path, page) of every month and author, and of the index."""
        months: dict[str, list[Letter]] = defaultdict(list)
        authors: dict[str, list[Letter]] = defaultdict(list)
        for letter in sorted(self._forest.letters, key=by_time):
            months[letter.place].append(letter)
            authors[letter.sender].append(letter)
        for place, letters in months.items():
            heading = f"# {_month_name(place)}\n\n"
            yield f"_months/{place}.md", self._list(FRONT_MATTER + heading, letters)
        by_slug: dict[str, list[str]] = defaultdict(list)
        for sender in authors:
            by_slug[slug(sender)].append(sender)
        for page, senders in by_slug.items():
            letters = sorted((x for s in senders for x in authors[s]), key=by_time)
            yield f"_authors/{page}.md", self._author(page, senders[0], letters)
        yield "index.md", self._index(sorted(months))

    def _author(self, page: str, sender: str, letters: Sequence[Letter]) -> bytes:
        posts = f"{len(letters)} post{'s' * (len(letters) != 1)}"
        front = (
            f"---\nlayout: default\nsender_id: {page}\npost_count: {len(letters)}\n---\n\n"
        )
        return self._list(f"{front}# {_spans(sender)} ({posts})\n\n", letters)

    def _list(self, heading: str, letters: Sequence[Letter]) -> bytes:
        parts = [heading, INTRODUCTION, "## Threads\n\n"]
        roots = {
            self._forest.root(letter).key: self._forest.root(letter) for letter in letters
        }
        parts += [
            f"### {root.subject or NOTHING}\n{self._tree(root, None)}"
            + "".join(self._stray(other, None) for other in self._strays(root))
            + "\n"
            for root in roots.values()
        ]
        return "".join(parts).encode("utf-8")

    def _index(self, places: Sequence[str]) -> bytes:
        lines = [f"{FRONT_MATTER}# {self._title}\n\n## Months\n\n"]
        lines += [f"+ [{_month_name(place)}](/archive/{place})\n" for place in places]
        return "".join(lines).encode("utf-8")


def _lines(letter: Letter) -> tuple[str, str]:
    """A letter's line in a tree, linked and plain."""
    when = f"+ {_date(letter)} ({_raw_date(letter) or 'None'}) - "
    who = f" - _{_chevrons(letter.sender)}_"
    subject = letter.subject or NOTHING
    link = f"[{subject}](/archive/{letter.place}/{letter.digest})"
    return f"{when}{link}{who}", f"{when}{subject}{who}"


def _returns_to_months(letters: Sequence[Letter]) -> Iterator[str]:
    for place in sorted({letter.place for letter in letters if letter.utc is not None}):
        yield f"+ Return to [{_month_name(place)}](/archive/{place})\n"


def _month_name(place: str) -> str:
    year, _, month = place.partition("/")
    if not month.isdigit():
        return f"(unknown month) {year}"
    return f"{_MONTHS[int(month) - 1]} {year}"


def _date(letter: Letter) -> str:
    return UNKNOWN_DATE if letter.utc is None else _utc(letter.utc).strftime("%Y-%m-%d")


def _instant(letter: Letter) -> str:
    if letter.utc is None:
        return UNKNOWN_DATE
    return _utc(letter.utc).strftime("%Y-%m-%d %H:%M:%S UTC")


def _raw_date(letter: Letter) -> str:
    return letter.raw_date if letter.utc is not None else ""


def _utc(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _chevrons(text: str) -> str:
    return text.replace("<", "\\<").replace(">", "\\>")


def _spans(text: str) -> str:
    return text.replace("@", "<span>@</span>")
