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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np

from posterity.model import Body, CopyEvidence, Evidence
from posterity.relate.shingles import U64, Run, Shingles, end_to_end
from posterity.relate.witnesses import CITED, Witness

WITHIN: Final = 7 * 86_400
"""Seconds between a letter and its copy."""

ALIKE: Final = 0.9
"""Share of five-word shingles, of all that either has, that makes a copy."""

ALIKE_IN_SIZE: Final = 0.75
"""Words the shorter of two letters has, of the longer's, before shingles are compared."""

COMPARED: Final = 8
"""Earlier letters with a common minimum that a message is compared with."""

KEPT: Final = 64
"""Letters whose statements are kept at hand: those compared are near in time."""

TEXT_DIGEST: Final = 16
"""Octets of a text's digest."""

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
        utc: seconds since 1970; None is never a copy.
        author: normalised address; "" is never a copy.
        fingerprint: of its body.
        words: of its body.
    """

    key: int
    utc: int | None
    author: str
    fingerprint: Fingerprint
    words: int


StatementsOf = Callable[[int], U64]
"""The statements of a letter, by its key, in any order."""


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
    """The fingerprint of one body."""
    return fingerprints([body], end_to_end([shingles]))[0]


def fingerprints(bodies: Sequence[Body], run: Run) -> list[Fingerprint]:
    """The fingerprints of bodies and their shingles.

    About 12 microseconds for a body of 2 KB, most of it for the digest.
    """
    stated = np.zeros(len(bodies), np.bool_)
    least = np.zeros((len(bodies), len(_PERMUTATIONS)), np.uint64)
    some = np.flatnonzero(run.words)
    if len(some):
        begins = (np.cumsum(run.words) - run.words)[some]
        silent = run.keys == 0
        stated[some] = ~np.logical_and.reduceat(silent, begins)
        for number, odd in enumerate(_PERMUTATIONS):
            permuted = run.keys * odd
            permuted[silent] = _MOST
            least[some, number] = np.minimum.reduceat(permuted, begins)
    return [
        Fingerprint(_text_digest(body), tuple(minima)) if states else Fingerprint(b"", ())
        for body, states, minima in zip(bodies, stated, least.tolist(), strict=True)
    ]


_MOST: Final = np.uint64(2**64 - 1)
_BLANKS: Final = b"\t\n\v\f\r\x1c\x1d\x1e\x1f "


def _text_digest(body: Body) -> bytes:
    """A digest of a text without its white space."""
    text = "".join(body.lines)
    if text.isascii():
        octets = text.encode("ascii").translate(None, _BLANKS)
    else:
        octets = "".join(text.split()).encode("utf-8", "replace")
    return blake2b(octets, digest_size=TEXT_DIGEST).digest()


def find_copies(
    letters: Iterable[Letter],
    statements_of: StatementsOf,
    decided: Mapping[int, int] | None = None,
) -> list[Copy]:
    """Find the copies of a list.

    Args:
        letters: by (time, digest); but for those of a week, none is held.
        statements_of: asked for few of them, for those of one time together.
        decided: letters that others are compared with, but that are not compared with
            earlier ones any more: the first letter of the group of each, by keys.

    Returns:
        One Copy for each message that repeats an earlier one, by (time, digest). `first`
        is never a copy itself.
    """
    near: _Near = {}
    recent: deque[Letter] = deque()
    decided = decided or {}
    first = dict(decided)
    found = []
    different = lru_cache(KEPT)(lambda key: np.unique(statements_of(key)))
    for letter in letters:
        if letter.utc is None or not letter.author:
            continue
        while recent and letter.utc - (recent[0].utc or 0) > WITHIN:
            _take_out(recent.popleft(), near)
        best = None if letter.key in decided else _best(letter, near, different)
        if best:
            original = first.get(best.first, best.first)
            first[letter.key] = original
            found.append(best._replace(first=original))
        recent.append(letter)
        for mark in _marks(letter):
            row = near.setdefault(mark, [])
            row.append(letter)
            if len(row) > COMPARED:
                del row[0]
    return found


_Near = dict[tuple[str, bytes | int], list[Letter]]
"""The latest letters of the last seven days under each mark, the earliest first."""


def _take_out(letter: Letter, near: _Near) -> None:
    """Forget the earliest letter."""
    for mark in _marks(letter):
        row = near.get(mark)
        if row and row[0] is letter:
            del row[0]
            if not row:
                del near[mark]


def _marks(letter: Letter) -> Iterator[tuple[str, bytes | int]]:
    """Under what a letter is filed."""
    text, minima = letter.fingerprint
    if text:
        yield letter.author, text
    for minimum in minima:
        yield letter.author, minimum


def _best(letter: Letter, near: _Near, different: StatementsOf) -> Copy | None:
    """The earlier letter a letter repeats, if any; the most similar, then the earliest."""
    best: Copy | None = None
    seen: set[int] = set()
    for mark in _marks(letter):
        for other in near.get(mark, ()):
            if other.key in seen:
                continue
            seen.add(other.key)
            copy = _compare(letter, other, different)
            if copy and (best is None or copy.similarity > best.similarity):
                best = copy
        if best and best.evidence is CopyEvidence.TEXT:
            return best
    return best


def _compare(letter: Letter, other: Letter, different: StatementsOf) -> Copy | None:
    text = letter.fingerprint.text
    if text and text == other.fingerprint.text:
        return Copy(letter.key, other.key, CopyEvidence.TEXT, 1.0)
    small, large = sorted((letter.words, other.words))
    if small < ALIKE_IN_SIZE * large:
        return None
    alike = similarity(different(letter.key), different(other.key))
    if alike < ALIKE:
        return None
    return Copy(letter.key, other.key, CopyEvidence.SHINGLES, alike)


def similarity(ours: U64, theirs: U64) -> float:
    """Share of statements that two letters have in common (Jaccard), 0.0 to 1.0.

    Args:
        ours, theirs: those of each, all different, ascending.
    """
    small, large = sorted((len(ours), len(theirs)))
    if not large or small < ALIKE * large:
        return 0.0
    common = len(np.intersect1d(ours, theirs, assume_unique=True))
    return round(common / (small + large - common), 4)


def copy_witnesses(copies: Iterable[Copy], witnesses: Iterable[Witness]) -> list[Witness]:
    """What is known of one copy holds for all: each inherits the others' parents.

    Args:
        copies: as `find_copies` gives them.
        witnesses: of any kind, the header's included.

    Returns:
        One COPY witness for each copy and each parent another copy has; never a parent
        in the same group, nor one that is merely cited, or guessed.
    """
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for copy in copies:
        group_of[copy.key] = group_of[copy.first] = copy.first
        members.setdefault(copy.first, [copy.first]).append(copy.key)
    found: dict[tuple[int, int], Witness] = {}
    for witness in witnesses:
        group = group_of.get(witness.child)
        if witness.strength <= CITED or witness.evidence is Evidence.SUBJECT:
            continue
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
