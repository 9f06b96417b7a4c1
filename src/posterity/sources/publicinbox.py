"""public-inbox: mail as a history of git commits.

    v2   epochs git/0.git, git/1.git …; each commit's tree holds one file, `m` for a
         message added, `d` for one taken back (the blob it deletes)
    v1   one repository; a message is the file xx/…(38), named by its Message-ID's SHA-1;
         a commit that removes the file takes the message back

What was taken back is set aside with that reason. git is only read, by plumbing
commands whose arguments are lists; no shell sees a name. Hooks, replaced objects and
fetching from elsewhere are off, for the repository may be a stranger's.

Source: public-inbox-v1-format(5), public-inbox-v2-format(5).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple

from posterity.errors import RefusedError, SourceError
from posterity.model import Framing, LineEnds
from posterity.sources.aside import TOO_LONG, outline
from posterity.sources.extent import Extent
from posterity.sources.files import MailFile, file_piece
from posterity.sources.profile import newline_of
from posterity.sources.source import (
    BATCH_MESSAGES,
    BATCH_OCTETS,
    CHUNK,
    MESSAGE_LIMIT,
    Piece,
    PieceKind,
    Profile,
    ReadOptions,
    Source,
)

TAKEN_BACK = "taken back by the inbox (a later commit deletes it)"

_V2_NAMES = {b"m", b"d"}
_V1_NAME = re.compile(rb"[0-9a-f]{2}/[0-9a-f]{38}$")
_CHANGE = re.compile(
    rb":[0-7]{6} (?P<mode>[0-7]{6}) (?P<old>[0-9a-f]{40,64}) (?P<new>[0-9a-f]{40,64})"
    rb" (?P<status>[AMDT])\t(?P<path>[^\n]+)\n$"
)
_COMMIT = re.compile(rb"[0-9a-f]{40,64}\n$")
_FILE_MODES = (b"100644", b"100755")

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class Inbox(NamedTuple):
    """An inbox inside a folder: its names, and its repositories, oldest first."""

    name: str
    member: str
    paths: tuple[str, ...]


class Letter(NamedTuple):
    """A message in a repository: which, where it is named, why it is left out."""

    repository: str
    blob: bytes
    member: str
    size: int
    why: str


@dataclass(frozen=True, slots=True)
class InboxBatch:
    """Some hundred messages of one repository."""

    letters: tuple[Letter, ...]
    start: int
    keep_deleted: bool

    @property
    def end(self) -> int:
        """Offset after the last message."""
        return self.start + sum(letter.size for letter in self.letters)

    def read(self) -> Iterator[Piece]:
        """Yield one piece a message."""
        offset = self.start
        blobs = [letter.blob for letter in self.letters]
        with _blobs(self.letters[0].repository, blobs) as found:
            for letter, (size, stream) in zip(self.letters, found, strict=True):
                if size > MESSAGE_LIMIT:
                    yield from _set_aside(letter, offset, stream)
                else:
                    file = MailFile(letter.member, b"", Extent("", 0, size), letter.why)
                    yield file_piece(file, offset, stream.read(size), self.keep_deleted)
                offset += size


def _set_aside(letter: Letter, offset: int, stream: IO[bytes]) -> Iterator[Piece]:
    """Yield what is too long for a message, in chunks."""
    for first in range(0, letter.size, CHUNK):
        octets = stream.read(min(CHUNK, letter.size - first))
        piece = outline(PieceKind.QUARANTINED, letter.member, offset + first, b"", TOO_LONG)
        yield piece._replace(octets=octets, length=len(octets))


def inbox_source(inbox: Inbox, options: ReadOptions) -> Source:
    """Make the source of an inbox.

    Raises:
        RefusedError: the repositories hold something else than mail.
        SourceError: git is missing, or can't read them.
    """
    letters = _history(inbox)
    if not letters:
        label = ": ".join(filter(None, (inbox.name, inbox.member)))
        raise RefusedError(
            f"{label}: a git repository that is no public-inbox; leave it out"
        )
    hashed, newline = sha256(), LineEnds.CRLF
    sized: list[Letter] = []
    for path in inbox.paths:
        chosen = [letter for letter in letters if letter.repository == path]
        with _blobs(path, [letter.blob for letter in chosen]) as found:
            for letter, (size, stream) in zip(chosen, found, strict=True):
                raw = letter.member.encode()
                hashed.update(b"%d:%b,%d:" % (len(raw), raw, size))
                for first in range(0, size, CHUNK):
                    octets = stream.read(min(CHUNK, size - first))
                    hashed.update(octets)
                    newline = newline if sized else newline_of(octets)
                hashed.update(b",")
                sized.append(letter._replace(size=size))
    gone = sum(bool(letter.why) for letter in sized)
    evidence = (f"{len(sized):,} messages were committed, {gone:,} of them taken back.",)
    return Source(
        name=inbox.name,
        member=inbox.member,
        form="public-inbox",
        digest=hashed.hexdigest(),
        length=sum(letter.size for letter in sized),
        profile=Profile(Framing.GIT, newline, "the git object", 1.0, evidence),
        batches=tuple(_batches(sized, options.keep_deleted)),
    )


def _batches(letters: Iterable[Letter], keep_deleted: bool) -> Iterator[InboxBatch]:
    """Cut an inbox into batches, each of one repository."""
    run: list[Letter] = []
    start = octets = 0
    for letter in letters:
        full = len(run) == BATCH_MESSAGES or octets + letter.size > BATCH_OCTETS
        if run and (full or run[0].repository != letter.repository):
            yield InboxBatch(tuple(run), start, keep_deleted)
            start += octets
            run, octets = [], 0
        run.append(letter)
        octets += letter.size
    if run:
        yield InboxBatch(tuple(run), start, keep_deleted)


def _history(inbox: Inbox) -> list[Letter]:
    """Every message the inbox was ever given, in order, and which were taken back."""
    letters: list[Letter] = []
    held: dict[bytes, list[int]] = {}
    for place, path in enumerate(inbox.paths):
        for commit, change in _changes(path):
            name = change["path"]
            added = change["status"] in b"AM" and change["mode"] in _FILE_MODES
            if name == b"d":
                _take_back(letters, held, change["new"])
            elif name == b"m" or _V1_NAME.match(name):
                if name != b"m" and change["status"] in b"MD":
                    _take_back(letters, held, change["old"])
                if added:
                    member = f"{place}.git/{commit}/{name.decode()}"
                    held.setdefault(change["new"], []).append(len(letters))
                    letters.append(Letter(path, change["new"], member, 0, ""))
    return letters


def _take_back(letters: list[Letter], held: dict[bytes, list[int]], blob: bytes) -> None:
    """Mark the latest message of that blob as taken back."""
    places = held.get(blob)
    if places:
        place = places.pop()
        letters[place] = letters[place]._replace(why=TAKEN_BACK)


def _changes(path: str) -> Iterator[tuple[str, dict[str, bytes]]]:
    """What each commit changed, oldest first."""
    with tempfile.TemporaryFile() as commits:
        with (
            tempfile.TemporaryFile() as nothing,
            _running(_git(path, "rev-list", "--reverse", "HEAD"), nothing) as listed,
        ):
            shutil.copyfileobj(listed, commits)
        commits.seek(0)
        arguments = (
            "diff-tree",
            "--stdin",
            "--root",
            "-r",
            "--raw",
            "--no-renames",
            "--no-abbrev",
        )
        commit = ""
        with _running(_git(path, *arguments), commits) as lines:
            for line in lines:
                change = _CHANGE.match(line)
                if change:
                    yield commit, change.groupdict()
                elif _COMMIT.match(line):
                    commit = line.decode().strip()


@contextmanager
def _blobs(path: str, names: list[bytes]) -> Iterator[Iterator[tuple[int, IO[bytes]]]]:
    """Open git's stream of objects: (size, a stream to read exactly so much from)."""
    with tempfile.TemporaryFile() as asked:
        asked.write(b"".join(name + b"\n" for name in names))
        asked.seek(0)
        with _running(_git(path, "cat-file", "--batch"), asked) as stream:
            yield _objects(path, stream)


