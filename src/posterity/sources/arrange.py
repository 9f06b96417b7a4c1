"""Which files of a folder or archive belong together.

    Maildir        a folder with `cur` and `new`: one source; `tmp` is not delivered yet
    MH             files called by numbers that hold messages: one source
    eml folder     the other files of one folder that hold one message each: one source
    anything else  a source of its own, or refused with a reason

The same holds inside tar and zip archives, for it goes by names and content alone.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from posterity.errors import SourceError
from posterity.sources.detect import Shape
from posterity.sources.extent import Extent
from posterity.sources.files import Folder, MailFile, reason_of
from posterity.sources.leftout import REMOVED, TRASHED
from posterity.sources.named import Entry, Named, Unwrapped, shown
from posterity.sources.publicinbox import Inbox
from posterity.sources.source import ReadOptions, Refused
from posterity.sources.streams import is_mail_name, is_one_message, survey_stream
from posterity.sources.unwrap import unwrap

_MH_NAME = re.compile(rb"([,#]?)([0-9]{1,18})$")
_NUMBER_FIRST = re.compile(rb"[,#]?([0-9]{1,18})(?![0-9])")
_EPOCH = re.compile(rb"(?:(.*)/)?git/[0-9]+\.git$", re.DOTALL)
_FLAGS = re.compile(rb"[:;!]2,([A-Za-z]*)$")
_SERVICE = re.compile(
    rb"(?i)(?:\.(?:mh_sequences|mh_profile|xmhcache|mew-[^/]*|nnmaildir|overview"
    rb"|uidvalidity|subscriptions|ds_store|directory|gitignore|_[^/]*|[^/]*\.sw[op])"
    rb"|dovecot[-.][^/]*|courierimap[^/]*|maildirfolder|maildirsize|subscriptions"
    rb"|msgfilterrules\.dat|virtualfolders\.dat|panacea\.dat|popstate\.dat|filterlog\.html"
    rb"|[^/]*\.(?:msf|lock|snm|toc|idx|cmeta|ev-summary(?:-meta)?|ibex\.index[^/]*))$"
)
"""Files that mail programs keep beside the mail; passed over."""


class Lot(NamedTuple):
    """What is opened and from where.

    Attributes:
        name: base name of what was given.
        prefix: path of the container inside it, "" for itself.
        spool: where things are unwrapped.
        options: how to read.
    """

    name: str
    prefix: str
    spool: Path
    options: ReadOptions

    def member(self, raw: bytes) -> str:
        """A member's name for display."""
        return "/".join(filter(None, (self.prefix, shown(raw))))


Arranged = Named | Folder | Inbox | Refused


def arrange(entries: Iterable[Entry], lot: Lot) -> Iterator[Arranged]:
    """Group the files of a container, in the order of their names."""
    listed = sorted(entries, key=lambda entry: (entry.folder, _order(entry.base)))
    inboxes = _inboxes(listed)
    for home in sorted(inboxes):
        member = lot.member(home) if home else lot.prefix
        yield Inbox(lot.name, member, tuple(inboxes[home]))
    listed = [entry for entry in listed if not _inside(entry.raw, inboxes)]
    maildirs = _maildirs(listed)
    by_folder: dict[bytes, list[Entry]] = defaultdict(list)
    for entry in listed:
        home, _, part = entry.folder.rpartition(b"/")
        if home in maildirs and part in {b"cur", b"new", b"tmp"}:
            by_folder[home].append(entry)
        else:
            by_folder[entry.folder].append(entry)
    for folder in sorted(by_folder):
        if folder in maildirs:
            yield from _maildir(folder, by_folder[folder], lot)
        else:
            yield from _mixed(folder, by_folder[folder], lot)


def _order(base: bytes) -> tuple[int, bytes]:
    """Names that begin with a number by its value, before the others."""
    number = _NUMBER_FIRST.match(base)
    return (int(number[1]), base) if number else (1 << 63, base)


def _inboxes(entries: list[Entry]) -> dict[bytes, list[str]]:
    """The folders that are public-inboxes of several epochs, and their repositories."""
    found: dict[bytes, list[str]] = defaultdict(list)
    for entry in entries:
        epoch = _EPOCH.match(entry.raw) if entry.repository else None
        if epoch:
            found[epoch[1] or b""].append(entry.repository)
    return found


def _inside(raw: bytes, homes: Container[bytes]) -> bool:
    """Whether a path lies in one of some folders."""
    path = raw
    while path:
        if path in homes:
            return True
        path = path.rpartition(b"/")[0]
    return b"" in homes


def _maildirs(entries: list[Entry]) -> set[bytes]:
    """The folders that are Maildirs: `cur` and `new` in them, or names with flags."""
    parts: dict[bytes, set[bytes]] = defaultdict(set)
    for entry in entries:
        paths = [entry.folder] if entry.extent else [entry.folder, entry.raw]
        for path in paths:
            home, _, part = path.rpartition(b"/")
            parts[home].add(part)
            if part == b"cur" and _FLAGS.search(entry.base):
                parts[home].add(b"new")
    return {home for home, found in parts.items() if {b"cur", b"new"} <= found}


