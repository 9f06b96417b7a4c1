"""The kinds of amendments, as frozen values."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple


class Hide(NamedTuple):
    """Messages that readers no longer see; their octets stay in the accession."""

    line: int
    message: tuple[str, ...]
    reason: str
    date: str = ""
    copies: bool = True


class Erase(NamedTuple):
    """Messages whose octets go for good; their digests and this reason remain."""

    line: int
    message: tuple[str, ...]
    reason: str
    date: str = ""
    copies: bool = True


class Redact(NamedTuple):
    """Words that readers no longer see.

    Attributes:
        message: where; empty is everywhere. Answers to these, and what quotes them,
            are searched too.
        text: the words; white space and quote marks between them do not matter, nor
            does case.
        pattern: a regular expression instead, tried on the decoded text line by line.
        sha256, words: instead, the digest of a phrase and how many words it has.
        first, last: instead, lines of the body, from 1, inclusive.
        part: instead, a whole MIME part by its number, such as an attachment.
    """

    line: int
    message: tuple[str, ...] = ()
    text: str = ""
    pattern: str = ""
    sha256: str = ""
    words: int = 0
    first: int = 0
    last: int = 0
    part: str = ""
    reason: str = ""
    date: str = ""


class Join(NamedTuple):
    """The tail of a message that was cut in two; it is shown as part of the message."""

    line: int
    message: str
    tail: str
    reason: str = ""
    date: str = ""


class Reattach(NamedTuple):
    """A message that answers another than was thought."""

    line: int
    message: str
    parent: str
    reason: str = ""
    date: str = ""


class Detach(NamedTuple):
    """A message that answers none."""

    line: int
    message: str
    reason: str = ""
    date: str = ""


class Retime(NamedTuple):
    """A message's true time, in seconds since 1970, UTC."""

    line: int
    message: str
    utc: int
    reason: str = ""
    date: str = ""


class Merge(NamedTuple):
    """Spellings, addresses or slugs whose people are one."""

    line: int
    people: tuple[str, ...]
    reason: str = ""
    date: str = ""


class Split(NamedTuple):
    """Spellings, addresses or slugs that are a person of their own each."""

    line: int
    people: tuple[str, ...]
    reason: str = ""
    date: str = ""


class Amendments(NamedTuple):
    """Everything that amendments.toml says, in its order."""

    hide: tuple[Hide, ...] = ()
    erase: tuple[Erase, ...] = ()
    redact: tuple[Redact, ...] = ()
    join: tuple[Join, ...] = ()
    reattach: tuple[Reattach, ...] = ()
    detach: tuple[Detach, ...] = ()
    retime: tuple[Retime, ...] = ()
    merge: tuple[Merge, ...] = ()
    split: tuple[Split, ...] = ()

    @property
    def of_texts(self) -> tuple[tuple[Any, ...], ...]:
        """What changes a text, whatever line it stands on."""
        return _unplaced((*self.hide, *self.erase, *self.redact, *self.join))

    @property
    def texts_digest(self) -> str:
        """Changes when what is withdrawn does; "" for nothing."""
        return _digest(self.of_texts)

    @property
    def digest(self) -> str:
        """Changes when anything does; "" for nothing."""
        return _digest(_unplaced([one for kind in self for one in kind]))

    def __len__(self) -> int:
        """How many there are."""
        return sum(len(getattr(self, kind)) for kind in self._fields)

    def __bool__(self) -> bool:
        return bool(len(self))


NOTHING: Final = Amendments()
"""No amendments: what almost every archive has."""


def _unplaced(entries: Sequence[Any]) -> tuple[tuple[Any, ...], ...]:
    return tuple((type(one).__name__, *one[1:]) for one in entries)


def _digest(said: tuple[tuple[Any, ...], ...]) -> str:
    if not said:
        return ""
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()
