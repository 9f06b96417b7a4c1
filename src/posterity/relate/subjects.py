"""Who may be answered by the subject: the last resort, and never more than a witness.

    same subject within 30 days, one message's author named or addressed    right in 96 %
    the same, several messages of that author: the latest                   59 %
    a reply, and one message alone has its subject in 14 days               85 %
    a reply, and several have: the latest                                   35 %

The first two are SUBJECT_AUTHOR, the others SUBJECT: a guess, shown as one, that a
reader can switch off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from posterity.model import Evidence
from posterity.relate.attribution import Author, agreement, author_of, words_of
from posterity.relate.witnesses import Skeleton, Witness, in_order, subject_key

DAY: Final = 86_400
NAMED_WITHIN: Final = 30 * DAY
GUESS_WITHIN: Final = 14 * DAY

CANDIDATES: Final = 40
"""Earlier messages of one subject that are looked at; bounds a list of one subject."""

NAMED: Final = 0.96
NAMED_OFTEN: Final = 0.59
ONLY: Final = 0.85
LATEST: Final = 0.35


def subject_witnesses(skeletons: Iterable[Skeleton]) -> list[Witness]:
    """At most one witness for each message, by its subject.

    Messages without a subject, or of unknown time, are left out.
    """
    rows: dict[str, list[Skeleton]] = defaultdict(list)
    for skeleton in in_order(skeletons):
        subject = subject_key(skeleton)
        if subject and skeleton.utc is not None:
            rows[subject].append(skeleton)
    return [witness for row in rows.values() for witness in _row_witnesses(row)]


def _row_witnesses(row: Sequence[Skeleton]) -> Iterator[Witness]:
    """Witnesses among messages of one subject, oldest first."""
    authors: list[Author] = []
    for place, child in enumerate(row):
        begin = max(0, place - CANDIDATES)
        found = _named(child, row, authors, begin) or _guess(child, row[begin:place])
        if found:
            yield found
        authors.append(author_of(child))


def _named(
    child: Skeleton, row: Sequence[Skeleton], authors: Sequence[Author], begin: int
) -> Witness | None:
    """The message whose author the child names best, in its attributions or its To."""
    words = words_of(child)
    if not words and not child.recipients:
        return None
    best, often, parent = 0, 0, child
    for place in range(len(authors) - 1, begin - 1, -1):
        if _age(child, row[place]) > NAMED_WITHIN:
            break
        fit = 2 * agreement(words, authors[place])
        fit += bool(row[place].author) and row[place].author in child.recipients
        if fit > best:
            best, often, parent = fit, 1, row[place]
        elif fit and fit == best:
            often += 1
    if not best:
        return None
    strength = NAMED if often == 1 else NAMED_OFTEN
    detail = (
        "same subject, names its author" if best > 1 else "same subject, sent to its author"
    )
    return Witness(child.key, parent.key, Evidence.SUBJECT_AUTHOR, strength, detail)


def _guess(child: Skeleton, earlier: Sequence[Skeleton]) -> Witness | None:
    """The latest message of the subject, where the child says it is a reply.

    One that quotes, when nobody wrote what it quotes, or says whom it answers, when
    nobody of that name wrote, answers a message that is not held: no guess. Of several, one by another author is
    likelier, for few answer themselves.
    """
    if not child.is_reply or child.attributions or child.quoting:
        return None
    near = [other for other in earlier if _age(child, other) <= GUESS_WITHIN]
    others = [one for one in near if not child.author or one.author != child.author]
    near = others or near[:1]
    if not near:
        return None
    days = round(_age(child, near[-1]) / DAY)
    later = (
        "the same day" if not days else "1 day later" if days == 1 else f"{days} days later"
    )
    return Witness(
        child.key,
        near[-1].key,
        Evidence.SUBJECT,
        ONLY if len(near) == 1 else LATEST,
        f"same subject, {later}: a guess",
    )


def _age(child: Skeleton, earlier: Skeleton) -> int:
    """Seconds between two messages of known time."""
    return (child.utc or 0) - (earlier.utc or 0)
