"""What threading knows of a message, and what it holds for a proof that one answers another.

A `Skeleton` is the small row that stands for a message while the whole list is related.
A `Witness` is one statement "child answers parent" with the fact it rests on:

    References, In-Reply-To     the header names the parent's id        references.py
    prose                       an attribution names the parent's id    attribution.py
    quote                       the parent's words are quoted           quotes.py
    subject-author, subject     same subject, and who is said to write  subjects.py
    copy                        the first copy of the letter has a link copies.py

Keys are the catalogue's numbers. They name messages and decide nothing: wherever two
messages are otherwise equal, the earlier one by (time, digest) comes first, so that the
same mail gives the same threads however it arrived.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from posterity.model import Digest, Evidence

QUOTING: Final = "quoting"
"""The flag of a message that quotes several lines."""

LAST: Final = 1 << 62
"""Where a message of unknown time stands: after every known one."""

CITED: Final = 0.4
"""The most a QUOTE witness is worth whose message is quoted beside the one answered."""

HEADER: Final = frozenset({Evidence.REFERENCES, Evidence.IN_REPLY_TO})
"""The kinds of evidence a header gives."""


class Skeleton(NamedTuple):
    """What relating needs of one message.

    Attributes:
        key: its number in the catalogue.
        digest: its message hash.
        message_ids: its own ids, without angle brackets; mostly one.
        references: RFC 5322 §3.6.4 References, oldest first.
        in_reply_to: ids found in In-Reply-To, those in its prose included.
        utc: seconds since 1970, or None where the time is unknown.
        base_subject: RFC 5256 §2.1 base subject; compared without regard to case.
        is_reply: the subject carried Re: or the like.
        author: normalised address of the author, "" unknown.
        name: display name of the author, "" unknown.
        recipients: normalised addresses of To and Cc.
        attributions: lines such as "X wrote:" that introduce what is quoted at level 1.
        mentions: ids named in those lines.
        quoting: it quotes several lines, so that what it answers would be found.
    """

    key: int
    digest: Digest
    message_ids: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    utc: int | None = None
    base_subject: str = ""
    is_reply: bool = False
    author: str = ""
    name: str = ""
    recipients: tuple[str, ...] = ()
    attributions: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    quoting: bool = False


class Witness(NamedTuple):
    """One statement that a message answers another.

    Attributes:
        child, parent: catalogue keys; equal only in an amendment that makes a root.
        evidence: the kind of fact.
        strength: how often such a fact was right on mail with known answers, 0 to 1.
        detail: the fact in a few words, such as "quotes 14 lines"; "" where the kind
            says it all.
    """

    child: int
    parent: int
    evidence: Evidence
    strength: float
    detail: str = ""


def subject_key(skeleton: Skeleton) -> str:
    """What is equal for equal subjects; "" where there is none (RFC 5256 §3 (4))."""
    return folded(skeleton.base_subject)


def folded(base_subject: str) -> str:
    """A base subject as it is compared."""
    return " ".join(base_subject.casefold().split())


class Ordered(list[Skeleton]):
    """Skeletons that `in_order` has put in order, and need not be again."""

    __slots__ = ()

    def forget_names(self) -> None:
        """Let go of hashes, and of the ids that messages bear and name: half of it all.

        One by one in their places, so that the memory of one is there for the next.
        """
        for place, one in enumerate(self):
            key, _, _, _, _, *rest, _, quoting = one
            self[place] = Skeleton._make((key, "", (), (), (), *rest, (), quoting))


def in_order(skeletons: Iterable[Skeleton]) -> Ordered:
    """Skeletons by time, then digest; unknown times last."""
    if isinstance(skeletons, Ordered):
        return skeletons
    return Ordered(sorted(skeletons, key=_place))


def _place(skeleton: Skeleton) -> tuple[int, str, int]:
    utc = skeleton.utc
    return (LAST if utc is None else utc, skeleton.digest, skeleton.key)
