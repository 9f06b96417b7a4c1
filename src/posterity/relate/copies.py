"""Which messages are copies of one letter.

Moderators re-send, people send twice, gateways loop: the same sender, the same text but
for white space or at least 0.9 of its shingles, within seven days, mostly under another
Message-ID. The same text from another sender is no copy but a forward.

`fingerprint` is the work of one message: a digest of the text without its white space,
and four minima of its shingles under four permutations. Texts that share 0.9 of their
shingles share at least one minimum but once in 10,000 times, so only messages that meet
in a minimum are compared, each with the latest few: linear, whatever the mail says.

Source: A. Broder, "On the resemblance and containment of documents" (1997).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np

from posterity.model import Body, CopyEvidence, Digest, Evidence
from posterity.relate.shingles import U64, Shingles
from posterity.relate.witnesses import LAST, Witness

WITHIN: Final = 7 * 86_400
"""Seconds between a letter and its copy."""

ALIKE: Final = 0.9
"""Share of five-word shingles, of all that either has, that makes a copy."""

ALIKE_IN_SIZE: Final = 0.75
"""Words the shorter of two letters has, of the longer's, before shingles are compared."""

COMPARED: Final = 8
"""Earlier letters with a common minimum that a message is compared with."""

_PERMUTATIONS: Final[tuple[np.uint64, ...]] = tuple(
    np.uint64(odd)
    for odd in (
        0x9E3779B97F4A7C15,
        0xBF58476D1CE4E5B9,
        0x94D049BB133111EB,
        0xD6E8FEB86659FD93,
    )
)
"""Odd factors: multiplying by one permutes the numbers below 2**64."""


class Fingerprint(NamedTuple):
    """What of a text is compared first.

    Attributes:
        text: digest of its characters but for white space; b"" for a text of fewer than
            five words, which is no evidence: two people may well say "me too".
        minima: the least shingle under each permutation; none for such a text.
    """

    text: bytes
    minima: tuple[int, ...]


class Letter(NamedTuple):
    """One message, for comparison.

    Attributes:
        key: catalogue number.
        digest: message hash.
        utc: seconds since 1970; None is never a copy.
        author: normalised address; "" is never a copy.
        fingerprint, shingles: of its body.
    """

    key: int
    digest: Digest
    utc: int | None
    author: str
    fingerprint: Fingerprint
    shingles: Shingles


class Copy(NamedTuple):
    """A message that repeats an earlier one.

    Attributes:
        key: catalogue number of the copy.
        first: of the first letter of its group.
        evidence: how it is known.
        similarity: share of five-word shingles; 1.0 for equal texts.
    """

    key: int
    first: int
    evidence: CopyEvidence
    similarity: float


def fingerprint(body: Body, shingles: Shingles) -> Fingerprint:
    """The fingerprint of a body; about 20 microseconds for one of 2 KB."""
    keys = np.frombuffer(shingles.keys, "<u8")
    keys = keys[keys != 0]
    if not len(keys):
        return Fingerprint(b"", ())
    text = "".join("".join(body.lines).split()).encode("utf-8", "replace")
    digest = blake2b(text, digest_size=16).digest()
    return Fingerprint(digest, tuple(int((keys * odd).min()) for odd in _PERMUTATIONS))


def find_copies(letters: Iterable[Letter]) -> list[Copy]:
    """Find the copies of a list.

    Args:
        letters: in any order.

    Returns:
        One Copy for each message that repeats an earlier one, by (time, digest). `first`
        is never a copy itself.
    """
    near: dict[tuple[str, bytes | int], deque[Letter]] = {}
    first: dict[int, int] = {}
    found = []
    for letter in sorted(letters, key=_place):
        if letter.utc is None or not letter.author:
            continue
        best = _best(letter, near)
        if best:
            original = first.get(best.first, best.first)
            first[letter.key] = original
            found.append(best._replace(first=original))
        for mark in _marks(letter):
            near.setdefault(mark, deque(maxlen=COMPARED)).append(letter)
    return found


def _place(letter: Letter) -> tuple[int, str, int]:
    return (LAST if letter.utc is None else letter.utc, letter.digest, letter.key)


def _marks(letter: Letter) -> Iterator[tuple[str, bytes | int]]:
    """Under what a letter is filed."""
    text, minima = letter.fingerprint
    if text:
        yield letter.author, text
    for minimum in minima:
        yield letter.author, minimum


def _best(
    letter: Letter, near: dict[tuple[str, bytes | int], deque[Letter]]
) -> Copy | None:
    """The earlier letter a letter repeats, if any; the most similar, then the earliest."""
    best: Copy | None = None
    seen: set[int] = set()
    for mark in _marks(letter):
        for other in near.get(mark, ()):
            if other.key in seen or (letter.utc or 0) - (other.utc or 0) > WITHIN:
                continue
            seen.add(other.key)
            copy = _compare(letter, other)
            if copy and (best is None or copy.similarity > best.similarity):
                best = copy
        if best and best.evidence is CopyEvidence.TEXT:
            return best
    return best


def _compare(letter: Letter, other: Letter) -> Copy | None:
    text = letter.fingerprint.text
    if text and text == other.fingerprint.text:
        return Copy(letter.key, other.key, CopyEvidence.TEXT, 1.0)
    small, large = sorted((len(letter.shingles.keys), len(other.shingles.keys)))
    if small < ALIKE_IN_SIZE * large:
        return None
    alike = similarity(letter.shingles, other.shingles)
    if alike < ALIKE:
        return None
    return Copy(letter.key, other.key, CopyEvidence.SHINGLES, alike)


def similarity(one: Shingles, other: Shingles) -> float:
    """Share of different shingles that two texts have in common (Jaccard), 0.0 to 1.0."""
    ours, theirs = _different(one), _different(other)
    small, large = sorted((len(ours), len(theirs)))
    if not large or small < ALIKE * large:
        return 0.0
    common = len(np.intersect1d(ours, theirs, assume_unique=True))
    return round(common / (small + large - common), 4)


def _different(shingles: Shingles) -> U64:
    keys = np.unique(np.frombuffer(shingles.keys, "<u8"))
    return keys[1:] if len(keys) and not keys[0] else keys


def copy_witnesses(copies: Iterable[Copy], witnesses: Iterable[Witness]) -> list[Witness]:
    """What is known of one copy holds for all: each inherits the others' parents.

    Args:
        copies: as `find_copies` gives them.
        witnesses: of any kind, the header's included.

    Returns:
        One COPY witness for each copy and each parent another copy has; never a parent
        in the same group.
    """
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for copy in copies:
        group_of[copy.key] = group_of[copy.first] = copy.first
        members.setdefault(copy.first, [copy.first]).append(copy.key)
    found: dict[tuple[int, int], Witness] = {}
    for witness in witnesses:
        group = group_of.get(witness.child)
        if group is None or group_of.get(witness.parent) == group:
            continue
        for member in members[group][:MEMBERS]:
            inherited = Witness(
                member,
                witness.parent,
                Evidence.COPY,
                witness.strength * PASSED_ON,
                INHERITED,
            )
            if member != witness.child:
                known = found.setdefault((member, witness.parent), inherited)
                if inherited.strength > known.strength:
                    found[member, witness.parent] = inherited
    return list(found.values())


PASSED_ON: Final = 0.98
"""What is left of a witness's strength when it speaks for another copy."""

MEMBERS: Final = 100
"""Copies of one letter that inherit links, the earliest."""

INHERITED: Final = "as another copy of it has it"