def _maildir(home: bytes, entries: list[Entry], lot: Lot) -> Iterator[Arranged]:
    """A Maildir: what is in cur and new, by name, which begins with the time."""
    files: list[tuple[bytes, MailFile]] = []
    for entry in entries:
        part = entry.folder.rpartition(b"/")[2]
        inside = entry.folder != home
        if part == b"tmp" and inside:
            continue
        if entry.problem:
            yield Refused(lot.name, lot.member(entry.raw), entry.problem)
        elif entry.extent and inside and not entry.base.startswith(b"."):
            flags = _FLAGS.search(entry.base)
            why = TRASHED if flags and b"T" in flags[1] else ""
            raw = part + b"/" + entry.base
            try:
                file = _mail_file(raw, entry, why, lot)
            except SourceError as error:
                yield Refused(lot.name, lot.member(entry.raw), reason_of(error))
                continue
            files.append((entry.base, file))
        elif entry.extent and not _SERVICE.match(entry.base):
            yield from _alone(entry, lot)
    files.sort(key=lambda pair: pair[0])
    ordered = [file for _, file in files]
    yield Folder(lot.name, lot.member(home) if home else lot.prefix, "maildir", ordered)


def _mail_file(raw: bytes, entry: Entry, why: str, lot: Lot) -> MailFile:
    """A file that holds one message by its place, unwrapped where it is compressed."""
    content = _content(entry, lot)
    return MailFile(shown(raw), raw, content.extent, why, content.truncated)


def _content(entry: Entry, lot: Lot) -> Unwrapped:
    """An entry's content without its wrapping."""
    extent = entry.extent or Extent("", 0, 0)
    content = unwrap(shown(entry.base), extent, lot.spool, lot.options)
    return content._replace(truncated=content.truncated or entry.truncated)


def _alone(entry: Entry, lot: Lot) -> Iterator[Arranged]:
    """A file as a stream of its own."""
    try:
        yield Named(lot.name, lot.member(entry.raw), _content(entry, lot))
    except SourceError as error:
        yield Refused(lot.name, lot.member(entry.raw), reason_of(error))


class Verdict(Enum):
    """Whether a file of a folder is one message."""

    LETTER = "one message"
    DOUBTFUL = "one message with others pasted into it, or an mbox cut open"
    OTHER = "something else"


def _mixed(folder: bytes, entries: list[Entry], lot: Lot) -> Iterator[Arranged]:
    """A folder that is no Maildir: its single messages are one source, or two.

    A doubtful file goes with the others: in a folder of letters it is a letter.
    """
    listed = [
        (entry, found, _verdict(found, lot.options))
        for entry in entries
        for found in _found(entry, lot)
    ]
    tally = Counter(verdict for _, _, verdict in listed)
    letters = {Verdict.LETTER}
    if tally[Verdict.LETTER] > tally[Verdict.DOUBTFUL]:
        letters.add(Verdict.DOUBTFUL)
    files: dict[str, list[MailFile]] = {"mh": [], "eml folder": []}
    for entry, found, verdict in listed:
        if isinstance(found, Named) and verdict in letters:
            number = _MH_NAME.match(entry.base)
            files["mh" if number else "eml folder"].append(_letter(entry, found))
    member = lot.member(folder) if folder else lot.prefix
    for form, found_files in files.items():
        if found_files:
            yield Folder(lot.name, member, form, found_files)
    yield from (found for _, found, verdict in listed if verdict not in letters)


def _found(entry: Entry, lot: Lot) -> Iterator[Arranged]:
    """What an entry of a folder is; nothing for what mail programs keep beside mail."""
    if entry.repository:
        yield Inbox(lot.name, lot.member(entry.raw), (entry.repository,))
    elif entry.problem:
        yield Refused(lot.name, lot.member(entry.raw), entry.problem)
    elif entry.extent and not _SERVICE.match(entry.base):
        yield from _alone(entry, lot)


def _letter(entry: Entry, named: Named) -> MailFile:
    """A file of a folder that holds one message."""
    number = _MH_NAME.match(entry.base)
    why = REMOVED if number and number[1] else ""
    content = named.content
    return MailFile(shown(entry.base), entry.base, content.extent, why, content.truncated)


def _verdict(found: Arranged, options: ReadOptions) -> Verdict:
    """Whether something found in a folder is one message."""
    if not isinstance(found, Named):
        return Verdict.OTHER
    shape = found.content.shape
    by_name = is_mail_name(found.member) or _MH_NAME.match(os.fsencode(found.base))
    if shape in {Shape.HEADER, Shape.EMPTY} and by_name:
        return Verdict.LETTER
    if shape is not Shape.HEADER and not is_mail_name(found.member):
        return Verdict.OTHER
    if shape not in {Shape.HEADER, Shape.MBOX, Shape.TEXT}:
        return Verdict.OTHER
    surveyed = survey_stream(found.content.extent, found.content.head(), options)
    if is_one_message(found, surveyed, options):
        return Verdict.LETTER
    return Verdict.DOUBTFUL if shape is Shape.HEADER else Verdict.OTHER
