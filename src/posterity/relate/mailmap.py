"""Git's .mailmap: who is who, by a person's word.

    Proper Name <commit@email>
    <proper@email> <commit@email>
    Proper Name <proper@email> <commit@email>
    Proper Name <proper@email> Commit Name <commit@email>

A line with a commit name applies only to mail of that name, and goes before a line
without. Names and addresses are compared without case. Lines that give one proper name
or one proper address speak of one person, as `git shortlog` counts.

Source: gitmailmap(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from posterity.errors import AmendmentError

_ENTRY = re.compile(
    r"(?P<name>[^<>]*)<(?P<mail>[^<>]*)>"
    r"(?:(?P<old_name>[^<>#]*)<(?P<old_mail>[^<>]*)>)?\s*(?:#.*)?"
)


class MailmapLine(NamedTuple):
    """One line: what the mail bears (old) and who that is; "" where not said."""

    number: int
    name: str
    mail: str
    old_name: str
    old_mail: str


class Known(NamedTuple):
    """What a mailmap says of one name and address.

    Attributes:
        identity: equal for all spellings of one person.
        name: the proper name, "" where only an address is given.
        line: number of the line that says so, from 1.
    """

    identity: str
    name: str
    line: int


class Mailmap:
    """A .mailmap, read. Ask `find` who wrote under a name and an address."""

    def __init__(self, lines: tuple[MailmapLine, ...]) -> None:
        self._people = _same_people(lines)
        self._known: dict[tuple[str, str], MailmapLine] = {}
        self._proper: dict[str, MailmapLine] = {}
        for line in lines:
            self._known[_fold(line.old_name), _fold(line.old_mail)] = line
            self._proper.setdefault(_fold(line.mail), line)
        self._names = {
            self._person(line): line.name for line in reversed(lines) if line.name
        }

    def __bool__(self) -> bool:
        return bool(self._known)

    def find(self, name: str, address: str) -> Known | None:
        """Who wrote under a display name and an address; None where it does not say."""
        mail = _fold(address)
        line = self._known.get((_fold(name), mail)) or self._known.get(("", mail))
        if line is None and mail:
            line = self._proper.get(mail)
        if line is None:
            return None
        person = self._person(line)
        return Known(person, line.name or self._names.get(person, ""), line.number)

    def _person(self, line: MailmapLine) -> str:
        return self._people[_keys(line)[0]]


def parse_mailmap(text: str, where: str = ".mailmap") -> Mailmap:
    """Read a .mailmap.

    Args:
        text: its whole text; a byte order mark and CRLF are allowed.
        where: its name, for errors.

    Raises:
        AmendmentError: a line has none of the four forms; names the file and the line.
    """
    return Mailmap(tuple(_lines(text.removeprefix("\ufeff"), where)))


def _lines(text: str, where: str) -> Iterator[MailmapLine]:
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        entry = _ENTRY.fullmatch(plain)
        if entry is None:
            raise AmendmentError(
                f"{where}:{number}: a line is `Name <address>` or "
                f"`Name <address> Old Name <old address>`; this is {plain[:60]!r}"
            )
        yield _line(number, entry, where)


def _line(number: int, entry: re.Match[str], where: str) -> MailmapLine:
    """One line's parts; in `Name <address>` alone the address is the old one too."""
    name, mail = _plain(entry["name"]), _plain(entry["mail"])
    if entry["old_mail"] is None:
        if not name or not mail:
            raise AmendmentError(
                f"{where}:{number}: it names nobody; give a name and an address"
            )
        return MailmapLine(number, name, mail, "", mail)
    if not mail:
        raise AmendmentError(f"{where}:{number}: the first address is empty")
    old_name, old_mail = _plain(entry["old_name"]), _plain(entry["old_mail"])
    if not (old_name or old_mail):
        raise AmendmentError(f"{where}:{number}: the second name and address are empty")
    return MailmapLine(number, name, mail, old_name, old_mail)


def _same_people(lines: tuple[MailmapLine, ...]) -> dict[str, str]:
    """Each proper name and address to one key for its person."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for line in lines:
        roots = sorted(root(key) for key in _keys(line))
        for other in roots[1:]:
            parent[other] = roots[0]
    return {key: root(key) for key in sorted(parent)}


def _keys(line: MailmapLine) -> list[str]:
    """What stands for a line's person: the address, and the name where given."""
    named = [f"name {_fold(line.name)}"] if line.name else []
    return [f"mail {_fold(line.mail)}", *named]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