def _objects(path: str, stream: IO[bytes]) -> Iterator[tuple[int, IO[bytes]]]:
    """Read the answers of `git cat-file --batch`, one before each object."""
    while answer := stream.readline():
        parts = answer.split()
        if len(parts) != 3 or parts[1] != b"blob":
            label = Path(path).name
            asked = answer[:64].decode("ascii", "replace").strip()
            raise SourceError(f"{label}: git cannot give object {asked}")
        yield int(parts[2]), stream
        stream.read(1)


@contextmanager
def _running(arguments: list[str], given: IO[bytes]) -> Iterator[IO[bytes]]:
    """Run git with a file as its input; give its output."""
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(  # noqa: S603 -- a list of arguments, the program by its path

            arguments, stdin=given, stdout=subprocess.PIPE, stderr=complaints,
            env=git_environment(),
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.stdout.close()
            process.wait()
        if process.returncode > 0:
            complaints.seek(0)
            words = complaints.read(300).decode("utf-8", "replace").split("\n")[0]
            label = Path(arguments[1]).name
            raise SourceError(f"{label}: git failed: {words}")


def _git(path: str, *arguments: str) -> list[str]:
    """A git command on a repository."""
    git = shutil.which("git")
    if git is None:
        raise SourceError(
            f"{Path(path).name}: git is not installed; install it to read this"
        )
    return [git, f"--git-dir={path}", *arguments]


def git_environment() -> dict[str, str]:
    """The environment git runs in: none of the caller's GIT_ settings, ours on top."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_")
    }
    return kept | _ENVIRONMENT
