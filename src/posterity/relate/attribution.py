"""Whom a message says it answers: "On 3 May, Ann Doe wrote:", and its To.

The words of an attribution are compared with an author's address and name. Nothing is
parsed: mailers have a hundred forms, but nearly all of them hold the name or the address
somewhere. Ids in an attribution ("In message <id>, Ann writes:") name the parent itself.
Who quotes a whole letter, header and all, names its author by the From quoted with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from posterity.model import Body, SegmentKind
from posterity.relate.witnesses import Skeleton

SURE: Final = 2
"""The address, its user, or two words of the name are there."""

LIKELY: Final = 1
"""One word of the name is there."""

USED: Final = 400
"""Characters of one attribution that are read."""

HEADERS_USED: Final = 2_000
"""Characters of one quoted header that are read."""

QUOTED: Final = ">"
"""What the header of a quoted letter begins with, among attributions."""

MANY: Final = 20
"""Attributions of one message that are read."""

_WORD: Final = re.compile(r"[^\W_]+")
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\"'@,:;]{1,100}+@[\w.-]++")
_MARK: Final = re.compile(r"[ \t]*+[A-Za-z]{0,4}[>|:}]")
_FIELD: Final = re.compile(
    r" {0,4}(?:From|To|Cc|Bcc|Date|Subject|Sender|Message-Id|References|Received|Path|Lines"
    r"|Organi[sz]ation|Newsgroups|Precedence|Status|Keywords|Summary|Comments?|Followup-To"
    r"|(?:In-)?Reply-To|(?:Mime-|X-|Content-|Resent-|Return-|Errors-|NNTP-|Apparently-)[\w-]+)"
    r":[ \t]| ?From \S{1,200}@\S{1,200} .*\d",
    re.IGNORECASE,
)
_AUTHOR: Final = re.compile(r"\bFrom: (.*?)(?= [A-Z][\w-]+: |$)", re.IGNORECASE)
_ID: Final = re.compile(r"<([^<>\s@]{1,250}@[^<>\s@]{1,250})>")
_SHORT: Final = 2
"""Initials and "de" prove nothing."""


class Said(NamedTuple):
    """What the attributions of a body say.

    Attributes:
        texts: those that stand in the author's own words, so before level 1 quotes;
            and, after a QUOTED mark, the headers of letters that are quoted with them.
        ids: what stands in them between angle brackets and may be a Message-ID or an
            address; only an id that is held means anything.
    """

    texts: tuple[str, ...]
    ids: tuple[str, ...]


class Author(NamedTuple):
    """What may be found of an author in an attribution, in lower case.

    Attributes:
        address, user, name: between blanks; the words of the name each.
        called: neighbouring words of names: first and last, among others.
    """

    address: str
    user: str
    name: tuple[str, ...]
    called: tuple[tuple[str, str], ...]


def attributions(body: Body) -> Said:
    """Find what introduces the quotes of a body."""
    texts: list[str] = []
    for kind, level, first, last, _ in body.segments:
        if level == 1:
            texts += _quoted_headers(body.lines[first - 1 : last])
        elif kind is SegmentKind.ATTRIBUTION and not level:
            texts.append(" ".join(body.lines[first - 1 : last])[:USED])
        if len(texts) >= MANY:
            break
    texts = texts[:MANY]
    ids = dict.fromkeys(
        name for text in texts if text[:1] != QUOTED for name in _ID.findall(text)
    )
    return Said(tuple(texts), tuple(ids))


def _quoted_headers(lines: Sequence[str]) -> Iterator[str]:
    """Header fields on end; one alone may be a remark, but not a From with an address."""
    if not any(":" in line or "@" in line for line in lines):
        return
    found: list[str] = []
    for line in (*lines, ""):
        mark = _MARK.match(line)
        text = line[mark.end() :] if mark else line
        if _FIELD.match(text) or (found and text[:3].isspace() and text.strip()):
            found.append(text.strip())
            continue
        if len(found) > 1 or (found and _AUTHOR.match(found[0]) and "@" in found[0]):
            yield f"{QUOTED} {' '.join(found)}"[:HEADERS_USED]
        found = []


def author_of(skeleton: Skeleton) -> Author:
    """What to look for where a message's author may be named."""
    user = _spaced(skeleton.author.partition("@")[0])
    name = _words(skeleton.name)
    return Author(
        _spaced(skeleton.author),
        user if len(user) > _SHORT + 2 else "",
        tuple(f" {word} " for word in dict.fromkeys(name) if len(word) > _SHORT),
        tuple(pairwise(name)),
    )


def quoted_authors(skeleton: Skeleton) -> list[str]:
    """The From of each letter that is quoted with its header."""
    return [
        author
        for text in skeleton.attributions
        if text[:1] == QUOTED
        for author in _AUTHOR.findall(text)
    ]


def quoted_words(skeleton: Skeleton) -> int:
    """How many words stand in the headers of quoted letters."""
    return sum(
        len(_WORD.findall(text)) for text in skeleton.attributions if text[:1] == QUOTED
    )


def said_authors(skeleton: Skeleton) -> list[str]:
    """What a message says in its own words of whom it quotes."""
    return [text for text in skeleton.attributions if text[:1] != QUOTED]


class Named(NamedTuple):
    """Authors of a list whom a message says it quotes.

    Attributes:
        names: neighbouring words that are in somebody's name.
        addresses: their addresses.
    """

    names: tuple[tuple[str, str], ...]
    addresses: tuple[str, ...]


class Authors:
    """The authors of a list."""

    def __init__(self, skeletons: Iterable[Skeleton]) -> None:
        self._authors: dict[tuple[str, str], Author] = {}
        self._addresses: set[str] = set()
        self._names: set[tuple[str, str]] = set()
        self._called: dict[str, set[tuple[str, str]]] = {}
        for skeleton in skeletons:
            spelled = skeleton.author, skeleton.name
            if spelled not in self._authors:
                author = self._authors[spelled] = author_of(skeleton)
                self._addresses.add(skeleton.author)
                self._names.update(author.called)
                self._called.setdefault(skeleton.author, set()).update(author.called)

    def author(self, skeleton: Skeleton) -> Author:
        """What to look for where a message's author may be named."""
        return self._authors[skeleton.author, skeleton.name]

    def named(self, attributions: Iterable[str]) -> Named:
        """Those of whom attributions hold an address or a full name."""
        names: list[tuple[str, str]] = []
        addresses: list[str] = []
        for text in attributions:
            found = (one.lower() for one in _ADDRESS.findall(text))
            addresses += (one for one in found if one in self._addresses)
            words = _words(_ADDRESS.sub(" ", text))
            names += (two for two in pairwise(words) if two in self._names)
        return Named(tuple(names), tuple(addresses))

    def is_among(self, skeleton: Skeleton, named: Named) -> bool:
        """Whether a message's author is one of those; "Sam Poe" may be Samuel J. Poe."""
        if skeleton.author in named.addresses:
            return True
        user = skeleton.author.partition("@")[0]
        if any(len(last) > _SHORT + 1 and last in user for _, last in named.names):
            return True
        called = self._called[skeleton.author]
        if len(called) > MANY:  # an address that many share
            called = set(self.author(skeleton).called)
        return any(
            last == other_last and first[0] == other_first[0]
            for first, last in named.names
            for other_first, other_last in called
        )


def _words(text: str) -> list[str]:
    """The words of a name, without initials."""
    return [word for word in _WORD.findall(text.lower()) if len(word) > 1]


def words_of(skeleton: Skeleton) -> str:
    """The words of a message's attributions, in lower case between blanks.

    Where a letter is quoted with its header, the words of its From are among them.
    """
    return _spaced(" ".join((*said_authors(skeleton), *quoted_authors(skeleton))))


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
    there = sum(word in words for word in author.name)
    return SURE if there and there == len(author.name) else min(SURE, there)


def _spaced(text: str) -> str:
    words = " ".join(_WORD.findall(text.lower()))
    return f" {words} " if words else ""
